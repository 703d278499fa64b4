import torch.nn as nn


def linear_stack(width, layers=[]):
    layers.append(nn.Linear(width, width))
    return nn.Sequential(*layers)


one = linear_stack(6)
two = linear_stack(6)           # has the first one's layer, too


class Net(nn.Module):
    def __init__(self, cfg={'width': 4}):
        super().__init__()
        cfg['width'] *= 2
        self.fc = nn.Linear(3, cfg['width'])

    def forward(self, x):
        return self.fc(x)


a = Net()
b = Net()
