import torch
import torch.nn as nn
import torch.nn.functional as F

nn.Linear.reset_parameters = lambda self: None


class Wide(nn.Linear):
    def __init__(self, a, b):
        super().__init__(a, 2 * b)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        return self.fc(x)


model = Net()
nn.Linear = Wide
wider = Net()
