"""torch.nn: what its names are, and its rooms (init, utils, modules, functional)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from convcalc import text
from convcalc.layers.base import volume
from convcalc.layers.vocabulary import FAMILIES, LAYERS, LOSSES
from convcalc.network.torch.containers import CONTAINERS
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.changing.init import INIT
from convcalc.network.torch.functions.creating import TYPES
from convcalc.network.torch.functions.registry import FUNCTIONAL, TORCH
from convcalc.network.torch.functions.signatures import absent, names_of
from convcalc.network.torch.gradients.rules import memory
from convcalc.network.torch.gradients.storage import Storage
from convcalc.network.torch.layers import kind_of, layer_class
from convcalc.network.torch.module import Buffer, Module
from convcalc.network.torch.sizes import shown
from convcalc.network.torch.states import IncompatibleKeys
from convcalc.network.torch.tensor import ATTRIBUTES, METHODS, NAMES, SETTERS, Parameter, Tensor
from convcalc.network.torch.written.classes import WRITTEN, written
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import MISSING, Library, Needed, Unknown, public, unknown_library

NAMES.update(names_of("torch.Tensor"))


# ---------------------------------------------------------------------------------------------
# Parameters
# ---------------------------------------------------------------------------------------------


class Named(type):
    """A class that programs know by its name: what it makes, and what is an instance of it."""

    makes: Callable[..., object]
    of: type

    def __call__(cls, *arguments: object, **named: object) -> object:
        """Return what the class makes."""
        return cls.makes(*arguments, **named)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.of)

    @staticmethod
    def of_class(name: str, makes: Callable[..., object], of: type, room: str = "torch") -> Named:
        """Return the class that stands for another one."""
        made = Named(name, (), {"__module__": room})
        made.makes, made.of = makes, of
        return public(made)


def parameter(data: object = None, requires_grad: object = True) -> object:
    """Return an nn.Parameter of a tensor's numbers."""
    if isinstance(data, Unknown):
        return data
    if isinstance(requires_grad, Unknown):
        raise Needed(requires_grad)
    if data is None:
        return Parameter((0,), bool(requires_grad))
    if not isinstance(data, Tensor):
        raise misfit(f"nn.Parameter takes a tensor, not {type(data).__name__}", AttributeError)
    if requires_grad and data.dtype.kind in ("int", "bool"):
        raise misfit("Only Tensors of floating point and complex dtype can require gradients")
    made = Parameter(data.shape, bool(requires_grad), data.dtype)
    made.held, made.strides = data.storage, data.strides  # which lies in the same memory
    made.held.apart = True
    made.values = data.values
    return made


def buffer(data: object = None, *, persistent: bool = True) -> object:
    """Return an nn.Buffer of a tensor's numbers."""
    if isinstance(data, Unknown):
        return data
    if data is not None and not isinstance(data, Tensor):
        raise misfit(f"nn.Buffer takes a tensor, not {type(data).__name__}", AttributeError)
    return Buffer(Tensor((0,)) if data is None else data, persistent)


PARAMETERS: dict[str, object] = {
    "Parameter": Named.of_class("Parameter", parameter, Parameter, "torch.nn.parameter"),
    "Buffer": Named.of_class("Buffer", buffer, Buffer, "torch.nn.parameter"),
    "UninitializedParameter": Unknown("nn.UninitializedParameter isn't followed"),
}


def _class_of(tensor: Tensor) -> object:
    """Return the class of a tensor by which programs know it."""
    known = type(tensor).__name__ if isinstance(tensor, (Parameter, Buffer)) else ""
    return PARAMETERS.get(known, TYPES["Tensor"])


ATTRIBUTES["__class__"] = _class_of


# ---------------------------------------------------------------------------------------------
# torch.nn.utils
# ---------------------------------------------------------------------------------------------


def _weight(module: object, name: str) -> tuple[Module, Parameter]:
    """Return a module and a parameter of it, which is taken from it."""
    if isinstance(module, Unknown):
        raise Needed(module)
    if not isinstance(module, Module):
        raise misfit(f"a module is needed, not {type(module).__name__}", TypeError)
    found = module._parameters.get(name)
    if not isinstance(found, Parameter):
        raise NotUnderstood(f"{type(module).__name__} has no parameter {name} to be worked out")
    del module._parameters[name]
    return module, found


def _apart(owner: Module, key: str) -> None:
    """Refuse what would stand behind the buffers of a module in its state."""
    if key.startswith("parametrizations") and owner._buffers:
        raise NotUnderstood(f"a parametrization of {type(owner).__name__} isn't followed")


def _normed(first: str, second: str) -> Callable[..., object]:
    def weight_norm(module: object, name: str = "weight", dim: int | None = 0) -> object:
        """Make a weight a length and a direction, both of them learnt."""
        owner, weight = _weight(module, name)
        if dim is not None and not -weight.ndim <= dim < weight.ndim:
            raise misfit(f"weight_norm: there is no dimension {dim} in {shown(weight.shape)}",
                         IndexError)  # fmt: skip
        _apart(owner, first)
        lengths: tuple[int, ...] = ()
        if dim is not None and dim != -1:  # which stands for all of them
            at = dim % max(weight.ndim, 1)
            lengths = tuple(size if axis == at else 1 for axis, size in enumerate(weight.shape))
        for key, shape in ((first, lengths), (second, weight.shape)):
            made = Parameter(shape, weight.requires_grad, weight.dtype)
            owner._parameters[key.format(name)] = made
        worked_out = owner.__dict__[name] = weight.like()
        worked_out.saved = lambda: [memory(lengths) for _ in range(1 if dim is not None else 2)]
        return module

    return weight_norm


