"""What a layer's class does, done to tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from inspect import signature
from math import prod

from convcalc import text
from convcalc.formulas import ConvcalcError, TooLarge
from convcalc.layers.base import (
    AS_IMAGE,
    BROKEN,
    CHANNELS_LAST,
    KEPT,
    NEEDED,
    POINTWISE,
    REFUSED,
    STAY,
    VIEWED,
    Batch,
    Layer,
    Reach,
    Shape,
)
from convcalc.network.torch.batch import Samples
from convcalc.network.torch.dtypes import FLOAT32, INT32, INT64, DType
from convcalc.network.torch.errors import misfit, of_layer
from convcalc.network.torch.fields import Fields, seen_through
from convcalc.network.torch.functions.registry import tensors_in
from convcalc.network.torch.gradients.rules import (
    BACKWARD,
    COMPOSED,
    Call,
    by_layer,
    needs,
    whole,
)
from convcalc.network.torch.gradients.storage import Storage
from convcalc.network.torch.sizes import is_open, same_shape
from convcalc.network.torch.strides import (
    Strides,
    channels_last,
    iterated_strides,
    ordered,
    viewed_strides,
)
from convcalc.network.torch.tensor import Kept, Tensor, kind_together
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood

MOST_KNOWN = 1024
"""Of how many layers and inputs it is kept what comes of them, those asked about last."""


def shapes_of(value: object) -> object:
    """Return arguments with every tensor given by its shape."""
    if isinstance(value, Tensor):
        return value.shape
    if type(value) in (list, tuple) and isinstance(value, (list, tuple)):
        inner = [shapes_of(each) for each in value]
        return inner if any(isinstance(each, Tensor) for each in value) else type(value)(inner)
    if isinstance(value, dict):
        return {key: shapes_of(each) for key, each in value.items()}
    return value


def applied(
    layer: Layer,
    arguments: Sequence[object],
    named: Mapping[str, object],
    kind: DType | None = None,
    *,
    training: bool = True,
    weights: Mapping[str, object] | None = None,
) -> object:
    """Return what comes out of a layer: a tensor, or a tuple of what PyTorch returns.

    `kind` is that of its numbers, where it isn't what becomes of the input's; on `training` and
    `weights` depends what is kept for the backward.
    """
    inputs = [*tensors_in([*arguments, *named.values()])]
    if layer.name.startswith("Embedding") and inputs:
        check_rows(layer.parameters()["weight"] or (), inputs[0])
    try:
        if len(inputs) == len(arguments) == 1 and arguments[0] is inputs[0] and not named:
            output, work = _of_one(layer, *inputs[0].shape)
        else:
            shapes = [shapes_of(each) for each in arguments]
            others = {name: shapes_of(each) for name, each in named.items()}
            output, work = _worked_out(layer, [each.shape for each in inputs], shapes, others)
    except ConvcalcError as error:
        raise of_layer(error) from None
    except TypeError:
        names, least, open_ended = inputs_of(layer)
        many = len(arguments)
        if least <= many + len(named) and (many <= len(names) or open_ended):
            raise
        got = text.counted(many, "argument")
        raise misfit(f"takes {text.listed(names[:least])}, gets {got}", TypeError) from None
    first = inputs[0] if inputs else None
    if kind is None and first is not None:
        if layer.of_whole == NEEDED:
            check_indices(first)
        kind = _kind(layer, first.dtype if not layer.mixed else kind_together(inputs))
    result = _made(output, layer, first, any(t.fed for t in inputs), kind or FLOAT32)
    made = next(tensors_in(result), None)
    if made is not None:
        made.work = work
        if WATCHER.get().training and layer.keeps() is not None:
            call = Call(layer, arguments, named, result, training, weights or {})
            made.saved = partial(_kept, call)
        if getattr(layer, "batch_first", False) and made.ndim == 3:
            # It is worked out with its steps first, and turned.
            made.strides = ordered(made.shape, (2, 0, 1))
    return result


@lru_cache(maxsize=MOST_KNOWN)
def weights_of(layer: Layer) -> Mapping[str, Shape | None]:
    """Return the shapes of a layer's parameters by name, which it is asked for once."""
    return layer.parameters()


