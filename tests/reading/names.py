"""What the corpus must cover: Python's constructs, protocols and library, listed by machine.

`ast.Match` is a construct, `__getattr__` a protocol, `str.split` a method, `functools.reduce` what
a module has. What Python 3.10 to 3.13 don't all have isn't listed: see OTHER_PYTHONS.
"""

import argparse
import ast
import builtins
import collections
import contextlib
import importlib
import inspect
import json
import logging
import re
import statistics
import string
import types

MODULES = (
    *("functools", "itertools", "collections", "collections.abc", "argparse", "dataclasses"),
    *("enum", "copy", "abc", "types", "contextlib", "operator", "warnings", "logging", "typing"),
    *("math", "re", "string", "os.path", "json", "statistics", "heapq", "bisect"),
)

TYPES = {
    **{
        kind.__name__: kind
        for kind in (int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
    },
    **{kind.__name__: kind for kind in (range, slice, type, property, BaseException)},
    "dict_keys": type({}.keys()),
    "dict_values": type({}.values()),
    "dict_items": type({}.items()),
    "generator": types.GeneratorType,
    "deque": collections.deque,
    "Counter": collections.Counter,
    "OrderedDict": collections.OrderedDict,
    "defaultdict": collections.defaultdict,
    "ChainMap": collections.ChainMap,
    "ArgumentParser": argparse.ArgumentParser,
    "ExitStack": contextlib.ExitStack,
    "Pattern": re.Pattern,
    "Match": re.Match,
    "Template": string.Template,
    "Formatter": string.Formatter,
    "Logger": logging.Logger,
    "NormalDist": statistics.NormalDist,
    "JSONEncoder": json.JSONEncoder,
    "JSONDecoder": json.JSONDecoder,
    "Signature": inspect.Signature,
    "Parameter": inspect.Parameter,
    "BoundArguments": inspect.BoundArguments,
}
"""The types whose methods are covered, by the name that their methods' tags begin with."""

UNWANTED_SYNTAX = {
    *("AsyncFor", "AsyncFunctionDef", "AsyncWith", "Await", "TryStar", "TypeAlias"),
    *("TemplateStr", "Interpolation"),
    *("Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Index", "ExtSlice"),  # of older Pythons
    *("AugLoad", "AugStore", "Param", "Suite"),
}

OTHER_PYTHONS = {
    *("int.is_integer", "BaseException.add_note", "BaseExceptionGroup", "ExceptionGroup"),
    *("EncodingWarning", "PythonFinalizationError", "aiter", "anext"),
    *("copy.replace", "itertools.batched", "contextlib.chdir", "warnings.deprecated"),
    *("math.cbrt", "math.exp2", "math.sumprod", "math.fma", "operator.call"),
    *("enum.CONFORM", "enum.CONTINUOUS", "enum.EJECT", "enum.EnumCheck", "enum.EnumDict"),
    *("enum.EnumType", "enum.FlagBoundary", "enum.KEEP", "enum.NAMED_FLAGS", "enum.ReprEnum"),
    *("enum.STRICT", "enum.StrEnum", "enum.UNIQUE", "enum.global_enum", "enum.global_enum_repr"),
    *("enum.global_flag_repr", "enum.global_str", "enum.member", "enum.nonmember"),
    *("enum.pickle_by_enum_name", "enum.pickle_by_global_name", "enum.property"),
    *("enum.show_flag_values", "enum.verify", "types.CapsuleType", "types.get_original_bases"),
    *("logging.getHandlerByName", "logging.getHandlerNames", "logging.getLevelNamesMapping"),
    *("Logger.getChildren", "Signature.format", "Signature.from_builtin"),
    *("Signature.from_function", "Template.get_identifiers", "Template.is_valid"),
    *("re.NOFLAG", "re.PatternError", "re.RegexFlag", "statistics.kde", "statistics.kde_random"),
    *("collections.abc.Buffer", "collections.abc.ByteString", "os.path.isdevdrive"),
    *("os.path.isjunction", "os.path.isreserved", "os.path.splitroot"),
    *("typing.ByteString", "typing.LiteralString", "typing.Never", "typing.NoDefault"),
    *("typing.NotRequired", "typing.ReadOnly", "typing.Required", "typing.Self"),
    *("typing.TypeAliasType", "typing.TypeIs", "typing.TypeVarTuple", "typing.Unpack"),
    *("typing.assert_never", "typing.assert_type", "typing.clear_overloads"),
    *("typing.dataclass_transform", "typing.get_overloads", "typing.get_protocol_members"),
    *("typing.is_protocol", "typing.override", "typing.reveal_type", "typing.io", "typing.re"),
}
"""What one of the Pythons from 3.10 to 3.13 hasn't."""

NOT_FOLLOWED = {
    # what asks the machine or the terminal, or runs texts
    *("breakpoint", "input", "open", "help", "exit", "quit", "copyright", "credits", "license"),
    *("memoryview", "compile", "eval", "exec", "json.dump", "json.load", "argparse.FileType"),
    *("ArgumentParser.print_help", "ArgumentParser.print_usage", "ArgumentParser.format_help"),
    *("ArgumentParser.convert_arg_line_to_args", "ArgumentParser.parse_intermixed_args"),
    *("ArgumentParser.parse_known_intermixed_args", "ArgumentParser.register"),
    *(f"os.path.{name}" for name in ("exists", "lexists", "isfile", "isdir", "islink", "ismount")),
    *(f"os.path.{name}" for name in ("getatime", "getctime", "getmtime", "getsize", "samefile")),
    *(f"os.path.{name}" for name in ("sameopenfile", "samestat", "realpath", "abspath")),
    *(f"os.path.{name}" for name in ("expanduser", "expandvars", "relpath")),
    # what only asynchronous code uses
    *(
        f"{module}.{name}"
        for module in ("collections.abc", "typing")
        for name in ("AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "Coroutine")
    ),
    *("typing.AsyncContextManager", "contextlib.AbstractAsyncContextManager"),
    *("contextlib.AsyncContextDecorator", "contextlib.AsyncExitStack", "contextlib.aclosing"),
    *("contextlib.asynccontextmanager", "types.AsyncGeneratorType", "types.CoroutineType"),
    "types.coroutine",
    # what looks into Python itself, or writes logs to files
    *("types.CellType", "types.CodeType", "types.FrameType", "types.TracebackType"),
    *("re.DEBUG", "re.Scanner", "re.T", "re.TEMPLATE", "re.template"),
    *("generator.gi_code", "generator.gi_frame", "generator.gi_suspended"),
    *("Logger.callHandlers", "Logger.findCaller", "Logger.handle", "Logger.makeRecord"),
    *("Logger.manager", "Logger.root", "Signature.from_callable"),
    *("logging.BufferingFormatter", "logging.FileHandler", "logging.StreamHandler"),
    *("logging.captureWarnings", "logging.getLogRecordFactory", "logging.lastResort"),
    *("logging.raiseExceptions", "logging.setLogRecordFactory", "logging.shutdown"),
}
"""What convcalc doesn't follow, and the corpus needn't cover."""

OPERATORS = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod"),
    *("lshift", "rshift", "and", "xor", "or", "pow"),
)

PROTOCOLS = (
    *("__new__", "__init__", "__del__", "__repr__", "__str__", "__bytes__", "__format__"),
    *("__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__", "__hash__", "__bool__"),
    *("__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__dir__"),
    *("__get__", "__set__", "__delete__", "__set_name__", "__slots__", "__dict__", "__class__"),
    *("__init_subclass__", "__mro_entries__", "__prepare__", "__instancecheck__"),
    *("__subclasscheck__", "__subclasshook__", "__class_getitem__", "__call__", "__len__"),
    *("__length_hint__", "__getitem__", "__setitem__", "__delitem__", "__missing__"),
    *("__iter__", "__next__", "__reversed__", "__contains__", "__enter__", "__exit__"),
    *("__match_args__", "__name__", "__qualname__", "__module__", "__doc__", "__bases__"),
    *("__mro__", "__annotations__", "__defaults__", "__kwdefaults__", "__closure__"),
    *("__wrapped__", "__self__", "__func__", "__cause__", "__context__", "__suppress_context__"),
    *("__copy__", "__deepcopy__", "__reduce__", "__getstate__", "__setstate__", "__post_init__"),
    *("__abs__", "__neg__", "__pos__", "__invert__", "__int__", "__float__", "__complex__"),
    *("__index__", "__round__", "__trunc__", "__floor__", "__ceil__", "__divmod__"),
    *("__rdivmod__", "__fspath__", "__subclasses__"),
    *(f"__{side}{name}__" for name in OPERATORS for side in ("", "r", "i")),
)
"""The special names of the reference's chapter 3, and those of `copy` and `dataclasses`."""


def constructs():
    """Return every kind of node that a file's tree can have, as `ast.Match`."""
    kinds = (ast.stmt, ast.expr, ast.pattern, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    kinds += (ast.expr_context, ast.excepthandler)
    found = {
        name
        for name, kind in vars(ast).items()
        if isinstance(kind, type) and issubclass(kind, kinds) and kind not in kinds
    }
    found |= {"alias", "arg", "arguments", "comprehension", "keyword", "match_case", "withitem"}
    return {f"ast.{name}" for name in found - UNWANTED_SYNTAX if not name.startswith("_")}


def library():
    """Yield the public names of the modules, as `functools.reduce`."""
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name in getattr(module, "__all__", None) or dir(module):
            if not name.startswith("_") and not inspect.ismodule(getattr(module, name)):
                yield f"{module_name}.{name}"
    yield from ("inspect.signature", "inspect.Signature", "inspect.Parameter")


def methods():
    """Yield the methods and attributes of the types, as `str.split`."""
    for kind_name, kind in TYPES.items():
        inherited = {*dir(dict)} - {*vars(kind)} if issubclass(kind, dict) else set()
        for name in dir(kind):
            if not name.startswith("_") and (kind is dict or name not in inherited):
                yield f"{kind_name}.{name}"


def names():
    """Return all names that the corpus must cover, in order, each once."""
    of_python = {name for name in dir(builtins) if not name.startswith("_")}
    found = {*constructs(), *PROTOCOLS, *of_python, *library(), *methods()}
    return sorted(found - OTHER_PYTHONS - NOT_FOLLOWED)
