import torch.nn as nn

WIDTH = 16
KERNEL = 5


class Net(nn.Module):
    def __init__(self, kernel=KERNEL):
        super().__init__()
        self.conv = nn.Conv2d(1, WIDTH, kernel)

    def forward(self, x):
        return self.conv(x)


before = Net()
WIDTH = 32
KERNEL = 3
after = Net()
WIDTH *= 4
