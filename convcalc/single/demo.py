"""A convolution walked through with numbers: X, its unfolding, the matrix product, Y, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, product
from math import prod
from typing import Any

from convcalc import text
from convcalc.formulas import (
    ConvcalcError,
    Matrix,
    Tensor3,
    Tensor4,
    conv2d_backward,
    conv2d_by_unfold,
    matmul,
    nested,
    pad,
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
    code: str | None
    notes: tuple[str, ...]

    @property
    def positions(self) -> list[tuple[int, int]]:
        """Where in Y each patch belongs: the (i, j) of every row of Ũ."""
        return list(product(range(len(self.Y[0][0])), range(len(self.Y[0][0][0]))))

    @property
    def values(self) -> list[tuple[int, int, int]]:
        """Where in a patch each value stands: the (c, u, v) of every column of Ũ."""
        h_k, w_k = self.layer.kernel_size
        return list(product(range(len(self.X[0])), range(h_k), range(w_k)))

    @property
    def window(self) -> frozenset[tuple[int, int]]:
        """The (row, column) places of the padded X that the pointed-out patch reads."""
        if self.patch is None:
            return frozenset()
        i, j = self.positions[self.patch]
        (s_h, s_w), (d_h, d_w) = self.layer.stride, self.layer.dilation
        h_k, w_k = self.layer.kernel_size
        return frozenset(
            (i * s_h + u * d_h, j * s_w + v * d_w) for u, v in product(range(h_k), range(w_k))
        )

    def patch_by_patch(self) -> Iterator[Walkthrough]:
        """Return this walk once per patch, with that patch pointed out."""
        return (replace(self, patch=patch) for patch in range(len(self.U[0])))


def walk(
    question: LayerQuestion,
    seed: int | None = None,
    backward: bool = False,
    patch: int | None = None,
) -> Walkthrough:
    """Return a small layer's tensors, their values counting up or drawn at random from a seed.

    The bias is left out unless it was asked for, since Y′ = ŨW̃ has none.

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
    if patch is not None and patch >= h_out * w_out:
        raise ConvcalcError(f"{patch}: the patches here are 0 to {h_out * w_out - 1}", "patch")
    b = question.batch or 1
    x: Tensor4 = _filled((b, *question.input_shape), seed, "X")
    learnt = layer.parameters()
    weight: Tensor4 = _filled(learnt["weight"] or (), seed, "W")
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
        code=pasted(question, layer),
        notes=surprises(question, layer),
    )


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

        random = Random(f"{seed} {name}")  # so that no tensor hangs on the others' sizes
        values = iter(lambda: random.randint(-5, 5), None)
    return nested(shape, values)
