"""Every function of torch by its names, and how one is called.

A function takes tensors that are shapes and returns such; it is named and called as torch names
it. It is registered where it is defined.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from convcalc.formulas import ConvcalcError
from convcalc.network import natives
from convcalc.network.functions.signatures import checked
from convcalc.network.modules import Builtin, Instance, Module
from convcalc.network.refusals import NotUnderstood, Raised, TooMuch, Unknown, raised
from convcalc.network.tensors import Tensor

TORCH: dict[str, Builtin] = {}
"""What stands in torch itself."""
FUNCTIONAL: dict[str, Builtin] = {}
"""What stands in torch.nn.functional."""
METHODS: dict[str, Builtin] = {}
"""The methods of tensors."""
TABLES = {"t": TORCH, "f": FUNCTIONAL, "m": METHODS}

Written = TypeVar("Written", bound=Callable[..., Any])


class Operation(Builtin):
    """A function on tensors, whose call may be a row."""

    __slots__ = ("counted", "in_place", "loose")

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        *,
        counted: bool = False,
        loose: bool = False,
        in_place: bool = False,
    ) -> None:
        super().__init__(name, function)
        self.counted = counted
        """Whether a call is a row even where it changes no shape."""
        self.loose = loose
        """Whether its shape hangs on its first argument alone."""
        self.in_place = in_place


def operation(
    *names: str, where: str = "tm", counted: bool = False, loose: bool = False
) -> Callable[[Written], Written]:
    """Register a function under its names: in torch (t), torch.nn.functional (f), as a method."""

    def registered(function: Written) -> Written:
        for name in names:
            for letter in where:
                prefix = {"t": "torch.", "f": "F.", "m": ""}[letter]
                TABLES[letter][name] = Operation(
                    prefix + name, function, counted=counted, loose=loose
                )
        return function

    return registered


MOST_HELD = 200_000
"""The most values that are gone through for what they hold."""


def parts_of(value: Any) -> Iterator[Any]:
    """Yield what lists, tuples, dicts and plain objects hold, from the first to the last."""
    waiting = [value]
    count = 0
    while waiting:
        each = waiting.pop()
        inner: Any
        if isinstance(each, (list, tuple)):
            inner = each
        elif isinstance(each, dict):
            inner = each.values()
        elif isinstance(each, Instance) and not isinstance(each, Module):
            inner = each.attributes.values()
        else:
            yield each
            continue
        count += len(inner) + 1
        if count > MOST_HELD:
            raise TooMuch("a value holds too much to go through")
        waiting += reversed(list(inner))


def tensors_in(value: Any) -> Iterator[Tensor]:
    """Yield the tensors among some arguments or results."""
    if isinstance(value, Tensor):
        yield value
    elif value or not isinstance(value, (list, tuple, dict)):
        for each in parts_of(value):
            if isinstance(each, Tensor):
                yield each


def unknown_in(value: Any) -> Unknown | None:
    """Return something unknown among some arguments, if there is any."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, (list, tuple, dict)):
        return None
    return next((each for each in parts_of(value) if isinstance(each, Unknown)), None)


def call(interpreter: Any, function: Builtin, arguments: Any, named: dict[str, Any]) -> Any:
    """Return what a function of a library returns."""
    interpreter.charge(STEPS_OF_A_CALL + len(arguments))
    if function.name not in natives.QUICK:
        natives.weigh(interpreter, *arguments, *named.values())
    if isinstance(function, Operation):
        interpreter.charge(STEPS_OF_AN_OPERATION)
        return _operate(interpreter, function, arguments, named)
    first = (interpreter,) if function.reads else ()
    result = guarded(function.name, function.function, (*first, *arguments), named)
    interpreter.charge(natives.cost(result))
    return result


STEPS_OF_A_CALL = 2
"""How many steps the call of a function that is written here counts."""
STEPS_OF_AN_OPERATION = 15
"""How many steps a function on tensors counts."""
STEPS_OF_A_MODULE = 40
"""How many steps the call of a module counts."""


def guarded(name: str, function: Callable[..., Any], arguments: Any, named: Any) -> Any:
    """Call a function that is written here; what its arguments don't fit is Python's TypeError."""
    try:
        return function(*arguments, **named)
    except ConvcalcError:
        raise
    except TypeError as error:
        try:
            inspect.signature(function).bind(*arguments, **named)
        except TypeError as wrong:
            raise Raised(f"{name}(): {wrong}", "TypeError") from None
        raise NotUnderstood(f"{name}() isn't followed with these arguments") from error


ELSEWHERE = {"device", "generator", "layout", "pin_memory", "memory_format", "out", "non_blocking"}
"""Arguments that say where the numbers are kept, on which no shape hangs."""


def _operate(interpreter: Any, function: Operation, arguments: Any, named: dict[str, Any]) -> Any:
    method = "." not in function.name
    named = checked(function.name, len(arguments) - method, named)
    named = {key: value for key, value in named.items() if key not in ELSEWHERE}
    unknown = unknown_in(arguments) or unknown_in(named)
    if unknown is not None and not (
        function.loose and arguments and isinstance(arguments[0], Tensor)
    ):
        return unknown
    inputs = [*tensors_in(list(arguments)), *tensors_in(named)]
    try:
        result = guarded(function.name, function.function, arguments, named)
    except Raised as error:
        if not error.operation:
            error.operation, error.inputs = function.name, inputs
            flat = arguments[1:2] if arguments[1:2] and isinstance(arguments[1], tuple) else None
            error.sizes = [*(flat[0] if flat else arguments[1:])]
        raise
    except NotUnderstood:
        raise
    except ConvcalcError as error:  # a layer that does the same refuses to be made
        raise raised(error, function.name) from None
    if isinstance(result, Tensor) and result.values is not None:
        interpreter.charge(len(result.values) >> 3)
    elif isinstance(result, (list, tuple)):
        interpreter.charge(len(result))
    if any(tensor.fed for tensor in inputs):
        for tensor in tensors_in(result):
            tensor.fed = True
    if function.in_place and inputs and isinstance(result, Tensor):
        changed = inputs[0]
        changed.values, changed.work = None, result.work
        result = changed
    interpreter.trace.operation(interpreter, function, inputs, result)
    return result
