"""Pages as notebooks show them: a piece of HTML in a notebook's own colours and fonts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from convcalc.output.page import Cell, Facts, Page, Table, cell_text, one_by_one


def fragment(page: Page) -> str:
    """Return a page's heading, tables and notes."""
    return "\n".join(_parts(page))


def _parts(page: Page) -> Iterator[str]:
    yield f"<p><strong>{_text(page.heading)}</strong></p>"
    for block in one_by_one(page.blocks):
        if isinstance(block, Table):
            yield from _table(block)
        elif isinstance(block, Facts):
            rows = (f"<th scope=row>{_text(name)}{_row(rest)}" for name, *rest in block.rows)
            yield _framed(rows)
    for note in page.notes:
        yield f"<p>{_text(note)}</p>"


def _table(block: Table[Any, Any]) -> Iterator[str]:
    """Yield a table, with what is drawn on the left of its rows in a column of its own."""
    margin = block.margin
    lefts = [column.left for column in block.columns]
    drawn = [] if margin is None else [*margin.texts, *[""] * bool(block.totals)]
    rows = block.cells()
    body = []
    for at, row in enumerate(rows):
        rails = f'<td style="{_RAILS}">{_text(drawn[at])}' if drawn else ""
        body.append(rails + _row(row, lefts, bold=bool(block.totals) and at == len(rows) - 1))
    headings = "".join(
        f'<th scope=col style="text-align:{"left" if column.left else "right"}">'
        f"{_text(column.heading)}"
        for column in block.columns
    )
    yield _framed(body, ("<th>" if drawn else "") + headings)


_RAILS = "white-space:pre;text-align:left;font-family:monospace;padding:0;line-height:1"


def _framed(rows: Any, heading: str = "") -> str:
    head = f"<thead><tr>{heading}</thead>" if heading else ""
    inside = "\n".join(f"<tr>{row}" for row in rows)
    return f"<table>{head}<tbody>\n{inside}\n</tbody></table>"


def _row(cells: list[Cell], lefts: list[bool] | None = None, bold: bool = False) -> str:
    return "".join(
        f'<td style="text-align:{"left" if lefts is None or lefts[at] else "right"}">'
        + (f"<strong>{_text(cell)}</strong>" if bold and _text(cell) else _text(cell))
        for at, cell in enumerate(cells)
    )


def _text(cell: Cell) -> str:
    return escape(cell_text(cell))
