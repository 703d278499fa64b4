import torch
from torch import nn, einsum


class CrossAttention(nn.Module):
    def __init__(self, dim=64, context_dim=32, heads=4):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_kv = nn.Linear(context_dim, context_dim * 2, bias=False)
        self.to_out = nn.Linear(context_dim, dim)

    def forward(self, x, context):
        q = self.to_q(x)
        k, v = self.to_kv(context).chunk(2, dim=-1)
        split = lambda t: t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = map(split, (q, k, v))
        sim = einsum('b h i d, b h j d -> b h i j', q, k)
        out = einsum('b h i j, b h j d -> b h i d', sim.softmax(-1), v)
        return self.to_out(out.transpose(1, 2).flatten(2))
