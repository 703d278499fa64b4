"""Loop-based references beyond the convolution's: its transpose and the poolings, and back.

On nested lists of numbers laid out (b, c, h, w), for small inputs: to be read beside the formulas,
not to be fast. Names, letters and settings are those of `formulas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from convcalc.formulas import (
    ConvcalcError,
    Nested4,
    Padding2d,
    Pair,
    Size,
    Tensor4,
    axes,
    both_ends,
    check_bias,
    check_groups,
    conv_transpose_output_size,
    each_axis,
    pair,
    pool_output_size,
    shape_of,
)


def conv_transpose2d(
    x: Nested4,
    weight: Nested4,
    bias: Sequence[float] | None = None,
    stride: Size = 1,
    padding: Padding2d = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Tensor4:
    """Return Y (b, c_out, h_out, w_out) of X (b, c, h, w) and W (c, c_out/groups, h_k, w_k).

    Every entry of X is multiplied with its kernel, and what comes out is added to Y at the window
    that belongs to that entry: what `conv2d` reads, this writes. `padding` takes away positions
    around the output; `output_padding` leaves that many more at the end of each axis, which are
    zero where no window reaches.

    Arguments are in PyTorch's order. Raises ConvcalcError where shapes do not fit.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html
    """
    c_out, output_size, taps = _transposed(
        x, weight, stride, padding, output_padding, groups, dilation
    )
    check_bias(bias, weight, c_out)
    y = [_filled([0] * c_out if bias is None else bias, output_size) for _ in x]
    for n, tap in product(range(len(x)), taps):
        entry = x[n][tap.c][tap.i][tap.j]
        y[n][tap.o][tap.row][tap.column] += entry * weight[tap.c][tap.kernel][tap.u][tap.v]
    return y


def conv_transpose2d_backward(
    grad_y: Nested4,
    x: Nested4,
    weight: Nested4,
    stride: Size = 1,
    padding: Padding2d = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> tuple[Tensor4, Tensor4, list[float]]:
    """Return (X∇, W∇, bias∇) of `conv_transpose2d`, given Y∇ (b, c_out, h_out, w_out).

    Every product of an entry of X and a weight was added to one place of Y: of that place's
    gradient the entry gets as much as the weight, and the weight as much as the entry. X∇ is
    therefore the convolution of Y∇ with W.

    Raises ConvcalcError where shapes do not fit.
    Source: equal to PyTorch's autograd.
    """
    c_out, output_size, taps = _transposed(
        x, weight, stride, padding, output_padding, groups, dilation
    )
    _check_gradient(grad_y, (len(x), c_out, *output_size))
    b, c, h, w = shape_of("x", x, 4)
    grad_x = [_filled([0] * c, (h, w)) for _ in range(b)]
    _, kernels, h_k, w_k = shape_of("weight", weight, 4)
    grad_weight = [_filled([0] * kernels, (h_k, w_k)) for _ in range(c)]
    for n, tap in product(range(b), taps):
        grad = grad_y[n][tap.o][tap.row][tap.column]
        grad_x[n][tap.c][tap.i][tap.j] += grad * weight[tap.c][tap.kernel][tap.u][tap.v]
        grad_weight[tap.c][tap.kernel][tap.u][tap.v] += grad * x[n][tap.c][tap.i][tap.j]
    grad_bias = [sum(sum(map(sum, sample[o])) for sample in grad_y) for o in range(c_out)]
    return grad_x, grad_weight, grad_bias


class _Tap(NamedTuple):
    """X[c][i][j] · W[c][kernel][u][v] is added to Y[o][row][column]."""

    c: int
    i: int
    j: int
    kernel: int
    u: int
    v: int
    o: int
    row: int
    column: int


def _transposed(
    x: Nested4,
    weight: Nested4,
    stride: Size,
    padding: Padding2d,
    output_padding: Size,
    groups: int,
    dilation: Size,
) -> tuple[int, Pair, list[_Tap]]:
    """Return c_out, (h_out, w_out) and every product that a transposed convolution adds up."""
    _, c, h, w = shape_of("x", x, 4)
    c_weight, kernels, h_k, w_k = shape_of("weight", weight, 4)
    if c_weight != c:
        raise ConvcalcError(
            f"{shape_of('weight', weight, 4)} does not fit x {shape_of('x', x, 4)}: "
            f"its first size is {c}",
            "weight",
        )
    c_out = kernels * groups
    check_groups(groups, c, c_out)
    (s_h, s_w), (d_h, d_w) = pair("stride", stride), pair("dilation", dilation)
    added = axes("output_padding", output_padding, least=0)
    (top, bottom), (left, right) = both_ends(padding)
    h_out, w_out = each_axis(
        conv_transpose_output_size,
        (h, w),
        (h_k, w_k),
        (s_h, s_w),
        ((top, bottom), (left, right)),
        added,
        (d_h, d_w),
    )
    taps = []
    for channel, i, j in product(range(c), range(h), range(w)):
        first = channel // (c // groups) * kernels  # the first output channel of its group
        for kernel, u, v in product(range(kernels), range(h_k), range(w_k)):
            row, column = i * s_h + u * d_h - top, j * s_w + v * d_w - left
            if 0 <= row < h_out and 0 <= column < w_out:
                taps.append(_Tap(channel, i, j, kernel, u, v, first + kernel, row, column))
    return c_out, (h_out, w_out), taps


def max_pool2d(
    x: Nested4,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding2d = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Tensor4:
    """Return Y (b, c, h_out, w_out): of every window of X (b, c, h, w) the maximum.

    The stride is the kernel size unless given; what is padded is never the maximum.

    Raises ConvcalcError where shapes do not fit, and where a window reads nothing but padding.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
    """
    maxima = maxima2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    return [
        [
            [[channel[i][j] for i, j in row] for row in places]
            for channel, places in zip(sample, maps, strict=True)
        ]
        for sample, maps in zip(x, maxima, strict=True)
    ]


def maxima2d(
    x: Nested4,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding2d = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> list[list[list[list[Pair]]]]:
    """Return the (row, column) in X of every window's maximum, (b, c, h_out, w_out).

    Of several that are equal the first in the window, row by row, as PyTorch has it; and as there,
    a value that is no number is greater than all that are.

    Errors are those of `max_pool2d`.
    """
    rows = pool_windows(x, kernel_size, stride, padding, dilation, ceil_mode)
    for i, j in product(range(len(rows)), range(len(rows[0]))):
        if not rows[i][j].places:
            raise ConvcalcError(f"leaves window ({i}, {j}) nothing but padding", "padding")

    def largest(channel: Sequence[Sequence[float]], places: Sequence[Pair]) -> Pair:
        best = places[0]
        for i, j in places:
            value = channel[i][j]
            if value > channel[best[0]][best[1]] or value != value:
                best = (i, j)
        return best

    def maxima(channel: Sequence[Sequence[float]]) -> list[list[Pair]]:
        return [[largest(channel, window.places) for window in row] for row in rows]

    return [[maxima(channel) for channel in sample] for sample in x]


def max_pool2d_backward(
    grad_y: Nested4,
    x: Nested4,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding2d = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Tensor4:
    """Return X∇ of `max_pool2d`, given Y∇: each window's gradient goes where its maximum is.

    Raises ConvcalcError where shapes do not fit.
    Source: equal to PyTorch's autograd, also where several entries are the maximum.
    """
    maxima = maxima2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    b, c, h, w = shape_of("x", x, 4)
    h_out, w_out = len(maxima[0][0]), len(maxima[0][0][0])
    _check_gradient(grad_y, (b, c, h_out, w_out))
    grad_x = [_filled([0] * c, (h, w)) for _ in range(b)]
    for n, channel, i, j in product(range(b), range(c), range(h_out), range(w_out)):
        row, column = maxima[n][channel][i][j]
        grad_x[n][channel][row][column] += grad_y[n][channel][i][j]
    return grad_x


def avg_pool2d(
    x: Nested4,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding2d = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    dilation: Size = 1,
) -> Tensor4:
    """Return Y (b, c, h_out, w_out): of every window of X (b, c, h, w) the average.

    The stride is the kernel size unless given. Padding counts as zeros unless `count_include_pad`
    is False; what a window of ceil mode reads beyond the padding doesn't count.

    `dilation`, which PyTorch's average pooling doesn't have, is as ONNX has it.
    Raises ConvcalcError where shapes do not fit.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
    """
    rows = pool_windows(x, kernel_size, stride, padding, dilation, ceil_mode)
    return [
        [
            [
                [
                    sum(channel[i][j] for i, j in window.places) / window.counted(count_include_pad)
                    for window in row
                ]
                for row in rows
            ]
            for channel in sample
        ]
        for sample in x
    ]


def avg_pool2d_backward(
    grad_y: Nested4,
    x: Nested4,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding2d = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    dilation: Size = 1,
) -> Tensor4:
    """Return X∇ of `avg_pool2d`, given Y∇: each window's gradient is shared out among its entries.

    Raises ConvcalcError where shapes do not fit.
    Source: equal to PyTorch's autograd.
    """
    rows = pool_windows(x, kernel_size, stride, padding, dilation, ceil_mode)
    b, c, h, w = shape_of("x", x, 4)
    _check_gradient(grad_y, (b, c, len(rows), len(rows[0])))
    grad_x = [_filled([0] * c, (h, w)) for _ in range(b)]
    for n, channel in product(range(b), range(c)):
        for i, j in product(range(len(rows)), range(len(rows[0]))):
            share = grad_y[n][channel][i][j] / rows[i][j].counted(count_include_pad)
            for row, column in rows[i][j].places:
                grad_x[n][channel][row][column] += share
    return grad_x


class PoolWindow(NamedTuple):
    """One window of a pooling: the (row, column) places of X that it reads, in their order.

    `size` is how many positions of X and of its padding it reads.
    """

    places: tuple[Pair, ...]
    size: int

    def counted(self, count_include_pad: bool = True) -> int:
        """Return what an average divides by."""
        return self.size if count_include_pad else len(self.places)


def pool_windows(
    x: Nested4,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding2d = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> list[list[PoolWindow]]:
    """Return the windows that a pooling moves over X, in h_out rows of w_out.

    Raises ConvcalcError where none fits, or where one could lie wholly in the padding.
    """
    size = shape_of("x", x, 4)[2:]
    kernel = pair("kernel_size", kernel_size)
    steps = kernel if stride is None else pair("stride", stride)
    holes, ends = pair("dilation", dilation), both_ends(padding)
    output = each_axis(pool_output_size, size, kernel, steps, ends, holes, (ceil_mode,) * 2)

    def taps(axis: int, window: int) -> list[int]:
        """Return the positions that a window reads on one axis, those of padding too."""
        start = window * steps[axis] - ends[axis][0]
        positions = range(start, start + kernel[axis] * holes[axis], holes[axis])
        return [each for each in positions if each < size[axis] + ends[axis][1]]

    def real(axis: int, positions: list[int]) -> list[int]:
        return [each for each in positions if 0 <= each < size[axis]]

    return [
        [
            PoolWindow(
                tuple(product(real(0, vertical), real(1, horizontal))),
                len(vertical) * len(horizontal),
            )
            for horizontal in (taps(1, j) for j in range(output[1]))
        ]
        for vertical in (taps(0, i) for i in range(output[0]))
    ]


def _filled(values: Sequence[float], size: Pair) -> list[list[list[float]]]:
    """Return a map of this size for each of the values, full of it."""
    h, w = size
    return [[[value] * w for _ in range(h)] for value in values]


def _check_gradient(grad_y: Nested4, shape: tuple[int, ...]) -> None:
    """Raise ConvcalcError where Y∇ doesn't have the shape of Y."""
    if shape_of("grad_y", grad_y, 4) != shape:
        raise ConvcalcError(
            f"{shape_of('grad_y', grad_y, 4)} does not fit the output of this layer, {shape}",
            "grad_y",
        )
