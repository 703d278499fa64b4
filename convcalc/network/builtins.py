"""Python's built-in functions and types, and the methods of its plain values."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from convcalc.layers.base import Batch
from convcalc.network import attributes, natives
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
from convcalc.network.natives import NativeType, as_text, bounded
from convcalc.network.refusals import Final, NotUnderstood, Raised, Unknown
from convcalc.network.tensors import Tensor, as_number


def _number(value: Any, what: str) -> Any:
    """Return a plain number; that of a tensor which has one."""
    if isinstance(value, Tensor):
        value = as_number(value)
    if isinstance(value, (Unknown, int, float, str)):
        return value
    raise Raised(f"{what}() takes no {natives.kind(value)}", "TypeError")


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
    try:
        return int(number, base) if isinstance(number, str) else int(number)
    except (ValueError, OverflowError) as error:
        raise Raised(f"int: {error}", type(error).__name__) from None


def _float(interpreter: Any, value: Any = 0.0) -> Any:
    number = _number(value, "float")
    if isinstance(number, Unknown):
        return number
    if natives.hangs_on_batch(number):
        return _of_batch("float")
    try:
        return float(number)
    except (ValueError, OverflowError) as error:
        raise Raised(f"float: {error}", type(error).__name__) from None


def _bool(interpreter: Any, value: Any = False) -> Any:
    return value if isinstance(value, Unknown) else interpreter.truth(value)


def _str(interpreter: Any, value: Any = "") -> Any:
    return value if isinstance(value, Unknown) else as_text(interpreter, value)


def _listed(make: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a function that makes a container of what it goes through."""

    def made(interpreter: Any, items: Any = ()) -> Any:
        if isinstance(items, Unknown):
            return items
        ordered = make in (list, tuple)
        given = interpreter.items(items, ordered=ordered)
        return bounded(make(list(itertools.islice(given, natives.MOST_ITEMS + 1))))

    return made


def _dict(interpreter: Any, items: Any = (), **named: Any) -> Any:
    if isinstance(items, Unknown):
        return items
    pairs = items.items() if isinstance(items, dict) else [
        tuple(interpreter.items(pair)) for pair in interpreter.items(items)
    ]  # fmt: skip
    result = {natives.hashable(key): value for key, value in pairs}
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
    if isinstance(value, (str, list, tuple, dict, set, frozenset, range, *natives.VIEWS)):
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
            raise Raised(f"range() takes no {natives.kind(end)}", "TypeError")
    return bounded(range(*map(int, numbers)))


def _enumerate(interpreter: Any, items: Any, start: int = 0) -> Any:
    return enumerate(interpreter.items(items), start)


def _zip(interpreter: Any, *several: Any, strict: bool = False) -> Any:
    return zip(*map(interpreter.items, several), strict=strict)


def _reversed(interpreter: Any, items: Any) -> Any:
    return reversed(list(interpreter.items(items)))


def _sorted(interpreter: Any, items: Any, key: Any = None, reverse: bool = False) -> Any:
    values = list(interpreter.items(items, ordered=False))
    keys = [interpreter.called(key, [each], {}) if key else each for each in values]
    for each in keys:
        if not isinstance(each, (int, float, str, tuple)):
            raise NotUnderstood(f"sorting by {natives.kind(each)} isn't followed")
    try:
        order = sorted(range(len(values)), key=keys.__getitem__, reverse=reverse)
    except TypeError as error:
        raise Raised(f"sorted(): {error}", "TypeError") from None
    return [values[at] for at in order]


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
    return value if isinstance(value, Unknown) else abs(value)


def _round(interpreter: Any, value: Any, digits: Any = None) -> Any:
    number = _number(value, "round")
    if isinstance(number, (Unknown, Batch)):
        return number
    if natives.hangs_on_batch(number):
        return _of_batch("round")
    return round(number) if digits is None else round(number, digits)


def _any(interpreter: Any, items: Any) -> bool:
    return any(interpreter.truth(each) for each in interpreter.items(items, ordered=False))


def _all(interpreter: Any, items: Any) -> bool:
    return all(interpreter.truth(each) for each in interpreter.items(items, ordered=False))


def _map(interpreter: Any, function: Any, *several: Any) -> Any:
    rows = zip(*map(interpreter.items, several), strict=False)
    return iter([interpreter.called(function, list(row), {}) for row in rows])


def _filter(interpreter: Any, function: Any, items: Any) -> Any:
    return iter([
        each
        for each in interpreter.items(items)
        if interpreter.truth(each if function is None else interpreter.called(function, [each], {}))
    ])  # fmt: skip


def _iter(interpreter: Any, items: Any) -> Any:
    return iter(interpreter.items(items))


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


def _type(interpreter: Any, value: Any, *rest: Any) -> Any:
    if rest:
        raise NotUnderstood("a class made by type() isn't followed")
    return attributes.type_of(value)


def _id(interpreter: Any, value: Any) -> int:
    return id(value)


def _print(interpreter: Any, *values: Any, **named: Any) -> None:
    """Show nothing."""


