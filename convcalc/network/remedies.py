"""What a network that doesn't fit is told: the place, what is expected, what comes, what would do.

Nothing is proposed that wasn't tried: a layer with another number is made, and given the input.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from math import prod
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, Layer, Shape, per_sample
from convcalc.layers.vocabulary import LAYERS
from convcalc.network import syntax
from convcalc.network.functions.algebra import matmul
from convcalc.network.modules import Class, Function, Instance, Module
from convcalc.network.refusals import NotUnderstood, Raised
from convcalc.network.tensors import Tensor, shown
from convcalc.network.trace import FEATURES, Misfit, layer_name, shapes_of

TAKES = ("in_features", "in_channels", "num_features", "num_channels", "normalized_shape",
         "input_size", "embed_dim", "in1_features", "in2_features", "num_parameters",
         "num_embeddings")  # fmt: skip
"""The arguments of layers that have to be what comes in."""

IMPORTS = {
    "F": "import torch.nn.functional as F", "nn": "import torch.nn as nn",
    "torch": "import torch", "np": "import numpy as np", "math": "import math",
    "OrderedDict": "from collections import OrderedDict",
    "partial": "from functools import partial",
    "copy": "import copy", "rearrange": "from einops import rearrange",
}  # fmt: skip


def explained(error: Raised, names: Mapping[int, str], made_by: Mapping[ast.Call, int]) -> Misfit:
    """Return the sentence of an error.

    `names` are those of the modules by their identity, `made_by` says how many a call made.
    """
    message, remedy = error.message, ""
    module = error.module
    name = layer = None
    if isinstance(module, Module):
        name, layer = names.get(id(module)) or None, layer_name(module)
        subject = f"{name} ({layer})" if name else layer
        joint = " " if message.split(" ")[0] in ("expects", "takes", "needs", "has") else ": "
        message = f"{subject}{joint}{message}"
        if error.kind == "RuntimeError" and module.layer is not None:
            remedy = remedy_of_layer(module, error.inputs, made_by)
        if error.inputs and module.layer is not None:
            message += told(error.inputs[0], error)
    elif error.operation:
        remedy = remedy_of_operation(error)
        if error.inputs and error.operation in ("view", "reshape", "torch.reshape"):
            message += told(error.inputs[0], error)
    elif error.kind == "AttributeError" and error.at is not None:
        remedy = set_without_self(error)
    elif error.kind == "NameError":
        remedy = remedy_of_name(error)
    if remedy and not message.endswith("would do"):
        message += f": {remedy}"
    return Misfit(
        message=message,
        file=error.at.file if error.at else None,
        line=error.at.line if error.at else None,
        name=name,
        layer=layer or error.operation or None,
        input=shapes_of(error.inputs[0] if len(error.inputs) == 1 else list(error.inputs))
        if error.inputs
        else None,
    )


def told(tensor: Tensor, error: Raised) -> str:
    """Return where the last size of a tensor comes from."""
    story = tensor.story
    if story is None or not story.place.line:
        return ""
    here = error.at is not None and story.place.file == error.at.file
    where = f"line {story.place.line}" if here else str(story.place)
    if error.at is not None and here and story.place.line == error.at.line:
        where = "the same line"
    return f", which is {text.shape(per_sample(story.before))} {story.verb} in {where}"


# ---------------------------------------------------------------------------------------------
# Layers
# ---------------------------------------------------------------------------------------------


def remedy_of_layer(
    module: Module, inputs: Sequence[Tensor], made_by: Mapping[ast.Call, int]
) -> str:
    """Return what of a layer, or before it, would make it fit."""
    layer = module.layer
    if layer is None or not inputs or module.calls:
        return ""  # what took its input before would break there
    shape = inputs[0].shape
    flat = flattened(shape) if len(shape) > 2 and type(layer).__name__ in FEATURES else None
    if flat is not None and fits(layer, flat):
        return "flattened before it, by x.flatten(1) or an nn.Flatten(), it would do"
    given = arguments_of(module)
    # Of feature maps a Linear takes all numbers of a sample, of sequences the last axis.
    candidates = [shape]
    if flat is not None and "Linear" in layer.name:
        candidates = [flat, shape] if len(shape) > 3 else [shape, flat]
    for candidate in candidates:
        for name, size in changes(given, candidate):
            other = made(type(layer), {**given, name: size})
            if other is None or not fits(other, candidate):
                continue
            would = f"{code(module, name, size)} would do"
            if module.place is not None and module.place.line and module.node is not None:
                would = f"{code(module, name, size)} in line {module.place.line} would do"
                if made_by.get(module.node, 0) > 1 and not is_literal(module, name):
                    words = f"{name} {size:,} would do"
                    would = f"{words} for this one of several that line {module.place.line} makes"
            return would if candidate is shape else f"{would} after a flatten"
    return sibling(layer, given, shape)


def arguments_of(module: Module) -> dict[str, Any]:
    """Return what a layer was made of, by name."""
    layer = module.layer
    arguments, named = module.arguments
    try:
        return dict(signature(type(layer)).bind(*arguments, **named).arguments)
    except TypeError:
        return dict(named)


def changes(given: dict[str, Any], shape: Shape) -> Iterator[tuple[str, int]]:
    """Yield the arguments that might be another, and the sizes that they might be."""
    sizes = [size for size in (*shape[-1:], *shape[1:2]) if not isinstance(size, Batch)]
    for name in TAKES:
        for size in sizes:
            if isinstance(given.get(name), int) and given[name] != size:
                yield name, int(size)


def made(kind: type[Layer], given: dict[str, Any]) -> Layer | None:
    """Return a layer of other arguments, if there is one."""
    try:
        return kind(**given)
    except (ConvcalcError, TypeError):
        return None


def fits(layer: Layer, shape: Shape) -> bool:
    """Return whether a layer takes an input."""
    try:
        layer.output(shape)
    except (ConvcalcError, TypeError):
        return False
    return True


def flattened(shape: Shape) -> Shape | None:
    """Return the shape after x.flatten(1)."""
    return (shape[0], prod(shape[1:])) if shape and isinstance(shape[0], Batch) else None


def code(module: Module, name: str, size: int) -> str:
    """Return the line that makes a layer with another number, in its author's words."""
    layer = module.layer
    assert layer is not None
    names = list(signature(type(layer)).parameters)
    node = module.node
    called = syntax.source_of(node.func).split(".")[-1] if node is not None else ""
    if node is not None and called == type(layer).__name__:
        changed = copy.deepcopy(node)
        at = names.index(name)
        starred = any(isinstance(each, ast.Starred) for each in changed.args)
        keyword = next((k for k in changed.keywords if k.arg == name), None)
        if keyword is not None:
            keyword.value = ast.Constant(size)
            return syntax.source_of(changed)
        if at < len(changed.args) and not starred:
            changed.args[at] = ast.Constant(size)
            return syntax.source_of(changed)
    given = {**arguments_of(module), name: size}
    words = [f"{key}={value!r}" for key, value in given.items()]
    return f"nn.{type(layer).__name__}({', '.join(words)})"


