import torch.nn as nn


def pick(k, n, mode='b'):
    width = 1
    if 0 < k <= 3 < n:
        width += 1
    if not k == 2 or n and mode:
        width += 2
    if (1, 2) == [1, 2]:
        width += 100
    if mode in 'abc' and mode is not None and 3 in (1, 2, 3):
        width += 4
    if None or 0 or '' or [] or 0.0:
        width += 200
    width += (k > 1) + (mode == 'b') * 8
    width += 16 if k != 3 else 32 if n > 5 else 64
    width = width or 500
    extra = 0 or 7
    if '10' < '9':
        extra += 3
    if isinstance(True, int) and type(True) is not int:
        extra += 1
    return width, extra


w, e = pick(3, 9)
model = nn.Sequential(nn.Linear(2, w), nn.Linear(w, e))
