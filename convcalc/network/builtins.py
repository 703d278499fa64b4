"""Python's built-in functions and types."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from convcalc.layers.base import Batch
from convcalc.network import attributes, literals, natives, syntax
from convcalc.network.methods import in_order
from convcalc.network.modules import (
    MISSING,
    Bound,
    Builtin,
    Class,
    ClassMethod,
    Function,
    Instance,
    Partial,
    Property,
    Static,
)
from convcalc.network.natives import Lazy, NativeType, as_text, bounded
from convcalc.network.refusals import Final, NotUnderstood, Raised, Unknown, too_large
from convcalc.network.tensors import Tensor, as_number


def _number(value: Any, what: str) -> Any:
    """Return a plain number; that of a tensor which has one."""
    if isinstance(value, Tensor):
        value = as_number(value)
    if isinstance(value, (Unknown, int, float, str)):
        return value
    raise Raised(f"{what}() can't take {natives.kind(value)}", "TypeError")


def _of_batch(name: str) -> Unknown:
    return Unknown(f"{name}() of it {natives.OF_BATCH}")


def _int(interpreter: Any, value: Any = 0, base: int = 10) -> Any:
    number = _number(value, "int")
    if isinstance(number, (Unknown, Batch)):
        return number
    if isinstance(number, natives.Ratio) and number.each == int(number.each):
        return Batch(int(number.each), number.samples)
    if natives.hangs_on_batch(number):
        return _of_batch("int")
    given = (number, base) if isinstance(number, str) else (number,)
    return bounded(natives.tried("int()", int, *given))


def _float(interpreter: Any, value: Any = 0.0) -> Any:
    number = _number(value, "float")
    if isinstance(number, Unknown):
        return number
    if natives.hangs_on_batch(number):
        return _of_batch("float")
    return natives.tried("float()", float, number)


def _bool(interpreter: Any, value: Any = False) -> Any:
    return value if isinstance(value, Unknown) else interpreter.truth(value)


def _str(interpreter: Any, value: Any = "") -> Any:
    return as_text(interpreter, value)


def _listed(make: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a function that makes a container of what it goes through."""

    def made(interpreter: Any, items: Any = ()) -> Any:
        if isinstance(items, Unknown):
            return items
        ordered = make in (list, tuple)
        given = iter(interpreter.items(items, ordered=ordered))
        if not ordered:
            given = (natives.hashable(interpreter, each) for each in given)
        return bounded(make(list(itertools.islice(given, natives.MOST_ITEMS + 1))))

    return made


def _dict(interpreter: Any, items: Any = (), **named: Any) -> Any:
    if isinstance(items, Unknown):
        return items
    pairs = items.items() if isinstance(items, dict) else [
        tuple(interpreter.items(pair)) for pair in interpreter.items(items)
    ]  # fmt: skip
    result = {natives.hashable(interpreter, key): value for key, value in pairs}
    result.update(named)
    return bounded(result)


def _len(interpreter: Any, value: Any) -> Any:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Tensor):
        if not value.shape:
            raise Raised("a tensor of a single number has no len()", "TypeError")
        return value.shape[0]
    if isinstance(value, Instance):
        return attributes.length(interpreter, value)
    if isinstance(value, (str, list, tuple, dict, set, frozenset, range)):
        return len(value)
    if isinstance(value, natives.VIEWS):
        return len(value)
    if isinstance(value, Class):
        return len(list(interpreter.items(value)))
    raise Raised(f"{natives.kind(value)} has no len()", "TypeError")


def _range(interpreter: Any, *ends: Any) -> Any:
    unknown = next((end for end in ends if isinstance(end, Unknown)), None)
    if unknown is not None:
        return unknown
    numbers = [as_number(end) if isinstance(end, Tensor) else end for end in ends]
    for end in numbers:
        if natives.hangs_on_batch(end):
            return Unknown(f"how often a loop goes round {natives.OF_BATCH}")
        if not isinstance(end, int):
            raise Raised(f"range() takes whole numbers, not {natives.kind(end)}", "TypeError")
    return bounded(natives.tried("range()", range, *map(int, numbers)))


def _enumerate(interpreter: Any, items: Any, start: int = 0) -> Any:
    return Lazy(interpreter, enumerate(interpreter.items(items), start), items)


def _zip(interpreter: Any, *several: Any, strict: bool = False) -> Any:
    rows = zip(*map(interpreter.items, several), strict=strict)
    return Lazy(interpreter, rows, *several)


def _reversed(interpreter: Any, items: Any) -> Any:
    return reversed(list(interpreter.items(items)))


def _sum(interpreter: Any, items: Any, start: Any = 0) -> Any:
    total = start
    for each in interpreter.items(items):
        total = interpreter.operate("+", total, each)
    return total


