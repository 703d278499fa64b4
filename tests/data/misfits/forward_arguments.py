import torch
import torch.nn as nn


class DecoderBlock(nn.Module):
    def __init__(self, c_in, c_skip, c_out):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode='nearest')
        self.conv = nn.Conv2d(c_in + c_skip, c_out, 3, padding=1)

    def forward(self, x, skip):
        x = torch.cat([self.up(x), skip], dim=1)
        return torch.relu(self.conv(x))


class SegNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.e1 = nn.Conv2d(3, 16, 3, 2, 1)
        self.e2 = nn.Conv2d(16, 32, 3, 2, 1)
        self.d1 = DecoderBlock(32, 16, 16)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        x1 = torch.relu(self.e1(x))
        x2 = torch.relu(self.e2(x1))
        y = self.d1(x2)
        return self.out(y)
