"""Layers that pad.

Source: https://pytorch.org/docs/stable/nn.html#padding-layers
"""

from __future__ import annotations

from typing import Any

from convcalc.formulas import LARGEST, ConvcalcError, whole
from convcalc.layers.base import (
    CHANNELS_LAST,
    IN_PLACE,
    STAY,
    Ends,
    Layer,
    Output,
    Reach,
    Shape,
    Window,
    axis_name,
    check_border,
    misfit,
    number,
)


class Pad(Layer):
    """What the layers that pad share; a negative padding crops.

    PyTorch counts a padding's pairs from the last axis; a tuple may have fewer or more pairs than
    the class has axes.
    """

    saves = ""
    of_whole = STAY
    ndim: int
    mode = "constant"
    padding: tuple[int, ...]

    def _set(self, padding: Any) -> None:
        several = isinstance(padding, (tuple, list))
        values = tuple(padding) if several else (padding,) * (2 * self.ndim)
        if len(values) % 2 or (not values and self.mode != "constant"):
            raise ConvcalcError(f"{padding!r} is not a before and after per axis", "padding")
        self._keep(padding=tuple(whole("padding", each, -LARGEST) for each in values))

    @property
    def ends(self) -> Ends:
        """The padding of the last axes, as (before, after)."""
        return tuple(zip(self.padding[::2], self.padding[1::2], strict=True))[::-1]

    def output(self, input: Shape) -> Output:
        """Return the shape with the padding around its last axes."""
        ends = self.ends
        before_them = max(len(input) - len(ends), 0)
        outer, size = input[:before_them], input[before_them:]
        if len(size) < len(ends):
            raise misfit(f"{len(ends)} dimensions at least", input)
        if self.mode != "constant" and len(outer) not in (1, 2):
            raise misfit(f"{len(ends) + 1} or {len(ends) + 2} dimensions", input)
        check_border(self.mode, size, ends)
        output = []
        for at, (each, (before, after)) in enumerate(zip(size, ends, strict=True)):
            taken = -min(before, 0) - min(after, 0)
            if self.mode == "replicate":
                taken = 0  # the border is repeated first
            if each < taken or each + before + after < 1:
                message = f"{(before, after)} takes away the whole input, {each:,}"
                raise ConvcalcError(message, "padding", axis_name(len(ends), at))
            output.append(each + before + after)
        return (*outer, *output)

    def reach(self, input: Shape) -> Reach:
        """Return every axis in place, shifted by what is before it."""
        ends = self.ends
        windows = tuple(Window(1, 1, before) for before, _ in ends)
        return (IN_PLACE,) * (len(input) - len(ends)) + windows


class _Plain(Pad):
    """Padding that takes no value."""

    def __init__(self, padding: Any) -> None:
        self._set(padding)


class ConstantPad(Pad):
    """Padding with a constant."""

    memory = CHANNELS_LAST

    value: float

    def __init__(self, padding: Any, value: float) -> None:
        if value is not None:
            number("value", value)
        self._set(padding)
        self._keep(value=value)


class ConstantPad1d(ConstantPad):
    """Padding of (…, length) with a constant."""

    ndim = 1


class ConstantPad2d(ConstantPad):
    """Padding of (…, h, w) with a constant."""

    ndim = 2


class ConstantPad3d(ConstantPad):
    """Padding of (…, d, h, w) with a constant."""

    ndim = 3


class ZeroPad1d(ConstantPad1d):
    """Padding of (…, length) with zeros."""

    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)


class ZeroPad2d(ConstantPad2d):
    """Padding of (…, h, w) with zeros."""

    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)


class ZeroPad3d(ConstantPad3d):
    """Padding of (…, d, h, w) with zeros."""

    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)


class ReflectionPad(_Plain):
    """Padding that mirrors the input, without its border."""

    saves = "input"
    memory = CHANNELS_LAST

    mode = "reflect"

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of channels and axes."""
        return input[-self.ndim - 1 :]


class ReflectionPad1d(ReflectionPad):
    """Padding of (b, c, length) that mirrors it."""

    ndim = 1


class ReflectionPad2d(ReflectionPad):
    """Padding of (b, c, h, w) that mirrors it."""

    ndim = 2


class ReflectionPad3d(ReflectionPad):
    """Padding of (b, c, d, h, w) that mirrors it."""

    ndim = 3


class ReplicationPad(_Plain):
    """Padding that repeats the border."""

    saves = "input"
    memory = CHANNELS_LAST

    mode = "replicate"

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of channels and axes."""
        return input[-self.ndim - 1 :]


class ReplicationPad1d(ReplicationPad):
    """Padding of (b, c, length) that repeats the border."""

    ndim = 1


class ReplicationPad2d(ReplicationPad):
    """Padding of (b, c, h, w) that repeats the border."""

    ndim = 2


class ReplicationPad3d(ReplicationPad):
    """Padding of (b, c, d, h, w) that repeats the border."""

    ndim = 3


class CircularPad(_Plain):
    """Padding that goes round the input, once at the most."""

    mode = "circular"

    def output(self, input: Shape) -> Output:
        """Return the shape with the padding around its last axes."""
        if len(input) - self.ndim not in (1, 2):
            raise misfit(f"{self.ndim + 1} or {self.ndim + 2} dimensions", input)
        return super().output(input)


class CircularPad1d(CircularPad):
    """Padding of (b, c, length) that goes round."""

    ndim = 1


class CircularPad2d(CircularPad):
    """Padding of (b, c, h, w) that goes round."""

    ndim = 2


class CircularPad3d(CircularPad):
    """Padding of (b, c, d, h, w) that goes round."""

    ndim = 3
