"""The memory that a tensor's numbers lie in, and whether gradients are taken now.

Source: https://docs.pytorch.org/docs/stable/notes/autograd.html
"""

from __future__ import annotations

from contextvars import ContextVar

GRADIENTS: ContextVar[bool] = ContextVar("GRADIENTS", default=True)
"""Whether what is worked out now is kept for a backward."""
AUTOCAST: ContextVar[bool] = ContextVar("AUTOCAST", default=False)
"""Whether operations take another kind of numbers than they are given, which isn't followed."""


class Storage:
    """Memory that a tensor and all views of it share, as long as the numbers that it holds."""

    __slots__ = ("apart", "itemsize", "numbers", "written")

    def __init__(self, numbers: int, itemsize: int) -> None:
        self.numbers = numbers
        """How many there are, for the whole batch."""
        self.itemsize = itemsize
        """The bytes of each."""
        self.written = 0
        """How often numbers were written into it, which all that lie in it see."""
        self.apart = False
        """Whether it is that of a parameter or a buffer, which is counted elsewhere."""

    @property
    def bytes(self) -> int:
        """The bytes of all numbers."""
        return self.numbers * self.itemsize
