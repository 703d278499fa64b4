"""The page of a network: its rows with rails as curves, bars, and what one points at lit up.

Without JavaScript it is the whole table with its rails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from json import dumps
from typing import Any

from convcalc.network.answer.graph import Rail, rails
from convcalc.network.answer.rows import NetworkAnswer, Row
from convcalc.output import net
from convcalc.output.network import curves
from convcalc.output.network.rails import STYLES, bundled, colours
from convcalc.output.page import Cell, Facts, Memory, Table, cell_text, value_of
from convcalc.output.touch.template import colours as variables
from convcalc.output.touch.template import filled, written
from convcalc.text import harmless

BARS = ("params", "macs", "memory", "kept")
"""The columns whose numbers are drawn as bars."""
UNSEEN = ("input", "kernel", "share", "from")
"""The columns that the page has only where they are asked for: it says these in other ways."""
SHARE = next(each for each in net.COLUMNS if each.name == "share")
"""What stands beside a row's parameters."""


def paged(columns: Sequence[str]) -> Callable[[NetworkAnswer, str | None], str]:
    """Return what makes the page with the columns that were asked for."""
    return lambda answer, theme: as_html(answer, theme, columns)


def as_html(answer: NetworkAnswer, theme: str | None = None, columns: Sequence[str] = ()) -> str:
    """Return the page of a network, light or dark as its reader's system is, or in a theme."""
    page = net.as_page(answer, columns)
    table = next(block for block in page.blocks if isinstance(block, Table))
    if not columns:
        shown = [each for each in table.columns if each.name not in UNSEEN]
        table = Table(shown, table.rows, answer)
    rows: Sequence[Row] = table.rows
    found = rails(rows)
    widest = max((each.width for each in found), default=0)
    remarks = [bundled(widest, curves.MOST)] if widest > curves.MOST else []
    drawings = {curves.drawing(each): "" for each in found}
    drawings = {each: f"r{number}" for number, each in enumerate(drawings)}
    heading = _text(page.heading)
    facts = [block for block in page.blocks if isinstance(block, Facts)]
    parts = variables(theme) | {
        "title": f"{heading} – convcalc",
        "heading": heading,
        "width": str(curves.width(found)),
        "style": written("network.css"),
        "script": written("network.js"),
        "drawings": "".join(f'<g id="{name}">{each}</g>' for each, name in drawings.items()),
        "misfit": _misfit(answer),
        "caption": f"{len(rows):,} rows, in the order of the calls; what a row reads comes down "
        "to it from above.",
        "head": _head(table),
        "body": "\n".join(_rows(answer, table, found, drawings)),
        "foot": _foot(table),
        "totals": "".join(map(_facts, facts)),
        "notes": "".join(
            f"<p><small>note</small>  {_text(note)}\n</p>" for note in (*page.notes, *remarks)
        ),
        "data": _data(answer, table),
    }
    return filled("network.html", parts)


def _text(words: str) -> str:
    """Return a text from outside that is neither a tag nor steers anything."""
    return escape(harmless(words))


def _misfit(answer: NetworkAnswer) -> str:
    """Return where a network doesn't fit, and the mends beside it."""
    if answer.error is None:
        return ""
    mends = net.as_json(answer)["error"].get("mends") or ()
    listed = "".join(f"<li>{_text(mend['message'])}" for mend in mends)
    would = f"<p>What would do:<ul>{listed}</ul>" if listed else ""
    return (
        f'<section class="misfit" aria-label="misfit"><b>It doesn’t fit.</b> '
        f"{_text(answer.error.sentence)}{would}</section>"
    )


def _head(table: Table[Row, NetworkAnswer]) -> str:
    headings = (
        f'<th scope="col" data-column="{each.name}"{_left(each.left)}>{escape(each.heading)}'
        for each in table.columns
    )
    return '<th scope="col" aria-label="rails">' + "".join(headings)


def _left(left: bool) -> str:
    return " class=l" if left else ""


