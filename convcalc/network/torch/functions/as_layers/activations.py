"""Activations and dropouts, as the layers of the same names do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf

from convcalc.layers.base import Layer
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.pointwise import smooth, unary
from convcalc.network.torch.functions.registry import FUNCTIONAL, Operation, operation
from convcalc.network.torch.gradients.rules import by_layer, copy_of
from convcalc.network.torch.sizes import axis_of, shown
from convcalc.network.torch.tensor import Kept, Tensor

KINDS: dict[str, Callable[..., Layer]] = {**LAYERS}
"""The layers that do the same, by the names of their classes."""


def in_order(input: Tensor, inplace: object = False) -> Tensor:
    """A function of every number alone, whose results lie one after the other."""
    result = unary(input, inplace)
    if not inplace:
        result.strides = None
    return result


def dropped(input: Tensor, p: object = 0.5, training: object = True,
            inplace: object = False) -> Tensor:  # fmt: skip
    """Some numbers left out in training; else the same tensor."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        raise misfit(f"{p} is not a probability, from 0 to 1", ValueError)
    if training and p != 0:
        return unary(input, inplace)
    return input.like(values=input.values).viewing(input)


def dropped_alpha(input: Tensor, p: object = 0.5, training: object = False,
                  inplace: object = False) -> Tensor:  # fmt: skip
    """Some numbers made another one, in training if that is said."""
    return dropped(input, p, training, inplace)


def torch_dropped(input: Tensor, p: object, train: object) -> Tensor:
    """Some numbers left out in training, as torch's own functions call it."""
    return dropped(input, p, train)


def of_features(usual: bool, least: int, most: float) -> Callable[..., Tensor]:
    """Return a dropout of whole channels of tensors of so many dimensions, in training as usual."""

    def work_out(input: Tensor, p: object = 0.5, training: object = usual,
                 inplace: object = False, *, train: object = None) -> Tensor:  # fmt: skip
        does = training if train is None else train
        if not least <= input.ndim <= most and (does or most < inf):
            raise misfit(f"dropout of channels takes {least} dimensions at least, and no more than "
                         f"there are, not {shown(input.shape)}")  # fmt: skip
        return dropped(input, p, does, inplace)

    return work_out


def _as_activation(name: str, always: bool = False) -> Callable[..., Iterator[Kept]]:
    """Return the rule of the layer that does the same, in its place where asked, or `always`."""
    make = next(kind for each, kind in KINDS.items() if each.lower() == name.replace("_", ""))
    layer = make(*([0.0, 0.0] if name == "threshold" else []))

    def keeps(result: Tensor, input: Tensor, inplace: object = always) -> Iterator[Kept]:
        return by_layer(layer, [input], result, changed=bool(inplace))

    return keeps


def _as_dropout(name: str, usual: bool = True) -> Callable[..., Iterator[Kept]]:
    """Return the rule of the dropout layer of this name, in training as `usual`."""

    def keeps(result: Tensor, input: Tensor, p: object = 0.5, training: object = usual,
              inplace: object = False, *, train: object = None) -> Iterator[Kept]:  # fmt: skip
        del inplace  # the numbers themselves aren't kept
        known = isinstance(p, (int, float)) and (training if train is None else train)
        return by_layer(KINDS[name](p), [input], result) if known else iter(())

    return keeps


ACTIVATIONS = (
    "relu relu6 elu selu celu leaky_relu gelu silu mish hardswish hardsigmoid softplus "
    "softshrink hardshrink threshold"
)
"""Activations that leave the order of numbers in memory."""
_SETTINGS = (
    "alpha scale input_scale approximate lambd min_val max_val negative_slope beta threshold value "
    "lower upper training"
)
for _names, _function, _settings in (
    (ACTIVATIONS, unary, _SETTINGS),
    ("logsigmoid", in_order, _SETTINGS),
    ("sigmoid tanh softsign tanhshrink", smooth, ""),
):
    for _name in _names.split():
        operation(_name, where="f", counted=True, loose=True, harmless=_settings,
                  saves=_as_activation(_name))(_function)  # fmt: skip

