"""What convcalc adds to Click: errors in one sentence, sections in the help, worked examples."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from convcalc.formulas import ConvcalcError
from convcalc.text import EXAMPLE, writable

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # not generic in every version of Click

Answer = TypeVar("Answer")


class Refusal(click.ClickException):
    """A question without a meaning: one sentence, exit status 2."""

    exit_code = 2
    prefix = "Error: "

    def __init__(self, message: str) -> None:
        # What was typed is quoted in messages: it must neither steer nor flood the terminal.
        message = re.sub(r"\S{201,}", lambda long: f"{long[0][:100]}…", message)
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))

    def show(self, file: Any = None) -> None:
        """Print the sentence, in characters that the terminal has."""
        message = writable(f"{self.prefix}{self.message}", sys.stderr.encoding or "utf-8")
        click.echo(message, file=file, err=file is None)


class NothingFits(Refusal):
    """A question with a meaning, but no answer: one sentence, exit status 1."""

    exit_code = 1
    prefix = ""


def in_options(error: ConvcalcError, command: click.Command) -> str:
    """Return an error's sentence with the command's option in the place of its argument."""
    if not error.argument:  # until every error knows its own
        first = re.match(r"((?:\w+: )?)(\w+)(:?.*)", error.message, re.S)
        if first and first[2] in {param.name for param in command.params}:
            error = ConvcalcError(first[3].removeprefix(" "), first[2], first[1].rstrip(": "))
    for param in command.params:
        if param.name == error.argument:
            return error.sentence("/".join((param.opts[0], *param.secondary_opts[:1])))
    return str(error)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn what Click says of wrong arguments into one sentence, without the usage."""
    try:
        yield
    except click.UsageError as error:
        raise Refusal(error.format_message()) from None


class Commands(click.Group):
    """The group of all commands."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments before the command's name."""
        with one_sentence():
            return super().make_context(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one comes to need them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Read a command's arguments and run it."""
        with one_sentence():
            return super().invoke(ctx)


class Option(click.Option):
    """An option that stands in a section of its command's help."""

    def __init__(self, *args: Any, section: str = "Output", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what the help adds to the text: not the range, which says more than is asked."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


class Command(click.Command):
    """A command that, with no question of its own, runs a worked example and says so.

    `{package}` in an example is the folder of this package.
    Sections of options that only say how an answer is given are no question.
    """

    aside = ("Output", "Walk")

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; where nothing is asked, the example's before them."""
        given = list(args)
        try:
            rest = super().parse_args(ctx, args)
        except ValueError as error:  # a file name that no system has
            raise Refusal(f"{error}: another name would do") from None
        if self.example and not any(
            getattr(param, "section", "") not in self.aside
            and ctx.get_parameter_source(param.name or "") is not ParameterSource.DEFAULT
            for param in self.params
        ):
            ctx.params.clear()
            import shlex  # here, since few ask for nothing

            package = os.path.dirname(os.path.dirname(__file__))
            example = [part.format(package=package) for part in shlex.split(self.example)]
            rest = super().parse_args(ctx, [*example, *given])
            ctx.meta["convcalc.example"] = shlex.join(["convcalc", self.name or "", *example])
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a question without a meaning is refused in the options' words."""
        try:
            return super().invoke(ctx)
        except ConvcalcError as error:
            raise Refusal(in_options(error, self)) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options section by section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                sections.setdefault(getattr(param, "section", "Output"), []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


class Reading(ParamType):
    """An option's text made into a value by a function."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self.read = read
        self.name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text; the error names the option and what was typed."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except ConvcalcError as error:
            option = param.opts[0] if param else ""
            raise Refusal(f"{option} {_typed(value)}: {error}") from None


class Whole(click.IntRange):
    """A whole number in a range, refused in a sentence that says what would do."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise _out_of_range("a whole number", self, value, param) from None


class Number(click.FloatRange):
    """A number in a range, refused in a sentence that says what would do."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number."""
        with suppress(click.BadParameter):
            number = super().convert(value, param, ctx)
            if number == number:  # nan is in all of Click's ranges
                return number
        raise _out_of_range("a number", self, value, param)


def _out_of_range(
    kind: str, numbers: Whole | Number, value: Any, param: click.Parameter | None
) -> Refusal:
    option = param.opts[0] if param else ""
    return Refusal(
        f"{option} {_typed(value)}: {kind} from {numbers.min:,} to {numbers.max:,} would do"
    )


def _typed(value: str) -> str:
    """Return what was typed, as an error quotes it."""
    return (value if len(value) <= 40 else f"{value[:40]}…") or repr(value)


def require(ctx: click.Context, **needed: str) -> None:
    """Refuse where an option that has no default is missing; `needed` are examples of each."""
    for name, example in needed.items():
        if ctx.params[name] is None:
            raise Refusal(f"{example.split()[0]} is missing: {example} would do")


def noted(ctx: click.Context, answer: Answer) -> Answer:
    """Return the answer, with a note first where it is a worked example."""
    example = ctx.meta.get("convcalc.example")
    if example is None:
        return answer
    from dataclasses import replace

    noted: Any = answer
    return replace(noted, notes=(f"{EXAMPLE}{example}", *noted.notes))  # type: ignore[no-any-return]
