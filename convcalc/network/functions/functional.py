"""torch.nn.functional: where a layer does the same, the layer's class does it."""

from __future__ import annotations

from math import prod
from typing import Any

from convcalc.layers.base import Layer, volume
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.functions.layered import applied, check_indices, check_rows, check_settings
from convcalc.network.functions.pointwise import binary
from convcalc.network.functions.registry import FUNCTIONAL, Operation, operation
from convcalc.network.refusals import NotUnderstood, Raised
from convcalc.network.tensors import (
    Tensor,
    as_size,
    axis_of,
    broadcast,
    channels_last,
    definite,
    elementwise,
    is_one,
    iterated_strides,
    same,
    shown,
    size_text,
)


def layer_of(name: str, *arguments: Any, **named: Any) -> Layer:
    """Return the layer of a class."""
    check_settings(name, (*arguments, *named.values()))
    return LAYERS[name](*arguments, **named)


def _needs_tensor(name: str, value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise Raised(f"{name} takes a tensor, not {type(value).__name__}", "TypeError")
    return value


def _checked(name: str, what: str, tensor: Any, shape: tuple[int, ...]) -> None:
    """Raise where a parameter isn't of the shape that it has to be."""
    if isinstance(tensor, Tensor) and tensor.shape != shape:
        raise Raised(f"{name}: its {what} is {shown(tensor.shape)}, {shown(shape)} fits")


def _conv(ndim: int) -> None:
    @operation(f"conv{ndim}d", where="tf", counted=True)
    def conv(input: Tensor, weight: Tensor, bias: Any = None, stride: Any = 1, padding: Any = 0,
             dilation: Any = 1, groups: int = 1) -> Tensor:  # fmt: skip
        name = f"conv{ndim}d"
        _needs_tensor(name, weight)
        if weight.ndim != ndim + 2:
            raise Raised(f"{name}: its weight has {ndim + 2} dimensions, not {shown(weight.shape)}")
        out, inner, *kernel = weight.shape
        _checked(name, "bias", bias, (out,))
        layer = layer_of(f"Conv{ndim}d", inner * groups, out, tuple(kernel), stride, padding,
                         dilation, groups, bias=bias is not None)  # fmt: skip
        return applied(layer, [input], {})  # type: ignore[no-any-return]

    @operation(f"conv_transpose{ndim}d", where="tf", counted=True)
    def conv_transpose(input: Tensor, weight: Tensor, bias: Any = None, stride: Any = 1,
                       padding: Any = 0, output_padding: Any = 0, groups: int = 1,
                       dilation: Any = 1) -> Tensor:  # fmt: skip
        name = f"conv_transpose{ndim}d"
        if _needs_tensor(name, weight).ndim != ndim + 2:
            raise Raised(f"{name}: its weight has {ndim + 2} dimensions, not {shown(weight.shape)}")
        inner, out, *kernel = weight.shape
        _checked(name, "bias", bias, (out * groups,))
        layer = layer_of(f"ConvTranspose{ndim}d", inner, out * groups, tuple(kernel), stride,
                         padding, output_padding, groups, bias is not None, dilation)  # fmt: skip
        return applied(layer, [input], {})  # type: ignore[no-any-return]

    @operation(f"max_pool{ndim}d", where="tf", counted=True)
    def max_pool(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
                 dilation: Any = 1, ceil_mode: bool = False,
                 return_indices: bool = False) -> Any:  # fmt: skip
        layer = layer_of(f"MaxPool{ndim}d", kernel_size, stride or None, padding, dilation,
                         return_indices, ceil_mode)  # fmt: skip
        return applied(layer, [input], {})

    @operation(f"max_pool{ndim}d_with_indices", where="f", counted=True)
    def max_pool_with_indices(input: Tensor, kernel_size: Any, stride: Any = None,
                              padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
                              return_indices: bool = True) -> Any:  # fmt: skip
        return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, True)

    @operation(f"avg_pool{ndim}d", where="tf", counted=True)
    def avg_pool(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
                 ceil_mode: bool = False, count_include_pad: bool = True,
                 divisor_override: Any = None) -> Tensor:  # fmt: skip
        layer = layer_of(f"AvgPool{ndim}d", kernel_size, stride or None, padding, ceil_mode)
        return applied(layer, [input], {})  # type: ignore[no-any-return]

    @operation(f"adaptive_avg_pool{ndim}d", where="tf", counted=True)
    def adaptive_avg_pool(input: Tensor, output_size: Any) -> Tensor:
        return applied(layer_of(f"AdaptiveAvgPool{ndim}d", _asked(output_size, ndim)), [input], {})  # type: ignore[no-any-return]

    @operation(f"adaptive_max_pool{ndim}d", where="tf", counted=True)
    def adaptive_max_pool(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
        layer = layer_of(f"AdaptiveMaxPool{ndim}d", _asked(output_size, ndim), return_indices)
        return applied(layer, [input], {})

    @operation(f"lp_pool{ndim}d", where="f", counted=True)
    def lp_pool(input: Tensor, norm_type: Any, kernel_size: Any, stride: Any = None,
                ceil_mode: bool = False) -> Tensor:  # fmt: skip
        layer = layer_of(f"LPPool{ndim}d", norm_type, kernel_size, stride, ceil_mode)
        return applied(layer, [input], {})  # type: ignore[no-any-return]

    @operation(f"max_unpool{ndim}d", where="f", counted=True)
    def max_unpool(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None,
                   padding: Any = 0, output_size: Any = None) -> Tensor:  # fmt: skip
        layer = layer_of(f"MaxUnpool{ndim}d", kernel_size, stride, padding)
        return applied(layer, [input, indices], {"output_size": output_size})  # type: ignore[no-any-return]


for _ndim in (1, 2, 3):
    _conv(_ndim)


def _asked(output_size: Any, ndim: int) -> Any:
    """Return the sizes asked of an adaptive pooling, which may be the last of a whole shape."""
    if isinstance(output_size, (list, tuple)) and len(output_size) > ndim:
        return tuple(output_size[-ndim:])
    return tuple(output_size) if isinstance(output_size, list) else output_size


@operation("linear", where="f", counted=True)
def linear(input: Tensor, weight: Tensor, bias: Any = None) -> Tensor:
    """An affine map of the last axis."""
    if _needs_tensor("linear", weight).ndim == 1:
        weight = Tensor((1, *weight.shape))
        result: Tensor = applied(layer_of("Linear", weight.shape[1], 1, False), [input], {})
        return Tensor(result.shape[:-1], fed=input.fed)
    out, features = weight.shape
    _checked("linear", "bias", bias, (out,))
    return applied(layer_of("Linear", features, out, bias is not None), [input], {})  # type: ignore[no-any-return]


@operation("bilinear", where="tf", counted=True)
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Any = None) -> Tensor:
    """A bilinear map of two inputs."""
    out, first, second = weight.shape
    layer = layer_of("Bilinear", first, second, out, bias is not None)
    return applied(layer, [input1, input2], {})  # type: ignore[no-any-return]


