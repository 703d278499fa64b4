"""Option values as people type them, as Click types: 3x32x32, (3, 5), 0:1x0:1, same."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import click

from convcalc.cli.errors import Refusal
from convcalc.formulas import AXES, LARGEST, ConvcalcError, Pair
from convcalc.output import FORMATS, GITHUB, Format, Target
from convcalc.text import listed, shape, typed

if TYPE_CHECKING:
    from pathlib import Path

    from convcalc.layers.base import Ends, Shape
    from convcalc.network.inputs import Input

    ParamType = click.ParamType[Any]
    ChoiceOfTexts = click.Choice[str]
else:
    ParamType = click.ParamType  # neither is generic in every version of Click
    ChoiceOfTexts = click.Choice

Setting = TypeVar("Setting")

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
        option = param.opts[0] if param else ""
        if re.fullmatch(THOUSANDS, value.strip()) and (value.count(",") == 1 or ",0" in value):
            raise refused(param, value, f"write {option} {value.strip().replace(',', '')}")
        with suppress(ConvcalcError):
            first, *others = read_shape(value)
            if others:
                message = f"one number is expected, such as {option} {first}"
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

        # int64 isn't int8: what differs in its digits is something else.
        digits = re.sub(r"\D", "", value)
        alike = [each for each in self.choices if re.sub(r"\D", "", each) == digits]
        near = nearest(value.lower(), alike)
        if near and param:
            raise refused(param, value, f"did you mean {param.opts[0]} {near}?")
        raise refused(param, value, f"write {listed(self.choices, 'or')}")


class Names(ParamType):
    """Names that commas or blanks separate; `known` says which there are."""

    name = "text"

    def __init__(self, known: Callable[[], Sequence[str]]) -> None:
        self.known = known

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read the names."""
        return tuple(value.replace(",", " ").split())


def read_shape(text: str) -> Shape:
    """Return the sizes in `3x32x32`."""
    return tuple(_number(each, 1) for each in _split(text, "CxHxW, such as 3x32x32"))


def read_sizes(text: str) -> Shape:
    """Return one size for every axis (`3`) or one per axis (`3x5`), at least 1."""
    return _axes(tuple(_number(each, 1) for each in _split(text, "3 or 3x5")))


def read_counts(text: str) -> Shape:
    """Return one count for every axis or one per axis, at least 0."""
    return _axes(tuple(_number(each, 0) for each in _split(text, "1 or 1x0")))


def read_padding(text: str) -> Ends | str:
    """Return (before, after) for every axis or per axis, or a word that stands for them."""
    if plain(text).lower() in PADDING_WORDS:
        return plain(text).lower()
    examples = "1, 1x2, 0:1x0:1, same, valid or full"
    return _axes(tuple(_ends(each) for each in _split(text, examples, _is_padding)))


def _axes(settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """Return a setting per axis, of no more axes than a layer has."""
    if len(settings) > max(AXES):
        raise ConvcalcError(f"that is for {len(settings)} axes, a layer has at most {max(AXES)}")
    return settings


def read_patch(text: str) -> int | Pair:
    """Return a patch by its number (`5`), or by where its cell is in Y (`1,2`)."""
    numbers = [_number(each, 0) for each in _split(text, "5, or 1,2 for the window (1, 2)")]
    if len(numbers) > 2:
        raise ConvcalcError("not understood, write 5, or 1,2 for the window (1, 2)")
    return (numbers[0], numbers[1]) if len(numbers) == 2 else numbers[0]


LONGEST = 1_000_000
"""The most characters of numbers that are read."""


def read_numbers(text: str) -> Any:
    """Return what JSON, or a .json file of this name, holds where numbers are expected."""
    import json  # here, since few bring numbers of their own

    if text.strip().lower().endswith(".json"):
        try:
            with open(text.strip(), encoding="utf-8-sig") as file:
                text = file.read(LONGEST + 1)
        except UnicodeDecodeError:
            raise ConvcalcError("not a text in UTF-8") from None
        except (OSError, ValueError) as error:
            raise ConvcalcError(str(getattr(error, "strerror", None) or error)) from None
    if len(text) > LONGEST:
        raise ConvcalcError(f"longer than {LONGEST:,} characters")
    expected = "nested lists of numbers are expected, [[1, 2], [3, 4]] for example"
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_json_int)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ConvcalcError(f"not JSON, at {where}: {expected}, or a .json file") from None
    except RecursionError:
        raise ConvcalcError(expected) from None


def _json_int(text: str) -> int:
    return int(text) if len(text) < 30 else LARGEST + 1  # too large; thousands of digits take long


