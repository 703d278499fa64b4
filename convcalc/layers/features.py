"""Layers with weights for channels or features: normalisations, Linear, and those without maps.

Every function takes the arguments of PyTorch's class by their names and order, for the number of
axes that comes first where there are several (https://pytorch.org/docs/stable/nn.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from convcalc.formulas import AXES, ConvcalcError, whole
from convcalc.layers.base import (
    Layer,
    ended,
    misfit,
    per_axis,
    shown,
    truth,
)
from convcalc.layers.windows import Shape


def _normalisation(num_features: int, ndims: Sequence[int], learnt: int, checked: bool) -> Layer:
    """Return a layer that normalises channels; `ndims` are the numbers of axes it takes."""
    whole("num_features", num_features, 1)

    def output(shape: Shape) -> Shape:
        if len(shape) - 1 not in ndims or (checked and shape[0] != num_features):
            axes = AXES.get(max(ndims), ("…",))
            raise misfit(shown((num_features, *axes)), shape)
        return shape

    return Layer(output=output, params=learnt * num_features)


def _learnt(affine: Any, bias: Any) -> int:
    """Return how many parameters each channel has."""
    return (1 + truth("bias", bias)) if truth("affine", affine) else 0


def batch_norm(
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
    """Batch normalisation; in 1-D of (c,) or (c, length)."""
    ndims = (0, 1) if ndim == 1 else (ndim,)
    return _normalisation(num_features, ndims, _learnt(affine, bias), checked=True)


def instance_norm(
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
    """Instance normalisation, which learns nothing unless it is affine."""
    # Without anything kept per channel, PyTorch only warns of another number of channels.
    checked = truth("affine", affine) or truth("track_running_stats", track_running_stats)
    layer = _normalisation(num_features, (ndim,), _learnt(affine, bias), checked)

    def output(shape: Shape) -> Shape:
        if prod(shape[1:]) == 1 and not track_running_stats:
            raise misfit("more than one position, over which it normalises", shape)
        return layer.output(shape)

    return replace(layer, output=output)


def group_norm(
    num_groups: int,
    num_channels: int,
    eps: float = 1e-5,
    affine: bool = True,
    device: Any = None,
    dtype: Any = None,
    *,
    bias: bool = True,
) -> Layer:
    """Group normalisation of any number of axes."""
    whole("num_channels", num_channels, 1)
    if num_channels % whole("num_groups", num_groups, 1):
        raise ConvcalcError(f"num_groups {num_groups} does not divide num_channels {num_channels}")
    return _normalisation(num_channels, range(8), _learnt(affine, bias), checked=True)


def layer_norm(
    normalized_shape: Any,
    eps: float | None = 1e-5,
    elementwise_affine: bool = True,
    bias: bool = True,
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    """Layer normalisation of the last axes, which have to be these."""
    ndim = len(normalized_shape) if isinstance(normalized_shape, (tuple, list)) else 1
    normalized = per_axis("normalized_shape", normalized_shape, ndim)

    def output(shape: Shape) -> Shape:
        if shape[-len(normalized) :] != normalized:
            raise misfit(f"a shape that ends in {shown(normalized)}", shape)
        return shape

    return Layer(output=output, params=_learnt(elementwise_affine, bias) * prod(normalized))


def rms_norm(
    normalized_shape: Any,
    eps: float | None = None,
    elementwise_affine: bool = True,
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    """Root-mean-square normalisation of the last axes, which have to be these."""
    return layer_norm(normalized_shape, eps, elementwise_affine, bias=False)


def local_response_norm(
    size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Layer:
    """Normalisation across neighbouring channels."""
    whole("size", size, 1)

    def output(shape: Shape) -> Shape:
        if len(shape) < 2:
            raise misfit("channels and at least one axis", shape)
        return shape

    return Layer(output=output)


def linear(
    in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
) -> Layer:
    """An affine map of the last axis: (…, in_features) to (…, out_features)."""
    whole("in_features", in_features, 1)
    whole("out_features", out_features, 1)

    def output(shape: Shape) -> Shape:
        if shape[-1] != in_features:
            raise misfit(f"{in_features:,} features", shape)
        return (*shape[:-1], out_features)

    return Layer(
        output=output,
        params=out_features * (in_features + truth("bias", bias)),
        macs=lambda shape, output: prod(shape) * out_features,
        reach=ended,
    )


def prelu(
    num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
) -> Layer:
    """PReLU, whose slope is shared or learnt per channel."""
    whole("num_parameters", num_parameters, 1)

    def output(shape: Shape) -> Shape:
        if num_parameters not in (1, shape[0]):
            raise misfit(f"{num_parameters:,} channels", shape)
        return shape

    return Layer(output=output, params=num_parameters)


def lazy_instance_norm(
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
    """The instance normalisation that LazyInstanceNorm becomes: affine, unlike InstanceNorm."""
    return instance_norm(ndim, num_features, eps, momentum, affine, track_running_stats, bias=bias)


def _counted_only(params: int) -> Layer:
    def output(shape: Shape) -> Shape:
        raise misfit("no feature maps, so that --params-only would do", shape)

    return Layer(output=output, params=params)


def embedding(num_embeddings: int, embedding_dim: int, *settings: Any, **named: Any) -> Layer:
    """A table of embeddings, looked up by index."""
    whole("num_embeddings", num_embeddings, 1)
    return _counted_only(num_embeddings * whole("embedding_dim", embedding_dim, 1))


def bilinear(
    in1_features: int,
    in2_features: int,
    out_features: int,
    bias: bool = True,
    device: Any = None,
    dtype: Any = None,
) -> Layer:
    """A bilinear map of two inputs."""
    whole("in1_features", in1_features, 1)
    whole("in2_features", in2_features, 1)
    inputs = in1_features * in2_features + truth("bias", bias)
    return _counted_only(whole("out_features", out_features, 1) * inputs)


def recurrent(
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
    """A recurrent network with so many gates: 1 in RNN, 3 in GRU, 4 in LSTM."""
    whole("input_size", input_size, 1)
    whole("hidden_size", hidden_size, 1)
    whole("num_layers", num_layers, 1)
    kept = whole("proj_size", proj_size, 0) or hidden_size
    directions = 1 + truth("bidirectional", bidirectional)
    biases = 2 * truth("bias", bias)

    def one_layer(inputs: int) -> int:
        weights = gates * hidden_size * (inputs + kept + biases)
        return directions * (weights + proj_size * hidden_size)

    above = one_layer(kept * directions)
    return _counted_only(one_layer(input_size) + (num_layers - 1) * above)
