"""What models take from NumPy to work out their sizes: functions of numbers, and of lists."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable

from convcalc.network.packages.arrays import REDUCED, Array, array, kind_of, together
from convcalc.network.packages.scalars import Int64, Single, scalar
from convcalc.network.torch.functions import creating, reducing  # noqa: F401  # what it calls
from convcalc.network.torch.functions.registry import TORCH
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.bounds import check_size
from convcalc.reading.values import MISSING, Library, Reserved, Unknown, Value

Number = int | float


class OfNumbers(Value):
    """A function of NumPy that makes one number of some numbers."""

    __slots__ = ("count", "function", "name")

    def __init__(self, name: str, function: Callable[..., Number], count: int = 0) -> None:
        self.name = name
        self.function = function
        self.count = count
        """How many numbers it takes; 0 where it takes a list of them."""

    def get(self, name: str) -> object:
        """Return its name."""
        return self.name if name == "__name__" else super().get(name)

    def __repr__(self) -> str:
        return f"numpy.{self.name}"

    def __call__(self, *arguments: object, **named: object) -> object:
        """Return the number; Unknown where it isn't followed."""
        unfollowed = Unknown(f"numpy.{self.name} isn't followed with these arguments")
        if any(isinstance(each, Array) for each in arguments):
            return self._of_arrays(arguments, named)
        if named or len(arguments) != max(self.count, 1):
            return unfollowed
        given: list[object] = list(arguments)
        if not self.count and isinstance(arguments[0], (list, tuple)):
            given = list(arguments[0])
        numbers: list[Number] = []
        for each in given:
            if isinstance(each, Reserved) and self.name not in OF_SIZES:
                each = each.passed_to(f"numpy.{self.name}")
            if isinstance(each, Unknown):
                return each
            if isinstance(each, Tensor) or not isinstance(each, (int, float)):
                return unfollowed
            numbers.append(each)
        try:
            return scalar(self.function(*numbers) if self.count else self.function(numbers))
        except (ValueError, ArithmeticError):  # where NumPy gives nan or inf, and warns
            return unfollowed

    def _of_arrays(self, arguments: tuple[object, ...], named: dict[str, object]) -> object:
        """Return what it makes of arrays."""
        first = arguments[0]
        if self.name in REDUCED and isinstance(first, Array) and named.keys() <= {"axis"}:
            return first.reduced(REDUCED[self.name], *arguments[1:], **named)
        if self.count == 1 and isinstance(first, Array) and len(arguments) == 1 and not named:
            return first.each(self.function)
        if self.count == 2 and len(arguments) == 2 and not named:
            return together(self.function, *arguments)
        return Unknown(f"numpy.{self.name} isn't followed with these arguments")


def _filled(number: int) -> Callable[..., object]:
    """Return a function that makes an array of one number."""

    def made(shape: object, dtype: object = float) -> object:
        sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
        if not all(type(each) in (int, Int64) for each in sizes):
            return Unknown("numpy's array of such sizes isn't followed")
        check_size(math.prod(sizes))
        return Array([number] * math.prod(sizes), sizes, kind_of(dtype))

    return made


def _eye(n: int, m: int | None = None, dtype: object = float) -> Array:
    """Return an array with ones on its diagonal."""
    columns = n if m is None else m
    check_size(n * columns)
    numbers = [int(row == column) for row in range(n) for column in range(columns)]
    return Array(numbers, (n, columns), kind_of(dtype))


def _triangle(keeps: Callable[[int, int], bool]) -> Callable[..., object]:
    """Return a function that keeps some numbers of the last two axes, by column − row and `k`."""

    def made(m: object, k: int = 0) -> object:
        found = array(m)
        if len(found.shape) < 2:
            return Unknown("numpy's triangle of a single axis isn't followed")
        places = itertools.product(*map(range, found.shape))
        numbers = [number if keeps(place[-1] - place[-2], k) else 0
                   for number, place in zip(found.numbers, places, strict=True)]  # fmt: skip
        return Array(numbers, found.shape, found.kind)

    return made


