import torch.nn as nn


class Alex(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 16, 5, 4), nn.ReLU(), nn.AdaptiveMaxPool2d(3))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(144, 64), nn.ReLU(), nn.Linear(64, 1000))

    def forward(self, x):
        return self.classifier(self.features(x))


net = Alex()
net.classifier[-1] = nn.Linear(net.classifier[3].in_features, 7)
net.features[0] = nn.Conv2d(1, 16, kernel_size=net.features[0].kernel_size, stride=2)
net.classifier.append(nn.LogSoftmax(1))
