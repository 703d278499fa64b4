import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.small = nn.Linear(16, 4)
        self.large = nn.Linear(16, 64)

    def forward(self, x):
        if x.abs().mean() > 0.5:
            return self.large(x)
        return self.small(x)
