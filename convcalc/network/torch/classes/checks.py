"""What PyTorch checks of a layer when it is made, and when it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from convcalc.formulas import ConvcalcError
from convcalc.layers.base import NEEDED, Layer, Lazy
from convcalc.layers.convolution import TransposedConvolution
from convcalc.network.torch.dtypes import ANY, FLOAT32, INT64, DType
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.signatures import heed_kinds, heed_limits
from convcalc.network.torch.gradients.storage import AUTOCAST
from convcalc.network.torch.sizes import is_open, shown
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood

UNCHECKED = ("pooling", "padding", "resizing", "reshaping")
"""Rooms of layers that PyTorch makes of any arguments, and refuses at their first call."""
AT_CALL = frozenset(
    "alpha approximate dilation kernel_size lambd lower output_padding padding size stride "
    "upper".split()
)
"""Arguments of other layers that it looks at when they are called."""
DEGENERATE = frozenset("mode nonlinearity num_features num_groups".split())
"""Arguments that it never looks at, or for some values alone."""


def is_late(kind: type[Layer], error: ConvcalcError, given: Mapping[str, object]) -> bool:
    """Return whether PyTorch makes a layer of its arguments, and refuses its first call."""
    room, argument = kind.__module__.rpartition(".")[2], error.argument
    value = given.get(argument)
    if room in UNCHECKED:
        small = type(value) is int and value < 1 and kind.__name__ == "FractionalMaxPool3d"
        checked = kind.lenient and (small or argument in ("output_ratio", ""))
        return not checked and (argument != "unflattened_size" or isinstance(value, (tuple, list)))
    if issubclass(kind, Lazy):
        late = argument in (*AT_CALL, "groups", "out_channels", "out_features")
    else:
        late = argument in AT_CALL
    kernel = given.get("kernel_size", 1)
    several = kernel if isinstance(kernel, (tuple, list)) else (kernel,)
    made = all(isinstance(each, int) and each >= 0 for each in several) and _has_groups(given)
    unequal = argument == "stride" and given.get("padding") == "same"
    return late and made and not unequal and not _is_mode(kind, argument, value)


def _has_groups(given: Mapping[str, object]) -> bool:
    """Return whether channels are made in groups, as far as the arguments say."""
    groups = given.get("groups", 1)
    return isinstance(groups, int) and groups > 0


def _is_mode(kind: type[Layer], argument: str, value: object) -> bool:
    """Return whether a padding is named, which convolutions look at when they are made."""
    return (
        argument == "padding"
        and isinstance(value, str)
        and not issubclass(kind, TransposedConvolution)
    )


def is_taken(error: ConvcalcError, value: object) -> bool:
    """Return whether PyTorch may take an argument without a meaning, which isn't followed."""
    nothing = value in (0, ()) and not isinstance(value, bool)
    odd = not isinstance(value, int) or value < 0
    return nothing or (odd and error.argument in DEGENERATE)


def check_made(name: str, learns: bool, dtype: DType) -> None:
    """Raise where there is something to be learnt in numbers of which there are no gradients."""
    if dtype.kind in ("int", "bool"):
        if not learns:
            raise NotUnderstood(f"{name} of {dtype} isn't followed")
        raise misfit(
            f"{name}: only numbers with a point can require gradients, not those of {dtype}"
        )


def check_call(
    layer: Layer, own: DType | None, inputs: Sequence[Tensor], *, training: bool
) -> DType | None:
    """Return the kind of numbers that comes out, where it isn't what the layer makes of its input.

    Raises where it doesn't take numbers of this kind, as its weights are of their `own`, or tensors
    of these sizes.
    """
    if not inputs:
        return None
    first, name = inputs[0], layer.name
    heed_limits(f"nn.{name}", vars(layer))
    by_chance = training and 0 < getattr(layer, "p", 0.5) < 1
    for mode in ("", "(training)")[: 1 + by_chance]:
        heed_kinds(f"nn.{name}{mode}", inputs if layer.mixed else [first], None)
    if 0 in layer.filled(first.shape):
        raise misfit(f"takes no axis of size 0, gets {shown(first.shape)}")
    if training:
        _check_trained(layer, first)
    if layer.of_whole == NEEDED and own is not None and own.kind == "complex":
        raise NotUnderstood(f"{name} of complex numbers isn't followed")
    for at, each in enumerate(inputs):
        said = each.dtype is not ANY
        if name.startswith("MaxUnpool") and at and said and each.dtype != INT64:
            raise misfit(f"takes indices of torch.int64, not of {each.dtype}")
        if name == "MultiheadAttention" and at > 2 and each.dtype.kind == "int":
            raise misfit(f"takes masks of truth values or numbers with a point, not {each.dtype}")
    if (
        "InstanceNorm" in name
        and getattr(layer, "track_running_stats", False)
        and not first.shape[0]
    ):
        raise misfit(f"takes no batch of 0, gets {shown(first.shape)}")
    if own is None or layer.of_whole == NEEDED:
        return None
    made = None
    for each in inputs:
        if each.dtype is ANY or (each.fed and each.dtype == FLOAT32):
            made = own  # of which kind the network's input is nobody said
        elif each.dtype != own and each.dtype.has_point and not AUTOCAST.get():
            half = own == FLOAT32 and each.dtype.name in ("float16", "bfloat16")
            if layer.mixes == "all" or (layer.mixes and half):
                continue
            if 0 in first.shape:
                raise NotUnderstood(f"{name} of nothing in {each.dtype} isn't followed")
            raise misfit(f"has weights of {own}, gets {each.dtype}: .to({own}) before it would do")
    return made


def _check_trained(layer: Layer, first: Tensor) -> None:
    """Raise where training takes more values than there are, or none."""
    shape, name = first.shape, layer.name
    if any(map(is_open, shape)) or 0 in shape:
        return
    if "BatchNorm" in name and len(shape) > 1 and prod(shape) == shape[1]:
        raise misfit(f"takes more than one value per channel in training, gets {shown(shape)}")
    if "InstanceNorm" in name and len(shape) > 2 and prod(shape[2:]) == 1:
        raise misfit(f"takes more than one position in training, gets {shown(shape)}")
    axes = {"Dropout2d": 1, "Dropout3d": 1, "FeatureAlphaDropout": 2}.get(name, 0)
    if len(shape) < axes:
        raise misfit(f"takes channels in training, gets {shown(shape)}")
    dropout = getattr(layer, "dropout", 0)
    if isinstance(dropout, (int, float)) and dropout > 1:
        raise misfit(f"drops out {dropout}, which is no share from 0 to 1", ValueError)
