"""Where a network doesn't fit its input, what would mend it, and which sizes of it do fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from convcalc.layers.base import Shape
from convcalc.reading.exceptions import line_text


class Edit(NamedTuple):
    """Another text for one in a line, where that stands once; the new one may have more lines."""

    file: str
    line: int
    old: str
    new: str
    cell: int | None = None
    """Of a notebook, the code cell in which the line stands."""


@dataclass(frozen=True, eq=False)
class Mend:
    """What makes a network fit, seen to the end: edits of its files, or other inputs."""

    message: str
    edits: tuple[Edit, ...] = ()
    inputs: tuple[Shape, ...] | None = None
    """One shape per input of the network."""
    texts: tuple[tuple[Path, str, str], ...] = ()
    """The files that are edited, with their texts before and after."""


@dataclass(frozen=True, eq=False)
class Misfit:
    """Where a network doesn't fit its input, and what would do; `input` is what comes."""

    message: str
    file: str | None
    line: int | None
    name: str | None = None
    layer: str | None = None
    input: object = None
    sources: tuple[int, ...] = ()
    cell: int | None = None
    """Of a notebook, the code cell in which the line stands."""
    mends: tuple[Mend, ...] = ()
    """What makes it fit, the best first."""

    @property
    def sentence(self) -> str:
        """The sentence, with its place before it."""
        line = "" if self.line is None else line_text(self.line, self.cell)
        places = [self.file or "", line]
        where = ", ".join(filter(None, places))
        return f"{where}: {self.message}" if where else self.message


class Run(NamedTuple):
    """Sizes from the first to the last, each so much larger than the one before."""

    first: int
    last: int
    step: int


@dataclass(frozen=True, eq=False)
class Sizes:
    """Which of the sizes that were tried a network fits, on all spatial axes of its input."""

    tried: tuple[int, int]
    fit: tuple[Run, ...]
    below: int | None = None
    """The size next to the least that fits, which doesn't; the last that was tried, if none does.
    """
    why: str | None = None
    """Why that one doesn't fit."""
