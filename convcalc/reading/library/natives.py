"""The modules of the standard library that are Python's own: their pure functions and their types.

What else is known of the library is written in the Python that is read (`library/`); that finds
what it needs of Python in `_native.types` and the like, and of the reader in `_reader`. Nothing is
given that reaches files, frames or attributes by their names, or that evaluates annotations.
"""

from __future__ import annotations

import abc
import collections
import collections.abc
import enum
import errno
import functools
import importlib
import inspect
import itertools
import operator
import types
import typing
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Protocol

from convcalc.reading import attributes, calls, classes, expressions, functions, skipped
from convcalc.reading.bounds import check_size
from convcalc.reading.exceptions import HIDDEN, NotUnderstood
from convcalc.reading.functions import Function
from convcalc.reading.library import plain
from convcalc.reading.reader import Later, Reader
from convcalc.reading.texts import folders
from convcalc.reading.texts.data import of_json
from convcalc.reading.values import MISSING, WRITTEN_HERE, Library, Unknown, Value, is_open, is_read

WHOLE = ("math", "cmath")
"""Modules of which every public name is given."""
GIVEN = {
    "abc": "ABC ABCMeta abstractmethod abstractproperty abstractclassmethod abstractstaticmethod "
           "update_abstractmethods",
    "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
    "collections": "Counter ChainMap OrderedDict UserDict UserList UserString defaultdict deque",
    "collections.abc": " ".join(collections.abc.__all__),
    "enum": "Enum IntEnum StrEnum Flag IntFlag ReprEnum EnumMeta EnumType auto unique property "
            "member nonmember FlagBoundary STRICT CONFORM EJECT KEEP verify EnumCheck CONTINUOUS "
            "NAMED_FLAGS UNIQUE",
    "heapq": "heapify heappush heappop heapreplace heappushpop nlargest nsmallest merge",
    "errno": " ".join(errno.errorcode.values()),
    "io": "StringIO",
    "json": "loads dumps JSONDecodeError JSONEncoder JSONDecoder",
    "keyword": "kwlist softkwlist iskeyword issoftkeyword",
    "numbers": "Number Complex Real Rational Integral",
    "re": "compile search match fullmatch split sub subn findall finditer escape purge error "
          "IGNORECASE I MULTILINE M DOTALL S VERBOSE X ASCII A UNICODE U LOCALE L Pattern "
          "Match RegexFlag",
    "statistics": "mean fmean geometric_mean harmonic_mean median median_low median_high "
                  "median_grouped mode multimode quantiles variance pvariance stdev pstdev "
                  "covariance correlation linear_regression StatisticsError NormalDist",
    "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable "
              "punctuation whitespace capwords Template",
    "textwrap": "dedent indent wrap fill shorten",
    "typing": " ".join(each for each in typing.__all__ if each not in (
        "ForwardRef", "get_type_hints", "reveal_type", "get_overloads", "clear_overloads",
        "evaluate_forward_ref", "NewType",
    )),
    "_native.contextlib": "contextmanager AbstractContextManager ContextDecorator suppress "
                          "nullcontext",
    "_native.functools": "partial partialmethod cached_property total_ordering lru_cache",
    "_native.os": "PathLike fspath",
    "_native.pathlib": "PurePosixPath",
    "_native.posixpath": "join split splitext splitdrive basename dirname normpath normcase isabs "
                         "commonprefix commonpath sep altsep curdir pardir extsep pathsep defpath "
                         "devnull supports_unicode_filenames",
    "_native.types": "MappingProxyType GenericAlias UnionType MethodType GeneratorType "
                     "BuiltinFunctionType BuiltinMethodType NoneType EllipsisType "
                     "NotImplementedType ModuleType DynamicClassAttribute GetSetDescriptorType "
                     "MemberDescriptorType MethodDescriptorType ClassMethodDescriptorType "
                     "MethodWrapperType WrapperDescriptorType resolve_bases prepare_class "
                     "get_original_bases",
}  # fmt: skip
"""What is given of a module as Python has it; `_native.types` is what the text of types takes."""
PARTS = {
    "typing": "_TypedDict _TypedDictMeta _overload_dummy _SpecialForm",
    "_native.contextlib": "_GeneratorContextManager",
    "_native.functools": "_CacheInfo",
    "statistics": "LinearRegression",
}
"""What comes of what is given, without being given by a name."""
HARMFUL = ("json.dump", "json.load")
"""What isn't given and changes what it is handed."""


