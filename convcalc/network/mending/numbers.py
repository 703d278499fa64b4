"""How an expression of a program comes to be a number: what would have to be another one for that.

Nothing is followed again for it; that what is proposed does what is wanted is seen when it is
tried.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

from convcalc.network.answer.tree import kept
from convcalc.network.mending.source import Change, Source
from convcalc.network.torch.module import Module
from convcalc.reading.functions import Function
from convcalc.reading.reader import Frame, Line, Scope, Step, Unit

DEEPEST = 6
"""Through how many names a number is looked for."""
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Pow)
"""Those of whole numbers that are worked out, and turned around."""
MOST_TIMES = 4
"""The largest factor that is proposed for a name that has nothing to do with an expression yet."""
MOST_NAMES = 12
"""The most names of a function from which an expression is made."""


@dataclass(frozen=True)
class Way:
    """A change after which an expression should be what is wanted, and what is said of it."""

    change: Change
    said: str
    asked: bool = False
    """Whether it is a change of the line in which somebody asks, and of no file."""


Sources = Callable[[object], Source | None]
"""What gives the text of the file that a call stands in; None for what isn't somebody's own."""


def value_of(node: ast.AST, step: Step | None) -> int | None:
    """Return the whole number that a plain expression is, as far as it is known by now."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.Name(id=name) if step is not None:
            try:
                found = step.frame.scope.find(name)
            except NameError:
                return None
            return found if type(found) is int else None
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if step is not None:
            owner = step.frame.scope.names.get(name)
            own = getattr(owner, "__dict__", {})
            found = own.get(attribute, getattr(type(owner), "__dict__", {}).get(attribute))
            return found if type(found) is int else None
        case ast.BinOp(left=left, op=operator, right=right):
            one, other = value_of(left, step), value_of(right, step)
            if one is None or other is None or type(operator) not in OPERATORS:
                return None
            if isinstance(operator, ast.FloorDiv):
                return one // other if other else None
            if isinstance(operator, ast.Pow):
                return one**other if 0 <= other <= 4 and abs(one) < 10**6 else None
            return {ast.Add: one + other, ast.Sub: one - other}.get(type(operator), one * other)
    return None


def ways(
    node: ast.expr,
    step: Step,
    sources: Sources,
    wanted: int,
    now: int | None = None,
    depth: int = 0,
) -> Iterator[Way]:
    """Yield changes after which an expression in a call should be a number, the nearest first.

    `now` is what it was, where that is known: the names may have other values by now.
    """
    if isinstance(step.frame.unit, Line):
        if isinstance(node, ast.Constant) and node.end_col_offset is not None:
            new = Change(Path(), node.lineno, node.col_offset, node.end_col_offset, str(wanted))
            yield Way(new, "", asked=True)
        return
    source = sources(step.frame.unit)
    if source is None or depth > DEEPEST:
        return
    if not any(isinstance(each, (ast.Name, ast.Attribute, ast.Call)) for each in ast.walk(node)):
        change = source.replaced(node, str(wanted))
        if change is not None:
            yield Way(change, source.shown(node, change))
        return
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            yield from _of_operator(left, operator, right, step, sources, wanted, now, depth)
        case ast.Name(id=name):
            for value, where in _assigned(name, node, step, sources):
                yield from ways(value, where, sources, wanted, now, depth + 1)
        case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
            yield from _of_attribute(owner, attribute, node, step, sources, wanted, depth)
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            at = value_of(index, step)
            for listed, where in _assigned(name, node, step, sources):
                if isinstance(listed, (ast.List, ast.Tuple)) and at is not None:
                    if -len(listed.elts) <= at < len(listed.elts):
                        yield from ways(listed.elts[at], where, sources, wanted, now, depth + 1)


