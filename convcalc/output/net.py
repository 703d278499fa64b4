"""What `net` answers: a row per call of a network, and the totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from convcalc import text
from convcalc.formulas import BYTES
from convcalc.network.trace import Misfit, NetworkAnswer, Row
from convcalc.output.page import Cell, Column, Facts, Judged, Memory, Page, Table, chosen, shared


def as_page(answer: NetworkAnswer, columns: Sequence[str] = ()) -> Page:
    """Lay out a row per call, and the totals; `columns` are those asked for."""
    name = answer.name or "Network"
    if answer.in_order:
        name += ", its layers in the order shown"
    table = _columns(answer)
    shown = chosen(table, columns) if columns else [c for c in table if _says(c, answer)]
    error = answer.error
    failing = [_failing(error)] if error is not None and (error.name or error.layer) else []
    rows = [*answer.rows, *failing]
    facts = [_shapes(answer)] if answer.input is not None or answer.error else []
    if answer.total_params is not None:
        count = text.counted(answer.total_params, "parameter")
        facts.append(f"{count}, {text.memory(answer.bytes or 0)} in {answer.dtype}")
    heading = f"{name}: {'; '.join(facts)}"
    blocks: list[Table[Row] | Facts] = [Table(shown, rows)] if rows else []
    if answer.total_params is not None:
        blocks.append(Facts(list(_totals(answer))))
    return Page(heading.removesuffix(": "), blocks, notes=answer.notes)


def with_columns(columns: Sequence[str]) -> Callable[[NetworkAnswer], Page]:
    """Return the layout with the columns that were asked for."""
    return partial(as_page, columns=columns)


def _shapes(answer: NetworkAnswer) -> str:
    """Return what goes in and comes out, for the heading."""
    if answer.input is None:
        return "does not fit"
    inputs = answer.input if isinstance(answer.input, list) else [answer.input]
    goes_in = " and ".join(map(text.shape, inputs))
    if answer.error is not None:
        return f"{goes_in} does not fit"
    return f"{goes_in} → {shape_text(answer.output)}"


def shape_text(value: Any) -> str:
    """Return a shape as people read it, or those of a tuple or a dict."""
    if isinstance(value, tuple):
        return text.shape(value) if value else "1"
    if isinstance(value, list):
        return f"({', '.join(map(shape_text, value))})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shape_text(each)}" for key, each in value.items()) + "}"
    return "–" if value is None else str(value)


def _cell(value: Any) -> Cell:
    return value if isinstance(value, tuple) and value else _or_nothing(value)


def _or_nothing(value: Any) -> Cell:
    return None if value is None else shape_text(value)


def _columns(answer: NetworkAnswer) -> list[Column[Row]]:
    """Return every column that the table of a network may have."""
    total, size = answer.total_params, BYTES[answer.dtype]

    def output(row: Row) -> Cell:
        if not row.called:
            return "never called"
        return Judged("does not fit", False) if row.fails else _cell(row.output)

    def share(row: Row) -> Cell:
        return f"{row.params / total:.1%}" if row.params and total else ""

    def macs(row: Row) -> Cell:
        return "" if row.fails else row.macs

    def params(row: Row) -> Cell:
        return "" if row.fails else row.params

    def memory(row: Row) -> Cell:
        return Memory(row.size * size) if row.size else ""

    all_macs = None if answer.error else answer.total_macs
    return [
        Column("name", "name", lambda row: row.name or "", "total", left=True, importance=12),
        Column("layer", "layer", lambda row: row.layer, left=True, importance=9),
        Column("line", "line", lambda row: "" if row.line is None else row.line, importance=7),
        Column("input", "input", lambda row: _cell(row.input), importance=5),
        Column("output", "output", output, _cell(answer.output), importance=11),
        Column("kernel", "kernel", lambda row: shared(row.kernel) if row.kernel else "",
               importance=4),
        Column("params", "parameters", params, total, importance=10),
        Column("share", "share", share, importance=3),
        Column("macs", "MACs", macs, all_macs, importance=8),
        Column("memory", "memory", memory, Memory(answer.output_bytes), importance=2),
        Column("field", "receptive field", lambda row: shared(row.receptive_field), importance=6),
        Column("stride", "effective stride", lambda row: shared(row.effective_stride),
               importance=1),
    ]  # fmt: skip


SPEAKS: dict[str, Callable[[Row], Any]] = {
    "line": lambda row: row.line,
    "input": lambda row: row.input,
    "output": lambda row: row.output,
    "kernel": lambda row: row.kernel,
    "macs": lambda row: row.macs is not None,
    "memory": lambda row: row.size,
    "field": lambda row: row.receptive_field,
    "stride": lambda row: row.effective_stride,
}
"""What a row has of the columns that a network may have nothing of."""


def _says(column: Column[Row], answer: NetworkAnswer) -> bool:
    """Return whether a column says anything of this network."""
    if column.name == "share":
        return bool(answer.total_params)
    return column.name not in SPEAKS or any(map(SPEAKS[column.name], answer.rows))


def _failing(error: Misfit) -> Row:
    """Return the row of the call that doesn't fit."""
    row = Row(error.name, error.layer or "", error.line, input=error.input)
    row.fails = True
    return row


def _totals(answer: NetworkAnswer) -> list[tuple[str, Cell, str]]:
    """Return what the rows add up to."""
    total, trained = answer.total_params or 0, answer.trainable_params or 0
    rows: list[tuple[str, Cell, str]] = [
        ("parameters", total, f"{text.number(trained)} trainable"),
        ("their memory", Memory(answer.bytes or 0), answer.dtype),
    ]
    if answer.input is None or answer.error is not None:
        return rows
    samples = f"{text.counted(answer.batch, 'sample')}, {answer.dtype}"
    return [
        *rows,
        ("MACs per sample", answer.total_macs, "half of the FLOPs"),
        ("input", Memory(answer.input_bytes), samples),
        ("outputs of all rows", Memory(answer.output_bytes), samples),
    ]


def as_json(answer: NetworkAnswer) -> dict[str, Any]:
    """Return what `net` answers; shapes, MACs and receptive fields are null where not known."""
    error = answer.error
    size = BYTES[answer.dtype]
    return {
        "input": answer.input,
        "output": answer.output,
        "fits": answer.fits,
        "complete": answer.complete,
        "error": error
        and {
            "file": error.file,
            "line": error.line,
            "name": error.name,
            "layer": error.layer,
            "message": error.message,
        },
        "layers": [
            {
                "name": row.name,
                "layer": row.layer,
                "line": row.line,
                "input": row.input,
                "output": row.output,
                "params": row.params,
                "macs": row.macs,
                "bytes": row.size * size,
                "receptive_field": row.receptive_field,
                "effective_stride": row.effective_stride,
            }
            for row in answer.rows
        ],
        "total_params": answer.total_params,
        "trainable_params": answer.trainable_params,
        "total_macs": answer.total_macs,
        "bytes": answer.bytes,
        "input_bytes": answer.input_bytes,
        "output_bytes": answer.output_bytes,
        "batch": answer.batch,
        "dtype": answer.dtype,
        "notes": answer.notes,
    }
