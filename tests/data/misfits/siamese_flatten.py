import torch
import torch.nn as nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 64, 10), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 7), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(128, 128, 4), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.fc = nn.Linear(128 * 9 * 9, 512)

    def once(self, x):
        x = self.cnn(x)
        x = x.reshape(x.size()[0], -1)
        return self.fc(x)

    def forward(self, a, b):
        return torch.norm(self.once(a) - self.once(b), dim=1)
