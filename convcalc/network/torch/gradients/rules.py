"""What a call keeps for its backward, by the rule that stands beside its rule for shapes.

A rule is a text, a function or steps. A text names what is kept: an argument, `result`, `results`
or `places`, the whole numbers that come out; `input/other` keeps the input where the other one
needs a gradient. A function is called with the result and the arguments, and returns what is kept,
or None where that isn't known. Steps are what PyTorch makes of other functions, see `steps`.
Source: tools/autograd/derivatives.yaml of PyTorch 2.13, and what its hooks say of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from convcalc.layers.base import Companion, Layer, Shape
from convcalc.network.torch.dtypes import DTYPES, FLOAT32, INT64, REAL, DType
from convcalc.network.torch.gradients.storage import Storage
from convcalc.network.torch.strides import channels_last
from convcalc.network.torch.tensor import Kept, Tensor

Rule = str | Callable[..., Iterable[Kept] | None]
NOTHING = ""
"""The rule of what keeps nothing."""
CONSTANT = "constant"
"""The rule of what is made without a gradient, whatever it is made of."""
OF_LAYER = "layer"
"""The rule of what a layer does: its class has it, see `Tensor.saved`."""


def needs(value: object) -> bool:
    """Return whether a value is a tensor that needs a gradient, which is handed on."""
    return isinstance(value, Tensor) and value.linked and value.requires_grad


def memory_of(kept: Kept) -> Storage:
    """Return the memory of what is kept."""
    return kept.storage if isinstance(kept, Tensor) else kept


def memory(shape: Sequence[int], dtype: DType = FLOAT32) -> Storage:
    """Return new memory for the whole batch, that nothing else holds."""
    return Storage(prod(map(int, shape)), dtype.itemsize)


def copy_of(tensor: Tensor) -> Storage:
    """Return the memory of a copy of a tensor."""
    return memory(tensor.shape, tensor.dtype)


def whole(tensor: Tensor) -> Tensor:
    """Return a tensor that is used as one of whole numbers, which has their bytes then."""
    if tensor.dtype.kind == "any":
        tensor.storage.itemsize = INT64.itemsize
    return tensor


def work_back(
    work: int, rule: object, order: Sequence[str], given: Sequence[object],
    named: Mapping[str, object],
) -> int:  # fmt: skip
    """Return the work of the backward of a product: one for each factor that needs a gradient.

    The factors are those that a text keeps for one another; else all but what is added.
    """
    arguments = {**dict(zip(order, given, strict=False)), **named}
    if isinstance(rule, str):
        names = {word.partition("/")[0] for word in rule.split()}
        return work * sum(needs(arguments.get(name)) for name in names)
    several = (each for name, each in arguments.items() if name != "bias")
    return work * sum(map(needs, (*several, *given[len(order) :])))


def by_text(
    rule: str, result: object, order: Sequence[str], given: Sequence[object],
    named: Mapping[str, object],
) -> Iterator[Kept]:  # fmt: skip
    """Yield what a text says is kept of a call, its arguments given in an order or by name."""
    arguments = {**dict(zip(order, given, strict=False)), **named}
    several = result if isinstance(result, tuple) else (result,)
    for word in rule.split():
        name, _, other = word.partition("/")
        if other and not needs(arguments.get(other)):
            continue
        made = name in ("result", "results", "places")
        found = several if made else (arguments.get(name),)
        for each in found[:1] if name == "result" else found:
            if isinstance(each, Tensor) and (name != "places" or each.dtype.kind == "int"):
                yield each


# ---------------------------------------------------------------------------------------------
# Layers
# ---------------------------------------------------------------------------------------------


class Call(NamedTuple):
    """A call of a layer: its tensors in order and by name, and the weights that it has."""

    layer: Layer
    arguments: Sequence[object]
    named: Mapping[str, object]
    result: object
    training: bool
    weights: Mapping[str, object]

    @property
    def inputs(self) -> list[Tensor]:
        """The tensors that come in."""
        given = (*self.arguments, *self.named.values())
        return [each for each in given if isinstance(each, Tensor)]


BACKWARD: dict[str, Callable[[Call], int]] = {}
"""The multiply-accumulates of the backward of layers that aren't one product, by their names."""
COMPOSED: dict[str, Callable[[Call], Iterable[Kept] | None]] = {}
"""What layers keep that PyTorch makes of other operations, by their names."""


def of_companion(companion: Companion, dtype: DType = FLOAT32) -> Storage:
    """Return the memory of what a layer keeps besides, of the kind of its numbers unless said."""
    if companion.kind == "real":
        return memory(companion.shape, REAL.get(dtype, dtype))
    kind = DTYPES[companion.kind]
    return memory(companion.shape, dtype if kind is FLOAT32 and dtype.has_point else kind)


def by_layer(
    layer: Layer, inputs: Sequence[Tensor], result: object, *, training: bool = True,
    changed: bool = False,
) -> Iterator[Kept]:  # fmt: skip
    """Yield what a layer keeps by the rule in its class.

    What is `changed` in its place is kept as a copy, unless its own numbers are.
    """
    results: Sequence[Tensor] = result if isinstance(result, tuple) else (result,)
    input = inputs[0]
    rule = layer.saves_in_place if changed and layer.saves_in_place else layer.keeps()
    for word in (rule or "").split():
        if word == "result":
            yield results[0]
        elif word == "input" or (word == "graded" and input.requires_grad):
            yield copy_of(input) if changed else input
        elif word == "inputs":
            yield from inputs
        elif word in ("packed", "contiguous"):
            plain = input.strides is None or (word == "packed" and has_channels_last(input))
            yield input if plain else copy_of(input)
        elif word == "indices":
            yield from map(whole, inputs)
        elif word == "places":
            places = [each for each in (*results, *inputs) if each.dtype.kind == "int"]
            yield places[0] if places else memory(results[0].shape, INT64)
    shapes: list[Shape] = [each.shape for each in inputs]
    besides = layer.companions(*shapes, training=training)
    yield from (of_companion(each, results[0].dtype) for each in besides)


def has_channels_last(tensor: Tensor) -> bool:
    """Return whether maps have their channels last."""
    return tensor.ndim in (4, 5) and channels_last(tensor, tensor.shape) is not None
