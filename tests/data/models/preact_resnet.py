"""Pre-activation ResNet (He et al., 2016), depth 6n+2 or 9n+2."""
import torch
from torch import nn


class PreActBlock(nn.Module):
    expansion = 1

    def __init__(self, in_planes, planes, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_planes)
        self.conv1 = nn.Conv2d(in_planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        if stride != 1 or in_planes != self.expansion * planes:
            self.shortcut = nn.Conv2d(in_planes, self.expansion * planes, 1, stride, bias=False)

    def forward(self, x):
        out = torch.relu(self.bn1(x))
        shortcut = self.shortcut(out) if hasattr(self, 'shortcut') else x
        out = self.conv1(out)
        out = self.conv2(self.bn2(out).relu_())
        return out + shortcut


class PreActBottleneck(PreActBlock):
    """The same with 1x1 convolutions around."""
    expansion = 4

    def __init__(self, in_planes, planes, stride=1):
        super().__init__(in_planes, planes, stride)
        self.conv1 = nn.Conv2d(in_planes, planes, 1, bias=False)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * self.expansion, 1, bias=False)

    def forward(self, x):
        out = torch.relu(self.bn1(x))
        shortcut = getattr(self, 'shortcut', nn.Identity())(out if hasattr(self, 'shortcut') else x)
        out = self.conv1(out)
        out = self.conv2(torch.relu(self.bn2(out)))
        out = self.conv3(torch.relu(self.bn3(out)))
        return out.add(shortcut)


class PreActResNet(nn.Module):
    def __init__(self, depth, num_classes=10, widths=(16, 32, 64)):
        super().__init__()
        if (depth - 2) % 9 == 0 and depth >= 56:
            block, n = PreActBottleneck, (depth - 2) // 9
        elif (depth - 2) % 6 == 0:
            block, n = PreActBlock, (depth - 2) // 6
        else:
            raise ValueError('depth must be 6n+2 or 9n+2, got %d' % depth)

        self.conv1 = nn.Conv2d(3, widths[0], 3, padding=1, bias=False)
        current = widths[0]
        for index, width in enumerate(widths, start=1):
            stage, current = self._stage(block, current, width, n, 1 if index == 1 else 2)
            setattr(self, f'stage{index}', stage)
        self.bn = nn.BatchNorm2d(current)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(current, num_classes)
        self.apply(self._init)

    @staticmethod
    def _stage(block, in_planes, planes, n, stride):
        blocks = nn.Sequential()
        for i in range(n):
            blocks.add_module(str(i), block(in_planes, planes, stride if i == 0 else 1))
            in_planes = planes * block.expansion
        return blocks, in_planes

    @staticmethod
    def _init(m):
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode='fan_out', nonlinearity='relu')
        elif isinstance(m, (nn.BatchNorm2d,)):
            nn.init.ones_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        x = self.conv1(x)
        x = self.stage3(self.stage2(self.stage1(x)))
        x = self.pool(torch.relu(self.bn(x)))
        return self.fc(x.flatten(1))
