import math

import torch
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads, self.d = heads, dim // heads
        self.q, self.k, self.v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.o = nn.Linear(dim, dim)

    def heads_of(self, x):
        b, n, _ = x.shape
        return x.view(b, n, self.heads, self.d).transpose(1, 2)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.heads_of(self.q(x)), self.heads_of(self.k(x)), self.heads_of(self.v(x))
        scores = torch.matmul(q, k) / math.sqrt(self.d)
        out = torch.softmax(scores, -1) @ v
        return self.o(out.transpose(1, 2).reshape(b, n, c))
