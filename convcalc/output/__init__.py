"""Answers written out: a table, JSON, CSV or Markdown, and what is shown kept in a file.

A command hands over its answer with the two functions that say what there is to show of it. What
isn't needed isn't loaded: each way to write has a file of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from convcalc.text import harmless, writable

if TYPE_CHECKING:
    from convcalc.output.page import Page

Answer = TypeVar("Answer")


class Target:
    """A file to save an answer in, and whether a picture is light or dark."""

    def __init__(self, path: str, theme: str | None = None) -> None:
        self.path = path
        self.theme = theme

    @property
    def suffix(self) -> str:
        """What kind of file it is, by the end of its name: .svg, .html, .txt."""
        _, dot, suffix = os.path.basename(self.path).rpartition(".")
        return f"{dot}{suffix}".lower() if dot and _ else ""


def show(
    answer: Answer,
    as_page: Callable[[Answer], Page],
    as_json: Callable[[Answer], dict[str, Any]],
    format: str = "table",
    save: Target | None = None,
    as_html: Callable[[Answer, str | None], str] | None = None,
    draws: bool = True,
) -> None:
    """Write a command's answer to standard output, and what that shows to a file.

    Some answers have a page of HTML of their own to be saved `as_html`; where somebody else draws
    the answer, it is only saved.

    Raises ConvcalcError where nothing can be saved there; then nothing is shown either.
    """
    shown: Page | str
    unsaid: Sequence[str] = ()
    if format == "json":
        shown = _json(as_json(answer))
    elif format == "table":
        shown = as_page(answer)
    elif format == "latex":
        from convcalc.output import latex

        shown = latex.latex(as_page(answer))
    else:
        from convcalc.output import delimited

        page = as_page(answer)
        shown = delimited.csv(page) if format == "csv" else delimited.markdown(page)
        if format == "csv":
            unsaid = delimited.unsaid(page)
    if save is not None:
        from convcalc.output import saved

        if as_html is not None and format == "table" and save.suffix == ".html":
            saved.save(as_html(answer, save.theme), save, written=True)
        else:
            saved.save(shown, save)
    if not draws:
        return
    if isinstance(shown, str):
        sys.stdout.write(writable(shown, sys.stdout.encoding or "utf-8"))
        if unsaid:
            sys.stdout.flush()  # so that nothing is said of an answer that nobody got
        for note in unsaid:
            said = writable(f"note  {harmless(note)}", sys.stderr.encoding or "utf-8")
            print(said, file=sys.stderr)
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