def _no_number(text: str) -> float:
    raise ConvcalcError(f"{text} is not a number that can be calculated with")


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


def _is_padding(text: str) -> bool:
    before, colon, after = text.partition(":")
    return _is_number(before) and (_is_number(after) or not colon)


def _ends(text: str) -> Pair:
    before, colon, after = text.partition(":")
    first = _number(before, 0)
    return first, _number(after, 0) if colon else first


THOUSANDS = r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)"
"""A number with commas between its groups of three digits, as people write it: 1,024."""


def ungrouped(text: str) -> str:
    """Return a text with 1024 for 1,024 where a comma can't separate sizes: none begins with 0."""
    if not any(",0" in number for number in re.findall(THOUSANDS, text)):
        return text
    return _grouped(text)


def _grouped(text: str) -> str:
    return re.sub(THOUSANDS, lambda number: number[0].replace(",", ""), text)


WIDE = {0xFF01 + at: chr(0x21 + at) for at in range(94)}
SAME = {
    **WIDE,
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u0445\u0425✕✖⨯"), "×"),
    **dict.fromkeys(map(ord, "“”„‘’‚`´"), "'"),
    ord("−"): "-",
}
"""Characters of keyboards, word processors and pages, as they look to whoever types them."""
SIZE = r"(?:torch\.)?Size|(?:tf\.)?TensorShape|tuple|list"
"""What stands before the brackets of a shape that a framework prints."""


def plain(text: str) -> str:
    """Return a text without quotes, wide characters and what is around the numbers of a shape."""
    if text.isdecimal() and text.isascii():
        return text
    inside = text.translate(SAME).strip("\"' =").rstrip(",;").rstrip()
    printed = re.match(SIZE, inside) if inside[-1:] in (")", "]") else None
    if printed and inside[printed.end() :][:1] in ("(", "["):
        inside = inside[printed.end() :]
    while inside[:1] + inside[-1:] in ("()", "[]", "{}"):
        inside = inside[1:-1].strip().removesuffix(",")
    return inside


def _split(text: str, examples: str, is_one: Callable[[str], bool] = _is_number) -> list[str]:
    """Return the numbers between x, X, ×, *, commas or blanks, in brackets or not."""
    inside = plain(text)
    others = set("xX×*") & set(inside)
    if "," in inside and others and ungrouped(inside) == inside != _grouped(inside):
        grouped = "x".join(_parts(_grouped(inside)))
        raise ConvcalcError(
            f"the comma may be part of a number: write {'x'.join(_parts(inside))} or {grouped}"
        )
    if "," in inside and not others and ungrouped(inside) != inside:
        raise ConvcalcError(f"commas separate sizes here, write {ungrouped(inside)}")
    parts = _parts(ungrouped(inside) if "," in inside else inside)
    if not all(map(is_one, parts)):
        raise ConvcalcError(f"not understood, write {_meant(inside) or examples}")
    return parts


def _parts(text: str) -> list[str]:
    for separator in "X×*,":
        text = text.replace(separator, "x")
    return [number for part in text.split("x") for number in part.split() or [""]]


def _meant(text: str) -> str | None:
    """Return the sizes that are probably meant by 3@32@32, C=3, H=32, W=32 or 3.0, or None."""
    whole = re.fullmatch(r"\+?(\d+)(?:\.0*)?", text)
    if whole:
        return whole[1]
    numbers = re.findall(r"[0-9]+", text)
    between = re.split(r"[0-9]+", re.sub(r"\w+ *[=:]", "", text.lower()))[1:-1]
    kinds = {each.strip().replace("@", "x") for each in between}
    if (
        len(kinds) == 1
        and len(numbers) > 1
        and text.isascii()
        and text.isprintable()
        and not kinds & NO_SEPARATORS
    ):
        return "x".join(numbers)
    return None


NO_SEPARATORS = {".", "e", "_", "-", ":"}
"""What may stand between two numbers and doesn't separate sizes."""


def notice_slip(ctx: click.Context, param: click.Parameter, sizes: Shape | None) -> Shape | None:
    """Keep a sentence on what an input shape would be if it were a usual slip."""
    channels = (1, 3)  # of an image
    meant: Sequence[int] = ()
    if not sizes:
        return sizes
    if len(sizes) == 4 and sizes[1] in channels and sizes[2] == sizes[3]:
        meant, why = sizes[1:], "its first size is the batch, which is left out"
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
    ctx: click.Context, param: click.Parameter, inputs: tuple[Input, ...]
) -> tuple[Input, ...]:
    """Keep a sentence on the first of several inputs."""
    if inputs and not inputs[0].whole and inputs[0].name is None:
        notice_slip(ctx, param, inputs[0].shape)
    return inputs


