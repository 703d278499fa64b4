"""What was probably meant by what isn't understood: the very thing to type.

Loaded only where something isn't understood.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise, takewhile

import click

from convcalc.cli.names import (
    DASHES,
    bare_name,
    called,
    meant_by,
    names_of,
    nearest_to,
    option_called,
    options_of,
    reads,
)
from convcalc.cli.needs import Needing, lost, needs_of
from convcalc.cli.numbers import NUMBERS, PIECE, placed, values_in
from convcalc.cli.values import Names, OneOf, Reading
from convcalc.text import listed, nearest

EXAMPLES = {
    "CxHxW": "3x32x32",
    "K": "3",
    "JSON": "'[[1, 2], [3, 4]]'",
    "N|I,J": "0",
    "NAME=VALUE": "n=10",
    "FILE": "x.svg",
    "TEXT": "'ReLU()'",
}
"""A value for an option, by what its help calls the value; a number is called by one letter."""

NO = ("0", "no", "off", "false")
YES_OR_NO = ("1", "yes", "on", "true", *NO)

ONE_DASH = re.compile("-[a-z]{2}")
"""A long option with one dash, or short ones together."""


def said_of(error: click.UsageError, arguments: Sequence[str], command: click.Command) -> str:
    """Return what is wrong with the arguments in one sentence, without the usage."""
    if isinstance(error, click.NoSuchOption):
        if isinstance(command, click.Group):
            return without_command(error.option_name, arguments, command)
        group = error.ctx.parent.command if error.ctx and error.ctx.parent else None
        return unknown_option(
            error.option_name, command, group if isinstance(group, click.Group) else None
        )
    if isinstance(error, click.BadOptionUsage):
        return misused(error, arguments, command)
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Argument):
        return error.message.rstrip(".")
    return error.format_message().rstrip(".")


def unknown_option(name: str, command: click.Command, group: click.Group | None = None) -> str:
    """Return the sentence for an option that a command doesn't have."""
    said = f"{name} is not an option of {command.name}"
    return said + (_guessed(name, command, group) or f": convcalc {command.name} -h shows what is")


def _guessed(name: str, command: click.Command, group: click.Group | None) -> str | None:
    """Return the end of that sentence where something was probably meant."""
    option = meant_by(name, command)
    if option:
        return f": did you mean {option}?"
    if group:
        own = called(name, group)
        if own:
            return f": did you mean convcalc {own}?"
        elsewhere = _elsewhere(name, group)
        if elsewhere:
            return elsewhere
    option = nearest_to(name, command)
    if option:
        return f": did you mean {option}?"
    for param in command.params:
        metavar = (param.metavar or "")[1:-1]
        if isinstance(param, click.Argument) and bare_name(name).upper() in re.split(
            r"\W", metavar
        ):
            return f": {metavar} stands without one"
    return None


def _elsewhere(name: str, group: click.Group) -> str | None:
    """Return the end of the sentence where other commands have such an option."""
    found: dict[str, list[str]] = {}
    for other, command in group.commands.items():
        option = name if name in names_of(command) else called(name, command)
        if option and (option == name or len(bare_name(name)) > 1):
            found.setdefault(option, []).append(other)
    for option, others in found.items():
        if option == name:
            return f", but of {listed(others)}"
        return f", but {listed(others)} {'has' if len(others) == 1 else 'have'} {option}"
    return None


def misused(error: click.BadOptionUsage, arguments: Sequence[str], command: click.Command) -> str:
    """Return the sentence for an option without its value, or a flag with one."""
    name = error.option_name
    option = option_called(name, command)
    if option is None or option.is_flag:
        values = [each.partition("=")[2] for each in arguments if each.startswith(f"{name}=")]
        return _valueless(name, values[0] if values else "", command)
    example = needs_of(command).get(option.name or "", "").split()[1:]
    if isinstance(option.type, OneOf):
        example = [option.type.choices[0]]
    if isinstance(option.type, Names):
        example = [",".join(option.type.known()[:2])]
    return (
        f"{name} is missing its value, {name} {' '.join(example) or _example(option)} for example"
    )


def _example(option: click.Option) -> str:
    return EXAMPLES.get(option.metavar or "", "1")


def _valueless(name: str, value: str, command: click.Command) -> str:
    """Return the sentence for a flag that a value is given to."""
    said = f"{name} does not take a value"
    option = option_called(name, command)
    if option is None or value.lower() not in YES_OR_NO:
        return said
    if value.lower() not in NO:
        return (
            f"{said}: did you mean {name}?"
            if option.secondary_opts and name in option.opts
            else said
        )
    others = option.secondary_opts if name in option.opts else option.opts
    return f"{said}: did you mean {others[0]}?" if others else said


