"""What a U-Net is made of."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class TwoConvs(nn.Module):
    """3x3 convolution, norm, ReLU; twice."""

    def __init__(self, c_in, c_out, c_mid=None):
        super().__init__()
        c_mid = c_mid or c_out
        self.block = nn.Sequential(
            nn.Conv2d(c_in, c_mid, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(c_mid),
            nn.ReLU(inplace=True),
            nn.Conv2d(c_mid, c_out, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(c_out),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.block(x)


class Encoder(nn.Sequential):
    def __init__(self, c_in, c_out):
        super().__init__(nn.MaxPool2d(2), TwoConvs(c_in, c_out))


class Decoder(nn.Module):
    def __init__(self, c_in, c_out, bilinear=True):
        super().__init__()
        if bilinear:
            # no weights here, so the convolutions narrow down
            self.up = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
            self.conv = TwoConvs(c_in, c_out, c_in // 2)
        else:
            self.up = nn.ConvTranspose2d(c_in, c_in // 2, kernel_size=2, stride=2)
            self.conv = TwoConvs(c_in, c_out)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        # an odd size lost a row or column when it was pooled
        dy = x2.size()[2] - x1.size()[2]
        dx = x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return self.conv(torch.cat([x2, x1], dim=1))
