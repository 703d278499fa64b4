"""Which rows read which, as rails beside them: what is read runs down a lane to who reads it.

As in `git log --graph`, but from the top to the bottom and with one line a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convcalc.network.answer.rows import INPUT, NetworkAnswer, Row


@dataclass(frozen=True)
class Rail:
    """What runs beside one row, by numbers of lanes from the left.

    `lane` is the row's own, None where it neither reads nor is read. Of the others, `ends` come
    from above to the row and end there, `taps` are read and go on, `starts` begin there and carry
    its output to later rows; `through` have nothing to do with it. `above` and `below` say whether
    its own lane comes from above and goes on.
    """

    lane: int | None
    ends: frozenset[int]
    taps: frozenset[int]
    starts: frozenset[int]
    through: frozenset[int]
    above: bool = False
    below: bool = False

    @property
    def width(self) -> int:
        """How many lanes there are up to the last one that is used."""
        lanes = self.ends | self.taps | self.starts | self.through
        return max([*lanes, -1 if self.lane is None else self.lane], default=-1) + 1


def rails(rows: Sequence[Row]) -> list[Rail]:
    """Return what runs beside each row.

    What the next row reads, and others later, takes two lanes: one leads to the next row, the
    other one to the right of it to all later. A row stands in the leftmost lane that ends at
    it, or in the leftmost that is free.
    """
    readers: dict[int, list[int]] = {each: [] for each in range(INPUT, len(rows))}
    for number, row in enumerate(rows):
        for source in row.sources:
            readers[source].append(number)
    lanes = _Lanes()
    if readers[INPUT]:
        lanes.carry(INPUT, 0, readers[INPUT])
    found = []
    for number, row in enumerate(rows):
        if not row.sources and not readers[number]:
            nothing: frozenset[int] = frozenset()
            found.append(Rail(None, nothing, nothing, nothing, lanes.taken))
            continue
        found.append(lanes.row(number, row.sources, readers[number]))
    return found


class _Lanes:
    """The lanes between two rows: the value in each, by the row that made it."""

    def __init__(self) -> None:
        self.held: dict[int, int] = {}
        """What is carried, by its lane."""
        self.last: dict[int, int] = {}
        """The row at which each lane ends."""

    @property
    def taken(self) -> frozenset[int]:
        """The lanes in which something is carried."""
        return frozenset(self.held)

    def free(self, start: int) -> int:
        """Return the first lane from here to the right in which nothing is carried."""
        while start in self.held:
            start += 1
        return start

    def carry(self, value: int, lane: int, readers: Sequence[int]) -> frozenset[int]:
        """Let a value be carried from its own lane to its readers; return what else it takes."""
        if len(readers) > 1 and readers[0] == value + 1:
            self.held[lane], self.last[lane] = value, readers[0]
            other = self.free(lane + 1)
            self.held[other], self.last[other] = value, readers[-1]
            return frozenset({other})
        if readers:
            self.held[lane], self.last[lane] = value, readers[-1]
        return frozenset()

    def row(self, number: int, sources: Sequence[int], readers: Sequence[int]) -> Rail:
        """Return what runs beside a row, and go on below it."""
        read = {
            lane
            for lane, value in self.held.items()
            if value in sources and (value + 1 != number or self.last[lane] == number)
        }
        ends = {lane for lane in read if self.last[lane] == number}
        taps = read - ends
        above = bool(ends)
        own = min(ends) if ends else self.free(0)
        through = self.taken - read
        for lane in ends & {own}:
            del self.held[lane]
        self.held[own] = number  # so that nothing else begins there
        starts = self.carry(number, own, readers)
        for lane in ends - {own}:
            del self.held[lane]
        if not readers:
            del self.held[own]
        return Rail(
            own,
            frozenset(ends - {own}),
            frozenset(taps),
            starts,
            through,
            above=above,
            below=bool(readers),
        )


def is_chain(found: Sequence[Rail]) -> bool:
    """Return whether every row reads the one before it alone."""
    return all(not (each.ends | each.taps | each.starts | each.through) for each in found)


def depths(answer: NetworkAnswer) -> list[int]:
    """Return how deep in modules each row stands: by its name, or the call that it is part of."""
    found = [0] * len(answer.rows)
    for span in sorted(answer.spans, key=lambda each: each.end - each.first, reverse=True):
        inside = span.name.count(".") + 1 if span.name else 0
        found[span.first : span.end] = [inside] * (span.end - span.first)
    return [
        row.name.count(".") if row.name else deep
        for row, deep in zip(answer.rows, found, strict=True)
    ]
