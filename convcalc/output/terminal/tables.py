"""Facts and tables, in frames that fit: what is least important is left out first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from convcalc.output.page import Cell, Column, Facts, Judged, Line, Table
from convcalc.output.terminal.canvas import ENDLESS, Canvas
from convcalc.output.terminal.frames import Framed, Shown, framed_width, lined, margin_width
from convcalc.output.terminal.lines import between_words
from convcalc.text import writable

WIDEST = 200
"""Characters for which a table makes room in every row; a longer text sticks out of its own."""


def facts(canvas: Canvas, facts: Facts) -> list[RenderableType]:
    """Return facts in a frame; too wide, the last column's texts are broken between words.

    Where that isn't enough, how they came about is left out, or stands below where it was asked
    for; where not even the values fit, each stands below what it is.
    """
    rows = [tuple(map(canvas.written, row)) for row in facts.rows]
    whole = {
        value
        for (_, cell, _), (_, value, _) in zip(facts.rows, rows, strict=True)
        if isinstance(cell, Line)
    }
    explained = any(how for _, _, how in rows)
    framed = _facts_framed(canvas, rows if explained else [row[:2] for row in rows], whole)
    if framed is not None:
        return [framed]
    said = [row for row in rows if row[0] in facts.asked]
    left_out = [canvas.sentence(Text(how), f"{quantity}  ") for quantity, _, how in said]
    if explained and len(said) < len(rows):
        left_out.append(canvas.left_out(["how"]))
    framed = _facts_framed(canvas, [row[:2] for row in rows], whole) if explained else None
    if framed is not None:
        return [framed, *left_out]
    below: list[RenderableType] = []
    for quantity, value, _ in rows:
        unbroken = Text(f"  {value}", no_wrap=True, overflow="ignore")
        below.append(Text(quantity, "dim"))
        below.append(unbroken if value in whole else canvas.sentence(Text(value), "  "))
    return [*below, *left_out]


def _facts_framed(canvas: Canvas, rows: list[tuple[str, ...]], whole: set[str]) -> Framed | None:
    """Return these columns in a frame, or None where they don't fit unless lines are broken."""
    texts = list(zip(*rows, strict=True))
    widths = [max(map(cell_len, column)) for column in texts]
    pieces = (word for each in texts[-1] for word in ([each] if each in whole else each.split()))
    room = canvas.room(ENDLESS) - framed_width([*widths[:-1], 0])
    if max(map(cell_len, pieces), default=0) > room:
        return None
    widths[-1] = min(widths[-1], room)
    lines = []
    for *first, last in rows:
        for line in between_words(Text(last), widths[-1]):
            lines.append((*first, line.plain))
            first = [""] * len(first)
    styles = ("dim", "bold cyan", "") if len(widths) == 3 else ("dim", "")
    columns = [Shown(width, True, style) for width, style in zip(widths, styles, strict=True)]
    return Framed(lined(canvas.encoding), columns, lines)


class _Filled:
    """One column of a table with what is written in it; `styles` are those of single rows."""

    def __init__(
        self,
        column: Column[Any, Any],
        heading: list[str],
        texts: list[str],
        width: int,
        styles: dict[int, str],
    ) -> None:
        self.column = column
        self.heading = heading
        self.texts = texts
        self.width = width
        self.styles = styles


def _stand_in(first: _Filled, other: _Filled) -> None:
    """Put another's text where the first column has none, so that no row is nameless."""
    pairs = list(zip(first.texts, other.texts, strict=True))
    first.width = max([first.width, *(cell_len(instead) for text, instead in pairs if not text)])
    first.texts = [text or instead for text, instead in pairs]


def table(canvas: Canvas, block: Table[Any, Any]) -> list[RenderableType]:
    """Return a table; too wide, a column goes below its rows, then columns are left out."""
    rows = block.cells()
    filled = [
        _filled(canvas, column, [row[at] for row in rows])
        for at, column in enumerate(block.columns)
    ]
    margin = None
    if block.margin is not None:
        texts = [writable(each, canvas.encoding) for each in block.margin.texts]
        margin = list(zip(texts, block.margin.styles, strict=True))
    beside = margin_width(margin)
    room = canvas.room(ENDLESS) - beside

    def fits(columns: Sequence[_Filled]) -> bool:
        return len(columns) == 1 or framed_width([each.width for each in columns]) <= room

    kept, below = filled, None
    if not fits(kept):
        below = next((each for each in filled if each.column.below), None)
        kept = [each for each in filled if each is not below]
    while not fits(kept):
        # Reversed, so that of the least important the one furthest right is found first.
        leaves = min(reversed(kept), key=lambda each: each.column.importance)
        kept = [each for each in kept if each is not leaves]
        if leaves.column.left and kept[0].column.left:
            _stand_in(kept[0], leaves)
    shown = {each.column.name for each in kept}
    lost = [
        each.column.heading
        for each in filled
        if each.column.name not in shown and each is not below
    ]
    columns = [Shown(each.width, each.column.left) for each in kept]
    if below is not None:
        inside = framed_width([each.width for each in kept]) - 4
        columns[-1].width += max(0, min(below.width, room - 4) - inside)
    height = max(len(each.heading) for each in kept)
    framed = Framed(
        lined(canvas.encoding),
        columns,
        list(zip(*(each.texts for each in kept), strict=True)),
        heading=list(
            zip(*([""] * (height - len(e.heading)) + e.heading for e in kept), strict=True)
        ),
        below=None if below is None else (*below.heading, *below.texts),
        total=len(rows) > len(block.rows),
        styles={(i, j): style for j, e in enumerate(kept) for i, style in e.styles.items()},
        margin=margin,
    )
    return [framed, canvas.left_out(lost)] if lost else [framed]


def _filled(canvas: Canvas, column: Column[Any, Any], cells: Sequence[Cell]) -> _Filled:
    """Return a column with what is written in it, its heading broken where that is wider."""
    texts = canvas.column(cells)
    heading = [canvas.written(column.heading)]
    widest = min(WIDEST, canvas.room(ENDLESS) - framed_width([0]))
    width = min(widest, max(map(cell_len, {*texts}), default=0))
    if width < cell_len(heading[0]):
        heading = heading[0].split()
    width = max(width, *map(cell_len, heading))
    judged = ((row, cell.good) for row, cell in enumerate(cells) if isinstance(cell, Judged))
    styles = {row: "green" if good else "red" for row, good in judged}
    return _Filled(column, heading, texts, width, styles)
