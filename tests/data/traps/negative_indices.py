import torch
import torch.nn as nn

sizes = [3, 8, 16, 32, 5]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.Sequential(*[nn.Conv2d(a, b, 3) for a, b in zip(sizes[:-2], sizes[1:-1])])
        self.last = self.convs[-1]
        self.tail = self.convs[-2:]             # shares its layers
        self.fc = nn.Linear(sizes[-2], sizes[-1])
        self.extra = nn.Linear(sizes[::-1][0], sizes[-5])

    def forward(self, x):
        x = self.convs[:1](x)
        x = self.tail(x)
        n = x.shape[-3]
        x = x.flatten(-2).mean(-1)
        return self.extra(self.fc(x.view(-1, n)))
