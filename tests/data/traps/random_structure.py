import random
import torch.nn as nn

random.seed(3)
layers, width = [], 16
for _ in range(random.randint(1, 4)):
    layers += [nn.Linear(width, width), nn.ReLU()]
model = nn.Sequential(*layers)
