import torch
from torch import nn
from torch.nn import functional as F


class Residual(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, c_in, c_out, use_1x1conv=False, strides=1):
        super().__init__()
        self.first = nn.Conv2d(c_in, c_out, kernel_size=3, padding=1, stride=strides)
        self.second = nn.Conv2d(c_out, c_out, kernel_size=3, padding=1)
        self.around = nn.Conv2d(c_in, c_out, kernel_size=1, stride=strides) if use_1x1conv else None
        self.norms = nn.ModuleList(nn.BatchNorm2d(c_out) for _ in range(2))

    def forward(self, X):
        Y = F.relu(self.norms[0](self.first(X)))
        Y = self.norms[1](self.second(Y))
        if self.around:
            X = self.around(X)
        return F.relu(X + Y)


def stage(c_in, c_out, n, first=False):
    blocks = [Residual(c_in, c_out, use_1x1conv=not first, strides=1 if first else 2)]
    blocks += [Residual(c_out, c_out) for _ in range(n - 1)]
    return nn.Sequential(*blocks)


stem = nn.Sequential(nn.Conv2d(1, 32, kernel_size=7, stride=2, padding=3),
                     nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1))
net = nn.Sequential(stem,
                    stage(32, 32, 2, first=True),
                    stage(32, 64, 2), stage(64, 128, 3), stage(128, 256, 2))
net.add_module('pool', nn.AdaptiveAvgPool2d((1, 1)))
net.add_module('flat', nn.Flatten())
net.add_module('out', nn.Linear(256, 10))

X = torch.rand(size=(1, 1, 96, 96))
for layer in net:
    X = layer(X)
    print(layer.__class__.__name__, tuple(X.shape))
