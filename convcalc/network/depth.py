"""The rows of a network, those that are deeper than asked for summed up by module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convcalc.network.trace import NetworkAnswer, Row, Span


def summed(answer: NetworkAnswer, depth: int) -> NetworkAnswer:
    """Return the answer with one row per module for all that is deeper in it than `depth`.

    The network itself is at depth 0, its children are at 1.
    """
    if answer.input is None:
        return replace(answer, rows=tuple(_by_name(answer.rows, depth)))
    chosen = sorted(
        (span for span in answer.spans if _depth(span.name) == depth and span.end > span.first),
        key=lambda span: span.first,
    )
    rows: list[Row] = []
    at = 0
    for span in chosen:
        rows += answer.rows[at : span.first]
        rows.append(_sum(span, answer.rows[span.first : span.end]))
        at = max(at, span.end)
    rows += answer.rows[at:]
    return replace(answer, rows=tuple(rows))


def _depth(name: str) -> int:
    return name.count(".") + 1 if name else 0


def _sum(span: Span, rows: Sequence[Row]) -> Row:
    """Return one row for a call of a module and all that happens in it."""
    last = rows[-1]
    made = Row(
        span.name or None,
        span.layer,
        span.line,
        input=span.input,
        output=span.output,
        params=None if any(row.params is None for row in rows) else _total(rows, "params"),
        trainable=_total(rows, "trainable"),
        macs=None if any(row.macs is None for row in rows) else _total(rows, "macs"),
        size=_total(rows, "size"),
    )
    made.receptive_field, made.effective_stride = last.receptive_field, last.effective_stride
    return made


def _total(rows: Sequence[Row], name: str) -> int:
    return sum(getattr(row, name) or 0 for row in rows)


def _by_name(rows: Sequence[Row], depth: int) -> list[Row]:
    """Return rows that were counted only, those with longer names summed up by their start."""
    kept: dict[str, list[Row]] = {}
    for row in rows:
        kept.setdefault(".".join((row.name or "").split(".")[:depth]), []).append(row)
    made = []
    for name, several in kept.items():
        one = several[0]
        if len(several) == 1:
            made.append(one)
            continue
        params = None if any(row.params is None for row in several) else _total(several, "params")
        made.append(Row(name or None, f"{len(several):,} layers", params=params, macs=None,
                        trainable=_total(several, "trainable")))  # fmt: skip
    return made
