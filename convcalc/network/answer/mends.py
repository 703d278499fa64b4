"""What would make a network fit: other layers, and other tensors.

A layer is proposed where it was made with the other number, and took what comes.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from math import prod
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, Layer, Shape, per_sample
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.answer.trace import FEATURES
from convcalc.network.answer.tree import kept
from convcalc.network.torch.functions.algebra import matmul
from convcalc.network.torch.sizes import shown
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood, Place
from convcalc.reading.syntax import source_of

if TYPE_CHECKING:
    from convcalc.network.torch.errors import Details
    from convcalc.network.torch.module import Module

TAKES = ("in_features", "in_channels", "num_features", "num_channels", "normalized_shape",
         "input_size", "embed_dim", "in1_features", "in2_features", "num_parameters",
         "num_embeddings")  # fmt: skip
"""The arguments of layers that have to be what comes in."""

# ---------------------------------------------------------------------------------------------
# Layers
# ---------------------------------------------------------------------------------------------


def of_layer(
    module: Module, inputs: Sequence[Tensor], made_by: Mapping[ast.Call, int], at: Place | None
) -> str:
    """Return what of a layer, or before it, would make it fit; `at` is where it doesn't."""
    mine = kept(module)
    layer, place, node = mine.layer, mine.place, mine.node
    if layer is None or not inputs or mine.calls:
        return ""  # what took its input before would break there
    shape = inputs[0].shape
    flat = flattened(shape) if len(shape) > 2 and type(layer).__name__ in FEATURES else None
    if flat is not None and gives(layer, flat):
        return "flattened before it, by x.flatten(1) or an nn.Flatten(), it would do"
    given = arguments_of(module)
    # Of feature maps a Linear takes all numbers of a sample, of sequences the last axis.
    candidates = [shape]
    if flat is not None and "Linear" in layer.name:
        candidates = [flat, shape] if len(shape) > 3 else [shape, flat]
    for candidate in candidates:
        for name, size in changes(given, candidate):
            other = made(type(layer), {**given, name: size})
            if other is None or not gives(other, candidate):
                continue
            would = f"{code(module, name, size)} would do"
            if place is not None and place.line and node is not None:
                would = f"{code(module, name, size)} in {place.seen_from(at)} would do"
                if made_by.get(node, 0) > 1 and not isinstance(written(module, name), ast.Constant):
                    several = f"this one of several that {place.seen_from(at)} makes"
                    would = f"{name} {size:,} would do for {several}"
            return would if candidate is shape else f"{would} after a flatten"
    return sibling(layer, given, shape)


def arguments_of(module: Module) -> dict[str, object]:
    """Return what a layer was made of, by name."""
    arguments, named = kept(module).arguments
    try:
        return dict(signature(type(kept(module).layer)).bind(*arguments, **named).arguments)
    except TypeError:
        return dict(named)


def changes(given: Mapping[str, object], shape: Shape) -> Iterator[tuple[str, int]]:
    """Yield the arguments that might be another, and the sizes that they might be."""
    sizes = [size for size in (*shape[-1:], *shape[1:2]) if not isinstance(size, Batch)]
    for name in TAKES:
        for size in sizes:
            if isinstance(given.get(name), int) and given[name] != size:
                yield name, int(size)


def made(kind: type[Layer], given: Mapping[str, object]) -> Layer | None:
    """Return a layer of other arguments, if there is one."""
    try:
        return kind(**given)
    except (ConvcalcError, TypeError):
        return None


def gives(layer: Layer, shape: Shape, wanted: Shape | None = None) -> bool:
    """Return whether a layer takes an input, and makes of it what is wanted."""
    try:
        output = layer.output(shape)
    except (ConvcalcError, TypeError):
        return False
    return wanted is None or bool(output == wanted)


def flattened(shape: Shape) -> Shape | None:
    """Return the shape after x.flatten(1)."""
    return (shape[0], prod(shape[1:])) if shape and isinstance(shape[0], Batch) else None


def code(module: Module, name: str, size: int) -> str:
    """Return the line that makes a layer with another number, in its author's words."""
    node, kind = kept(module).node, type(kept(module).layer).__name__
    if node is not None and source_of(node.func).split(".")[-1] == kind:
        old = written(module, name)
        if old is not None:
            changed = copy.deepcopy(node)
            at = next(at for at, each in enumerate(_given(node)) if each is old)
            new = ast.Constant(size)
            if at < len(changed.args):
                changed.args[at] = new
            else:
                changed.keywords[at - len(changed.args)].value = new
            return source_of(changed)
    words = [f"{key}={value!r}" for key, value in {**arguments_of(module), name: size}.items()]
    return f"nn.{kind}({', '.join(words)})"


def _given(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(each.value for each in node.keywords)]


def written(module: Module, name: str) -> ast.expr | None:
    """Return what stands for an argument in the call that made a layer, if it stands there."""
    node = kept(module).node
    if node is None:
        return None
    for each in node.keywords:
        if each.arg == name:
            return each.value
    at = list(signature(type(kept(module).layer)).parameters).index(name)
    starred = any(isinstance(each, ast.Starred) for each in node.args)
    return node.args[at] if at < len(node.args) and not starred else None


