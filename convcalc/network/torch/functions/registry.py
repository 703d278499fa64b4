"""Every function of torch by its names, and what its call does.

A function takes tensors that are shapes and returns such; it is named and called as torch names
it, and declares the arguments that it heeds. It is registered where it is defined.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from typing import NamedTuple, TypeVar

from convcalc.formulas import ConvcalcError
from convcalc.network.torch.dtypes import ANY, DType, rank
from convcalc.network.torch.errors import details, misfit, of_layer
from convcalc.network.torch.functions.signatures import (
    checked,
    heed_device,
    heed_kinds,
    heed_limits,
    is_choosy,
    limits_of,
    overloads,
)
from convcalc.network.torch.gradients.rules import (
    CONSTANT,
    NOTHING,
    OF_LAYER,
    Rule,
    by_text,
    memory_of,
    work_back,
)
from convcalc.network.torch.gradients.steps import Steps
from convcalc.network.torch.gradients.storage import GRADIENTS
from convcalc.network.torch.rooms.room import Room
from convcalc.network.torch.sizes import shown
from convcalc.network.torch.tensor import METHODS, Kept, Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood, TooMuch, passed
from convcalc.reading.values import Unknown, Value, is_read

TORCH = Room("t", "torch.")
"""What stands in torch itself."""
FUNCTIONAL = Room("f", "F.")
"""What stands in torch.nn.functional."""
LINALG = Room("l", "torch.linalg.")
"""What stands in torch.linalg."""
FFT = Room("d", "torch.fft.")
"""What stands in torch.fft."""
SPECIAL = Room("s", "torch.special.")
"""What stands in torch.special."""
ROOMS = {each.letter: each for each in (TORCH, FUNCTIONAL, METHODS, LINALG, FFT, SPECIAL)}
"""Where a function may stand, by a letter each."""

HARMLESS = frozenset({
    "device", "layout", "pin_memory", "non_blocking", "generator", "_stacklevel", "sparse_grad",
    "compute_mode", "copy",
})  # fmt: skip
"""Arguments on which neither a shape nor a kind of numbers depends, in any function."""

GRADED = ("any", "float", "complex")
"""Kinds of numbers that may have a gradient."""
Written = TypeVar("Written", bound=Callable[..., object])


class Said(NamedTuple):
    """The arguments of a call as they were given, with those on which no shape depends."""

    names: Sequence[str]
    given: Sequence[object]
    named: Mapping[str, object]

    def by_name(self) -> dict[str, object]:
        """Return them by their names."""
        return {**dict(zip(self.names, self.given, strict=False)), **self.named}


class Operation(Value):
    """A function on tensors, whose call may be a row."""

    def __init__(
        self,
        name: str,
        function: Callable[..., object],
        *,
        counted: bool = False,
        loose: bool = False,
        in_place: bool = False,
        harmless: str = "",
        saves: Rule | Steps | None = None,
        changes: bool = False,
        like: Operation | None = None,
        of_first: int | None = None,
    ) -> None:
        self.name = name
        self.function = function
        self.counted = counted
        """Whether a call is a row even where it changes no shape."""
        self.loose = loose
        """Whether its shape depends on its first argument alone."""
        self.in_place = in_place
        self.harmless = harmless
        """Arguments of it on which no shape depends."""
        self.saves = saves
        """What a call keeps for its backward; None where no rule says so."""
        self.changes = changes or in_place or (name.endswith("_") and not name.endswith("__"))
        """Whether it changes its first argument."""
        self.of_first = of_first
        """Of how many of its first tensors it has gradients; None for all."""
        self.like = like
        """Another one that takes the same arguments."""

    def get(self, name: str) -> object:
        """Return an attribute, as one of Python's functions has it."""
        if name in ("__name__", "__qualname__"):
            return self.__name__
        if name == "__kwdefaults__":
            ways = [each for each in overloads(self.name) if each.strict]
            return {
                each: Unknown(f"{self.name}'s {each} isn't followed")
                for way in ways for each in sorted(way.types.keys() - {*way.in_order, *way.needed})
            } or Unknown(f"{self.name}.{name} isn't followed")  # fmt: skip
        return super().get(name)

    def __repr__(self) -> str:
        return self.name

    @property
    def __name__(self) -> str:
        """What it is called in its room, as methods of Python's own ask their function."""
        return self.name.rpartition(".")[2]

    def called(self, name: str) -> Operation:
        """Return the same function under another name."""
        return Operation(name, self.function, counted=self.counted, loose=self.loose,
                         in_place=self.in_place, harmless=self.harmless, saves=self.saves,
                         changes=self.changes, like=self, of_first=self.of_first)  # fmt: skip

    def copying(self, name: str) -> Operation:
        """Return a function that gives new tensors where this one gives views."""

        @wraps(self.function)
        def copied(*arguments: object, **named: object) -> object:
            made = self.function(*arguments, **named)
            whole = made if isinstance(made, tuple) else (made,)
            found = [each.like() for each in whole if isinstance(each, Tensor)]
            for each in found:
                each.strides = None
            return tuple(found) if isinstance(made, tuple) else found[0]

        return Operation(name, copied, harmless=self.harmless, saves=NOTHING)

    @cached_property
    def takes(self) -> tuple[tuple[str, ...], frozenset[str], bool]:
        """The arguments that it heeds: in order, by name, and whether any number in order."""
        if self.like is not None:
            return self.like.takes
        parameters = inspect.signature(self.function).parameters.values()
        order = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
        names = {each.name for each in parameters if each.kind is not each.VAR_POSITIONAL}
        return tuple(order), frozenset(names), len(names) < len(parameters)

    @cached_property
    def ignored(self) -> frozenset[str]:
        """The arguments that it takes no notice of."""
        return (HARMLESS | {*self.harmless.split()}) - self.takes[1]

    def __call__(self, *arguments: object, **named: object) -> object:
        """Return what the function makes of tensors, and tell who watches.

        What isn't known makes the result unknown, unless no shape depends on it.
        """
        method = "." not in self.name
        names, named, sure = checked(self.name, arguments[method:], named)
        if limits_of(self.name):
            heed_limits(self.name, {**dict(zip(names, arguments[method:], strict=False)), **named})
        if "device" in named:
            heed_device(self.name, named["device"])
        if method and "out" in named:
            raise misfit(f"{self.name}() takes no out", TypeError)
        out = named.pop("out", None)
        learnt = "requires_grad" not in self.takes[1] and named.pop("requires_grad", False)
        names = ("", *names) if method else names
        said = Said(names, arguments, named)
        given, named = self._heeded(arguments, names, named, sure=sure)
        unknown = unknown_in([*given, *named.values()])
        first = given[0] if given else named.get("input")
        if unknown is not None and not (self.loose and isinstance(first, Tensor)):
            return unknown
        inputs = [*tensors_in(list(given)), *tensors_in(named)]
        if is_choosy(self.name):
            kinds = (each for each in (*given, *named.values()) if isinstance(each, DType))
            heed_kinds(self.name, inputs, next(kinds, None))
        graded = any(tensor.requires_grad for tensor in inputs[: self.of_first])
        try:
            result = self.function(*given, **named)
        except ConvcalcError as error:  # a refusal, or a layer that does the same
            raise of_layer(error, self.name) from None
        except Exception as error:
            found = details(error)
            if found is None:
                raise self._unfollowed(error, given, named) from error
            if not found.operation:
                found.operation, found.inputs = self.name, inputs
                sizes = given[1] if len(given) > 1 and isinstance(given[1], tuple) else given[1:]
                found.sizes = [*sizes]
            raise
        fed = any(tensor.fed for tensor in inputs)
        for tensor in tensors_in(result) if fed or learnt else ():
            if learnt and not tensor.dtype.has_point and tensor.dtype is not ANY:
                raise misfit(f"{self.name}(): {tensor.dtype} can't require a gradient")
            tensor.fed, tensor.learnt = fed or tensor.fed, bool(learnt) or tensor.learnt
        if self.in_place and inputs and isinstance(result, Tensor):
            changed = inputs[0]
            changed.write(None)
            changed.work = result.work
            result = changed
        if graded:
            self.grade(given, named, inputs, result, said)
        if out is not None:
            result = _put_out(self.name, result, out)
        WATCHER.get().operation(self, inputs, result)
        return result

    def grade(
        self, given: Sequence[object], named: dict[str, object], inputs: Sequence[Tensor],
        result: object, said: Said,
    ) -> None:  # fmt: skip
        """Note which results need a gradient, and tell who watches what is kept for it."""
        if self.saves == CONSTANT or not GRADIENTS.get():
            return
        changed = bool(inputs) and result is inputs[0]
        before = changed and inputs[0].requires_grad
        if changed and self.changes:
            inputs[0].requires_grad = True
        needed = False
        known = {id(each if each.base is None else each.base) for each in inputs}
        for tensor in tensors_in(result):
            whole = tensor if tensor.base is None else tensor.base
            if id(whole) not in known:
                whole.learnt = tensor.dtype.kind in GRADED
            needed = needed or tensor.requires_grad
        watcher = WATCHER.get()
        if not needed or not watcher.training:
            return
        rule, first = self.saves, next(tensors_in(result))
        views = all(each.base is not None for each in tensors_in(result))
        if changed and given:
            given = [_as_it_was(inputs[0], before), *given[1:]]
        kept: Iterable[Kept] | None = None
        if rule == OF_LAYER:
            kept = first.saved() if first.saved is not None else () if views else None
        elif isinstance(rule, str):
            kept = by_text(rule, result, self.takes[0], given, named)
        elif isinstance(rule, Steps):
            kept = rule.kept(result, said.by_name(), self.takes[0], given, named)
        elif rule is not None:
            kept = _asked(rule, result, given, named)
        first.saved = None
        if first.work and rule is not None and rule != OF_LAYER and not isinstance(rule, Steps):
            watcher.works_back(work_back(first.work, rule, self.takes[0], given, named))
        if kept is None:
            watcher.keeps_unknown(self.name)
        else:
            watcher.keeps([*map(memory_of, kept)])

    def _heeded(
        self, arguments: tuple[object, ...], names: Sequence[str], named: dict[str, object],
        *, sure: bool,
    ) -> tuple[Sequence[object], dict[str, object]]:  # fmt: skip
        """Return the arguments that the function heeds; refuse others that aren't harmless.

        Where PyTorch's order isn't the function's own, they are given by name.
        """
        order, taken, endless = self.takes
        ignored = self.ignored
        if not endless and names:
            at = next(
                (at for at, name in enumerate(names)
                 if name in ignored or (sure and name in taken and name != (*order, *names)[at])),
                len(order),
            )  # fmt: skip
            kept = max(min(at, len(order)), 1 if not names[0] else 0)
            behind = dict(zip(names[kept:], arguments[kept:], strict=False))
            arguments, named = arguments[:kept], {**behind, **named}
        if not named.keys() <= taken or not named.keys().isdisjoint(ignored):
            named = {name: value for name, value in named.items() if name not in ignored}
            strange = next((name for name in named if name not in taken), None)
            if strange is not None:
                raise NotUnderstood(f"{self.name}() isn't followed with {strange}")
        return arguments, named

    def _unfollowed(
        self, error: Exception, arguments: Sequence[object], named: dict[str, object]
    ) -> BaseException:
        """Return what a host error means: one of the program, a call that PyTorch refuses too, …"""
        if isinstance(error, (RecursionError, MemoryError)) or passed(error):
            return error
        try:
            inspect.signature(self.function).bind(*arguments, **named)
        except TypeError as wrong:
            return misfit(f"{self.name}(): {wrong}", TypeError)
        first = next(iter(inspect.signature(self.function).parameters.values()), None)
        value = arguments[0] if arguments else None
        if first is not None and first.annotation == "Tensor" and not isinstance(value, Value):
            return misfit(f"{self.name}() takes a tensor, not {type(value).__name__}", TypeError)
        return NotUnderstood(f"{self.name}() isn't followed with these arguments")


