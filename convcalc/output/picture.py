"""What a terminal shows, as an SVG picture and as a page of HTML, with nothing from elsewhere.

Frames are drawn as lines and every text is held to its columns, so that a picture is right in
whatever fonts there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from re import finditer
from typing import NamedTuple

THEMES = {
    "light": {
        "back": "#ffffff", "text": "#1f2328", "dim": "#626a73", "cyan": "#0a6c7d",
        "magenta": "#9a2397", "green": "#1d6b35", "yellow": "#845400", "blue": "#0550ae",
        "red": "#b3261e",
    },
    "dark": {
        "back": "#16181d", "text": "#e6e8eb", "dim": "#9aa3ad", "cyan": "#5fd3e6",
        "magenta": "#e59be3", "green": "#7fd48f", "yellow": "#e0b95b", "blue": "#8ab8ff",
        "red": "#ff8f86",
    },
}  # fmt: skip
"""The colours of a picture; every one of them has a contrast of at least 4.5:1 to the back."""

FONTS = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace"

WIDTH, HEIGHT, FONT_SIZE = 8.4, 18.0, 14
"""What one character takes, and the size of its font, in pixels."""
MARGIN = 12.0
BASELINE = 13.0

HELD = 2
"""How many frames longer the last one of a moving picture is shown."""

SIDES = {
    "─": "lr", "│": "tb", "╭": "rb", "╮": "lb", "╰": "tr", "╯": "tl",
    "├": "tbr", "┤": "tbl", "┬": "lrb", "┴": "lrt", "┼": "lrtb",
}  # fmt: skip
"""The sides of its cell to which a glyph's lines run from the middle."""


class Run(NamedTuple):
    """A piece of a line that looks the same: its text, the column of its begin, its colour."""

    text: str
    column: int
    width: int
    colour: str
    bold: bool
    reversed: bool


def svg(lines: Sequence[Sequence[Run]], theme: str) -> str:
    """Return lines as a picture."""
    parts = _opened(_columns(lines), len(lines), theme)
    strokes: list[str] = []
    for row, line in enumerate(lines):
        top = MARGIN + row * HEIGHT
        for run in line:
            parts += _texts(run, top)
            strokes += _strokes(run, top)
        parts.append("")  # a line of the file to each line of the picture
    parts.append(f'<path class="frame" d="{"".join(strokes)}"/>')
    return "\n".join([*parts, "</svg>"]).replace("\n\n", "\n") + "\n"


def moving(frames: Sequence[Sequence[Sequence[Run]]], theme: str, seconds: float) -> str:
    """Return frames of lines as a picture that moves, again and again, so many seconds a frame.

    The last frame is held longer, and is all there is for who wants no motion.
    """
    ends = len(frames) + HELD
    shown = {
        (row, since, until): line
        for row in range(max(map(len, frames)))
        for since, until, line in _stretches([frame[row : row + 1] for frame in frames])
    }
    styles = [
        _shown_between(since, until, ends, seconds, last=until == len(frames))
        for since, until in sorted({(since, until) for _, since, until in shown})
        if until - since < len(frames)
    ]
    still = "@media(prefers-reduced-motion:reduce){g{animation:none!important}}"
    columns, rows = max(map(_columns, frames)), max(map(len, frames))
    parts = _opened(columns, rows, theme, "\n".join([*styles, still]))
    for (row, since, until), line in shown.items():
        top = MARGIN + row * HEIGHT
        strokes = "".join(stroke for run in line for stroke in _strokes(run, top))
        drawn = [text for run in line for text in _texts(run, top)]
        drawn += [f'<path class="frame" d="{strokes}"/>'] if strokes else []
        always = until - since == len(frames)
        parts += ["<g>" if always else f'<g class="f{since}-{until}">', *drawn, "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _shown_between(since: int, until: int, ends: int, seconds: float, last: bool) -> str:
    """Return the style of what is seen from one frame until another, of so many in a round.

    Where nothing moves, what is seen in the last frame is.
    """
    name = f"f{since}-{until}"
    moments = [(0, "hidden")] if since else []
    moments.append((since, "visible"))
    if not last:
        moments.append((until, "hidden"))
    steps = "".join(f"{at / ends:.4%}{{visibility:{how}}}" for at, how in moments)
    at_rest = "" if last else ";visibility:hidden"
    return (
        f".{name}{{animation:{name} {seconds * ends:g}s step-end infinite{at_rest}}}"
        f"@keyframes {name}{{{steps}}}"
    )


def _stretches(
    of_row: Sequence[Sequence[Sequence[Run]]],
) -> Iterator[tuple[int, int, Sequence[Run]]]:
    """Yield (first frame, frame after the last, line) for each stretch of frames with one line."""
    since = 0
    for at in range(1, len(of_row) + 1):
        if at == len(of_row) or of_row[at] != of_row[since]:
            if of_row[since] and of_row[since][0]:
                yield since, at, of_row[since][0]
            since = at


def _columns(lines: Sequence[Sequence[Run]]) -> int:
    return max((run.column + run.width for line in lines for run in line), default=1)


def _opened(columns: int, rows: int, theme: str, more: str = "") -> list[str]:
    """Return how a picture of so many columns and rows begins."""
    width, height = columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN
    colours = THEMES[theme]
    styles = "".join(f".{name}{{fill:{colours[name]}}}" for name in colours)
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img">',
        "<title>convcalc</title>",
        f"<style>text{{font:{FONT_SIZE}px {FONTS};white-space:pre}}.b{{font-weight:bold}}"
        f".frame{{stroke:{colours['dim']};fill:none}}{styles}{more}</style>",
        '<rect class="back" width="100%" height="100%" rx="6"/>',
    ]