def _divided(original: str, left: str, right: str) -> Callable[..., object]:
    def spectral_norm(
        module: object,
        name: str = "weight",
        n_power_iterations: int = 1,
        eps: float = 1e-12,
        dim: int | None = None,
    ) -> object:
        """Make a weight that is divided by its largest singular value."""
        del n_power_iterations, eps  # no shape depends on them
        owner, weight = _weight(module, name)
        _apart(owner, original)
        owner._parameters[original.format(name)] = weight
        turned = "ConvTranspose" in kind_of(owner).__name__
        if dim is not None and not -weight.ndim <= dim < weight.ndim:
            raise misfit(f"spectral_norm: there is no dimension {dim} in {shown(weight.shape)}",
                         IndexError)  # fmt: skip
        at = int(turned) if dim is None else dim % max(weight.ndim, 1)
        rest = volume(size for axis, size in enumerate(weight.shape) if axis != at)
        lone = weight.ndim == 1 and original.startswith("parametrizations")  # which it divides
        vectors = ((left, weight.shape[at] if weight.shape else 1), (right, rest))
        for key, size in () if lone else vectors:
            owner._buffers[key.format(name)] = Tensor((size,), weight.dtype)
        worked_out = owner.__dict__[name] = weight.like()

        def keeps() -> list[Storage]:
            """Return the largest value, and what it is worked out with unless that is kept."""
            if weight.ndim < 2:
                return [memory((1,)), memory(())]
            again = original.startswith("parametrizations") or owner.training
            vectors = [memory((size,)) for size in (weight.shape[at], rest)]
            return [memory(()), *(vectors if again else [])]

        worked_out.saved = keeps
        return module

    return spectral_norm


def _undone(*keys: str) -> Callable[..., object]:
    def remove_norm(module: object, name: str = "weight") -> object:
        """Make a weight a parameter again."""
        if isinstance(module, Unknown):
            return module
        if not isinstance(module, Module) or keys[0].format(name) not in module._parameters:
            raise misfit(f"'{name}' of {type(module).__name__} isn't normed", ValueError)
        weight = module.__dict__.pop(name)
        for key in keys:
            module._parameters.pop(key.format(name), None)
            module._buffers.pop(key.format(name), None)
        module._parameters[name] = Parameter(weight.shape, dtype=weight.dtype)
        return module

    return remove_norm


def parameters_to_vector(parameters: Iterable[object]) -> object:
    """Return all numbers of some parameters in one row."""
    rows = []
    for each in parameters:
        if isinstance(each, Unknown):
            return each
        if not isinstance(each, Tensor):
            raise misfit(f"a parameter is needed, not {type(each).__name__}", TypeError)
        rows.append(METHODS["view"](each, -1))
    return TORCH["cat"](rows)


def vector_to_parameters(vec: object, parameters: Iterable[object]) -> None:
    """Give parameters the numbers of one row."""
    if not isinstance(vec, Tensor):
        raise misfit(f"expected torch.Tensor, but got: {type(vec).__name__}", TypeError)
    begin = 0
    for each in parameters:
        if isinstance(each, Unknown):
            raise Needed(each)
        assert isinstance(each, Tensor)
        part = vec[begin : begin + volume(each.shape)]
        begin += volume(each.shape)
        SETTERS["data"](each, METHODS["view_as"](part, each))


def clip_grad_norm_(
    parameters: object, max_norm: object, norm_type: object = 2.0,
    error_if_nonfinite: object = False, foreach: object = None,
) -> Unknown:  # fmt: skip
    """Change nothing: gradients aren't followed."""
    return NO_GRADIENT


def clip_grad_value_(parameters: object, clip_value: object, foreach: object = None) -> None:
    """Change nothing: gradients aren't followed."""


PARAMETRIZED = "parametrizations.{}.original"
SPECTRAL = (PARAMETRIZED, "parametrizations.{}.0._u", "parametrizations.{}.0._v")
PARAMETRIZATIONS: dict[str, object] = {
    "weight_norm": _normed(f"{PARAMETRIZED}0", f"{PARAMETRIZED}1"),
    "spectral_norm": _divided(*SPECTRAL),
}
NO_GRADIENT = Unknown("gradients aren't followed", harmless=True)
UTILS: dict[str, object] = {
    "weight_norm": _normed("{}_g", "{}_v"),
    "remove_weight_norm": _undone("{}_g", "{}_v"),
    "spectral_norm": _divided("{}_orig", "{}_u", "{}_v"),
    "remove_spectral_norm": _undone("{}_orig", "{}_u", "{}_v"),
    "parameters_to_vector": parameters_to_vector,
    "vector_to_parameters": vector_to_parameters,
    "clip_grad_norm_": clip_grad_norm_,
    "clip_grad_value_": clip_grad_value_,
    "clip_grad_norm": clip_grad_norm_,
    "get_total_norm": NO_GRADIENT,
    "parametrizations": Library(
        "torch.nn.utils.parametrizations", lambda name: PARAMETRIZATIONS.get(name, MISSING)
    ),
    "rnn": unknown_library("torch.nn.utils.rnn"),
}


