#!/usr/bin/env python
# -*- coding: utf-8 -*-
from __future__ import print_function
import argparse
import os
import random

import torch
import torch.nn as nn
import torch.backends.cudnn as cudnn
import torch.optim as optim

parser = argparse.ArgumentParser(description="DCGAN on faces")
parser.add_argument('--data', default='./faces')
parser.add_argument('--out', default='.', help='where samples go')
parser.add_argument('--batchSize', type=int, default=128)
parser.add_argument('--imageSize', type=int, default=64)
parser.add_argument('--nz', type=int, default=100, help='latent vector')
parser.add_argument('--ngf', type=int, default=64)
parser.add_argument('--ndf', type=int, default=64)
parser.add_argument('--lr', type=float, default=2e-4)
parser.add_argument('--ngpu', type=int, default=1)
parser.add_argument('--cuda', action='store_true')
parser.add_argument('--netG', default='', help='checkpoint to go on from')
parser.add_argument('--seed', type=int)
opt = parser.parse_args()
print(opt)

os.makedirs(opt.out, exist_ok=True)
if opt.seed is None:
    opt.seed = random.randint(1, 9999)
random.seed(opt.seed)
torch.manual_seed(opt.seed)
cudnn.benchmark = True
device = torch.device('cuda:0' if opt.cuda else 'cpu')

nz, ngf, ndf, nc = int(opt.nz), int(opt.ngf), int(opt.ndf), 3


def init_weights(m):
    name = m.__class__.__name__
    if 'Conv' in name:
        m.weight.data.normal_(0.0, 0.02)
    elif name.find('BatchNorm') != -1:
        m.weight.data.normal_(1.0, 0.02)
        m.bias.data.fill_(0)


class _NetG(nn.Module):
    def __init__(self, ngpu):
        super(_NetG, self).__init__()
        self.ngpu = ngpu
        # 1 -> 4, then twice as large each time
        layers = [nn.ConvTranspose2d(nz, ngf * 8, 4, 1, 0, bias=False),
                  nn.BatchNorm2d(ngf * 8), nn.ReLU(True)]
        mult = 8
        while mult > 1:
            layers += [nn.ConvTranspose2d(ngf * mult, ngf * mult // 2, 4, 2, 1, bias=False),
                       nn.BatchNorm2d(ngf * mult // 2),
                       nn.ReLU(True)]
            mult //= 2
        layers += [nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, z):
        if z.is_cuda and self.ngpu > 1:
            return nn.parallel.data_parallel(self.main, z, range(self.ngpu))
        return self.main(z)


class _NetD(nn.Module):
    def __init__(self, ngpu):
        super(_NetD, self).__init__()
        self.ngpu = ngpu
        self.main = nn.Sequential(
            nn.Conv2d(nc, ndf, 4, 2, 1, bias=False),            # 64 -> 32
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf,     ndf * 2, 4, 2, 1, bias=False),   # 32 -> 16
            nn.BatchNorm2d(ndf * 2),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 2, ndf * 4, 4, 2, 1, bias=False),   # 16 -> 8
            nn.BatchNorm2d(ndf * 4),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 4, ndf * 8, 4, 2, 1, bias=False),   # 8 -> 4
            nn.BatchNorm2d(ndf * 8),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 8,       1, 4, 1, 0, bias=False),   # 4 -> 1
            nn.Sigmoid(),
        )

    def forward(self, img):
        out = self.main(img)
        return out.view(-1, 1).squeeze(1)


netG = _NetG(opt.ngpu).to(device)
netG.apply(init_weights)
if opt.netG != '':
    netG.load_state_dict(torch.load(opt.netG))
print(netG)

netD = _NetD(opt.ngpu).to(device)
netD.apply(init_weights)

bce = nn.BCELoss()
noise = torch.randn(opt.batchSize, nz, 1, 1, device=device)
optD = optim.Adam(netD.parameters(), lr=opt.lr, betas=(0.5, 0.999))
optG = optim.Adam(netG.parameters(), lr=opt.lr, betas=(0.5, 0.999))