@operation("batch_norm", where="tf", counted=True)
def batch_norm(input: Tensor, running_mean: Any = None, running_var: Any = None,
               weight: Any = None, bias: Any = None, training: Any = False, *arguments: Any,
               **named: Any) -> Tensor:  # fmt: skip
    """Batch normalisation with these parameters."""
    if input.ndim < 2:
        raise Raised(f"batch_norm takes at least 2 dimensions, gets {shown(input.shape)}")
    for each in (running_mean, running_var, weight, bias):
        if isinstance(each, Tensor) and not same(each.shape[0], input.shape[1]):
            raise Raised(f"batch_norm for {size_text(each.shape[0])} channels gets "
                         f"{shown(input.shape)}")  # fmt: skip
    over = [axis for axis in range(input.ndim) if axis != 1] if training else []
    return input.worked_out().mixed(*over)


@operation("instance_norm", where="f", counted=True)
def instance_norm(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """Instance normalisation, over the positions."""
    if all(map(is_one, input.shape[2:])):
        raise Raised(f"instance_norm takes more than one position, gets {shown(input.shape)}")
    result = input.like()
    result.strides = None
    return result.mixed(*range(2, input.ndim))


@operation("layer_norm", where="tf", counted=True)
def layer_norm(input: Tensor, normalized_shape: Any, weight: Any = None, bias: Any = None,
               eps: float = 1e-5, **named: Any) -> Tensor:  # fmt: skip
    """Layer normalisation of the last axes."""
    shape = tuple(normalized_shape) if not isinstance(normalized_shape, int) else normalized_shape
    _checked("layer_norm", "weight", weight, shape if isinstance(shape, tuple) else (shape,))
    return applied(layer_of("LayerNorm", shape, elementwise_affine=False), [input], {})  # type: ignore[no-any-return]


@operation("rms_norm", where="tf", counted=True)
def rms_norm(input: Tensor, normalized_shape: Any, weight: Any = None, eps: Any = None) -> Tensor:
    """Root-mean-square normalisation of the last axes."""
    return layer_norm(input, normalized_shape, weight)


@operation("group_norm", where="tf", counted=True)
def group_norm(input: Tensor, num_groups: int, *arguments: Any, **named: Any) -> Tensor:
    """Group normalisation."""
    if input.ndim < 2:
        raise Raised(f"group_norm takes channels, gets {shown(input.shape)}")
    layer = layer_of("GroupNorm", num_groups, int(input.shape[1]), affine=False)
    return applied(layer, [input], {})  # type: ignore[no-any-return]


@operation("local_response_norm", where="f", counted=True)
def local_response_norm(input: Tensor, size: int, *arguments: Any, **named: Any) -> Tensor:
    """Normalisation across neighbouring channels."""
    return applied(layer_of("LocalResponseNorm", size), [input], {})  # type: ignore[no-any-return]


@operation("interpolate", where="f", counted=True)
def interpolate(input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
                align_corners: Any = None, recompute_scale_factor: Any = None,
                antialias: bool = False) -> Tensor:  # fmt: skip
    """Every axis to a size, or scaled by a factor."""
    size = tuple(size) if isinstance(size, (list, tuple)) else size
    if mode == "area":
        mode, align_corners = "nearest", None
    layer = layer_of("Upsample", size, scale_factor, mode, align_corners)
    return applied(layer, [input], {})  # type: ignore[no-any-return]


for _name in ("upsample", "upsample_nearest", "upsample_bilinear"):
    FUNCTIONAL[_name] = Operation(f"F.{_name}", interpolate, counted=True)


@operation("pad", where="f")
def pad(input: Tensor, pad: Any, mode: str = "constant", value: Any = None) -> Tensor:
    """Padding, counted from the last axis, before and after in turn; a negative one takes away."""
    amounts = [as_size("pad", each) for each in pad]
    if len(amounts) % 2 or len(amounts) > 2 * input.ndim:
        raise Raised(f"pad: {tuple(amounts)} isn't two numbers for each axis of "
                     f"{shown(input.shape)}")  # fmt: skip
    shape, fields = list(input.shape), list(input.fields)
    for at, (before, after) in enumerate(zip(amounts[::2], amounts[1::2], strict=True), 1):
        if not before and not after:
            continue
        size = definite("pad", shape[-at])
        most = {"reflect": size - 1, "circular": size}.get(mode)
        if most is not None and max(before, after) > most:
            raise Raised(f"pad: {max(before, after)} is too much to {mode} of {size} positions")
        if size + before + after < 0 or min(before, 0) + min(after, 0) + size < 0:
            raise Raised(f"pad: ({before}, {after}) takes away more than the {size} there are")
        shape[-at] = size + before + after
        field = fields[-at]
        if field is not None:
            moved = before * field.step
            fields[-at] = field._replace(first=field.first - moved, last=field.last - moved)
    if mode != "constant" and not 2 <= len(amounts) <= 6:
        raise Raised(f"pad: {mode} isn't there for {len(amounts) // 2} axes", "NotImplementedError")
    return Tensor(shape, input.dtype, fields=tuple(fields), fed=input.fed,
                  strides=channels_last(input, shape) if input.ndim > 3 else None)  # fmt: skip


@operation("pixel_shuffle", where="tf", counted=True)
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Channels made into positions."""
    return applied(layer_of("PixelShuffle", upscale_factor), [input], {})  # type: ignore[no-any-return]


@operation("pixel_unshuffle", where="tf", counted=True)
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Positions made into channels."""
    return applied(layer_of("PixelUnshuffle", downscale_factor), [input], {})  # type: ignore[no-any-return]


@operation("channel_shuffle", "native_channel_shuffle", where="tf", counted=True)
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """Channels of groups in turn."""
    return applied(layer_of("ChannelShuffle", groups), [input], {})  # type: ignore[no-any-return]


@operation("unfold", where="f", counted=True)
def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
           stride: Any = 1) -> Tensor:  # fmt: skip
    """The patches of a feature map as columns."""
    return applied(layer_of("Unfold", kernel_size, dilation, padding, stride), [input], {})  # type: ignore[no-any-return]


