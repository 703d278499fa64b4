"""Feature maps: frozen backbones, shared memory, chains in place, skips, gates, recurrence."""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, inner, outer, stride=1, inplace=True):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(outer), nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.relu = nn.ReLU(inplace)
        self.down = nn.Sequential()
        if stride != 1 or inner != outer:
            self.down = nn.Sequential(nn.Conv2d(inner, outer, 1, stride), nn.BatchNorm2d(outer))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.down(x)
        return self.relu(y)


class Frozen(nn.Module):
    """A backbone that isn't trained, with a head that is; `last` trains the last block, too."""

    def __init__(self, last=False, no_grad=False):
        super().__init__()
        self.body = nn.Sequential(Block(3, 8), Block(8, 16, 2), Block(16, 16))
        for parameter in self.body.parameters():
            parameter.requires_grad = False
        if last:
            self.body[-1].requires_grad_(True)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(16, 5)
        )
        self.no_grad = no_grad

    def forward(self, x):
        if self.no_grad:
            with torch.no_grad():
                x = self.body(x)
        else:
            x = self.body(x)
        return self.head(x)


class InPlace(nn.Module):
    """Activations in place of every kind, one after the other, and sums in place."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norms = nn.ModuleList(nn.BatchNorm2d(8) for _ in range(5))
        self.acts = nn.ModuleList(
            [
                nn.ReLU6(True),
                nn.Hardswish(True),
                nn.LeakyReLU(0.1, True),
                nn.SiLU(True),
                nn.ELU(inplace=True),
            ]
        )

    def forward(self, x):
        x = self.conv(x)
        for norm, act in zip(self.norms, self.acts, strict=True):
            x = act(norm(x))
        y = x * 2
        y.add_(x).mul_(0.5)
        return F.relu(y, inplace=True)


class Gated(nn.Module):
    """Squeeze and excitation, a gate of one memory, group and instance normalisation."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 4, padding="same")
        self.group, self.instance = nn.GroupNorm(4, 8), nn.InstanceNorm2d(8, affine=True)
        self.fc1, self.fc2 = nn.Linear(8, 4), nn.Linear(4, 8)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.drop = nn.Dropout2d(0.1)

    def forward(self, x):
        a, b = self.stem(x).chunk(2, 1)
        x = self.pool(a * torch.sigmoid(b))
        s = x.mean((2, 3))
        s = self.fc2(F.relu(self.fc1(s))).sigmoid()[:, :, None, None]
        x = self.instance(self.group(x * s))
        return self.drop(x).flatten(2).permute(0, 2, 1)


class UNet(nn.Module):
    """Down, up and skips that are put together; the last of it goes through transposed layers."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2 = Block(3, 8, inplace=False), Block(8, 16)
        self.up = nn.ConvTranspose2d(16, 8, 2, 2)
        self.last = nn.Conv2d(16, 8, 3, padding=1, padding_mode="reflect")
        self.out = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        x = torch.cat([a, self.up(b)], dim=1)
        x = F.interpolate(F.leaky_relu(self.last(x), 0.2), scale_factor=2, mode="bilinear")
        return F.log_softmax(self.out(x), dim=1)


class Twice(nn.Module):
    """One layer that is called several times, and channels last behind it."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.norm = nn.LayerNorm(3)
        self.fc = nn.Linear(3, 6)
        self.gamma = nn.Parameter(torch.ones(3))

    def forward(self, x):
        for _ in range(3):
            x = F.relu(self.conv(x))
        x = self.norm(x.permute(0, 2, 3, 1))
        x = self.gamma * x
        x = F.gelu(self.fc(x))
        return x.permute(0, 3, 1, 2)


class Recurrent(nn.Module):
    """A GRU on what convolutions give, and its last step."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, 8, 3, padding=1)
        self.gru = nn.GRU(8, 16, num_layers=2, batch_first=True, dropout=0.1, bidirectional=True)
        self.fc = nn.Linear(32, 3)

    def forward(self, x):
        x = F.relu(self.conv(x)).transpose(1, 2)
        out, _ = self.gru(x)
        return self.fc(out[:, -1])


MODELS = {
    "Frozen()": [[3, 16, 16]],
    "Frozen(last=True)": [[3, 16, 16]],
    "Frozen(no_grad=True)": [[3, 16, 16]],
    "InPlace()": [[3, 16, 16]],
    "Gated()": [[3, 16, 16]],
    "UNet()": [[3, 16, 16]],
    "Twice()": [[3, 8, 8]],
    "Recurrent()": [[4, 10]],
}
