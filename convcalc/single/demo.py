"""A convolution walked through with numbers: X, its unfolding, the matrix product, Y, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, count, product
from math import prod
from typing import Any

from convcalc import text
from convcalc.formulas import (
    ConvcalcError,
    Matrix,
    Pair,
    Tensor3,
    Tensor4,
    conv2d_backward,
    conv2d_by_unfold,
    fold,
    matmul,
    nested,
    nested_shape,
    pad,
    shape_of,
    to_rows,
    unfold,
    unfolded_gradient,
    values_per_patch,
    weight_matrix,
    weight_matrix_gradient,
)
from convcalc.layers.base import Shape
from convcalc.layers.convolution import Convolution
from convcalc.single.question import LayerQuestion, spatial_axes
from convcalc.single.shape import padded, pasted, surprises

LARGEST = 4096
"""The most numbers that a tensor of a walk-through may hold."""


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
class Term:
    """One of the numbers that are added up: its factors, and the input channel it is from."""

    factors: tuple[float, ...]
    channel: int | None = None


@dataclass(frozen=True)
class Sum:
    """How one number of a tensor comes about; its sentence says what the terms are."""

    tensor: str
    place: tuple[int, ...]
    terms: tuple[Term, ...]
    total: float
    how: str


@dataclass(frozen=True)
class Walkthrough:
    """Every tensor on the way from X to Y, in the assignment's letters; U is Ũ (b, p, k)."""

    layer: Convolution
    X: Tensor4
    padded: Tensor4
    U: Tensor3
    W: Tensor4
    W_matrix: Matrix
    bias: list[float] | None
    Y_matrix: Tensor3
    Y: Tensor4
    gradients: Gradients | None
    patch: int | None
    """The patch to be pointed out: a row of Ũ."""
    layout: str
    """How the unfolded X is shown: `bpk` as Ũ, a patch per row, or `bkp` as U, one per column."""
    code: str | None
    notes: tuple[str, ...]

    @cached_property
    def positions(self) -> list[tuple[int, int]]:
        """Where in Y each patch belongs: the (i, j) of every row of Ũ."""
        return list(product(range(len(self.Y[0][0])), range(len(self.Y[0][0][0]))))

    @cached_property
    def values(self) -> list[tuple[int, int, int]]:
        """Where in a patch each value stands: the (c, u, v) of every column of Ũ."""
        h_k, w_k = self.layer.kernel_size
        return list(product(range(len(self.X[0])), range(h_k), range(w_k)))

    @property
    def window(self) -> frozenset[tuple[int, int]]:
        """The (row, column) places of the padded X that the pointed-out patch reads."""
        return frozenset() if self.patch is None else frozenset(self.read_by(self.patch))

    def read_by(self, patch: int) -> list[tuple[int, int]]:
        """Return the (row, column) places of the padded X that a patch reads, in Ũ's order."""
        i, j = self.positions[patch]
        (s_h, s_w), (d_h, d_w) = self.layer.stride, self.layer.dilation
        h_k, w_k = self.layer.kernel_size
        return [(i * s_h + u * d_h, j * s_w + v * d_w) for u, v in product(range(h_k), range(w_k))]

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

    def _taps(self, axis: int, at: int) -> list[tuple[int, int]]:
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
        return Sum("Y", (n, o, i, j), tuple(terms), self.Y[n][o][i][j], how)

    @property
    def gradient_sum(self) -> Sum | None:
        """How a cell of X∇ comes about: of the pointed-out window's the one most often read."""
        if self.patch is None or self.gradients is None:
            return None
        (top, _), (left, _) = self.layer.ends
        real = [(i - top, j - left) for i, j in sorted(self.window) if not self.is_padding(i, j)]
        if not real:
            return None
        often = {
            axis: {at: len(self._taps(axis, at + before)) for at in {place[axis] for place in real}}
            for axis, before in enumerate((top, left))
        }
        row, column = max(real, key=lambda place: often[0][place[0]] * often[1][place[1]])
        readers = self.readers(row, column)
        _, w_k = self.layer.kernel_size
        rows = self.gradients.U[0]
        terms = tuple(Term((rows[patch][u * w_k + v],), 0) for patch, u, v in readers)
        named = text.listed([f"{r} {self.positions[r]}" for r, _, _ in readers])
        how = f"Ũ∇ of the patches that read X[0, 0, {row}, {column}]: {named}"
        return Sum("X∇", (0, 0, row, column), terms, self.gradients.X[0][0][row][column], how)

    def folded_until(self, patch: int) -> Tensor4:
        """Return X∇ as it is once this patch and those before it have been folded."""
        assert self.gradients is not None
        kernel_size, settings = self.layer.settings[0], self.layer.settings[1:]
        rows = [
            [row if r <= patch else [0] * len(row) for r, row in enumerate(sample)]
            for sample in self.gradients.U
        ]
        return fold(rows, nested_shape(self.X)[2:], kernel_size, *settings)

    def pointing_at(self, patch: int) -> Walkthrough:
        """Return this walk with another patch pointed out."""
        return replace(self, patch=patch)


