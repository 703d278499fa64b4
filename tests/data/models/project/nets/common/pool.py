import torch
from torch import nn

__all__ = ["GeM", "SPP"]


class GeM(nn.Module):
    def __init__(self, p=3.0, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.ones(1) * p)
        self.eps = eps

    def forward(self, x):
        x = x.clamp(min=self.eps).pow(self.p)
        return nn.functional.avg_pool2d(x, (x.size(-2), x.size(-1))).pow(1.0 / self.p)


class SPP(nn.Module):
    def __init__(self, sizes=(5, 9, 13)):
        super().__init__()
        self.maxpools = nn.ModuleList([nn.MaxPool2d(s, 1, s // 2) for s in sizes])

    def forward(self, x):
        return torch.cat([x] + [pool(x) for pool in self.maxpools], dim=1)
