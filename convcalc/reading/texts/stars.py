"""The names that `from … import *` gives of a package's files, looked up when they are needed.

A package may gather a hundred files so, of which a model needs one. Which file has a name is
looked for in their texts, and that file alone is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.reading.values import MISSING

if TYPE_CHECKING:
    from convcalc.reading.files import Module

SETS = (
    r"^[ \t]*(?:(?:def|class)[ \t]+{0}\b|{0}\b[ \t]*(?:[:=,)]|$)|[^#\n]*\b{0}\b[^#\n=]*=[^=])"
    r"|(?:'{0}'|\"{0}\")"
)
"""What a text has that may give a name to something of its own, or lists it."""
BINDS = SETS + r"|\bimport\b[^\n]*\b{0}\b|\bas[ \t]+{0}\b"
"""What a text has that may give a name to something; of a text with a list, what is in that."""
LISTS = re.compile(r"^__all__\b", re.MULTILINE)
"""What lists the names that a file gives: what it imports is given only where it is named there."""
DEEPEST = 8
"""How many files may gather the names of others, one after the other."""


class Stars:
    """The files whose names a file has, in the order of its text."""

    def __init__(self) -> None:
        self.files: list[Module] = []
        self.unique = False
        """Whether no two of them have the same name, so that their order doesn't matter."""

    def add(self, file: Module) -> None:
        """Add the names of a file."""
        self.files.append(file)

    def find(self, name: str) -> object:
        """Return what a name is, or MISSING."""
        for file in self._ordered(name):
            if not may_have(file, name, DEEPEST):
                continue
            (file.behind or file).read()
            file.read()
            listed = (file.behind or file).names.get("__all__")
            if name not in listed if isinstance(listed, (list, tuple)) else name[0] == "_":
                continue
            try:
                return file.get(name)
            except AttributeError:
                continue
        return MISSING

    def nearest(self, name: str) -> str | None:
        """Return the nearest name of the files' functions, if any is near."""
        found = (re.findall(r"^def ([a-z]\w*)\(", each.text(), re.MULTILINE) for each in self.files)
        return text.nearest(name, chain.from_iterable(found))

    def _ordered(self, name: str) -> Iterator[Module]:
        """Yield the files, the last first, as the last one that has a name gives it.

        Where the order doesn't matter, those whose names it begins with are looked at first.
        """
        if not self.unique:
            yield from reversed(self.files)
            return
        squashed = name.replace("_", "").lower()
        titles = {id(each): each.module.rpartition(".")[2].replace("_", "") for each in self.files}
        likely = [each for each in self.files if squashed.startswith(titles[id(each)])]
        yield from sorted(likely, key=lambda each: -len(titles[id(each)]))
        yield from (each for each in self.files if each not in likely)


def may_have(file: Module, name: str, depth: int) -> bool:
    """Return whether a file's text binds or quotes a name, or that of a file which it gathers."""
    if file.behind is not None and may_have(file.behind, name, depth):
        return True
    words = file.text()
    binds = SETS if LISTS.search(words) else BINDS
    if name in words and re.search(binds.format(re.escape(name)), words, re.MULTILINE) is not None:
        return True
    if not depth or "import *" not in words:
        return False
    return any(may_have(each, name, depth - 1) for each in gathered(file))


GATHERS = re.compile(r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+\*", re.MULTILINE)
"""What gathers the names of another file."""


def gathered(file: Module) -> Iterator[Module]:
    """Yield the files whose names a file gathers, as its text says."""
    for dots, module in GATHERS.findall(file.text()):
        found = file.project.find(file.absolute(module, len(dots)))
        if isinstance(found, type(file)):
            yield found


def is_table(node: ast.stmt) -> bool:
    """Return whether a statement says what a module gives that replaces itself as it is imported.

    Its names stand behind `if TYPE_CHECKING`, and where it is run it puts an object in its place
    that imports them one by one.
    """
    return (
        isinstance(node, ast.If)
        and any(isinstance(each, ast.Name) and each.id == "TYPE_CHECKING"
                for each in ast.walk(node.test))
        and any(_replaces(each) for each in node.orelse)
    )  # fmt: skip


def _replaces(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(each, ast.Subscript)
        and isinstance(each.value, ast.Attribute)
        and each.value.attr == "modules"
        for each in node.targets
    )


def is_record(node: ast.stmt) -> bool:
    """Return whether a statement makes a plain dataclass."""
    return (
        isinstance(node, ast.ClassDef)
        and [each.id for each in node.decorator_list if isinstance(each, ast.Name)] == ["dataclass"]
        and len(node.decorator_list) == 1
    )
