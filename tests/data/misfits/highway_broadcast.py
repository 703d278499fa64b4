import torch
import torch.nn as nn


class FiLM(nn.Module):
    """Scale and shift by a condition."""

    def __init__(self, channels=32, condition=10):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, padding=1)
        self.gamma = nn.Linear(condition, channels)
        self.beta = nn.Linear(condition, channels)

    def forward(self, x, c):
        y = self.conv(x)
        gamma, beta = self.gamma(c).unsqueeze(1), self.beta(c).unsqueeze(1)
        return torch.relu(gamma * y + beta)
