"""Numbers that come from elsewhere than the layer's own call, and results of another kind."""

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTH = 8


class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [8, 16]
        self.a = nn.Conv2d(3, 10, 3)
        self.b = nn.Conv2d(widths[0], widths[1], 3)

    def forward(self, x):
        return self.b(self.a(x))


class Held(nn.Module):
    width = 8

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 10, 3)
        self.b = nn.Conv2d(self.width, 16, 3)

    def forward(self, x):
        return self.b(self.a(x))


class Above(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 10, 3)
        self.b = nn.Conv2d(WIDTH, 16, 3)

    def forward(self, x):
        return self.b(self.a(x))


class Looped(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = []
        for size in (32, 24):
            blocks.append(nn.Linear(size, 24))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x):
        return self.blocks(x)


class Squared(nn.Module):
    def __init__(self):
        super().__init__()
        side = 5
        self.conv = nn.Conv2d(3, 16, 3)
        self.head = nn.Linear(16 * side**2, 10)

    def forward(self, x):
        x = F.max_pool2d(self.conv(x), 5)
        return self.head(x.flatten(1))


class Halved(nn.Module):
    def __init__(self):
        super().__init__()
        width = 60
        self.a = nn.Linear(12, 32)
        self.b = nn.Linear(width // 2, 4)

    def forward(self, x):
        return self.b(self.a(x))


class Tupled(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.LSTM(12, 20, batch_first=True)
        self.head = nn.Linear(20, 4)

    def forward(self, x):
        return self.head(self.steps(x))


class Trailing(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(12, 20)
        self.b = nn.Linear(12, 20)

    def forward(self, x):
        return torch.sigmoid(self.a(x)).unsqueeze(-1) * self.b(x).unsqueeze(-1) + self.a(x)


class Maps(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 5, stride=5)
        self.head = nn.Linear(400, 10)

    def forward(self, x):
        return self.head(self.conv(x))


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, kernel=3)

    def forward(self, x):
        return self.conv(x)


class Unpacked(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 12, 3)

    def forward(self, x):
        one, other = self.conv(x).chunk(3, 1)
        return one + other


class Uncalled(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU, nn.MaxPool2d(2))

    def forward(self, x):
        return self.layers(x)
