"""Names and what they are worth, while a file is read."""

from __future__ import annotations

from typing import Any

from convcalc.network.modules import MISSING, Class
from convcalc.network.refusals import Place


class Scope:
    """The names of a file, a class body, a function or a comprehension."""

    __slots__ = ("declared", "is_class", "names", "outer", "owner", "top")

    def __init__(self, outer: Scope | None = None, is_class: bool = False) -> None:
        self.names: dict[str, Any] = {}
        self.outer = outer
        self.is_class = is_class
        self.owner: Class | None = None
        """The class that a class body made."""
        self.top: Scope = outer.top if outer is not None else self
        self.declared: dict[str, Scope] = {}
        """Names that belong to a scope further out."""

    def find(self, name: str) -> Any:
        """Return what a name is worth here, or further out."""
        if name in self.declared:
            return self.declared[name].names.get(name, MISSING)
        scope: Scope | None = self
        while scope is not None:
            if (not scope.is_class or scope is self) and name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return MISSING

    def set(self, name: str, value: Any) -> None:
        """Give a name a value."""
        self.declared.get(name, self).names[name] = value

    def delete(self, name: str) -> bool:
        """Take a name away; return whether there was one."""
        return self.declared.get(name, self).names.pop(name, MISSING) is not MISSING

    def declare(self, name: str, everywhere: bool) -> None:
        """Say that a name is the file's (`global`), or a function's further out (`nonlocal`)."""
        scope: Scope | None = self.top
        if not everywhere:
            scope = self.outer
            while scope is not None and (scope.is_class or name not in scope.names):
                scope = scope.outer
        self.declared[name] = scope or self.top


class Frame:
    """A call that is under way: whose file it stands in, and at which line it is."""

    __slots__ = ("file", "finishes", "first", "line", "name", "node", "owner")

    def __init__(self, file: Any, name: str, owner: Class | None = None, first: Any = None) -> None:
        self.file = file
        self.name = name
        self.owner = owner
        self.first = first
        self.line = 1
        self.node: Any = None
        self.finishes = False
        """Whether it is a generator's that a with statement follows to its end."""

    @property
    def place(self) -> Place:
        """The file and line that are being followed."""
        return Place(self.file.name, self.line)
