import torch.nn as nn

WIDTH = 12


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, WIDTH)

    def forward(self, x):
        return self.fc(x)


if __name__ == '__main__':
    WIDTH = 99
    model = Net()
else:
    net = Net()