def _property(interpreter: Any, getter: Any = None, setter: Any = None, *rest: Any) -> Property:
    return Property(getter, setter)


def _divmod(interpreter: Any, left: Any, right: Any) -> Any:
    return interpreter.operate("//", left, right), interpreter.operate("%", left, right)


def _pow(interpreter: Any, left: Any, right: Any) -> Any:
    return interpreter.operate("**", left, right)


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
    try:
        tree = ast.parse(words.strip(), mode="eval")
    except SyntaxError as error:
        raise Raised(f"eval(): {error.msg}", "SyntaxError") from None
    except (ValueError, RecursionError, MemoryError):
        raise NotUnderstood("eval() of it isn't followed") from None
    return interpreter.value(tree.body, interpreter.frame.file.scope)


def _exec(interpreter: Any, *arguments: Any) -> None:
    raise Final("exec() may change any name, which isn't followed")


def _refused(name: str) -> Callable[..., Any]:
    def refused(interpreter: Any, *arguments: Any, **named: Any) -> Any:
        return Unknown(f"{name}() isn't followed")

    return refused


def _typed(name: str, types: tuple[type, ...], make: Callable[..., Any]) -> NativeType:
    return NativeType(name, types, make, reads=True)


OBJECT = Class("object", [], {"__init__": Builtin("__init__", lambda *a, **n: None)})

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eval": _eval, "exec": _exec, "globals": _globals,
    "abs": _abs, "all": _all, "any": _any, "callable": _callable, "delattr": _delattr,
    "divmod": _divmod, "enumerate": _enumerate, "filter": _filter, "getattr": _getattr,
    "hasattr": _hasattr, "id": _id, "isinstance": _isinstance, "issubclass": _issubclass,
    "iter": _iter, "len": _len, "map": _map, "max": _best(">"), "min": _best("<"),
    "next": _next, "pow": _pow, "print": _print, "range": _range, "repr": _str,
    "reversed": _reversed, "round": _round, "setattr": _setattr, "slice": _slice,
    "sorted": _sorted, "sum": _sum, "vars": _vars, "zip": _zip,
    **{
        name: _refused(name)
        for name in (
            "open", "input", "compile", "locals", "__import__",
            "memoryview", "bytes", "bytearray", "dir", "hash", "ord", "chr", "hex", "bin",
            "complex", "format", "exit", "quit", "breakpoint", "help", "ascii", "oct",
        )
    },
}  # fmt: skip