def keep_theme(ctx: click.Context, param: click.Parameter, theme: str | None) -> None:
    """Keep the colours for what is saved."""
    ctx.meta["convcalc.theme"] = theme


def format_called(ctx: click.Context, param: click.Parameter, name: str) -> Format:
    """Return the format of this name."""
    return next(each for each in (*FORMATS, GITHUB) if each.name == name)


def target(ctx: click.Context, param: click.Parameter, path: str | None) -> Target | None:
    """Return the file to save in, with its colours."""
    theme, file = ctx.meta.get("convcalc.theme"), None
    if path is not None:
        file = Target(path, theme)
    if theme is not None and (file is None or file.suffix == ".txt"):
        raise Refusal(f"--theme {theme}: only pictures and pages have colours, --save x.svg")
    return file


ANY_SIZES = ":"
"""The value of `--sizes` where none is given: which sizes are tried is left to it."""


def read_range(text: str) -> tuple[int | None, int | None]:
    """Read A:B, the first and the last size; `:` leaves both open."""
    if text == ANY_SIZES:
        return None, None
    found = re.fullmatch(r"\s*(\d{1,18}):(\d{1,18})\s*", text)
    if found is None:
        raise ConvcalcError(
            "the first and the last size are expected, two whole numbers, such as 32:256"
        )
    from convcalc.network.sizes import Trying  # here, since few ask for it

    asked = Trying.between(int(found[1]), int(found[2]))
    return asked.first, asked.last


def with_sizes(arguments: Sequence[str]) -> list[str]:
    """Return arguments in which `--sizes` has a value, where it stands alone."""
    found: list[str] = []
    for each, following in zip(arguments, [*arguments[1:], ""], strict=True):
        found.append(each)
        if each == "--sizes" and not re.fullmatch(r"[-+]?[\d:][\d:.*_,eE+–-]*", following):
            found.append(ANY_SIZES)
    return found


INPUT = "CxHxW, such as 3x32x32, () for one number, 64:int64 or NAME=3x32x32"


def read_input(words: str) -> Input:
    """Return the input in `3x32x32`, `64:int64`, `image=3x32x32` or `=2x64x256`."""
    from convcalc.network.inputs import Input, kind_of

    name, equals, rest = words.rpartition("=")
    whole = equals == "=" and (not name.strip() or name.endswith("="))
    name = name.strip().removesuffix("=").strip()
    if name and not re.fullmatch(r"\w+(\.\w+)*", name):
        raise ConvcalcError(f"{name} can't be the name of an argument: in image=3x32x32, image is")
    sizes, colon, dtype = rest.partition(":")
    empty = re.sub(r"\s", "", sizes) in ("()", "[]")
    numbers = () if empty else tuple(_number(each, 1) for each in _split(sizes, INPUT))
    return Input(numbers, name or None, kind_of(dtype.strip()) if colon else None, whole)


def read_definition(words: str) -> tuple[str, Any]:
    """Return the name and the value of `num_classes=10`, `opt.width=8` or `cfg=@config.json`."""
    from convcalc.network.configuration import of_file
    from convcalc.network.texts.literals import value_of

    name, equals, value = words.partition("=")
    first, *further = name.strip().split(".")
    if not equals or not all(part.isidentifier() for part in (first, *further)
                             if part is first or not part.isdecimal()):  # fmt: skip
        raise ConvcalcError("a name and its value are expected, such as num_classes=10")
    value = value.strip()
    if value.startswith("@"):
        from pathlib import Path

        return name.strip(), of_file(Path(value[1:]))
    return name.strip(), value_of(value)


def read_folder(words: str) -> Path:
    """Return the folder of this name."""
    from pathlib import Path

    found = Path(words).expanduser()
    if not found.is_dir():
        raise ConvcalcError("there is no such folder: /path/to/site-packages is one")
    return found


def read_piped() -> str:
    """Return the text on standard input."""
    from convcalc.reading.texts.sources import LONGEST, decoded

    if sys.stdin is None:
        raise Refusal("standard input is closed")
    if sys.stdin.isatty():
        raise Refusal("a FILE, --layers or piped text is needed: model.py:Net for example")
    try:
        return decoded(sys.stdin.buffer.read(LONGEST + 1))
    except UnicodeDecodeError:
        raise Refusal("standard input: not a text in UTF-8") from None
    except (OSError, ValueError) as error:
        raise Refusal(f"standard input: {getattr(error, 'strerror', error)}") from None
