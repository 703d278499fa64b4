import torch
import torch.nn as nn


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Backwards(nn.Sequential):
    def forward(self, x):
        for layer in reversed(self):
            x = layer(x)
        return x


class Dense(nn.Sequential):
    def forward(self, x):
        for layer in self._modules.values():
            x = torch.cat([x, layer(x)], 1)
        return x


class Both(nn.ModuleList):
    def forward(self, x):
        return [layer(x) for layer in self[1:]]


model = nn.Sequential(
    Residual(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 4)),
    Backwards(nn.Linear(9, 5), nn.Linear(4, 9)),
    Dense(nn.Linear(5, 2), nn.Linear(7, 3)),
    Both([nn.Linear(1, 1), nn.Linear(10, 2), nn.Linear(10, 3)]),
)
