"""The function that is meant, and what one has to know to call it."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from convcalc.checking.child.answers import LONGEST_TEXT, Refused, own, plain
from convcalc.checking.child.module import run
from convcalc.checking.child.source import NotPython, Source, read

LIBRARIES = frozenset({"numpy", "torch"})
CONTEXTS = ("ctx", "context")


class Target:
    """The function of a file, and how it is called."""

    def __init__(
        self, path: str, name: str, handed_as: str | None, folders: list[str], source: Source
    ) -> None:
        self.folder, self.source, self.name = os.path.dirname(path), source, name
        forward = source.forward_of(name)
        roots = [each for each in (name, forward) if each]
        used = LIBRARIES & source.used(roots)
        self.libraries = sorted(LIBRARIES & {*source.imported.values()})
        self.handed_as = handed_as or max(used, default="list")
        self.convert = _converter(self.handed_as, [f for f in folders if not same(f, self.folder)])
        sys.path[:] = [self.folder, *folders]
        self.module, self.left = run(source, roots)
        self.maker: type | None = None
        """The class that has to be made first, whose method `method` is called."""
        self.made = ""
        """The class as it is written."""
        self.method = ""
        self.takes_context = self.differentiable = self.by_position = False
        self.function = self._found(name)
        self.parameters, self.wraps = self._read(name, self.function)
        self.forward = self._forward(forward)
        self.instance = self._made_alone()
        self.kernels_in_columns = False
        """Whether a matrix that holds the weight has a column for each kernel, (k, c_out)."""

    def _missing(self) -> Refused:
        names = sorted(self.source.defined, key=lambda each: bool(self.source.methods(each)))
        return Refused(missing=self.name, names=names, left=self.left)

    def _resolved(self, name: str) -> tuple[Any, Any]:
        owner, thing = None, self.module
        for part in name.split("."):
            try:
                owner, thing = thing, getattr(thing, part)
            except AttributeError:
                raise self._missing() from None
        return owner, thing

    def _found(self, name: str) -> Any:
        """Return what is to be called; of a method, or a class, as the class has it."""
        owner, thing = self._resolved(name)
        last = name.rpartition(".")[2]
        if isinstance(owner, type) and _is_function_of_torch(owner) and last != "apply":
            owner, thing = None, owner
        if isinstance(thing, type):
            if _is_function_of_torch(thing):
                return self._applied(thing.apply)  # type: ignore[attr-defined]
            self.method = _method_of(thing, name)
            self.maker, self.made = thing, name
            return getattr(thing, self.method)
        if isinstance(owner, type):
            if last == "apply" and hasattr(owner, "forward"):
                return self._applied(thing)
            if inspect.isfunction(inspect.getattr_static(owner, last)):
                self.maker, self.method = owner, last
                self.made = name.rpartition(".")[0]
                return thing
        if not callable(thing):
            raise self._missing()
        return self._applied(thing) if _applies(thing) else thing

    def _applied(self, apply: Any) -> Any:
        self.by_position = self.differentiable = True
        return apply

    def _read(self, name: str, function: Any) -> tuple[list[Any] | None, str]:
        """Return the parameters of what is called, and the name of the function that it wraps."""
        if _applies(function):
            owner = function.__self__
            taken = _parameters(owner.forward) or []
            return taken if "setup_context" in vars(owner) else taken[1:], ""
        if self.maker is not None and function is getattr(self.maker, self.method, None):
            return self._read_method(function)
        parameters = _parameters(function)
        if parameters and parameters[0][0] in CONTEXTS and parameters[0][2]:
            self.takes_context, parameters = True, parameters[1:]
        if parameters is not None and not _anything(parameters):
            return parameters, ""
        forward = getattr(function, "forward", None)
        self.differentiable = self.differentiable or forward is not None
        for inner in (forward, *_wrapped(function), *self._handed_on(name)):
            found = _parameters(inner) if callable(inner) else None
            if found is not None and not _anything(found):
                wrapped = getattr(inner, "__qualname__", "").rpartition(".")[2]
                return found, "" if inner is forward else wrapped
        return parameters, ""

    def _read_method(self, function: Any) -> tuple[list[Any] | None, str]:
        forward = getattr(self.maker, "forward", None)
        inner = [function, *([forward] if self.method == "__call__" and forward else [])]
        self.differentiable = hasattr(self.maker, "named_parameters")
        for each in inner:
            found = _parameters(each)
            if found is not None and (found[1:] and not _anything(found[1:])):
                return found[1:], ""
        return None, ""

    def _handed_on(self, name: str) -> Iterator[Any]:
        """Yield the functions that all arguments are handed on to."""
        node = self.source.node(name)
        for called in self.source.handed_on(node) if node else ():
            function = getattr(self.module, called, None)
            if inspect.isroutine(function):
                yield function

    def _forward(self, name: str) -> dict[str, Any] | None:
        """Return the forward pass that belongs to this function, as far as one is there."""
        if not name:
            return None
        try:
            owner, function = self._resolved(name)
        except Refused:
            return None
        parameters = _parameters(function) or []
        if isinstance(owner, type) and self.maker is owner:
            parameters = parameters[1:]
        context = bool(parameters) and parameters[0][0] in CONTEXTS
        return {
            "name": name,
            "parameters": parameters[1:] if context else parameters,
            "keys": self._keys(name, parameters),
            "context": context,
        }

    def _keys(self, name: str, parameters: Sequence[Any] | None) -> dict[str, list[str]]:
        found = {each[0]: self.source.keys(name, each[0]) for each in parameters or ()}
        return {parameter: keys for parameter, keys in found.items() if keys}

    def _made_alone(self) -> Any:
        """Return an instance of a class that takes no arguments, None where there is no such."""
        if self.maker is None or self._constructor():
            return None
        return made(self.maker, [], {})

    def _constructor(self) -> list[Any]:
        assert self.maker is not None
        parameters = _parameters(self.maker)
        return [] if parameters is None or _anything(parameters) else parameters

    def description(self) -> dict[str, Any]:
        """Return what one has to know to call it."""
        return {
            "parameters": self.parameters,
            "by_position": self.by_position,
            "wraps": self.wraps,
            "made": self.made,
            "constructor": self._constructor() if self.maker else [],
            "method": self.method,
            "keys": self._keys(self.name, self.parameters),
            "forward": self.forward,
            "context": self.takes_context,
            "differentiable": self.differentiable or self.handed_as == "torch",
            "handed_as": self.handed_as,
            "libraries": self.libraries,
            "line": self._line(),
            "left": self.left,
        }

    def _line(self) -> list[Any] | None:
        """Return the user's file and line where what is called is written, as far as known."""
        function, owner = self.function, getattr(self.function, "__self__", None)
        for written in (
            inspect.unwrap(function),
            getattr(owner, "forward", None) if isinstance(owner, type) else None,
            getattr(self.maker or function, "forward", None),
            type(function).__call__,
        ):
            code: Any = getattr(written, "__code__", None)
            if code is not None and code.co_filename == self.source.path:
                return [*self.source.place(code.co_firstlineno)]
            if code is not None and own(code.co_filename, self.folder):
                return [os.path.basename(code.co_filename), code.co_firstlineno]
        return None


