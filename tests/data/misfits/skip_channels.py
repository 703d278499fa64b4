import torch
import torch.nn as nn


class DoubleConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.seq = nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(),
                                 nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())

    def forward(self, x):
        return self.seq(x)


class UNet(nn.Module):
    def __init__(self, c=3, n=2, features=(64, 128, 256)):
        super().__init__()
        self.down = nn.ModuleList()
        self.up = nn.ModuleList()
        self.pool = nn.MaxPool2d(2)
        self.upsample = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)
        for f in features:
            self.down.append(DoubleConv(c, f))
            c = f
        self.bottom = DoubleConv(features[-1], features[-1] * 2)
        for f in reversed(features):
            # bilinear upsampling: nothing halves the channels
            self.up.append(DoubleConv(f * 2, f))
        self.out = nn.Conv2d(features[0], n, 1)

    def forward(self, x):
        skips = []
        for d in self.down:
            x = d(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottom(x)
        for u, skip in zip(self.up, reversed(skips)):
            x = self.upsample(x)
            x = torch.cat([skip, x], 1)
            x = u(x)
        return self.out(x)