def _asked(
    rule: Callable[..., Iterable[Kept] | None], result: object, given: Sequence[object],
    named: dict[str, object],
) -> Iterable[Kept] | None:  # fmt: skip
    """Return what a rule says is kept, which needn't know every argument of its function."""
    parameters = inspect.signature(rule).parameters.values()
    endless = any(each.kind is each.VAR_POSITIONAL for each in parameters)
    every = any(each.kind is each.VAR_KEYWORD for each in parameters)
    taken = named.keys() if every else {each.name for each in parameters}
    given = given if endless else given[: len(parameters) - 1]
    return rule(result, *given, **{key: named[key] for key in named if key in taken})


def _as_it_was(tensor: Tensor, learnt: bool) -> Tensor:
    """Return a copy of a tensor that was changed, which the backward needs in its place."""
    copy = tensor.like()
    copy.learnt = learnt
    return copy


def check_written(name: str, tensor: Tensor) -> None:
    """Raise where several places of a tensor are one in memory, as after expand()."""
    wide = any(size > 1 for size in tensor.shape)
    if tensor.strides is None or not wide:
        return
    if any(step == 0 and size > 1 for step, size in zip(tensor.strides, tensor.shape, strict=True)):
        raise misfit(f"{name}: several places of {shown(tensor.shape)} are one in memory, which "
                     "isn't changed in its place: .clone() before it would do")  # fmt: skip


