"""Expressions of torch, each on a line, and how what comes of them is shown by either torch."""

from pathlib import Path

EXPRESSIONS = Path(__file__).parent / "data" / "expressions"
START = """import copy
from collections import OrderedDict
import torch
import torch.nn as nn
import torch.nn.functional as F
"""


def lines(folder=EXPRESSIONS):
    """Yield the lines of all files; in one, `;;` stands between statements and before the last.

    One that begins with a question mark may be refused, all others are answered.
    """
    for path in sorted(folder.glob("*.txt")):
        yield from path.read_text(encoding="utf-8").splitlines()


def program(line):
    """Return the program of a line, which leaves what comes of it in `found`."""
    *before, last = line.removeprefix("? ").split(" ;; ")
    return START + "\n".join([*before, f"found = {last}"]).replace("\\n", "\n") + "\n"


def shown(value):
    """Return a value as text: of a tensor its sizes and its kind of numbers."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{value.dtype} {[int(size) for size in value.shape]}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {shown(each)}' for key, each in value.items())}}}"
    if isinstance(value, (tuple, list)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return f"{kind}({', '.join(map(shown, value))})"
    return repr(value)
