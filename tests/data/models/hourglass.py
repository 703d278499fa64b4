import torch
import torch.nn as nn


class Residual(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        half = o // 2
        self.skip = None if i == o else nn.Conv2d(i, o, 1)
        self.body = nn.Sequential()
        for n, (a, b, k) in enumerate([(i, half, 1), (half, half, 3), (half, o, 1)]):
            self.body.append(nn.BatchNorm2d(a))
            self.body.append(nn.ReLU())
            self.body.append(nn.Conv2d(a, b, k, padding=k // 2))

    def forward(self, x):
        return self.body(x) + (x if self.skip is None else self.skip(x))


class Hourglass(nn.Module):
    """Two ways: one stays as large as it is, one goes down and through a smaller hourglass."""
    def __init__(self, levels, width, wider=0):
        super(Hourglass, self).__init__()
        inner = width + wider
        self.stay = Residual(width, width)
        self.down = nn.Sequential(nn.MaxPool2d(2, 2), Residual(width, inner))
        self.inside = Hourglass(levels - 1, inner) if levels > 1 else Residual(inner, inner)
        self.up = nn.Sequential(Residual(inner, width), nn.Upsample(scale_factor=2, mode='nearest'))

    def forward(self, x):
        return self.stay(x) + self.up(self.inside(self.down(x)))


class PoseNet(nn.Module):
    def __init__(self, stacks=2, width=64, joints=16):
        super().__init__()
        w = width
        self.stacks = stacks
        self.pre = nn.Sequential(nn.Conv2d(3, w // 2, 7, 2, 3), Residual(w // 2, w), nn.MaxPool2d(2, 2))
        self.glasses = nn.ModuleList([nn.Sequential(Hourglass(3, w, 32), nn.Conv2d(w, w, 1), nn.ReLU()) for _ in range(stacks)])
        self.outs = nn.ModuleList([nn.Conv2d(w, joints, 1) for i in range(stacks)])
        self.back = nn.ModuleList([nn.ModuleList([nn.Conv2d(w, w, 1), nn.Conv2d(joints, w, 1)])
                                   for i in range(stacks - 1)])

    def forward(self, imgs):
        x, poses = self.pre(imgs), []
        for i in range(self.stacks):
            features = self.glasses[i](x)
            poses.append(self.outs[i](features))
            if i < self.stacks - 1:
                a, b = self.back[i]
                x = x + a(features) + b(poses[-1])
        return torch.stack(poses, 1)
