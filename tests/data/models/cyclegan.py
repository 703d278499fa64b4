import functools

import torch
import torch.nn as nn


def norm_by_name(name):
    if name == 'batch':
        return functools.partial(nn.BatchNorm2d, momentum=0.05)
    elif name == 'instance':
        return functools.partial(nn.InstanceNorm2d, affine=False)
    elif name == 'none':
        return lambda channels: nn.Identity()
    raise NotImplementedError('a norm called [%s]' % name)


class ResidualBlock(nn.Module):
    def __init__(self, dim, norm, use_bias):
        super(ResidualBlock, self).__init__()
        self.block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(dim, dim, 3, bias=use_bias), norm(dim), nn.ReLU(True),
            nn.ReflectionPad2d(1), nn.Conv2d(dim, dim, 3, bias=use_bias), norm(dim))

    def forward(self, x):
        return x + self.block(x)


class Generator(nn.Module):
    def __init__(self, c_in=3, c_out=3, width=32, n_blocks=4, norm_layer=nn.BatchNorm2d):
        assert(n_blocks >= 0)
        super(Generator, self).__init__()
        # a batch norm has a bias of its own
        kind = norm_layer.func if type(norm_layer) == functools.partial else norm_layer
        use_bias = kind == nn.InstanceNorm2d

        model = [nn.ReflectionPad2d(3), nn.Conv2d(c_in, width, 7, bias=use_bias), norm_layer(width), nn.ReLU(True)]
        for _ in range(2):
            model += [nn.Conv2d(width, width * 2, 3, stride=2, padding=1, bias=use_bias),
                      norm_layer(width * 2), nn.ReLU(True)]
            width *= 2
        model += [ResidualBlock(width, norm_layer, use_bias) for _ in range(n_blocks)]
        for _ in range(2):
            model += [nn.ConvTranspose2d(width, int(width / 2), 3, stride=2, padding=1, output_padding=1, bias=use_bias),
                      norm_layer(int(width / 2)), nn.ReLU(True)]
            width = int(width / 2)
        self.model = nn.Sequential(*model, nn.ReflectionPad2d(3), nn.Conv2d(width, c_out, kernel_size=7), nn.Tanh())

    def forward(self, input):
        return self.model(input)


class PatchDiscriminator(nn.Module):
    """A map of true or false, one for each patch of the pair."""

    def __init__(self, channels=6, width=32, n_layers=3):
        super().__init__()
        widths = [channels] + [width * min(2 ** n, 8) for n in range(n_layers + 1)]
        seq = []
        for n, (a, b) in enumerate(zip(widths[:-1], widths[1:])):
            seq.append(nn.Conv2d(a, b, 4, 2 if n < n_layers else 1, 1))
            if n:
                seq.append(nn.InstanceNorm2d(b))
            seq.append(nn.LeakyReLU(0.2, True))
        self.main = nn.Sequential(*seq, nn.Conv2d(widths[-1], 1, 4, 1, 1))

    def forward(self, a, b):
        return self.main(torch.cat((a, b), 1))


def make_generator(kind='resnet_6', norm='instance'):
    net = None
    if kind.startswith('resnet'):
        net = Generator(norm_layer=norm_by_name(norm), n_blocks=int(kind.split('_')[-1]))
    return net
