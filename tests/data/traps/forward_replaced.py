import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(10, 20)
        self.b = nn.Linear(20, 5)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


def features_only(self, x):
    return torch.relu(self.a(x))


Net.forward = features_only