def sibling(layer: Layer, given: Mapping[str, object], shape: Shape) -> str:
    """Return the layer of the same kind for another number of axes, where that takes the input."""
    kind = type(layer).__name__
    if kind[-2:] not in ("1d", "2d", "3d"):
        return ""
    for digit in "123":
        other = f"{kind[:-2]}{digit}d"
        if len(shape) not in (int(digit) + 2, 2 if digit == "1" else 0):
            continue
        found = made(LAYERS[other], given) if other != kind and other in LAYERS else None
        if found is not None and gives(found, shape):
            return f"an nn.{other} would do"
    return ""


# ---------------------------------------------------------------------------------------------
# Operations
# ---------------------------------------------------------------------------------------------


def of_operation(told: Details, message: str) -> str:
    """Return what would make tensors fit together."""
    name, inputs = told.operation, told.inputs
    if name in ("+", "-", "*", "add", "torch.add") and len(inputs) == 2:
        return of_sum(*inputs)
    if name == "torch.cat" and len(inputs) > 1:
        return of_cat(inputs)
    if name in ("view", "reshape", "torch.reshape") and inputs:
        moved = "isn't possible" in message  # what it says does it already
        return "" if moved else of_view(told)
    if name in ("torch.matmul", "@", "matmul", "torch.bmm", "bmm") and len(inputs) == 2:
        left, right = inputs
        if right.ndim > 1 and not isinstance(right.shape[-2], Batch) and multiply(left, right):
            return "the second one transposed, .transpose(-2, -1), would do"
    return ""


def of_sum(left: Tensor, right: Tensor) -> str:
    """Return what would make two feature maps alike: an output padding, or a shortcut."""
    for one, other in ((left, right), (right, left)):
        maker = one.maker
        layer = kept(maker.module).layer if maker is not None else None
        if maker is None or layer is None:
            continue
        kind, given = type(layer).__name__, arguments_of(maker.module)
        named = signature(type(layer)).parameters
        for name, amounts in (("output_padding", range(1, 4)), ("padding", range(8))):
            for amount in amounts if name in named else ():
                new = made(type(layer), {**given, name: amount})
                if amount != given.get(name) and new and gives(new, maker.shape, other.shape):
                    return f"{name}={amount} in the {kind} would do"
    for source, wanted in ((left, right), (right, left)):
        shortcut = projection(source.shape, wanted.shape)
        if shortcut:
            return f"{shortcut} on the {shown(source.shape)} would do"
    return ""


def projection(source: Shape, wanted: Shape) -> str:
    """Return the 1 × 1 convolution that makes one shape of another, as shortcuts have it."""
    ndim = len(source) - 2
    if ndim not in (1, 2, 3) or len(wanted) != len(source) or source[0] != wanted[0]:
        return ""
    steps = {-(-int(a) // max(int(b), 1)) for a, b in zip(source[2:], wanted[2:], strict=True)}
    if len(steps) != 1 or any(isinstance(size, Batch) for size in (*source[1:], *wanted[1:])):
        return ""
    (step,) = steps
    layer = made(LAYERS[f"Conv{ndim}d"], {
        "in_channels": source[1], "out_channels": wanted[1], "kernel_size": 1, "stride": step,
    })  # fmt: skip
    if layer is None or not gives(layer, source, wanted):
        return ""
    stride = f", stride={step}" if step > 1 else ""
    return f"an nn.Conv{ndim}d({source[1]}, {wanted[1]}, kernel_size=1{stride})"


def multiply(left: Tensor, right: Tensor) -> bool:
    """Return whether two tensors have a product, the second one with its last axes exchanged."""
    try:
        matmul(left, Tensor((*right.shape[:-2], right.shape[-1], right.shape[-2]), right.dtype))
    except (RuntimeError, NotUnderstood):
        return False
    return True


def of_cat(tensors: Sequence[Tensor]) -> str:
    """Return what would make feature maps alike before they are put together."""
    first, *rest = tensors
    for each in rest:
        if each.ndim != first.ndim or each.ndim < 3:
            continue
        small, large = sorted((first, each), key=lambda tensor: prod(map(int, tensor.shape[2:])))
        missing = [int(b) - int(a) for a, b in zip(small.shape[2:], large.shape[2:], strict=True)]
        if any(missing) and all(0 <= gap <= 2 for gap in missing):
            amounts = ", ".join(f"0, {gap}" for gap in reversed(missing))
            return (
                f"F.pad(…, ({amounts})) of the {shown(small.shape)} before it would do, or an "
                "input whose sizes can be halved as often as the network does"
            )
    return ""


def of_view(told: Details) -> str:
    """Return how many numbers a view asks for, or the size that would do in its last place."""
    sizes = told.sizes
    asked = [size for size in sizes if not isinstance(size, Batch)]
    others = [size for size in asked if isinstance(size, int) and size != -1]
    if not sizes or not all(isinstance(size, int) for size in asked):
        return ""  # what no view takes: the sentence says it
    there = prod(per_sample(told.inputs[0].shape))
    if sizes[0] == -1 and len(asked) == 2:
        return f"{told.operation}(-1, {there}) would do"
    if isinstance(sizes[0], Batch) and -1 not in asked:
        if len(asked) == 1:
            return f"{there} in the place of {asked[0]} would do"
        wanted = prod(others)
        return f"{text.shape(others)} = {wanted:,} numbers are asked for, {there:,} are there"
    return ""
