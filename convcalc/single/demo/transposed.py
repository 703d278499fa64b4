"""A transposed convolution walked through with numbers: a product and its fold, and back.

The letters are those of the convolution that it is the transpose of: a patch belongs to a position
of X, and is where that position is added to Y.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from convcalc.formulas import (
    Pair,
    Tensor4,
    from_rows,
    from_weight_matrix,
    matmul,
    nested_shape,
    to_rows,
    transpose,
    unfolded_gradient,
    weight_matrix,
    weight_matrix_gradient,
)
from convcalc.layers.convolution import TransposedConvolution
from convcalc.references import conv_transpose2d
from convcalc.single.demo.numbers import check_printable
from convcalc.single.demo.start import Start, chosen, of_convolutions_alone
from convcalc.single.demo.walk import Sum, Weighted, WeightGradients, bias_gradient, named
from convcalc.single.question import LayerQuestion


@dataclass(frozen=True)
class Transposed(Weighted):
    """Every tensor on the way from X to Y: X′ (b, p, c), W̃ (c, k), Ũ = X′W̃ (b, p, k), its fold."""

    by = "folding"
    place = "position {} of X"

    layer: TransposedConvolution

    @property
    def spanned(self) -> Tensor4:
        """Y, which patches are added to."""
        return self.Y

    @property
    def moves(self) -> Tensor4:
        """X, which has a patch for every position."""
        return self.X

    def folded_until(self, patch: int) -> Tensor4:
        """Return Y as it is once this patch and those before it have been added; without bias."""
        return self.folded(self.U, patch)

    @cached_property
    def stretched(self) -> Tensor4:
        """X with stride − 1 zeros put between, and padded: the kernel slides over it by ones."""
        rows, columns = ([*self._stretched(axis)] for axis in (0, 1))
        return [
            [
                [[0 if i is None or j is None else channel[i][j] for j in columns] for i in rows]
                for channel in sample
            ]
            for sample in self.X
        ]

    @property
    def zeros(self) -> frozenset[Pair]:
        """The (row, column) of the stretched X that hold no value of X."""
        rows, columns = ([*self._stretched(axis)] for axis in (0, 1))
        return frozenset(
            (at, beside)
            for (at, i), (beside, j) in product(enumerate(rows), enumerate(columns))
            if i is None or j is None
        )

    def _stretched(self, axis: int) -> Iterator[int | None]:
        """Yield for each place of the stretched X on one axis its place in X, None for a zero."""
        size, output = nested_shape(self.X)[2 + axis], nested_shape(self.Y)[2 + axis]
        stride, span = self.layer.settings[1][axis], self.layer.span[axis]
        before = span - 1 - self.layer.ends[axis][0]
        for at in range(-before, output + span - 1 - before):
            real = at % stride == 0 and 0 <= at // stride < size
            yield at // stride if real else None

    @cached_property
    def flipped(self) -> Tensor4:
        """W for the convolution over the stretched X: (c_out, c/groups, h_k, w_k), flipped."""
        groups, (c, share) = self.layer.groups, nested_shape(self.W)[:2]
        kernels: Tensor4 = []
        for o in range(share * groups):
            group, kernel = divmod(o, share)
            channels = range(group * (c // groups), (group + 1) * (c // groups))
            kernels.append([[row[::-1] for row in self.W[each][kernel][::-1]] for each in channels])
        return kernels

    @property
    def sums(self) -> list[Sum]:
        """How a cell of each map of Y comes about: of the patch's the one where most meet."""
        if self.patch is None or not self.real(self.patch):
            return []
        _, row, column = max(
            self.real(self.patch), key=lambda each: self.overlaps[each[1]][each[2]]
        )
        cells = product(range(len(self.Y)), range(self.layer.out_channels))
        return [self.sum_of(n, o, row, column) for n, o in cells]

    def sum_of(self, n: int, o: int, row: int, column: int) -> Sum:
        """Return how one cell of Y comes about: what every patch that reaches it adds there."""
        patches = named(self, [patch for patch, _, _ in self.readers(row, column)])
        terms, how = self._plus_bias(
            self._scattered(self.rows, n, o, row, column),
            o,
            f"X times its weight, of the patches that meet there: {patches}",
        )
        return Sum("Y", self.placed(n, o, row, column), terms, self.Y[n][o][row][column], how)

    @property
    def gradient_sums(self) -> list[Sum]:
        """How a cell of W∇ comes about, and the one of X∇ that the patch belongs to."""
        if self.patch is None or self.gradients is None:
            return []
        how = "over all patches, X there times Y∇ where the first tap adds it"
        return [
            self._weight_sum(self.rows, self.gradients.U, how),
            self.input_sum(self.patch),
        ]

    def input_sum(self, patch: int) -> Sum:
        """Return how the cell of X∇'s first channel that a patch belongs to comes about."""
        assert self.gradients is not None
        i, j = self.positions[patch]
        terms = self._gathered(self.gradients.U, 0, patch, 0)
        how = "Y∇ where the patch is added times its weight: a convolution of Y∇"
        return Sum("X∇", self.placed(0, 0, i, j), tuple(terms), self.gradients.X[0][0][i][j], how)

    def backward(self, grad_y: Tensor4) -> WeightGradients:
        """Return the gradients that follow from Y∇, by its unfolding."""
        h, w = nested_shape(self.X)[2:]
        grad_u = self.unfolded(grad_y)
        grad_w_matrix = weight_matrix_gradient(self.rows, grad_u)
        grad_rows = unfolded_gradient(grad_u, self.W_matrix)
        h_k, w_k = self.layer.settings[0]
        return WeightGradients(
            Y=grad_y,
            U=grad_u,
            W_matrix=grad_w_matrix,
            W=from_weight_matrix(transpose(grad_w_matrix), (h_k, w_k), self.layer.groups),
            rows=grad_rows,
            X=from_rows(grad_rows, (h, w)),
            bias=bias_gradient(self, grad_y),
        )


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
) -> Transposed:
    """Return a small transposed convolution's tensors; arguments are those of a convolution's walk.

    `patch` is a row of X′, or where it is in X.
    Raises ConvcalcError where the layer is no 1-D or 2-D transposed convolution, is too large to
    print or has no such patch, and where own numbers don't fit.
    """
    of_convolutions_alone("a transposed convolution", layout, folds)
    start = Start(question, seed)
    layer = start.layer
    assert isinstance(layer, TransposedConvolution)
    _check_printable(start, layer)
    x = start.x(x)
    weight, bias = start.weights(w)
    _, stride, ends, dilation = layer.settings
    y = conv_transpose2d(
        x, weight, bias, stride, ends, layer.output_padding, layer.groups, dilation
    )
    rows, w_matrix = to_rows(x), transpose(weight_matrix(weight, layer.groups))
    there = Transposed(
        layer=layer,
        ndim=start.ndim,
        X=x,
        rows=rows,
        W=weight,
        W_matrix=w_matrix,
        bias=bias,
        U=[matmul(each, w_matrix) for each in rows],
        Y=y,
        gradients=None,
        patch=chosen(patch, start.input_shape[2:], start.ndim),
        seed=seed,
        sizes=start.sizes,
        code=start.sizes.code,
        notes=start.notes(x, weight, y),
    )
    return there.going_back(grad) if backward or grad is not None else there


def _check_printable(start: Start, layer: TransposedConvolution) -> None:
    """Raise ConvcalcError where a tensor has more numbers than a person would read."""
    (samples, channels, h, w), c_out = start.input_shape, layer.out_channels
    kernel = layer.kernel_size[0] * layer.kernel_size[1]
    along = zip(start.output_size, layer.span, strict=True)
    stretched = [output + span - 1 for output, span in along]
    shapes = {
        "X": (samples, channels, *start.axes((h, w))),
        "W̃": (channels, c_out * kernel),
        "Ũ": (samples, h * w, c_out * kernel),
        "Y": (samples, c_out, *start.axes(start.output_size)),
        "X stretched": (samples, channels, *start.axes(stretched)),
    }
    check_printable(start.question, shapes)