class Files(Protocol):
    """What a program's files are asked for."""

    def library(self, name: str) -> Value:
        """Return a module that is written in the Python that is read, or unknown."""

    def module(self, name: str) -> Value | None:
        """Return any module that is found, by its whole name."""

    def nearest(self, name: str, module: Value) -> str | None:
        """Return the nearest name of the functions that a module gathers."""

    def folders(self) -> list[Path]:
        """Return the folders below which a program's own files lie, and those of its packages."""


def modules(reader: Reader, files: Files) -> dict[str, Library]:
    """Return the modules that are Python's own, for one reading."""

    def read(module: str, name: str) -> Later:
        return Later(lambda reader: files.library(module).get(name))

    there = weakref.proxy(files)  # which a reader, kept by the types it made, needn't keep too
    reader.builtins["open"] = Later(lambda reader: there.library("_files").get("open"))
    own: dict[str, dict[str, object]] = {
        "collections": {
            "abc": given("collections.abc"),
            "namedtuple": read("_records", "namedtuple"),
        },
        "inspect": QUESTIONS,
        "json": {"load": read("_files", "load")},
        "itertools": iterators(reader),
        "string": {"Formatter": calls.Formatter},
        "typing": {"NewType": new_type_for(reader), "NamedTuple": read("_records", "NamedTuple")},
        "_native.functools": {"cmp_to_key": cmp_to_key},
        "_native.operator": operators(reader),
        "_native.types": {"FunctionType": Function, "LambdaType": Function},
        "_reader": of_reader(reader, files),
    }
    return {name: given(name, own.get(name, {})) for name in {*WHOLE, *GIVEN, *own}}


def given(name: str, own: Mapping[str, object] | None = None) -> Library:
    """Return a module: what stands in for some of its names, and what is Python's own."""
    known = dict(own or {})
    listed = GIVEN.get(name, "").split()
    source = name.removeprefix("_native.")

    def find(key: str) -> object:
        if key in known:
            return known[key]
        if key in listed or name in WHOLE:
            value = getattr(importlib.import_module(source), key, MISSING)
            if value is MISSING and name in WHOLE:
                raise AttributeError(f"module {name} has no attribute {key}", name=key)
            if value is not MISSING and (key in listed or key[0] != "_"):
                for part in PARTS.get(name, "").split():
                    open_up(getattr(importlib.import_module(source), part, None))
                open_up(value)
                known[key] = list(value) if isinstance(value, list) else value
                return known[key]
        return not_followed(source, key)

    def names() -> Iterator[str]:
        there = dir(importlib.import_module(source)) if listed or name in WHOLE else []
        public = there if name in WHOLE else [*known, *(each for each in listed if each in there)]
        return (each for each in dict.fromkeys(public) if each[0] != "_")

    return Library(name, find, names)


def is_path(value: object) -> bool:
    """Whether a value is the name of a file, as a text or a path."""
    return isinstance(value, (str, PurePath))


def not_followed(module: str, name: str) -> Unknown:
    """Return what stands for a name of a module that isn't followed; refuse what isn't there."""
    if not hasattr(importlib.import_module(module), name):
        raise NotUnderstood(f"{module} has no {name} in this Python")
    whole = f"{module}.{name}"
    return Unknown(f"{whole} isn't followed", harmless=whole not in HARMFUL)


