"""The mends of a network that doesn't fit: tried through all of it before they are named.

A candidate is put in, the model made anew from the changed text, and followed again. Where that
ends in a later misfit, what mends it is tried too, up to four of them together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Shape
from convcalc.network.answer.misfits import Mend
from convcalc.network.answer.rows import NetworkAnswer
from convcalc.network.mending import calls, inputs, layers, multiples, names, operations
from convcalc.network.mending.attempts import Again, Attempt, State
from convcalc.network.mending.fault import Candidate, Fault
from convcalc.network.mending.source import edits, line_before, parsed_again, put_in
from convcalc.reading.exceptions import Place, is_stated

TOGETHER = 4
"""The most changes that are said together."""
LEAST_STEPS = 160_000
"""The steps that all candidates together may take, however small the network."""
STEPS_OF_A_ROW, STEPS_TO_BEGIN = 30, 400
"""As how many steps a row of the answer counts, and the beginning of a reading: by their time."""
TIMES = 1.2
"""How many times the steps of the network itself they may take, if that is more."""
MOST_TRIES = 120
"""The most candidates that are tried."""
ENOUGH = 3
"""After how many mends that edit no more are looked for."""
BREADTH = 6
"""How many candidates that lead further are followed on."""


@dataclass(frozen=True, eq=False)
class Tried:
    """Changes that were put in together, and what came of it."""

    state: State
    attempt: Attempt
    said: tuple[Candidate, ...] = ()
    order: int = 0

    @property
    def rank(self) -> int:
        """How far from the misfit the furthest of the changes is."""
        return max((each.rank for each in self.said), default=0)


def mended(first: Attempt, is_printed: bool, expression: str | None, again: Again) -> NetworkAnswer:
    """Return an answer with the mends of its misfit, and its sentence with the best of them.

    `expression` is what was asked about in the names of the file, if it was said.
    """
    answer, error = first.answer, first.answer.error
    if error is None:
        return kept_apart(first, is_printed, again)
    if first.reading.raised is None:
        return answer
    found = Search(first, is_printed, again, expression).mends()
    advice = said(found)
    message = error.message
    if advice and not message.endswith("would do"):
        message = f"{message.removesuffix('.')}: {advice}"
    kept = tuple(each for each in found if each.edits or each.inputs)
    return replace(answer, error=replace(error, message=message, mends=kept))


def kept_apart(first: Attempt, is_printed: bool, again: Again) -> NetworkAnswer:
    """Return an answer with what keeps one row a sample, where several of each come out."""
    answer = first.answer
    if not first.reading.rows_each or is_printed:
        return answer
    mends = tuple(Search(first, is_printed, again).of_edits(0))
    if not mends:
        return answer
    note = f"{mends[0].message.removesuffix(' would do')} would keep one row a sample."
    return replace(answer, mends=mends, notes=(*answer.notes, note))


class Search:
    """The tries of one misfit, and what they may cost."""

    def __init__(
        self, first: Attempt, is_printed: bool, again: Again, expression: str | None = None
    ) -> None:
        self.first, self.is_printed, self.again = first, is_printed, again
        project = first.reading.project
        taken, self.until = project.reader.guards.steps, project.reader.guards.until
        self.left = self.whole = max(LEAST_STEPS, int(taken * TIMES))
        self.tries = 0
        self.begin = State(trees=dict(project.trees), expression=expression)
        self.seen: set[object] = set()
        error = first.answer.error
        self.at = (
            None if error is None or error.file is None
            else Place(error.file, error.line or 0, error.cell)
        )  # fmt: skip
        """Where the misfit is, which the lines of others are told from."""

    def mends(self) -> list[Mend]:
        """Return the mends that were tried, the best first."""
        fault = Fault(self.first, self.begin)
        if inputs.is_at_fault(fault):
            first = self._of_inputs(fault)
            return [*first, *self.of_edits(0 if first else operations.GUESSED)]
        edited = self.of_edits(operations.GUESSED)
        self.left = min(self.left, LEAST_STEPS // 4)
        return [*edited, *self._of_inputs(fault)]

    # -- Edits ----------------------------------------------------------------------------------

    def of_edits(self, furthest: int) -> list[Mend]:
        """Return what is to be edited, no further from the misfit than that."""
        waiting = [Tried(self.begin, self.first)]
        for _ in range(TOGETHER):
            found: list[Tried] = []
            further: list[Tried] = []
            for tried in waiting:
                for new in self._after(tried, furthest):
                    if new.attempt.answer.error is None:
                        if self.first.answer.error is not None or not new.attempt.reading.rows_each:
                            found.append(new)
                    elif new.rank < operations.GUESSED and leads_further(
                        tried.attempt, new.attempt
                    ):
                        further.append(new)
                    if len(found) >= ENOUGH or (found and self.left < self.whole // 2):
                        break
            if found:
                whole = [each for each in found if not each.attempt.reading.rows_each] or found
                whole.sort(key=lambda each: (
                    each.rank, self._changes_parameters(each), each.order
                ))  # fmt: skip
                return [self._mend(each) for each in whole]
            further.sort(key=lambda each: (each.rank, each.order))
            waiting = further[:BREADTH]
        return []

    def _changes_parameters(self, tried: Tried) -> bool:
        return tried.attempt.answer.total_params != self.first.answer.total_params

    def _after(self, tried: Tried, furthest: int) -> Iterator[Tried]:
        """Yield what comes of each candidate that is put in after others."""
        fault = Fault(tried.attempt, tried.state)
        for order, candidate in enumerate(candidates(fault)):
            if candidate.rank > furthest:
                continue
            if self.tries >= MOST_TRIES or self.left <= 0 or time.thread_time() > self.until:
                return
            new = self._try(tried, candidate, fault)
            if new is not None:
                yield replace(new, order=order)

    def _try(self, tried: Tried, candidate: Candidate, fault: Fault) -> Tried | None:
        texts, trees = dict(tried.state.texts), dict(tried.state.trees)
        for path in dict.fromkeys(each.path for each in candidate.changes):
            source = fault.source_by(path)
            new = put_in("\n".join(source.lines),
                         [each for each in candidate.changes if each.path == path])  # fmt: skip
            texts[path] = new
            if not self.is_printed:
                tree = parsed_again(source, new)
                if tree is None:
                    return None
                trees[path] = tree
        expression = candidate.expression or tried.state.expression
        key = (tuple(sorted((str(path), words) for path, words in texts.items())), expression)
        if key in self.seen:
            return None
        self.seen.add(key)
        state = State(texts, trees, expression, tried.state.inputs)
        attempt = self._attempt(state)
        return None if attempt is None else Tried(state, attempt, (*tried.said, candidate))

    def _attempt(self, state: State) -> Attempt | None:
        """Return what comes of a state; None where it isn't understood."""
        self.tries += 1
        try:
            attempt = self.again(state._replace(steps=self.left, until=self.until))
        except ConvcalcError:
            self.left -= LEAST_STEPS // 40
            return None
        rows = len(attempt.answer.rows)
        self.left -= attempt.reading.project.reader.guards.steps + STEPS_OF_A_ROW * rows
        self.left -= STEPS_TO_BEGIN
        return attempt

    def _mend(self, tried: Tried) -> Mend:
        fault = Fault(self.first, self.begin)
        before = {path: fault.source_by(path) for path in tried.state.texts}
        texts = tuple(
            (path, "\n".join(before[path].lines), new) for path, new in tried.state.texts.items()
        )
        old, new = ({path: words[at] for path, *words in texts} for at in (0, 1))
        said: list[tuple[str, int, str]] = []
        for each in tried.said:
            if not each.changes:
                said.append(("", 0, each.words))
                continue
            change = each.changes[0]
            line = line_before(old[change.path], new[change.path], change.line)
            place = before[change.path].unit.place(line)
            where = place.within if self.at is None else place.seen_from(self.at)
            others = {also.line for also in each.changes if also.path == change.path}
            lines = [before[change.path].unit.place(also).within for also in sorted(others)[1:]]
            where = text.listed([where, *lines])
            words = f"{each.words} in {where}" if place.line else each.words
            said.append((place.file, line, words))
        listed = text.listed(list(dict.fromkeys(words for _, _, words in sorted(said))))
        found = () if self.is_printed else tuple(edits(before, new))
        return Mend(f"{listed} would do", found, texts=texts)

    # -- Inputs ---------------------------------------------------------------------------------

    def _of_inputs(self, fault: Fault) -> list[Mend]:
        """Return the other inputs with which the network fits, the nearest first."""
        root, reading = self.first.root, self.first.reading
        if root is None or reading.arguments is None or not reading.arguments.inputs:
            return []
        given = tuple(reading.arguments.shapes)
        others = list(inputs.other_tensors(fault, given))
        if is_stated(fault.error):
            others += inputs.named_in(str(fault.error), given)
        found = [each for each in dict.fromkeys(others) if self._fits_anew(each)]
        if found:
            return [of_inputs(each) for each in found[:2]]
        if fault.told.module is None and not fault.told.operation and not inputs.is_at_fault(fault):
            return []

        def fits(shapes: inputs.Inputs) -> bool:
            if self.left <= 0 or time.thread_time() > self.until:
                return False
            try:
                fitting = reading.ends(root, shapes) is None
            except ConvcalcError:
                fitting = False
            self.left -= reading.project.reader.guards.steps // 2  # no rows are kept
            return fitting

        small = "kernel" in str(fault.error) and "larger" in str(fault.error)
        sizes = inputs.other_sizes(given, fits, small)
        sizes = sizes or list(inputs.of_the_other_size(fault, given))
        sizes = [each for each in dict.fromkeys(sizes) if self._fits_anew(each)]
        sizes.sort(key=lambda each: distance(each, given))
        if small and sizes and inputs.is_larger_enough(sizes[0], fits):
            return [of_inputs(sizes[0], "at least ")]
        return [of_inputs(each) for each in sizes]

    def _fits_anew(self, shapes: inputs.Inputs) -> bool:
        attempt = self._attempt(self.begin._replace(inputs=shapes))
        return attempt is not None and attempt.answer.error is None


