import math

from torch import nn


class SRCNN(nn.Module):
    def __init__(self, num_channels=1):
        super(SRCNN, self).__init__()
        self.patches = nn.Conv2d(num_channels, 64, kernel_size=9, padding=9 // 2)
        self.mapping = nn.Conv2d(64, 32, kernel_size=5, padding=5 // 2)
        self.rebuild = nn.Conv2d(32, num_channels, kernel_size=5, padding=5 // 2)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        for conv in [self.patches, self.mapping]:
            x = self.relu(conv(x))
        return self.rebuild(x)


class ESPCN(nn.Module):
    """Works small and unfolds channels into pixels at the end."""

    def __init__(self, scale_factor, num_channels=1):
        super(ESPCN, self).__init__()
        self.scale = scale_factor
        self.body = nn.Sequential(
            nn.Conv2d(num_channels, 64, 5, padding=2), nn.Tanh(),
            nn.Conv2d(64, 32, 3, padding=1), nn.Tanh())
        self.up = nn.Sequential(
            nn.Conv2d(32, num_channels * (scale_factor ** 2), 3, padding=1),
            nn.PixelShuffle(self.scale))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                std = math.sqrt(2 / (m.out_channels * m.weight.data[0][0].numel()))
                nn.init.normal_(m.weight.data, mean=0.0, std=std if m.in_channels != 32 else 1e-3)
                nn.init.zeros_(m.bias.data)

    def forward(self, x):
        return self.up(self.body(x))


class FSRCNN(nn.Module):
    def __init__(self, scale_factor, num_channels=1, d=56, s=12, m=4):
        super(FSRCNN, self).__init__()
        layers = [nn.Conv2d(num_channels, d, 5, padding=2), nn.PReLU(d), nn.Conv2d(d, s, 1), nn.PReLU(s)]
        for _ in range(m):
            layers.extend([nn.Conv2d(s, s, kernel_size=3, padding=3//2), nn.PReLU(s)])
        layers.extend([nn.Conv2d(s, d, kernel_size=1), nn.PReLU(d)])
        self.body = layers              # a plain list for now
        self.body = nn.Sequential(*self.body)
        self.deconv = nn.ConvTranspose2d(d, num_channels, kernel_size=9, stride=scale_factor,
                                         padding=9//2, output_padding=scale_factor-1)

    def forward(self, x):
        return self.deconv(self.body(x))
