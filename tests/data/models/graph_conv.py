import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parameter import Parameter

BONES = [(0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (1, 6), (6, 7), (0, 8), (8, 9), (0, 10), (10, 11)]


class GraphLayer(nn.Module):
    """neighbours @ x @ weight, for a batch of graphs that are all alike"""

    def __init__(self, n_in, n_out, bias=True):
        super(GraphLayer, self).__init__()
        self.weight = Parameter(torch.FloatTensor(n_in, n_out))
        if bias:
            self.bias = Parameter(torch.zeros(n_out))
        else:
            self.register_parameter('bias', None)
        limit = 1. / self.weight.size(1) ** 0.5
        self.weight.data.uniform_(-limit, limit)

    def forward(self, x, neighbours):
        y = torch.matmul(neighbours, torch.matmul(x, self.weight))
        return y if self.bias is None else y + self.bias

    def __repr__(self):
        return '%s(%d, %d)' % (self.__class__.__name__, *self.weight.shape)


class SkeletonNet(nn.Module):
    def __init__(self, n_in=3, hidden=32, classes=6, joints=12):
        super(SkeletonNet, self).__init__()
        near = torch.eye(joints)
        for a, b in BONES:
            near[a, b] = near[b, a] = 1
        self.register_buffer('near', near / near.sum(1, keepdim=True))
        self.layers = nn.ModuleList([GraphLayer(n_in, hidden), GraphLayer(hidden, hidden, bias=False)])
        self.out = nn.Linear(hidden, classes)

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            if i:
                x = F.dropout(x, 0.5, training=self.training)
            x = F.relu(layer(x, self.near))
        return self.out(x.mean(-2))
