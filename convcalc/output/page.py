"""What a command shows, as plain data: headings, tables, matrices and notes, not yet drawn.

Plain classes, since every start pays for them: named tuples would cost a millisecond together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from convcalc import text
from convcalc.formulas import ConvcalcError

Row = TypeVar("Row")
Answer = TypeVar("Answer")


class Memory:
    """A number of bytes."""

    def __init__(self, size: int) -> None:
        self.size = size


class Line:
    """A line to paste, which is never broken."""

    def __init__(self, text: str) -> None:
        self.text = text


Value = str | float | Line | Memory | tuple[int | None, ...] | None
"""A text, a number, a shape (None for channels that aren't known) or nothing."""


class Judged:
    """A value that is good or bad news, shown in the colour for that where there are colours."""

    def __init__(self, value: Value, good: bool) -> None:
        self.value = value
        self.good = good


Cell = Value | Judged


class Facts:
    """Rows of what is known about one thing: quantity, value and how it came about.

    Of the quantities in `asked`, how it came about is what was asked for: never left out.
    """

    def __init__(self, rows: Sequence[tuple[str, Cell, str]], asked: Sequence[str] = ()) -> None:
        self.rows = rows
        self.asked = asked


def _always(answer: Any) -> bool:
    return True


class Column(Generic[Row, Answer]):
    """One column of a table: all that is said of it anywhere.

    `value` is what it says of a row of an answer, `total` of all rows together. `name` is what it
    is asked for by; unless it is, it stands `where` the answer has something for it. `left` sets it
    flush left, as texts are. Where a terminal is too narrow, the least `importance` leaves first,
    of equals the one furthest right; a column that may go `below` becomes a line of its own below
    each row before that. `json` is its key in a row's JSON, and what stands there.
    """

    def __init__(
        self,
        name: str,
        heading: str,
        value: Callable[[Row, Answer], Cell],
        total: Callable[[Answer], Cell] | None = None,
        *,
        where: Callable[[Answer], object] = _always,
        left: bool = False,
        importance: int = 5,
        below: bool = False,
        json: tuple[str, Callable[[Row, Answer], Any]] | None = None,
    ) -> None:
        self.name = name
        self.heading = heading
        self.value = value
        self.total = total
        self.where = where
        self.left = left
        self.importance = importance
        self.below = below
        self.json = json


class Margin:
    """What is drawn on the left of a table's rows: texts of the same width, each in a style.

    `remark` is what there is to be said of it.
    """

    def __init__(self, texts: Sequence[str], styles: Sequence[str], remark: str = "") -> None:
        self.texts = texts
        self.styles = styles
        self.remark = remark


class Table(Generic[Row, Answer]):
    """Rows under columns; the last row sums up the others where a column has a total."""

    def __init__(
        self,
        columns: Sequence[Column[Row, Answer]],
        rows: Sequence[Row],
        answer: Answer,
        margin: Margin | None = None,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.answer = answer
        self.margin = margin

    @property
    def totals(self) -> list[Cell]:
        """The cells of the last row, none where no column has a total."""
        totals = [each.total(self.answer) if each.total else "" for each in self.columns]
        return [] if all(total == "" for total in totals) else totals

    def cells(self) -> list[list[Cell]]:
        """Return every row, the totals last."""
        says, answer, totals = [column.value for column in self.columns], self.answer, self.totals
        rows = [[value(row, answer) for value in says] for row in self.rows]
        return [*rows, totals] if totals else rows


def in_json(
    columns: Sequence[Column[Row, Answer]], rows: Sequence[Row], answer: Answer
) -> list[dict[str, Any]]:
    """Return rows as JSON has them: a key per column that has one."""
    keys = [each.json for each in columns if each.json]
    return [{key: value(row, answer) for key, value in keys} for row in rows]


def chosen(
    columns: Sequence[Column[Row, Answer]], answer: Answer, names: Sequence[str] = ()
) -> list[Column[Row, Answer]]:
    """Return the columns of these names in this order; without names those that say something.

    Raises ConvcalcError where there is no such column.
    """
    if not names:
        return [each for each in columns if each.where(answer)]
    by_name = {column.name: column for column in columns}
    for name in names:
        if name not in by_name:
            raise ConvcalcError(
                f"{name}: no such column, there are {', '.join(by_name)}", "columns"
            )
    return [by_name[name] for name in names]


class Grid:
    """One matrix of numbers.

    The labels have an entry per row or column, of as many parts as `row_letters` and
    `column_letters` name, all empty where there are none. `row_channels` and `column_channels`
    say which input channel a row or column belongs to, empty where that means nothing. Of
    (row, column) places `marked` are those to be pointed out, `faint` those that hold no data but
    zeros of padding, `blank` those whose number isn't known yet. `shown` are the rows to be seen
    where not all are; the columns are as wide as if all were, and as the numbers in the end.
    """

    def __init__(
        self,
        caption: str,
        rows: Sequence[Sequence[float]],
        row_labels: Sequence[str] = (),
        column_letters: Sequence[str] = (),
        column_labels: Sequence[tuple[int, ...]] = (),
        row_channels: Sequence[int] = (),
        column_channels: Sequence[int] = (),
        marked: frozenset[tuple[int, int]] = frozenset(),
        faint: frozenset[tuple[int, int]] = frozenset(),
        blank: frozenset[tuple[int, int]] = frozenset(),
        shown: range | None = None,
    ) -> None:
        self.caption = caption
        self.rows = rows
        self.row_labels = row_labels
        self.column_letters = column_letters
        self.column_labels = column_labels
        self.row_channels = row_channels
        self.column_channels = column_channels
        self.marked = marked
        self.faint = faint
        self.blank = blank
        self.shown = shown or range(len(rows))
        self.in_the_end = rows


class Formula:
    """How a tensor comes about in indices: equalities, and what is true `where` a delta is 1."""

    def __init__(self, lines: Sequence[str], where: Sequence[str]) -> None:
        self.lines = lines
        self.where = where


class Matrices:
    """One tensor of a walk-through, as the matrices it is made of.

    `letters` says what its axes are, in the assignment's letters; a `formula`, where there is
    one, stands before it.
    """

    formula: Formula | None = None

    def __init__(
        self, name: str, letters: str, shape: tuple[int, ...], how: str, grids: Sequence[Grid]
    ) -> None:
        self.name = name
        self.letters = letters
        self.shape = shape
        self.how = how
        self.grids = grids


class Beside:
    """Tensors that belong together, to stand beside one another where there is room."""

    def __init__(self, tensors: Sequence[Matrices]) -> None:
        self.tensors = tensors


class Equation:
    """A number written out as the sum that makes it, or the maximum.

    Every term has the input channel that it is from, None where it is from none. `how` says what
    the terms are; the `joint` is between them, and `form` is what they stand in: max({}).
    """

    def __init__(
        self,
        name: str,
        terms: Sequence[tuple[str, int | None]],
        total: str,
        how: str,
        joint: str = " + ",
        form: str = "{}",
    ) -> None:
        self.name = name
        self.terms = terms
        self.total = total
        self.how = how
        self.joint = joint
        self.before, _, self.after = form.partition("{}")

    @property
    def written(self) -> str:
        """What makes the number: 2·1 + 3·2."""
        return f"{self.before}{self.joint.join(term for term, _ in self.terms)}{self.after}"

    @property
    def text(self) -> str:
        """The whole equation: Y[0, 0, 1, 2] = 2·1 + 3·2 = 8."""
        return f"{self.name} = {self.written} = {self.total}"


class Program:
    """A program to print, line by line as it stands."""

    def __init__(self, text: str) -> None:
        self.text = text


Single = Facts | Table[Any, Any] | Matrices | Equation | Program
"""What stands alone on a page."""
Block = Single | Beside
"""What a page is made of."""


class Page:
    """One command's answer, from top to bottom; `code` is the line to paste."""

    def __init__(
        self,
        heading: str,
        blocks: Sequence[Block],
        code: str | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self.heading = heading
        self.blocks = blocks
        self.code = code
        self.notes = notes


def one_by_one(blocks: Sequence[Block]) -> Iterator[Single]:
    """Yield blocks one below the other, also those that may stand beside each other."""
    for block in blocks:
        if isinstance(block, Beside):
            yield from block.tensors
        else:
            yield block


def shared(sizes: tuple[int, ...] | None) -> Value:
    """Return one number where all axes have the same."""
    return sizes[0] if sizes and len(set(sizes)) == 1 else sizes


def value_of(cell: Cell) -> Value:
    """Return what a cell says, without how it is meant."""
    return cell.value if isinstance(cell, Judged) else cell


def cell_text(cell: Cell) -> str:
    """Return a cell as a person reads it: 1,024 × 27."""
    value = value_of(cell)
    if value is None:
        return "–"
    if isinstance(value, (int, float)):
        return text.number(value)
    if isinstance(value, Memory):
        return text.memory(value.size)
    if isinstance(value, Line):
        value = value.text
    return text.shape(value) if isinstance(value, tuple) else text.harmless(value)
