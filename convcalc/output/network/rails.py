"""Rails as characters, a line to a row: ● is the row itself, what it reads comes from above."""

from __future__ import annotations

from collections.abc import Sequence

from convcalc.network.answer.graph import Rail, depths, is_chain, rails
from convcalc.network.answer.rows import NetworkAnswer, Row
from convcalc.output.page import Margin

MOST = 12
"""The most lanes that are drawn; the last one stands for all further ones where there are more."""
NODE, BUNDLE = "●", "┃"
STYLES = ("", "cyan", "green", "yellow", "magenta", "blue")
"""The colours of rails by how deep their modules are; what is deeper begins anew."""


def beside(answer: NetworkAnswer, rows: Sequence[Row]) -> Margin | None:
    """Return the rails beside rows, those of an answer and of a misfit; None for a chain."""
    found = rails(rows)
    if is_chain(found):
        return None
    widest = max(each.width for each in found)
    shown = min(widest, MOST)
    remark = bundled(widest, MOST, f", {BUNDLE},") if widest > MOST else ""
    return Margin([line(each, shown) for each in found], colours(answer, rows), remark)


def colours(answer: NetworkAnswer, rows: Sequence[Row]) -> list[str]:
    """Return the colour of each row's rails, by how deep its module is."""
    deep = [*depths(answer), *[0] * (len(rows) - len(answer.rows))]
    return [STYLES[each % len(STYLES)] for each in deep]


def bundled(widest: int, most: int, called: str = "") -> str:
    """Return what is said where more rails than can be drawn run beside one another."""
    return (
        f"Up to {widest:,} rails run beside one another: of more than {most}, the last one"
        f"{called} stands for all further ones."
    )


def line(rail: Rail, width: int) -> str:
    """Return what stands beside a row, of so many lanes."""
    joined = rail.ends | rail.taps | rail.starts
    reach = joined if rail.lane is None else joined | {rail.lane}
    low, high = min(reach, default=0), max(reach, default=-1)
    text = "".join(_glyph(rail, lane, low, high) for lane in range(width))
    if max(high, *rail.through, -1) >= MOST - 1 and width == MOST:
        bundled = NODE if rail.lane is not None and rail.lane >= MOST - 1 else BUNDLE
        text = text[:-1] + bundled
    return text


def _glyph(rail: Rail, lane: int, low: int, high: int) -> str:
    """Return what is drawn in a lane; the row's line runs from the lane `low` to `high`."""
    if lane == rail.lane:
        return NODE
    ends = (lane == low) - (lane == high)  # 1 where the line begins, -1 where it ends
    if lane in rail.ends:
        return {1: "╰", 0: "┴", -1: "╯"}[ends]
    if lane in rail.taps:
        return {1: "├", 0: "┼", -1: "┤"}[ends]
    if lane in rail.starts:
        return {1: "╭", 0: "┬", -1: "╮"}[ends]
    if low < lane < high:
        return "─"
    return "│" if lane in rail.through else " "
