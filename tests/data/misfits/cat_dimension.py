import torch
import torch.nn as nn


class TwoTowers(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Sequential(nn.Conv2d(3, 32, 5, 4), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
        self.table = nn.Sequential(nn.Linear(12, 32), nn.ReLU())
        self.head = nn.Linear(64, 1)

    def forward(self, image, row):
        a = self.image(image)
        b = self.table(row)
        return self.head(torch.cat((a, b), dim=1))
