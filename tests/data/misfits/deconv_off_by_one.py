import torch.nn as nn
import torch.nn.functional as F


class RefineNet(nn.Module):
    """Down by stride, up by transposed convolution, skip added."""

    def __init__(self, width=32):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.down = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.mid = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.up = nn.ConvTranspose2d(2 * width, width, 3, stride=2, padding=1)
        self.out = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, x):
        skip = F.relu(self.stem(x))
        y = F.relu(self.down(skip))
        y = F.relu(self.mid(y))
        y = self.up(y)
        y = y + skip
        return self.out(y)
