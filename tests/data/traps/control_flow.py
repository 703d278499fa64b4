import torch.nn as nn


def make(size=50, c=3):
    layers = []
    while size > 4:
        if size % 2:
            layers.append(nn.ZeroPad2d((0, 1, 0, 1)))
            size += 1
            continue
        layers.append(nn.Conv2d(c, c * 2, 2, 2))
        c, size = c * 2, size // 2
        if c > 40:
            break
    else:
        layers.append(nn.Conv2d(c, 1, 1))
    for k in range(3, 10):
        if c % k == 0:
            break
    else:
        k = 1
    assert layers, 'nothing to do'
    n = sum(1 for layer in layers if isinstance(layer, nn.Conv2d))
    return nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(k)), n


model, n = make()
small, _ = make(size=20)
