"""Tensors as matrices, beside one another where there is room, and sums written out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from convcalc.output.page import Beside, Equation, Formula, Grid, Matrices
from convcalc.output.terminal.arrange import arranged
from convcalc.output.terminal.canvas import ENDLESS, NARROWEST, Canvas
from convcalc.output.terminal.frames import unlined
from convcalc.output.terminal.lines import (
    GAP,
    Lines,
    Piece,
    between_words,
    in_rows,
    side_by_side,
    stacked,
    width_of,
)
from convcalc.text import entry

AROUND = 12
"""Lines of a walk-through beside its tensors: heading, sizes, line to paste, notes, the prompt."""

CHANNEL_STYLES = ("cyan", "magenta", "green", "yellow", "blue")
MARK = "bold reverse"

TOGETHER = 72
"""The columns of a terminal from which on tensors stand beside one another."""


def matrices(canvas: Canvas, block: Matrices) -> list[RenderableType]:
    """Return a heading, if it has a name, and the grids, side by side as far as they fit."""
    parts: list[RenderableType] = []
    if block.name:
        shape = ", ".join(map(str, block.shape))
        heading = (
            canvas.text(block.name, "bold"),
            canvas.text(f"  {block.letters} = ({shape})", "cyan"),
            canvas.text(f"  {block.how}", "dim"),
        )
        parts += ["", Text.assemble(*heading)]
        if block.formula is not None:
            room = canvas.room(NARROWEST)
            parts.append(Lines(formula(canvas, block.formula, room, room)))
    room = canvas.room(NARROWEST)
    return [*parts, *in_rows([_grid(canvas, grid) for grid in block.grids], room)]


def beside(canvas: Canvas, block: Beside) -> list[RenderableType]:
    """Return tensors beside one another, in as few lines as the terminal's width allows.

    In a narrow terminal they stand below one another. There, and where they don't fit its height,
    the columns of the matrices move closer together.
    """
    room = canvas.beside
    if room is None:
        return [part for tensor in block.tensors for part in matrices(canvas, tensor)]
    lines: list[list[Piece]] = []
    narrow = room < TOGETHER
    for gap in (1,) if narrow else (GAP, 1):
        drawn = [_ways(canvas, tensor, room, gap, narrow) for tensor in block.tensors]
        sizes = [[(way.width, len(way.lines)) for way in ways] for ways in drawn]
        layout = arranged(sizes, 0 if narrow else room, GAP)  # no room: each has a row of its own
        if not lines or layout.height < len(lines):
            lines = []
            for row in layout.rows:
                columns = [stacked([drawn[at][way] for at, way in column], 1) for column in row]
                lines += [[], *side_by_side(columns).lines]
        if not canvas.console.is_terminal or layout.height <= canvas.console.height - AROUND:
            break
    return [Lines(lines)]


def _ways(canvas: Canvas, block: Matrices, room: int, gap: int, narrow: bool) -> list[Lines]:
    """Return one tensor with its grids beside, and with its grids below one another.

    In a narrow terminal it has all of its width, and is drawn in the first way alone.
    """
    grids = [_grid(canvas, grid, gap) for grid in block.grids]
    rows = in_rows(grids, room)
    if narrow:
        return [stacked([_titled(canvas, block, stacked(rows), room), *rows])]
    ways = [rows, grids] if len(grids) > 1 and rows != grids else [rows]
    return [stacked([_titled(canvas, block, stacked(way)), *way]) for way in ways]


def _titled(canvas: Canvas, block: Matrices, picture: Lines, width: int = 16) -> Lines:
    """Return a tensor's name, its shape, and how it comes about, about as wide as it is.

    `width` is how wide that may be anyway.
    """
    made: list[list[Piece]] = []
    if block.formula is not None:
        room = canvas.room(NARROWEST) if canvas.console.is_terminal else NARROWEST
        made = formula(canvas, block.formula, room, max(width, picture.width))
    width = max(width, picture.width, Lines(made).width)
    shape = ", ".join(map(str, block.shape))
    lines: list[list[Piece]] = [[(canvas.written(block.name), "bold")]]
    for part in (block.letters, f"= ({shape})"):
        piece = (canvas.written(part), "cyan")
        if width_of(lines[-1]) + 1 + cell_len(piece[0]) > width:
            lines.append([piece])
        else:
            lines[-1] += [(" ", ""), piece]
    how = between_words(canvas.text(block.how), width)
    lines += [[(line.plain, "dim")] for line in how]
    return Lines([*lines, *made])


def formula(canvas: Canvas, block: Formula, room: int, width: int = 0) -> list[list[Piece]]:
    """Return a formula, its equalities below one another, and what its deltas mean.

    Nothing is wider than the `room`, if words are short enough; what its deltas mean is about as
    wide as the equalities, or `width` if that is more.
    """
    pairs = [line.partition("= ") for line in block.lines]
    named = [canvas.written(name.rstrip()) for name, _, _ in pairs]
    ahead = max(map(cell_len, named)) + 1
    made = [between_words(canvas.text(f"= {said}"), max(room - ahead, 8)) for _, _, said in pairs]
    lines: list[list[Piece]] = []
    for name, broken in zip(named, made, strict=True):
        for at, line in enumerate(broken):
            label = "" if at else name
            blanks = " " * (ahead - 1 - cell_len(label))
            lines.append([(f"{blanks}{label} {'  ' * (at > 0)}{line.plain}", "green")])
    width = min(room, max(width, *map(width_of, lines), 40))
    for where in block.where:
        for line in between_words(Text(_unbroken(canvas.written(where))), width):
            lines.append([(line.plain.replace(HELD, " "), "dim")])
    return lines


HELD = "\N{OPEN BOX}"
"""What stands for a blank at which no line is broken, while lines are."""


def _unbroken(where: str) -> str:
    """Return a sentence whose places and equations stay in one line."""
    return re.sub(
        r" (?=[=+−] )|(?<= [=+−]) |\([^()]*\)", lambda found: found[0].replace(" ", HELD), where
    )


def equation(canvas: Canvas, block: Equation) -> list[RenderableType]:
    """Return a sum, broken after a plus sign where the terminal ends."""
    start = canvas.written(f"{block.name} = ")
    last = len(block.terms) - 1
    pieces = [
        (f"{canvas.written(term)}{block.joint if at < last else ''}", _channel_style(channel))
        for at, (term, channel) in enumerate(block.terms)
    ]
    if block.before:
        pieces[0] = (f"{block.before}{pieces[0][0]}", pieces[0][1])
    pieces.append((canvas.written(f"{block.after} = {block.total}"), "bold"))
    room = canvas.beside or NARROWEST
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
    indented = [[(" " * len(start) if at else start, ""), *line] for at, line in enumerate(lines)]
    how = canvas.text(block.how, "dim")
    return [Lines([[], *indented]), *([canvas.sentence(how)] if block.how else [])]


def _grid(canvas: Canvas, grid: Grid, gap: int = GAP) -> Lines:
    """Return one matrix; what is too wide for the terminal is left out in its middle."""
    height, width = len(grid.shown), len(grid.rows[0])
    columns = [_column(canvas, grid, j) for j in range(width)]
    widths = [_column_width(canvas, grid, j) for j in range(width)]
    borders = _borders(grid.column_channels)
    labels = [canvas.written(label) for label in grid.row_labels]
    letters = [canvas.written(letter) for letter in grid.column_letters]
    labels_width = max(map(cell_len, [*labels, *letters])) if labels else 0
    first, last = _middle_left_out(
        canvas,
        [each + gap + (1 + gap) * (j in borders) for j, each in enumerate(widths)],
        labels=labels_width if labels else -gap,
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
    bar, dots = canvas.written("│"), canvas.written("⋯")
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
    bands = {row - grid.shown.start for row in _borders(grid.row_channels)} & set(range(1, height))
    captions = [grid.caption] if grid.caption else []
    if first < last:
        captions.append(f"columns {first + 1} to {last} of {width} left out")
    titles = [[(canvas.written(caption), "dim")] for caption in captions]
    return Lines([*titles, *_boxed(canvas, lines, heads, bands)])


def _boxed(
    canvas: Canvas, lines: list[list[Piece]], heads: int, bands: set[int]
) -> list[list[Piece]]:
    """Return lines in a frame, with a line below the heading and above every band."""
    box = unlined(canvas.encoding)
    inside = [sum(cell_len(text) for text, _ in lines[0]) + GAP]
    rule: list[Piece] = [(box.get_row(inside), "")]
    framed: list[list[Piece]] = [[(box.get_top(inside), "")]]
    for at, line in enumerate(lines):
        if (at == heads and heads) or at - heads in bands:
            framed.append(rule)
        framed.append([(f"{box.mid_left} ", ""), *line, (f" {box.mid_right}", "")])
    return [*framed, [(box.get_bottom(inside), "")]]


def _column(canvas: Canvas, grid: Grid, j: int) -> list[Piece]:
    """Return the numbers of one column that are to be seen."""
    pieces = []
    for i in grid.shown:
        channel = (grid.row_channels[i : i + 1] or grid.column_channels[j : j + 1] or (0,))[0]
        style = _channel_style(channel)
        text = "" if (i, j) in grid.blank else entry(grid.rows[i][j])
        if (i, j) in grid.faint:
            style = "dim"
        if (i, j) in grid.marked:
            text, style = (f"[{text}]", "") if canvas.plain else (text, f"{style} {MARK}")
        elif grid.marked and canvas.plain:
            text = f" {text} "
        pieces.append((text, style))
    return pieces


def _column_width(canvas: Canvas, grid: Grid, j: int) -> int:
    """Return how wide a column is, with all of its rows and all of its numbers."""
    marks = 2 if grid.marked and canvas.plain else 0
    label = [len(str(part)) for part in grid.column_labels[j]] if grid.column_labels else [0]
    numbers = [len(entry(row[j])) for rows in (grid.rows, grid.in_the_end) for row in rows]
    return max(max(numbers) + marks, *label)


def _middle_left_out(
    canvas: Canvas, widths: list[int], labels: int, marked: Sequence[int]
) -> tuple[int, int]:
    """Return the range of columns in the middle that don't fit; an empty one where all do.

    What is marked stays, if it can: then those before or behind it are left out.
    """
    room = canvas.room(ENDLESS) - labels - 2 * GAP  # of which the frame needs one on each side
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


def _borders(channels: Sequence[int]) -> set[int]:
    """Return where another channel begins."""
    return {at for at, (before, after) in enumerate(pairwise(channels), 1) if before != after}


def _channel_style(channel: int | None) -> str:
    return "" if channel is None else CHANNEL_STYLES[channel % len(CHANNEL_STYLES)]
