"""The layer vocabulary: what each PyTorch layer does to a shape, its weights and its work.

Shapes are those of one sample, channels first, without the batch: (c, h, w) in 2-D, (features,)
after a flatten. Every builder takes the arguments of PyTorch's class by their names and order
(https://pytorch.org/docs/stable/nn.html); `LAYERS` finds it by the class's name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from math import floor, prod
from operator import itemgetter
from typing import Any

from convcalc.formulas import AXES, ConvcalcError, conv_output_size, each_axis, whole
from convcalc.pooling import Pooling
from convcalc.windows import Convolution, Ends, Shape, named_padding

Reach = tuple[tuple[int, int], ...]
"""How many positions each spatial axis of the output reads, and how far apart they start."""


def _same_shape(shape: Shape) -> Shape:
    return shape


def _no_work(shape: Shape, output: Shape) -> int:
    return 0


def _unmoved(shape: Shape, output: Shape) -> Reach | None:
    return ()


def _ended(shape: Shape, output: Shape) -> Reach | None:
    return None


def _quiet(shape: Shape) -> list[str]:
    return []


@dataclass(frozen=True)
class Layer:
    """What one layer does, as functions of the shape of a sample.

    `output` raises ConvcalcError where the shape doesn't fit. `macs` and `reach` take the shapes
    before and after. `reach` is () where the layer leaves every position in its place, and None
    where receptive fields end or aren't defined. `inferred` returns the layer with what a Lazy
    one learns from the first shape; its `params` are unknown until then.
    """

    output: Callable[[Shape], Shape] = _same_shape
    params: int | None = 0
    macs: Callable[[Shape, Shape], int] = _no_work
    reach: Callable[[Shape, Shape], Reach | None] = _unmoved
    notes: Callable[[Shape], list[str]] = _quiet
    inferred: Callable[[Shape], Layer] | None = None


def shown(shape: Sequence[int | str]) -> str:
    """Return a shape as an error names it: 3 × 32 × 32."""
    return " × ".join(f"{each:,}" if isinstance(each, int) else each for each in shape)


def _misfit(expected: str, shape: Shape) -> ConvcalcError:
    return ConvcalcError(f"expects {expected}, gets {shown(shape)}")


def _spatial(shape: Shape, ndim: int, channels: int | None = None) -> Shape:
    """Return the spatial size of (channels, …) with `ndim` axes, or raise ConvcalcError."""
    if len(shape) != ndim + 1 or channels not in (None, shape[0]):
        raise _misfit(shown((channels or "channels", *AXES[ndim])), shape)
    return shape[1:]


def _axes(name: str, value: Any, ndim: int, least: int = 1) -> Shape:
    """Return a setting per axis; one int, or a sequence of one, stands for all."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(values) == 1:
        values *= ndim
    if len(values) != ndim:
        raise ConvcalcError(f"{name} {value!r} is neither an int nor {ndim} of them")
    return tuple(whole(name, each, least) for each in values)


def _check_choice(name: str, value: Any, choices: Sequence[str]) -> None:
    if value not in choices:
        raise ConvcalcError(f"{name} {value!r} is none of {', '.join(choices)}")


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, (bool, int)):
        raise ConvcalcError(f"{name} {value!r} is neither True nor False")
    return bool(value)


# ---------------------------------------------------------------------------------------------
# Convolutions and poolings
# ---------------------------------------------------------------------------------------------

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def _convolution(convolution: Convolution) -> Layer:
    ndim, in_channels = convolution.ndim, convolution.in_channels

    def output(shape: Shape) -> Shape:
        size = convolution.output_size(_spatial(shape, ndim, in_channels))
        return (convolution.out_channels or 0, *size)

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


