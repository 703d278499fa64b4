import torch
import torch.nn as nn
from torch.nn.parameter import Parameter


class AttentionPool(nn.Module):
    """Weighted mean over time."""

    def __init__(self, hidden=64):
        super().__init__()
        self.rnn = nn.GRU(32, hidden, batch_first=True)
        self.weight = Parameter(torch.randn(hidden, 1))
        self.fc = nn.Linear(hidden, 4)

    def forward(self, x):
        out, _ = self.rnn(x)
        scores = torch.bmm(torch.tanh(out), self.weight)
        alpha = torch.softmax(scores, dim=1)
        return self.fc((out * alpha).sum(1))
