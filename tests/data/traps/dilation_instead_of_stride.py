# the surgery that segmentation networks do on a classifier
import torch.nn as nn


def dilate(m, d):
    if isinstance(m, nn.Conv2d):
        if m.stride == (2, 2):
            m.stride = (1, 1)
        elif m.kernel_size == (3, 3):
            m.dilation = (d, d)
            m.padding = (d, d)


features = nn.Sequential(
    nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(16, 16, 3, padding=1))

for layer in features[2:]:
    layer.apply(lambda m: dilate(m, 2))

model = features