def _texts(run: Run, top: float) -> Iterator[str]:
    """Yield what is written in a run, what stands apart apart, so that no column drifts."""
    left = MARGIN + run.column * WIDTH
    colour = run.colour
    if run.reversed:
        yield (
            f'<rect class="{colour}" x="{left - 2:.1f}" y="{top + 1:.1f}" '
            f'width="{run.width * WIDTH + 4:.1f}" height="{HEIGHT - 2:.1f}" rx="3"/>'
        )
        colour = "back"
    wide = run.width / max(1, len(run.text))
    kind = f"{colour} b" if run.bold else colour
    for word in finditer(r"[^\s─│╭╮╰╯├┤┬┴┼]+(?: [^\s─│╭╮╰╯├┤┬┴┼]+)*", run.text):
        x, length = left + word.start() * wide * WIDTH, len(word[0]) * wide * WIDTH
        yield (
            f'<text class="{kind}" x="{x:.1f}" y="{top + BASELINE:.1f}" '
            f'textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs">{escape(word[0])}</text>'
        )


def _strokes(run: Run, top: float) -> Iterator[str]:
    """Yield the lines of the frames in a run, as long as they go."""
    for drawn in finditer("─+|[│╭╮╰╯├┤┬┴┼]", run.text):
        x = MARGIN + (run.column + drawn.start()) * WIDTH
        y = top + HEIGHT / 2
        if drawn[0][0] == "─":
            yield f"M{x:.1f} {y:.1f}h{len(drawn[0]) * WIDTH:.1f}"
            continue
        middle = x + WIDTH / 2
        ends = {
            "l": f"{x:.1f} {y:.1f}",
            "r": f"{x + WIDTH:.1f} {y:.1f}",
            "t": f"{middle:.1f} {top:.1f}",
            "b": f"{middle:.1f} {top + HEIGHT:.1f}",
        }
        sides = SIDES[drawn[0]]
        if drawn[0] in "╭╮╰╯":
            yield f"M{ends[sides[0]]}Q{middle:.1f} {y:.1f} {ends[sides[1]]}"
        else:
            yield "".join(f"M{middle:.1f} {y:.1f}L{ends[side]}" for side in sides)


def html(lines: Sequence[Sequence[Run]], theme: str | None, flows: bool = False) -> str:
    """Return lines as a page, light or dark as its reader's system is unless a theme is asked.

    Where it `flows`, the browser breaks what is in no frame between words, beside its label.
    """
    first = theme or "light"
    style = f":root{{color-scheme:{theme or 'light dark'};{_variables(first)}}}"
    if theme is None:
        style += f"@media(prefers-color-scheme:dark){{:root{{{_variables('dark')}}}}}"
    style += f"body{{background:var(--back);color:var(--text)}}pre{{font:14px/1.15 {FONTS}}}"
    style += ".b{font-weight:bold}"
    style += (
        ".s{display:block;max-width:100ch;white-space:pre-wrap;overflow-wrap:break-word;"
        "padding-left:calc(var(--label)*1ch);text-indent:calc(var(--label)*-1ch)}"
    )
    for name in THEMES["light"]:
        style += f".{name}{{color:var(--{name})}}"
        style += f".r.{name}{{background:var(--{name});color:var(--back)}}"
    body = "".join(_sentence(line) if flows else f"{_spans(line)}\n" for line in lines)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>convcalc</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n<pre>{body}</pre>\n</body>\n</html>\n"
    )


def _variables(theme: str) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in THEMES[theme].items())


def _sentence(line: Sequence[Run]) -> str:
    """Return a line that a narrow page may break, unless it is of a frame."""
    text = "".join(run.text for run in line)
    if text[:1] in SIDES or not text:
        return f"{_spans(line)}\n"
    label = len(line[0].text) if len(line) > 1 and line[0].text.endswith("  ") else 0
    return f'<span class="s" style="--label:{label}">{_spans(line)}\n</span>'


def _spans(line: Sequence[Run]) -> str:
    return "".join(map(_span, line))


def _span(run: Run) -> str:
    names = [run.colour] if run.colour != "text" or run.reversed else []
    names += ["b"] if run.bold else []
    names += ["r"] if run.reversed else []
    text = escape(run.text)
    return f'<span class="{" ".join(names)}">{text}</span>' if names else text
