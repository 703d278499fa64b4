import argparse
import math

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=200)
parser.add_argument("--latent_dim", type=int, default=100, help="size of the noise")
parser.add_argument("--n_classes", type=int, default=10)
parser.add_argument("--img_size", type=int, default=32)
parser.add_argument("--channels", type=int, default=1)
parser.add_argument("--width", type=int, default=128)
opt = parser.parse_args()

img_shape = (opt.channels, opt.img_size, opt.img_size)
img_numel = math.prod(img_shape)
cuda = True if torch.cuda.is_available() else False


class Generator(nn.Module):
    def __init__(self):
        super(Generator, self).__init__()
        self.label_emb = nn.Embedding(opt.n_classes, opt.n_classes)

        def block(i, o, norm=True):
            stack = [nn.Linear(i, o)]
            if norm:
                stack.append(nn.BatchNorm1d(o, 0.8))
            stack.append(nn.LeakyReLU(0.2, inplace=True))
            return stack

        w = opt.width
        self.model = nn.Sequential(
            *block(opt.latent_dim + opt.n_classes, w, norm=False),
            *block(w, 2 * w),
            *block(2 * w, 4 * w),
            nn.Linear(4 * w, img_numel),
            nn.Tanh()
        )

    def forward(self, noise, labels):
        condition = self.label_emb(labels)
        x = self.model(torch.cat((condition, noise), -1))
        return x.view(x.size(0), *img_shape)


class Discriminator(nn.Module):
    def __init__(self):
        super(Discriminator, self).__init__()
        self.label_emb = nn.Embedding(opt.n_classes, opt.n_classes)
        self.net = nn.Sequential(
            nn.Linear(opt.n_classes + img_numel, 512), nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(512, 256), nn.Dropout(0.4), nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(256, 1),
        )

    def forward(self, img, labels):
        flat = img.view(img.size(0), -1)
        return self.net(torch.cat((flat, self.label_emb(labels)), -1))


generator = Generator()
discriminator = Discriminator()
mse = torch.nn.MSELoss()

if cuda:
    generator.cuda()
    discriminator.cuda()
    mse.cuda()