def loaded(path: str, name: str, handed_as: str | None, folders: list[str]) -> Target:
    """Return the function of a file; raise Refused, or what the file raises."""
    try:
        source = read(path)
    except NotPython as error:
        raise Refused(refused=str(error)) from None
    uncover(os.path.dirname(path))
    return Target(path, name, handed_as, folders, source)


def made(thing: type, positional: list[Any], named: dict[str, Any]) -> Any:
    """Return an instance of a class; raise Refused where it takes arguments and has none."""
    if positional or named:
        return thing(*positional, **named)
    try:
        return thing()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        name = thing.__name__
        raise Refused(refused=f"{name} can't be made without arguments: {said}") from None


def _is_function_of_torch(thing: type) -> bool:
    return all(hasattr(thing, each) for each in ("apply", "forward", "backward"))


def _applies(function: Any) -> bool:
    """Whether this is the apply of a Function of torch's, under whatever name."""
    owner = getattr(function, "__self__", None)
    applies = isinstance(owner, type) and getattr(function, "__name__", "") == "apply"
    return applies and hasattr(owner, "forward")


def _method_of(thing: type, name: str) -> str:
    """Return what of an object is called."""
    for method in ("__call__", "forward"):
        if any(method in vars(each) for each in thing.__mro__):
            return method
    methods = [each for each in vars(thing) if not each.startswith("_")]
    hint = f": {name}.{methods[0]} would do" if methods else ""
    raise Refused(refused=f"{name} is a class whose instances can't be called{hint}")


