"""A file of Python or a notebook as statements, and which of them a function needs."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from convcalc.formulas import ConvcalcError
from convcalc.reading.texts import notebooks

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ANY_NAME = frozenset({"globals", "eval", "exec", "vars"})
"""What reaches names that aren't written."""
MOST_PARSED = 100
"""How often a file is parsed to find the lines in it that are for a notebook's shell."""
FORWARD_FOR = (
    ("backward", "forward"),
    ("backward", ""),
    ("bwd", "fwd"),
    ("backprop", "forward"),
    ("grad", "forward"),
    ("back", "forw"),
)
"""How the name of a forward pass follows from that of its backward pass."""


class NotPython(Exception):
    """A file that can't be read as Python, in words."""


@dataclass(frozen=True)
class Source:
    """The statements at the top of a file, in order."""

    path: str
    statements: tuple[ast.stmt, ...]
    cells: Sequence[int] = ()
    """Of a notebook: how many lines stand before each code cell."""
    unread: Sequence[str] = ()
    """What of a notebook isn't Python, in words."""

    def place(self, line: int) -> tuple[str, int]:
        """Return the file, and the cell of a notebook, and the line in it."""
        name = os.path.basename(self.path)
        if not self.cells:
            return name, line
        number, at = notebooks.place(self.cells, line)
        return f"{name} cell {number}", at

    def lines(self, statement: ast.stmt) -> str:
        """Return where a statement stands, in words."""
        name, first = self.place(statement.lineno)
        cell = name[len(os.path.basename(self.path)) :].strip()
        last = first + (statement.end_lineno or statement.lineno) - statement.lineno
        lines = f"line {first}" if first == last else f"lines {first} to {last}"
        return f"{cell} {lines}".strip()

    @cached_property
    def defined(self) -> dict[str, ast.stmt]:
        """Return the functions and classes at the top, wherever a branch of it defines them."""
        return {each.name: each for each in _definitions(self.statements)}

    def methods(self, name: str) -> list[str]:
        """Return the methods of a class, its own before those of the file's classes below it."""
        lineage, methods = [name], []
        for each in lineage:
            found = self.defined.get(each)
            if isinstance(found, ast.ClassDef):
                methods += [node.name for node in found.body if isinstance(node, ast.FunctionDef)]
                bases = [base.id for base in found.bases if isinstance(base, ast.Name)]
                lineage += [base for base in bases if base not in lineage]
        return list(dict.fromkeys(methods))

    def forward_of(self, name: str) -> str:
        """Return the forward pass that belongs to a backward pass of this name, or nothing."""
        owner, _, last = name.rpartition(".")
        beside = self.methods(owner) if owner else list(self.defined)
        for back, forward in FORWARD_FOR:
            if back in last.lower():
                at = last.lower().index(back)
                wanted = f"{last[:at]}{forward}{last[at + len(back) :]}".strip("_").lower()
                for each in beside:
                    if each.strip("_").lower() == wanted.replace("__", "_") and each != last:
                        return f"{owner}.{each}" if owner else each
        others = [each for each in beside if "forward" in each.lower() and each != last]
        if owner and "__call__" in beside and not others:
            others = ["__call__"]
        return (f"{owner}.{others[0]}" if owner else others[0]) if len(others) == 1 else ""

    @cached_property
    def imported(self) -> dict[str, str]:
        """Return each name that is imported anywhere, and the library that it is of."""
        found = {}
        for statement in self.statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.Import):
                    for alias in node.names:
                        root = alias.name.partition(".")[0]
                        found[alias.asname or root] = root
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    root = node.module.partition(".")[0]
                    found.update({alias.asname or alias.name: root for alias in node.names})
        return found

    def needed(self, roots: Iterable[str]) -> set[int]:
        """Return which statements bind, or change, what these names depend on, and all imports."""
        traits = [_Traits.of(each) for each in self.statements]
        names = {root.partition(".")[0] for root in roots}
        chosen = {at for at, each in enumerate(traits) if each.always}
        waiting = set(range(len(traits))) - chosen
        while True:
            if names & ANY_NAME:
                return set(range(len(traits)))
            found = {at for at in waiting if names & traits[at].binds or names & traits[at].changes}
            if not found:
                return chosen
            waiting -= found
            chosen |= found
            names |= {name for at in found for name in traits[at].loads}

    def used(self, roots: Iterable[str]) -> set[str]:
        """Return the libraries of which the statements that are needed use something."""
        names = {
            node.id
            for at in self.needed(roots)
            if not isinstance(self.statements[at], (ast.Import, ast.ImportFrom))
            for node in ast.walk(self.statements[at])
            if isinstance(node, ast.Name)
        }
        return {library for name, library in self.imported.items() if name in names}

    def keys(self, name: str, parameter: str) -> list[str]:
        """Return the keys by which a function takes something from a parameter."""
        node = self.node(name)
        keys = []
        for each in ast.walk(node) if node else ():
            if isinstance(each, ast.Subscript) and _is_name(each.value, parameter):
                keys.append(each.slice)
            elif (
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Attribute)
                and each.func.attr in ("get", "pop", "setdefault")
                and _is_name(each.func.value, parameter)
            ):
                keys += each.args[:1]
        texts = [key.value for key in keys if isinstance(key, ast.Constant)]
        return list(dict.fromkeys(text for text in texts if isinstance(text, str)))

    def handed_on(self, node: ast.AST) -> list[str]:
        """Return the functions that are called with *all* arguments of the one around them."""
        return [
            each.func.id
            for each in ast.walk(node)
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
            if any(isinstance(argument, ast.Starred) for argument in each.args)
        ]

    def node(self, name: str) -> ast.AST | None:
        """Return what defines a function, or a method, of this name."""
        first, *rest = name.split(".")
        node: ast.AST | None = self.defined.get(first)
        for part in rest:
            body = node.body if isinstance(node, ast.ClassDef) else []
            node = next((each for each in body if getattr(each, "name", "") == part), None)
        return node