def candidates(fault: Fault) -> Iterator[Candidate]:
    """Yield what might mend a misfit, the likeliest first."""
    module = fault.told.module
    if module is not None:
        if type(module).__name__.endswith("Loss") and len(fault.tensors) > 1:
            yield from operations.of_two(fault, *fault.tensors[:2])
        yield from layers.of_layer(fault, module)
        yield from multiples.of_blocks(fault, module)
    elif fault.told.operation:
        yield from operations.of_operation(fault)
        yield from operations.producers(fault)
    elif fault.reading.raised is None:
        yield from calls.flattening(fault)
        return
    elif is_stated(fault.error):
        yield from multiples.of_refusal(fault)
    yield from names.of_names(fault)


def leads_further(before: Attempt, after: Attempt) -> bool:
    """Return whether a change has mended a misfit, so that another one comes later."""
    one, other = before.answer.error, after.answer.error
    if after.reading.raised is None or other is None:
        return False
    if one is None:
        return True  # it fitted, but mixed its samples
    if before.root is None or after.root is None:
        return before.root is None and after.root is not None
    mixed = before.reading.trace.split is not None and after.reading.trace.split is None
    later = len(after.answer.rows) > len(before.answer.rows)
    return (later or mixed) and one.message != other.message


def distance(shapes: Sequence[Shape], given: Sequence[Shape]) -> tuple[int, Sequence[Shape]]:
    """Return how far inputs are from those that were given."""
    pairs = [pair for one, other in zip(shapes, given, strict=True)
             for pair in zip(one, other, strict=False)]  # fmt: skip
    return sum(abs(one - other) for one, other in pairs), shapes


def of_inputs(shapes: inputs.Inputs, least: str = "") -> Mend:
    """Return the mend that is another input."""
    listed = text.listed([text.shape(shape) if shape else "()" for shape in shapes])
    kind = "an input" if len(shapes) == 1 else "inputs"
    return Mend(f"{kind} of {least}{listed} would do", inputs=shapes)


def said(mends: Sequence[Mend]) -> str:
    """Return what a sentence says of mends: the best, and the best of the other kind."""
    if not mends:
        return ""
    kind = mends[0].inputs is None
    same = [each for each in mends if (each.inputs is None) is kind]
    other = next((each for each in mends if (each.inputs is None) is not kind), None)
    first = [each.message.removesuffix(" would do") for each in same[: 1 if kind else 2]]
    if not kind and len(first) > 1:
        first[1] = first[1].removeprefix("an input of ")
    words = f"{' or '.join(first)} would do"
    return words if other is None else f"{words}, or {other.message.removesuffix(' would do')}"
