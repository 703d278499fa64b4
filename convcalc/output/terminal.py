"""Pages drawn with Rich, on a terminal or wherever else a console writes.

In a terminal that is too narrow columns leave, the least important first, and sentences break
between words; names, numbers and lines to paste are never broken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from time import sleep
from typing import Any, Literal, NamedTuple, TypeVar

from rich.box import ROUNDED, Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from convcalc.output.arrange import arranged
from convcalc.output.page import (
    Beside,
    Cell,
    Column,
    Equation,
    Facts,
    Grid,
    Judged,
    Line,
    Matrices,
    Page,
    Table,
    cell_text,
)
from convcalc.text import EXAMPLE, entry, writable

Piece = tuple[str, str]
"""A text and its style."""
Step = TypeVar("Step")

BACK = (
    "b",
    "p",
    "h",
    "k",
    "\x7f",
    "\x08",
    "\x1b[D",
    "\x1b[A",
    "\x1bOD",
    "\x1bOA",
    "\xe0K",
    "\xe0H",
)
QUIT = ("q", "Q", "\x1b", "\x03", "\x04", "")
"""What a keyboard sends for the keys that step back through an animation, and that end it."""

VERBATIM: Any = {"highlight": False, "markup": False, "emoji": False}
"""Texts are shown as they are: what is in brackets or between colons means nothing to Rich."""

NARROWEST = 80
"""Columns of a page that goes to no terminal, unless a table on it is wider."""

PICTURE = 120
"""Columns in which tensors stand beside one another in a picture that is as wide as no terminal."""

AROUND = 6
"""Lines of a walk-through beside its tensors: heading, line to paste, notes, the next prompt."""

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


def animate(
    steps: Sequence[Step],
    layouts: Sequence[Callable[[Step], Page]],
    delay: float,
    key: Callable[[], str],
) -> None:
    """Show steps one after the other in place; the last one stays, also after Ctrl-C.

    They are laid out in the first way that fits the terminal, or else the last. With no delay each
    step waits for a key: back, quit, or any other for the next. However it ends, the terminal has
    its cursor again.
    """
    from rich.live import Live  # here, since nothing else needs them and they take time to load

    from convcalc.output.signals import tidied

    console = _console()
    drawing = Drawing(console)
    keys = Text("next: space or →   back: b or ←   quit: q", "dim")
    below = [Text(drawing.encodable(keys.plain), "dim")] if not delay else []
    room = console.height - 1 - len(below)
    ends = [steps[0], steps[len(steps) // 2], steps[-1]]
    layout = next(
        (each for each in layouts if all(drawing.height(each(end)) <= room for end in ends)),
        layouts[-1],
    )
    quiet, shown = suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False)
    with tidied(), quiet, shown as live:
        at = 0
        while at < len(steps):
            live.update(Group(drawing.picture(layout(steps[at])), *below), refresh=True)
            if delay:
                sleep(delay)
                at += 1
                continue
            pressed = key()
            if pressed in QUIT:
                break
            at = max(0, at - 1) if pressed in BACK else at + 1


class Drawing:
    """Draws on one console, whose width, colours and glyphs it keeps to.

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
        parts: list[RenderableType] = [self._sentence(self._text(page.heading, "bold"))]
        for block in page.blocks:
            if isinstance(block, Facts):
                parts += self._facts(block)
            elif isinstance(block, Table):
                parts += self._table(block)
            elif isinstance(block, Beside):
                parts += self._beside(block)
            elif isinstance(block, Matrices):
                parts += self._matrices(block)
            else:
                parts += self._equation(block)
        if page.code:
            parts.append(self._to_paste("PyTorch  ", page.code, "green"))
        label = "note     " if page.code else "note  "
        notes = [
            self._to_paste(label, note, "yellow")
            if note.startswith(EXAMPLE) and not self.wraps
            else self._sentence(self._text(note, "yellow"), label)
            for note in page.notes
        ]
        if not self.console.is_terminal:
            counted = parts if self.wraps else [*parts, *notes]
            self.console.width = max(NARROWEST, *map(self._natural_width, counted))
        return Group(*parts, *notes)

    def _sentence(self, sentence: Text, label: str = "") -> RenderableType:
        if self.flows:
            return Text.assemble((label, "dim"), sentence, no_wrap=True, overflow="ignore")
        return _Sentence(sentence, label)

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
        if cell_len(label + text.plain) > self._room(ENDLESS) and not self.flows:
            said = EXAMPLE if line.startswith(EXAMPLE) else ""
            label = f"{label}{said}".rstrip() + "\n"
            text = text[len(said) :]
        return Text.assemble((label, "dim"), text, no_wrap=True, overflow="ignore")

    def _left_out(self, names: Sequence[str]) -> RenderableType:
        sentence = f"left out for want of width: {', '.join(names)}"
        return self._sentence(self._text(sentence, "dim"))

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
            below.append(unbroken if value in whole else self._sentence(Text(value), "  "))
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
            if leaves.column.left and kept[0].column.left:
                kept[0] = _stood_in(kept[0], leaves)
        shown = {each.column.name for each in kept}
        lost = [
            each.column.heading
            for each in filled
            if each.column.name not in shown and each is not below
        ]
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

    def height(self, page: Page) -> int:
        """Return how many lines a page takes on this console."""
        return len(self.console.render_lines(self.picture(page)))

    def encodable(self, text: str) -> str:
        """Return a text with stand-ins for what the console can't write."""
        return writable(text, self.encoding)

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
        room = self._room(NARROWEST)
        return [*parts, *_in_rows([self._grid(grid) for grid in block.grids], room)]

    def _beside(self, block: Beside) -> list[RenderableType]:
        """Return tensors beside one another, in as few lines as the terminal's width allows.

        Where they don't fit its height, the columns of the matrices move closer together.
        """
        room = self._beside_room()
        if room is None:
            return [part for tensor in block.tensors for part in self._matrices(tensor)]
        lines: list[list[Piece]] = []
        for gap in (GAP, 1):
            drawn = [self._ways(tensor, room, gap) for tensor in block.tensors]
            sizes = [[(way.width, len(way.lines)) for way in ways] for ways in drawn]
            layout = arranged(sizes, room, GAP)
            if not lines or layout.height < len(lines):
                lines = []
                for row in layout.rows:
                    columns = [
                        _stacked([drawn[at][way] for at, way in column], 1) for column in row
                    ]
                    lines += [[], *_side_by_side(columns).lines]
            if not self.console.is_terminal or layout.height <= self.console.height - AROUND:
                break
        return [_Lines(lines)]

    def _beside_room(self) -> int | None:
        """Return the width in which tensors stand beside one another; None where they don't."""
        if self.console.is_terminal:
            return self.console.width
        return PICTURE if self.wraps else None

    def _ways(self, block: Matrices, room: int, gap: int) -> list[_Lines]:
        """Return one tensor with its grids beside, and with its grids below one another."""
        grids = [self._grid(grid, gap) for grid in block.grids]
        rows = _in_rows(grids, room)
        ways = [rows, grids] if len(grids) > 1 and rows != grids else [rows]
        return [_stacked([self._titled(block, _stacked(way)), *way]) for way in ways]

    def _titled(self, block: Matrices, picture: _Lines) -> _Lines:
        """Return a tensor's name, its shape, and how it comes about, about as wide as it is."""
        width = max(picture.width, 16)
        shape = ", ".join(map(str, block.shape))
        lines: list[list[Piece]] = [[(self._written(block.name), "bold")]]
        for part in (block.letters, f"= ({shape})"):
            piece = (self._written(part), "cyan")
            if _width(lines[-1]) + 1 + cell_len(piece[0]) > width:
                lines.append([piece])
            else:
                lines[-1] += [(" ", ""), piece]
        how = _between_words(self._text(block.how), width)
        return _Lines([*lines, *([(line.plain, "dim")] for line in how)])

    def _equation(self, block: Equation) -> list[RenderableType]:
        """Return a sum, broken after a plus sign where the terminal ends."""
        start = self._written(f"{block.name} = ")
        last = len(block.terms) - 1
        pieces = [
            (f"{self._written(term)}{' + ' if at < last else ''}", _channel_style(channel))
            for at, (term, channel) in enumerate(block.terms)
        ]
        pieces.append((self._written(f" = {block.total}"), "bold"))
        room = self._beside_room() or NARROWEST
        lines: list[list[Piece]] = [[]]
        used = len(start)
        for text, style in pieces:
            if lines[-1] and used + cell_len(text.rstrip()) > room:
                last_text, last_style = lines[-1].pop()
                lines[-1].append((last_text.rstrip(), last_style))
                lines.append([])
                used = len(start)
            lines[-1].append((text, style))
            used += cell_len(text)
        indented = [
            [(" " * len(start) if at else start, ""), *line] for at, line in enumerate(lines)
        ]
        how = self._text(block.how, "dim")
        return [_Lines([[], *indented]), *([self._sentence(how)] if block.how else [])]

    def _grid(self, grid: Grid, gap: int = GAP) -> _Lines:
        """Return one matrix; what is too wide for the terminal is left out in its middle."""
        height, width = len(grid.shown), len(grid.rows[0])
        columns = [self._column(grid, j) for j in range(width)]
        widths = [self._column_width(grid, j) for j in range(width)]
        borders = _borders(grid.column_channels)
        labels = [self._written(label) for label in grid.row_labels]
        letters = [self._written(letter) for letter in grid.column_letters]
        labels_width = max(map(cell_len, [*labels, *letters])) if labels else 0
        first, last = self._middle_left_out(
            [each + gap + (1 + gap) * (j in borders) for j, each in enumerate(widths)],
            labels=labels_width + gap if labels else 0,
            marked=sorted({column for _, column in grid.marked}),
        )
        heads = len(letters)
        lines: list[list[Piece]] = [[] for _ in range(heads + height)]

        def add(texts: Sequence[Piece], wide: int) -> None:
            for line, (text, style) in zip(lines, texts, strict=True):
                line.append((" " * (gap if line else 0) + " " * (wide - cell_len(text)), ""))
                line.append((text, style))

        if labels:
            named = [*letters, *(labels[row] for row in grid.shown)]
            add([(text, "dim") for text in named], labels_width)
        bar, dots = self._written("│"), self._written("⋯")
        for j, column in enumerate(columns):
            left_out = first <= j < last
            if j in borders and not left_out:
                add([(bar, "dim")] * len(lines), 1)
            if j == first < last:
                above = max(0, heads - 1)
                dotted = [("", "")] * above + [(dots, "dim")] * (len(lines) - above)
                add(dotted, cell_len(dots))
            elif not left_out:
                label = [str(part) for part in grid.column_labels[j]] if grid.column_labels else []
                add([*((part, "dim") for part in label), *column], widths[j])
        bands = {row - grid.shown.start for row in _borders(grid.row_channels)} & set(
            range(1, height)
        )
        captions = [grid.caption] if grid.caption else []
        if first < last:
            captions.append(f"columns {first + 1} to {last} of {width} left out")
        titles = [[(self._written(caption), "dim")] for caption in captions]
        return _Lines([*titles, *self._boxed(lines, heads, bands)])

    def _boxed(self, lines: list[list[Piece]], heads: int, bands: set[int]) -> list[list[Piece]]:
        """Return lines in a frame, with a line below the heading and above every band."""
        utf = self.encoding.startswith("utf")
        box = FRAME if utf else ASCII_FRAME
        inside = [sum(cell_len(text) for text, _ in lines[0]) + GAP]
        rule: list[Piece] = [(box.get_row(inside), "")]
        framed: list[list[Piece]] = [[(box.get_top(inside), "")]]
        for at, line in enumerate(lines):
            if (at == heads and heads) or at - heads in bands:
                framed.append(rule)
            framed.append([(f"{box.mid_left} ", ""), *line, (f" {box.mid_right}", "")])
        return [*framed, [(box.get_bottom(inside), "")]]

    def _column(self, grid: Grid, j: int) -> list[Piece]:
        """Return the numbers of one column that are to be seen."""
        pieces = []
        for i in grid.shown:
            channel = (grid.row_channels[i : i + 1] or grid.column_channels[j : j + 1] or (0,))[0]
            style = _channel_style(channel)
            text = "" if (i, j) in grid.blank else entry(grid.rows[i][j])
            if (i, j) in grid.faint:
                style = "dim"
            if (i, j) in grid.marked:
                text, style = (f"[{text}]", "") if self.plain else (text, f"{style} {MARK}")
            elif grid.marked and self.plain:
                text = f" {text} "
            pieces.append((text, style))
        return pieces

    def _column_width(self, grid: Grid, j: int) -> int:
        """Return how wide a column is, with all of its rows and all of its numbers."""
        marks = 2 if grid.marked and self.plain else 0
        label = [len(str(part)) for part in grid.column_labels[j]] if grid.column_labels else [0]
        numbers = [len(entry(row[j])) for rows in (grid.rows, grid.in_the_end) for row in rows]
        return max(max(numbers) + marks, *label)

    def _middle_left_out(
        self, widths: list[int], labels: int, marked: Sequence[int]
    ) -> tuple[int, int]:
        """Return the range of columns in the middle that don't fit; an empty one where all do.

        What is marked stays, if it can: then those before or behind it are left out.
        """
        room = self._room(ENDLESS) - labels - GAP
        if sum(widths) <= room:
            return 0, 0
        room -= 1 + GAP  # for the dots
        first, last = _gap(widths, room, 0, len(widths))
        if any(first <= column < last for column in marked):
            for kept in ((marked[-1] + 1, len(widths)), (0, marked[0])):
                left = room - sum(widths[: kept[0]]) - sum(widths[kept[1] :])
                if left >= 0:
                    return _gap(widths, left, *kept)
        return first, last


