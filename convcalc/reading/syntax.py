"""Python's own parser, whose warnings about a text are nobody's concern here."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator


def expression(words: str) -> ast.expr:
    """Return the syntax of an expression; raises as `ast.parse` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(words, mode="eval").body


def check(tree: ast.Module) -> None:
    """Raise SyntaxError for what parses and is no Python: a break outside a loop and the like.

    Only Python's compiler knows them all; what it makes is thrown away and never run.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(tree, "<checked>", "exec", dont_inherit=True)


def module(words: str) -> ast.Module:
    """Return the syntax of a file, private names as Python keeps them; raises as `ast.parse`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(words)
    if PRIVATE.search(words):
        Mangling().visit(tree)
    return tree


PRIVATE = re.compile(r"__\w*[^\W_]_?\b")
"""A name that begins with two underscores, and doesn't end in two."""


class Mangling(ast.NodeVisitor):
    """Gives the private names of classes the name of their class: __fc in Net is _Net__fc.

    Source: Python's reference, "Private name mangling".
    """

    def __init__(self) -> None:
        self.classes: list[str] = []

    def visit(self, node: ast.AST) -> None:
        """Rename what a node is called, and what stands in it."""
        if self.classes and self.classes[-1]:
            for field in ("id", "attr", "name", "arg"):
                value = getattr(node, field, None)
                if isinstance(value, str) and not isinstance(node, (ast.alias, ast.keyword)):
                    setattr(node, field, self.mangled(value))
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                node.names = [self.mangled(each) for each in node.names]
        if isinstance(node, ast.ClassDef):
            for outside in (*node.decorator_list, *node.bases, *node.keywords):
                self.visit(outside)
            self.classes.append(node.name.lstrip("_"))
            for each in node.body:
                self.visit(each)
            self.classes.pop()
        else:
            self.generic_visit(node)

    def mangled(self, name: str) -> str:
        """Return a name as it is kept in a class."""
        private = name.startswith("__") and not name.endswith("__") and "." not in name
        return f"_{self.classes[-1]}{name}" if private else name


def is_number_too_long(error: SyntaxError) -> bool:
    """Return whether Python's parser stumbled over a number of more digits than it reads."""
    return error.msg.startswith("Exceeds the limit")


def source_of(node: ast.AST) -> str:
    """Return the code of a piece of syntax, as far as it can be written."""
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError):  # a number of too many digits, brackets nested too deep
        return "this"


FUNCTIONS = (ast.FunctionDef, ast.Lambda, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a statement or function itself, not in a function or class within it."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        each = stack.pop()
        yield each
        if not isinstance(each, (*FUNCTIONS, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(each))


def holds_yield(node: ast.AST) -> bool:
    """Return whether something is yielded in a statement, an expression or a function itself."""
    return isinstance(node, (ast.Yield, ast.YieldFrom)) or any(
        isinstance(each, (ast.Yield, ast.YieldFrom)) for each in own_nodes(node)
    )


def is_guard(node: ast.stmt) -> bool:
    """Return whether a statement is read where the file is run, not where it is imported."""
    return isinstance(node, ast.If) and source_of(node.test).replace('"', "'") in (
        "__name__ == '__main__'", "'__main__' == __name__"
    )  # fmt: skip


def offers_otherwise(node: ast.Try, *, own: bool = True) -> bool:
    """Return whether a try statement offers something else where an import fails.

    A package knows by it what is installed, whatever else it expects to fail there.
    """
    met = r"Import|ModuleNotFound" if own else r"Import|ModuleNotFound|\bException\b"
    return any(
        not any(isinstance(each, ast.Raise) for each in handler.body)
        and (handler.type is None or re.search(met, source_of(handler.type)) is not None)
        for handler in node.handlers
    )
