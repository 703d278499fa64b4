"""Python's built-in names: its own types and functions, and those that need the reader.

Types and most functions are Python's own. What reaches attributes, names or scopes goes through
the reader; what is iterated lazily counts a step for each of its items.
"""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

from convcalc.reading import attributes, expressions, syntax
from convcalc.reading.bounds import CHECKS, RANGES, check_size, check_weight, check_widths
from convcalc.reading.exceptions import Final, NotUnderstood, too_large
from convcalc.reading.reader import Beside, Reader, Scope, Unit
from convcalc.reading.values import MARK, Reserved, Unknown, Value, is_open

LONGEST = 10_000
"""The most characters of an expression in a text."""

OWN = (
    "int float complex bool str bytes bytearray list tuple dict set frozenset object type slice "
    "property staticmethod classmethod super abs all any ascii bin chr divmod hex "
    "id len max min next oct ord pow range repr reversed round sorted sum Ellipsis NotImplemented "
    "BaseException Exception ArithmeticError AssertionError AttributeError BlockingIOError "
    "BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError "
    "ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError "
    "EnvironmentError FileExistsError FileNotFoundError FloatingPointError FutureWarning "
    "GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError "
    "IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError "
    "NameError NotADirectoryError NotImplementedError OSError OverflowError "
    "PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError "
    "ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError "
    "SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError "
    "UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning "
    "UserWarning ValueError Warning ZeroDivisionError"
).split()
"""The built-in names that are Python's own."""


def names(reader: Reader) -> dict[str, object]:
    """Return the built-in names of a reading."""
    found: dict[str, object] = {name: getattr(builtins, name) for name in OWN}
    found |= {"True": True, "False": False, "None": None, "__debug__": True}
    found |= named(FUNCTIONS)
    found |= with_reader(reader) | lazy(reader)
    found |= {name: Unknown(f"{name}() isn't followed", harmless=True) for name in NOT_FOLLOWED}
    return found


NOT_FOLLOWED = ("input", "compile", "memoryview", "breakpoint", "help")


def isinstance_(value: object, kinds: object) -> object:
    """Return whether a value is of a type, or of one of several."""
    if type(value) is Unknown:
        return value
    unknown: Unknown | None = None
    if isinstance(kinds, tuple):
        check_size(100 * len(kinds))
    for each in kinds if isinstance(kinds, tuple) else (kinds,):
        if isinstance(each, tuple):
            found = isinstance_(value, each)
        elif type(each) is Unknown:
            # Nothing that is known here is of a class that isn't.
            plain = isinstance(value, Value) or attributes.is_plain(type(value))
            found = False if plain else each
        else:
            found = isinstance(value, each)
        if found is True:
            return True
        unknown = found if type(found) is Unknown else unknown
    return unknown or False


def issubclass_(cls: object, kinds: object) -> object:
    """Return whether a class is made from another, or from one of several."""
    if type(cls) is Unknown:
        return cls
    for each in kinds if isinstance(kinds, tuple) else (kinds,):
        if type(each) is Unknown:
            return each
    return issubclass(cls, kinds)  # type: ignore[arg-type]


def callable_(value: object) -> object:
    """Return whether a value can be called."""
    return value if type(value) is Unknown else callable(value)


def setattr_(owner: object, name: str, value: object) -> None:
    """Set an attribute by its name."""
    attributes.check_name(name)
    attributes.put(owner, name, value)


def delattr_(owner: object, name: str) -> None:
    """Delete an attribute by its name."""
    attributes.check_name(name)
    attributes.delete(owner, name)


def format_(value: object, form: object = "") -> object:
    """Return a value as a text in a format."""
    for each in (value, form):
        if type(each) is Unknown:
            return each
    if isinstance(value, Reserved):
        value = value.passed_to("a text")
        if type(value) is Unknown:
            return value
    if isinstance(form, str):
        check_widths(form)
    return format(value, form)  # type: ignore[arg-type]


