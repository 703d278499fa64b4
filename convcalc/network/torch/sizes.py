"""The sizes of tensors: which are the same for every batch, and what several make together.

Sizes are ints; the one that counts the samples is a `Batch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from operator import index
from typing import Any

from convcalc import text
from convcalc.formulas import MOST
from convcalc.layers.base import Batch, Shape, per_sample, size_text
from convcalc.network.torch.errors import misfit
from convcalc.reading.exceptions import NotUnderstood, too_large
from convcalc.reading.values import Value, public

MOST_AXES = 16
"""The most axes that a tensor may have."""


@public
class Size(tuple[int, ...]):
    """A tensor's sizes, as torch.Size is a tuple."""

    __slots__ = ()

    def numel(self) -> int:
        """Return how many numbers there are."""
        return merged("numel", self)

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return Size(found) if isinstance(key, slice) else found

    def __add__(self, other: object) -> Any:
        return Size((*self, *other)) if isinstance(other, tuple) else NotImplemented

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


def check_size(shape: Shape) -> None:
    """Raise where a tensor is larger than any that there is."""
    if len(shape) > MOST_AXES or prod(map(int, shape)) > MOST:
        raise too_large(f"a tensor of {text.shape(per_sample(shape[:MOST_AXES]))}")


def shown(shape: Sequence[int]) -> str:
    """Return a whole shape as people read it: batch × 3 × 32 × 32."""
    return " × ".join(map(size_text, shape)) or "a single number"


def is_open(size: object) -> bool:
    """Return whether a size depends on a batch of which nobody said how large it is."""
    return isinstance(size, Batch) and not size.samples


def same(first: int, second: int) -> bool:
    """Return whether two sizes are the same, for every batch."""
    if type(first) is int and type(second) is int:  # as nearly always
        return first == second
    if isinstance(first, Batch) and isinstance(second, Batch):
        return first.each == second.each
    return not is_open(first) and not is_open(second) and int(first) == int(second)


def same_shape(first: Sequence[int], second: Sequence[int]) -> bool:
    """Return whether two shapes are the same, for every batch."""
    return first == second or (len(first) == len(second) and all(map(same, first, second)))


def is_one(size: int) -> bool:
    """Return whether a size is 1, for every batch."""
    return same(size, 1)


def definite(name: str, size: int) -> int:
    """Return a size as a plain number; refuse where it depends on the batch."""
    if is_open(size):
        raise NotUnderstood(f"{name} depends on how many samples there are, which --batch says")
    return int(size)


def merged(name: str, sizes: Sequence[int]) -> int:
    """Return how many numbers several axes hold together."""
    if sum(map(is_open, sizes)) > 1:
        raise NotUnderstood(f"{name} makes one size of two that depend on the batch")
    return prod(sizes)


def added(name: str, sizes: Sequence[int]) -> int:
    """Return how long several parts of one axis are together."""
    total: int = 0
    for size in sizes:
        if is_open(size) is not is_open(total) and total and size:
            raise NotUnderstood(f"{name} adds a fixed size to one that depends on the batch")
        total = size + total
    return total


def axis_of(name: str, axis: object, ndim: int, of: Sequence[int]) -> int:
    """Return which axis is meant, counted from the front."""
    axis = index(axis) if isinstance(axis, Value) else axis  # type: ignore[arg-type]
    if isinstance(axis, bool) or not isinstance(axis, int):
        raise misfit(f"{name}: {axis!r} is not a dimension: a whole number is expected", TypeError)
    most = max(ndim, 1)
    if not -most <= axis < most:
        raise misfit(
            f"{name}: there is no dimension {axis} in {shown(of)}, which has {-most} to {most - 1}",
            IndexError,
        )
    return int(axis) % most


def axes_of(name: str, dim: object, shape: Sequence[int]) -> list[int]:
    """Return which axes are meant, by one number or by several, each once."""
    dims = dim if isinstance(dim, (list, tuple)) else (dim,)
    axes = [axis_of(name, each, len(shape), shape) for each in dims]
    if len(set(axes)) < len(axes):
        raise misfit(f"{name}: {tuple(dims)} names a dimension twice")
    return axes


