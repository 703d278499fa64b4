import torch
import torch.nn as nn
from torch.nn import Conv2d, Linear


class ReLU(nn.Module):
    """Concatenated: both signs are kept, so there are twice as many channels."""

    def forward(self, x):
        return torch.cat([x.clamp(min=0), (-x).clamp(min=0)], dim=1)


class Identity(nn.Module):
    def __init__(self, stride=2):
        super().__init__()
        self.stride = stride

    def forward(self, x):
        return x[:, :, ::self.stride, ::self.stride]


class Linear(Linear):
    """With weights for the other way."""

    def __init__(self, i, o):
        super().__init__(i, o)
        self.back = nn.Parameter(torch.zeros(i))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv2d(3, 8, 3, padding=1)
        self.relu = ReLU()
        self.short = Identity()
        self.fc = Linear(16, 5)

    def forward(self, x):
        x = self.short(self.relu(self.conv(x)))
        return self.fc(x.mean((2, 3)))
