"""Layers that slide a window: convolutions and poolings.

Every function takes the arguments of PyTorch's class by their names and order, for the number of
axes that comes first where there are several (https://pytorch.org/docs/stable/nn.html).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convcalc.formulas import ConvcalcError, whole
from convcalc.layers.base import (
    Layer,
    Reach,
    check_border,
    one_of,
    per_axis,
    same_at_both_ends,
    spatial_size,
    truth,
)
from convcalc.layers.pooling import Pooling
from convcalc.layers.windows import Convolution, Shape, named_padding

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def _convolution(convolution: Convolution, padding_mode: str = "zeros") -> Layer:
    ndim, in_channels = convolution.ndim, convolution.in_channels

    def output(shape: Shape) -> Shape:
        size = spatial_size(shape, ndim, in_channels)
        check_border(padding_mode, size, convolution.padding)
        return (convolution.out_channels or 0, *convolution.output_size(size))

    def reach(shape: Shape, output: Shape) -> Reach | None:
        if convolution.transposed:
            return None
        return tuple(zip(convolution.span, convolution.stride))

    return Layer(
        output=output,
        params=convolution.params,
        macs=lambda shape, output: convolution.macs(shape[1:]),
        reach=reach,
        notes=lambda shape: convolution.rejections(shape[1:]),
    )


def conv(
    ndim: int,
    in_channels: int,
    out_channels: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    bias: bool = True,
    padding_mode: str = "zeros",
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    """A convolution: (c, …) to (c_out, …)."""
    one_of("padding_mode", padding_mode, PADDING_MODES)
    kernel_size = per_axis("kernel_size", kernel_size, ndim)
    stride = per_axis("stride", stride, ndim)
    dilation = per_axis("dilation", dilation, ndim)
    if isinstance(padding, str):
        one_of("padding", padding, ("valid", "same"))

    def at(size: Shape) -> Convolution:
        return Convolution(
            kernel_size,
            stride,
            named_padding(padding, size, kernel_size, stride, dilation)
            if isinstance(padding, str)
            else same_at_both_ends(padding, ndim),
            dilation,
            in_channels=in_channels,
            out_channels=whole("out_channels", out_channels, 1),
            groups=groups,
            bias=truth("bias", bias),
            same=padding == "same",
        )

    layer = _convolution(
        at(kernel_size), padding_mode
    )  # any size would do, unless the padding hangs on it
    if padding == "same" and max(stride) > 1:
        return replace(
            layer,
            inferred=lambda shape: _convolution(
                at(spatial_size(shape, ndim, in_channels)), padding_mode
            ),
        )
    return layer


def conv_transpose(
    ndim: int,
    in_channels: int,
    out_channels: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    bias: bool = True,
    dilation: Any = 1,
    padding_mode: str = "zeros",
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    """A transposed convolution: (c, …) to (c_out, …)."""
    one_of("padding_mode", padding_mode, ("zeros",))
    return _convolution(
        Convolution(
            per_axis("kernel_size", kernel_size, ndim),
            per_axis("stride", stride, ndim),
            same_at_both_ends(padding, ndim),
            per_axis("dilation", dilation, ndim),
            in_channels=in_channels,
            out_channels=whole("out_channels", out_channels, 1),
            groups=groups,
            bias=truth("bias", bias),
            transposed=True,
            output_padding=per_axis("output_padding", output_padding, ndim, least=0),
        )
    )


def _pooling(
    kind: str,
    ndim: int,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Layer:
    kernel_size = per_axis("kernel_size", kernel_size, ndim)
    pooling = Pooling(
        kernel_size,
        kernel_size if stride is None else per_axis("stride", stride, ndim),
        same_at_both_ends(padding, ndim),
        per_axis("dilation", dilation, ndim),
        kind,
        truth("ceil_mode", ceil_mode),
    )
    return Layer(
        output=lambda shape: (
            shape[0],
            *pooling.output_size(spatial_size(shape, pooling.ndim)),
        ),
        reach=lambda shape, output: tuple(zip(pooling.span, pooling.stride)),
        notes=lambda shape: pooling.rejections(shape[1:]),
    )


def max_pool(
    ndim: int,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    return_indices: bool = False,
    ceil_mode: bool = False,
) -> Layer:
    """Max pooling: every axis shrinks to the number of windows."""
    return _pooling("max", ndim, kernel_size, stride, padding, dilation, ceil_mode)


def avg_pool(
    ndim: int,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Layer:
    """Average pooling in 1-D, which has no divisor of its own."""
    return _pooling("avg", ndim, kernel_size, stride, padding, 1, ceil_mode)


def avg_pool_divided(
    ndim: int,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Layer:
    """Average pooling in 2-D and 3-D."""
    return avg_pool(ndim, kernel_size, stride, padding, ceil_mode, count_include_pad)


def lp_pool(
    ndim: int, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Layer:
    """Power-average pooling, which has no padding."""
    return avg_pool(ndim, kernel_size, stride, 0, ceil_mode)


def adaptive_pool(ndim: int, output_size: Any) -> Layer:
    """Adaptive average pooling: to the sizes asked for, None keeps an axis."""
    asked = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * ndim
    if len(asked) != ndim:
        raise ConvcalcError(f"output_size {output_size!r} is neither an int nor {ndim} of them")
    for each in asked:
        if each is not None:
            whole("output_size", each, 1)

    def output(shape: Shape) -> Shape:
        size = spatial_size(shape, ndim)
        kept = (before if after is None else after for before, after in zip(size, asked))
        return (shape[0], *kept)

    def reach(shape: Shape, output: Shape) -> Reach | None:
        # Only where every window is alike is it a pooling with a kernel and a stride.
        if any(before % after for before, after in zip(shape[1:], output[1:])):
            return None
        return tuple((a // b, a // b) for a, b in zip(shape[1:], output[1:]))

    return Layer(output=output, reach=reach)


def adaptive_max_pool(ndim: int, output_size: Any, return_indices: bool = False) -> Layer:
    """Adaptive max pooling: to the sizes asked for, None keeps an axis."""
    return adaptive_pool(ndim, output_size)
