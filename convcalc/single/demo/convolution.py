"""A convolution walked through with numbers: X, its unfolding, the matrix product, Y, and back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from convcalc.formulas import (
    Matrix,
    Pair,
    Tensor3,
    Tensor4,
    conv2d_backward,
    conv2d_by_unfold,
    fold,
    matmul,
    nested_shape,
    pad,
    to_rows,
    unfold,
    unfolded_gradient,
    values_per_patch,
    weight_matrix,
    weight_matrix_gradient,
)
from convcalc.layers.convolution import Convolution
from convcalc.single.demo.numbers import check_printable, filled, gradient, in_digits, tensor
from convcalc.single.demo.walk import Sum, Term, Walk, asked, chosen, named
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import padded, pasted, surprises


@dataclass(frozen=True)
class Gradients:
    """The backward pass, in the assignment's letters: from Y∇ to W∇ and X∇."""

    Y: Tensor4
    Y_matrix: Tensor3
    W_matrix: Matrix
    W: Tensor4
    U: Tensor3
    X: Tensor4
    bias: list[float] | None


@dataclass(frozen=True)
class Walkthrough(Walk):
    """Every tensor on the way from X to Y, in the assignment's letters; U is Ũ (b, p, k)."""

    layer: Convolution
    padded: Tensor4
    U: Tensor3
    W: Tensor4
    W_matrix: Matrix
    bias: list[float] | None
    Y_matrix: Tensor3
    gradients: Gradients | None
    layout: str
    """How the unfolded X is shown: `bpk` as Ũ, a patch per row, or `bkp` as U, one per column."""
    folds: bool
    """Whether Ũ is folded back."""

    @property
    def values(self) -> list[tuple[int, int, int]]:
        """Where in a patch each value stands: the (c, u, v) of every column of Ũ."""
        return [(c, u, v) for c, (u, v) in product(range(self.in_channels), self.taps)]

    def is_padding(self, row: int, column: int) -> bool:
        """Whether a place of the padded X holds one of padding's zeros."""
        (top, _), (left, _) = self.layer.ends
        h, w = len(self.X[0][0]), len(self.X[0][0][0])
        return not (top <= row < top + h and left <= column < left + w)

    def readers(self, row: int, column: int) -> list[tuple[int, int, int]]:
        """Return the (patch, u, v) that read a place of X, patch by patch."""
        w_out = len(self.Y[0][0][0])
        (top, _), (left, _) = self.layer.ends
        vertical = self._taps(0, row + top)
        horizontal = self._taps(1, column + left)
        return sorted((i * w_out + j, u, v) for (i, u), (j, v) in product(vertical, horizontal))

    def _taps(self, axis: int, at: int) -> list[Pair]:
        """Return the (window, tap) pairs that read a place of the padded X on one axis."""
        stride, dilation = self.layer.stride[axis], self.layer.dilation[axis]
        windows = nested_shape(self.Y)[2 + axis]
        starts = [(at - tap * dilation, tap) for tap in range(self.layer.kernel_size[axis])]
        return [
            (start // stride, tap)
            for start, tap in starts
            if start % stride == 0 and 0 <= start < windows * stride
        ]

    @property
    def sums(self) -> list[Sum]:
        """How every cell of Y that belongs to the pointed-out patch comes about."""
        if self.patch is None:
            return []
        cells = product(range(len(self.Y)), range(len(self.Y[0])))
        return [self.sum_of(n, o, self.patch) for n, o in cells]

    def sum_of(self, n: int, o: int, patch: int) -> Sum:
        """Return how one cell of Y comes about: its row of Ũ times a column of W̃."""
        i, j = self.positions[patch]
        k_group = len(self.W_matrix) // self.layer.groups
        first = o // (len(self.W) // self.layer.groups) * k_group
        row, values = self.U[n][patch], self.values
        terms = [
            Term((row[at], self.W_matrix[at][o]), values[at][0])
            for at in range(first, first + k_group)
        ]
        how = "each value of the window times its weight"
        if self.bias is not None:
            terms.append(Term((self.bias[o],)))
            how += ", plus the bias"
        return Sum("Y", self.placed(n, o, i, j), tuple(terms), self.Y[n][o][i][j], how)

    @property
    def gradient_sums(self) -> list[Sum]:
        """How a cell of W∇ comes about, and one of X∇: what the patch's first tap reads."""
        if self.patch is None or self.gradients is None:
            return []
        (top, _), (left, _) = self.layer.ends
        real = [(i - top, j - left) for i, j in self.read_by(self.patch)
                if not self.is_padding(i, j)]  # fmt: skip
        return [self.weight_sum(), *(self.input_sum(*place) for place in real[:1])]

    def weight_sum(self) -> Sum:
        """Return how W∇[0, 0, 0, 0] comes about: a column of Ũ times one of Y′∇."""
        assert self.gradients is not None
        terms = tuple(
            Term((values[0], grads[0]), 0)
            for u, y in zip(self.U, self.gradients.Y_matrix, strict=True)
            for values, grads in zip(u, y, strict=True)
        )
        how = "over all patches, what the tap (0, 0) reads times Y∇ there"
        if self.ndim == 1:
            how = how.replace("(0, 0)", "0")
        return Sum("W∇", self.placed(0, 0, 0, 0), terms, self.gradients.W[0][0][0][0], how)

    def input_sum(self, row: int, column: int) -> Sum:
        """Return how a cell of X∇'s first channel comes about, in Y∇ and W."""
        assert self.gradients is not None
        readers = self.readers(row, column)
        grads, kernels = self.gradients.Y_matrix[0], len(self.W) // self.layer.groups
        terms = tuple(
            Term((grads[patch][o], self.W[o][0][u][v]), o)
            for o in range(kernels)
            for patch, u, v in readers
        )
        place = self.placed(0, 0, row, column)
        how = (
            f"Y∇ of the patches that read X[{', '.join(map(str, place))}], "
            f"{named(self, [patch for patch, _, _ in readers])}, times the weight that reads it: "
            "the kernel is flipped"
        )
        return Sum("X∇", place, terms, self.gradients.X[0][0][row][column], how)

    def folded_until(self, patch: int) -> Tensor4:
        """Return X∇ as it is once this patch and those before it have been folded."""
        assert self.gradients is not None
        rows: Tensor3 = [
            [row if r <= patch else [0] * len(row) for r, row in enumerate(sample)]
            for sample in self.gradients.U
        ]
        return self._fold(rows)

    @property
    def folded(self) -> Tensor4:
        """Ũ folded back into X's place, where overlaps are summed."""
        return self._fold(self.U)

    @property
    def overlaps(self) -> Matrix:
        """How many patches read each place of a map of X."""
        once: Matrix = [[1] * len(self.taps) for _ in self.positions]
        return self._fold([once])[0][0]

    def _fold(self, rows: Tensor3) -> Tensor4:
        kernel_size, settings = self.layer.settings[0], self.layer.settings[1:]
        return fold(rows, nested_shape(self.X)[2:], kernel_size, *settings)


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
) -> Walkthrough:
    """Return a small layer's tensors, their values counting up or drawn at random from a seed.

    `x`, `w` and `grad` are own numbers for X, W and Y∇, of the shapes that the question asks for;
    with `grad` it goes `backward`. `patch` is a row of Ũ, or where its cell is in Y. The bias is
    left out unless it was asked for, since Y′ = ŨW̃ has none.

    Raises ConvcalcError where the layer is no 1-D or 2-D convolution, is too large to print or has
    no such patch, and where own numbers don't fit.
    """
    question = question._replace(
        out_channels=question.out_channels or question.groups or 1,
        bias=bool(question.bias),
    )
    flat, layer, of_pytorch = asked(question)
    assert isinstance(layer, Convolution)
    output_size = layer.output_size(flat.size)
    _check_printable(question, flat, layer, output_size)
    ndim, b = question.ndim, question.batch or 1
    weight_shape, bias_shape = (layer.parameters()[each] for each in ("weight", "bias"))
    x = filled((b, *flat.input_shape), seed, "X") if x is None else tensor("x", x, ndim)
    weight: Tensor4 = filled(weight_shape or (), seed, "W") if w is None else tensor("w", w, ndim)
    bias: list[float] | None = filled(bias_shape, seed, "bias") if bias_shape else None
    kernel_size, settings = layer.settings[0], layer.settings[1:]
    u = unfold(x, kernel_size, *settings)
    w_matrix = weight_matrix(weight, layer.groups)
    gradients = None
    if backward or grad is not None:
        grad_y = gradient(grad, ndim, (b, len(weight), *output_size), seed)
        grad_x, grad_weight, grad_bias = conv2d_backward(grad_y, x, weight, *settings, layer.groups)
        grad_y_matrix = to_rows(grad_y)
        gradients = Gradients(
            Y=grad_y,
            Y_matrix=grad_y_matrix,
            W_matrix=weight_matrix_gradient(u, grad_y_matrix),
            W=grad_weight,
            U=unfolded_gradient(grad_y_matrix, w_matrix),
            X=grad_x,
            bias=None if bias is None else grad_bias,
        )
    back = () if gradients is None else (gradients.Y, gradients.W, gradients.X)
    y = conv2d_by_unfold(x, weight, bias, *settings, layer.groups)
    return Walkthrough(
        layer=layer,
        ndim=ndim,
        X=x,
        padded=pad(x, layer.ends),
        U=u,
        W=weight,
        W_matrix=w_matrix,
        bias=bias,
        Y_matrix=[matmul(rows, w_matrix) for rows in u],
        Y=y,
        gradients=gradients,
        patch=chosen(patch, output_size),
        layout=layout,
        folds=folds,
        code=pasted(question, of_pytorch),
        notes=surprises(question, of_pytorch) + in_digits(x, weight, y, *back),
    )


def _check_printable(
    question: LayerQuestion, flat: LayerQuestion, layer: Convolution, output_size: tuple[int, ...]
) -> None:
    """Raise ConvcalcError where a tensor has more numbers than a person would read."""
    samples, channels = question.batch or 1, question.input_shape[0]
    patches = output_size[0] * output_size[1]
    k = values_per_patch(channels, layer.kernel_size)
    shapes = {
        "X": (samples, channels, *padded(layer, flat.size)[2 - question.ndim :]),
        "Ũ": (samples, patches, k),
        "W̃": (k, layer.out_channels),
        "Y′": (samples, patches, layer.out_channels),
    }
    check_printable(question, shapes)
