"""Pages drawn with Rich: on the terminal, or into a picture or text file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from io import StringIO
from itertools import pairwise
from time import sleep
from typing import Any, Literal

from rich.box import ROUNDED, Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text

from convcalc.output.page import Cell, Facts, Grid, Matrices, Page, Table, cell_text
from convcalc.text import writable

VERBATIM: Any = {"highlight": False, "markup": False, "emoji": False}
"""Texts are shown as they are: what is in brackets or between colons means nothing to Rich."""

NARROWEST = 80
"""Columns of a page that goes to no terminal, unless a table on it is wider."""

ENDLESS = 1_000_000
"""Columns to measure a table in."""

CHANNEL_STYLES = ("cyan", "magenta", "green", "yellow", "blue")
MARK = "bold reverse"

GAP = 2
"""Blanks between two columns of a matrix, which are also as many as its frame needs."""

FOLDED = 8
"""The narrowest that a column of texts becomes before other columns are left out."""

ASCII_FRAME = Box("+--+\n|  |\n+--+\n|  |\n+--+\n+--+\n|  |\n+--+\n", ascii=True)
FRAME = Box("╭──╮\n│  │\n├──┤\n│  │\n├──┤\n├──┤\n│  │\n╰──╯\n")
"""A box around a matrix, with no lines between its columns."""


def draw(page: Page) -> None:
    """Print a page to standard output: as wide as the terminal, or elsewhere as wide as it is."""
    _Drawing(_console()).print(page)


def _console() -> Console:
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(color_system=colours, **VERBATIM)


def animate(pages: Iterable[Page], delay: float) -> None:
    """Show pages one after the other in place; the last one stays, also after Ctrl-C."""
    from rich.live import Live  # here, since nothing else needs it and it takes time to load

    console = _console()
    drawing = _Drawing(console)
    with suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False) as live:
        for page in pages:
            live.update(drawing.picture(page), refresh=True)
            sleep(delay)


def picture(shown: Page | str, suffix: str) -> str:
    """Return what the terminal shows as an SVG picture, an HTML page or text."""
    terminal = Console()
    console = Console(
        file=StringIO(),
        record=True,
        **VERBATIM,
        color_system="truecolor",
        force_terminal=terminal.is_terminal,
        width=terminal.width if terminal.is_terminal else NARROWEST,
    )
    if isinstance(shown, Page):
        # A picture keeps its sentences within its tables' width; text, like a pipe, breaks none.
        _Drawing(console, wraps=suffix != ".txt").print(shown)
    else:
        console.width = max(map(len, shown.splitlines()), default=1)
        console.print(Text(shown.rstrip("\n")))
    if suffix == ".svg":
        return console.export_svg(title="convcalc")
    return console.export_html() if suffix == ".html" else console.export_text()


class _Drawing:
    """Draws on one console, whose width, colours and glyphs it keeps to."""

    def __init__(self, console: Console, wraps: bool = False) -> None:
        self.console = console
        self.wraps = wraps
        self.encoding = console.encoding
        self.plain = console.color_system is None

    def print(self, page: Page) -> None:
        """Print a page."""
        body = self.picture(page)
        if self.console.is_terminal or self.console.record:
            self.console.print(body)
            return
        with self.console.capture() as capture:
            self.console.print(body)
        lines = (line.rstrip() for line in capture.get().splitlines())
        self.console.file.write("\n".join(lines) + "\n")

    def picture(self, page: Page) -> Group:
        """Return a page from top to bottom; make the console as wide as it, if no terminal."""
        parts: list[RenderableType] = [self._text(page.heading, "bold")]
        for block in page.blocks:
            if isinstance(block, Facts):
                parts.append(self._facts(block))
            elif isinstance(block, Table):
                parts += self._table(block)
            else:
                parts += self._matrices(block)
        remarks = [("PyTorch", page.code, "green")] if page.code else []
        remarks += [("note", note, "yellow") for note in page.notes]
        if remarks:
            parts.append(self._remarks(remarks))
        if not self.console.is_terminal:
            counted = parts[:-1] if remarks and self.wraps else parts
            self.console.width = max(NARROWEST, *map(self._natural_width, counted))
        return Group(*parts)

    def _text(self, cell: Cell, style: str = "") -> Text:
        return Text(writable(cell_text(cell), self.encoding), style)

    def _room(self, elsewhere: int) -> int:
        """Return the columns that there are on a terminal, or elsewhere."""
        return self.console.width if self.console.is_terminal else elsewhere

    def _natural_width(self, part: RenderableType) -> int:
        options = self.console.options.update(width=ENDLESS)
        return Measurement.get(self.console, options, part).maximum

    def _remarks(self, remarks: list[tuple[str, str, str]]) -> RichTable:
        table = RichTable.grid(padding=(0, 2, 0, 0))
        for label, remark, style in remarks:
            table.add_row(Text(label, "dim"), self._text(remark, style))
        return table

    def _facts(self, facts: Facts) -> RichTable:
        table = RichTable(box=ROUNDED, show_header=False)
        explained = any(how for _, _, how in facts.rows)
        for style in ("dim", "bold cyan", "") if explained else ("dim", ""):
            table.add_column(style=style, overflow="fold")
        for row in facts.rows:
            table.add_row(*map(self._text, row if explained else row[:2]))
        return table

    def _table(self, block: Table) -> list[RenderableType]:
        """Return a table; where it is too wide, texts are folded, then columns left out."""
        left = [isinstance(cell, str) for cell in block.rows[0]]
        rows = [[self._text(cell).plain for cell in row] for row in block.rows]
        totals = rows.pop() if block.total else [""] * len(left)
        widths = [max(map(cell_len, column)) for column in zip(totals, *rows)]
        headers = [
            name if cell_len(name) <= width else "\n".join(name.split())
            for name, width in zip(block.columns, widths)
        ]
        widths = [
            max(width, *map(cell_len, header.split("\n"))) for width, header in zip(widths, headers)
        ]
        room = self._room(ENDLESS)
        fits = sum(widths) + 3 * len(widths) + 1 <= room
        least = [min(width, FOLDED) if is_left else width for width, is_left in zip(widths, left)]
        kept = len(widths)
        if not fits:
            while kept > 1 and sum(least[:kept]) + kept + 1 > room:
                kept -= 1
            while sum(widths[:kept]) + kept + 1 > room and widths[:kept] != least[:kept]:
                spare = [width - fewest for width, fewest in zip(widths[:kept], least)]
                widths[spare.index(max(spare))] -= 1
        table = RichTable(
            box=ROUNDED,
            header_style="dim",
            show_footer=block.total,
            padding=(0, 1 if fits else 0),
        )
        for j in range(kept):
            table.add_column(
                headers[j],
                Text(totals[j], "bold"),
                justify="left" if left[j] else "right",
                width=widths[j],
                vertical="bottom",
                overflow="fold",
            )
        if fits:
            return [_Filled(table, rows, left, widths)]
        for row in rows:
            table.add_row(*map(Text, row[:kept]))
        if kept == len(widths):
            return [table]
        names = ", ".join(block.columns[kept:])
        return [table, self._text(f"left out for want of width: {names}", "dim")]

    def _matrices(self, block: Matrices) -> list[RenderableType]:
        """Return a heading, if it has a name, and the grids, side by side as far as they fit."""
        parts: list[RenderableType] = []
        if block.name:
            shape = ", ".join(map(str, block.shape))
            heading = (
                self._text(block.name, "bold"),
                self._text(f"  {block.letters} = ({shape})", "cyan"),
                self._text(f"  {block.how}", "dim"),
            )
            parts += ["", Text.assemble(*heading)]
        rows: list[list[RenderableType]] = [[]]
        used = 0
        room = self._room(NARROWEST)
        for grid in map(self._grid, block.grids):
            width = self._natural_width(grid) + 2
            if rows[-1] and used + width > room:
                rows.append([])
                used = 0
            rows[-1].append(grid)
            used += width
        for row in rows:
            line = RichTable.grid(padding=(0, 2, 0, 0))
            line.add_row(*row)
            parts.append(line)
        return parts

    def _grid(self, grid: Grid) -> RenderableType:
        """Return one matrix; what is too wide for the terminal is left out in its middle."""
        height, width = len(grid.rows), len(grid.rows[0])
        columns = [self._column(grid, j) for j in range(width)]
        borders = _borders(grid.column_channels)
        first, last = self._left_out(
            [_width(column) + (1 + GAP) * (j in borders) for j, column in enumerate(columns)],
            labels=max((len(label) + GAP for label in grid.row_labels), default=0),
        )
        lines = []
        if grid.row_labels:
            letters = "\n".join(grid.column_letters)
            lines.append([self._text(each, "dim") for each in (letters, *grid.row_labels)])
        for j, column in enumerate(columns):
            if j in borders and not first <= j < last:
                bars = "\n".join("│" * max(1, len(grid.column_letters)))
                lines.append([self._text(bars, "dim")] + [self._text("│", "dim")] * height)
            if j == first < last:
                lines.append([self._text("⋯", "dim")] * (height + 1))
            elif not first <= j < last:
                lines.append(column)
        table = RichTable(
            box=FRAME if self.encoding.startswith("utf") else ASCII_FRAME,
            show_header=bool(grid.column_letters),
            header_style="",
            collapse_padding=True,
        )
        for line in lines:
            table.add_column(line[0], justify="right", no_wrap=True)
        bands = _borders(grid.row_channels)
        for i, row in enumerate(zip(*(line[1:] for line in lines)), 1):
            table.add_row(*row, end_section=i in bands)
        captions = [grid.caption] if grid.caption else []
        if first < last:
            captions.append(f"columns {first + 1} to {last} of {width} left out")
        return Group(*(self._text(caption, "dim") for caption in captions), table)

    def _column(self, grid: Grid, j: int) -> list[Text]:
        """Return the label and the numbers of one column."""
        label = "\n".join(map(str, grid.column_labels[j])) if grid.column_labels else ""
        texts = [self._text(label, "dim")]
        for i, row in enumerate(grid.rows):
            channel = (grid.row_channels[i : i + 1] or grid.column_channels[j : j + 1] or (0,))[0]
            style = CHANNEL_STYLES[channel % len(CHANNEL_STYLES)]
            text = str(row[j])
            if (i, j) in grid.marked:
                text, style = (f"[{text}]", "") if self.plain else (text, f"{style} {MARK}")
            elif grid.marked and self.plain:
                text = f" {text} "
            texts.append(Text(text, style))
        return texts

    def _left_out(self, widths: list[int], labels: int) -> tuple[int, int]:
        """Return the range of columns in the middle that don't fit; an empty one where all do."""
        first, last = 0, len(widths)
        room = self._room(ENDLESS) - labels - GAP
        if sum(widths) <= room:
            return 0, 0
        room -= 1 + GAP  # for the dots
        while first < last:
            from_left = first <= len(widths) - last
            room -= widths[first if from_left else last - 1]
            if room < 0:
                break
            first, last = (first + 1, last) if from_left else (first, last - 1)
        return first, last