def open_up(value: object) -> None:
    """Let programs call what is given, and reach its public names."""
    if not isinstance(value, type):
        calls.vet(value)
        if type(value).__module__ in ("enum", "re", "typing"):
            attributes.allow(type(value))
        if type(value) in attributes.ALIASES and value.__origin__ is not type:  # type: ignore[attr-defined]
            open_up(value.__origin__)  # type: ignore[attr-defined]
        return
    attributes.allow(value)
    for each in value.__mro__[:-1]:
        calls.vet(each)
    if (value.__module__, value.__name__) == ("statistics", "NormalDist"):
        random: types.FunctionType = vars(value)["samples"]
        calls.CODES.discard(random.__code__)
        calls.INSTEAD[random] = samples
    if type(value) not in classes.MAKERS:
        open_up(type(value))
    if issubclass(value, type) and value not in classes.MAKERS:
        classes.MAKERS.append(value)
    if issubclass(value, enum.Enum):
        for name in ("_missing_", "_generate_next_value_"):
            calls.vet(value.__dict__.get(name))


def samples(self: object, n: int, *, seed: object = None) -> list[object]:
    """Return as many samples of a distribution, which aren't known."""
    if not isinstance(seed, (int, float, str, bytes, type(None))):
        raise NotUnderstood("samples by such a seed aren't followed")
    check_size(operator.index(n))
    return [Unknown(f"samples of {self} are random", harmless=True) for _ in range(n)]


for _each in list(vars(typing).values()):
    if isinstance(_each, type) and issubclass(_each, typing._BaseGenericAlias):  # type: ignore[attr-defined]
        attributes.ALIASES.add(_each)
        attributes.allow(_each)
calls.VETTED.add(typing._SpecialForm)
_remembering = functools.lru_cache(lambda: None)
calls.VETTED.add(type(_remembering))
attributes.allow(type(_remembering))


for _each in (abc.ABCMeta, calls.Formatter):
    open_up(_each)


def cmp_to_key(mycmp: Callable[[object, object], object]) -> Callable[[object], object]:
    """Return what makes an object of a value that compares as `functools.cmp_to_key` has it."""
    key = functools.cmp_to_key(mycmp)  # type: ignore[arg-type]
    return lambda obj: key(obj)


def _module_of(reader: Reader) -> str:
    """Return the name of the module that is being followed."""
    unit = reader.frame.unit
    return str(unit.names.get("__name__", unit.name))


calls.vet(collections.namedtuple)


def new_type_for(reader: Reader) -> type:
    """Return `typing.NewType`."""

    class NewType(typing.NewType):
        def __init__(self, name: str, tp: object) -> None:
            super().__init__(name, tp)
            self.__module__ = _module_of(reader)

    open_up(NewType)
    calls.VETTED.add(NewType)
    return NewType


# ---------------------------------------------------------------------------------------------
# Iterators and operators, which count steps
# ---------------------------------------------------------------------------------------------

ITERATORS = (
    "chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse "
    "groupby islice pairwise permutations product repeat starmap takewhile zip_longest batched"
).split()
ENDLESS = ("count", "repeat")
"""Those that aren't given what they iterate over."""


def iterators(reader: Reader) -> dict[str, object]:
    """Return what `itertools` has: Python's own iterators, each item of which is a step."""
    found: dict[str, object] = {
        name: plain.counting(reader, getattr(itertools, name), skips=name not in ENDLESS)
        for name in ITERATORS
        if hasattr(itertools, name)
    }
    chain: typing.Any = found["chain"]

    def from_iterable(iterable: Iterable[Iterable[object]], /) -> object:
        made = chain()
        each: typing.Any = reader.items(iterable)
        made._convcalc_items = itertools.chain.from_iterable(each)
        return typing.cast(object, made)

    chain.from_iterable = staticmethod(from_iterable)

    def accumulate(
        iterable: Iterable[object], func: Callable[..., object] | None = None, *,
        initial: object = None,
    ) -> Iterator[object]:  # fmt: skip
        if func is None:
            func = functools.partial(expressions.operate, reader, expressions.BY_NAME["add"])
        return itertools.accumulate(iterable, func, initial=initial)

    counted = plain.counting(reader, accumulate, skips=True)
    return found | {"accumulate": counted, "tee": itertools.tee}


