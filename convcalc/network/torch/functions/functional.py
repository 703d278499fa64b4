"""torch.nn.functional: where a layer does the same, the layer's class does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import prod

from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Layer, Shape, size_text, volume
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.torch.dtypes import INT64, DType, with_point
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.as_layers import composed  # noqa: F401  # its rules
from convcalc.network.torch.functions.layered import applied, check_eps, check_settings
from convcalc.network.torch.functions.matrices.products import of_one_kind
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.gradients.attention import OF_ATTENTION, is_flash
from convcalc.network.torch.gradients.products import of_product
from convcalc.network.torch.gradients.rules import NOTHING, OF_LAYER, copy_of, memory
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import (
    as_size,
    axis_of,
    broadcast,
    definite,
    is_one,
    is_open,
    listed,
    same,
    same_shape,
    shown,
    sizes_of,
)
from convcalc.network.torch.strides import channels_last, iterated_strides
from convcalc.network.torch.tensor import Kept, Tensor, elementwise, kind_together
from convcalc.reading.exceptions import NotUnderstood


def layer_of(name: str, *arguments: object, **named: object) -> Layer:
    """Return the layer of a class."""
    check_settings(name, (*arguments, *named.values()))
    return LAYERS[name](*arguments, **named)


def _pooled(name: str, input: object, ndim: int) -> Tensor:
    """Return what is pooled; raise where it has no channels and no batch."""
    given = tensor_of(name, input)
    if given.ndim == ndim + 1 and not is_open(given.shape[0]) and given.shape[0] == 0:
        raise misfit(f"{name} takes channels, {shown(given.shape)} has none")
    return given


def _through(
    layer: Layer, *inputs: object, kind: DType | None = None, weight: object = None
) -> Tensor:
    """Return the one tensor that comes out of a layer, of a kind if its own doesn't say."""
    for each in inputs:
        tensor_of(layer.name, each)
    made = applied(layer, inputs, {}, kind, weights={"weight": weight})
    return tensor_of(layer.name, made)


def _kind(name: str, input: object, *parameters: object) -> DType:
    """Return the kind of numbers that an input and parameters make, which have to be of one."""
    given = [tensor_of(name, each) for each in (input, *parameters) if each is not None]
    of_one_kind(name, given)
    if {each.dtype.kind for each in given} >= {"float", "complex"}:
        raise misfit(f"{name} takes numbers of one kind, not complex ones beside others")
    return kind_together(given)


def _checked(name: str, what: str, tensor: object, shape: Shape) -> None:
    """Raise where a parameter isn't of the shape that it has to be."""
    if tensor is None:
        return
    given = tensor_of(name, tensor).shape
    if not same_shape(given, shape):
        raise misfit(f"{name}: its {what} is {shown(given)}, {shown(shape)} fits")


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _weight_of(name: str, weight: object, ndim: int) -> Shape:
    """Return the sizes of a convolution's weight."""
    shape = tensor_of(name, weight).shape
    if len(shape) != ndim + 2:
        raise misfit(f"{name}: its weight has {ndim + 2} dimensions, not {shown(shape)}")
    return shape


def _convolutions(ndim: int) -> None:
    name, transposed = f"conv{ndim}d", f"conv_transpose{ndim}d"

    @operation(name, where="tf", counted=True, saves=OF_LAYER)
    def conv(input: Tensor, weight: Tensor, bias: object = None, stride: object = 1,
             padding: object = 0, dilation: object = 1, groups: int = 1) -> Tensor:  # fmt: skip
        out, inner, *kernel = _weight_of(name, weight, ndim)
        _checked(name, "bias", bias, (out,))
        return _through(
            layer_of(f"Conv{ndim}d", inner * groups, out, tuple(kernel), _tupled(stride),
                     _tupled(padding), _tupled(dilation), groups, bias=bias is not None), input,
            kind=_kind(name, input, weight, bias), weight=weight,
        )  # fmt: skip

    @operation(transposed, where="tf", counted=True, saves=OF_LAYER)
    def conv_transpose(input: Tensor, weight: Tensor, bias: object = None, stride: object = 1,
                       padding: object = 0, output_padding: object = 0, groups: int = 1,
                       dilation: object = 1) -> Tensor:  # fmt: skip
        inner, out, *kernel = _weight_of(transposed, weight, ndim)
        _checked(transposed, "bias", bias, (out * groups,))
        return _through(
            layer_of(f"ConvTranspose{ndim}d", inner, out * groups, tuple(kernel), stride, padding,
                     output_padding, groups, bias is not None, dilation), input,
            kind=_kind(transposed, input, weight, bias), weight=weight,
        )  # fmt: skip


