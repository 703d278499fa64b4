"""The page of a walk-through to be touched: one file of HTML, which needs nothing from elsewhere.

Without JavaScript it is every tensor as tables; with it, a tab each for Y, W∇ and X∇, whose layer
can be changed and in which what is pointed at lights up everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from json import dumps
from pathlib import Path

from convcalc import text
from convcalc.formulas import (
    Tensor4,
    conv2d_backward,
    nested_shape,
    to_rows,
    unfolded_gradient,
    weight_matrix_gradient,
)
from convcalc.output.demo import convolution as demo
from convcalc.output.demo.formulas import MOST_SUMS, equation
from convcalc.output.page import Equation, Grid, Matrices
from convcalc.output.picture import THEMES
from convcalc.single.demo import convolution
from convcalc.single.demo.convolution import Gradients, Walkthrough
from convcalc.single.demo.derivation import derivation
from convcalc.single.demo.numbers import AT_A_GLANCE, LARGEST, filled, gradient
from convcalc.single.question import LayerQuestion
from convcalc.text import entry

HERE = Path(__file__).parent

COLOURS = {
    "light": {"line": "#d0d5db", "soft": "#eef1f4", "tint": "85% 84%", "shade": "60% 45%"},
    "dark": {"line": "#3a4048", "soft": "#24282f", "tint": "50% 25%", "shade": "60% 55%"},
}
"""The colours of lines and backgrounds; saturation and lightness of a weight's hue."""

HEAVY = 190_000
"""More bytes than this a page is not to have for its tables."""

TOO_LARGE = (
    "These numbers are too large for a browser's arithmetic to be exact: the page shows them, and "
    "can't be played with."
)

FIELDS = {
    "size": (("c", "channels"), ("h", "height"), ("w", "width")),
    "out": (("o", "output channels"),),
    "kernel": (("kh", "kernel height"), ("kw", "kernel width")),
    "stride": (("sh", "stride down"), ("sw", "stride across")),
    "padding ↑↓←→": (
        ("pt", "padding above"),
        ("pb", "padding below"),
        ("pl", "padding on the left"),
        ("pr", "padding on the right"),
    ),
    "dilation": (("dh", "dilation down"), ("dw", "dilation across")),
    "groups": (("g", "groups"),),
}
"""What can be changed on the page: the name and the label of each number."""

VERTICAL = ("h", "kh", "sh", "pt", "pb", "dh")
"""What has no meaning in 1-D."""


def as_html(walk: Walkthrough, theme: str | None = None) -> str:
    """Return the page of a walk-through, light or dark as its reader's system is, or in a theme.

    Tables that would make it heavy are left to JavaScript, and the page says which those are.
    """
    walk = walk if walk.gradients is not None else _with_gradients(walk)
    dark = f"@media(prefers-color-scheme:dark){{:root{{{_variables('dark')}}}}}"
    heading = escape(demo.heading(replace(walk, patch=None)))
    notes = walk.notes if _exact(walk) else (*walk.notes, TOO_LARGE)
    parts = {
        "title": f"{heading} – convcalc",
        "heading": heading.replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"),  # in one line
        "scheme": theme or "light dark",
        "light": _variables(theme or "light"),
        "dark": dark if theme is None else "",
        "style": (HERE / "touch.css").read_text(encoding="utf-8"),
        "script": (HERE / "touch.js").read_text(encoding="utf-8") if _exact(walk) else "",
        "settings": _fields(walk),
        "sums": "".join(
            _written(equation(each))
            for each in [*walk.sums[:MOST_SUMS], *(walk.gradient_sums if walk.sums else ())]
        ),
        "code": f"<pre>{escape(walk.code)}</pre>" if walk.code else "",
        "notes": "".join(f"<p>{escape(note)}</p>" for note in notes),
        "folded": _folded(walk) if walk.folds else "",
        "data": _data(walk, heading),
    }
    page = (HERE / "touch.html").read_text(encoding="utf-8")
    room = HEAVY - len((page + "".join(parts.values())).encode())
    parts["tensors"] = _tensors(walk, room)
    return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], page)


def _exact(walk: Walkthrough) -> bool:
    """Return whether JavaScript, whose whole numbers have 53 bits, adds up these without error."""
    assert walk.gradients is not None
    x, w, y = (
        max((abs(value) for value in _numbers(tensor) if isinstance(value, int)), default=0)
        for tensor in (walk.X, walk.W, walk.gradients.Y)
    )
    bias = max((abs(value) for value in walk.bias or () if isinstance(value, int)), default=0)
    patches, kernels = len(walk.X) * len(walk.positions), len(walk.W)
    largest = (
        len(walk.W_matrix) * x * w + bias,
        patches * x * y,
        kernels * len(walk.taps) * y * w,
        max(x, w, y),
    )
    return max(largest) < 2**53


def _numbers(tensor: Tensor4) -> Iterator[float]:
    return (value for sample in tensor for rows in sample for row in rows for value in row)


