"""What a statement that isn't understood makes unknown.

Nothing is passed over in silence: the names that the statement sets, and every object that it
could have changed, are unknown from then on. What it could have changed is worked out from its
text: the targets of its assignments, what it calls and hands over, and so on through the functions
that it calls.
"""

from __future__ import annotations

import ast
import functools
import types
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from convcalc.reading import attributes, syntax
from convcalc.reading.exceptions import Final, NotUnderstood, Place, place_of
from convcalc.reading.functions import Function
from convcalc.reading.reader import Later, Reader, Scope
from convcalc.reading.values import MARK, MISSING, Library, Unknown, Value, is_open, is_read

MOST = 100_000
"""The most objects that are looked at for what they reach."""


def pass_over(reader: Reader, node: ast.stmt, scope: Scope, error: BaseException) -> None:
    """Leave a statement out: what it might have changed is unknown from then on.

    Raises the error where that can't be said: where the statement may leave its function.
    """
    if isinstance(error, Final) or leaves_early(node):
        raise error
    place: Place | None = place_of(error)
    message = error.told if isinstance(error, NotUnderstood) else str(error)
    why = f"{place}: {message}" if place else message
    unknown = Unknown(why)
    Effects(reader, unknown).of_statement(node, scope)
    reader.passed_over.append(why)


def leaves_early(node: ast.stmt) -> bool:
    """Return whether a statement may end the function or the loop that it stands in."""
    if isinstance(node, (ast.Return, ast.Break, ast.Continue, ast.Raise)):
        return True
    loops = isinstance(node, (ast.For, ast.While))
    return any(
        isinstance(each, (ast.Return, ast.Yield, ast.YieldFrom))
        or (isinstance(each, (ast.Break, ast.Continue)) and not loops)
        for each in syntax.own_nodes(node)
    )


# ---------------------------------------------------------------------------------------------
# Objects
# ---------------------------------------------------------------------------------------------

ATOMS = (int, float, complex, str, bytes, type(None), range, slice, Library, type(...))


def forget(reader: Reader, value: object, unknown: Unknown) -> None:
    """Make one object unknown: whoever holds it, by whatever name."""
    if isinstance(value, (*ATOMS, Unknown, Value, Function, types.ModuleType)):
        return
    if isinstance(value, (tuple, frozenset, types.BuiltinFunctionType, types.FunctionType)):
        return  # which nobody can change
    if isinstance(value, type) and not is_read(value):
        return
    reader.forgotten[id(value)] = value, unknown
    if isinstance(value, list):
        value[:] = [unknown]
    elif isinstance(value, deque):
        value.clear()
    elif isinstance(value, type):
        for name in [n for n in value.__dict__ if not n.startswith("__") and n != MARK]:
            type.__setattr__(value, name, unknown)
    elif is_open(type(value)):
        held = getattr(value, "__dict__", None)
        if isinstance(held, dict):
            for name in held:
                held[name] = _emptied(held[name], unknown)


def _emptied(value: object, unknown: Unknown) -> object:
    """Return what stands for the value of an attribute of a forgotten object."""
    return value if isinstance(value, bool) else unknown


def forget_given(reader: Reader, given: Sequence[object], unknown: Unknown) -> None:
    """Forget what was handed to something unknown, and all that can be reached from it.

    What leaves alone whatever it is given has at most advanced the iterators among it.
    """
    if unknown.harmless:
        for each in given:
            if isinstance(each, Iterator) and not isinstance(each, Value):
                forget(reader, each, unknown)
        return
    for each in list(reached(given)):
        forget(reader, each, unknown)


def reached(values: Iterable[object]) -> Iterator[object]:
    """Yield objects and all that can be reached from them: entries, attributes, closures."""
    waiting = list(values)
    seen: set[int] = set()
    while waiting and len(seen) < MOST:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, (*ATOMS, Unknown)):
            continue
        seen.add(id(value))
        yield value
        waiting += held_by(value)


