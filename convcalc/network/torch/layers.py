"""A real class for each of PyTorch's layers, made when somebody asks for it.

What a layer does stands in convcalc/layers; here it is a module, whose attributes may be changed:
a call looks whether they are still those that the layer was made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from inspect import Parameter as Argument
from inspect import Signature, signature
from types import NoneType
from typing import Any, TypeVar

from convcalc import text
from convcalc.formulas import ConvcalcError, TooLarge
from convcalc.layers.base import KEPT, NEEDED, Layer, Lazy, tupled
from convcalc.layers.convolution import Convolutional, TransposedConvolution
from convcalc.layers.normalisation import BatchNormalisation
from convcalc.layers.vocabulary import FAMILIES, LAYERS
from convcalc.network.torch import layer_texts
from convcalc.network.torch.classes.checks import check_call, check_made, is_late, is_taken
from convcalc.network.torch.containers import ModuleList, Sequential
from convcalc.network.torch.dtypes import FLOAT32, INT64, DType, dtype_of
from convcalc.network.torch.errors import details, misfit, of_layer
from convcalc.network.torch.functions.as_layers.grading import grade, weight_of
from convcalc.network.torch.functions.layered import (
    MOST_KNOWN,
    applied,
    check_eps,
    check_settings,
    weights_of,
)
from convcalc.network.torch.functions.registry import (
    tensors_in,
    unknown_in,
)
from convcalc.network.torch.functions.signatures import heed_device
from convcalc.network.torch.module import Module
from convcalc.network.torch.sizes import Size
from convcalc.network.torch.tensor import Parameter, Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.attributes import kind as kind_of_value
from convcalc.reading.bounds import check_weight
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import MISSING, Needed, Unknown, Value, is_read, public

ROOMS = {
    "adaptive": "AdaptiveLog", "loss": ".*Loss", "conv": "_?(Lazy)?Conv",
    "batchnorm": "(Lazy|Sync|_)?BatchNorm|_NormBase", "instancenorm": "(Lazy|_)?InstanceNorm",
    "pooling": ".*[Pp]ool",
    "padding": ".*Pad[1-3N]", "dropout": "_?(Feature)?(Alpha)?Dropout",
    "rnn": "RNN|GRU|LSTM", "sparse": "Embedding", "fold": "Fold|Unfold",
    "normalization": "GroupNorm|LayerNorm|LocalR|CrossMap|RMSNorm", "flatten": "(Unf|F)latten",
    "linear": "(Lazy)?Linear|Bilinear|Identity|NonDyn", "distance": "Cosine|Pairwise",
    "upsampling": "Upsampl", "pixelshuffle": "Pixel", "channelshuffle": "ChannelS",
    "activation": "",
}  # fmt: skip
"""The files of torch.nn.modules, and how the names begin of what stands in them, the first that
fits; what fits none of the others is an activation."""


def room_of(name: str) -> str:
    """Return the module of PyTorch in which a class stands."""
    found = next(room for room, names in ROOMS.items() if re.match(names, name))
    return f"torch.nn.modules.{found}"


MADE: dict[str, type[Module]] = {}
"""The classes that somebody has asked for."""
KINDS: dict[type, type[Layer]] = {}
"""What the layers of these classes do."""


def layer_class(name: str) -> type[Module]:
    """Return the class of one of torch's layers, or of what several of them are made from."""
    if name not in MADE:
        kind = LAYERS.get(name) or FAMILIES[name]
        methods: dict[str, object] = {"__module__": room_of(name)}
        base = _base_of(kind)
        if base is Module:
            methods |= METHODS
        methods |= {key: does for names, key, does in OWN if re.match(names, name)}
        MADE[name] = public(type(name, (base,), methods))
        if name in LAYERS or kind is BatchNormalisation:
            KINDS[MADE[name]] = kind
    return MADE[name]


def _base_of(kind: type[Layer]) -> type[Module]:
    """Return the class of torch that a layer's class is made from, as far as models ask for it."""
    for base in kind.__mro__[1:]:
        if LAYERS.get(base.__name__) is base:
            return layer_class(base.__name__)
        for name, family in FAMILIES.items():
            if family is base:
                return layer_class(name)
    return Module


