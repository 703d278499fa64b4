import torch
import torch.nn as nn
import torch.nn.functional as F


class Maxout(nn.Module):
    def __init__(self, n_in, n_out, pieces):
        super().__init__()
        self.n_out, self.pieces = n_out, pieces
        self.lin = nn.Linear(n_in, n_out * pieces)

    def forward(self, x):
        shape = list(x.size())
        shape[-1] = self.n_out
        shape.append(self.pieces)
        best, which = self.lin(x).view(*shape).max(len(shape) - 1)
        return best


class MaxoutConv(nn.Module):
    def __init__(self, i, o, k, pieces=2, **kw):
        super().__init__()
        self.conv = nn.Conv2d(i, o * pieces, k, **kw)
        self.pieces = pieces

    def forward(self, x):
        return torch.stack(self.conv(x).chunk(self.pieces, dim=1)).amax(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = MaxoutConv(3, 24, 5, padding=2)
        self.c2 = MaxoutConv(24, 48, 3, pieces=3, padding=1, stride=2)
        self.out = Maxout(48 * 4 * 4, 10, 5)

    def forward(self, x):
        x = F.max_pool2d(self.c1(x), 3, 2, 1)
        x = F.adaptive_max_pool2d(self.c2(x), 4)
        return self.out(x.flatten(1))
