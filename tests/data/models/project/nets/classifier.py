from . import common
from .common import ConvBNAct, GeM as Pool
from torch import nn


class Classifier(nn.Module):
    def __init__(self, widths, num_classes, act="swish"):
        super().__init__()
        self.body = nn.Sequential()
        previous = 3
        for n, width in enumerate(widths):
            self.body.append(ConvBNAct(previous, width, s=2, act=act))
            previous = width
        self.spp = common.SPP()
        self.squeeze = ConvBNAct(4 * previous, previous, k=1, act="none")
        self.pool = Pool()
        self.fc = nn.Linear(previous, num_classes)

    def forward(self, x):
        x = self.squeeze(self.spp(self.body(x)))
        return self.fc(self.pool(x).flatten(1))
