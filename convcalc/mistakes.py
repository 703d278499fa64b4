"""Known mistakes in convolutions: what an implementation that makes one returns.

Each imitates one mistake, so that a wrong result can be recognised by being equal to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from convcalc.formulas import (
    Matrix,
    Nested3,
    Nested4,
    Tensor3,
    Tensor4,
    both_ends,
    conv2d,
    conv2d_backward,
    conv_output_size,
    each_axis,
    from_rows,
    matmul,
    nested,
    pad,
    pair,
    to_rows,
    transpose,
    unfold,
    unfolded_gradient,
    weight_matrix,
    weight_matrix_gradient,
)


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make, and a function that makes it."""

    sentence: str
    imitate: Callable[..., Any]


class _Geometry:
    """The sizes of one unfolding, from which a window's corner is worked out."""

    def __init__(
        self,
        size: tuple[int, ...],
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
    ) -> None:
        self.h, self.w = size
        self.h_k, self.w_k = pair("kernel_size", kernel_size)
        self.s_h, self.s_w = pair("stride", stride)
        self.d_h, self.d_w = pair("dilation", dilation)
        ends = both_ends(padding)
        (self.top, _), (self.left, _) = ends
        self.h_pad, self.w_pad = (n + sum(each) for n, each in zip(size, ends))
        self.h_out, self.w_out = each_axis(
            conv_output_size,
            size,
            (self.h_k, self.w_k),
            (self.s_h, self.s_w),
            ends,
            (self.d_h, self.d_w),
        )


Corner = Callable[[int, _Geometry], tuple[int, int]]
"""Where in the padded input the window of patch r begins."""


def _right(r: int, g: _Geometry) -> tuple[int, int]:
    return r // g.w_out * g.s_h, r % g.w_out * g.s_w


def _columns_first(r: int, g: _Geometry) -> tuple[int, int]:
    return r % g.h_out * g.s_h, r // g.h_out * g.s_w


def _without_stride(r: int, g: _Geometry) -> tuple[int, int]:
    return r // g.w_out, r % g.w_out


def _strides_swapped(r: int, g: _Geometry) -> tuple[int, int]:
    return r // g.w_out * g.s_w, r % g.w_out * g.s_h


def _circulating(padded: bool, rows_too: bool, strided: bool) -> Corner:
    """The pseudocode that circulates: r % (w − w_k + 1), which is w_out for stride 1 only."""

    def corner(r: int, g: _Geometry) -> tuple[int, int]:
        positions = (g.w_pad if padded else g.w) - g.w_k + 1
        i, j = r // (positions if rows_too else g.w_out), r % positions
        return (i * g.s_h, j * g.s_w) if strided else (i, j)

    return corner


CIRCULATING = [_circulating(*choice) for choice in product((True, False), repeat=3)]

ORDERS: dict[str, Callable[[int, int, int], Iterable[tuple[int, int, int]]]] = {
    "cuv": lambda c, h, w: product(range(c), range(h), range(w)),
    "uvc": lambda c, h, w: ((k, u, v) for u, v, k in product(range(h), range(w), range(c))),
    "cvu": lambda c, h, w: ((k, u, v) for k, v, u in product(range(c), range(w), range(h))),
}


def _places(g: _Geometry, r: int, c: int, corner: Corner, order: str) -> Iterator[tuple[int, ...]]:
    """Yield the (channel, row, column) of every value of a patch."""
    row, column = corner(r, g)
    for channel, u, v in ORDERS[order](c, g.h_k, g.w_k):
        yield channel, row + u * g.d_h, column + v * g.d_w


def _unfolding(corner: Corner = _right, order: str = "cuv") -> Callable[..., Tensor3]:
    def wrong(x: Nested4, kernel_size: Any, **settings: Any) -> Tensor3:
        g = _Geometry((len(x[0][0]), len(x[0][0][0])), kernel_size, **settings)
        padded = pad(x, settings.get("padding", 0))
        return [
            [
                [sample[c][i][j] for c, i, j in _places(g, r, len(x[0]), corner, order)]
                for r in range(g.h_out * g.w_out)
            ]
            for sample in padded
        ]

    return wrong


