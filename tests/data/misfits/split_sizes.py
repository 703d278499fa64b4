import torch
import torch.nn as nn


class GatedConv(nn.Module):
    def __init__(self, channels=96):
        super().__init__()
        self.inner = channels
        self.conv = nn.Conv1d(channels, 3 * channels, 3, padding=1)
        self.out = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        z = self.conv(x)
        value, gate = torch.split(z, [self.inner, self.inner], dim=1)
        return x + self.out(torch.tanh(value) * torch.sigmoid(gate))