def _best(sign: str) -> Callable[..., Any]:
    """Return max or min."""

    def best(interpreter: Any, *values: Any, key: Any = None, default: Any = MISSING) -> Any:
        items = (
            list(interpreter.items(values[0], ordered=False)) if len(values) == 1 else list(values)
        )
        if not items:
            if default is MISSING:
                raise Raised("max() or min() of nothing", "ValueError")
            return default
        natives.weigh(interpreter, items)
        interpreter.charge(len(items))
        keyed = [interpreter.called(key, [each], {}) if key else each for each in items]
        chosen = 0
        for at, each in enumerate(keyed):
            for value in (each, keyed[chosen]):
                if isinstance(value, Unknown):
                    return value
            if isinstance(each, Tensor) or isinstance(keyed[chosen], Tensor):
                return Unknown("it hangs on the values of a tensor")
            better = natives.ordered(sign, each, keyed[chosen]) if at else False
            if isinstance(better, Unknown):
                return better
            if better:
                chosen = at
        return items[chosen]

    return best


def _abs(interpreter: Any, value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.worked_out()
    return value if isinstance(value, Unknown) else natives.tried("abs()", abs, value)


def _round(interpreter: Any, value: Any, digits: Any = None) -> Any:
    number = _number(value, "round")
    if isinstance(number, (Unknown, Batch)):
        return number
    if natives.hangs_on_batch(number):
        return _of_batch("round")
    if isinstance(digits, int):
        digits = max(digits, -natives.MOST_BITS)  # beyond that, nothing of a number is left
    return natives.tried("round()", round, number, digits)


def _any(interpreter: Any, items: Any) -> bool:
    return any(interpreter.truth(each) for each in interpreter.items(items, ordered=False))


def _all(interpreter: Any, items: Any) -> bool:
    return all(interpreter.truth(each) for each in interpreter.items(items, ordered=False))


def _map(interpreter: Any, function: Any, *several: Any) -> Any:
    rows = zip(*map(interpreter.items, several), strict=False)
    made = (interpreter.called(function, list(row), {}) for row in rows)
    return Lazy(interpreter, made, *several)


def _filter(interpreter: Any, function: Any, items: Any) -> Any:
    given = interpreter.items(items)
    kept = (
        each
        for each in given
        if interpreter.truth(each if function is None else interpreter.called(function, [each], {}))
    )
    return Lazy(interpreter, kept, items)


def _iter(interpreter: Any, items: Any) -> Any:
    return items if isinstance(items, Iterator) else iter(interpreter.items(items))


def _next(interpreter: Any, items: Any, default: Any = MISSING) -> Any:
    if isinstance(items, Unknown):
        return items
    if isinstance(items, Instance):
        return interpreter.called(interpreter.get(items, "__next__"), [], {})
    if not isinstance(items, Iterator):
        raise Raised(f"{natives.kind(items)} is no iterator", "TypeError")
    value = next(items, default)
    if value is MISSING:
        raise Raised("there is no next item", "StopIteration")
    return value


def _isinstance(interpreter: Any, value: Any, wanted: Any) -> Any:
    return natives.is_instance(interpreter, value, wanted)


def _issubclass(interpreter: Any, value: Any, wanted: Any) -> Any:
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    if not isinstance(value, Class) or not all(isinstance(each, Class) for each in several):
        return Unknown("it hangs on a class that isn't known")
    return any(value.is_a(each) for each in several)


def _hasattr(interpreter: Any, owner: Any, name: str) -> Any:
    try:
        value = interpreter.get(owner, name)
    except Raised as error:
        if error.kind != "AttributeError":
            raise
        return False
    return value if isinstance(owner, Unknown) else True


def _getattr(interpreter: Any, owner: Any, name: str, *default: Any) -> Any:
    if isinstance(name, Unknown):
        return name
    try:
        return interpreter.get(owner, name)
    except Raised as error:
        if error.kind != "AttributeError" or not default:
            raise
        return default[0]


def _setattr(interpreter: Any, owner: Any, name: str, value: Any) -> None:
    if not isinstance(name, str):
        raise NotUnderstood("the name of the attribute isn't known")
    attributes.put(interpreter, owner, name, value)


def _delattr(interpreter: Any, owner: Any, name: str) -> None:
    attributes.remove(interpreter, owner, name)


def _callable(interpreter: Any, value: Any) -> Any:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Instance):
        return value.cls.find("__call__") is not MISSING
    return isinstance(value, (Function, Builtin, Class, Bound, Partial))


def _type_of(value: Any) -> Any:
    """Return the type of a value."""
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Partial):
        return natives.PARTIAL
    if isinstance(value, Function):
        return natives.FUNCTION
    name = type(value).__name__
    name = {"Batch": "int", "Size": "tuple", "Ratio": "float", "Pair": "tuple"}.get(name, name)
    found = BUILTINS.get(name)
    return found if found is not None else Unknown(f"type() of {natives.kind(value)}")


def _type(interpreter: Any, value: Any, *rest: Any) -> Any:
    if rest:
        raise NotUnderstood("a class made by type() isn't followed")
    return _type_of(value)


def _id(interpreter: Any, value: Any) -> int:
    return id(value)


def _print(interpreter: Any, *values: Any, **named: Any) -> None:
    """Show nothing."""


def _property(interpreter: Any, getter: Any = None, setter: Any = None, *rest: Any) -> Property:
    return Property(getter, setter)


