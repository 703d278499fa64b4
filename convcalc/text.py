"""Characters that not every terminal has, and what stands for them there."""

from __future__ import annotations

ASCII = {
    "×": "x",
    "·": "*",
    "−": "-",
    "–": "-",
    "′": "'",
    "→": "->",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
    "Σ": "sum",
    "ᵀ": "^T",
    "Ũ": "U~",
    "\N{COMBINING TILDE}": "~",
    "∇": "_grad",
    "⋯": "...",
    "│": "|",
}
"""What stands for a glyph where it can't be written."""


def writable(text: str, encoding: str) -> str:
    """Return the text with what `encoding` can't write replaced by what it can."""
    try:
        text.encode(encoding)
        return text
    except UnicodeEncodeError:
        return "".join(_writable_character(each, encoding) for each in text)


def _writable_character(character: str, encoding: str) -> str:
    escaped = character.encode(encoding, "backslashreplace").decode(encoding)
    return character if escaped == character else ASCII.get(character, escaped)