def _poolings(ndim: int) -> None:
    def pooled(input: Tensor, kernel_size: object, stride: object = None, padding: object = 0,
               dilation: object = 1, ceil_mode: object = False,
               return_indices: object = False) -> object:  # fmt: skip
        layer = layer_of(f"MaxPool{ndim}d", kernel_size, stride or None, padding, dilation,
                         return_indices, ceil_mode)  # fmt: skip
        return applied(layer, [_pooled("max_pool", input, ndim)], {})

    operation(f"max_pool{ndim}d", where="tf", counted=True, saves=OF_LAYER)(pooled)

    @operation(f"max_pool{ndim}d_with_indices", where="f", counted=True, saves=OF_LAYER)
    def pooled_with_places(input: Tensor, kernel_size: object, stride: object = None,
                           padding: object = 0, dilation: object = 1, ceil_mode: object = False,
                           return_indices: object = True) -> object:  # fmt: skip
        del return_indices  # they come whatever it says
        if tensor_of("max_pool", input).dtype.kind == "int":
            raise NotUnderstood("the places of whole numbers in a pooling aren't followed")
        return pooled(input, kernel_size, stride, padding, dilation, ceil_mode, True)

    @operation(f"avg_pool{ndim}d", where="tf", counted=True, saves=OF_LAYER)
    def averaged(input: Tensor, kernel_size: object, stride: object = None, padding: object = 0,
                 ceil_mode: object = False, count_include_pad: object = True,
                 divisor_override: object = None) -> Tensor:  # fmt: skip
        more = () if ndim == 1 else (divisor_override,)
        return _through(
            layer_of(f"AvgPool{ndim}d", kernel_size, stride or None, padding, ceil_mode,
                     count_include_pad, *more), _pooled("avg_pool", input, ndim)
        )  # fmt: skip

    @operation(
        f"adaptive_avg_pool{ndim}d", where="f" + "t" * (ndim == 1), counted=True, saves=OF_LAYER
    )
    def adaptive_averaged(input: Tensor, output_size: object) -> Tensor:
        return _through(layer_of(f"AdaptiveAvgPool{ndim}d", _asked(output_size, ndim)), input)

    @operation(f"adaptive_max_pool{ndim}d", where="f", counted=True, saves=OF_LAYER)
    def adaptive_pooled(
        input: Tensor, output_size: object, return_indices: object = False
    ) -> object:
        layer = layer_of(f"AdaptiveMaxPool{ndim}d", _asked(output_size, ndim), return_indices)
        return applied(layer, [tensor_of("adaptive_max_pool", input)], {})

    @operation(f"lp_pool{ndim}d", where="f", counted=True, saves=OF_LAYER)
    def power_averaged(input: Tensor, norm_type: object, kernel_size: object,
                       stride: object = None, ceil_mode: object = False) -> Tensor:  # fmt: skip
        return _through(
            layer_of(f"LPPool{ndim}d", norm_type, kernel_size, stride, ceil_mode),
            _pooled("lp_pool", input, ndim),
        )

    @operation(f"max_unpool{ndim}d", where="f", counted=True, saves=OF_LAYER)
    def unpooled(input: Tensor, indices: Tensor, kernel_size: object, stride: object = None,
                 padding: object = 0, output_size: object = None) -> object:  # fmt: skip
        if tensor_of("max_unpool", indices).dtype != INT64:
            raise misfit(f"max_unpool takes places of int64, not {indices.dtype}")
        try:
            layer = layer_of(f"MaxUnpool{ndim}d", kernel_size, stride, padding)
        except ConvcalcError as error:
            raise NotUnderstood(f"max_unpool of such windows isn't followed: {error}") from None
        return applied(layer, [input, indices], {"output_size": output_size})


