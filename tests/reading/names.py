"""What the corpus must cover: Python's constructs, protocols and library, listed by machine.

`ast.Match` is a construct, `__getattr__` a protocol, `str.split` a method, `functools.reduce` what
a module has. What Python 3.10 to 3.13 don't all have isn't listed: see NEWER.
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
        for kind in (int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset)
    },
    **{kind.__name__: kind for kind in (range, slice, type, object, property, BaseException)},
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
    *("TypeVar", "ParamSpec", "TypeVarTuple"),  # type parameters: 3.12
    *("Num", "Str", "Bytes", "NameConstant", "Ellipsis", "TemplateStr", "Interpolation"),
    *("Index", "ExtSlice", "AugLoad", "AugStore", "Param", "Suite"),  # of older Pythons
    *("FunctionType", "Interactive", "Expression", "TypeIgnore"),  # never in a file's tree
}

NEWER = {
    *("copy.replace", "dict.fromkeys_", "bytes.fromhex_"),
    *("float.from_number", "complex.from_number", "int.is_integer", "BaseException.add_note"),
    *("slice.__replace__", "BaseExceptionGroup", "ExceptionGroup", "EncodingWarning"),
    *("PythonFinalizationError", "aiter", "anext"),
    *("itertools.batched", "math.cbrt", "math.exp2", "math.sumprod", "math.fma"),
    *("enum.ReprEnum", "enum.StrEnum", "enum.EnumCheck", "enum.FlagBoundary", "enum.verify"),
    *("enum.property", "enum.member", "enum.nonmember", "enum.global_enum", "enum.show_flag_values"),
    *("enum.global_enum_repr", "enum.global_flag_repr", "enum.global_str", "enum.EnumType"),
    *("enum.pickle_by_enum_name", "enum.pickle_by_global_name", "enum.EnumDict"),
    *("enum.CONFORM", "enum.CONTINUOUS", "enum.EJECT", "enum.KEEP", "enum.NAMED_FLAGS"),
    *("enum.STRICT", "enum.UNIQUE"),
    *("contextlib.chdir", "operator.call", "operator.is_none", "operator.is_not_none"),
    *("types.get_original_bases", "types.CapsuleType", "logging.getHandlerByName"),
    *("logging.getHandlerNames", "logging.getLevelNamesMapping", "Logger.getChildren"),
    *("re.NOFLAG", "re.RegexFlag", "re.PatternError", "warnings.deprecated"),
    *("statistics.kde", "statistics.kde_random", "collections.abc.Buffer"),
    *("os.path.isjunction", "os.path.splitroot", "os.path.isdevdrive", "os.path.isreserved"),
    *("typing.LiteralString", "typing.Never", "typing.NotRequired", "typing.Required"),
    *("typing.Self", "typing.TypeVarTuple", "typing.Unpack", "typing.assert_never"),
    *("typing.assert_type", "typing.clear_overloads", "typing.dataclass_transform"),
    *("typing.get_overloads", "typing.reveal_type", "typing.TypeAliasType", "typing.override"),
    *("typing.get_protocol_members", "typing.is_protocol", "typing.NoDefault"),
    *("typing.ReadOnly", "typing.TypeIs"),
    *("Template.get_identifiers", "Template.is_valid"),
    *("argparse.BooleanOptionalAction_",),
}
"""What some Python from 3.10 to 3.13 hasn't."""

OLDER = {"typing.io", "typing.re", "typing.ByteString", "collections.abc.ByteString"}
"""What is gone, or goes, in a newer Python."""

INPUT_AND_OUTPUT = {
    *("breakpoint", "input", "open", "help", "exit", "quit", "copyright", "credits", "license"),
    *("memoryview", "compile", "eval", "exec", "__import__"),
    *("ArgumentParser.print_help", "ArgumentParser.print_usage", "argparse.FileType"),
    *("ArgumentParser.convert_arg_line_to_args", "ArgumentParser.parse_intermixed_args"),
    *("ArgumentParser.parse_known_intermixed_args", "ArgumentParser.format_help"),
    *("json.dump", "json.load"),
    *(f"os.path.{name}" for name in ("exists", "lexists", "isfile", "isdir", "islink", "ismount")),
    *(f"os.path.{name}" for name in ("getatime", "getctime", "getmtime", "getsize", "samefile")),
    *(f"os.path.{name}" for name in ("sameopenfile", "samestat", "realpath", "abspath")),
    *(f"os.path.{name}" for name in ("expanduser", "expandvars", "relpath")),
}
"""What asks the machine or the terminal, or runs texts: convcalc doesn't."""

