"""Sizes that are halved and doubled, and don't meet again."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.down = nn.ModuleList([block(3, width), block(width, 2 * width), block(2 * width, 4 * width)])
        self.bottom = block(4 * width, 8 * width)
        self.ups = nn.ModuleList([nn.ConvTranspose2d(2 * c, c, 2, 2) for c in (4 * width, 2 * width, width)])
        self.mix = nn.ModuleList([block(2 * c, c) for c in (4 * width, 2 * width, width)])

    def forward(self, x):
        skips = []
        for each in self.down:
            x = each(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottom(x)
        for up, mix in zip(self.ups, self.mix):
            x = mix(torch.cat([skips.pop(), up(x)], 1))
        return x


class Bilinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = block(1, 8), block(8, 8), block(16, 8)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.avg_pool2d(a, 2))
        b = F.interpolate(b, scale_factor=2, mode="bilinear")
        return self.c(torch.cat([a, b], dim=1))


class Autoencoder(nn.Module):
    """The decoder gives 29 x 29 for an image of 28 x 28 that it is compared with."""

    def __init__(self):
        super().__init__()
        self.encode = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1))
        self.decode = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1),
        )

    def forward(self, x):
        return self.decode(self.encode(x)) - x


class Refine(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1)

    def forward(self, x):
        return x + self.up(self.down(x))


class Critic(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 4 * width, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(4 * width, 1, 4, 1, 0),
        )

    def forward(self, x):
        return self.main(x).flatten(1)


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(3, 8, 5)
        self.narrow = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return torch.cat([self.wide(x), self.narrow(x)], 1)


class Valid(nn.Module):
    """Without padding, the skip is cut to what has come up."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 8, 3)
        self.up, self.c = nn.ConvTranspose2d(8, 4, 2, 2), nn.Conv2d(8, 4, 3)

    def forward(self, x):
        a = self.a(x)
        b = self.up(self.b(F.max_pool2d(a, 2)))
        return self.c(torch.cat([a[..., 3:-3, 3:-3], b], 1))


class Waves(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv1d(2, 8, 4, stride=4)
        self.up = nn.ConvTranspose1d(8, 2, 4, stride=4)

    def forward(self, x):
        return self.up(self.down(x)) * x


class Patches(nn.Module):
    def __init__(self, image=32, patch=8, dim=24):
        super().__init__()
        self.embed = nn.Conv2d(3, dim, patch, patch)
        self.position = nn.Parameter(torch.zeros(1, (image // patch) ** 2, dim))

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        return (x + self.position).mean(1)
