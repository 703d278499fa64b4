"""The layer vocabulary: every layer that convcalc knows, by the name of PyTorch's class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convcalc.formulas import ConvcalcError
from convcalc.layers import (
    activation,
    attention,
    convolution,
    linear,
    normalisation,
    padding,
    pooling,
    recurrent,
    reshaping,
    resizing,
)
from convcalc.layers.base import Layer

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        pooling.AdaptiveAvgPool1d,
        pooling.AdaptiveAvgPool2d,
        pooling.AdaptiveAvgPool3d,
        linear.AdaptiveLogSoftmaxWithLoss,
        pooling.AdaptiveMaxPool1d,
        pooling.AdaptiveMaxPool2d,
        pooling.AdaptiveMaxPool3d,
        activation.AlphaDropout,
        pooling.AvgPool1d,
        pooling.AvgPool2d,
        pooling.AvgPool3d,
        normalisation.BatchNorm1d,
        normalisation.BatchNorm2d,
        normalisation.BatchNorm3d,
        linear.Bilinear,
        activation.CELU,
        resizing.ChannelShuffle,
        padding.CircularPad1d,
        padding.CircularPad2d,
        padding.CircularPad3d,
        padding.ConstantPad1d,
        padding.ConstantPad2d,
        padding.ConstantPad3d,
        convolution.Conv1d,
        convolution.Conv2d,
        convolution.Conv3d,
        convolution.ConvTranspose1d,
        convolution.ConvTranspose2d,
        convolution.ConvTranspose3d,
        linear.CosineSimilarity,
        normalisation.CrossMapLRN2d,
        activation.Dropout,
        activation.Dropout1d,
        activation.Dropout2d,
        activation.Dropout3d,
        activation.ELU,
        linear.Embedding,
        linear.EmbeddingBag,
        activation.FeatureAlphaDropout,
        reshaping.Flatten,
        reshaping.Fold,
        pooling.FractionalMaxPool2d,
        pooling.FractionalMaxPool3d,
        activation.GELU,
        activation.GLU,
        recurrent.GRU,
        recurrent.GRUCell,
        normalisation.GroupNorm,
        activation.Hardshrink,
        activation.Hardsigmoid,
        activation.Hardswish,
        activation.Hardtanh,
        linear.Identity,
        normalisation.InstanceNorm1d,
        normalisation.InstanceNorm2d,
        normalisation.InstanceNorm3d,
        pooling.LPPool1d,
        pooling.LPPool2d,
        pooling.LPPool3d,
        recurrent.LSTM,
        recurrent.LSTMCell,
        normalisation.LayerNorm,
        normalisation.LazyBatchNorm1d,
        normalisation.LazyBatchNorm2d,
        normalisation.LazyBatchNorm3d,
        convolution.LazyConv1d,
        convolution.LazyConv2d,
        convolution.LazyConv3d,
        convolution.LazyConvTranspose1d,
        convolution.LazyConvTranspose2d,
        convolution.LazyConvTranspose3d,
        normalisation.LazyInstanceNorm1d,
        normalisation.LazyInstanceNorm2d,
        normalisation.LazyInstanceNorm3d,
        linear.LazyLinear,
        activation.LeakyReLU,
        linear.Linear,
        normalisation.LocalResponseNorm,
        activation.LogSigmoid,
        activation.LogSoftmax,
        pooling.MaxPool1d,
        pooling.MaxPool2d,
        pooling.MaxPool3d,
        pooling.MaxUnpool1d,
        pooling.MaxUnpool2d,
        pooling.MaxUnpool3d,
        activation.Mish,
        attention.MultiheadAttention,
        activation.PReLU,
        linear.PairwiseDistance,
        resizing.PixelShuffle,
        resizing.PixelUnshuffle,
        normalisation.RMSNorm,
        recurrent.RNN,
        recurrent.RNNBase,
        recurrent.RNNCell,
        recurrent.RNNCellBase,
        activation.RReLU,
        activation.ReLU,
        activation.ReLU6,
        padding.ReflectionPad1d,
        padding.ReflectionPad2d,
        padding.ReflectionPad3d,
        padding.ReplicationPad1d,
        padding.ReplicationPad2d,
        padding.ReplicationPad3d,
        activation.SELU,
        activation.SiLU,
        activation.Sigmoid,
        activation.Softmax,
        activation.Softmax2d,
        activation.Softmin,
        activation.Softplus,
        activation.Softshrink,
        activation.Softsign,
        normalisation.SyncBatchNorm,
        activation.Tanh,
        activation.Tanhshrink,
        activation.Threshold,
        reshaping.Unflatten,
        reshaping.Unfold,
        resizing.Upsample,
        resizing.UpsamplingBilinear2d,
        resizing.UpsamplingNearest2d,
        padding.ZeroPad1d,
        padding.ZeroPad2d,
        padding.ZeroPad3d,
    )
}
"""Every layer by the name of PyTorch's class."""