ASYNCHRONOUS = {
    *("collections.abc." + name for name in ("AsyncGenerator", "AsyncIterable", "AsyncIterator")),
    *("collections.abc.Awaitable", "collections.abc.Coroutine"),
    *("typing." + name for name in ("AsyncContextManager", "AsyncGenerator", "AsyncIterable")),
    *("typing." + name for name in ("AsyncIterator", "Awaitable", "Coroutine")),
    *("contextlib." + name for name in ("AbstractAsyncContextManager", "AsyncContextDecorator")),
    *("contextlib." + name for name in ("AsyncExitStack", "aclosing", "asynccontextmanager")),
    *("types.AsyncGeneratorType", "types.CoroutineType", "types.coroutine"),
    *("__aenter__", "__aexit__", "__aiter__", "__anext__", "__await__"),
}
"""What only asynchronous code uses."""

INSIDES = {
    *("types.FrameType", "types.TracebackType", "types.CellType", "types.CodeType"),
    *("BaseException.with_traceback_",),
    *("type.mro_",),
    *("object." + name for name in dir(object)),
    *("re." + name for name in ("template", "TEMPLATE", "T", "Scanner", "DEBUG", "copyreg")),
    *("generator.gi_code", "generator.gi_frame", "generator.gi_suspended"),
    *("enum.auto_",),
    *("ArgumentParser.add_subparsers_", "ArgumentParser.register", "ArgumentParser.get_default_"),
    *("Logger.callHandlers", "Logger.findCaller", "Logger.makeRecord", "Logger.manager"),
    *("Logger.root", "Logger.handle", "Logger.handlers_"),
    *("logging." + name for name in ("BufferingFormatter", "FileHandler", "StreamHandler")),
    *("logging." + name for name in ("captureWarnings", "setLogRecordFactory", "shutdown")),
    *("logging." + name for name in ("getLogRecordFactory", "lastResort", "raiseExceptions")),
    *("Signature.from_callable",),
}
"""What looks into Python itself, or writes to files."""

NOT_FOLLOWED = NEWER | OLDER | INPUT_AND_OUTPUT | ASYNCHRONOUS | INSIDES

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
    *("__rdivmod__", "__pow__", "__rpow__", "__ipow__", "__fspath__", "__subclasses__"),
    *(
        f"__{side}{name}__"
        for name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod")
        for side in ("", "r", "i")
    ),
    *(
        f"__{side}{name}__"
        for name in ("lshift", "rshift", "and", "xor", "or")
        for side in ("", "r", "i")
    ),
)
"""The special names of the reference's chapter 3, and of `copy` and `dataclasses`."""


def constructs():
    """Return every kind of node that a file's tree can have, as `ast.Match`."""
    kinds = (ast.stmt, ast.expr, ast.pattern, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    kinds += (ast.excepthandler, ast.comprehension, ast.arguments, ast.keyword, ast.match_case)
    kinds += (ast.withitem, ast.alias, ast.expr_context)
    found = {
        name
        for name, kind in vars(ast).items()
        if isinstance(kind, type) and issubclass(kind, kinds) and not name.startswith("_")
    }
    abstract = {kind.__name__ for kind in kinds if kind.__subclasses__()}
    return {f"ast.{name}" for name in found - abstract - UNWANTED_SYNTAX}


def library():
    """Return the public names of the modules, as `functools.reduce`."""
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name in getattr(module, "__all__", None) or dir(module):
            if not name.startswith("_") and not inspect.ismodule(getattr(module, name)):
                yield f"{module_name}.{name}"
    yield from (f"inspect.{name}" for name in ("signature", "Signature", "Parameter"))


def methods():
    """Return the methods and attributes of the types, as `str.split`."""
    for kind_name, kind in TYPES.items():
        inherited = set(dir(TYPES["dict"])) if issubclass(kind, dict) and kind is not dict else ()
        for name in dir(kind):
            if not name.startswith("_") and (name not in inherited or name in vars(kind)):
                yield f"{kind_name}.{name}"


def names():
    """Return all names that the corpus must cover, in order, each once."""
    of_python = {name for name in dir(builtins) if not name.startswith("_")}
    found = {*constructs(), *PROTOCOLS, *of_python, *library(), *methods()}
    return sorted(found - NOT_FOLLOWED)
