"""What arguments PyTorch's functions take: a call that lacks one, or has another, is refused.

signatures.txt, beside this file, says it as PyTorch does; names.txt says which names there are,
kinds.txt which kinds of numbers a function refuses as its tensors' or as its dtype, and limits.txt
which values of its arguments have a meaning: those that are listed, or those that compare so.
tests/data/make_function_signatures.py makes them with PyTorch, of all functions that are
registered, and says what their signs mean.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from convcalc import text
from convcalc.network.torch.dtypes import ANY, DType
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.expressions import BY_SIGN
from convcalc.reading.values import Reserved, Unknown, Value
from convcalc.text import own_text

NUMPY = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input",
         "x2": "other"}  # fmt: skip
"""NumPy's names, which those of PyTorch's functions that aren't written in Python take too."""


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _single(value: object) -> bool:
    return isinstance(value, Value) and not (isinstance(value, Tensor) and value.shape)


def _sizes(value: object) -> bool:
    several = isinstance(value, (list, tuple)) and not any(
        isinstance(each, (float, complex, str)) for each in value
    )
    return several or (isinstance(value, Value) and not isinstance(value, Tensor))


TAKES: dict[str, tuple[Callable[[object], bool], str]] = {
    "t": (lambda value: isinstance(value, Value), "a tensor"),
    "n": (lambda value: isinstance(value, (Value, int, float, complex)), "a tensor or a number"),
    "T": (lambda value: not isinstance(value, (int, float, str)), "tensors"),
    "i": (lambda value: _whole(value) or _single(value), "a whole number"),
    "I": (_sizes, "whole numbers in a tuple or a list"),
    "f": (lambda value: isinstance(value, (int, float)) or _single(value), "a number"),
    "s": (lambda value: isinstance(value, (int, float, complex)) or _single(value), "a number"),
    "y": (lambda value: isinstance(value, (Value, type)), "a dtype"),
    "b": (lambda value: isinstance(value, (bool, Unknown)), "True or False"),
    "w": (lambda value: isinstance(value, (str, Unknown)), "a text"),
}
"""What is taken for an argument of a type, and in words, by the letters of signatures.txt."""


def takes(kind: str, value: object) -> bool:
    """Return whether PyTorch takes a value for an argument whose type has these letters."""
    if not kind or isinstance(value, Unknown):
        return True
    if value is None:
        return kind.endswith("?")
    if kind[1:2] == "1" and (_whole(value) or isinstance(value, Value)):
        return True
    return kind[0] not in TAKES or TAKES[kind[0]][0](value)


class Overload(NamedTuple):
    """One way to call a function: the names of its arguments, and the letters of their types."""

    in_order: tuple[str, ...]
    types: dict[str, str]
    needed: tuple[str, ...]
    endless: bool
    strict: bool

    def lacks(self, count: int, named: Collection[str]) -> list[str] | None:
        """Return what is missing of a call; None where it has more than there is a place for."""
        filled = self.in_order[:count]
        if count > len(self.in_order) and not self.endless:
            return None
        if any(each not in self.types or each in filled for each in named):
            return None
        return [each for each in self.needed if each not in filled and each not in named]

    def stranger(self, given: Sequence[object], named: Mapping[str, object]) -> str | None:
        """Return the argument whose value PyTorch doesn't take, and what it takes, in words."""
        if self.endless and given and (len(given) > 1 or _whole(given[0])):
            given = [list(given)]
        pairs = (*zip(self.in_order, given, strict=False), *named.items())
        for name, value in pairs:
            kind = self.types.get(name, "")
            if not takes(kind, value):
                return f"{name} is {TAKES[kind[0]][1]}, not {of_type(value)}"
        return None


def of_type(value: object) -> str:
    """Return what a value is, in a word or two."""
    return "a tensor" if isinstance(value, Tensor) else text.excerpt(repr(value))