FAMILIES: dict[str, type[Layer]] = {
    "_AdaptiveAvgPoolNd": pooling.AdaptiveAvgPool,
    "_AdaptiveMaxPoolNd": pooling.AdaptiveMaxPool,
    "_BatchNorm": normalisation.BatchNormalisation,
    "_ConstantPadNd": padding.ConstantPad,
    "_ConvNd": convolution.Convolutional,
    "_ConvTransposeNd": convolution.TransposedConvolution,
    "_DropoutNd": activation.DropoutBase,
    "_InstanceNorm": normalisation.InstanceNormalisation,
    "_MaxPoolNd": pooling.MaxPool,
    "_NormBase": normalisation.ChannelNormalisation,
    "_ReflectionPadNd": padding.ReflectionPad,
    "_ReplicationPadNd": padding.ReplicationPad,
}
"""What PyTorch calls the classes that its layers share, by which models tell them apart."""

COMPOSED = (
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
)
"""What PyTorch puts together from other layers."""

LOSSES = (
    "BCELoss",
    "BCEWithLogitsLoss",
    "CTCLoss",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "GaussianNLLLoss",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "LinearCrossEntropyLoss",
    "MSELoss",
    "MarginRankingLoss",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "NLLLoss",
    "NLLLoss2d",
    "PoissonNLLLoss",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
)
"""Losses, which are known as such: they compare an output with what was wanted."""


def build(kind: str, arguments: Sequence[Any], named: dict[str, Any]) -> Layer:
    """Return the layer that PyTorch's class of this name builds from these arguments.

    Raises ConvcalcError where the arguments don't fit PyTorch's signature or have no meaning.
    """
    named = dict(named)
    # What print(model) shows more than the class takes.
    if kind.startswith("Lazy"):
        shown = arguments[:1] in ([0], (0,)) and (len(arguments) > 1 or named)
        arguments = arguments[1:] if shown else arguments
        named.pop("in_features", None)
    if kind.startswith("Upsampling"):
        named.pop("mode", None)
    layer: Any = LAYERS[kind]
    try:
        return layer(*arguments, **named)  # type: ignore[no-any-return]
    except TypeError:
        raise _unbound(layer, arguments, named) from None


def _unbound(layer: Any, arguments: Sequence[Any], named: dict[str, Any]) -> ConvcalcError:
    """Return what an error says of arguments that don't fit the signature."""
    from inspect import signature  # here, since it is loaded only where something is wrong

    parameters = signature(layer).parameters
    wrong = next((name for name in named if name not in parameters), None)
    message = f"there is no argument {wrong}"
    if wrong is None:
        try:
            signature(layer).bind(*arguments, **named)
        except TypeError as error:
            message = str(error)
    return ConvcalcError(f"{message}, the arguments are {', '.join(parameters) or 'none'}")
