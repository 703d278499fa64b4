"""What a walk begins with: its question, the layer that is asked about, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convcalc.formulas import ConvcalcError, Pair, Tensor4
from convcalc.layers.base import Shape
from convcalc.single.demo.numbers import filled, in_digits, tensor
from convcalc.single.line import Asked
from convcalc.single.question import LayerQuestion, spatial_axes
from convcalc.single.shape import shape


class Start:
    """What a walk begins with: a question of one or two axes, its layer and its numbers.

    The layer is one of two axes; its `sizes` are as it was asked about. The bias is left out
    unless it was asked for, since Y′ = ŨW̃ has none.
    Raises ConvcalcError where it has no meaning, or neither one nor two axes.
    """

    def __init__(self, question: LayerQuestion, seed: int | None) -> None:
        if len(question.size) not in (1, 2):
            raise question.about_input(
                f"has {spatial_axes(question.input_shape)}: demo walks through 1-D and 2-D layers, "
                "CxL or CxHxW would do"
            )
        if not question.pool:
            out_channels = question.out_channels or question.groups or 1
            question = question._replace(out_channels=out_channels, bias=bool(question.bias))
        self.question = question
        self.sizes = shape(question)  # whose errors name the axis as it was asked about
        flat = question.as_image()
        self.layer: Asked = flat.layer()
        self.ndim, self.seed = question.ndim, seed
        self.input_shape = (question.batch or 1, *flat.input_shape)
        self.output_size = self.layer.output_size(flat.size)

    def axes(self, size: Sequence[int]) -> tuple[int, ...]:
        """Return a size of two axes as it was asked about: in 1-D without its height."""
        return tuple(size[2 - self.ndim :])

    def x(self, own: Any) -> Tensor4:
        """Return X: somebody's own numbers, or others."""
        if own is not None:
            return tensor("x", own, self.ndim)
        x: Tensor4 = filled(self.input_shape, self.seed, "X")
        return x

    def weights(self, own: Any) -> tuple[Tensor4, list[float] | None]:
        """Return W, somebody's own numbers or others, and the bias, None where there is none."""
        weight, bias = (self.layer.parameters()[each] for each in ("weight", "bias"))
        w = filled(weight or (), self.seed, "W") if own is None else tensor("w", own, self.ndim)
        return w, filled(bias, self.seed, "bias") if bias else None

    def notes(self, *tensors: Tensor4) -> tuple[str, ...]:
        """Return what is to be said of the layer, and of its numbers."""
        return self.sizes.notes + in_digits(*tensors)


def of_convolutions_alone(kind: str, layout: str, folds: bool) -> None:
    """Raise ConvcalcError where another kind of layer is asked for what a convolution has."""
    message = f"has a meaning for convolutions, not for {kind}"
    if folds:
        raise ConvcalcError(message, "folds")
    if layout != "bpk":
        raise ConvcalcError(f"{layout} {message}", "layout")


def chosen(patch: int | Pair | None, windows: Shape, ndim: int) -> int | None:
    """Return the number of the window that is meant; raise ConvcalcError where there is none."""
    rows, columns = windows
    if isinstance(patch, tuple) and ndim == 1:
        given, last = ",".join(map(str, patch)), columns - 1
        raise ConvcalcError(f"{given}: the windows of a 1-D layer are 0 to {last}", "patch")
    if isinstance(patch, tuple):
        i, j = patch
        if i >= rows or j >= columns:
            raise ConvcalcError(
                f"{i},{j}: the windows here are (0, 0) to ({rows - 1}, {columns - 1})", "patch"
            )
        return i * columns + j
    if patch is not None and patch >= rows * columns:
        raise ConvcalcError(f"{patch}: the patches here are 0 to {rows * columns - 1}", "patch")
    return patch
