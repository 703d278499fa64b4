"""The methods of Python's plain values, by the type and their name."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from math import prod
from string import Formatter
from typing import Any

from convcalc import text
from convcalc.network import natives
from convcalc.network.modules import Builtin
from convcalc.network.natives import bounded
from convcalc.network.refusals import NotUnderstood, Raised, Unknown


def in_order(interpreter: Any, items: Any, key: Any = None, reverse: bool = False) -> list[Any]:
    """Return what is gone through in the order of its keys."""
    values = list(interpreter.items(items, ordered=False))
    keys = [interpreter.called(key, [each], {}) if key else each for each in values]
    natives.weigh(interpreter, keys)
    interpreter.charge(len(keys))
    for each in keys:
        if not isinstance(each, (int, float, str, tuple)):
            raise NotUnderstood(f"sorting by {natives.kind(each)} isn't followed")
    try:
        order = sorted(range(len(values)), key=keys.__getitem__, reverse=reverse)
    except TypeError as error:
        raise Raised(f"sorted(): {error}", "TypeError") from None
    return [values[at] for at in order]


def _plainly(name: str) -> Callable[..., Any]:
    """Return a method of Python's own, for arguments that are plain."""

    def method(interpreter: Any, owner: Any, *arguments: Any, **named: Any) -> Any:
        for each in (*arguments, *named.values()):
            if isinstance(each, Unknown):
                return each
        if name == "str.replace":
            _check_replacing(owner, *arguments)
        if name.removeprefix("str.") in WIDENING:
            _check_widening(owner, *arguments, *named.values())
        if name.partition(".")[2] in ("add", "discard", "remove"):
            natives.hashable(interpreter, *arguments)
        return bounded(natives.tried(f"{name}()", TABLE[name], owner, *arguments, **named))

    return method


def _check_replacing(owner: str, old: Any = "", new: Any = "", *rest: Any) -> None:
    """Raise where a text with something replaced would be too long, before it is made."""
    if isinstance(old, str) and isinstance(new, str):
        bounded(range(len(owner) + owner.count(old) * len(new)))


def _check_widening(owner: str, width: Any = 8, *rest: Any) -> None:
    """Raise where a text made wider would be too long, before it is made."""
    if isinstance(width, int):
        bounded(range(len(owner) + max(width, 0) * max(owner.count("\t"), 1)))


def _format(interpreter: Any, owner: str, *arguments: Any, **named: Any) -> Any:
    numbers = itertools.count()
    numbered: set[bool] = set()

    def value_of(field: str) -> Any:
        if not field or field.isdecimal():
            numbered.add(bool(field))
        if len(numbered) > 1:
            raise Raised("format(): fields with numbers and without are mixed", "ValueError")
        key = field or str(next(numbers))
        place = int(key) if key.isdecimal() else len(arguments)
        if place < len(arguments):
            return arguments[place]
        return named.get(key, Unknown(f"{{{text.harmless(field)}}} of a text isn't known"))

    def filled(form: str) -> Any:
        parts = []
        for literal, field, inner, conversion in Formatter().parse(form):
            parts.append(literal)
            if field is None:
                continue
            value = value_of(field)
            width = filled(inner) if inner else ""
            parts.append(natives.formatted(interpreter, value, width, conversion or ""))
        return natives.joined(interpreter, parts)

    return filled(owner)


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
    for at in range(len(owner))[slice(*(*ends, None)[:2])] if ends else range(len(owner)):
        if natives.equal(owner[at], value):
            return at
    raise Raised(f"{natives.words(value)} isn't in the list", "ValueError")


def _remove(interpreter: Any, owner: list[Any], value: Any) -> None:
    del owner[_index(interpreter, owner, value)]


def _sort(interpreter: Any, owner: list[Any], key: Any = None, reverse: bool = False) -> None:
    owner[:] = in_order(interpreter, owner, key, reverse)


def _update(interpreter: Any, owner: Any, *several: Any, **named: Any) -> None:
    for each in several:
        if isinstance(each, Unknown):
            raise NotUnderstood(each.why)
        pairs = each.items() if isinstance(each, dict) else interpreter.items(each)
        for pair in pairs:
            key, value = interpreter.items(pair)
            owner[natives.hashable(interpreter, key)] = value
    owner.update(named)
    bounded(owner)


def _update_set(interpreter: Any, owner: set[Any], *several: Any) -> None:
    for each in several:
        given = interpreter.items(each, ordered=False)
        owner.update(natives.hashable(interpreter, part) for part in given)
    bounded(owner)


def _narrowed(name: str) -> Callable[..., Any]:
    """Return a method of a set that takes some of it away."""

    def method(interpreter: Any, owner: set[Any], *several: Any) -> None:
        others = [set(interpreter.items(each, ordered=False)) for each in several]
        natives.tried(f"set.{name}()", getattr(set, name), owner, *others)

    return method


def _set_pop(interpreter: Any, owner: set[Any]) -> Any:
    if natives.is_shuffled(owner):
        raise NotUnderstood("the order of a set of texts is another one each time")
    return natives.tried("set.pop()", owner.pop)


def _get(interpreter: Any, owner: dict[Any, Any], key: Any, default: Any = None) -> Any:
    return (
        key if isinstance(key, Unknown) else owner.get(natives.hashable(interpreter, key), default)
    )


def _set_default(interpreter: Any, owner: dict[Any, Any], key: Any, default: Any = None) -> Any:
    return owner.setdefault(natives.hashable(interpreter, key), default)


def _dict_pop(interpreter: Any, owner: dict[Any, Any], key: Any, *default: Any) -> Any:
    if isinstance(key, Unknown):
        raise NotUnderstood(key.why)
    if natives.hashable(interpreter, key) not in owner and not default:
        raise Raised(f"there is no key {natives.words(key)}", "KeyError")
    return owner.pop(key, *default)


def _move_to_end(interpreter: Any, owner: dict[Any, Any], key: Any, last: bool = True) -> None:
    value = owner.pop(key)
    rest = dict(owner)
    owner.clear()
    owner.update({**rest, key: value} if last else {key: value, **rest})


def _numel(interpreter: Any, owner: Any) -> Any:
    return prod(owner)


WIDENING = ("ljust", "rjust", "center", "zfill", "expandtabs")
"""Methods that make a text as wide as they are told."""

TABLE: dict[str, Callable[..., Any]] = {
    **{f"str.{name}": getattr(str, name) for name in (
        "split", "rsplit", "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize",
        "startswith", "endswith", "replace", "find", "rfind", "index", "count", "isdigit",
        "isdecimal", "isalpha", "isalnum", "isnumeric", "isidentifier", "islower", "isupper",
        "splitlines", "partition", "rpartition", "removeprefix", "removesuffix", "rindex",
        "swapcase", "casefold", *WIDENING,
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
    "set.pop": _set_pop,
    **{f"set.{name}": _narrowed(name) for name in (
        "intersection_update", "difference_update", "symmetric_difference_update",
    )},
    "str.encode": lambda *_: Unknown("bytes aren't followed"),
    "int.item": lambda _, owner: owner,
    "float.item": lambda _, owner: owner,
}  # fmt: skip
METHODS = {
    name: Builtin(name.split(".")[1], function, reads=True)
    for name, function in METHOD_FUNCTIONS.items()
}
"""The methods of plain values, by the type and their name."""
