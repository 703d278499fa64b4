"""Classes of torch that are made of other layers: written in the Python that is read.

Also what changes a layer's parameters without changing what it does: weight_norm and its like.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from convcalc.network.containers import MODULE
from convcalc.network.modules import Builtin, Class, Module
from convcalc.network.natives import kind
from convcalc.network.refusals import NotUnderstood, Raised
from convcalc.network.tensors import Parameter, Tensor

NAMES = (
    "Transformer", "TransformerEncoder", "TransformerDecoder", "TransformerEncoderLayer",
    "TransformerDecoderLayer", "DataParallel", "DistributedDataParallel",
)  # fmt: skip
WRITTEN = Path(__file__).with_name("written")


def find(interpreter: Any, name: str, file: str = "transformer") -> Any:
    """Return a class that is written in the Python that is read."""
    return interpreter.written(WRITTEN / f"{file}.py.txt").attribute_of(interpreter, name)


def _parameter(module: Any, name: str) -> Parameter:
    if not isinstance(module, Module):
        raise Raised(f"a module is needed, not {kind(module)}", "TypeError")
    found = module.parameters.get(name)
    if not isinstance(found, Parameter):
        raise NotUnderstood(f"{module.cls.name} has no parameter {name} to be worked out")
    return found


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Make a weight a length and a direction, both of them learnt."""
    weight = _parameter(module, name)
    del module.parameters[name]
    if dim is None:
        lengths: tuple[int, ...] = ()
    else:
        at = dim % weight.ndim
        lengths = tuple(size if axis == at else 1 for axis, size in enumerate(weight.shape))
    module.parameters[f"{name}_g"] = Parameter(lengths)
    module.parameters[f"{name}_v"] = Parameter(weight.shape)
    module.attributes[name] = Tensor(weight.shape)
    return module


def spectral_norm(module: Any, name: str = "weight", *arguments: Any, **named: Any) -> Any:
    """Make a weight that is divided by its largest singular value."""
    weight = _parameter(module, name)
    del module.parameters[name]
    module.parameters[f"{name}_orig"] = Parameter(weight.shape)
    module.attributes[name] = Tensor(weight.shape)
    return module


def spectral_norm_in_place(module: Any, name: str = "weight", *rest: Any, **named: Any) -> Any:
    """Make a weight that is divided by its largest singular value, as a parametrization."""
    return spectral_norm(module, name)


def einops_layer(name: str, does: Builtin) -> Class:
    """Return a layer that does what a function of einops does."""

    def keep(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> None:
        self.ready = True
        self.attributes["given"] = arguments, named

    def forward(interpreter: Any, self: Module, input: Any) -> Any:
        arguments, named = self.attributes["given"]
        return interpreter.called(does, [input, *arguments], named)

    methods = {"__init__": keep, "forward": forward}
    return Class(name, [MODULE], {
        key: Builtin(f"{name}.{key}", method, reads=True) for key, method in methods.items()
    })  # fmt: skip


def lightning_class() -> Class:
    """Return Lightning's module, which is nn.Module as far as shapes go."""
    nothing = Builtin("nothing", lambda *arguments, **named: None)
    names = ("save_hyperparameters", "log", "log_dict", "freeze", "unfreeze")
    return Class("LightningModule", [MODULE], dict.fromkeys(names, nothing))
