import torch.nn as nn


class SuperRes(nn.Module):
    def __init__(self, upscale_factor=2, channels=3):
        super(SuperRes, self).__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(channels, 64, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(64, 32, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(32, channels * upscale_factor, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        return self.pixel_shuffle(self.conv3(x))
