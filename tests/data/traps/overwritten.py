import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, bottleneck=True):
        super().__init__()
        self.conv = nn.Conv2d(3, 100, 7)
        self.down = None
        self.conv = nn.Conv2d(3, 8, 3)              # instead
        self.add_module('act', nn.ReLU())
        self.add_module('act', nn.PReLU(8))         # instead
        self.extra = nn.Linear(50, 50)
        del self.extra
        if bottleneck:
            self.down = nn.Conv2d(8, 4, 1)
        self.head = nn.Linear(4, 2)
        self.head = None                            # a name without a module
        self._modules['fc'] = nn.Linear(4, 3)

    def forward(self, x):
        x = self.act(self.conv(x))
        x = self.down(x) if self.down is not None else x
        if self.head is None:
            x = self.fc(x.mean((2, 3)))
        return x


model = Net()
