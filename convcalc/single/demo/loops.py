"""The assignment's loops as Python that runs as it stands, to print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convcalc.text import own_text

SOURCE = Path(__file__).with_name("loops.py.txt")

NEEDS = {
    "unfold": ("pair", "pad", "unfold"),
    "fold": ("pair", "fold"),
    "conv2d": ("pair", "pad", "conv2d"),
    "conv2d_by_unfold": ("pair", "pad", "unfold", "conv2d_by_unfold"),
    "conv2d_backward": ("pair", "pad", "unfold", "fold", "conv2d_backward"),
}
"""The functions that each of the references consists of, in their order; it is the last of them."""


@dataclass(frozen=True)
class Loops:
    """One reference with all that it calls."""

    operation: str
    code: str
    notes: tuple[str, ...] = ()


def loops(operation: str) -> Loops:
    """Return one of the references, on nested lists, importing nothing."""
    functions = own_text(SOURCE).strip().split("\n\n\n")
    named = {each.partition("(")[0].removeprefix("def "): each for each in functions}
    return Loops(operation, "\n\n\n".join(named[name] for name in NEEDS[operation]) + "\n")
