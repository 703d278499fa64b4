import torch
import torch.nn as nn

model = nn.Sequential(nn.Linear(6, 4), nn.Flatten(0))
