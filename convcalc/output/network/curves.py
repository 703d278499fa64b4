"""Rails as curves of SVG, a drawing to a row; the page's script draws them in the same way."""

from __future__ import annotations

from collections.abc import Sequence

from convcalc.network.answer.graph import Rail

LANE, HEIGHT = 10, 26
"""How far apart lanes are, and how high a row is, in pixels."""
MOST = 24
"""The most lanes that are drawn; the last one stands for all further ones where there are more."""


def width(found: Sequence[Rail]) -> int:
    """Return how wide the rails of all rows are."""
    return LANE * min(max((each.width for each in found), default=0), MOST)


def drawing(rail: Rail) -> str:
    """Return the paths and the node of one row."""
    node = None if rail.lane is None else _across(rail.lane)
    paths = [f"M{_across(lane)} 0V{HEIGHT}" for lane in _once(rail.through | rail.taps)]
    middle = HEIGHT // 2
    if node is None:
        return f'<path d="{"".join(paths)}"/>' if paths else ""
    paths += [
        f"M{x} 0C{x} 9 {node} 4 {node} {middle}" for x in map(_across, _once(rail.ends | rail.taps))
    ]
    paths += [f"M{node} 0V{middle}"] * rail.above
    paths += [f"M{node} {middle}V{HEIGHT}"] * rail.below
    paths += [
        f"M{node} {middle}C{node} 22 {x} 17 {x} {HEIGHT}" for x in map(_across, _once(rail.starts))
    ]
    return f'<path d="{"".join(paths)}"/><circle cx="{node}" cy="{middle}" r="3.5"/>'


def _once(lanes: frozenset[int]) -> list[int]:
    """Return lanes from the left, all those that are bundled as one."""
    return sorted({min(lane, MOST - 1) for lane in lanes})


def _across(lane: int) -> int:
    return min(lane, MOST - 1) * LANE + LANE // 2
