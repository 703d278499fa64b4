"""What a command shows, as plain data: headings, tables, matrices and notes, not yet drawn.

Named tuples, since they are made faster than dataclasses at every start.
"""

from __future__ import annotations

from typing import NamedTuple


class Memory(NamedTuple):
    """A number of bytes."""

    size: int


Cell = str | float | Memory | tuple[int | None, ...] | None
"""A text, a number, a shape (None for channels that aren't known) or nothing."""


class Facts(NamedTuple):
    """Rows of what is known about one thing: quantity, value and how it came about."""

    rows: tuple[tuple[str, Cell, str], ...]


class Table(NamedTuple):
    """Rows under named columns; numbers and shapes are set flush right.

    The last row sums up the others where `total` says so.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False


class Grid(NamedTuple):
    """One matrix of numbers.

    The labels have an entry per row or column, of as many parts as `row_letters` and
    `column_letters` name, all empty where there are none. `row_channels` and `column_channels`
    say which input channel a row or column belongs to, empty where that means nothing. `marked`
    are the (row, column) places to be pointed out.
    """

    caption: str
    rows: tuple[tuple[float, ...], ...]
    row_labels: tuple[str, ...] = ()
    column_letters: tuple[str, ...] = ()
    column_labels: tuple[tuple[int, ...], ...] = ()
    row_channels: tuple[int, ...] = ()
    column_channels: tuple[int, ...] = ()
    marked: frozenset[tuple[int, int]] = frozenset()


class Matrices(NamedTuple):
    """One tensor of a walk-through, as the matrices it is made of."""

    name: str
    letters: str
    """What its axes are, in the assignment's letters."""
    shape: tuple[int, ...]
    how: str
    grids: tuple[Grid, ...]


class Page(NamedTuple):
    """One command's answer, from top to bottom."""

    heading: str
    blocks: tuple[Facts | Table | Matrices, ...]
    code: str | None = None
    notes: tuple[str, ...] = ()


def cell_text(cell: Cell) -> str:
    """Return a cell as a person reads it: 1,024 × 27."""
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.4g}"
    if isinstance(cell, Memory):
        return _memory_text(cell.size)
    if isinstance(cell, tuple):
        return " × ".join("C_out" if each is None else f"{each:,}" for each in cell)
    return cell


def _memory_text(size: int) -> str:
    """Return a number of bytes in the unit that a person reads it in."""
    if size < 1024:
        return f"{size} bytes"
    units = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
    power = min((size.bit_length() - 1) // 10, len(units))
    return f"{size / 1024**power:,.1f} {units[power - 1]}"