BUILTINS: dict[str, Any] = {
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


# ---------------------------------------------------------------------------------------------
# Methods of plain values
# ---------------------------------------------------------------------------------------------


def _plainly(name: str) -> Callable[..., Any]:
    """Return a method of Python's own, for arguments that are plain."""

    def method(interpreter: Any, owner: Any, *arguments: Any, **named: Any) -> Any:
        for each in (*arguments, *named.values()):
            if isinstance(each, Unknown):
                return each
        if name == "str.replace":
            _check_replacing(owner, *arguments)
        for each in (owner, *arguments):
            natives.traversable(each)
        try:
            return bounded(TABLE[name](owner, *arguments, **named))
        except (KeyError, IndexError, ValueError, TypeError) as error:
            words = str(error.args[0]) if error.args else name
            raise Raised(f"{name}(): {words}", type(error).__name__) from None

    return method


def _check_replacing(owner: str, old: Any = "", new: Any = "", *rest: Any) -> None:
    """Raise where a text with something replaced would be too long, before it is made."""
    if isinstance(old, str) and isinstance(new, str):
        bounded(range(len(owner) + owner.count(old) * len(new)))


def _format(interpreter: Any, owner: str, *arguments: Any, **named: Any) -> Any:
    from string import Formatter  # here, since few models fill texts in

    if natives.WIDE.search(owner):
        return Unknown("a text so wide isn't followed")
    parts = []
    numbered = itertools.count()
    for literal, field, form, conversion in Formatter().parse(owner):
        parts.append(literal)
        if field is None:
            continue
        key = field or str(next(numbered))
        place = int(key) if key.isdecimal() else len(arguments)
        value = arguments[place] if place < len(arguments) else named.get(key, MISSING)
        if value is MISSING or isinstance(value, Unknown):
            return Unknown("a text that isn't known")
        parts.append(natives.formatted(interpreter, value, form or "", conversion or ""))
    return bounded("".join(parts))


def _join(interpreter: Any, owner: str, items: Any) -> Any:
    parts = list(interpreter.items(items))
    unknown = next((part for part in parts if not isinstance(part, str)), None)
    if unknown is not None:
        return unknown if isinstance(unknown, Unknown) else Unknown("a text that isn't known")
    bounded(range(sum(map(len, parts)) + len(owner) * len(parts)))
    return owner.join(parts)


def _extend(interpreter: Any, owner: list[Any], items: Any) -> None:
    owner.extend(interpreter.items(items))
    bounded(owner)


def _append(interpreter: Any, owner: list[Any], value: Any) -> None:
    owner.append(value)
    if not len(owner) % 1000:
        bounded(owner)


def _index(interpreter: Any, owner: Any, value: Any, *ends: int) -> Any:
    if isinstance(owner, str):
        return _plainly("str.index")(interpreter, owner, value, *ends)
    for at, each in enumerate(owner):
        if natives.equal(each, value):
            return at
    raise Raised(f"{natives.words(value)} isn't in the list", "ValueError")


def _remove(interpreter: Any, owner: list[Any], value: Any) -> None:
    del owner[_index(interpreter, owner, value)]


def _sort(interpreter: Any, owner: list[Any], key: Any = None, reverse: bool = False) -> None:
    owner[:] = _sorted(interpreter, owner, key, reverse)


def _update(interpreter: Any, owner: Any, *several: Any, **named: Any) -> None:
    for each in several:
        if isinstance(each, Unknown):
            raise NotUnderstood(each.why)
        owner.update(each if isinstance(each, dict) else dict(interpreter.items(each)))
    owner.update(named)
    bounded(owner)


def _update_set(interpreter: Any, owner: set[Any], *several: Any) -> None:
    for each in several:
        owner.update(map(natives.hashable, interpreter.items(each, ordered=False)))
    bounded(owner)


def _get(interpreter: Any, owner: dict[Any, Any], key: Any, default: Any = None) -> Any:
    return key if isinstance(key, Unknown) else owner.get(natives.hashable(key), default)


def _set_default(interpreter: Any, owner: dict[Any, Any], key: Any, default: Any = None) -> Any:
    return owner.setdefault(natives.hashable(key), default)


def _dict_pop(interpreter: Any, owner: dict[Any, Any], key: Any, *default: Any) -> Any:
    if isinstance(key, Unknown):
        raise NotUnderstood(key.why)
    if key not in owner and not default:
        raise Raised(f"there is no key {natives.words(key)}", "KeyError")
    return owner.pop(key, *default)


def _move_to_end(interpreter: Any, owner: dict[Any, Any], key: Any, last: bool = True) -> None:
    value = owner.pop(key)
    rest = dict(owner)
    owner.clear()
    owner.update({**rest, key: value} if last else {key: value, **rest})


def _numel(interpreter: Any, owner: Any) -> Any:
    from math import prod

    return prod(owner)


TABLE: dict[str, Callable[..., Any]] = {
    **{f"str.{name}": getattr(str, name) for name in (
        "split", "rsplit", "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize",
        "startswith", "endswith", "replace", "find", "rfind", "index", "count", "isdigit",
        "isdecimal", "isalpha", "isalnum", "isnumeric", "isidentifier", "islower", "isupper",
        "splitlines", "partition", "rpartition", "removeprefix", "removesuffix",
    )},
    **{f"list.{name}": getattr(list, name) for name in (
        "insert", "pop", "reverse", "clear", "copy",
    )},
    **{f"dict.{name}": getattr(dict, name) for name in (
        "keys", "values", "items", "copy", "clear", "popitem",
    )},
    **{f"set.{name}": getattr(set, name) for name in (
        "add", "discard", "remove", "union", "intersection", "difference", "copy", "issubset",
        "issuperset", "isdisjoint", "clear", "symmetric_difference",
    )},
    **{f"frozenset.{name}": getattr(frozenset, name) for name in (
        "union", "intersection", "difference", "issubset", "issuperset",
    )},
    "int.bit_length": int.bit_length,
    "float.is_integer": float.is_integer,
}  # fmt: skip
"""Methods that are Python's own."""

METHOD_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: _plainly(name) for name in TABLE},
    "str.format": _format,
    "str.join": _join,
    "list.append": _append,
    "list.extend": _extend,
    "list.index": _index,
    "list.remove": _remove,
    "list.sort": _sort,
    "list.count": lambda _, owner, value: sum(natives.equal(e, value) for e in owner),
    "tuple.index": _index,
    "tuple.count": lambda _, owner, value: sum(natives.equal(e, value) for e in owner),
    "tuple.numel": _numel,
    "dict.update": _update,
    "dict.get": _get,
    "dict.pop": _dict_pop,
    "dict.setdefault": _set_default,
    "dict.move_to_end": _move_to_end,
    "set.update": _update_set,
    "str.zfill": lambda _, owner, width: owner.zfill(min(width, 1000)),
    "str.ljust": lambda _, owner, width, *fill: owner.ljust(min(width, 1000), *fill),
    "str.rjust": lambda _, owner, width, *fill: owner.rjust(min(width, 1000), *fill),
    "str.center": lambda _, owner, width, *fill: owner.center(min(width, 1000), *fill),
    "str.encode": lambda *_: Unknown("bytes aren't followed"),
    "int.item": lambda _, owner: owner,
    "float.item": lambda _, owner: owner,
}
METHODS = {
    name: Builtin(name.split(".")[1], function, reads=True)
    for name, function in METHOD_FUNCTIONS.items()
}
"""The methods of plain values, by the type and their name."""
