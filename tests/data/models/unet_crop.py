# U-Net as in the paper: no padding anywhere, what is skipped gets cropped.
import torch
from torch import nn

def convs(i, o):
  return nn.Sequential(nn.Conv2d(i, o, 3), nn.ReLU(inplace=True),
                       nn.Conv2d(o, o, 3), nn.ReLU(inplace=True))

def center_crop(big, small):
  h, w = small.shape[-2:]
  top = (big.shape[-2] - h) // 2
  left = (big.shape[-1] - w) // 2
  return big[:, :, top:top + h, left:left + w]

class UNet(nn.Module):
  def __init__(self, in_channels=1, num_classes=2, width=64, depth=4):
    super(UNet, self).__init__()
    self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
    self.down = nn.ModuleList([convs(in_channels, width)])
    for d in range(depth):
      self.down.append(convs(width * 2**d, width * 2**(d + 1)))
    self.up, self.fuse = nn.ModuleList(), nn.ModuleList()
    for d in reversed(range(depth)):
      self.up.append(nn.ConvTranspose2d(width * 2**(d + 1), width * 2**d, kernel_size=2, stride=2))
      self.fuse.append(convs(width * 2**(d + 1), width * 2**d))
    self.out = nn.Conv2d(in_channels=width, out_channels=num_classes, kernel_size=1)

  def forward(self, image):
    x, skips = image, []
    for i, down in enumerate(self.down):
      if i > 0:
        x = self.pool(x)
      x = down(x)
      skips.append(x)
    skips.pop()
    for up, fuse in zip(self.up, self.fuse):
      x = up(x)
      y = center_crop(skips.pop(), x)
      x = fuse(torch.cat([x, y], 1))
      print(x.size())
    return self.out(x)

if __name__ == "__main__":
  print(UNet()(torch.rand(1, 1, 572, 572)))
