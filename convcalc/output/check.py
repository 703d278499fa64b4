"""What `check` answers: how an implementation did, and its first failure in full."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.checking.check import CheckAnswer
from convcalc.checking.several import FileAnswer, SeveralAnswer
from convcalc.formulas import nested_shape
from convcalc.output.page import Block, Cell, Column, Facts, Judged, Line, Page, Table


def as_page(answer: CheckAnswer) -> Page:
    """Lay out how an implementation did, kind by kind, and its first failure in full."""
    total = len(answer.outcomes)
    verdict = (
        f"{answer.failed} of {total} cases fail" if answer.failed else f"all {total} cases pass"
    )
    notes = list(answer.notes)
    if answer.narrowed:
        listed = text.listed(answer.narrowed, "or")
        notes.append(f"The function takes no {listed}, so that no case has it.")
    blocks: list[Block] = [_kinds(answer)]
    if answer.failure is not None:
        blocks.append(
            Facts(
                (
                    ("first failure", Line(answer.failure.call), ""),
                    ("expected", answer.failure.expected, ""),
                    ("returned", answer.failure.actual, ""),
                    ("difference", answer.failure.reason, ""),
                )
            )
        )
    if answer.separates:
        notes.append(f"{answer.separates[0].upper()}{answer.separates[1:]}.")
    if answer.likely:
        notes.append(f"Likely: {answer.likely}.")
    heading = f"{answer.target} as {answer.operation}: {verdict}"
    return Page(heading, blocks, notes=notes)


Kind = tuple[str, int, int]
"""What distinguishes some cases, and how many of them passed and failed."""


COLUMNS: list[Column[Kind, CheckAnswer]] = [
    Column("kind", "kind of case", lambda kind, _: kind[0], lambda _: "all",
           left=True, importance=9),
    Column("passed", "passed", lambda kind, _: kind[1], lambda answer: answer.passed, importance=7),
    Column("failed", "failed", lambda kind, _: _failed(kind[2]),
           lambda answer: _failed(answer.failed), importance=8),
]  # fmt: skip


def _kinds(answer: CheckAnswer) -> Table[Kind, CheckAnswer]:
    """Return how many cases passed and failed, kind by kind."""
    kinds: dict[str, list[bool]] = {}
    for outcome in answer.outcomes:
        kinds.setdefault(outcome.case.kind, []).append(outcome.ok)
    rows = [(kind, sum(ok), len(ok) - sum(ok)) for kind, ok in kinds.items()]
    return Table(COLUMNS, rows, answer)


def _failed(number: int) -> Cell:
    return Judged(number, good=False) if number else number


def as_json(answer: CheckAnswer) -> dict[str, Any]:
    """Return how an implementation did; tensors are given by their shapes."""
    return {
        **_counts(answer),
        "cases": [
            {
                "arguments": {
                    name: nested_shape(each) if name in outcome.case.tensors else each
                    for name, each in outcome.case.handed.items()
                },
                "ok": outcome.ok,
                "reason": outcome.reason,
            }
            for outcome in answer.outcomes
        ],
        **_findings(answer),
    }


def _counts(answer: CheckAnswer) -> dict[str, Any]:
    return {
        "target": answer.target,
        "op": answer.operation,
        "passed": answer.passed,
        "failed": answer.failed,
    }


def _findings(answer: CheckAnswer) -> dict[str, Any]:
    return {
        "narrowed": answer.narrowed,
        "likely": answer.likely,
        "separates": answer.separates,
        "notes": answer.notes,
    }


# ---------------------------------------------------------------------------------------------
# Several files
# ---------------------------------------------------------------------------------------------

FILES: list[Column[FileAnswer, SeveralAnswer]] = [
    Column("file", "file", lambda each, _: each.target, left=True, importance=9),
    Column("passed", "passed", lambda each, _: each.answer.passed if each.answer else None,
           importance=7),
    Column("failed", "failed", lambda each, _: _failed(each.answer.failed) if each.answer else None,
           importance=8),
    Column("likely", "likely", lambda each, _: each.said, left=True, below=True),
]  # fmt: skip


def several_as_page(answer: SeveralAnswer) -> Page:
    """Lay out how several files did, a line for each."""
    total = len(answer.files)
    verdict = f"{answer.failed} of {total} failed" if answer.failed else "every file passes"
    heading = f"{text.counted(total, 'file')} as {answer.operation}: {verdict}"
    return Page(heading, [Table(FILES, answer.files, answer)], notes=answer.notes)


def several_as_json(answer: SeveralAnswer) -> dict[str, Any]:
    """Return how several files did, without their cases; of one not asked, the error."""
    return {
        "op": answer.operation,
        "files": [
            {**_counts(each.answer), **_findings(each.answer)}
            if each.answer
            else {"target": each.target, "op": answer.operation, "error": each.error}
            for each in answer.files
        ],
        "notes": answer.notes,
    }
