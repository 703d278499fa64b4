import torch
from torch import nn
from torch.nn import functional as F


class ASPPPooling(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        super().__init__(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
            nn.ReLU())

    def forward(self, x):
        size = x.shape[-2:]
        for mod in self:
            x = mod(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


class ASPP(nn.Module):
    """Atrous rates side by side, and the mean of the whole image."""

    def __init__(self, in_channels, rates, out_channels=64):
        super().__init__()
        branches = [nn.Conv2d(in_channels, out_channels, 1, bias=False)]
        branches += [nn.Conv2d(in_channels, out_channels, 3, padding=r, dilation=r, bias=False) for r in tuple(rates)]
        self.convs = nn.ModuleList(nn.Sequential(b, nn.BatchNorm2d(out_channels), nn.ReLU()) for b in branches)
        self.convs.append(ASPPPooling(in_channels, out_channels))
        self.project = nn.Sequential(
            nn.Conv2d(len(self.convs) * out_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels), nn.ReLU(), nn.Dropout(0.5))

    def forward(self, x):
        _res = []
        for conv in self.convs:
            _res.append(conv(x))
        return self.project(torch.cat(_res, dim=1))


class DeepLab(nn.Module):
    def __init__(self, num_classes=21, output_stride=16):
        super().__init__()
        dilate = {8: (2, 4), 16: (1, 2), 32: (1, 1)}[output_stride]

        def layer(i, o, stride=1, dilation=1):
            return nn.Sequential(nn.Conv2d(i, o, 3, stride, dilation, dilation, bias=False),
                                 nn.BatchNorm2d(o), nn.ReLU(inplace=True))

        self.low = nn.Sequential(layer(3, 32, 2), layer(32, 48, 2))
        self.high = nn.Sequential(
            layer(48, 96, 2),
            layer(96, 128, 2 if dilate[0] == 1 else 1, dilate[0]),
            layer(128, 128, 2 if dilate[1] == 1 else 1, dilate[1]))
        self.aspp = ASPP(128, [r * (16 // output_stride or 1) for r in (6, 12, 18)])
        self.reduce = nn.Conv2d(48, 16, 1)
        self.head = nn.Sequential(layer(64 + 16, 64), nn.Conv2d(64, num_classes, 1))

    def forward(self, x):
        input_shape = x.shape[-2:]
        low = self.low(x)
        y = self.aspp(self.high(low))
        y = F.interpolate(y, size=low.shape[2:], mode='bilinear', align_corners=False)
        y = self.head(torch.cat([y, self.reduce(low)], 1))
        return {'out': F.interpolate(y, size=input_shape, mode='bilinear', align_corners=False)}
