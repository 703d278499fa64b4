"""Forwards of classes that print(model) shows without them.

They are written in the Python that is read (`written/`), and matched by the class's name and its
children's names and kinds, all of them or not at all. A class there says in `children` what it
has: a name with ? behind it may be missing, one with * stands for a number or more at its end. In
`hidden` it makes what the text doesn't show: parameters by their shapes, and settings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from convcalc.network.containers import MODULE, fresh
from convcalc.network.modules import MISSING, Class, Function, Module

if TYPE_CHECKING:
    from convcalc.network.printed import Printed

WRITTEN = Path(__file__).with_name("written")
SOURCES = (WRITTEN / "torchvision.py.txt", WRITTEN / "attention.py.txt")


def find(interpreter: Any, shown: Printed) -> Class | None:
    """Return the class that is known by this name and these children."""
    for path in SOURCES:
        if not path.is_file():
            continue
        file = interpreter.written(path)
        file.read(interpreter)
        cls = file.scope.names.get(shown.kind)
        if isinstance(cls, Class) and cls.is_a(MODULE) and matches(cls, shown):
            return cls
    return None


def matches(cls: Class, shown: Printed) -> bool:
    """Return whether a class has just the children that are shown."""
    expected = cls.find("children_shown")
    if not isinstance(expected, dict):
        return False
    missing = {name for name in expected if not name.endswith(("?", "*"))}
    for key, child in shown.children:
        name = next((each for each in expected if is_named(key, each)), None)
        if name is None:
            return False
        missing.discard(name)
        if not is_kind("None" if child is None else child.kind, expected[name]):
            return False
    return not missing


def is_named(key: str, expected: str) -> bool:
    """Return whether a child's name is the one that is expected."""
    if expected.endswith("*"):
        return key.startswith(expected[:-1]) and key[len(expected) - 1 :].isdecimal()
    return key == expected.removesuffix("?")


def is_kind(kind: str, expected: Any) -> bool:
    """Return whether a child is of a kind that is expected."""
    several = expected if isinstance(expected, tuple) else (expected,)
    return any(
        each == kind or (isinstance(each, Class) and each.name == kind) or each is None
        for each in several
    )


def made(interpreter: Any, cls: Class, shown: Printed) -> Module:
    """Return a module of a known class, its children still to come."""
    module = fresh(cls)
    module.attributes["shown"] = shown.arguments or ", ".join(shown.own)
    return module


def complete(interpreter: Any, module: Module) -> None:
    """Make what a known class has and the text doesn't show, from its children."""
    hidden = module.cls.find("hidden")
    if isinstance(hidden, Function):
        interpreter.called(hidden, [module], {})


def is_torchvision(cls: Class) -> bool:
    """Return whether a known class is one of torchvision's, which others may have named too."""
    return cls.find("children_shown") is not MISSING
