"""How a function is called: what is handed over as what, and in what form it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from convcalc.checking.calls.parameters import (
    ALSO,
    ANYTHING,
    CACHE,
    CACHES,
    HAS_BIAS,
    SETTINGS,
    Bound,
    Parameter,
    Signature,
    bind,
    bind_constructor,
    letters,
)
from convcalc.checking.cases import Case, Form, in_form
from convcalc.checking.operations import DEFAULTS, OPERATIONS, Operation
from convcalc.formulas import ConvcalcError, nested_shape

BACKWARD = ("back", "bwd", "grad")
"""What in a function's name says that it is a backward pass."""


@dataclass(frozen=True)
class Calling:
    """How a function is called as an operation."""

    operation: Operation
    written: str
    """How the function is written where it is called."""
    bound: tuple[Bound, ...]
    unknown: tuple[str, ...] = ()
    """Parameters that are none of the operation's, left at their defaults."""
    open_ended: bool = False
    """Whether it takes any other name."""
    by_position: bool = False
    """Whether it takes nothing by name."""
    wraps: str = ""
    """The function whose parameters are read, where that is another one."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """Of which sizes it takes one int alone, or a pair alone."""
    ignored: tuple[str, ...] = ()
    """Options that it takes under any name and does nothing with."""
    made: str = ""
    """The class of which an object is made first."""
    constructor: tuple[Bound, ...] | None = None
    """What that is made with, where it takes anything."""
    put: tuple[str, ...] = ()
    """What of the case is put where the object holds its parameters."""
    forward: tuple[Bound, ...] | None = None
    """What the forward pass is called with that comes before a backward pass."""
    forward_name: str = ""
    differentiated: bool = False
    """Whether it is the forward pass, whose gradients PyTorch's autograd calculates."""

    @property
    def parameters(self) -> Iterator[Bound]:
        """Every parameter of every call, those in a dictionary of options too."""
        for bound in (self.bound, self.constructor or (), self.forward or ()):
            for each in bound:
                yield from each.keys or (each,)

    @property
    def taken(self) -> tuple[str, ...]:
        """The options that it takes."""
        names = {each.argument for each in self.parameters} | set(self.put)
        return tuple(
            name
            for name in self.operation.options
            if name in names and self.forms.get(name) != "word"
        )

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The options that it doesn't take."""
        return tuple(name for name in self.operation.options if name not in self.taken)

    def arguments(self, case: Case) -> Iterator[tuple[Bound, Any, bool]]:
        """Yield each parameter that is handed over, its value, and whether it goes by position.

        What a case doesn't have stays at its default, unless there is none, or another than the
        reference's, or something that goes by position comes after it.
        """
        return self._arguments(self.bound, case, self.operation.required)

    def _arguments(
        self, bound: Sequence[Bound], case: Case, required: Sequence[str], all_known: bool = False
    ) -> Iterator[tuple[Bound, Any, bool]]:
        in_order = True
        handed = case.handed
        for each in bound:
            parameter, name = each.parameter, each.argument
            placed = self.by_position or parameter.kind == "POSITIONAL_ONLY"
            wanted = (
                parameter.required
                or all_known
                or name in handed
                or name in _ALWAYS
                or (self.differentiated and name == "bias")
                or has_a_default_of_its_own(each)
            )
            value = self._value(each, case, handed) if wanted else _NONE
            if value is not _NONE:
                pass
            elif placed:
                value = parameter.default
            else:
                in_order = False
                continue
            placed = placed or (name in required and in_order)
            in_order = placed = placed and parameter.kind != "KEYWORD_ONLY" and not all_known
            yield each, value, placed

    def _value(self, bound: Bound, case: Case, handed: Mapping[str, Any]) -> Any:
        """Return what a parameter is handed in a case; a value that changes nothing, if need be."""
        name = bound.argument
        if name == SETTINGS:
            return {each.parameter.name: self._value(each, case, handed) for each in bound.keys}
        if name == CACHE:
            return Cache()
        if name == HAS_BIAS:
            return "bias" in case.options
        following = case.following
        if name in handed:
            value = _formed(handed[name], self.forms.get(name), case)
        elif name in following and (bound.parameter.required or name not in DEFAULTS):
            value = _formed(following[name], self.forms.get(name), case)
        elif name in DEFAULTS:
            value = self._neutral(case, bound)
        else:
            return _NONE
        if bound.axis is not None and isinstance(value, tuple):
            return value[bound.axis]
        return value

    def _neutral(self, case: Case, bound: Bound) -> Any:
        """Return a value that changes nothing, for an option that can't be left out."""
        if bound.argument == "bias":
            return [0] * len(case.tensors["weight"])
        form = self.forms.get(bound.argument)
        if form == "word":
            return VALID
        if form is None and isinstance(bound.parameter.default, tuple):
            form = "pair"
        return _formed(in_form(DEFAULTS[bound.argument], form), form, case)

    def request(self, case: Case) -> dict[str, Any]:
        """Return a case as the child is asked about it."""
        request = _sent(self.arguments(case))
        handed = case.handed
        if self.constructor is not None:
            arguments = self._arguments(self.constructor, case, (), all_known=True)
            request["make"] = {**_sent(arguments), "weight": None, "bias": None}
            if "weight" in self.put:
                none = [0] * len(case.tensors["weight"])
                bias = case.options.get("bias", none)
                request["make"] |= {"weight": handed["weight"], "bias": bias}
        if self.forward is not None:
            request["forward"] = _sent(self._arguments(self.forward, case, ("x", "weight")))
        if self.differentiated:
            request["grad"] = handed["grad_y"]
        elif self.constructor is not None and len(case.operation.results) > 1:
            last = case.arrangement.channels_last
            shape = nested_shape(handed["weight"])
            request["gradients"], request["kernels_axis"] = shape, len(shape) - 1 if last else 0
        return request

    def names(self, case: Case) -> list[str]:
        """Return the arguments of a case in the order in which they are asked."""
        handed = list(self.arguments(case))
        return [
            each.argument
            for position in (True, False)
            for each, _, by_position in handed
            if by_position == position
        ]

    def text(self, case: Case, tensor: str) -> str:
        """Return the call as Python that repeats it; `tensor` makes one of nested lists."""
        written = self.written
        if self.made:
            made = self._arguments(self.constructor or (), case, (), all_known=True)
            written = f"{self.made}({_spelled(made, tensor)}){written[len(self.made) :]}"
        call = f"{written}({_spelled(self.arguments(case), tensor)})"
        if self.forward is not None:
            arguments = self._arguments(self.forward, case, ("x", "weight"))
            call += f" after {self.forward_name}({_spelled(arguments, tensor)})"
        if self.put:
            tensors = {**case.handed, "bias": case.options.get("bias")}
            put = [
                f"{name} {tensor.format(repr(tensors[name]).replace(' ', ''))}"
                for name in self.put
                if tensors[name] is not None
            ]
            call += f" where it holds {' and '.join(put)}"
        return call


