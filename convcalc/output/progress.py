"""How far something has come that takes longer than a second: a line of a terminal."""

from __future__ import annotations

import sys
import time

AFTER, BETWEEN = 1.0, 0.1
"""Seconds until the line is shown, and between two of its pictures."""
WIDTH = 30


class Progress:
    """A bar on standard error, where that is a terminal."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.next = time.monotonic() + AFTER
        self.shown = False
        self.visible = sys.stderr is not None and sys.stderr.isatty()

    def tell(self, done: int, total: int) -> None:
        """Show how many of how many are done."""
        now = time.monotonic()
        if not self.visible or now < self.next:
            return
        self.next, self.shown = now + BETWEEN, True
        bar = "#" * (WIDTH * done // total)
        sys.stderr.write(f"\r[{bar:<{WIDTH}}] {done:,} of {total:,} {self.what}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            sys.stderr.write(f"\r{' ' * 79}\r")
            sys.stderr.flush()
            self.shown, self.visible = False, False
