import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, n=5):
        super().__init__()
        self.scale = nn.Parameter(torch.Tensor(n))          # five numbers
        self.table = nn.Parameter(torch.FloatTensor(n, 3))
        self.temperature = nn.Parameter(torch.tensor(n * 1.0))
        self.register_buffer("order", torch.LongTensor([3, 1, 0]))
        self.one = nn.Parameter(torch.Tensor([n]))
        self.like = nn.Parameter(torch.Tensor(torch.zeros(2, 2).size()))

    def forward(self, x):
        table = self.table[self.order]
        return x * self.scale, table, self.temperature * x, x.new(3).zero_(), torch.Tensor((4, 2)) * self.one
