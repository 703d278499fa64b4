"""Forwards of classes that print(model) shows without them.

They are written in the Python that is read (`written/`), and matched by the class's name and its
children's names and kinds, in their order, all of them or not at all.
`written/torchvision/shared.py.txt` says how a class there describes itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convcalc.network.modules import MISSING, Class, Function, Module

if TYPE_CHECKING:
    from convcalc.network.printed import Printed

WRITTEN = Path(__file__).with_name("written")
TORCHVISION = WRITTEN / "torchvision"
TORCH = WRITTEN / "transformer.py.txt"


class Known:
    """The classes whose forwards are known, by the names that print(model) shows."""

    def __init__(self, interpreter: Any) -> None:
        self.interpreter = interpreter
        self.named: dict[str, list[Class]] = {}
        self.of_torchvision: set[Class] = set()

    @cached_property
    def unread(self) -> dict[Path, str]:
        """The files that no class was looked for in whose name they hold: most prints need none."""
        paths = [*sorted(TORCHVISION.iterdir()), TORCH]
        return {path: path.read_text(encoding="utf-8") for path in paths}

    def _read(self, kind: str) -> None:
        """Read the files that may know a class."""
        for path in [path for path, words in self.unread.items() if defines(words, kind)]:
            del self.unread[path]
            file = self.interpreter.written(path)
            file.read(self.interpreter)
            for cls in list(file.scope.names.values()):
                if isinstance(cls, Class) and cls.find("children_shown") is not MISSING:
                    self._add(cls, torchvision=path.parent == TORCHVISION)

    def _add(self, cls: Class, *, torchvision: bool) -> None:
        cls.name = cls.namespace.get("shown_as", cls.name)
        cls.own = any(base.layer is not None for base in cls.mro)  # one row for all within it
        self.named.setdefault(cls.name, []).append(cls)
        if torchvision:
            self.of_torchvision.add(cls)

    def find(self, shown: Printed) -> Class | None:
        """Return the class that is known by this name and these children."""
        self._read(shown.kind)
        for cls in self.named.get(shown.kind, ()):
            arguments = said(cls, "arguments_shown", "")
            if fnmatchcase(shown.words, arguments) and matches(
                said(cls, "children_shown"), shown.children
            ):
                return cls
        return None

    def complete(self, module: Module) -> None:
        """Make what a known class has and the text doesn't show, from its children."""
        hidden = module.cls.find("hidden")
        if isinstance(hidden, Function):
            self.interpreter.called(hidden, [module], {})


def defines(words: str, kind: str) -> bool:
    """Return whether a file has a class that print(model) shows by this name."""
    return f"class {kind}(" in words or f'shown_as = "{kind}"' in words


def said(cls: Class, name: str, default: Any = None) -> Any:
    """Return what a known class says of itself."""
    value = cls.find(name)
    return default if value is MISSING else value


def matches(expected: dict[str, Any], children: Sequence[tuple[str, Printed | None]]) -> bool:
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


def is_kind(shown: Printed | None, expected: Any) -> bool:
    """Return whether a child is of a kind that is expected."""
    if isinstance(expected, tuple):
        return any(is_kind(shown, each) for each in expected)
    if isinstance(expected, dict):
        is_chain = shown is not None and shown.kind == "Sequential"
        return is_chain and shown is not None and matches(expected, shown.children)
    return expected in ("*", "None" if shown is None else shown.kind)