def as_size(name: str, size: object) -> int:
    """Return a size, which is a whole number."""
    size = index(size) if isinstance(size, Value) else size  # type: ignore[arg-type]
    if isinstance(size, bool) or not isinstance(size, int):
        raise misfit(f"{name}: {size!r} is not a size: a whole number is expected", TypeError)
    if abs(size) > MOST:
        raise too_large(f"{name}: a size of {size:,}")
    return size


def listed(sizes: tuple[object, ...]) -> tuple[object, ...]:
    """Return numbers that are given one by one, or as one list."""
    if len(sizes) == 1 and isinstance(sizes[0], (list, tuple)):
        return tuple(sizes[0])
    return sizes


def sizes_of(name: str, sizes: tuple[object, ...]) -> Shape:
    """Return sizes that are given one by one, or as one list."""
    found = tuple(as_size(name, size) for size in listed(sizes))
    for size in found:
        if size < 0:
            raise misfit(f"{name}: a size of {size} is negative")
    return found


def numbers(shape: Sequence[int]) -> tuple[int, int]:
    """Return how many numbers a shape holds for each sample, and how often the batch is in it."""
    amount = prod(size.each if isinstance(size, Batch) else size for size in shape)
    return amount, sum(isinstance(size, Batch) for size in shape)


def a_batch(shape: Sequence[int]) -> Batch | None:
    """Return a size of the batch, if there is one."""
    return next((size for size in shape if isinstance(size, Batch)), None)


def _explicit(*shapes: Sequence[int]) -> bool:
    """Return whether the batch is a number that somebody gave, or there is none."""
    found = [batch for batch in map(a_batch, shapes) if batch is not None]
    return not found or any(batch.samples for batch in found)


def filled_in(name: str, shape: Sequence[int], wanted: Sequence[object]) -> Shape:
    """Return the sizes asked for, with a -1 worked out; raise where the numbers aren't as many."""
    sizes = [as_size(name, size) for size in wanted]
    open_at = [at for at, size in enumerate(sizes) if size == -1 and not isinstance(size, Batch)]
    if len(open_at) > 1:
        raise misfit(f"{name}: only one size can be -1, not in {tuple(sizes)}")
    if any(size < -1 for size in sizes):
        raise misfit(f"{name}: sizes are not negative, in {tuple(sizes)}")
    amount, batches = numbers(shape)
    known = [size for at, size in enumerate(sizes) if at not in open_at]
    taken, taken_batches = numbers(known)
    explicit = _explicit(shape, sizes)
    whole, part = prod(map(int, shape)), prod(map(int, known))
    if not open_at:
        if (amount, batches) != (taken, taken_batches) and not (explicit and whole == part):
            raise _not_as_many(name, shape, sizes)
        return tuple(sizes)
    rest: int | None = None
    if taken and amount % taken == 0 and batches - taken_batches in (0, 1):
        batch = a_batch((*shape, *sizes))
        rest = amount // taken
        if batches > taken_batches and batch is not None:
            rest = type(batch)(rest, batch.samples)
    elif explicit and part and whole % part == 0:
        rest = whole // part
    if rest is None:
        raise _not_as_many(name, shape, sizes)
    return (*sizes[: open_at[0]], rest, *sizes[open_at[0] + 1 :])


def _not_as_many(name: str, shape: Sequence[int], sizes: Sequence[int]) -> Exception:
    held = prod(per_sample(tuple(shape)))
    each = " per sample" if shape and isinstance(shape[0], Batch) else ""
    return misfit(
        f"{name}({', '.join(map(size_text, sizes))}) doesn't fit {shown(shape)}, "
        f"which holds {held:,} numbers{each}"
    )


def broadcast(name: str, *shapes: Shape) -> Shape:
    """Return the shape that several become together, as PyTorch broadcasts them."""
    result: list[int] = []
    ndim = max(map(len, shapes))
    for axis in range(-ndim, 0):
        size: int = 1
        for shape in shapes:
            if -axis > len(shape):
                continue
            if is_one(shape[axis]):
                if isinstance(shape[axis], Batch) and is_one(size):
                    size = shape[axis]  # a batch of one sample is a batch still
            elif is_one(size):
                size = shape[axis]
            elif not same(size, shape[axis]):
                together = " and ".join(shown(each) for each in shapes)
                raise misfit(
                    f"{name}: {together} don't fit together, since {size_text(size)} and "
                    f"{size_text(shape[axis])} differ in dimension {ndim + axis}"
                )
        result.append(size)
    return tuple(result)
