"""NumPy's single numbers, which are Python's with some attributes of an array."""

from __future__ import annotations

from collections.abc import Callable

from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Reserved, public

Number = int | float


class Single(float):
    """The kind of numbers that NumPy calls float32."""


KINDS: tuple[type, ...] = (bool, int, Single, float)
"""What numbers of an array are, each one able to hold those before it."""


class Scalar:
    """What a single number has of an array."""

    __slots__ = ()
    shape: tuple[int, ...] = ()
    ndim = 0
    size = 1

    @property
    def dtype(self) -> type:
        """The kind of the number."""
        return int if isinstance(self, int) else float

    def item(self) -> Number:
        """Return the number as one of Python's."""
        raise NotImplementedError

    def tolist(self) -> Number:
        """Return the number as one of Python's."""
        return self.item()

    def astype(self, dtype: object) -> Number:
        """Return the number as one of another kind."""
        kind = {"int": int, "int64": int, "float": float, "float64": float}.get(dtype, dtype) \
            if isinstance(dtype, str) else dtype  # fmt: skip
        if kind not in (bool, int, float):
            raise NotUnderstood("a number of such a kind isn't followed")
        return scalar(kind(self.item()))


@public
class Float64(Scalar, float):
    """A number with a point."""

    __slots__ = ()
    __module__ = "numpy"

    def item(self) -> float:
        """Return the number as one of Python's."""
        return float(self)


@public
class Int64(Scalar, int):
    """A whole number."""

    __slots__ = ()
    __module__ = "numpy"

    def item(self) -> int:
        """Return the number as one of Python's."""
        return int(self)


def scalar(number: Number) -> Number:
    """Return a number as NumPy gives it."""
    if isinstance(number, (bool, Reserved)):
        return number
    return Int64(number) if isinstance(number, int) else Float64(number)


def _operator(base: type, name: str) -> Callable[[Number, object], object]:
    plain = getattr(base, name)

    def operate(self: Number, *others: object) -> object:
        if any(isinstance(each, Reserved) for each in others):
            return NotImplemented  # what counts samples knows better
        found = plain(self, *others)
        return scalar(found) if isinstance(found, (int, float)) else found

    return operate


for _class, _base in ((Float64, float), (Int64, int)):
    for _name in "add sub mul truediv floordiv mod pow".split():
        for _prefix in ("", "r"):
            setattr(_class, f"__{_prefix}{_name}__", _operator(_base, f"__{_prefix}{_name}__"))
    for _name in ("neg", "abs"):
        setattr(_class, f"__{_name}__", _operator(_base, f"__{_name}__"))
