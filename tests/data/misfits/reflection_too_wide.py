import torch.nn as nn


class ConvLayer(nn.Module):
    def __init__(self, i, o, k, stride=1):
        super().__init__()
        self.pad = nn.ReflectionPad2d(k // 2)
        self.conv = nn.Conv2d(i, o, k, stride)

    def forward(self, x):
        return self.conv(self.pad(x))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [3, 16, 32, 64, 64]
        self.layers = nn.Sequential(*(ConvLayer(a, b, 9, 2) for a, b in zip(widths, widths[1:])))

    def forward(self, x):
        return self.layers(x).mean((1, 2, 3))
