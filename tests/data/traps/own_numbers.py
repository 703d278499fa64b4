import torch.nn as nn


class Size:
    def __init__(self, h, w):
        self.h, self.w = h, w

    def __add__(self, other):
        return Size(self.h + other, self.w + other)

    def __floordiv__(self, n):
        return Size(-(-self.h // n), -(-self.w // n))

    def __iter__(self):
        yield self.h
        yield self.w

    def __getitem__(self, i):
        return (self.h, self.w)[i]

    def __eq__(self, other):
        return tuple(self) == tuple(other)

    @property
    def area(self):
        return self.h * self.w


size = Size(7, 9) // 2 + 1
assert size == (5, 6)
model = nn.Sequential(nn.AdaptiveAvgPool2d(tuple(size)), nn.Flatten(), nn.Linear(2 * size.area, size[1]))
