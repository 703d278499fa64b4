import torch
import torch.nn as nn
from torch.nn.utils import spectral_norm


class SelfAttn(nn.Module):
    """ f, g: a eighth of the channels; h: all of them """

    def __init__(self, in_dim):
        super(SelfAttn, self).__init__()
        self.f = spectral_norm(nn.Conv1d(in_dim, in_dim // 8, 1))
        self.g = spectral_norm(nn.Conv1d(in_dim, in_dim // 8, 1))
        self.h = spectral_norm(nn.Conv1d(in_dim, in_dim, 1))
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        size = x.size()
        x = x.view(*size[:2], -1)
        f, g, h = self.f(x), self.g(x), self.h(x)
        beta = torch.softmax(torch.bmm(f.permute(0, 2, 1).contiguous(), g), dim=1)
        o = self.gamma * torch.bmm(h, beta) + x
        return o.view(*size).contiguous()


class Critic(nn.Module):
    def __init__(self, image_size=64, conv_dim=32):
        super(Critic, self).__init__()
        layers, dim, channels = [], conv_dim, 3
        size = image_size
        while size > 4:
            layers += [spectral_norm(nn.Conv2d(channels, dim, 4, 2, 1)), nn.LeakyReLU(0.1)]
            size //= 2
            if size in (16, 8):
                layers.append(SelfAttn(dim))
            channels, dim = dim, dim * 2
        self.layers = nn.Sequential(*layers)
        self.last = nn.Conv2d(channels, 1, 4)

    def forward(self, x):
        return self.last(self.layers(x)).squeeze()
