import functools
import torch.nn as nn

MODELS = {}


def register(name=None, **defaults):
    def decorate(cls):
        MODELS[name or cls.__name__.lower()] = functools.partial(cls, **defaults)
        return cls
    return decorate


def doubled(function):
    @functools.wraps(function)
    def wrapper(self, x, *args, **kwargs):
        return 2 * function(self, x, *args, **kwargs), x
    return wrapper


@register('wide', width=64)
@register(width=8)
class Perceptron(nn.Module):
    def __init__(self, width, out=3):
        super().__init__()
        self.a, self.b = nn.Linear(5, width), nn.Linear(width, out)

    @doubled
    def forward(self, x):
        return self.b(self.a(x))


def create(name, **kwargs):
    return MODELS[name](**kwargs)
