"""Answers written out: a table, JSON, CSV or Markdown, and what is shown kept in a file.

A command hands over its answer with the two functions that say what there is to show of it. What
isn't needed isn't loaded: each way to write has a file of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from convcalc.text import harmless, writable

if TYPE_CHECKING:
    from convcalc.output.page import Page

Answer = TypeVar("Answer")


def show(
    answer: Answer,
    as_page: Callable[[Answer], Page],
    as_json: Callable[[Answer], dict[str, Any]],
    format: str = "table",
    save: str | None = None,
) -> None:
    """Write a command's answer to standard output, and what that shows to a file.

    Raises ConvcalcError where nothing can be saved there; then nothing is shown either.
    """
    shown: Page | str
    unsaid: Sequence[str] = ()
    if format == "json":
        shown = _json(as_json(answer))
    elif format == "table":
        shown = as_page(answer)
    else:
        from convcalc.output import delimited

        page = as_page(answer)
        shown = delimited.csv(page) if format == "csv" else delimited.markdown(page)
        if format == "csv":
            unsaid = delimited.unsaid(page)
    if save is not None:
        from convcalc.output import saved

        saved.save(shown, save)
    for note in unsaid:
        print(writable(f"note  {harmless(note)}", sys.stderr.encoding or "utf-8"), file=sys.stderr)
    if isinstance(shown, str):
        sys.stdout.write(writable(shown, sys.stdout.encoding or "utf-8"))
    else:
        from convcalc.output import terminal

        terminal.draw(shown)


def _json(keys: dict[str, Any]) -> str:
    """Return JSON with a key to a line, and within a list of objects an object to a line."""
    from json import dumps

    lines = []
    for key, value in keys.items():
        text = dumps(value)
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
            text = "[\n    " + ",\n    ".join(map(dumps, value)) + "\n  ]"
        lines.append(f"  {dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
