import torch
from torch import nn


class Node(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, padding=1)
        self.bn = nn.BatchNorm2d(o)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, *parts):
        return self.relu(self.bn(self.conv(torch.cat(parts, 1))))


class NestedUNet(nn.Module):
    """U-Net++: node (i, j) sees all nodes of its row and the one below.
    With deep supervision a list of as many masks as columns comes out.
    """

    def __init__(self, num_classes, input_channels=3, widths=(16, 32, 64, 96), deep_supervision=False):
        super().__init__()
        self.deep_supervision = deep_supervision
        self.depth = len(widths)
        self.pool = nn.MaxPool2d(2, 2)
        self.up = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
        self.nodes = nn.ModuleDict()
        for j in range(self.depth):
            for i in range(self.depth - j):
                if j == 0:
                    c = input_channels if i == 0 else widths[i - 1]
                else:
                    c = widths[i] * j + widths[i + 1]
                self.nodes['x%d_%d' % (i, j)] = Node(c, widths[i])
        finals = self.depth - 1 if deep_supervision else 1
        self.final = nn.ModuleList([nn.Conv2d(widths[0], num_classes, kernel_size=1) for _ in range(finals)])

    def forward(self, input):
        x = {}
        for j in range(self.depth):
            for i in range(self.depth - j):
                node = self.nodes[f'x{i}_{j}']
                if j > 0:
                    row = [x[i, k] for k in range(j)]
                    x[i, j] = node(*row, self.up(x[i + 1, j - 1]))
                else:
                    x[i, j] = node(self.pool(x[i - 1, 0]) if i else input)
        if self.deep_supervision:
            return [final(x[0, j + 1]) for j, final in enumerate(self.final)]
        return self.final[0](x[0, self.depth - 1])