class _Filled:
    """A table that fits, whose rows are written straight into the frame that Rich draws.

    Rich lays out every cell on its own, which for ten thousand layers would take seconds.
    """

    def __init__(
        self, table: RichTable, rows: list[list[str]], left: list[bool], widths: list[int]
    ) -> None:
        self.table = table
        self.rows = rows
        self.columns = list(zip(left, widths))
        table.add_row()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return self.table.__rich_measure__(console, options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.table, options, pad=False)
        empty = -4 if self.table.show_footer else -2  # the row above the borders and the totals
        border = lines[empty][0].text
        for line in lines[:empty]:
            yield from (*line, Segment.line())
        for row in self.rows:
            cells = (self._padded(*cell) for cell in zip(row, self.columns))
            yield Segment(f"{border} {f' {border} '.join(cells)} {border}\n")
        for line in lines[empty + 1 :]:
            yield from (*line, Segment.line())

    @staticmethod
    def _padded(text: str, column: tuple[bool, int]) -> str:
        left, width = column
        blanks = " " * (width - cell_len(text))
        return text + blanks if left else blanks + text


def _borders(channels: tuple[int, ...]) -> set[int]:
    """Return where another channel begins."""
    return {at for at, (before, after) in enumerate(pairwise(channels), 1) if before != after}


def _width(column: list[Text]) -> int:
    return GAP + max(len(line) for text in column for line in text.plain.split("\n"))