def held_by(value: object) -> list[object]:
    """Return what a value holds."""
    found: list[object] = []
    if isinstance(value, dict):
        found += [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset, deque)):
        found += value
    elif isinstance(value, types.MethodType):
        found += [value.__self__, value.__func__]
    elif isinstance(value, Function):
        found += value.__defaults__ or ()
        found += free_values(value)
    elif isinstance(value, functools.partial):
        found += [value.func, *value.args, *value.keywords.values()]
    known = is_open(type(value)) or attributes.is_plain(type(value))
    if known and not isinstance(value, type):
        found += getattr(value, "__dict__", {}).values()
    if isinstance(value, type) and is_read(value):
        found += [v for k, v in value.__dict__.items() if not k.startswith("__")]
    return found


def free_values(function: Function) -> list[object]:
    """Return what a function's text names of what stands around it."""
    scope = function._convcalc_scope
    names = {
        each.id for each in ast.walk(function._convcalc_node)
        if isinstance(each, ast.Name) and each.id not in function._convcalc_code.local
    }  # fmt: skip
    return [v for v in (quietly(scope, name) for name in names) if v is not MISSING]


def quietly(scope: Scope, name: str) -> object:
    """Return what a name is, or MISSING; nothing is read for that."""
    try:
        value = scope.find(name)
    except NameError:
        return MISSING
    return MISSING if isinstance(value, Later) else value


# ---------------------------------------------------------------------------------------------
# Texts
# ---------------------------------------------------------------------------------------------

PURE = frozenset(
    "abs all any bool callable chr dict divmod enumerate float format frozenset getattr hasattr "
    "hash id int isinstance issubclass len list max min ord pow print property range repr "
    "reversed round slice sorted staticmethod classmethod str sum super tuple type vars zip map "
    "filter set bytes complex bin hex oct ascii iter locals object".split()
)
"""Python's built-in functions that change nothing of what they are given, but for iterators."""


