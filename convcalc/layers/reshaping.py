"""Layers that lay out the same numbers in other dimensions: flatten, unflatten, unfold and fold.

Source: https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html and its neighbours
"""

from __future__ import annotations

from math import prod
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError, conv_output_size, each_axis, whole
from convcalc.layers.base import (
    IN_PLACE,
    STAY,
    VIEWED,
    Layer,
    Output,
    Reach,
    Shape,
    dimension,
    maps,
    misfit,
    per_axis,
)


class Flatten(Layer):
    """The dimensions from start_dim to end_dim in one."""

    saves = ""
    memory = VIEWED
    of_whole = STAY

    start_dim: int
    end_dim: int

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self._keep(start_dim=start_dim, end_dim=end_dim)

    def _from_to(self, input: Shape) -> tuple[int, int]:
        start = dimension("start_dim", self.start_dim, input)
        end = dimension("end_dim", self.end_dim, input)
        if start > end:
            raise ConvcalcError(f"{self.start_dim} comes after end_dim {self.end_dim}", "start_dim")
        return start, end

    def output(self, input: Shape) -> Output:
        """Return the shape with those dimensions multiplied."""
        start, end = self._from_to(input)
        return (*input[:start], prod(input[start : end + 1]), *input[end + 1 :])

    def reach(self, input: Shape) -> Reach:
        """Return what is before in place; from there on nothing is where it was."""
        start, end = self._from_to(input)
        if start == end and input:
            return super().reach(input)
        return (IN_PLACE,) * start + (None,) * (max(len(input), 1) - end)


class Unflatten(Layer):
    """One dimension made into several."""

    saves = ""
    memory = VIEWED
    of_whole = STAY

    dim: int
    unflattened_size: Shape

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        if not isinstance(unflattened_size, (tuple, list)) or not unflattened_size:
            raise ConvcalcError(f"{unflattened_size!r} is not a tuple of ints", "unflattened_size")
        sizes = tuple(whole("unflattened_size", each, -1) for each in unflattened_size)
        if sizes.count(-1) > 1 or 0 in sizes:
            raise ConvcalcError(f"{sizes} has more than one -1, or a 0", "unflattened_size")
        self._keep(dim=dim, unflattened_size=sizes)

    def output(self, input: Shape) -> Output:
        """Return the shape with the dimension's size as several factors."""
        at = dimension("dim", self.dim, input)
        sizes = self.unflattened_size
        known = prod(each for each in sizes if each != -1)
        if not input or input[at] % known or (-1 not in sizes and input[at] != known):
            numbers = f"a multiple of {known:,}" if -1 in sizes else text.shape(sizes)
            raise misfit(f"{numbers} numbers in dimension {self.dim}", input)
        rest = input[at] // known
        inner = (rest if each == -1 else each for each in sizes)
        return (*input[:at], *inner, *input[at + 1 :])

    def reach(self, input: Shape) -> Reach:
        """Return what is before in place; from there on nothing is where it was."""
        at = dimension("dim", self.dim, input)
        added = len(self.unflattened_size) - 1
        if not added:
            return super().reach(input)
        return (IN_PLACE,) * at + (None,) * (len(input) - at + added)


class Patches(Layer):
    """What unfold and fold share: windows on two axes."""

    saves = ""
    kernel_size: Any
    dilation: Any
    padding: Any
    stride: Any
    _settings: tuple[Shape, Shape, tuple[tuple[int, int], ...], Shape]

    def _set(self, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> None:
        ends = per_axis("padding", padding, 2, 0, exact=True)
        settings = (
            per_axis("kernel_size", kernel_size, 2, exact=True),
            per_axis("stride", stride, 2, exact=True),
            tuple((each, each) for each in ends),
            per_axis("dilation", dilation, 2, exact=True),
        )
        self._keep(
            kernel_size=kernel_size,
            dilation=dilation,
            padding=padding,
            stride=stride,
            _settings=settings,
        )

    def _patches(self, size: Shape) -> int:
        """Return p, the windows on both axes."""
        return prod(each_axis(conv_output_size, size, *self._settings))

    @property
    def _area(self) -> int:
        return prod(self._settings[0])

    def filled(self, input: Shape) -> Shape:
        """Return all sizes but the number of samples."""
        return input[1:] if len(input) > 2 else input


class Unfold(Patches):
    """The patches of (b, c, h, w) as columns: (b, k, p), as PyTorch lays them out."""

    def __init__(
        self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
    ) -> None:
        self._set(kernel_size, dilation, padding, stride)

    def output(self, input: Shape) -> Output:
        """Return (b, k, p)."""
        outer, size = maps(input, 2)
        return (*outer[:-1], outer[-1] * self._area, self._patches(size))

    def reach(self, input: Shape) -> Reach:
        """Return the batch in place, and None for the columns."""
        return (IN_PLACE,) * (len(input) - 3) + (None, None)


class Fold(Patches):
    """Columns of patches (b, k, p) summed into (b, c, h, w)."""

    roomy = True
    output_size: Any
    _size: Shape

    def __init__(
        self,
        output_size: Any,
        kernel_size: Any,
        dilation: Any = 1,
        padding: Any = 0,
        stride: Any = 1,
    ) -> None:
        self._set(kernel_size, dilation, padding, stride)
        size = per_axis("output_size", output_size, 2, exact=True)
        self._keep(output_size=output_size, _size=size)

    def output(self, input: Shape) -> Output:
        """Return (b, c, h, w)."""
        area, patches = self._area, self._patches(self._size)
        if len(input) not in (2, 3) or input[-2] % area or input[-1] != patches:
            raise misfit(f"a multiple of {area:,} values for each of {patches:,} patches", input)
        return (*input[:-2], input[-2] // area, *self._size)

    def reach(self, input: Shape) -> Reach:
        """Return the batch in place, and None for what is summed."""
        return (IN_PLACE,) * (len(input) - 2) + (None, None, None)
