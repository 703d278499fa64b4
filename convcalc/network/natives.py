"""Python's own values: what operators, built-in functions and methods do, within bounds.

Only what stands in the tables here can be reached, by its name; no attribute of a Python object
is ever looked up by a name from somebody's file.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch
from convcalc.network.modules import (
    Builtin,
    Class,
    Function,
    Instance,
    Partial,
)
from convcalc.network.refusals import NotUnderstood, Raised, TooMuch, Unknown, too_large
from convcalc.network.tensors import Tensor, as_number

MOST_ITEMS = 200_000
"""The most entries of a list, a text or a range."""
MOST_BITS = 4096
"""The largest whole number, in bits."""

SUPER = object()
"""What the name super is worth: how it is called hangs on where."""


LOCALS = object()
"""What the name locals is worth: what it returns hangs on where it is called."""


class Later:
    """A name that is looked up when it is needed: what another file holds."""

    __slots__ = ("file", "find")

    def __init__(self, find: Callable[[Any], Any], file: Any = None) -> None:
        self.find = find
        self.file = file
        """The file that holds it, where that is somebody's."""

    def get(self, interpreter: Any) -> Any:
        """Return what the name is worth."""
        return self.find(interpreter)


class Size(tuple[int, ...]):
    """A tensor's sizes, as torch.Size is a tuple."""

    __slots__ = ()


class Pair(tuple[Any, Any]):
    """Values and their places, as torch returns them: a tuple with names."""

    __slots__ = ()
    NAMES = ("values", "indices")


class Ratio(float):
    """A number of samples divided by something: int() makes a size of the batch of it again."""

    each: float
    samples: int


class Changed:
    """A context in which one attribute is another."""

    def __init__(self, owner: Any, **changed: Any) -> None:
        self.owner = owner
        self.changed = changed
        self.before: dict[str, Any] = {}

    def __enter__(self) -> None:
        for name, value in self.changed.items():
            self.before[name] = vars(self.owner)[name]
            vars(self.owner)[name] = value

    def __exit__(self, *error: object) -> None:
        vars(self.owner).update(self.before)


class NativeType(Builtin):
    """A type of Python: what it makes, and what is of it."""

    __slots__ = ("types",)

    def __init__(
        self, name: str, types: tuple[type, ...], make: Callable[..., Any], reads: bool = False
    ) -> None:
        super().__init__(name, make, reads)
        self.types = types


class Ignored(Builtin):
    """What only type checkers read: it takes any argument and any index."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, lambda *arguments, **named: self)


def _partial(function: Any, *arguments: Any, **named: Any) -> Partial:
    return Partial(function, arguments, named)


PARTIAL = NativeType("partial", (Partial,), _partial)
FUNCTION = NativeType("function", (Function,), type)


# ---------------------------------------------------------------------------------------------
# Operators
# ---------------------------------------------------------------------------------------------

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
}
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PLAIN = (int, float, complex, str, bytes, list, tuple, set, frozenset, dict, type(None), range)


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Return what an operator makes of two plain values."""
    if sign not in ARITHMETIC or not isinstance(left, PLAIN) or not isinstance(right, PLAIN):
        raise Raised(f"{kind(left)} {sign} {kind(right)} has no meaning", "TypeError")
    _check_growth(sign, left, right)
    if sign == "/" and isinstance(left, Batch) and not isinstance(right, Batch):
        return ratio(left, right)
    try:
        result = bounded(ARITHMETIC[sign](left, right))
        if (hangs_on_batch(left) or hangs_on_batch(right)) and not _for_any_batch(
            sign, left, right, result
        ):
            return Unknown(f"{as_words(left)} {sign} {as_words(right)} {OF_BATCH}")
        return result
    except ZeroDivisionError as error:
        raise Raised(f"{words(left)} {sign} {words(right)}: {error}", "ZeroDivisionError") from None
    except OverflowError:
        raise too_large(f"{words(left)} {sign} {words(right)}") from None
    except ConvcalcError:
        raise
    except ValueError as error:
        raise Raised(f"{words(left)} {sign} {words(right)}: {error}", "ValueError") from None
    except TypeError:
        raise Raised(f"{kind(left)} {sign} {kind(right)} has no meaning", "TypeError") from None


