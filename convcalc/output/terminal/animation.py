"""The animation: pages one after the other in the same place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import sleep
from typing import TypeVar

from rich.console import Console, Group
from rich.live import Live

from convcalc.output.page import Page
from convcalc.output.signals import tidied
from convcalc.output.terminal.page import Drawing, console

Step = TypeVar("Step")

BACK = (
    "b", "p", "h", "k", "\x7f", "\x08", "\x1b[D", "\x1b[A", "\x1bOD", "\x1bOA", "\xe0K", "\xe0H",
)  # fmt: skip
QUIT = ("q", "Q", "\x1b", "\x03", "\x04", "")
"""What a keyboard sends for the keys that step back through an animation, and that end it."""


@contextmanager
def _cursor_given_back(terminal: Console) -> Iterator[None]:
    """Show the cursor however this ends: what was being written then may never be."""
    try:
        yield
    except BaseException:
        with suppress(OSError, ValueError):
            os.write(terminal.file.fileno(), b"\x1b[?25h")
        raise


def animate(
    steps: Sequence[Step],
    layouts: Sequence[Callable[[Step], Page]],
    delay: float,
    key: Callable[[], str],
) -> None:
    """Show steps one after the other in place; the last one stays, also after Ctrl-C.

    They are laid out in the first way that fits the terminal, or else the last. With no delay each
    step waits for a key: back, quit, or any other for the next. However it ends, the terminal has
    its cursor again.
    """
    drawing = Drawing(console())
    below = [] if delay else [drawing.text("next: space or →   back: b or ←   quit: q", "dim")]
    room = drawing.console.height - 1 - len(below)
    ends = [steps[0], steps[len(steps) // 2], steps[-1]]
    layout = next(
        (each for each in layouts if all(drawing.height(each(end)) <= room for end in ends)),
        layouts[-1],
    )
    quiet, shown = suppress(KeyboardInterrupt), Live(console=drawing.console, auto_refresh=False)
    with tidied(), quiet, _cursor_given_back(drawing.console), shown as live:
        at = 0
        while at < len(steps):
            live.update(Group(drawing.picture(layout(steps[at])), *below), refresh=True)
            if delay:
                sleep(delay)
                at += 1
                continue
            pressed = key()
            if pressed in QUIT:
                break
            at = max(0, at - 1) if pressed in BACK else at + 1
