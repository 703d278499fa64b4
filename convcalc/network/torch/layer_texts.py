"""What PyTorch's layers show of themselves between the brackets of their text.

Source: the `extra_repr` of each class of torch.nn 2.13.
"""

from __future__ import annotations

from convcalc.layers.base import Lazy
from convcalc.network.torch.module import Module

SHOWN = {
    "Adaptive*Pool*": "output_size",
    "*Dropout*": "p inplace",
    "AvgPool* MaxUnpool*": "kernel_size stride padding",
    "*BatchNorm* *InstanceNorm*": "=num_features eps momentum affine bias track_running_stats",
    "Bilinear": "in1_features in2_features out_features bias",
    "CELU ELU": "alpha ?inplace",
    "ChannelShuffle": "groups",
    "*Circular* *Reflection* *Replication* *Zero*": "=padding",
    "Constant*": "padding value",
    "*Conv*": "=in_channels =out_channels kernel_size stride ?padding ?dilation ?output_padding "
              "?groups ?bias ?padding_mode",
    "CrossMapLRN2d LocalResponseNorm": "=size alpha beta k",
    "EmbeddingBag": "=num_embeddings =embedding_dim ?max_norm ?norm_type ?scale_grad_by_freq "
                    "!mode ?padding_idx",
    "Embedding": "=num_embeddings =embedding_dim ?padding_idx ?max_norm ?norm_type "
                 "?scale_grad_by_freq ?sparse",
    "Flatten": "start_dim end_dim",
    "Fold": "output_size kernel_size dilation padding stride",
    "GELU": "!approximate",
    "GLU LogSoftmax Softmax Softmin": "dim",
    "*Cell*": "=input_size =hidden_size ?bias ?nonlinearity",
    "GRU LSTM RNN RNNBase": "=input_size =hidden_size ?proj_size ?num_layers ?bias ?batch_first "
                            "?dropout ?bidirectional",
    "GroupNorm": "=num_groups =num_channels eps affine bias",
    "Hardshrink Softshrink": "=lambd",
    "Hardtanh": "min_val max_val ?inplace",
    "LPPool*": "norm_type kernel_size stride ceil_mode",
    "LayerNorm": "=normalized_shape eps elementwise_affine bias",
    "*Linear": "in_features out_features bias",
    "LeakyReLU": "negative_slope ?inplace",
    "MaxPool*": "kernel_size stride padding dilation ceil_mode",
    "Mish ReLU ReLU6 SELU SiLU": "?inplace",
    "PReLU": "num_parameters",
    "PixelShuffle": "upscale_factor",
    "PixelUnshuffle": "downscale_factor",
    "RMSNorm": "=normalized_shape eps elementwise_affine",
    "RReLU": "lower upper ?inplace",
    "Softplus": "beta threshold",
    "Threshold": "threshold value ?inplace",
    "Unflatten": "dim unflattened_size",
    "Unfold": "kernel_size dilation padding stride",
    "Upsample Upsampling*": "!?size !?scale_factor !mode",
}  # fmt: skip
"""What the classes show in order: `=` the value alone, `!` as Python writes it, `?` if unusual."""

USUAL: dict[str, object] = {
    "padding": 0, "dilation": 1, "output_padding": 0, "groups": 1, "padding_mode": "zeros",
    "inplace": False, "padding_idx": None, "max_norm": None, "norm_type": 2, "sparse": False,
    "scale_grad_by_freq": False, "proj_size": 0, "num_layers": 1, "bias": True, "dropout": 0,
    "batch_first": False, "bidirectional": False, "nonlinearity": "tanh", "size": None,
    "scale_factor": None,
}  # fmt: skip
"""Values that some layers don't show."""


def pattern(kind: str) -> str:
    """Return what a class shows, by its name; nothing where it shows nothing."""
    from fnmatch import fnmatchcase  # here, since texts are rarely asked for

    return next(
        (words for names, words in SHOWN.items() for name in names.split()
         if fnmatchcase(kind, name)),
        "",
    )  # fmt: skip


def shown(module: Module, kind: str) -> str:
    """Return what stands between the brackets of a layer's text."""
    said, layer = [], module._convcalc.layer
    for word in pattern(kind).split():
        name = word.lstrip("=!?")
        value: object
        if isinstance(layer, Lazy) and name == "bias":
            value = bool(vars(layer)["_bias"] and getattr(layer, "affine", True))
        else:
            value = getattr(module, name, USUAL.get(name))
        if name == "bias" and not isinstance(value, bool):
            value = value is not None
        usual = USUAL.get(name)
        several = isinstance(value, (tuple, list)) and all(each == usual for each in value)
        if "?" in word and (several or value == usual):
            continue
        written = repr(value) if "!" in word or kind == "EmbeddingBag" else str(value)
        said.append(written if "=" in word else f"{name}={written}")
    return ", ".join(said)
