"""Expressions of torch evaluated on tensors that are only shapes, and what is kept of them."""

import ast
from functools import cache

from torch_answers import Asking, get

from convcalc.network.torch.functions.registry import GRADED, tensors_in  # noqa: F401
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.network.torch.nn import NN
from convcalc.network.torch.watch import Watcher


class Watching(Watcher):
    """A watcher that adds up what is kept, and notes of what it isn't known."""

    training = True

    def __init__(self):
        self.kept, self.unknown = set(), []

    def keeps(self, storages):
        self.kept |= {each for each in storages if not each.apart}

    def keeps_unknown(self, what, always=False):
        self.unknown.append(what)

    def made(self, module):
        self.module = module

    @property
    def bytes(self):
        return sum(each.bytes for each in self.kept)


SPACE = {"torch": TORCH_LIBRARY, "nn": NN, "F": NN.get("functional"), "get": get}
"""The names that expressions begin with."""


@cache
def compiled(words):
    """Return the code of an expression."""
    tree = ast.fix_missing_locations(Asking().visit(ast.parse(words, mode="eval")))
    return compile(tree, words, "eval")
