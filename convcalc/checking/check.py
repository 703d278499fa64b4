"""A user's own implementation run against the reference on a table of cases."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from convcalc.checking.calls.call import Calling, read
from convcalc.checking.calls.remarks import hint, instead_of, remarks
from convcalc.checking.calls.trying import tried, untried
from convcalc.checking.cases import Case, cases, distinct
from convcalc.checking.child.answers import described
from convcalc.checking.child.source import NotPython, Source
from convcalc.checking.child.source import read as read_source
from convcalc.checking.choice import chosen
from convcalc.checking.compare import Outcome, full_shape, judge
from convcalc.checking.diagnosis import likely
from convcalc.checking.layouts import LAYOUTS, Layout
from convcalc.checking.nursery import Nursery, nursery
from convcalc.checking.operations import OPERATIONS, Operation
from convcalc.checking.process import Lost, Process, Reply, raised, readable, running
from convcalc.checking.separates import separates
from convcalc.formulas import ConvcalcError, nested_shape
from convcalc.text import nearest

TIMEOUT = 10.0
"""Seconds for one case."""
GIVEN_UP = 3
"""Cases that may be lost one after the other."""
NOT_RUN = f"not run, since the {GIVEN_UP} cases before it that were didn't come back"

REMEMBERED = (
    "the first failing case passes when it is called alone: the function keeps something from one "
    "call to the next, or reads memory that it never wrote"
)

SUFFIXES = (".py", ".ipynb")
"""What a file of Python ends in."""
LIBRARIES = frozenset({"numpy", "torch"})
MOST_LEFT = 6
"""What is told of what was left out of a file."""
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
    separates: str | None
    """What all cases that fail have, and no other, if there is such a thing."""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> int:
        """How many cases are right."""
        return sum(outcome.ok for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        """How many cases are wrong."""
        return len(self.outcomes) - self.passed


@dataclass(frozen=True)
class Asked:
    """What is asked of a function: for what it is taken, and how it is handed that.

    Raises ConvcalcError where the layout has no meaning for the operation.
    """

    operation: str
    handed_as: str | None = None
    """list, numpy or torch; None where the file says it by what it imports."""
    layout: Layout = "bpk"
    """How its tensors are laid out."""
    timeout: float = TIMEOUT
    """Seconds, after which a case that isn't done fails."""
    tells: bool = True
    """Whether what a function prints is shown where it fails."""

    def __post_init__(self) -> None:
        if LAYOUTS[self.layout].of_patches_alone and not self.record.of_patches:
            said = f"{self.layout} has a meaning for unfold and fold, not for {self.operation}"
            raise ConvcalcError(said, "layout")

    @property
    def record(self) -> Operation:
        """All that is known of the operation."""
        return OPERATIONS[self.operation]


def check(target: str, asked: Asked, forking: Nursery | None = None) -> CheckAnswer:
    """Run the function of `FILE[:FUNCTION]` on every case that its signature allows.

    Where a slow library is imported, its process is forked from a nursery: the one given, which
    several files share, or one of its own.
    Raises ConvcalcError where there is no such function.
    """
    if forking is None:
        with nursery() as own:
            return _checked(target, asked, own)
    return _checked(target, asked, forking)


def _checked(target: str, asked: Asked, forking: Nursery | None) -> CheckAnswer:
    handed_as = asked.handed_as
    path, name = _parted(target)
    source = _read(path)
    found = name or chosen(source, asked.record, path)
    libraries = sorted(LIBRARIES & {*source.imported.values(), handed_as})
    with running(path, found, handed_as, asked.timeout, libraries, forking) as process:
        description = _loaded(process, path, found, handed_as)
        answer = _answer(asked, f"{path}:{found}", process, description)
        instead = None if handed_as else _instead(answer, description)
        if instead is None and answer.failed and asked.tells:
            process.printed.tell()
    if instead is not None:
        return _checked(target, replace(asked, handed_as=instead), forking)
    if not name:
        by_name = found == asked.operation
        why = "by its name" if by_name else f"as no other is like {asked.operation}"
        meant = f"{found} is the one that is checked, {why}."
        answer = replace(answer, notes=(meant, *answer.notes))
    return answer


def _instead(answer: CheckAnswer, description: Mapping[str, Any]) -> str | None:
    """Return which of the file's libraries a function wants the tensors of, if it wants others."""
    first = next(iter(answer.outcomes))
    if answer.passed or first.raised is None:
        return None
    libraries = description["libraries"]
    instead = instead_of(first.raised, description["handed_as"], libraries)
    return instead if instead in libraries else None


def _parted(target: str) -> tuple[str, str]:
    """Return the file and the function of a target, which may be without one."""
    if target.endswith(SUFFIXES):
        path, name = target, ""
    else:
        path, _, name = target.rpartition(":")
    if not path or not (name or target.endswith(SUFFIXES)):
        raise ConvcalcError(f"{target}: FILE.py:FUNCTION would do, such as mine.py:unfold")
    if not os.path.isfile(path):
        raise ConvcalcError(f"{path}: there is no such file")
    return path, name


def _read(path: str) -> Source:
    try:
        return read_source(os.path.abspath(path))
    except NotPython as error:
        raise ConvcalcError(f"{path}: {error}") from None
    except (SyntaxError, RecursionError, MemoryError) as error:
        said = raised(described(error, os.path.dirname(os.path.abspath(path)), None))
        raise ConvcalcError(f"{path} can't be imported: {said}") from None