def _check_growth(sign: str, left: Any, right: Any) -> None:
    """Raise where the result would be too large, before it is worked out."""
    if sign == "**" and isinstance(left, int) and isinstance(right, int):
        if right > 0 and left.bit_length() * right > MOST_BITS:
            raise too_large(f"{left} ** {right}")
    elif sign == "<<" and isinstance(right, int):
        if right > MOST_BITS:
            raise too_large(f"{left} << {right}")
    elif sign == "*":
        for many, times in ((left, right), (right, left)):
            grows = isinstance(many, (str, bytes, list, tuple)) and isinstance(times, int)
            if grows and len(many) * times > MOST_ITEMS:
                entries = text.counted(len(many), "entry", "entries")
                raise too_large(f"{times:,} times {kind(many)} of {entries}")


OF_BATCH = "hangs on how many samples there are, which --batch says"


def hangs_on_batch(value: Any) -> bool:
    """Return whether a number is another one for another batch, of which nobody said how large."""
    return isinstance(value, (Batch, Ratio)) and not value.samples


def _for_any_batch(sign: str, left: Any, right: Any, result: Any) -> bool:
    """Return whether a result of a number of samples is right however many there are."""
    both = isinstance(left, Batch) and isinstance(right, Batch)
    if both and sign == "*":
        return False
    if isinstance(result, Batch) or not isinstance(result, (int, float)):
        return True
    if both:
        alike = {"%": left.each % right.each == 0, "-": left.each == right.each}
        return sign in ("/", "//") or alike.get(sign, False)
    return sign == "%" and isinstance(left, Batch) and not left.each % right


def as_words(value: Any) -> str:
    """Return a number as a message calls it."""
    return "the batch" if isinstance(value, (Batch, Ratio)) else words(value)


def ratio(left: Batch, right: Any) -> Any:
    """Return a number of samples divided by a number."""
    if not isinstance(right, (int, float)) or not right:
        return operator.truediv(int(left), right)
    value = Ratio(int(left) / right)
    value.each, value.samples = left.each / right, left.samples
    return value


def ordered(sign: str, left: Any, right: Any) -> Any:
    """Return what a comparison says, where one side may hang on the batch."""
    if hangs_on_batch(left) is hangs_on_batch(right):
        return comparison(sign, left, right)
    return against_batch(sign, left, right)


def comparison(sign: str, left: Any, right: Any) -> Any:
    """Return what a comparison of two plain values says."""
    if sign in ("==", "!="):
        return equal(left, right) is (sign == "==")
    for each in (left, right):
        traversable(each)
    try:
        return bool(COMPARED[sign](left, right))
    except TypeError:
        raise Raised(f"{kind(left)} {sign} {kind(right)} has no meaning", "TypeError") from None


def equal(left: Any, right: Any) -> bool:
    """Return whether two values are equal."""
    if isinstance(left, NativeType) and isinstance(right, NativeType):
        return left.types == right.types
    if isinstance(left, PLAIN) and isinstance(right, PLAIN):
        if isinstance(left, NESTED) and isinstance(right, NESTED):
            traversable(left)
        return bool(left == right)
    return left is right


def against_batch(sign: str, left: Any, right: Any) -> Any:
    """Return how the number of samples, which may be any above one, compares with a number."""
    if sign in ("==", "!="):
        return sign == "!="
    few, many = (
        COMPARED[sign](*(each * count if hangs_on_batch(each) else each for each in (left, right)))
        for count in (2, 10**9)
    )
    if few is not many:
        return Unknown(f"{as_words(left)} {sign} {as_words(right)} {OF_BATCH}")
    return few


def identical(left: Any, right: Any) -> bool:
    """Return whether two values are one and the same."""
    if isinstance(left, (int, str, float)) and isinstance(right, (int, str, float)):
        return type(left) is type(right) and left == right
    if isinstance(left, NativeType) and isinstance(right, NativeType):
        return left.types == right.types
    return left is right


def bounded(value: Any) -> Any:
    """Return a value, or refuse it where it is too large to follow."""
    if isinstance(value, int):
        if value.bit_length() > MOST_BITS:
            raise too_large("a number")
    elif isinstance(value, (str, bytes, list, tuple, dict, set, frozenset, range)):
        try:
            size = len(value)
        except OverflowError:
            size = MOST_ITEMS + 1
        if size > MOST_ITEMS:
            raise too_large(f"{kind(value)} of {size:,} entries")
    return value