def prepared(libraries: Sequence[str], path: str, folders: list[str]) -> None:
    """Import libraries that a file is going to, unless it has its own of that name beside it."""
    folder = os.path.dirname(path)
    beside = {entry.name.partition(".")[0] for entry in os.scandir(folder)}
    sys.path[:] = [each for each in folders if not same(each, folder)]
    for library in libraries:
        if library not in beside:
            try:
                importlib.import_module(library)
            except Exception:  # which their own import says, with its place
                continue


def _converter(handed_as: str, folders: list[str]) -> Callable[[Any], Any]:
    """Return what makes an input of nested lists, by a library that is in these folders."""
    if handed_as == "list":
        return lambda value: value
    sys.path[:] = folders
    try:
        library = importlib.import_module(handed_as)
    except ImportError:
        raise Refused(no_library=handed_as) from None
    if handed_as == "numpy":
        return lambda value: library.array(value, dtype=float)
    return lambda value: library.tensor(value, dtype=library.get_default_dtype())


def same(folder: str, other: str) -> bool:
    """Return whether two folders are one."""
    return os.path.realpath(folder or ".") == os.path.realpath(other)


def uncover(folder: str) -> None:
    """Forget what is loaded and has the name of a file beside the user's: they import their own.

    What was there before this program began, they couldn't have replaced either.
    """
    for entry in os.scandir(folder):
        name = entry.name.partition(".")[0]
        if name in sys.modules and name not in AT_START and name not in LIBRARIES:
            del sys.modules[name]


AT_START: set[str] = set()
"""The modules that Python itself begins with."""


def _parameters(function: Any) -> list[Any] | None:
    """Return name, kind, whether it is required and default of each parameter, where known."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        arguments = getattr(getattr(function, "schema", None), "arguments", None)
        if arguments is None:
            return None
        return [
            [each.name, "EITHER", not each.has_default_value(), _default(each.default_value)]
            for each in arguments
            if each.name != "self"
        ]
    return [
        [each.name, _kind(each), each.default is each.empty, _default(each.default)]
        for each in signature.parameters.values()
    ]


def _kind(parameter: inspect.Parameter) -> str:
    return "EITHER" if parameter.kind is parameter.POSITIONAL_OR_KEYWORD else parameter.kind.name


def _default(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        return value if isinstance(value, bool) else value[:LONGEST_TEXT]
    return plain(value) if isinstance(value, (int, tuple, list)) else None


def _anything(parameters: list[Any]) -> bool:
    """Whether a function takes whatever it is given, which says nothing."""
    return all(kind in ("VAR_POSITIONAL", "VAR_KEYWORD") for _, kind, _, _ in parameters)


def _wrapped(function: Any, depth: int = 5) -> Iterator[Any]:
    """Yield the one function that a decorator, without saying so, wraps, and what that wraps."""
    cells = getattr(function, "__closure__", None) or ()
    held = [cell.cell_contents for cell in cells]
    if not inspect.isroutine(function):
        held = list(vars(function).values()) if hasattr(function, "__dict__") else []
    inner = [each for each in held if inspect.isroutine(each)]
    if len(inner) == 1 and depth:
        yield inner[0]
        yield from _wrapped(inner[0], depth - 1)