def _put_out(name: str, result: object, out: object) -> object:
    """Return the tensor, or the tuple of them, that a result was asked to be written to."""
    if isinstance(out, Unknown):
        return out
    if isinstance(result, tuple) and isinstance(out, (list, tuple)) and len(out) == len(result):
        together = zip(result, out, strict=True)
        return type(result)([_put_out(name, each, into) for each, into in together])
    if not isinstance(out, Tensor) or not isinstance(result, Tensor):
        raise misfit(f"{name}() can't be written to {type(out).__name__}", TypeError)
    if rank(result.dtype) > rank(out.dtype):
        raise misfit(f"{name}(): {result.dtype} can't be written to {out.dtype}")
    check_written(name, out)
    if result.dtype != out.dtype:
        raise NotUnderstood(f"{name}() into a tensor of another kind isn't followed")
    dtype, held = out.dtype, out.held
    out.become(result).dtype = dtype
    if held is not None:  # it lies where it lay, with what else lies there
        out.held, out.version = held, held.written
    return out


def operation(
    *names: str,
    where: str = "tm",
    counted: bool = False,
    loose: bool = False,
    harmless: str = "",
    saves: Rule | Steps | None = None,
    of_first: int | None = None,
) -> Callable[[Written], Written]:
    """Register a function of tensors under its names, in each of the rooms that letters name.

    `where` has a letter of ROOMS for each: torch (t), torch.nn.functional (f), the methods of
    tensors (m), torch.linalg (l), torch.fft (d), torch.special (s). `counted`: a call is a row
    even where it changes no shape; `loose`: the result's shape depends on the first argument
    alone, whatever the others are; `harmless`: arguments, beside HARMLESS, on which neither shape
    nor kind of numbers depends; `saves`: what a call keeps for its backward, None where that isn't
    known; `of_first`: of how many of its first tensors it has gradients. What the function raises
    is a misfit() where PyTorch raises too, else NotUnderstood.
    """

    def registered(function: Written) -> Written:
        for name in names:
            for letter in where:
                room = ROOMS[letter]
                room[name] = Operation(
                    room.prefix + name, function, counted=counted, loose=loose, harmless=harmless,
                    saves=saves, of_first=of_first,
                )  # fmt: skip
        return function

    return registered