@dataclass(frozen=True)
class _Traits:
    """What a statement binds, changes and reads, by names."""

    binds: frozenset[str]
    changes: frozenset[str]
    loads: frozenset[str]
    always: bool

    @classmethod
    def of(cls, statement: ast.stmt) -> _Traits:
        imports = isinstance(statement, (ast.Import, ast.ImportFrom))
        changes = frozenset(_changed(statement))
        binds = frozenset() if imports else frozenset(_bound(statement))
        loads = frozenset(
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )
        guarded = _is_main(statement)
        return cls(
            frozenset() if guarded else binds,
            frozenset() if guarded else changes,
            loads,
            imports or "sys" in changes,
        )


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_main(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and any(
        _is_name(node, "__name__") for node in ast.walk(statement.test)
    )


def _outside(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that aren't within a function or class that it defines."""
    yield statement
    if not isinstance(statement, (*DEFINITIONS, ast.Lambda)):
        for child in ast.iter_child_nodes(statement):
            yield from _outside(child)


def _bound(statement: ast.stmt) -> Iterator[str]:
    for node in _outside(statement):
        if isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (each.asname or each.name.partition(".")[0] for each in node.names)


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Yield the names of objects that a statement changes: by an attribute, item or method."""
    for node in _outside(statement):
        changed: ast.AST | None = None
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            changed = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changed = node.value.func if isinstance(node.value.func, ast.Attribute) else None
        while isinstance(changed, (ast.Attribute, ast.Subscript)):
            changed = changed.value
        if isinstance(changed, ast.Name):
            yield changed.id


def _definitions(
    statements: Iterable[ast.stmt],
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for statement in statements:
        if not _is_main(statement):
            yield from (node for node in _outside(statement) if isinstance(node, DEFINITIONS))


# ---------------------------------------------------------------------------------------------
# Reading
# ---------------------------------------------------------------------------------------------


def read(path: str) -> Source:
    """Return a file's statements; raise NotPython or SyntaxError where it has none."""
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(notebooks.SUFFIX):
        try:
            words, cells, passed = notebooks.read(content)
        except ConvcalcError as error:
            raise NotPython(str(error)) from None
        return Source(path, tuple(ast.parse(words, path).body), cells, passed)
    try:
        tree = ast.parse(content, path)
    except SyntaxError:
        words = content.decode("utf-8", "replace")
        tree = ast.parse(notebooks.without_magics(words, MOST_PARSED), path)
    except ValueError as error:  # null bytes
        raise NotPython(str(error)) from None
    return Source(path, tuple(tree.body))
