import torch.nn as nn


class PatchTokens(nn.Module):
    def __init__(self, dim=96, patch=4):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, patch, patch)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        x = self.proj(x)            # B, dim, H', W'
        x = x.permute(0, 2, 1)      # B, N, dim
        return self.norm(x)
