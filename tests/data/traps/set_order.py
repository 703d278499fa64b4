# the order of a set of strings is another one each time
import torch.nn as nn

sizes = {'a': 8, 'b': 16, 'c': 4}
layers, width = [], 3
for name in set(sizes):
    layers.append(nn.Linear(width, sizes[name]))
    width = sizes[name]
model = nn.Sequential(*layers)
