"""Layers without weights that rearrange: flatten, pad, upsample, shuffle, unfold and fold.

Every function takes the arguments of PyTorch's class by their names and order, for the number of
axes that comes first where there are several (https://pytorch.org/docs/stable/nn.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import floor, prod
from typing import Any

from convcalc.formulas import AXES, ConvcalcError, conv_output_size, each_axis, whole
from convcalc.layers.base import (
    Layer,
    check_border,
    ended,
    flattened,
    misfit,
    one_of,
    per_axis,
    same_at_both_ends,
    shown,
    spatial_size,
)
from convcalc.layers.windows import Ends, Shape


def _dimension(name: str, dim: Any, shape: Shape) -> int:
    """Return which entry of a sample's shape PyTorch's `dim` is, where 0 is the batch."""
    whole(name, abs(dim) if isinstance(dim, int) and not isinstance(dim, bool) else dim, 0)
    if not -len(shape) - 1 <= dim <= len(shape):
        raise ConvcalcError(
            f"{name} {dim} is out of range for batch × {shown(shape)}: "
            f"1 to {len(shape)} or -{len(shape)} to -1 would do"
        )
    position = int(dim) % (len(shape) + 1) - 1
    if position < 0:
        raise ConvcalcError(f"{name} {dim} is the batch, which convcalc keeps apart: 1 would do")
    return position


def flatten(start_dim: int = 1, end_dim: int = -1) -> Layer:
    """The dimensions from start_dim to end_dim, the batch counted as 0, in one row."""

    def output(shape: Shape) -> Shape:
        start = _dimension("start_dim", start_dim, shape)
        end = _dimension("end_dim", end_dim, shape)
        if start > end:
            raise ConvcalcError(f"start_dim {start_dim} comes after end_dim {end_dim}")
        return (*shape[:start], *flattened(shape[start : end + 1]), *shape[end + 1 :])

    return Layer(output=output, reach=ended)


def unflatten(dim: int, unflattened_size: Any) -> Layer:
    """One dimension, the batch counted as 0, made into several."""
    if not isinstance(unflattened_size, (tuple, list)) or not unflattened_size:
        raise ConvcalcError(f"unflattened_size {unflattened_size!r} is no tuple of ints")
    sizes = [whole("unflattened_size", each, -1) for each in unflattened_size]
    if sizes.count(-1) > 1 or 0 in sizes:
        raise ConvcalcError(f"unflattened_size {unflattened_size!r}: one -1 at most, and no 0")

    def output(shape: Shape) -> Shape:
        at = _dimension("dim", dim, shape)
        known = prod(each for each in sizes if each != -1)
        if shape[at] % known or (-1 not in sizes and shape[at] != known):
            raise misfit(f"{shown(sizes)} = {known:,} numbers in dimension {dim}", shape)
        rest = shape[at] // known
        return (*shape[:at], *(rest if each == -1 else each for each in sizes), *shape[at + 1 :])

    return Layer(output=output, reach=ended)


def glu(dim: int = -1) -> Layer:
    """A gated linear unit, which halves one dimension."""

    def output(shape: Shape) -> Shape:
        at = _dimension("dim", dim, shape)
        if shape[at] % 2:
            raise misfit(f"an even size in dimension {dim}, which it halves,", shape)
        return (*shape[:at], shape[at] // 2, *shape[at + 1 :])

    return Layer(
        output=output,
        reach=lambda shape, output: () if shape[1:] == output[1:] else None,
    )


def softmax(dim: int | None = None) -> Layer:
    """A softmax over one dimension, which has to be there."""

    def output(shape: Shape) -> Shape:
        if dim not in (None, 0):
            _dimension("dim", dim, shape)
        return shape

    return Layer(output=output)


def softmax_2d() -> Layer:
    """A softmax over the channels of (c, h, w)."""

    def output(shape: Shape) -> Shape:
        spatial_size(shape, 2)
        return shape

    return Layer(output=output)


def dropout_1d(p: float = 0.5, inplace: bool = False) -> Layer:
    """Dropout of whole channels of (c, length)."""

    def output(shape: Shape) -> Shape:
        if len(shape) > 2:
            raise misfit("channels × length", shape)
        return shape

    return Layer(output=output)


def _pad(ndim: int, kind: str, padding: Any) -> Layer:
    amounts = _padding_amounts(ndim, padding)

    def output(shape: Shape) -> Shape:
        size = spatial_size(shape, ndim)
        check_border(kind, size, amounts)
        for axis, each, ends in zip(AXES[ndim], size, amounts):
            taken = sum(-end for end in ends if end < 0)
            if each < taken or each + sum(ends) < 1:
                raise ConvcalcError(f"{axis}: padding {ends} takes away the whole input, {each}")
        return (shape[0], *(each + sum(ends) for each, ends in zip(size, amounts)))

    return Layer(output=output)


def _padding_amounts(ndim: int, padding: Any) -> Ends:
    """Return (before, after) per axis; PyTorch's padding layers count from the last axis."""
    if isinstance(padding, int):
        padding = (padding,) * (2 * ndim)
    if not isinstance(padding, (tuple, list)) or len(padding) != 2 * ndim:
        raise ConvcalcError(f"padding {padding!r} is neither an int nor {2 * ndim} of them")
    values = [whole("padding", each, -LARGEST_SIZE) for each in padding]
    return tuple(zip(values[::2], values[1::2]))[::-1]


