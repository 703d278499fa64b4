import torch.nn as nn


class Net(nn.Module):
    width = 16
    sizes = [4, 8]

    def __init__(self, width=None):
        super().__init__()
        if width:
            self.width = width          # this one only
        self.sizes.append(self.width)   # all of them!
        self.layers = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(self.sizes, self.sizes[1:])])

    def forward(self, x):
        return self.layers(x)


first = Net()
second = Net(32)
Net.width = 64
third = Net()
