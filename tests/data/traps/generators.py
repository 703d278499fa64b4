import itertools

import torch.nn as nn

layers = (nn.Linear(6, 6) for _ in range(3))
first = nn.Sequential(*layers)
second = nn.Sequential(*layers, nn.Linear(6, 2))       # nothing was left in it


def widths():
    yield 6
    yield from (8, 12)
    for n in itertools.count(14, 4):
        if n > 20:
            return
        yield n


pairs = zip(widths(), itertools.islice(widths(), 1, None))
third = nn.Sequential(*itertools.starmap(nn.Linear, pairs))
it = iter([6, 5, 4])
fourth = nn.Sequential(nn.Linear(next(it), next(it)), nn.Linear(5, next(it)), nn.Linear(4, next(it, 9)))
