"""NumPy's arrays, small ones of numbers: what models work out their sizes with."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterator, Sequence

from convcalc.network.packages.scalars import KINDS, Number, Single, scalar
from convcalc.network.torch.dtypes import BOOL, FLOAT32, FLOAT64, INT64, DType
from convcalc.network.torch.tensor import Grid, Tensor
from convcalc.reading.bounds import check_size
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Reserved

OF_TORCH = {bool: BOOL, int: INT64, Single: FLOAT32, float: FLOAT64}
"""The kinds that torch has for those of arrays."""


class Array(Grid):
    """Numbers in a grid, row after row."""

    __slots__ = ("kind",)

    def __init__(
        self, numbers: Sequence[Number], shape: Sequence[int], kind: type | None = None
    ) -> None:
        check_size(len(numbers))
        self.kind = kind or max(map(_kind, numbers), key=KINDS.index, default=float)
        self.numbers: list[Number] = [self.kind(each) for each in numbers]
        self.shape = tuple(shape)

    @property
    def of_torch(self) -> DType:
        """The kind of its numbers, as torch has it."""
        return OF_TORCH[self.kind]

    def __repr__(self) -> str:
        return f"array({self.tolist()})"

    def get(self, name: str) -> object:
        """Return an attribute or a method."""
        if name not in ATTRIBUTES:
            raise NotUnderstood(f"{name} of an array isn't followed")
        return ATTRIBUTES[name](self)

    def tolist(self) -> object:
        """Return the numbers as nested lists."""
        if not self.shape:
            return self.plain(self.numbers[0])
        if len(self.shape) == 1:
            return [self.plain(each) for each in self.numbers]
        return [each.tolist() if isinstance(each, Array) else each for each in self]

    def plain(self, number: Number) -> Number:
        """Return a number as one of Python's."""
        return float(number) if isinstance(number, float) else number

    def astype(self, dtype: object) -> Array:
        """Return the array in numbers of another kind."""
        return Array(self.numbers, self.shape, kind_of(dtype))

    def reduced(self, function: Callable[[list[Number]], Number], axis: object = None) -> object:
        """Return one number of all, or an array of those along an axis."""
        if axis is None:
            return scalar(function(self.numbers))
        if not isinstance(axis, int) or not -len(self.shape) <= axis < len(self.shape):
            raise NotUnderstood(f"an array's axis {axis} isn't followed")
        axis %= len(self.shape)
        rest = self.shape[:axis] + self.shape[axis + 1 :]
        groups: dict[tuple[int, ...], list[Number]] = {}
        for place, number in zip(self._places(), self.numbers, strict=True):
            groups.setdefault(place[:axis] + place[axis + 1 :], []).append(number)
        found = [function(groups[place]) for place in sorted(groups)]
        return Array(found, rest) if rest else scalar(found[0])

    def reshape(self, *sizes: object) -> Array:
        """Return the same numbers in another shape."""
        first = sizes[0]
        wanted = list(first if isinstance(first, (tuple, list)) else sizes)
        if not all(isinstance(each, int) for each in wanted):
            raise NotUnderstood("an array in such a shape isn't followed")
        if -1 in wanted:
            at = wanted.index(-1)
            wanted[at] = len(self.numbers) // max(1, -math.prod(wanted))
        if math.prod(wanted) != len(self.numbers):
            raise ValueError(
                f"cannot reshape array of size {len(self.numbers)} into shape {tuple(wanted)}"
            )
        return Array(self.numbers, wanted, self.kind)

    def item(self, *place: object) -> Number:
        """Return the one number, or that at a place among all, as one of Python's."""
        match place:
            case ():
                return self.plain(self._only("item"))
            case (int(at),):
                return self.plain(self.numbers[at])
        raise NotUnderstood("such an item of an array isn't followed")

    def transposed(self) -> Array:
        """Return the array with its axes in the other order."""
        places = itertools.product(*map(range, self.shape[::-1]))
        numbers = [self.numbers[_flat(self.shape, place[::-1])] for place in places]
        return Array(numbers, self.shape[::-1], self.kind)

    def _places(self) -> Iterator[tuple[int, ...]]:
        return itertools.product(*map(range, self.shape))

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Array | Number]:
        return (self._row(at) for at in range(len(self)))

    def _row(self, at: int) -> Array | Number:
        if len(self.shape) == 1:
            return scalar(self.numbers[at])
        size = math.prod(self.shape[1:])
        return Array(self.numbers[at * size : (at + 1) * size], self.shape[1:], self.kind)

    def __getitem__(self, key: object) -> object:
        places, shape = self._chosen(key)
        if not shape and all(isinstance(each, int) for each in _listed(key)):
            return scalar(self.numbers[places[0]])
        return Array([self.numbers[at] for at in places], shape, self.kind)

    def __setitem__(self, key: object, value: object) -> None:
        places, shape = self._chosen(key)
        given = _spread(_nested(value), shape)
        for at, number in zip(places, given, strict=True):
            self.numbers[at] = self.kind(number)

    def _chosen(self, key: object) -> tuple[list[int], tuple[int, ...]]:
        """Return the places of numbers that a key means, and the shape that they have."""
        parts = _listed(key)
        if Ellipsis in [each for each in parts if each is Ellipsis]:
            at = next(at for at, each in enumerate(parts) if each is Ellipsis)
            used = sum(each is not None and each is not Ellipsis for each in parts)
            parts[at : at + 1] = [slice(None)] * (len(self.shape) - used)
        parts += [slice(None)] * (len(self.shape) - sum(each is not None for each in parts))
        places, shape, axis = [0], [], 0
        for each in parts:
            if each is None:
                shape.append(1)
                continue
            if axis >= len(self.shape):
                raise IndexError("too many indices for array")
            size = self.shape[axis]
            if isinstance(each, slice):
                chosen: Sequence[int] = range(size)[each]
                shape.append(len(chosen))
            elif isinstance(each, int) and not isinstance(each, bool):
                chosen = [range(size)[each]]
            else:
                raise NotUnderstood("such an item of an array isn't followed")
            check_size(len(places) * len(chosen))
            places = [before * size + at for before in places for at in chosen]
            axis += 1
        return places, tuple(shape)

    def __contains__(self, value: object) -> bool:
        return value in self.numbers

    def __bool__(self) -> bool:
        return bool(self._only("truth"))

    def __int__(self) -> int:
        return int(self._only("number"))

    def __float__(self) -> float:
        return float(self._only("number"))

    def __index__(self) -> int:
        return operator.index(self._only("number"))  # type: ignore[arg-type]

    def _only(self, what: str) -> Number:
        if len(self.numbers) != 1:
            raise ValueError(f"the {what} of an array with more than one element is ambiguous")
        return self.numbers[0]

    def each(self, function: Callable[[Number], Number]) -> Array:
        """Return what a function makes of every number."""
        found = Array([function(number) for number in self.numbers], self.shape)
        return found.astype(Single) if self.kind is Single and found.kind is float else found

    def __matmul__(self, other: object) -> Array:
        raise NotUnderstood("the product of matrices of arrays isn't followed")

    __rmatmul__ = __matmul__

    def __neg__(self) -> Array:
        return self.each(operator.neg)

    def __invert__(self) -> Array:
        if self.kind is bool:
            return self.each(operator.not_)
        return self.each(operator.invert)  # type: ignore[arg-type]

    def __abs__(self) -> Array:
        return self.each(abs)