TAKEN: dict[type[Layer], Signature] = {}
"""What the classes of layers take, as far as somebody has asked."""


def taken_by(kind: type[Layer]) -> Signature:
    """Return what a layer's class takes, which is asked about for every layer that is made."""
    if kind not in TAKEN:
        TAKEN[kind] = signature(kind)
    return TAKEN[kind]


def kind_of(module: Module) -> type[Layer]:
    """Return what the layer does that a module's class is made from."""
    found = next((KINDS[cls] for cls in type(module).__mro__ if cls in KINDS), None)
    if found is None:
        base = next(cls for cls in type(module).__mro__ if cls.__name__ in FAMILIES)
        raise NotUnderstood(f"what is made from torch's {base.__name__} isn't followed")
    return found


# ---------------------------------------------------------------------------------------------
# Making
# ---------------------------------------------------------------------------------------------

Result = TypeVar("Result")
ABSENT = {"MultiheadAttention": ("in_proj_weight", "q_proj_weight", "k_proj_weight",
                                 "v_proj_weight", "in_proj_bias")}  # fmt: skip
"""Parameters that are None where there are others in their place."""
INSIDE = {"_added", "_asked", "_bias", "_bias_kv", "_gates", "_settings", "_size", "settings"}
"""Attributes of convcalc's layers that PyTorch's don't have."""


def _init(self: Module, *arguments: object, **named: object) -> None:
    """Make a layer of its arguments, as PyTorch's class does."""
    Module.__init__(self)
    kind = kind_of(self)
    name = f"nn.{kind.__name__}"
    for each in (*arguments, *named.values()):
        check_weight(each)
    bound = _bound(kind, *arguments, **named)
    dtype = dtype_of(bound.get("dtype"), FLOAT32)
    weight = bound.get("_weight")
    given = tuple(tuple(each) if isinstance(each, Size) else each for each in arguments)
    settings = {key: tuple(each) if isinstance(each, Size) else each for key, each in named.items()}
    unknown = unknown_in([*given, settings])
    if unknown is not None:
        if "Dropout" not in name:
            raise NotUnderstood(f"an argument of {name} isn't known: {unknown.why}")
        given = tuple(each for each in given if unknown_in(each) is None)
        settings = {key: each for key, each in settings.items() if unknown_in(each) is None}
    check_settings(name, (*given, *settings.values()))
    try:
        layer = _made(kind, *given, **settings)
    except ConvcalcError as error:
        value = bound.get(error.argument)
        if not isinstance(error, TooLarge) and _unfit(kind, given, settings) is None:
            if is_late(kind, error, bound):
                self._convcalc.refuses = str(error)
                _fill_roughly(self, kind, bound, dtype)
                return
            if is_taken(error, value):
                raise NotUnderstood(f"{name}: {error}") from None
        raise of_layer(error, name, _wrong(kind, given, settings, error)) from None
    except TypeError:
        wrong = _unfit(kind, given, settings)
        if wrong is None:
            raise NotUnderstood(f"{name} isn't followed with these arguments") from None
        taken = [each for each in taken_by(kind).parameters if each[0] != "_"]
        strange = next(
            (f"there is no argument {each}" for each in named if each not in taken), wrong
        )
        names = ", ".join(taken) or "none"
        raise misfit(f"{name}: {strange}, the arguments are {names}", TypeError) from None
    self._convcalc.arguments = given, settings
    if isinstance(layer, Lazy):
        holds = learns = bool(bound.get("affine", True))
        holds = holds or bool(bound.get("track_running_stats"))
    else:
        learns = any(each is not None for each in weights_of(layer).values())
        holds = learns or bool(layer.buffers())
    if holds and weight is None:
        heed_device(name, bound.get("device"))
    check_made(name, learns, dtype)
    _fill(self, layer, dtype)
    if weight is not None:
        _take_weight(self, weight)
    if settings.get("_freeze"):
        self.requires_grad_(False)
    _fill_children(self, layer, dtype)


