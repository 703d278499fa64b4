# Edges at several scales, all as large as the image, and what they give together.
import torch
import torch.nn as nn
import torch.nn.functional as F


class HED(nn.Module):
    def __init__(self):
        super(HED, self).__init__()
        def make(i, o, n):
            layers = []
            for _ in range(n):
                layers += [nn.Conv2d(i, o, 3, padding=1), nn.ReLU(inplace=True)]
                i = o
            return nn.Sequential(*layers)
        self.stage1 = make(3, 32, 2)
        self.stage2 = make(32, 64, 2)
        self.stage3 = make(64, 128, 3)
        for i, c in zip('123', (32, 64, 128)):
            setattr(self, 'side' + i, nn.Conv2d(c, 1, 1))
        self.fuse = nn.Conv2d(3, 1, 1)

    def forward(self, img):
        h, w = img.shape[2:]
        x1 = self.stage1(img)
        x2 = self.stage2(F.max_pool2d(x1, 2, 2, ceil_mode=True))
        x3 = self.stage3(F.max_pool2d(x2, 2, 2, ceil_mode=True))
        sides = [self.side1(x1), self.side2(x2), self.side3(x3)]
        sides = [F.interpolate(s, (h, w), mode='bilinear', align_corners=False) for s in sides]
        fused = self.fuse(torch.cat(sides, 1))
        return [torch.sigmoid(s) for s in sides], torch.sigmoid(fused)
