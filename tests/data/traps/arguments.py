import torch.nn as nn


def conv(c, *widths, k=3, act=nn.ReLU, **kw):
    layers = []
    for w in widths:
        layers += [nn.Conv2d(c, w, k, **kw), act()]
        c = w
    return layers


options = {'k': 5, 'bias': False}
options |= dict(stride=2)
a, *middle, b = [3, 8, 16, 24]
model = nn.Sequential(
    *conv(a, *middle, **options),
    *conv(16, b, act=lambda: nn.Hardtanh(0, 1), k=1),
    *[], *conv(b, 4, padding='same', padding_mode='reflect'),
)


def positional(width, /, depth, *, out=2):
    return nn.Sequential(*[nn.Linear(width, width)] * depth, nn.Linear(width, out))


stack = positional(5, depth=2)
(p, q), [r] = (4, 5), [6]
chain = nn.Sequential(nn.Linear(p, q), nn.Linear(q, r), nn.Linear(r, (s := p + r)), nn.Linear(s, s))
