"""How far apart a tensor's numbers lie in memory, on which `view` depends.

Strides are None where the numbers lie one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from convcalc.layers.base import Batch, Shape
from convcalc.network.torch.sizes import MOST_AXES, check_size, is_one

Strides = tuple[int, ...]
ANY_BATCH = 1_000_003
"""What stands for a batch of any size in strides: a prime larger than sizes are."""


class Placed(Protocol):
    """What has a shape, and strides."""

    @property
    def shape(self) -> Shape:
        """Its sizes."""

    @property
    def strides(self) -> Strides | None:
        """How far apart neighbours lie on every axis."""


def extent(size: int) -> int:
    """Return a size as strides count it."""
    if isinstance(size, Batch) and not size.samples:
        return size.each * ANY_BATCH
    return int(size)


def ordered(shape: Sequence[int], order: Sequence[int]) -> Strides | None:
    """Return strides without holes, the axes in this order from the innermost in memory."""
    return laid(shape, _dense(shape, order))


def _dense(shape: Sequence[int], order: Sequence[int]) -> Strides:
    if len(shape) > MOST_AXES:
        check_size(tuple(shape))  # before there are as many long numbers
    strides = [0] * len(shape)
    step = 1
    for axis in order:
        strides[axis] = step
        step *= max(extent(shape[axis]), 1)
    return tuple(strides)


def packed(shape: Sequence[int]) -> Strides:
    """Return the strides of numbers that lie one after the other."""
    return _dense(shape, range(len(shape))[::-1])


def laid(shape: Sequence[int], strides: Strides) -> Strides | None:
    """Return strides; None where they are those of numbers that lie one after the other."""
    plain = packed(shape)
    if all(a == b or is_one(size) for size, a, b in zip(shape, strides, plain, strict=True)):
        return None
    return strides


def strides_of(tensor: Placed) -> Strides:
    """Return how far apart a tensor's neighbours lie on every axis."""
    return packed(tensor.shape) if tensor.strides is None else tensor.strides


def with_channels_last(shape: Sequence[int]) -> Strides | None:
    """Return the strides of feature maps whose channels lie innermost."""
    return ordered(shape, [1, *range(len(shape) - 1, 1, -1), 0])


def channels_last(tensor: Placed, shape: Sequence[int]) -> Strides | None:
    """Return the strides of a result that keeps its channels last if a tensor has them so.

    Source: `is_channels_last_strides_2d` of PyTorch's c10/core/MemoryFormat.
    """
    ndim = len(tensor.shape)
    if tensor.strides is None or len(shape) != ndim or ndim not in (3, 4, 5):
        return None
    least = 0
    for axis in [1, *range(ndim - 1, 1, -1), 0]:
        step = tensor.strides[axis]
        if step < max(least, axis == 1) or (axis == 0 and least == tensor.strides[1]):
            return None
        least = step * max(extent(tensor.shape[axis]), 1)
    return with_channels_last(shape)


def iterated_strides(shape: Sequence[int], tensors: Sequence[Placed]) -> Strides | None:
    """Return the strides of what an operation on numbers in the same places makes of tensors.

    Source: `reorder_dimensions` of PyTorch's ATen/TensorIterator.
    """
    ndim = len(shape)
    if all(tensor.strides is None for tensor in tensors if len(tensor.shape) == ndim):
        return None
    rows = []
    for tensor in tensors:
        lead = ndim - len(tensor.shape)
        steps = [
            0 if is_one(old) and not is_one(new) else step
            for old, new, step in zip(tensor.shape, shape[lead:], strides_of(tensor), strict=True)
        ]
        rows.append([0] * lead + steps)
    order = list(range(ndim))[::-1]
    for start in range(1, ndim):
        moving = start
        for place in range(start - 1, -1, -1):
            comes = _comes_first(rows, shape, order[place], order[moving])
            if comes > 0:
                order[place], order[moving] = order[moving], order[place]
                moving = place
            elif comes < 0:
                break
    return ordered(shape, order)


def _comes_first(rows: list[list[int]], shape: Sequence[int], one: int, other: int) -> int:
    """Return whether an axis lies further out in memory than another: 1, -1, or 0 where either."""
    for strides in rows:
        first, second = strides[one], strides[other]
        if not first or not second:
            continue
        if first != second:
            return 1 if first > second else -1
        if extent(shape[one]) > extent(shape[other]):
            return 1
    return 0


def viewed_strides(tensor: Placed, shape: Sequence[int]) -> tuple[Strides | None, bool]:
    """Return the strides of a view, and whether there is one without copying.

    Source: `computeStride` of PyTorch's ATen/TensorUtils.
    """
    if tensor.strides is None:
        return None, True
    old = [(extent(n), s) for n, s in zip(tensor.shape, tensor.strides, strict=True)]
    new = [extent(size) for size in shape]
    strides = [0] * len(new)
    at = len(new) - 1
    base = old[-1][1] if old else 1
    chunk, taken = 1, 1
    for axis in range(len(old) - 1, -1, -1):
        chunk *= old[axis][0]
        starts = axis == 0 or (old[axis - 1][0] != 1 and old[axis - 1][1] != chunk * base)
        if not starts:
            continue
        while at >= 0 and (taken < chunk or new[at] == 1):
            strides[at] = taken * base
            taken *= new[at]
            at -= 1
        if taken != chunk:
            return None, False
        if axis > 0:
            base = old[axis - 1][1]
            chunk = taken = 1
    if at != -1:
        return None, False
    return laid(shape, tuple(strides)), True
