import math

import torch.nn as nn


class Net(nn.Module):
    def __init__(self, k=5, w=0.35):
        super().__init__()
        up = -(-k // 2)                     # 3
        down = -k // 2                      # -3
        even = round(2.5) + round(3.5)      # 2 + 4
        cut = int(-3.7) + 8                 # 5
        floor = math.floor(-3.7) + 8        # 4
        rest = -7 % 4                       # 1
        narrow = int(64 * w)                # 22, from 22.4
        near = round(64 * w / 8) * 8        # 24
        odd = int(0.29 * 100)               # 28, not 29
        half = 7 / 2                        # stays 3.5
        power = int(2 ** -1 * 16)           # 8
        both = divmod(-13, 5)               # (-3, 2)
        self.layers = nn.ModuleList()
        i = 10
        for n in (up, down + 6, even, cut, floor, rest, narrow, near, odd, math.ceil(half), power,
                  both[0] + 8, both[1], math.isqrt(90), 1 << 3, 13 & 6, 7 ^ 2, ~-4, math.gcd(12, 18)):
            self.layers.append(nn.Linear(i, n))
            i = n

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