def constant_pad(ndim: int, padding: Any, value: float) -> Layer:
    """Padding with a constant; a negative one takes away."""
    return _pad(ndim, "constant", padding)


def zero_pad(ndim: int, padding: Any) -> Layer:
    """Padding with zeros; a negative one takes away."""
    return _pad(ndim, "constant", padding)


def reflection_pad(ndim: int, padding: Any) -> Layer:
    """Padding that mirrors the input, less than its size."""
    return _pad(ndim, "reflect", padding)


def replication_pad(ndim: int, padding: Any) -> Layer:
    """Padding that repeats the border."""
    return _pad(ndim, "replication", padding)


def circular_pad(ndim: int, padding: Any) -> Layer:
    """Padding that goes round the input, once at the most."""
    return _pad(ndim, "circular", padding)


LARGEST_SIZE = 10**12
"""The largest size that a scale makes, and the most that a negative padding takes away."""

UPSAMPLED_AXES = {
    "nearest": (1, 2, 3),
    "nearest-exact": (1, 2, 3),
    "linear": (1,),
    "bilinear": (2,),
    "bicubic": (2,),
    "lanczos": (2,),
    "trilinear": (3,),
}


def upsample(
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
) -> Layer:
    """Every axis to a size, or scaled by a factor and rounded down."""
    one_of("mode", mode, tuple(UPSAMPLED_AXES))
    if (size is None) == (scale_factor is None):
        raise ConvcalcError("either size or scale_factor would do, one of the two")

    def output(shape: Shape) -> Shape:
        ndim = len(shape) - 1
        if ndim not in UPSAMPLED_AXES[mode]:
            axes = " or ".join(shown(("channels", *AXES[each])) for each in UPSAMPLED_AXES[mode])
            raise misfit(axes, shape)
        if size is not None:
            return (shape[0], *per_axis("size", size, ndim))
        return (shape[0], *map(_scaled, shape[1:], _factors(scale_factor, ndim)))

    return Layer(output=output, reach=ended)


def _factors(scale_factor: Any, ndim: int) -> Sequence[float]:
    factors = scale_factor if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * ndim
    if len(factors) != ndim:
        raise ConvcalcError(f"scale_factor {scale_factor!r} is neither a number nor {ndim} of them")
    return factors


