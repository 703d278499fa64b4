"""A pooling walked through with numbers: X, its windows, Y, and back."""

from __future__ import annotations

from dataclasses import dataclass
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
from convcalc.single.demo.numbers import check_printable
from convcalc.single.demo.start import Start, chosen, of_convolutions_alone
from convcalc.single.demo.walk import Gradients, Sum, Term, Walk, named
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import padded


@dataclass(frozen=True)
class Pooled(Walk):
    """X, its windows and Y; `maxima` are the (row, column) of every window's, None of averages."""

    by = "windows"

    layer: Pooling
    windows: list[PoolWindow]
    maxima: list[list[list[list[Pair]]]] | None

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

    def shares(self) -> Tensor3:
        """Return (b, p, values): what every window gives back to each of its values.

        A maximum gets all of it, the values of an average the same.
        """
        assert self.gradients is not None
        rows: Tensor3 = [[[0] * len(self.values) for _ in self.windows] for _ in self.X]
        for n, c, (r, window) in product(
            range(len(self.X)), range(self.in_channels), enumerate(self.windows)
        ):
            i, j = self.positions[r]
            maximum, grad = self.maximum(n, c, r), self.gradients.Y[n][c][i][j]
            for tap, *place in self.real(r):
                if maximum in (None, tuple(place)):
                    share = grad if maximum else grad / window.size
                    rows[n][r][c * len(self.taps) + tap] = share
        return rows

    def folded_until(self, patch: int) -> Tensor4:
        """Return X∇ as it is once this window and those before it have given back."""
        return self.folded(self.shares(), patch)

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

    def backward(self, grad_y: Tensor4) -> Gradients:
        """Return the gradients that follow from Y∇."""
        layer = self.layer
        settings = layer.settings[:3]
        more: dict[str, Any] = {"dilation": layer.settings[3], "ceil_mode": layer.ceil_mode}
        backwards = max_pool2d_backward if self.maxima else avg_pool2d_backward
        return Gradients(grad_y, backwards(grad_y, self.X, *settings, **more))

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
    start = Start(question, seed)
    layer = start.layer
    assert isinstance(layer, Pooling)
    kernel, stride, ends, dilation = layer.settings
    (b, channels, *size), output_size = start.input_shape, start.output_size
    windows = (b * channels, output_size[0] * output_size[1], kernel[0] * kernel[1])
    around = (b, channels, *start.axes(padded(layer, tuple(size))))
    check_printable(question, {"X": around, "the windows": windows})
    x = start.x(x)
    largest, settings = isinstance(layer, MaxPool), (kernel, stride, ends)
    more: dict[str, Any] = {"dilation": dilation, "ceil_mode": layer.ceil_mode}
    y = (max_pool2d if largest else avg_pool2d)(x, *settings, **more)
    there = Pooled(
        layer=layer,
        ndim=start.ndim,
        X=x,
        Y=y,
        windows=[each for row in pool_windows(x, *settings, **more) for each in row],
        maxima=maxima2d(x, *settings, **more) if largest else None,
        gradients=None,
        patch=chosen(patch, output_size, start.ndim),
        seed=seed,
        sizes=start.sizes,
        code=start.sizes.code,
        notes=start.notes(x, y),
    )
    return there.going_back(grad) if backward or grad is not None else there
