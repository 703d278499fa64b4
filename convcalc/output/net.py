"""What `net` answers: a row per call of a network, and the totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from convcalc import text
from convcalc.formulas import BYTES
from convcalc.network.answer.rows import NetworkAnswer, Row
from convcalc.output.page import (
    Block,
    Cell,
    Column,
    Facts,
    Judged,
    Memory,
    Page,
    Table,
    chosen,
    in_json,
    shared,
)
from convcalc.reading.exceptions import line_text

if TYPE_CHECKING:
    from convcalc.network.answer.misfits import Edit, Mend, Misfit, Run, Sizes
    from convcalc.network.answer.training import Training
    from convcalc.output.page import Margin


def as_page(answer: NetworkAnswer, columns: Sequence[str] = (), graph: bool = False) -> Page:
    """Lay out a row per call, and the totals; `columns` are those asked for, `graph` is rails."""
    name = answer.name or "Network"
    if answer.in_order:
        name += ", its layers in the order shown"
    error = answer.error
    failing = [_failing(error)] if error is not None and (error.name or error.layer) else []
    rows = [*answer.rows, *failing]
    facts = [_shapes(answer)] if answer.input is not None or answer.error else []
    if answer.total_params is not None:
        count = text.counted(answer.total_params, "parameter")
        facts.append(f"{count}, {text.memory(answer.bytes or 0)} in {answer.dtype}")
    heading = f"{name}: {'; '.join(facts)}"
    shown = chosen(COLUMNS, answer, columns)
    margin: Margin | None = None
    if graph:
        from convcalc.output.network.rails import beside  # here, since few ask for it

        margin = beside(answer, rows)
    blocks: list[Block] = [Table(shown, rows, answer, margin)] if rows else []
    totals = _totals(answer) if answer.total_params is not None else []
    if answer.sizes is not None:
        totals = [*totals, _sizes(answer.sizes)]
    if totals:
        blocks.append(Facts(totals, asked=[SIZES, BATCH]))
    remarks = [margin.remark] if margin is not None and margin.remark else []
    return Page(heading.removesuffix(": "), blocks, notes=[*answer.notes, *remarks])


def laid_out(columns: Sequence[str], graph: bool) -> Callable[[NetworkAnswer], Page]:
    """Return the layout with the columns that were asked for, and with rails or without."""
    return partial(as_page, columns=columns, graph=graph)


def _shapes(answer: NetworkAnswer) -> str:
    """Return what goes in and comes out, for the heading."""
    if answer.input is None:
        return "does not fit"
    inputs = answer.input if isinstance(answer.input, list) else [answer.input]
    goes_in = " and ".join(map(shape_text, inputs))
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


def _output(row: Row, _: NetworkAnswer) -> Cell:
    if not row.called:
        return "never called"
    return Judged("does not fit", False) if row.fails else _cell(row.output)


def _line(row: Row, _: NetworkAnswer) -> Cell:
    if row.line is None or row.cell is None:
        return "" if row.line is None else row.line
    return line_text(row.line, row.cell)


def _share(row: Row, answer: NetworkAnswer) -> Cell:
    total = answer.total_params
    return f"{row.params / total:.1%}" if row.params and total else ""


def _bytes(row: Row, answer: NetworkAnswer) -> int:
    return row.size * BYTES[answer.dtype]


def _kept_together(answer: NetworkAnswer) -> Cell:
    training = answer.training
    if training is None or answer.error is not None:
        return None
    if training.kept is not None:
        return Memory(training.known)
    return "at least" if training.known else None


def _any(says: Callable[[Row], Any]) -> Callable[[NetworkAnswer], bool]:
    """Return whether any row of a network has something for a column."""
    return lambda answer: any(map(says, answer.rows))


COLUMNS: list[Column[Row, NetworkAnswer]] = [
    Column("name", "name", lambda row, _: row.name or "", lambda _: "total",
           left=True, importance=12, json=("name", lambda row, _: row.name)),
    Column("layer", "layer", lambda row, _: row.layer,
           left=True, importance=9, json=("layer", lambda row, _: row.layer)),
    Column("line", "line", _line,
           where=_any(lambda row: row.line), importance=7, json=("line", lambda row, _: row.line)),
    Column("input", "input", lambda row, _: _cell(row.input),
           where=_any(lambda row: row.input), importance=5,
           json=("input", lambda row, _: row.input)),
    Column("output", "output", _output, lambda answer: _cell(answer.output),
           where=_any(lambda row: row.output), importance=11,
           json=("output", lambda row, _: row.output)),
    Column("kernel", "kernel", lambda row, _: shared(row.kernel) if row.kernel else "",
           where=_any(lambda row: row.kernel), importance=4),
    Column("params", "parameters", lambda row, _: "" if row.fails else row.params,
           lambda answer: answer.total_params,
           importance=10, json=("params", lambda row, _: row.params)),
    Column("share", "share", _share, where=lambda answer: answer.total_params, importance=3),
    Column("macs", "MACs", lambda row, _: "" if row.fails else row.macs,
           lambda answer: None if answer.error else answer.total_macs,
           where=_any(lambda row: row.macs is not None),
           importance=8, json=("macs", lambda row, _: row.macs)),
    Column("backward", "backward MACs", lambda row, _: "" if row.fails else row.backward,
           lambda answer: None if answer.training is None else answer.training.backward,
           where=lambda _: False, importance=0),
    Column("memory", "memory", lambda row, answer: Memory(_bytes(row, answer)) if row.size else "",
           lambda answer: Memory(answer.output_bytes),
           where=_any(lambda row: row.size), importance=2, json=("bytes", _bytes)),
    Column("kept", "kept", lambda row, _: Memory(row.kept) if row.kept else "", _kept_together,
           where=lambda answer: answer.training is not None, importance=10),
    Column("field", "receptive field", lambda row, _: shared(row.receptive_field),
           where=_any(lambda row: row.receptive_field), importance=6,
           json=("receptive_field", lambda row, _: row.receptive_field)),
    Column("stride", "effective stride", lambda row, _: shared(row.effective_stride),
           where=_any(lambda row: row.effective_stride), importance=1,
           json=("effective_stride", lambda row, _: row.effective_stride)),
    Column("from", "from", lambda row, _: " ".join(map(str, row.sources)), where=lambda _: False,
           importance=0, json=("from", lambda row, _: row.sources)),
]  # fmt: skip
"""Every column of a network's table, in the order in which they are shown: a column more is one
record here, whose name --columns takes, and whose `json` is its key in `layers`. A value is a Cell
(sizes per sample, parameters and MACs as numbers, memory in bytes)."""


def _failing(error: Misfit) -> Row:
    """Return the row of the call that doesn't fit."""
    row = Row(error.name, error.layer or "", error.line, input=error.input, sources=error.sources)
    row.fails, row.cell = True, error.cell
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
    several = text.counted(answer.batch, "sample")
    samples = f"{several}, {answer.dtype}"
    fed = ", ".join([several, *dict.fromkeys(answer.input_dtypes)])
    return [
        *rows,
        ("MACs per sample", answer.total_macs, "half of the FLOPs"),
        ("input", Memory(answer.input_bytes), fed),
        ("outputs of all rows", Memory(answer.output_bytes), samples),
        *(_of_training(answer.training, samples) if answer.training is not None else ()),
    ]


