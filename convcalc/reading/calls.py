"""How a value is called: what is read, what is written here, and Python's own functions.

Python's own know nothing of what isn't known: they are called, and where they stumble over it, or
depend on it, the result isn't known either.
"""

from __future__ import annotations

import _string  # type: ignore[import-not-found]
import dis
import enum
import functools
import io
import math
import string
import types
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import PurePath, PurePosixPath

from convcalc.reading import attributes, bounds, classes, skipped
from convcalc.reading.exceptions import NotUnderstood, forgotten, passed
from convcalc.reading.functions import Function, follow
from convcalc.reading.reader import Later, Reader, is_shuffled
from convcalc.reading.values import MARK, Needed, Reserved, Unknown, Value, is_open

RAISES = dis.opmap["RAISE_VARARGS"]


def call(
    reader: Reader, function: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Return what a call of any value returns."""
    cls = type(function)
    if cls is Function:
        return follow(function, arguments, named)  # type: ignore[arg-type]
    if cls is types.MethodType:
        owner = function.__self__  # type: ignore[attr-defined]
        return call(reader, function.__func__, (owner, *arguments), named)  # type: ignore[attr-defined]
    if cls is Later:
        return call(reader, reader.found(function), arguments, named)
    if type(function) is Unknown:
        return _unknown(reader, function, arguments, named)
    reader.guards.count(2)
    if issubclass(cls, type):
        return _class(reader, function, arguments, named)  # type: ignore[arg-type]
    written_here = is_open(cls) or isinstance(function, Value) or is_here(function)
    if written_here and callable(function):
        return _written_here(reader, function, arguments, named)
    if cls in VETTED or cls in attributes.OF_C or is_vetted(function):
        return _python(reader, function, arguments, named)
    if cls in attributes.ALIASES:
        return _alias(reader, function, arguments, named)
    if cls is staticmethod:
        return call(reader, function.__func__, arguments, named)  # type: ignore[attr-defined]
    if isinstance(function, types.FunctionType) and function in INSTEAD:
        return call(reader, INSTEAD[function], arguments, named)
    if callable(function):
        raise NotUnderstood(f"calling {attributes.kind(function)} isn't followed")
    raise TypeError(f"{attributes.kind(function)} can't be called")


VETTED: set[type] = {functools.partial}
"""What Python's own callables are, besides its functions and types."""

INSTEAD: dict[object, object] = {}
"""What is called in the place of some of Python's own functions."""
CODES: set[types.CodeType] = set()
"""What is given to programs of Python's own functions that are written in Python."""


def vet(value: object) -> None:
    """Let programs call one of Python's own functions, or a class's methods, and what they make."""
    if isinstance(value, types.FunctionType):
        waiting = [value.__code__]
        while waiting:
            code = waiting.pop()
            CODES.add(code)
            waiting += [each for each in code.co_consts if isinstance(each, types.CodeType)]
    elif isinstance(value, (staticmethod, classmethod)):
        vet(value.__func__)
    elif isinstance(value, type):
        for name, each in value.__dict__.items():
            if name[0] != "_" or name in attributes.SAFE:
                vet(each)


def is_vetted(function: object) -> bool:
    """Return whether a function is one of Python's own that programs may call."""
    return isinstance(function, types.FunctionType) and (
        function.__code__ in CODES or str(function.__module__).startswith("namedtuple_")
    )


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


MADE_OF = (str, bytes, int, float, complex, PurePath)
"""Classes of Python's whose objects are made of a value, which has to be known."""
NEW_OF = {each.__new__ for each in (*MADE_OF, PurePosixPath)}


def _class(
    reader: Reader, cls: type, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    if cls is type and len(arguments) == 1 and not named:
        return attributes.type_of(reader.known(arguments[0]))
    if cls in classes.MAKERS:
        return classes.make_plain(cls, arguments, named)
    if issubclass(cls, MADE_OF) and cls.__new__ in NEW_OF:
        unknown = unknown_among((*arguments, *named.values()))
        if unknown is not None:
            return unknown
    if is_open(cls) and not isinstance(cls, enum.EnumMeta):
        return _written_here(reader, cls, arguments, named)
    if issubclass(cls, OSError) and (unknown := unknown_among((*arguments, *named.values()))):
        return unknown  # which class it is depends on its number
    if cls is super and len(arguments) in (1, 2):
        return _super(*arguments)
    if cls is super or is_open(cls) or attributes.is_plain(cls) or cls is types.MethodType:
        made = _python(reader, cls, arguments, named)
        if isinstance(made, enum.EnumMeta) and not is_open(made):
            setattr(made, MARK, True)  # it was made by a call
        return made
    raise NotUnderstood(f"calling {attributes.kind(cls)} isn't followed")


def _super(owner: object, *first: object) -> object:
    """Return what super() with one argument or two stands for."""
    for each in (owner, *first):
        if type(each) is Unknown:
            return each
    if not isinstance(owner, type):
        raise TypeError(f"super() takes a class first, not {attributes.kind(owner)}")
    try:
        return super(owner, *first)
    except TypeError:
        kind = attributes.kind(first[0])
        raise TypeError(f"super(): {kind} is no {owner.__name__}") from None


def _alias(
    reader: Reader, alias: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Call a class by what it is with something in brackets."""
    if not getattr(alias, "_inst", True):
        raise TypeError(f"{alias!r} cannot be instantiated")
    made = call(reader, alias.__origin__, arguments, named)  # type: ignore[attr-defined]
    if is_open(type(made)) and hasattr(made, "__dict__"):
        attributes.put(made, "__orig_class__", alias)
    return made


def _written_here(
    reader: Reader, function: object, arguments: Sequence[object], named: Mapping[str, object]
) -> object:
    """Call what looks after itself: an object of a class, a method, a function of this package.

    What Python itself raises within this package, not by a `raise`, is a fault of ours: it is
    refused. What it calls of the program is followed wholly, or not at all.
    """
    if reader.forgotten:
        arguments = [reader.known(each) for each in arguments]
        named = {name: reader.known(each) for name, each in named.items()}
    for each in arguments:
        if isinstance(each, bounds.CONTAINERS):
            reader.guards.count(bounds.check_weight(each) << 3)  # Python's own are quicker
    reader.strict += 1
    try:
        result = function(*arguments, **named)  # type: ignore[operator]
        if isinstance(result, (list, tuple)):
            reader.guards.count(len(result) >> 2)
        return result
    except NotUnderstood:
        raise
    except Exception as error:
        if not passed(error) and _stumbled(error):
            raise NotUnderstood(
                f"{attributes.kind(function)} isn't followed with these arguments"
            ) from error
        raise
    finally:
        reader.strict -= 1


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
    name = getattr(function, "__name__", "")
    given = list(arguments)
    keeps = isinstance(owner, (list, deque, dict)) and name in KEEPING
    if function not in TRANSPARENT and not keeps:
        for at, each in enumerate(given):
            if isinstance(each, Reserved):
                given[at] = each.passed_to(name or "a function")
                if type(given[at]) is Unknown or (
                    function in ROUNDING and isinstance(given[at], Reserved)
                ):
                    return given[at]
        if reader.forgotten:
            for each in chain((owner,), given, named.values()):
                if id(each) in reader.forgotten:
                    return reader.forgotten[id(each)][1]
    if isinstance(owner, set) and name == "pop" and is_shuffled(owner):
        raise NotUnderstood("the order of a set of texts is another one each time")
    if function in (str, repr, ascii) and given and type(given[0]) is Function:
        return Unknown("the text of a function is another one each time")
    if function not in ORDERLESS and not keeps and not isinstance(owner, (set, frozenset)):
        for each in given:
            if isinstance(each, (set, frozenset)) and is_shuffled(each):
                why = "the order of a set of texts is another one each time"
                if function in (list, tuple) and reader.may_sort(each):
                    return function(reader.in_order(each))
                if function in (list, tuple):
                    return Unknown(why)
                raise NotUnderstood(why)
    only = given[0] if len(given) == 1 else None
    if function is len and isinstance(only, Value) and type(only) is not Unknown:
        return call(reader, only.get("__len__"), (), {})
    if name == "__new__" and function in [each.__new__ for each in classes.MAKERS]:
        return classes.new_class(given, named)
    if function is type.__call__ and given and given[0] in classes.MAKERS:
        return call(reader, given[0], given[1:], named)
    if name in ("format", "format_map") and (isinstance(owner, str) or function in FORMATS):
        words, *rest = (owner, *given) if isinstance(owner, str) else given
        return plain_format(name, words, rest, named)
    if name in ("sub", "subn"):
        given[:2] = [bounds.measured(each) if callable(each) else each for each in given[:2]]
        named = {k: bounds.measured(each) if callable(each) else each for k, each in named.items()}
    reader.guards.count(bounds.check_call(function, given, named))
    if isinstance(owner, types.GeneratorType):
        return _generator(function, given, named)
    try:
        if name == "join" and (isinstance(owner, (str, bytes)) or function in JOINS) and given:
            if isinstance(given[-1], Iterable) and not isinstance(given[-1], (list, tuple, str)):
                given[-1] = list(given[-1])  # as Python does
                reader.guards.count(bounds.check_call(function, given, named))
        result = function(*given, **named)  # type: ignore[operator]
    except Needed as needed:
        if name not in skipped.READING:
            _forget_changed(reader, owner, given, needed.unknown)
        return needed.unknown
    except NotUnderstood:
        raise
    except Exception as error:
        unknown = None if passed(error) else unknown_among((*given, *named.values()))
        if unknown is None:
            raise
        if isinstance(owner, io.StringIO):
            skipped.forget(reader, owner, unknown)
        return unknown
    if isinstance(result, int):
        bounds.check_result(result)
    elif isinstance(result, bounds.CONTAINERS):
        reader.guards.count(len(result) >> 3)
    return result


class Formatter(string.Formatter):
    """Fills in a text as `str.format` does, its attributes reached through the gate."""

    size = 0
    """How many characters were put in so far."""

    def vformat(
        self, format_string: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> str:
        """Return a text with its fields filled in."""
        self.size = 0
        return super().vformat(format_string, args, kwargs)

    def get_field(
        self, field_name: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[object, int | str]:
        """Return the value that a field names."""
        first, rest = _string.formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = attributes.get(value, key) if is_attribute else value[key]  # type: ignore[index]
        return value, first

    def get_value(
        self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        """Return the argument of a number or a name."""
        if isinstance(key, int) and args is MAPPED:
            raise ValueError("Format string contains positional fields")
        return super().get_value(key, args, kwargs)

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a value as a text, in the format that is asked for."""
        if isinstance(value, Reserved):
            value = value.passed_to("a text")
        if type(value) is Unknown:
            raise value.refused()
        bounds.check_widths(format_spec)
        bounds.check_weight(value)
        made = format(value, format_spec)
        self.size += len(made)
        bounds.check_size(self.size)
        return made


def plain_format(
    name: str, words: object, given: Sequence[object], named: Mapping[str, object]
) -> object:
    """Return what `str.format` or `str.format_map` makes of a text."""
    if type(words) is Unknown:
        return words
    if not isinstance(words, str):
        raise TypeError("descriptor 'format' requires a 'str' object")
    mapped = name == "format_map"
    if mapped and (len(given) != 1 or named):
        raise TypeError(f"str.format_map() takes exactly one argument ({len(given)} given)")
    values = given[0] if mapped else named
    try:
        return Formatter().vformat(words, MAPPED if mapped else given, values)  # type: ignore[arg-type]
    except Needed as needed:
        return needed.unknown


JOINS: tuple[object, ...] = (str.join, bytes.join)
MAPPED: list[object] = []
"""The arguments by position of a text that is filled in from a mapping: it can have none."""
FORMATS: frozenset[object] = frozenset((str.format, str.format_map))


def _generator(function: object, given: Sequence[object], named: Mapping[str, object]) -> object:
    """Call a method of a generator, which is several of Python's here, one within another."""
    throws = getattr(function, "__name__", "") == "throw"
    error = given[0] if throws and given else None
    kind = error if isinstance(error, type) else type(error)
    if error is not None and not issubclass(kind, BaseException):
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
    """Return something unknown among some values or in the containers among them."""
    waiting, seen = [values], 0
    while waiting and seen < MOST_LOOKED_AT:
        for each in waiting.pop():
            seen += 1
            if type(each) is Unknown:
                return each
            if isinstance(each, bounds.CONTAINERS):
                waiting.append(list(each.values()) if isinstance(each, dict) else list(each))
    return None


MOST_LOOKED_AT = 10_000
"""The most values among which something unknown is looked for."""


ROUNDING: frozenset[object] = frozenset((int, abs, round, math.floor, math.ceil, math.trunc))
"""What makes a whole number of a number; one that isn't wholly known stays what it is."""
TRANSPARENT: frozenset[object] = frozenset((
    list, tuple, dict, functools.partial, super, id, callable, type, slice, property, staticmethod,
    classmethod,
))  # fmt: skip
"""What keeps or hands on what it is given, and looks at nothing of it."""
KEEPING = frozenset("append appendleft insert get setdefault pop __setitem__".split())
"""Methods of lists and dicts that keep or hand on what they are given."""
ORDERLESS: frozenset[object] = frozenset((
    len, sorted, set, frozenset, sum, min, max, any, all, bool, id, functools.partial,
))  # fmt: skip
"""What comes to the same whatever the order of a set is."""
