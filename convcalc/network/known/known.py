"""Forwards of classes that print(model) shows without them.

They are written in the Python that is read, and matched by the class's name and its children's
names and kinds, in their order, all of them or not at all. `torchvision/shared.py.txt` says how a
class there describes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from convcalc.network.torch.module import Module
from convcalc.network.torch.written.classes import TRANSFORMER
from convcalc.text import own_text

if TYPE_CHECKING:
    from convcalc.network.texts.printed import Printed

TORCHVISION = Path(__file__).with_name("torchvision")
FILES = (
    *("convnext", "densenet", "inception", "maxvit", "mobilenet", "resnet", "shared", "swin"),
    *("vgg", "vit"),
)


class Known:
    """The classes whose forwards are known, by the names that print(model) shows."""

    def __init__(self, read: Callable[[Path], Mapping[str, object]]) -> None:
        self.read = read
        """What gives the names of a file of classes."""
        self.named: dict[str, list[type[Module]]] = {}
        self.of_torchvision: set[type[Module]] = set()

    @cached_property
    def unread(self) -> dict[Path, str]:
        """The texts of the files that weren't read yet: most prints need none of them."""
        paths = [*(TORCHVISION / f"{name}.py.txt" for name in FILES), TRANSFORMER]
        return {path: own_text(path) for path in paths}

    def _read(self, kind: str) -> None:
        """Read the files that may know a class."""
        for path in [path for path, words in self.unread.items() if defines(words, kind)]:
            del self.unread[path]
            for cls in self.read(path).values():
                if is_known(cls) and cls not in self.of_torchvision:
                    cls.__name__ = said(cls, "shown_as", cls.__name__)
                    self.named.setdefault(cls.__name__, []).append(cls)
                    if path != TRANSFORMER:
                        self.of_torchvision.add(cls)

    def find(self, shown: Printed) -> type[Module] | None:
        """Return the class that is known by this name and these children."""
        self._read(shown.kind)
        for cls in self.named.get(shown.kind, ()):
            arguments = fnmatchcase(shown.words, said(cls, "arguments_shown", ""))
            if arguments and matches(said(cls, "children_shown"), shown.children):
                return cls
        return None


def complete(module: Module) -> None:
    """Make what a known class has and the text doesn't show, from its children."""
    hidden = getattr(type(module), "hidden", None)
    if hidden is not None:
        hidden(module)


def is_known(cls: object) -> TypeGuard[type[Module]]:
    """Return whether something is a class that says what print(model) shows of it."""
    return (
        isinstance(cls, type)
        and issubclass(cls, Module)
        and said(cls, "children_shown") is not None
    )


def defines(words: str, kind: str) -> bool:
    """Return whether a file has a class that print(model) shows by this name."""
    return f"class {kind}(" in words or f'shown_as = "{kind}"' in words


def said(cls: type, name: str, default: Any = None) -> Any:
    """Return what a known class says of itself."""
    return getattr(cls, name, default)


def matches(expected: Mapping[str, object], children: Sequence[tuple[str, Printed | None]]) -> bool:
    """Return whether the children that are shown are those that are expected, in their order."""
    waiting = list(children)
    for name, kinds in expected.items():
        found = 0
        while waiting and is_named(waiting[0][0], name):
            if not is_kind(waiting.pop(0)[1], kinds):
                return False
            found += 1
            if not name.endswith("*"):
                break
        if not found and not name.endswith(("?", "*")):
            return False
    return not waiting


def is_named(key: str, expected: str) -> bool:
    """Return whether a child's name is the one that is expected."""
    if expected.endswith("*"):
        return key.startswith(expected[:-1])
    return key == expected.removesuffix("?")


def is_kind(shown: Printed | None, expected: object) -> bool:
    """Return whether a child is of a kind that is expected."""
    if isinstance(expected, tuple):
        return any(is_kind(shown, each) for each in expected)
    if isinstance(expected, dict):
        is_chain = shown is not None and shown.kind == "Sequential"
        return is_chain and shown is not None and matches(expected, shown.children)
    return expected in ("*", "None" if shown is None else shown.kind)