def _of_training(training: Training, samples: str) -> Iterator[tuple[str, Cell, str]]:
    """Yield what training takes, and the largest batch that fits where that was asked."""
    least = "at least " if training.unknown else ""
    kept = f"{least}{text.memory(training.known)}" if training.known or not least else None
    yield "kept for the backward", kept, samples
    yield "gradients", Memory(training.gradients), "of what is trained"
    states = f"of {training.optimizer}, after its first step"
    yield "the optimiser's states", Memory(training.states), states
    together = f"{least}{text.memory(training.fixed + training.known)}"
    said = "with parameters and buffers; a sum, not a peak"
    yield "training takes", together, said
    fitted = training.fitted
    if fitted is not None:
        room = f"{text.memory(fitted.limit)} − {text.memory(training.fixed)}"
        said = f"{room} don't hold what one sample keeps"
        if fitted.batch is None:
            said = "what is kept isn't known of every call"
        elif fitted.batch:
            each = text.memory(fitted.kept // fitted.batch)
            said = f"{room} hold {fitted.batch:,} × {each}"
        yield BATCH, fitted.batch, said


SIZES, BATCH = "sizes that fit", "largest batch"
"""What options ask for by themselves, and so the reason of it."""
MOST_RUNS = 6
"""The most runs of sizes that are listed."""


def runs_text(runs: Sequence[Run]) -> str:
    """Return runs of sizes as people read them: 32, 64, … 1,024: every 32."""
    if not runs:
        return "none"
    if len(runs) == 1 and runs[0].step > 1:
        first, last, step = runs[0]
        if last == first + step:
            return f"{first:,} and {last:,}"
        gap = "" if last == first + 2 * step else "… "
        return f"{first:,}, {first + step:,}, {gap}{last:,}: every {step:,}"
    shown = [_run(each) for each in runs]
    if len(shown) > MOST_RUNS:
        shown = [*shown[: MOST_RUNS - 1], f"… {shown[-1]}"]
    return ", ".join(shown)


def _run(run: Run) -> str:
    first, last, step = run
    if first == last:
        return f"{first:,}"
    if step == 1:
        return f"{first:,} to {last:,}" if last > first + 1 else f"{first:,}, {last:,}"
    return f"{first:,} to {last:,} by {step:,}"


def _sizes(sizes: Sizes) -> tuple[str, Cell, str]:
    """Return the line that says which sizes fit, and why the next smaller one doesn't."""
    first, last = sizes.tried
    why = f"of {first:,} to {last:,}"
    if sizes.below is not None and sizes.why:
        why += f"; {sizes.below:,} doesn't: {sizes.why}"
    return SIZES, runs_text(sizes.fit), why


def _mend(mend: Mend) -> dict[str, Any]:
    """Return what JSON says of a mend: its edits, or the inputs that would do."""
    if mend.inputs is not None:
        return {"message": mend.message, "inputs": mend.inputs}
    edits = [
        {"file": each.file, "line": each.line, "old": each.old, "new": each.new, **_cell_of(each)}
        for each in mend.edits
    ]
    return {"message": mend.message, "edits": edits}


def as_json(answer: NetworkAnswer) -> dict[str, Any]:
    """Return what `net` answers; shapes, MACs and receptive fields are null where not known."""
    error, sizes = answer.error, answer.sizes
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
            **_cell_of(error),
            "mends": [_mend(each) for each in error.mends],
        },
        "layers": [
            {**each, **_cell_of(row), **({} if answer.training is None else {"kept": row.kept})}
            for row, each in zip(answer.rows, in_json(COLUMNS, answer.rows, answer), strict=True)
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
        **({"sizes": {"tried": sizes.tried, "fit": sizes.fit}} if sizes is not None else {}),
        **_training_in_json(answer),
    }


def _training_in_json(answer: NetworkAnswer) -> dict[str, Any]:
    """Return what JSON says of training; nulls where it isn't known of every call what it keeps."""
    training = answer.training
    if training is None:
        return {}
    known = training.kept is not None and answer.error is None
    fitted = training.fitted
    return {
        "kept_bytes": training.kept if known else None,
        "gradient_bytes": training.gradients,
        "optimizer": training.optimizer,
        "optimizer_bytes": training.states,
        "training_bytes": training.total if known else None,
        **({"largest_batch": fitted.batch} if fitted is not None else {}),
    }


def _cell_of(at: Row | Misfit | Edit) -> dict[str, int]:
    """Return what is said of a notebook alone: the code cell in which a line stands."""
    return {} if at.cell is None else {"cell": at.cell}
