import math
from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F


class Layer(nn.Module):
    """BN-ReLU-1x1-BN-ReLU-3x3; what comes out is `growth` channels to be added by the block."""

    def __init__(self, channels, growth, drop=0.0, bottleneck=4):
        super(Layer, self).__init__()
        inner = bottleneck * growth
        self.add_module('norm1', nn.BatchNorm2d(channels))
        self.add_module('conv1', nn.Conv2d(channels, inner, 1, bias=False))
        self.add_module('norm2', nn.BatchNorm2d(inner))
        self.add_module('conv2', nn.Conv2d(inner, growth, 3, padding=1, bias=False))
        self.drop = drop

    def forward(self, *before):
        x = torch.cat(before, 1)
        x = self.conv1(F.relu(self.norm1(x)))
        x = self.conv2(F.relu(self.norm2(x)))
        if self.drop > 0:
            x = F.dropout(x, p=self.drop, training=self.training)
        return x


class Dense(nn.Module):
    def __init__(self, n, channels, growth, **kw):
        super(Dense, self).__init__()
        for i in range(n):
            self.add_module('layer%d' % (i + 1), Layer(channels + i * growth, growth, **kw))

    def forward(self, x):
        seen = [x]
        for name, layer in self.named_children():
            seen.append(layer(*seen))
        return torch.cat(seen, 1)


class Transition(nn.Sequential):
    def __init__(self, channels, out):
        super(Transition, self).__init__()
        self.add_module('norm', nn.BatchNorm2d(channels))
        self.add_module('relu', nn.ReLU(inplace=True))
        self.add_module('conv', nn.Conv2d(channels, out, kernel_size=1, bias=False))
        self.add_module('pool', nn.AvgPool2d(2))


class DenseNet(nn.Module):
    def __init__(self, growth_rate=12, blocks=(6, 9, 7), compression=0.5, num_classes=10, drop_rate=0):
        super(DenseNet, self).__init__()
        assert 0 < compression <= 1, 'compression is a part of one'
        channels = 2 * growth_rate
        self.features = nn.Sequential(OrderedDict([
            ('conv0', nn.Conv2d(3, channels, kernel_size=3, padding=1, bias=False)),
        ]))
        for i, n in enumerate(blocks):
            self.features.add_module(f'dense{i}', Dense(n, channels, growth_rate, drop=drop_rate))
            channels += n * growth_rate
            if i != len(blocks) - 1:
                fewer = int(math.floor(channels * compression))
                self.features.add_module(f'transition{i}', Transition(channels, fewer))
                channels = fewer
        self.features.add_module('norm', nn.BatchNorm2d(channels))
        self.classifier = nn.Linear(channels, num_classes)

        for name, param in self.named_parameters():
            if 'conv' in name and 'weight' in name:
                n = param.size(0) * param.size(2) * param.size(3)
                param.data.normal_().mul_(math.sqrt(2. / n))
            elif name.endswith('bias'):
                param.data.fill_(0)

    def forward(self, x):
        x = F.relu(self.features(x), inplace=True)
        x = F.adaptive_avg_pool2d(x, (1, 1))
        x = torch.flatten(x, 1)
        return self.classifier(x)
