from torch import nn

# kernel sizes and channels from a blog
net = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(),
    nn.AvgPool2d(2, 2),
    nn.Conv2d(6, 16, 5), nn.ReLU(),
    nn.AvgPool2d(2, 2),
    nn.Linear(16 * 5 * 5, 120), nn.ReLU(),
    nn.Flatten(),
    nn.Linear(120, 84), nn.ReLU(),
    nn.Linear(84, 10),
)
