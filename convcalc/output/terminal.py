"""Pages drawn with Rich, on a terminal or wherever else a console writes.

In a terminal that is too narrow columns leave, the least important first, and sentences break
between words; names, numbers and lines to paste are never broken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from time import sleep
from typing import Any, Literal, NamedTuple

from rich.box import ROUNDED, Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as RichTable
from rich.text import Text

from convcalc.output.page import (
    Cell,
    Column,
    Facts,
    Grid,
    Judged,
    Line,
    Matrices,
    Page,
    Table,
    cell_text,
)
from convcalc.text import EXAMPLE, writable

VERBATIM: Any = {"highlight": False, "markup": False, "emoji": False}
"""Texts are shown as they are: what is in brackets or between colons means nothing to Rich."""

NARROWEST = 80
"""Columns of a page that goes to no terminal, unless a table on it is wider."""

ENDLESS = 1_000_000
"""Columns to measure a table in."""

WIDEST = 200
"""Characters for which a table makes room in every row; a longer text sticks out of its own."""

CHANNEL_STYLES = ("cyan", "magenta", "green", "yellow", "blue")
MARK = "bold reverse"

GAP = 2
"""Blanks between two columns of a matrix, which are also as many as its frame needs."""

ASCII_FRAME = Box("+--+\n|  |\n+--+\n|  |\n+--+\n+--+\n|  |\n+--+\n", ascii=True)
FRAME = Box("╭──╮\n│  │\n├──┤\n│  │\n├──┤\n├──┤\n│  │\n╰──╯\n")
"""A box around a matrix, with no lines between its columns."""

LINED = ROUNDED
ASCII_LINED = Box("+-++\n| ||\n+-++\n| ||\n+-++\n+-++\n| ||\n+-++\n", ascii=True)
"""A box around a table, with lines between its columns."""


def draw(page: Page) -> None:
    """Print a page to standard output: as wide as the terminal, or elsewhere as wide as it is."""
    Drawing(_console()).print(page)


def _console() -> Console:
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(color_system=colours, **VERBATIM)


def animate(pages: Iterable[Page], delay: float) -> None:
    """Show pages one after the other in place; the last one stays, also after Ctrl-C.

    However it ends, the terminal has its cursor again.
    """
    from rich.live import Live  # here, since nothing else needs them and they take time to load

    from convcalc.output.signals import tidied

    console = _console()
    drawing = Drawing(console)
    quiet, shown = suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False)
    with tidied(), quiet, shown as live:
        for page in pages:
            live.update(drawing.picture(page), refresh=True)
            sleep(delay)


class Drawing:
    """Draws on one console, whose width, colours and glyphs it keeps to.

    `wraps` keeps sentences within the tables' width where there is no terminal to be as wide as.
    """

    def __init__(self, console: Console, wraps: bool = False) -> None:
        self.console = console
        self.wraps = wraps
        self.encoding = console.encoding
        self.plain = console.color_system is None

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
        parts: list[RenderableType] = [_Sentence(self._text(page.heading, "bold"))]
        for block in page.blocks:
            if isinstance(block, Facts):
                parts += self._facts(block)
            elif isinstance(block, Table):
                parts += self._table(block)
            else:
                parts += self._matrices(block)
        if page.code:
            parts.append(self._to_paste("PyTorch  ", page.code, "green"))
        label = "note     " if page.code else "note  "
        notes = [
            self._to_paste(label, note, "yellow")
            if note.startswith(EXAMPLE)
            else _Sentence(self._text(note, "yellow"), label)
            for note in page.notes
        ]
        if not self.console.is_terminal:
            counted = parts if self.wraps else [*parts, *notes]
            self.console.width = max(NARROWEST, *map(self._natural_width, counted))
        return Group(*parts, *notes)

    def _text(self, cell: Cell, style: str = "") -> Text:
        return Text(self._written(cell), style)

    def _written(self, cell: Cell) -> str:
        return writable(cell_text(cell), self.encoding)

    def _room(self, elsewhere: int) -> int:
        """Return the columns that there are on a terminal, or elsewhere."""
        return self.console.width if self.console.is_terminal else elsewhere

    def _natural_width(self, part: RenderableType) -> int:
        options = self.console.options.update(width=ENDLESS)
        return Measurement.get(self.console, options, part).maximum

    def _to_paste(self, label: str, line: str, style: str) -> Text:
        """Return a line unbroken, by itself where it doesn't fit beside its label."""
        text = self._text(line, style)
        if cell_len(label + text.plain) > self._room(ENDLESS):
            said = EXAMPLE if line.startswith(EXAMPLE) else ""
            label = f"{label}{said}".rstrip() + "\n"
            text = text[len(said) :]
        return Text.assemble((label, "dim"), text, no_wrap=True, overflow="ignore")

    def _left_out(self, names: Sequence[str]) -> _Sentence:
        sentence = f"left out for want of width: {', '.join(names)}"
        return _Sentence(self._text(sentence, "dim"))

    def _facts(self, facts: Facts) -> list[RenderableType]:
        """Return facts in a frame; too wide, the last column's texts are broken between words.

        Where that isn't enough, how they came about is left out; where not even the values fit,
        each stands below what it is.
        """
        rows = [tuple(map(self._written, row)) for row in facts.rows]
        whole = {
            value
            for (_, cell, _), (_, value, _) in zip(facts.rows, rows, strict=True)
            if isinstance(cell, Line)
        }
        explained = any(how for _, _, how in rows)
        framed = self._facts_framed(rows if explained else [row[:2] for row in rows], whole)
        if framed is not None:
            return [framed]
        left_out = [self._left_out(["how"])] if explained else []
        framed = self._facts_framed([row[:2] for row in rows], whole) if explained else None
        if framed is not None:
            return [framed, *left_out]
        below: list[RenderableType] = []
        for quantity, value, _ in rows:
            unbroken = Text(f"  {value}", no_wrap=True, overflow="ignore")
            below.append(Text(quantity, "dim"))
            below.append(unbroken if value in whole else _Sentence(Text(value), "  "))
        return [*below, *left_out]

    def _facts_framed(self, rows: list[tuple[str, ...]], whole: set[str]) -> _Framed | None:
        """Return these columns in a frame, or None where they don't fit unless lines are broken."""
        texts = list(zip(*rows, strict=True))
        widths = [max(map(cell_len, column)) for column in texts]
        pieces = (
            word for each in texts[-1] for word in ([each] if each in whole else each.split())
        )
        room = self._room(ENDLESS) - _framed_width([*widths[:-1], 0])
        if max(map(cell_len, pieces), default=0) > room:
            return None
        widths[-1] = min(widths[-1], room)
        lines = []
        for *first, last in rows:
            for line in _between_words(Text(last), widths[-1]):
                lines.append((*first, line.plain))
                first = [""] * len(first)
        styles = ("dim", "bold cyan", "") if len(widths) == 3 else ("dim", "")
        columns = [_Shown(width, True, style) for width, style in zip(widths, styles, strict=True)]
        return _Framed(self._box(), columns, lines)

    def _table(self, block: Table[Any]) -> list[RenderableType]:
        """Return a table; too wide, a column goes below its rows, then columns are left out."""
        rows = block.cells()
        filled = [
            self._filled(column, [row[at] for row in rows])
            for at, column in enumerate(block.columns)
        ]
        room = self._room(ENDLESS)

        def fits(columns: Sequence[_Filled]) -> bool:
            return len(columns) == 1 or _framed_width([each.width for each in columns]) <= room

        kept, below = filled, None
        if not fits(kept):
            below = next((each for each in filled if each.column.below), None)
            kept = [each for each in filled if each is not below]
        while not fits(kept):
            # Reversed, so that of the least important the one furthest right is found first.
            leaves = min(reversed(kept), key=lambda each: each.column.importance)
            kept = [each for each in kept if each is not leaves]
        lost = [each.column.heading for each in filled if each not in kept and each is not below]
        columns = [_Shown(each.width, each.column.left) for each in kept]
        if below is not None:
            inside = _framed_width([each.width for each in kept]) - 4
            columns[-1].width += max(0, min(below.width, room - 4) - inside)
        height = max(len(each.heading) for each in kept)
        framed = _Framed(
            self._box(),
            columns,
            list(zip(*(each.texts for each in kept), strict=True)),
            heading=list(
                zip(*([""] * (height - len(e.heading)) + e.heading for e in kept), strict=True)
            ),
            below=None if below is None else (*below.heading, *below.texts),
            total=bool(block.totals),
            styles={(i, j): style for j, e in enumerate(kept) for i, style in e.styles.items()},
        )
        return [framed, self._left_out(lost)] if lost else [framed]

    def _filled(self, column: Column[Any], cells: Sequence[Cell]) -> _Filled:
        """Return a column with what is written in it, its heading broken where that is wider."""
        texts = [self._written(cell) for cell in cells]
        heading = [self._written(column.heading)]
        widest = min(WIDEST, self._room(ENDLESS) - _framed_width([0]))
        width = min(widest, max(map(cell_len, texts), default=0))
        if width < cell_len(heading[0]):
            heading = heading[0].split()
        width = max(width, *map(cell_len, heading))
        judged = ((row, cell.good) for row, cell in enumerate(cells) if isinstance(cell, Judged))
        styles = {row: "green" if good else "red" for row, good in judged}
        return _Filled(column, heading, texts, width, styles)

    def _box(self) -> Box:
        return LINED if self.encoding.startswith("utf") else ASCII_LINED

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
        first, last = self._middle_left_out(
            [_width(column) + (1 + GAP) * (j in borders) for j, column in enumerate(columns)],
            labels=max((len(label) + GAP for label in grid.row_labels), default=0),
        )
        lines = []
        if grid.row_labels:
            letters = Text("\n".join(map(self._written, grid.column_letters)), "dim")
            lines.append([letters, *(self._text(each, "dim") for each in grid.row_labels)])
        for j, column in enumerate(columns):
            if j in borders and not first <= j < last:
                bar = self._text("│", "dim")
                above = Text("\n").join([bar] * max(1, len(grid.column_letters)))
                lines.append([above] + [bar] * height)
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
        for i, row in enumerate(zip(*(line[1:] for line in lines), strict=True), 1):
            table.add_row(*row, end_section=i in bands)
        captions = [grid.caption] if grid.caption else []
        if first < last:
            captions.append(f"columns {first + 1} to {last} of {width} left out")
        return Group(*(self._text(caption, "dim") for caption in captions), table)

    def _column(self, grid: Grid, j: int) -> list[Text]:
        """Return the label and the numbers of one column."""
        label = "\n".join(map(str, grid.column_labels[j])) if grid.column_labels else ""
        texts = [Text(label, "dim")]
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

    def _middle_left_out(self, widths: list[int], labels: int) -> tuple[int, int]:
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