def _diff(value: object) -> object:
    """Return how much neighbours differ."""
    if isinstance(value, Tensor):
        return TORCH["diff"](value)
    found = array(value)
    if len(found.shape) != 1:
        return Unknown("numpy.diff of more than one axis isn't followed")
    return together(operator.sub, found[slice(1, None)], found[slice(None, -1)])


def _cumsum(value: object) -> object:
    """Return the sums of all numbers up to each."""
    found = array(value)
    if len(found.shape) != 1 or found.kind is bool:
        return Unknown("numpy.cumsum is followed of one axis of numbers alone")
    return Array(list(itertools.accumulate(found.numbers)), found.shape, found.kind)


def _at_least_1d(value: object) -> object:
    found = array(value)
    return found if found.shape else Array(found.numbers, (1,), found.kind)


OF_SIZES = ("prod", "sum")
"""Functions that make a size of the batch of one."""


def _sign(number: float) -> float:
    return type(number)((number > 0) - (number < 0))


def _floats(function: Callable[..., Number]) -> Callable[..., float]:
    return lambda *numbers: float(function(*numbers))


def _random_array(name: str, sizes_at: int) -> Callable[..., object]:
    """Return a function of numpy.random whose sizes stand at a place, as tensors are made of it."""

    def make(*numbers: object, size: object = None) -> object:
        given = numbers[sizes_at] if size is None and len(numbers) > sizes_at else size
        if isinstance(given, (int, tuple, list)):
            return TORCH["randn"](given)
        return Unknown(f"numpy.random.{name} is another one each time")

    return make


_RANDOM: dict[str, object] = {
    **{name: _random_array(name, 2) for name in ("normal", "uniform", "randint")},
    **{name: _random_array(name, 0) for name in ("random", "random_sample")},
    "randn": TORCH["randn"],
    "rand": TORCH["rand"],
    "seed": Unknown("numpy.random.seed isn't followed", harmless=True),
}


def _random(name: str) -> object:
    return _RANDOM.get(name, Unknown(f"numpy.random.{name} is another one each time"))


NAMES: dict[str, object] = {
    "random": Library("numpy.random", _random),
    **{name: OfNumbers(name, getattr(math, name), 1) for name in (
        "sqrt", "log", "log2", "log10", "log1p", "exp", "sin", "cos", "tan", "tanh")},
    **{name: OfNumbers(name, _floats(getattr(math, name)), 1) for name in ("ceil", "floor")},
    "abs": OfNumbers("abs", abs, 1),
    "absolute": OfNumbers("absolute", abs, 1),
    "sign": OfNumbers("sign", _sign, 1),
    "power": OfNumbers("power", pow, 2),
    "gcd": OfNumbers("gcd", math.gcd, 2),
    "lcm": OfNumbers("lcm", math.lcm, 2),
    "maximum": OfNumbers("maximum", max, 2),
    "minimum": OfNumbers("minimum", min, 2),
    "prod": OfNumbers("prod", math.prod),
    "sum": OfNumbers("sum", sum),
    "max": OfNumbers("max", max),
    "min": OfNumbers("min", min),
    **{name: OfNumbers(name, REDUCED[name])
       for name in ("mean", "any", "all", "argmax", "argmin")},
    **{f"a{name}": OfNumbers(name, REDUCED[name]) for name in ("min", "max")},
    "isnan": OfNumbers("isnan", math.isnan, 1),
    "floor_divide": OfNumbers("floor_divide", operator.floordiv, 2),
    "array": array, "asarray": array, "atleast_1d": _at_least_1d, "ndarray": Array,
    "zeros": _filled(0), "ones": _filled(1), "eye": _eye, "identity": _eye, "diff": _diff,
    "cumsum": _cumsum,
    "triu": _triangle(operator.ge), "tril": _triangle(operator.le),
    "linspace": TORCH["linspace"],
    "arange": TORCH["arange"],
    **dict.fromkeys(("int64", "int32", "int_"), int),
    "float64": float, "float32": Single,
    "bool_": bool,
    "pi": math.pi, "inf": math.inf, "nan": math.nan, "e": math.e, "newaxis": None,
}  # fmt: skip


def _find(name: str) -> object:
    if name.startswith("__"):
        return MISSING
    return NAMES.get(name, Unknown(f"numpy.{name} stands in a library that isn't read"))


NUMPY = Library("numpy", _find)
