"""The reader: where it is in a program, and how one piece of syntax leads to the next.

A program is followed node by node and never compiled or executed. How each kind of node is
followed stands in `expressions`, `statements`, `generators` and `patterns`, by the node's class.

Source: https://docs.python.org/3/reference/
"""

from __future__ import annotations

import ast
import functools
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from contextlib import contextmanager
from typing import Final, NamedTuple, Protocol

from convcalc import text
from convcalc.reading import attributes, syntax
from convcalc.reading.bounds import DEEPEST, Guards
from convcalc.reading.exceptions import (
    NotUnderstood,
    Place,
    TooMuch,
    is_stated,
    note,
    passed,
    told,
    too_large,
)
from convcalc.reading.values import MISSING, Unknown


class Unit(Protocol):
    """The file, or the text, in which a piece of a program stands."""

    name: str
    own: bool
    """Whether it is the user's own, so that a line of it means something to them."""
    names: dict[str, object]
    tolerant: bool
    """Whether what isn't understood of it may be passed over."""
    refuses: bool
    """Whether libraries that aren't read fail to import."""

    def place(self, line: int) -> Place:
        """Return where a line of it stands."""

    def import_name(self, reader: Reader, name: str) -> object:
        """Return the module of a name, read if need be."""

    def import_from(self, reader: Reader, module: str, level: int, name: str) -> object:
        """Return what `from module import name` gives; it may be Later."""

    def import_all(self, reader: Reader, module: str, level: int) -> Iterable[tuple[str, object]]:
        """Yield what `from module import *` gives."""

    def absent(self, name: str) -> object:
        """Return what stands for a name that nobody set; raise NameError where nothing does."""


class Beside:
    """A piece of a program that stands in no file, but beside one, whose imports it has."""

    def __init__(self, unit: Unit, names: dict[str, object]) -> None:
        self.name, self.names = unit.name, names
        self.own, self.tolerant, self.refuses = unit.own, unit.tolerant, unit.refuses
        self.place, self.absent, self.import_all = unit.place, unit.absent, unit.import_all
        self.import_name, self.import_from = unit.import_name, unit.import_from


class Line(Beside):
    """The line on which somebody asks: its names are a file's, but no line of it means anything."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, unit.names)
        self.own = self.tolerant = self.refuses = False


def is_shuffled(value: Collection[object]) -> bool:
    """Return whether the order of a set is another one in every run of Python."""
    return len(value) > 1 and not all(isinstance(each, (int, float)) for each in value)


class Later:
    """A name that is looked up when it is needed: what another file holds."""

    __slots__ = ("find", "unit")

    def __init__(self, find: Callable[[Reader], object], unit: Unit | None = None) -> None:
        self.find = find
        self.unit = unit


class Names(Protocol):
    """The namespace of a class, as `__prepare__` of its metaclass makes it."""

    def __getitem__(self, name: str) -> object: ...
    def __setitem__(self, name: str, value: object) -> None: ...
    def __delitem__(self, name: str) -> None: ...


class Scope:
    """The names of a file, a class body, a function or a comprehension."""

    __slots__ = ("cells", "cls", "globals", "is_class", "local", "name", "names", "nonlocals",
                 "outer", "unit", "walrus")  # fmt: skip

    def __init__(
        self,
        unit: Unit,
        names: MutableMapping[str, object],
        outer: Scope | None = None,
        *,
        name: str = "",
        local: frozenset[str] = frozenset(),
        globals: frozenset[str] = frozenset(),
        nonlocals: frozenset[str] = frozenset(),
        is_class: bool = False,
    ) -> None:
        self.unit = unit
        self.names = names
        self.outer = outer
        """The function, class or comprehension around it; None for a file."""
        self.name = name
        """Its qualified name, for those of what is made in it."""
        self.local = local
        """The names that a function sets anywhere in it."""
        self.globals = globals
        """The names that are declared to be the file's."""
        self.nonlocals = nonlocals
        self.is_class = is_class
        self.cells: dict[str, object] | None = None
        """What closures were shown of it."""
        self.cls: type | None = None
        """The class that a class body made."""
        self.walrus: Scope = self
        """Where `:=` sets its names: for a comprehension, the function around it."""

    def find(self, name: str) -> object:
        """Return what a name is here or further out; raise NameError, or return MISSING.

        MISSING is returned where no scope of the file has it.
        """
        names = self.names
        if not self.is_class:
            if name in names:
                return names[name]
            if name in self.local:
                raise _unbound(name, "isn't set before it is read", UnboundLocalError)
        elif name not in self.globals:
            try:
                return names[name]
            except KeyError:
                if name in self.local:
                    return self.unit.names.get(name, MISSING)
        if name in self.globals:
            return self.unit.names.get(name, MISSING)
        scope = self.outer
        while scope is not None:
            if not scope.is_class:
                if name in scope.names:
                    return scope.names[name]
                if name in scope.globals:
                    break
                if name in scope.local:
                    raise _unbound(name, "isn't set yet in the function around it", NameError)
            elif name == "__class__" and scope.cls is not None:
                return scope.cls
            scope = scope.outer
        return self.unit.names.get(name, MISSING)

    def set(self, name: str, value: object) -> None:
        """Give a name a value."""
        self.holder(name)[name] = value

    def delete(self, name: str) -> None:
        """Take a name away; raise NameError where there is none."""
        try:
            del self.holder(name)[name]
        except KeyError:
            local = not self.is_class and self.outer is not None and name not in self.globals
            raise _unbound(
                name, "isn't defined", UnboundLocalError if local else NameError
            ) from None

    def holder(self, name: str) -> MutableMapping[str, object]:
        """Return the names among which one is set."""
        if name in self.globals:
            return self.unit.names
        if name in self.nonlocals:
            scope = self.outer
            while scope is not None:
                if not scope.is_class and (name in scope.local or name in scope.names):
                    return scope.holder(name)
                scope = scope.outer
            raise SyntaxError(f"no binding for nonlocal '{name}' found")
        return self.names

    def class_around(self) -> type | None:
        """Return the class in whose body a function stands, for super()."""
        scope: Scope | None = self
        while scope is not None:
            if scope.is_class:
                return scope.cls
            scope = scope.outer
        return None