def is_literal(module: Module, name: str) -> bool:
    """Return whether an argument stands as a number in the line that makes a layer."""
    node, at = module.node, list(signature(type(module.layer)).parameters).index(name)
    if node is None:
        return False
    given = next((each.value for each in node.keywords if each.arg == name), None)
    if given is None and at < len(node.args):
        given = node.args[at]
    return isinstance(given, ast.Constant)


def sibling(layer: Layer, given: dict[str, Any], shape: Shape) -> str:
    """Return the layer of the same kind for another number of axes, where that takes the input."""
    kind = type(layer).__name__
    if kind[-2:] not in ("1d", "2d", "3d"):
        return ""
    for digit in "123":
        other = f"{kind[:-2]}{digit}d"
        if len(shape) not in (int(digit) + 2, 2 if digit == "1" else 0):
            continue
        found = made(LAYERS[other], given) if other != kind and other in LAYERS else None
        if found is not None and fits(found, shape):
            return f"an nn.{other} would do"
    return ""


# ---------------------------------------------------------------------------------------------
# Operations
# ---------------------------------------------------------------------------------------------


def remedy_of_operation(error: Raised) -> str:
    """Return what would make tensors fit together."""
    name = error.operation
    if name in ("+", "-", "*", "add", "torch.add") and len(error.inputs) == 2:
        return remedy_of_sum(*error.inputs)
    if name == "torch.cat" and len(error.inputs) > 1:
        return remedy_of_cat(error.inputs)
    if name in ("view", "reshape", "torch.reshape") and error.inputs:
        moved = "isn't possible" in error.message  # what it says does it already
        return "" if moved else remedy_of_view(error)
    if name in ("torch.matmul", "@", "matmul", "torch.bmm", "bmm") and len(error.inputs) == 2:
        left, right = error.inputs
        if right.ndim > 1 and not isinstance(right.shape[-2], Batch) and multiply(left, right):
            return "the second one transposed, .transpose(-2, -1), would do"
    return ""