def _divmod(interpreter: Any, left: Any, right: Any) -> Any:
    return interpreter.operate("//", left, right), interpreter.operate("%", left, right)


def _pow(interpreter: Any, left: Any, right: Any, modulus: Any = None) -> Any:
    if modulus is None:
        return interpreter.operate("**", left, right)
    for each in (left, right, modulus):
        if isinstance(each, Unknown) or natives.hangs_on_batch(each):
            return Unknown("a power of what isn't known")
    return natives.tried("pow()", pow, left, right, modulus)


def _slice(interpreter: Any, *parts: Any) -> slice:
    return slice(*parts)


def _vars(interpreter: Any, owner: Any) -> Any:
    if isinstance(owner, Instance) and not owner.cls.find("forward"):
        return owner.attributes
    return dict(owner.attributes) if isinstance(owner, Instance) else Unknown("vars() of it")


def _globals(interpreter: Any) -> Any:
    return interpreter.frame.file.scope.names


def _eval(interpreter: Any, words: Any, *scopes: Any) -> Any:
    """Return what an expression in a text is worth, read like any other."""
    if not isinstance(words, str) or scopes:
        return Unknown("eval() of it isn't followed")
    if len(words) > literals.LONGEST:
        raise too_large("a text that eval() reads")
    interpreter.charge(8 * len(words))
    try:
        body = syntax.expression(words.strip())
    except SyntaxError as error:
        if syntax.is_number_too_long(error):
            raise too_large("a number") from None
        raise Raised(f"eval(): {error.msg}", "SyntaxError") from None
    except (ValueError, RecursionError, MemoryError):
        raise NotUnderstood("eval() of it isn't followed") from None
    return interpreter.value(body, interpreter.frame.file.scope)


def _exec(interpreter: Any, *arguments: Any) -> None:
    raise Final("exec() may change any name, which isn't followed")


def _refused(name: str) -> Callable[..., Any]:
    def refused(interpreter: Any, *arguments: Any, **named: Any) -> Any:
        return Unknown(f"{name}() isn't followed")

    return refused


def _typed(name: str, types: tuple[type, ...], make: Callable[..., Any]) -> NativeType:
    return NativeType(name, types, make, reads=True)


OBJECT = Class("object", [], {"__init__": Builtin("__init__", lambda *a, **n: None)})


def _of_one(make: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a function of Python on one plain value."""

    def made(interpreter: Any, value: Any) -> Any:
        if isinstance(value, Unknown):
            return value
        if natives.hangs_on_batch(value) or not isinstance(value, (int, str)):
            return Unknown(f"{make.__name__}() of {natives.kind(value)} isn't followed")
        return natives.tried(make.__name__, lambda: make(value))

    return made


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eval": _eval, "exec": _exec, "globals": _globals,
    "abs": _abs, "all": _all, "any": _any, "callable": _callable, "delattr": _delattr,
    "divmod": _divmod, "enumerate": _enumerate, "filter": _filter, "getattr": _getattr,
    "hasattr": _hasattr, "id": _id, "isinstance": _isinstance, "issubclass": _issubclass,
    "iter": _iter, "len": _len, "map": _map, "max": _best(">"), "min": _best("<"),
    "next": _next, "pow": _pow, "print": _print, "range": _range, "repr": natives.as_repr,
    "reversed": _reversed, "round": _round, "setattr": _setattr, "slice": _slice,
    "sorted": in_order, "sum": _sum, "vars": _vars, "zip": _zip,
    **{name: _of_one(make) for name, make in (("ord", ord), ("chr", chr), ("hex", hex),
                                              ("oct", oct), ("bin", bin))},
    **{
        name: _refused(name)
        for name in (
            "open", "input", "compile", "__import__",
            "memoryview", "bytes", "bytearray", "dir", "hash", "complex", "format", "exit", "quit",
            "breakpoint", "help", "ascii",
        )
    },
}  # fmt: skip

BUILTINS: dict[str, Any] = {
    "locals": natives.LOCALS,
    "True": True,
    "False": False,
    "None": None,
    "Ellipsis": ...,
    "NotImplemented": NotImplemented,
    "__debug__": True,
    "object": OBJECT,
    "int": _typed("int", (int,), _int),
    "float": _typed("float", (float,), _float),
    "bool": _typed("bool", (bool,), _bool),
    "str": _typed("str", (str,), _str),
    "list": _typed("list", (list,), _listed(list)),
    "tuple": _typed("tuple", (tuple,), _listed(tuple)),
    "set": _typed("set", (set,), _listed(set)),
    "frozenset": _typed("frozenset", (frozenset,), _listed(frozenset)),
    "dict": _typed("dict", (dict,), _dict),
    "type": _typed("type", (Class, NativeType), _type),
    "property": Builtin("property", _property, reads=True),
    "staticmethod": Builtin("staticmethod", Static),
    "classmethod": Builtin("classmethod", ClassMethod),
    **natives.EXCEPTIONS,
    **{name: Builtin(name, function, reads=True) for name, function in FUNCTIONS.items()},
}  # fmt: skip
"""What Python's built-in names are worth."""