def with_own_numbers(layer: dict[str, Any], x: Any, w: Any) -> LayerQuestion:
    """Return the question that a layer's options ask, with what own numbers say of its shapes.

    X is (b, c, h, w) and W (c_out, c/groups, h_k, w_k); axes that are missing in front are 1.
    Raises ConvcalcError where own numbers are no full tensor, too many, or not as large as asked.
    """
    given = dict(layer)
    if x is not None:
        b, *input_shape = nested_shape(_four_axes("x", x))
        _agree(given, "x", "input_shape", tuple(input_shape))
        _agree(given, "x", "batch", b)
    if w is not None:
        c_out, c_group, *kernel_size = nested_shape(_four_axes("w", w))
        _agree(given, "w", "kernel_size", tuple(kernel_size))
        _agree(given, "w", "out_channels", c_out)
        channels, groups = given["input_shape"][0], given.get("groups") or 1
        if channels != c_group * groups:
            split = f" in {text.counted(groups, 'group')}" if groups > 1 else ""
            raise ConvcalcError(
                f"has kernels of {text.counted(c_group, 'channel')}, the input has "
                f"{channels}{split}",
                "w",
            )
    return LayerQuestion(**given)


def _four_axes(name: str, numbers: Any) -> Tensor4:
    """Return own numbers nested four deep; raise ConvcalcError where they can't be."""
    depth, level = 0, numbers
    while isinstance(level, list) and level:
        depth, level = depth + 1, level[0]
    if not 2 <= depth <= 4:
        raise ConvcalcError(
            f"is nested {depth} deep: 2 to 4 are expected, [[1, 2], [3, 4]] for example", name
        )
    for _ in range(4 - depth):
        numbers = [numbers]
    shape = shape_of(name, numbers, 4)
    if prod(shape) > LARGEST:
        raise ConvcalcError(
            f"holds {text.shape(shape)} = {prod(shape):,} numbers, the limit is {LARGEST:,}", name
        )
    own: Tensor4 = numbers
    return own


def _agree(given: dict[str, Any], name: str, setting: str, own: Any) -> None:
    """Set what own numbers imply; raise ConvcalcError where something else was asked for."""
    asked = given.get(setting)
    if isinstance(own, tuple) and isinstance(asked, tuple) and len(asked) == 1:
        asked = asked * len(own)
    if asked not in (None, own):
        said = [text.typed(each) if isinstance(each, tuple) else each for each in (own, asked)]
        raise ConvcalcError(f"{said[1]}: {name.upper()} itself has {said[0]}", setting)
    given[setting] = own


