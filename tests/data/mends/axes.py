"""Axes in another order than a layer takes them."""
import torch
import torch.nn as nn


class Last(nn.Module):
    """Images with their channels last."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, image):
        return self.conv(image).mean((2, 3))


class Steps(nn.Module):
    """Steps first, then what was measured in each."""

    def __init__(self, measured=6):
        super().__init__()
        self.conv = nn.Conv1d(measured, 16, 3, padding=1)
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        return self.head(self.conv(x).amax(-1))


class Normed(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(5, 12)
        self.norm = nn.BatchNorm1d(12)

    def forward(self, x):
        return self.norm(self.embed(x)).mean(1)


class Kind(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm1d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )

    def forward(self, x):
        return self.body(x)


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 32)
        self.bn = nn.BatchNorm2d(32)

    def forward(self, x):
        return self.bn(self.fc(x))


class Heads(nn.Module):
    def __init__(self, dim=90, heads=8):
        super().__init__()
        self.attention = nn.MultiheadAttention(dim, heads, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(16, 60)
        layer = nn.TransformerEncoderLayer(d_model=64, nhead=4, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)

    def forward(self, x):
        return self.encoder(self.embed(x))


class Product(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.q, self.k = nn.Linear(dim, dim), nn.Linear(dim, dim)

    def forward(self, x):
        return torch.softmax(self.q(x) @ self.k(x), -1)


class Gate(nn.Module):
    """One number a channel, for feature maps."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):
        return x * self.fc(x.mean((2, 3))).sigmoid()


class Normal(nn.Module):
    def __init__(self, dim=20):
        super().__init__()
        self.conv = nn.Conv2d(3, dim, 2, 2)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        return self.norm(self.conv(x))


class Groups(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(3, 20, 3), nn.GroupNorm(8, 20), nn.ReLU())

    def forward(self, x):
        return self.net(x)
