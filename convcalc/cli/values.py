"""Option values as people type them: 3x32x32, 3x5, 0:1x0:1, same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from convcalc.formulas import ConvcalcError, Pair
from convcalc.layers.windows import Ends, Shape

if TYPE_CHECKING:
    from convcalc.network.parsing import Module

LARGEST = 10**12
"""The largest number that an option takes: beyond any tensor, yet quick to calculate with."""

PADDING_WORDS = ("same", "valid", "full")


def read_number(text: str, least: int) -> int:
    """Return a whole number from `least` to LARGEST."""
    text = text.strip()
    if not _is_number(text):
        raise ConvcalcError("not a whole number")
    if len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise ConvcalcError(f"at most {LARGEST:,} would do")
    if int(text) < least:
        raise ConvcalcError(f"at least {least} would do")
    return int(text)


def _is_number(text: str) -> bool:
    # int() would take other scripts' digits and 1_000 too.
    return text.isascii() and text.removeprefix("-").isdecimal()


def read_positive(text: str) -> int:
    """Return a whole number that is at least 1."""
    return read_number(text, 1)


def read_limit(text: str) -> int:
    """Return how many answers to show, up to 100,000."""
    number = read_number(text, 1)
    if number > 100_000:
        raise ConvcalcError("at most 100,000 would do")
    return number


def read_largest_kernel(text: str) -> int:
    """Return the largest kernel to look for, up to 256."""
    number = read_number(text, 1)
    if number > 256:
        raise ConvcalcError("at most 256 would do, or a kernel of its own with --k")
    return number


def read_index(text: str) -> int:
    """Return a whole number that is at least 0."""
    return read_number(text, 0)


def read_seconds(text: str) -> float:
    """Return a number of seconds, at most a minute."""
    seconds = _seconds(text)
    if seconds is not None and 0 <= seconds <= 60:
        return seconds
    raise ConvcalcError("a number of seconds from 0 to 60, such as 0.5, would do")


def read_timeout(text: str) -> float:
    """Return a number of seconds to wait for something, at most an hour."""
    seconds = _seconds(text)
    if seconds is not None and 0 < seconds <= 3600:
        return seconds
    raise ConvcalcError("a number of seconds up to 3600, such as 0.5, would do")


def _seconds(text: str) -> float | None:
    whole, _, part = text.strip().partition(".")
    return float(text) if _is_number(whole + part) and len(text) < 10 else None


def read_shape(text: str) -> Shape:
    """Return the sizes in `3x32x32`; x, X, × and , separate."""
    return tuple(read_number(each, 1) for each in _split(text, "CxHxW, such as 3x32x32,"))


def read_sizes(text: str) -> Shape:
    """Return one size for every axis (`3`) or one per axis (`3x5`), at least 1."""
    return tuple(read_number(each, 1) for each in _split(text, "3 or 3x5"))


def read_counts(text: str) -> Shape:
    """Return one count for every axis or one per axis, at least 0."""
    return tuple(read_number(each, 0) for each in _split(text, "1 or 1x0"))


def read_padding(text: str) -> Ends | str:
    """Return (before, after) for every axis or per axis, or a word that stands for them."""
    if text.strip().lower() in PADDING_WORDS:
        return text.strip().lower()
    return tuple(_ends(each) for each in _split(text, "1, 1x2, 0:1x0:1, same, valid or full"))


def _ends(text: str) -> Pair:
    before, colon, after = text.partition(":")
    first = read_number(before, 0)
    return first, read_number(after, 0) if colon else first


def _split(text: str, examples: str) -> list[str]:
    for separator in ("X", "×", ","):
        text = text.replace(separator, "x")
    parts = text.split("x")
    for part in parts:
        before, colon, after = part.partition(":")
        if not _is_number(before.strip()) or (colon and not _is_number(after.strip())):
            raise ConvcalcError(f"not understood, {examples} would do")
    return parts


def read_network(file: TextIO | None, layers: str | None, define: Sequence[str]) -> Module:
    """Return the layers of a file, or of the text given in its place."""
    from convcalc.network.parsing import LONGEST, parse

    defined = dict(map(_definition, define))
    if layers is None and file is not None:
        name = getattr(file, "name", "standard input")
        try:
            layers = file.read(LONGEST + 1)
        except UnicodeDecodeError:
            raise ConvcalcError(f"{name}: not a text in UTF-8") from None
        except OSError as error:
            raise ConvcalcError(f"{name}: {error.strerror}") from None
    return parse(layers or "", defined)


def _definition(text: str) -> tuple[str, Any]:
    """Return the name and the value of `num_classes=10`."""
    from convcalc.network.parsing import parse_value

    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise ConvcalcError(f"--define {text!r}: a name and its value, such as num_classes=10")
    try:
        return name, parse_value(value)
    except ConvcalcError as error:
        raise ConvcalcError(f"--define {text!r}: {error}") from None
