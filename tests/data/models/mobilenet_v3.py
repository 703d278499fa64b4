from functools import partial
from typing import NamedTuple, Type

import torch
import torch.nn as nn
import torch.nn.functional as F


class hswish(nn.Module):
    def forward(self, x):
        return x * F.relu6(x + 3, inplace=True) / 6


class hsigmoid(nn.Module):
    def forward(self, x):
        return F.relu6(x + 3, inplace=True) / 6


class Squeeze(nn.Module):
    def __init__(self, in_size, by=4):
        super(Squeeze, self).__init__()
        few = max(in_size // by, 8)
        self.se = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_size, few, kernel_size=1, bias=False),
            nn.BatchNorm2d(few),
            nn.ReLU(inplace=True),
            nn.Conv2d(few, in_size, kernel_size=1, bias=False),
            hsigmoid()
        )

    def forward(self, x):
        return x * self.se(x)


class Row(NamedTuple):
    kernel: int
    exp: int
    out: int
    se: bool
    act: Type[nn.Module]
    stride: int


RE = partial(nn.ReLU, inplace=True)
HS = hswish

SMALL = [
    Row(3, 16, 16, True, RE, 2),
    Row(3, 72, 24, False, RE, 2),
    Row(3, 88, 24, False, RE, 1),
    Row(5, 96, 40, True, HS, 2),
    Row(5, 240, 40, True, HS, 1),
    Row(5, 240, 40, True, HS, 1),
    Row(5, 120, 48, True, HS, 1),
    Row(5, 144, 48, True, HS, 1),
    Row(5, 288, 96, True, HS, 2),
    Row(5, 576, 96, True, HS, 1),
    Row(5, 576, 96, True, HS, 1),
]


class Bneck(nn.Module):
    '''expand + depthwise + pointwise'''

    def __init__(self, in_size, row):
        super(Bneck, self).__init__()
        self.stride = row.stride
        norm = partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)

        self.conv1 = nn.Conv2d(in_size, row.exp, kernel_size=1, bias=False)
        self.bn1 = norm(row.exp)
        self.act1 = row.act()
        self.conv2 = nn.Conv2d(row.exp, row.exp, row.kernel, row.stride, row.kernel // 2,
                               groups=row.exp, bias=False)
        self.bn2 = norm(row.exp)
        self.act2 = row.act()
        self.se = Squeeze(row.exp) if row.se else nn.Identity()
        self.conv3 = nn.Conv2d(row.exp, row.out, kernel_size=1, bias=False)
        self.bn3 = norm(row.out)

        self.skip = None
        if row.stride == 1 and in_size != row.out:
            self.skip = nn.Sequential(nn.Conv2d(in_size, row.out, 1, bias=False), norm(row.out))

    def forward(self, x):
        skip = x
        out = self.act1(self.bn1(self.conv1(x)))
        out = self.act2(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(self.se(out)))
        if self.skip is not None:
            skip = self.skip(skip)
        return out + skip if self.stride == 1 else out


class MobileNetV3_Small(nn.Module):
    def __init__(self, num_classes=1000, act=nn.Hardswish):
        super(MobileNetV3_Small, self).__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.hs1 = act(inplace=True)

        sizes = [16] + [row.out for row in SMALL]
        self.bneck = nn.Sequential(*[Bneck(size, row) for size, row in zip(sizes, SMALL)])

        self.conv2 = nn.Conv2d(96, 576, kernel_size=1, stride=1, padding=0, bias=False)
        self.bn2 = nn.BatchNorm2d(576)
        self.hs2 = act(inplace=True)
        self.gap = nn.AdaptiveAvgPool2d(1)
        self.linear3 = nn.Linear(576, 1280, bias=False)
        self.bn3 = nn.BatchNorm1d(1280)
        self.hs3 = act(inplace=True)
        self.drop = nn.Dropout(0.2)
        self.linear4 = nn.Linear(1280, num_classes)
        self.init_params()

    def init_params(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out')
                if m.bias is not None:
                    nn.init.constant_(m.bias, 0)
            elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)

    def forward(self, x):
        out = self.hs1(self.bn1(self.conv1(x)))
        out = self.bneck(out)
        out = self.hs2(self.bn2(self.conv2(out)))
        out = self.gap(out).flatten(1)
        out = self.drop(self.hs3(self.bn3(self.linear3(out))))
        return self.linear4(out)
