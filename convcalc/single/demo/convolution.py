"""A convolution walked through with numbers: X, its unfolding, the matrix product, Y, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from convcalc.formulas import (
    Pair,
    Tensor4,
    conv2d_backward,
    conv2d_by_unfold,
    matmul,
    pad,
    to_rows,
    unfold,
    unfolded_gradient,
    values_per_patch,
    weight_matrix,
    weight_matrix_gradient,
)
from convcalc.layers.convolution import Convolution
from convcalc.single.demo.numbers import check_printable
from convcalc.single.demo.start import Start, chosen
from convcalc.single.demo.walk import Sum, Weighted, WeightGradients, bias_gradient, named
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import padded

FOLDED = (
    "fold(unfold(X)) is X times the overlaps: unfold copies a place of X into every patch that "
    "reads it, and fold adds the copies up."
)


@dataclass(frozen=True)
class Walkthrough(Weighted):
    """Every tensor on the way from X to Y, in the assignment's letters: Ũ, W̃ and Y′ = ŨW̃."""

    by = "unfolding"

    layer: Convolution
    layout: str
    """How the unfolded X is shown: `bpk` as Ũ, a patch per row, or `bkp` as U, one per column."""
    folds: bool
    """Whether Ũ is folded back."""

    @cached_property
    def padded(self) -> Tensor4:
        """X with its padding around it."""
        return pad(self.X, self.layer.ends)

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
        terms, how = self._plus_bias(
            self._gathered(self.U, n, patch, o), o, "each value of the window times its weight"
        )
        return Sum("Y", self.placed(n, o, i, j), terms, self.Y[n][o][i][j], how)

    @property
    def gradient_sums(self) -> list[Sum]:
        """How a cell of W∇ comes about, and one of X∇: what the patch's first tap reads."""
        if self.patch is None or self.gradients is None:
            return []
        how = "over all patches, what the tap (0, 0) reads times Y∇ there"
        if self.ndim == 1:
            how = how.replace("(0, 0)", "0")
        of_weight = self._weight_sum(self.U, self.gradients.rows, how)
        return [of_weight, *(self.input_sum(i, j) for _, i, j in self.real(self.patch)[:1])]

    def input_sum(self, row: int, column: int) -> Sum:
        """Return how a cell of X∇'s first channel comes about, in Y∇ and W."""
        assert self.gradients is not None
        terms = self._scattered(self.gradients.rows, 0, 0, row, column)
        place = self.placed(0, 0, row, column)
        patches = [patch for patch, _, _ in self.readers(row, column)]
        how = (
            f"Y∇ of the patches that read X[{', '.join(map(str, place))}], "
            f"{named(self, patches)}, times the weight that reads it: the kernel is flipped"
        )
        return Sum("X∇", place, tuple(terms), self.gradients.X[0][0][row][column], how)

    def folded_until(self, patch: int) -> Tensor4:
        """Return X∇ as it is once this patch and those before it have been folded."""
        assert self.gradients is not None
        return self.folded(self.gradients.U, patch)

    def backward(self, grad_y: Tensor4) -> WeightGradients:
        """Return the gradients that follow from Y∇, in the assignment's letters."""
        layer, rows = self.layer, to_rows(grad_y)
        grad_x, grad_weight, _ = conv2d_backward(
            grad_y, self.X, self.W, *layer.settings[1:], layer.groups
        )
        return WeightGradients(
            Y=grad_y,
            rows=rows,
            W_matrix=weight_matrix_gradient(self.U, rows),
            W=grad_weight,
            U=unfolded_gradient(rows, self.W_matrix),
            X=grad_x,
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
) -> Walkthrough:
    """Return a small layer's tensors, their values counting up or drawn at random from a seed.

    `x`, `w` and `grad` are own numbers for X, W and Y∇, of the shapes that the question asks for;
    with `grad` it goes `backward`. `patch` is a row of Ũ, or where its cell is in Y. The bias is
    left out unless it was asked for, since Y′ = ŨW̃ has none.

    Raises ConvcalcError where the layer is no 1-D or 2-D convolution, is too large to print or has
    no such patch, and where own numbers don't fit.
    """
    start = Start(question, seed)
    layer = start.layer
    assert isinstance(layer, Convolution)
    _check_printable(start, layer)
    x = start.x(x)
    weight, bias = start.weights(w)
    kernel_size, settings = layer.settings[0], layer.settings[1:]
    u, w_matrix = unfold(x, kernel_size, *settings), weight_matrix(weight, layer.groups)
    y = conv2d_by_unfold(x, weight, bias, *settings, layer.groups)
    there = Walkthrough(
        layer=layer,
        ndim=start.ndim,
        X=x,
        U=u,
        W=weight,
        W_matrix=w_matrix,
        bias=bias,
        rows=[matmul(rows, w_matrix) for rows in u],
        Y=y,
        gradients=None,
        patch=chosen(patch, start.output_size, start.ndim),
        seed=seed,
        layout=layout,
        folds=folds,
        sizes=start.sizes,
        code=start.sizes.code,
        notes=start.notes(x, weight, y) + ((FOLDED,) if folds else ()),
    )
    return there.going_back(grad) if backward or grad is not None else there


def _check_printable(start: Start, layer: Convolution) -> None:
    """Raise ConvcalcError where a tensor has more numbers than a person would read."""
    samples, channels, *size = start.input_shape
    patches = start.output_size[0] * start.output_size[1]
    k = values_per_patch(channels, layer.kernel_size)
    shapes = {
        "X": (samples, channels, *start.axes(padded(layer, tuple(size)))),
        "Ũ": (samples, patches, k),
        "W̃": (k, layer.out_channels),
        "Y′": (samples, patches, layer.out_channels),
    }
    check_printable(start.question, shapes)
