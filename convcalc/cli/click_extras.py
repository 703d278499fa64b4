"""What convcalc adds to Click: help in sections and colour, worked examples, what was meant."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from convcalc.cli.errors import Refusal, guarded
from convcalc.cli.needs import Needing, lost, unmeant
from convcalc.formulas import ConvcalcError
from convcalc.text import EXAMPLE, writable

Answer = TypeVar("Answer")


def _misplaced(argument: str, following: str) -> bool:
    """Whether two arguments look like an option with one dash, or like a shape in pieces."""
    one_dash = argument[:1] == "-" and len(argument) > 2 and argument[1:3].isalpha()
    pieces = argument[:1] in "([0123456789" and following[:1] in tuple("0123456789xX×*")
    return one_dash or pieces


def _group(ctx: click.Context) -> click.Group | None:
    """Return the group of a command that is being read."""
    group = ctx.parent.command if ctx.parent else None
    return group if isinstance(group, click.Group) else None


def _encodable(text: str) -> str:
    """Return a text with stand-ins for what standard output can't write."""
    return writable(text, getattr(sys.stdout, "encoding", None) or "utf-8")


def _broken(text: str, width: int) -> Iterator[str]:
    """Yield lines in lines of this width: what is said of one below it, the rest between words.

    A line to type goes on behind a backslash, so that it can still be pasted.
    """
    for line in text.splitlines(keepends=True):
        if len(line.rstrip()) <= width:
            yield line
            continue
        typed, _, said = re.sub(r"(\S) {2,}", "\\1\n", line.rstrip()).partition("\n")
        room = width - len(" \\")
        indent = " " * (len(typed) - len(typed.lstrip()))
        parts = [indent]
        # An option stays with its value, and a quoted value whole.
        for word in re.findall(r'-\S+ (?:"[^"]*"|[^-\s]\S*)|"[^"]*"|\S+', typed):
            if parts[-1].strip() and len(parts[-1]) + len(word) > room:
                parts.append(f"{indent}    ")
            parts[-1] += f"{word} "
        joint = " \\\n" if "convcalc" in typed else "\n"
        yield joint.join(part.rstrip() for part in parts) + "\n"
        if said:
            yield f"{indent}    {said}\n"


class Formatter(click.HelpFormatter):
    """Writes help in colour: headings, options and lines to type.

    Where the output is no terminal, Click strips the colour; where NO_COLOR is set, none is added.
    """

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"

    def _styled(self, text: str, **style: Any) -> str:
        return text if self.plain else click.style(text, **style)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        super().write_usage(prog, args, self._styled(prefix or "Usage: ", bold=True))

    def write_heading(self, heading: str) -> None:
        """Write the name of a section."""
        super().write_heading(self._styled(heading, bold=True))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """Write options or commands beside what they do."""
        styled = [(self._styled(name, fg="cyan"), _encodable(said)) for name, said in rows]
        super().write_dl(styled, *args, **kwargs)

    def write_text(self, text: str) -> None:
        """Write paragraphs; of a line to type only what is typed is coloured."""
        before = len(self.buffer)
        super().write_text(_encodable(text))
        # Click leaves the lines of examples as they are, for the terminal to break anywhere.
        lines = (part for line in self.buffer[before:] for part in _broken(line, self.width + 2))
        written = "".join(lines)
        self.buffer[before:] = re.sub(
            r"(?m)^( *)((?:python -c .*)?convcalc(?: \S+)*)$|^( *)(convcalc(?: \S+)*)(?=  )",
            lambda line: (line[1] or line[3] or "") + self._styled(line[2] or line[4], fg="green"),
            written,
        ).splitlines(keepends=True)


class Context(click.Context):
    """A context whose help is in colour."""

    formatter_class = Formatter


