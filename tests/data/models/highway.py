import torch
import torch.nn as nn


class Highway(nn.Module):
    def __init__(self, size, num_layers, f=torch.relu):
        super(Highway, self).__init__()
        self.num_layers = num_layers
        lists = {}
        for name in ('transform', 'gate'):
            lists[name] = nn.ModuleList([nn.Linear(size, size) for _ in range(num_layers)])
        self.layers = nn.ModuleDict(lists)
        for g in self.layers['gate']:
            g.bias.data.fill_(-2)       # carry at first
        self.f = f

    def forward(self, x):
        for n in range(self.num_layers):
            t = torch.sigmoid(self.layers['gate'][n](x))
            x = t * self.f(self.layers['transform'][n](x)) + (1 - t) * x
        return x


class CharCNNHighway(nn.Module):
    """Words from characters: convolutions of several widths, then a highway."""

    def __init__(self, n_chars=96, char_dim=15, max_word=21, kernels=((1, 25), (2, 50), (3, 75), (4, 100))):
        super().__init__()
        self.embed = nn.Embedding(n_chars, char_dim)
        self.convs = nn.ModuleList(nn.Conv1d(char_dim, out, k) for k, out in kernels)
        self.pools = [nn.MaxPool1d(max_word - k + 1) for k, _ in kernels]   # nothing to learn in them
        self.highway = Highway(sum(out for _, out in kernels), num_layers=2)

    def forward(self, words):
        x = self.embed(words).transpose(1, 2)
        x = torch.cat([pool(conv(x).tanh()).squeeze(2) for conv, pool in zip(self.convs, self.pools)], dim=1)
        return self.highway(x)
