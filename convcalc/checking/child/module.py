"""A file's statements, run as far as a function needs them; what can't be run is left out."""

from __future__ import annotations
import __future__ as futures

import ast
import builtins
import os
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from convcalc.checking.child.source import DEFINITIONS, Source

LONGEST = 160
"""Letters of an error that are told of a statement that was left out."""


class Nothing:
    """What does nothing, whatever is asked of it: a notebook's shell where there is none."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: Any, **named: Any) -> Nothing:
        """Do nothing with what it is called with."""
        del arguments, named
        return self


def run(source: Source, roots: Iterable[str]) -> tuple[ModuleType, list[str]]:
    """Return the module of what these names need, and what was left out, in words.

    A statement that can't be run is left out: what it would have bound isn't there.
    """
    stem = os.path.splitext(os.path.basename(source.path))[0]
    module = ModuleType(f"checked_{stem}")
    module.__file__ = source.path
    vars(module).update(get_ipython=lambda: Nothing(), display=Nothing())
    vars(module)["__builtins__"] = builtins
    sys.modules[module.__name__] = module
    sys.argv[:] = [source.path]  # as if it were run: what reads its arguments speaks of itself
    flags = _flags(source.statements)
    left: list[str] = []
    needed = source.needed(roots)
    for at, statement in enumerate(source.statements):
        if at in needed:
            try:
                exec(_compiled(statement, source.path, flags), vars(module))
            except BaseException as error:
                left.append(f"{source.lines(statement)} ({_said(error)})")
    return module, [*source.unread, *left, *_not_needed(source, needed)]


def _compiled(statement: ast.stmt, path: str, flags: int) -> Any:
    return compile(ast.Module([statement], []), path, "exec", flags, dont_inherit=True)


def _flags(statements: Sequence[ast.stmt]) -> int:
    """Return what `from __future__` asks for; annotations are never evaluated."""
    flags = futures.annotations.compiler_flag
    for each in statements:
        if isinstance(each, ast.ImportFrom) and each.module == "__future__":
            for alias in each.names:
                feature = getattr(futures, alias.name, None)
                flags |= feature.compiler_flag if feature else 0
    return flags


def _said(error: BaseException) -> str:
    try:
        text = " ".join(f"{type(error).__name__}: {error}".split())
    except BaseException:
        text = type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _not_needed(source: Source, needed: set[int]) -> list[str]:
    """Return where statements stand that do something, and aren't needed."""
    told = []
    for at, each in enumerate(source.statements):
        constant = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        if at in needed or isinstance(each, (*DEFINITIONS, ast.If, ast.Pass)) or constant:
            continue
        if isinstance(each, (ast.Expr, ast.For, ast.While, ast.With, ast.Try)):
            told.append(source.lines(each))
    return told