def operators(reader: Reader) -> dict[str, object]:
    """Return the functions of `operator` that stand for an operator or a comparison."""

    def made(name: str, sign: expressions.Operator, in_place: bool) -> object:
        def function(left: object, right: object, /) -> object:
            return expressions.operate(reader, sign, left, right, in_place=in_place)

        function.__name__ = function.__qualname__ = name
        return function

    found = {name: made(name, sign, False) for name, sign in expressions.BY_NAME.items()}
    for sign in expressions.BY_NAME.values():
        name = sign.in_place.__name__
        found.setdefault(name, made(name, sign, True))
    return found | {"length_hint": operator.length_hint}


# ---------------------------------------------------------------------------------------------
# Questions about functions and classes
# ---------------------------------------------------------------------------------------------


BOUND: Callable[[inspect.Signature], inspect.Signature] = vars(inspect)["_signature_bound_method"]
"""Returns a signature without its first argument."""
PARTLY: Callable[[inspect.Signature, object], inspect.Signature]
PARTLY = vars(inspect)["_signature_get_partial"]
"""Returns what a partial of something with a signature takes."""


class Signature(inspect.Signature):
    """`inspect.Signature`, for functions that are read."""

    __slots__ = ()

    @classmethod
    def from_callable(cls, obj: object, *, follow_wrapped: bool = True) -> inspect.Signature:  # type: ignore[override]
        """Return the signature of a function."""
        return signature(obj, follow_wrapped=follow_wrapped)


def signature(
    obj: object, *, follow_wrapped: bool = True, globals: None = None, locals: None = None,
    eval_str: bool = False,
) -> inspect.Signature:  # fmt: skip
    """Return what a function, a method, a partial or a class takes."""
    if eval_str or globals is not None or locals is not None:
        raise NotUnderstood("annotations that are texts aren't followed")
    if type(obj) is Unknown:
        raise obj.refused()
    if not callable(obj):
        raise TypeError(f"{attributes.words(obj)} is not a callable object")
    if isinstance(obj, types.MethodType):
        inner = signature(obj.__func__, follow_wrapped=follow_wrapped)
        return BOUND(inner)
    if follow_wrapped:
        obj = inspect.unwrap(
            obj, stop=lambda each: "__signature__" in getattr(each, "__dict__", ())
        )
    stated = getattr(obj, "__dict__", {}).get("__signature__")
    if isinstance(stated, inspect.Signature):
        return stated
    if isinstance(obj, Function):
        return _of_function(obj)
    if isinstance(obj, functools.partial):
        whole = signature(obj.func, follow_wrapped=follow_wrapped)
        return PARTLY(whole, obj)
    if isinstance(obj, type):
        return _of_class(obj)
    if calls.is_vetted(obj):
        found = inspect.signature(obj)  # type: ignore[arg-type]
        return Signature(list(found.parameters.values()))
    if is_open(type(obj)) and type(obj) not in WRITTEN_HERE:
        return signature(types.MethodType(type(obj).__call__, obj))
    raise NotUnderstood(f"the signature of {attributes.kind(obj)} isn't followed")


def _of_function(function: Function) -> Signature:
    """Return what a function that is read takes."""
    listed, returned = functions.parameters_of(function)
    empty = inspect.Parameter.empty
    return Signature(
        [
            inspect.Parameter(
                name, inspect._ParameterKind(kind),
                default=empty if default is MISSING else default,
                annotation=empty if annotation is MISSING else annotation,
            )
            for name, kind, default, annotation in listed
        ],
        return_annotation=empty if returned is MISSING else returned,
    )  # fmt: skip


