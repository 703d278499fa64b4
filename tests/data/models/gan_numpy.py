import numpy as np
import torch.nn as nn

img_shape = (1, 28, 28)
latent_dim = 64


class Generator(nn.Module):
    def __init__(self):
        super(Generator, self).__init__()
        sizes = [latent_dim, 96, 192]
        hidden = []
        for a, b in zip(sizes, sizes[1:]):
            hidden += [nn.Linear(a, b), nn.BatchNorm1d(b), nn.LeakyReLU(0.2)]
        self.hidden = nn.Sequential(*hidden)
        self.out = nn.Linear(sizes[-1], int(np.prod(img_shape)))

    def forward(self, z):
        img = self.out(self.hidden(z)).tanh()
        return img.view(img.shape[0], *img_shape)
