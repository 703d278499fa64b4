import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 1, 3)
        self.pool = nn.AdaptiveAvgPool2d((1, 5))

    def forward(self, x):
        x = self.pool(self.conv(x))         # B, 1, 1, 5
        a = x.squeeze()                     # B, 5
        b = x.squeeze(1)                    # B, 1, 5
        c = x.squeeze(-1)                   # B, 1, 1, 5: nothing to squeeze
        d = torch.squeeze(x, (1, 2))        # B, 5
        e = a.unsqueeze(-1).unsqueeze(1)    # B, 1, 5, 1
        return a, b, c, d, e
