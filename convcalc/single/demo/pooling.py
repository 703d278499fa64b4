"""A pooling walked through with numbers: X, its windows, Y, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError, Pair, Tensor3, Tensor4, nested_shape
from convcalc.layers.pooling import MaxPool, Pooling
from convcalc.references import (
    PoolWindow,
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    maxima2d,
    pool_windows,
)
from convcalc.single.demo.numbers import check_printable, filled, gradient, in_digits, tensor
from convcalc.single.demo.walk import Sum, Term, Walk, asked, chosen, named, of_convolutions_alone
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import padded, pasted, surprises


@dataclass(frozen=True)
class Gradients:
    """The backward pass: from Y∇ to X∇."""

    Y: Tensor4
    X: Tensor4


@dataclass(frozen=True)
class Pooled(Walk):
    """X, its windows and Y; `maxima` are the (row, column) of every window's, None of averages."""

    layer: Pooling
    rows: list[list[PoolWindow]]
    maxima: list[list[list[list[Pair]]]] | None
    gradients: Gradients | None

    @cached_property
    def windows(self) -> list[PoolWindow]:
        """Every window, row by row."""
        return [window for row in self.rows for window in row]

    def tap_of(self, patch: int, place: Pair) -> int:
        """Return which value of a window reads a place of X."""
        (top, _), (left, _) = self.layer.ends
        return self.read_by(patch).index((place[0] + top, place[1] + left))

    def maximum(self, n: int, c: int, patch: int) -> Pair | None:
        """Return where in X a window has its maximum; None where it has an average."""
        i, j = self.positions[patch]
        return self.maxima[n][c][i][j] if self.maxima else None

    def beyond(self, patch: int) -> list[int]:
        """Return the values of a window that count for nothing.

        Of a maximum those are padding's, of an average what ceil mode reads beyond the padding.
        """
        ends, size = self.layer.ends, nested_shape(self.X)[2:]
        first = [before if self.maxima else 0 for before, _ in ends]
        last = [
            before + each + (0 if self.maxima else after)
            for (before, after), each in zip(ends, size, strict=True)
        ]
        return [
            tap
            for tap, place in enumerate(self.read_by(patch))
            if any(not a <= at < z for at, a, z in zip(place, first, last, strict=True))
        ]

    def values(self, tensor: Tensor4) -> list[Tensor3]:
        """Return for (b, c) the values of every window, a window per row; zeros outside X."""
        (top, _), (left, _) = self.layer.ends
        h, w = nested_shape(self.X)[2:]

        def value(rows: Any, row: int, column: int) -> Any:
            inside = 0 <= row < h and 0 <= column < w
            return rows[row][column] if inside else 0

        return [
            [
                [
                    [value(rows, i - top, j - left) for i, j in self.read_by(r)]
                    for r in range(len(self.windows))
                ]
                for rows in sample
            ]
            for sample in tensor
        ]

    def shares(self) -> list[Tensor3]:
        """Return for (b, c) what every window gives back to each of its values, a row per window.

        A maximum gets all of it, the values of an average the same.
        """
        assert self.gradients is not None
        grad_y = self.gradients.Y
        given: list[Tensor3] = []
        for n, sample in enumerate(self.X):
            given.append([])
            for c in range(len(sample)):
                rows: list[list[float]] = []
                for r, window in enumerate(self.windows):
                    i, j = self.positions[r]
                    row: list[float] = [0] * len(self.taps)
                    maximum = self.maximum(n, c, r)
                    for place in window.places if maximum is None else [maximum]:
                        grad = grad_y[n][c][i][j]
                        row[self.tap_of(r, place)] = grad / window.size if maximum is None else grad
                    rows.append(row)
                given[-1].append(rows)
        return given

    def folded_until(self, patch: int) -> Tensor4:
        """Return X∇ as it is once this window and those before it have given back."""
        _, _, h, w = nested_shape(self.X)
        grad_x: Tensor4 = [[[[0] * w for _ in range(h)] for _ in sample] for sample in self.X]
        for grads, sample in zip(grad_x, self.shares(), strict=True):
            for rows, given in zip(grads, sample, strict=True):
                for r, window in enumerate(self.windows[: patch + 1]):
                    for row, column in window.places:
                        rows[row][column] += given[r][self.tap_of(r, (row, column))]
        return grad_x

    @property
    def sums(self) -> list[Sum]:
        """How every cell of Y that belongs to the pointed-out window comes about."""
        if self.patch is None:
            return []
        return [self.sum_of(n, c, self.patch)
                for n, c in product(range(len(self.X)), range(self.in_channels))]  # fmt: skip

    def sum_of(self, n: int, c: int, patch: int) -> Sum:
        """Return how one cell of Y comes about: the maximum of a window's values, or their mean."""
        i, j = self.positions[patch]
        window = self.windows[patch]
        terms = tuple(Term((self.X[n][c][row][column],), c) for row, column in window.places)
        place, total = self.placed(n, c, i, j), self.Y[n][c][i][j]
        maximum = self.maximum(n, c, patch)
        if maximum is not None:
            at = self.placed(n, c, *maximum)
            how = f"the maximum is X[{', '.join(map(str, at))}]"
            if sum(term.factors[0] == total for term in terms) > 1:
                how += ", the first of several that are equal"
            return Sum("Y", place, terms, total, how, ", ", "max({})")
        zeros = window.size - len(window.places)
        how = f"divided by the {text.counted(window.size, 'position')} of the window"
        if zeros:
            how += f", {zeros} of them padding"
        return Sum("Y", place, terms, total, how, form=f"({{}})/{window.size}")

    @property
    def gradient_sums(self) -> list[Sum]:
        """How a cell of X∇ comes about: the window's maximum, or the first that it reads."""
        if self.patch is None or self.gradients is None:
            return []
        row, column = self.maximum(0, 0, self.patch) or self.windows[self.patch].places[0]
        giving = [
            r
            for r, window in enumerate(self.windows)
            if (row, column) in window.places and self.maximum(0, 0, r) in (None, (row, column))
        ]
        grads = [(self.gradients.Y[0][0][i][j], r) for r in giving for i, j in [self.positions[r]]]
        terms = tuple(
            Term((grad, 1), 0) if self.maxima else Term((grad,), 0, self.windows[r].size)
            for grad, r in grads
        )
        said = "that read it, each divided by its size"
        if self.maxima:
            said = "whose maximum it is, times 1"
        how = f"Y∇ of the windows {said}: {named(self, giving)}"
        place = self.placed(0, 0, row, column)
        return [Sum("X∇", place, terms, self.gradients.X[0][0][row][column], how)]


