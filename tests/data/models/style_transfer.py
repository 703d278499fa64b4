import torch


class StyleNet(torch.nn.Module):
    """Down, residual blocks, up; the size of the image stays if it divides by four."""

    def __init__(self, width=32, residuals=5):
        super(StyleNet, self).__init__()
        self.encode = torch.nn.Sequential(
            PaddedConv(3, width, kernel_size=9, stride=1), norm(width), torch.nn.ReLU(),
            PaddedConv(width, 2 * width, kernel_size=3, stride=2), norm(2 * width), torch.nn.ReLU(),
            PaddedConv(2 * width, 4 * width, kernel_size=3, stride=2), norm(4 * width), torch.nn.ReLU(),
        )
        for i in range(residuals):
            setattr(self, 'res{}'.format(i + 1), Residual(4 * width))
        self.residuals = residuals
        self.up1 = PaddedConv(4 * width, 2 * width, 3, 1, upsample=2)
        self.in1 = norm(2 * width)
        self.up2 = PaddedConv(2 * width, width, 3, 1, upsample=2)
        self.in2 = norm(width)
        self.last = PaddedConv(width, 3, kernel_size=9, stride=1)
        self.relu = torch.nn.ReLU()

    def forward(self, X):
        y = self.encode(X)
        for i in range(self.residuals):
            y = self._modules['res%d' % (i + 1)](y)
        y = self.relu(self.in1(self.up1(y)))
        y = self.relu(self.in2(self.up2(y)))
        return self.last(y)


def norm(channels):
    return torch.nn.InstanceNorm2d(channels, affine=True)


class PaddedConv(torch.nn.Module):
    def __init__(self, i, o, kernel_size, stride, upsample=None):
        super(PaddedConv, self).__init__()
        self.upsample = upsample
        self.pad = torch.nn.ReflectionPad2d(kernel_size // 2)
        self.conv = torch.nn.Conv2d(i, o, kernel_size, stride)

    def forward(self, x):
        if self.upsample:
            x = torch.nn.functional.interpolate(x, mode='nearest', scale_factor=self.upsample)
        return self.conv(self.pad(x))


class Residual(torch.nn.Module):
    def __init__(self, channels):
        super(Residual, self).__init__()
        self.a, self.a_norm = PaddedConv(channels, channels, 3, 1), norm(channels)
        self.b, self.b_norm = PaddedConv(channels, channels, 3, 1), norm(channels)

    def forward(self, x):
        out = torch.relu(self.a_norm(self.a(x)))
        return x + self.b_norm(self.b(out))
