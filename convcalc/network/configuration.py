"""Configuration objects: what somebody defined, read by key and by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.formulas import LARGEST, ConvcalcError
from convcalc.reading.attributes import put_within
from convcalc.reading.exceptions import HIDDEN, UNTOLD
from convcalc.reading.texts.data import of_json
from convcalc.reading.texts.sources import read_text
from convcalc.reading.values import MISSING, public

if TYPE_CHECKING:
    from convcalc.reading.files import Project

ASKS = HIDDEN + "_asks"
"""The attribute of an error that says which entry of which configuration isn't there."""


@public
class Configuration(dict[str, object]):
    """A dict whose entries are attributes too."""

    __slots__ = ("_convcalc_given", "_convcalc_name")
    __module__ = "configuration"

    _convcalc_name: str
    """What it is called, with dots, where somebody gave it."""
    _convcalc_given: str
    """How an entry of it is given."""

    @property
    def __dict__(self) -> Configuration:  # type: ignore[override]
        """Its attributes are its entries."""
        return self

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("_") and name in self:
            return self[name]  # of the same name as a method, too
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> object:
        words = f"'Configuration' object has no attribute {name!r}"
        raise lacks(AttributeError(words, name=name, obj=self), self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def __missing__(self, name: str) -> object:
        raise lacks(KeyError(name), self, name)


def lacks(error: Exception, owner: Configuration, name: str) -> Exception:
    """Return an error that keeps which entry of which configuration isn't there."""
    vars(error)[ASKS] = owner, name
    vars(error)[UNTOLD] = lambda: asked(error)
    return error


def asked(error: BaseException) -> str | None:
    """Return what is said of an entry that isn't given, where an error is about one."""
    owner, name = vars(error).get(ASKS, (None, ""))
    if not isinstance(owner, Configuration):
        return None
    near = text.nearest(str(name), list(owner))
    hint = f"; {near} is the nearest that is" if near else ""
    if not hasattr(owner, "_convcalc_name"):  # a copy that the program made
        return f"{name} isn't given in a configuration{hint}"
    whole = f"{owner._convcalc_name}.{name}"
    return f"{whole} isn't given, {owner._convcalc_given.format(whole)} gives it{hint}"


DEFINED = "--define {}=…"
"""How an entry of what was defined is given."""


def configured(value: object, name: str, given: str = DEFINED) -> object:
    """Return a value with configurations in the place of dicts, which somebody calls `name`."""
    if isinstance(value, dict):
        entries = {key: configured(each, f"{name}.{key}", given) for key, each in value.items()}
        found = Configuration(entries)
        object.__setattr__(found, "_convcalc_name", name)
        object.__setattr__(found, "_convcalc_given", given)
        return found
    if isinstance(value, list):
        return [configured(each, f"{name}.{at}", given) for at, each in enumerate(value)]
    return value


def argument(project: Project, name: str, default: object = MISSING) -> object:
    """Return what was defined of an argument, as a whole or entry by entry; else `default`.

    Entries go into the default where it takes some, and make a configuration where there is none.
    """
    value = default
    if name in project.defined:
        value = project.defined[name]
        project.used.add(name)
    entries = {whole: each for whole, each in project.defined.items()
               if whole.startswith(f"{name}.")}  # fmt: skip
    if entries and (value is MISSING or value is None):
        project.used |= entries.keys()
        return configured(_tree(entries)[name], name)
    for whole, each in entries.items():
        if put_within(value, whole.split(".")[1:], each):
            project.used.add(whole)
    return value


def wholes(defined: Mapping[str, object]) -> dict[str, object]:
    """Return configurations of what was defined of names by their attributes alone."""
    entries = {name: value for name, value in defined.items()
               if name.partition(".")[0] not in defined}  # fmt: skip
    return {first: configured(value, first) for first, value in _tree(entries).items()}


def _tree(entries: Mapping[str, object]) -> dict[str, object]:
    """Return dicts within one another, of entries whose names have dots."""
    found: dict[str, object] = {}
    for whole, value in entries.items():
        *path, last = whole.split(".")
        owner = found
        for each in path:
            inner = owner.setdefault(each, {})
            if not isinstance(inner, dict):
                raise ConvcalcError(f"{whole}: {each} is defined as a whole, too", "define")
            owner = inner
        owner[last] = value
    return found


def of_file(path: Path) -> object:
    """Return what stands in a file of JSON; raise ConvcalcError where nothing does."""
    from json import JSONDecodeError

    words = read_text(path)
    try:
        return of_json(words, _whole)
    except JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ConvcalcError(f"{path.name}, {place}: that is not JSON") from None
    except ConvcalcError:
        raise
    except ValueError as error:
        raise ConvcalcError(f"{path.name}: {error}") from None


def _whole(digits: str) -> int:
    if len(digits) > 2 * len(str(LARGEST)) or abs(int(digits)) > LARGEST:
        raise ConvcalcError(f"a number beyond {LARGEST:,}")
    return int(digits)