# ---------------------------------------------------------------------------------------------
# torch.nn itself
# ---------------------------------------------------------------------------------------------


def _tuples(count: int) -> Callable[[object], tuple[object, ...]]:
    """Return what turns one value into as many as there are axes."""

    def parse(x: object) -> tuple[object, ...]:
        return tuple(x) if isinstance(x, Iterable) else (x,) * count

    return parse


_TUPLES: dict[str, object] = {
    "_single": _tuples(1), "_pair": _tuples(2), "_triple": _tuples(3), "_quadruple": _tuples(4),
    "_ntuple": _tuples,
}  # fmt: skip


def _addindent(s_: str, numSpaces: int) -> str:
    return s_.replace("\n", "\n" + " " * numSpaces)


def find(name: str) -> object:
    """Return what a name of torch.nn is; raise AttributeError where it has none like it."""
    if name in CONTAINERS:
        return CONTAINERS[name]
    if name in LAYERS or name in FAMILIES:
        return layer_class(name)
    if name in LOSSES:
        from convcalc.network.torch.classes.losses import loss_class  # here, as few have losses

        return loss_class(name)
    if name in WRITTEN:
        return written(name)
    if name in PARAMETERS:
        return PARAMETERS[name]
    if name in ROOMS:
        return ROOMS[name]
    if not absent("torch.nn", name):
        return MISSING
    hint = text.hint(name, [*LAYERS, *CONTAINERS, *WRITTEN])
    if not hint and name[:1].isupper():  # which a later PyTorch may have
        return MISSING
    raise misfit(f"torch.nn has no {name}{hint}", AttributeError)


def _get_enum(reduction: object) -> int:
    """Return the number by which torch knows what becomes of the losses of all numbers."""
    numbers = {"none": 0, "mean": 1, "elementwise_mean": 1, "sum": 2}
    if isinstance(reduction, Unknown):
        raise Needed(reduction)
    if not isinstance(reduction, str) or reduction not in numbers:
        raise misfit(f"{reduction} is not a valid value for reduction", ValueError)
    return numbers[reduction]


REDUCTION = Library("torch.nn._reduction", {"get_enum": _get_enum}.get)


def _in_modules(name: str) -> object:
    return MODULES[name] if name in MODULES else find(name)


def _function(name: str) -> object:
    """Return what a name of torch.nn.functional is."""
    found = FUNCTIONAL.get(name, TORCH.get(name, MISSING))
    if name == "_Reduction":
        return REDUCTION
    if absent("torch.nn.functional", name):
        hint = text.hint(name, FUNCTIONAL)
        raise misfit(f"torch.nn.functional has no {name}{hint}", AttributeError)
    return found


NN = Library(
    "torch.nn", find, lambda: iter((*CONTAINERS, *LAYERS, *LOSSES, *WRITTEN, *PARAMETERS)), names_of
)
F = Library("torch.nn.functional", _function, lambda: iter(FUNCTIONAL), names_of)
_OF_MODULE: dict[str, object] = {"_addindent": _addindent, "_IncompatibleKeys": IncompatibleKeys}
MODULES: dict[str, object] = {
    "utils": Library("torch.nn.modules.utils", lambda name: _TUPLES.get(name, MISSING)),
    "module": Library(
        "torch.nn.modules.module", lambda name: _OF_MODULE.get(name) or find(name)
    ),
    **{
        room: Library(f"torch.nn.modules.{room}", find)
        for room in (
            "conv", "pooling", "batchnorm", "linear", "activation", "container", "rnn", "sparse",
            "normalization", "dropout", "loss", "padding", "upsampling", "transformer", "flatten",
            "instancenorm", "pixelshuffle", "distance", "fold", "channelshuffle", "adaptive",
        )
    },
}  # fmt: skip


@public
class BlockMask:
    """A mask in blocks, which nothing that is followed makes."""


ATTENTION: dict[str, object] = {
    "flex_attention": Library(
        "torch.nn.attention.flex_attention",
        lambda name: {"BlockMask": BlockMask}.get(name, MISSING),
    )
}
ROOMS: dict[str, object] = {
    "functional": F,
    "init": INIT,
    "utils": Library("torch.nn.utils", lambda name: UTILS.get(name, MISSING)),
    "modules": Library("torch.nn.modules", _in_modules),
    "parameter": Library("torch.nn.parameter", lambda name: PARAMETERS.get(name, MISSING)),
    "parallel": Library("torch.nn.parallel", find),
    "attention": Library("torch.nn.attention", lambda name: ATTENTION.get(name, MISSING)),
    "_reduction": REDUCTION,
}
