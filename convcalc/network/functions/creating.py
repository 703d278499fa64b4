"""Tensors that are made from sizes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from convcalc.network.functions.registry import METHODS, TORCH, Operation, operation
from convcalc.network.natives import Size, traversable
from convcalc.network.refusals import NotUnderstood, Raised, Unknown
from convcalc.network.tensors import (
    MOST_VALUES,
    Tensor,
    as_number,
    as_size,
    broadcast,
    elementwise,
    is_open,
    iterated_strides,
)

KINDS = {
    "float": "float", "float32": "float", "float64": "float", "double": "float", "half": "float",
    "float16": "float", "bfloat16": "float", "int": "int", "int64": "int", "long": "int",
    "int32": "int", "int16": "int", "int8": "int", "uint8": "int", "short": "int", "bool": "bool",
    "complex64": "complex", "complex128": "complex", "cfloat": "complex",
}  # fmt: skip
"""torch's kinds of numbers, as they are told apart here."""


class Dtype:
    """One of torch's kinds of numbers."""

    __slots__ = ("kind", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = KINDS[name]


DTYPES = {name: Dtype(name) for name in KINDS}


def kind_of(dtype: Any, otherwise: str) -> str:
    """Return the kind of numbers that `dtype` names."""
    return dtype.kind if isinstance(dtype, Dtype) else otherwise


def sizes_of(name: str, sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """Return sizes that are given one by one or as one tuple."""
    if len(sizes) == 1 and isinstance(sizes[0], (list, tuple)):
        sizes = tuple(sizes[0])
    found = tuple(as_size(name, size) for size in sizes)
    for size in found:
        if size < 0:
            raise Raised(f"{name}: a size of {size} is negative")
    return found


def blank(input: Tensor, dtype: Any = None) -> Tensor:
    """Return another tensor of this shape, laid out alike."""
    strides = iterated_strides(input.shape, (input,))
    return Tensor(input.shape, kind_of(dtype, input.dtype), strides=strides)


def _filler(name: str, value: Any = None, kind: str = "float") -> None:
    def fill(*sizes: Any, size: Any = None, dtype: Any = None, **named: Any) -> Tensor:
        shape = sizes_of(name, sizes if size is None else (size,))
        count = 1
        for each in shape:
            count *= each
        known = value is not None and count <= 64 and not any(map(is_open, shape))
        values = [value] * count if known else None
        return Tensor(shape, kind_of(dtype, kind), values=values)

    def like(input: Tensor, dtype: Any = None, **named: Any) -> Tensor:
        return blank(input, dtype)

    def new(
        input: Tensor, *sizes: Any, size: Any = None, dtype: Any = None, **named: Any
    ) -> Tensor:
        shape = sizes_of(name, sizes if size is None else (size,))
        return Tensor(shape, kind_of(dtype, input.dtype))

    TORCH[name] = Operation(f"torch.{name}", fill)
    TORCH[f"{name}_like"] = Operation(f"torch.{name}_like", like)
    METHODS[f"new_{name}"] = Operation(f"new_{name}", new)


for _name, _value in (("zeros", 0.0), ("ones", 1.0), ("empty", None), ("rand", None),
                      ("randn", None)):  # fmt: skip
    _filler(_name, _value)


@operation("full", where="t")
def full(size: Any, fill_value: Any, dtype: Any = None, **named: Any) -> Tensor:
    """A tensor of one value."""
    kind = {bool: "bool", int: "int"}.get(type(fill_value), "float")
    return Tensor(sizes_of("full", (size,)), kind_of(dtype, kind))


@operation("full_like", where="t")
def full_like(input: Tensor, fill_value: Any, dtype: Any = None, **named: Any) -> Tensor:
    """A tensor of one value, as large as another."""
    return blank(input, dtype)


METHODS["new_full"] = Operation(
    "new_full", lambda input, size, value, **named: Tensor(sizes_of("new_full", (size,)))
)
METHODS["new"] = Operation("new", lambda input, *sizes: Tensor(sizes_of("new", sizes or (0,))))


@operation("randint", where="t")
def randint(*arguments: Any, size: Any = None, dtype: Any = None, **named: Any) -> Tensor:
    """Random whole numbers."""
    return Tensor(sizes_of("randint", (arguments[-1] if size is None else size,)), "int")


@operation("randperm", where="t")
def randperm(n: Any, **named: Any) -> Tensor:
    """The numbers below n in a random order."""
    return Tensor((as_size("randperm", n),), "int")


@operation("normal", where="t")
def normal(mean: Any, std: Any = 1.0, size: Any = None, **named: Any) -> Tensor:
    """Random numbers."""
    if size is not None:
        return Tensor(sizes_of("normal", (size,)))
    given = [each for each in (mean, std) if isinstance(each, Tensor)]
    return Tensor(broadcast("normal", *(each.shape for each in given)))


@operation("eye", where="t")
def eye(n: Any, m: Any = None, **named: Any) -> Tensor:
    """An identity matrix."""
    return Tensor((as_size("eye", n), as_size("eye", n if m is None else m)))


@operation("arange", "range", where="t")
def arange(*ends: Any, start: Any = 0, end: Any = None, step: Any = 1, dtype: Any = None,
           **named: Any) -> Tensor:  # fmt: skip
    """Numbers in steps."""
    if ends:
        start, end, step = (0, ends[0], step) if len(ends) == 1 else (*ends, step)[:3]
    start, end, step = (as_number(e) if isinstance(e, Tensor) else e for e in (start, end, step))
    if any(isinstance(each, Unknown) for each in (start, end, step)):
        raise NotUnderstood("the ends of arange() aren't known")
    kind = "int" if all(isinstance(each, int) for each in (start, end, step)) else "float"
    if start == 0 and step == 1 and isinstance(end, int):
        count: int = end
    elif any(map(is_open, (start, end, step))):
        raise NotUnderstood("how many numbers arange() makes hangs on the batch")
    elif not step or (end - start) / step < 0:
        raise Raised(f"arange: steps of {step} don't lead from {start} to {end}")
    else:
        count = ceil((end - start) / step)
    known = count <= MOST_VALUES and not is_open(count)
    values = [start + at * step for at in range(count)] if known else None
    return Tensor((count,), kind_of(dtype, kind), values=values)


@operation("linspace", "logspace", where="t")
def linspace(start: Any, end: Any, steps: Any = 100, dtype: Any = None, **named: Any) -> Tensor:
    """So many numbers between two ends."""
    steps = as_size("linspace", steps)
    values = None
    known = isinstance(start, (int, float)) and isinstance(end, (int, float))
    if known and steps <= MOST_VALUES and not is_open(steps):
        step = (end - start) / max(steps - 1, 1)
        values = [start + at * step for at in range(steps)]
    return Tensor((steps,), kind_of(dtype, "float"), values=values)


@operation("tensor", "as_tensor", "asarray", "from_numpy", where="t")
def tensor(data: Any, dtype: Any = None, **named: Any) -> Tensor:
    """A tensor of numbers that are given."""
    value = traversable(data)
    if isinstance(value, Tensor):
        return value.worked_out(dtype=kind_of(dtype, value.dtype), values=value.values)
    shape: list[int] = []
    level = [value]
    while level and isinstance(level[0], (list, tuple)):
        lengths = {len(each) for each in level if isinstance(each, (list, tuple))}
        if len(lengths) > 1:
            raise Raised("tensor(): its lists are of different lengths", "ValueError")
        shape.append(lengths.pop())
        level = [entry for each in level for entry in each]
    inner = next((entry for entry in level if isinstance(entry, Tensor)), None)
    if inner is not None:
        return Tensor((*shape, *inner.shape))
    kinds = {type(entry) for entry in level}
    kind = "bool" if kinds == {bool} else "int" if kinds <= {int, bool} and level else "float"
    return Tensor(shape, kind_of(dtype, kind), values=level if len(level) <= MOST_VALUES else None)


def _of_type(name: str, kind: str) -> None:
    def make(*data: Any, **named: Any) -> Tensor:
        sized = len(data) == 1 and isinstance(data[0], Size)
        if sized or all(isinstance(each, int) for each in data):
            return Tensor(sizes_of(name, data or (0,)), kind)
        if len(data) > 1:
            raise Raised(f"{name} takes sizes, or one list of numbers", "TypeError")
        made = tensor(data[0])
        return made.like(dtype=kind, values=made.values)

    TORCH[name] = Operation(f"torch.{name}", make)


for _name, _kind in (("Tensor", "float"), ("FloatTensor", "float"), ("DoubleTensor", "float"),
                     ("HalfTensor", "float"), ("LongTensor", "int"), ("IntTensor", "int"),
                     ("BoolTensor", "bool"), ("ByteTensor", "int")):  # fmt: skip
    _of_type(_name, _kind)

METHODS["new_tensor"] = Operation("new_tensor", lambda input, data, **named: tensor(data))


@operation("meshgrid", where="t")
def meshgrid(*tensors: Any, indexing: str = "ij", **named: Any) -> tuple[Tensor, ...]:
    """Coordinates of a grid."""
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    sizes = [each.shape[0] if each.shape else 1 for each in tensors]
    if indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return tuple(Tensor(sizes, each.dtype) for each in tensors)


@operation("tril_indices", "triu_indices", where="t")
def tril_indices(row: int, col: int, offset: int = 0, **named: Any) -> Tensor:
    """The places below a diagonal."""
    count = sum(min(max(at + 1 + offset, 0), col) for at in range(row))
    return Tensor((2, count), "int")


@operation("polar", "complex", where="t")
def polar(abs: Tensor, angle: Tensor, **named: Any) -> Tensor:
    """Complex numbers of two tensors."""
    return elementwise("polar", abs, angle, dtype="complex")


Maker = Callable[..., Tensor]
