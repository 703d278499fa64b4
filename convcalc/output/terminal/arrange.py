"""Where pictures stand on a page: beside and below one another, in as few lines as there can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any


class Layout:
    """Pictures in their order as rows of columns; a column is a stack of (picture, variant)."""

    def __init__(self, part: _Part) -> None:
        self.width = part.width
        self.height = part.height
        self.rows: tuple[tuple[tuple[tuple[int, int], ...], ...], ...] = part.what


class _Part:
    """Some of the pictures, as large as they are together."""

    __slots__ = ("height", "what", "width")

    def __init__(self, width: int, height: int, what: tuple[Any, ...]) -> None:
        self.width = width
        self.height = height
        self.what = what


def arranged(sizes: Sequence[Sequence[tuple[int, int]]], room: int, gap: int) -> Layout:
    """Return the layout of fewest lines that is no wider than `room`.

    `sizes` has for each picture the (width, height) of every way to draw it; `gap` blanks are
    between two columns, and a line between what stands below one another. Where nothing fits,
    each picture has a row of its own, drawn in the way that is narrowest.
    """

    @cache
    def stacks(first: int, last: int) -> tuple[_Part, ...]:
        """Return the columns that pictures from `first` to before `last` can make."""
        ways = [_Part(w, h, ((first, way),)) for way, (w, h) in enumerate(sizes[first])]
        if last - first > 1:
            ways = [_below(a, b) for a in ways for b in stacks(first + 1, last)]
        return _best(ways)

    @cache
    def rows(first: int, last: int) -> tuple[_Part, ...]:
        """Return the rows of columns that these pictures can make."""
        ways = [_Part(each.width, each.height, (each.what,)) for each in stacks(first, last)]
        for middle in range(first + 1, last):
            ways += [
                _Part(a.width + gap + b.width, max(a.height, b.height), (*a.what, b.what))
                for a in rows(first, middle)
                for b in stacks(middle, last)
            ]
        return _best([each for each in ways if each.width <= room])

    best: list[_Part] = [_Part(0, 0, ())]
    for last in range(1, len(sizes) + 1):
        ways = []
        for first in range(last):
            fitting = rows(first, last) or (_narrowest(sizes, first, last, stacks))
            if fitting:
                row = min(fitting, key=lambda each: each.height)
                before = best[first]
                ways.append(
                    _Part(
                        max(before.width, row.width),
                        before.height + row.height + (1 if first else 0),
                        (*before.what, row.what),
                    )
                )
        best.append(min(ways, key=lambda each: each.height))
    return Layout(best[-1])


def _narrowest(
    sizes: Sequence[Sequence[tuple[int, int]]],
    first: int,
    last: int,
    stacks: Callable[[int, int], tuple[_Part, ...]],
) -> tuple[_Part, ...]:
    """Return a row of one picture that doesn't fit, and none of several."""
    if last - first > 1:
        return ()
    part = min(stacks(first, last), key=lambda each: each.width)
    return (_Part(part.width, part.height, (part.what,)),)


def _below(a: _Part, b: _Part) -> _Part:
    return _Part(max(a.width, b.width), a.height + 1 + b.height, (*a.what, *b.what))


def _best(ways: Sequence[_Part]) -> tuple[_Part, ...]:
    """Return the ways to which no other is both narrower and lower."""
    kept: list[_Part] = []
    for way in sorted(ways, key=lambda each: (each.width, each.height)):
        if not kept or way.height < kept[-1].height:
            kept.append(way)
    return tuple(kept)
