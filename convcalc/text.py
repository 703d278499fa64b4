"""Numbers, shapes and memory as people read them, in ASCII too; and the package's own texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from convcalc.formulas import BYTES, MOST, ConvcalcError

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = "A worked example: "
"""What a note begins with that ends in a command to paste."""


class Counting(int):
    """A size that counts samples behind the first of a shape: a number, told by a word."""

    words: str

    @classmethod
    def of(cls, size: int, words: str) -> Counting:
        """Return a size with its word."""
        self = cls(size)
        self.words = words
        return self


def shape(sizes: Sequence[int | str | None]) -> str:
    """Return a shape as people read it: 1,024 × 27; channels that aren't known are C_out."""
    return " × ".join(map(_size, sizes))


def _size(size: int | str | None) -> str:
    if size is None:
        return "C_out"
    if isinstance(size, Counting):
        return size.words
    return size if isinstance(size, str) else f"{size:,}"


def source(values: Sequence[Any]) -> str:
    """Return a setting per axis as Python writes it, one number where all axes share it."""
    return str(values[0]) if len(set(values)) == 1 else f"({', '.join(map(str, values))})"


def typed(values: Sequence[Any]) -> str:
    """Return a setting per axis as it is typed: 3x5, or 0:1x2 where before and after differ."""
    return "x".join(_typed(each) for each in values)