def _folding(
    corner: Corner = _right, order: str = "cuv", summed: bool = True, cropped: bool = True
) -> Callable[..., Tensor4]:
    def wrong(u: Nested3, output_size: Any, kernel_size: Any, **settings: Any) -> Tensor4:
        g = _Geometry(pair("output_size", output_size), kernel_size, **settings)
        channels = len(u[0][0]) // (g.h_k * g.w_k)
        samples: Tensor4 = []
        for rows in u:
            padded: Tensor3 = [[[0] * g.w_pad for _ in range(g.h_pad)] for _ in range(channels)]
            for r, values in enumerate(rows):
                for (c, i, j), value in zip(_places(g, r, channels, corner, order), values):
                    padded[c][i][j] = padded[c][i][j] + value if summed else value
            if cropped:
                padded = [
                    [row[g.left : g.left + g.w] for row in channel[g.top : g.top + g.h]]
                    for channel in padded
                ]
            samples.append(padded)
        return samples

    return wrong


def _without(name: str, reference: Callable[..., Any]) -> Callable[..., Any]:
    """The reference, with one of its arguments left out."""

    def wrong(*tensors: Any, **settings: Any) -> Any:
        settings.pop(name, None)
        return reference(*tensors, **settings)

    return wrong


def _transposed(reference: Callable[..., Tensor3]) -> Callable[..., Tensor3]:
    def wrong(*tensors: Any, **settings: Any) -> Tensor3:
        return [transpose(rows) for rows in reference(*tensors, **settings)]

    return wrong


def _by_product(
    unfolding: Callable[..., Tensor3], order: str = "cuv", reshaped: bool = False
) -> Callable[..., Tensor4]:
    """A convolution by unfolding, with a wrong unfolding, order of W̃ or way back to Y."""

    def wrong(
        x: Nested4, weight: Nested4, bias: Any = None, groups: int = 1, **settings: Any
    ) -> Tensor4:
        h_k, w_k = len(weight[0][0]), len(weight[0][0][0])
        g = _Geometry((len(x[0][0]), len(x[0][0][0])), (h_k, w_k), **settings)
        places = list(ORDERS["cuv"](len(x[0]), h_k, w_k))
        w_matrix = weight_matrix(weight, groups)
        ordered = [w_matrix[places.index(at)] for at in ORDERS[order](len(x[0]), h_k, w_k)]
        y_matrix = [matmul(rows, ordered) for rows in unfolding(x, (h_k, w_k), **settings)]
        bias = bias or [0] * len(weight)
        y_matrix = [[[v + e for v, e in zip(row, bias)] for row in rows] for rows in y_matrix]
        if reshaped:  # read row by row into (c_out, h_out, w_out), without the transpose
            size = g.h_out * g.w_out
            flat = [[value for row in rows for value in row] for rows in y_matrix]
            y_matrix = [
                transpose([values[at : at + size] for at in range(0, len(values), size)])
                for values in flat
            ]
        return from_rows(y_matrix, (g.h_out, g.w_out))

    return wrong


def _kernel_changed(change: Callable[[Matrix], Matrix]) -> Callable[..., Tensor4]:
    def wrong(x: Nested4, weight: Nested4, *bias: Any, **settings: Any) -> Tensor4:
        changed = [[change([list(row) for row in rows]) for rows in kernel] for kernel in weight]
        return conv2d(x, changed, *bias, **settings)

    return wrong


def _flipped(rows: Matrix) -> Matrix:
    return [row[::-1] for row in rows[::-1]]


def _first_group_only(x: Nested4, weight: Nested4, *bias: Any, **settings: Any) -> Tensor4:
    settings.pop("groups", None)
    read = [sample[: len(weight[0])] for sample in x]
    return conv2d(read, weight, *bias, **settings)


