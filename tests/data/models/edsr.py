import math

import torch
import torch.nn as nn


def same_conv(i, o, k, bias=True):
    return nn.Conv2d(i, o, k, padding=(k//2), bias=bias)


class MeanShift(nn.Conv2d):
    """Takes the mean of the data off (or puts it back); it isn't learnt."""
    def __init__(self, mean=(0.45, 0.44, 0.40), std=(1.0, 1.0, 1.0), sign=-1):
        super(MeanShift, self).__init__(3, 3, kernel_size=1)
        std = torch.Tensor(std)
        self.weight.data = torch.eye(3).view(3, 3, 1, 1) / std.view(3, 1, 1, 1)
        self.bias.data = sign * torch.Tensor(mean) / std
        for p in self.parameters():
            p.requires_grad = False


class ResBlock(nn.Module):
    def __init__(self, conv, n_feats, k, act=nn.ReLU(True), res_scale=1):
        super(ResBlock, self).__init__()
        self.body = nn.Sequential(conv(n_feats, n_feats, k), act, conv(n_feats, n_feats, k))
        self.res_scale = res_scale

    def forward(self, x):
        res = self.body(x).mul(self.res_scale)
        res += x
        return res


class Upsampler(nn.Sequential):
    def __init__(self, conv, scale, n_feats):
        m = []
        if (scale & (scale - 1)) == 0:    # a power of two
            for _ in range(int(math.log(scale, 2))):
                m += [conv(n_feats, 4 * n_feats, 3), nn.PixelShuffle(2)]
        elif scale == 3:
            m += [conv(n_feats, 9 * n_feats, 3), nn.PixelShuffle(3)]
        else:
            raise NotImplementedError
        super(Upsampler, self).__init__(*m)


class EDSR(nn.Module):
    def __init__(self, n_resblocks=8, n_feats=64, scale=2, res_scale=0.1, conv=same_conv):
        super(EDSR, self).__init__()
        act = nn.ReLU(True)     # the same for all
        self.sub_mean = MeanShift()
        self.add_mean = MeanShift(sign=1)
        self.head = conv(3, n_feats, 3)
        body = [ResBlock(conv, n_feats, 3, act=act, res_scale=res_scale) for _ in range(n_resblocks)]
        body.append(conv(n_feats, n_feats, 3))
        self.body = nn.Sequential(*body)
        self.tail = nn.Sequential(Upsampler(conv, scale, n_feats), conv(n_feats, 3, 3))

    def forward(self, x):
        x = self.head(self.sub_mean(x))
        res = self.body(x)
        res += x
        return self.add_mean(self.tail(res))
