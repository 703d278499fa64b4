"""Option values as people type them: 3x32x32, 3x5, 0:1x0:1, same."""

from __future__ import annotations

import re

from convcalc.formulas import ConvcalcError, Pair
from convcalc.layers import Ends, Shape

LARGEST = 10**12
"""The largest number that an option takes: beyond any tensor, yet quick to calculate with."""

PADDING_WORDS = ("same", "valid", "full")


def read_number(text: str, least: int) -> int:
    """Return a whole number from `least` to LARGEST."""
    text = text.strip()
    if re.fullmatch(r"-?[0-9]+", text) is None:
        raise ConvcalcError(f"{text!r} is not a whole number" if text else "a number is missing")
    if len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise ConvcalcError(f"at most {LARGEST:,} would do")
    if int(text) < least:
        raise ConvcalcError(f"at least {least} would do")
    return int(text)


def read_positive(text: str) -> int:
    """Return a whole number that is at least 1."""
    return read_number(text, 1)


def read_index(text: str) -> int:
    """Return a whole number that is at least 0."""
    return read_number(text, 0)


def read_seconds(text: str) -> float:
    """Return a number of seconds, at most a minute."""
    if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text.strip()) is None or float(text) > 60:
        raise ConvcalcError("a number of seconds from 0 to 60, such as 0.5, would do")
    return float(text)


def read_shape(text: str) -> Shape:
    """Return the sizes in `3x32x32`; x, X, × and , separate."""
    return tuple(read_number(each, 1) for each in _split(text, "CxHxW, such as 3x32x32,"))


def read_sizes(text: str) -> Shape:
    """Return one size for every axis (`3`) or one per axis (`3x5`), at least 1."""
    return tuple(read_number(each, 1) for each in _split(text, "3 or 3x5"))


def read_counts(text: str) -> Shape:
    """Return one count for every axis or one per axis, at least 0."""
    return tuple(read_number(each, 0) for each in _split(text, "1 or 1x0"))


def read_padding(text: str) -> Ends | str:
    """Return (before, after) for every axis or per axis, or a word that stands for them."""
    if text.strip().lower() in PADDING_WORDS:
        return text.strip().lower()
    return tuple(_ends(each) for each in _split(text, "1, 1x2, 0:1x0:1, same, valid or full"))


def _ends(text: str) -> Pair:
    before, colon, after = text.partition(":")
    first = read_number(before, 0)
    return first, read_number(after, 0) if colon else first


def _split(text: str, examples: str) -> list[str]:
    parts = re.split("[xX×,]", text)
    for part in parts:
        if re.fullmatch(r"\s*-?[0-9]+\s*(:\s*-?[0-9]+\s*)?", part) is None:
            raise ConvcalcError(f"not understood, {examples} would do")
    return parts
