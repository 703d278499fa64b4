"""Which sizes of the input a network fits: every one is tried, on all spatial axes alike.

The model is made once, and its forward followed for each size; a few are followed with a model of
their own besides, so that one that keeps something of an earlier size is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Shape
from convcalc.network.answer.misfits import Run, Sizes
from convcalc.network.mending.attempts import Again, Attempt, State

LARGEST = 1024
"""The largest size that is tried."""
SECONDS = 120.0
"""The processor time after which no more sizes are tried."""


@dataclass(eq=False)
class Trying:
    """How far it has come, for those who watch: from the main thread, while another one tries."""

    first: int | None = None
    last: int | None = None
    """What was asked for; None: from 1 to twice the given size."""
    tell: Callable[[int, int], None] = lambda done, total: None
    """What is told how many sizes of how many are done."""
    answer: Sizes | None = None
    """What is known by now."""

    @classmethod
    def between(cls, first: int, last: int) -> Trying:
        """Return what is asked of two sizes and all between them; raise ConvcalcError for none."""
        if last > LARGEST:
            raise ConvcalcError(f"the largest size that is tried is {LARGEST:,}")
        if first < 1:
            raise ConvcalcError(f"there is no size {first:,}, the least is 1")
        if first > last:
            said = f"the first is larger than the last: {last}:{first} is meant"
            raise ConvcalcError(said)
        return cls(first, last)


def sizes_of(first: Attempt, again: Again, asked: Trying) -> Sizes | None:
    """Return which sizes fit; None where the model can't be made.

    Raises ConvcalcError where the input has no spatial axes.
    """
    root, reading = first.root, first.reading
    if root is None or reading.arguments is None or not reading.arguments.inputs:
        return None
    given = reading.arguments.shapes
    axes = given[0][1:]
    if not axes:
        raise ConvcalcError(
            "--sizes asks for the sizes of spatial axes, and an input of "
            f"{text.shape(given[0]) if given[0] else 'one number'} has none"
        )  # fmt: skip
    start = asked.first or 1
    end = asked.last or min(max(2 * max(axes), start), LARGEST)

    def inputs(size: int) -> list[Shape]:
        return [(given[0][0], *[size] * len(axes)), *given[1:]]

    def quickly(size: int) -> bool:
        return reading.ends(root, inputs(size)) is None

    def anew(size: int) -> bool:
        return again(State(trees=reading.project.trees, inputs=inputs(size))).answer.error is None

    fitting = tried(start, end, quickly, asked)
    if any(quickly(each) is not anew(each) for each in samples(fitting, start, end)):
        fitting = tried(start, end, anew, asked)
    least = fitting[0] if fitting else None
    below, why = None, None
    if least is not None and least > start:
        below = least - 1
    elif not fitting and asked.answer is not None:
        below = asked.answer.tried[1]
    if below is not None:
        error = reading.ends(root, inputs(below))
        why = reading.explained(error).sentence if error is not None else None
    assert asked.answer is not None
    asked.answer = Sizes(asked.answer.tried, tuple(runs(fitting)), below, why)
    return asked.answer


def tried(start: int, end: int, fits: Callable[[int], bool], asked: Trying) -> list[int]:
    """Return the sizes that fit, from one to another."""
    found: list[int] = []
    until = time.thread_time() + SECONDS
    for size in range(start, end + 1):
        if time.thread_time() > until:
            break  # only what was tried is claimed
        if fits(size):
            found.append(size)
        asked.answer = Sizes((start, size), tuple(runs(found)))
        asked.tell(size - start + 1, end - start + 1)
    return found


def samples(fitting: Sequence[int], start: int, end: int) -> list[int]:
    """Return a few sizes: the least that fits, the largest, and some that don't."""
    if not fitting:
        return [end]
    among = set(fitting)
    not_fitting = [size for size in (fitting[0] - 1, fitting[-1] - 1) if size >= start]
    other = next((size for size in range(end, start - 1, -1) if size not in among), None)
    found = [fitting[0], fitting[-1], *not_fitting, *([other] if other is not None else [])]
    return list(dict.fromkeys(found))


def runs(sizes: Sequence[int]) -> list[Run]:
    """Return numbers as runs of equal steps; a single one has a step of 1.

    Two alone make a run where they follow one another, or where there are no others.
    """
    found: list[Run] = []
    at = 0
    while at < len(sizes):
        end = at
        step = sizes[at + 1] - sizes[at] if at + 1 < len(sizes) else 1
        while end + 1 < len(sizes) and sizes[end + 1] - sizes[end] == step:
            end += 1
        if step > 1 and end - at < 2 and len(sizes) > 2:
            end = at
        found.append(Run(sizes[at], sizes[end], step if end > at else 1))
        at = end + 1
    return found