@dataclass(frozen=True)
class Cache:
    """What the forward pass keeps, which only the child has."""

    def __repr__(self) -> str:
        return CACHE


_ALWAYS = (SETTINGS, CACHE, HAS_BIAS)
"""What is handed over whether it has a default or not."""
_NONE = object()
"""The value of a parameter that has none in a case."""


def _sent(arguments: Iterator[tuple[Bound, Any, bool]]) -> dict[str, Any]:
    """Return arguments by position and by name, as the child is asked."""
    positional, named = [], {}
    for each, value, by_position in arguments:
        sent = value
        if isinstance(value, list):
            sent = {"tensor": value, "of": each.argument}
        elif isinstance(value, dict):
            sent = {"settings": value}
        elif isinstance(value, Cache):
            sent = {CACHE: True}
        if by_position:
            positional.append(sent)
        else:
            named[each.parameter.name] = sent
    return {"positional": positional, "named": named}


def _spelled(arguments: Iterator[tuple[Bound, Any, bool]], tensor: str) -> str:
    """Return arguments as Python writes them."""
    positional, named = [], []
    for each, value, by_position in arguments:
        spelled = repr(value).replace(" ", "")
        if isinstance(value, list):
            spelled = tensor.format(spelled)
        if by_position:
            positional.append(spelled)
        else:
            named.append(f"{each.parameter.name}={spelled}")
    return ", ".join([*positional, *named])


VALID = "valid"
"""The word for no padding."""


def _formed(value: Any, form: Form | None, case: Case) -> Any:
    """Return a size of a case, which `in_form` has made an int or a pair, as it is handed over."""
    if form == "int" and isinstance(value, tuple):
        return value[0]
    if form == "four":
        return (value,) * 4
    if form == "ends":
        return tuple((each, each) for each in value)
    if form == "shape":
        b, c = case.following["batch_size"], case.following["in_channels"]
        shape = (b, *value, c) if case.arrangement.channels_last else (b, c, *value)
        return shape if case.arrangement.batch else shape[1:]
    return value


def has_a_default_of_its_own(bound: Bound) -> bool:
    """Return whether an option has, where it isn't given, another value than the reference's."""
    default, usual = bound.parameter.default, DEFAULTS.get(bound.argument)
    if default is None or usual is None:
        return False
    if isinstance(default, str):
        return default.lower() != VALID
    return any(each != usual for each in _flat(default))


def _flat(value: Any) -> list[Any]:
    return [v for each in value for v in _flat(each)] if isinstance(value, tuple) else [value]


