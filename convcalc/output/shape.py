"""What `shape` answers: what comes out of a layer, and how it unfolds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convcalc import text
from convcalc.formulas import AXES
from convcalc.single.shape import ShapeAnswer

if TYPE_CHECKING:
    from convcalc.output.page import Cell, Page

    Fact = tuple[str, Cell, str]
    """What there is to know, its value, and how it comes about."""


def as_page(answer: ShapeAnswer) -> Page:
    """Lay out what comes out of a layer and how it unfolds."""
    from convcalc.output.page import Facts, Memory, Page  # here, since JSON has no page

    layer = answer.layer
    axes = AXES[layer.ndim]
    batch = (answer.batch,) if answer.batch > 1 else ()
    letters = " × ".join((*("batch",) * len(batch), "channels", *axes))
    rows: list[Fact] = [("input", (*batch, *answer.input), letters)]
    if answer.padded != answer.input:
        rows.append(("padded input", (*batch, *answer.padded), text.around(layer.ends)))
    rows += of_output(answer)
    rows.append(("output", (*batch, *answer.output), letters))
    if answer.unfolded is not None:
        numbers = text.product((*batch, *answer.unfolded))
        rows += [
            *of_unfolded(answer),
            ("unfolded Ũ", (*batch, *answer.unfolded), "p × k, one patch per row"),
            (
                "memory of Ũ",
                Memory(answer.unfolded_bytes),
                f"{'batch·' * len(batch)}p·k·bytes = {numbers} · {text.bytes_each(answer.dtype)}",
            ),
            (
                "Ũ / input",
                answer.unfolded_ratio,
                f"p·k/({'·'.join(text.letters(layer.ndim, before='c'))}): times as many numbers",
            ),
        ]
    heading = f"{layer.name}: {text.shape(answer.input)} → {text.shape(answer.output)}"
    return Page(heading, (Facts(rows),), answer.code, answer.notes)


def of_output(answer: ShapeAnswer) -> list[Fact]:
    """Return how large each axis of the output is, and how that comes about."""
    sizes = zip(AXES[answer.layer.ndim], answer.output[1:], answer.formulas, strict=True)
    return [(f"output {axis}", size, formula) for axis, size, formula in sizes]


def of_unfolded(answer: ShapeAnswer) -> list[Fact]:
    """Return how many patches there are, and values in each; none without an unfolded matrix."""
    if answer.unfolded is None:
        return []
    layer = answer.layer
    k = "·".join(text.letters(layer.ndim, "_k", "c"))
    p = "·".join(text.letters(layer.ndim, "_out"))
    per_patch = f"{k} = {text.product((answer.input[0], *layer.settings[0]))}"
    if layer.groups > 1:
        share = answer.unfolded[1] // layer.groups
        per_patch += f"; each of the {layer.groups:,} groups uses {share:,}"
    return [
        ("patches p", answer.patches, f"{p} = {text.product(answer.output[1:])}"),
        ("values per patch k", answer.values_per_patch, per_patch),
    ]


def as_json(answer: ShapeAnswer) -> dict[str, Any]:
    """Return what `shape` answers, shapes per sample."""
    layer = answer.layer
    kernel_size, stride, padding, dilation = layer.settings
    return {
        "layer": layer.name,
        "input": answer.input,
        "output": answer.output,
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": layer.groups,
        "batch": answer.batch,
        "dtype": answer.dtype,
        "padded": answer.padded,
        "patches": answer.patches,
        "values_per_patch": answer.values_per_patch,
        "unfolded": answer.unfolded,
        "unfolded_bytes": None if answer.unfolded is None else answer.unfolded_bytes,
        "unread": answer.unread,
        "code": answer.code,
        "notes": answer.notes,
    }
