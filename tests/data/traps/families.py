import torch.nn as nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.conv import _ConvNd


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU6(), nn.Dropout2d(0.1)
        )
        width = 0
        for module in self.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                nn.init.constant_(module.weight, 1)
                width += 1
            elif isinstance(module, _ConvNd):
                width += 2
            elif isinstance(module, (_BatchNorm, nn.Hardtanh)):
                width += 4
            elif isinstance(module, nn.modules.dropout._DropoutNd):
                width += 8
        self.head = nn.Conv2d(4, width, 1)

    def forward(self, x):
        return self.head(self.features(x))