def _between_words(text: Text, width: int) -> list[Text]:
    """Return a text in lines of this width; a word that is longer is not broken."""
    breaks, used = [], 0
    for word in re.finditer(r"\S+\s*", text.plain):
        if used and used + cell_len(word[0].rstrip()) > width:
            breaks.append(word.start())
            used = 0
        used += cell_len(word[0])
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


class _Sentence:
    """A sentence beside its label, broken between words so that it stays beside it."""

    def __init__(self, sentence: Text, label: str = "") -> None:
        self.sentence = sentence
        self.label = label

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        width = len(self.label) + cell_len(self.sentence.plain)
        return Measurement(width, width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(1, options.max_width - len(self.label))
        for at, line in enumerate(_between_words(self.sentence, width)):
            label = Text(" " * len(self.label) if at else self.label, "dim")
            yield Text.assemble(label, line, no_wrap=True, overflow="ignore")


class _Filled(NamedTuple):
    """One column of a table with what is written in it; `styles` are those of single rows."""

    column: Column[Any]
    heading: list[str]
    texts: list[str]
    width: int
    styles: dict[int, str]


class _Shown:
    """How wide a column is, whether its texts are flush left, and in what style they are."""

    def __init__(self, width: int, left: bool, style: str = "") -> None:
        self.width = width
        self.left = left
        self.style = style

    def padded(self, text: str) -> str:
        blanks = " " * (self.width - cell_len(text))
        return text + blanks if self.left else blanks + text


class _Framed:
    """Lines of texts in a frame, the last line apart where it is a total.

    `below` are texts that have a line of their own below the heading and below every row.
    `styles` are those of single places. Rich's own tables lay out every cell by itself, which for
    ten thousand rows takes seconds.
    """

    def __init__(
        self,
        box: Box,
        columns: Sequence[_Shown],
        rows: Sequence[Sequence[str]],
        heading: Sequence[Sequence[str]] = (),
        below: Sequence[str] | None = None,
        total: bool = False,
        styles: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        self.box = box
        self.columns = columns
        self.rows = rows
        self.heading = heading
        self.below = below
        self.total = total
        self.styles = styles or {}

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        width = _framed_width([each.width for each in self.columns])
        return Measurement(width, width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [each.width + 2 for each in self.columns]
        yield Segment(f"{self.box.get_top(widths)}\n")
        for line in self.heading:
            yield from self._line(console, [(text, "dim") for text in line])
        if self.heading:
            if self.below is not None:
                yield self._spanning(self.below[0], console.get_style("dim"))
            yield Segment(f"{self.box.get_row(widths)}\n")
        for i, row in enumerate(self.rows):
            last = self.total and i == len(self.rows) - 1
            if last:
                yield Segment(f"{self.box.get_row(widths)}\n")
            styled = (
                (text, self.styles.get((i, j)) or ("bold" if last else self.columns[j].style))
                for j, text in enumerate(row)
            )
            yield from self._line(console, styled)
            if self.below is not None and self.below[i + 1]:
                yield self._spanning(self.below[i + 1])
        yield Segment(f"{self.box.get_bottom(widths)}\n")

    def _line(self, console: Console, cells: Iterable[tuple[str, str]]) -> Iterator[Segment]:
        """Yield one line, what has no style in one piece."""
        plain = f"{self.box.mid_left} "
        for j, (text, style) in enumerate(cells):
            plain += f" {self.box.mid_vertical} " if j else ""
            padded = self.columns[j].padded(text)
            if style:
                yield Segment(plain)
                yield Segment(padded, console.get_style(style))
                plain = ""
            else:
                plain += padded
        yield Segment(f"{plain} {self.box.mid_right}\n")

    def _spanning(self, text: str, style: Style | None = None) -> Segment:
        inside = _framed_width([each.width for each in self.columns]) - 4
        padded = text + " " * (inside - cell_len(text))
        return Segment(f"{self.box.mid_left} {padded} {self.box.mid_right}\n", style)


def _framed_width(widths: Sequence[int]) -> int:
    """Return how wide columns are with a frame and a blank on either side of each."""
    return sum(widths) + 3 * len(widths) + 1


def _borders(channels: Sequence[int]) -> set[int]:
    """Return where another channel begins."""
    return {at for at, (before, after) in enumerate(pairwise(channels), 1) if before != after}


def _width(column: list[Text]) -> int:
    return GAP + max(len(line) for text in column for line in text.plain.split("\n"))
