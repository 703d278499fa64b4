import torch
import torch.nn as nn


class SpatialAttention(nn.Module):
    def __init__(self, c=32):
        super().__init__()
        self.query = nn.Conv2d(c, c // 4, 1)
        self.key = nn.Conv2d(c, c // 4, 1)
        self.value = nn.Conv2d(c, c, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q = self.query(x).permute(0, 2, 3, 1).view(b, h * w, -1)
        k = self.key(x).view(b, -1, h * w)
        att = torch.softmax(q @ k, dim=-1)
        v = self.value(x).view(b, c, h * w).transpose(1, 2)
        out = (att @ v).transpose(1, 2)
        return x + out.view(b, c, h, w)
