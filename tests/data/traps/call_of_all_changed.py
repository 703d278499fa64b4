import torch.nn as nn

before = nn.Module.__call__
nn.Module.__call__ = lambda self, x: before(self, before(self, x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):
        return self.fc(x)