@cache
def _lines(file: str = "signatures.txt") -> dict[str, str]:
    words = own_text(Path(__file__).with_name(file))
    lines = (line.split(": ", 1) for line in words.splitlines())
    return {name: said for names, said in lines for name in names.split()}


@cache
def names_of(room: str) -> frozenset[str]:
    """Return what PyTorch's dir() lists of torch, torch.nn, its functional or torch.Tensor."""
    return frozenset(_lines("names.txt")[room].split())


def absent(room: str, name: str) -> bool:
    """Return whether PyTorch has no such name there, as far as its public ones go."""
    return not name.startswith("_") and name not in names_of(room)


LETTERS = {
    "bool": "o", "uint8": "u", "float16": "h", "bfloat16": "g", "float32": "f", "float64": "d",
}  # fmt: skip
"""The letters of kinds of numbers in kinds.txt; i is any other whole one, c a complex one."""


def _letter(dtype: DType) -> str:
    known = LETTERS.get(dtype.name) or {"int": "i", "complex": "c"}.get(dtype.kind, "?")
    return "?" if dtype is ANY else known


def heed_kinds(name: str, inputs: Sequence[Tensor], dtype: object) -> None:
    """Raise where a function takes no tensor, or no dtype, of this kind, as PyTorch on a CPU."""
    kinds = _lines("kinds.txt")
    if isinstance(dtype, DType):
        name = f"{name}(dtype)"
    every = [dtype] if isinstance(dtype, DType) else [each.dtype for each in inputs]
    refused = kinds.get(name, "")
    if not refused or not every or not all(_letter(each) in refused for each in every):
        return
    given = every[0]
    letter = _letter(given)
    if given.name in ("float16", "bfloat16"):
        raise NotUnderstood(f"{name} of {given} isn't followed: PyTorch doesn't have it everywhere")
    hint = ": .float() before it would do" if letter in "oui" and dtype is None else ""
    raise misfit(f"{name} takes no {given}{hint}")


DEVICES = frozenset(
    "cpu cuda fpga hip hpu ideep ipu lazy maia meta mkldnn mps mtia opencl opengl privateuseone ve "
    "vulkan xla xpu".split()
)
"""The kinds of devices that PyTorch knows."""


def heed_device(name: str, device: object) -> None:
    """Raise where a text names no device."""
    if isinstance(device, str) and device.partition(":")[0] not in DEVICES:
        raise misfit(f"{name}: {device!r} is no device, 'cpu' or 'cuda' would be")


@cache
def _limits() -> dict[str, dict[str, list[str]]]:
    words = own_text(Path(__file__).with_name("limits.txt"))
    found: dict[str, dict[str, list[str]]] = {}
    for line in words.splitlines():
        names, _, (argument, *allowed) = *line.partition(":")[:2], line.partition(":")[2].split()
        for name in names.split():
            found.setdefault(name, {})[argument] = allowed
    return found


def _within(value: float, limit: str) -> bool:
    sign = limit.rstrip("0123456789")
    return bool(BY_SIGN[sign].apply(value, float(limit[len(sign) :])))


@cache
def limits_of(name: str) -> dict[str, list[str]]:
    """Return what the arguments of a function may be, as far as that is limited."""
    bare = name
    for room in ("torch.", "special.", "F."):
        bare = bare.removeprefix(room)
    return {**_limits().get(bare, {}), **_limits().get(name, {})}


@cache
def is_choosy(name: str) -> bool:
    """Return whether a function refuses some kinds of numbers."""
    return name in _lines("kinds.txt") or f"{name}(dtype)" in _lines("kinds.txt")


