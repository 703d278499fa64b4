import torch.nn as nn


class MLP(nn.Module):
    def __init__(self, sizes=(784, 256, 64, 10)):
        super().__init__()
        layers = []
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            if i < len(sizes) - 2:
                layers.append(nn.ReLU())
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        x = x.flatten(1)
        return self.layers(x)
