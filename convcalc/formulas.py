"""The arithmetic of convolutional layers, and loop-based references, in pure Python.

Sizes, strides, paddings and dilations are counted in positions along an axis. Where a function
covers all axes at once, an int stands for a square 2-D kernel or size, as `nn.Conv2d` reads it;
a tuple names every axis. The letters are those of the assignment: X (b, c, h, w); W (c_out, c,
h_k, w_k); p = h_out·w_out patches; k = c·h_k·w_k values per patch; U (b, k, p), Ũ (b, p, k);
W̃ (k, c_out); Y′ (b, p, c_out); Y (b, c_out, h_out, w_out).

Source, unless a docstring names another: Dumoulin and Visin, "A guide to convolution arithmetic
for deep learning" (2016), with PyTorch's semantics for padding, dilation and ceil mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import gcd, prod
from operator import index
from typing import Any, TypeVar

Pair = tuple[int, int]
Padding = int | Sequence[int]
"""Padding of one axis: the same before and after, or (before, after)."""
Padding2d = int | Sequence[int | Sequence[int]]
"""Padding of two axes: an int, (vertical, horizontal) or ((top, bottom), (left, right))."""
Size = int | Sequence[int]

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""What the spatial axes are called, by their number."""

BYTES = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "int8": 1}
"""Bytes per number of each dtype."""

LARGEST = 10**12
"""The largest size that is taken: beyond any tensor, yet quick to calculate with."""
MOST = 10**15
"""The largest number that sizes may grow to: of what a tensor holds, of a receptive field."""

# Numbers are annotated as float, which to a type checker includes int; ints stay ints.
Matrix = list[list[float]]
Tensor3 = list[Matrix]
Tensor4 = list[Tensor3]
Nested3 = Sequence[Sequence[Sequence[float]]]
Nested4 = Sequence[Nested3]
T = TypeVar("T")


