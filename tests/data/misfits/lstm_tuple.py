import torch.nn as nn

model = nn.Sequential(
    nn.LSTM(10, 32, batch_first=True),
    nn.Linear(32, 16),
    nn.ReLU(),
    nn.Linear(16, 1),
)
