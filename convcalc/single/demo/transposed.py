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
    Matrix,
    Pair,
    Tensor3,
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
from convcalc.single.demo.numbers import check_printable, filled, gradient, in_digits, tensor
from convcalc.single.demo.walk import Sum, Term, Walk, asked, chosen, named, of_convolutions_alone
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import pasted, surprises


@dataclass(frozen=True)
class Gradients:
    """The backward pass: from Y∇ by its unfolding to W∇ and X∇."""

    Y: Tensor4
    U: Tensor3
    W_matrix: Matrix
    W: Tensor4
    X_matrix: Tensor3
    X: Tensor4
    bias: list[float] | None


@dataclass(frozen=True)
class Transposed(Walk):
    """Every tensor on the way from X to Y: X′ (b, p, c), W̃ (c, k), Ũ = X′W̃ (b, p, k), its fold."""

    layer: TransposedConvolution
    X_matrix: Tensor3
    W: Tensor4
    W_matrix: Matrix
    bias: list[float] | None
    U: Tensor3
    gradients: Gradients | None

    @property
    def moves(self) -> Tensor4:
        """X, which has a patch for every position."""
        return self.X

    @property
    def values(self) -> list[tuple[int, int, int]]:
        """Where in a patch each value stands: the (c_out, u, v) of every column of Ũ."""
        return [(o, u, v) for o, (u, v) in product(range(self.layer.out_channels), self.taps)]

    def written_by(self, patch: int) -> list[tuple[int, int, int]]:
        """Return (tap, row, column) for what a patch adds to Y, its taps by their number."""
        (top, _), (left, _) = self.layer.ends
        h_out, w_out = nested_shape(self.Y)[2:]
        places = [(row - top, column - left) for row, column in self.read_by(patch)]
        return [
            (tap, row, column)
            for tap, (row, column) in enumerate(places)
            if 0 <= row < h_out and 0 <= column < w_out
        ]

    @cached_property
    def overlaps(self) -> Matrix:
        """How many patches meet in each place of a map of Y."""
        h_out, w_out = nested_shape(self.Y)[2:]
        counts: Matrix = [[0] * w_out for _ in range(h_out)]
        for patch in range(len(self.positions)):
            for _, row, column in self.written_by(patch):
                counts[row][column] += 1
        return counts

    def folded_until(self, patch: int) -> Tensor4:
        """Return Y as it is once this patch and those before it have been added; without bias."""
        b, c_out, h_out, w_out = nested_shape(self.Y)
        y: Tensor4 = [[[[0] * w_out for _ in range(h_out)] for _ in range(c_out)] for _ in range(b)]
        for n, o, r in product(range(b), range(c_out), range(patch + 1)):
            for tap, row, column in self.written_by(r):
                y[n][o][row][column] += self.U[n][r][o * len(self.taps) + tap]
        return y

    def unfolded(self, y: Tensor4) -> Tensor3:
        """Return for every patch what stands in Y where it is added, zeros beyond Y's ends."""
        taps, c_out = len(self.taps), self.layer.out_channels
        rows: Tensor3 = [[[0] * (c_out * taps) for _ in self.positions] for _ in y]
        for n, o, r in product(range(len(y)), range(c_out), range(len(self.positions))):
            for tap, row, column in self.written_by(r):
                rows[n][r][o * taps + tap] = y[n][o][row][column]
        return rows

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
        if self.patch is None:
            return []
        written = self.written_by(self.patch)
        if not written:
            return []
        _, row, column = max(written, key=lambda each: self.overlaps[each[1]][each[2]])
        cells = product(range(len(self.Y)), range(self.layer.out_channels))
        return [self.sum_of(n, o, row, column) for n, o in cells]

    def sum_of(self, n: int, o: int, row: int, column: int) -> Sum:
        """Return how one cell of Y comes about: what every patch that reaches it adds there."""
        share = self.layer.out_channels // self.layer.groups
        per_group = self.in_channels // self.layer.groups
        channels = range(o // share * per_group, (o // share + 1) * per_group)
        meeting = [
            (r, tap)
            for r in range(len(self.positions))
            for tap, *place in self.written_by(r)
            if place == [row, column]
        ]
        terms = [
            Term((self.X_matrix[n][r][c], self.W_matrix[c][o * len(self.taps) + tap]), c)
            for c in channels
            for r, tap in meeting
        ]
        patches = named(self, [r for r, _ in meeting])
        how = f"X times its weight, of the patches that meet there: {patches}"
        if self.bias is not None:
            terms.append(Term((self.bias[o],)))
            how += ", plus the bias"
        place = self.placed(n, o, row, column)
        return Sum("Y", place, tuple(terms), self.Y[n][o][row][column], how)

    @property
    def gradient_sums(self) -> list[Sum]:
        """How a cell of W∇ comes about, and the one of X∇ that the patch belongs to."""
        if self.patch is None or self.gradients is None:
            return []
        return [self.weight_sum(), self.input_sum(self.patch)]

    def weight_sum(self) -> Sum:
        """Return how W∇[0, 0, 0, 0] comes about: a column of X′ times one of Ũ∇."""
        assert self.gradients is not None
        terms = tuple(
            Term((values[0], grads[0]), 0)
            for x, u in zip(self.X_matrix, self.gradients.U, strict=True)
            for values, grads in zip(x, u, strict=True)
        )
        how = "over all patches, X there times Y∇ where the first tap adds it"
        return Sum("W∇", self.placed(0, 0, 0, 0), terms, self.gradients.W[0][0][0][0], how)

    def input_sum(self, patch: int) -> Sum:
        """Return how the cell of X∇'s first channel that a patch belongs to comes about."""
        assert self.gradients is not None
        i, j = self.positions[patch]
        kernels = self.layer.out_channels // self.layer.groups * len(self.taps)
        row, weights = self.gradients.U[0][patch], self.W_matrix[0]
        terms = tuple(Term((row[at], weights[at]), at // len(self.taps)) for at in range(kernels))
        how = "Y∇ where the patch is added times its weight: a convolution of Y∇"
        return Sum("X∇", self.placed(0, 0, i, j), terms, self.gradients.X[0][0][i][j], how)


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
    question = question._replace(
        out_channels=question.out_channels or question.groups or 1,
        bias=bool(question.bias),
    )
    flat, layer, of_pytorch = asked(question)
    assert isinstance(layer, TransposedConvolution)
    output_size = layer.output_size(flat.size)
    _check_printable(question, flat, layer, output_size)
    ndim, b = question.ndim, question.batch or 1
    weight_shape, bias_shape = (layer.parameters()[each] for each in ("weight", "bias"))
    x = filled((b, *flat.input_shape), seed, "X") if x is None else tensor("x", x, ndim)
    weight: Tensor4 = filled(weight_shape or (), seed, "W") if w is None else tensor("w", w, ndim)
    bias: list[float] | None = filled(bias_shape, seed, "bias") if bias_shape else None
    kernel_size, stride, ends, dilation = layer.settings
    (h, w), (h_k, w_k) = flat.size, kernel_size
    y = conv_transpose2d(
        x, weight, bias, stride, ends, layer.output_padding, layer.groups, dilation
    )
    w_matrix = transpose(weight_matrix(weight, layer.groups))
    x_matrix = to_rows(x)
    there = Transposed(
        layer=layer,
        ndim=ndim,
        X=x,
        X_matrix=x_matrix,
        W=weight,
        W_matrix=w_matrix,
        bias=bias,
        U=[matmul(rows, w_matrix) for rows in x_matrix],
        Y=y,
        gradients=None,
        patch=chosen(patch, flat.size),
        code=pasted(question, of_pytorch),
        notes=surprises(question, of_pytorch) + in_digits(x, weight, y),
    )
    if not backward and grad is None:
        return there
    from dataclasses import replace

    grad_y = gradient(grad, ndim, nested_shape(y), seed)
    grad_u = there.unfolded(grad_y)
    grad_w_matrix = weight_matrix_gradient(x_matrix, grad_u)
    grad_x_matrix = unfolded_gradient(grad_u, w_matrix)
    summed = [sum(sum(map(sum, sample[o])) for sample in grad_y) for o in range(len(y[0]))]
    gradients = Gradients(
        Y=grad_y,
        U=grad_u,
        W_matrix=grad_w_matrix,
        W=from_weight_matrix(transpose(grad_w_matrix), (h_k, w_k), layer.groups),
        X_matrix=grad_x_matrix,
        X=from_rows(grad_x_matrix, (h, w)),
        bias=None if bias is None else summed,
    )
    notes = surprises(question, of_pytorch) + in_digits(
        x, weight, y, grad_y, gradients.X, gradients.W
    )
    return replace(there, gradients=gradients, notes=notes)


def _check_printable(
    question: LayerQuestion,
    flat: LayerQuestion,
    layer: TransposedConvolution,
    output_size: tuple[int, ...],
) -> None:
    """Raise ConvcalcError where a tensor has more numbers than a person would read."""
    samples, channels, c_out = question.batch or 1, question.input_shape[0], layer.out_channels
    kernel = layer.kernel_size[0] * layer.kernel_size[1]
    stretched = tuple(
        output + span - 1 for output, span in zip(output_size, layer.span, strict=True)
    )
    axes = slice(2 - question.ndim, None)
    shapes = {
        "X": (samples, *question.input_shape),
        "W̃": (channels, c_out * kernel),
        "Ũ": (samples, flat.size[0] * flat.size[1], c_out * kernel),
        "Y": (samples, c_out, *output_size[axes]),
        "X stretched": (samples, channels, *stretched[axes]),
    }
    check_printable(question, shapes)
