"""JSON, however deep it is nested."""

from __future__ import annotations

import re
from collections.abc import Callable

DEEPEST = 200
"""The deepest nesting of brackets."""
BRACKETS = re.compile(r"[\[\]{}]")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def of_json(content: str | bytes, whole: Callable[[str], int] | None = None) -> object:
    """Return what a text of JSON says; raise ValueError where it is none, or nested too deep.

    `whole` reads whole numbers. Python's own reader would end the process where brackets are
    nested so deep that its stack doesn't suffice.
    """
    import json  # which takes as long to load as a small file to follow

    words = content if isinstance(content, str) else content.decode("utf-8-sig")
    if len(BRACKETS.findall(words)) > DEEPEST and _depth(TEXT.sub("", words)) > DEEPEST:
        raise ValueError(f"brackets are nested more than {DEEPEST} deep")
    found: object = json.loads(words, parse_int=whole)
    return found


def _depth(words: str) -> int:
    depth = deepest = 0
    for bracket in BRACKETS.findall(words):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