def _forms_of_defaults(bound: Sequence[Bound]) -> dict[str, Form]:
    """Return in what form paddings are taken whose defaults aren't an int or a pair."""
    forms: dict[str, Form] = {}
    for each in bound:
        default = each.parameter.default
        if each.argument == "padding" and each.axis is None and isinstance(default, tuple):
            if len(default) == 4:
                forms["padding"] = "four"
            elif all(isinstance(ends, tuple) for ends in default):
                forms["padding"] = "ends"
    return forms


def read(operation: Operation, target: str, description: Mapping[str, Any]) -> Calling:
    """Return how a function that the child describes is called, as far as its signature says.

    Raises ConvcalcError where that takes too little, or something that isn't known.
    """
    name = target.rpartition(":")[2]
    made = description["made"]
    told = description["parameters"]
    parameters = list(ANYTHING) if told is None else [Parameter.described(*each) for each in told]
    keys = description.get("keys", {})
    constructor = description.get("constructor") or None
    plain = Calling(
        operation=operation,
        written=name,
        bound=(),
        by_position=description["by_position"],
        wraps=description["wraps"],
        made=made,
    )
    if constructor is not None:
        described = [Parameter.described(*each) for each in constructor]
        plain = replace(plain, constructor=bind_constructor(operation, target, described))
    error: ConvcalcError | None = None
    for attempt, of, cached in _attempts(plain, parameters, description):
        try:
            signature = bind(of, target, parameters, keys, cached)
        except ConvcalcError as refused:
            error = error or refused
        else:
            return _as_bound(attempt, signature)
    assert error is not None  # the last attempt raised
    raise error


def _as_bound(calling: Calling, signature: Signature) -> Calling:
    calling = replace(
        calling,
        bound=signature.bound,
        unknown=signature.unknown,
        open_ended=signature.open_ended,
    )
    return replace(calling, forms=_forms_of_defaults(tuple(calling.parameters)))


def _attempts(
    plain: Calling, parameters: Sequence[Parameter], description: Mapping[str, Any]
) -> Iterator[tuple[Calling, Operation, bool]]:
    """Yield how a function may be meant, and the operation that it is called as, likely first.

    What an object holds, or the forward pass keeps, isn't handed over.
    """
    operation = plain.operation
    held = {each.argument for each in plain.constructor or ()}
    names = [letters(each.name) for each in parameters]
    backward = operation.name == "conv2d_backward"
    says_so = any(each in plain.written.lower() for each in BACKWARD) or any(
        name == "grady" or name in ALSO["grad_y"].split() for name in names
    )
    told = description.get("forward")
    if backward and description.get("differentiable") and (plain.by_position or not says_so):
        forward = OPERATIONS["conv2d"]
        attempt = replace(plain, differentiated=True)
        if plain.made:
            holding = replace(attempt, constructor=plain.constructor or (), put=("weight",))
            yield holding, _without(forward, {*held, "weight"}), False
        yield attempt, forward, False
    if backward and told is not None:
        attempt = replace(plain, forward_name=told["name"])
        cached = any(name in CACHES.split() for name in names) or bool(description.get("context"))
        if cached or plain.made:
            with_forward = _with_forward(attempt, told, held)
            if with_forward is not None:
                yield with_forward, _without(operation, {"x", "weight", *held}), True
    if plain.made and "weight" in operation.tensors and "weight" not in held:
        attempt = replace(plain, constructor=plain.constructor or (), put=("weight",))
        if plain.constructor:
            yield attempt, _without(operation, {*held, "weight"}), False
        yield plain, _without(operation, held), False
        yield attempt, _without(operation, {*held, "weight"}), False
    else:
        yield plain, _without(operation, held), False


def _without(operation: Operation, held: set[str]) -> Operation:
    return replace(
        operation,
        tensors=tuple(name for name in operation.tensors if name not in held),
        sizes=tuple(name for name in operation.sizes if name not in held),
    )


def _with_forward(plain: Calling, told: Mapping[str, Any], held: set[str]) -> Calling | None:
    """Return it with what its forward pass is called with, None where that can't be known."""
    conv2d = OPERATIONS["conv2d"]
    parameters = [Parameter.described(*each) for each in told["parameters"]]
    ways: list[tuple[set[str], tuple[str, ...]]] = [(held, ())]
    if plain.made and "weight" not in held:
        ways.insert(0 if plain.constructor else 1, ({*held, "weight"}, ("weight",)))
    for without, put in ways:
        try:
            signature = bind(_without(conv2d, without), told["name"], parameters, told["keys"])
        except ConvcalcError:
            continue
        constructor = (plain.constructor or ()) if put else plain.constructor
        return replace(plain, forward=signature.bound, constructor=constructor, put=put)
    return None