ATTRIBUTES: dict[str, Callable[[Array], object]] = {
    "shape": lambda array: array.shape,
    "ndim": lambda array: len(array.shape),
    "size": lambda array: len(array.numbers),
    "dtype": lambda array: array.kind,
    "T": lambda array: array.transposed(),
    "tolist": lambda array: array.tolist,
    "astype": lambda array: array.astype,
    "reshape": lambda array: array.reshape,
    "item": lambda array: array.item,
    "__len__": lambda array: array.__len__,
    "copy": lambda array: lambda: Array(array.numbers, array.shape, array.kind),
    "flatten": lambda array: lambda: Array(array.numbers, (len(array.numbers),), array.kind),
    "ravel": lambda array: lambda: Array(array.numbers, (len(array.numbers),), array.kind),
}  # fmt: skip
"""The attributes of an array that are followed, but for those that REDUCED has."""
REDUCED: dict[str, Callable[[list[Number]], Number]] = {
    "sum": sum,
    "prod": math.prod,
    "min": min,
    "max": max,
    "any": any,
    "all": all,
    "mean": lambda numbers: sum(numbers) / len(numbers),
    "argmax": lambda numbers: numbers.index(max(numbers)),
    "argmin": lambda numbers: numbers.index(min(numbers)),
}
"""What makes one number of several."""


def _reducing(function: Callable[[list[Number]], Number]) -> Callable[[Array], object]:
    return lambda array: lambda axis=None: array.reduced(function, axis)


for _name, _function in REDUCED.items():
    ATTRIBUTES[_name] = _reducing(_function)