def walk(
    question: LayerQuestion,
    seed: int | None = None,
    backward: bool = False,
    patch: int | Pair | None = None,
    x: Any = None,
    w: Any = None,
    layout: str = "bpk",
    grad: Any = None,
    folds: bool = False,
) -> Pooled:
    """Return a small pooling's tensors; arguments are those of a convolution's walk.

    Raises ConvcalcError where the layer is no 1-D or 2-D pooling, is too large to print or has no
    such window, and where own numbers don't fit.
    """
    of_convolutions_alone("pooling", layout, folds)
    if w is not None:
        raise ConvcalcError("has a meaning for convolutions, not for pooling", "w")
    if question.out_channels is not None:
        raise ConvcalcError(
            f"{question.out_channels} has no meaning for pooling, which keeps the "
            f"{text.counted(question.input_shape[0], 'channel')}",
            "out_channels",
        )
    flat, layer, of_pytorch = asked(question)
    assert isinstance(layer, Pooling)
    output_size = layer.output_size(flat.size)
    ndim, b = question.ndim, question.batch or 1
    kernel, stride, ends, dilation = layer.settings
    channels = question.input_shape[0]
    windows = (b * channels, output_size[0] * output_size[1], kernel[0] * kernel[1])
    around = (b, channels, *padded(layer, flat.size)[2 - ndim :])
    check_printable(question, {"X": around, "the windows": windows})
    x = filled((b, *flat.input_shape), seed, "X") if x is None else tensor("x", x, ndim)
    largest = isinstance(layer, MaxPool)
    settings = (kernel, stride, ends)
    more: dict[str, Any] = {"dilation": dilation, "ceil_mode": layer.ceil_mode}
    y = (max_pool2d if largest else avg_pool2d)(x, *settings, **more)
    gradients = None
    if backward or grad is not None:
        grad_y = gradient(grad, ndim, nested_shape(y), seed)
        backwards = max_pool2d_backward if largest else avg_pool2d_backward
        gradients = Gradients(grad_y, backwards(grad_y, x, *settings, **more))
    back = () if gradients is None else (gradients.Y, gradients.X)
    return Pooled(
        layer=layer,
        ndim=ndim,
        X=x,
        Y=y,
        rows=pool_windows(x, *settings, **more),
        maxima=maxima2d(x, *settings, **more) if largest else None,
        gradients=gradients,
        patch=chosen(patch, output_size),
        code=pasted(question, of_pytorch),
        notes=surprises(question, of_pytorch) + in_digits(x, y, *back),
    )
