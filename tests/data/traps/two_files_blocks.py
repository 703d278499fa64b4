import torch.nn as nn

WIDTH = 6
DEPTH = 3


class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, WIDTH)

    def forward(self, x):
        return self.fc(x).relu()


def make(n):
    return nn.Sequential(*(nn.Linear(n, n) for _ in range(DEPTH)))


if __name__ == '__main__':
    WIDTH = 600
    DEPTH = 600
