"""A page from top to bottom, on a terminal or wherever else a console writes.

In a terminal that is too narrow columns leave, the least important first, and sentences break
between words; names, numbers and lines to paste are never broken.
"""

from __future__ import annotations

import os
from io import StringIO
from typing import Literal

from rich.console import Console, Group, RenderableType

from convcalc.output.page import Beside, Block, Facts, Matrices, Page, Program, Table
from convcalc.output.terminal.canvas import NARROWEST, Canvas, console_of
from convcalc.output.terminal.matrices import beside, equation, matrices
from convcalc.output.terminal.tables import facts, table
from convcalc.text import EXAMPLE


def draw(page: Page) -> None:
    """Print a page to standard output: as wide as the terminal, or elsewhere as wide as it is."""
    Drawing(console()).print(page)


def as_text(page: Page) -> str:
    """Return what a pipe shows of a page."""
    written = StringIO()
    Drawing(console_of(file=written, color_system=None, width=NARROWEST)).print(page)
    return written.getvalue().rstrip("\n")


def console() -> Console:
    """Return standard output, in colours where it has them and they are wanted."""
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return console_of(color_system=colours)


class Drawing(Canvas):
    """Draws pages on one console."""

    def print(self, page: Page) -> None:
        """Print a page."""
        body = self.picture(page)
        if self.console.is_terminal or self.console.record:
            self.console.print(body, crop=False)
            return
        with self.console.capture() as capture:
            self.console.print(body, crop=False)
        lines = (line.rstrip() for line in capture.get().splitlines())
        self.console.file.write("\n".join(lines) + "\n")

    def picture(self, page: Page) -> Group:
        """Return a page from top to bottom; make the console as wide as it, if no terminal."""
        parts: list[RenderableType] = []
        if page.heading:
            parts.append(self.sentence(self.text(page.heading, "bold")))
        for block in page.blocks:
            parts += self._block(block)
        if page.code:
            parts.append(self.to_paste("PyTorch  ", page.code, "green"))
        label = "note     " if page.code else "note  "
        notes = [
            self.to_paste(label, note, "yellow")
            if note.startswith(EXAMPLE) and not self.wraps
            else self.sentence(self.text(note, "yellow"), label)
            for note in page.notes
        ]
        if not self.console.is_terminal:
            counted = parts if self.wraps else [*parts, *notes]
            self.console.width = max(NARROWEST, *map(self.natural_width, counted))
        return Group(*parts, *notes)

    def _block(self, block: Block) -> list[RenderableType]:
        if isinstance(block, Facts):
            return facts(self, block)
        if isinstance(block, Table):
            return table(self, block)
        if isinstance(block, Beside):
            return beside(self, block)
        if isinstance(block, Matrices):
            return matrices(self, block)
        if isinstance(block, Program):
            from convcalc.output.terminal.programs import program  # here, since few print one

            return [program(self, block)]
        return equation(self, block)

    def height(self, page: Page) -> int:
        """Return how many lines a page takes on this console."""
        return len(self.console.render_lines(self.picture(page)))
