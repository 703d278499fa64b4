import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class TimeDistributed(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        b, t = x.size(0), x.size(1)
        y = self.module(x.reshape(b * t, *x.shape[2:]))
        return y.reshape(b, t, *y.shape[1:])


def out_size(img, kernel, stride, pad=(0, 0)):
    # the size after a convolution
    return tuple(math.floor((n + 2 * p - (k - 1) - 1) / s + 1)
                 for n, k, s, p in zip(img, kernel, stride, pad))


class FrameEncoder(nn.Module):
    """One frame after the other through a small CNN."""

    def __init__(self, height=90, width=120, embed=200, drop_p=0.3):
        super(FrameEncoder, self).__init__()
        self.k1, self.k2, self.k3 = (5, 5), (3, 3), (3, 3)      # kernels
        self.s1, self.s2, self.s3 = (2, 2), (2, 2), (2, 2)      # strides
        self.drop_p = drop_p
        size = (height, width)
        for k, s in ((self.k1, self.s1), (self.k2, self.s2), (self.k3, self.s3)):
            size = out_size(size, k, s)
        self.conv1 = nn.Sequential(nn.Conv2d(3, 16, self.k1, self.s1), nn.BatchNorm2d(16, momentum=0.01), nn.ReLU(inplace=True))
        self.conv2 = nn.Sequential(nn.Conv2d(16, 32, self.k2, self.s2), nn.BatchNorm2d(32, momentum=0.01), nn.ReLU(inplace=True))
        self.conv3 = nn.Sequential(nn.Conv2d(32, 64, self.k3, self.s3), nn.BatchNorm2d(64, momentum=0.01), nn.ReLU(inplace=True))
        self.fc1 = nn.Linear(64 * size[0] * size[1], 256)
        self.fc2 = nn.Linear(256, embed)

    def forward(self, video):
        seq = []
        for t in range(video.size(1)):
            x = self.conv3(self.conv2(self.conv1(video[:, t, :, :, :])))
            x = x.view(x.size(0), -1)
            x = F.relu(self.fc1(x))
            x = F.dropout(x, p=self.drop_p, training=self.training)
            seq.append(self.fc2(x))
        # (time, sample, features) -> (sample, time, features)
        return torch.stack(seq, dim=0).transpose_(0, 1)


class ActionNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = FrameEncoder(embed=150)
        self.decoder = nn.LSTM(input_size=150, hidden_size=128, num_layers=3, batch_first=True)
        self.fc1, self.fc2 = nn.Linear(128, 64), nn.Linear(64, 101)

    def forward(self, x):
        out, _ = self.decoder(self.encoder(x), None)
        return self.fc2(F.relu(self.fc1(out[:, -1, :])))


class VideoClassifier(nn.Module):
    """(B, T, C, H, W) -> classes"""

    def __init__(self, num_classes=6, hidden=128):
        super().__init__()
        backbone = nn.Sequential(
            nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )
        self.cnn = TimeDistributed(backbone)
        self.lstm = nn.LSTM(32 * 4, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, num_classes)

    def forward(self, x):
        features = self.cnn(x)
        self.lstm.flatten_parameters()
        r_out, (h_n, h_c) = self.lstm(features)
        return self.fc(r_out[:, -1])