def _answer(
    asked: Asked, target: str, process: Process, description: Mapping[str, Any]
) -> CheckAnswer:
    """Return how the function did, in the layout that it was found to have."""
    record, path = asked.record, target.rpartition(":")[0]
    plain = read(record, target, description)
    calling, layout = _settled(plain, process, asked.layout)
    place = _place(description, path)
    outcomes = _outcomes(process, calling, place, layout)
    likeliest = None
    notes: list[str] = []
    if layout != asked.layout:
        said = _of_layout(layout, asked)
        if all(outcome.ok for outcome in outcomes):  # it is only laid out in another way
            likeliest = said
            calling = _tried(plain, process, asked.layout)
            outcomes = _outcomes(process, calling, place, asked.layout)
        else:
            notes.append(f"{said[0].upper()}{said[1:]}. The cases are compared in that layout.")
    wrong = [outcome for outcome in outcomes if not outcome.ok]
    first = min(wrong, key=lambda outcome: outcome.case.labour, default=None)
    if likeliest is None:
        likeliest = likely(outcomes)
    if first is not None and likeliest is None and not first.lost:
        process.close()
        names = calling.names(first.case)
        afresh = judge(first.case, process.call(calling.request(first.case)), names, place)
        likeliest = REMEMBERED if afresh.ok else None
    notes += [*_left_out(description["left"]), *remarks(calling), *_not_run(outcomes)]
    if record.fewest < len(record.results):
        notes += _results_missing(outcomes)
    handed_as = description["handed_as"]
    if first is not None and first.raised is not None and len(wrong) == len(outcomes):
        always = all(each.raised for each in outcomes)
        hinted = hint(first.raised, handed_as, description["libraries"], always)
        notes += [hinted] if hinted else []
    return CheckAnswer(
        target=target,
        operation=record.name,
        outcomes=outcomes,
        narrowed=calling.narrowed,
        failure=_failure(calling, first, handed_as) if first else None,
        likely=likeliest,
        separates=separates(outcomes),
        notes=tuple(notes),
    )


def _loaded(process: Process, path: str, name: str, handed_as: str | None) -> dict[str, Any]:
    """Return how the child describes the function, or raise what is wrong with it."""
    try:
        answer = process.load()
    except Lost as lost:
        process.printed.tell()
        raise ConvcalcError(f"{path} can't be imported: {lost}") from None
    if "parameters" in answer:
        return answer
    process.printed.tell()
    if "raised" in answer:
        raise ConvcalcError(f"{path} can't be imported: {raised(answer['raised'])}")
    if "no_library" in answer:
        library = answer["no_library"]
        if handed_as is None:
            raise ConvcalcError(f"{path} imports {library}, which isn't installed here")
        message = f"{library}: {library} isn't installed here, list would do"
        raise ConvcalcError(message, "handed_as")
    if "refused" in answer:
        raise ConvcalcError(f"{path}:{name}: {answer['refused']}")
    left = answer.get("left", [])
    near = nearest(name, answer["names"])
    hinted = f": {near} is the nearest name" if near and near != name else ""
    if left and not hinted:
        hinted = f"; left out: {readable(left[0])}"
    raise ConvcalcError(f"{path} has no function {name}{hinted}")


def _of_layout(layout: Layout, asked: Asked) -> str:
    """Return which layout a function has, and what accepts it."""
    accepts = f"--layout {layout} accepts it"
    if layout == "bpk":
        accepts = f"it is right without --layout {asked.layout}"
    return f"the layout is {LAYOUTS[layout].said(asked.record.of_patches)}; {accepts}"


def _left_out(left: Sequence[str]) -> Iterator[str]:
    """Yield a sentence on what of the file wasn't run."""
    if left:
        more = f" and {len(left) - MOST_LEFT} more" if len(left) > MOST_LEFT else ""
        shown = "; ".join(map(readable, left[:MOST_LEFT]))
        yield f"Left out, as the function doesn't need it or it can't be run: {shown}{more}."


def _place(description: Mapping[str, Any], path: str) -> str:
    """Return where the function stands, as far as that is known."""
    line = description["line"]
    return readable(f"{line[0]} line {line[1]}" if line else Path(path).name)


def _settled(plain: Calling, process: Process, asked: Layout) -> tuple[Calling, Layout]:
    """Return how the function is called, and in which layout, after a few calls to try that.

    The layout is the first in which it is right on a case that only one explains; where it is
    right in none, it is the one that was asked for.
    """
    first = _tried(plain, process, asked)
    for layout in (asked, *(each for each in LAYOUTS if each != asked)):
        if LAYOUTS[layout].of_patches_alone and not plain.operation.of_patches:
            continue
        calling = first if layout == asked else _tried(plain, process, layout)
        case = distinct(calling.operation, calling.forms, layout)
        reply = process.call(calling.request(case))
        if reply.lost or (reply.raised and reply.raised.type == "MemoryError"):
            break
        if judge(case, replace(reply, changed=None), calling.names(case), "").ok:
            return calling, layout
    return first, asked


def _tried(calling: Calling, process: Process, layout: Layout) -> Calling:
    def ask(calling: Calling, case: Case) -> Reply:
        reply = process.call(calling.request(case))
        if reply.lost or (reply.raised and reply.raised.type == "MemoryError"):
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
        reply = process.call(calling.request(case))
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
