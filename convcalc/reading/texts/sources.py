"""The texts of files, and their syntax: read and parsed, or refused in words."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

from convcalc import text as words_of
from convcalc.formulas import ConvcalcError
from convcalc.reading import syntax
from convcalc.reading.texts import notebooks
from convcalc.reading.texts.data import DEEPEST
from convcalc.text import own_text

LONGEST = 2**20
"""The most characters of a file."""
LARGEST = 2**26
"""The most bytes of a notebook, most of whose text is what came out of its cells."""
MOST_WORDS = 150_000
"""The most names, numbers and keywords of a file."""


@functools.cache
def written_here(path: Path) -> ast.Module:
    """Return the syntax of a file that is written here, which is read once."""
    return parse(own_text(path))


def read_notebook(path: Path) -> notebooks.Notebook:
    """Return the code of a notebook, or raise ConvcalcError that says why there is none."""
    words = read_text(path, LARGEST)
    try:
        return notebooks.read(words)
    except ConvcalcError as error:
        raise ConvcalcError(f"{path.name}: {error.message}") from None


def read_text(path: Path, longest: int = LONGEST, name: str = "") -> str:
    """Return the text of a file, or raise ConvcalcError that says by its name why there is none."""
    name = name or path.name or str(path)
    try:
        if not path.is_file():
            exists = "that is not a file" if path.exists() else "there is no such file"
            reason = "that is a folder" if path.is_dir() else exists
        elif path.stat().st_size > longest:
            reason = f"the file has more than {longest:,} bytes"
        else:
            with open(path, "rb") as file:
                return decoded(file.read(longest + 1))
    except UnicodeDecodeError:
        reason = "not a text in UTF-8"
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error)
    raise ConvcalcError(f"{name}: {reason}")


def decoded(data: bytes) -> str:
    """Return a text in UTF-8, or in UTF-16 as Windows' shell writes it; raise UnicodeDecodeError.

    Lines end as Python has them.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16")
    elif data[1:2] == b"\0" and not any(data[1:200:2]):
        text = data.decode("utf-16-le")
    else:
        text = data.decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, name: str = "") -> ast.Module:
    """Return the syntax of a text, or raise ConvcalcError at the place that can't be read."""
    where, whole = f"{name}, " if name else "", name or "the text"
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ConvcalcError(f"{where}line {line}: a null byte is not Python")
    declared = DECLARED.match(text)
    if declared and declared[1].lower().replace("_", "-") not in ("utf-8", "utf8", "ascii"):
        raise ConvcalcError(f"{whole} declares to be in {declared[1]}, UTF-8 alone is read")
    depth = 0
    if len(text) > 2 * MOST_WORDS and sum(1 for _ in re.finditer(r"\w+", text)) > MOST_WORDS:
        raise ConvcalcError(f"{whole} has more than {MOST_WORDS:,} words")
    for bracket in re.findall(r"[\[\](){}]", text):
        depth += 1 if bracket in "([{" else -1
        if depth > DEEPEST:
            raise ConvcalcError(f"{whole}: brackets are nested more than {DEEPEST} deep")
    try:
        return syntax.module(text)
    except SyntaxError as error:
        raise ConvcalcError(f"{where}{_misread(error, text)}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ConvcalcError(f"{whole} can't be read as Python") from None


def check(tree: ast.Module, name: str) -> None:
    """Raise ConvcalcError for what Python's parser takes and its compiler refuses."""
    try:
        syntax.check(tree)
    except SyntaxError as error:
        raise ConvcalcError(f"{name}, line {error.lineno or 1}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise ConvcalcError(f"{name} can't be read as Python") from None


DECLARED = re.compile(r"(?:[ \t\f]*(?:#.*)?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""What says in which encoding a file is, in one of its first two lines."""


def _misread(error: SyntaxError, words: str) -> str:
    """Return where Python's parser stops, and at what."""
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    lines = words.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    if syntax.is_number_too_long(error):
        return f"line {line}: a number has too many digits"
    said = error.msg.replace(". Perhaps you forgot a comma?", ", perhaps a comma is missing")
    at = f", at {words_of.excerpt(rest)}" if rest else ""
    return f"line {line}, column {column}: {said}{at}"
