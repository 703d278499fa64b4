import torch
from torch import nn


def conv_relu(i, o, k, **kw):
    return nn.Sequential(nn.Conv2d(i, o, k, **kw), nn.BatchNorm2d(o, eps=1e-3), nn.ReLU(True))


class inception(nn.Module):
    # n1, n3, n5: output of each branch; r3, r5: what they are reduced to first
    def __init__(self, c, n1, r3, n3, r5, n5, pool, **kwargs):
        super(inception, self).__init__(**kwargs)
        self.branch1 = conv_relu(c, n1, 1)
        self.branch2 = nn.Sequential(conv_relu(c, r3, 1), conv_relu(r3, n3, 3, padding=1))
        self.branch3 = nn.Sequential(conv_relu(c, r5, 1), conv_relu(r5, n5, 5, padding=2))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv_relu(c, pool, 1))
        self.width = n1 + n3 + n5 + pool

    def forward(self, x):
        branches = [getattr(self, 'branch%d' % i) for i in range(1, 5)]
        return torch.cat([b(x) for b in branches], dim=1)


class GoogLeNet(nn.Module):
    def __init__(self, in_channel=3, num_classes=10, verbose=False, aux=False):
        super(GoogLeNet, self).__init__()
        self.verbose = verbose
        self.aux = aux
        self.block1 = nn.Sequential(conv_relu(in_channel, 64, 7, stride=2, padding=3), nn.MaxPool2d(3, 2))
        self.block2 = nn.Sequential(conv_relu(64, 64, 1), conv_relu(64, 160, 3, padding=1), nn.MaxPool2d(3, 2))

        table = [(56, 64, 96, 16, 32, 32), 'pool',
                 (96, 64, 128, 16, 48, 48), (96, 80, 144, 24, 64, 48), 'pool',
                 (128, 96, 192, 32, 64, 64)]
        width, modules = 160, []
        for row in table:
            if isinstance(row, str):
                modules.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
            else:
                modules.append(inception(width, *row))
                width = modules[-1].width
        self.block3 = nn.Sequential(*modules)
        if aux:
            self.aux_head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, num_classes))
        self.classifier = nn.Linear(width, num_classes)

    def forward(self, x):
        for i in range(1, 4):
            x = getattr(self, 'block{}'.format(i))(x)
            if self.verbose:
                print('block {} output: {}'.format(i, x.shape))
        logits = self.classifier(x.amax(dim=(-2, -1)))
        if self.training and self.aux:
            return logits, self.aux_head(x)
        return logits
