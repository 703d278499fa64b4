import torch.nn as nn

net = nn.Sequential(
    nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Sequential(nn.Conv2d(16, 32, 3), nn.BatchNorm2d(32, affine=False), nn.ReLU()),
    nn.Conv2d(32, 8, 1),
)


def swap(module):
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, nn.GroupNorm(4, child.num_features))


net.apply(swap)
