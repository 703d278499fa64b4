"""Answers written out, and what is shown kept in a file.

A command hands over its answer with the two functions that say what there is to show of it. What
isn't needed isn't loaded: each way to write has a file of its own.

page        what a command shows, as plain data
shape       what `shape` answers: its page and its JSON beside each other, as for every command
params      what `params` answers
demo/       what `demo` answers, a file for each kind of layer, and the steps of its animation
net         what `net` answers: the columns of its table are here
network/    what is shown of networks beside their tables: rails, several files
diff        the edits that mend a network, as a patch
solve       what `solve` answers
check       what `check` answers
terminal/   pages drawn for a person
delimited   pages as CSV and as Markdown
latex       pages as LaTeX
touch/      pages that can be touched
notebook    pages as notebooks show them
moving      the animation of a walk-through as a picture
picture     what a terminal shows, as SVG and HTML
progress    how far something has come that takes long
signals     what is tidied up before a signal ends the process
saved       what is shown, kept in a file
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from convcalc.text import harmless, writable

if TYPE_CHECKING:
    from convcalc.output.page import Page

    AsPage = Callable[[], Page]
    AsJson = Callable[[], dict[str, Any]]
    Written = tuple[Page | str, Sequence[str]]

Answer = TypeVar("Answer")


class Format:
    """A way to write answers: all that is said of it anywhere.

    `write` takes what gives an answer's page, and its JSON; it returns what is shown, a page where
    a terminal draws it, and the notes that have no place in that. `also` are other names for it.
    """

    def __init__(
        self, name: str, write: Callable[[AsPage, AsJson], Written], also: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.write = write
        self.also = also


def _table(page: AsPage, json: AsJson) -> Written:
    return page(), ()


def _json(page: AsPage, json: AsJson) -> Written:
    """Return JSON with a key to a line, and within a list of objects an object to a line."""
    from json import dumps

    lines = []
    for key, value in json().items():
        text = dumps(value)
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
            text = "[\n    " + ",\n    ".join(map(dumps, value)) + "\n  ]"
        lines.append(f"  {dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n", ()


def _csv(page: AsPage, json: AsJson) -> Written:
    from convcalc.output import delimited

    shown = page()
    return delimited.csv(shown), delimited.unsaid(shown)


def _markdown(page: AsPage, json: AsJson) -> Written:
    from convcalc.output import delimited

    return delimited.markdown(page()), ()


def _latex(page: AsPage, json: AsJson) -> Written:
    from convcalc.output import latex

    return latex.latex(page()), ()


def _github(page: AsPage, json: AsJson) -> Written:
    """Return the annotations that GitHub shows beside the lines of a pull request."""
    return "".join(f"{each}\n" for each in json()["annotations"]), ()


TABLE = Format("table", _table, also=["text"])
JSON = Format("json", _json)
FORMATS = [
    TABLE,
    JSON,
    Format("csv", _csv),
    Format("markdown", _markdown, also=["md"]),
    Format("latex", _latex, also=["tex"]),
]
"""Every way to write an answer; the first is meant where none is asked for."""
GITHUB = Format("github", _github)
"""A way to write what is wrong with networks, and nothing of what is right."""


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
    format: Format = TABLE,
    save: Target | None = None,
    as_file: Mapping[str, Callable[[Answer, str | None], str]] | None = None,
    draws: bool = True,
) -> None:
    """Write a command's answer to standard output, and what that shows to a file.

    Some answers have a picture or page of their own to be saved as, by the ends of files' names;
    it is called with the answer and the theme. Where somebody else draws the answer, it is only
    saved.

    Raises ConvcalcError where nothing can be saved there; then nothing is shown either.
    """
    shown, unsaid = format.write(lambda: as_page(answer), lambda: as_json(answer))
    if save is not None:
        from convcalc.output import saved

        if format is TABLE and as_file and save.suffix in as_file:
            saved.save(as_file[save.suffix](answer, save.theme), save, written=True)
        else:
            saved.save(shown, save)
    if not draws:
        return
    if not isinstance(shown, str):
        from convcalc.output.terminal.page import draw

        draw(shown)
        return
    sys.stdout.write(writable(shown, sys.stdout.encoding or "utf-8"))
    if unsaid:
        sys.stdout.flush()  # so that nothing is said of an answer that nobody got
    for note in unsaid:
        said = writable(f"note  {harmless(note)}", sys.stderr.encoding or "utf-8")
        print(said, file=sys.stderr)