class Hash(int, Reserved):
    """A hash, which is another number in every run: it is compared with others, and combined."""

    def operated(self, sign: str, left: object, right: object) -> object:
        """Return a hash of what is combined, or whether two are equal."""
        both = isinstance(left, Hash) and isinstance(right, Hash)
        if sign in ("==", "!=") and both:
            return (int(left) == int(right)) is (sign == "==")  # type: ignore[call-overload]
        if sign in ("^", "+", "*", "|", "&") and all(isinstance(e, int) for e in (left, right)):
            made = expressions.BY_SIGN[sign].apply(int(left), int(right))  # type: ignore[call-overload]
            return Hash(hash(made))
        return Unknown(self.why)

    def passed_to(self, name: str) -> object:
        """Return it where it is hashed again, or kept."""
        return self if name == "hash" else Unknown(self.why)

    why = "the hash of a text is another one each time"


def hash_(value: object) -> object:
    """Return the hash of a value; that of a text, or of an object's place, can't be told."""
    if type(value) is Unknown:
        return value
    check_weight(value)
    found = hash(value)
    return found if isinstance(value, (int, float, complex, type(None))) else Hash(found)


def exit_(code: object = None) -> None:
    """End the program."""
    raise SystemExit(code)


FUNCTIONS: tuple[Callable[..., object], ...] = (
    isinstance_, issubclass_, callable_, setattr_, delattr_, format_, exit_,
    hash_,
)  # fmt: skip


def with_reader(reader: Reader) -> dict[str, object]:
    """Return the functions that look at names, scopes and what is known."""

    def print_(
        *values: object, sep: str | None = " ", end: str | None = "\n", file: object = None,
        flush: bool = False,
    ) -> None:  # fmt: skip
        """Print to an object of the program, or nothing: what is printed says itself anyway."""
        for word in (sep, end):
            if word is not None and not isinstance(word, (str, Unknown)):
                raise TypeError("sep and end must be None or a string")
        if file is None and reader.streams:
            file = reader.streams.get("stdout")
            if file is None:
                return
            file = None if file is reader.streams.get("__stdout__") else file
        own = file is not None and not isinstance(file, Value)

        def write(word: object) -> None:
            if own:
                reader.call(attributes.get(file, "write"), (word,), {})

        for at, each in enumerate(values):
            if at:
                write(" " if sep is None else sep)
            if own or (is_open(type(each)) and not isinstance(each, Value)):
                write(str(each))
        write("\n" if end is None else end)
        if own and flush:
            reader.call(attributes.get(file, "flush"), (), {})

    def getattr_(owner: object, name: object, *default: object) -> object:
        attributes.check_name(name)
        assert isinstance(name, str)
        if len(default) > 1:
            raise TypeError("getattr expected at most 3 arguments")
        try:
            return expressions.get(reader, owner, name)
        except AttributeError:
            if not default:
                raise
            return default[0]

    def hasattr_(owner: object, name: object) -> object:
        if type(owner) is Unknown:
            return owner
        try:
            found = getattr_(owner, name)
        except AttributeError:
            return False
        unread = isinstance(owner, Value) and type(found) is Unknown
        return found if unread else True

    def locals_() -> object:
        scope = reader.frame.scope
        return scope.names if scope.is_class or scope.outer is None else dict(scope.names)

    def globals_() -> object:
        return reader.frame.unit.names

    def vars_(*owner: object) -> object:
        if not owner:
            return locals_()
        try:
            return expressions.get(reader, owner[0], "__dict__")
        except AttributeError:
            raise TypeError("vars() argument must have __dict__ attribute") from None

    def dir_(*owner: object) -> object:
        if not owner:
            return sorted(reader.frame.scope.names)
        if len(owner) > 1:
            raise TypeError("dir expected at most 1 argument")
        value = reader.known(owner[0])
        if type(value) is Unknown:
            return value
        if is_open(type(value)) and not isinstance(value, type):
            listed = reader.call(attributes.get(value, "__dir__"), (), {})
            return sorted(reader.items(listed))  # type: ignore[type-var]
        return attributes.names_of(value)

    def eval_(words: object, *scopes: object) -> object:
        if type(words) is Unknown:
            return words
        if not isinstance(words, str):
            return Unknown("eval() isn't followed with this argument")
        node = parsed(words)
        reader.guards.count(8 * len(words))
        for inner in ast.walk(node):
            if isinstance(inner, ast.expr):
                inner.lineno = reader.frame.line  # a text has that of eval() alone
        scope = reader.frame.scope
        if scopes:
            own: dict[str, object] = {}
            for each in scopes:
                if not isinstance(each, Mapping):
                    raise NotUnderstood("eval() with such names isn't followed")
                own.update(each)
            scope = Scope(Alone(reader.frame.unit, own), own)
        return expressions.evaluate(reader, node, scope)

    def exec_(words: object, *scopes: object) -> None:
        del words, scopes  # whatever they are
        raise Final("exec() may change any name, which isn't followed")

    def import_(name: object, globals: object = None, locals: object = None,
                fromlist: object = (), level: object = 0) -> object:  # fmt: skip
        del globals, locals  # which Python looks at for relative imports alone
        if not isinstance(name, str) or level or ("." in name and fromlist):
            return Unknown("__import__() isn't followed with these arguments")
        return reader.frame.unit.import_name(reader, name)

    def iter_(value: object, *sentinel: object) -> object:
        if len(sentinel) > 1:
            raise TypeError("iter expected at most 2 arguments")
        if sentinel:
            return reader.builtins["map"](lambda each: each, iter(value, sentinel[0]))  # type: ignore[operator,call-overload]
        if type(value) is Unknown:
            return value
        return reader.items(value)

    found = (print_, getattr_, hasattr_, locals_, globals_, vars_, dir_, eval_, exec_, iter_)
    return named(found) | {"__import__": import_, "quit": exit_}