def misplaced(
    arguments: Sequence[str], command: click.Command, group: click.Group | None
) -> str | None:
    """Return the sentence for what would be read as something else than was meant, or None.

    That is a long option with one dash, which is several short ones, and numbers that the shell
    takes apart.
    """
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if ONE_DASH.match(argument) and not reads(
            option_called(argument[:2], command), argument[2:]
        ):
            name = argument.partition("=")[0]
            guess = _guessed(name, command, group)
            if guess:
                return f"{name} is not an option of {command.name}{guess}"
        option = option_called(argument, command)
        if option is not None and not option.is_flag:
            run = list(takewhile(PIECE.fullmatch, arguments[at + 1 :]))
            if len(run) > 1 and NUMBERS.match(run[0]) and not os.path.exists(run[1]):
                return _surplus(argument, option, run, arguments, command)
    return None


def _surplus(
    name: str,
    option: click.Option,
    run: Sequence[str],
    arguments: Sequence[str],
    command: click.Command,
) -> str:
    """Return the sentence for an option that is followed by several numbers, or pieces of one."""
    value, *others = values_in(run)
    line = []
    if value != values_in(run[:1])[0]:
        if isinstance(option.type, Reading) and reads(option, value):
            line = [name, value]
        else:
            others = values_in(run[1:])
    return _unplaced(run[1], [*line, *placed(others, arguments, command)], command)


def _unplaced(word: str, line: Sequence[str], command: click.Command) -> str:
    """Return the sentence for a word that belongs to no option, with what to type instead."""
    said = f"{word or repr('')} belongs to no option"
    if line:
        return f"{said}: did you mean {' '.join(line)}?"
    return f"{said}: convcalc {command.name} -h shows them"


ARROW = re.compile(r"\s*(?:->|=>|→|\bto\b)\s*")
"""What stands between what goes in and what comes out."""
LAYER = re.compile(r"(?:torch\.)?(?:nn\.)?[A-Z]\w*\(")
"""How a layer in Python begins."""


def stray(
    rest: Sequence[str], arguments: Sequence[str], command: click.Command, target: str | None
) -> str | None:
    """Return the sentence for what belongs to no option, or None where the target may be right.

    That is 3x32x32 without `--in`, taken for the target where a command has one.
    """
    rest = [part for word in rest for part in ARROW.split(word) if part or not word]
    file, _, inside = (target or "").partition(":")
    words = rest if target is None or os.path.exists(file) else [target, *rest]
    line = _meant_by(words, arguments, command) if words else []
    if line:
        return _unplaced(words[0], line, command)
    meant = _target(file, inside, rest) if target is not None else None
    if meant:
        return f"{target}: did you mean {shlex.quote(meant)}?"
    if not rest:
        return None if target else _unplaced("", [], command)
    if LAYER.match(rest[0]):
        return (
            f"{rest[0]} belongs to no option: convcalc net --layers {shlex.quote(rest[0])} reads it"
        )
    flag = _flag_before(rest[0], arguments, command)
    if "--" in arguments and rest[0][:1] == "-":
        return f"{rest[0]} comes after --, where nothing is read as an option: leave -- out"
    if flag and rest[0].lower() in YES_OR_NO:
        return _valueless(flag, rest[0], command)
    return _unplaced(rest[0], [], command)


def _target(file: str, inside: str, rest: Sequence[str]) -> str | None:
    """Return the target that was meant by mine:unfold, mine.py::unfold or mine.py unfold."""
    inside = inside.lstrip(":")
    if not inside and rest and re.match(r"[A-Za-z_][^=]*$", rest[0]):
        inside = rest[0]
    meant = f"{file}:{inside}" if inside else file
    if os.path.isfile(file):
        return meant if inside else None
    return meant.replace(file, f"{file}.py", 1) if os.path.isfile(f"{file}.py") else None


def _flag_before(word: str, arguments: Sequence[str], command: click.Command) -> str | None:
    """Return the flag that a word stands behind."""
    for before, argument in pairwise(arguments):
        option = option_called(before, command)
        if argument == word and option is not None and option.is_flag:
            return before
    return None


def _meant_by(
    rest: Sequence[str], arguments: Sequence[str], command: click.Command
) -> Sequence[str]:
    """Return what to type instead of words that belong to no option, or nothing."""
    first = rest[0]
    if NUMBERS.fullmatch(first):
        return placed(values_in(list(takewhile(PIECE.fullmatch, rest))), arguments, command)
    if first[:1] in tuple(DASHES):
        option = None if first[0] == "-" else meant_by(first, command) or nearest_to(first, command)
        return [option] if option else []
    names = _joined(first, arguments, command)
    if names:
        return names
    if "=" not in first:
        own, value = option_called(f"--{first}", command), "".join(rest[1:2])
        if own is None or not (own.is_flag or reads(own, value)):
            return []
        return [f"--{first}"] if own.is_flag else [f"--{first}", value]
    line: list[str] = []
    for word in rest:
        for setting in SETTINGS.split(word.rstrip(",")):
            line += (found := _set_by(setting, command))
            if not found:
                return line
    return line


SETTINGS = re.compile(r",\s*(?=[A-Za-z_]+\s*=)")
"""What stands between settings as Python has them: kernel_size=3, stride=2."""


