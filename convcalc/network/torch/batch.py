"""How many samples there are, as a number in a program that is read.

Where nobody said how many, a result is given only where it is right for every batch.
"""

from __future__ import annotations

import operator

from convcalc.layers.base import Batch
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import too_large
from convcalc.reading.expressions import BY_SIGN
from convcalc.reading.values import Reserved, Unknown, Value

OF_BATCH = "depends on how many samples there are, which --batch says"

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
FEW, MANY = 2, 10**9
"""Batches that any other lies between."""
MOST_POWER = 64
"""The largest exponent, or shift, of a number of samples."""


class Counted(Reserved):
    """A number that counts samples, or is worked out from one that does."""

    __slots__ = ()

    def operated(self, sign: str, left: object, right: object) -> object:
        """Return what an operator makes of it: right for every batch, or unknown."""
        if isinstance(left, Value) or isinstance(right, Value):  # which knows better
            return BY_SIGN[sign].apply(left, right)
        if sign in COMPARISONS:
            return _compared(sign, left, right)
        if sign == "/" and isinstance(left, Samples) and not isinstance(right, Batch):
            return _ratio(left, right)
        if sign in ("**", "<<") and isinstance(right, (int, float)) and right > MOST_POWER:
            raise too_large(f"{_words(left)} {sign} {_words(right)}")
        result = BY_SIGN[sign].apply(left, right)
        if (of_any_batch(left) or of_any_batch(right)) and not _holds(sign, left, right, result):
            return Unknown(f"{_words(left)} {sign} {_words(right)} {OF_BATCH}")
        return result

    def passed_to(self, name: str) -> object:
        """Return what one of Python's functions is given: a size of the batch where it is one."""
        if name in WHOLE and isinstance(self, Ratio) and self.each == int(self.each):
            return Samples(int(self.each), self.samples)
        if not of_any_batch(self) or (name in WHOLE and isinstance(self, Samples)):
            return self
        return Unknown(f"{name}() of it {OF_BATCH}")


WHOLE = {"int", "abs", "round", "floor", "ceil", "trunc", "index"}
"""Python's functions that leave a whole number as it is."""


class Samples(Batch, Counted):
    """A size that counts samples, in a program that is read."""


class Ratio(float, Counted):
    """A number of samples divided by a number: int() makes a size of the batch of it again."""

    each: float
    samples: int


def of_any_batch(value: object) -> bool:
    """Return whether a number is another one for another batch, of which nobody said how large."""
    return isinstance(value, (Batch, Ratio)) and not value.samples


def _ratio(left: Samples, right: object) -> object:
    if not isinstance(right, (int, float)) or not right:
        return operator.truediv(int(left), right)  # as Python refuses it
    value = Ratio(int(left) / right)
    value.each, value.samples = left.each / right, left.samples
    return value


def _holds(sign: str, left: object, right: object, result: object) -> bool:
    """Return whether a result is right however many samples there are."""
    if isinstance(result, Batch):
        return True
    if isinstance(left, Batch) and isinstance(right, Batch):
        alike = {"%": not left.each % right.each, "-": left.each == right.each}
        return sign in ("/", "//") or alike.get(sign, False)
    if isinstance(left, Batch) and isinstance(right, int):
        return sign == "%" and not left.each % right
    return False


def _compared(sign: str, left: object, right: object) -> object:
    does = BY_SIGN[sign].apply
    alike = of_any_batch(left) is of_any_batch(right)
    if alike or not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        return does(left, right)
    WATCHER.get().batch_compared()
    if sign in ("==", "!="):
        return sign == "!="
    few, many = (does(*(_for(samples, each) for each in (left, right))) for samples in (FEW, MANY))
    return few if few is many else Unknown(f"{_words(left)} {sign} {_words(right)} {OF_BATCH}")


def _for(samples: int, value: float) -> float:
    if isinstance(value, (Batch, Ratio)):
        return value.each * samples
    return value


def _words(value: object) -> str:
    return "the batch" if isinstance(value, (Batch, Ratio)) else repr(value)[:60]
