import torch
import torch.nn as nn
from unfound import attention, log


class Net(nn.Module):
    """What a library does that isn't read may be any work, whether its result is used or not."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        attention(x, x, x)
        return self.fc(x)
