"""How tensors are laid out: as in the assignment, and in the other ways that courses have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

from convcalc.formulas import nested, nested_shape, transpose

Layout = Literal["bpk", "bkp", "flat", "chw", "nhwc", "hwc"]
Role = Literal["maps", "weight", "patches", "vector"]
"""What a tensor is: X, Y and their gradients; W and its; Ũ; one number for each output channel."""

CHANNELS_LAST: dict[str, tuple[int, ...]] = {"maps": (0, 2, 3, 1), "weight": (2, 3, 1, 0)}
"""Which axis of the assignment's stands where, (b, h, w, c) and (h_k, w_k, c, c_out)."""


@dataclass(frozen=True)
class Arrangement:
    """How the tensors of an operation are laid out."""

    name: Layout
    words: str
    """What it is, after "the layout is"."""
    batch: bool = True
    channels_last: bool = False
    patches: Literal["bpk", "bkp", "flat"] = "bpk"

    @property
    def of_patches_alone(self) -> bool:
        """Whether it has a meaning for unfolded matrices only."""
        return self.patches != "bpk"

    def said(self, of_patches: bool) -> str:
        """Return what it is in words, of unfolded matrices or of kernels."""
        if not self.channels_last:
            return self.words
        others = "a row's values as (h_k, w_k, c)" if of_patches else "W (h_k, w_k, c, c_out)"
        return f"{self.words}, {others}"

    def laid_out(self, role: Role, tensor: Any, per_channel: int = 1) -> Any:
        """Return a tensor of the assignment's layout in this one.

        `per_channel` is h_k·w_k: how many of a patch's values are of one channel.
        """
        if role == "patches":
            return self._patches_laid_out(tensor, per_channel)
        if role in CHANNELS_LAST:
            if self.channels_last:
                tensor = permuted(tensor, CHANNELS_LAST[role])
            if role == "maps" and not self.batch:
                return tensor[0]
        return tensor

    def _patches_laid_out(self, tensor: Any, per_channel: int) -> Any:
        if self.patches == "bkp":
            return _last_two_exchanged(tensor)
        if self.channels_last:
            tensor = [[_exchanged(row, per_channel) for row in rows] for rows in tensor]
        if self.patches == "flat":
            return [row for rows in tensor for row in rows]
        return tensor if self.batch else tensor[0]

    def taken_back(self, role: Role, tensor: Any, samples: int, per_channel: int) -> Any:
        """Return a tensor of this layout in the assignment's."""
        if role == "patches":
            if self.patches == "bkp":
                return _last_two_exchanged(tensor)
            rows = [tensor] if not self.batch else tensor
            if self.patches == "flat":
                each = len(tensor) // samples
                rows = [tensor[at * each : (at + 1) * each] for at in range(samples)]
            if self.channels_last:
                return [[_exchanged(row, len(row) // per_channel) for row in r] for r in rows]
            return rows
        if role in CHANNELS_LAST:
            if role == "maps" and not self.batch:
                tensor = [tensor]
            if self.channels_last:
                order = CHANNELS_LAST[role]
                return permuted(tensor, [order.index(axis) for axis in range(len(order))])
        return tensor


def _exchanged(row: Sequence[float], inner: int) -> list[float]:
    """Return values in order of two indices, the second below `inner`, in the other order."""
    return [row[at] for start in range(inner) for at in range(start, len(row), inner)]


def permuted(tensor: Any, order: Sequence[int]) -> Any:
    """Return nested lists with their axes in another order."""
    shape = nested_shape(tensor)
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    values = tensor
    for _ in shape[1:]:
        values = [v for each in values for v in each]
    places = [0]
    for axis in order:
        places = [at + i * strides[axis] for at in places for i in range(shape[axis])]
    return nested([shape[axis] for axis in order], (values[at] for at in places))


def _last_two_exchanged(tensor: Any) -> Any:
    """Return every matrix of a tensor transposed, however many axes a mistake left it."""
    if not isinstance(tensor, list) or not tensor or not isinstance(tensor[0], list):
        return tensor
    if isinstance(tensor[0][0], list):
        return [_last_two_exchanged(each) for each in tensor]
    return transpose(tensor)


LAYOUTS: dict[Layout, Arrangement] = {
    each.name: each
    for each in (
        Arrangement("bpk", "(b, p, k)"),
        Arrangement("bkp", "(b, k, p), the transpose", patches="bkp"),
        Arrangement("flat", "(b·p, k): the samples stand below one another", patches="flat"),
        Arrangement("chw", "one sample without its batch, (c, h, w)", batch=False),
        Arrangement("nhwc", "channels last, (b, h, w, c)", channels_last=True),
        Arrangement(
            "hwc",
            "one sample with its channels last, (h, w, c)",
            batch=False,
            channels_last=True,
        ),
    )
}
"""Every layout by its name, the assignment's first."""
