"""How a value is called: what is read, what is written here, and Python's own functions.

Python's own know nothing of what isn't known: they are called, and where they stumble over it, or
depend on it, the result isn't known either.
"""

from __future__ import annotations

import abc
import dis
import functools
import types
from collections.abc import Mapping, Sequence
from itertools import chain

from convcalc.reading import attributes, bounds, classes, skipped
from convcalc.reading.exceptions import NotUnderstood, forgotten, passed
from convcalc.reading.functions import Function, follow
from convcalc.reading.reader import Later, Reader, is_shuffled
from convcalc.reading.values import Needed, Reserved, Unknown, Value, is_open

RAISES = dis.opmap["RAISE_VARARGS"]


def call(
    reader: Reader, function: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Return what a call of any value returns."""
    cls = type(function)
    if cls is Function:
        return follow(function, arguments, named)  # type: ignore[arg-type]
    if cls is types.MethodType:
        inner = function.__func__  # type: ignore[attr-defined]
        if type(inner) is Function:
            owner = function.__self__  # type: ignore[attr-defined]
            return follow(inner, (owner, *arguments), named)
    if cls is Later:
        return call(reader, reader.found(function), arguments, named)
    if type(function) is Unknown:
        return _unknown(reader, function, arguments, named)
    reader.guards.count(2)
    if isinstance(function, type):
        return _class(reader, function, arguments, named)
    if is_open(cls) or cls is types.MethodType or isinstance(function, Value) or is_here(function):
        return _written_here(reader, function, arguments, named)
    if cls in VETTED or cls in attributes.OF_C or function in FUNCTIONS:
        return _python(reader, function, arguments, named)
    if callable(function):
        raise NotUnderstood(f"calling {attributes.kind(function)} isn't followed")
    raise TypeError(f"{attributes.kind(function)} can't be called")


VETTED = frozenset((functools.partial,))
"""What Python's own callables are, besides its functions and types."""


FUNCTIONS: set[object] = set()
"""Functions of Python's own that are written in Python, and given to programs."""


def is_here(function: object) -> bool:
    """Return whether a function is one of this package."""
    return isinstance(function, types.FunctionType) and function.__module__.startswith("convcalc.")


def _unknown(
    reader: Reader, function: Unknown, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Return what isn't known; nor is, from then on, what it may have changed."""
    given = (*arguments, *named.values())
    for each in given:
        if isinstance(each, Value) and not function.harmless:
            each.handed_to(function)
    if given:
        skipped.forget_given(reader, given, function)
    return function


def _class(
    reader: Reader, cls: type, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    if cls is type and len(arguments) == 1 and not named:
        return attributes.type_of(reader.known(arguments[0]))
    if cls in classes.MAKERS and cls is not abc.ABC:
        return classes.make_plain(cls, arguments, named)
    if is_open(cls):
        return _written_here(reader, cls, arguments, named)
    if cls is super or attributes.is_plain(cls) or cls in (types.MethodType,):
        return _python(reader, cls, arguments, named)
    raise NotUnderstood(f"calling {attributes.kind(cls)} isn't followed")


def _written_here(
    reader: Reader, function: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Call what looks after itself: an object of a class, a method, a function of this package.

    What Python itself raises within this package, not by a `raise`, is a fault of ours: it is
    refused.
    """
    try:
        return function(*arguments, **named)  # type: ignore[operator]
    except NotUnderstood:
        raise
    except Exception as error:
        if not passed(error) and _stumbled(error):
            raise NotUnderstood(
                f"{attributes.kind(function)} isn't followed with these arguments"
            ) from error
        raise


def _stumbled(error: Exception) -> bool:
    """Return whether Python raised an error within a function of this package's libraries."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    code = trace.tb_frame.f_code
    name = trace.tb_frame.f_globals.get("__name__", "")
    if not str(name).startswith("convcalc.") or str(name).startswith("convcalc.reading"):
        return False
    return code.co_code[trace.tb_lasti] != RAISES


def _python(
    reader: Reader, function: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Call a function of Python's own."""
    owner = getattr(function, "__self__", None)
    given = list(arguments)
    if function not in TRANSPARENT:
        for at, each in enumerate(given):
            if isinstance(each, Reserved):
                given[at] = each.passed_to(getattr(function, "__name__", "a function"))
                if type(given[at]) is Unknown:
                    return given[at]
        if reader.forgotten:
            for each in chain((owner,), given, named.values()):
                if id(each) in reader.forgotten:
                    return reader.forgotten[id(each)][1]
    if function not in ORDERLESS and not isinstance(owner, (set, frozenset)):
        for each in given:
            if isinstance(each, (set, frozenset)) and is_shuffled(each):
                raise NotUnderstood("the order of a set of texts is another one each time")
    if function in MAKING:
        return classes.new_class(given, named)
    reader.guards.count(bounds.check_call(function, given, named))
    if isinstance(owner, types.GeneratorType):
        return _generator(function, given, named)
    try:
        result = function(*given, **named)  # type: ignore[operator]
    except Needed as needed:
        _forget_changed(reader, owner, given, needed.unknown)
        return needed.unknown
    except NotUnderstood:
        raise
    except Exception as error:
        unknown = None if passed(error) else unknown_among((*given, *named.values()))
        if unknown is None:
            raise
        return unknown
    if isinstance(result, int):
        bounds.check_result(result)
    return result


def _generator(
    function: object, given: Sequence[object], named: Mapping[str, object]
) -> object:
    """Call a method of a generator, which is several of Python's here, one within another."""
    throws = getattr(function, "__name__", "") == "throw"
    error = given[0] if throws and given else None
    if error is not None and not isinstance(error, BaseException):
        if not isinstance(error, type) or not issubclass(error, BaseException):
            raise TypeError("exceptions must be classes or instances deriving from BaseException")
    try:
        return function(*given, **named)  # type: ignore[operator]
    except RuntimeError as ignored:
        if ignored.args == ("generator ignored GeneratorExit",):
            forgotten(ignored)
        raise


def _forget_changed(
    reader: Reader, owner: object, given: Sequence[object], unknown: Unknown
) -> None:
    """Forget what a function had begun to change when it stumbled over something unknown."""
    for each in (owner, *given):
        if isinstance(each, (list, dict, set)) and not isinstance(owner, (type, types.ModuleType)):
            skipped.forget(reader, each, unknown)


def unknown_among(values: Sequence[object]) -> Unknown | None:
    """Return something unknown among some values or in lists, tuples and dicts of them."""
    for each in values:
        if type(each) is Unknown:
            return each
        inner = each.values() if isinstance(each, dict) else each
        if isinstance(each, (list, tuple, dict, set, frozenset)):
            for part in inner:  # type: ignore[attr-defined]
                if type(part) is Unknown:
                    return part
    return None


TRANSPARENT: frozenset[object] = frozenset((
    list, tuple, dict, functools.partial, super, id, callable, type, slice, property, staticmethod,
    classmethod, list.append, list.insert, dict.get, dict.setdefault, dict.pop,
))  # fmt: skip
"""What keeps or hands on what it is given, and looks at nothing of it."""
ORDERLESS: frozenset[object] = frozenset((
    len, sorted, set, frozenset, sum, min, max, any, all, bool, isinstance, id, callable, repr, str,
    functools.partial, dict.get,
))  # fmt: skip
"""What comes to the same whatever the order of a set is."""
MAKING: frozenset[object] = frozenset((type.__new__, abc.ABCMeta.__new__))
"""What makes a class."""
