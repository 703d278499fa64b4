"""Networks whose heads don't divide their width, and whose positions are too few."""

import math

import torch
from torch import nn


class Checked(nn.Module):
    def __init__(self, width=64, heads=5):
        super().__init__()
        assert width % heads == 0, "width must be divisible by heads"
        self.heads = heads
        self.query = nn.Linear(width, width)

    def forward(self, x):
        b, n, width = x.shape
        return self.query(x).reshape(b, n, self.heads, width // self.heads)


class Refusing(nn.Module):
    def __init__(self, width=100, heads=16):
        super().__init__()
        if width % heads != 0:
            raise ValueError(f"The hidden size {width} is not a multiple of {heads} heads")
        self.query = nn.Linear(width, width)

    def forward(self, x):
        return self.query(x)


class Unchecked(nn.Module):
    def __init__(self, width=48, heads=5):
        super().__init__()
        self.heads, self.each = heads, width // heads
        self.query = nn.Linear(width, width)

    def forward(self, x):
        return self.query(x).view(x.size(0), -1, self.heads, self.each).transpose(1, 2)


class Positions(nn.Module):
    def __init__(self, width=16, length=50):
        super().__init__()
        table = torch.zeros(length, width)
        at = torch.arange(length).unsqueeze(1)
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        table[:, 0::2] = torch.sin(at * rate)
        table[:, 1::2] = torch.cos(at * rate)
        self.register_buffer("table", table.unsqueeze(0))

    def forward(self, x):
        return x + self.table[:, : x.size(1)].requires_grad_(False)
