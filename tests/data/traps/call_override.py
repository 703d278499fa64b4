import torch
import torch.nn as nn


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 6)

    def __call__(self, x, *args):
        y = super().__call__(x)
        return torch.cat([y, y], -1)

    def forward(self, x):
        return self.fc(x)


class Doubler:
    """No module at all."""

    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return torch.cat([x] * self.n, dim=-1)

    def __len__(self):
        return 12 * self.n


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pair = Pair()
        self.double = Doubler(2)
        self.fc = nn.Linear(len(self.double), 3)

    def forward(self, x):
        return self.fc(self.double(self.pair(x)))
