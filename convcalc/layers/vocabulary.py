"""The layer vocabulary: every layer that convcalc knows, by the name of PyTorch's class."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any

from convcalc.formulas import ConvcalcError
from convcalc.layers import features, rearranging, sliding
from convcalc.layers.base import Layer
from convcalc.layers.windows import Shape

_PLAIN = Layer()

_ACTIVATIONS: dict[str, Callable[..., Layer]] = {
    "CELU": lambda alpha=1.0, inplace=False: _PLAIN,
    "ELU": lambda alpha=1.0, inplace=False: _PLAIN,
    "GELU": lambda approximate="none": _PLAIN,
    "GLU": rearranging.glu,
    "Hardshrink": lambda lambd=0.5: _PLAIN,
    "Hardsigmoid": lambda inplace=False: _PLAIN,
    "Hardswish": lambda inplace=False: _PLAIN,
    "Hardtanh": lambda min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None: (
        _PLAIN
    ),
    "LeakyReLU": lambda negative_slope=0.01, inplace=False: _PLAIN,
    "LogSigmoid": lambda: _PLAIN,
    "LogSoftmax": rearranging.softmax,
    "Mish": lambda inplace=False: _PLAIN,
    "PReLU": features.prelu,
    "RReLU": lambda lower=1 / 8, upper=1 / 3, inplace=False: _PLAIN,
    "ReLU": lambda inplace=False: _PLAIN,
    "ReLU6": lambda inplace=False: _PLAIN,
    "SELU": lambda inplace=False: _PLAIN,
    "SiLU": lambda inplace=False: _PLAIN,
    "Sigmoid": lambda: _PLAIN,
    "Softmax": rearranging.softmax,
    "Softmax2d": rearranging.softmax_2d,
    "Softmin": rearranging.softmax,
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
    "Dropout1d": rearranging.dropout_1d,
}

_BY_AXES: dict[str, Callable[..., Layer]] = {
    "AdaptiveAvgPool": sliding.adaptive_pool,
    "AdaptiveMaxPool": sliding.adaptive_max_pool,
    "BatchNorm": features.batch_norm,
    "CircularPad": rearranging.circular_pad,
    "ConstantPad": rearranging.constant_pad,
    "Conv": sliding.conv,
    "ConvTranspose": sliding.conv_transpose,
    "InstanceNorm": features.instance_norm,
    "LPPool": sliding.lp_pool,
    "MaxPool": sliding.max_pool,
    "ReflectionPad": rearranging.reflection_pad,
    "ReplicationPad": rearranging.replication_pad,
    "ZeroPad": rearranging.zero_pad,
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


_LAZY_BY_AXES: dict[str, Callable[..., Layer]] = {
    "BatchNorm": features.batch_norm,
    "Conv": sliding.conv,
    "ConvTranspose": sliding.conv_transpose,
    "InstanceNorm": features.lazy_instance_norm,
}

LAYERS: dict[str, Callable[..., Layer]] = {
    **_ACTIVATIONS,
    **_DROPOUTS,
    **{f"{name}{n}d": partial(builder, n) for name, builder in _BY_AXES.items() for n in (1, 2, 3)},
    "AvgPool1d": partial(sliding.avg_pool, 1),
    "AvgPool2d": partial(sliding.avg_pool_divided, 2),
    "AvgPool3d": partial(sliding.avg_pool_divided, 3),
    "Bilinear": features.bilinear,
    "ChannelShuffle": rearranging.channel_shuffle,
    "Embedding": features.embedding,
    "EmbeddingBag": features.embedding,
    "Flatten": rearranging.flatten,
    "Fold": rearranging.fold,
    "GRU": partial(features.recurrent, 3),
    "GroupNorm": features.group_norm,
    "Identity": lambda *arguments, **named: _PLAIN,
    "LSTM": partial(features.recurrent, 4),
    "LayerNorm": features.layer_norm,
    "Linear": features.linear,
    "LocalResponseNorm": features.local_response_norm,
    "PixelShuffle": rearranging.pixel_shuffle,
    "PixelUnshuffle": rearranging.pixel_unshuffle,
    "RMSNorm": features.rms_norm,
    "RNN": partial(features.recurrent, 1),
    "Unflatten": rearranging.unflatten,
    "Unfold": rearranging.unfold,
    "Upsample": rearranging.upsample,
    "UpsamplingBilinear2d": rearranging.upsampling_bilinear,
    "UpsamplingNearest2d": rearranging.upsampling_nearest,
    **{
        f"Lazy{name}{n}d": _lazy(partial(builder, n), itemgetter(0))
        for name, builder in _LAZY_BY_AXES.items()
        for n in (1, 2, 3)
    },
    "LazyLinear": _lazy(features.linear, itemgetter(-1)),
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
    signature = _signature(kind)
    try:
        bound = signature.bind(*arguments, **named)
    except TypeError as error:
        wrong = next((name for name in named if name not in signature.parameters), None)
        message = str(error) if wrong is None else f"there is no argument {wrong}"
        takes = ", ".join(signature.parameters) or "none"
        raise ConvcalcError(f"{message}, the arguments are {takes}") from None
    return LAYERS[kind](*bound.args, **bound.kwargs)
