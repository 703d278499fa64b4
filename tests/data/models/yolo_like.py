import torch
import torch.nn as nn
from collections import OrderedDict


def conv_block(in_c, out_c, k=3):
    return nn.Sequential(OrderedDict([
        ("conv", nn.Conv2d(in_c, out_c, k, 1, (k - 1) // 2, bias=False)),
        ("bn", nn.BatchNorm2d(out_c)),
        ("leaky", nn.LeakyReLU(0.1, inplace=True)),
    ]))


class Reorg(nn.Module):
    """Every square of pixels becomes channels."""
    def __init__(self, stride=2):
        super(Reorg, self).__init__()
        self.stride = stride

    def forward(self, x):
        B, C, H, W = x.data.size()
        s = self.stride
        x = x.view(B, C, int(H / s), s, int(W / s), s).transpose(3, 4).contiguous()
        x = x.view(B, C, int(H / s * W / s), s * s).transpose(2, 3).contiguous()
        x = x.view(B, C, s * s, int(H / s), int(W / s)).transpose(1, 2).contiguous()
        return x.view(B, s * s * C, int(H / s), int(W / s))


class YoloLike(nn.Module):
    num_classes = 20
    anchors = [(1.3, 1.7), (3.2, 4.0), (5.1, 8.1), (9.5, 4.8), (11.2, 10.0)]

    def __init__(self, classes=None):
        super(YoloLike, self).__init__()
        if classes:
            self.num_classes = len(classes)
        self.fine = self.darknet([16, 'M', 32, 'M', 64, (32, 1), 64, 'M', 128, (64, 1), 128, 'M', 256, (128, 1), 256], 3)
        self.coarse = self.darknet(['M', 512, (256, 1), 512, 512], 256)
        self.thin = conv_block(256, 32, 1)
        self.reorg = Reorg()
        self.head = nn.Sequential(
            conv_block(512 + 4 * 32, 512),
            nn.Conv2d(512, (5 + self.num_classes) * len(self.anchors), kernel_size=1))

    @staticmethod
    def darknet(cfg, c):
        layers = []
        for item in cfg:
            if item == 'M':
                layers.append(nn.MaxPool2d(2, 2))
                continue
            o, k = item if isinstance(item, tuple) else (item, 3)
            layers.append(conv_block(c, o, k))
            c = o
        return nn.Sequential(*layers)

    def forward(self, x):
        fine = self.fine(x)
        x = torch.cat([self.reorg(self.thin(fine)), self.coarse(fine)], dim=1)
        out = self.head(x)

        B, _, h, w = out.size()
        out = out.permute(0, 2, 3, 1).contiguous().view(B, h * w * len(self.anchors), 5 + self.num_classes)
        xy, wh = torch.sigmoid(out[:, :, 0:2]), torch.exp(out[:, :, 2:4])
        sure = torch.sigmoid(out[..., 4:5])
        classes = torch.softmax(out[:, :, 5:], dim=-1)
        return torch.cat([xy, wh], dim=-1), sure, classes
