import torch.nn as nn


def features():
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU())


class Perceptual(nn.Module):
    """Parts of a network that exists already, as in feature losses."""

    def __init__(self):
        super().__init__()
        vgg = features()
        self.slice1 = nn.Sequential()
        self.slice2 = nn.Sequential()
        for x in range(2):
            self.slice1.add_module(str(x), vgg[x])
        for x in range(2, 5):
            self.slice2.add_module(str(x), vgg[x])
        for param in self.parameters():
            param.requires_grad = False
        self.all = vgg
        self.without_last = nn.Sequential(*list(vgg.children())[:-1])

    def forward(self, x):
        a = self.slice1(x)
        b = self.slice2(a)
        return a, b, self.without_last(x)
