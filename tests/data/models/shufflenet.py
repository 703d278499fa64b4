import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable


class Shuffle(nn.Module):
    def __init__(self, groups):
        super(Shuffle, self).__init__()
        self.g = groups

    def forward(self, x):
        N,C,H,W = x.size()
        return x.view(N, self.g, C//self.g, H, W).permute(0,2,1,3,4).reshape(N,C,H,W)


class Unit(nn.Module):
    """The unit of ShuffleNet V1: grouped 1x1, shuffle, depthwise 3x3, grouped 1x1."""

    def __init__(self, i, o, stride, groups, first=False):
        super(Unit, self).__init__()
        self.stride = stride
        if stride == 2:
            o = o - i           # the rest comes over the shortcut
        mid = o // 4 // groups * groups
        self.conv1 = nn.Conv2d(i, mid, 1, groups=1 if first else groups, bias=False)
        self.bn1 = nn.BatchNorm2d(mid)
        self.shuffle = Shuffle(groups)
        self.conv2 = nn.Conv2d(mid, mid, 3, stride=stride, padding=1, groups=mid, bias=False)
        self.bn2 = nn.BatchNorm2d(mid)
        self.conv3 = nn.Conv2d(mid, o, 1, groups=groups, bias=False)
        self.bn3 = nn.BatchNorm2d(o)
        self.shortcut = nn.AvgPool2d(3, stride=2, padding=1) if stride == 2 else nn.Sequential()

    def forward(self, x):
        y = self.shuffle(F.relu(self.bn1(self.conv1(x))))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        s = self.shortcut(x)
        return F.relu(torch.cat([y, s], 1)) if self.stride == 2 else F.relu(y + s)


class ShuffleNet(nn.Module):
    def __init__(self, cfg):
        super(ShuffleNet, self).__init__()
        self.conv = nn.Conv2d(3, 24, kernel_size=3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(24)
        planes, stages = 24, []
        for k, (out, n) in enumerate(zip(cfg['out'], cfg['blocks'])):
            units = [Unit(planes, out, 2, cfg['groups'], first=(k == 0))]
            units.extend(Unit(out, out, 1, cfg['groups']) for _ in range(n - 1))
            stages.append(nn.Sequential(*units))
            planes = out
        self.stages = nn.Sequential(*stages)
        self.linear = nn.Linear(planes, 10)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = F.avg_pool2d(self.stages(x), 4)
        return self.linear(x.view(x.size(0), -1))


def ShuffleNetG2():
    return ShuffleNet({'out': [200, 400, 800], 'blocks': [2, 4, 2], 'groups': 2})

def ShuffleNetG3():
    return ShuffleNet({'out': [240, 480, 960], 'blocks': [2, 4, 2], 'groups': 3})


def channel_shuffle(x, groups):
    b, c, h, w = x.data.size()
    x = x.view(b, groups, c // groups, h, w)
    x = torch.transpose(x, 1, 2).contiguous()
    return x.view(b, -1, h, w)


class SplitUnit(nn.Module):
    """The unit of ShuffleNet V2."""

    def __init__(self, channels):
        super(SplitUnit, self).__init__()
        half = channels // 2
        self.branch = nn.Sequential(
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(),
            nn.Conv2d(half, half, 3, padding=1, groups=half, bias=False), nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU())

    def forward(self, x):
        x1, x2 = x.chunk(2, dim=1)
        out = torch.cat((x1, self.branch(x2)), dim=1)
        return channel_shuffle(out, 2)


def test():
    print(ShuffleNetG2()(Variable(torch.randn(1,3,32,32))))
