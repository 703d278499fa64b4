"""What `net` answers of several files: a line for each, or annotations on GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from convcalc import text
from convcalc.network.answer.misfits import Misfit
from convcalc.network.several import FileAnswer, SeveralAnswer
from convcalc.output import net
from convcalc.output.page import Cell, Column, Judged, Page, Table
from convcalc.reading.exceptions import Place


def sentence(each: FileAnswer) -> str:
    """Return what is wrong with a file, if anything is."""
    if each.answer is None:
        return f"{each.at}: {each.refusal}" if each.at else each.refusal
    return each.answer.error.sentence if each.answer.error is not None else ""


def _output(each: FileAnswer, _: SeveralAnswer) -> Cell:
    """Return what comes out, or the sentence."""
    if each.answer is None or each.answer.error is not None:
        return Judged(sentence(each), False)
    return net.shape_text(each.answer.output) if each.answer.input is not None else ""


COLUMNS: list[Column[FileAnswer, SeveralAnswer]] = [
    Column("file", "file", lambda each, _: each.target, left=True, importance=9),
    Column("params", "parameters", lambda each, _: _params(each), importance=8),
    Column("macs", "MACs", lambda each, _: _macs(each), importance=7),
    Column("output", "output", _output, left=True, below=True),
]  # fmt: skip
"""What is shown of each file."""


def _params(each: FileAnswer) -> int | None:
    return each.answer.total_params if each.answer is not None else None


def _macs(each: FileAnswer) -> int | None:
    return each.answer.total_macs if each.answer is not None and each.answer.fits else None


def as_page(answer: SeveralAnswer) -> Page:
    """Lay out what came of several files, a line for each."""
    return Page(verdict(answer), [Table(COLUMNS, answer.files, answer)], notes=answer.notes)


def verdict(answer: SeveralAnswer) -> str:
    """Return how several files did, in a line."""
    total = text.counted(len(answer.files), "file")
    misfits, refused = answer.having(1), answer.having(2)
    parts = [f"{misfits} {'do not' if misfits > 1 else 'does not'} fit"] if misfits else []
    parts += [f"{refused} {'are' if refused > 1 else 'is'} not understood"] if refused else []
    return f"{total}: {text.listed(parts) if parts else 'all fit'}"


def as_json(answer: SeveralAnswer) -> dict[str, Any]:
    """Return what came of each file; of one that isn't understood, the refusal."""
    return {"files": [_file(each) for each in answer.files]}


def _file(each: FileAnswer) -> dict[str, Any]:
    if each.answer is not None:
        return {"file": each.target, **net.as_json(each.answer)}
    place = {} if each.at is None else {"file": each.at.file, "line": each.at.line}
    return {"file": each.target, "refusal": {"file": None, "line": None, **place,
                                             "message": each.refusal}}  # fmt: skip


# ---------------------------------------------------------------------------------------------
# Annotations
# ---------------------------------------------------------------------------------------------


def annotated(answer: SeveralAnswer) -> dict[str, Any]:
    """Return the workflow commands of GitHub Actions that mark what is wrong at its line.

    A misfit is an error, a refusal a warning, and what fits is nothing. Source:
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return {"annotations": list(_annotations(answer))}


def _annotations(answer: SeveralAnswer) -> Iterator[str]:
    for each in answer.files:
        if each.answer is None:
            yield _annotation("warning", each, each.at or Place("", 0), each.refusal)
        elif each.answer.error is not None:
            error = each.answer.error
            at = _place(error) if each.target else Place("", 0)
            yield _annotation("error", each, at, error.message)


def _place(error: Misfit) -> Place:
    """Return where a network doesn't fit; where no line calls it, that of the first mend."""
    edits = [edit for mend in error.mends for edit in mend.edits]
    if error.line is None and edits:
        return Place(edits[0].file, edits[0].line, edits[0].cell)
    return Place(error.file or "", error.line or 0, error.cell)


def _annotation(level: str, of: FileAnswer, at: Place, message: str) -> str:
    """Return one command; a notebook's lines aren't those of its file, and are told in words."""
    if at.cell is not None:
        message = f"{at.within}: {message}"
    place = {"file": _path(of, at.file), "line": at.line if at.cell is None else None}
    properties = ",".join(
        f"{key}={_escaped(str(value), ':,')}" for key, value in place.items() if value
    )
    words = "\n".join(map(text.harmless, message.splitlines()))
    return f"::{level}{f' {properties}' if properties else ''}::{_escaped(words)}"


def _escaped(words: str, also: str = "") -> str:
    """Return words in which nothing ends a command, as GitHub's own toolkit writes them."""
    for character in f"%\r\n{also}":
        words = words.replace(character, f"%{ord(character):02X}")
    return words


def _path(of: FileAnswer, name: str) -> str:
    """Return where a file is that is told by its name alone, from the current folder."""
    if not of.target:
        return ""
    main = of.path
    around = (folder / name for folder in main.parents) if name else iter(())
    path = next((each for each in around if each.is_file()), main)
    try:
        inside = path.resolve().relative_to(Path.cwd().resolve())
    except (OSError, ValueError):
        return path.as_posix()
    return os.fspath(inside.as_posix())