def cost(value: Any) -> int:
    """Return how many steps it counts to make a value: its memory, in units of 64 bytes."""
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return len(value) >> 3
    return len(value) >> 6 if isinstance(value, (str, bytes)) else 0


def weight(value: Any) -> int:
    """Return how much a value holds: its entries and those within, with their characters.

    What is shared counts wherever it stands. Refuse what holds too much to go through, as what
    holds itself does.
    """
    if not isinstance(value, NESTED):
        return _size([value])
    waiting: list[tuple[Any, int]] = [(value, 0)]
    total = 0
    while waiting:
        each, depth = waiting.pop()
        parts = [*each, *each.values()] if isinstance(each, dict) else each
        total += len(parts) + _size(parts)
        if total > MOST_ITEMS or depth > DEEPEST:
            raise TooMuch(f"{kind(value)} holds too much to go through")
        waiting += [(part, depth + 1) for part in nested_in(parts)]
    return total


def _size(parts: Iterable[Any]) -> int:
    """Return what texts and numbers take beyond an entry each."""
    kinds = set(map(type, parts))
    if kinds <= {float, bool, type(None)}:
        return 0
    if kinds == {int}:
        return sum(map(int.bit_length, parts)) >> 4
    texts = sum(len(part) for part in parts if isinstance(part, (str, bytes)))
    return (texts >> 3) + (sum(part.bit_length() for part in parts if isinstance(part, int)) >> 4)


def nested_in(parts: Iterable[Any]) -> list[Any]:
    """Return the containers among some values."""
    if not any(issubclass(kind, NESTED) for kind in set(map(type, parts))):
        return []
    return [part for part in parts if isinstance(part, NESTED)]


def weigh(interpreter: Any, *values: Any) -> None:
    """Count the steps that it takes to go through values; refuse what holds too much for that."""
    large = [each for each in values if isinstance(each, (str, bytes, *NESTED))]
    if large:
        interpreter.charge(sum(map(weight, large)))


QUICK = frozenset({
    "add_module", "append", "bool", "callable", "chain", "enumerate", "filter", "get", "id",
    "insert", "isinstance", "islice", "items", "iter", "keys", "len", "map", "next", "partial",
    "pop", "popitem", "range", "setdefault", "slice", "type", "values", "zip", "zip_longest",
})  # fmt: skip
"""What takes no longer where its arguments hold more."""


def traversable(value: Any) -> Any:
    """Return a value, or refuse it where it holds too much to go through."""
    if isinstance(value, NESTED):
        weight(value)
    return value


DEEPEST = 500
"""The deepest that lists, tuples and dicts may nest where they are gone through."""


NESTED = (list, tuple, set, frozenset, dict)