@lru_cache(maxsize=MOST_KNOWN, typed=True)  # since a batch is told by its type from other sizes
def _of_one(layer: Layer, *shape: int) -> tuple[object, int]:
    """Return what comes of one tensor alone, and its work: most layers recur in a network."""
    return _worked_out(layer, [shape], [shape], {})


@lru_cache(maxsize=MOST_KNOWN, typed=True)
def _reach(layer: Layer, *shape: int) -> Reach:
    """Return what the positions of the output read of such an input."""
    return layer.reach(shape)


def _worked_out(
    layer: Layer, inputs: Sequence[Shape], shapes: list[object], others: dict[str, object]
) -> tuple[object, int]:
    """Return what comes out of a layer, and its work."""
    output = _output(layer, inputs, shapes, others)
    if others:
        bound = signature(layer.output).bind(*shapes, **others)
        bound.apply_defaults()
        shapes = list(bound.args)
    return output, _shared_out(_work(layer, shapes), inputs)


def _work(layer: Layer, shapes: Sequence[object]) -> int:
    """Return the work of a layer that takes inputs of these shapes; refuse what nobody knows."""
    try:
        return layer.macs(*map(_counted_once, shapes))
    except TooLarge:
        raise
    except ConvcalcError as error:
        raise NotUnderstood(f"{layer.name} {error}") from None


def _kept(call: Call) -> Iterable[Kept] | None:
    """Return what a call of a layer keeps for its backward; None where no rule says so."""
    layer, made = call.layer, next(tensors_in(call.result), None)
    if layer.name in BACKWARD:
        WATCHER.get().works_back(BACKWARD[layer.name](call))
    elif made is not None and made.work:
        factors = [*call.inputs, call.weights.get("weight")]
        WATCHER.get().works_back(made.work * sum(map(needs, factors)))
    if layer.keeps() == "composed":
        return COMPOSED[layer.name](call)
    inputs = [*tensors_in(list(call.arguments)), *tensors_in(dict(call.named))]
    changed = bool(getattr(layer, "inplace", False))
    weight = call.weights.get("weight")
    own = [weight] if isinstance(weight, Tensor) else []
    return [*by_layer(layer, inputs, call.result, training=call.training, changed=changed), *own]


def check_eps(eps: object, training: object) -> None:
    """Raise where what batch normalisation adds to a variance is too small."""
    if isinstance(eps, (int, float)) and (eps < 0 or (training and not eps)):
        raise misfit(f"batch_norm eps must be positive, but got {eps}", ValueError)


def check_settings(name: str, settings: Sequence[object]) -> None:
    """Refuse a layer of which a setting depends on the batch, which it would take for a number."""
    for each in settings:
        for size in each if isinstance(each, (list, tuple)) else (each,):
            if is_open(size):
                raise NotUnderstood(f"{name} is made for a size that depends on the batch")