def _once(does: Callable[..., Result]) -> Callable[..., Result]:
    """Return a function of a layer's class that is followed once for the same plain arguments.

    Most layers of a network recur, and what is made of a frozen class and plain values is frozen.
    """
    kept = lru_cache(maxsize=MOST_KNOWN, typed=True)(does)

    def ask(kind: Callable[..., Layer], /, *arguments: object, **named: object) -> Result:
        if all(map(_is_plain, arguments)) and all(map(_is_plain, named.values())):
            return kept(kind, *arguments, **named)
        return does(kind, *arguments, **named)

    return ask


def _is_plain(value: object) -> bool:
    """Return whether two values that are equal, and of one type, are the same to every layer."""
    kind = type(value)
    if kind is tuple and isinstance(value, tuple):
        return all(type(each) is int for each in value)
    return kind in (int, bool, float, str, NoneType)


@_once
def _made(kind: type[Layer], /, *given: object, **settings: object) -> Layer:
    """Return a layer, which those that are made alike share."""
    return kind(*given, **settings)


@_once
def _bound(kind: type[Layer], /, *arguments: object, **named: object) -> Mapping[str, object]:
    """Return the arguments of a class by their names; those by name alone where they don't fit."""
    try:
        bound = taken_by(kind).bind(*arguments, **named)
    except TypeError:
        return named
    bound.apply_defaults()
    return {**bound.arguments, **bound.arguments.pop("kwargs", {})}


