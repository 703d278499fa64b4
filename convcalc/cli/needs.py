"""What a command can't do without, and what may be given in its stead."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import click

from convcalc.formulas import ConvcalcError


class Needing(click.Command):
    """A command that some options must be given to.

    `needs` are examples of what has no default, by the names of its parameters; where the option
    is given that `unless` names, it isn't needed.
    """

    def __init__(
        self,
        *args: Any,
        needs: Mapping[str, str] | None = None,
        unless: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.needs = needs or {}
        self.unless = unless or {}

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """Return examples of what is needed and isn't given."""
        return [
            example
            for name, example in self.needs.items()
            if given[name] in (None, ()) and given.get(self.unless.get(name, "")) in (None, False)
        ]

    def said(self, error: ConvcalcError, given: Mapping[str, Any]) -> str:
        """Return an error's sentence with the command's option in the place of its argument.

        Where another option is given in its stead, it is that one's: --w's kernel.
        """
        options = {param.name: param for param in self.params}
        argument = error.argument
        if argument not in options:
            return str(error)
        instead = self.unless.get(argument)
        if instead and given.get(argument) is None and given.get(instead) is not None:
            return error.sentence(f"{options[instead].opts[0]}'s {argument.partition('_')[0]}")
        param = options[argument]
        return error.sentence("/".join((param.opts[0], *param.secondary_opts[:1])))


def needs_of(command: click.Command) -> Mapping[str, str]:
    """Return what a command needs; nothing where it isn't one of ours."""
    return command.needs if isinstance(command, Needing) else {}


def lost(target: str | None) -> bool:
    """Whether a target is no file, or is written in a way that none is."""
    if target is None or target == "-":
        return False
    file, _, inside = target.partition(":")
    return inside[:1] == ":" or not os.path.exists(file)


def unmeant(target: str) -> bool:
    """Whether one of several targets is no file, and isn't written as one that may be missing."""
    file = target.partition(":")[0]
    return lost(target) and not re.search(r"\.(py|ipynb|txt)$|[*?\[]", file)
