from .blocks import *
from . import settings


class UNet(nn.Module):
    def __init__(self, n_channels, n_classes, bilinear=False, base=settings.BASE):
        super(UNet, self).__init__()
        self.n_classes = n_classes
        half = 2 if bilinear else 1

        self.stem = TwoConvs(n_channels, base)
        self.enc1 = Encoder(base, base * 2)
        self.enc2 = Encoder(base * 2, base * 4)
        self.enc3 = Encoder(base * 4, base * 8)
        self.enc4 = Encoder(base * 8, base * 16 // half)
        self.dec4 = Decoder(base * 16, base * 8 // half, bilinear)
        self.dec3 = Decoder(base * 8, base * 4 // half, bilinear)
        self.dec2 = Decoder(base * 4, base * 2 // half, bilinear)
        self.dec1 = Decoder(base * 2, base, bilinear)
        self.head = nn.Conv2d(base, n_classes, kernel_size=1)

    def forward(self, x):
        s1 = self.stem(x)
        s2 = self.enc1(s1)
        s3 = self.enc2(s2)
        s4 = self.enc3(s3)
        x = self.enc4(s4)
        for dec, skip in ((self.dec4, s4), (self.dec3, s3), (self.dec2, s2), (self.dec1, s1)):
            x = dec(x, skip)
        return self.head(x)
