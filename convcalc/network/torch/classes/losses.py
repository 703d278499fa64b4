"""A real class for each of PyTorch's losses: what its function makes, with settings that are kept.

Source: https://docs.pytorch.org/docs/stable/nn.html#loss-functions
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

from convcalc import text
from convcalc.layers.base import volume
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.losses import AGED, OF_MODULES, check_margin, reduction_of
from convcalc.network.torch.functions.registry import (
    FUNCTIONAL,
    Operation,
    Said,
    tensors_in,
    unknown_in,
)
from convcalc.network.torch.functions.shaping import reshape
from convcalc.network.torch.functions.signatures import (
    heed_device,
    heed_kinds,
    heed_limits,
    overloads,
)
from convcalc.network.torch.layers import MADE, layer_class, room_of
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.values import public

USUAL: dict[str, object] = {
    "weight": None, "size_average": None, "reduce": None, "reduction": "mean", "pos_weight": None,
    "blank": 0, "zero_infinity": False, "margin": 1.0, "ignore_index": -100, "p": 2.0,
    "label_smoothing": 0.0, "full": False, "eps": 1e-6, "delta": 1.0, "log_target": False,
    "log_input": True, "beta": 1.0, "swap": False, "distance_function": None,
}  # fmt: skip
"""What settings are where nobody sets them."""
OTHERS: dict[str, dict[str, object]] = {
    "CosineEmbeddingLoss": {"margin": 0.0}, "MarginRankingLoss": {"margin": 0.0},
    "MultiMarginLoss": {"p": 1}, "PoissonNLLLoss": {"eps": 1e-8},
}  # fmt: skip
"""What some are in single losses."""
BY_NAME = ("GaussianNLLLoss", "TripletMarginWithDistanceLoss")
"""Losses whose settings are given by name alone."""


def _loss(self: Module) -> tuple[str, str, list[str], list[str]]:
    """Return the name of a loss, its function's, and its tensors and settings in their order."""
    kind = next(cls.__name__ for cls in type(self).__mro__ if cls.__name__ in OF_MODULES)
    function = OF_MODULES[kind]
    (way,) = overloads(f"F.{function}")
    settings = [name for name in (*way.in_order, *sorted(way.types)) if name not in way.needed]
    own = list(dict.fromkeys(settings))
    if own[-1] == "weight":  # which functions take that have got it later
        own.pop()
    return kind, function, list(way.needed), own


def _init_loss(self: Module, *arguments: object, **named: object) -> None:
    """Make a loss of its settings."""
    Module.__init__(self)
    kind, _, _, names = _loss(self)
    most = 0 if kind in BY_NAME else len(names)
    if len(arguments) > most:
        got = text.counted(len(arguments), "argument")
        raise misfit(f"nn.{kind} takes {most} in order, gets {got}", TypeError)
    given = dict(zip(names, arguments, strict=False))
    for name in named:
        if name not in names or name in given:
            what = "twice" if name in given else "which it doesn't have"
            raise misfit(f"nn.{kind} is given the argument {name}, {what}", TypeError)
    settings = {name: USUAL[name] for name in names} | OTHERS.get(kind, {}) | given | named
    weights = {name: settings.pop(name) for name in ("weight", "pos_weight") if name in settings}
    size_average, reduce = (settings.pop(name, None) for name in AGED)
    reduction = settings.get("reduction", "mean")
    settings["reduction"] = reduction_of(size_average, reduce, reduction)
    heed_limits(f"F.{OF_MODULES[kind]}", {"p": settings.get("p")})
    shaped = weights.get("weight") if kind == "MultiMarginLoss" else None
    if isinstance(shaped, Tensor) and shaped.ndim != 1:
        raise misfit("nn.MultiMarginLoss takes a weight for each class", AssertionError)
    if kind.startswith("Triplet"):
        check_margin(settings["margin"])
    self.__dict__.update(settings)
    for name, value in weights.items():
        self.register_buffer(name, value)