def _rows(
    answer: NetworkAnswer,
    table: Table[Row, NetworkAnswer],
    found: Sequence[Rail],
    drawings: dict[str, str],
) -> Iterator[str]:
    """Yield a row of the table for each call, with its rails and bars."""
    largest = _largest(answer, table)
    colour = colours(answer, table.rows)
    for number, row in enumerate(table.rows):
        kinds = [f"d{STYLES.index(colour[number])}"]
        kinds += ["fails"] * row.fails + ["never"] * (not row.called)
        called = row.name or f"{row.layer}{f', line {row.line}' if row.line else ''}"
        path = f' data-path="{_text(row.name)}"' if row.name else ""
        drawn = drawings[curves.drawing(found[number])]
        yield (
            f'<tr tabindex=0 class="{" ".join(kinds)}" data-name="{_text(called)}"{path}>'
            f'<td><svg class=r aria-hidden=true><use href="#{drawn}"/>'
            "</svg>" + "".join(_cells(answer, table, row, largest))
        )


def _cells(
    answer: NetworkAnswer, table: Table[Row, NetworkAnswer], row: Row, largest: dict[str, int]
) -> Iterator[str]:
    for column in table.columns:
        cell = column.value(row, answer)
        words = escape(cell_text(cell))
        if column.name == "name":
            yield f'<th scope="row" class=l>{words}'
        elif column.name in largest:
            size = _number(cell)
            length = 100 * size / largest[column.name] if largest[column.name] else 0
            if column.name == "params":
                share = cell_text(SHARE.value(row, answer))
                words = f"<small>{share}</small> {words}" if share else words
            yield f'<td class=b data-value={size} style="--b:{length:.3g}%">{words}'
        else:
            yield f"<td{_left(column.left)}>{words}"


def _number(cell: Cell) -> int:
    """Return the number that a bar is as long as."""
    value = value_of(cell)
    if isinstance(value, Memory):
        return value.size
    return value if isinstance(value, int) else 0


def _largest(answer: NetworkAnswer, table: Table[Row, NetworkAnswer]) -> dict[str, int]:
    """Return the largest number of each column that has bars."""
    return {
        column.name: max((_number(column.value(row, answer)) for row in table.rows), default=0)
        for column in table.columns
        if column.name in BARS
    }


def _foot(table: Table[Row, NetworkAnswer]) -> str:
    totals = zip(table.columns, table.totals, strict=False)
    return "<td>" + "".join(
        f"<td{_left(each.left)}>{escape(cell_text(cell))}" for each, cell in totals
    )


def _facts(block: Facts) -> str:
    rows = "".join(
        f'<tr><th scope="row" class=l>{escape(name)}'
        f"<td class=l>{escape(cell_text(value))}<td class=l>{escape(how)}"
        for name, value, how in block.rows
    )
    return f'<table class="totals"><tbody>{rows}</tbody></table>'


def _data(answer: NetworkAnswer, table: Table[Row, NetworkAnswer]) -> str:
    """Return what the page folds, sorts and draws with, as JSON that ends no script."""
    names = [column.name for column in table.columns]
    bars = {column.name: column for column in table.columns if column.name in BARS}
    cells = {
        name: [column.value(row, answer) for row in table.rows] for name, column in bars.items()
    }
    first = answer.input[0] if isinstance(answer.input, list) and answer.input else answer.input
    told: dict[str, Any] = {
        "columns": names,
        "from": [row.sources for row in table.rows],
        "numbers": {
            name: [None if value_of(cell) is None else _number(cell) for cell in column]
            for name, column in cells.items()
        },
        "memory": [
            name for name, column in cells.items()
            if any(isinstance(value_of(cell), Memory) for cell in column)
        ],
        "largest": _largest(answer, table),
        "field": [row.receptive_field for row in table.rows],
        "input": first[1:] if isinstance(first, tuple) and len(first) > 1 else None,
        "spans": [
            (span.name, span.layer, span.first, span.end, net.shape_text(span.output), span.line)
            for span in answer.spans
            if span.end - span.first > 1
        ],
    }  # fmt: skip
    return dumps(told, separators=(",", ":")).replace("<", "\\u003c")
