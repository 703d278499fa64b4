"""The page of a walk-through to be touched: one file of HTML, which needs nothing from elsewhere.

Without JavaScript it is the tensors as tables; with it, what is pointed at lights up everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from json import dumps
from pathlib import Path
from typing import Any

from convcalc.output.demo import convolution as demo
from convcalc.output.demo.formulas import MOST_SUMS, equation
from convcalc.output.page import Equation, Grid, Matrices
from convcalc.output.picture import THEMES
from convcalc.single.demo.convolution import Walkthrough
from convcalc.text import entry

TEMPLATE = Path(__file__).with_name("touch.html")

LINES = {
    "light": {"line": "#d0d5db", "soft": "#eef1f4"},
    "dark": {"line": "#3a4048", "soft": "#24282f"},
}
"""The colours of lines and backgrounds."""

HIGH = 12
"""Rows of a table with which nothing is to stand below it."""

STOPS = ("X", "Ũ", "U", "Y", "X∇")
"""The tensors that the tab key goes to, once each: there the arrows step through the patches."""


def as_html(walk: Walkthrough, theme: str | None = None) -> str:
    """Return the page of a walk-through, light or dark as its reader's system is, or in a theme."""
    dark = f"@media(prefers-color-scheme:dark){{:root{{{_variables('dark')}}}}}"
    named = {block.name: block for block in demo.forward(walk)}
    maps = [named.pop(name) for name in ("X", "X padded", "W") if name in named]
    sections = [_flow(maps, "X and W"), _flow([*named.values()], "the matrix product")]
    if walk.gradients is not None:
        back = demo.backward(walk)
        sections += [_flow(back[:4], "from Y∇ to W∇"), _flow(back[4:], "from Y∇ to X∇")]
    heading = escape(demo.heading(walk))
    parts = {
        "title": f"{heading} – convcalc",
        "heading": heading.replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"),  # in one line
        "scheme": theme or "light dark",
        "light": _variables(theme or "light"),
        "dark": dark if theme is None else "",
        "last": str(len(walk.U[0]) - 1),
        "patch": str(walk.patch or 0),
        "sums": "".join(_written(equation(each)) for each in walk.sums[:MOST_SUMS]),
        "tensors": "\n".join(sections),
        "code": f"<pre>{escape(walk.code)}</pre>" if walk.code else "",
        "notes": "".join(f"<p>{escape(note)}</p>" for note in walk.notes),
        "data": _data(walk),
    }
    page = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], page)


def _variables(theme: str) -> str:
    colours = THEMES[theme] | LINES[theme]
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def _data(walk: Walkthrough) -> str:
    """Return what the page calculates with, as JSON that ends no script."""
    (top, _), (left, _) = walk.layer.ends
    tensors = demo.as_json(walk)
    numbers: dict[str, Any] = {
        name: tensors[name]
        for name in ("W_matrix", "Y", "bias", "grad_Y_matrix", "grad_W_matrix", "grad_X")
        if name in tensors
    }
    numbers["U"] = walk.U
    if walk.gradients is not None:
        numbers["grad_U"] = walk.gradients.U
    settings = {
        "patch": walk.patch,
        "layout": walk.layout,
        "output": (len(walk.Y[0][0]), len(walk.Y[0][0][0])),
        "kernel": walk.layer.kernel_size,
        "stride": walk.layer.stride,
        "dilation": walk.layer.dilation,
        "before": (top, left),
        "channels": len(walk.X[0]),
        "out": len(walk.W),
        "groups": walk.layer.groups,
    }
    return dumps({**settings, **numbers}, separators=(",", ":")).replace("<", "\\u003c")


def _written(equation: Equation) -> str:
    """Return a sum written out, its terms in the colours of their channels."""
    terms = " + ".join(
        f'<span class="c{channel % 5}">{escape(term)}</span>'
        if channel is not None
        else escape(term)
        for term, channel in equation.terms
    )
    return f"<p><b>{escape(equation.name)} = </b>{terms}<b> = {escape(equation.total)}</b></p>"


def _flow(tensors: Sequence[Matrices], said: str) -> str:
    """Return tensors beside one another; what a product makes below one another, unless high."""
    sections = [*map(_section, tensors)]
    if len(sections) == 4 and len(tensors[2].grids[0].rows) <= HIGH:
        sections[2:] = ['<div class="stack">', *sections[2:], "</div>"]
    return "\n".join([f'<div class="flow" role="group" aria-label="{said}">', *sections, "</div>"])


def _section(block: Matrices) -> str:
    """Return one tensor: what it is, and its tables."""
    shape = ", ".join(map(str, block.shape))
    stops = block.name in STOPS
    tables = "".join(
        _table(block, grid, at, focusable=stops and at == 0) for at, grid in enumerate(block.grids)
    )
    return (
        f"<section><h2>{escape(block.name)} <span>{escape(block.letters)} = ({shape})</span></h2>"
        f'<p>{escape(block.how)}</p><div class="grids">{tables}</div></section>'
    )


def _table(block: Matrices, grid: Grid, at: int, focusable: bool) -> str:
    """Return one matrix as a table that says which of its tensor it is."""
    name = "Ũ" + block.name[1:] if block.name[0] == "U" else block.name
    four = len(block.shape) == 4
    n, c = divmod(at, block.shape[1]) if four else (at, 0)
    said = f"{block.name} {grid.caption}".strip()
    focus = f' tabindex="0" aria-label="{escape(said)}: arrow keys step"' if focusable else ""
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    labels = 1 if grid.row_labels else 0
    return (
        f'<div class="scroll"><table data-t="{escape(name)}" data-n="{n}" data-c="{c}" '
        f'data-labels="{labels}"{focus}>{caption}{_head(grid)}'
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
    """Return one number in its channel's colour, faint where it is padding's, lit where marked."""
    channel = (grid.row_channels[i : i + 1] or grid.column_channels[j : j + 1] or (None,))[0]
    kinds = ["n" if channel is None else f"c{channel % 5}"]
    if (i, j) in grid.faint:
        kinds = ["z"]
    written = entry(value)
    if (i, j) in grid.marked:
        kinds.append("y")
        written = f"<i>{written}</i>"
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return f"<td{kind}>{written}"
