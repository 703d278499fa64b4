import torch.nn as nn


class TimePool(nn.Module):
    def __init__(self, features=40, hidden=64):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 3)

    def forward(self, x):
        out, _ = self.lstm(x)
        b, t, c, _ = out.shape
        return self.fc(out.reshape(b, t * c // t)[:, :c])
