"""The animation of a walk-through as a picture that moves."""

from __future__ import annotations

from collections.abc import Callable

from convcalc.formulas import ConvcalcError
from convcalc.output import picture
from convcalc.output.demo.animation import animation
from convcalc.output.saved import frames
from convcalc.single.demo.walk import Walk

MOST_STEPS = 128
"""More steps than this nobody waits for."""

MOST_LINES = 40
"""How high a picture is to be where it can show less."""


def pictured(seconds: float) -> Callable[[Walk, str | None], str]:
    """Return what draws a walk-through in a theme, a step every so many seconds.

    Raises ConvcalcError where a step would last no time.
    """
    if not seconds:
        raise ConvcalcError("0 waits for a key, and a picture has none", "delay")
    return lambda walk, theme: drawn(walk, theme or "light", seconds)


def drawn(walk: Walk, theme: str, seconds: float) -> str:
    """Return the animation of a walk-through as SVG, in the first layout that is low enough.

    Raises ConvcalcError where there are more steps than somebody watches.
    """
    steps, layouts = animation(walk)
    if len(steps) > MOST_STEPS:
        raise ConvcalcError(
            f"a moving picture of {len(steps):,} steps is too long, the limit is {MOST_STEPS}",
            "save",
        )
    for layout in layouts:
        first, last = frames([layout(steps[0]), layout(steps[-1])])
        if max(len(first), len(last)) <= MOST_LINES:
            break
    return picture.moving(frames([layout(step) for step in steps]), theme, seconds)
