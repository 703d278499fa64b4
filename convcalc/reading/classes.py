"""How a class that is read is made: a real class of Python's, by the class that makes it.

Source: Python's reference, "Customizing class creation".
"""

from __future__ import annotations

import abc
import ast
import string
import types
from collections.abc import Callable, Mapping, Sequence

from convcalc.reading import attributes, expressions, functions
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.reader import Frame, Reader, Scope
from convcalc.reading.values import MARK, WRITTEN_HERE, Unknown, Value, is_open


def statement(reader: Reader, node: ast.ClassDef, scope: Scope) -> object:
    """Return the class that a statement makes, before its decorators; Unknown where a base is."""
    bases = expressions.values(reader, node.bases, scope)
    named: dict[str, object] = {}
    for each in node.keywords:
        value = reader.value(each.value, scope)
        if each.arg is None:
            named.update({str(key): v for key, v in expressions.mapping(reader, value).items()})
        else:
            named[each.arg] = value
    unknown = next((b for b in (*bases, *named.values()) if type(b) is Unknown), None)
    if unknown is not None:
        return Unknown(f"a base of {node.name} isn't known: {unknown.why}", unknown.error)
    resolved = types.resolve_bases(bases)
    check_bases(resolved)
    reader.guards.count(sum(len(b.__mro__) for b in resolved if isinstance(b, type)) ** 2 >> 6)
    metaclass, names, rest = types.prepare_class(node.name, resolved, named)
    if not isinstance(names, dict) and not hasattr(names, "__setitem__"):
        raise TypeError(f"{metaclass.__name__}.__prepare__() must return a mapping")
    found = functions.Names(node.body)
    inner = Scope(scope.unit, names, scope, is_class=True, globals=frozenset(found.globals),
                  name=functions.qualified(scope, node.name), nonlocals=frozenset(found.nonlocals),
                  local=frozenset(found.set - found.nonlocals - found.globals))  # fmt: skip
    names["__module__"] = str(scope.unit.names.get("__name__", scope.unit.name))
    names["__qualname__"] = inner.name
    docstring = ast.get_docstring(node, False)
    if docstring is not None:
        names["__doc__"] = docstring
    _body(reader, node, inner)
    if tuple(bases) != tuple(resolved):
        names["__orig_bases__"] = tuple(bases)
    cls = make(reader, metaclass, (node.name, tuple(resolved), names), rest)
    if isinstance(cls, type):
        inner.cls = cls
    return cls


def _body(reader: Reader, node: ast.ClassDef, inner: Scope) -> None:
    frame = Frame(inner.unit, node.name, inner, node.lineno)
    reader.enter(frame)
    try:
        reader.block(node.body, inner)
    except BaseException as error:
        reader.placed(error, frame)
        raise
    finally:
        reader.frames.pop()


SEARCHING = (string.Template,)
"""Python's own classes that search by regular expressions, which classes made from them set."""


def check_bases(bases: Sequence[object]) -> None:
    """Raise NotUnderstood where a class would be made from one that programs don't reach."""
    for base in bases:
        if isinstance(base, type):
            if base in SEARCHING:
                raise NotUnderstood(f"a class made from {base.__name__} isn't followed")
            known = is_open(base) or base in (type, abc.ABC, abc.ABCMeta)
            if not known and not attributes.is_plain(base):
                raise NotUnderstood(f"a class made from {base.__name__} isn't followed")
        elif isinstance(base, Value):
            raise NotUnderstood(f"a class made from {base!r} isn't followed")


def make(
    reader: Reader,
    metaclass: object,
    arguments: Sequence[object],
    named: Mapping[str, object],
) -> object:
    """Return the class that calling `type`, or another metaclass, makes of a name, bases, names."""
    if metaclass in MAKERS:
        return make_plain(metaclass, arguments, named)
    return reader.call(metaclass, arguments, named)


MAKERS: list[type] = [type, abc.ABCMeta]
"""The classes of classes that are Python's own; `natives` adds those of its modules."""


def make_plain(
    metaclass: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Return the class that one of Python's own metaclasses makes, open to programs."""
    if len(arguments) != 3:
        raise TypeError("type() takes 1 or 3 arguments")
    name, bases, names = arguments
    if not isinstance(names, dict) or not isinstance(bases, tuple):
        raise TypeError("type() takes a name, a tuple of bases and a dict")
    check_bases(bases)
    unknown = next((base for base in bases if type(base) is Unknown), None)
    if unknown is not None:
        return unknown
    found = opened(names)
    made_by = [base.__new__ for base in bases if isinstance(base, type) and issubclass(base, type)]
    if made_by and made_by[0] in [each.__new__ for each in MAKERS]:
        found.setdefault("__new__", staticmethod(_metaclass_new))
    return metaclass(name, bases, _as_it_was(names, found), **named)  # type: ignore[operator]


def _as_it_was(names: dict[str, object], found: dict[str, object]) -> dict[str, object]:
    """Return the opened names in what a metaclass of Python's own keeps them in."""
    if type(names) is dict or is_open(type(names)):
        return found
    dict.clear(names)
    dict.update(names, found)
    return names


def _metaclass_new(
    metaclass: type, name: str, bases: tuple[type, ...], names: dict[str, object], /,
    **named: object,
) -> object:  # fmt: skip
    """Make a class by a metaclass that doesn't say how."""
    return new_class((metaclass, name, bases, names), named)


OF_THE_CLASS = ("__init_subclass__", "__class_getitem__")


def opened(names: Mapping[str, object]) -> dict[str, object]:
    """Return the names of a class as `type` keeps those of one that Python compiled."""
    found = {**names, MARK: True}
    found.setdefault("__module__", "__main__")
    found.pop("__del__", None)  # which Python calls at any time
    for name in OF_THE_CLASS:
        if type(found.get(name)) is functions.Function:
            found[name] = classmethod(found[name])  # type: ignore[arg-type]
    getter = found.get("__getattribute__")
    if type(getter) is functions.Function:
        found["__getattribute__"] = _getting(getter)
    if type(found.get("__new__")) is functions.Function:
        found["__new__"] = staticmethod(found["__new__"])  # type: ignore[arg-type]
    return found


def _getting(function: functions.Function) -> Callable[[object, str], object]:
    """Return a class's own `__getattribute__`, which Python asks for nothing of its own account."""

    def __getattribute__(self: object, name: str) -> object:  # it is called so
        return type(self) if name == "__class__" else function(self, name)

    return __getattribute__


def new_class(arguments: Sequence[object], named: Mapping[str, object]) -> object:
    """Return what `type.__new__` makes, open to programs: what a metaclass of a program calls."""
    if len(arguments) != 4:
        raise TypeError("type.__new__() takes exactly 3 arguments")
    metaclass, name, bases, names = arguments
    if not isinstance(names, dict) or not isinstance(bases, tuple):
        raise TypeError("type.__new__() takes a name, a tuple of bases and a dict")
    check_bases(bases)
    maker = next(each for each in metaclass.__mro__ if each in MAKERS)  # type: ignore[attr-defined]
    found = _as_it_was(names, opened(names))
    return maker.__new__(metaclass, name, bases, found, **named)


def written_here(cls: type) -> type:
    """Return the innermost class of this package that a class is made from."""
    return next(each for each in cls.__mro__ if each in WRITTEN_HERE)
