"""The largest batch whose training stays within so much memory, found by following the network.

What is kept mostly grows by the same for every sample, so that two batches tell where it ends;
the batch that is named, and the next one, are followed themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convcalc import text
from convcalc.formulas import LARGEST, ConvcalcError
from convcalc.network.answer.rows import NetworkAnswer
from convcalc.network.answer.training import Fitted
from convcalc.network.mending.attempts import Again, State

MOST_TRIED = 64
"""The most batches that are followed."""


def fitted(answer: NetworkAnswer, again: Again, limit: int) -> NetworkAnswer:
    """Return an answer with the largest batch whose sum stays within a limit of bytes.

    Raises ConvcalcError where parameters, gradients and states alone take more.
    """
    training = answer.training
    if training is None or answer.error is not None:
        return answer
    if training.unknown:
        return replace(answer, training=replace(training, fitted=Fitted(limit, None)))
    if training.fixed > limit:
        raise ConvcalcError(
            f"parameters, gradients and the states of {training.optimizer} take "
            f"{text.memory(training.fixed)} ({training.fixed:,} bytes), more than the "
            f"{text.memory(limit)} there are"
        )
    room = limit - training.fixed
    seen: dict[int, int | None] = {answer.batch: training.known}

    def kept(batch: int) -> int | None:
        """Return the bytes that so many samples keep; None where the network doesn't fit them."""
        if batch not in seen:
            if len(seen) > MOST_TRIED:
                raise ConvcalcError("the largest batch wasn't found among those that were tried")
            found = again(State(batch=batch)).answer
            known = found.training.kept if found.training is not None else None
            seen[batch] = None if found.error is not None else known
        return seen[batch]

    most = _largest(kept, room)
    inside = kept(most) if most else 0
    return replace(answer, training=replace(training, fitted=Fitted(limit, most, inside or 0)))


def _largest(kept: Callable[[int], int | None], room: int) -> int:
    """Return the largest batch that keeps no more than so many bytes; 0 if none does."""

    def fits(batch: int) -> bool:
        bytes_ = kept(batch)
        return bytes_ is not None and bytes_ <= room

    low, high = 0, LARGEST + 1
    first, second = kept(2), kept(3)
    each = second - first if first is not None and second is not None else 0
    guess = 2 + (room - first) // each if first is not None and each > 0 else 1
    guess = min(max(guess, 1), LARGEST)
    tried = 0
    while high - low > 1:
        tried += 1
        if fits(guess):
            low, guess = guess, guess + 1
        else:
            high, guess = guess, guess - 1
        if tried > 1 or not low < guess < high:
            guess = (low + high) // 2
    return low
