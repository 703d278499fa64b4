import torch
import torch.nn as nn
import torch.nn.functional as F


class Neck(nn.Module):
    def __init__(self, c=(64, 128)):
        super().__init__()
        self.p3 = nn.Conv2d(3, c[0], 3, stride=4, padding=1)
        self.p4 = nn.Conv2d(c[0], c[1], 3, stride=2, padding=1)
        self.fuse = nn.Conv2d(c[0] + c[1], c[0], 1)

    def forward(self, x):
        p3 = F.relu(self.p3(x))
        p4 = F.relu(self.p4(p3))
        up = F.interpolate(p4, scale_factor=2, mode='nearest')
        return self.fuse(torch.cat((p3, up), dim=1))
