"""Frames: lines of texts in columns, with a box around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.box import ROUNDED, Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style


def lined(encoding: str) -> Box:
    """Return the box around a table, with lines between its columns."""
    if encoding.startswith("utf"):
        return ROUNDED
    return Box("+-++\n| ||\n+-++\n| ||\n+-++\n+-++\n| ||\n+-++\n", ascii=True)


def unlined(encoding: str) -> Box:
    """Return the box around a matrix, with no lines between its columns."""
    if encoding.startswith("utf"):
        return Box("╭──╮\n│  │\n├──┤\n│  │\n├──┤\n├──┤\n│  │\n╰──╯\n")
    return Box("+--+\n|  |\n+--+\n|  |\n+--+\n+--+\n|  |\n+--+\n", ascii=True)


class Shown:
    """How wide a column is, whether its texts are flush left, and in what style they are."""

    def __init__(self, width: int, left: bool, style: str = "") -> None:
        self.width = width
        self.left = left
        self.style = style

    def padded(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield texts with the blanks that make them as wide as the column."""
        pad = str.ljust if self.left else str.rjust
        made = {text: pad(text, self.width + len(text) - cell_len(text)) for text in {*texts}}
        return map(made.__getitem__, texts)  # most recur in a long table


class Framed:
    """Lines of texts in a frame, the last line apart where it is a total.

    `below` are texts that have a line of their own below the heading and below every row.
    `styles` are those of single places; a `margin` has a text with its style for each row but the
    total, to stand before the first column. Rich's own tables lay out every cell by itself, which
    for ten thousand rows takes seconds.
    """

    def __init__(
        self,
        box: Box,
        columns: Sequence[Shown],
        rows: Sequence[Sequence[str]],
        heading: Sequence[Sequence[str]] = (),
        below: Sequence[str] | None = None,
        total: bool = False,
        styles: Mapping[tuple[int, int], str] | None = None,
        margin: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        self.box = box
        self.columns = columns
        self.rows = rows
        self.heading = heading
        self.below = below
        self.total = total
        self.styles = styles or {}
        self.styled = {row for row, _ in self.styles}
        self.margin = margin
        self.indent = margin_width(margin)

    @property
    def width(self) -> int:
        """How wide it is, its frame and margin included."""
        return framed_width([each.width for each in self.columns]) + self.indent

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(self.width, self.width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [each.width + 2 for each in self.columns]
        widths[0] += self.indent
        yield Segment(f"{self.box.get_top(widths)}\n")
        for texts in self._padded(self.heading):
            yield from self._line(console, texts, ["dim"] * len(texts))
        if self.heading:
            if self.below is not None:
                yield self._spanning(self.below[0], console.get_style("dim"))
            yield Segment(f"{self.box.get_row(widths)}\n")
        usual = [each.style for each in self.columns]
        for i, texts in enumerate(self._padded(self.rows)):
            styles = usual
            if self.total and i == len(self.rows) - 1:
                yield Segment(f"{self.box.get_row(widths)}\n")
                styles = ["bold"] * len(texts)
            if i in self.styled:
                styles = [self.styles.get((i, j)) or each for j, each in enumerate(styles)]
            beside = self.margin[i] if self.margin and i < len(self.margin) else ("", "")
            yield from self._line(console, texts, styles, *beside)
            if self.below is not None and self.below[i + 1]:
                yield self._spanning(self.below[i + 1])
        yield Segment(f"{self.box.get_bottom(widths)}\n")

    def _padded(self, rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
        """Yield rows whose texts are as wide as their columns."""
        columns = zip(self.columns, zip(*rows, strict=True), strict=bool(rows))
        return zip(*(each.padded(texts) for each, texts in columns), strict=True)

    def _line(
        self,
        console: Console,
        texts: Sequence[str],
        styles: Sequence[str],
        beside: str = "",
        style: str = "",
    ) -> Iterator[Segment]:
        """Yield one line, what has no style in one piece."""
        between = f" {self.box.mid_vertical} "
        if not style and not any(styles):  # as nearly every line of a long table
            margin = beside + " " * (self.indent - cell_len(beside))
            line = between.join(texts)
            yield Segment(f"{self.box.mid_left} {margin}{line} {self.box.mid_right}\n")
            return
        plain = f"{self.box.mid_left} "
        if style:
            yield Segment(plain)
            yield Segment(beside, console.get_style(style))
            plain = " " * (self.indent - cell_len(beside))
        else:
            plain += beside + " " * (self.indent - cell_len(beside))
        for j, (text, style) in enumerate(zip(texts, styles, strict=True)):
            plain += between if j else ""
            if style:
                yield Segment(plain)
                yield Segment(text, console.get_style(style))
                plain = ""
            else:
                plain += text
        yield Segment(f"{plain} {self.box.mid_right}\n")

    def _spanning(self, text: str, style: Style | None = None) -> Segment:
        inside = self.width - 4
        padded = text + " " * (inside - cell_len(text))
        return Segment(f"{self.box.mid_left} {padded} {self.box.mid_right}\n", style)


def margin_width(margin: Sequence[tuple[str, str]] | None) -> int:
    """Return how wide a margin is, with the blank behind it."""
    return max((cell_len(text) + 1 for text, _ in margin or ()), default=0)


def framed_width(widths: Sequence[int]) -> int:
    """Return how wide columns are with a frame and a blank on either side of each."""
    return sum(widths) + 3 * len(widths) + 1
