# SE-ResNet: the plain blocks come from the file next door.
import torch.nn as nn
import torch.nn.functional as F

from resnet_cifar import BasicBlock, Bottleneck, ResNet


class SELayer(nn.Module):
    def __init__(self, channel, reduction=16):
        super(SELayer, self).__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.gate = nn.Sequential(
            nn.Linear(channel, channel // reduction, bias=False), nn.ReLU(inplace=True),
            nn.Linear(channel // reduction, channel, bias=False), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.gate(self.pool(x).view(b, c))
        return x * y.view(b, c, 1, 1).expand_as(x)


class SEBasicBlock(BasicBlock):
    def __init__(self, in_planes, planes, stride=1, *, reduction=16):
        super(SEBasicBlock, self).__init__(in_planes, planes, stride)
        self.se = SELayer(planes, reduction)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.se(self.bn2(self.conv2(out)))
        out += self.shortcut(x)
        return F.relu(out)


class SEBottleneck(Bottleneck):
    def __init__(self, *args, reduction=16, **kwargs):
        super(SEBottleneck, self).__init__(*args, **kwargs)
        self.se = SELayer(self.conv3.out_channels, reduction)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.se(self.bn3(self.conv3(out)))
        return F.relu(out + self.shortcut(x))


class SEResNet(ResNet):
    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        for layer in [self.layer1, self.layer2, self.layer3, self.layer4]:
            out = layer(out)
        out = F.adaptive_avg_pool2d(out, 1)
        return self.linear(out.flatten(start_dim=1))


def se_resnet18(num_classes=10):
    return SEResNet(SEBasicBlock, [2, 2, 2, 2], num_classes=num_classes)


def se_resnet50(num_classes=1_000):
    return SEResNet(SEBottleneck, [3, 4, 6, 3], num_classes=num_classes)
