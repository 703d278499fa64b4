"""How each kind of expression is followed, in the order of Python's reference.

Source: https://docs.python.org/3/reference/expressions.html
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from convcalc import text
from convcalc.reading import attributes, bounds, functions
from convcalc.reading.exceptions import WORDS, NotUnderstood
from convcalc.reading.reader import Expression, Frame, Later, Reader, Scope, is_shuffled
from convcalc.reading.values import MISSING, Needed, Reserved, Unknown, Value


class Operator(NamedTuple):
    """An operator of two values: its sign, and what it does, in place too."""

    sign: str
    apply: Callable[[object, object], object]
    in_place: Callable[[object, object], object]


OPERATORS: dict[type[ast.AST], Operator] = {
    ast.Add: Operator("+", operator.add, operator.iadd),
    ast.Sub: Operator("-", operator.sub, operator.isub),
    ast.Mult: Operator("*", operator.mul, operator.imul),
    ast.Div: Operator("/", operator.truediv, operator.itruediv),
    ast.FloorDiv: Operator("//", operator.floordiv, operator.ifloordiv),
    ast.Mod: Operator("%", operator.mod, operator.imod),
    ast.Pow: Operator("**", operator.pow, operator.ipow),
    ast.MatMult: Operator("@", operator.matmul, operator.imatmul),
    ast.LShift: Operator("<<", operator.lshift, operator.ilshift),
    ast.RShift: Operator(">>", operator.rshift, operator.irshift),
    ast.BitOr: Operator("|", operator.or_, operator.ior),
    ast.BitXor: Operator("^", operator.xor, operator.ixor),
    ast.BitAnd: Operator("&", operator.and_, operator.iand),
    ast.Eq: Operator("==", operator.eq, operator.eq),
    ast.NotEq: Operator("!=", operator.ne, operator.ne),
    ast.Lt: Operator("<", operator.lt, operator.lt),  # type: ignore[arg-type]
    ast.LtE: Operator("<=", operator.le, operator.le),  # type: ignore[arg-type]
    ast.Gt: Operator(">", operator.gt, operator.gt),  # type: ignore[arg-type]
    ast.GtE: Operator(">=", operator.ge, operator.ge),  # type: ignore[arg-type]
}
"""Every operator and comparison of two values."""
BY_NAME = {each.apply.__name__: each for each in OPERATORS.values()}
"""The same by what Python's module `operator` calls them."""
BY_SIGN = {each.sign: each for each in OPERATORS.values()}
UNARY: dict[type[ast.AST], Callable[[object], object]] = {
    ast.USub: operator.neg,  # type: ignore[dict-item]
    ast.UAdd: operator.pos,  # type: ignore[dict-item]
    ast.Invert: operator.invert,  # type: ignore[dict-item]
}
NUMBERS = frozenset((int, float))
COMPARED_BY_VALUE = (int, float, str, bytes)
"""Types whose equal constants are one object in a program."""


class Given(ast.expr):
    """An expression whose value is known already: what was worked out before a yield."""

    _fields = ()

    def __init__(self, value: object, at: ast.expr) -> None:
        super().__init__()
        self.value = value
        self.lineno, self.end_lineno = at.lineno, at.end_lineno


def _given(reader: Reader, node: Given, scope: Scope) -> object:
    del reader, scope  # it is known already
    return node.value


def _constant(reader: Reader, node: ast.Constant, scope: Scope) -> object:
    del scope  # a constant has no names
    if type(node.value) is int:
        bounds.check_result(node.value)
    elif type(node.value) is str and len(node.value) > bounds.MOST_ITEMS:
        reader.guards.count(len(node.value))
    return node.value


def _name(reader: Reader, node: ast.Name, scope: Scope) -> object:
    value = scope.find(node.id)
    if value is MISSING:
        value = reader.builtins.get(node.id, MISSING)
        if value is MISSING:
            reader.frame.line = node.lineno
            if node.id == "__class__" and (cls := scope.class_around()) is not None:
                return cls
            value = scope.unit.absent(node.id)
    if type(value) is Later:
        later, value = value, reader.found(value)
        if scope.unit.names.get(node.id) is later:
            scope.unit.names[node.id] = value  # from now on it is looked up no more
    return value


