"""Functions that are read: how their arguments are bound, and how a call follows their body.

Source: Python's reference, "Calls" and "Function definitions".
"""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from convcalc import text
from convcalc.reading import attributes, syntax
from convcalc.reading.bounds import DEEPEST_IN_C
from convcalc.reading.exceptions import HIDDEN, NotUnderstood
from convcalc.reading.reader import Frame, Reader, Scope, Unit
from convcalc.reading.values import MISSING, Unknown, Value

Definition = ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef


class Code(NamedTuple):
    """What a function's text says, worked out once."""

    places: tuple[str, ...]
    """The parameters that can be given by position."""
    only_places: int
    """How many of them can't be given by name."""
    by_name: tuple[str, ...]
    """The parameters that are given by name alone."""
    rest: str | None
    """What takes further positions, as *args does."""
    named_rest: str | None
    """What takes further names, as **kwargs does."""
    local: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    yields: bool


def code_of(node: Definition) -> Code:
    """Return what a function's text says; it is kept with its syntax."""
    code: Code | None = getattr(node, "_convcalc_code", None)
    if code is None:
        code = _read(node)
        node._convcalc_code = code  # type: ignore[union-attr]
    return code


def _read(node: Definition) -> Code:
    arguments = node.args
    places = tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args))
    by_name = tuple(each.arg for each in arguments.kwonlyargs)
    rest = arguments.vararg.arg if arguments.vararg else None
    named_rest = arguments.kwarg.arg if arguments.kwarg else None
    given = {*places, *by_name, *filter(None, (rest, named_rest))}
    names = Names([node.body] if isinstance(node, ast.Lambda) else node.body)
    local = (given | names.set) - names.globals - names.nonlocals
    return Code(places, len(arguments.posonlyargs), by_name, rest, named_rest, frozenset(local),
                frozenset(names.globals), frozenset(names.nonlocals), names.yields)  # fmt: skip


def given_to(frames: Sequence[Frame], instance: object) -> dict[str, object]:
    """Return the arguments of the `__init__`s of an object that are under way, by their names.

    A class that calls its base's has the last word where both take a name. Python knows nothing of
    the class of an `__init__` that names neither `super` nor `__class__`.
    """
    found: dict[str, object] = {}
    for frame in reversed(frames):
        names, first = frame.scope.names, frame.first
        if frame.name != "__init__" or first is None or names.get(first) is not instance:
            continue
        init = vars(frame.scope.class_around() or object).get("__init__")
        if isinstance(init, Function) and _knows_its_class(init._convcalc_node):
            code = init._convcalc_code
            found |= {name: names[name] for name in (*code.places[1:], *code.by_name)}
            rest = names[code.named_rest] if code.named_rest else None
            found |= rest if isinstance(rest, dict) else {}
    return found


def _knows_its_class(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and each.id in ("super", "__class__")
               for each in ast.walk(node))  # fmt: skip


class Names(ast.NodeVisitor):
    """The names that a function, a class or a comprehension sets itself."""

    def __init__(self, body: Iterable[ast.AST]) -> None:
        self.set: set[str] = set()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.yields = False
        """Whether something is yielded in it."""
        for each in body:
            self.visit(each)

    def visit(self, node: ast.AST) -> None:
        """Look at one piece of syntax."""
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                self.set.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.set.add(node.name)
            self._defaults(node.args)
            for each in node.decorator_list:
                self.visit(each)
        elif isinstance(node, ast.Lambda):
            self._defaults(node.args)
        elif isinstance(node, ast.ClassDef):
            self.set.add(node.name)
            for around in (*node.decorator_list, *node.bases, *node.keywords):
                self.visit(around)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.set |= {(each.asname or each.name).split(".")[0] for each in node.names}
        elif isinstance(node, ast.Global):
            self.globals |= set(node.names)
        elif isinstance(node, ast.Nonlocal):
            self.nonlocals |= set(node.names)
        elif isinstance(node, syntax.COMPREHENSIONS):
            self._comprehension(node)
        else:
            if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                self.set.add(node.name)
            elif isinstance(node, ast.MatchMapping) and node.rest:
                self.set.add(node.rest)
            elif isinstance(node, (ast.Yield, ast.YieldFrom)):
                self.yields = True
            self.generic_visit(node)

    def _defaults(self, arguments: ast.arguments) -> None:
        for value in (*arguments.defaults, *arguments.kw_defaults):
            if value is not None:
                self.visit(value)

    def _comprehension(self, node: ast.AST) -> None:
        """Look for what `:=` sets within a comprehension: that alone is set around it."""
        for each in ast.walk(node):
            if isinstance(each, ast.NamedExpr):
                self.set.add(each.target.id)


