"""What is drawn on: a console whose width, colours and glyphs are kept to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.text import Text

from convcalc.output.page import Cell, cell_text
from convcalc.output.terminal.lines import Sentence
from convcalc.text import EXAMPLE, writable

VERBATIM: Any = {"highlight": False, "markup": False, "emoji": False}
"""Texts are shown as they are: what is in brackets or between colons means nothing to Rich."""


def console_of(**settings: Any) -> Console:
    """Return a console that shows texts as they are, whatever COLUMNS and LINES are set to."""
    sizes = {name: os.environ.get(name, "") for name in ("COLUMNS", "LINES")}
    wrong = [name for name, size in sizes.items() if not size.isdecimal()]  # ² is a digit to Rich
    environment = {name: value for name, value in os.environ.items() if name not in wrong}
    return Console(_environ=environment, **VERBATIM, **settings)


NARROWEST = 80
"""Columns of a page that goes to no terminal, unless a table on it is wider."""

PICTURE = 120
"""Columns in which tensors stand beside one another in a picture that is as wide as no terminal."""

ENDLESS = 1_000_000
"""Columns to measure a table in."""


class Canvas:
    """One console, and how texts stand on it.

    `wraps` keeps sentences within the tables' width where there is no terminal to be as wide as,
    and the worked example too: it is for a picture, from which nobody pastes. `flows` leaves every
    sentence whole, for who draws it to break.
    """

    def __init__(self, console: Console, wraps: bool = False, flows: bool = False) -> None:
        self.console = console
        self.wraps = wraps
        self.flows = flows
        self.encoding = console.encoding
        self.plain = console.color_system is None

    def written(self, cell: Cell) -> str:
        """Return a cell in characters that the console has."""
        return writable(cell_text(cell), self.encoding)

    def column(self, cells: Iterable[Cell]) -> list[str]:
        """Return cells in characters that the console has, of which it nearly always has all."""
        texts = [cell_text(cell) for cell in cells]
        together = "".join(texts)
        if writable(together, self.encoding) == together:
            return texts
        return [writable(each, self.encoding) for each in texts]

    def text(self, cell: Cell, style: str = "") -> Text:
        """Return a cell in a style."""
        return Text(self.written(cell), style)

    def sentence(self, sentence: Text, label: str = "") -> RenderableType:
        """Return a sentence, broken between words where it doesn't fit."""
        if self.flows:
            return Text.assemble((label, "dim"), sentence, no_wrap=True, overflow="ignore")
        return Sentence(sentence, label)

    def to_paste(self, label: str, line: str, style: str) -> Text:
        """Return a line unbroken, by itself where it doesn't fit beside its label."""
        text = self.text(line, style)
        if cell_len(label + text.plain) > self.room(ENDLESS) and not self.flows:
            said = EXAMPLE if line.startswith(EXAMPLE) else ""
            label = f"{label}{said}".rstrip() + "\n"
            text = text[len(said) :]
        return Text.assemble((label, "dim"), text, no_wrap=True, overflow="ignore")

    def left_out(self, names: Sequence[str]) -> RenderableType:
        """Return the line that says which columns there was no room for."""
        sentence = f"left out for want of width: {', '.join(names)}"
        return self.sentence(self.text(sentence, "dim"))

    def room(self, elsewhere: int) -> int:
        """Return the columns that there are on a terminal, or elsewhere."""
        return self.console.width if self.console.is_terminal else elsewhere

    @property
    def beside(self) -> int | None:
        """The width in which tensors stand beside one another; None where they don't."""
        if self.console.is_terminal:
            return self.console.width
        return PICTURE if self.wraps else None

    def natural_width(self, part: RenderableType) -> int:
        """Return how wide something is where there is room for all of it."""
        options = self.console.options.update(width=ENDLESS)
        return Measurement.get(self.console, options, part).maximum