def heed_limits(name: str, given: Mapping[str, object]) -> None:
    """Raise where an argument has a value that has no meaning for PyTorch."""
    aged = given.get("size_average") is not None or given.get("reduce") is not None
    for argument, allowed in limits_of(name).items():
        value = None if aged and argument == "reduction" else given.get(argument)
        if allowed == ["number"] and isinstance(value, Tensor) and value.shape:
            raise misfit(f"{name}: {argument} is a number, not a tensor", TypeError)
        plain = isinstance(value, (int, float)) and not isinstance(value, Reserved)
        if value is None or not (plain or isinstance(value, str)):
            continue
        if allowed == ["number"]:
            continue
        if allowed[0][0] not in "<>!":
            fits, words = str(value) in allowed, text.listed(allowed, "or")
        else:
            fits = plain and all(_within(value, limit) for limit in allowed)  # type: ignore[arg-type]
            words = " and ".join(allowed)
        if not fits:
            raise misfit(f"{name}: {argument} is {words}, not {value!r}", ValueError)


@cache
def overloads(name: str) -> tuple[Overload, ...]:
    """Return the ways to call a function; none where PyTorch doesn't say."""
    lines = _lines()
    if name in lines:
        return tuple(_overload(each.split()) for each in lines[name].split("|"))
    if "." not in name and f"torch.{name}" in lines:
        several = map(str.split, lines[f"torch.{name}"].split("|"))
        return tuple(
            _overload(["~", *words[2:]] if words[:1] == ["~"] else words[1:]) for words in several
        )
    return overloads(name[:-1]) if name[-1:] == "_" != name[-2:-1] else ()


def _overload(words: list[str]) -> Overload:
    strict = words[:1] == ["~"]
    words = words[strict:]
    by_name = words.index("*") if "*" in words else len(words)
    pairs = [word.strip("*=").partition(":") for word in words]
    bare = [name for name, _, _ in pairs]
    sizes = by_name == 1 and pairs[0][2] == "I"
    none = ["?" * (":I" in word and word.endswith("=")) for word in words]
    return Overload(
        tuple(bare[:by_name]),
        {name: kind + also for (name, _, kind), also in zip(pairs, none, strict=True) if name},
        tuple(b for b, word in zip(bare, words, strict=True) if b and not word.endswith("=")),
        sizes or any(word.startswith("*") for word in words[:by_name]),
        strict,
    )


def checked(
    name: str, given: Sequence[object], named: dict[str, object]
) -> tuple[tuple[str, ...], dict[str, object], bool]:
    """Return what the arguments in order are called, and those by name under PyTorch's own names.

    Last comes whether all ways to call the function so agree in that. Raises TypeError where it
    doesn't take so many in order, these by their names, or a value of this type.
    """
    known = overloads(name)
    if not known:
        return (), named, False
    count = len(given)
    every = frozenset().union(*(each.types for each in known))
    if not known[0].strict:
        named = {each if each in every else NUMPY.get(each, each): named[each] for each in named}
    lacking = [each.lacks(count, named) for each in known]
    fitting = [each for each, lacks in zip(known, lacking, strict=True) if lacks == []]
    strange = [each.stranger(given, named) for each in fitting]
    taken = [each for each, wrong in zip(fitting, strange, strict=True) if wrong is None]
    if taken:
        sure = len({each.in_order[:count] for each in taken}) == 1
        return taken[0].in_order, named, sure
    if fitting:
        raise misfit(f"{name}(): {strange[-1]}", TypeError)
    wrong = next((each for each in named if each not in every and each != "out"), None)
    missing = min((each for each in lacking if each), key=len, default=None)
    if wrong is not None:
        hint = text.hint(wrong, every)
        raise misfit(f"{name}() takes no {wrong}{hint}", TypeError)
    if "out" in named:
        return known[0].in_order, named, False
    if missing is not None:
        raise misfit(f"{name}() needs {text.listed(missing)}", TypeError, missing=missing)
    most = max(len(each.in_order) for each in known)
    if count > most:
        most_ = text.counted(most, "argument")
        raise misfit(f"{name}() takes {most_}, gets {count:,}", TypeError)
    raise misfit(f"{name}() doesn't take these arguments together", TypeError)
