"""Programs in colours: keywords, texts, numbers, comments, and the names of functions."""

from __future__ import annotations

import re
from keyword import iskeyword

from convcalc.output.page import Program
from convcalc.output.terminal.canvas import Canvas
from convcalc.output.terminal.lines import Lines, Piece

TOKENS = re.compile(r'"""[^"]*"""|"[^"]*"|#.*|(?<=def )\w+|[A-Za-z_]\w*|\d+|\W|_')
"""What is coloured in one piece."""


def program(canvas: Canvas, block: Program) -> Lines:
    """Return a program line by line as it stands."""
    lines = block.text.rstrip("\n").split("\n")
    return Lines([_pieces(canvas, line) for line in lines])


def _pieces(canvas: Canvas, line: str) -> list[Piece]:
    """Return one line, what has no style in one piece."""
    pieces: list[Piece] = []
    before = ""
    for token in TOKENS.findall(canvas.written(line) if line.strip() else ""):
        style = _style(token, before)
        if pieces and pieces[-1][1] == style:
            pieces[-1] = (pieces[-1][0] + token, style)
        else:
            pieces.append((token, style))
        before = token if token.strip() else before
    return pieces


def _style(token: str, before: str) -> str:
    if before == "def":
        return "bold cyan"
    if iskeyword(token):
        return "magenta"
    if token[0] == '"':
        return "green"
    if token[0] == "#":
        return "dim"
    return "yellow" if token[0].isdigit() else ""
