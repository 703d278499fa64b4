"""Views and flattens that take the batch for something else."""
import torch
import torch.nn as nn


class Numbered(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 26 * 26, 10)

    def forward(self, x):
        x = self.conv(x)
        x = x.view(32, -1)
        return self.fc(x)


class Everything(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.fc = nn.Linear(4 * 8 * 8, 10)

    def forward(self, x):
        return self.fc(torch.flatten(self.conv(x)))


class Method(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.fc = nn.Linear(4 * 8 * 8, 10)

    def forward(self, x):
        x = self.conv(x).flatten()
        return self.fc(x)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.Flatten(0), nn.Linear(256, 10))

    def forward(self, x):
        return self.net(x)


class Shaped(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 7 * 7 * 16)
        self.up = nn.ConvTranspose2d(16, 1, 4, 2, 1)

    def forward(self, z):
        return self.up(self.fc(z).view(-1, 16, 8, 8))


class Moved(nn.Module):
    def __init__(self, dim=24, heads=4):
        super().__init__()
        self.heads, self.dim = heads, dim
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, _ = x.shape
        x = x.view(b, n, self.heads, self.dim // self.heads).transpose(1, 2)
        return self.out(x.transpose(1, 2).transpose(2, 3).view(b, n, self.dim))


class Compared(nn.Module):
    """The loss has four rows for every label."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.fc = nn.Linear(128, 10)

    def forward(self, x, label):
        y = self.fc(self.conv(x).view(-1, 128))
        return nn.functional.mse_loss(y, label)