class Told(Value):
    """What is told of a function's code: how its arguments and its own names are called."""

    def __init__(self, function: Function) -> None:
        self.function = function

    def get(self, name: str) -> object:
        """Return an attribute that says something about names."""
        code = self.function._convcalc_code
        first = [*code.places, *code.by_name]
        if name == "co_varnames":
            more = [each for each in (code.rest, code.named_rest) if each is not None]
            named = [*first, *more]
            return (*named, *sorted(code.local - set(named)))
        if name == "co_argcount":
            return len(code.places)
        if name == "co_kwonlyargcount":
            return len(code.by_name)
        if name == "co_posonlyargcount":
            return code.only_places
        if name == "co_name":
            return self.function.__name__
        raise NotUnderstood(f"{name} of a function's code isn't followed")


class Function(Value):  # noqa: D101  # its docstring is that of the function that is read
    # A function that is read. Python's own functions can call it, and it is a descriptor.

    __slots__ = (
        "__defaults__",
        "__dict__",
        "__doc__",
        "__kwdefaults__",
        "__name__",
        "__qualname__",
        "__weakref__",
        "_convcalc_annotations",
        "_convcalc_module",
        "_convcalc_node",
        "_convcalc_noted",
        "_convcalc_reader",
        "_convcalc_scope",
        "_convcalc_unit",
    )  # fmt: skip

    def __init__(self, reader: Reader, node: Definition, scope: Scope, unit: Unit) -> None:
        self._convcalc_reader = reader
        self._convcalc_node = node
        self._convcalc_scope = scope
        self._convcalc_unit = unit
        self._convcalc_module: object = unit.names.get("__name__", unit.name)
        self.__name__ = "<lambda>" if isinstance(node, ast.Lambda) else node.name
        self.__qualname__ = qualified(scope, self.__name__)
        self.__doc__ = None if isinstance(node, ast.Lambda) else ast.get_docstring(node, False)
        self.__defaults__: tuple[object, ...] | None = None
        self.__kwdefaults__: dict[str, object] | None = None
        self._convcalc_annotations: dict[str, object] | None = None
        self._convcalc_noted: Callable[[], dict[str, object]] = dict
        """What works out the annotations, when they are asked for."""

    @property
    def __annotations__(self) -> dict[str, object]:
        """The types of its arguments, as Python keeps them."""
        if self._convcalc_annotations is None:
            self._convcalc_annotations = self._convcalc_noted()
        return self._convcalc_annotations

    @__annotations__.setter
    def __annotations__(self, value: dict[str, object]) -> None:
        self._convcalc_annotations = value

    @property
    def _convcalc_code(self) -> Code:
        return code_of(self._convcalc_node)

    def __call__(self, /, *arguments: object, **named: object) -> object:
        """Follow the function, for Python itself, which needs to know some answers."""
        reader = self._convcalc_reader
        if reader.in_c >= DEEPEST_IN_C:
            raise reader.too_deep()
        reader.in_c += 1
        try:
            result = follow(self, arguments, named)
        finally:
            reader.in_c -= 1
        if type(result) is Unknown and self.__name__ in ANSWERS:
            raise result.refused()
        return result

    def __get__(self, owner: object, cls: type | None = None) -> object:
        if owner is None and cls is None:
            raise TypeError("__get__(None, None) is invalid")
        return self if owner is None else types.MethodType(self, owner)

    def get(self, name: str) -> object:
        """Return an attribute: one that every function has, or one that the program set."""
        if name == "__module__":
            return self._convcalc_module
        if name in ASKED:
            return getattr(self, name)
        if name == "__closure__":
            return closure(self)
        if name == "__code__":
            return Told(self)
        if name in self.__dict__:
            return self.__dict__[name]
        if hasattr(types.FunctionType, name):
            raise NotUnderstood(f"{name} of a function isn't followed")
        raise AttributeError(f"{self.__name__} has no attribute {name}", name=name, obj=self)

    def put(self, name: str, value: object) -> None:
        """Set an attribute."""
        if name == "__module__":
            self._convcalc_module = value
        elif name in SETTABLE:
            if name in ("__name__", "__qualname__") and not isinstance(value, str):
                raise TypeError(f"{name} must be set to a string object")
            if name == "__kwdefaults__" and not isinstance(value, (dict, type(None))):
                raise TypeError("__kwdefaults__ must be set to a dict object")
            if name == "__annotations__" and not isinstance(value, dict):
                raise TypeError("__annotations__ must be set to a dict object")
            if name == "__defaults__" and not isinstance(value, (tuple, type(None))):
                raise TypeError("__defaults__ must be set to a tuple object")
            setattr(self, name, value)
        elif hasattr(types.FunctionType, name):
            raise NotUnderstood(f"{name} of a function is set, which isn't followed")
        else:
            self.__dict__[name] = value

    def delete(self, name: str) -> None:
        """Delete an attribute that the program set."""
        if name not in self.__dict__:
            if name in ASKED or hasattr(types.FunctionType, name):
                raise NotUnderstood(f"{name} of a function is deleted, which isn't followed")
            raise AttributeError(f"{self.__name__} has no attribute {name}", name=name, obj=self)
        del self.__dict__[name]

    def __repr__(self) -> str:
        return f"<function {self.__qualname__}>"