def named(functions: Iterable[Callable[..., object]]) -> dict[str, object]:
    """Return functions by their names, which are Python's."""
    found: dict[str, object] = {}
    for each in functions:
        each.__name__ = each.__qualname__ = each.__name__.strip("_")
        found[each.__name__] = each
    return found


class Alone(Beside):
    """The names that eval() is given, which are all that there are."""

    def __init__(self, unit: Unit, names: dict[str, object]) -> None:
        super().__init__(unit, names)
        self.absent = _absent


def _absent(name: str) -> object:
    """Raise Python's error of a name that nobody set."""
    raise NameError(f"name {name!r} is not defined", name=name)


def parsed(words: str) -> ast.expr:
    """Return the syntax of an expression in a text."""
    if len(words) > LONGEST:
        raise too_large("a text that eval() reads")
    try:
        return syntax.expression(words.strip())
    except SyntaxError as error:
        if syntax.is_number_too_long(error):
            raise too_large("a number") from None
        raise SyntaxError(f"eval(): {error.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise NotUnderstood("eval() isn't followed with this argument") from None


def lazy(reader: Reader) -> dict[str, object]:
    """Return map, filter, zip and enumerate: Python's own, each item a step."""
    kinds = (map, filter, zip, enumerate)
    return {kind.__name__: counting(reader, kind, skips=kind is filter) for kind in kinds}


def counting(reader: Reader, kind: Callable[..., Iterator[object]], *, skips: bool) -> type:
    """Return one of Python's iterators as a class that counts a step for each item.

    One that skips items of what it is given counts those too.
    """
    name = kind.__name__
    names = {"make": staticmethod(kind), "reader": reader, "skips": skips, MARK: True}
    made = type(name, (Counting,), names)
    made.__module__ = "itertools" if hasattr(itertools, name) else "builtins"
    return made


class Counting:
    """An iterator of Python's own, each item of which is a step."""

    make: Callable[..., Iterator[object]]
    reader: Reader
    skips: bool

    def __init__(self, *arguments: object, **named: object) -> None:
        check = CHECKS.get(type(self).__name__)
        if check is not None:
            check((*arguments, *named.values()))
        given = list(arguments)
        for at, each in enumerate(given):
            if isinstance(each, (set, frozenset)):
                self.reader.items(each)  # which may have no order
            elif self.skips and type(each) in RANGES and isinstance(each, Iterable):
                given[at] = self.stepped(each)
        self._convcalc_items = self.make(*given, **named)

    def stepped(self, items: Iterable[object]) -> Iterator[object]:
        """Yield items, each of which is a step."""
        for each in items:
            self.reader.guards.count(1)
            yield each

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        self.reader.guards.count(1)
        return next(self._convcalc_items)

    def __repr__(self) -> str:
        self.reader.guards.count(10)  # what is repeated may hold others of these
        return repr(self._convcalc_items)
