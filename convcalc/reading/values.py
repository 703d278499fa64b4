"""What a value can be asked, where Python's own values aren't enough.

The values of a program are Python's own: numbers and texts, lists and dicts, and instances of real
classes. Whatever else a program may hold (a tensor, a library, something unknown) is a `Value`:
operators, items, calls, truth and length are asked of it by Python's own data model, attributes by
`get`, `put` and `delete`, since a program never reaches what an object of Python's has inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn, TypeVar

from convcalc.reading.exceptions import HIDDEN, Final, NotUnderstood

MISSING: object = object()
"""What a look-up returns where there is nothing."""
MARK = "_abc_convcalc_read"
"""The attribute of the classes whose attributes a program may reach; by its first letters
`typing.Protocol` knows that it is none of a protocol's own."""

Class = TypeVar("Class", bound=type)


def public(cls: Class) -> Class:
    """Open a class written here to programs, as if it had been read."""
    setattr(cls, MARK, True)
    WRITTEN_HERE.add(cls)
    return cls


WRITTEN_HERE: set[type] = set()
"""The classes of this package that programs may reach."""


def is_open(cls: type) -> bool:
    """Return whether a program may reach the attributes of a class and its instances."""
    try:
        return bool(type.__getattribute__(cls, MARK))
    except AttributeError:
        return False


def is_read(cls: type) -> bool:
    """Return whether a class stands in a program, not in this package."""
    return is_open(cls) and cls not in WRITTEN_HERE


class Value:
    """A value that answers for its attributes itself."""

    __slots__ = ()
    single = False
    """Whether two of its class that are equal are one and the same to a program."""

    def get(self, name: str) -> object:
        """Return an attribute; raise AttributeError where there is none."""
        raise AttributeError(f"{self!r} has no attribute {name}")

    def put(self, name: str, value: object) -> None:
        """Set an attribute; raise AttributeError where it can't be set."""
        raise AttributeError(f"{self!r} has no attribute {name} to set")

    def delete(self, name: str) -> None:
        """Delete an attribute; raise AttributeError where there is none."""
        raise AttributeError(f"{self!r} has no attribute {name} to delete")

    def handed_to(self, unknown: Unknown) -> None:
        """Be handed to something unknown; raise NotUnderstood where nothing could be said then."""


class Reserved:
    """A number with which not everything may be done, since it isn't wholly known."""

    __slots__ = ()

    def operated(self, sign: str, left: object, right: object) -> object:
        """Return what an operator or a comparison of a program makes of it."""
        raise NotImplementedError

    def passed_to(self, name: str) -> object:
        """Return what one of Python's own functions is given in its place, or an Unknown."""
        raise NotImplementedError


class Unknown(Value):
    """A value that isn't known, and why: it answers everything with itself, or is refused.

    Whoever needs to know (a condition, a loop, a size) is refused with the reason. What comes from
    a library that leaves alone whatever it is given is `harmless`, and so is all that comes of it.
    """

    __slots__ = ("error", "harmless", "kind", "why")

    def __init__(
        self, why: str, error: BaseException | None = None, *, harmless: bool = False,
        kind: str = "",
    ) -> None:  # fmt: skip
        self.why = why
        self.error = error
        """What the program itself would raise there, if that is why."""
        self.harmless = harmless
        self.kind = kind
        """The name of its class, where that is known of it."""

    def get(self, name: str) -> object:
        """Return itself: an attribute of what isn't known isn't known either."""
        return MISSING if name.startswith(HIDDEN) else _itself(self)

    def put(self, name: str, value: object) -> None:
        """Set nothing that anybody could know."""

    def delete(self, name: str) -> None:
        """Delete nothing that anybody could know."""

    def refused(self) -> NotUnderstood:
        """Return the refusal of whoever needs to know."""
        return Needed(self)


class Needed(NotUnderstood):
    """Something unknown is needed."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.why)
        self.unknown = unknown


def _itself(self: Unknown, *others: object) -> Unknown:
    del others  # whatever they are, the result isn't known
    return Unknown(self.why, self.error, harmless=self.harmless) if self.kind else self


def _refuses(self: Unknown, *others: object, **named: object) -> NoReturn:
    del others, named
    raise Needed(self)


_OPERATORS = "add sub mul truediv floordiv mod pow matmul lshift rshift or xor and divmod".split()
for _name in _OPERATORS:
    for _prefix in ("", "r", "i"):
        setattr(Unknown, f"__{_prefix}{_name}__", _itself)
for _name in "eq ne lt le gt ge neg pos invert abs getitem round".split():
    setattr(Unknown, f"__{_name}__", _itself)
for _name in (
    "bool len iter next hash index int float complex contains repr str format call setitem "
    "delitem reversed trunc floor ceil enter exit bytes"
).split():
    setattr(Unknown, f"__{_name}__", _refuses)


class Library(Value):
    """A module of a library that is written here, and what its names are."""

    __slots__ = ("find", "listed", "name", "names")

    def __init__(
        self,
        name: str,
        find: Callable[[str], object],
        names: Callable[[], Iterator[str]] = lambda: iter(()),
        listed: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self.name = name
        self.find = find
        self.names = names
        """What `from … import *` gives."""
        self.listed = listed
        """What returns all of its names, where they are known."""

    def get(self, name: str) -> object:
        """Return what a name is; unknown where it isn't followed."""
        if name in ("__name__", "__package__"):
            return self.name
        if name == "__file__":
            return f"{self.name.replace('.', '/')}/__init__.py"
        if name == "__dict__":
            return {each: self.find(each) for each in self.names()} or Unknown("__dict__ of it")
        found = self.find(name)
        return Unknown(f"{self.name}.{name} isn't followed") if found is MISSING else found

    def put(self, name: str, value: object) -> None:
        """Refuse to change what everybody sees."""
        known = self.find(name)
        if known is not MISSING and type(known) is not Unknown:
            raise Final(f"{self.name}.{name} is set to something else, which isn't followed")

    def __repr__(self) -> str:
        return self.name


NOT_READ = "stands in a library that isn't read"


def unknown_library(name: str, *, harmless: bool = False, why: str = NOT_READ) -> Library:
    """Return a library that is known by its name only."""

    def find(key: str) -> object:
        return Unknown(f"{name}.{key} {why}", harmless=harmless)

    return Library(name, find)