@operation("adaptive_max_pool1d", where="t", counted=True, saves=OF_LAYER)
def torch_adaptive_max_pool1d(input: Tensor, output_size: object) -> object:
    """The largest numbers of so many windows, and their places."""
    layer = layer_of("AdaptiveMaxPool1d", _asked(output_size, 1), True)
    return applied(layer, [tensor_of("adaptive_max_pool1d", input)], {})


for _ndim in (1, 2, 3):
    _convolutions(_ndim)
    _poolings(_ndim)


def _asked(output_size: object, ndim: int) -> object:
    """Return the sizes asked of an adaptive pooling, one for each axis or one for all."""
    several = output_size if isinstance(output_size, (list, tuple)) else [output_size]
    if len(several) > ndim or (ndim == 1 and None in several):
        raise misfit(f"output_size {output_size} isn't one of {ndim} axes")
    if 0 in several:
        raise NotUnderstood("a pooling that leaves nothing isn't followed")
    return output_size


@operation("linear", where="f", counted=True, saves=OF_LAYER)
def linear(input: Tensor, weight: Tensor, bias: object = None) -> Tensor:
    """An affine map of the last axis."""
    shape = tensor_of("linear", weight).shape
    if len(shape) not in (1, 2):
        raise misfit(f"linear: its weight has 1 or 2 dimensions, not {shown(shape)}")
    out = 1 if len(shape) == 1 else shape[0]
    _checked("linear", "bias", bias, shape[:-1])
    layer, kind = (
        layer_of("Linear", shape[-1], out, bias is not None),
        _kind("linear", input, weight),
    )
    result = _through(layer, input, kind=kind, weight=weight)
    if len(shape) == 2:
        return result
    single = Tensor(result.shape[:-1], result.dtype, fields=result.fields[:-1], fed=input.fed)
    single.work = result.work
    single.saved = lambda: of_product(single, input, weight)
    return single


@operation("bilinear", where="tf", counted=True, saves=OF_LAYER)
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: object = None) -> Tensor:
    """A bilinear map of two inputs."""
    out, first, second = _weight_of("bilinear", weight, 1)
    _checked("bilinear", "bias", bias, (out,))
    layer = layer_of("Bilinear", first, second, out, bias is not None)
    return _through(layer, input1, input2, weight=weight)


def _keeps_of_batch_norm(
    result: Tensor, input: Tensor, running_mean: object, running_var: object,
    weight: object = None, bias: object = None, training: object = False, eps: object = 1e-5,
) -> Iterator[Kept]:  # fmt: skip
    """Yield the numbers, all that they are normalised by, and what is worked out in training."""
    del result, bias, eps  # of which nothing is kept
    given = (input, running_mean, running_var, weight)
    yield from (each for each in given if isinstance(each, Tensor))
    yield from (memory(input.shape[1:2]), memory(input.shape[1:2])) if training else ()


@operation("batch_norm", where="f", counted=True, saves=_keeps_of_batch_norm)
def batch_norm(input: Tensor, running_mean: object, running_var: object, weight: object = None,
               bias: object = None, training: object = False, momentum: object = 0.1,
               eps: object = 1e-5) -> Tensor:  # fmt: skip
    """Batch normalisation with these parameters."""
    check_eps(eps, training)
    return torch_batch_norm(input, weight, bias, running_mean, running_var, training, momentum)


@operation("batch_norm", where="t", counted=True, harmless="eps cudnn_enabled",
           saves=lambda result, input, weight, bias, mean, variance, training: (
               _keeps_of_batch_norm(result, input, mean, variance, weight, bias, training)
           ))  # fmt: skip
