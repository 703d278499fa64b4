import torch.nn as nn

width = 4
i = 100
conv = nn.Conv2d(3, 4, 1)


def make(width=10):
    width += 1
    return nn.Linear(3, width)


def grow():
    global width
    width = width * 3


class Net(nn.Module):
    width = 7

    def __init__(self, i=2):
        super().__init__()
        sizes = [i for i in range(3, 6)]        # leaves i alone
        self.a = nn.Linear(i, width)            # the module's, not the class's
        self.b = nn.Linear(width, self.width)
        for i in sizes:
            pass
        self.c = nn.Linear(self.width, i)       # 5, from the loop
        width_ = [(lambda: width)() for width in (1, 2)]
        self.d = nn.Linear(i, width_[1])

    def forward(self, conv):
        x = self.b(self.a(conv))
        return self.d(self.c(x))


early = Net()
grow()
model = Net()
made = make()
