"""Lines of text whose pieces have styles: sentences, and pictures to stand beside one another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

Piece = tuple[str, str]
"""A text and its style."""

GAP = 2
"""Blanks between two pictures, or two columns of a matrix; its frame needs as many."""


def between_words(text: Text, width: int) -> list[Text]:
    """Return a text in lines of this width; a word that is longer is not broken."""
    breaks, used = [], 0
    for word in re.finditer(r"\S+\s*", text.plain):
        if used and used + cell_len(word[0].rstrip()) > width:
            breaks.append(word.start())
            used = 0
        used += cell_len(word[0])
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


class Sentence:
    """A sentence beside its label, broken between words so that it stays beside it."""

    def __init__(self, sentence: Text, label: str = "") -> None:
        self.sentence = sentence
        self.label = label

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        width = len(self.label) + cell_len(self.sentence.plain)
        return Measurement(width, width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(1, options.max_width - len(self.label))
        for at, line in enumerate(between_words(self.sentence, width)):
            label = Text(" " * len(self.label) if at else self.label, "dim")
            yield Text.assemble(label, line, no_wrap=True, overflow="ignore")


class Lines:
    """Lines of texts, each in its style: a picture that can stand beside another."""

    def __init__(self, lines: list[list[Piece]]) -> None:
        self.lines = lines
        self.width = max((width_of(line) for line in lines), default=0)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(self.width, self.width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            for text, style in line:
                yield Segment(text, console.get_style(style) if style else None)
            yield Segment.line()


def width_of(line: list[Piece]) -> int:
    """Return how many columns a line takes."""
    return sum(cell_len(text) for text, _ in line)


def stacked(pictures: Sequence[Lines], between: int = 0) -> Lines:
    """Return pictures below one another, with some lines between them."""
    lines: list[list[Piece]] = []
    for picture in pictures:
        lines += [[] for _ in range(between if lines else 0)]
        lines += picture.lines
    return Lines(lines)


def side_by_side(pictures: Sequence[Lines]) -> Lines:
    """Return pictures beside one another."""
    lines: list[list[Piece]] = []
    for row in range(max(len(picture.lines) for picture in pictures)):
        line: list[Piece] = []
        for picture in pictures:
            pieces = picture.lines[row] if row < len(picture.lines) else []
            line += [*pieces, (" " * (picture.width - width_of(pieces) + GAP), "")]
        lines.append(line[:-1])
    return Lines(lines)


def in_rows(pictures: Sequence[Lines], room: int) -> list[Lines]:
    """Return pictures side by side as far as they fit."""
    rows: list[list[Lines]] = [[]]
    used = 0
    for picture in pictures:
        width = picture.width + GAP
        if rows[-1] and used + width > room:
            rows.append([])
            used = 0
        rows[-1].append(picture)
        used += width
    return [row[0] if len(row) == 1 else side_by_side(row) for row in rows]