ANSWERS = frozenset(
    "__repr__ __str__ __format__ __bool__ __len__ __hash__ __index__ __int__ __float__".split()
)
"""Methods whose answers Python itself needs to know."""
SETTABLE = frozenset(
    "__name__ __qualname__ __doc__ __defaults__ __kwdefaults__ __annotations__".split()
)
ASKED = SETTABLE | {"__dict__", "__class__", "__call__", "__get__", "__hash__", "__eq__", "__ne__",
                    "__repr__", "__str__"}  # fmt: skip
"""What every function has."""
attributes.FUNCTIONS.append(Function)
Function.__name__ = Function.__qualname__ = "function"


def qualified(scope: Scope, name: str) -> str:
    """Return the name of a function or a class with those of what it is made in."""
    if scope.outer is None:
        return name
    return f"{scope.name}.{name}" if scope.is_class else f"{scope.name}.<locals>.{name}"


def make(reader: Reader, node: Definition, scope: Scope) -> Function:
    """Return a function, its defaults worked out once, where it is made."""
    function = Function(reader, node, scope, scope.unit)
    arguments = node.args
    if arguments.defaults:
        function.__defaults__ = tuple(reader.value(each, scope) for each in arguments.defaults)
    named = {
        place.arg: reader.value(each, scope)
        for place, each in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if each is not None
    }
    if named:
        function.__kwdefaults__ = named
    return function


def follow(function: Function, arguments: Sequence[object], named: Mapping[str, object]) -> object:
    """Follow the body of a function on these arguments."""
    reader = function._convcalc_reader
    node = function._convcalc_node
    code = code_of(node)
    names = bind(function, code, arguments, named)
    scope = Scope(
        function._convcalc_unit, names, function._convcalc_scope, name=function.__qualname__,
        local=code.local, globals=code.globals, nonlocals=code.nonlocals,
    )  # fmt: skip
    frame = Frame(function._convcalc_unit, function.__name__, scope, node.lineno)
    frame.first = code.places[0] if code.places else None
    reader.guards.steps += 2
    if code.yields:
        body = [_returned(node)] if isinstance(node, ast.Lambda) else node.body
        generator = _generate(reader, body, scope, frame)
        generator.__name__, generator.__qualname__ = function.__name__, function.__qualname__
        return generator
    if isinstance(node, ast.AsyncFunctionDef):
        raise NotUnderstood(f"{function.__name__} is async, which isn't followed")
    reader.enter(frame)
    try:
        if isinstance(node, ast.Lambda):
            return _lambda(reader, node, scope, frame)
        signal = reader.block(node.body, scope)
        return None if signal is None else signal.value
    finally:
        reader.frames.pop()


