"""The hand-ins of a whole course: many files, each asked for the same operation."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from convcalc.checking.check import SUFFIXES, Asked, CheckAnswer, check
from convcalc.checking.nursery import Nursery, nursery
from convcalc.formulas import ConvcalcError

LEFT_ASIDE = ("__init__.py", "setup.py", "conftest.py")
"""Files of a folder that nobody hands in."""


@dataclass(frozen=True)
class FileAnswer:
    """How one file did, or why it couldn't be asked."""

    target: str
    answer: CheckAnswer | None = None
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether every case is right."""
        return self.answer is not None and not self.answer.failed

    @property
    def said(self) -> str:
        """What is told of it in a line: the diagnosis, else what is known of the failures."""
        if self.answer is None:
            return self.error
        failure = self.answer.failure
        return self.answer.likely or self.answer.separates or (failure.reason if failure else "")


@dataclass(frozen=True)
class SeveralAnswer:
    """How several files did."""

    operation: str
    files: tuple[FileAnswer, ...]
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many files aren't right."""
        return sum(not each.ok for each in self.files)


def is_several(targets: Sequence[str]) -> bool:
    """Return whether more than one file may be meant: a folder is, however few are in it."""
    return len(targets) > 1 or any(os.path.isdir(_folder(each)[0]) for each in targets)


def check_all(targets: Sequence[str], asked: Asked, jobs: int = 1) -> SeveralAnswer:
    """Check every file, `jobs` at a time; of a folder, those of Python that are in it.

    Raises ConvcalcError where a folder has no such file.
    """
    every = [each for target in targets for each in _files(target)]
    with nursery() as forking, ThreadPoolExecutor(jobs) as pool:
        answers = tuple(pool.map(partial(_answered, asked=asked, forking=forking), every))
    return SeveralAnswer(asked.operation, answers)


def _answered(target: str, asked: Asked, forking: Nursery | None) -> FileAnswer:
    try:
        answer = check(target, asked, forking)
    except ConvcalcError as error:
        return FileAnswer(target, error=str(error))
    return FileAnswer(answer.target, answer)


def _folder(target: str) -> tuple[str, str]:
    """Return the folder, and the function that is meant in each file, where one is named."""
    if os.path.isdir(target):
        return target, ""
    folder, colon, name = target.rpartition(":")
    return (folder, name) if colon else (target, "")


def _files(target: str) -> Iterator[str]:
    folder, name = _folder(target)
    if not os.path.isdir(folder):
        yield target
        return
    found = sorted(
        path
        for suffix in SUFFIXES
        for path in Path(folder).rglob(f"*{suffix}")
        if path.name not in LEFT_ASIDE
        and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
        and path.is_file()
    )
    if not found:
        raise ConvcalcError(f"{folder}: there is no file of Python in this folder")
    yield from (f"{path}:{name}" if name else str(path) for path in found)
