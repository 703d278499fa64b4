"""Matrices and sums as HTML, to be read without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from convcalc.output.page import Equation, Grid, Matrices
from convcalc.text import entry


def sum_(equation: Equation) -> str:
    """Return a sum written out, its terms in the colours of their channels."""
    terms = equation.joint.join(
        f'<span class="c{channel % 5}">{escape(term)}</span>'
        if channel is not None
        else escape(term)
        for term, channel in equation.terms
    )
    name, total = escape(equation.name), escape(equation.total)
    made = f"<b>{name} = </b>{equation.before}{terms}{equation.after}<b> = {total}</b>"
    return f"<p>{made}<br><small>{escape(equation.how)}</small></p>"


def flow(sections: Sequence[str], said: str) -> str:
    """Return tensors beside one another."""
    inside = "\n".join(sections)
    return f'<div class="flow" role="group" aria-label="{said}">\n{inside}\n</div>'


def section(block: Matrices) -> str:
    """Return one tensor: what it is, the formula that makes it, and its tables."""
    shape = ", ".join(map(str, block.shape))
    lines = (*block.formula.lines, *block.formula.where) if block.formula else ()
    formula = f'<p class="formula">{escape(chr(10).join(lines))}</p>' if lines else ""
    return (
        f"<section><h2>{escape(block.name)} <span>{escape(block.letters)} = ({shape})</span></h2>"
        f"<p>{escape(block.how)}</p>{formula}"
        f'<div class="maps">{"".join(map(_table, block.grids))}</div></section>'
    )


def _table(grid: Grid) -> str:
    """Return one matrix as a table that says which of its tensor it is."""
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    return (
        f'<div class="scroll"><table>{caption}{_head(grid)}'
        f"<tbody>{''.join(_rows(grid))}</tbody></table></div>\n"
    )


def _head(grid: Grid) -> str:
    """Return the labels of the columns, a row per letter."""
    if not grid.column_labels:
        return ""
    rows = []
    for at, letter in enumerate(grid.column_letters):
        labels = "".join(f"<th>{label[at]}" for label in grid.column_labels)
        rows.append(f"<tr><th>{escape(letter)}{labels}")
    return f"<thead>{''.join(rows)}</thead>"


def _rows(grid: Grid) -> Iterator[str]:
    for i, row in enumerate(grid.rows):
        label = f'<th scope="row">{escape(grid.row_labels[i])}' if grid.row_labels else ""
        yield f"<tr>{label}{''.join(_cell(grid, i, j, value) for j, value in enumerate(row))}\n"


def _cell(grid: Grid, i: int, j: int, value: float) -> str:
    """Return one number in its channel's colour, faint where it is padding's, framed if marked."""
    channel = (grid.row_channels[i : i + 1] or grid.column_channels[j : j + 1] or (None,))[0]
    kinds = [] if channel is None else [f"c{channel % 5}"]
    if (i, j) in grid.faint:
        kinds = ["z"]
    if (i, j) in grid.marked:
        kinds.append("m")
    kind = (
        f' class="{" ".join(kinds)}"' if len(kinds) > 1 else f" class={kinds[0]}" if kinds else ""
    )
    return f"<td{kind}>{entry(value)}"