def _of_operator(
    left: ast.expr,
    operator: ast.operator,
    right: ast.expr,
    step: Step,
    sources: Sources,
    wanted: int,
    now: int | None,
    depth: int,
) -> Iterator[Way]:
    """Yield what makes one side of an operator another number, for both to be what is wanted."""
    one, other = _sides(left, operator, right, step, now)
    match operator:
        case ast.Mult():
            for side, before, factor in ((left, one, other), (right, other, one)):
                if factor and wanted % factor == 0:
                    yield from ways(side, step, sources, wanted // factor, before, depth + 1)
        case ast.Add():
            for side, before, part in ((left, one, other), (right, other, one)):
                if part is not None and wanted > part:
                    yield from ways(side, step, sources, wanted - part, before, depth + 1)
        case ast.Pow() if other == 2 and isqrt(wanted) ** 2 == wanted:
            yield from ways(left, step, sources, isqrt(wanted), one, depth + 1)
        case ast.FloorDiv() if other:
            yield from ways(left, step, sources, wanted * other, one, depth + 1)
            if one and one % wanted == 0:
                yield from ways(right, step, sources, one // wanted, other, depth + 1)


def _sides(
    left: ast.expr, operator: ast.operator, right: ast.expr, step: Step, now: int | None
) -> tuple[int | None, int | None]:
    """Return the two sides of an operator: of a number and what came of it, the other follows."""
    one, other = value_of(left, step), value_of(right, step)
    if now is not None and isinstance(operator, ast.Mult):
        if isinstance(right, ast.Constant) and other:
            one = now // other
        elif isinstance(left, ast.Constant) and one:
            other = now // one
    return one, other


def _of_attribute(
    owner: str, attribute: str, node: ast.expr, step: Step, sources: Sources, wanted: int,
    depth: int,
) -> Iterator[Way]:  # fmt: skip
    """Yield what makes an attribute of an object another number: where its class sets it."""
    source = sources(step.frame.unit)
    cls = source.around(node, ast.ClassDef) if source is not None else None
    if source is None or not isinstance(cls, ast.ClassDef):
        return
    held = step.frame.scope.names.get(owner)
    for each in ast.walk(cls):
        for target, value in _set_in(each):
            match target:
                case ast.Attribute(value=ast.Name(), attr=found) if found == attribute:
                    function = source.around(each, ast.FunctionDef)
                    where = _step_of(function, held, source, step, sources)
                    if where is not None:
                        yield from ways(value, where, sources, wanted, None, depth + 1)
                case ast.Name(id=found) if found == attribute and each in cls.body:
                    yield from ways(value, step, sources, wanted, None, depth + 1)


def _step_of(
    function: ast.AST | None, held: object, source: Source, step: Step, sources: Sources
) -> Step | None:
    """Return the call of a method in which an attribute of an object was set."""
    if step.node is not None and source.around(step.node, ast.FunctionDef) is function:
        return step
    if isinstance(held, Module) and getattr(function, "name", "") == "__init__":
        made = kept(held).step
        own = getattr(type(held), "__init__", None)
        if made is not None and isinstance(own, Function) and own._convcalc_node is function:
            inner = next((each for each in ast.walk(own._convcalc_node)
                          if isinstance(each, ast.Call)), None)  # fmt: skip
            return entered(made, inner, step.frame.unit, sources) if inner is not None else None
    return None


def entered(made: Step, call: ast.Call, unit: Unit, sources: Sources) -> Step:
    """Return the step of a call in a function that another one led to, with what that gave it."""
    scope = Scope(unit, {})
    step = Step(Frame(unit, "__init__", scope), call, made.line, made)
    source = sources(unit)
    function = source.around(call, ast.FunctionDef) if source is not None else None
    if source is not None and isinstance(function, ast.FunctionDef):
        for each in (*function.args.args, *function.args.kwonlyargs):
            for node, where in _given(each.arg, function, source, step, sources):
                value = value_of(node, where)
                if value is not None:
                    scope.names[each.arg] = value
    return step


def _set_in(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what an assignment sets, each of several, and the expression that it is set to."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _assigned(
    name: str, node: ast.AST, step: Step, sources: Sources
) -> Iterator[tuple[ast.expr, Step]]:
    """Yield the expressions that may have given a name its value, with the calls they stand in."""
    source = sources(step.frame.unit)
    if source is None:
        return
    function: ast.AST | None = node
    while function is not None:
        if isinstance(function, (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
            for part in function.generators:
                if isinstance(part.target, ast.Name) and part.target.id == name:
                    yield from _elements(part.iter, step, sources)
                    return
        if isinstance(function, (ast.FunctionDef, ast.Lambda)) and function is not node:
            break
        function = source.parents.get(function)
    body = function.body if isinstance(function, ast.FunctionDef) else source.tree.body
    if isinstance(function, (ast.FunctionDef, ast.Lambda)):
        given = _given(name, function, source, step, sources)
        yield from given
        if given:
            return
    found = False
    for each in _statements(body):
        for target, value in _set_in(each):
            if isinstance(target, ast.Name) and target.id == name:
                found = True
                yield value, step
        if isinstance(each, ast.For) and isinstance(each.target, ast.Name):
            if each.target.id == name:
                found = True
                yield from _elements(each.iter, step, sources)
    if not found and function is not None:
        for each in source.tree.body:
            for target, value in _set_in(each):
                if getattr(target, "id", "") == name:
                    yield value, step


def _elements(node: ast.expr, step: Step, sources: Sources) -> Iterator[tuple[ast.expr, Step]]:
    """Yield the entries of a list that stands in the program."""
    lists = [(node, step)]
    if isinstance(node, ast.Name):
        lists = list(_assigned(node.id, node, step, sources))
    for each, where in lists:
        if isinstance(each, (ast.List, ast.Tuple)):
            for one in each.elts:
                yield one, where


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those within them, but for functions and classes of their own."""
    for each in body:
        yield each
        if not isinstance(each, (ast.FunctionDef, ast.ClassDef)):
            for name in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(each, name, []))


def _given(
    name: str, function: ast.FunctionDef | ast.Lambda, source: Source, step: Step, sources: Sources
) -> list[tuple[ast.expr, Step]]:
    """Return the argument of a call that a parameter got, or its default."""
    arguments = function.args
    places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    named = [each.arg for each in arguments.kwonlyargs]
    if name not in (*places, *named):
        return []
    outer = step.outer
    while outer is not None and not (outer.frame.unit.own or isinstance(outer.frame.unit, Line)):
        outer = outer.outer  # what isn't somebody's own hands it on as it is
    if outer is not None and outer.node is not None:
        for keyword in outer.node.keywords:
            if keyword.arg == name:
                return [(keyword.value, outer)]
        bound = isinstance(source.parents.get(function), ast.ClassDef) and not any(
            getattr(each, "id", "") == "staticmethod"
            for each in getattr(function, "decorator_list", ())
        )
        at = places.index(name) - bound if name in places else -1
        given = outer.node.args
        if 0 <= at < len(given) and not any(isinstance(e, ast.Starred) for e in given[: at + 1]):
            return [(given[at], outer)]
    late = dict(zip(reversed(places), reversed(arguments.defaults), strict=False))
    late |= {
        one: default
        for one, default in zip(named, arguments.kw_defaults, strict=True)
        if default is not None
    }
    return [(late[name], step)] if name in late else []


# ---------------------------------------------------------------------------------------------
# Other expressions
# ---------------------------------------------------------------------------------------------


def expressions(
    node: ast.expr, step: Step, sources: Sources, wanted: int, now: int | None
) -> Iterator[Way]:
    """Yield other expressions of the names around it that are the number: `2 * width`."""
    source = sources(step.frame.unit)
    if source is None:
        return
    words = source.text_of(node)
    plain = words is not None and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
    proposed: list[str] = []
    if plain and now and wanted != now:
        if wanted % now == 0:
            proposed.append(f"{wanted // now} * {words}")
        elif now % wanted == 0 and wanted > 1:
            proposed.append(f"{words} // {now // wanted}")
    known = numbers_around(node, step, source)
    proposed += [name for name, value in known if value == wanted]
    proposed += [
        f"{one} + {other}" for at, (one, first) in enumerate(known)
        for other, second in known[at + 1 :] if first + second == wanted
    ]  # fmt: skip
    proposed += [f"{wanted // value} * {name}" for name, value in known
                 if value < wanted <= MOST_TIMES * value and wanted % value == 0]  # fmt: skip
    proposed += [f"{name} // {value // wanted}" for name, value in known
                 if 1 < wanted < value <= MOST_TIMES * wanted and value % wanted == 0]  # fmt: skip
    for name, value in known if isinstance(node, ast.BinOp) else ():
        for part in ast.walk(node):  # a number that should be a name's
            if isinstance(part, ast.Constant) and type(part.value) is int and part.value > 1:
                change = source.replaced(part, name)
                if change is not None and value != part.value:
                    yield Way(change, source.shown(part, change))
    for each in dict.fromkeys(proposed):
        change = source.replaced(node, each)
        if change is not None and each != words:
            yield Way(change, source.shown(node, change))


def given_for(node: ast.expr, step: Step, sources: Sources) -> Iterator[tuple[ast.expr, Step]]:
    """Yield the expressions that a name stands for: what a call gave it, or what was assigned."""
    if isinstance(node, ast.Name):
        yield from _assigned(node.id, node, step, sources)


def numbers_around(node: ast.expr, step: Step, source: Source) -> list[tuple[str, int]]:
    """Return the whole numbers above 1 that a function has names for, its arguments first."""
    function = source.around(node, ast.FunctionDef, ast.Lambda)
    if function is None:
        return []
    known = list(step.frame.scope.names.items())[:MOST_NAMES]
    return [(name, value) for name, value in known
            if type(value) is int and value > 1 and name.isidentifier()]  # fmt: skip
