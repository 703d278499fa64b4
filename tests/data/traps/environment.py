import os
import torch.nn as nn

WIDTH = int(os.environ.get('MODEL_WIDTH', 32))
model = nn.Sequential(nn.Linear(10, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 2))
