import torch
import torch.nn as nn

cfg = [64, 'M', 128, 'M', 256, 'M', 512, 'M', 512, 'M']


class VGG(nn.Module):
    def __init__(self):
        super().__init__()
        layers, c = [], 1
        for v in cfg:
            if v == 'M':
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers.extend([nn.Conv2d(c, v, 3, padding=1), nn.BatchNorm2d(v), nn.ReLU(True)])
                c = v
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, 10)

    def forward(self, x):
        out = self.features(x)
        out = torch.flatten(out, 1)
        return self.classifier(out)


# Fashion-MNIST: 28 x 28
model = VGG()
