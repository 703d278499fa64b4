import torch.nn as nn


class ResNeXtBlock(nn.Module):
    def __init__(self, channels, cardinality=32, bottleneck_width=4):
        super().__init__()
        inner = channels // 2 + 6
        self.reduce = nn.Conv2d(channels, inner, 1, bias=False)
        self.conv = nn.Conv2d(inner, inner, 3, padding=1, groups=cardinality, bias=False)
        self.expand = nn.Conv2d(inner, channels, 1, bias=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        y = self.relu(self.reduce(x))
        y = self.relu(self.conv(y))
        return self.relu(x + self.expand(y))


model = ResNeXtBlock(256)