def _tuple(reader: Reader, node: ast.Tuple, scope: Scope) -> object:
    return tuple(values(reader, node.elts, scope))


def _list(reader: Reader, node: ast.List, scope: Scope) -> object:
    return values(reader, node.elts, scope)


def _set(reader: Reader, node: ast.Set, scope: Scope) -> object:
    return {check_key(reader, each) for each in values(reader, node.elts, scope)}


def check_order(value: object) -> None:
    """Refuse the text of a set whose order is another one in every run."""
    if isinstance(value, (set, frozenset)) and is_shuffled(value):
        raise NotUnderstood("the order of a set of texts is another one each time")


def check_key(reader: Reader, key: object) -> object:
    """Return what is to be a key; refuse what holds too much to be one."""
    if type(key) not in (int, str):
        reader.guards.count(bounds.check_weight(key))
    return key


def _dict(reader: Reader, node: ast.Dict, scope: Scope) -> object:
    result: dict[object, object] = {}
    for key, each in zip(node.keys, node.values, strict=True):
        if key is None:
            result.update(mapping(reader, reader.value(each, scope)))
        else:
            result_key = check_key(reader, reader.value(key, scope))
            result[result_key] = reader.value(each, scope)
    return result


def mapping(reader: Reader, value: object) -> Mapping[object, object]:
    """Return what `**` takes apart; raise TypeError where it is no mapping."""
    if type(value) is Unknown:
        raise value.refused()
    reader.check_known(value)
    if isinstance(value, Mapping):
        return value
    try:
        keys = reader.call(attributes.get(value, "keys"), (), {})
    except AttributeError:
        raise TypeError(f"{attributes.kind(value)} is not a mapping for **") from None
    return {key: value[key] for key in reader.items(keys)}  # type: ignore[index]


def values(reader: Reader, nodes: Sequence[ast.expr], scope: Scope) -> list[object]:
    """Return the values of expressions, those behind a star taken apart."""
    found: list[object] = []
    for node in nodes:
        if type(node) is ast.Starred:
            found += taken_apart(reader, reader.value(node.value, scope), node.value)
        else:
            found.append(reader.value(node, scope))
    return found


def taken_apart(reader: Reader, value: object, node: ast.AST | None = None) -> list[object]:
    """Return all that iterating over a value gives, as a list that isn't too long."""
    found = list(islice(reader.items(value, node), bounds.MOST_ITEMS + 1))
    bounds.check_size(len(found))
    reader.guards.count(len(found) >> 3)
    return found


def _attribute(reader: Reader, node: ast.Attribute, scope: Scope) -> object:
    owner = reader.value(node.value, scope)
    reader.frames[-1].line = node.end_lineno or node.lineno
    return get(reader, owner, node.attr)


def get(reader: Reader, owner: object, name: str) -> object:
    """Return an attribute."""
    if reader.forgotten:
        owner = reader.known(owner)
    value = attributes.get(owner, name)
    return reader.found(value) if type(value) is Later else value


def _subscript(reader: Reader, node: ast.Subscript, scope: Scope) -> object:
    owner = reader.value(node.value, scope)
    key = reader.value(node.slice, scope)
    reader.frames[-1].line = node.lineno
    return item(reader, owner, key)


def item(reader: Reader, owner: object, key: object) -> object:
    """Return what stands in a container under a key."""
    if reader.forgotten:
        owner = reader.known(owner)
    if not isinstance(owner, Value):
        check_key(reader, key)
        for part in (key.start, key.stop, key.step) if isinstance(key, slice) else (key,):
            known = part.passed_to("an index") if isinstance(part, Reserved) else part
            if type(known) is Unknown:
                return known
    try:
        value = owner[key]  # type: ignore[index]
    except Needed as needed:
        return needed.unknown
    if isinstance(value, (list, str, tuple)) and isinstance(key, slice):
        reader.guards.count(len(value) >> 4)
    return reader.found(value) if type(value) is Later else value


