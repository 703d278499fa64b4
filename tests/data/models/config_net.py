# The whole network stands in CONFIG; parse() makes it.
import torch
import torch.nn as nn

CONFIG = {
    'input': {'channels': 3},
    'backbone': [
        # from, number, module, args
        [-1, 1, 'Conv', [16, 3, 2]],
        [-1, 1, 'Conv', [32, 3, 2]],
        [-1, 2, 'Bottleneck', [32]],
        [-1, 1, 'Conv', [64, 3, 2]],
        [-1, 1, 'nn.Upsample', [None, 2, 'nearest']],
        [[-1, 2], 1, 'Concat', [1]],
        [-1, 1, 'Conv', [48, 1]],
        [-1, 1, 'nn.AdaptiveAvgPool2d', [1]],
        [-1, 1, 'nn.Flatten', []],
        [-1, 1, 'nn.Linear', [48, 10]],
    ],
    'multiple': {'depth': 1.5, 'width': 0.75},
}


def autopad(k, p=None):
    if p is None:
        p = k // 2 if isinstance(k, int) else [x // 2 for x in k]
    return p


class Conv(nn.Module):
    default_act = nn.SiLU()

    def __init__(self, c1, c2, k=1, s=1, p=None, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, k, s, autopad(k, p), groups=g, bias=False)
        self.bn = nn.BatchNorm2d(c2)
        self.act = self.default_act if act is True else act if isinstance(act, nn.Module) else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Bottleneck(nn.Module):
    def __init__(self, c1, c2, shortcut=True, e=0.5):
        super().__init__()
        c_ = int(c2 * e)
        self.cv1 = Conv(c1, c_, 1, 1)
        self.cv2 = Conv(c_, c2, 3, 1)
        self.add = shortcut and c1 == c2

    def forward(self, x):
        return x + self.cv2(self.cv1(x)) if self.add else self.cv2(self.cv1(x))


class Concat(nn.Module):
    def __init__(self, dimension=1):
        super().__init__()
        self.d = dimension

    def forward(self, x):
        return torch.cat(x, self.d)


def parse(cfg, ch):
    gd, gw = cfg['multiple']['depth'], cfg['multiple']['width']
    layers, save = [], []
    for i, (f, n, m, args) in enumerate(cfg['backbone']):
        m = getattr(torch.nn, m[3:]) if 'nn.' in m else globals()[m]
        n = max(round(n * gd), 1) if n > 1 else n
        args = list(args)
        if m in (Conv, Bottleneck):
            c1, c2 = ch[f], int(args[0] * gw)
            args = [c1, c2, *args[1:]]
        elif m is Concat:
            c2 = sum(ch[x + 1 if x != -1 else -1] for x in f)
        elif m is nn.Linear:
            args[0] = c2 = ch[f]
        else:
            c2 = ch[f]
        module = nn.Sequential(*(m(*args) for _ in range(n))) if n > 1 else m(*args)
        module.i, module.f = i, f
        save.extend(x % i for x in ([f] if isinstance(f, int) else f) if x != -1)
        layers.append(module)
        ch.append(c2)
    return nn.Sequential(*layers), sorted(save)


class Model(nn.Module):
    def __init__(self, cfg=CONFIG):
        super().__init__()
        self.model, self.save = parse(cfg, ch=[cfg['input']['channels']])

    def forward(self, x):
        y = []
        for m in self.model:
            if m.f != -1:
                x = y[m.f] if isinstance(m.f, int) else [x if j == -1 else y[j] for j in m.f]
            x = m(x)
            y.append(x if m.i in self.save else None)
        return x