def _shared_out(work: int, inputs: Sequence[Shape]) -> int:
    """Return work as that of every sample, where it depends on the samples in another way."""
    sizes = [size for each in inputs for size in each if isinstance(size, Batch)]
    samples = max((size.samples for size in sizes), default=0)
    if isinstance(work, Batch) or not samples or work % samples:
        return work
    return Samples(work // samples, samples)


def _counted_once(value: object) -> object:
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


def check_indices(index: Tensor, by: str = "", kinds: Sequence[DType] = (INT32, INT64)) -> None:
    """Raise where numbers of this kind are no places of a table."""
    if whole(index).dtype.kind != "any" and index.dtype not in kinds:
        raise misfit(f"{by}takes whole numbers as indices, .long() before it would do")


def check_rows(table: Shape, index: Tensor) -> None:
    """Raise where a place is known that a table doesn't have."""
    for place in index.values or ():
        if isinstance(place, int) and not 0 <= place < table[0]:
            raise misfit(f"index {place} is beyond its table of {table[0]:,} rows", IndexError)


def _output(
    layer: Layer, inputs: Sequence[Shape], shapes: list[object], others: dict[str, object]
) -> object:
    """Return a layer's output; where the batch isn't its first axis, from those of two batches.

    A layer reckons with its sizes as with numbers: one that depends on the batch would be taken
    for that of a single sample.
    """
    first = 0 if layer.name == "MultiheadAttention" else 1
    output = layer.output
    if not any(is_open(size) for each in inputs for size in each[first:]):
        return output(*shapes, **others)  # type: ignore[arg-type]
    try:
        found = [
            output(*(with_batch(each, samples) for each in shapes),  # type: ignore[arg-type]
                   **{name: with_batch(each, samples) for name, each in others.items()})  # type: ignore[arg-type]
            for samples in TRIALS
        ]  # fmt: skip
    except ConvcalcError:
        output(*shapes, **others)  # type: ignore[arg-type]  # says it in the words of the batch
        raise
    return _for_any_batch(layer.name, *found)


TRIALS = (1009, 2003)
"""Batches that are tried: primes that no other size is a multiple of."""


def with_batch(value: object, samples: int) -> object:
    """Return shapes for so many samples, in plain numbers."""
    if isinstance(value, Batch) and not value.samples:
        return value.each * samples
    if isinstance(value, (list, tuple)):
        return type(value)(with_batch(each, samples) for each in value)
    if isinstance(value, dict):
        return {key: with_batch(each, samples) for key, each in value.items()}
    return value


def _for_any_batch(name: str, one: object, other: object) -> object:
    """Return what two outputs say of every batch; refuse where that isn't a multiple of it."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        if len(one) != len(other):
            raise NotUnderstood(f"how much comes out of {name} depends on the batch")
        return type(one)(map(_for_any_batch, [name] * len(one), one, other))
    if one is None or one == other or not isinstance(one, int):
        return one
    each = one // TRIALS[0]
    if (one, other) != tuple(each * samples for samples in TRIALS):
        raise NotUnderstood(f"a size that comes out of {name} depends on the batch")
    return Samples(each)


def _made(output: object, layer: Layer, first: Tensor | None, fed: bool, kind: DType) -> object:
    """Return the tensors of an output, what they see worked out from the first input."""
    if isinstance(output, list):
        made = [_made(each, layer, first, fed, kind) for each in output]
        if getattr(layer, "return_indices", False) and isinstance(made[1], Tensor):
            made[1].dtype = INT64
        return tuple(made)
    if not isinstance(output, tuple):
        return None
    if first is None:
        return Tensor(output, fed=fed)
    fields: Fields | None = None
    if first.fed and any(first.fields):
        fields = seen_through(_reach(layer, *first.shape), first.fields, len(output))
    result = Tensor(output, kind, strides=_laid_out(layer, first, output), fed=fed,
                    fields=fields)  # fmt: skip
    if layer.roomy:
        numbers = max(prod(map(int, each)) for each in (output, first.shape))
        result.held = Storage(numbers, result.dtype.itemsize)
    if same_shape(output, first.shape):
        result.story = first.story
    return result.viewing(first) if _is_view(layer, first, output) else result


def _is_view(layer: Layer, first: Tensor, output: Shape) -> bool:
    """Return whether an output shares its input's memory."""
    if layer.layout == VIEWED:
        return viewed_strides(first, output)[1]
    return layer.layout == KEPT


def _kind(layer: Layer, dtype: DType) -> DType:
    """Return the kind of numbers that come out; raise where those that come in aren't taken."""
    of_whole = layer.of_whole
    if of_whole == NEEDED:
        return FLOAT32
    if dtype.has_point or of_whole == STAY:
        return dtype
    if dtype.kind == "any" or of_whole == BROKEN:
        return FLOAT32
    if dtype.name in ("bool", "uint8"):
        raise NotUnderstood(f"whether {layer.name} takes {dtype} isn't followed")
    if of_whole == REFUSED:
        raise misfit("takes no whole numbers, .float() before it would do")
    return dtype


def _laid_out(layer: Layer, first: Tensor, output: Shape) -> Strides | None:
    """Return the strides of an output, where its input's numbers don't lie in their order."""
    if first.strides is None:
        return None
    layout = layer.layout
    if layout == VIEWED:
        return viewed_strides(first, output)[0]
    if layout == KEPT:
        return first.strides
    if layout == POINTWISE:
        return iterated_strides(output, [Tensor(output, strides=first.strides)])
    keeps = AS_IMAGE if first.ndim == 3 else CHANNELS_LAST
    return channels_last(first, output) if layout == keeps else None