def _of_class(cls: type) -> inspect.Signature:
    """Return what making an object of a class takes."""
    stated = getattr(cls, "_convcalc_signature", None)
    if stated is not None and not any(is_read(e) and "__init__" in vars(e) for e in cls.__mro__):
        return Signature(list(stated().parameters.values()))
    if type(cls).__call__ is type.__call__:
        for each in cls.__mro__:
            if each is object:
                return Signature()
            for name in ("__new__", "__init__"):
                made: typing.Any = each.__dict__.get(name)
                made = getattr(made, "__func__", made)
                if isinstance(made, Function) or calls.is_vetted(made):
                    return signature(types.MethodType(made, cls))
            if not is_open(each) or each in WRITTEN_HERE:
                break
    raise NotUnderstood(f"the signature of {cls.__name__} isn't followed")


def _asking(ask: Callable[[object], object]) -> Callable[[object], object]:
    def asked(object: object) -> object:
        return object if type(object) is Unknown else ask(object)

    return asked


def _is_a(*kinds: type) -> Callable[[object], object]:
    return _asking(lambda value: isinstance(value, kinds))


QUESTIONS: dict[str, object] = {
    "signature": signature, "Signature": Signature, "Parameter": inspect.Parameter,
    "BoundArguments": inspect.BoundArguments, "_empty": inspect.Parameter.empty,
    "unwrap": inspect.unwrap, "cleandoc": inspect.cleandoc,
    "isclass": _is_a(type), "isfunction": _is_a(Function, types.FunctionType),
    "ismethod": _is_a(types.MethodType), "isgenerator": _is_a(types.GeneratorType),
    "isbuiltin": _is_a(types.BuiltinFunctionType),
    "isroutine": _is_a(Function, types.FunctionType, types.MethodType, *attributes.OF_C[:4]),
    "isabstract": _asking(inspect.isabstract), "getdoc": _asking(inspect.getdoc),
    "getmro": _asking(inspect.getmro),  # type: ignore[arg-type]
}  # fmt: skip
"""What `inspect` has."""
for _value in (*QUESTIONS.values(), inspect._ParameterKind):
    if not calls.is_here(_value):
        open_up(_value)


# ---------------------------------------------------------------------------------------------
# What the texts ask of the reader
# ---------------------------------------------------------------------------------------------


def of_reader(reader: Reader, files: Files) -> dict[str, object]:
    """Return what the texts of `library/` ask the reader for."""

    def find_module(name: str) -> Value | None:
        """Return a module by its whole name; None where it isn't found."""
        return files.module(name) if isinstance(name, str) and name else None

    def tell(sentence: str) -> None:
        """Say something in a note on the answer."""
        if sentence not in reader.told:
            reader.told.append(sentence)

    def nearest(name: str, module: Value) -> str | None:
        """Return the name of a module's functions that is nearest to one, if any is near."""
        return files.nearest(name, module)

    def data(path: object) -> str | None:
        """Return the text of a JSON file beside the program, None where there is none."""
        return folders.data(str(path), files.folders()) if is_path(path) else None

    def listing(path: object) -> list[str]:
        """Return the names of the JSON files in a folder beside the program."""
        return folders.listing(str(path), files.folders()) if is_path(path) else []

    def configuration(kind: str, folder: object) -> dict[str, object]:
        """Return what a folder's config.json says; refuse a name of something on a hub."""
        where = str(folder) if is_path(folder) else ""
        words = data(f"{where}/config.json") if where else None
        try:
            found = None if words is None else of_json(words)
        except ValueError as error:
            raise NotUnderstood(f"{where}/config.json is not JSON: {error}") from None
        if not isinstance(found, dict):
            raise NotUnderstood(
                f"{kind}.from_pretrained({where!r}): there is no config.json in a folder of that "
                "name, and nothing is downloaded"
            )
        return found

    def is_function(value: object) -> bool:
        return isinstance(value, Function)

    def is_unknown(value: object) -> bool:
        return type(value) is Unknown

    def is_harmless(value: object) -> bool:
        """Return whether nothing that is known is changed by a value that isn't."""
        return type(value) is Unknown and value.harmless

    def harmless(why: str) -> Unknown:
        return Unknown(why, harmless=True)

    def refuse(why: str) -> None:
        raise NotUnderstood(why)

    def forget(value: object, why: str) -> None:
        skipped.forget(reader, value, Unknown(why))

    def note_required(name: str) -> None:
        reader.required.append(name)

    def caller(level: int) -> tuple[object, object]:
        """Return the names around the call of a library's function, and its line, if known."""
        at = max(level, 1) + 1
        frame = reader.frames[-at] if at <= min(3, len(reader.frames)) else None
        if frame is None or not frame.unit.own:
            return None, Unknown("where a warning comes from isn't known", harmless=True)
        return frame.unit.names, frame.line

    def keep_streams(names: dict[str, object]) -> None:
        """Let print look where `sys` writes."""
        reader.streams = names

    found: tuple[Callable[..., object], ...] = (
        data, listing, is_function, is_unknown, is_harmless, not_followed, harmless, refuse, forget,
        note_required,
        copy_plain, in_slots, own_words, caller, keep_streams, reader.handled, check_style,
        find_module, configuration, nearest, tell,
    )  # fmt: skip
    return {each.__name__: each for each in found}