def _conv(
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
    _check_choice("padding_mode", padding_mode, PADDING_MODES)
    kernel_size = _axes("kernel_size", kernel_size, ndim)
    stride = _axes("stride", stride, ndim)
    dilation = _axes("dilation", dilation, ndim)
    if isinstance(padding, str):
        _check_choice("padding", padding, ("valid", "same"))

    def at(size: Shape) -> Convolution:
        return Convolution(
            kernel_size,
            stride,
            named_padding(padding, size, kernel_size, stride, dilation)
            if isinstance(padding, str)
            else _both_ends(padding, ndim),
            dilation,
            in_channels=in_channels,
            out_channels=whole("out_channels", out_channels, 1),
            groups=groups,
            bias=_flag("bias", bias),
            same=padding == "same",
        )

    layer = _convolution(at(kernel_size))  # any size would do, unless the padding hangs on it
    if padding == "same" and max(stride) > 1:
        return replace(
            layer, inferred=lambda shape: _convolution(at(_spatial(shape, ndim, in_channels)))
        )
    return layer


def _both_ends(padding: Any, ndim: int) -> Ends:
    return tuple((each, each) for each in _axes("padding", padding, ndim, least=0))


def _conv_transpose(
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
    _check_choice("padding_mode", padding_mode, ("zeros",))
    return _convolution(
        Convolution(
            _axes("kernel_size", kernel_size, ndim),
            _axes("stride", stride, ndim),
            _both_ends(padding, ndim),
            _axes("dilation", dilation, ndim),
            in_channels=in_channels,
            out_channels=whole("out_channels", out_channels, 1),
            groups=groups,
            bias=_flag("bias", bias),
            transposed=True,
            output_padding=_axes("output_padding", output_padding, ndim, least=0),
        )
    )


def _pooling(pooling: Pooling) -> Layer:
    return Layer(
        output=lambda shape: (
            shape[0],
            *pooling.output_size(_spatial(shape, pooling.ndim)),
        ),
        reach=lambda shape, output: tuple(zip(pooling.span, pooling.stride)),
        notes=lambda shape: pooling.rejections(shape[1:]),
    )


def _max_pool(
    ndim: int,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    return_indices: bool = False,
    ceil_mode: bool = False,
) -> Layer:
    kernel_size = _axes("kernel_size", kernel_size, ndim)
    return _pooling(
        Pooling(
            kernel_size,
            kernel_size if stride is None else _axes("stride", stride, ndim),
            _both_ends(padding, ndim),
            _axes("dilation", dilation, ndim),
            "max",
            _flag("ceil_mode", ceil_mode),
        )
    )


def _avg_pool(
    ndim: int,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Layer:
    kernel_size = _axes("kernel_size", kernel_size, ndim)
    return _pooling(
        Pooling(
            kernel_size,
            kernel_size if stride is None else _axes("stride", stride, ndim),
            _both_ends(padding, ndim),
            (1,) * ndim,
            "avg",
            _flag("ceil_mode", ceil_mode),
        )
    )


def _avg_pool_divided(
    ndim: int,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Layer:
    return _avg_pool(ndim, kernel_size, stride, padding, ceil_mode, count_include_pad)


def _lp_pool(
    ndim: int, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Layer:
    return _avg_pool(ndim, kernel_size, stride, 0, ceil_mode)


def _adaptive_pool(ndim: int, output_size: Any) -> Layer:
    asked = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * ndim
    if len(asked) != ndim:
        raise ConvcalcError(f"output_size {output_size!r} is neither an int nor {ndim} of them")
    for each in asked:
        if each is not None:
            whole("output_size", each, 1)

    def output(shape: Shape) -> Shape:
        size = _spatial(shape, ndim)
        kept = (before if after is None else after for before, after in zip(size, asked))
        return (shape[0], *kept)

    def reach(shape: Shape, output: Shape) -> Reach | None:
        # Only where every window is alike is it a pooling with a kernel and a stride.
        if any(before % after for before, after in zip(shape[1:], output[1:])):
            return None
        return tuple((a // b, a // b) for a, b in zip(shape[1:], output[1:]))

    return Layer(output=output, reach=reach)


def _adaptive_max_pool(ndim: int, output_size: Any, return_indices: bool = False) -> Layer:
    return _adaptive_pool(ndim, output_size)


# ---------------------------------------------------------------------------------------------
# Normalisations and features
# ---------------------------------------------------------------------------------------------


def _normalisation(num_features: int, ndims: Sequence[int], learnt: int, checked: bool) -> Layer:
    """Return a layer that normalises channels; `ndims` are the numbers of axes it takes."""
    whole("num_features", num_features, 1)

    def output(shape: Shape) -> Shape:
        if len(shape) - 1 not in ndims or (checked and shape[0] != num_features):
            axes = AXES.get(max(ndims), ("…",))
            raise _misfit(shown((num_features, *axes)), shape)
        return shape

    return Layer(output=output, params=learnt * num_features)


def _learnt(affine: Any, bias: Any) -> int:
    """Return how many parameters each channel has."""
    return (1 + _flag("bias", bias)) if _flag("affine", affine) else 0


def _batch_norm(
    ndim: int,
    num_features: int,
    eps: float = 1e-5,
    momentum: float | None = 0.1,
    affine: bool = True,
    track_running_stats: bool = True,
    device: Any = None,
    dtype: Any = None,
    *,
    bias: bool = True,
) -> Layer:
    ndims = (0, 1) if ndim == 1 else (ndim,)
    return _normalisation(num_features, ndims, _learnt(affine, bias), checked=True)


def _instance_norm(
    ndim: int,
    num_features: int,
    eps: float = 1e-5,
    momentum: float | None = 0.1,
    affine: bool = False,
    track_running_stats: bool = False,
    device: Any = None,
    dtype: Any = None,
    *,
    bias: bool = True,
) -> Layer:
    # Without anything kept per channel, PyTorch only warns of another number of channels.
    checked = _flag("affine", affine) or _flag("track_running_stats", track_running_stats)
    return _normalisation(num_features, (ndim,), _learnt(affine, bias), checked)


def _group_norm(
    num_groups: int,
    num_channels: int,
    eps: float = 1e-5,
    affine: bool = True,
    device: Any = None,
    dtype: Any = None,
    *,
    bias: bool = True,
) -> Layer:
    whole("num_channels", num_channels, 1)
    if num_channels % whole("num_groups", num_groups, 1):
        raise ConvcalcError(f"num_groups {num_groups} does not divide num_channels {num_channels}")
    return _normalisation(num_channels, range(8), _learnt(affine, bias), checked=True)


def _layer_norm(
    normalized_shape: Any,
    eps: float | None = 1e-5,
    elementwise_affine: bool = True,
    bias: bool = True,
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    ndim = len(normalized_shape) if isinstance(normalized_shape, (tuple, list)) else 1
    normalized = _axes("normalized_shape", normalized_shape, ndim)

    def output(shape: Shape) -> Shape:
        if shape[-len(normalized) :] != normalized:
            raise _misfit(f"a shape that ends in {shown(normalized)}", shape)
        return shape

    return Layer(output=output, params=_learnt(elementwise_affine, bias) * prod(normalized))


def _rms_norm(
    normalized_shape: Any,
    eps: float | None = None,
    elementwise_affine: bool = True,
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    return _layer_norm(normalized_shape, eps, elementwise_affine, bias=False)


def _local_response_norm(
    size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Layer:
    whole("size", size, 1)

    def output(shape: Shape) -> Shape:
        if len(shape) < 2:
            raise _misfit("channels and at least one axis", shape)
        return shape

    return Layer(output=output)


def _linear(
    in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
) -> Layer:
    whole("in_features", in_features, 1)
    whole("out_features", out_features, 1)

    def output(shape: Shape) -> Shape:
        if shape[-1] != in_features:
            raise _misfit(f"{in_features:,} features", shape)
        return (*shape[:-1], out_features)

    return Layer(
        output=output,
        params=out_features * (in_features + _flag("bias", bias)),
        macs=lambda shape, output: prod(shape) * out_features,
        reach=_ended,
    )


def _prelu(
    num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
) -> Layer:
    whole("num_parameters", num_parameters, 1)

    def output(shape: Shape) -> Shape:
        if num_parameters not in (1, shape[0]):
            raise _misfit(f"{num_parameters:,} channels", shape)
        return shape

    return Layer(output=output, params=num_parameters)


# ---------------------------------------------------------------------------------------------
# Layers that only rearrange
# ---------------------------------------------------------------------------------------------


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


def flattened(shape: Shape) -> Shape:
    """Return the shape of the same numbers in one row."""
    return (prod(shape),)


def _flatten(start_dim: int = 1, end_dim: int = -1) -> Layer:
    def output(shape: Shape) -> Shape:
        start = _dimension("start_dim", start_dim, shape)
        end = _dimension("end_dim", end_dim, shape)
        if start > end:
            raise ConvcalcError(f"start_dim {start_dim} comes after end_dim {end_dim}")
        return (*shape[:start], *flattened(shape[start : end + 1]), *shape[end + 1 :])

    return Layer(output=output, reach=_ended)


def _unflatten(dim: int, unflattened_size: Any) -> Layer:
    if not isinstance(unflattened_size, (tuple, list)) or not unflattened_size:
        raise ConvcalcError(f"unflattened_size {unflattened_size!r} is no tuple of ints")
    sizes = [whole("unflattened_size", each, -1) for each in unflattened_size]
    if sizes.count(-1) > 1 or 0 in sizes:
        raise ConvcalcError(f"unflattened_size {unflattened_size!r}: one -1 at most, and no 0")

    def output(shape: Shape) -> Shape:
        at = _dimension("dim", dim, shape)
        known = prod(each for each in sizes if each != -1)
        if shape[at] % known or (-1 not in sizes and shape[at] != known):
            raise _misfit(f"{shown(sizes)} = {known:,} numbers in dimension {dim}", shape)
        rest = shape[at] // known
        return (*shape[:at], *(rest if each == -1 else each for each in sizes), *shape[at + 1 :])

    return Layer(output=output, reach=_ended)


def _glu(dim: int = -1) -> Layer:
    def output(shape: Shape) -> Shape:
        at = _dimension("dim", dim, shape)
        if shape[at] % 2:
            raise _misfit(f"an even size in dimension {dim}, which it halves,", shape)
        return (*shape[:at], shape[at] // 2, *shape[at + 1 :])

    return Layer(
        output=output,
        reach=lambda shape, output: () if shape[1:] == output[1:] else None,
    )


def _softmax(dim: int | None = None) -> Layer:
    def output(shape: Shape) -> Shape:
        if dim not in (None, 0):
            _dimension("dim", dim, shape)
        return shape

    return Layer(output=output)


def _softmax_2d() -> Layer:
    def output(shape: Shape) -> Shape:
        _spatial(shape, 2)
        return shape

    return Layer(output=output)


def _dropout_1d(p: float = 0.5, inplace: bool = False) -> Layer:
    def output(shape: Shape) -> Shape:
        if len(shape) > 2:
            raise _misfit("channels × length", shape)
        return shape

    return Layer(output=output)


def _pad(ndim: int, kind: str, padding: Any) -> Layer:
    amounts = _padding_amounts(ndim, padding)

    def output(shape: Shape) -> Shape:
        size = _spatial(shape, ndim)
        for axis, each, ends in zip(AXES[ndim], size, amounts):
            # Reflected numbers leave out the border itself; a circle goes round once.
            most = {"reflection": each - 1, "circular": each}.get(kind)
            if most is not None and max(ends) > most:
                raise ConvcalcError(
                    f"{axis}: padding {max(ends)} is too large for the input, {each}: "
                    f"at most {most} would do"
                )
            if each + sum(ends) < 1:
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


def _constant_pad(ndim: int, padding: Any, value: float) -> Layer:
    return _pad(ndim, "constant", padding)


def _zero_pad(ndim: int, padding: Any) -> Layer:
    return _pad(ndim, "constant", padding)


def _reflection_pad(ndim: int, padding: Any) -> Layer:
    return _pad(ndim, "reflection", padding)


def _replication_pad(ndim: int, padding: Any) -> Layer:
    return _pad(ndim, "replication", padding)


def _circular_pad(ndim: int, padding: Any) -> Layer:
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


def _upsample(
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
) -> Layer:
    _check_choice("mode", mode, tuple(UPSAMPLED_AXES))
    if (size is None) == (scale_factor is None):
        raise ConvcalcError("either size or scale_factor would do, one of the two")

    def output(shape: Shape) -> Shape:
        ndim = len(shape) - 1
        if ndim not in UPSAMPLED_AXES[mode]:
            axes = " or ".join(shown(("channels", *AXES[each])) for each in UPSAMPLED_AXES[mode])
            raise _misfit(axes, shape)
        if size is not None:
            return (shape[0], *_axes("size", size, ndim))
        return (shape[0], *map(_scaled, shape[1:], _factors(scale_factor, ndim)))

    return Layer(output=output, reach=_ended)


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


def _upsampling_nearest(size: Any = None, scale_factor: Any = None, mode: str = "") -> Layer:
    return _upsample_2d(_upsample(size, scale_factor))


def _upsampling_bilinear(size: Any = None, scale_factor: Any = None, mode: str = "") -> Layer:
    return _upsample_2d(_upsample(size, scale_factor, "bilinear"))


def _upsample_2d(layer: Layer) -> Layer:
    def output(shape: Shape) -> Shape:
        _spatial(shape, 2)
        return layer.output(shape)

    return replace(layer, output=output)


def _pixel_shuffle(upscale_factor: int) -> Layer:
    factor = whole("upscale_factor", upscale_factor, 1)

    def output(shape: Shape) -> Shape:
        h, w = _spatial(shape, 2)
        if shape[0] % factor**2:
            raise _misfit(f"channels that {factor**2} divides", shape)
        return (shape[0] // factor**2, h * factor, w * factor)

    return Layer(output=output, reach=_ended)


def _pixel_unshuffle(downscale_factor: int) -> Layer:
    factor = whole("downscale_factor", downscale_factor, 1)

    def output(shape: Shape) -> Shape:
        h, w = _spatial(shape, 2)
        if h % factor or w % factor:
            raise _misfit(f"a height and a width that {factor} divides", shape)
        return (shape[0] * factor**2, h // factor, w // factor)

    return Layer(output=output, reach=lambda shape, output: ((factor, factor),) * 2)


def _channel_shuffle(groups: int) -> Layer:
    whole("groups", groups, 1)

    def output(shape: Shape) -> Shape:
        if shape[0] % groups:
            raise _misfit(f"channels that groups {groups} divides", shape)
        return shape

    return Layer(output=output)


def _window_count(
    size: Shape, kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[int, int]:
    """Return p and h_k·w_k of an unfolding on two axes."""
    kernel = _axes("kernel_size", kernel_size, 2)
    settings = (
        _axes("stride", stride, 2),
        _both_ends(padding, 2),
        _axes("dilation", dilation, 2),
    )
    return prod(each_axis(conv_output_size, size, kernel, *settings)), prod(kernel)


def _unfold(kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Layer:
    def output(shape: Shape) -> Shape:
        size = _spatial(shape, 2)
        patches, area = _window_count(size, kernel_size, dilation, padding, stride)
        return (shape[0] * area, patches)

    return Layer(output=output, reach=_ended)


def _fold(
    output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Layer:
    size = _axes("output_size", output_size, 2)
    patches, area = _window_count(size, kernel_size, dilation, padding, stride)

    def output(shape: Shape) -> Shape:
        if len(shape) != 2 or shape[0] % area or shape[1] != patches:
            raise _misfit(f"a multiple of {area:,} values for each of {patches:,} patches", shape)
        return (shape[0] // area, *size)

    return Layer(output=output, reach=_ended)


# ---------------------------------------------------------------------------------------------
# Layers that take no feature maps: known for their parameters alone
# ---------------------------------------------------------------------------------------------


def _counted_only(params: int) -> Layer:
    def output(shape: Shape) -> Shape:
        raise _misfit("no feature maps, so that --params-only would do", shape)

    return Layer(output=output, params=params)


def _embedding(num_embeddings: int, embedding_dim: int, *settings: Any, **named: Any) -> Layer:
    whole("num_embeddings", num_embeddings, 1)
    return _counted_only(num_embeddings * whole("embedding_dim", embedding_dim, 1))


def _bilinear(
    in1_features: int,
    in2_features: int,
    out_features: int,
    bias: bool = True,
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    whole("in1_features", in1_features, 1)
    whole("in2_features", in2_features, 1)
    inputs = in1_features * in2_features + _flag("bias", bias)
    return _counted_only(whole("out_features", out_features, 1) * inputs)


def _recurrent(
    gates: int,
    input_size: int,
    hidden_size: int,
    num_layers: int = 1,
    bias: bool = True,
    batch_first: bool = False,
    dropout: float = 0.0,
    bidirectional: bool = False,
    proj_size: int = 0,
    nonlinearity: str = "tanh",
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    whole("input_size", input_size, 1)
    whole("hidden_size", hidden_size, 1)
    whole("num_layers", num_layers, 1)
    kept = whole("proj_size", proj_size, 0) or hidden_size
    directions = 1 + _flag("bidirectional", bidirectional)
    biases = 2 * _flag("bias", bias)

    def one_layer(inputs: int) -> int:
        weights = gates * hidden_size * (inputs + kept + biases)
        return directions * (weights + proj_size * hidden_size)

    above = one_layer(kept * directions)
    return _counted_only(one_layer(input_size) + (num_layers - 1) * above)


# ---------------------------------------------------------------------------------------------
# The names
# ---------------------------------------------------------------------------------------------

_PLAIN = Layer()

_ACTIVATIONS: dict[str, Callable[..., Layer]] = {
    "CELU": lambda alpha=1.0, inplace=False: _PLAIN,
    "ELU": lambda alpha=1.0, inplace=False: _PLAIN,
    "GELU": lambda approximate="none": _PLAIN,
    "GLU": _glu,
    "Hardshrink": lambda lambd=0.5: _PLAIN,
    "Hardsigmoid": lambda inplace=False: _PLAIN,
    "Hardswish": lambda inplace=False: _PLAIN,
    "Hardtanh": lambda min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None: (
        _PLAIN
    ),
    "LeakyReLU": lambda negative_slope=0.01, inplace=False: _PLAIN,
    "LogSigmoid": lambda: _PLAIN,
    "LogSoftmax": _softmax,
    "Mish": lambda inplace=False: _PLAIN,
    "PReLU": _prelu,
    "RReLU": lambda lower=1 / 8, upper=1 / 3, inplace=False: _PLAIN,
    "ReLU": lambda inplace=False: _PLAIN,
    "ReLU6": lambda inplace=False: _PLAIN,
    "SELU": lambda inplace=False: _PLAIN,
    "SiLU": lambda inplace=False: _PLAIN,
    "Sigmoid": lambda: _PLAIN,
    "Softmax": _softmax,
    "Softmax2d": _softmax_2d,
    "Softmin": _softmax,
    "Softplus": lambda beta=1.0, threshold=20.0: _PLAIN,
    "Softshrink": lambda lambd=0.5: _PLAIN,
    "Softsign": lambda: _PLAIN,
    "Tanh": lambda: _PLAIN,
    "Tanhshrink": lambda: _PLAIN,
    "Threshold": lambda threshold, value, inplace=False: _PLAIN,
}

_DROPOUTS: dict[str, Callable[..., Layer]] = {
    **dict.fromkeys(
        ("Dropout", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"),
        lambda p=0.5, inplace=False: _PLAIN,
    ),
    "Dropout1d": _dropout_1d,
}

_BY_AXES: dict[str, Callable[..., Layer]] = {
    "AdaptiveAvgPool": _adaptive_pool,
    "AdaptiveMaxPool": _adaptive_max_pool,
    "BatchNorm": _batch_norm,
    "CircularPad": _circular_pad,
    "ConstantPad": _constant_pad,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "InstanceNorm": _instance_norm,
    "LPPool": _lp_pool,
    "MaxPool": _max_pool,
    "ReflectionPad": _reflection_pad,
    "ReplicationPad": _replication_pad,
    "ZeroPad": _zero_pad,
}


def _lazy(build: Callable[..., Layer], features: Callable[[Shape], int]) -> Callable[..., Layer]:
    """Return a builder whose layer learns its first argument from the first shape."""

    def lazy(*arguments: Any, **named: Any) -> Layer:
        return Layer(
            params=None, inferred=lambda shape: build(features(shape), *arguments, **named)
        )

    signature = inspect.signature(build)
    _, *others = signature.parameters.values()
    lazy.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return lazy


def _lazy_instance_norm(
    ndim: int,
    num_features: int,
    eps: float = 1e-5,
    momentum: float | None = 0.1,
    affine: bool = True,  # unlike InstanceNorm
    track_running_stats: bool = True,
    device: Any = None,
    dtype: Any = None,
    *,
    bias: bool = True,
) -> Layer:
    return _instance_norm(ndim, num_features, eps, momentum, affine, track_running_stats, bias=bias)


_LAZY_BY_AXES: dict[str, Callable[..., Layer]] = {
    "BatchNorm": _batch_norm,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "InstanceNorm": _lazy_instance_norm,
}

LAYERS: dict[str, Callable[..., Layer]] = {
    **_ACTIVATIONS,
    **_DROPOUTS,
    **{f"{name}{n}d": partial(builder, n) for name, builder in _BY_AXES.items() for n in (1, 2, 3)},
    "AvgPool1d": partial(_avg_pool, 1),
    "AvgPool2d": partial(_avg_pool_divided, 2),
    "AvgPool3d": partial(_avg_pool_divided, 3),
    "Bilinear": _bilinear,
    "ChannelShuffle": _channel_shuffle,
    "Embedding": _embedding,
    "EmbeddingBag": _embedding,
    "Flatten": _flatten,
    "Fold": _fold,
    "GRU": partial(_recurrent, 3),
    "GroupNorm": _group_norm,
    "Identity": lambda *arguments, **named: _PLAIN,
    "LSTM": partial(_recurrent, 4),
    "LayerNorm": _layer_norm,
    "Linear": _linear,
    "LocalResponseNorm": _local_response_norm,
    "PixelShuffle": _pixel_shuffle,
    "PixelUnshuffle": _pixel_unshuffle,
    "RMSNorm": _rms_norm,
    "RNN": partial(_recurrent, 1),
    "Unflatten": _unflatten,
    "Unfold": _unfold,
    "Upsample": _upsample,
    "UpsamplingBilinear2d": _upsampling_bilinear,
    "UpsamplingNearest2d": _upsampling_nearest,
    **{
        f"Lazy{name}{n}d": _lazy(partial(builder, n), itemgetter(0))
        for name, builder in _LAZY_BY_AXES.items()
        for n in (1, 2, 3)
    },
    "LazyLinear": _lazy(_linear, itemgetter(-1)),
}
"""Every layer by the name of PyTorch's class."""


@cache
def _signature(kind: str) -> inspect.Signature:
    return inspect.signature(LAYERS[kind])


def build(kind: str, arguments: Sequence[Any], named: dict[str, Any]) -> Layer:
    """Return the layer that PyTorch's class of this name builds from these arguments.

    Raises ConvcalcError where the arguments don't fit PyTorch's signature or have no meaning.
    """
    if kind.startswith("Lazy"):
        # print(model) shows what isn't known yet as a 0 that the signature doesn't have.
        arguments = arguments[1:] if arguments[:1] in ([0], (0,)) else arguments
        named = {name: value for name, value in named.items() if name != "in_features"}
    try:
        bound = _signature(kind).bind(*arguments, **named)
    except TypeError as error:
        parameters = ", ".join(_signature(kind).parameters)
        raise ConvcalcError(f"{error}: {kind} takes {parameters}") from None
    return LAYERS[kind](*bound.args, **bound.kwargs)
