"""Whether what a layer makes needs a gradient, and who is told what it keeps for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from convcalc.network.torch.functions.registry import GRADED, tensors_in
from convcalc.network.torch.gradients.rules import memory_of
from convcalc.network.torch.gradients.storage import GRADIENTS
from convcalc.network.torch.tensor import Parameter, Tensor
from convcalc.network.torch.watch import WATCHER

if TYPE_CHECKING:
    from convcalc.network.torch.module import Module


def weight_of(module: Module, name: str) -> object:
    """Return a weight of a layer, or of a layer within it."""
    *path, last = name.split(".")
    owner: Module | None = module
    for part in path:
        owner = owner._modules.get(part) if owner is not None else None
    found = getattr(owner, last, None)
    if not isinstance(found, Tensor) or isinstance(found, Parameter):
        return found
    worked_out = found.like()  # as before every call, by what norms it
    worked_out.saved = found.saved
    worked_out.learnt = any(each.requires_grad for each in parameters_of(module))
    return worked_out


def grade(
    module: Module, inputs: Sequence[Tensor], result: object, weights: Mapping[str, object]
) -> None:
    """Note what of a result needs a gradient, and tell who watches what is kept for it."""
    if not GRADIENTS.get():
        return
    learnt = (each for each in parameters_of(module) if each.requires_grad)
    if not any(each.requires_grad for each in inputs) and next(learnt, None) is None:
        return
    made = list(tensors_in(result))
    for tensor in made:
        if tensor.base is None:
            tensor.learnt = tensor.dtype.kind in GRADED
    watcher = WATCHER.get()
    if made and watcher.training and any(tensor.requires_grad for tensor in made):
        keeps, made[0].saved = made[0].saved, None
        kept = keeps() if keeps is not None else None
        if kept is None:
            watcher.keeps_unknown(type(module).__name__)
        else:
            watcher.keeps([*map(memory_of, kept)])
        for each in weights.values():
            if isinstance(each, Tensor) and not isinstance(each, Parameter):
                beside = each.saved() if each.saved is not None else None
                if beside is None:
                    watcher.keeps_unknown(
                        f"the weight of {type(module).__name__}, as it is worked out"
                    )
                else:
                    watcher.keeps([*map(memory_of, beside)])


def parameters_of(module: Module) -> Iterator[Parameter]:
    """Yield the parameters of a layer, and of those within it."""
    yield from (each for each in module._parameters.values() if isinstance(each, Parameter))
    for child in module._modules.values():
        if child is not None:
            yield from parameters_of(child)