def _unbound(name: str, why: str, kind: type[NameError]) -> NameError:
    return kind(f"{name} {why}", name=name)


class Frame:
    """A call that is under way: whose file it stands in, and at which line it is."""

    __slots__ = ("first", "handled", "line", "name", "node", "scope", "suspended", "unit")

    def __init__(self, unit: Unit, name: str, scope: Scope, line: int = 1) -> None:
        self.unit = unit
        self.name = name
        self.scope = scope
        self.first: str | None = None
        """The name of the first argument, for super()."""
        self.line = self.suspended = line
        self.node: ast.Call | None = None
        """The call that is under way in it."""
        self.handled: list[BaseException] = []
        """The exceptions that its handlers are handling, the innermost last."""

    @property
    def place(self) -> Place:
        """The file and line that are being followed."""
        return self.unit.place(self.line)


class Step(NamedTuple):
    """A call that a program makes: where it stands, and the call that led to it."""

    frame: Frame
    node: ast.Call | None
    line: int
    outer: Step | None

    @property
    def place(self) -> Place:
        """The file and line of the call."""
        return Place(self.frame.unit.name, self.line)


def steps_to(frames: Sequence[Frame], known: list[Step]) -> Step | None:
    """Return the call that is under way, with those around it.

    `known` are those that this found before, the outermost first: what still holds of them is
    shared.
    """
    outer = None
    for at, frame in enumerate(frames):
        if at < len(known) and known[at].frame is frame and known[at].node is frame.node:
            outer = known[at]
            continue
        del known[at:]
        outer = Step(frame, frame.node, frame.line, outer)
        known.append(outer)
    del known[len(frames) :]
    return outer


OVER_HARMLESS = "_convcalc_over_harmless"
"""The attribute of the refusal of a loop over what leaves all else alone: what is iterated."""
DEEP = "_convcalc_deep"
"""The attribute of a RecursionError that the program's own calls made."""


class Signal:
    """What ends a block early: a break, a continue, or a return with its value."""

    __slots__ = ("value",)

    def __init__(self, value: object = None) -> None:
        self.value = value


BREAK: Final = Signal()
CONTINUE: Final = Signal()

Steps = Generator[object, object, Signal | None]
Expression = Callable[["Reader", ast.expr, Scope], object]
Statement = Callable[["Reader", ast.stmt, Scope], "Signal | None"]
Call = Callable[["Reader", object, Sequence[object], Mapping[str, object]], object]


class Language:
    """How each kind of syntax is followed, and what the built-in names are."""

    def __init__(
        self,
        expressions: Mapping[type[ast.AST], Expression],
        statements: Mapping[type[ast.AST], Statement],
        steps: Callable[[Reader, Sequence[ast.stmt], Scope], Steps],
        call: Call,
        builtins: Callable[[Reader], dict[str, object]],
        pass_over: Callable[[Reader, ast.stmt, Scope, BaseException], None],
    ) -> None:
        self.expressions = expressions
        self.statements = statements
        self.steps = steps
        self.call = call
        self.builtins = builtins
        self.pass_over = pass_over


