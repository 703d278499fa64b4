import torch.nn as nn


class SpectrogramNet(nn.Module):
    """Expects (batch, mel bands, time)"""

    def __init__(self, bands=64, classes=8):
        super().__init__()
        self.conv1 = nn.Conv1d(bands, 128, 5, padding=2)
        self.conv2 = nn.Conv1d(128, 128, 5, padding=2)
        self.pool = nn.AdaptiveAvgPool1d(1)
        self.fc = nn.Linear(128, classes)

    def forward(self, mel):
        x = self.conv1(mel).relu()
        x = self.conv2(x).relu()
        return self.fc(self.pool(x).squeeze(-1))
