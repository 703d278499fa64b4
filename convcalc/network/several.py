"""Many files, each asked for its own network: what came of each, or why nothing did."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from convcalc.formulas import ConvcalcError
from convcalc.network.answer.rows import NetworkAnswer
from convcalc.network.model import is_pattern, split
from convcalc.reading.exceptions import Place, place_of

LINE = re.compile(r"line (\d+)(?:, column \d+)?: ")
"""What a sentence begins with that is about a line of the file itself."""


@dataclass(frozen=True, eq=False)
class FileAnswer:
    """What came of one file: an answer, or a refusal and where that is."""

    target: str
    answer: NetworkAnswer | None = None
    refusal: str = ""
    at: Place | None = None

    @property
    def status(self) -> int:
        """The exit status that this file alone would have."""
        return 2 if self.answer is None else int(not self.answer.fits)

    @property
    def path(self) -> Path:
        """The file, without its expression."""
        return split(self.target)[0]


@dataclass(frozen=True, eq=False)
class SeveralAnswer:
    """What came of several files, in their order."""

    files: tuple[FileAnswer, ...]
    notes: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The worst of the exit statuses."""
        return max(each.status for each in self.files)

    def having(self, status: int) -> int:
        """Return how many files have this status."""
        return sum(each.status == status for each in self.files)


def expanded(targets: Sequence[str]) -> list[str]:
    """Return every FILE[:EXPRESSION], patterns expanded as a shell does.

    Raises ConvcalcError where no file is like a pattern.
    """
    return [each for target in targets for each in _expanded(target)]


def _expanded(target: str) -> list[str]:
    if split(target)[0].is_file() or not is_pattern(target):
        return [target]
    pattern, colon, expression = target, "", ""
    found = sorted(glob(pattern, recursive=True))
    if not found:
        pattern, colon, expression = target.partition(":")
        found = sorted(glob(pattern, recursive=True)) if is_pattern(pattern) else []
    files = [each for each in found if Path(each).is_file()]
    if not files and is_pattern(pattern):
        raise ConvcalcError(f"{pattern}: no file is called like that")
    return [f"{each}{colon}{expression}" for each in files] or [target]


def asked(targets: Sequence[str], ask: Callable[[str], NetworkAnswer]) -> SeveralAnswer:
    """Return what comes of each file, whatever comes of the others."""
    return SeveralAnswer(tuple(_asked(each, ask) for each in targets))


def _asked(target: str, ask: Callable[[str], NetworkAnswer]) -> FileAnswer:
    try:
        return FileAnswer(target, ask(target))
    except ConvcalcError as error:
        place = place_of(error)
        if place is not None:
            return FileAnswer(target, refusal=error.message, at=place)
        told = LINE.match(str(error))
        at = Place(split(target)[0].name, int(told[1])) if told else None
        return FileAnswer(target, refusal=str(error)[told.end() if told else 0 :], at=at)
