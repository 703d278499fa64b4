"""A user's own implementation run against the reference on a table of cases."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convcalc.checking.call import Calling, hint, read, remarks, tried, untried
from convcalc.checking.cases import Case, Layout, cases
from convcalc.checking.compare import Outcome, full_shape, judge, likely
from convcalc.checking.operations import OPERATIONS
from convcalc.checking.process import Lost, Process, Reply, raised, readable, running
from convcalc.formulas import ConvcalcError, nested_shape
from convcalc.text import nearest

TIMEOUT = 10.0
"""Seconds for one case."""
GIVEN_UP = 3
"""Cases that may be lost one after the other."""
NOT_RUN = f"not run, since the {GIVEN_UP} cases before it that were didn't come back"

REMEMBERED = (
    "the first failure is right where it is called alone: the function keeps something from one "
    "call to the next, or reads what it never wrote"
)

MADE = {
    "list": "{}",
    "numpy": "np.array({}, dtype=float)",
    "torch": "torch.tensor({}, dtype=torch.get_default_dtype())",
}
"""What an input can be handed over as, and how that is made of nested lists."""


@dataclass(frozen=True)
class Failure:
    """The first failure in full."""

    call: str
    expected: str
    actual: str
    reason: str


@dataclass(frozen=True)
class CheckAnswer:
    """How an implementation did, case by case."""

    target: str
    operation: str
    outcomes: tuple[Outcome, ...]
    narrowed: tuple[str, ...]
    """The options that the function doesn't take, so that no case has them."""
    failure: Failure | None
    likely: str | None
    """The known mistake that gives the same results, if one does."""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> int:
        """How many cases are right."""
        return sum(outcome.ok for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        """How many cases are wrong."""
        return len(self.outcomes) - self.passed


def check(
    target: str,
    operation: str,
    handed_as: str = "list",
    layout: Layout = "bpk",
    timeout: float = TIMEOUT,
) -> CheckAnswer:
    """Run the function of `FILE.py:FUNCTION` on every case that its signature allows.

    `handed_as` is list, numpy or torch; `layout` says whether unfolded matrices are (b, p, k), as
    in the assignment, or (b, k, p); a case that isn't done after `timeout` seconds fails.
    Raises ConvcalcError where there is no such function.
    """
    record = OPERATIONS[operation]
    if layout == "bkp" and not record.of_patches:
        raise ConvcalcError(f"bkp has a meaning for unfold and fold, not for {operation}", "layout")
    path, _, name = target.rpartition(":")
    if not path or not name:
        raise ConvcalcError(f"{target}: FILE.py:FUNCTION would do, such as mine.py:unfold")
    if not os.path.isfile(path):
        raise ConvcalcError(f"{path}: there is no such file")
    with running(path, name, handed_as, timeout) as process:
        description = _loaded(process, target, handed_as)
        calling = _settled(read(record, target, description), process, layout)
        place = _place(description, path)
        outcomes = _outcomes(process, calling, place, layout)
        first = next((outcome for outcome in outcomes if not outcome.ok), None)
        likeliest = likely(outcomes)
        if first is not None and likeliest is None and not first.lost:
            process.close()
            names = calling.names(first.case)
            afresh = judge(first.case, process.call(*calling.request(first.case)), names, place)
            likeliest = REMEMBERED if afresh.ok else None
    notes = [*remarks(calling), *_not_run(outcomes)]
    if record.fewest < len(record.results):
        notes += _results_missing(outcomes)
    if first is not None and first.raised is not None and not any(each.ok for each in outcomes):
        always = all(each.raised for each in outcomes)
        hinted = hint(first.raised, handed_as, description["libraries"], always)
        notes += [hinted] if hinted else []
    return CheckAnswer(
        target=target,
        operation=operation,
        outcomes=outcomes,
        narrowed=calling.narrowed,
        failure=_failure(calling, first, handed_as) if first else None,
        likely=likeliest,
        notes=tuple(notes),
    )


def _loaded(process: Process, target: str, handed_as: str) -> dict[str, Any]:
    """Return how the child describes the function, or raise what is wrong with it."""
    path, _, name = target.rpartition(":")
    try:
        answer = process.load()
    except Lost as lost:
        raise ConvcalcError(f"{path} can't be imported: {lost}") from None
    if "raised" in answer:
        raise ConvcalcError(f"{path} can't be imported: {raised(answer['raised'])}")
    if "no_library" in answer:
        message = f"{handed_as}: {handed_as} isn't installed here, list would do"
        raise ConvcalcError(message, "handed_as")
    if "refused" in answer:
        raise ConvcalcError(f"{target}: {answer['refused']}")
    if "missing" in answer:
        near = nearest(name, answer["names"])
        hinted = f": {near} is the nearest name" if near else ""
        raise ConvcalcError(f"{path} has no function {name}{hinted}")
    return answer


def _place(description: dict[str, Any], path: str) -> str:
    """Return where the function stands, as far as that is known."""
    line = description["line"]
    return readable(f"{line[0]} line {line[1]}" if line else Path(path).name)


def _settled(calling: Calling, process: Process, layout: Layout) -> Calling:
    """Return how the function is called, after a few calls to try that."""

    def ask(calling: Calling, case: Case) -> Reply:
        reply = process.call(*calling.request(case))
        if reply.lost:
            raise Lost
        return reply

    try:
        return tried(calling, layout, ask)
    except Lost:
        return untried(calling)


def _outcomes(
    process: Process, calling: Calling, place: str, layout: Layout
) -> tuple[Outcome, ...]:
    """Run every case, whatever became of those before, unless several in a row don't come back."""
    outcomes: list[Outcome] = []
    for case in cases(calling.operation, calling.taken, calling.forms, layout):
        last = outcomes[-GIVEN_UP:]
        if len(last) == GIVEN_UP and all(each.lost for each in last):
            outcomes.append(Outcome(case, False, NOT_RUN, lost=True))
            continue
        reply = process.call(*calling.request(case))
        outcomes.append(judge(case, reply, calling.names(case), place))
    return tuple(outcomes)


def _not_run(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a sentence where cases weren't run."""
    left = sum(outcome.reason == NOT_RUN for outcome in outcomes)
    if not left:
        return []
    cases_left = "case after them wasn't" if left == 1 else f"{left} cases after them weren't"
    return [f"{GIVEN_UP} cases in a row didn't come back, so that the {cases_left} run."]


def _results_missing(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a sentence where a function returns fewer results than the reference."""
    results = outcomes[0].case.operation.results
    counts = {len(each.returned) for each in outcomes if each.returned and each.usable}
    fewest = min(counts, default=len(results))
    if fewest == len(results):
        return []
    missing = ", ".join(each.name for each in results[fewest:])
    return [f"It returns {fewest} gradients: {missing} isn't held against anything."]


def _failure(calling: Calling, outcome: Outcome, handed_as: str) -> Failure:
    """Return the first failure in full."""
    names = [result.name for result in outcome.case.operation.results]

    def shapes(results: tuple[Any, ...]) -> str:
        return ", ".join(
            f"{name} {nested_shape(each)}" for name, each in zip(names, results, strict=False)
        )

    return Failure(
        call=calling.text(outcome.case, MADE[handed_as]),
        expected=shapes(outcome.case.expected),
        actual=shapes(outcome.returned)
        if outcome.returned and all(full_shape(each) for each in outcome.returned)
        else "nothing usable",
        reason=outcome.reason,
    )
