import json
import torch.nn as nn

with open('config.json') as f:
    config = json.load(f)

model = nn.Sequential(nn.Linear(10, config['hidden']), nn.ReLU(), nn.Linear(config['hidden'], 2))