def walk(
    question: LayerQuestion,
    seed: int | None = None,
    backward: bool = False,
    patch: int | Pair | None = None,
    x: Any = None,
    w: Any = None,
    layout: str = "bpk",
) -> Walkthrough:
    """Return a small layer's tensors, their values counting up or drawn at random from a seed.

    `x` and `w` are own numbers for X and W, of the shapes that the question asks for. `patch` is
    a row of Ũ, or where its cell is in Y. The bias is left out unless it was asked for, since
    Y′ = ŨW̃ has none.

    Raises ConvcalcError where the layer is no 2-D convolution, is too large to print or has no
    such patch.
    """
    if len(question.size) != 2:
        raise question.about_input(
            f"has {spatial_axes(question.input_shape)}: demo walks through 2-D convolutions, "
            "CxHxW would do"
        )
    question = question._replace(
        out_channels=question.out_channels or question.groups or 1,
        bias=bool(question.bias),
    )
    layer = question.layer()
    assert isinstance(layer, Convolution)
    h_out, w_out = layer.output_size(question.size)
    _check_printable(question, layer, h_out * w_out)
    patch = _row_of(patch, h_out, w_out)
    b = question.batch or 1
    if x is None:
        x = _filled((b, *question.input_shape), seed, "X")
    learnt = layer.parameters()
    weight: Tensor4 = _filled(learnt["weight"] or (), seed, "W") if w is None else w
    x, weight = _four_axes("x", x), _four_axes("w", weight)
    bias: list[float] | None = _filled(learnt["bias"], seed, "bias") if learnt["bias"] else None
    kernel_size, settings = layer.settings[0], layer.settings[1:]
    u = unfold(x, kernel_size, *settings)
    w_matrix = weight_matrix(weight, layer.groups)
    gradients = None
    if backward:
        grad_y: Tensor4 = _filled((b, len(weight), h_out, w_out), seed, "Y∇")
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
    notes = surprises(question, layer)
    if _has_fractions(x) or _has_fractions(weight):
        notes = (*notes, "Numbers are shown to six digits; JSON has them in full.")
    return Walkthrough(
        layer=layer,
        X=x,
        padded=pad(x, layer.ends),
        U=u,
        W=weight,
        W_matrix=w_matrix,
        bias=bias,
        Y_matrix=[matmul(rows, w_matrix) for rows in u],
        Y=conv2d_by_unfold(x, weight, bias, *settings, layer.groups),
        gradients=gradients,
        patch=patch,
        layout=layout,
        code=pasted(question, layer),
        notes=notes,
    )


def _row_of(patch: int | Pair | None, h_out: int, w_out: int) -> int | None:
    """Return the row of Ũ that is meant; raise ConvcalcError where there is no such patch."""
    if isinstance(patch, tuple):
        i, j = patch
        if i >= h_out or j >= w_out:
            raise ConvcalcError(
                f"{i},{j}: the windows here are (0, 0) to ({h_out - 1}, {w_out - 1})", "patch"
            )
        return i * w_out + j
    if patch is not None and patch >= h_out * w_out:
        raise ConvcalcError(f"{patch}: the patches here are 0 to {h_out * w_out - 1}", "patch")
    return patch


def _has_fractions(tensor: Tensor4) -> bool:
    rows = chain.from_iterable(chain.from_iterable(tensor))
    return any(isinstance(value, float) for row in rows for value in row)


def _check_printable(question: LayerQuestion, layer: Convolution, patches: int) -> None:
    """Raise ConvcalcError where a tensor has more numbers than a person would read."""
    samples, channels = question.batch or 1, question.input_shape[0]
    c_out = layer.out_channels
    k = values_per_patch(channels, layer.kernel_size)
    shapes = {
        "X": (samples, channels, *padded(layer, question.size)),
        "Ũ": (samples, patches, k),
        "W̃": (k, c_out),
        "Y′": (samples, patches, c_out),
    }
    for name, shape in shapes.items():
        if prod(shape) > LARGEST:
            raise question.about_input(
                f"is too large to print: {name} would be {text.shape(shape)} = {prod(shape):,} "
                f"numbers, the limit is {LARGEST:,}"
            )


def _filled(shape: Shape, seed: int | None, name: str) -> Any:
    """Return nested lists of this shape, filled row by row."""
    if seed is None:
        values: Iterator[int] = count(1)
    else:
        from random import Random  # here, since few walks are random and it takes time to load

        random = Random(f"{seed} {name}")  # so that no tensor depends on the others' sizes
        values = iter(lambda: random.randint(-5, 5), None)
    return nested(shape, values)