def torch_batch_norm(input: Tensor, weight: object, bias: object, running_mean: object,
                     running_var: object, training: object,
                     momentum: object = 0.1) -> Tensor:  # fmt: skip
    """Batch normalisation, with its arguments in another order."""
    if momentum is None and running_mean is not None:
        raise misfit("batch_norm takes a momentum for its running mean", TypeError)
    if (running_mean is None) is not (running_var is None):
        raise misfit("batch_norm takes running_mean and running_var, or none of them")
    if input.shape == (0,):
        raise NotUnderstood("batch_norm of no numbers isn't followed")
    if tensor_of("batch_norm", input).ndim < 2:
        raise misfit(f"batch_norm takes at least 2 dimensions, gets {shown(input.shape)}")
    for each in (running_mean, running_var, weight, bias):
        if isinstance(each, Tensor) and not same_shape(each.shape, input.shape[1:2]):
            raise misfit(f"batch_norm for {size_text(prod(each.shape))} channels gets "
                         f"{shown(input.shape)}")  # fmt: skip
    if not training and (running_mean is None or running_var is None):
        raise misfit("batch_norm takes running_mean and running_var unless it is trained")
    over = [axis for axis in range(input.ndim) if axis != 1] if training else []
    return input.worked_out().mixed(*over)