class Commands(click.Group):
    """The group of all commands."""

    context_class = Context

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments before the command's name, guarded."""
        with guarded():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Read a command's arguments and run it, guarded."""
        with guarded():
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments before the command's name; `help` is understood as `--help`."""
        if args[:1] in (["help"], ["-h"], ["--help"]):
            args = [*([] if args[1:2] == ["help"] else args[1:2]), "--help"]
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            from convcalc.cli import typos

            raise Refusal(typos.said_of(error, given, self)) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of this name."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            from convcalc.cli import typos

            raise Refusal(typos.unknown_command(args[0], args[1:], self))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one comes to need them."""
        return list(self.commands)


class Option(click.Option):
    """An option in a section of its command's help, which may end in a list."""

    def __init__(
        self,
        *args: Any,
        section: str = "Output",
        listed: Callable[[], Sequence[str]] = tuple,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.listed = listed

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how its help shows it; what is `listed` there is found only then."""
        names = self.listed()
        record = super().get_help_record(ctx)
        return (record[0], f"{record[1]} {', '.join(names)}.") if record and names else record

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what the help adds to the text: not the range, which says more than is asked."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


class Command(Needing):
    """A command that, with no question of its own, runs a worked example and says so.

    `{package}` in an example is the folder of this package. Sections of options that only say how
    an answer is given are no question.
    """

    context_class = Context
    allow_extra_args = True  # to say what was probably meant by them
    aside = ("Output", "Walk")

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; where nothing is asked, the example's before them."""
        given = list(args)
        if ctx.resilient_parsing:  # for completion, to which an example would be typed already
            return super().parse_args(ctx, args)
        if "--sizes" in given:
            from convcalc.cli.values import with_sizes

            given = with_sizes(given)
        self._read(ctx, ["--help"] if given == ["help"] else given)
        if self.example and not any(
            getattr(param, "section", "") not in self.aside
            and ctx.get_parameter_source(param.name or "") is not ParameterSource.DEFAULT
            and ctx.params.get(param.name or "") != ()  # the oldest Click takes no files for given
            for param in self.params
        ):
            ctx.params.clear()
            import shlex  # here, since few ask for nothing

            package = os.path.dirname(os.path.dirname(__file__))
            example = [
                _in_a_folder(ctx, part.format(package=package)) if "{" in part else part
                for part in shlex.split(self.example)
            ]
            self._read(ctx, [*example, *given])
            ctx.meta["convcalc.example"] = shlex.join(["convcalc", self.name or "", *example])
        return []

    def _read(self, ctx: click.Context, args: list[str]) -> None:
        """Read the arguments; what isn't understood is refused with what was probably meant."""
        sentence = None
        if any(map(_misplaced, args, [*args[1:], ""])):
            from convcalc.cli import typos

            sentence = typos.misplaced(args, self, _group(ctx))
        if sentence is None:
            try:
                sentence = self._repeated(ctx, args)
                rest = [] if sentence else super().parse_args(ctx, list(args))
            except click.UsageError as error:
                from convcalc.cli import typos

                sentence = typos.said_of(error, args, self)
            else:
                target = ctx.params.get("target")
                rest = [*rest, *filter(unmeant, ctx.params.get("others", ()))]
                if rest or (sentence is None and not ctx.params.get("others") and lost(target)):
                    from convcalc.cli import typos

                    sentence = typos.stray(rest, args, self, target)
        if sentence is not None:
            raise Refusal(sentence)

    def _repeated(self, ctx: click.Context, args: list[str]) -> str | None:
        """Return the sentence for an option given again, of which the last alone would count."""
        single: set[click.Parameter] = set()
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for param in order:
            if isinstance(param, click.Option) and not param.multiple and not param.is_flag:
                if param in single:
                    return f"{param.opts[0]} is given more than once: it takes one value"
                single.add(param)
        return None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a question without a meaning is refused in the options' words."""
        try:
            return super().invoke(ctx)
        except ConvcalcError as error:
            slip = ctx.meta.get("convcalc.slip")
            message = self.said(error, ctx.params)
            raise Refusal(f"{message}; {slip}" if slip else message) from None

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


def _in_a_folder(ctx: click.Context, target: str) -> str:
    """Return a target that is in a folder, which it isn't where the package lies in a zip file."""
    path, colon, inside = target.rpartition(":")
    if os.path.exists(path):
        return target
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from convcalc.text import own_text

    copy = Path(ctx.with_resource(TemporaryDirectory()), os.path.basename(path))
    copy.write_text(own_text(Path(path)), encoding="utf-8")
    return f"{copy}{colon}{inside}"


def require(ctx: click.Context) -> None:
    """Refuse where an option that has no default is missing; a file isn't, which may be piped."""
    for example in ctx.command.missing(ctx.params) if isinstance(ctx.command, Needing) else ():
        if example.startswith("--"):
            raise Refusal(f"{example.split()[0]} is missing, {example} for example")


def refuse_others(ctx: click.Context, name: str, *beside: str) -> None:
    """Refuse what is given beside an option that answers alone; but for a few that go with it."""
    options = {param.name: param.opts[0] for param in ctx.command.params}
    for other, value in options.items():
        given = ctx.get_parameter_source(other or "") is ParameterSource.COMMANDLINE
        if given and other not in (name, *beside, "theme"):
            raise Refusal(f"{value} has no meaning with {options[name]}, which is the same for all")


def noted(ctx: click.Context, answer: Answer) -> Answer:
    """Return the answer, with notes first on a worked example and on a shape that may be a slip."""
    example, slip = ctx.meta.get("convcalc.example"), ctx.meta.get("convcalc.slip")
    notes = [f"{EXAMPLE}{example}"] if example else []
    notes += [f"{slip}."] if slip else []
    if not notes:
        return answer
    from dataclasses import replace

    noted: Any = answer
    return replace(noted, notes=(*notes, *noted.notes))  # type: ignore[no-any-return]
