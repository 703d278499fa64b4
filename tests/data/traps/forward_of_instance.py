import types

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(10, 20)
        self.b = nn.Linear(20, 5)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


model = Net()
model.forward = types.MethodType(lambda self, x: self.a(x), model)
