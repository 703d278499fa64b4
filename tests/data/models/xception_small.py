# -*- coding: utf-8 -*-
import torch.nn as nn
import torch.nn.functional as func


class SepConv(nn.Module):
    def __init__(self, i, o, k=3, stride=1, padding=1, dilation=1, bias=False):
        super().__init__()
        self.depth = nn.Conv2d(i, i, k, stride, padding, dilation, groups=i, bias=bias)
        self.point = nn.Conv2d(i, o, 1, 1, 0, 1, 1, bias=bias)

    def forward(self, x):
        return self.point(self.depth(x))


class Block(nn.Module):
    def __init__(self, i, o, n, strides=1, relu_first=True, grow_last=False):
        super().__init__()
        self.skip = None
        if o != i or strides != 1:
            self.skip = nn.Sequential(nn.Conv2d(i, o, 1, stride=strides, bias=False), nn.BatchNorm2d(o))
        widths = [i] + ([i] * (n - 1) + [o] if grow_last else [o] * n)
        steps = []
        for a, b in zip(widths, widths[1:]):
            steps += [nn.ReLU(inplace=False), SepConv(a, b), nn.BatchNorm2d(b)]
        if not relu_first:
            del steps[0]
        if strides != 1:
            steps.append(nn.MaxPool2d(3, strides, 1))
        self.steps = nn.Sequential(*steps)

    def forward(self, inp):
        x = self.steps(inp)
        x += inp if self.skip is None else self.skip(inp)
        return x


class Xception(nn.Module):
    def __init__(self, num_classes=20):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, 2, 0, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.block1 = Block(32, 64, 2, 2, relu_first=False)
        self.block2 = Block(64, 128, 2, 2)
        self.middle = nn.Sequential(*[Block(128, 128, 3) for _ in range(3)])
        self.block3 = Block(128, 192, 2, 2, grow_last=True)
        self.conv2 = SepConv(192, 256)
        self.fc = nn.Linear(256, num_classes)

    def features(self, input):
        x = func.relu(self.bn1(self.conv1(input)))
        x = self.block1(x); x = self.block2(x)
        x = self.middle(x)
        return self.conv2(self.block3(x))

    def logits(self, features):
        x = func.relu(features)
        x = func.adaptive_avg_pool2d(x, (1, 1))
        x = x.view(x.size(0), -1)
        return self.fc(x)

    def forward(self, input):
        return self.logits(self.features(input))
