"""What the positions of a tensor see of the network's input: receptive fields.

Source: Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
Distill, 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.formulas import MOST
from convcalc.layers.base import IN_PLACE, Window
from convcalc.reading.exceptions import too_large


class Field(NamedTuple):
    """What the positions of an axis see of one axis of the network's input.

    Position i sees from i·`step` + `first` to i·`step` + `last`.
    """

    axis: int
    first: int
    last: int
    step: int

    def through(self, window: Window) -> Field:
        """Return what is seen through a window over these positions."""
        if window is IN_PLACE:
            return self
        seen = Field(
            self.axis,
            self.first - window.before * self.step,
            self.last + (window.span - 1 - window.before) * self.step,
            self.step * window.step,
        )
        if max(seen.size, seen.step) > MOST:
            raise too_large("a receptive field or a stride")
        return seen

    def moved(self, start: int, step: int = 1) -> Field:
        """Return what is seen from every `step`-th of these positions, `start` the first one."""
        ahead = start * self.step
        return Field(self.axis, self.first + ahead, self.last + ahead, self.step * step)

    def joined(self, other: Field) -> Field | None:
        """Return the union of what both see; None where their positions don't run alike."""
        if (self.axis, self.step) != (other.axis, other.step):
            return None
        return Field(self.axis, min(self.first, other.first), max(self.last, other.last), self.step)

    @property
    def size(self) -> int:
        """How many positions of the input one position sees."""
        return self.last - self.first + 1


Fields = tuple[Field | None, ...]
"""A field per axis; None where a position sees what no window says."""


def seen_through(reach: Sequence[Window | None], fields: Fields, ndim: int) -> Fields:
    """Return what the positions of an output see, from what those of the input do."""
    if len(reach) != ndim or len(fields) != ndim:
        return (None,) * ndim
    return tuple(
        None if window is None or field is None else field.through(window)
        for window, field in zip(reach, fields, strict=True)
    )
