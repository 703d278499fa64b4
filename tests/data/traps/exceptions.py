import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, act='swish'):
        super().__init__()
        try:
            self.act = getattr(nn, act)()
            width = 100
        except AttributeError:
            self.act = nn.SiLU()
            width = 12
        finally:
            self.done = True
        try:
            kernel = {'large': 7}['small']
        except KeyError:
            kernel = 3
        else:
            kernel = 9
        self.conv = nn.Conv1d(2, width, kernel)

    def forward(self, x):
        return self.act(self.conv(x))
