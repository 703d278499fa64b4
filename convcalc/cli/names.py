"""Which option of a command a name stands for, whatever other programs call it.

Loaded only where something isn't understood.
"""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches

import click

from convcalc.cli.values import PADDING_WORDS, OneOf

MEANT = {
    "--output-format": "--format",
    "--output-file": "--save",
    "--outfile": "--save",
    "--svg": "--save x.svg",
    "--html": "--save x.html",
    "--input-shape": "--in",
    "--input-size": "--in",
    "--in-channels": "--in",
    "--shape": "--in",
    "--size": "--in",
    "--from": "--in",
    "--image": "--in",
    "--channels": "--out",
    "--filters": "--out",
    "--num-filters": "--out",
    "--c-out": "--out",
    "--target": "--out",
    "--output": "--out",
    "--output-shape": "--out",
    "--output-size": "--out",
    "--to": "--out",
    "--ks": "--k",
    "--ksize": "--k",
    "--filter": "--k",
    "--filter-size": "--k",
    "--pads": "--p",
    "--rate": "--d",
    "--op": "--output-padding",
    "--outpad": "--output-padding",
    "--pooling": "--pool",
    "--without-bias": "--no-bias",
    "--bs": "--batch",
    "--batch-size": "--batch",
    "--type": "--dtype",
    "--operation": "--op",
    "--train-mode": "--train",
    "--animation": "--animate",
    "--seconds": "--delay",
    "--speed": "--delay",
    "--time-limit": "--timeout",
}
"""Names that other programs have for an option of ours."""

DASHES = "-–—−"
NEAR = 0.8
"""How similar a typed name and an option have to be; below that it is more often another's name."""


def bare_name(name: str) -> str:
    """Return an option's name without its dashes, as ours are written."""
    return name.lstrip(DASHES).rstrip(":").lower().replace("_", "-")


def options_of(command: click.Command) -> list[click.Option]:
    """Return a command's options, without its arguments."""
    return [param for param in command.params if isinstance(param, click.Option)]


def names_of(command: click.Command) -> list[str]:
    """Return the names of a command's options, short and long."""
    return [
        name for option in options_of(command) for name in (*option.opts, *option.secondary_opts)
    ]


def option_called(name: str, command: click.Command) -> click.Option | None:
    """Return the option of this name."""
    for option in options_of(command):
        if name in option.opts or name in option.secondary_opts:
            return option
    return None


def reads(option: click.Option | None, value: str) -> bool:
    """Return whether an option takes this value."""
    if option is None or option.is_flag:
        return False
    with suppress(click.ClickException):
        option.type.convert(value, option, None)
        return True
    return False


def called(name: str, command: click.Command) -> str | None:
    """Return the option that is called so, but for dashes and capitals, here or elsewhere."""
    bare = bare_name(name)
    names = names_of(command)
    if len(bare) == 1 and f"--{bare}" not in names:
        for option in options_of(command):
            short = [each for each in option.opts if each.lower() == f"-{bare}"]
            if short:
                return short[0] if name[:2] == "--" else option.opts[-1]
    if f"--{bare}" in names:
        return f"--{bare}"
    meant = MEANT.get(f"--{bare}", "")
    return meant if meant and meant.split()[0] in names else None


def meant_by(name: str, command: click.Command) -> str | None:
    """Return the option that a name stands for beyond doubt."""
    bare = bare_name(name)
    option = called(name, command) or _words(command).get(bare.replace("-", ""))
    if option:
        return option
    glued = re.fullmatch(r"(.*?\D)(\d.*)", bare)  # --in3x32x32
    if glued:
        option = called(f"--{glued[1]}", command)
        if option and reads(option_called(option, command), glued[2]):
            return f"{option} {glued[2]}"
    longer = [each for each in names_of(command) if each.startswith(f"--{bare}")]
    return longer[0] if len(longer) == 1 and len(bare) > 1 else None


def _words(command: click.Command) -> dict[str, str]:
    """Return the words that are an option's value, with or without its name: json, maxpool."""
    words: dict[str, str] = {}
    for option in options_of(command):
        also: dict[str, str] = {}
        if isinstance(option.type, OneOf):
            also = {**{word: word for word in option.type.choices}, **option.type.also}
        elif option.name == "padding":
            also = {word: word for word in PADDING_WORDS if reads(option, word)}
        for word, value in also.items():
            line = f"{option.opts[0]} {value}"
            words.setdefault(word, line)
            words.setdefault(word + option.opts[0].strip("-"), line)
    return words


def nearest_to(name: str, command: click.Command) -> str | None:
    """Return the option whose name is nearly this."""
    names = names_of(command)
    near = {name.strip("-"): name for name in names if name.startswith("--")}
    for other, option in MEANT.items():
        if option.split()[0] in names:
            near.setdefault(other.strip("-"), option)
    for each in list(near):
        near.setdefault(each.partition("-")[0], near[each])  # kernel of kernel-size
    # Without the dashes, in which all names are alike.
    found = get_close_matches(bare_name(name), near, n=1, cutoff=NEAR)
    return near[found[0]] if found and len(bare_name(name)) > 1 else None
