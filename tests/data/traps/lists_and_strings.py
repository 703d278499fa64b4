import torch.nn as nn

cfg = '64-M-128-M'.replace('64', '8').split('-')
layers, c = [], 1
for token in cfg:
    if token.isdigit():
        layers.append(('conv' + token, nn.Conv2d(c, int(token), 3, padding=1)))
        c = int(token)
    elif token.upper() == 'M':
        layers.append(('pool_%02d' % len(layers), nn.MaxPool2d(2)))
names = [name for name, _ in layers]
layers.insert(1, ('relu', nn.ReLU()))
layers[2], layers[1] = layers[1], layers[2]
extra = layers.pop(0)
layers = [extra] + layers[::1]
model = nn.Sequential()
for name, layer in layers:
    model.add_module('{}_{n:>02}'.format(name, n=names.count(name) + c // 100), layer)
widths = sum([[w] * n for w, n in ((2, 1), (3, 2))], [])
widths.sort(reverse=True)
widths.extend(range(widths.index(2), 0, -1))
head = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(widths, widths[1:]) if a >= b > 0])