Backward = tuple[Any, Any, Any]


def _backward(change: Callable[..., Backward]) -> Callable[..., Backward]:
    """A backward pass of which `change` spoils something, given the right one and the question."""

    def wrong(grad_y: Nested4, x: Nested4, weight: Nested4, **settings: Any) -> Backward:
        right = conv2d_backward(grad_y, x, weight, **settings)
        return change(*right, grad_y=grad_y, x=x, weight=weight, **settings)

    return wrong


def _one_sample(at: int) -> Callable[..., Backward]:
    def change(grad_x: Any, grad_w: Any, grad_b: Any, *, grad_y: Any, x: Any, **q: Any) -> Backward:
        _, one, _ = conv2d_backward([grad_y[at]], [x[at]], q.pop("weight"), **q)
        return grad_x, one, grad_b

    return change


def _batch_mean(grad_x: Any, grad_w: Any, grad_b: Any, *, x: Any, **question: Any) -> Backward:
    return grad_x, _divided(grad_w, len(x)), grad_b


def _all_batch_mean(grad_x: Any, grad_w: Any, grad_b: Any, *, x: Any, **question: Any) -> Backward:
    return grad_x, _divided(grad_w, len(x)), _divided(grad_b, len(x))


def _divided(tensor: Any, by: int) -> Any:
    return [_divided(each, by) for each in tensor] if isinstance(tensor, list) else tensor / by


def _overlaps_lost(
    grad_x: Any,
    grad_w: Any,
    grad_b: Any,
    *,
    grad_y: Any,
    x: Any,
    weight: Any,
    groups: int = 1,
    **settings: Any,
) -> Backward:
    grad_u = unfolded_gradient(to_rows(grad_y), weight_matrix(weight, groups))
    size, kernel_size = (len(x[0][0]), len(x[0][0][0])), (len(weight[0][0]), len(weight[0][0][0]))
    return _folding(summed=False)(grad_u, size, kernel_size, **settings), grad_w, grad_b


def _kernel_flipped_back(
    grad_x: Any, grad_w: Any, grad_b: Any, *, grad_y: Any, x: Any, weight: Any, **settings: Any
) -> Backward:
    flipped = [[_flipped(rows) for rows in kernel] for kernel in weight]
    return conv2d_backward(grad_y, x, flipped, **settings)[0], grad_w, grad_b


def _bias_of_one_sample(at: int) -> Callable[..., Backward]:
    def change(grad_x: Any, grad_w: Any, grad_b: Any, *, grad_y: Any, **q: Any) -> Backward:
        return grad_x, grad_w, [sum(map(sum, channel)) for channel in grad_y[at]]

    return change


def _bias_lost(grad_x: Any, grad_w: Any, grad_b: Any, **question: Any) -> Backward:
    return grad_x, grad_w, [0] * len(grad_b)


def _input_order(
    grad_x: Any,
    grad_w: Any,
    grad_b: Any,
    *,
    grad_y: Any,
    x: Any,
    weight: Any,
    groups: int = 1,
    **settings: Any,
) -> Backward:
    """W̃∇ made from an unfolding with the channels innermost, read back as channels outermost."""
    kernel_size = (len(weight[0][0]), len(weight[0][0][0]))
    u = _unfolding(order="uvc")(x, kernel_size, **settings)
    columns = transpose(weight_matrix_gradient(u, to_rows(grad_y)))
    shape = len(weight[0]), *kernel_size
    return grad_x, [nested(shape, iter(column)) for column in columns], grad_b


