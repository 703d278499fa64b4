"""Sums written out with their numbers, and the derivation that they follow from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from convcalc import text
from convcalc.output.page import Equation, Formula, Matrices
from convcalc.single.demo.walk import Sum, Term, Walk

MOST_SUMS = 4
"""How many sums of one patch are written out: one per sample and output channel."""

MOST_TERMS = 64
"""How many terms of a sum are written out; of more, those in its middle are left out."""


def equation(written_out: Sum, most: int = MOST_TERMS) -> Equation:
    """Return a sum as it is written out: Y[0, 0, 1, 2] = 2·1 + 3·2 + … = 3370."""
    terms = [(_term(each), each.channel) for each in written_out.terms]
    more = len(terms) - most
    how = written_out.how
    if more > 0:
        half = most // 2
        terms = [*terms[:half], ("…", None), *terms[-half:]]
        how += f"; {text.counted(more, 'term')} in the middle left out"
    place = ", ".join(map(str, written_out.place))
    return Equation(
        f"{written_out.tensor}[{place}]",
        terms,
        text.entry(written_out.total),
        how,
        written_out.joint,
        written_out.form,
    )


def _term(term: Term) -> str:
    written = "·".join(map(_factor, term.factors))
    return written if term.divisor == 1 else f"{written}/{term.divisor}"


def _factor(value: float) -> str:
    return text.entry(value) if value >= 0 else f"({text.entry(value)})"


def equations(sums: Sequence[Sum]) -> list[Equation]:
    """Return the sums of one patch; where there are many, the first, which say how many more."""
    written = [equation(each) for each in sums[:MOST_SUMS]]
    for each in written[:-1]:
        each.how = ""  # it is the same for all
    if len(sums) > MOST_SUMS:
        more = text.counted(len(sums) - MOST_SUMS, "more cell")
        written[-1].how += f"; {more} of this patch in the same way"
    return written


def derived(walk: Walk, tensors: Iterable[Matrices]) -> list[Matrices]:
    """Return tensors, each with the formula that makes it, where the walk goes backward."""
    named = list(tensors)
    if walk.gradients is not None:
        from convcalc.single.demo.derivation import derivation  # here, since few go backward

        steps = {step.of: step for step in derivation(walk)}
        for block in named:
            if block.name in steps:
                block.formula = Formula(steps[block.name].lines, steps[block.name].where)
    return named


def derivation_as_json(walk: Walk) -> list[dict[str, Any]]:
    """Return the derivation: of each tensor its formula, what its deltas mean, and its LaTeX."""
    from convcalc.output.latex import aligned
    from convcalc.single.demo.derivation import derivation

    return [
        {
            "of": step.of,
            "derivative": step.derivative or None,
            "formula": " ".join(step.formula),
            "altogether": step.altogether or None,
            "where": step.where,
            "latex": aligned(step.lines),
        }
        for step in derivation(walk)
    ]