def tried(what: str, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Return what a function of Python itself returns; what it raises is the model's own error."""
    try:
        return function(*arguments, **named)
    except ConvcalcError:
        raise
    except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as error:
        words = str(error.args[0]) if error.args else "isn't defined for this"
        raise Raised(f"{what}: {words}", type(error).__name__) from None


class Lazy(Iterator[Any]):
    """An iterator that makes its items when they are asked for, each a step."""

    DEEPEST = 50
    """The deepest that iterators may stand in one another."""

    def __init__(self, interpreter: Any, items: Iterator[Any], *sources: Any) -> None:
        self.interpreter = interpreter
        self.items = items
        depths = [each.depth for each in sources if isinstance(each, Lazy)]
        self.depth: int = 1 + max(depths, default=0)
        if self.depth > self.DEEPEST:
            raise TooMuch("iterators stand in one another too deep to follow")

    def __next__(self) -> Any:
        value = next(self.items)
        self.interpreter.charge(1 + (len(value) >> 3 if type(value) is tuple else 0))
        return value


VIEWS: tuple[Any, ...] = (type({}.keys()), type({}.values()), type({}.items()))


def is_shuffled(value: Any) -> bool:
    """Return whether the order of a set is another one in every run of Python."""
    return len(value) > 1 and not all(isinstance(each, (int, float)) for each in value)


def hashable(interpreter: Any, value: Any) -> Any:
    """Return what may be a key."""
    if isinstance(value, Unknown):
        raise NotUnderstood(f"a key isn't known: {value.why}")
    if isinstance(value, NESTED):
        weigh(interpreter, value)
        waiting: list[Any] = [value]
        while waiting:
            each = waiting.pop()
            if isinstance(each, (list, dict, set)):
                raise Raised(f"{kind(each)} can't be a key", "TypeError")
            waiting += [part for part in each if isinstance(part, NESTED)]
    return value


def mapping(value: Any) -> dict[Any, Any]:
    """Return what stands behind two stars."""
    if isinstance(value, dict):
        return value
    if isinstance(value, Unknown):
        raise NotUnderstood(f"what stands behind ** isn't known: {value.why}")
    raise Raised(f"{kind(value)} is no dict, which ** takes", "TypeError")


def item(owner: Any, key: Any) -> Any:
    """Return what stands in a plain container under a key."""
    if isinstance(owner, (NativeType, Ignored)):
        return owner  # list[int]
    if isinstance(key, slice):
        for part in (key.start, key.stop, key.step):
            if isinstance(part, Unknown):
                return part
    if isinstance(owner, Function) or not isinstance(owner, (list, tuple, dict, str, range)):
        raise Raised(f"{kind(owner)} has no items", "TypeError")
    try:
        if isinstance(owner, Size) and isinstance(key, slice):
            return Size(tuple(owner)[key])
        return owner[plain_key(owner, key)]
    except KeyError:
        raise Raised(f"there is no key {words(key)}", "KeyError") from None
    except IndexError:
        raise Raised(
            f"index {key} is beyond {text.counted(len(owner), 'item')}", "IndexError"
        ) from None
    except TypeError:
        raise Raised(f"{kind(key)} is no index of {kind(owner)}", "TypeError") from None


def plain_key(owner: Any, key: Any) -> Any:
    """Return a key; a tensor of one known number is an index."""
    if isinstance(key, Tensor) and not isinstance(owner, dict):
        number = as_number(key)
        if isinstance(number, Unknown):
            raise NotUnderstood(number.why)
        return number
    return key


def kind(value: Any) -> str:
    """Return what a value is, in a word or two."""
    if value is None:
        return "None"
    if isinstance(value, Instance):
        return f"an object of {value.cls.name}"
    if isinstance(value, (Class, Function, Builtin)):
        return value.name
    if isinstance(value, Tensor):
        return "a tensor"
    names: dict[type, str] = {
        bool: "a bool", int: "an int", float: "a float", str: "a str", list: "a list",
        tuple: "a tuple", dict: "a dict", set: "a set", Unknown: "something unknown",
    }  # fmt: skip
    return next((word for type_, word in names.items() if isinstance(value, type_)), "an object")


def words(value: Any) -> str:
    """Return a value as a message quotes it."""
    if isinstance(value, Worded):
        value = value.shown
    if isinstance(value, str):
        shown = value if value.isprintable() else repr(value)[1:-1]
        return shown if len(shown) <= 200 else f"{shown[:200]}…"
    if value is None or isinstance(value, (int, float, tuple, list)):
        shown = repr(traversable(value))
        return shown if len(shown) <= 200 else f"{shown[:200]}…"
    return kind(value)


# ---------------------------------------------------------------------------------------------
# Texts
# ---------------------------------------------------------------------------------------------

WIDE = re.compile(r"[0-9]{4,}|\*")
FILLED_WIDE = re.compile(r"%(\(.*?\))?[^a-zA-Z%]*([0-9]{4,}|\*)")


class Worded(Unknown):
    """A text that isn't known to the letter, and what a message shows for it."""

    __slots__ = ("shown",)

    def __init__(self, shown: str) -> None:
        super().__init__("a text that isn't known to the letter")
        self.shown = shown


OF_SAMPLES = {Batch, Ratio}
LITERAL = {*PLAIN, bool, type(Ellipsis), *OF_SAMPLES}
"""The types whose text is Python's own."""


def is_literal(value: Any) -> bool:
    """Return whether Python's text of a value is known to the letter, with all that it holds."""
    traversable(value)
    waiting: list[Any] = [[value]]
    while waiting:
        each = waiting.pop()
        parts = [*each, *each.values()] if isinstance(each, dict) else each
        if isinstance(each, (set, frozenset)) and is_shuffled(each):
            return False
        kinds = set(map(type, parts))
        if not kinds <= LITERAL or any(map(hangs_on_batch, parts) if kinds & OF_SAMPLES else ()):
            return False
        waiting += nested_in(parts)
    return True


def filled(interpreter: Any, form: str, values: Any) -> Any:
    """Return `form % values`."""
    if FILLED_WIDE.search(form):
        raise NotUnderstood("a text so wide isn't followed")
    parts = values if isinstance(values, tuple) else (values,)
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    if unknown is not None:
        return unknown
    weigh(interpreter, form, *parts)
    if is_literal(values):
        return bounded(tried(f"{text.excerpt(form)} % …", operator.mod, form, values))
    shown = [part if is_literal(part) else as_text(interpreter, part) for part in parts]
    try:
        words = form % tuple(each.shown if isinstance(each, Worded) else each for each in shown)
    except (TypeError, ValueError, LookupError):
        words = form
    exact = set(re.findall("%.", form)) <= {"%s", "%%"} and len(form.split("%s")) == len(parts) + 1
    return words if exact and not any(isinstance(e, Unknown) for e in shown) else Worded(words)


def formatted(interpreter: Any, value: Any, form: Any, conversion: str = "") -> Any:
    """Return what an f-string shows of a value."""
    if isinstance(form, Unknown):
        return form
    if WIDE.search(form):
        raise NotUnderstood("a text so wide isn't followed")
    if conversion:
        value = (as_text if conversion == "s" else as_repr)(interpreter, value)
        if conversion == "a" and isinstance(value, str):
            value = value.encode("ascii", "backslashreplace").decode()
    elif not form:
        value = as_text(interpreter, value)
    if isinstance(value, Unknown):
        return value
    weigh(interpreter, value)
    if not is_literal(value):
        return Worded(kind(value))
    return bounded(tried(f"format {form}", format, value, form))


def joined(interpreter: Any, parts: list[Any]) -> Any:
    """Return texts put together; what isn't known of them is known of none."""
    interpreter.charge(sum(map(cost, parts)))
    if not any(isinstance(part, Unknown) for part in parts):
        return bounded("".join(parts))
    return Worded("".join(part if isinstance(part, str) else words(part) for part in parts))


def as_text(interpreter: Any, value: Any) -> Any:
    """Return str(value), which may be unknown."""
    if isinstance(value, (str, Unknown)):
        return value
    if isinstance(value, Instance):
        method = _written(value, "__str__") or _written(value, "__repr__")
        if method is not None:
            return _said(interpreter, value, method)
        if _is_told_by_what_it_holds(value):
            held = value.attributes.get("args", ())
            return as_text(interpreter, held[0] if len(held) == 1 else held or "")
    return as_repr(interpreter, value)


def as_repr(interpreter: Any, value: Any) -> Any:
    """Return repr(value), which may be unknown."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Instance):
        method = _written(value, "__repr__")
        if method is not None:
            return _said(interpreter, value, method)
        return Worded(kind(value))
    weigh(interpreter, value)
    if is_literal(value):
        return bounded(repr(value))
    return Worded(kind(value))


def _written(value: Instance, name: str) -> Function | None:
    """Return a method that somebody's file gives an object, if it does."""
    method = value.cls.find(name) if value.cls.own else None
    return method if isinstance(method, Function) else None


def _said(interpreter: Any, value: Instance, method: Function) -> Any:
    """Return the text by which an object tells itself."""
    told = interpreter.called(method, [value], {})
    if not isinstance(told, (str, Unknown)):
        raise Raised(f"{method.name} of {kind(value)} returns no text", "TypeError")
    return told


def _is_told_by_what_it_holds(value: Instance) -> bool:
    """Return whether the text of an object is that of an exception's arguments."""
    return value.cls.is_a(EXCEPTIONS["BaseException"]) and not value.cls.is_a(
        EXCEPTIONS["KeyError"]
    )


# ---------------------------------------------------------------------------------------------
# Exceptions
# ---------------------------------------------------------------------------------------------

KINDS = {
    "Exception": "BaseException", "KeyboardInterrupt": "BaseException",
    "SystemExit": "BaseException", "StopIteration": "Exception", "ArithmeticError": "Exception",
    "ZeroDivisionError": "ArithmeticError", "OverflowError": "ArithmeticError",
    "AssertionError": "Exception", "AttributeError": "Exception", "ImportError": "Exception",
    "ModuleNotFoundError": "ImportError", "LookupError": "Exception", "IndexError": "LookupError",
    "KeyError": "LookupError", "NameError": "Exception", "UnboundLocalError": "NameError",
    "OSError": "Exception", "IOError": "OSError", "FileNotFoundError": "OSError",
    "RuntimeError": "Exception", "NotImplementedError": "RuntimeError",
    "RecursionError": "RuntimeError", "TypeError": "Exception", "ValueError": "Exception",
    "Warning": "Exception", "UserWarning": "Warning", "DeprecationWarning": "Warning",
    "FutureWarning": "Warning", "RuntimeWarning": "Warning", "EOFError": "Exception",
}  # fmt: skip
"""Python's exceptions, each with the one that it is made from."""


def _raise_with(interpreter: Any, self: Instance, *arguments: Any) -> None:
    self.attributes["args"] = arguments


def _exceptions() -> dict[str, Class]:
    """Return the classes of the exceptions."""
    made = {"BaseException": Class("BaseException", [], {})}
    made["BaseException"].namespace["__init__"] = Builtin("__init__", _raise_with, reads=True)
    for name, base in KINDS.items():
        made[name] = Class(name, [made[base]], {})
    return made


EXCEPTIONS = _exceptions()


def raised(interpreter: Any, value: Any) -> Raised:
    """Return what raising a value raises."""
    if isinstance(value, Unknown):
        raise NotUnderstood(f"what is raised isn't known: {value.why}")
    if isinstance(value, Class):
        value = interpreter.called(value, [], {})
    if isinstance(value, CaughtError):
        return value.error
    if not isinstance(value, Instance) or not value.cls.is_a(EXCEPTIONS["BaseException"]):
        raise Raised("what is raised is no exception", "TypeError")
    said = " ".join(words(each) for each in value.attributes.get("args", ()))
    name = value.cls.name
    return Raised(f"the model itself refuses: {said or name}", name, value)


class CaughtError(Instance):
    """The exception that a handler gives a name."""

    def __init__(self, error: Raised) -> None:
        super().__init__(EXCEPTIONS.get(error.kind, EXCEPTIONS["Exception"]))
        self.error = error
        self.attributes["args"] = (Worded(error.message),)


def caught(error: Raised) -> Instance:
    """Return the exception as a handler sees it."""
    return error.value if isinstance(error.value, Instance) else CaughtError(error)


def is_exception(error: Raised, wanted: Any) -> bool:
    """Return whether an error is of a kind that a handler names."""
    if not isinstance(wanted, Class):
        return False
    found = error.value.cls if isinstance(error.value, Instance) else EXCEPTIONS.get(error.kind)
    return found is not None and found.is_a(wanted)


TENSOR_TYPES = {"torch.FloatTensor": "float", "torch.LongTensor": "int", "torch.BoolTensor": "bool"}
"""What torch calls its tensors by their kind of numbers."""


def is_instance(interpreter: Any, value: Any, wanted: Any) -> Any:
    """Return whether a value is of a type, or of one of several."""
    if isinstance(value, Unknown):
        return value
    if isinstance(wanted, tuple):
        weigh(interpreter, wanted)
        interpreter.charge(len(wanted))  # each of which is looked at here, not by Python
        answers = [is_instance(interpreter, value, each) for each in wanted]
        unknown = next((each for each in answers if isinstance(each, Unknown)), False)
        return any(each is True for each in answers) or unknown
    if isinstance(wanted, Unknown):
        # Nothing that is known here is of a class that isn't.
        return False if isinstance(value, (*PLAIN, Tensor)) else wanted
    if isinstance(wanted, NativeType):
        return isinstance(value, wanted.types)
    if isinstance(wanted, Builtin) and wanted.name in TENSOR_TYPES:
        return isinstance(value, Tensor) and value.dtype == TENSOR_TYPES[wanted.name]
    if isinstance(wanted, Class):
        if isinstance(value, Instance):
            return value.cls.is_a(wanted)
        return wanted.name == "object"
    return Unknown(f"{kind(wanted)} is no type that is followed")
