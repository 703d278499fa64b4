"""The edits of a mend as a unified diff, as `patch -p0` takes it; nothing is written anywhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from convcalc.formulas import ConvcalcError
from convcalc.network.answer.misfits import Mend
from convcalc.reading.texts.sources import read_text
from convcalc.text import writable

AROUND = 3
"""How many lines around a change are shown."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
MISSING_END = "\n\\ No newline at end of file\n"
COLOURS = {"-": "31", "+": "32", "@": "36"}
"""What the lines of a diff are coloured in, by how they begin, but for the names of its files."""


def unified(mend: Mend, folder: Path) -> tuple[str, Path]:
    """Return the diff of a mend, and the folder from which its paths lead to the files.

    That is the given one where they lie below it. Raises ConvcalcError where there is no file to
    be changed: of what was typed or piped, of a notebook, and in UTF-16.
    """
    for path, before, _ in mend.texts:
        if path.suffix == ".ipynb":
            raise ConvcalcError("the cells of a notebook can't be patched")
        if not path.is_file() or read_text(path) != before:
            raise ConvcalcError("there is no file to be patched")
        try:
            path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise ConvcalcError("a file in UTF-16 can't be patched") from None
    folder = folder.resolve()
    paths = [path.resolve() for path, _, _ in mend.texts]
    if not all(path.is_relative_to(folder) for path in paths):
        folder = Path(os.path.commonpath([path.parent for path in paths]))
    parts = []
    for path, before, after in sorted(mend.texts):
        name = path.resolve().relative_to(folder).as_posix()
        raw = LINE.findall(path.read_bytes().decode("utf-8"))
        parts += [f"--- {name}\n", f"+++ {name}\n", *_hunks(raw, before, after)]
    return "".join(parts), folder


def _hunks(raw: Sequence[str], before: str, after: str) -> Iterator[str]:
    """Yield the hunks of one file; its lines end as they do in it."""
    ending = "\r\n" if raw and raw[0].endswith("\r\n") else "\n"
    old, new = before.split("\n"), after.split("\n")
    if old and not old[-1]:
        old, new = old[:-1], new[:-1]
    whole = bool(raw) and raw[-1].endswith(("\r", "\n"))
    written = [f"{line}{ending}" for line in new]
    if not whole and written:
        written[-1] = new[-1]
    for group in SequenceMatcher(None, old, new, False).get_grouped_opcodes(AROUND):
        start, end, first, last = group[0][1], group[-1][2], group[0][3], group[-1][4]
        yield f"@@ -{_span(start, end)} +{_span(first, last)} @@\n"
        for kind, one, other, there, back in group:
            if kind == "equal":
                yield from (_line(" ", each) for each in raw[one:other])
                continue
            yield from (_line("-", each) for each in raw[one:other])
            yield from (_line("+", each) for each in written[there:back])


def _line(sign: str, words: str) -> str:
    return f"{sign}{words}" if words.endswith(("\r", "\n")) else f"{sign}{words}{MISSING_END}"


def _span(start: int, end: int) -> str:
    return f"{start + 1},{end - start}" if end > start else f"{start},0"


def show(words: str) -> None:
    """Write a diff to standard output, in colours where it is a terminal that has them."""
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        lines = words.splitlines(keepends=True)
        words = "".join(map(_coloured, lines))
    sys.stdout.write(writable(words, sys.stdout.encoding or "utf-8"))


def _coloured(line: str) -> str:
    code = "1" if line[:4] in ("--- ", "+++ ") else COLOURS.get(line[0], "")
    return f"\x1b[{code}m{line.rstrip()}\x1b[0m\n" if code else line
