from collections import OrderedDict, defaultdict, Counter

import torch.nn as nn

sizes = {'b': 8, 'a': 16, 'c': 4}
sizes['a'] = 6                  # keeps its place
del sizes['b']
sizes['b'] = 5                  # comes last now
layers, width = OrderedDict(), 3
for name, size in sizes.items():
    layers[name] = nn.Linear(width, size)
    width = size
in_order = nn.Sequential(layers)

width, layers = 3, {}
for name in sorted(sizes, key=lambda n: (-sizes[n], n)):
    layers[f'fc_{name}'] = nn.Linear(width, sizes[name])
    width = sizes[name]
by_size = nn.Sequential(OrderedDict(layers))

merged = {**sizes, 'a': 7, **dict(d=2)} | {'c': 9}
groups = defaultdict(list)
for name, size in merged.items():
    groups[size % 2].append(size)
groups[0].extend(groups.pop(1))
count = Counter('abracadabra')
width, steps = count['a'], []
for size in groups[0]:
    steps.append(nn.Linear(width, size))
    width = size
grouped = nn.Sequential(*steps)