def _typed(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    return ":".join(map(str, value if len(set(value)) > 1 else value[:1]))


def number(value: float) -> str:
    """Return a number as people read it: 1,024, or 9.004."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if abs(value) < 9999.5 else f"{value:,.0f}"


def entry(value: float) -> str:
    """Return an entry of a matrix: a whole number as it is, others to six digits."""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def memory(size: int) -> str:
    """Return a number of bytes in the unit that a person reads it in."""
    if size < 1024:
        return counted(size, "byte")
    units = iter(UNITS)
    unit, tenths = next(units), _tenths(size, 1024)
    for power, larger in enumerate(units, 2):
        if tenths < 10_240:
            break
        unit, tenths = larger, _tenths(size, 1024**power)
    return f"{tenths // 10:,}.{tenths % 10} {unit}"


def _tenths(size: int, unit: int) -> int:
    """Return how many tenths of a unit that is, rounded; in ints, so that no digit is lost."""
    return (20 * size + unit) // (2 * unit)


MEMORY = {
    **{unit: 1024**power for power, unit in enumerate(("kib", "mib", "gib", "tib"), 1)},
    **{unit: 1000**power for power, unit in enumerate(("kb", "mb", "gb", "tb"), 1)},
    "b": 1, "byte": 1, "bytes": 1,
}  # fmt: skip
"""How many bytes a unit of memory has."""


def read_memory(words: str) -> int:
    """Return the bytes of `24GiB` (1,024 to a KiB) or `24GB` (1,000 to a kB), more than none."""
    found = re.fullmatch(r"([\d_,]*\.?\d*)\s*([a-zA-Z]*)", words.strip())
    number, unit = found.groups() if found else ("", "")
    plain = re.sub("[,_]", "", number)
    if not plain or plain == "." or (unit and unit.lower() not in MEMORY):
        raise ConvcalcError("a size of memory is expected, such as 24GiB, 512MiB or 8GB")
    if not unit:
        raise ConvcalcError(f"a unit is expected: {number}GiB, {number}MiB or {number}GB")
    amount = float(plain) * MEMORY[unit.lower()]
    if amount > MOST:  # also where it is infinite
        raise ConvcalcError(f"at most {memory(MOST)} is possible")
    size = int(amount)
    if not size:
        raise ConvcalcError("nothing fits in no memory: more than 0 is expected")
    return size


def bytes_each(dtype: str) -> str:
    """Return what one number of a dtype takes: 4 bytes (float32)."""
    return f"{counted(BYTES[dtype], 'byte')} ({dtype})"


def product(factors: Iterable[int | None]) -> str:
    """Return factors as a formula has them: 3 · 32 · 32; those that aren't known stay out."""
    return " · ".join(number(each) for each in factors if each is not None)


AXES = {1: ("l",), 2: ("h", "w"), 3: ("d", "h", "w")}
"""The assignment's letters for sizes on the spatial axes, by their number."""


def letters(ndim: int, of: str = "", before: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the letters of a tensor's sizes: c, h_k and w_k."""
    return (*before, *(f"{axis}{of}" for axis in AXES[ndim]))


def around(padding: Sequence[tuple[int, int]]) -> str:
    """Return the padding of every axis in words."""
    if any(before != after for before, after in padding):
        return " × ".join(f"{before:,}:{after:,}" for before, after in padding) + " before:after"
    amounts = [number(before) for before, _ in padding]
    if len(set(amounts)) == 1:
        return f"{amounts[0]} on every side"
    return f"{' × '.join(amounts)} on both sides"


def counted(number: int, unit: str, units: str = "") -> str:
    """Return a number of things: 1 level, 2 levels; their plural where an s doesn't make it."""
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {units or f'{unit}s'}"


def listed(names: Sequence[str], joint: str = "and") -> str:
    """Return names as a sentence lists them: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} {joint} {last}" if first else last


def excerpt(text: str, most: int = 40) -> str:
    """Return the start of a text that somebody wrote, quoted."""
    text = text.strip()
    return repr(text if len(text) <= most else f"{text[:most]}…")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is most like this one, if any is."""
    from difflib import get_close_matches  # here, since it is loaded only where a name is wrong

    known = list(names)
    alike = next((each for each in known if each.lower() == name.lower()), None)
    return alike or next(iter(get_close_matches(name, known, n=1)), None)


def hint(name: str, names: Iterable[str]) -> str:
    """Return the end of a message on a name that isn't there: the one that is most like it."""
    near = nearest(name, names)
    return f": {near} is the nearest name" if near else ""


ASCII = {
    "×": "x",
    "·": "*",
    "−": "-",
    "–": "-",
    "′": "'",
    "→": "->",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
    "Σ": "sum",
    "δ": "d",
    "∂": "d",
    "⇔": "<=>",
    "ᵀ": "^T",
    "Ũ": "U~",
    "\N{COMBINING TILDE}": "~",
    "∇": "_grad",
    "⋯": "...",
    "│": "|",
    "─": "-",
    "●": "*",
    "╭": "/",
    "╮": "\\",
    "╰": "\\",
    "╯": "/",
    **dict.fromkeys("├┤┬┴┼", "+"),
    "┃": "#",
}
"""What stands for a glyph where it can't be written."""


def harmless(text: str) -> str:
    """Return a text from outside with what could steer a terminal or a page written out.

    That is whatever is not to be seen: control characters and escape codes, marks that turn the
    direction of writing, halves of characters, line ends.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def writable(text: str, encoding: str) -> str:
    """Return the text with what `encoding` can't write replaced by what it can."""
    try:
        text.encode(encoding)
        return text
    except UnicodeEncodeError:
        return "".join(_writable_character(each, encoding) for each in text)


def _writable_character(character: str, encoding: str) -> str:
    escaped = character.encode(encoding, "backslashreplace").decode(encoding)
    return character if escaped == character else ASCII.get(character, escaped)


class _Loader(Protocol):
    """What has read this file, and reads what lies beside it."""

    def get_data(self, path: str) -> bytes: ...


@cache
def own_text(path: Path) -> str:
    """Return a text of the package's, whether it lies in a folder or in a zip file, read once.

    Raises OSError where there is none.
    """
    loader = cast(_Loader, globals()["__loader__"])
    return loader.get_data(str(path)).decode("utf-8").replace("\r\n", "\n")


@cache
def written_for(module: str, folder: Path) -> Path | None:
    """Return the text in a folder of the package's that stands for a module, if there is one."""
    path = folder / f"{module}.py.txt"
    if not re.fullmatch(r"[\w.]+", module):
        return None  # a name that leads out of the folder
    try:
        own_text(path)
    except OSError:
        return None
    return path