def kind_of(dtype: object) -> type:
    """Return the kind of an array's numbers that a dtype names."""
    found = {"int": int, "int64": int, "float": float, "float64": float, "float32": Single,
             "bool": bool}.get(dtype, dtype) if isinstance(dtype, str) else dtype  # fmt: skip
    if isinstance(found, type) and found in KINDS:
        return found
    raise NotUnderstood("an array of such numbers isn't followed")


def _kind(number: Number) -> type:
    """Return the kind of a number of an array."""
    kinds = [bool, int, float] if type(number) not in KINDS else [type(number)]
    return next(each for each in kinds if isinstance(number, each))


def _listed(key: object) -> list[object]:
    return list(key) if isinstance(key, tuple) else [key]


def _flat(shape: Sequence[int], place: Sequence[int]) -> int:
    """Return where a number stands that has a place in a grid."""
    at = 0
    for size, where in zip(shape, place, strict=True):
        at = at * size + where
    return at


def _spread(value: Array, shape: Sequence[int]) -> list[Number]:
    """Return the numbers of an array in a larger shape, as NumPy broadcasts them."""
    inner = value.shape[max(len(value.shape) - len(shape), 0) :]
    own = (1,) * (len(shape) - len(inner)) + inner
    fits = all(a in (1, b) for a, b in zip(own, shape, strict=True))
    if not fits or math.prod(value.shape) != math.prod(own):
        raise ValueError(
            f"could not broadcast input array from shape {value.shape} into shape {tuple(shape)}"
        )
    return [_at(value, own, place) for place in itertools.product(*map(range, shape))]


def array(object: object, dtype: object = None, copy: object = True) -> Array:
    """Return the array of a number, or of nested lists of numbers; it is a copy of them anyway."""
    del copy
    found = _nested(object)
    return found if dtype is None else found.astype(dtype)


def _nested(value: object) -> Array:
    if isinstance(value, Array):
        return Array(value.numbers, value.shape, value.kind)
    if isinstance(value, (int, float)):
        return Array([value], ())
    if isinstance(value, Tensor) or not isinstance(value, (list, tuple, range)):
        raise NotUnderstood("an array of that isn't followed")
    rows = [_nested(each) for each in value]
    shapes = {row.shape for row in rows}
    if len(shapes) > 1:
        raise ValueError("setting an array element with a sequence: the rows differ in length")
    return Array([n for row in rows for n in row.numbers], (len(rows), *next(iter(shapes), ())))


def together(
    function: Callable[[Number, Number], Number], left: object, right: object
) -> Array | Number:
    """Return what a function makes of the numbers of two arrays, in the same places."""
    one, other = _nested(left), _nested(right)
    axes = max(len(one.shape), len(other.shape))
    shapes = [(1,) * (axes - len(each.shape)) + each.shape for each in (one, other)]
    for sizes in zip(*shapes, strict=True):
        if len({*sizes} - {1}) > 1:
            raise ValueError(
                f"operands could not be broadcast together with shapes {one.shape} {other.shape}"
            )
    shape = [b if a == 1 else a for a, b in zip(*shapes, strict=True)]
    check_size(math.prod(shape))
    numbers = [
        function(_at(one, shapes[0], place), _at(other, shapes[1], place))
        for place in itertools.product(*map(range, shape))
    ]
    kinds = {each.kind for each in (left, right) if isinstance(each, Array)}
    if not kinds and not shape:
        return scalar(numbers[0])
    found = Array(numbers, shape)
    single = Single in kinds and kinds <= {Single, bool} and found.kind is float
    return found.astype(Single) if single else found


def _at(array: Array, shape: Sequence[int], place: Sequence[int]) -> Number:
    at = 0
    for size, where in zip(shape, place, strict=True):
        at = at * size + (where if size > 1 else 0)
    return array.numbers[at]


def _operator(function: Callable[[Number, Number], Number], *, turned: bool) -> object:
    def operate(self: Array, value: object) -> object:
        if not isinstance(value, (Array, int, float, list, tuple)) or isinstance(value, Reserved):
            return NotImplemented
        left, right = (value, self) if turned else (self, value)
        return together(function, left, right)

    return operate


for _name in "add sub mul truediv floordiv mod pow and or xor".split():
    _does = getattr(operator, f"{_name}_" if _name in ("and", "or") else _name)
    for _prefix in ("", "r"):
        setattr(Array, f"__{_prefix}{_name}__", _operator(_does, turned=bool(_prefix)))
for _name in "eq ne lt le gt ge".split():
    setattr(Array, f"__{_name}__", _operator(getattr(operator, _name), turned=False))
Array.__hash__ = None  # type: ignore[assignment]
