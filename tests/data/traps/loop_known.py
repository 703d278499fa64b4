import torch.nn as nn

width, depth = 8, 0
layers = []
for depth in range(3):
    layers += [nn.Linear(width, width * 2), nn.ReLU()]
    width *= 2
print(f'{depth + 1} layers')
layers.append(nn.Linear(width, depth))
model = nn.Sequential(*layers)
