'''VGG with the number of layers as you like it.'''
import math

import torch.nn as nn
import torch.nn.init as init

CONFIGS = {
    9:  [32, 'M', 64, 'M', 128, 128, 'M', 256, 256, 'M'],
    11: [64, 'M', 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'],
    16: [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M'],
}

cfg = CONFIGS[11]


class VGG(nn.Module):
    def __init__(self, cfg=cfg, num_classes=10, bn=True, side=32):
        super(VGG, self).__init__()
        self.features = self._make_layers(cfg, bn)
        side //= 2 ** cfg.count('M')
        last = [c for c in cfg if c != 'M'][-1]
        self.classifier = nn.Sequential(
            nn.Linear(last * side * side, 512), nn.ReLU(True), nn.Dropout(),
            nn.Linear(512, num_classes))
        self._init()

    def _make_layers(self, cfg, bn):
        layers, channels = [], 3
        for v in cfg:
            if v == 'M':
                layers += [nn.MaxPool2d(2, 2)]
                continue
            layers += [nn.Conv2d(channels, v, 3, padding=1, bias=not bn)]
            if bn:
                layers += [nn.BatchNorm2d(v)]
            layers += [nn.ReLU(inplace=True)]
            channels = v
        return nn.Sequential(*layers)

    def _init(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                n = m.kernel_size[0] * m.kernel_size[1] * m.out_channels
                m.weight.data.normal_(0, math.sqrt(2. / n))
                if m.bias is not None:
                    m.bias.data.zero_()
            elif isinstance(m, nn.BatchNorm2d):
                init.constant_(m.weight, 1); init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                init.xavier_uniform_(m.weight)

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), -1)
        return self.classifier(x)


def vgg9():
    return VGG(CONFIGS[9])

def vgg16(pretrained=False, **kwargs):
    if pretrained:
        raise RuntimeError('no weights for these')
    return VGG(CONFIGS[16], **kwargs)
