import torch.nn as nn

class Encoder(nn.Module):
    def __init__(self, widths=(32, 64, 128)):
        super().__init__()
        a, b, c = widths
        self.layers = nn.ModuleList([
            nn.Conv2d(3, a, 3, stride=2, padding=1),
            nn.Conv2d(a, b, 3, stride=2, padding=1),
            nn.Conv2d(a, c, 3, stride=2, padding=1),
        ])
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        feats = []
        for i, layer in enumerate(self.layers):
            x = self.act(layer(x))
            feats.append(x)
        return feats
