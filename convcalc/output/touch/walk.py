"""The page of a walk-through to be touched: one file of HTML, which needs nothing from elsewhere.

Without JavaScript it is every tensor as tables; with it, a tab each for Y, W∇ and X∇, whose layer
can be changed and in which what is pointed at lights up everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from itertools import chain
from json import dumps
from typing import Any

from convcalc import text
from convcalc.formulas import nested_shape
from convcalc.output.demo import convolution, pooling, transposed, walks
from convcalc.output.demo.formulas import MOST_SUMS, derived, equation
from convcalc.output.page import Matrices
from convcalc.output.touch.tables import flow, section, sum_
from convcalc.output.touch.template import colours, filled, written
from convcalc.single.demo.convolution import Walkthrough
from convcalc.single.demo.convolution import walk as convolved
from convcalc.single.demo.derivation import derivation
from convcalc.single.demo.numbers import AT_A_GLANCE, LARGEST
from convcalc.single.demo.numbers import filled as counted
from convcalc.single.demo.pooling import Pooled
from convcalc.single.demo.pooling import walk as pooled
from convcalc.single.demo.transposed import Transposed
from convcalc.single.demo.transposed import walk as turned
from convcalc.single.demo.walk import Walk, Weighted
from convcalc.single.question import LayerQuestion

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
    "padding ↕↔": (("pt", "padding above and below"), ("pl", "padding on both sides")),
    "output padding": (("oh", "output padding below"), ("ow", "output padding on the right")),
    "dilation": (("dh", "dilation down"), ("dw", "dilation across")),
    "groups": (("g", "groups"),),
    "ceil mode": (("ceil", "ceil mode"),),
}
"""What can be changed on the page: the name and the label of each number."""

VERTICAL = ("h", "kh", "sh", "pt", "pb", "oh", "dh")
"""What has no meaning in 1-D."""

MAY_BE_0 = ("pt", "pb", "pl", "pr", "oh", "ow")

TABS = {"forward": "Forward", "weight": "W∇", "input": "X∇"}


Tensors = Callable[[Any], Sequence[Matrices]]
"""Some of a walk's tensors, laid out."""


class Kind:
    """What is particular about the page of a kind of layer.

    `forward`, `more` and `backward` lay out a walk's tensors, `walk` walks another layer of the
    kind; the fields that it `lacks` can't be changed.
    """

    def __init__(
        self, shown: Any, more: Tensors, walk: Callable[..., Walk], lacks: Sequence[str]
    ) -> None:
        self.forward: Tensors = shown.forward
        self.backward: Tensors = shown.backward
        self.more = more
        self.walk = walk
        self.fields = {legend: fields for legend, fields in FIELDS.items() if legend not in lacks}


KINDS: dict[type[Walk], Kind] = {
    Walkthrough: Kind(
        convolution, convolution.more, convolved, ("padding ↕↔", "output padding", "ceil mode")
    ),
    Transposed: Kind(transposed, transposed.slid, turned, ("padding ↑↓←→", "ceil mode")),
    Pooled: Kind(
        pooling, lambda walk: (), pooled, ("out", "padding ↕↔", "output padding", "groups")
    ),
}


def as_html(walk: Walk, theme: str | None = None) -> str:
    """Return the page of a walk-through, light or dark as its reader's system is, or in a theme.

    Tables that would make it heavy are left to JavaScript, and the page says which those are.
    """
    walk = walk if walk.gradients is not None else walk.going_back()
    heading, exact = _unbroken(walks.heading(replace(walk, patch=None))), _exact(walk)
    notes = walk.notes if exact else (*walk.notes, TOO_LARGE)
    parts = {
        "title": f"{heading} – convcalc",
        "heading": heading,
        "sizes": _sizes(walk),
        **colours(theme),
        "style": written("walk.css"),
        "script": written("layer.js") + written("walk.js") if exact else "",
        "settings": _fields(walk),
        "tabs": _tabs(walk),
        "sums": "".join(
            sum_(equation(each))
            for each in [*walk.sums[:MOST_SUMS], *(walk.gradient_sums if walk.sums else ())]
        ),
        "code": f"<pre>{escape(walk.code)}</pre>" if walk.code else "",
        "notes": "".join(f"<p>{escape(note)}</p>" for note in notes),
        "data": _data(walk, heading),
    }
    room = HEAVY - len((written("walk.html") + "".join(parts.values())).encode())
    return filled("walk.html", parts | _tensors(walk, room))


def _unbroken(heading: str) -> str:
    """Return a heading whose shapes stay in one line."""
    return escape(heading).replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}")


def _sizes(walk: Walk) -> str:
    """Return how large the output is, and how that comes about."""
    facts = walks.sizes(walk)
    return escape("; ".join(f"{name}: {how} = {value}" for name, value, how in facts))


def _exact(walk: Walk) -> bool:
    """Return whether JavaScript, whose whole numbers have 53 bits, adds up these without error."""
    assert walk.gradients is not None
    weights = walk.W if isinstance(walk, Weighted) else [[[[1]]]]
    x, w, y = map(_largest, (walk.X, weights, walk.gradients.Y))
    bias = _largest([[[getattr(walk, "bias", None) or ()]]])
    terms = max(len(walk.X) * len(walk.positions), len(walk.values), len(weights) * len(walk.taps))
    return terms * max(x * w, x * y, y * w, x, w, y) + bias < 2**53


