"""The code cells of a notebook as one text of Python, and where its lines stand.

Source: https://nbformat.readthedocs.io/en/latest/format_description.html, and the magics of
https://ipython.readthedocs.io/en/stable/interactive/magics.html
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from convcalc.formulas import ConvcalcError
from convcalc.reading.texts.data import of_json

RUN_AS_PYTHON = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Cell magics whose cell is Python all the same."""
SHELL = "get_ipython"
"""The name by which a program reaches the notebook's shell."""
OFFERED = (SHELL, "display")
"""The names that every notebook has."""
SUFFIX = ".ipynb"
SETS_NAMES = re.compile(r"\s*%(?:run|pylab)\b.*")
"""A line for the shell that sets names."""
MAGIC = re.compile(r"(\s*)(?:([\w, ]+=\s*)?[%!].*|\?.*|[\w.]+\?{1,2}\s*)")
"""A line for the shell; the first group is its indentation, the second what it is assigned to."""
MOST_PARSED = 2**23
"""The most characters that are parsed to find the lines of a notebook that are no Python."""
MOST_CODE = 2**20
"""The most characters of a notebook's code."""

MOST_SAID = 60
"""The most characters that are told of a line."""


class Notebook(NamedTuple):
    """The code of a notebook."""

    text: str
    """One text of as many lines as all code cells have together."""
    cells: Sequence[int]
    """How many lines stand before each code cell."""
    passed: Sequence[str]
    """What of it isn't Python, in words."""


def read(content: str | bytes) -> Notebook:
    """Return the code of a notebook; raise ConvcalcError where that is none."""
    found = code_cells(content)
    whole = sum(map(len, found))
    if whole > MOST_CODE:
        raise ConvcalcError(f"its cells have {whole:,} characters, {MOST_CODE:,} are the most")
    texts: list[str] = []
    cells: list[int] = []
    passed: list[str] = []
    before = 0
    for number, cell in enumerate(found, 1):
        words, unread = as_python(cell, MOST_PARSED // max(whole, 1))
        texts.append(words)
        passed += [f"cell {number}, {each}" for each in unread]
        cells.append(before)
        before += cell.count("\n") + 1
    return Notebook("\n".join(texts), cells, passed)


def as_python(cell: str, most: int) -> tuple[str, list[str]]:
    """Return a cell as Python of as many lines, and what of it may set names and isn't read.

    `most` is how often it may be parsed.
    """
    nothing = "\n" * cell.count("\n")
    if cell.lstrip().startswith("%%"):
        magic = cell.split(maxsplit=1)[0]
        if magic not in RUN_AS_PYTHON:
            return nothing, [magic]
        cell = re.sub("%%.*", "", cell, count=1)
    try:
        words = without_magics(cell, most)
    except SyntaxError as error:
        return nothing, [f"which isn't Python: {error.msg}"]
    except (ValueError, RecursionError, MemoryError) as error:
        return nothing, [f"which isn't Python: {str(error) or 'it is nested too deep'}"]
    lines = zip(cell.split("\n"), words.split("\n"), strict=True)
    return words, [
        old.strip()[:MOST_SAID] for old, new in lines if old != new and SETS_NAMES.fullmatch(old)
    ]


def place(cells: Sequence[int], line: int) -> tuple[int, int]:
    """Return the number of the code cell in which a line stands, from 1, and the line in it."""
    number = bisect_left(cells, line)
    return number, line - cells[number - 1]


def code_cells(content: str | bytes) -> list[str]:
    """Return the texts of a notebook's code cells, in the formats from 3 on."""
    try:
        notebook = of_json(content)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]  # type: ignore[index,operator]
        texts = [
            each.get("source", each.get("input", ""))
            for each in cells
            if each["cell_type"] == "code"
        ]
        return ["".join(each).replace("\r\n", "\n").replace("\r", "\n") for each in texts]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ConvcalcError("it isn't a notebook: there are no cells in it") from None


def without_magics(cell: str, most: int) -> str:
    """Return a cell in which lines for the shell do nothing, where it isn't Python as it stands.

    Raises SyntaxError, of the cell as it stands, where it is no Python without them either.
    """
    lines, first = cell.split("\n"), None
    for _ in range(most + 1):
        words = "\n".join(lines)
        try:
            check(words)
            return words
        except SyntaxError as error:
            first = first or error
            at = min(error.lineno or 1, len(lines)) - 1
            near = [*range(at, -1, -1), *range(at + 1, len(lines))]
            found = next((each for each in near if MAGIC.fullmatch(lines[each])), None)
        if found is None:
            break
        pass_over(lines, found)
    assert first is not None
    raise first


def pass_over(lines: list[str], at: int) -> None:
    """Put in the place of a line for the shell one that does nothing."""
    magic = MAGIC.fullmatch(lines[at])
    assert magic is not None
    goes_on = lines[at].endswith("\\")
    lines[at] = f"{magic[1]}{magic[2]}{SHELL}()" if magic[2] else f"{magic[1]}pass"
    while goes_on and at + 1 < len(lines):
        at += 1
        goes_on, lines[at] = lines[at].endswith("\\"), ""


def check(words: str) -> None:
    """Raise SyntaxError where a cell is no Python; what awaits at its top level is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(words, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
