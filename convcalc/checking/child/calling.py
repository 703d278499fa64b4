"""A call: what is made and run before it, and what is taken from it."""

from __future__ import annotations

import re
from json import dumps, loads
from typing import Any

from convcalc.checking.child.answers import Refused, difference, plain
from convcalc.checking.child.held import (
    Held,
    all_held,
    bias_in,
    put_bias,
    put_weight,
    shape_of,
    weight_in,
)
from convcalc.checking.child.target import Target, made


class Context:
    """What a forward pass keeps for its backward pass, as an autograd.Function has it."""

    saved_tensors: tuple[Any, ...] = ()
    needs_input_grad = (True,) * 20

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors."""
        self.saved_tensors = tensors


class Call:
    """One call of a function, and of what belongs to it."""

    def __init__(self, target: Target, request: dict[str, Any]) -> None:
        self.target, self.request = target, request
        self.context = Context()
        self.cache: Any = None
        self.leaves: dict[str, Any] = {}
        """What gradients are asked of, by the names of the reference's arguments."""
        self.put: list[str] = []

    def reply(self) -> dict[str, Any]:
        """Return what the function returns, and what it did to what it was handed."""
        asked = self.request
        instance = self._instance()
        if asked.get("forward"):
            self._run_forward(instance)
        given = [*asked["positional"], *asked["named"].values()]
        positional = [self._handed(each) for each in asked["positional"]]
        named = {name: self._handed(each) for name, each in asked["named"].items()}
        handed = [*positional, *named.values()]
        function = self._function(instance)
        if self.target.takes_context:
            positional = [self.context, *positional]
        value = function(*positional, **named)
        value = _in_order(value)
        if asked.get("grad"):
            value = self._differentiated(value)
        elif asked.get("gradients"):
            value = self._with_gradients(value, instance)
        return {
            "value": plain(value),
            "in_tuple": len(value) if isinstance(value, tuple) else 0,
            "changed": _changed(given, handed),
            "put": self.put,
        }

    def _function(self, instance: Any) -> Any:
        if instance is None:
            return self.target.function
        if self.target.method == "__call__":
            return instance
        return getattr(instance, self.target.method)

    def _instance(self) -> Any:
        """Return the object whose method is called, with the case's parameters."""
        target, make = self.target, self.request.get("make")
        if target.maker is None:
            return None
        if make is None:
            return target.instance
        positional = [self._handed(each) for each in make["positional"]]
        named = {name: self._handed(each) for name, each in make["named"].items()}
        instance = made(target.maker, positional, named)
        if make.get("weight") is not None:
            self._put_parameters(instance, make)
        return instance

    def _put_parameters(self, instance: Any, make: dict[str, Any]) -> None:
        weight, convert = make["weight"], self.target.convert
        shape = shape_of(weight)
        held = all_held(instance)
        place = weight_in(held, shape)
        if place is None:
            raise Refused(
                refused=f"{type(instance).__name__} holds nothing of the weight's shape {shape}"
            )
        self.target.kernels_in_columns = put_weight(
            place, weight, shape, convert, self.target.kernels_in_columns
        )
        self.put.append("weight")
        self._leaf("weight", place)
        bias = make["bias"]
        others = [each for each in held if each is not place]
        at = bias_in(others, len(bias))
        if at is not None:
            put_bias(at, bias, convert)
            self.put.append("bias")
            self._leaf("bias", at)

    def _leaf(self, name: str, held: Held) -> None:
        if getattr(held.value, "requires_grad", False):
            self.leaves[name] = held.value

    def _run_forward(self, instance: Any) -> None:
        """Run the forward pass, whose cache the backward pass takes."""
        forward = self.request["forward"]
        positional = [self._handed(each) for each in forward["positional"]]
        named = {name: self._handed(each) for name, each in forward["named"].items()}
        told = self.target.forward
        assert told is not None
        name = told["name"].rpartition(".")[2]
        function: Any = self.target.module
        if instance is not None:
            function = instance if name == "__call__" else getattr(instance, name)
        else:
            for part in told["name"].split("."):
                function = getattr(function, part)
        if told["context"]:
            positional = [self.context, *positional]
        result = function(*positional, **named)
        if isinstance(result, tuple) and len(result) > 1:
            self.cache = result[1] if len(result) == 2 else result[1:]

    def _differentiated(self, value: Any) -> list[Any]:
        """Return the gradients of X, W and the bias through PyTorch's own autograd."""
        y = value[0] if isinstance(value, tuple) else value
        y.backward(self.target.convert(self.request["grad"]))
        gradients = [getattr(self.leaves.get(each), "grad", None) for each in ("x", "weight")]
        bias = getattr(self.leaves.get("bias"), "grad", None)
        return gradients if bias is None else [*gradients, bias.reshape(-1)]

    def _with_gradients(self, value: Any, instance: Any) -> Any:
        """Return X∇ and what the object holds of gradients, where it returns X∇ alone."""
        shape = tuple(self.request["gradients"])
        if (isinstance(value, tuple) and len(value) > 1) or instance is None:
            return value
        held = all_held(instance)
        weight = weight_in(held, shape, gradient=True)
        bias = bias_in(held, shape[self.request["kernels_axis"]], gradient=True)
        x = value[0] if isinstance(value, tuple) else value
        if weight is None:
            return value
        by_w = weight.value if weight.shape == shape else plain(weight.value)
        if bias is None:
            return [x, by_w]
        return [x, by_w, _one_axis(plain(bias.value))]

    def _handed(self, value: Any) -> Any:
        """Return what is handed over of what stands for it in the request."""
        if isinstance(value, list):
            return tuple(self._handed(each) for each in value)
        if not isinstance(value, dict):
            return value
        if "settings" in value:
            return {name: self._handed(each) for name, each in value["settings"].items()}
        if "cache" in value:
            return self.cache
        tensor = self.target.convert(loads(dumps(value["tensor"])))
        if self.request.get("grad") and "of" in value:
            self.leaves[value["of"]] = tensor.requires_grad_()
        return tensor


OF_GRADIENTS = (
    re.compile(r"^(d|grad_?|d_)?(x|a_prev|inputs?)(_?grad)?$"),
    re.compile(r"^(d|grad_?|d_)?(w|k|weights?|kernels?|filters?)(_?grad)?$"),
    re.compile(r"^(d|grad_?|d_)?(b|bias|biases)(_?grad)?$"),
)
"""What X∇, W∇ and bias∇ are called in a dictionary."""


def _in_order(value: Any) -> Any:
    """Return a dictionary of gradients as a tuple of them, and anything else as it is."""
    if not isinstance(value, dict):
        return value
    found = [
        [each for key, each in value.items() if name.match(str(key).lower())]
        for name in OF_GRADIENTS
    ]
    counts = [len(each) for each in found]
    if counts[:2] != [1, 1] or sum(counts) != len(value):
        return value
    return tuple(each[0] for each in found if each)


def _one_axis(values: Any) -> Any:
    """Return the gradient of a bias that has axes of length 1 with one axis."""
    if not isinstance(values, list):
        return [values]
    return [v for each in values for v in _one_axis(each)]


def _changed(given: list[Any], handed: list[Any]) -> list[Any] | None:
    """Return which argument isn't as it was, and where, None where none is."""
    for at, (before, after) in enumerate(zip(given, handed, strict=True)):
        if isinstance(before, dict) and "tensor" in before:
            changed = difference(before["tensor"], plain(after))
            if changed is not None:
                return [at, *changed]
    return None