MOST_HELD = 200_000
"""The most values that are looked at for what they hold."""


def _held(value: object) -> Sequence[object] | None:
    """Return what a list, a tuple, a dict or a plain object of a program holds."""
    if isinstance(value, (Value, int, float, str)):
        return None
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if not is_read(type(value)):
        return None
    held = getattr(value, "__dict__", {})
    return None if "_modules" in held else list(held.values())


def parts_of(value: object) -> Iterator[object]:
    """Yield what lists, tuples, dicts and plain objects hold, from the first to the last."""
    waiting = [value]
    count = 0
    while waiting:
        each = waiting.pop()
        inner = _held(each)
        if inner is None:
            yield each
            continue
        count += len(inner) + 1
        if count > MOST_HELD:
            raise TooMuch("a value holds too much to look through")
        waiting += reversed(inner)


def tensors_in(value: object) -> Iterator[Tensor]:
    """Yield the tensors among some arguments or results."""
    if isinstance(value, (list, tuple)) and len(value) == 1:  # as nearly always
        (value,) = value
    if isinstance(value, Tensor):
        return iter((value,))
    return (each for each in parts_of(value) if isinstance(each, Tensor))


def unknown_in(value: object) -> Unknown | None:
    """Return something unknown among some arguments, if there is any."""
    if not isinstance(value, (list, tuple, dict, Unknown)):
        return None
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Tensor):
        return None  # as nearly always
    return next((each for each in parts_of(value) if isinstance(each, Unknown)), None)


def tensor_of(name: str, value: object) -> Tensor:
    """Return a tensor; raise where a value is none, as PyTorch does."""
    if not isinstance(value, Tensor):
        raise misfit(f"{name} takes a tensor, not {type(value).__name__}", TypeError)
    return value
