import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x):                           # B, 2, 13, 17
        return (
            F.interpolate(x, scale_factor=1.3),
            F.interpolate(x, scale_factor=(0.5, 2)),
            F.interpolate(x, size=7),
            F.interpolate(x, size=(3, 40), mode='bicubic'),
            F.interpolate(x, scale_factor=0.77, recompute_scale_factor=True, mode='bilinear'),
            F.max_pool2d(x, 3, 2, ceil_mode=True),
            F.max_pool2d(x, 2, 4, ceil_mode=True),
            F.avg_pool2d(x, (2, 3), padding=1, ceil_mode=True),
            F.adaptive_avg_pool2d(x, (None, 4)),
            F.pad(x, (1, 2)),
            F.pad(x, (0, 0, -3, 1)),
            F.pad(x, (1, 1, 2, 2), mode='circular'),
            F.unfold(x, 3, stride=2),
            F.pixel_unshuffle(x[:, :, 1:, 1:], 4),
            F.conv2d(x, torch.ones(4, 1, 3, 3), padding='same', groups=2, dilation=2),
            F.conv_transpose2d(x, torch.ones(2, 5, 3, 3), stride=2, output_padding=1),
        )
