"""Python's own parser, whose warnings about a text are nobody's concern here."""

from __future__ import annotations

import ast
import warnings


def expression(words: str) -> ast.expr:
    """Return the syntax of an expression; raises as `ast.parse` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(words, mode="eval").body


def module(words: str) -> ast.Module:
    """Return the syntax of a file; raises as `ast.parse` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(words)
