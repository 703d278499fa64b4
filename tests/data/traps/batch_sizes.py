import torch
import torch.nn as nn
import torch.nn.functional as F


class OneRowMore(nn.Module):
    def forward(self, x):
        return torch.cat([x, torch.zeros(1, x.size(1))], dim=0)


class WithoutTheFirst(nn.Module):
    def forward(self, x):
        return x[1:]


class Differences(nn.Module):
    def forward(self, x):
        return x.diff(dim=0)


class HalfOfThem(nn.Module):
    def forward(self, x):
        half = x.size(0) // 2
        return torch.zeros(half, 4)


class OneMore(nn.Module):
    def forward(self, x):
        return torch.zeros(len(x) + 1, 4)


class OneByOne(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        return torch.stack([self.fc(x[i]) for i in range(x.size(0))])


class RowByRow(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        return torch.stack([self.fc(row) for row in x])


class PooledAcross(nn.Module):
    def forward(self, x):
        return F.avg_pool1d(x.t().unsqueeze(0), 2)


class ManyOrFew(nn.Module):
    def forward(self, x):
        return x[:, :3] if x.size(0) > 16 else x


class AtMostEight(nn.Module):
    def forward(self, x):
        return torch.zeros(min(x.size(0), 8), 4)


class OfTwo(nn.Module):
    def forward(self, x):
        b = x.size(0)
        return torch.zeros(b * b, 4)


class TheThird(nn.Module):
    def forward(self, x):
        return x[2]


class Covariance(nn.Module):                        # batch × batch, and its numbers in a row
    def forward(self, x):
        return (x @ x.t()).flatten()


class StillFine(nn.Module):
    """All of these are right however many samples there are."""

    def forward(self, x):
        b = x.size(0)
        twice = torch.cat([x, x], dim=0)
        folded = x.view(b * 2, -1)
        assert b > 0 and len(twice) == 2 * b
        if b < 1 or folded.size(0) // b != 2 or folded.size(0) % b:
            return x
        rest = torch.zeros(twice.size(0) - b, 5)
        return folded.view(b, 2, -1), rest, twice.chunk(2)[1], twice[:b], x[:1], x[-1], x.numel() / b * x
