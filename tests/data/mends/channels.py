"""Channels that don't follow from what comes before."""
import torch
from torch import nn


class Double(nn.Sequential):
    def __init__(self, inputs, outputs):
        super().__init__(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU())


class Small(nn.Module):
    """What is put together has twice the channels."""

    def __init__(self):
        super().__init__()
        self.a = Double(3, 16)
        self.b = Double(16, 32)
        self.up = nn.ConvTranspose2d(32, 16, 2, 2)
        self.c = Double(16, 16)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(nn.functional.max_pool2d(a, 2))
        return self.out(self.c(torch.cat([a, self.up(b)], 1)))


class Rise(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.up = nn.ConvTranspose2d(inputs, outputs, kernel_size=2, stride=2)
        self.conv = Double(outputs, outputs)

    def forward(self, x, skip):
        return self.conv(torch.cat((self.up(x), skip), dim=1))


class Several(nn.Module):
    """One line serves both blocks, with other channels in each."""

    def __init__(self, width=8):
        super().__init__()
        self.a, self.b, self.c = Double(1, width), Double(width, 2 * width), Double(2 * width, 4 * width)
        self.up1, self.up2 = Rise(4 * width, 2 * width), Rise(2 * width, width)

    def forward(self, x):
        a = self.a(x)
        b = self.b(nn.functional.max_pool2d(a, 2))
        c = self.c(nn.functional.max_pool2d(b, 2))
        return self.up2(self.up1(c, b), a)


class Inception(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.one = nn.Conv2d(inputs, 16, 1)
        self.three = nn.Conv2d(inputs, 24, 3, padding=1)
        self.five = nn.Conv2d(inputs, 8, 5, padding=2)

    def forward(self, x):
        return torch.cat([self.one(x), self.three(x), self.five(x)], 1)


class Towers(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Inception(3), Inception(40), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.fc = nn.Linear(48, 10)

    def forward(self, x):
        return self.fc(self.blocks(x))


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride=1, downsample=None):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.bn1(self.conv1(x)).relu()
        out = self.bn2(self.conv2(out)).relu()
        return (self.bn3(self.conv3(out)) + identity).relu()


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.layer = nn.Sequential(
            Bottleneck(16, 8, 2, nn.Conv2d(16, 32, 1, 2)), Bottleneck(32, 8), Bottleneck(32, 8)
        )

    def forward(self, x):
        return self.layer(self.stem(x)).mean((2, 3))


class Grey(nn.Module):
    def __init__(self, in_channels=3):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(in_channels, 8, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(1))

    def forward(self, image):
        return self.net(image).flatten(1)


class Dense(nn.Module):
    """Every layer sees all before it."""

    def __init__(self, growth=12, layers=3):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Conv2d(16 + i * 10, growth, 3, padding=1) for i in range(layers)]
        )
        self.stem = nn.Conv2d(3, 16, 3, padding=1)

    def forward(self, x):
        x = self.stem(x)
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


class Sum(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Conv2d(3, 32, 3, padding=1)
        self.right = nn.Conv2d(3, 24, 1)

    def forward(self, x):
        return self.left(x) + self.right(x)


class Shuffled(nn.Module):
    def __init__(self, factor=3):
        super().__init__()
        self.conv = nn.Conv2d(3, 3 * 4, 3, padding=1)
        self.shuffle = nn.PixelShuffle(factor)

    def forward(self, x):
        return self.shuffle(self.conv(x))