def _returned(node: ast.Lambda) -> ast.stmt:
    return ast.copy_location(ast.Return(node.body), node)


def _lambda(reader: Reader, node: ast.Lambda, scope: Scope, frame: Frame) -> object:
    frame.line = node.body.lineno
    try:
        return reader.value(node.body, scope)
    except BaseException as error:
        reader.placed(error, frame)
        raise


def _generate(
    reader: Reader, body: Sequence[ast.stmt], scope: Scope, frame: Frame
) -> types.GeneratorType[object, object, object]:
    """Return the generator that a call of a function makes which yields."""

    def generator() -> Generator[object, object, object]:
        reader.enter(frame)
        reader.strict += 1
        try:
            signal = yield from reader.language.steps(reader, body, scope)
            return None if signal is None else signal.value
        except GeneratorExit as error:
            frame.line = frame.suspended  # where it was raised
            reader.placed(error, frame)
            raise
        finally:
            reader.strict -= 1
            reader.frames.pop()

    return cast("types.GeneratorType[object, object, object]", generator())


def bind(
    function: Function, code: Code, arguments: Sequence[object], named: Mapping[str, object]
) -> dict[str, object]:
    """Return the names of a call: a function's parameters with their values, as Python binds them.

    Raises TypeError where the arguments don't fit.
    """
    places = code.places
    names: dict[str, object] = dict(zip(places, arguments, strict=False))
    if len(arguments) > len(places) and code.rest is None:
        takes = text.counted(len(places), "argument")
        raise wrong_call(function, f"takes {takes}, gets {len(arguments)}")
    if code.rest is not None:
        names[code.rest] = tuple(arguments[len(places) :])
    if named or code.named_rest is not None:
        _bind_named(function, code, names, named, len(arguments))
    defaults = function.__defaults__
    if defaults:
        for name, value in zip(places[len(places) - len(defaults) :], defaults, strict=True):
            if name not in names:
                names[name] = value
    if function.__kwdefaults__:
        for name, value in function.__kwdefaults__.items():
            names.setdefault(name, value)
    if len(arguments) < len(places) or code.by_name:
        missing = [name for name in (*places, *code.by_name) if name not in names]
        if missing:
            error = wrong_call(function, f"isn't given its {text.listed(missing)}")
            vars(error)[LACKING] = function, missing
            raise error
    return names


LACKING = HIDDEN + "_lacking"
"""The attribute of a TypeError that says which function lacks which arguments."""


def lacking(error: BaseException) -> tuple[object, list[str]]:
    """Return the function that an error says was called without arguments, and their names."""
    found = vars(error).get(LACKING, (None, []))
    return cast(tuple[object, list[str]], found)


def _bind_named(
    function: Function,
    code: Code,
    names: dict[str, object],
    named: Mapping[str, object],
    count: int,
) -> None:
    places = code.places
    rest: dict[str, object] = {}
    for name, value in named.items():
        if name in code.by_name or name in places[code.only_places :]:
            if name in places[:count]:
                raise wrong_call(function, f"gets {name} twice")
            names[name] = value
        elif code.named_rest is not None:
            rest[name] = value
        else:
            known = [*places[code.only_places :], *code.by_name]
            hint = text.hint(name, known)
            raise wrong_call(function, f"has no argument {name}{hint}")
    if code.named_rest is not None:
        names[code.named_rest] = rest


