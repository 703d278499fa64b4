import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.row = nn.Parameter(torch.zeros(7))
        self.column = nn.Parameter(torch.zeros(5, 1))
        self.stack = nn.Parameter(torch.zeros(3, 1, 1, 1))

    def forward(self, x):                               # B, 5, 7
        a = x + self.row
        b = x * self.column
        c = self.row * self.column                      # 5, 7: no batch
        d = x[:, :, None] - x[:, None]                  # needs 5 x 5
        e = self.stack + x                              # 3, B, 5, 7
        f = x @ x.transpose(1, 2)
        g = x @ self.row                                # B, 5
        h = torch.matmul(self.stack, x)if False else x.sum() + self.row
        i = 1 - x / x.norm(dim=-1, keepdim=True)
        j = torch.where(x > 0, x, self.column)
        k = torch.maximum(x, self.row).clamp(0, 6) ** 2
        return a, b, c, d, e, f, g, h, i, j, k
