"""Arguments as print(model) shows them, and values as people type them: literals, nothing else."""

from __future__ import annotations

import ast
import operator
import re
from typing import Any

from convcalc import text
from convcalc.formulas import LARGEST, ConvcalcError
from convcalc.network import syntax

DEEPEST = 100
"""The deepest nesting of brackets."""
LONGEST = 10_000
"""The most characters without a comma or a bracket: a chain of operators nests as deep."""

WORDS = {"same", "valid", "zeros", "reflect", "replicate", "circular"}
"""Texts that print(model) shows without their quotes."""
BREAKS = re.compile(r"[,()\[\]{}]")


def arguments_of(words: str, line: int, column: int) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments between the brackets of a layer that print(model) shows.

    `column` is where the opening bracket stands. Names that print(model) shows without the quotes
    they have in Python are texts.
    """
    call = _call(f"_({words})", line, column)
    arguments = [_value(each, line, column) for each in call.args]
    named = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise _fault(line, column, "** is not a literal value")
        named[keyword.arg] = _value(keyword.value, line, column)
    return arguments, named


def value_of(words: str) -> Any:
    """Return the value that somebody typed: a literal, or a text without quotes."""
    if words.strip().isidentifier() and words.strip() not in ("True", "False", "None"):
        return words.strip()
    try:
        arguments, named = arguments_of(words, 1, 1)
    except ConvcalcError as error:
        raise ConvcalcError(f"{text.excerpt(words)}: {error.message}") from None
    if named or len(arguments) != 1:
        raise ConvcalcError(f"{text.excerpt(words)} is not one value")
    return arguments[0]


def _fault(line: int, column: int, message: str) -> ConvcalcError:
    return ConvcalcError(message, place=f"line {line}, column {column}")


def _call(words: str, line: int, column: int) -> ast.Call:
    depth = 0
    for character in words:
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            raise _fault(line, column, f"brackets are nested more than {DEEPEST} deep")
    if max(map(len, BREAKS.split(words))) >= LONGEST:
        raise _fault(line, column, "an expression is too long")
    try:
        body = syntax.expression(words)
    except SyntaxError as error:
        if syntax.is_number_too_long(error):
            raise _fault(line, column, f"a number beyond {LARGEST:,}") from None
        at = column + (error.offset or 1) - 2
        rest = words[max((error.offset or 1) - 1, 0) :] or words
        raise _fault(line, at, f"{error.msg}, at {text.excerpt(rest)}") from None
    except (ValueError, RecursionError, MemoryError):
        raise _fault(line, column, f"{text.excerpt(words[2:-1])} can't be read") from None
    if not isinstance(body, ast.Call) or not isinstance(body.func, ast.Name):
        raise _fault(line, column, f"{text.excerpt(words[2:-1])} is no list of arguments")
    return body


def _value(node: ast.expr, line: int, column: int) -> Any:
    """Return the value of a literal."""
    match node:
        case ast.Constant(value=None | bool() | str() as constant):
            return constant
        case ast.Constant(value=int() | float() as number):
            if isinstance(number, int) and abs(number) > LARGEST:
                raise _fault(line, column, f"a number beyond {LARGEST:,}")
            return number
        case ast.Tuple(elts=entries):
            return tuple(_value(each, line, column) for each in entries)
        case ast.List(elts=entries):
            return [_value(each, line, column) for each in entries]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return -_value(node.operand, line, column)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id="inf")):
            return -float("inf")
        case ast.Name(id="inf" | "nan" as name):
            return float(name)
        case ast.Name(id=name) if name in WORDS:
            return name
        case ast.BinOp(op=ast.Mult() | ast.Add() | ast.Sub() | ast.FloorDiv() as op):
            left, right = _value(node.left, line, column), _value(node.right, line, column)
            if all(type(each) in (int, float) for each in (left, right)):
                return _worked_out(op, left, right, line, column)
        case ast.Attribute():  # torch.float32
            return ast.unparse(node)
        case ast.Call(func=ast.Attribute(attr="Size"), args=[sizes], keywords=[]):
            sizes_ = _value(sizes, line, column)
            if isinstance(sizes_, (tuple, list)):
                return tuple(sizes_)
    raise _fault(line, column, f"{text.excerpt(syntax.source_of(node))} is not a literal value")


def _worked_out(op: ast.operator, left: Any, right: Any, line: int, column: int) -> Any:
    """Return what arithmetic on two numbers gives."""
    does: Any = {ast.Mult: operator.mul, ast.Add: operator.add, ast.Sub: operator.sub}
    if isinstance(op, ast.FloorDiv) and not right:
        raise _fault(line, column, "a division by zero")
    result = does.get(type(op), operator.floordiv)(left, right)
    if abs(result) > LARGEST:
        raise _fault(line, column, f"a number beyond {LARGEST:,}")
    return result