def _keeps_of_instance_norm(result: Tensor, input: Tensor, running_mean: object = None,
                            running_var: object = None, weight: object = None,
                            bias: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield the numbers one after the other, and what there is of each channel of each sample."""
    del result, bias  # of which nothing is kept
    yield input if input.strides is None else copy_of(input)
    count = 2 + sum(isinstance(each, Tensor) for each in (running_mean, running_var, weight))
    yield from (memory(input.shape[:2]) for _ in range(count))


@operation("instance_norm", where="f", counted=True, saves=_keeps_of_instance_norm)
def instance_norm(input: Tensor, running_mean: object = None, running_var: object = None,
                  weight: object = None, bias: object = None, use_input_stats: object = True,
                  momentum: object = 0.1, eps: object = 1e-5) -> Tensor:  # fmt: skip
    """Instance normalisation, over the positions, of which there are several."""
    if use_input_stats and all(map(is_one, tensor_of("instance_norm", input).shape[2:])):
        raise misfit(f"instance_norm takes more than one position, gets {shown(input.shape)}")
    return torch_instance_norm(input, running_mean, running_var, weight, bias, use_input_stats,
                               momentum)  # fmt: skip


@operation("instance_norm", where="t", counted=True, harmless="eps cudnn_enabled",
           saves=_keeps_of_instance_norm)  # fmt: skip
def torch_instance_norm(input: Tensor, running_mean: object = None, running_var: object = None,
                  weight: object = None, bias: object = None, use_input_stats: object = True,
                  momentum: object = 0.1) -> Tensor:  # fmt: skip
    """Instance normalisation, over the positions."""
    none = running_mean is None
    if none is not (running_var is None) or (none and not use_input_stats) or momentum is None:
        raise misfit("instance_norm takes running_mean, running_var and a momentum, or uses the "
                     "input's")  # fmt: skip
    if tensor_of("instance_norm", input).ndim < 2:
        raise misfit(f"instance_norm takes at least 2 dimensions, gets {shown(input.shape)}")
    for each in (running_mean, running_var, weight, bias):
        _checked("instance_norm", "parameter", each, input.shape[1:2])
    result = input.like()
    result.strides = None
    return result.mixed(*range(2, input.ndim))


def _over_last(name: str, kind: str, input: Tensor, normalized_shape: object, weight: object,
               bias: object) -> Tensor:  # fmt: skip
    shape = sizes_of(name, (normalized_shape,))
    _checked(name, "weight", weight, shape)
    _checked(name, "bias", bias, shape)
    made = _through(layer_of(kind, shape, elementwise_affine=False), input, weight=weight)
    keeps = made.saved
    if isinstance(bias, Tensor) and keeps is not None:
        made.saved = lambda: [*(keeps() or ()), bias]
    return made


@operation("layer_norm", where="tf", counted=True, harmless="eps cudnn_enable", saves=OF_LAYER)
def layer_norm(input: Tensor, normalized_shape: object, weight: object = None,
               bias: object = None) -> Tensor:  # fmt: skip
    """Layer normalisation of the last axes."""
    return _over_last("layer_norm", "LayerNorm", input, normalized_shape, weight, bias)


@operation("rms_norm", where="tf", counted=True, harmless="eps", saves=OF_LAYER)
def rms_norm(input: Tensor, normalized_shape: object, weight: object = None) -> Tensor:
    """Root-mean-square normalisation of the last axes."""
    return _over_last("rms_norm", "RMSNorm", input, normalized_shape, weight, None)


@operation("group_norm", where="tf", counted=True, harmless="eps cudnn_enabled", saves=OF_LAYER)
def group_norm(input: Tensor, num_groups: object, weight: object = None,
               bias: object = None) -> Tensor:  # fmt: skip
    """Group normalisation."""
    if tensor_of("group_norm", input).ndim < 2:
        raise misfit(f"group_norm takes channels, gets {shown(input.shape)}")
    _checked("group_norm", "weight", weight, input.shape[1:2])
    _checked("group_norm", "bias", bias, input.shape[1:2])
    channels = definite("group_norm", input.shape[1])
    layer = layer_of("GroupNorm", num_groups, channels, affine=False)
    return _through(layer, input, weight=weight)


@operation("local_response_norm", where="f", counted=True, harmless="alpha beta k", saves=OF_LAYER)
def local_response_norm(input: Tensor, size: object) -> Tensor:
    """Normalisation across neighbouring channels."""
    if tensor_of("local_response_norm", input).ndim < 3:
        raise misfit(f"local_response_norm takes 3 dimensions or more, not {shown(input.shape)}")
    if 0 in input.shape:
        return input
    return _through(layer_of("LocalResponseNorm", size), input)


@operation("interpolate", where="f", counted=True, saves=OF_LAYER)
def interpolate(input: Tensor, size: object = None, scale_factor: object = None,
                mode: object = "nearest", align_corners: object = None,
                recompute_scale_factor: object = None,
                antialias: object = False) -> Tensor:  # fmt: skip
    """Every axis to a size, or scaled by a factor."""
    if size is not None and (scale_factor is not None or recompute_scale_factor):
        raise misfit("interpolate takes a size or factors, not both", ValueError)
    if antialias and not (mode in ("bilinear", "bicubic", "lanczos") and input.ndim == 4):
        raise misfit(f"antialias goes with bilinear and bicubic, not with {mode}", ValueError)
    if align_corners is not None and mode in ("nearest", "area", "nearest-exact"):
        raise misfit(f"align_corners doesn't go with {mode}", ValueError)
    by_area = mode == "area"
    if by_area:
        mode, align_corners = "nearest", None
    layer = layer_of("Upsample", _tupled(size), _tupled(scale_factor), mode, align_corners)
    made = _through(layer, input)
    if by_area and not all(map(is_one, made.shape[2:])):
        made.saved = lambda: [input]  # an adaptive pooling does it
    return made


@operation("upsample", where="f", counted=True, saves=OF_LAYER)
def upsample(input: Tensor, size: object = None, scale_factor: object = None,
             mode: object = "nearest", align_corners: object = None) -> Tensor:  # fmt: skip
    """Every axis to a size, by the name that it had before."""
    return interpolate(input, size, scale_factor, mode, align_corners)


@operation("upsample_nearest", where="f", counted=True, saves=OF_LAYER)
def upsample_nearest(input: Tensor, size: object = None, scale_factor: object = None) -> Tensor:
    """Every axis to a size, by the nearest positions."""
    return interpolate(input, size, scale_factor)


@operation("upsample_bilinear", where="f", counted=True, saves=OF_LAYER)
def upsample_bilinear(input: Tensor, size: object = None, scale_factor: object = None) -> Tensor:
    """Both axes to a size, by interpolation."""
    return interpolate(input, size, scale_factor, "bilinear", True)


@operation("constant_pad_nd", where="t", harmless="value", saves=NOTHING)
def constant_pad_nd(input: Tensor, pad: Sequence[object]) -> Tensor:
    """Padding with one number, counted from the last axis."""
    return _padded(input, pad, "constant")


PADDED_AXES = {"reflect": (1, 2, 3), "replicate": (1, 2, 3), "circular": (1, 2, 3)}
"""How many axes each mode pads; a constant any number."""


def _keeps_of_pad(result: Tensor, input: Tensor, pad: object,
                  mode: object = "constant") -> Iterator[Kept]:  # fmt: skip
    """Yield the numbers, of which the size is used, where their border is repeated."""
    del result, pad  # on which it doesn't depend
    yield from (input,) if mode in ("reflect", "replicate") else ()


@operation("pad", where="f", saves=_keeps_of_pad)
def pad(input: Tensor, pad: Sequence[object], mode: object = "constant",
        value: object = None) -> Tensor:  # fmt: skip
    """Padding, counted from the last axis, before and after in turn; a negative one takes away."""
    if value and mode != "constant":
        raise misfit(f"pad: {mode} takes no value")
    return _padded(input, pad, mode)


def _padded(input: Tensor, pad: Sequence[object], mode: object) -> Tensor:
    amounts = [as_size("pad", each) for each in pad]
    if len(amounts) % 2 or len(amounts) > 2 * tensor_of("pad", input).ndim:
        raise misfit(f"pad: {tuple(amounts)} isn't two numbers for each axis of "
                     f"{shown(input.shape)}")  # fmt: skip
    if mode != "constant":
        _check_padded_axes(input, len(amounts) // 2, mode)
    shape, fields = list(input.shape), list(input.fields)
    for at, (before, after) in enumerate(zip(amounts[::2], amounts[1::2], strict=True), 1):
        if not before and not after:
            continue
        size = definite("pad", shape[-at])
        most = {"reflect": size - 1, "circular": size}.get(str(mode))
        if most is not None and max(before, after) > most:
            raise misfit(f"pad: {max(before, after)} is too much to {mode} of {size} positions")
        if size + before + after < 0 or min(before, 0) + min(after, 0) + size < 0:
            raise misfit(f"pad: ({before}, {after}) takes away more than the {size} there are")
        shape[-at] = size + before + after
        field = fields[-at]
        fields[-at] = None if field is None else field.moved(-before)
    strides = channels_last(input, shape) if input.ndim > 3 else None
    return Tensor(shape, input.dtype, fields=tuple(fields), fed=input.fed, strides=strides)


def _check_padded_axes(input: Tensor, axes: int, mode: object) -> None:
    if mode not in PADDED_AXES:
        raise misfit(f"pad: {mode!r} is not a padding mode", NotImplementedError)
    if axes not in PADDED_AXES[str(mode)] or input.ndim - axes not in (1, 2):
        raise misfit(f"pad: {mode} isn't there for {axes} axes of {shown(input.shape)}",
                     NotImplementedError)  # fmt: skip


@operation("pixel_shuffle", where="tf", counted=True, saves=OF_LAYER)
def pixel_shuffle(input: Tensor, upscale_factor: object) -> Tensor:
    """Channels made into positions."""
    return _through(layer_of("PixelShuffle", upscale_factor), input)


@operation("pixel_unshuffle", where="tf", counted=True, saves=OF_LAYER)
def pixel_unshuffle(input: Tensor, downscale_factor: object) -> Tensor:
    """Positions made into channels."""
    return _through(layer_of("PixelUnshuffle", downscale_factor), input)


@operation("channel_shuffle", "native_channel_shuffle", where="tf", counted=True, saves=OF_LAYER)
def channel_shuffle(input: Tensor, groups: object) -> Tensor:
    """Channels of groups in turn."""
    return _through(layer_of("ChannelShuffle", groups), input)


@operation("unfold", where="f", counted=True, saves=OF_LAYER)
def unfold(input: Tensor, kernel_size: object, dilation: object = 1, padding: object = 0,
           stride: object = 1) -> Tensor:  # fmt: skip
    """The patches of a feature map as columns."""
    return _through(layer_of("Unfold", kernel_size, dilation, padding, stride), input)


@operation("fold", where="f", counted=True, saves=OF_LAYER)
def fold(input: Tensor, output_size: object, kernel_size: object, dilation: object = 1,
         padding: object = 0, stride: object = 1) -> Tensor:  # fmt: skip
    """Columns of patches summed into a feature map."""
    return _through(layer_of("Fold", output_size, kernel_size, dilation, padding, stride), input)


@operation("prelu", where="tfm", counted=True, saves=OF_LAYER)
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """A ReLU with a slope that is learnt."""
    slopes = tensor_of("prelu", weight)
    if slopes.ndim > 1:
        raise misfit(f"prelu: its weight is a vector, not {shown(slopes.shape)}")
    if slopes.dtype != input.dtype:
        raise misfit(f"prelu: its weight is of {input.dtype}, not {slopes.dtype}")
    return _through(layer_of("PReLU", int(prod(slopes.shape))), input, weight=weight)


@operation("glu", where="f", counted=True, saves="input")
def glu(input: Tensor, dim: object = -1) -> Tensor:
    """A gated linear unit, which halves an axis."""
    if not tensor_of("glu", input).shape:
        raise misfit("glu halves an axis, a single number has none")
    at = axis_of("glu", dim, input.ndim, input.shape)
    if input.shape[at] % 2:
        raise misfit(f"glu halves dimension {at} of {shown(input.shape)}, which is odd")
    shape = (*input.shape[:at], input.shape[at] // 2, *input.shape[at + 1 :])
    strides = iterated_strides(shape, [Tensor(shape, strides=input.strides)])
    return Tensor(shape, with_point(input.dtype), fields=input.fields, fed=input.fed,
                  strides=strides).mixed(at)  # fmt: skip


def _of_length_one(x1: Tensor, x2: Tensor, dim: int = 1) -> Tensor:
    """Multiply two tensors, each divided by its length."""
    shape = elementwise("cosine_similarity", x1, x2).shape
    both = [do("expand", each, *shape) for each in (x1, x2)]
    lengths = [do("clone", do("norm", each, 2, dim, True)) for each in both]
    return do("mul", *map(partial(do, "__truediv__"), both, lengths))


@operation("cosine_similarity", where="tf", counted=True, harmless="eps",
           saves=Steps(_of_length_one))  # fmt: skip
def cosine_similarity(x1: Tensor, x2: Tensor, dim: object = 1) -> Tensor:
    """The cosine between vectors."""
    together = elementwise("cosine_similarity", x1, x2)
    at = axis_of("cosine_similarity", dim, together.ndim, together.shape)
    shape = [size for axis, size in enumerate(together.shape) if axis != at]
    return Tensor(shape, with_point(together.dtype))


def _keeps_of_distance(result: Tensor, x1: Tensor, x2: Tensor,
                       keepdim: object = False) -> Iterator[Kept]:  # fmt: skip
    """Yield how both differ, and how far."""
    del keepdim  # of which nothing is kept
    yield from (copy_of(elementwise("pairwise_distance", x1, x2)), result)


@operation("pairwise_distance", where="tf", counted=True, harmless="p eps",
           saves=_keeps_of_distance)  # fmt: skip
def pairwise_distance(x1: Tensor, x2: Tensor, keepdim: object = False) -> Tensor:
    """The distance between vectors."""
    together = elementwise("pairwise_distance", x1, x2)
    shape = (*together.shape[:-1], *((1,) if keepdim else ()))
    return Tensor(shape, with_point(together.dtype))


@operation("scaled_dot_product_attention", where="f", counted=True, harmless="scale",
           saves=OF_ATTENTION)  # fmt: skip
def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor,
                                 attn_mask: object = None, dropout_p: object = 0.0,
                                 is_causal: object = False,
                                 enable_gqa: object = False) -> Tensor:  # fmt: skip
    """softmax(QKᵀ)V over the last two axes."""
    name = "scaled_dot_product_attention"
    for each in (query, key, value):
        if tensor_of(name, each).ndim < 2:
            raise misfit(f"{name} takes at least 2 dimensions, not {shown(each.shape)}")
    for a, b, words in ((query.shape[-1], key.shape[-1], "query and key"),
                        (key.shape[-2], value.shape[-2], "key and value")):  # fmt: skip
        if not same(a, b):
            raise misfit(f"{name}: {words} differ, {size_text(a)} and {size_text(b)}")
    if attn_mask is not None and is_causal:
        raise misfit(f"{name} takes a mask, or is_causal")
    fronts = [query.shape[:-2]] if enable_gqa else [t.shape[:-2] for t in (query, key, value)]
    front = broadcast(name, *fronts)
    scores = (*front, query.shape[-2], key.shape[-2])
    if isinstance(attn_mask, Tensor):
        broadcast("attn_mask", attn_mask.shape, scores)
    result = Tensor((*front, query.shape[-2], value.shape[-1]), query.dtype)
    if is_flash(query, key, value, attn_mask, dropout_p):
        result.strides = iterated_strides(result.shape, (query,))
    result.work = volume((*scores, query.shape[-1])) + volume((*scores, value.shape[-1]))
    return result


@operation("multi_head_attention_forward", where="f", counted=True, harmless=(
    "in_proj_bias dropout_p out_proj_bias training q_proj_weight"
), saves=OF_LAYER)  # fmt: skip
def multi_head_attention_forward(
    query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: int, num_heads: object,
    in_proj_weight: object, bias_k: object, bias_v: object, add_zero_attn: object,
    out_proj_weight: Tensor, key_padding_mask: object = None, need_weights: object = True,
    attn_mask: object = None, use_separate_proj_weight: object = False,
    k_proj_weight: object = None, v_proj_weight: object = None,
    average_attn_weights: object = True, is_causal: object = False,
) -> object:  # fmt: skip
    """Attention with many heads, its batch second, and as many features as its last weight."""
    name, size = "multi_head_attention_forward", embed_dim_to_check
    if (bias_k is None) is not (bias_v is None):
        raise misfit(f"{name} takes bias_k and bias_v, or none of them", AssertionError)
    sizes: list[int] = [size, size]
    if use_separate_proj_weight:
        several = (k_proj_weight, v_proj_weight)
        sizes = [_weight_of(name, each, 0)[1] for each in several]
    else:
        _checked(name, "in_proj_weight", tensor_of(name, in_proj_weight), (3 * size, size))
    out, inner = _weight_of(name, out_proj_weight, 0)
    if not same(inner, size):
        raise misfit(f"{name}: its last weight is {shown((out, inner))}, {size:,} come in")
    layer = layer_of("MultiheadAttention", size, num_heads, 0.0, True, bias_k is not None,
                     bool(add_zero_attn), *sizes)  # fmt: skip
    made = applied(layer, [query, key, value], {
        "key_padding_mask": key_padding_mask, "need_weights": need_weights,
        "attn_mask": attn_mask, "average_attn_weights": average_attn_weights,
        "is_causal": is_causal,
    })  # fmt: skip
    attended, weights = tensor_of(name, made[0]), made[1]  # type: ignore[index]
    result = Tensor((*attended.shape[:-1], out), attended.dtype, fed=attended.fed)
    result.work = attended.work + volume((*attended.shape, out - size))
    return result, weights


@operation("grid_sample", where="f", counted=True, harmless="mode padding_mode align_corners",
           saves="input grid")  # fmt: skip
def grid_sample(input: Tensor, grid: Tensor) -> Tensor:
    """A feature map read at the places of a grid."""
    maps, places = tensor_of("grid_sample", input).shape, tensor_of("grid_sample", grid).shape
    if len(places) != len(maps) or len(maps) not in (4, 5) or not same(places[-1], len(maps) - 2):
        raise misfit(f"grid_sample: {shown(places)} is not a grid for {shown(maps)}")
    if not same(places[0], maps[0]):
        raise misfit(f"grid_sample: {shown(maps)} and {shown(places)} differ in their first size")
    return Tensor((*maps[:2], *places[1:-1]), input.dtype, fed=input.fed)


@operation("affine_grid", where="f", harmless="align_corners", saves=NOTHING)
def affine_grid(theta: Tensor, size: Sequence[object]) -> Tensor:
    """The places that an affine map makes of a shape's."""
    sizes = sizes_of("affine_grid", listed((size,)))
    if len(sizes) not in (4, 5):
        raise misfit(f"affine_grid takes the sizes of feature maps, not {shown(sizes)}")
    if any(not is_open(size) and size < 1 for size in sizes):
        raise misfit(f"affine_grid takes sizes above 0, not {shown(sizes)}", ValueError)
    wanted = (sizes[0], len(sizes) - 2, len(sizes) - 1)
    if not same_shape(tensor_of("affine_grid", theta).shape, wanted):
        raise misfit(f"affine_grid: {shown(theta.shape)} is not a map for each of {shown(sizes)}")
    return Tensor((sizes[0], *sizes[2:], len(sizes) - 2), theta.dtype, fed=theta.fed)