def _fill_roughly(
    self: Module, kind: type[Layer], given: Mapping[str, object], dtype: DType
) -> None:
    """Give a layer that PyTorch refuses to call the weights that it has nevertheless."""
    if issubclass(kind, (Convolutional, Lazy)):
        heed_device(f"nn.{kind.__name__}", given["device"])
        check_made(f"nn.{kind.__name__}", True, dtype)
    if not issubclass(kind, Convolutional) or issubclass(kind, Lazy):
        return
    taken, made, groups = (given[each] for each in ("in_channels", "out_channels", "groups"))
    kernel = tupled(given["kernel_size"], kind.ndim)
    assert isinstance(taken, int)
    assert isinstance(made, int)
    assert isinstance(groups, int)
    if min(taken, made) < 0 or taken % groups or made % groups:
        raise misfit(f"nn.{kind.__name__} has no {taken} and {made} channels in {groups} groups")
    ends = (
        (taken, made // groups)
        if issubclass(kind, TransposedConvolution)
        else (made, taken // groups)
    )
    self._parameters["weight"] = Parameter((*ends, *kernel), dtype=dtype)
    self._parameters["bias"] = Parameter((made,), dtype=dtype) if given["bias"] else None


@classmethod  # type: ignore[misc]
def _signature(cls: type[Module]) -> Signature:
    """Return what the class takes, as `inspect.signature` has it."""
    kind = next(KINDS[each] for each in cls.__mro__ if each in KINDS)
    taken = {name: each for name, each in taken_by(kind).parameters.items() if name[0] != "_"}
    for name in ("device", "dtype"):
        taken.setdefault(name, Argument(name, Argument.KEYWORD_ONLY, default=None))
    return Signature(list(taken.values()))


def _wrong(
    kind: type[Layer], arguments: Sequence[object], named: dict[str, object], error: ConvcalcError
) -> type[Exception]:
    """Return what PyTorch raises where a layer refuses an argument: for its type, or its value."""
    try:
        bound = taken_by(kind).bind(*arguments, **named).arguments
    except TypeError:
        return TypeError
    value = bound.get(error.argument)
    known = value is None or isinstance(value, (int, float, str, tuple, list))
    broken = isinstance(value, float) and "whole" in error.message
    return ValueError if known and not broken else TypeError


def _room(kind: type[Layer]) -> str:
    return kind.__module__.rpartition(".")[2]


def _unfit(kind: type[Layer], arguments: Sequence[object], named: dict[str, object]) -> str | None:
    """Return what Python says of arguments for which a class has no place, or that it needs."""
    try:
        taken_by(kind).bind(*arguments, **named)
    except TypeError as error:
        return str(error)
    return None


def _fill(self: Module, layer: Layer, dtype: DType) -> None:
    """Take over the attributes, parameters and buffers of a layer."""
    kept = self._convcalc
    kept.layer = layer
    learnt: Mapping[str, Any] = {} if isinstance(layer, Lazy) else weights_of(layer)
    buffers: dict[str, Any] = {} if isinstance(layer, Lazy) else layer.buffers()
    more: dict[str, object] = {}
    if layer.name == "MultiheadAttention":
        more = {"bias_k": None, "bias_v": None}
    if layer.name.startswith("Upsampl"):
        more = {"name": layer.name}
    if _room(type(layer)) == "convolution":
        more = {"transposed": layer.transposed, **_reversed(layer)}  # type: ignore[attr-defined]
    attributes = {**more, **vars(layer)}
    learnt = {name: each for name, each in learnt.items() if each is not None or name not in more}
    kept.settings = {
        name: value for name, value in attributes.items()
        if name not in INSIDE and name not in learnt and name not in buffers
    }  # fmt: skip
    self.__dict__.update(kept.settings)
    for name, shape in learnt.items():
        if "." not in name:
            self._parameters[name] = None if shape is None else Parameter(shape, dtype=dtype)
    for name in ABSENT.get(layer.name, ()):
        self._parameters.setdefault(name, None)
    if hasattr(layer, "track_running_stats"):
        names = ("running_mean", "running_var", "num_batches_tracked")
        for each in names:
            self._buffers.pop(each, None)
        self._buffers |= dict.fromkeys(names[2:] if isinstance(layer, Lazy) else names)
    if isinstance(layer, Lazy) and getattr(layer, "track_running_stats", False):
        self._buffers["num_batches_tracked"] = Tensor((), INT64)
    if layer.name.startswith("Fractional"):
        self._buffers["_random_samples"] = None
    for name, shape in buffers.items():
        counts = name == "num_batches_tracked"
        self._buffers[name] = Tensor(shape, INT64 if counts else dtype)


def _reversed(layer: Any) -> dict[str, object]:
    """Return the padding of a convolution as PyTorch keeps it besides: from its last axis on."""
    both = [each for ends in reversed(layer.ends) for each in ends]
    kept = both if isinstance(layer.padding, str) else tuple(
        each for each in reversed(layer.padding) for _ in range(2)
    )  # fmt: skip
    return {"_reversed_padding_repeated_twice": kept}


def _take_weight(self: Module, weight: object) -> None:
    """Make the table of an embedding of a tensor."""
    own = self._parameters["weight"]
    if isinstance(weight, Unknown):
        raise Needed(weight)
    if own is None or not isinstance(weight, Tensor) or weight.shape != own.shape:
        raise misfit(
            "Shape of weight does not match num_embeddings and embedding_dim", AssertionError
        )
    own.dtype, own.values = weight.dtype, weight.values


def _fill_children(self: Module, layer: Layer, dtype: DType) -> None:
    """Give a layer the layers that it holds, by the names of their parameters."""
    learnt = {} if isinstance(layer, Lazy) else weights_of(layer)
    for name, shape in learnt.items():
        path, _, last = name.rpartition(".")
        if not path or last != "weight" or shape is None:
            continue
        owner: Module = self
        *outer, inner = path.split(".")
        for part, container in zip(outer, (ModuleList, Sequential), strict=False):
            found = owner._modules.setdefault(part, container())
            assert found is not None
            owner = found
        make: Callable[..., Module] = layer_class("Linear")
        if inner == "out_proj":
            make = _output_class()
        has_bias = learnt.get(f"{path}.bias") is not None
        owner._modules[inner] = make(shape[1], shape[0], has_bias, dtype=dtype)


def _output_class() -> type[Module]:
    """Return the class of the layer that makes an attention's output."""
    name = "NonDynamicallyQuantizableLinear"
    if name not in MADE:
        MADE[name] = public(type(name, (layer_class("Linear"),), {"__module__": room_of(name)}))
    return MADE[name]


# ---------------------------------------------------------------------------------------------
# Calling
# ---------------------------------------------------------------------------------------------


def _forward(self: Module, *arguments: object, **named: object) -> object:
    """Follow a layer: what comes out is what its class in convcalc/layers says."""
    layer = followed(self)
    if is_read(type(self)):
        own = next((name for name in INSIDE_OF_LAYERS if is_own(type(self), name)), None)
        if own == "_check_input_dim" and type(layer) is BatchNormalisation:
            self._check_input_dim(*arguments)  # type: ignore[operator]
            return _follow(self, layer, arguments, named)
        if own == "_conv_forward":
            return self._conv_forward(*arguments, **named, weight=self.weight, bias=self.bias)  # type: ignore[operator]
        if own is not None:
            raise NotUnderstood(f"{own} of {type(self).__name__} isn't followed")
    if type(layer) is BatchNormalisation:
        raise misfit("_check_input_dim isn't written", NotImplementedError)
    return _follow(self, layer, arguments, named)


def is_own(cls: type, name: str) -> bool:
    """Return whether a class that is read defines something in the place of torch's own."""
    return is_read(next((each for each in cls.__mro__ if name in vars(each)), Module))


def _follow(
    self: Module, layer: Layer, arguments: Sequence[object], named: dict[str, object]
) -> object:
    name = type(self).__name__
    unknown = unknown_in([*arguments, *named.values()])
    if unknown is not None:
        raise NotUnderstood(f"what goes into the {name} isn't known: {unknown.why}")
    inputs = [*tensors_in([*arguments, *named.values()])]
    if arguments and not isinstance(arguments[0], Tensor):
        if layer.layout == KEPT and len(arguments) == 1:
            return arguments[0]  # whatever it is
        got = kind_of_value(arguments[0])
        if isinstance(arguments[0], (tuple, list)):
            got += f" of {len(arguments[0])}, of which one is taken by its index"
        raise misfit(f"takes a tensor, gets {got}", TypeError)
    if inputs:
        layer = _seen(self, layer, inputs[0])
        by_chance = self.training and "Dropout" in layer.name and 0 < vars(layer)["p"] < 1
        if by_chance and inputs[0].dtype.kind in ("int", "bool", "complex"):
            raise misfit(f"takes no {inputs[0].dtype} in training, .float() before it would do")
    try:
        weights: dict[str, object] = {}
        if WATCHER.get().training:
            # Here, since only training asks what is kept: the rules of layers made of others.
            from convcalc.network.torch.functions.as_layers import composed  # noqa: F401

            weights = {name: weight_of(self, name) for name in weights_of(layer)}
        kind = check_call(layer, _own_kind(self), inputs, training=self.training)
        result = applied(layer, arguments, named, kind, training=self.training, weights=weights)
    except TypeError as error:
        if details(error) is not None:
            raise
        raise NotUnderstood(f"a {name} isn't followed with these arguments") from error
    table = self._parameters.get("weight") if layer.of_whole == NEEDED else None
    if table is not None and isinstance(result, Tensor):
        result.dtype = table.dtype
    idle = "Dropout" in layer.name and not (self.training and vars(layer)["p"])
    if idle and isinstance(result, Tensor):
        result.strides = inputs[0].strides  # it is the input itself
        result.viewing(inputs[0])
    if "BatchNorm" in layer.name:
        by_batch = self.training or not getattr(layer, "track_running_stats", True)
        check_eps(getattr(layer, "eps", 1), by_batch)
    by_batch = self.training and getattr(layer, "track_running_stats", False)
    if by_batch and isinstance(result, Tensor):
        result.mixed(*(axis for axis in range(result.ndim) if axis != 1))
    grade(self, inputs, result, weights)
    WATCHER.get().layer(self, inputs, result)
    return result


def _own_kind(self: Module) -> DType | None:
    """Return of which kind the numbers are that a layer keeps, where it keeps any."""
    for each in self._parameters.values():
        if isinstance(each, Tensor):
            return each.dtype
    mean = self._buffers.get("running_mean")
    by_channel = isinstance(mean, Tensor) and "BatchNorm" in type(self).__name__
    return mean.dtype if by_channel and mean is not None else None


def _seen(self: Module, layer: Layer, input: Tensor) -> Layer:
    """Return what a lazy layer becomes with its first input; any other as it is."""
    try:
        seen = layer.seen(input.shape)
    except ConvcalcError as error:
        if 0 in input.shape[1:]:
            raise NotUnderstood(f"a {layer.name} of no channels isn't followed") from None
        raise of_layer(error) from None
    if seen is not layer:
        if type(self) is layer_class(layer.name):
            self.__class__ = layer_class(seen.name)
        given, named = self._convcalc.arguments
        bound = _bound(type(layer), *given, **named)
        _fill(self, seen, dtype_of(bound.get("dtype"), FLOAT32))
    return seen


def followed(self: Module) -> Layer:
    """Return what a layer does with the attributes that it has now; refuse what isn't followed."""
    kept, kind = self._convcalc, type(self).__name__
    if kept.layer is None:
        if kind_of(self).lenient:
            raise NotUnderstood(f"{kind} isn't followed where {kept.refuses}")
        raise misfit(kept.refuses or f"{kind} was never made", ValueError)
    held = self.__dict__
    changed = {
        name: own for name, value in kept.settings.items()
        if (own := held.get(name, MISSING)) is not value and not _is_same(own, value)
    }  # fmt: skip
    layer = kept.layer
    shapes = {} if isinstance(layer, Lazy) else weights_of(layer)
    weights = {name: getattr(self, name, None) for name in shapes if "." not in name}
    missing = [name for name in weights if weights[name] is None and shapes[name] is not None]
    settings: dict[str, object] = {**changed}
    if missing == ["bias"] and "bias" in taken_by(type(layer)).parameters:
        settings["bias"], missing = False, []
    if isinstance(weights.get("bias"), Tensor) and shapes["bias"] is None:
        settings["bias"] = True  # it was given one
    if settings and not missing:
        made = _remade(layer, kept.arguments, settings)
        if made is None:
            raise _changed(kind, changed)
        layer, kept.arguments = made
        shapes = weights_of(layer)
        weights = {name: getattr(self, name, None) for name in shapes if "." not in name}
    wrong = [*missing]
    for name, own in weights.items():
        if own is not None and (not isinstance(own, Tensor) or own.shape != shapes[name]):
            wrong.append(name)
    if wrong:
        raise _changed(kind, [*changed, *wrong])
    kept.layer = layer
    if changed:
        kept.settings = {**kept.settings, **changed}  # which other modules may share
    return layer


def _is_same(own: object, value: object) -> bool:
    """Return whether an attribute is what it was when the layer was made."""
    return type(own) is type(value) and not isinstance(own, Value) and bool(own == value)


def _changed(kind: str, names: Sequence[str] | dict[str, object]) -> NotUnderstood:
    return NotUnderstood(
        f"{text.listed(sorted(names))} of the {kind} was changed, which isn't followed"
    )


def _remade(
    layer: Layer, made_of: tuple[tuple[object, ...], dict[str, object]], settings: dict[str, object]
) -> tuple[Layer, tuple[tuple[object, ...], dict[str, object]]] | None:
    """Return a layer with other settings, and what it is made of; None where it can't be made."""
    unknown = unknown_in(settings)
    if unknown is not None:
        raise unknown.refused()
    if any(each is MISSING for each in settings.values()):
        return None
    try:
        given = {**taken_by(type(layer)).bind(*made_of[0], **made_of[1]).arguments, **settings}
        return type(layer)(**given), ((), given)
    except (TypeError, ValueError):
        return None


# ---------------------------------------------------------------------------------------------
# Methods
# ---------------------------------------------------------------------------------------------


def _extra_repr(self: Module) -> str:
    """Return what PyTorch shows of the layer."""
    return layer_texts.shown(self, kind_of(self).__name__)


def _nothing(self: Module) -> None:
    """Change nothing that is followed."""


def _from_pretrained(
    cls: type[Module], /, embeddings: object, freeze: object = True, *given: object,
    **named: object,
) -> Module:  # fmt: skip
    """Return an embedding of a table that is there; the other arguments are those of the class."""
    if not isinstance(embeddings, Tensor):
        raise NotUnderstood("the table of the embedding isn't known")
    if embeddings.ndim != 2:
        raise misfit("Embeddings parameter is expected to be 2-dimensional", AssertionError)
    if isinstance(freeze, Unknown):
        raise Needed(freeze)
    if cls.__name__ == "EmbeddingBag" and len(given) > 5:
        given = (*given[:5], None, *given[5:])  # the class takes a table there
    make: Callable[..., Module] = cls
    made = make(*embeddings.shape, *given, **named)
    _take_weight(made, embeddings)
    return made.requires_grad_(not freeze)


def _conv_forward(self: Module, input: object, weight: object, bias: object) -> object:
    """Return what a convolution makes with these weights, which are as large as its own."""
    layer = followed(self)
    for name, given in (("weight", weight), ("bias", bias)):
        if isinstance(given, Unknown):
            raise Needed(given)
        shape = given.shape if isinstance(given, Tensor) else None
        if layer.parameters()[name] != shape:
            raise NotUnderstood(f"another {name} of a {layer.name} isn't followed")
    return _follow(self, layer, (input,), {})


def _convert_sync_batchnorm(
    cls: type[Module], /, module: Module, process_group: object = None
) -> Module:
    """Return a module with its normalisations made those of several machines."""
    made = module
    if isinstance(module, layer_class("_BatchNorm")):
        make: Callable[..., Module] = layer_class("SyncBatchNorm")
        names = ("num_features", "eps", "momentum", "affine", "track_running_stats")
        made = make(*(module.__dict__[name] for name in names))
        made._parameters, made._buffers = module._parameters, module._buffers
        made.training = module.training
    for name, child in module.named_children():
        made.add_module(name, _convert_sync_batchnorm(cls, child, process_group))
    return made


METHODS: dict[str, object] = {
    "__init__": _init, "_convcalc_signature": _signature,
    "forward": _forward, "extra_repr": _extra_repr, "reset_parameters": _nothing,
    "__constants__": Unknown("__constants__ of torch's layers isn't followed"),
}  # fmt: skip
INNER = {
    "_ConvNd": "_output_padding",
    "_NormBase": "_check_input_dim _check_non_zero_input_channels _apply_instance_norm "
                 "_get_no_batch_dim _handle_no_batch_input",
    "Circular": "_check_input_dim",
    "RNNBase": "all_weights check_forward_args check_hidden_size check_input permute_hidden "
               "get_expected_cell_size get_expected_hidden_size _init_flat_weights "
               "_update_flat_weights _weights_have_changed",
    "MultiheadAttention": "merge_masks",
    "Lazy": "cls_to_become has_uninitialized_params initialize_parameters _infer_parameters "
            "_lazy_load_hook _get_in_channels _get_num_spatial_dims",
    "AdaptiveLogSoftmaxWithLoss": "log_prob predict _get_full_log_prob",
    "Embedding": "_fill_padding_idx_with_zero",
}  # fmt: skip
"""What else PyTorch's layers have, by how their names begin, which isn't followed."""
OWN: tuple[tuple[str, str, object], ...] = (
    ("RNNBase", "flatten_parameters", _nothing),
    ("MultiheadAttention", "_reset_parameters", _nothing),
    ("_NormBase", "reset_running_stats", _nothing),
    ("_NormBase", "_version", 2),
    ("_ConvNd", "_conv_forward", _conv_forward),
    ("SyncBatchNorm", "convert_sync_batchnorm", classmethod(_convert_sync_batchnorm)),
    *(
        (name, key, Unknown(f"{key} of torch's layers isn't followed"))
        for name, keys in INNER.items() for key in keys.split()
    ),
    ("Embedding", "from_pretrained", classmethod(_from_pretrained)),
)  # fmt: skip
"""Methods of single layers."""
INSIDE_OF_LAYERS = ("_conv_forward", *(key for keys in INNER.values() for key in keys.split()))
"""Methods that torch's layers call, so that a class of one's own may change what they do."""
