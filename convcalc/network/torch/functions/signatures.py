"""What PyTorch's functions take, by their names: of it a call may leave out or add nothing.

signatures.txt, beside this file, says it as PyTorch does; names.txt says which names there are.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

from convcalc import text
from convcalc.network.torch.errors import misfit
from convcalc.text import own_text

NUMPY = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input",
         "x2": "other"}  # fmt: skip
"""NumPy's names, which those of PyTorch's functions that aren't written in Python take too."""


class Overload(NamedTuple):
    """One way to call a function: the names of its arguments."""

    in_order: tuple[str, ...]
    names: frozenset[str]
    needed: tuple[str, ...]
    endless: bool
    strict: bool

    def lacks(self, count: int, named: Collection[str]) -> list[str] | None:
        """Return what is missing of a call; None where it has more than there is a place for."""
        filled = self.in_order[:count]
        if count > len(self.in_order) and not self.endless:
            return None
        if any(each not in self.names or each in filled for each in named):
            return None
        return [each for each in self.needed if each not in filled and each not in named]


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
    """Return whether PyTorch hasn't got a name there, as far as its public ones go."""
    return not name.startswith("_") and name not in names_of(room)


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
    in_place = "." not in name and name.endswith("_")
    return overloads(name[:-1]) if in_place else ()


def _overload(words: list[str]) -> Overload:
    strict = words[:1] == ["~"]
    words = words[strict:]
    by_name = words.index("*") if "*" in words else len(words)
    bare = [word.strip("*=") for word in words]
    return Overload(
        tuple(bare[:by_name]),
        frozenset(filter(None, bare)),
        tuple(b for b, word in zip(bare, words, strict=True) if b and not word.endswith("=")),
        any(word.startswith("*") for word in words[:by_name]),
        strict,
    )


def checked(
    name: str, count: int, named: dict[str, object]
) -> tuple[tuple[str, ...], dict[str, object], bool]:
    """Return what the arguments in order are called, and those by name under PyTorch's own names.

    Last comes whether all ways to call the function so agree in that. Raises TypeError where it
    doesn't take so many in order and these by their names.
    """
    known = overloads(name)
    if not known:
        return (), named, False
    every = frozenset().union(*(each.names for each in known))
    if not known[0].strict:
        named = {each if each in every else NUMPY.get(each, each): named[each] for each in named}
    lacking = [each.lacks(count, named) for each in known]
    fitting = [each for each, lacks in zip(known, lacking, strict=True) if lacks == []]
    if fitting:
        sure = len({each.in_order[:count] for each in fitting}) == 1
        return fitting[0].in_order, named, sure
    wrong = next((each for each in named if each not in every and each != "out"), None)
    missing = min((each for each in lacking if each), key=len, default=None)
    if wrong is not None:
        near = text.nearest(wrong, every)
        hint = f": {near} is the nearest name" if near else ""
        raise misfit(f"{name}() takes no {wrong}{hint}", TypeError)
    if "out" in named:
        return known[0].in_order, named, False
    if missing is not None:
        raise misfit(f"{name}() needs {text.listed(missing)}", TypeError, missing=missing)
    most = max(len(each.in_order) for each in known)
    if count > most:
        takes = text.counted(most, "argument")
        raise misfit(f"{name}() takes {takes}, gets {count:,}", TypeError)
    raise misfit(f"{name}() doesn't take these arguments together", TypeError)
