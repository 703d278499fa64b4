"""Linear layers that don't take what is flattened before them."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.fc1 = nn.Linear(500, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = torch.flatten(x, 1)
        return self.fc2(F.relu(self.fc1(x)))


class Chained(nn.Module):
    def __init__(self, classes=7):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 12, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(24 * 8 * 8, 64), nn.ReLU(),
            nn.Linear(64, classes),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


class Hidden(nn.Module):
    def __init__(self, width=40, hidden=128):
        super().__init__()
        self.first = nn.Linear(width, hidden)
        self.second = nn.Linear(hidden // 2, 10)

    def forward(self, x):
        return self.second(self.first(x).relu())


class Unflattened(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, stride=2, padding=1)
        self.out = nn.Linear(6 * 16 * 16, 5)

    def forward(self, x):
        return self.out(self.conv(x))


class Fixed(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, 2)
        self.fc = nn.Linear(dim, 3)

    def forward(self, x):
        y = self.conv(x).relu()
        return self.fc(y.reshape(y.shape[0], -1))


fixed = Fixed(dim=1000)


class Two(nn.Module):
    """Both the view and the layer behind it have the number of another image size."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 5)
        self.fc = nn.Linear(16 * 10 * 10, 4)

    def forward(self, x):
        x = F.max_pool2d(self.conv(x), 2)
        x = x.view(-1, 16 * 10 * 10)
        return self.fc(x)


class Backbone(nn.Module):
    def __init__(self, dim=96):
        super().__init__()
        self.stem = nn.Conv2d(3, dim, 4, 4)
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim * 2, 10)

    def forward(self, x):
        x = self.stem(x).flatten(2).transpose(1, 2)
        return self.head(self.norm(x).mean(1))


class Recurrent(nn.Module):
    def __init__(self, inputs=12, hidden=20):
        super().__init__()
        self.rnn = nn.LSTM(inputs, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(hidden, 4)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1])