def _largest(tensor: Sequence[Sequence[Sequence[Sequence[float]]]]) -> int:
    """Return how large the whole numbers of a tensor are."""
    rows = chain.from_iterable(chain.from_iterable(tensor))
    numbers = (abs(value) for row in rows for value in row if isinstance(value, int))
    return max(numbers, default=0)


def _settings(walk: Walk) -> dict[str, int]:
    """Return the layer's numbers by the names of their fields."""
    layer = walk.layer
    kernel, stride, ends, dilation = layer.settings
    values = {
        "size": nested_shape(walk.X)[1:],
        "out": nested_shape(walk.Y)[1:2],
        "kernel": kernel,
        "stride": stride,
        "padding ↑↓←→": [each for both in ends for each in both],
        "padding ↕↔": [before for before, _ in ends],
        "output padding": getattr(layer, "output_padding", (0, 0)),
        "dilation": dilation,
        "groups": [getattr(layer, "groups", 1)],
        "ceil mode": [int(getattr(layer, "ceil_mode", False))],
    }
    return {
        name: value
        for legend, fields in KINDS[type(walk)].fields.items()
        for (name, _), value in zip(fields, values[legend], strict=True)
    }


def _fields(walk: Walk) -> str:
    """Return the inputs in which the layer can be changed."""
    values = _settings(walk)

    def field(name: str, label: str) -> str:
        if name == "ceil":
            kind = f'type="checkbox"{" checked" if values[name] else ""}'
        else:
            hidden = walk.ndim == 1 and name in VERTICAL
            least, kind = int(name not in MAY_BE_0), "hidden" if hidden else "number"
            kind = f'type="{kind}" min="{least}" value="{values[name]}" required'
        return f'<input name="{name}" {kind} aria-label="{label}">'

    fieldsets = []
    for legend, fields in KINDS[type(walk)].fields.items():
        called = legend if walk.ndim == 2 else legend.replace("↑↓", "").replace("↕", "")
        inputs = "".join(field(*each) for each in fields)
        fieldsets.append(f"<fieldset><legend>{called}</legend>{inputs}</fieldset>")
    return "\n".join(fieldsets)


def _tabs(walk: Walk) -> str:
    """Return the tabs: one for each tensor that is made."""
    return "\n".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="panel">{said}</button>'
        for name, said in TABS.items()
        if name != "weight" or isinstance(walk, Weighted)
    )


def _data(walk: Walk, heading: str) -> str:
    """Return what the page calculates with, as JSON that ends no script."""
    assert walk.gradients is not None
    own: dict[str, Any] = {"X": walk.X, "grad_Y": walk.gradients.Y}
    if isinstance(walk, Weighted):
        own |= {"W": walk.W, "bias": walk.bias}
    steps = {"grad_Y": AT_A_GLANCE}
    counts_up = all(
        tensor is None or tensor == counted(nested_shape(tensor), None, name, steps.get(name, 1))
        for name, tensor in own.items()
    )
    told = {
        "kind": _kind(walk),
        "name": f"{walk.name} by {walk.by}",
        "heading": heading,
        "flat": walk.ndim == 1,
        "layout": getattr(walk, "layout", "bpk"),
        "patch": walk.patch,
        "limit": LARGEST,
        "step": AT_A_GLANCE,
        "own": not counts_up,
        "settings": _settings(walk),
        "letters": [_letters(walk, groups) for groups in (1, 2)],
    }
    return dumps(told | own, separators=(",", ":")).replace("<", "\\u003c")


def _kind(walk: Walk) -> str:
    """Return what the page calls a kind of layer."""
    if isinstance(walk, Pooled):
        return "max" if walk.maxima else "avg"
    return "transposed" if isinstance(walk, Transposed) else "convolution"


def _letters(walk: Walk, groups: int) -> dict[str, tuple[str, ...]]:
    """Return the derivation's formulas, which are the same for all layers of so many groups."""
    ones = (1,) * walk.ndim
    question = LayerQuestion((groups, *ones), ones)
    if isinstance(walk, Pooled):
        question = question._replace(pool=_kind(walk))
    else:
        question = question._replace(
            out_channels=groups,
            groups=groups,
            bias=getattr(walk, "bias", None) is not None,
            transposed=isinstance(walk, Transposed),
        )
    layout = getattr(walk, "layout", "bpk")
    small = KINDS[type(walk)].walk(question, backward=True, layout=layout)
    return {step.of: step.lines for step in derivation(small)}


def _tensors(walk: Walk, room: int) -> dict[str, str]:
    """Return every tensor as tables, the largest left out where they need more room than this."""
    kind = KINDS[type(walk)]
    flows = {
        "from X to Y": derived(walk, kind.forward(walk)),
        "from Y∇ back": derived(walk, kind.backward(walk)),
        "more": list(kind.more(walk)),
    }
    sections = {id(block): section(block) for blocks in flows.values() for block in blocks}
    left_out = []
    by_size = sorted(
        (block for blocks in flows.values() for block in blocks),
        key=lambda block: len(sections[id(block)]),
    )
    while by_size and sum(len(each.encode()) for each in sections.values()) > room:
        heaviest = by_size.pop()
        del sections[id(heaviest)]
        left_out.append(heaviest.name)
    there, back, more = (
        flow([sections[id(block)] for block in blocks if id(block) in sections], said)
        for said, blocks in flows.items()
    )
    if left_out:
        are = "is" if len(left_out) == 1 else "are"
        back += (
            f"<p>{text.listed(left_out, 'and')} {are} too large for this page without JavaScript; "
            "--format json has every number.</p>"
        )
    return {"tensors": f"{there}\n{back}", "more": more if flows["more"] else ""}
