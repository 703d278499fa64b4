# in_channels is only a note: the weight still has three
import torch.nn as nn

model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1))
model[0].in_channels = 1
model[2].out_channels = 40