def remedy_of_sum(left: Tensor, right: Tensor) -> str:
    """Return what would make two feature maps alike: an output padding, or a shortcut."""
    for one, other in ((left, right), (right, left)):
        maker = one.maker
        if maker is not None and maker.module.layer is not None:
            layer, given = maker.module.layer, arguments_of(maker.module)
            if "output_padding" in given or "ConvTranspose" in type(layer).__name__:
                for amount in (1, 2, 3):
                    new = made(type(layer), {**given, "output_padding": amount})
                    if new is not None and gives(new, maker.shape, other.shape):
                        return f"output_padding={amount} in the {type(layer).__name__} would do"
            for amount in range(8):
                if "padding" in signature(type(layer)).parameters and amount != given.get(
                    "padding"
                ):
                    new = made(type(layer), {**given, "padding": amount})
                    if new is not None and gives(new, maker.shape, other.shape):
                        return f"padding={amount} in the {type(layer).__name__} would do"
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


def gives(layer: Layer, shape: Shape, wanted: Shape) -> bool:
    """Return whether a layer makes one shape of another."""
    try:
        return bool(layer.output(shape) == wanted)
    except (ConvcalcError, TypeError):
        return False


def multiply(left: Tensor, right: Tensor) -> bool:
    """Return whether two tensors have a product, the second one with its last axes exchanged."""
    try:
        matmul(left, Tensor((*right.shape[:-2], right.shape[-1], right.shape[-2]), right.dtype))
    except (Raised, NotUnderstood):
        return False
    return True


def remedy_of_cat(tensors: Sequence[Tensor]) -> str:
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


def remedy_of_view(error: Raised) -> str:
    """Return how many numbers a view asks for, or the size that would do in its last place."""
    asked = [size for size in error.sizes if not isinstance(size, Batch)]
    if not all(isinstance(size, int) for size in asked):
        return ""  # what no view takes: the sentence says it
    there = prod(per_sample(error.inputs[0].shape))
    others = [size for size in asked if size != -1]
    if error.sizes and error.sizes[0] == -1 and len(asked) == 2:
        return f"{error.operation}(-1, {there}) would do"
    if error.sizes and isinstance(error.sizes[0], Batch) and -1 not in asked:
        if len(asked) == 1:
            return f"{there} in the place of {asked[0]} would do"
        wanted = prod(others)
        return f"{text.shape(others)} = {wanted:,} numbers are asked for, {there:,} are there"
    return ""


# ---------------------------------------------------------------------------------------------
# Names
# ---------------------------------------------------------------------------------------------


def set_without_self(error: Raised) -> str:
    """Return where a missing attribute is given to a plain name instead."""
    owner = error.owner
    if not isinstance(owner, Instance) or not error.attribute:
        return ""
    for cls in owner.cls.mro:
        for function in cls.namespace.values():
            if not isinstance(function, Function):
                continue
            for node in ast.walk(function.node):
                if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                        and node.id == error.attribute
                        and (error.at is None or node.lineno != error.at.line)):  # fmt: skip
                    return f"line {node.lineno} sets {node.id}, where self.{node.id} is meant"
    return ""


def remedy_of_name(error: Raised) -> str:
    """Return where a name that isn't defined is to be had."""
    name = error.attribute
    if name in IMPORTS:
        return f"{IMPORTS[name]} gives it"
    owner = error.owner
    if isinstance(owner, Instance):
        kept = [owner.attributes]
        if isinstance(owner, Module):
            kept += [owner.children, owner.parameters, owner.buffers]
        if any(name in each for each in kept) or not isinstance(owner.cls, Class):
            return f"self.{name} is there"
    return ""
