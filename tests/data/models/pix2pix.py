import torch
import torch.nn as nn
from functools import partial


class SkipBlock(nn.Module):
    """A U-Net is a block in a block in a block:

        down ----- [inner] ----- up
         |__________________________| cat
    """

    def __init__(self, outer, inner_width, inside=None, c_in=None, outermost=False, drop=False,
                 norm=partial(nn.BatchNorm2d, momentum=0.2)):
        super().__init__()
        self.outermost = outermost
        c_in = outer if c_in is None else c_in
        down = nn.Conv2d(c_in, inner_width, kernel_size=4, stride=2, padding=1, bias=False)
        if outermost:
            up = nn.ConvTranspose2d(inner_width * 2, outer, 4, 2, 1)
            model = [down, inside, nn.ReLU(True), up, nn.Tanh()]
        elif inside is None:
            up = nn.ConvTranspose2d(inner_width, outer, 4, 2, 1, bias=False)
            model = [nn.LeakyReLU(0.2, True), down, nn.ReLU(True), up, norm(outer)]
        else:
            up = nn.ConvTranspose2d(inner_width * 2, outer, 4, 2, 1, bias=False)
            model = [nn.LeakyReLU(0.2, False), down, norm(inner_width), inside, nn.ReLU(True), up, norm(outer)]
            if drop:
                model = model + [nn.Dropout(0.5)]
        self.model = nn.Sequential(*model)

    def forward(self, x):
        if self.outermost:
            return self.model(x)
        return torch.cat([x, self.model(x)], 1)


class UnetGenerator(nn.Module):
    def __init__(self, input_nc, output_nc, num_downs, ngf=32):
        super().__init__()
        block = SkipBlock(ngf * 8, ngf * 8)         # innermost
        for _ in range(num_downs - 5):
            block = SkipBlock(ngf * 8, ngf * 8, block, drop=True)
        for m in (4, 2, 1):
            block = SkipBlock(ngf * m, ngf * m * 2, block)
        self.model = SkipBlock(output_nc, ngf, block, c_in=input_nc, outermost=True)

    def forward(self, input):
        return self.model(input)