def _variables(theme: str) -> str:
    colours = THEMES[theme] | COLOURS[theme]
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def _with_gradients(walk: Walkthrough) -> Walkthrough:
    """Return a walk that goes backward too, from a Y∇ that counts up."""
    layer = walk.layer
    grad_y = gradient(None, walk.ndim, nested_shape(walk.Y), None)
    grad_x, grad_weight, grad_bias = conv2d_backward(
        grad_y, walk.X, walk.W, *layer.settings[1:], layer.groups
    )
    rows = to_rows(grad_y)
    gradients = Gradients(
        Y=grad_y,
        Y_matrix=rows,
        W_matrix=weight_matrix_gradient(walk.U, rows),
        W=grad_weight,
        U=unfolded_gradient(rows, walk.W_matrix),
        X=grad_x,
        bias=None if walk.bias is None else grad_bias,
    )
    return replace(walk, gradients=gradients)


def _settings(walk: Walkthrough) -> dict[str, int]:
    """Return the layer's numbers by the names of their fields."""
    (top, bottom), (left, right) = walk.layer.ends
    values = [
        *nested_shape(walk.X)[1:],
        len(walk.W),
        *walk.layer.kernel_size,
        *walk.layer.stride,
        *(top, bottom, left, right),
        *walk.layer.dilation,
        walk.layer.groups,
    ]
    names = [name for fields in FIELDS.values() for name, _ in fields]
    return dict(zip(names, values, strict=True))


def _fields(walk: Walkthrough) -> str:
    """Return the inputs in which the layer can be changed."""
    values = _settings(walk)
    written = []
    for legend, fields in FIELDS.items():
        inputs = "".join(
            f'<input name="{name}" type="{_kind(walk, name)}" min="{int(name[0] != "p")}" '
            f'value="{values[name]}" aria-label="{label}" required>'
            for name, label in fields
        )
        called = legend if walk.ndim == 2 else legend.replace("↑↓", "")
        written.append(f"<fieldset><legend>{called}</legend>{inputs}</fieldset>")
    return "\n".join(written)


def _kind(walk: Walkthrough, name: str) -> str:
    return "hidden" if walk.ndim == 1 and name in VERTICAL else "number"


def _data(walk: Walkthrough, heading: str) -> str:
    """Return what the page calculates with, as JSON that ends no script."""
    assert walk.gradients is not None
    own = {"X": walk.X, "W": walk.W, "grad_Y": walk.gradients.Y, "bias": walk.bias}
    steps = {"grad_Y": AT_A_GLANCE}
    counted = all(
        tensor is None or tensor == filled(nested_shape(tensor), None, name, steps.get(name, 1))
        for name, tensor in own.items()
    )
    told = {
        "heading": heading.replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"),
        "flat": walk.ndim == 1,
        "layout": walk.layout,
        "patch": walk.patch,
        "limit": LARGEST,
        "step": AT_A_GLANCE,
        "own": not counted,
        "settings": _settings(walk),
        "letters": [_letters(walk, groups) for groups in (1, 2)],
    }
    return dumps(told | own, separators=(",", ":")).replace("<", "\\u003c")


def _letters(walk: Walkthrough, groups: int) -> dict[str, tuple[str, ...]]:
    """Return the derivation's formulas, which are the same for all layers of so many groups."""
    ones = (1,) * walk.ndim
    question = LayerQuestion(
        (groups, *ones), ones, out_channels=groups, groups=groups, bias=walk.bias is not None
    )
    small = convolution.walk(question, backward=True, layout=walk.layout)
    return {step.of: step.lines for step in derivation(small)}


def _folded(walk: Walkthrough) -> str:
    """Return Ũ folded back, how many patches meet in each place, and why that is so."""
    return _flow([*map(_section, demo.folded(walk))], "folded back") + f"<p>{demo.FOLDED}</p>"


def _tensors(walk: Walkthrough, room: int) -> str:
    """Return every tensor as tables, the largest left out where they need more room than this."""
    named = {block.name: block for block in demo.forward(walk)}
    maps = [named.pop(name) for name in ("X", "X padded", "W") if name in named]
    back = demo.backward(walk)
    flows = {
        "X and W": maps,
        "the matrix product": [*named.values()],
        "from Y∇ to W∇": back[:4],
        "from Y∇ to X∇": back[4:],
    }
    sections = {id(block): _section(block) for blocks in flows.values() for block in blocks}
    left_out = []
    by_size = sorted(
        (block for blocks in flows.values() for block in blocks),
        key=lambda block: len(sections[id(block)]),
    )
    while by_size and sum(len(each.encode()) for each in sections.values()) > room:
        heaviest = by_size.pop()
        del sections[id(heaviest)]
        left_out.append(heaviest.name)
    written = [
        _flow([sections[id(block)] for block in blocks if id(block) in sections], said)
        for said, blocks in flows.items()
    ]
    if left_out:
        are = "is" if len(left_out) == 1 else "are"
        written.append(
            f"<p>{text.listed(left_out, 'and')} {are} too large for this page without JavaScript; "
            "--format json has every number.</p>"
        )
    return "\n".join(written)


def _written(equation: Equation) -> str:
    """Return a sum written out, its terms in the colours of their channels."""
    terms = " + ".join(
        f'<span class="c{channel % 5}">{escape(term)}</span>'
        if channel is not None
        else escape(term)
        for term, channel in equation.terms
    )
    return f"<p><b>{escape(equation.name)} = </b>{terms}<b> = {escape(equation.total)}</b></p>"


def _flow(sections: Sequence[str], said: str) -> str:
    """Return tensors beside one another."""
    inside = "\n".join(sections)
    return f'<div class="flow" role="group" aria-label="{said}">\n{inside}\n</div>'


def _section(block: Matrices) -> str:
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
