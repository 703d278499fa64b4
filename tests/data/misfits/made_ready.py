import torch
import torch.nn as nn


class NoClass(nn.Module):
    def __init__(self):
        super(self).__init__()
        self.a = nn.Linear(3, 4)


class NoObject(nn.Module):
    def __init__(self):
        super(NoObject).__init__()
        self.a = nn.Linear(3, 4)


class Argument(nn.Module):
    def __init__(self):
        super().__init__(8)
        self.a = nn.Linear(3, 4)


class Other(nn.Module):
    def __init__(self):
        super(Argument, self).__init__()
        self.a = nn.Linear(3, 4)


class TooEarly(nn.Module):
    def __init__(self):
        self.add_module("a", nn.Linear(3, 4))
        super().__init__()


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.ModuleDict({"type": nn.Linear(3, 4)})


class ClassAttribute(nn.Module):
    bias = None

    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(3))


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.mask = 1
        self.register_buffer("mask", torch.zeros(3))


class Number(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mask", torch.zeros(3))
        self.mask = 3


class Modules(nn.Module):
    def __init__(self):
        super().__init__()
        self.modules = nn.ModuleList([nn.Linear(3, 3)])

    def forward(self, x):
        for module in self.modules:
            x = module(x)
        return x


class Einsum(nn.Module):
    def forward(self, x):
        batch, length, heads, width = x.shape
        scores = torch.einsum("blhe,bshe->bhls", x, x)
        mixed = torch.einsum("bhls,bshd->blhd", scores, x)
        return mixed.view(batch, length, -1)


class Keyword(nn.Module):
    def forward(self, x):
        return x.mean(dims=1)
