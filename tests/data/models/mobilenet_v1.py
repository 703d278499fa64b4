'''MobileNet'''
import torch
import torch.nn as nn
import torch.nn.functional as F


class Separable(nn.Module):
    '''depthwise 3x3, then pointwise 1x1'''
    def __init__(self, i, o, stride=1):
        super(Separable, self).__init__()
        self.dw = nn.Conv2d(i, i, 3, stride=stride, padding=1, groups=i, bias=False); self.dw_bn = nn.BatchNorm2d(i)
        self.pw = nn.Conv2d(i, o, 1, bias=False); self.pw_bn = nn.BatchNorm2d(o)

    def forward(self, x):
        x = F.relu(self.dw_bn(self.dw(x)))
        return F.relu(self.pw_bn(self.pw(x)))


class MobileNet(nn.Module):
    # a number: that many channels; a pair: with that stride
    cfg = [48, (96,2), 96, (192,2), 192, (384,2), 384, 384, 384, (768,2), 768]

    def __init__(self, num_classes=10, alpha=1.0):
        super(MobileNet, self).__init__()
        self.alpha = alpha
        self.stem = nn.Conv2d(3, self._c(24), 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(self._c(24))
        self.layers = self._make_layers(self._c(24))
        self.linear = nn.Linear(self._c(768), num_classes)

    def _c(self, channels):
        return max(8, int(channels * self.alpha))

    def _make_layers(self, i):
        layers = []
        for x in self.cfg:
            o, stride = (x, 1) if isinstance(x, int) else x
            layers.append(Separable(i, self._c(o), stride))
            i = self._c(o)
        return nn.Sequential(*layers)

    def forward(self, x):
        out = F.relu(self.bn(self.stem(x)))
        out = self.layers(out)
        out = F.avg_pool2d(out, out.shape[-1])
        return self.linear(out.view(out.size(0), -1))
