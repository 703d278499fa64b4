"""The rows of a network, those that are deeper than asked for summed up by module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convcalc.network.answer.rows import INPUT, NetworkAnswer, Row


def summed(answer: NetworkAnswer, depth: int) -> NetworkAnswer:
    """Return the answer with one row per module for all that is deeper in it than `depth`.

    The network itself is at depth 0, its children are at 1.
    """
    if answer.input is None:
        return replace(answer, rows=tuple(_by_name(answer.rows, depth)))
    rows: list[Row] = []
    number = {INPUT: INPUT}  # of every row's sum, by its own

    def keep(several: Sequence[Row]) -> None:
        for row in several:
            number[len(number) - 1] = len(rows)
            rows.append(row)

    at = 0
    for span in sorted(answer.spans, key=lambda span: (span.first, -span.end)):
        # A module that another one calls is summed up with that.
        if _depth(span.name) == depth and span.end > span.first >= at:
            keep(answer.rows[at : span.first])
            within = answer.rows[span.first : span.end]
            one = _sum(span.name, span.layer, within)
            one.line, one.cell = span.line, span.cell
            one.input, one.output = span.input, span.output
            one.receptive_field = within[-1].receptive_field
            one.effective_stride = within[-1].effective_stride
            one.sources = tuple({source for row in within for source in row.sources})
            number |= {each: len(rows) for each in range(span.first, span.end)}
            rows.append(one)
            at = span.end
    keep(answer.rows[at:])

    def renumbered(sources: Sequence[int], but: int) -> tuple[int, ...]:
        return tuple(sorted({number[each] for each in sources} - {but}))

    summed_up = [replace(row, sources=renumbered(row.sources, at)) for at, row in enumerate(rows)]
    error = answer.error
    if error is not None:
        error = replace(error, sources=renumbered(error.sources, len(rows)))
    spans = tuple(
        span._replace(first=number[span.first], end=number[span.end - 1] + 1)
        for span in answer.spans
        if _depth(span.name) < depth and span.end > span.first
    )
    return replace(answer, rows=tuple(summed_up), error=error, spans=spans)


def _depth(name: str) -> int:
    return name.count(".") + 1 if name else 0


def _kept(rows: Sequence[Row]) -> int | None:
    """Return what rows keep together; None where that isn't known of one."""
    known = [row.kept for row in rows if row.kept is not None]
    return sum(known) if len(known) == len(rows) else None


def _sum(name: str, layer: str, rows: Sequence[Row]) -> Row:
    """Return one row for several, of which one that isn't known makes the sum unknown."""

    def total(numbers: list[int | None]) -> int | None:
        return None if None in numbers else sum(each or 0 for each in numbers)

    return Row(
        name or None,
        layer,
        params=total([row.params for row in rows]),
        trainable=sum(row.trainable for row in rows),
        macs=total([row.macs for row in rows]),
        size=sum(row.size for row in rows),
        kept=_kept(rows),
        backward=sum(row.backward for row in rows),
    )


def _by_name(rows: Sequence[Row], depth: int) -> list[Row]:
    """Return rows that were counted only, those with longer names summed up by their start."""
    kept: dict[str, list[Row]] = {}
    for row in rows:
        kept.setdefault(".".join((row.name or "").split(".")[:depth]), []).append(row)
    return [
        several[0] if len(several) == 1 else _sum(name, f"{len(several):,} layers", several)
        for name, several in kept.items()
    ]