class ConvcalcError(ValueError):
    """A question without a meaning: the argument it is about, its value and what would do.

    `argument` is the name that the sentence begins with, empty where it is about none; `place`
    says where that is: an axis, a line of a file.
    """

    def __init__(self, message: str, argument: str = "", place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument
        self.place = place

    def __str__(self) -> str:
        return self.sentence(self.argument)

    def sentence(self, called: str) -> str:
        """Return the sentence with the argument under the name that somebody knows it by."""
        named = f"{called} {self.message}" if called else self.message
        return f"{self.place}: {named}" if self.place else named


class TooLarge(ConvcalcError):
    """A question with a meaning whose numbers are beyond what is calculated with."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is too large to follow")


# ---------------------------------------------------------------------------------------------
# Arithmetic
# ---------------------------------------------------------------------------------------------


def whole(name: str, value: object, least: int) -> int:
    """Return `value` as an int if it is a whole number of at least `least`, of any kind.

    Raises ConvcalcError where it isn't.
    """
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise ConvcalcError(f"{value!r} is not a whole number", name)
    if number < least:
        raise ConvcalcError(f"{number} is too small: it is at least {least}", name)
    return number


def ends(padding: Padding) -> Pair:
    """Return the padding of one axis as (before, after)."""
    if isinstance(padding, Sequence) and not isinstance(padding, str):
        if len(padding) != 2:
            raise ConvcalcError(f"{padding!r} is neither an int nor (before, after)", "padding")
        return whole("padding", padding[0], 0), whole("padding", padding[1], 0)
    both = whole("padding", padding, 0)
    return both, both


def effective_kernel_size(kernel_size: int, dilation: int = 1) -> int:
    """Return the positions that a dilated kernel spans on one axis: D·(K − 1) + 1."""
    kernel_size, dilation = whole("kernel_size", kernel_size, 1), whole("dilation", dilation, 1)
    return dilation * (kernel_size - 1) + 1


def each_axis(function: Callable[..., T], *settings: Sequence[Any]) -> tuple[T, ...]:
    """Apply one-axis arithmetic to every axis; an error says which axis it is about."""
    results = []
    for axis, values in zip(AXES[len(settings[0])], zip(*settings, strict=True), strict=True):
        try:
            results.append(function(*values))
        except ConvcalcError as error:
            raise ConvcalcError(error.message, error.argument, axis) from None
    return tuple(results)


def conv_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> int:
    """Return the output size of a convolution on one axis.

    ⌊(W + P_before + P_after − D·(K − 1) − 1) / S⌋ + 1; with D = 1 and the same padding on both
    ends this is the assignment's (W − K + 2P)/S + 1, floored.

    Raises ConvcalcError where a value is out of range or the kernel exceeds the padded input.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html

    >>> conv_output_size(224, 11, stride=4, padding=2)
    55
    """
    size, stride = whole("size", size, 1), whole("stride", stride, 1)
    before, after = ends(padding)
    span = effective_kernel_size(kernel_size, dilation)
    if span > before + size + after:
        raise _too_large(size, span, kernel_size, dilation, padding)
    return (before + size + after - span) // stride + 1


def _too_large(
    size: int, needed: int, kernel_size: int, dilation: int, padding: Padding
) -> ConvcalcError:
    """Return the error of a kernel that doesn't fit, with the least padding that would do."""
    before, after = ends(padding)
    spans = effective_kernel_size(kernel_size, dilation)
    kernel = (
        f"{kernel_size} with dilation {dilation} spans {spans},"
        if dilation > 1
        else (f"{kernel_size} is")
    )
    if before == after:
        least = f"padding {(needed - size + 1) // 2} or more"
    else:
        least = f"padding that adds up to {needed - size} or more"
    return ConvcalcError(
        f"{kernel} larger than the padded input, {before + size + after}: {least} would do",
        "kernel_size",
    )


def conv_transpose_output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: Padding = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int:
    """Return the output size of a transposed convolution on one axis.

    (W − 1)·S − P_before − P_after + D·(K − 1) + output_padding + 1.

    Raises ConvcalcError where a value is out of range, `output_padding` is not below
    max(stride, dilation), or the padding takes away the whole output.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """
    size, stride = whole("size", size, 1), whole("stride", stride, 1)
    before, after = ends(padding)
    span = effective_kernel_size(kernel_size, dilation)
    output_padding = check_output_padding(output_padding, stride, dilation)
    full = (size - 1) * stride + span + output_padding
    if before + after >= full:
        most = (full - 1) // 2 if before == after else f"{full - 1} in all"
        raise ConvcalcError(
            f"{_show_ends(before, after)} takes away the whole output, {full}: {most} is the most",
            "padding",
        )
    return full - before - after


def check_output_padding(output_padding: int, stride: int, dilation: int) -> int:
    """Return `output_padding`, or raise ConvcalcError where max(stride, dilation) isn't above."""
    output_padding = whole("output_padding", output_padding, 0)
    stride, dilation = whole("stride", stride, 1), whole("dilation", dilation, 1)
    if output_padding >= max(stride, dilation):
        raise ConvcalcError(
            f"{output_padding} is not below the larger of stride {stride} "
            f"and dilation {dilation}: {max(stride, dilation) - 1} is the most",
            "output_padding",
        )
    return output_padding


def _show_ends(before: int, after: int) -> str:
    return str(before) if before == after else f"{before}:{after}"


def pool_output_size(
    size: int,
    kernel_size: int,
    stride: int,
    padding: Padding = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Return the output size of a pooling on one axis.

    As for a convolution; with `ceil_mode` the division rounds up, so that the last window may
    reach over the end, but it must start inside the input or its leading padding.

    Raises ConvcalcError where a value is out of range, where a window could lie wholly in the
    padding, and where no window fits.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    size, stride = whole("size", size, 1), whole("stride", stride, 1)
    before, _ = ends(padding)
    span = effective_kernel_size(kernel_size, dilation)
    check_pool_padding(padding, kernel_size, dilation)
    if not ceil_mode:
        return conv_output_size(size, kernel_size, stride, padding, dilation)
    output = windows_rounded_up(size, kernel_size, stride, padding, dilation)
    if (output - 1) * stride >= before + size:
        output -= 1
    if output < 1:
        needed = span - stride + 1
        raise _too_large(size, needed, kernel_size, dilation, padding)
    return output


def windows_rounded_up(
    size: int, kernel_size: int, stride: int, padding: Padding = 0, dilation: int = 1
) -> int:
    """Return the windows of ceil mode on one axis, also one that begins behind the input."""
    span = effective_kernel_size(kernel_size, dilation)
    return -((span - size - sum(ends(padding))) // stride) + 1


def check_pool_padding(padding: Padding, kernel_size: int, dilation: int) -> None:
    """Raise ConvcalcError where a pooling window could lie wholly in the padding."""
    before, after = ends(padding)
    span = effective_kernel_size(kernel_size, dilation)
    if max(before, after) >= span:
        raise ConvcalcError(
            f"{_show_ends(before, after)} is not below the window, {span}, which could "
            f"then lie wholly in it: {span - 1} is the most",
            "padding",
        )


def same_padding(size: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> Pair:
    """Return (before, after) for which a convolution's output is ⌈W/S⌉; the odd one goes after.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn#same_padding; for stride 1 the same
    as `padding='same'` in PyTorch.
    """
    size, stride = whole("size", size, 1), whole("stride", stride, 1)
    span = effective_kernel_size(kernel_size, dilation)
    total = max((-(-size // stride) - 1) * stride + span - size, 0)
    return total // 2, total - total // 2


def unread(
    size: int, kernel_size: int, stride: int = 1, padding: Padding = 0, dilation: int = 1
) -> int:
    """Return how many real input positions on the axis no window reads, wherever they are.

    They are behind the last window, between windows, or in the holes of a dilated one. Padding
    that goes unread does not count.

    >>> unread(32, 2, stride=2, padding=1, dilation=2)
    16
    """
    output = conv_output_size(size, kernel_size, stride, padding, dilation)
    size, kernel_size, stride, dilation = map(index, (size, kernel_size, stride, dilation))
    return unread_by(output, size, kernel_size, stride, padding, dilation)


def unread_by(
    output: int, size: int, kernel_size: int, stride: int, padding: Padding, dilation: int
) -> int:
    """Return how many real input positions on one axis none of `output` windows reads.

    Counted residue by residue, so that 10⁹ positions are no work: the steps of one progression
    that meet in the same residue of the other's step lie the one's step apart, each of them as
    long as the other progression; the fewer residues, the better.
    """
    before, _ = ends(padding)
    common = gcd(stride, dilation)
    # Window i reads i·S + t·D, in units of what both have in common; 0 is the padding's begin.
    first, last = -(-before // common), -(-(before + size) // common)
    windows, taps = (stride // common, output), (dilation // common, kernel_size)
    fewer = min(taps[0], windows[1]) < min(windows[0], taps[1])
    (step, count), (apart, others) = (taps, windows) if fewer else (windows, taps)
    read = 0
    for residue in range(min(step, others)):
        start = residue * apart
        runs = -(-(others - residue) // step)
        below = [-(-(end - start) // step) for end in (first, last)]
        from_to = [_in_runs(each, count, apart, runs) for each in below]
        read += from_to[1] - from_to[0]
    return size - read


def _in_runs(below: int, length: int, apart: int, runs: int) -> int:
    """Return how many numbers below `below` are in runs of `length` that start `apart`."""
    if length >= apart:
        return min(max(below, 0), (runs - 1) * apart + length)
    whole_runs = min(max(below // apart, 0), runs)
    rest = min(max(below - whole_runs * apart, 0), length) if whole_runs < runs else 0
    return whole_runs * length + rest


def axes(name: str, value: Size, least: int = 1) -> tuple[int, ...]:
    """Return a size over all axes as a tuple; an int is a square 2-D one."""
    if hasattr(value, "__index__"):
        return (whole(name, value, least),) * 2
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise ConvcalcError(f"{value!r} is neither an int nor one int per axis", name)
    return tuple(whole(name, each, least) for each in value)


def num_patches(output_size: Size) -> int:
    """Return p, the patches that a convolution reads per sample: h_out·w_out, over all axes."""
    return prod(axes("output_size", output_size))


def values_per_patch(in_channels: int, kernel_size: Size) -> int:
    """Return k, the values in one patch: c·h_k·w_k, over all channels and axes."""
    return whole("in_channels", in_channels, 1) * prod(axes("kernel_size", kernel_size))


def weight_shape(
    in_channels: int,
    out_channels: int,
    kernel_size: Size,
    groups: int = 1,
    transposed: bool = False,
) -> tuple[int, ...]:
    """Return the shape of the weight tensor W.

    (c_out, c/groups, h_k, w_k); for a transposed convolution (c, c_out/groups, h_k, w_k).

    Raises ConvcalcError where `groups` does not divide both channel counts.

    >>> weight_shape(3, 16, (3, 3))
    (16, 3, 3, 3)
    """
    in_channels = whole("in_channels", in_channels, 1)
    out_channels = whole("out_channels", out_channels, 1)
    kernel = axes("kernel_size", kernel_size)
    groups = check_groups(groups, in_channels, out_channels)
    if transposed:
        return (in_channels, out_channels // groups, *kernel)
    return (out_channels, in_channels // groups, *kernel)


def check_groups(groups: int, in_channels: int, out_channels: int) -> int:
    """Return `groups`, or raise ConvcalcError where it does not divide both channel counts."""
    groups = whole("groups", groups, 1)
    for end, channels in (("input", in_channels), ("output", out_channels)):
        if channels % groups:
            raise ConvcalcError(
                f"{groups} does not divide the {channels} {end} channels: "
                "it must divide both channel counts",
                "groups",
            )
    return groups


def param_count(
    in_channels: int, out_channels: int, kernel_size: Size, groups: int = 1, bias: bool = True
) -> int:
    """Return the learnable parameters of a convolution, plain or transposed: weights and biases.

    c_out·(c/groups)·h_k·w_k, and c_out more with a bias.

    >>> param_count(3, 16, (3, 3))
    448
    """
    weights = prod(weight_shape(in_channels, out_channels, kernel_size, groups))
    return weights + (index(out_channels) if bias else 0)


def mac_count(
    in_channels: int, out_channels: int, kernel_size: Size, positions: Size, groups: int = 1
) -> int:
    """Return the multiply-accumulates of one sample with the weights; the bias is not counted.

    Weights × positions: the sizes of the axes along which the kernel is applied, which are those
    of the output, or for a transposed convolution those of the input. FLOPs are twice as many.

    Raises ConvcalcError where the kernel has another number of axes than the positions.

    >>> mac_count(3, 16, (3, 3), (32, 32))
    442368
    """
    weight = weight_shape(in_channels, out_channels, kernel_size, groups)
    sizes = axes("positions", positions)
    if len(sizes) != len(weight) - 2:
        raise ConvcalcError(
            f"{sizes} has another number of axes than kernel_size {weight[2:]}", "positions"
        )
    return prod(weight) * prod(sizes)


# ---------------------------------------------------------------------------------------------
# References on nested lists, for small inputs: to be read beside the formulas, not to be fast.
# ---------------------------------------------------------------------------------------------


def conv2d(
    x: Nested4,
    weight: Nested4,
    bias: Sequence[float] | None = None,
    stride: Size = 1,
    padding: Padding2d = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor4:
    """Return Y (b, c_out, h_out, w_out) of X (b, c, h, w) and W (c_out, c/groups, h_k, w_k).

    The direct loops: every entry of Y is the sum over one window of X, times the kernel. Like
    every framework this is cross-correlation: the kernel is not flipped.

    `stride` and `dilation` are an int or a pair, `padding` an int, a pair or
    ((top, bottom), (left, right)); `bias` has one number per output channel.
    Raises ConvcalcError where shapes do not fit, naming the argument and the shapes.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
    """
    b, c_out, (h_k, w_k), groups = _check_conv(x, weight, bias, groups)
    size = shape_of("x", x, 4)[2:]
    (s_h, s_w), (d_h, d_w) = pair("stride", stride), pair("dilation", dilation)
    h_out, w_out = _output_size(size, (h_k, w_k), stride, padding, dilation)
    c_group, c_out_group = len(weight[0]), c_out // groups
    padded = pad(x, padding)
    y = _zeros(b, c_out, h_out, w_out)
    for n, o, i, j in product(range(b), range(c_out), range(h_out), range(w_out)):
        y[n][o][i][j] = bias[o] if bias else 0
        first = o // c_out_group * c_group  # the first input channel of this output's group
        for c, u, v in product(range(c_group), range(h_k), range(w_k)):
            entry = padded[n][first + c][i * s_h + u * d_h][j * s_w + v * d_w]
            y[n][o][i][j] += entry * weight[o][c][u][v]
    return y


def unfold(
    x: Nested4, kernel_size: Size, stride: Size = 1, padding: Padding2d = 0, dilation: Size = 1
) -> Tensor3:
    """Return Ũ (b, p, k): row r is the patch at (r // w_out, r % w_out), channels outermost.

    The pseudocode that circulates with the assignment takes the column as r % (w − w_k + 1),
    which is w_out for stride 1 without padding only. `torch.nn.functional.unfold` returns the
    transpose, U (b, k, p).

    Raises ConvcalcError where shapes do not fit.
    """
    b, c, *size = shape_of("x", x, 4)
    h_k, w_k = pair("kernel_size", kernel_size)
    (s_h, s_w), (d_h, d_w) = pair("stride", stride), pair("dilation", dilation)
    h_out, w_out = _output_size(size, (h_k, w_k), stride, padding, dilation)
    padded = pad(x, padding)
    rows: Tensor3 = [[] for _ in range(b)]
    for n, r in product(range(b), range(h_out * w_out)):
        i, j = r // w_out, r % w_out
        rows[n].append(
            [
                padded[n][channel][i * s_h + u * d_h][j * s_w + v * d_w]
                for channel, u, v in product(range(c), range(h_k), range(w_k))
            ]
        )
    return rows


def fold(
    u: Nested3,
    output_size: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Padding2d = 0,
    dilation: Size = 1,
) -> Tensor4:
    """Return X (b, c, h, w) from Ũ (b, p, k): every value goes back to where unfold read it.

    The adjoint of `unfold`: where windows overlap, their values are summed; what fell on the
    padding is lost. `output_size` is (h, w). `torch.nn.functional.fold` takes the transpose,
    U (b, k, p).

    Raises ConvcalcError where p or k do not fit the sizes.
    Source: https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
    """
    b, p, k = shape_of("u", u, 3)
    h, w = pair("output_size", output_size)
    h_k, w_k = pair("kernel_size", kernel_size)
    (s_h, s_w), (d_h, d_w) = pair("stride", stride), pair("dilation", dilation)
    (top, bottom), (left, right) = both_ends(padding)
    h_out, w_out = _output_size((h, w), (h_k, w_k), stride, padding, dilation)
    if p != h_out * w_out:
        raise ConvcalcError(
            f"{(b, p, k)} has p = {p}: output_size {(h, w)} makes {h_out * w_out}", "u"
        )
    if k % (h_k * w_k):
        raise ConvcalcError(
            f"{(b, p, k)} has k = {k}: kernel_size {(h_k, w_k)} takes a multiple of {h_k * w_k}",
            "u",
        )
    channels = k // (h_k * w_k)
    padded = _zeros(b, channels, top + h + bottom, left + w + right)
    for n, r in product(range(b), range(p)):
        i, j = r // w_out, r % w_out
        values = iter(u[n][r])
        for channel, i_k, j_k in product(range(channels), range(h_k), range(w_k)):
            padded[n][channel][i * s_h + i_k * d_h][j * s_w + j_k * d_w] += next(values)
    return [
        [[row[left : left + w] for row in channel[top : top + h]] for channel in sample]
        for sample in padded
    ]


def conv2d_by_unfold(
    x: Nested4,
    weight: Nested4,
    bias: Sequence[float] | None = None,
    stride: Size = 1,
    padding: Padding2d = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor4:
    """Return what `conv2d` returns, as a matrix product: Y′ = Ũ W̃, reshaped to Y.

    Ũ (b, p, k) is the unfolded X and W̃ (k, c_out) the kernels as columns; Y′ (b, p, c_out) has a
    row per patch. Arguments and errors are those of `conv2d`.
    """
    _, _, kernel_size, groups = _check_conv(x, weight, bias, groups)
    u = unfold(x, kernel_size, stride, padding, dilation)
    w_matrix = weight_matrix(weight, groups)
    y_matrix = [matmul(sample, w_matrix) for sample in u]
    if bias:
        y_matrix = [
            [[value + each for value, each in zip(row, bias, strict=True)] for row in sample]
            for sample in y_matrix
        ]
    size = shape_of("x", x, 4)[2:]
    return from_rows(y_matrix, _output_size(size, kernel_size, stride, padding, dilation))


def conv2d_backward(
    grad_y: Nested4,
    x: Nested4,
    weight: Nested4,
    stride: Size = 1,
    padding: Padding2d = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> tuple[Tensor4, Tensor4, list[float]]:
    """Return (X∇, W∇, bias∇) of `conv2d`, given Y∇ (b, c_out, h_out, w_out).

    Y′∇ is Y∇ with a row per patch; W̃∇ = Σ_b Ũᵀ Y′∇; Ũ∇ = Y′∇ W̃ᵀ; X∇ = fold(Ũ∇). The bias
    takes part in every position of its channel, so that its gradient is the sum over them.

    Raises ConvcalcError where shapes do not fit.
    Source: the assignment's backward pass; equal to PyTorch's autograd.
    """
    _, c_out, kernel_size, groups = _check_conv(x, weight, None, groups)
    size = shape_of("x", x, 4)[2:]
    h_out, w_out = _output_size(size, kernel_size, stride, padding, dilation)
    if shape_of("grad_y", grad_y, 4) != (len(x), c_out, h_out, w_out):
        raise ConvcalcError(
            f"{shape_of('grad_y', grad_y, 4)} does not fit the output of this convolution, "
            f"{(len(x), c_out, h_out, w_out)}",
            "grad_y",
        )
    u = unfold(x, kernel_size, stride, padding, dilation)
    grad_y_matrix = to_rows(grad_y)
    grad_w_matrix = weight_matrix_gradient(u, grad_y_matrix)
    grad_u = unfolded_gradient(grad_y_matrix, weight_matrix(weight, groups))
    grad_x = fold(grad_u, size, kernel_size, stride, padding, dilation)
    grad_bias = [sum(row[o] for sample in grad_y_matrix for row in sample) for o in range(c_out)]
    return grad_x, from_weight_matrix(grad_w_matrix, kernel_size, groups), grad_bias


def weight_matrix_gradient(u: Nested3, grad_y_matrix: Nested3) -> Matrix:
    """Return W̃∇ (k, c_out) = Σ_b Ũᵀ Y′∇: what every sample and patch asks of the kernels."""
    products = [
        matmul(transpose(rows), grads) for rows, grads in zip(u, grad_y_matrix, strict=True)
    ]
    return [
        [sum(entries) for entries in zip(*rows, strict=True)]
        for rows in zip(*products, strict=True)
    ]


def unfolded_gradient(grad_y_matrix: Nested3, w_matrix: Sequence[Sequence[float]]) -> Tensor3:
    """Return Ũ∇ (b, p, k) = Y′∇ W̃ᵀ."""
    return [matmul(grads, transpose(w_matrix)) for grads in grad_y_matrix]


def weight_matrix(weight: Nested4, groups: int = 1) -> Matrix:
    """Return W̃ (k, c_out): every kernel of W laid out as a column, channels outermost.

    W.reshape(c_out, k)ᵀ; with groups a kernel reads only its group's channels, and the rows of
    the others hold zeros.
    """
    c_out = shape_of("weight", weight, 4)[0]
    columns = []
    for o, kernel in enumerate(weight):
        group = o // (c_out // groups)
        values = [value for channel in kernel for row in channel for value in row]
        before, after = group * len(values), (groups - 1 - group) * len(values)
        columns.append([0] * before + values + [0] * after)
    return transpose(columns)


def from_weight_matrix(
    w_matrix: Sequence[Sequence[float]], kernel_size: Pair, groups: int = 1
) -> Tensor4:
    """Return W (c_out, c/groups, h_k, w_k) from W̃ (k, c_out): the inverse of `weight_matrix`."""
    h_k, w_k = kernel_size
    columns = transpose(w_matrix)
    k_group = len(w_matrix) // groups
    kernels = []
    for o, column in enumerate(columns):
        first = o // (len(columns) // groups) * k_group
        values = iter(column[first : first + k_group])
        kernels.append(nested((k_group // (h_k * w_k), h_k, w_k), values))
    return kernels


def to_rows(y: Nested4) -> Tensor3:
    """Return Y′ (b, p, c_out) from Y (b, c_out, h_out, w_out): a row per position."""
    return [
        transpose([[value for row in channel for value in row] for channel in sample])
        for sample in y
    ]


def from_rows(y_matrix: Nested3, output_size: Pair) -> Tensor4:
    """Return Y (b, c_out, h_out, w_out) from Y′ (b, p, c_out): the inverse of `to_rows`."""
    h_out, w_out = output_size
    starts = range(0, h_out * w_out, w_out)
    return [
        [[channel[start : start + w_out] for start in starts] for channel in transpose(rows)]
        for rows in y_matrix
    ]


def matmul(a: Sequence[Sequence[float]], b: Sequence[Sequence[float]]) -> Matrix:
    """Return the matrix product of A (n, m) and B (m, l)."""
    columns = transpose(b)
    return [
        [sum(v * w for v, w in zip(row, column, strict=True)) for column in columns] for row in a
    ]


def transpose(matrix: Sequence[Sequence[float]]) -> Matrix:
    """Return a matrix with its rows as columns."""
    return [list(column) for column in zip(*matrix, strict=True)]


def pad(x: Nested4, padding: Padding2d) -> Tensor4:
    """Return X (b, c, h, w) with zeros around its last two axes."""
    (top, bottom), (left, right) = both_ends(padding)
    _, c, h, w = shape_of("x", x, 4)
    padded = _zeros(len(x), c, top + h + bottom, left + w + right)
    for sample, padded_sample in zip(x, padded, strict=True):
        for channel, i in product(range(c), range(h)):
            padded_sample[channel][top + i][left : left + w] = sample[channel][i]
    return padded


def _output_size(
    size: Sequence[int], kernel_size: Pair, stride: Size, padding: Padding2d, dilation: Size
) -> Pair:
    """Return (h_out, w_out); an error says which of the two axes it is about."""
    strides, dilations = pair("stride", stride), pair("dilation", dilation)
    h_out, w_out = each_axis(
        conv_output_size, size, kernel_size, strides, both_ends(padding), dilations
    )
    return h_out, w_out


def pair(name: str, value: Size) -> Pair:
    """Return a setting of two axes as a pair; an int stands for both."""
    values = axes(name, value)
    if len(values) != 2:
        raise ConvcalcError(f"{value!r} is neither an int nor a pair", name)
    return values[0], values[1]


def both_ends(padding: Padding2d) -> tuple[Pair, Pair]:
    """Return the padding of two axes as ((top, bottom), (left, right))."""
    if not isinstance(padding, Sequence):
        return ends(padding), ends(padding)
    if isinstance(padding, str) or len(padding) != 2:
        message = f"{padding!r} is neither an int, a pair nor ((top, bottom), (left, right))"
        raise ConvcalcError(message, "padding")
    return ends(padding[0]), ends(padding[1])


def shape_of(name: str, nested: object, ndim: int) -> tuple[int, ...]:
    """Return the shape of nested lists, or raise ConvcalcError where they are no full tensor."""
    shape: list[int] = []
    level: list[object] = [nested]
    for depth in range(ndim):
        for each in level:
            if not isinstance(each, (list, tuple)):
                raise ConvcalcError(
                    f"is not nested {ndim} deep: at level {depth + 1} there is "
                    f"{type(each).__name__}",
                    name,
                )
        lengths = {len(each) for each in level}  # type: ignore[arg-type]
        if len(lengths) > 1:
            raise ConvcalcError(
                f"is ragged: at level {depth + 1} its lists are of length "
                f"{' and '.join(str(length) for length in sorted(lengths))}",
                name,
            )
        if lengths == {0}:
            raise ConvcalcError(f"is empty at level {depth + 1}", name)
        shape.append(lengths.pop())
        level = [entry for each in level for entry in each]  # type: ignore[attr-defined]
    for entry in level:
        if isinstance(entry, (list, tuple, str)) or entry is None:
            raise ConvcalcError(f"has {type(entry).__name__} where a number belongs", name)
    return tuple(shape)


def nested(shape: Sequence[int], values: Iterator[Any]) -> Any:
    """Return nested lists of this shape, filled from `values` row by row."""
    if not shape:
        return next(values)
    return [nested(shape[1:], values) for _ in range(shape[0])]


def nested_shape(tensor: object) -> tuple[int, ...]:
    """Return the shape of nested lists that are known to be a full tensor."""
    return (len(tensor), *nested_shape(tensor[0])) if isinstance(tensor, list) else ()


def _check_conv(
    x: Nested4, weight: Nested4, bias: Sequence[float] | None, groups: int
) -> tuple[int, int, Pair, int]:
    """Return b, c_out, (h_k, w_k) and groups of a convolution whose shapes fit together."""
    b, c, _, _ = shape_of("x", x, 4)
    c_out, c_group, h_k, w_k = shape_of("weight", weight, 4)
    groups = check_groups(groups, c, c_out)
    if c_group * groups != c:
        raise ConvcalcError(
            f"{shape_of('weight', weight, 4)} does not fit x {shape_of('x', x, 4)}: "
            f"with groups {groups} its second size is {c // groups}",
            "weight",
        )
    check_bias(bias, weight, c_out)
    return b, c_out, (h_k, w_k), groups


def check_bias(bias: Sequence[float] | None, weight: Nested4, c_out: int) -> None:
    """Raise ConvcalcError where a bias doesn't have one number for each of `c_out` channels."""
    if bias is not None and shape_of("bias", bias, 1) != (c_out,):
        raise ConvcalcError(
            f"of length {len(bias)} does not fit weight {shape_of('weight', weight, 4)}: "
            f"it has one number per output channel, {c_out}",
            "bias",
        )


def _zeros(b: int, c: int, h: int, w: int) -> Tensor4:
    return [[[[0] * w for _ in range(h)] for _ in range(c)] for _ in range(b)]
