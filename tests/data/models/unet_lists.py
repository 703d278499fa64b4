import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvBlock(nn.Module):
	def __init__(self, cin, cout):
		super(ConvBlock, self).__init__()
		self.body = nn.Sequential(
			nn.Conv2d(cin, cout, 3, 1, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True),
			nn.Conv2d(cout, cout, 3, 1, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True),
		)

	def forward(self, x):
		return self.body(x)


class UNET(nn.Module):
	def __init__(self, in_channels=3, out_channels=1, features=[32, 64, 128, 256]):
		super(UNET, self).__init__()
		self.downs = nn.ModuleList()
		self.ups = nn.ModuleList()
		self.pool = nn.MaxPool2d(kernel_size=2, stride=2)

		c = in_channels
		for f in features:
			self.downs.append(ConvBlock(c, f))
			c = f
		self.bottleneck = ConvBlock(features[-1], features[-1]*2)
		# a transposed convolution, then its block, and so on
		for f in reversed(features):
			self.ups.append(nn.ConvTranspose2d(f*2, f, kernel_size=2, stride=2))
			self.ups.append(ConvBlock(f*2, f))
		self.final_conv = nn.Conv2d(features[0], out_channels, kernel_size=1)

	def forward(self, x):
		skips = []
		for down in self.downs:
			x = down(x)
			skips.append(x)
			x = self.pool(x)
		x = self.bottleneck(x)
		skips = skips[::-1]

		for i in range(0, len(self.ups), 2):
			x = self.ups[i](x)
			skip = skips[i//2]
			if x.shape != skip.shape:
				x = F.interpolate(x, size=skip.shape[2:])
			x = self.ups[i+1](torch.cat((skip, x), dim=1))

		return self.final_conv(x)


def test():
	x = torch.randn((3, 1, 161, 161))
	assert UNET(in_channels=1)(x).shape == x.shape

if __name__ == "__main__":
	test()
