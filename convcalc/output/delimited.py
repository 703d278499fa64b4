"""Pages written as CSV and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO

from convcalc.output.page import Cell, Facts, Matrices, Memory, Page, cell_text

Row = Sequence[Cell]


def csv(page: Page) -> str:
    """Return a page's tables; matrices one below the other, each under a line that names it."""
    text = StringIO()
    rows = writer(text, lineterminator="\n")
    for name, header, body in _tables(page):
        if name:
            rows.writerows([[], [name]] if text.tell() else [[name]])
        rows.writerow(header)
        rows.writerows(map(_raw, row) for row in body)
    return text.getvalue()


def _raw(cell: Cell) -> str | float:
    """Return a cell as a program reads it: 1024x27, bytes as they are."""
    if isinstance(cell, Memory):
        return cell.size
    if isinstance(cell, tuple):
        return "x".join("C_out" if each is None else str(each) for each in cell)
    return "" if cell is None else cell


def markdown(page: Page) -> str:
    """Return a page with its tables, its code and its notes."""
    return "\n".join(_markdown_lines(page)) + "\n"


def _markdown_lines(page: Page) -> Iterator[str]:
    yield f"**{page.heading}**"
    for name, header, body in _tables(page, remarks=False):
        yield ""
        if name:
            yield from (name, "")
        yield _markdown_row(header)
        yield "|" + "---|" * len(header)
        for row in body:
            yield _markdown_row(row)
    if page.code:
        yield from ("", "```python", page.code, "```")
    for note in page.notes:
        yield from ("", f"Note: {note}")


def _markdown_row(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(cell_text(cell).replace("|", "\\|") for cell in cells) + " |"


def _tables(page: Page, remarks: bool = True) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """Yield every table as its name, header and rows; `remarks` puts code and notes among them."""
    for block in page.blocks:
        if isinstance(block, Facts):
            rows: list[Row] = [*block.rows]
            if remarks:
                rows += [("PyTorch", page.code, "")] if page.code else []
                rows += [("note", note, "") for note in page.notes]
            yield "", ("quantity", "value", "how"), rows
        elif isinstance(block, Matrices):
            for grid in block.grids:
                letters = ", ".join(grid.column_letters)
                labels = [_index(label) for label in grid.column_labels]
                header = (letters, *(labels or map(str, range(len(grid.rows[0])))))
                names = grid.row_labels or tuple(map(str, range(len(grid.rows))))
                body: list[Row] = [(name, *row) for name, row in zip(names, grid.rows)]
                yield f"{block.name} {block.letters} {grid.caption}".strip(), header, body
        else:
            yield "", block.columns, block.rows


def _index(label: tuple[int, ...]) -> str:
    return str(label[0]) if len(label) == 1 else f"({', '.join(map(str, label))})"
