import torch
import torch.nn as nn


class SelfAttention(nn.Module):
    def __init__(self, dim=128):
        super().__init__()
        self.dim = dim
        self.to_qkv = nn.Linear(dim, 2 * dim)
        self.scale = dim ** -0.5

    def forward(self, x):
        q, k, v = self.to_qkv(x).split(self.dim, dim=-1)
        att = torch.softmax(q @ k.transpose(1, 2) * self.scale, dim=-1)
        return att @ v