def _forward_loss(self: Module, *arguments: object, **named: object) -> object:
    """Return the loss that its function makes, with these settings."""
    _, function, names, settings = _loss(self)
    missing = [name for name in names[len(arguments) :] if name not in named]
    strange = [name for name in named if name not in names[len(arguments) :]]
    if missing or strange or len(arguments) > len(names):
        got = text.counted(len(arguments) + len(named), "argument")
        wanted = "what came out and what was wanted"
        takes = wanted if names == ["input", "target"] else text.listed(names)
        raise misfit(f"takes {takes}, gets {got}", TypeError)
    heeded = signature(FUNCTIONAL[function].function).parameters  # type: ignore[attr-defined]
    given: dict[str, object] = {**dict(zip(names, arguments, strict=False)), **named}
    unknown = unknown_in(given)
    if unknown is not None:
        return unknown
    settled = {name: getattr(self, name, None) for name in settings if name in heeded}
    settled = {name: value for name, value in settled.items() if name not in AGED}
    taken = {name: value for name, value in given.items() if name in heeded}
    loss = FUNCTIONAL[function]
    assert isinstance(loss, Operation)
    heed_kinds(loss.name, list(tensors_in(taken)), None)
    heed_limits(loss.name, {name: getattr(self, name, None) for name in settings})
    result = loss.function(**taken, **settled)
    said = Said((), (), {name: getattr(self, name, None) for name in settings})
    loss.grade([], {**taken, **settled}, list(tensors_in(taken)), result, said)
    WATCHER.get().layer(self, list(tensors_in(given)), result)
    return result


class _LinearCrossEntropy:
    """A linear map, and how likely classes are by its logits."""

    def __init__(self: Any, in_features: int, num_classes: int, *,
                 out_features: tuple[int, ...] = (), bias: bool = False, device: object = None,
                 dtype: object = None, reduction: str = "mean", weight: object = None,
                 ignore_index: int | None = None, label_smoothing: float = 0.0,
                 options: object = None) -> None:  # fmt: skip
        heed_device("nn.LinearCrossEntropyLoss", device)
        Module.__init__(self)
        if isinstance(weight, Tensor) and weight.shape != (num_classes,):
            raise misfit(f"expected weight shape to be {(num_classes,)}, got {weight.shape}")
        if not 0 <= label_smoothing <= 1:
            raise misfit(f"expected label_smoothing to be in [0, 1], got {label_smoothing}")
        self.register_buffer("weight", weight)
        self.__dict__.update(reduction=reduction, num_classes=num_classes, options=options,
                             out_features=out_features, ignore_index=ignore_index,
                             label_smoothing=label_smoothing)  # fmt: skip
        rows = volume((num_classes, *out_features))
        make: Callable[..., Module] = layer_class("Linear")
        self.linear = make(in_features, rows, bias=bias, dtype=dtype)

    def forward(self: Any, input: object, target: object) -> object:
        """Return how likely the classes are."""
        linear = self.linear
        shape = (self.num_classes, *self.out_features, linear.in_features)
        bias = None if linear.bias is None else reshape(linear.bias, *shape[:-1])
        names = ("weight", "reduction", "ignore_index", "label_smoothing", "options")
        settings = {name: getattr(self, name) for name in names}
        return FUNCTIONAL["linear_cross_entropy"](
            input, reshape(linear.weight, *shape), target, linear_bias=bias, **settings
        )

    def extra_repr(self: Any) -> str:
        """Return its settings."""
        own = {"in_features": self.linear.in_features, "num_classes": self.num_classes,
               "out_features": self.out_features, "bias": self.linear.bias is not None}  # fmt: skip
        names = ("reduction", "ignore_index", "label_smoothing", "options")
        own |= {name: getattr(self, name) for name in names}
        return ", ".join(f"{name}={value}" for name, value in own.items())


def loss_class(name: str) -> type[Module]:
    """Return the class of one of torch's losses."""
    if name not in MADE:
        base = loss_class("NLLLoss") if name == "NLLLoss2d" else Module
        methods: dict[str, object] = {"__module__": room_of(name)}
        if name == "LinearCrossEntropyLoss":
            own = vars(_LinearCrossEntropy)
            methods |= {key: own[key] for key in ("__init__", "forward", "extra_repr")}
        elif base is Module:
            methods |= {"__init__": _init_loss, "forward": _forward_loss}
        MADE[name] = public(type(name, (base,), methods))
    return MADE[name]