def _scaled(size: int, factor: Any) -> int:
    if isinstance(factor, bool) or not isinstance(factor, (int, float)) or not 0 < factor < 1e12:
        raise ConvcalcError(f"scale_factor {factor!r} is not a number above 0")
    if float(size) * factor > LARGEST_SIZE:
        raise ConvcalcError(f"scale_factor {factor!r} makes more than {LARGEST_SIZE:,} of {size:,}")
    scaled = floor(float(size) * factor)
    if scaled < 1:
        raise ConvcalcError(f"scale_factor {factor!r} leaves nothing of {size}")
    return scaled


def upsampling_nearest(size: Any = None, scale_factor: Any = None, mode: str = "") -> Layer:
    """Upsampling of (c, h, w) to the nearest neighbour."""
    return _upsample_2d(upsample(size, scale_factor))


def upsampling_bilinear(size: Any = None, scale_factor: Any = None, mode: str = "") -> Layer:
    """Bilinear upsampling of (c, h, w)."""
    return _upsample_2d(upsample(size, scale_factor, "bilinear"))


def _upsample_2d(layer: Layer) -> Layer:
    def output(shape: Shape) -> Shape:
        spatial_size(shape, 2)
        return layer.output(shape)

    return replace(layer, output=output)


def pixel_shuffle(upscale_factor: int) -> Layer:
    """(c·r², h, w) to (c, h·r, w·r)."""
    factor = whole("upscale_factor", upscale_factor, 1)

    def output(shape: Shape) -> Shape:
        h, w = spatial_size(shape, 2)
        if shape[0] % factor**2:
            raise misfit(f"channels that {factor**2} divides", shape)
        return (shape[0] // factor**2, h * factor, w * factor)

    return Layer(output=output, reach=ended)


def pixel_unshuffle(downscale_factor: int) -> Layer:
    """(c, h·r, w·r) to (c·r², h, w)."""
    factor = whole("downscale_factor", downscale_factor, 1)

    def output(shape: Shape) -> Shape:
        h, w = spatial_size(shape, 2)
        if h % factor or w % factor:
            raise misfit(f"a height and a width that {factor} divides", shape)
        return (shape[0] * factor**2, h // factor, w // factor)

    return Layer(output=output, reach=lambda shape, output: ((factor, factor),) * 2)


def channel_shuffle(groups: int) -> Layer:
    """Channels of groups in turn."""
    whole("groups", groups, 1)

    def output(shape: Shape) -> Shape:
        if len(shape) < 2 or shape[0] % groups:
            raise misfit(f"channels that groups {groups} divides, and axes", shape)
        return shape

    return Layer(output=output)


def _window_count(
    size: Shape, kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[int, int]:
    """Return p and h_k·w_k of an unfolding on two axes."""
    kernel = per_axis("kernel_size", kernel_size, 2)
    settings = (
        per_axis("stride", stride, 2),
        same_at_both_ends(padding, 2),
        per_axis("dilation", dilation, 2),
    )
    return prod(each_axis(conv_output_size, size, kernel, *settings)), prod(kernel)


def unfold(kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Layer:
    """The patches of (c, h, w) as columns: (k, p), as PyTorch lays them out."""

    def output(shape: Shape) -> Shape:
        size = spatial_size(shape, 2)
        patches, area = _window_count(size, kernel_size, dilation, padding, stride)
        return (shape[0] * area, patches)

    return Layer(output=output, reach=ended)


def fold(
    output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Layer:
    """Columns of patches (k, p) summed into (c, h, w)."""
    size = per_axis("output_size", output_size, 2)
    patches, area = _window_count(size, kernel_size, dilation, padding, stride)

    def output(shape: Shape) -> Shape:
        if len(shape) != 2 or shape[0] % area or shape[1] != patches:
            raise misfit(f"a multiple of {area:,} values for each of {patches:,} patches", shape)
        return (shape[0] // area, *size)

    return Layer(output=output, reach=ended)
