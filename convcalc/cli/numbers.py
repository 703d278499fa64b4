"""Numbers that stand where no option takes them, and the options that they are for.

Loaded only where something isn't understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from convcalc.cli.names import options_of, reads
from convcalc.cli.needs import Needing, needs_of
from convcalc.cli.values import ungrouped

PIECE = re.compile(r"[(\[]?[\dxX×*,:]+[)\]]?,?")
"""Numbers that stand where an option should: 3x32x32, or a piece of (3, 32, 32) or 3 x 32."""
NUMBERS = re.compile(rf"(?=\D?\d){PIECE.pattern}")
"""What such numbers begin with."""


def values_in(run: Sequence[str]) -> list[str]:
    """Return the values that numbers are pieces of: 3 32 32, or 3x32x32 and 16x16x16."""
    values: list[str] = []
    before = ""
    for word in map(ungrouped, run):
        piece = re.sub(r"[xX×*,]+", "x", word.strip("()[]"))
        sizes = len(re.findall("[^x]+", piece))
        single = sizes == 1 and len(re.findall("[^x]+", before)) == 1
        incomplete = sizes == 1 and bool(values) and values[-1].count("x") == 1
        goes_on = before[-1:] == "x" or piece[:1] == "x" or single or incomplete
        if values and goes_on and word[:1] not in "([":
            values[-1] = re.sub("x+", "x", f"{values[-1]}x{piece}")
        else:
            values.append(piece)
        before = re.sub(r"[xX×*,]+", "x", word.strip("()["))  # where a bracket closes is an end
    return [value.strip("x[]()") for value in values]


def placed(values: Sequence[str], arguments: Sequence[str], command: click.Command) -> list[str]:
    """Return these values each with the option that is missing for it; none unless all have one."""
    needs = needs_of(command)
    unless = command.unless if isinstance(command, Needing) else {}
    options = {option.name: option for option in options_of(command)}
    missing = [
        name
        for name in needs
        if name in options
        and (options[name].multiple or not _given(options[name], arguments))
        and not (name in unless and _given(options.get(unless[name]), arguments))
    ]
    line: list[str] = []
    for value in values:
        fitting = (name for name in missing if _fits(value, options[name], needs[name]))
        name = next(fitting, None)
        if name is None:
            return []
        missing.remove(name)
        line += [options[name].opts[0], value]
    return line


def _given(option: click.Option | None, arguments: Sequence[str]) -> bool:
    return option is not None and any(
        each[:2] in option.opts or each.partition("=")[0] in option.opts for each in arguments
    )


def _fits(value: str, option: click.Option, example: str) -> bool:
    """Return whether a value is a shape where one is needed, a size where a size is."""
    sizes = value.count("x") + 1
    return reads(option, value) and (sizes == 2 or (sizes > 2) == ("x" in example.split()[-1]))
