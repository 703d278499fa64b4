import torch.nn as nn

makers = []
for width in (4, 8, 16):
    makers.append(lambda i: nn.Linear(i, width))
late = nn.Sequential(*(make(n) for make, n in zip(makers, (5, 16, 16))))

bound = [lambda i, width=w: nn.Linear(i, width) for w in (4, 8, 16)]
early = nn.Sequential(*(make(n) for make, n in zip(bound, (5, 4, 8))))


def counter():
    n = 0

    def more():
        nonlocal n
        n += 4
        return n
    return more


step = counter()
counted = nn.Sequential(nn.Linear(3, step()), nn.Linear(4, step()), nn.Linear(8, step()))
