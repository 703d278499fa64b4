"""The modules of the standard library that are Python's own: their pure functions and their types.

All others that are known are written in the Python that is read (`library/`); those find what they
need of Python here, in `_native`, and of the reader, in `_reader`.
"""

from __future__ import annotations

import abc
import cmath
import collections
import collections.abc
import functools
import json
import math
import re
import string
import types
from collections.abc import Callable, Iterator

from convcalc.reading import attributes, calls, functions, skipped
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.functions import Function
from convcalc.reading.reader import Reader
from convcalc.reading.values import MISSING, Library, Unknown, Value, is_open

ABSTRACT = {name: getattr(collections.abc, name) for name in collections.abc.__all__}
for _each in (abc.ABC, abc.ABCMeta, *ABSTRACT.values()):
    attributes.allow(_each)


WHOLE = ("math", "cmath")
"""Modules of which every name is given."""


def table(name: str, values: dict[str, object]) -> Library:
    """Return a module of these names."""
    for each in values.values():
        if isinstance(each, types.FunctionType):
            calls.vet(each)

    def find(key: str) -> object:
        if key not in values and name in WHOLE:
            raise AttributeError(f"module {name} has no attribute {key}", name=key)
        return values.get(key, MISSING)

    return Library(name, find, lambda: iter(values))


def _of(module: types.ModuleType, names: Iterator[str] | list[str]) -> dict[str, object]:
    return {name: getattr(module, name) for name in names}


def _public(module: types.ModuleType) -> list[str]:
    return [name for name in dir(module) if not name.startswith("_")]


RE = ("compile search match fullmatch split sub subn findall finditer escape purge IGNORECASE I "
      "MULTILINE M DOTALL S VERBOSE X ASCII A UNICODE U error Pattern Match").split()  # fmt: skip
STRING = ("ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable "
          "punctuation whitespace capwords").split()  # fmt: skip
NATIVE: dict[str, object] = {
    **ABSTRACT,
    "OrderedDict": collections.OrderedDict,
    "defaultdict": collections.defaultdict,
    "deque": collections.deque,
    "partial": functools.partial,
    "MappingProxyType": types.MappingProxyType,
    "GenericAlias": types.GenericAlias,
    "UnionType": types.UnionType,
    "FunctionType": Function,
    "LambdaType": Function,
    "MethodType": types.MethodType,
    "GeneratorType": types.GeneratorType,
    "BuiltinFunctionType": types.BuiltinFunctionType,
    "BuiltinMethodType": types.BuiltinMethodType,
    "NoneType": type(None),
    "EllipsisType": type(...),
    "NotImplementedType": type(NotImplemented),
    "ModuleType": types.ModuleType,
}
"""What the texts of `library/` have of Python's own types."""


def modules(reader: Reader) -> dict[str, Library]:
    """Return the modules that are Python's own, for one reading."""
    known: dict[str, dict[str, object]] = {
        "math": _of(math, _public(math)),
        "cmath": _of(cmath, _public(cmath)),
        "re": _of(re, RE) | {"RegexFlag": re.RegexFlag},
        "json": {"loads": json.loads, "dumps": json.dumps, "JSONDecodeError": json.JSONDecodeError},
        "string": _of(string, STRING),
        "abc": {"ABC": abc.ABC, "ABCMeta": abc.ABCMeta, "abstractmethod": abc.abstractmethod,
                "abstractproperty": property},
        "_native": NATIVE,
        "_reader": of_reader(reader),
    }  # fmt: skip
    return {name: table(name, values) for name, values in known.items()}



def of_reader(reader: Reader) -> dict[str, object]:
    """Return what the texts of `library/` ask the reader for."""

    def signature(function: object) -> object:
        """Return (name, kind, default, annotation) of each parameter, and the return's annotation.

        What isn't there is the `empty` of this module.
        """
        if not isinstance(function, Function):
            raise NotUnderstood(f"the signature of {attributes.kind(function)} isn't followed")
        listed, returned = functions.parameters_of(function)
        blank = [tuple(EMPTY if part is MISSING else part for part in each) for each in listed]
        return blank, EMPTY if returned is MISSING else returned

    def is_function(value: object) -> bool:
        return isinstance(value, Function)

    def is_read(value: object) -> bool:
        """Return whether a value is a class that was read, or an object of one."""
        return is_open(value if isinstance(value, type) else type(value))

    def is_unknown(value: object) -> bool:
        return type(value) is Unknown

    def unknown(why: str) -> Unknown:
        return Unknown(why)

    def harmless(why: str) -> Unknown:
        return Unknown(why, harmless=True)

    def refuse(why: str) -> None:
        raise NotUnderstood(why)

    def forget(value: object, why: str) -> None:
        skipped.forget(reader, value, Unknown(why))

    def note_asked(name: object) -> None:
        if isinstance(name, str) and name not in reader.asked:
            reader.asked.append(name)

    def note_required(name: str) -> None:
        reader.required.append(name)

    def copy_plain(value: object) -> object:
        """Return a copy of an object that shares what it holds, made without its `__init__`."""
        return shallow(value)

    found: tuple[Callable[..., object], ...] = (
        signature, is_function, is_read, is_unknown, unknown, harmless, refuse, forget, note_asked, note_required,
        copy_plain,
    )  # fmt: skip
    return {each.__name__: each for each in found} | {"empty": EMPTY}


class _Empty(Value):
    def __repr__(self) -> str:
        return "<class 'inspect._empty'>"


EMPTY = _Empty()
"""What stands for a default or an annotation that isn't there."""


PICKLED = ("__reduce__", "__reduce_ex__", "__getstate__", "__setstate__")
"""Methods by which a class says itself how it is copied."""
IMMUTABLE = (tuple, str, int, float, complex, bytes, frozenset)


def shallow(value: object) -> object:
    """Return a copy of an object that shares what it holds, made without its `__init__`."""
    cls = type(value)
    if type(value) is Unknown:
        return value
    if not is_open(cls):
        raise NotUnderstood(f"copying {attributes.kind(value)} isn't followed")
    if any(name in each.__dict__ for each in cls.__mro__ if is_open(each) for name in PICKLED):
        raise NotUnderstood(f"copying {attributes.kind(value)} by its own words isn't followed")
    base = next(each for each in cls.__mro__ if not is_open(each))
    if base in IMMUTABLE:
        made = base.__new__(cls, value)
    elif issubclass(base, BaseException):
        made = base.__new__(cls, *value.args)  # type: ignore[attr-defined]
    else:
        made = base.__new__(cls)
        if base in (list, set, bytearray):
            base.__init__(made, value)
        elif base is collections.deque:
            base.__init__(made, value, value.maxlen)  # type: ignore[attr-defined]
        elif issubclass(base, dict):
            if base is collections.defaultdict:
                made.default_factory = value.default_factory  # type: ignore[attr-defined]
            base.update(made, value)
        elif base is not object:
            raise NotUnderstood(f"copying {attributes.kind(value)} isn't followed")
    if hasattr(value, "__dict__"):
        made.__dict__.update(value.__dict__)
    for each in cls.__mro__:
        slots = each.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                object.__setattr__(made, name, getattr(value, name))
    return made