@operation("fold", where="f", counted=True)
def fold(input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
         stride: Any = 1) -> Tensor:  # fmt: skip
    """Columns of patches summed into a feature map."""
    layer = layer_of("Fold", output_size, kernel_size, dilation, padding, stride)
    return applied(layer, [input], {})  # type: ignore[no-any-return]


@operation("embedding", where="t", counted=True)
def torch_embedding(weight: Tensor, indices: Tensor, *arguments: Any) -> Tensor:
    """Rows of a table, which comes first here, looked up by index."""
    return embedding(indices, weight)


@operation("embedding", where="f", counted=True)
def embedding(input: Tensor, weight: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """Rows of a table, looked up by index."""
    if weight.ndim != 2:
        raise Raised(f"embedding: its table has 2 dimensions, not {shown(weight.shape)}")
    check_indices(input.dtype, "embedding ")
    check_rows(weight.shape, input)
    return Tensor((*input.shape, *weight.shape[1:]), fed=input.fed)


@operation("one_hot", where="f")
def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """A one where an index says so."""
    if num_classes < 0:
        raise NotUnderstood("how many classes one_hot() makes hangs on the values of a tensor")
    return Tensor((*tensor.shape, num_classes), "int", fed=tensor.fed)


@operation("prelu", where="tf", counted=True)
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """A ReLU with a slope that is learnt."""
    layer = layer_of("PReLU", int(prod(weight.shape)))
    return applied(layer, [input], {})  # type: ignore[no-any-return]


@operation("glu", where="f", counted=True)
def glu(input: Tensor, dim: int = -1) -> Tensor:
    """A gated linear unit, which halves an axis."""
    if not input.shape:
        raise Raised("glu halves an axis, a single number has none")
    at = axis_of("glu", dim, input.ndim, input.shape)
    if input.shape[at] % 2:
        raise Raised(f"glu halves dimension {at} of {shown(input.shape)}, which is odd")
    shape = (*input.shape[:at], input.shape[at] // 2, *input.shape[at + 1 :])
    half = Tensor(shape, strides=input.strides)
    return Tensor(shape, input.dtype, fields=input.fields, fed=input.fed,
                  strides=iterated_strides(shape, [half])).mixed(at)  # fmt: skip


@operation("cosine_similarity", where="tf", counted=True)
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine between vectors."""
    together = elementwise("cosine_similarity", x1, x2)
    at = axis_of("cosine_similarity", dim, together.ndim, together.shape)
    return Tensor([size for axis, size in enumerate(together.shape) if axis != at])


@operation("pairwise_distance", where="tf", counted=True)
def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6,
                      keepdim: bool = False) -> Tensor:  # fmt: skip
    """The distance between vectors."""
    together = elementwise("pairwise_distance", x1, x2)
    return Tensor((*together.shape[:-1], *((1,) if keepdim else ())))


@operation("scaled_dot_product_attention", where="f", counted=True)
def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Any = None,
                                 dropout_p: float = 0.0, is_causal: bool = False, scale: Any = None,
                                 enable_gqa: bool = False) -> Tensor:  # fmt: skip
    """softmax(QKᵀ)V over the last two axes."""
    for a, b, words in ((query.shape[-1], key.shape[-1], "query and key"),
                        (key.shape[-2], value.shape[-2], "key and value")):  # fmt: skip
        if not same(a, b):
            raise Raised(f"scaled_dot_product_attention: {words} differ, {size_text(a)} and "
                         f"{size_text(b)}")  # fmt: skip
    fronts = [query.shape[:-2]] if enable_gqa else [t.shape[:-2] for t in (query, key, value)]
    front = broadcast("scaled_dot_product_attention", *fronts)
    if isinstance(attn_mask, Tensor):
        broadcast("attn_mask", attn_mask.shape, (*front, query.shape[-2], key.shape[-2]))
    result = Tensor((*front, query.shape[-2], value.shape[-1]))
    scores = (*front, query.shape[-2], key.shape[-2])
    result.work = volume((*scores, query.shape[-1])) + volume((*scores, value.shape[-1]))
    return result


@operation("multi_head_attention_forward", where="f", counted=True)
def multi_head_attention_forward(query: Tensor, key: Tensor, value: Tensor,
                                 embed_dim_to_check: int, num_heads: int, *arguments: Any,
                                 need_weights: bool = True, **named: Any) -> Any:  # fmt: skip
    """Attention with many heads, its batch second."""
    layer = layer_of("MultiheadAttention", embed_dim_to_check, num_heads)
    return applied(layer, [query, key, value], {"need_weights": need_weights})


@operation("grid_sample", where="f", counted=True)
def grid_sample(input: Tensor, grid: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A feature map read at the places of a grid."""
    if grid.ndim != input.ndim or not same(grid.shape[-1], input.ndim - 2):
        raise Raised(f"grid_sample: {shown(grid.shape)} is no grid for {shown(input.shape)}")
    if not same(grid.shape[0], input.shape[0]):
        raise Raised(f"grid_sample: {shown(input.shape)} and {shown(grid.shape)} differ in their "
                     "first size")  # fmt: skip
    return Tensor((*input.shape[:2], *grid.shape[1:-1]), fed=input.fed)


@operation("affine_grid", where="f")
def affine_grid(theta: Tensor, size: Any, align_corners: Any = None) -> Tensor:
    """The places that an affine map makes of a shape's."""
    sizes = [as_size("affine_grid", each) for each in size]
    if theta.ndim != 3 or not same(theta.shape[0], sizes[0]):
        raise Raised(f"affine_grid: {shown(theta.shape)} is no map for each of {shown(sizes)}")
    return Tensor((sizes[0], *sizes[2:], len(sizes) - 2), fed=theta.fed)


def _loss(name: str) -> None:
    @operation(name, where="f")
    def loss(input: Tensor, target: Any, *arguments: Any, reduction: str = "mean",
             **named: Any) -> Tensor:  # fmt: skip
        if reduction == "none":
            if name in ("cross_entropy", "nll_loss", "kl_div") or not isinstance(target, Tensor):
                raise NotUnderstood(f"{name}() of every number isn't followed")
            return binary(input, target)
        return Tensor((), fed=input.fed)


LOSSES = [
    "mse_loss", "l1_loss", "cross_entropy", "nll_loss", "binary_cross_entropy", "kl_div",
    "smooth_l1_loss", "binary_cross_entropy_with_logits", "huber_loss", "cosine_embedding_loss",
    "margin_ranking_loss", "triplet_margin_loss", "hinge_embedding_loss", "ctc_loss",
    "poisson_nll_loss", "gaussian_nll_loss",
]  # fmt: skip
for _name in LOSSES:
    _loss(_name)
