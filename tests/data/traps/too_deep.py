import torch.nn as nn


class Net(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.inner = Net(n + 1)

    def forward(self, x):
        return self.inner(x)
