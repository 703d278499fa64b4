"""What a layer's class does, done to tensors."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, Layer, Window
from convcalc.network.functions.registry import tensors_in
from convcalc.network.refusals import NotUnderstood, Raised, raised
from convcalc.network.tensors import (
    Field,
    Fields,
    Tensor,
    channels_last,
    is_open,
    iterated_strides,
    ordered,
    same_shape,
    viewed_strides,
)


def shapes_of(value: Any) -> Any:
    """Return arguments with every tensor given by its shape."""
    if isinstance(value, Tensor):
        return value.shape
    if type(value) in (list, tuple):
        inner = [shapes_of(each) for each in value]
        return inner if any(isinstance(each, Tensor) for each in value) else type(value)(inner)
    if isinstance(value, dict):
        return {key: shapes_of(each) for key, each in value.items()}
    return value


def applied(layer: Layer, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
    """Return what comes out of a layer: a tensor, or a tuple of what PyTorch returns."""
    inputs = [*tensors_in(list(arguments)), *tensors_in(named)]
    if layer.name == "Embedding" and inputs:
        check_rows(layer.parameters()["weight"], inputs[0])
    shapes, others = [shapes_of(each) for each in arguments], shapes_of(named)
    try:
        output = _output(layer, inputs, shapes, others)
        if others:
            bound = signature(layer.output).bind(*shapes, **others)
            bound.apply_defaults()
            shapes = list(bound.args)
        work = _shared_out(layer.macs(*map(_counted_once, shapes)), inputs)
    except ConvcalcError as error:
        raise raised(error) from None
    except TypeError:
        names, least, open_ended = inputs_of(layer)
        if least <= len(shapes) + len(others) and (len(shapes) <= len(names) or open_ended):
            raise
        got = text.counted(len(shapes), "argument")
        raise Raised(f"takes {text.listed(names[:least])}, gets {got}", "TypeError") from None
    fed = any(tensor.fed for tensor in inputs)
    first = inputs[0] if inputs else None
    result = _made(output, layer, first, fed)
    made = next(tensors_in(result), None)
    if made is not None:
        made.work = work
        if getattr(layer, "batch_first", False) and made.ndim == 3:
            # It is worked out with its steps first, and turned.
            made.strides = ordered(made.shape, (2, 0, 1))
    return result


def check_settings(name: str, settings: Sequence[Any]) -> None:
    """Refuse a layer of which a setting hangs on the batch, which it would take for a number."""
    for each in settings:
        for size in each if isinstance(each, (list, tuple)) else (each,):
            if is_open(size):
                raise NotUnderstood(f"{name} is made for a size that hangs on the batch")


def _shared_out(work: int, inputs: Sequence[Tensor]) -> int:
    """Return work as that of every sample, where it hangs on the samples in another way."""
    sizes = [size for each in inputs for size in each.shape if isinstance(size, Batch)]
    samples = max((size.samples for size in sizes), default=0)
    if isinstance(work, Batch) or not samples or work % samples:
        return work
    return Batch(work // samples, samples)


def _counted_once(value: Any) -> Any:
    """Return a shape in which one size alone counts samples, since the work is each one's."""
    if isinstance(value, tuple) and sum(isinstance(size, Batch) for size in value) > 1:
        first = next(at for at, size in enumerate(value) if isinstance(size, Batch))
        return tuple(size if at <= first else int(size) for at, size in enumerate(value))
    return value


def inputs_of(layer: Layer | None) -> tuple[list[str], int, bool]:
    """Return what a forward takes: names, how many are needed, and whether more are taken.

    None stands for a Sequential, which takes one.
    """
    if layer is None:
        return ["input"], 1, False
    parameters = signature(layer.output).parameters.values()
    taken = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    needed = sum(each.default is each.empty for each in taken)
    return [each.name for each in taken], needed, len(taken) < len(parameters)


def check_indices(kind: str, by: str = "") -> None:
    """Raise where numbers of this kind are no places of a table."""
    if kind in ("float", "bool", "complex"):
        raise Raised(f"{by}takes whole numbers as indices, .long() before it would do")


def check_rows(table: Any, index: Tensor) -> None:
    """Raise where a place is known that a table doesn't have."""
    for place in index.values or ():
        if not 0 <= place < table[0]:
            raise Raised(f"index {place} is beyond its table of {table[0]:,} rows", "IndexError")


def _output(layer: Layer, inputs: Sequence[Tensor], shapes: Any, others: Any) -> Any:
    """Return a layer's output; where the batch isn't its first axis, from those of two batches.

    A layer reckons with its sizes as with numbers: one that hangs on the batch would be taken for
    that of a single sample.
    """
    first = 0 if layer.name == "MultiheadAttention" else 1
    if not any(is_open(size) for each in inputs for size in each.shape[first:]):
        return layer.output(*shapes, **others)
    try:
        found = [
            layer.output(*with_batch(shapes, samples), **with_batch(others, samples))
            for samples in TRIALS
        ]
    except ConvcalcError:
        layer.output(*shapes, **others)  # says it in the words of the batch
        raise
    return _for_any_batch(layer.name, *found)


