import torch
import torch.nn as nn


class InceptionBlock(nn.Module):
    def __init__(self, c=32):
        super().__init__()
        self.b1 = nn.Conv2d(c, 16, 1)
        self.b3 = nn.Sequential(nn.Conv2d(c, 16, 1), nn.Conv2d(16, 24, 3, padding=1))
        self.b5 = nn.Sequential(nn.Conv2d(c, 16, 1), nn.Conv2d(16, 24, 5, padding=1))
        self.pool = nn.Sequential(nn.AvgPool2d(3, stride=1, padding=1), nn.Conv2d(c, 24, 1))

    def forward(self, x):
        outputs = [self.b1(x), self.b3(x), self.b5(x), self.pool(x)]
        return torch.cat(outputs, dim=1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 32, 3, padding=1)
        self.inception = InceptionBlock()
        self.fc = nn.Linear(88, 10)

    def forward(self, x):
        x = self.inception(self.stem(x))
        return self.fc(x.mean(dim=(2, 3)))