def _gap(widths: Sequence[int], room: int, first: int, last: int) -> tuple[int, int]:
    """Return the columns between `first` and `last` that don't fit once others are put in."""
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


def _stood_in(first: _Filled, other: _Filled) -> _Filled:
    """Return the first column with another's text where it has none, so that no row is nameless."""
    pairs = list(zip(first.texts, other.texts, strict=True))
    width = max([first.width, *(cell_len(instead) for text, instead in pairs if not text)])
    return first._replace(texts=[text or instead for text, instead in pairs], width=width)


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


def _channel_style(channel: int | None) -> str:
    return "" if channel is None else CHANNEL_STYLES[channel % len(CHANNEL_STYLES)]


class _Lines:
    """Lines of texts, each in its style: a picture that can stand beside another."""

    def __init__(self, lines: list[list[Piece]]) -> None:
        self.lines = lines
        self.width = max((_width(line) for line in lines), default=0)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(self.width, self.width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            for text, style in line:
                yield Segment(text, console.get_style(style) if style else None)
            yield Segment.line()


def _width(line: list[Piece]) -> int:
    return sum(cell_len(text) for text, _ in line)


def _stacked(pictures: Sequence[_Lines], between: int = 0) -> _Lines:
    """Return pictures below one another, with some lines between them."""
    lines: list[list[Piece]] = []
    for picture in pictures:
        lines += [[] for _ in range(between if lines else 0)]
        lines += picture.lines
    return _Lines(lines)


def _side_by_side(pictures: Sequence[_Lines]) -> _Lines:
    """Return pictures beside one another."""
    lines: list[list[Piece]] = []
    for row in range(max(len(picture.lines) for picture in pictures)):
        line: list[Piece] = []
        for picture in pictures:
            pieces = picture.lines[row] if row < len(picture.lines) else []
            line += [*pieces, (" " * (picture.width - _width(pieces) + GAP), "")]
        lines.append(line[:-1])
    return _Lines(lines)


def _in_rows(pictures: Sequence[_Lines], room: int) -> list[_Lines]:
    """Return pictures side by side as far as they fit."""
    rows: list[list[_Lines]] = [[]]
    used = 0
    for picture in pictures:
        width = picture.width + GAP
        if rows[-1] and used + width > room:
            rows.append([])
            used = 0
        rows[-1].append(picture)
        used += width
    return [row[0] if len(row) == 1 else _side_by_side(row) for row in rows]
