import torch
import torch.nn as nn


class Pyramid(nn.Module):
    def __init__(self, widths=[16, 32, 64]):
        super().__init__()
        self.convs = nn.ModuleList()
        previous = 3
        for w in widths:
            self.convs.append(nn.Conv2d(previous, w, 3, 2, 1))
            previous = w
        self.levels = 4

    def forward(self, x):
        outs = []
        for i in range(self.levels):
            x = torch.relu(self.convs[i](x))
            outs.append(x)
        return outs