_PSEUDOCODE = (
    "the circulating pseudocode: the patch's column is taken as r % (w - w_k + 1), which is the "
    "width of the output for stride 1 without padding only; r % w_out is right"
)
_SWAPPED = "height and width are mixed up: patch r is window (r // w_out, r % w_out)"
_CHANNELS = "the channels are in the wrong order: in a row of Ũ they are outermost, (c, u, v)"
_STEPS = "the stride is left out where a window begins: window (i, j) begins at (i·s_h, j·s_w)"
_STRIDES = "the two strides are mixed up: the first is for the height, the second for the width"
_KERNEL_AXES = "the kernel's height and width are mixed up"

MISTAKES: dict[str, list[Mistake]] = {
    "unfold": [
        Mistake("the layout is (b, k, p), the transpose; --layout bkp accepts it",
                _transposed(unfold)),
        *(Mistake(_PSEUDOCODE, _unfolding(corner)) for corner in CIRCULATING),
        Mistake(_SWAPPED, _unfolding(_columns_first)),
        Mistake(_STRIDES, _unfolding(_strides_swapped)),
        Mistake(_STEPS, _unfolding(_without_stride)),
        Mistake(_CHANNELS, _unfolding(order="uvc")),
        Mistake(_KERNEL_AXES, _unfolding(order="cvu")),
        Mistake("the padding is left out", _without("padding", unfold)),
        Mistake("the dilation is left out", _without("dilation", unfold)),
    ],
    "fold": [
        Mistake("overlapping values are written over one another: fold sums them",
                _folding(summed=False)),
        Mistake("the padding is still around the result", _folding(cropped=False)),
        *(Mistake(_PSEUDOCODE, _folding(corner)) for corner in CIRCULATING),
        Mistake(_SWAPPED, _folding(_columns_first)),
        Mistake(_STRIDES, _folding(_strides_swapped)),
        Mistake(_STEPS, _folding(_without_stride)),
        Mistake(_CHANNELS, _folding(order="uvc")),
        Mistake(_KERNEL_AXES, _folding(order="cvu")),
    ],
    "conv2d": [
        Mistake("the kernel is flipped: that is the true convolution, while the layer correlates",
                _kernel_changed(_flipped)),
        Mistake("the bias is forgotten", _without("bias", conv2d)),
        *(Mistake(_PSEUDOCODE, _by_product(_unfolding(corner))) for corner in CIRCULATING),
        Mistake("Y′ (p, c_out) is reshaped to (c_out, h_out, w_out) without being transposed first",
                _by_product(unfold, reshaped=True)),
        Mistake(_CHANNELS, _by_product(_unfolding(order="uvc"))),
        Mistake(_SWAPPED, _by_product(_unfolding(_columns_first))),
        Mistake(_STRIDES, _by_product(_unfolding(_strides_swapped))),
        Mistake(_STEPS, _by_product(_unfolding(_without_stride))),
        Mistake(_KERNEL_AXES, _by_product(_unfolding(order="cvu"))),
        Mistake("every group reads the first group's channels", _first_group_only),
        Mistake("the padding is left out", _without("padding", conv2d)),
        Mistake("the dilation is left out", _without("dilation", conv2d)),
    ],
    "conv2d_backward": [
        *(Mistake("W∇ isn't summed over the batch: it is that of one sample",
                  _backward(_one_sample(at))) for at in (-1, 0)),
        Mistake("W∇ is averaged over the batch: it is the sum", _backward(_batch_mean)),
        Mistake("the gradients are averaged over the batch: they are sums",
                _backward(_all_batch_mean)),
        Mistake("X∇ isn't summed where windows overlap: fold sums what they put there",
                _backward(_overlaps_lost)),
        Mistake("the kernel of X∇ is flipped the wrong way", _backward(_kernel_flipped_back)),
        *(Mistake("bias∇ isn't summed over the batch", _backward(_bias_of_one_sample(at)))
          for at in (-1, 0)),
        Mistake("bias∇ is forgotten", _backward(_bias_lost)),
        Mistake(_CHANNELS, _backward(_input_order)),
    ],
}  # fmt: skip
"""The mistakes of each operation, the likelier ones first."""
