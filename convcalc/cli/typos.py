"""What was probably meant by what isn't understood: the very thing to type.

Loaded only where something isn't understood.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile

import click

from convcalc.text import listed, nearest

MEANT = {
    "--json": "--format json",
    "--csv": "--format csv",
    "--markdown": "--format markdown",
    "--md": "--format markdown",
    "--output-format": "--format",
    "--output-file": "--save",
    "--svg": "--save",
    "--input-shape": "--in",
    "--input-size": "--in",
    "--shape": "--in",
    "--size": "--in",
    "--channels": "--out",
    "--filters": "--out",
    "--batch-size": "--batch",
    "--type": "--dtype",
    "--seconds": "--delay",
    "--max": "--pool max",
    "--avg": "--pool avg",
}
"""Names that other programs have for an option of ours."""

ONE_DASH = re.compile("-[a-z]{2}")
"""A long option with one dash, or short ones together."""
NUMBERS = re.compile(r"[(\[]?\d[\dxX×*,:]*[)\]]?,?")
"""Numbers that stand where an option should: 3x32x32, or a piece of (3, 32, 32)."""


def options_of(command: click.Command) -> list[str]:
    """Return the long names of a command's options."""
    return [
        name
        for param in command.params
        if isinstance(param, click.Option)
        for name in (*param.opts, *param.secondary_opts)
        if name.startswith("--")
    ]


def meant(name: str, command: click.Command) -> str | None:
    """Return the option that a wrong name most probably stands for, if there is one."""
    options = options_of(command)
    name = "--" + name.lstrip("-–—−").lower().replace("_", "-")
    if name in options:
        return name
    also = MEANT.get(name)
    if also and also.split()[0] in options:
        return also
    longer = [option for option in options if option.startswith(name)]
    if len(longer) == 1:
        return longer[0]
    bare = {option.strip("-"): option for option in options}
    near = nearest(name.strip("-"), bare)  # without the dashes, in which all names are alike
    return bare[near] if near and len(name) > 3 else None


def unknown_option(name: str, command: click.Command, group: click.Group | None = None) -> str:
    """Return the sentence for an option that a command hasn't."""
    said = f"{name} is no option of {command.name}"
    option = meant(name, command)
    if option:
        return f"{said}: did you mean {option}?"
    others = [each for each in group.commands.values() if name in options_of(each)] if group else []
    if others:
        return f"{said}, but of {listed([str(each.name) for each in others])}"
    return f"{said}: convcalc {command.name} -h shows what is"


def misplaced(arguments: Sequence[str], command: click.Command) -> str | None:
    """Return the sentence for what would be read as something else than was meant, or None.

    That is a long option with one dash, which is several short ones, and numbers that the shell
    takes apart.
    """
    options = options_of(command)
    for at, argument in enumerate(arguments):
        name = argument.partition("=")[0]
        if argument == "--":
            break
        if ONE_DASH.match(name) and (f"-{name}" in options or f"-{name}" in MEANT):
            return unknown_option(name, command)
        if argument in options or (argument[:1] == "-" and len(argument) == 2):
            run = list(takewhile(NUMBERS.fullmatch, arguments[at + 1 :]))
            if len(run) > 1 and not os.path.exists(run[1]):
                value = "x".join(re.sub("[^0-9x:]", "", each) for each in run)
                return f"{run[1]} belongs to no option: did you mean {argument} {value}?"
    return None


def stray(rest: Sequence[str], command: click.Command) -> str:
    """Return the sentence for what belongs to no option: `3x32x32` without `--in`."""
    first = rest[0]
    if NUMBERS.fullmatch(first):
        option: str | None = f"--in {first}"
    elif first[:1] in tuple("-–—−"):
        option = meant(first, command)
    else:
        name, _, value = first.partition("=")
        option = f"--{name} {value}".rstrip()
    if option and option.split()[0] in options_of(command):
        return f"{first} belongs to no option: did you mean {option}?"
    return f"{first} belongs to no option: convcalc {command.name} -h shows them"


def unknown_command(name: str, arguments: Sequence[str], group: click.Group) -> str:
    """Return the sentence for a command that there isn't."""
    if NUMBERS.fullmatch(name):
        return without_command(name, ["--in", name, *arguments], group)
    near = nearest(name.lower(), group.commands)
    if near:
        return f"{name} is no command: did you mean convcalc {near}?"
    whole = _answered([name, *arguments], group)
    if whole and os.path.exists(name.partition(":")[0]):
        return f"{name} is no command: did you mean {whole}?"
    return f"{name} is no command: {listed(list(group.commands))} are"


def without_command(name: str, arguments: Sequence[str], group: click.Group) -> str:
    """Return the sentence for options that stand before any command."""
    whole = _answered(arguments, group)
    if whole:
        return f"{name} stands without a command: did you mean {whole}?"
    return f"{name} stands before a command: convcalc -h shows the commands"


def _answered(arguments: Sequence[str], group: click.Group) -> str | None:
    """Return the line with the first command that takes these arguments, and what it misses."""
    for name, command in group.commands.items():
        with suppress(click.ClickException):
            ctx = command.make_context(name, list(arguments))
            needs: dict[str, str] = getattr(command, "needs", {})
            missing = [needs[each] for each in needs if ctx.params[each] is None]
            return " ".join([f"convcalc {name}", shlex.join(arguments), *missing])
    return None
