"""What every walk-through has, and a number of it written out as the sum that makes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any, TypeVar

from convcalc import text
from convcalc.formulas import ConvcalcError, Pair, Tensor4
from convcalc.layers.base import Shape
from convcalc.single.line import Asked
from convcalc.single.question import LayerQuestion, spatial_axes

Walked = TypeVar("Walked", bound="Walk")


@dataclass(frozen=True)
class Term:
    """One of the numbers that are added up: its factors, and the channel it is from.

    `divisor` is what their product is divided by.
    """

    factors: tuple[float, ...]
    channel: int | None = None
    divisor: int = 1


@dataclass(frozen=True)
class Sum:
    """How one number of a tensor comes about; its sentence says what the terms are.

    `form` has the terms in its place: a sum as it is, or the maximum of them.
    """

    tensor: str
    place: tuple[int, ...]
    terms: tuple[Term, ...]
    total: float
    how: str
    joint: str = " + "
    form: str = "{}"


@dataclass(frozen=True)
class Walk:
    """A layer with its numbers: X (b, c, h, w) and Y; what is 1-D is 2-D of height 1."""

    layer: Any
    ndim: int
    X: Tensor4
    Y: Tensor4
    patch: int | None
    """The window to be pointed out, by its number."""
    code: str | None
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """PyTorch's class of the layer."""
        return str(self.layer.name).replace("2d", f"{self.ndim}d")

    @property
    def moves(self) -> Tensor4:
        """The tensor that has a window for every place of its maps."""
        return self.Y

    @property
    def positions(self) -> list[Pair]:
        """Where every window belongs, row by row."""
        return list(product(range(len(self.moves[0][0])), range(len(self.moves[0][0][0]))))

    @property
    def in_channels(self) -> int:
        """The channels of X."""
        return len(self.X[0])

    @property
    def taps(self) -> list[Pair]:
        """The (u, v) of every value of a window."""
        h_k, w_k = self.layer.settings[0]
        return list(product(range(h_k), range(w_k)))

    def placed(self, n: int, c: int, i: int, j: int) -> tuple[int, ...]:
        """Return the place of a number, in 1-D without its row."""
        return (n, c, i, j) if self.ndim == 2 else (n, c, j)

    def window_called(self, patch: int) -> str:
        """Return what a window is called: (1, 2), or (2) in 1-D."""
        return f"({', '.join(map(str, self.positions[patch][2 - self.ndim :]))})"

    def read_by(self, patch: int) -> list[Pair]:
        """Return the (row, column) of what a window spans, padding counted in, in its order."""
        i, j = self.positions[patch]
        _, (s_h, s_w), _, (d_h, d_w) = self.layer.settings
        return [(i * s_h + u * d_h, j * s_w + v * d_w) for u, v in self.taps]

    @property
    def window(self) -> frozenset[Pair]:
        """The (row, column) that the pointed-out window spans, padding counted in."""
        return frozenset() if self.patch is None else frozenset(self.read_by(self.patch))

    @property
    def within(self) -> frozenset[Pair]:
        """The (row, column) that the pointed-out window spans, counted without the padding."""
        (top, _), (left, _) = self.layer.ends
        return frozenset((row - top, column - left) for row, column in self.window)

    def pointing_at(self: Walked, patch: int) -> Walked:
        """Return this walk with another window pointed out."""
        return replace(self, patch=patch)


def asked(question: LayerQuestion) -> tuple[LayerQuestion, Asked, Asked]:
    """Return the question as one of two axes, its layer, and the layer as it was asked about.

    Raises ConvcalcError where it has no meaning, or neither one nor two axes.
    """
    if len(question.size) not in (1, 2):
        raise question.about_input(
            f"has {spatial_axes(question.input_shape)}: demo walks through 1-D and 2-D layers, "
            "CxL or CxHxW would do"
        )
    layer = question.layer()
    layer.output_size(question.size)  # whose errors name the axis as it was asked about
    flat = question.as_image()
    return flat, flat.layer(), layer


def of_convolutions_alone(kind: str, layout: str, folds: bool) -> None:
    """Raise ConvcalcError where another kind of layer is asked for what a convolution has."""
    message = f"has a meaning for convolutions, not for {kind}"
    if folds:
        raise ConvcalcError(message, "folds")
    if layout != "bpk":
        raise ConvcalcError(f"{layout} {message}", "layout")


def chosen(patch: int | Pair | None, windows: Shape) -> int | None:
    """Return the number of the window that is meant; raise ConvcalcError where there is none."""
    rows, columns = windows
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


def named(walk: Walk, patches: list[int]) -> str:
    """Return patches as a sentence lists them, with their windows."""
    return text.listed([f"{each} {walk.window_called(each)}" for each in patches])


def flat(tensor: Tensor4, ndim: int) -> Any:
    """Return a tensor (b, c, h, w) as it stands in so many dimensions: in 1-D without height."""
    return tensor if ndim == 2 else [[rows[0] for rows in sample] for sample in tensor]
