import torch
import torch.nn as nn


class CausalConv2d(nn.Conv2d):
    """Sees what is above and left of a pixel; the pixel itself only if `center`."""
    def __init__(self, *args, center=True, **kwargs):
        super(CausalConv2d, self).__init__(*args, **kwargs)
        kh, kw = self.kernel_size
        mask = torch.ones_like(self.weight)
        mask[:, :, kh // 2, kw // 2 + int(center):] = 0
        mask[..., kh // 2 + 1:, :] = 0
        self.register_buffer('mask', mask)

    def forward(self, x):
        self.weight.data *= self.mask
        return super(CausalConv2d, self).forward(x)


width = 32
layers = [CausalConv2d(1, width, 7, padding=3, center=False)]
for _ in range(3):
    layers += [nn.BatchNorm2d(width), nn.ReLU(True), CausalConv2d(width, width, 5, 1, 2, bias=False)]
layers.append(nn.Conv2d(width, 256, 1))
net = nn.Sequential(*layers)
