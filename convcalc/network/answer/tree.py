"""The modules of a network, with names as `named_modules()` gives them.

What a class of somebody's file overrides (`named_modules`, `__getattr__`) plays no part here.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import cast

from convcalc.formulas import BYTES
from convcalc.network.torch.dtypes import COMPLEX64, FLOAT32
from convcalc.network.torch.module import Kept, Module
from convcalc.network.torch.tensor import Parameter
from convcalc.reading.bounds import DEEPEST
from convcalc.reading.exceptions import NotUnderstood, TooMuch
from convcalc.reading.values import Unknown, is_read


def kept(module: Module) -> Kept:
    """Return what is kept of a module beside what PyTorch keeps."""
    found: Kept
    try:
        found = object.__getattribute__(module, "_convcalc")
    except AttributeError:  # made by a __new__ of its own
        found = cast(Kept, Module.__getattr__(module, "_convcalc"))
    return found


def table(module: Module, name: str) -> dict[str, object]:
    """Return the `_modules`, `_parameters` or `_buffers` of a module; none before it is ready."""
    found = object.__getattribute__(module, "__dict__").get(name)
    return found if isinstance(found, dict) else {}


def named_children(module: Module) -> Iterator[tuple[str, Module]]:
    """Yield the children that are there; raise NotUnderstood where one isn't known."""
    for name, child in table(module, "_modules").items():
        if isinstance(child, Unknown):
            raise NotUnderstood(f"the module {name} isn't known: {child.why}")
        if isinstance(child, Module):
            yield name, child


def named_modules(root: Module, prefix: str = "") -> Iterator[tuple[str, Module]]:
    """Yield itself and all below, each once, by the name of the first place."""
    seen: set[int] = set()
    waiting = [(prefix, root, 1)]
    while waiting:
        name, module, depth = waiting.pop()
        if id(module) not in seen:
            check_depth(depth)
            seen.add(id(module))
            yield name, module
            if table(module, "_modules"):
                below = [
                    (f"{name}.{key}" if name else key, each, depth + 1)
                    for key, each in named_children(module)
                ]
                waiting += reversed(below)


def check_depth(depth: int) -> None:
    """Raise TooMuch where modules are nested too deep: their names alone would fill the memory."""
    if depth > DEEPEST:
        raise TooMuch(f"modules are nested more than {DEEPEST} deep")


def own_parameters(module: Module) -> Iterator[tuple[str, Parameter]]:
    """Yield the parameters that stand in this very module."""
    for name, parameter in table(module, "_parameters").items():
        if isinstance(parameter, Parameter):
            yield name, parameter


def parameters(root: Module) -> list[Parameter]:
    """Return every parameter once, those that are shared too."""
    found = {id(p): p for _, each in named_modules(root) for _, p in own_parameters(each)}
    return list(found.values())


def totals(parameters: list[Parameter]) -> tuple[int, int]:
    """Return how many numbers parameters hold, and how many of them are trained."""
    counts = [(prod(each.shape), each.requires_grad) for each in parameters]
    return sum(many for many, _ in counts), sum(many for many, trained in counts if trained)


def memory(parameters: list[Parameter], dtype: str) -> int:
    """Return the bytes of parameters: a float32 has those of the kind that is asked about."""
    kinds = {FLOAT32: BYTES[dtype], COMPLEX64: 2 * BYTES[dtype]}
    return sum(prod(each.shape) * kinds.get(each.dtype, each.dtype.itemsize) for each in parameters)


def layer_name(module: Module) -> str:
    """Return what a layer is called: by its own class, or what a lazy one became."""
    layer = kept(module).layer
    return type(module).__name__ if layer is None or is_own(module) else layer.name


def is_own(module: Module) -> bool:
    """Return whether the class of a module is read, and none that is written here."""
    return is_read(type(module))


def gathers(module: Module) -> bool:
    """Return whether a module is a layer with a forward of its own, which is one row."""
    return kept(module).layer is not None and is_own(module) and not table(module, "_modules")
