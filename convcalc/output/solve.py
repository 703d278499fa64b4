"""What `solve` answers: the layers that turn one shape into another, best first."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.output.page import Column, Page, Table, chosen, in_json, shared
from convcalc.single.solve import Solution, SolveAnswer


def as_page(answer: SolveAnswer) -> Page:
    """Lay out the layers that do it, best first."""
    question = answer.question
    shapes = f"{text.shape(question.input_shape)} → {text.shape(question.output_shape)}"
    shown, layers = len(answer.solutions), text.counted(answer.total, "layer")
    count = f"{shown:,} of {layers}" if shown < answer.total else f"the {layers}"
    heading = f"{shapes}: {count} that {'does' if answer.total == 1 else 'do'} it"
    table = Table(chosen(COLUMNS, answer), answer.solutions, answer)
    return Page(heading, (table,), notes=answer.notes)


COLUMNS: list[Column[Solution, SolveAnswer]] = [
    Column("kernel", "kernel", lambda each, _: shared(each.layer.kernel_size), importance=9,
           json=("kernel_size", lambda each, _: each.layer.kernel_size)),
    Column("stride", "stride", lambda each, _: shared(each.layer.stride), importance=8,
           json=("stride", lambda each, _: each.layer.stride)),
    Column("padding", "padding", lambda each, _: shared(each.layer.padding), importance=7,
           json=("padding", lambda each, _: each.layer.padding)),
    Column("dilation", "dilation", lambda each, _: shared(each.layer.dilation), importance=6,
           json=("dilation", lambda each, _: each.layer.dilation)),
    Column("output_padding", "output padding", lambda each, _: shared(each.layer.output_padding),
           where=lambda answer: answer.question.transposed, importance=6,
           json=("output_padding", lambda each, _: each.layer.output_padding)),
    Column("unread", "unread", lambda each, _: shared(each.unread),
           where=lambda answer: not answer.question.transposed, importance=4,
           json=("unread", lambda each, _: each.unread)),
    Column("params", "parameters", lambda each, _: each.params, importance=5,
           json=("params", lambda each, _: each.params)),
    Column("code", "PyTorch", lambda each, _: each.code, left=True, importance=3, below=True,
           json=("code", lambda each, _: each.code)),
]  # fmt: skip
"""What is shown of a layer that does it."""


def as_json(answer: SolveAnswer) -> dict[str, Any]:
    """Return what `solve` answers: how many layers do it, and the first of them."""
    return {
        "input": answer.question.input_shape,
        "output": answer.question.output_shape,
        "transposed": answer.question.transposed,
        "total": answer.total,
        "solutions": in_json(COLUMNS, answer.solutions, answer),
        "notes": answer.notes,
    }