TRIALS = (1009, 2003)
"""Batches that are tried: primes that no other size is a multiple of."""


def with_batch(value: Any, samples: int) -> Any:
    """Return shapes for so many samples, in plain numbers."""
    if is_open(value):
        return value.each * samples
    if isinstance(value, (list, tuple)):
        return type(value)(with_batch(each, samples) for each in value)
    if isinstance(value, dict):
        return {key: with_batch(each, samples) for key, each in value.items()}
    return value


def _for_any_batch(name: str, one: Any, other: Any) -> Any:
    """Return what two outputs say of every batch; refuse where that isn't a multiple of it."""
    if isinstance(one, (list, tuple)):
        if len(one) != len(other):
            raise NotUnderstood(f"how much comes out of {name} hangs on the batch")
        return type(one)(map(_for_any_batch, [name] * len(one), one, other))
    if one is None or one == other:
        return one
    each = one // TRIALS[0]
    if (one, other) != tuple(each * samples for samples in TRIALS):
        raise NotUnderstood(f"a size that comes out of {name} hangs on the batch")
    return Batch(each)


def _made(output: Any, layer: Layer, first: Tensor | None, fed: bool) -> Any:
    """Return the tensors of an output, what they see worked out from the first input."""
    if output is None:
        return None
    if isinstance(output, list):
        return tuple(_made(each, layer, first, fed) for each in output)
    if first is None:
        return Tensor(output, fed=fed)
    same = same_shape(output, first.shape)
    fields: Fields | None = None
    if first.fed and any(first.fields):
        fields = seen_through(layer.reach(first.shape), first.fields, len(output))
    result = Tensor(output, _kind(layer, first), strides=_laid_out(layer, first, output), fed=fed,
                    fields=fields)  # fmt: skip
    if same:
        result.story = first.story
    return result


def _kind(layer: Layer, first: Tensor) -> str:
    room = type(layer).__module__.rpartition(".")[2]
    moves = room in ("pooling", "padding", "reshaping") or "Shuffle" in layer.name
    if first.dtype in ("int", "bool") and moves:
        return first.dtype
    return "float" if first.dtype in ("any", "int", "bool") else first.dtype


def seen_through(reach: Sequence[Window | None], fields: Fields, ndim: int) -> Fields:
    """Return what the positions of an output see, from what those of the input do."""
    if len(reach) != ndim or len(fields) != ndim:
        return (None,) * ndim
    seen: list[Field | None] = []
    for window, field in zip(reach, fields, strict=True):
        seen.append(None if window is None or field is None else field.through(window))
    return tuple(seen)


def _laid_out(layer: Layer, first: Tensor, output: Sequence[int]) -> tuple[int, ...] | None:
    """Return the strides of an output, where its input's numbers don't lie in their order."""
    if first.strides is None:
        return None
    if layer.name in ("Flatten", "Unflatten"):
        return viewed_strides(first, output)[0]
    if layer.name == "Identity" or getattr(layer, "inplace", False):
        return first.strides
    if layer.name in POINTWISE:
        return iterated_strides(output, [Tensor(output, strides=first.strides)])
    if first.ndim == 3:
        return channels_last(first, output) if layer.name in AS_IMAGES else None
    if layer.name in ("Conv3d", "ConvTranspose3d"):
        kernel_size = layer.kernel_size  # type: ignore[attr-defined]
        return None if set(kernel_size) == {1} else channels_last(first, output)
    return channels_last(first, output) if layer.name in CHANNELS_LAST else None


POINTWISE = {
    "CELU", "ELU", "GELU", "GLU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh",
    "LeakyReLU", "Mish", "PReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus",
    "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold", "AlphaDropout", "Dropout",
    "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout", "LocalResponseNorm",
}  # fmt: skip
"""Layers that work out every number alone."""

AS_IMAGES = {"AvgPool1d", "AdaptiveAvgPool1d", "AdaptiveMaxPool1d", "LPPool1d"}
"""Layers that take a sequence for an image of one row."""

CHANNELS_LAST = {
    "Conv2d", "ConvTranspose2d", "BatchNorm2d", "BatchNorm3d",
    "MaxPool2d", "AvgPool2d", "MaxPool3d", "AvgPool3d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d",
    "Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d", "GroupNorm", "PixelShuffle",
    "PixelUnshuffle", "LPPool2d", "LPPool3d", "SyncBatchNorm", "ReflectionPad2d",
    "ReflectionPad3d", "ReplicationPad2d", "ReplicationPad3d", "ZeroPad1d", "ZeroPad2d",
    "ZeroPad3d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "ChannelShuffle",
}  # fmt: skip
"""Layers whose output lies as their input does, where that has its channels last."""
