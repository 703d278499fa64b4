import torch.nn as nn

hidden = int(input('How many hidden units? '))
model = nn.Sequential(nn.Linear(10, hidden), nn.ReLU(), nn.Linear(hidden, 2))
