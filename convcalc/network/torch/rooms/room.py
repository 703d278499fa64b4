"""The functions of one of torch's rooms by their names, loaded with their files when asked for.

All of them together take longer to load than most networks to follow. homes.txt says where each
stands: tests/data/make_function_homes.py writes it, once a function is registered. A line there
has the letters of rooms, a file and names; or a room, how functions of it are made of those of
another room, and which.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from convcalc.text import own_text

Function = Callable[..., object]
PACKAGE = "convcalc.network.torch"
BY_LETTER: dict[str, Room] = {}
"""Every room by its letter: torch (t), torch.nn.functional (f), torch.linalg (l), torch.fft (d),
torch.special (s), the methods (m) and attributes (a) of tensors, and what sets these (e)."""


class Made(Protocol):
    """A function of which others are made."""

    def called(self, name: str) -> Function:
        """Return the same function under another name."""

    def copying(self, name: str) -> Function:
        """Return a function that gives new tensors where this one gives views."""


@cache
def homes() -> dict[str, dict[str, str]]:
    """Return where each function of each room stands, or what it is made of."""
    found: dict[str, dict[str, str]] = {}
    for line in own_text(Path(__file__).with_name("homes.txt")).splitlines():
        head, _, names = line.partition(": ")
        letters, _, home = head.partition(" ")
        for letter in letters:
            found.setdefault(letter, {}).update(dict.fromkeys(names.split(), home))
    return found


class Room(dict[str, Function]):
    """Functions by their names: those that homes.txt knows are as good as there."""

    def __init__(self, letter: str, prefix: str = "") -> None:
        super().__init__()
        self.letter = letter
        self.prefix = prefix
        """What the names of its functions begin with."""
        BY_LETTER[letter] = self

    def __missing__(self, name: str) -> Function:
        """Load what somebody asks for; raise KeyError where there is no such function."""
        home, _, other = homes()[self.letter][name].partition(" ")
        if other:
            copies = home == "copying"
            base = cast(Made, BY_LETTER[other][name.removesuffix("_copy") if copies else name])
            self[name] = (base.copying if copies else base.called)(self.prefix + name)
        else:
            import_module(f"{PACKAGE}.{home}")
        if not super().__contains__(name):
            raise KeyError(name)
        return super().__getitem__(name)

    def __setitem__(self, name: str, function: Function) -> None:
        """Keep a function, if PyTorch has it in this room."""
        if name in homes()[self.letter]:
            super().__setitem__(name, function)

    def __contains__(self, name: object) -> bool:
        return name in homes()[self.letter]

    def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
        """Return a function, or what stands for one where there is none."""
        found = name in self  # as `in` has it, before anything is loaded
        return self[name] if found else default

    def loaded(self) -> Room:
        """Return itself, with all that it may hold."""
        deque(map(self.__getitem__, homes()[self.letter]), maxlen=0)
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(homes()[self.letter])

    def __len__(self) -> int:
        return len(homes()[self.letter])

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """Return the names of all functions, of which none is loaded for that."""
        return homes()[self.letter].keys()

    def values(self) -> ValuesView[Function]:  # type: ignore[override]
        """Return all functions."""
        return dict.values(self.loaded())

    def items(self) -> ItemsView[str, Function]:  # type: ignore[override]
        """Return all functions with their names."""
        return dict.items(self.loaded())
