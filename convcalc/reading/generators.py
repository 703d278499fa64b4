"""How the body of a function that yields is followed: as far as its next yield.

Statements and expressions that yield nothing are followed as everywhere else.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Generator, Sequence

from convcalc.reading import patterns, statements, syntax
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.expressions import Given
from convcalc.reading.reader import BREAK, CONTINUE, Reader, Scope, Signal, Steps
from convcalc.reading.values import Unknown

Stepping = Generator[object, object, object]
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def steps(reader: Reader, body: Sequence[ast.stmt], scope: Scope) -> Steps:
    """Yield what statements yield; return what ends them early."""
    for node in body:
        if yields(node):
            reader.guards.count(1)
            frame = reader.frame
            frame.line = node.lineno
            try:
                signal = yield from _statement(reader, node, scope)
            except BaseException as error:
                reader.placed(error, frame)
                raise
        else:
            signal = reader.statement(node, scope)
        if signal is not None:
            return signal
    return None


def yields(node: ast.AST) -> bool:
    """Return whether something is yielded in a piece of syntax itself, worked out once."""
    found: bool | None = getattr(node, "_convcalc_yields", None)
    if found is None:
        own = not isinstance(node, (*syntax.FUNCTIONS, ast.ClassDef))
        found = own and syntax.holds_yield(node)
        node._convcalc_yields = found  # type: ignore[attr-defined]
    return found


def _statement(reader: Reader, node: ast.stmt, scope: Scope) -> Steps:
    match node:
        case ast.If():
            test = yield from value(reader, node.test, scope)
            chosen = node.body if reader.truth(test, node.test) else node.orelse
            return (yield from steps(reader, chosen, scope))
        case ast.For() | ast.While():
            return (yield from _loop(reader, node, scope))
        case ast.With():
            return (yield from _with(reader, node.items, node.body, scope))
        case ast.Try():
            return (yield from _try(reader, node, scope))
        case ast.Match():
            subject = yield from value(reader, node.subject, scope)
            given = ast.copy_location(ast.Match(Given(subject, node.subject), node.cases), node)
            return (yield from steps(reader, patterns.chosen(reader, given, scope), scope))
        case ast.Return(value=ast.expr()):
            return Signal((yield from value(reader, node.value, scope)))  # type: ignore[arg-type]
        case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            assert node.value is not None
            if isinstance(node, ast.AugAssign) and not isinstance(node.target, ast.Name):
                raise reader.not_understood(node)
            worked_out = copy.copy(node)
            worked_out.value = Given((yield from value(reader, node.value, scope)), node.value)
            return reader.statement(worked_out, scope)
        case ast.Assert():
            test = yield from value(reader, node.test, scope)
            asserted = ast.copy_location(ast.Assert(Given(test, node.test), node.msg), node)
            return reader.statement(asserted, scope)
        case ast.Raise(exc=ast.expr()):
            raised = copy.copy(node)
            assert node.exc is not None
            raised.exc = Given((yield from value(reader, node.exc, scope)), node.exc)
            return reader.statement(raised, scope)
        case _:
            raise reader.not_understood(node)


def _loop(reader: Reader, node: ast.For | ast.While, scope: Scope) -> Steps:
    loop = copy.copy(node)
    if isinstance(node, ast.For) and yields(node.iter):
        assert isinstance(loop, ast.For)
        loop.iter = Given((yield from value(reader, node.iter, scope)), node.iter)
    if isinstance(node, ast.While) and yields(node.test):
        return (yield from _while(reader, node, scope))
    for _ in statements.rounds(reader, loop, scope):
        signal = yield from steps(reader, node.body, scope)
        if signal is BREAK:
            return None
        if signal is not None and signal is not CONTINUE:
            return signal
    return (yield from steps(reader, node.orelse, scope))


def _while(reader: Reader, node: ast.While, scope: Scope) -> Steps:
    """Yield what a loop yields whose condition yields too."""
    while reader.truth((yield from value(reader, node.test, scope)), node.test):
        signal = yield from steps(reader, node.body, scope)
        if signal is BREAK:
            return None
        if signal is not None and signal is not CONTINUE:
            return signal
    return (yield from steps(reader, node.orelse, scope))


def _with(
    reader: Reader, items: Sequence[ast.withitem], body: Sequence[ast.stmt], scope: Scope
) -> Steps:
    if not items:
        return (yield from steps(reader, body, scope))
    leaving, entered = statements.enter(reader, items[0], scope)
    try:
        statements.entered(reader, items[0], entered, scope)
        signal = yield from _with(reader, items[1:], body, scope)
    except NotUnderstood:
        raise
    except BaseException as error:
        reader.frame.line = items[0].context_expr.lineno
        with reader.handling(error):
            if not statements.leave(reader, leaving, error):
                raise
        return None
    reader.frame.line = items[0].context_expr.lineno
    statements.leave(reader, leaving, None)
    return signal


def _try(reader: Reader, node: ast.Try, scope: Scope) -> Steps:
    try:
        signal = yield from _handled(reader, node, scope)
    except NotUnderstood:
        raise
    except BaseException as error:
        with reader.handling(error):
            final = yield from steps(reader, node.finalbody, scope)
        if final is not None:
            return final
        raise
    return (yield from steps(reader, node.finalbody, scope)) or signal


def _handled(reader: Reader, node: ast.Try, scope: Scope) -> Steps:
    caught: BaseException | None = None
    try:
        signal = yield from steps(reader, node.body, scope)
    except NotUnderstood:
        raise
    except BaseException as error:
        caught = error
    if caught is None:
        return signal or (yield from steps(reader, node.orelse, scope))
    handler = statements.handler_of(reader, node, caught, scope)
    if handler is None:
        raise caught
    with statements.catching(reader, handler, caught, scope):
        return (yield from steps(reader, handler.body, scope))


# -- Expressions ---------------------------------------------------------------------------------


def value(reader: Reader, node: ast.expr, scope: Scope) -> Stepping:
    """Yield what an expression yields; return its value.

    Its parts are worked out in Python's order, and put in their places as given.
    """
    if not yields(node):
        return reader.value(node, scope)
    match node:
        case ast.Yield():
            given = None if node.value is None else (yield from value(reader, node.value, scope))
            return (yield from _suspended(reader, given))
        case ast.YieldFrom():
            source = yield from value(reader, node.value, scope)
            return (yield from _delegated(reader, source, node.value))
        case ast.IfExp():
            test = yield from value(reader, node.test, scope)
            chosen = node.body if reader.truth(test, node.test) else node.orelse
            return (yield from value(reader, chosen, scope))
        case ast.BoolOp():
            wanted = isinstance(node.op, ast.Or)
            for part in node.values[:-1]:
                found = yield from value(reader, part, scope)
                if reader.truth(found, part) is wanted:
                    return found
            return (yield from value(reader, node.values[-1], scope))
        case ast.Compare(comparators=[_, _, *_]):
            raise reader.not_understood(node)
        case ast.Dict():
            return (yield from _dict(reader, node, scope))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return (yield from _comprehension(reader, node, scope))
    worked_out = copy.copy(node)
    for name, part in ast.iter_fields(node):
        if isinstance(part, ast.expr):
            setattr(worked_out, name, (yield from _part(reader, part, scope)))
        elif isinstance(part, list):
            parts: list[object] = []
            for each in part:
                if isinstance(each, ast.expr):
                    parts.append((yield from _part(reader, each, scope)))
                elif isinstance(each, ast.keyword):
                    given = yield from _part(reader, each.value, scope)
                    parts.append(ast.keyword(each.arg, given))
                else:
                    parts.append(each)
            setattr(worked_out, name, parts)
    return reader.value(worked_out, scope)


def _part(reader: Reader, node: ast.expr, scope: Scope) -> Generator[object, object, ast.expr]:
    if isinstance(node, ast.Starred):
        given = yield from _part(reader, node.value, scope)
        return ast.copy_location(ast.Starred(given, node.ctx), node)
    if isinstance(node, (ast.Slice, *syntax.COMPREHENSIONS)) and not yields(node):
        return Given(reader.value(node, scope), node)
    return Given((yield from value(reader, node, scope)), node)


def _dict(reader: Reader, node: ast.Dict, scope: Scope) -> Stepping:
    """Yield what a dict's keys and values yield, a key before its value."""
    keys: list[ast.expr | None] = []
    values: list[ast.expr] = []
    for key, each in zip(node.keys, node.values, strict=True):
        keys.append(None if key is None else (yield from _part(reader, key, scope)))
        values.append((yield from _part(reader, each, scope)))
    return reader.value(ast.copy_location(ast.Dict(keys, values), node), scope)


def _comprehension(reader: Reader, node: Comprehension, scope: Scope) -> Stepping:
    """Yield what the first thing that is iterated over yields: elsewhere Python has no yield."""
    first = node.generators[0]
    given = yield from _part(reader, first.iter, scope)
    again = copy.copy(node)
    again.generators = [
        ast.comprehension(first.target, given, first.ifs, first.is_async),
        *node.generators[1:],
    ]
    return reader.value(again, scope)


def _suspended(reader: Reader, given: object) -> Stepping:
    """Yield one value, the generator's frame not among those under way meanwhile."""
    frame = reader.frames.pop()
    frame.suspended = frame.line
    reader.strict -= 1
    try:
        return (yield given)
    finally:
        reader.enter(frame)
        reader.strict += 1


def _delegated(reader: Reader, source: object, node: ast.expr) -> Stepping:
    """Yield what another generator yields, and hand it what is sent or thrown."""
    if type(source) is Unknown:
        raise source.refused()
    reader.check_known(source)
    reader.frame.line = node.lineno
    frame = reader.frames.pop()
    reader.strict -= 1
    try:
        return (yield from source)  # type: ignore[misc]
    finally:
        reader.enter(frame)
        reader.strict += 1