class Reader:
    """Follows programs: one reading, with its guards."""

    def __init__(self, language: Language, guards: Guards) -> None:
        self.language = language
        self.expressions = language.expressions
        self.statements = language.statements
        self.call = functools.partial(language.call, self)
        """Return what a call of any value with its arguments returns."""
        self.guards = guards
        self.frames: list[Frame] = []
        self.in_c = 0
        """How many of them Python itself has called."""
        self.streams: dict[str, object] = {}
        """The names of `sys`, once it was imported: where print writes to."""
        self.builtins: dict[str, object] = language.builtins(self)
        self.strict = 1
        """Whether a statement that isn't understood ends the reading (not 0), or is passed over."""
        self.passed_over: list[str] = []
        """Why statements were passed over."""
        self.lost: list[tuple[int, int]] = []
        """The steps between which what didn't come to its end was followed, as far as it was."""
        self.reservations = 0
        """How often something was decided that depends on a number that isn't wholly known."""
        self.required: list[str] = []
        """Arguments of the command line that the program needs, and nobody gave."""
        self.shuffled = False
        """Whether texts that have no order were iterated in the user's own files."""
        self.turn: int | None = None
        """Which of their orders such texts are taken in; None refuses them there."""
        self.told: list[str] = []
        """What a library says in a note on the answer."""
        self.asked: list[str] = []
        """Names that were looked for in the environment, which is empty."""
        self.forgotten: dict[int, tuple[object, Unknown]] = {}
        """Objects of which nothing is known any more, by their identities."""

    @property
    def frame(self) -> Frame:
        """The call that is under way."""
        return self.frames[-1]

    def value(self, node: ast.expr, scope: Scope) -> object:
        """Return the value of an expression."""
        guards = self.guards
        guards.steps += 1
        if guards.steps >= guards.next:
            guards.look()
        follow = self.expressions.get(type(node))
        if follow is None:
            raise self.not_understood(node)
        return follow(self, node, scope)

    def block(self, statements: Sequence[ast.stmt], scope: Scope) -> Signal | None:
        """Follow statements; return what ends them early, if anything does."""
        for statement in statements:
            signal = self.statement(statement, scope)
            if signal is not None:
                return signal
        return None

    def statement(self, node: ast.stmt, scope: Scope) -> Signal | None:
        """Follow one statement, or pass it over where that is allowed."""
        guards = self.guards
        guards.steps += 1
        began = guards.steps
        if began >= guards.next:
            guards.look()
        frame = self.frames[-1]
        frame.line = node.lineno
        follow = self.statements.get(type(node))
        try:
            if follow is None:
                raise self.not_understood(node)
            return follow(self, node, scope)
        except BaseException as error:
            passing = self.placed(error, frame)
            if not passing or not frame.unit.tolerant:
                raise
            over = vars(error).get(OVER_HARMLESS)  # as weights are that are loaded
            if self.strict and not (isinstance(node, ast.For) and over is node.iter):
                raise
            self.language.pass_over(self, node, scope, error)
            self.lost.append((began, guards.steps))
            return None

    def placed(self, error: BaseException, frame: Frame) -> bool:
        """Say where an error was; return whether its statement may be passed over."""
        stated = is_stated(error)
        if isinstance(error, RecursionError) and not stated and not vars(error).get(DEEP):
            raise TooMuch("this is nested too deep to follow") from None
        if isinstance(error, NotUnderstood):
            if error.at is None and frame.unit.own:
                error.at = frame.place
            elif error.at is None and error.within is None and frame.unit.tolerant:
                error.within = frame.place
            return not isinstance(error, TooMuch)
        if isinstance(error, MemoryError) and not stated:
            raise TooMuch("this takes more memory than there is") from None
        if isinstance(error, ValueError) and "set_int_max_str_digits" in str(error.args[:1]):
            raise too_large("a number") from None
        if not passed(error):
            self.put_in_context(error)
        note(error, frame.place, frame.unit.own, frame)
        return False

    def not_understood(self, node: ast.AST, why: str = "isn't followed") -> NotUnderstood:
        """Return the refusal of a piece of syntax, in its own words."""
        self.frame.line = getattr(node, "lineno", self.frame.line)
        return NotUnderstood(f"{text.excerpt(syntax.source_of(node), 60)} {why}")

    def enter(self, frame: Frame) -> None:
        """Begin a call."""
        if len(self.frames) > DEEPEST:
            raise self.too_deep()
        self.frames.append(frame)

    def too_deep(self) -> RecursionError:
        """Return Python's error of calls that nest too deep."""
        error = RecursionError("maximum recursion depth exceeded")
        vars(error)[DEEP] = True
        return error

    # -- What is under way ----------------------------------------------------------------------

    @contextmanager
    def all_or_nothing(self, needed: bool) -> Iterator[None]:
        """Pass nothing over meanwhile, where what follows depends on whether all was followed."""
        self.strict += needed
        try:
            yield
        finally:
            self.strict -= needed

    @contextmanager
    def handling(self, error: BaseException) -> Iterator[None]:
        """Handle an exception meanwhile: what is raised has it for its context."""
        frame = self.frame
        frame.handled.append(error)
        try:
            yield
        except BaseException as raised:
            self.placed(raised, frame)
            raise
        finally:
            frame.handled.pop()

    def handled(self) -> BaseException | None:
        """Return the exception that is being handled, in the call under way or around it."""
        return next((each.handled[-1] for each in reversed(self.frames) if each.handled), None)

    def put_in_context(self, error: BaseException) -> None:
        """Give an exception that is raised the one that is being handled for its context."""
        handled = self.handled()
        if handled is error:
            return
        each, count = handled, 0
        while each is not None and count < DEEPEST:
            if each.__context__ is error:  # as Python does, lest there be a circle
                each.__context__ = None
            each, count = each.__context__, count + 1
        error.__context__ = handled

    @contextmanager
    def offering(self, node: ast.Try) -> Iterator[None]:
        """Let imports of what isn't read fail meanwhile, where something else is offered then."""
        unit = self.frame.unit
        before, offers = unit.refuses, syntax.offers_otherwise(node, own=unit.own)
        unit.refuses = before or offers
        try:
            yield
        finally:
            unit.refuses = before

    def truth(self, value: object, node: ast.AST | None = None) -> bool:
        """Return whether a value counts as true; refuse where nobody knows."""
        if type(value) is Unknown:
            if node is None:
                raise value.refused()
            self.frame.line = getattr(node, "lineno", self.frame.line)
            words = text.excerpt(syntax.source_of(node), 60)
            raise NotUnderstood(f"the condition {words} isn't known: {value.why}")
        self.check_known(value)
        return bool(value)

    def check_known(self, *values: object) -> None:
        """Refuse a value of which nothing is known any more."""
        if self.forgotten:
            for each in values:
                if id(each) in self.forgotten:
                    raise self.forgotten[id(each)][1].refused()

    def known(self, value: object) -> object:
        """Return a value, or what stands for one of which nothing is known any more."""
        if self.forgotten and id(value) in self.forgotten:
            return self.forgotten[id(value)][1]
        return value

    def items(self, value: object, node: ast.AST | None = None) -> Iterator[object]:
        """Return what a loop iterates over; refuse where nobody knows."""
        if type(value) is Unknown:
            self.frame.line = getattr(node, "lineno", self.frame.line)
            refusal = NotUnderstood(f"what is iterated isn't known: {value.why}")
            if value.harmless:
                vars(refusal)[OVER_HARMLESS] = node
            raise refusal
        self.check_known(value)
        if isinstance(value, (set, frozenset)) and is_shuffled(value):
            if self.may_sort(value):
                return iter(self.in_order(value))
            self.frame.line = getattr(node, "lineno", self.frame.line)
            raise NotUnderstood("the order of a set of texts is another one each time")
        cls = type(value)
        if not hasattr(cls, "__iter__") and not hasattr(cls, "__getitem__"):
            error = TypeError(f"{cls.__name__!r} object is not iterable")
            raise told(error, f"{attributes.kind(value)} can't be iterated")
        return iter(value)  # type: ignore[call-overload, no-any-return]

    def may_sort(self, value: Collection[object]) -> bool:
        """Return whether things without an order are taken in any: texts are."""
        unit = self.frame.unit
        taken = unit.tolerant and not (unit.own and self.turn is None)
        return taken and all(isinstance(each, str) for each in value)

    def in_order(self, texts: Collection[object]) -> Sequence[object]:
        """Return texts in one of the orders that they may have: by the alphabet at turn 0.

        What a package makes of them is the same in every run of Python, or it would be noticed
        there. Of somebody's own file other turns have to tell that: it is marked as shuffled.
        """
        ordered = sorted(texts)  # type: ignore[type-var]
        if not self.frame.unit.own or not self.turn:
            self.shuffled |= self.frame.unit.own
            return ordered
        middle = (len(ordered) + 1) // self.turn
        return ordered[::-1] if self.turn == 1 else ordered[middle:] + ordered[:middle]

    def found(self, value: object) -> object:
        """Return the value of a name, looked up now where another file holds it."""
        while type(value) is Later:
            value = value.find(self)
        return value