def _set_by(setting: str, command: click.Command) -> list[str]:
    """Return the option and its value that `kernel_size=3` is meant for, or nothing."""
    name, equals, value = map(str.strip, setting.partition("="))
    option = meant_by(name, command) if equals else None
    named = option_called(option or "", command)
    if option is None or named is None:
        return []
    if named.is_flag:
        no = [each for each in named.secondary_opts if value.lower() in NO]
        return no or ([option] if value.lower() in YES_OR_NO else [])
    return [option, shlex.quote(value)] if reads(named, value) else []


def _joined(word: str, arguments: Sequence[str], command: click.Command) -> Sequence[str]:
    """Return the option whose names a word goes on with: `--columns name,layer`."""
    for option in options_of(command):
        name = option.opts[0]
        if isinstance(option.type, Names) and name in arguments:
            behind = arguments[arguments.index(name) + 1 :]
            names = list(takewhile(set(option.type.known()).__contains__, behind))
            if word in names[1:]:
                return [name, ",".join(names)]
    return []


COMMANDS = {
    **dict.fromkeys(("conv", "conv1d", "conv2d", "conv3d", "size", "output", "calc"), "shape"),
    **dict.fromkeys(("weights", "parameters"), "params"),
    **dict.fromkeys(("unfold", "im2col", "fold", "show"), "demo"),
    **dict.fromkeys(("model", "network", "summary"), "net"),
    **dict.fromkeys(("find", "search"), "solve"),
    **dict.fromkeys(("test", "verify", "grade"), "check"),
}
"""What commands might be called instead."""


def unknown_command(name: str, arguments: Sequence[str], group: click.Group) -> str:
    """Return the sentence for a command that there isn't."""
    said = f"{name or repr('')} is not a command"
    if NUMBERS.fullmatch(name):
        run = list(takewhile(PIECE.fullmatch, [name, *arguments]))
        rest = arguments[len(run) - 1 :]
        for command, others in _commands(rest, group):
            line = placed(values_in(run), others, command)
            whole = _answered([*line, *others], command) if line else None
            if whole:
                return f"{name} is given without a command: did you mean {whole}?"
    if f"--{name.lower()}" in names_of(group):
        return f"{said}: did you mean convcalc --{name.lower()}?"
    near = nearest(name.lower(), group.commands) or COMMANDS.get(name.lower())
    if name == group.name or name == "convcalc":
        near = next((each for each in arguments[:1] if each in group.commands), near)
    if near:
        return f"{said}: did you mean convcalc {near}?"
    if os.path.exists(name.partition(":")[0]):
        for whole in _lines([name, *arguments], group):
            return f"{said}: did you mean {whole}?"
    return f"{said}: {listed(list(group.commands))} are"


def without_command(name: str, arguments: Sequence[str], group: click.Group) -> str:
    """Return the sentence for options that stand before any command."""
    if ONE_DASH.match(arguments[0]) and name[-1] in arguments[0]:
        name = arguments[0].partition("=")[0]
    for whole in _lines(arguments, group):
        return f"{name} is given without a command: did you mean {whole}?"
    own = called(name, group) or nearest_to(name, group)
    if own:
        return f"{name} is not an option of convcalc: did you mean convcalc {own}?"
    for command in group.commands.values():
        option = meant_by(name, command) or nearest_to(name, command)
        changed = [
            part
            for each in arguments
            for part in ((option or "").split() if each == name else [each])
        ]
        line = _answered(changed, command) if option else None
        if line:
            return f"{name} is given without a command: did you mean {line}?"
    return f"{name} comes before a command: convcalc -h shows the commands"


def _lines(arguments: Sequence[str], group: click.Group) -> Iterator[str]:
    """Yield the lines with each command that takes these arguments."""
    for command, others in _commands(arguments, group):
        whole = _answered(others, command)
        if whole:
            yield whole


def _commands(
    arguments: Sequence[str], group: click.Group
) -> Iterator[tuple[click.Command, list[str]]]:
    """Yield the commands that arguments may be for: the one that is among them, or each."""
    named = next((each for each in arguments if each in group.commands), None)
    for name, command in group.commands.items():
        if named in (None, name):
            others = list(arguments)
            if named is not None:
                others.remove(named)
            yield command, others


def _answered(arguments: Sequence[str], command: click.Command) -> str | None:
    """Return the line with a command that takes these arguments, and what it misses."""
    arguments = [each for each in arguments if each not in ("-h", "--help")]  # which would answer
    with suppress(click.ClickException):
        ctx = command.make_context(command.name, list(arguments))
        target = ctx.params.get("target")
        if target is not None and (lost(target) or ctx.params.get("layers")):
            return None
        missing = command.missing(ctx.params) if isinstance(command, Needing) else []
        words = [shlex.join(arguments)] if arguments else []
        return " ".join([f"convcalc {command.name}", *words, *missing])
    return None
