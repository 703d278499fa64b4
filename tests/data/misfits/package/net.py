from torch import nn

from .attention import AxialAttention


class Net(nn.Module):
    def __init__(self, dim=60, heads=8):
        super().__init__()
        self.embed = nn.Conv2d(3, dim, 8, 8)
        self.attention = AxialAttention(dim, heads)
        self.fc = nn.Linear(dim, 10)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = self.attention(x)
        return self.fc(x.mean(1))