def _slice(reader: Reader, node: ast.Slice, scope: Scope) -> object:
    parts = (node.lower, node.upper, node.step)
    return slice(*(None if part is None else reader.value(part, scope) for part in parts))


def _call(reader: Reader, node: ast.Call, scope: Scope) -> object:
    function = reader.value(node.func, scope)
    arguments = values(reader, node.args, scope)
    named: dict[str, object] = {}
    for keyword in node.keywords:
        given = reader.value(keyword.value, scope)
        if keyword.arg is not None:
            if keyword.arg in named:
                raise TypeError(f"{attributes.kind(function)} gets {keyword.arg} twice")
            named[keyword.arg] = given
            continue
        for key, value in mapping(reader, given).items():
            if not isinstance(key, str):
                raise TypeError("keywords must be strings")
            if key in named:
                raise TypeError(f"{attributes.kind(function)} gets {key} twice")
            named[key] = value
    frame = reader.frames[-1]
    frame.line = (isinstance(node.func, ast.Attribute) and node.func.end_lineno) or node.lineno
    frame.node = node
    if function is super and not arguments:
        return _super(frame, scope)
    return reader.call(function, arguments, named)


def _super(frame: Frame, scope: Scope) -> object:
    """Return what super() without arguments stands for."""
    cls = scope.class_around()
    names = frame.scope.names
    if cls is None or frame.first is None or frame.first not in names:
        raise RuntimeError("super(): no arguments")
    return super(cls, names[frame.first])


def _binary(reader: Reader, node: ast.BinOp, scope: Scope) -> object:
    left = reader.value(node.left, scope)
    right = reader.value(node.right, scope)
    reader.frames[-1].line = node.lineno
    return operate(reader, OPERATORS[type(node.op)], left, right)


