"""Arguments as print(model) shows them, and values as people type them: literals, nothing else."""

from __future__ import annotations

import ast
import re

from convcalc import text
from convcalc.formulas import LARGEST, ConvcalcError
from convcalc.reading import syntax
from convcalc.reading.expressions import OPERATORS

DEEPEST = 100
"""The deepest nesting of brackets."""
LONGEST = 10_000
"""The most characters without a comma or a bracket: a chain of operators nests as deep."""

WORDS = {"same", "valid", "zeros", "reflect", "replicate", "circular"}
"""Texts that print(model) shows without their quotes."""
BREAKS = re.compile(r"[,()\[\]{}]")
ARITHMETIC = (ast.Mult, ast.Add, ast.Sub, ast.FloorDiv)
"""The operators that an argument may have."""


def arguments_of(words: str, line: int, column: int) -> tuple[list[object], dict[str, object]]:
    """Return the arguments between the brackets of a layer that print(model) shows.

    `column` is where the opening bracket stands. Names that print(model) shows without the quotes
    they have in Python are texts.
    """
    literals = Literals(line, column)
    call = literals.call(words)
    named = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise literals.fault("** is not a literal value")
        named[keyword.arg] = literals.value(keyword.value)
    return [literals.value(each) for each in call.args], named


def value_of(words: str) -> object:
    """Return the value that somebody typed: a literal, or else a text without quotes.

    Raises ConvcalcError for what begins as a literal that isn't a text, and is none.
    """
    words = words.strip()
    try:
        arguments, named = arguments_of(words, 1, 1)
    except ConvcalcError as error:
        if BEGINS.match(words):
            raise ConvcalcError(f"{text.excerpt(words)}: {error.message}") from None
        return words
    if named or len(arguments) != 1:
        if BEGINS.match(words):
            raise ConvcalcError(f"{text.excerpt(words)} is not one value")
        return words
    return arguments[0]


BEGINS = re.compile(r"[\[({'\"]|[-\d][^A-Za-z]*$")
"""How a value begins that is no text: a bracket, a quotation mark, or all of it a number."""


class Literals:
    """The literals that begin at one place of a text."""

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column

    def fault(self, message: str, ahead: int = 0) -> ConvcalcError:
        """Return an error that says where it is."""
        return ConvcalcError(message, place=f"line {self.line}, column {self.column + ahead}")

    def call(self, words: str) -> ast.Call:
        """Return the syntax of a call with these arguments."""
        depth = 0
        for bracket in re.findall(r"[\[\](){}]", words):
            depth += 1 if bracket in "([{" else -1
            if depth >= DEEPEST:
                raise self.fault(f"brackets are nested more than {DEEPEST} deep")
        if max(map(len, BREAKS.split(f"_({words})"))) >= LONGEST:
            raise self.fault("an expression is too long")
        try:
            body = syntax.expression(f"_({words})")
        except SyntaxError as error:
            if syntax.is_number_too_long(error):
                raise self.fault(f"a number beyond {LARGEST:,}") from None
            at, whole = error.offset or 1, f"_({words})"
            rest = whole[max(at - 1, 0) :] or whole
            raise self.fault(f"{error.msg}, at {text.excerpt(rest)}", at - 2) from None
        except (ValueError, RecursionError, MemoryError):
            raise self.fault(f"{text.excerpt(words)} can't be read") from None
        if not isinstance(body, ast.Call) or not isinstance(body.func, ast.Name):
            raise self.fault(f"{text.excerpt(words)} is not a list of arguments")
        return body

    def value(self, node: ast.expr) -> object:
        """Return the value of a literal."""
        match node:
            case ast.Constant(value=None | bool() | str() as constant):
                return constant
            case ast.Constant(value=int() | float() as number):
                return self.bounded(number)
            case ast.Tuple(elts=entries):
                return tuple(map(self.value, entries))
            case ast.List(elts=entries):
                return list(map(self.value, entries))
            case ast.Dict(keys=keys, values=entries) if all(keys):
                return {self.key(key): self.value(each)
                        for key, each in zip(keys, entries, strict=True)}  # fmt: skip
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -self.bounded(number)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id="inf")):
                return -float("inf")
            case ast.Name(id="inf" | "nan" as name):
                return float(name)
            case ast.Name(id=name) if name in WORDS:
                return name
            case ast.BinOp(left=first, op=sign, right=second) if isinstance(sign, ARITHMETIC):
                left, right = self.value(first), self.value(second)
                if all(type(each) in (int, float) for each in (left, right)):
                    if isinstance(sign, ast.FloorDiv) and not right:
                        raise self.fault("a division by zero")
                    result = OPERATORS[type(sign)].apply(left, right)
                    assert isinstance(result, (int, float))
                    return self.bounded(result)
            case ast.Attribute():  # torch.float32
                return syntax.source_of(node)
            case ast.Call(func=ast.Attribute(attr="Size"), args=[sizes], keywords=[]):
                found = self.value(sizes)
                if isinstance(found, (tuple, list)):
                    return tuple(found)
        raise self.fault(f"{text.excerpt(syntax.source_of(node))} is not a literal value")

    def key(self, node: ast.expr | None) -> object:
        """Return the key of a dict."""
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
            return node.value
        raise self.fault("the keys of a dict are texts or whole numbers")

    def bounded(self, number: float) -> float:
        """Return a number, or refuse one that is too large."""
        if isinstance(number, int) and abs(number) > LARGEST:
            raise self.fault(f"a number beyond {LARGEST:,}")
        return number