PICKLED = ("__reduce__", "__reduce_ex__", "__getstate__", "__setstate__")
"""Methods by which a class says itself how it is copied."""
IMMUTABLE = (tuple, str, int, float, complex, bytes, frozenset)


def copy_plain(value: object) -> object:
    """Return a copy of an object that shares what it holds, made without its `__init__`."""
    cls = type(value)
    if type(value) is Unknown:
        return value
    if not is_open(cls) or isinstance(value, plain.Counting):
        raise NotUnderstood(f"copying {attributes.kind(value)} isn't followed")
    if any(name in each.__dict__ for each in cls.__mro__ if is_open(each) for name in PICKLED):
        raise NotUnderstood(f"copying {attributes.kind(value)} by its own words isn't followed")
    base: typing.Any = next(
        each for each in cls.__mro__ if not is_open(each) and each not in (abc.ABC, typing.Generic)
    )
    if base in IMMUTABLE:
        made = base.__new__(cls, value)
    elif isinstance(value, BaseException):
        made = base.__new__(cls, *value.args)
    else:
        made = base.__new__(cls)
        if base in (list, set, bytearray):
            base.__init__(made, value)
        elif isinstance(value, collections.deque):
            base.__init__(made, value, value.maxlen)
        elif issubclass(base, dict):
            if isinstance(value, collections.defaultdict):
                made.default_factory = value.default_factory
            base.update(made, value)
        elif base is not object:
            raise NotUnderstood(f"copying {attributes.kind(value)} isn't followed")
    if hasattr(value, "__dict__"):
        made.__dict__.update(value.__dict__)
    for name, held in in_slots(value).items():
        object.__setattr__(made, name, held)
    return typing.cast(object, made)


def own_words(value: object) -> dict[str, object]:
    """Return the methods by which a class of the program says how it is copied."""
    classes_of = [each for each in type(value).__mro__ if each is not object]
    words = {name for each in classes_of if is_open(each) for name in PICKLED
             if name in each.__dict__}  # fmt: skip
    if words and not all(map(is_read, classes_of)):
        raise NotUnderstood(f"copying {attributes.kind(value)} by its own words isn't followed")
    return {name: getattr(value, name) for name in words}


def check_style(style: str, form: str) -> None:
    """Raise ValueError where a form of `logging` doesn't fit its style."""
    vars(importlib.import_module("logging"))["_STYLES"][style][0](form).validate()


def in_slots(value: object) -> dict[str, object]:
    """Return what an object holds in the slots of its classes, by their names."""
    return {
        name: getattr(value, name)
        for cls in type(value).__mro__ if is_open(cls)
        for name, slot in cls.__dict__.items()
        if isinstance(slot, types.MemberDescriptorType) and hasattr(value, name)
        and not name.startswith(HIDDEN)
    }  # fmt: skip