def operate(
    reader: Reader, sign: Operator, left: object, right: object, *, in_place: bool = False
) -> object:
    """Return what an operator or a comparison makes of two values."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        if sign.sign in GROWING:
            bounds.check_operator(sign.sign, left, right)
            result = sign.apply(left, right)
            bounds.check_result(result)
            return result
        try:
            return sign.apply(left, right)
        except ZeroDivisionError as error:
            vars(error)[WORDS] = f"{left} {sign.sign} {right}"
            raise
    owner = left if isinstance(left, Reserved) else right
    if isinstance(owner, Reserved) and not isinstance(left, Value) and not isinstance(right, Value):
        return owner.operated(sign.sign, left, right)
    if reader.forgotten:
        reader.check_known(left, right)
    if type(left) is Unknown:
        return left
    if type(right) is Unknown:
        return right
    if sign.sign == "%" and isinstance(left, str):
        parts = right if isinstance(right, tuple) else [right]
        parts = list(right.values()) if isinstance(right, dict) else parts
        for each in parts:
            bounds.check_weight(each)
            check_order(each)
            shown = each.passed_to("a text") if isinstance(each, Reserved) else each
            if type(shown) is Unknown:
                return shown
    bounds.check_operator(sign.sign, left, right)
    if sign.sign in LOOKING or (sign.sign == "|" and not isinstance(left, bounds.CONTAINERS)):
        reader.guards.count(bounds.check_weight(left))
    try:
        result = (sign.in_place if in_place else sign.apply)(left, right)
    except Needed as needed:
        return needed.unknown
    if isinstance(result, (list, str, tuple, dict, set)):
        reader.guards.count(len(result) >> 4)
    elif isinstance(result, int):
        bounds.check_result(result)
    return result


LOOKING = frozenset(("==", "!=", "<", "<=", ">", ">="))
"""The operators that look at all that is in a container."""
GROWING = frozenset(("*", "**", "<<", "+", "-"))
"""The operators that can make a number large."""


def _unary(reader: Reader, node: ast.UnaryOp, scope: Scope) -> object:
    value = reader.value(node.operand, scope)
    if type(value) is Unknown:
        return value
    if isinstance(node.op, ast.Not):
        return not reader.truth(value, node.operand)
    if isinstance(value, Reserved) and isinstance(node.op, ast.Invert):
        return value.passed_to("~")
    return UNARY[type(node.op)](value)


def _boolean(reader: Reader, node: ast.BoolOp, scope: Scope) -> object:
    wanted = isinstance(node.op, ast.Or)
    last = node.values[-1]
    for part in node.values[:-1]:
        value = reader.value(part, scope)
        if reader.truth(value, part) is wanted:
            return value
    return reader.value(last, scope)


def _compare(reader: Reader, node: ast.Compare, scope: Scope) -> object:
    left = reader.value(node.left, scope)
    result: object = True
    for kind, part in zip(node.ops, node.comparators, strict=True):
        right = reader.value(part, scope)
        reader.frames[-1].line = node.lineno
        result = compared(reader, kind, left, right)
        last = part is node.comparators[-1]
        if not last and (type(result) is Unknown or not reader.truth(result, node)):
            return result
        left = right
    return result


def compared(reader: Reader, kind: ast.cmpop, left: object, right: object) -> object:
    """Return what one comparison says."""
    if isinstance(kind, (ast.Is, ast.IsNot)):
        if type(left) is Unknown:
            return left
        if type(right) is Unknown:
            return right
        return identical(left, right) is isinstance(kind, ast.Is)
    if isinstance(kind, (ast.In, ast.NotIn)):
        found = contains(reader, right, left)
        return found if type(found) is Unknown else found is isinstance(kind, ast.In)
    return operate(reader, OPERATORS[type(kind)], left, right)


def identical(left: object, right: object) -> bool:
    """Return whether two values are one and the same; equal numbers and texts are."""
    if left is right:
        return True
    alike = isinstance(left, COMPARED_BY_VALUE) or (isinstance(left, Value) and left.single)
    if type(left) is not type(right) or not alike:
        return False
    return bool(left == right)


def contains(reader: Reader, owner: object, value: object) -> bool | Unknown:
    """Return whether a container holds a value."""
    if type(owner) is Unknown:
        return owner
    if isinstance(value, Reserved):
        value = value.passed_to("in")
    if type(value) is Unknown:
        return value
    reader.check_known(owner, value)
    if type(owner) is not range:
        reader.guards.count(bounds.length_hint(owner) >> 6)
    elif not isinstance(value, int):
        bounds.check_size(bounds.length_hint(owner))
    reader.guards.count(bounds.check_weight(value))
    try:
        return value in owner  # type: ignore[operator]
    except Needed as needed:
        return needed.unknown


def _conditional(reader: Reader, node: ast.IfExp, scope: Scope) -> object:
    holds = reader.truth(reader.value(node.test, scope), node.test)
    return reader.value(node.body if holds else node.orelse, scope)


def _lambda(reader: Reader, node: ast.Lambda, scope: Scope) -> object:
    return functions.make(reader, node, scope)


def _walrus(reader: Reader, node: ast.NamedExpr, scope: Scope) -> object:
    value = reader.value(node.value, scope)
    scope.walrus.set(node.target.id, value)
    return value


# -- Comprehensions ------------------------------------------------------------------------------


def _listing(reader: Reader, node: ast.ListComp, scope: Scope) -> object:
    return [reader.value(node.elt, inner) for inner in rounds(reader, node.generators, scope)]


def _set_listing(reader: Reader, node: ast.SetComp, scope: Scope) -> object:
    found = rounds(reader, node.generators, scope)
    return {check_key(reader, reader.value(node.elt, inner)) for inner in found}


def _dict_listing(reader: Reader, node: ast.DictComp, scope: Scope) -> object:
    result: dict[object, object] = {}
    for inner in rounds(reader, node.generators, scope):
        key = check_key(reader, reader.value(node.key, inner))
        result[key] = reader.value(node.value, inner)
    return result


def _generator(reader: Reader, node: ast.GeneratorExp, scope: Scope) -> object:
    first = node.generators[0].iter
    given = reader.items(reader.value(first, scope), first)  # at once, unlike all the rest
    here = reader.frame
    frame = Frame(here.unit, "<genexpr>", scope, node.lineno)
    frame.first = here.first

    def generator() -> Iterator[object]:
        rounds_left = rounds(reader, node.generators, scope, given)
        while True:
            reader.enter(frame)
            strict, reader.strict = reader.strict, reader.strict + 1
            try:
                inner = next(rounds_left, None)
                if inner is None:
                    return
                value = reader.value(node.elt, inner)
            except BaseException as error:
                reader.placed(error, frame)
                raise
            finally:
                reader.strict = strict
                reader.frames.pop()
            yield value

    return generator()


def rounds(
    reader: Reader,
    generators: Sequence[ast.comprehension],
    scope: Scope,
    given: Iterator[object] | None = None,
) -> Iterator[Scope]:
    """Yield the scope of every round of a comprehension, whose first items may be given."""
    names = functions.Names(each.target for each in generators).set
    inner = Scope(scope.unit, {}, scope, name=scope.name, local=frozenset(names),
                  nonlocals=frozenset())  # fmt: skip
    inner.walrus = scope.walrus
    return _rounds(reader, generators, inner, scope, given)


def _rounds(
    reader: Reader,
    generators: Sequence[ast.comprehension],
    inner: Scope,
    scope: Scope,
    given: Iterator[object] | None = None,
) -> Iterator[Scope]:
    if not generators:
        yield inner
        return
    first, *rest = generators
    if first.is_async:
        raise reader.not_understood(first.iter, "is iterated asynchronously, which isn't followed")
    if given is None:
        given = reader.items(reader.value(first.iter, scope), first.iter)
    for value in given:
        reader.guards.count(1)
        assign(reader, first.target, value, inner)
        if all(reader.truth(reader.value(test, inner), test) for test in first.ifs):
            yield from _rounds(reader, rest, inner, inner)


# -- Texts ---------------------------------------------------------------------------------------


def _joined(reader: Reader, node: ast.JoinedStr, scope: Scope) -> object:
    parts = [reader.value(part, scope) for part in node.values]
    unknown = next((part for part in parts if type(part) is Unknown), None)
    if unknown is not None:
        return unknown
    texts = [str(part) for part in parts]
    bounds.check_size(sum(map(len, texts)))
    return "".join(texts)


CONVERSIONS: dict[int, Callable[[object], str]] = {114: repr, 115: str, 97: ascii}


def _formatted(reader: Reader, node: ast.FormattedValue, scope: Scope) -> object:
    value = reader.value(node.value, scope)
    form = "" if node.format_spec is None else reader.value(node.format_spec, scope)
    if isinstance(value, Reserved):
        value = value.passed_to("a text")
    for each in (value, form):
        if type(each) is Unknown:
            return each
    reader.check_known(value)
    bounds.check_weight(value)
    check_order(value)
    assert isinstance(form, str)
    bounds.check_widths(form)
    try:
        shown = CONVERSIONS[node.conversion](value) if node.conversion in CONVERSIONS else value
        made = format(shown, form)
    except Needed as needed:
        return needed.unknown
    bounds.check_size(len(made))
    return made


def _starred(reader: Reader, node: ast.Starred, scope: Scope) -> object:
    return tuple(values(reader, [node], scope))  # as in x[*a]


# -- Targets -------------------------------------------------------------------------------------


def assign(reader: Reader, target: ast.expr, value: object, scope: Scope) -> None:
    """Give a target its value."""
    if isinstance(target, ast.Name):
        scope.set(target.id, value)
    elif isinstance(target, ast.Attribute):
        owner = reader.value(target.value, scope)
        reader.frame.line = target.lineno
        reader.check_known(owner)
        attributes.put(owner, target.attr, value)
    elif isinstance(target, ast.Subscript):
        owner = reader.value(target.value, scope)
        key = reader.value(target.slice, scope)
        put_item(reader, owner, key, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(reader, target, value, scope)
    elif isinstance(target, ast.Starred):
        assign(reader, target.value, value, scope)
    else:
        raise reader.not_understood(target)


def put_item(reader: Reader, owner: object, key: object, value: object) -> None:
    """Set an item."""
    if type(owner) is Unknown:
        return
    reader.check_known(owner)
    if isinstance(key, Reserved) and not isinstance(owner, (Value, dict)):
        key = key.passed_to("an index")
    if type(key) is Unknown:
        raise key.refused()
    check_key(reader, key)
    owner[key] = value  # type: ignore[index]


def _unpack(reader: Reader, node: ast.Tuple | ast.List, value: object, scope: Scope) -> None:
    """Give several targets their values."""
    targets = node.elts
    if type(value) is Unknown:
        for target in targets:
            assign(reader, target, value, scope)
        return
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    reader.frame.line = node.lineno
    source = reader.items(value, node)
    if star is None:
        items = list(islice(source, len(targets) + 1))
        if len(items) != len(targets):
            count = len(value) if isinstance(value, (list, tuple, dict, str)) else len(items)
            more = "or more " if count == len(targets) + 1 and count == len(items) else ""
            if isinstance(value, (list, tuple, dict, str)):
                more = ""
            raise ValueError(
                f"{count} {more}values are given to {text.counted(len(targets), 'name')}: "
                f"{text.excerpt(ast.unparse(node))}"
            )
    else:
        items = taken_apart(reader, source, node)
        behind = len(targets) - star - 1
        if len(items) < len(targets) - 1:
            raise ValueError(f"{len(items)} values are too few for {len(targets)} names")
        items[star : len(items) - behind] = [items[star : len(items) - behind]]
    for target, each in zip(targets, items, strict=True):
        assign(reader, target, each, scope)


def evaluate(reader: Reader, node: ast.expr, scope: Scope) -> object:
    """Return the value of an expression of its own, in no function."""
    frame = Frame(scope.unit, "<expression>", scope, node.lineno)
    reader.enter(frame)
    try:
        return reader.value(node, scope)
    except BaseException as error:
        reader.placed(error, frame)
        raise
    finally:
        reader.frames.pop()


def _asynchronous(reader: Reader, node: ast.expr, scope: Scope) -> object:
    del scope  # nothing of it is looked at
    raise reader.not_understood(node)


EXPRESSIONS: dict[type[ast.AST], Expression] = {
    ast.Constant: _constant,  # type: ignore[dict-item]
    ast.Name: _name,  # type: ignore[dict-item]
    ast.Tuple: _tuple,  # type: ignore[dict-item]
    ast.List: _list,  # type: ignore[dict-item]
    ast.Set: _set,  # type: ignore[dict-item]
    ast.Dict: _dict,  # type: ignore[dict-item]
    ast.Attribute: _attribute,  # type: ignore[dict-item]
    ast.Subscript: _subscript,  # type: ignore[dict-item]
    ast.Slice: _slice,  # type: ignore[dict-item]
    ast.Call: _call,  # type: ignore[dict-item]
    ast.BinOp: _binary,  # type: ignore[dict-item]
    ast.UnaryOp: _unary,  # type: ignore[dict-item]
    ast.BoolOp: _boolean,  # type: ignore[dict-item]
    ast.Compare: _compare,  # type: ignore[dict-item]
    ast.IfExp: _conditional,  # type: ignore[dict-item]
    ast.Lambda: _lambda,  # type: ignore[dict-item]
    ast.NamedExpr: _walrus,  # type: ignore[dict-item]
    ast.ListComp: _listing,  # type: ignore[dict-item]
    ast.SetComp: _set_listing,  # type: ignore[dict-item]
    ast.DictComp: _dict_listing,  # type: ignore[dict-item]
    ast.GeneratorExp: _generator,  # type: ignore[dict-item]
    ast.JoinedStr: _joined,  # type: ignore[dict-item]
    ast.FormattedValue: _formatted,  # type: ignore[dict-item]
    ast.Starred: _starred,  # type: ignore[dict-item]
    ast.Await: _asynchronous,
    Given: _given,  # type: ignore[dict-item]
}
"""How each kind of expression is followed."""
