"""Option values as people type them, as Click types: 3x32x32, (3, 5), 0:1x0:1, same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from convcalc.cli.errors import Refusal
from convcalc.formulas import AXES, ConvcalcError, Pair
from convcalc.text import listed, shape, typed

if TYPE_CHECKING:
    from convcalc.layers.base import Ends, Shape

    ParamType = click.ParamType[Any]
    ChoiceOfTexts = click.Choice[str]
else:
    ParamType = click.ParamType  # neither is generic in every version of Click
    ChoiceOfTexts = click.Choice

LARGEST = 10**12
"""The largest number that an option takes: beyond any tensor, yet quick to calculate with."""

PADDING_WORDS = ("same", "valid", "full")


def refused(param: click.Parameter | None, value: str, message: str) -> Refusal:
    """Return an error that names the option and what was typed."""
    option = param.opts[0] if param else ""
    typed = (value if len(value) <= 40 else f"{value[:40]}…") or repr(value)
    return Refusal(f"{option} {typed}: {message}")


class Reading(ParamType):
    """An option's text made into a value by a function."""

    name = "text"

    def __init__(self, read: Callable[[str], Any]) -> None:
        self.read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text."""
        try:
            return self.read(value)
        except ConvcalcError as error:
            raise refused(param, value, str(error)) from None


class Whole(click.IntRange):
    """A whole number in a range, which is named where a number isn't in it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number; where there are several, say so."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            message = f"a whole number from {self.min:,} to {self.max:,} is expected"
        with suppress(ConvcalcError):
            first, *others = read_shape(value)
            if others and param:
                message = f"one number is expected, such as {param.opts[0]} {first}"
        raise refused(param, value, message)


class Number(click.FloatRange):
    """A number in a range, which is named where a number isn't in it."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number."""
        with suppress(click.BadParameter):
            number = super().convert(value, param, ctx)
            if number == number:  # nan is in all of Click's ranges
                return number
        raise refused(param, value, f"a number from {self.min:,} to {self.max:,} is expected")


class OneOf(ChoiceOfTexts):
    """One of a few words in small or capital letters, or another word that stands for it."""

    def __init__(self, words: Sequence[str], also: Mapping[str, str] | None = None) -> None:
        super().__init__(words, case_sensitive=False)
        self.also = also or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the word."""
        with suppress(click.BadParameter):
            return super().convert(self.also.get(value.lower(), value), param, ctx)
        from convcalc.text import nearest

        near = nearest(value.lower(), self.choices)
        if near and param:
            raise refused(param, value, f"did you mean {param.opts[0]} {near}?")
        raise refused(param, value, f"write {listed(self.choices, 'or')}")


def read_shape(text: str) -> Shape:
    """Return the sizes in `3x32x32`."""
    return tuple(_number(each, 1) for each in _split(text, "CxHxW, such as 3x32x32"))


def read_sizes(text: str) -> Shape:
    """Return one size for every axis (`3`) or one per axis (`3x5`), at least 1."""
    return tuple(_number(each, 1) for each in _split(text, "3 or 3x5"))


def read_counts(text: str) -> Shape:
    """Return one count for every axis or one per axis, at least 0."""
    return tuple(_number(each, 0) for each in _split(text, "1 or 1x0"))


def read_padding(text: str) -> Ends | str:
    """Return (before, after) for every axis or per axis, or a word that stands for them."""
    if text.strip().lower() in PADDING_WORDS:
        return text.strip().lower()
    return tuple(_ends(each) for each in _split(text, "1, 1x2, 0:1x0:1, same, valid or full"))


def _number(text: str, least: int) -> int:
    """Return a whole number from `least` to LARGEST."""
    if len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise ConvcalcError(f"at most {LARGEST:,} is possible")
    if int(text) < least:
        raise ConvcalcError(f"at least {least} is needed")
    return int(text)


def _is_number(text: str) -> bool:
    # int() would take other scripts' digits and 1_000 too.
    return text.isascii() and text.removeprefix("-").isdecimal()


def _ends(text: str) -> Pair:
    before, colon, after = text.partition(":")
    first = _number(before, 0)
    return first, _number(after, 0) if colon else first


def _split(text: str, examples: str) -> list[str]:
    """Return the numbers between x, X, ×, *, commas or blanks, in brackets or not."""
    inside = text.strip()
    if inside[:1] + inside[-1:] in ("()", "[]"):
        inside = inside[1:-1].rstrip().removesuffix(",")
    for separator in "X×*,":
        inside = inside.replace(separator, "x")
    parts = [number for part in inside.split("x") for number in part.split() or [""]]
    for part in parts:
        before, colon, after = part.partition(":")
        if not _is_number(before) or (colon and not _is_number(after)):
            raise ConvcalcError(f"not understood, write {examples}")
    return parts


def notice_slip(ctx: click.Context, param: click.Parameter, sizes: Shape | None) -> Shape | None:
    """Keep a sentence on what an input shape would be if it were a usual slip."""
    channels = (1, 3)  # of an image
    meant: Sequence[int] = ()
    if not sizes:
        return sizes
    if len(sizes) == 4 and sizes[1] in channels and sizes[2] == sizes[3]:
        meant, why = sizes[1:], "its first size is the batch, which stays out"
    elif len(sizes) == 3 and sizes[2] in channels and sizes[0] == sizes[1] > 3:
        meant, why = (sizes[2], *sizes[:2]), "its last size is the channels, which come first"
    elif len(sizes) == 2 and sizes[0] == sizes[1] >= 8:
        meant, why = (1, *sizes), "this is an image of one channel"
    if meant:
        names = shape(("channels", *AXES[len(sizes) - 1]))
        ctx.meta["convcalc.slip"] = (
            f"--in {typed(sizes)} is read as {names}: if {why}, --in {typed(meant)} is right"
        )
    return sizes


def notice_slips(
    ctx: click.Context, param: click.Parameter, shapes: tuple[Shape, ...]
) -> tuple[Shape, ...]:
    """Keep a sentence on the first of several input shapes."""
    notice_slip(ctx, param, shapes[0] if shapes else None)
    return shapes


def read_definition(text: str) -> tuple[str, Any]:
    """Return the name and the value of `num_classes=10`, or of `opt.latent_dim=100`."""
    from convcalc.network.literals import value_of

    name, equals, value = text.partition("=")
    if not equals or not all(part.isidentifier() for part in name.strip().split(".")):
        raise ConvcalcError("a name and its value are expected, such as num_classes=10")
    return name.strip(), value_of(value)


def read_piped() -> str:
    """Return the text on standard input."""
    from convcalc.network.source import LONGEST

    if sys.stdin is None:
        raise Refusal("standard input is closed")
    if sys.stdin.isatty():
        raise Refusal("a FILE, --layers or piped text is needed: model.py:Net for example")
    try:
        return sys.stdin.buffer.read(LONGEST + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("standard input: not a text in UTF-8") from None
    except (OSError, ValueError) as error:
        raise Refusal(f"standard input: {getattr(error, 'strerror', error)}") from None


def read_names(text: str) -> tuple[str, ...]:
    """Return names that commas or blanks separate."""
    return tuple(text.replace(",", " ").split())
