import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose1d(4, 4, 2, 2)
        self.down = nn.MaxPool1d(2)

    def forward(self, x):
        y = self.up(self.down(x))
        try:
            return x + y
        except RuntimeError:
            return x[:, :, :y.size(-1)] + y