class Cell(Value):
    """A name of a function that is kept by one within it."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, function: Function, scope: Scope, name: str) -> None:
        self.function, self.scope, self.name = function, scope, name

    def get(self, name: str) -> object:
        """Return what it holds."""
        if name != "cell_contents":
            raise NotUnderstood(f"{name} of a cell isn't followed")
        if self.name not in self.scope.names:
            raise ValueError("Cell is empty")
        return self.function._convcalc_reader.found(self.scope.names[self.name])

    def put(self, name: str, value: object) -> None:
        """Set what it holds."""
        if name != "cell_contents":
            raise NotUnderstood(f"{name} of a cell isn't followed")
        self.scope.names[self.name] = value

    def __eq__(self, other: object) -> bool:
        raise NotUnderstood("comparing cells isn't followed")


def closure(function: Function) -> tuple[Cell, ...] | None:
    """Return what a function keeps of those around it, by the order of its names."""
    node, code = function._convcalc_node, function._convcalc_code
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    found: list[Cell] = []
    used: set[str] = set(code.nonlocals)
    inner: set[str] = set()
    for each in (each for part in body for each in ast.walk(part)):
        if isinstance(each, ast.Name):
            used.add(each.id)
        elif isinstance(each, Definition):
            inner |= code_of(each).local | code_of(each).globals
            used |= code_of(each).nonlocals
        elif isinstance(each, (ast.ClassDef, ast.AnnAssign)) or getattr(each, "annotation", None):
            raise NotUnderstood("what such a function keeps isn't followed")
        elif isinstance(each, ast.comprehension):
            inner |= Names([each.target]).set
    for name in sorted(used - code.local - code.globals):
        scope: Scope | None = function._convcalc_scope
        while scope is not None and scope.outer is not None:
            if not scope.is_class and (name in scope.names or name in scope.local):
                break
            scope = None if name in scope.globals else scope.outer
        else:
            scope = None
        if (name in inner and scope is not None) or name in ("super", "__class__"):
            raise NotUnderstood("what such a function keeps isn't followed")
        if scope is not None:
            cells = scope.cells = scope.cells or {}
            cell = cells.setdefault(name, Cell(function, scope, name))
            assert isinstance(cell, Cell)
            found.append(cell)
    return tuple(found) or None


def wrong_call(function: Function, what: str) -> TypeError:
    """Return the error of a call that doesn't fit a function."""
    cls = function._convcalc_scope.cls if function._convcalc_scope.is_class else None
    where = f"{cls.__name__}." if cls is not None else ""
    return TypeError(f"{where}{function.__name__} {what}")


# ---------------------------------------------------------------------------------------------
# What is asked about functions
# ---------------------------------------------------------------------------------------------

KINDS = inspect.Parameter
Parameter = tuple[str, int, object, object]


def parameters_of(function: Function) -> tuple[list[Parameter], object]:
    """Return a function's parameters, as (name, kind, default, annotation), and its return's.

    Kinds are those of `inspect`; MISSING stands for a default or an annotation that isn't there.
    """
    arguments = function._convcalc_node.args
    given = (*arguments.posonlyargs, *arguments.args)
    defaults = function.__defaults__ or ()
    late = dict(zip([each.arg for each in given][len(given) - len(defaults) :], defaults,
                    strict=True)) | (function.__kwdefaults__ or {})  # fmt: skip
    groups: tuple[tuple[int, Sequence[ast.arg | None]], ...] = (
        (KINDS.POSITIONAL_ONLY, arguments.posonlyargs),
        (KINDS.POSITIONAL_OR_KEYWORD, arguments.args),
        (KINDS.VAR_POSITIONAL, [arguments.vararg]),
        (KINDS.KEYWORD_ONLY, arguments.kwonlyargs),
        (KINDS.VAR_KEYWORD, [arguments.kwarg]),
    )
    noted = function.__annotations__
    found = [
        (each.arg, int(kind), late.get(each.arg, MISSING), noted.get(each.arg, MISSING))
        for kind, group in groups
        for each in group
        if each is not None
    ]
    return found, noted.get("return", MISSING)