class Effects:
    """What a piece of a program could change, which is made unknown."""

    def __init__(self, reader: Reader, unknown: Unknown) -> None:
        self.reader = reader
        self.unknown = unknown
        self.seen: set[tuple[int, int]] = set()

    def of_statement(self, node: ast.stmt, scope: Scope) -> None:
        """Make unknown what a statement sets, and what it could change."""
        for each in (node, *syntax.own_nodes(node)):
            self._one(each, scope, EMPTY)

    def _one(self, node: ast.AST, scope: Scope, local: dict[str, object]) -> None:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                self._set_name(node.id, scope, local)
            elif isinstance(value := self.value(node, scope, local), Iterator):
                forget(self.reader, value, self.unknown)  # it may have been advanced
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            self._set_name(node.name, scope, local)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self._set_name((alias.asname or alias.name).split(".")[0], scope, local)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self._set_name(node.name, scope, local)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            self._set_attribute(node, scope, local)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            self._changed(self.value(node.value, scope, local), node.value, scope, local)
        elif isinstance(node, ast.AugAssign):
            target = self.value(node.target, scope, local)
            if not isinstance(target, ATOMS):
                self._changed(target, node.target, scope, local)
        elif isinstance(node, ast.Call):
            self._call(node, scope, local)
        elif isinstance(node, ast.withitem):
            self._run(self.value(node.context_expr, scope, local), ("__enter__", "__exit__"))

    def _set_name(self, name: str, scope: Scope, local: dict[str, object]) -> None:
        if local is EMPTY:
            scope.set(name, self.unknown)
        elif name in local:
            local[name] = self.unknown

    def _set_attribute(self, node: ast.Attribute, scope: Scope, local: dict[str, object]) -> None:
        owner = self.value(node.value, scope, local)
        if owner is MISSING:
            self._changed(owner, node.value, scope, local)
        elif not isinstance(owner, (Value, *ATOMS)):
            if node.attr == "__del__":
                return
            try:
                if isinstance(owner, type):
                    type.__setattr__(owner, node.attr, self.unknown)
                else:
                    object.__setattr__(owner, node.attr, self.unknown)
            except (AttributeError, TypeError):
                forget(self.reader, owner, self.unknown)

    def _changed(
        self, value: object, node: ast.AST, scope: Scope, local: dict[str, object]
    ) -> None:
        """Forget a value that is changed; where it isn't found, all that its words could mean."""
        if value is not MISSING:
            forget(self.reader, value, self.unknown)
            return
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                found = self.value(each, scope, local)
                for inner in list(reached([found])):
                    forget(self.reader, inner, self.unknown)

    def _call(self, node: ast.Call, scope: Scope, local: dict[str, object]) -> None:
        words = [*node.args, *(each.value for each in node.keywords)]
        given = [self.value(each, scope, local) for each in words]
        function = self.value(node.func, scope, local)
        owner = MISSING
        if isinstance(node.func, ast.Attribute):
            owner = self.value(node.func.value, scope, local)
        if type(function) is Unknown or type(owner) is Unknown:
            unknown = function if type(function) is Unknown else owner
            assert type(unknown) is Unknown
            self._hand_over(given, words, scope, local, harmless=unknown.harmless)
        elif isinstance(function, (Function, types.MethodType)) or (
            isinstance(function, type) and is_read(function)
        ):
            self._run_function(function, given, words, scope, local)
        elif isinstance(function, Value) or isinstance(owner, Value):
            pass  # torch's functions, and other libraries', change no structure
        elif function is not MISSING and is_open(type(function)):
            self._run(function, ("__call__", "forward"), given)
        elif isinstance(node.func, ast.Name) and node.func.id in PURE and function is MISSING:
            for each in given:  # which map, sorted and others call
                self._run_function(each, [], [], scope, local, only_functions=True)
        elif isinstance(owner, (str, int, float, types.ModuleType)):
            pass
        elif isinstance(owner, (list, dict, set, deque)) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in READING:
                forget(self.reader, owner, self.unknown)
        elif owner is not MISSING and is_open(type(owner)) and isinstance(node.func, ast.Attribute):
            self._method(owner, node.func.attr, given)
        elif function is MISSING and isinstance(node.func, ast.Attribute) and owner is MISSING:
            if not self._is_made_here(node.func.value, scope, local):
                self._changed(MISSING, node.func.value, scope, local)
                self._hand_over(given, words, scope, local, harmless=False)
        elif function is MISSING:
            self._hand_over(given, words, scope, local, harmless=False)

    def _is_made_here(self, node: ast.expr, scope: Scope, local: dict[str, object]) -> bool:
        """Return whether an object comes of a call that leaves alone what it is given."""
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        if isinstance(node, ast.Call):
            root = node.func
            while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
                root = root.func if isinstance(root, ast.Call) else root.value
            found = self.value(root, scope, local)
            return isinstance(found, (Value, str)) or is_open(type(found))
        return isinstance(node, (ast.Constant, ast.JoinedStr))

    def _hand_over(
        self, given: Sequence[object], words: Sequence[ast.expr], scope: Scope,
        local: dict[str, object], *, harmless: bool,
    ) -> None:  # fmt: skip
        """Forget what is handed to something that isn't known."""
        known = [each for each in given if each is not MISSING]
        if harmless:
            forget_given(self.reader, known, Unknown(self.unknown.why, harmless=True))
            return
        forget_given(self.reader, known, self.unknown)
        for value, node in zip(given, words, strict=True):
            if value is MISSING and not isinstance(node, (ast.Constant, ast.JoinedStr)):
                self._changed(MISSING, node, scope, local)

    def _method(self, owner: object, name: str, given: Sequence[object]) -> None:
        """Go through a method of an object, or forget the object where it isn't read."""
        cls = type(owner)
        method = getattr(cls, name, None)
        if isinstance(method, Function):
            self._follow(method, [owner, *given])
        elif name not in getattr(cls, READ_ONLY, ()) and method is not None:
            forget(self.reader, owner, self.unknown)

    def _run(self, owner: object, names: Sequence[str], given: Sequence[object] = ()) -> None:
        """Go through the methods of an object that might be called."""
        for name in names:
            method = getattr(type(owner), name, None) if is_open(type(owner)) else None
            if isinstance(method, Function):
                self._follow(method, [owner, *given])
        modules = getattr(owner, "__dict__", {}).get("_modules") if is_open(type(owner)) else None
        if "forward" in names and isinstance(modules, dict):
            for each in modules.values():
                self._run(each, ("forward",))

    def _run_function(
        self, function: object, given: Sequence[object], words: Sequence[ast.expr], scope: Scope,
        local: dict[str, object], *, only_functions: bool = False,
    ) -> None:  # fmt: skip
        if isinstance(function, types.MethodType):
            # An operation of a library that is written here has no name of its own.
            self._method(function.__self__, getattr(function.__func__, "__name__", ""), given)
        elif isinstance(function, Function):
            self._follow(function, given)
        elif isinstance(function, type) and not only_functions:
            made = getattr(function, "__init__", None)
            if isinstance(made, Function):
                self._follow(made, [MISSING, *given])
        del words, scope, local

    def _follow(self, function: Function, given: Sequence[object]) -> None:
        """Go through the body of a function that might be called with these arguments."""
        key = id(function), hash(tuple(map(id, given)))
        if key in self.seen or len(self.seen) > 2_000:
            return
        self.seen.add(key)
        code = function._convcalc_code
        names: dict[str, object] = dict.fromkeys(code.local, MISSING)
        names.update(zip(code.places, given, strict=False))
        node = function._convcalc_node
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        scope = function._convcalc_scope
        for top in body:
            for each in (top, *syntax.own_nodes(top)):
                if isinstance(each, ast.Assign) and len(each.targets) == 1:
                    target = each.targets[0]
                    if isinstance(target, ast.Name) and target.id in names:
                        found = self.value(each.value, scope, names)
                        if names[target.id] is MISSING:
                            names[target.id] = found  # an alias
                self._in_function(each, scope, names, code.globals)

    def _in_function(
        self, node: ast.AST, scope: Scope, names: dict[str, object], declared: frozenset[str]
    ) -> None:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if node.id in declared:
                scope.unit.names[node.id] = self.unknown
            elif node.id not in names:
                outer: Scope | None = scope
                while outer is not None and (outer.is_class or node.id not in outer.names):
                    outer = outer.outer
                if outer is not None:
                    outer.names[node.id] = self.unknown
            return
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            return
        if isinstance(node, ast.ExceptHandler):
            return
        self._one(node, scope, names)

    # -- Values ---------------------------------------------------------------------------------

    def value(self, node: ast.AST, scope: Scope, local: dict[str, object]) -> object:
        """Return what names, attributes and items are, without following anything; or MISSING."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            if local is not EMPTY and node.id in local:
                return local[node.id]
            return quietly(scope, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value, scope, local)
            if owner is MISSING or isinstance(owner, Later):
                return MISSING
            if isinstance(owner, (Unknown, Library)):
                return self._attribute(owner, node.attr)
            if is_open(type(owner)) or isinstance(owner, type):
                return _stored(owner, node.attr)
            return self._attribute(owner, node.attr) if isinstance(owner, Value) else MISSING
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            owner = self.value(node.value, scope, local)
            if isinstance(owner, (list, tuple, dict)):
                try:
                    return owner[node.slice.value]  # type: ignore[index]
                except (LookupError, TypeError):
                    return MISSING
        if isinstance(node, ast.Call):
            function = self.value(node.func, scope, local)
            if type(function) is Unknown:
                return function
        return MISSING

    def _attribute(self, owner: Value, name: str) -> object:
        try:
            return attributes.get(owner, name)
        except (AttributeError, NotUnderstood):
            return MISSING


READ_ONLY = "_convcalc_read_only"
"""The attribute of a class that is written here, with its methods that change nothing."""
EMPTY: dict[str, object] = {}
READING = frozenset(
    "get keys values items copy index count union intersection difference issubset issuperset "
    "isdisjoint symmetric_difference __contains__ __getitem__ __len__ __iter__ __eq__ "
    "__ne__".split()
)
"""Methods of lists, dicts and sets that change nothing."""


def _stored(owner: object, name: str) -> object:
    """Return what an object or its class holds under a name, no property followed."""
    held = getattr(owner, "__dict__", {})
    if name in held:
        return held[name]
    for inner in ("_modules", "_parameters", "_buffers"):
        found = held.get(inner) if isinstance(held, dict) else None
        if isinstance(found, dict) and name in found:
            return found[name]
    for cls in (owner if isinstance(owner, type) else type(owner)).__mro__:
        if name in cls.__dict__:
            value = cls.__dict__[name]
            if isinstance(value, Function) and not isinstance(owner, type):
                return types.MethodType(value, owner)
            if isinstance(value, (staticmethod, classmethod)):
                return value.__func__
            return MISSING if isinstance(value, property) else value
    return MISSING