for _name in ("relu", "elu", "celu", "selu", "leaky_relu", "threshold"):
    FUNCTIONAL[f"{_name}_"] = Operation(f"F.{_name}_", lambda input: unary(input, True),
                                        counted=True, loose=True, harmless=_SETTINGS,
                                        saves=_as_activation(_name, always=True))  # fmt: skip


def _between(name: str, low: str, high: str, least: float, most: float,
             made: Callable[[Tensor, object], Tensor]) -> None:  # fmt: skip
    """Register an activation with two bounds, the first of which isn't above the second."""

    def bounded(again: bool) -> Callable[..., Tensor]:
        def work_out(input: Tensor, *ends: object, inplace: object = again,
                     **named: object) -> Tensor:  # fmt: skip
            bounds = {low: least, high: most, **dict(zip((low, high), ends, strict=False)), **named}
            one, other = bounds[low], bounds[high]
            plain = isinstance(one, (int, float)) and isinstance(other, (int, float))
            if plain and not (again and name == "hardtanh") and one > other:  # type: ignore[operator]
                raise misfit(f"{name}: {low} {one} is above {high} {other}")
            return made(input, inplace)

        return work_out

    def keeps(result: Tensor, input: Tensor, *ends: object,
              inplace: object = False) -> Iterator[Kept]:  # fmt: skip
        return _as_activation(name)(result, input, *ends[2:] or [inplace])

    for key, again in ((name, False), (f"{name}_", True)):
        new = FUNCTIONAL[key] = Operation(
            f"F.{key}",
            bounded(again),
            counted=True,
            loose=True,
            harmless="training",
            saves=_as_activation(name, always=True) if again else keeps,
        )
        new.takes = ("input", low, high), frozenset({"input", low, high, "inplace"}), False


_between("hardtanh", "min_val", "max_val", -1.0, 1.0, unary)
_between("rrelu", "lower", "upper", 1 / 8, 1 / 3, in_order)

for _name, _layer in {
    "dropout": "Dropout", "dropout1d": "Dropout1d", "dropout2d": "Dropout2d",
    "dropout3d": "Dropout3d", "alpha_dropout": "AlphaDropout",
    "feature_alpha_dropout": "FeatureAlphaDropout",
}.items():  # fmt: skip
    _usual = "alpha" not in _name
    _does = dropped if _usual else dropped_alpha
    if _name == "dropout1d":
        _does = of_features(True, 2, 3)
    elif _name.startswith(("dropout2", "dropout3", "feature")):
        _does = of_features(_usual, 2, inf)
    operation(_name, where="f", counted=True, loose=True, saves=_as_dropout(_layer, _usual))(_does)
for _name, _layer in {
    "dropout": "Dropout", "feature_dropout": "Dropout2d", "alpha_dropout": "AlphaDropout",
    "feature_alpha_dropout": "FeatureAlphaDropout",
}.items():  # fmt: skip
    _torch = of_features(True, 2, inf) if _name.startswith("feature") else torch_dropped
    operation(_name, where="t", loose=True, saves=_as_dropout(_layer))(_torch)


def _keeps_of_gumbel(result: Tensor, logits: Tensor, dim: object = -1,
                     hard: object = False) -> Iterator[Kept]:  # fmt: skip
    """Yield what comes out; of what is made hard, what it was before."""
    yield copy_of(logits) if hard else result
    del dim


@operation("gumbel_softmax", where="f", counted=True, harmless="tau eps", saves=_keeps_of_gumbel)
def gumbel_softmax(logits: Tensor, dim: object = -1, hard: object = False) -> Tensor:
    """A softmax of numbers with noise, made a one and zeros where it is hard."""
    del hard  # the shape is the same
    return in_order(logits).mixed(axis_of("gumbel_softmax", dim, logits.ndim, logits.shape))
