"""What `net` answers: a row per layer of a network, and the totals."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.network.follow import NetworkAnswer, Row
from convcalc.output.page import Column, Page, Table, shared


def as_page(answer: NetworkAnswer) -> Page:
    """Lay out a row per layer, and the totals."""
    name = answer.name or "Network"
    params = (
        f"{text.number(answer.total_params)} parameters, {text.memory(answer.bytes)} in float32"
    )
    columns = _columns(answer)
    if answer.input is None:
        heading = f"{name}: {params}"
        columns = [column for column in columns if column.name in ("name", "layer", "params")]
    else:
        shapes = f"{text.shape(answer.input)} → {text.shape(answer.output or ())}"
        heading = f"{name}: {shapes}; {params}"
    return Page(heading, (Table(columns, answer.rows),), notes=answer.notes)


def _columns(answer: NetworkAnswer) -> list[Column[Row]]:
    """Return every column that the table of a network may have."""
    return [
        Column("name", "name", lambda row: row.name, "total", left=True, importance=9),
        Column("layer", "layer", lambda row: row.layer, left=True, importance=7),
        Column("output", "output", lambda row: row.output, answer.output, importance=8),
        Column("params", "parameters", lambda row: row.params, answer.total_params, importance=6),
        Column("macs", "MACs", lambda row: row.macs, answer.total_macs, importance=5),
        Column("field", "receptive field", lambda row: shared(row.receptive_field), importance=4),
        Column(
            "stride", "effective stride", lambda row: shared(row.effective_stride), importance=3
        ),
    ]


def as_json(answer: NetworkAnswer) -> dict[str, Any]:
    """Return what `net` answers; shapes, MACs and receptive fields are null where not known."""
    return {
        "input": answer.input,
        "output": answer.output,
        "layers": [
            {
                "name": row.name,
                "layer": row.layer,
                "input": row.input,
                "output": row.output,
                "params": row.params,
                "macs": row.macs,
                "receptive_field": row.receptive_field,
                "effective_stride": row.effective_stride,
            }
            for row in answer.rows
        ],
        "total_params": answer.total_params,
        "total_macs": answer.total_macs,
        "bytes": answer.bytes,
        "notes": answer.notes,
    }
