import copy
import torch.nn as nn

shared = nn.Sequential(*[nn.Linear(8, 8)] * 3)
apart = nn.Sequential(*[nn.Linear(8, 8) for _ in range(3)])
layer = nn.Linear(8, 8)
copies = nn.Sequential(layer, copy.deepcopy(layer), layer)


def clones(module, N):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(N)])


class Encoder(nn.Module):
    def __init__(self, layer, N):
        super().__init__()
        self.layers = clones(layer, N)
        self.norm = nn.LayerNorm(8)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


encoder = Encoder(nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8)), 4)
