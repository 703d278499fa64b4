import torch.nn as nn


def divisible(value, by=8):
    """Round to a multiple, but never by more than a tenth down."""
    rounded = max(by, int(value + by / 2) // by * by)
    return rounded + by if rounded < 0.9 * value else rounded


def conv_bn(i, o, k=3, stride=1, groups=1, act=nn.ReLU6):
    layers = [nn.Conv2d(i, o, k, stride, (k - 1) // 2, groups=groups, bias=False), nn.BatchNorm2d(o)]
    if act is not None:
        layers.append(act(inplace=True))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    def __init__(self, i, o, stride, t):
        super(InvertedResidual, self).__init__()
        assert stride in [1, 2]
        hidden = round(i * t)
        self.identity = stride == 1 and i == o
        layers = []
        if t != 1:
            layers.append(conv_bn(i, hidden, 1))
        layers += [conv_bn(hidden, hidden, stride=stride, groups=hidden),
                   *conv_bn(hidden, o, 1, act=None)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        if self.identity:
            return x + self.conv(x)
        else:
            return self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, num_classes=100, width_mult=1.):
        super(MobileNetV2, self).__init__()
        settings = [
            # t, c, n, s
            [1, 16, 1, 1],
            [6, 24, 2, 2],
            [6, 32, 3, 2],
            [6, 64, 4, 2],
            [6, 96, 3, 1],
            [6, 160, 3, 2],
            [6, 320, 1, 1],
        ]
        channels = divisible(32 * width_mult)
        features = [conv_bn(3, channels, stride=2)]
        for t, c, n, s in settings:
            out = divisible(c * width_mult)
            for k in range(n):
                features.append(InvertedResidual(channels, out, s if k == 0 else 1, t))
                channels = out
        last = divisible(1280 * width_mult) if width_mult > 1.0 else 1280
        features.append(conv_bn(channels, last, 1))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(last, num_classes))

        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out')
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
            elif isinstance(m, nn.Linear):
                m.weight.data.normal_(0, 0.01)
                m.bias.data.zero_()

    def forward(self, x):
        return self.classifier(self.features(x).mean(3).mean(2))


def mobilenetv2(**kwargs):
    return MobileNetV2(**kwargs)
