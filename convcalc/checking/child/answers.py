"""What goes out: numbers as lists, what an error is, and what became of an input."""

from __future__ import annotations

import os
from dis import opmap
from typing import Any

from convcalc.checking.child.source import Source

MOST_NUMBERS = 200_000
"""More than any case's result has; a function that returns more isn't waited for."""
MOST_LEVELS = 20
LONGEST_TEXT = 2_000
LARGEST_INT = 2**62
"""Larger ones are written in base 16: JSON's readers have a limit for decimal digits."""


class Refused(Exception):
    """Something that isn't what was asked for; `reply` says what."""

    def __init__(self, **reply: Any) -> None:
        super().__init__()
        self.reply = reply


def plain(value: Any) -> Any:
    """Return lists, arrays or tensors, also within one another, as lists of numbers.

    What is none of these stands there as {"type": its name}.
    """
    left = [MOST_NUMBERS]

    def made(value: Any, level: int) -> Any:
        if level > MOST_LEVELS:
            raise Refused(refused=f"it is nested more than {MOST_LEVELS} levels deep")
        if hasattr(value, "tolist"):
            count = value.numel() if hasattr(value, "numel") else getattr(value, "size", 0)
            if isinstance(count, int) and count > MOST_NUMBERS:
                left[0] = -1
            else:
                value = value.tolist()
        left[0] -= 1
        if left[0] < 0:
            raise Refused(refused=f"it has more than {MOST_NUMBERS:,} entries")
        if isinstance(value, (list, tuple)):
            return [made(each, level + 1) for each in value]
        if isinstance(value, int):
            return int(value) if abs(int(value)) < LARGEST_INT else {"int": hex(value)}
        if hasattr(type(value), "__float__") and not isinstance(value, str):
            return float(value)
        return {"type": type(value).__name__}

    return made(value, 0)


def difference(before: Any, after: Any) -> list[Any] | None:
    """Return where two tensors first differ, with what was there and is; no place: in shape."""
    if not isinstance(before, list):
        return None if before == after else [[], before, after]
    if not isinstance(after, list) or len(before) != len(after):
        return [[], None, None]
    for index, pair in enumerate(zip(before, after, strict=True)):
        found = difference(*pair)
        if found is not None:
            return [[index, *found[0]], *found[1:]]
    return None


def described(error: BaseException, folder: str, source: Source | None) -> dict[str, Any]:
    """Return what an error is, where in the user's files it arose, and whether they raised it."""

    def place(file: str, line: int) -> list[Any]:
        if source is not None and file == source.path:
            return [*source.place(line)]
        return [os.path.basename(file), line]

    try:
        text = str(error)[:LONGEST_TEXT]
    except BaseException:
        text = ""
    line, raised = None, False
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        in_own = own(code.co_filename, folder)
        raised = in_own and code.co_code[frame.tb_lasti] == opmap["RAISE_VARARGS"]
        if in_own:
            line = place(code.co_filename, frame.tb_lineno)
        frame = frame.tb_next
    if isinstance(error, SyntaxError) and error.filename and own(error.filename, folder):
        line, text = [os.path.basename(error.filename), error.lineno], str(error.msg)
    missing = []
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        missing = [type(error.obj).__name__, error.name]
    return {
        "type": type(error).__name__,
        "text": text,
        "line": line,
        "explicit": raised,
        "missing": missing,
    }


def own(file: str, folder: str) -> bool:
    """Return whether a file is in the user's folder, and not in a library's in that."""
    return os.path.abspath(file).startswith(os.path.join(folder, "")) and "-packages" not in file
