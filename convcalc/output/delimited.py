"""Pages written as CSV and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO

from convcalc.output.page import (
    Cell,
    Equation,
    Facts,
    Formula,
    Grid,
    Line,
    Matrices,
    Memory,
    Page,
    Program,
    Table,
    cell_text,
    one_by_one,
    value_of,
)
from convcalc.text import harmless


def csv(page: Page) -> str:
    """Return a page's tables; matrices one below the other, each under a line that names it.

    The notes on a table of many rows have no place in it: `unsaid` has them.
    """
    text = StringIO()
    rows = writer(text, lineterminator="\n")
    for name, header, body in _tables(page, remarks=not unsaid(page)):
        if not name and text.tell():
            text.write("\n")
        if name:
            rows.writerows([[], [name]] if text.tell() else [[name]])
        rows.writerow(header)
        rows.writerows([_raw(cell) for cell in row] for row in body)
    return text.getvalue()


def unsaid(page: Page) -> Sequence[str]:
    """Return the notes for which CSV has no place: those on a table of many rows."""
    return page.notes if any(isinstance(block, Table) for block in page.blocks) else ()


def _raw(cell: Cell) -> str | float:
    """Return a cell as a program reads it: 1024x27, bytes as they are."""
    value = value_of(cell)
    if isinstance(value, Memory):
        return value.size
    if isinstance(value, Line):
        value = value.text
    if isinstance(value, tuple):
        return "x".join("C_out" if each is None else str(each) for each in value)
    return "" if value is None else harmless(value) if isinstance(value, str) else value


def markdown(page: Page) -> str:
    """Return a page with its tables, its code and its notes."""
    return "\n".join(_markdown_lines(page)) + "\n"


def _markdown_lines(page: Page) -> Iterator[str]:
    if page.heading:
        yield f"**{_escaped(page.heading)}**"
    for block in page.blocks:
        if isinstance(block, Program):
            yield from ("```python", block.text.rstrip(), "```")
    tables = [block for block in page.blocks if not isinstance(block, Program)]
    for name, header, body in _tables(Page("", tables), remarks=False):
        yield ""
        if name:
            yield from (_escaped(name), "")
        yield _markdown_row(header)
        yield "|" + "---|" * len(header)
        for row in body:
            yield _markdown_row(row)
    if page.code:
        yield from ("", "```python", page.code, "```")
    for note in page.notes:
        yield from ("", f"Note: {_escaped(note)}")


def _markdown_row(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(map(_escaped, cells)) + " |"


def _escaped(cell: Cell) -> str:
    """Return a cell that ends no cell of a table and begins no tag of HTML."""
    return cell_text(cell).replace("|", "\\|").replace("<", "\\<")


Written = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""A table as its name, its header and its rows."""


def _tables(page: Page, remarks: bool) -> Iterator[Written]:
    """Yield every table; `remarks` puts code and notes among the facts."""
    for block in one_by_one(page.blocks):
        if isinstance(block, Facts):
            rows: list[Sequence[Cell]] = [*block.rows]
            if remarks:
                rows += [("PyTorch", page.code, "")] if page.code else []
                rows += [("note", note, "") for note in page.notes]
            yield "", ("quantity", "value", "how"), rows
        elif isinstance(block, Matrices):
            if block.formula is not None:
                yield _formula(block.name, block.formula)
            yield from (_matrix(block, grid, marks=not remarks) for grid in block.grids)
        elif isinstance(block, Program):
            yield "", ("code",), [(line,) for line in block.text.splitlines()]
        elif isinstance(block, Equation):
            yield "", ("sum", "value", "how"), [_equation(block)]
        else:
            yield "", [column.heading for column in block.columns], block.cells()


def _formula(name: str, formula: Formula) -> Written:
    """Return a tensor's derivation, an equality to a row, and below what its deltas mean."""
    rows: list[Sequence[Cell]] = [(line,) for line in (*formula.lines, *formula.where)]
    return "", (f"derivation of {name}",), rows


def _equation(block: Equation) -> tuple[Cell, ...]:
    """Return a sum, what it comes to, and what its terms are."""
    return f"{block.name} = {block.written}", block.total, block.how


def _matrix(block: Matrices, grid: Grid, marks: bool) -> Written:
    """Return one matrix with its labels, or its indices where it has none.

    With `marks` what is pointed out is bold; a program that reads CSV gets numbers alone.
    """
    letters = ", ".join(grid.column_letters)
    labels = [_index(label) for label in grid.column_labels]
    header = (letters, *(labels or map(str, range(len(grid.rows[0])))))
    names = grid.row_labels or [str(i) for i in range(len(grid.rows))]
    body: Sequence[Sequence[Cell]] = grid.rows
    if grid.blank or (marks and grid.marked):
        body = [
            [
                "" if (i, j) in grid.blank else _marked(value, marks and (i, j) in grid.marked)
                for j, value in enumerate(row)
            ]
            for i, row in enumerate(grid.rows)
        ]
    rows: list[Sequence[Cell]] = [(name, *row) for name, row in zip(names, body, strict=True)]
    return f"{block.name} {block.letters} {grid.caption}".strip(), header, rows


def _marked(value: float, marked: bool) -> Cell:
    return f"**{cell_text(value)}**" if marked else value


def _index(label: tuple[int, ...]) -> str:
    return str(label[0]) if len(label) == 1 else f"({', '.join(map(str, label))})"
