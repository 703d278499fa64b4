import torch
import torch.nn as nn


class Net(nn.Module):
    """Keeps the rows that are positive: how many, the values say."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        keep = x[x.sum(dim=1) > 0]
        return self.fc(keep)
