"""What `solve` answers: the layers that turn one shape into another, best first."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.output.page import Column, Page, Table, shared
from convcalc.single.solve import Solution, SolveAnswer


def as_page(answer: SolveAnswer) -> Page:
    """Lay out the layers that do it, best first."""
    question = answer.question
    shapes = f"{text.shape(question.input_shape)} → {text.shape(question.output_shape)}"
    shown, layers = len(answer.solutions), text.counted(answer.total, "layer")
    count = f"{shown:,} of {layers}" if shown < answer.total else f"the {layers}"
    heading = f"{shapes}: {count} that {'does' if answer.total == 1 else 'do'} it"
    columns = _columns(question.transposed)
    return Page(heading, (Table(columns, answer.solutions),), notes=answer.notes)


def _columns(transposed: bool) -> list[Column[Solution]]:
    columns: list[Column[Solution]] = [
        Column("kernel", "kernel", lambda each: shared(each.layer.kernel_size), importance=9),
        Column("stride", "stride", lambda each: shared(each.layer.stride), importance=8),
        Column("padding", "padding", lambda each: shared(each.layer.padding), importance=7),
        Column("dilation", "dilation", lambda each: shared(each.layer.dilation), importance=6),
        Column("unread", "unread", lambda each: shared(each.unread), importance=4),
        Column("params", "parameters", lambda each: each.params, importance=5),
        Column("code", "PyTorch", lambda each: each.code, left=True, importance=3, below=True),
    ]
    if transposed:
        columns[4] = Column(
            "output_padding",
            "output padding",
            lambda each: shared(each.layer.output_padding),
            importance=6,
        )
    return columns


def as_json(answer: SolveAnswer) -> dict[str, Any]:
    """Return what `solve` answers: how many layers do it, and the first of them."""
    return {
        "input": answer.question.input_shape,
        "output": answer.question.output_shape,
        "transposed": answer.question.transposed,
        "total": answer.total,
        "solutions": [
            {
                "kernel_size": each.layer.kernel_size,
                "stride": each.layer.stride,
                "padding": each.layer.padding,
                "dilation": each.layer.dilation,
                "output_padding": each.layer.output_padding,
                "unread": each.unread,
                "params": each.params,
                "code": each.code,
            }
            for each in answer.solutions
        ],
        "notes": answer.notes,
    }
