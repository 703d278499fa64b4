"""What went wrong: which known mistake gives the very results, and what those that fail share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

from convcalc.checking.cases import Case
from convcalc.checking.compare import Outcome, full_shape, numbers, same, tolerance_of
from convcalc.checking.mistakes.mistake import Mistake
from convcalc.checking.windows import NEUTRAL

CHANGED = "the function changes its input in place, while its results are right: a copy would do"


MOST_TOLD = 3
"""How many mistakes that give the same results are named."""


def likely(outcomes: Sequence[Outcome]) -> str | None:
    """Return the known mistake that gives exactly these results in every case.

    Where several do, and the cases don't tell which was made, all are named; none where they are
    too many to be of use.
    """
    wrong = [outcome for outcome in outcomes if not outcome.ok]
    if not wrong:
        return None
    if all(outcome.only_changed for outcome in wrong):
        return CHANGED
    ordered = [*wrong, *(outcome for outcome in outcomes if outcome.ok)]
    if _of_other_shapes(wrong):
        return None
    unread = [outcome.returned is None or _ragged(outcome.returned) for outcome in wrong]
    if all(unread) and not _telling(outcomes):
        return None
    case = wrong[0].case
    given = {name for outcome in outcomes for name in outcome.case.options}
    mistakes = [
        mistake
        for mistake in case.operation.mistakes
        if mistake.layout in ("", case.layout) and given.issuperset(mistake.needs)
    ]
    explaining = (mistake.sentence for mistake in mistakes if _explains(mistake, ordered))
    sentences = list(dict.fromkeys(explaining))
    return "; or ".join(sentences) if 1 <= len(sentences) <= MOST_TOLD else None


def _of_other_shapes(outcomes: Sequence[Outcome]) -> bool:
    """Whether every case ends in the same error, of the same shapes whatever the window's are.

    Reading beyond an end is an error of shapes that go with those of the window.
    """
    said = {(o.raised.type, o.raised.text) if o.raised else None for o in outcomes}
    kernels = {outcome.case.windows.kernel_size for outcome in outcomes}
    if len(said) > 1 or len(kernels) == 1:
        return False
    raised = outcomes[0].raised
    return raised is not None and re.search(r"\(\d+,", raised.text) is not None


def _telling(outcomes: Sequence[Outcome]) -> bool:
    """Whether errors alone, without a result, tell a mistake.

    Where they are met simply in every case, or in every one with a certain option, anything may be
    wrong with the function, or with how it takes that option.
    """
    cases = [outcome.case for outcome in outcomes]
    failing = [not outcome.ok for outcome in outcomes]
    simple = [
        [True] * len(cases),
        *([name in case.options for case in cases] for name in cases[0].operation.options),
        *(
            [getattr(case.windows, name)[axis] != NEUTRAL[name] for case in cases]
            for name, axis in product(NEUTRAL, (0, 1))
        ),
    ]
    return failing not in simple


def _explains(mistake: Mistake, outcomes: Sequence[Outcome]) -> bool:
    """Whether a mistake gives these results; where it reads beyond an end, an error that fits."""
    for outcome in outcomes:
        case = outcome.case
        made = not mistake.where or mistake.where in case.options
        imitated = imitation(mistake, case) if made else case.expected
        if imitated is None:
            if not (outcome.off_the_end or _empty(outcome.returned) or _ragged(outcome.returned)):
                return False
        elif outcome.returned is None or not _all_same(
            imitated, (*outcome.returned, *case.expected[len(outcome.returned) :])
        ):
            return False
    return True


def _ragged(results: tuple[Any, ...] | None) -> bool:
    """Whether lists are cut short where slices of them end beyond the end."""
    return results is not None and any(full_shape(each) is None for each in results)


def _empty(results: tuple[Any, ...] | None) -> bool:
    """Whether there are results without a number: the windows that a mistake leaves none of."""
    return results is not None and not numbers(list(results))


def _all_same(imitated: tuple[Any, ...], returned: tuple[Any, ...]) -> bool:
    pairs = zip(imitated, returned, strict=True)
    return all(i == r or same(i, r, tolerance_of(i)) for i, r in pairs)


def imitation(mistake: Mistake, case: Case) -> tuple[Any, ...] | None:
    """Return what a mistake makes of a case; None where it reads beyond an end, or nothing."""
    try:
        results = mistake.imitate(*case.given, **case.options)
        laid_out = case.laid_out(results if isinstance(results, tuple) else (results,))
    except (LookupError, TypeError, ValueError, ZeroDivisionError):
        return None
    return laid_out if numbers(list(laid_out)) else None
