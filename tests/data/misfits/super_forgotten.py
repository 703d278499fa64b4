import torch.nn as nn


class Classifier(nn.Module):
    def __init__(self, n_features, n_classes):
        self.n_classes = n_classes
        self.fc1 = nn.Linear(n_features, 64)
        self.fc2 = nn.Linear(64, n_classes)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.fc2(self.relu(self.fc1(x)))


model = Classifier(n_features=13, n_classes=3)
