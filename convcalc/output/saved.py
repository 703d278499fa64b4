"""What is shown, kept in a file: an SVG picture, an HTML page or text."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment

from convcalc.formulas import ConvcalcError
from convcalc.output import picture
from convcalc.output.page import Page
from convcalc.output.picture import Run
from convcalc.output.signals import tidied
from convcalc.output.terminal.canvas import NARROWEST, console_of
from convcalc.output.terminal.page import Drawing

if TYPE_CHECKING:
    from convcalc.output import Target

SUFFIXES = (".svg", ".html", ".txt")


def save(shown: Page | str, file: Target, written: bool = False) -> None:
    """Write what is shown to a file, whole or not at all.

    `written` says that what is shown is the file's whole text already.
    Raises ConvcalcError where nothing can be written there.
    """
    path = file.path
    if file.suffix not in SUFFIXES:
        raise _refused(path, "the name has to end in .svg, .html or .txt")
    try:
        target = os.path.realpath(path)  # a link stays, and what it leads to is written
    except ValueError:
        raise _refused(path, "no file can have that name") from None
    try:
        _check_target(path, target)
        text = shown if written and isinstance(shown, str) else rendered(shown, file)
        _write(target, text)
    except OSError as error:
        raise _refused(path, str(error.strerror or error)) from None


def _check_target(path: str, target: str) -> None:
    """Raise ConvcalcError where there is no file and can't be one."""
    if not os.path.isdir(os.path.dirname(target)):
        raise _refused(path, f"there is no folder {os.path.dirname(path) or '.'}")
    if os.path.isdir(target):
        raise _refused(path, "that is a folder")
    if os.path.exists(target) and not os.path.isfile(target):
        raise _refused(path, "that is not a file")
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise _refused(path, "that file is write-protected")


def _write(target: str, text: str) -> None:
    """Write a text to a new file beside the target, which it then replaces, with its mode."""
    # A short name of its own, so that a target's may be as long as names can be.
    part = os.path.join(os.path.dirname(target), f".convcalc-{os.urandom(8).hex()}")
    with tidied():
        try:
            created = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            with open(created, "w", encoding="utf-8") as file:
                file.write(text)
                if os.path.exists(target):
                    os.chmod(part, stat.S_IMODE(os.stat(target).st_mode))
            os.replace(part, target)
        finally:
            with suppress(FileNotFoundError):
                os.remove(part)


def _refused(path: str, message: str) -> ConvcalcError:
    return ConvcalcError(f"{path or repr(path)}: {message}", "save")


def rendered(shown: Page | str, file: Target) -> str:
    """Return what the terminal shows as an SVG picture, an HTML page or text."""
    if file.suffix == ".txt" and isinstance(shown, str):
        return shown
    lines = shown.splitlines() if isinstance(shown, str) else _drawn(shown, file.suffix)
    if file.suffix == ".txt":
        return "".join(f"{_text(line).rstrip()}\n" for line in lines)
    runs = [list(_runs(line)) for line in lines]
    if file.suffix == ".svg":
        return picture.svg(runs, file.theme or "light")
    return picture.html(runs, file.theme, flows=not isinstance(shown, str))


def frames(pages: Sequence[Page]) -> list[list[list[Run]]]:
    """Return what the terminal shows of pages as the frames of a picture."""
    return [[list(_runs(line)) for line in _drawn(page, ".svg")] for page in pages]


def _drawn(page: Page, suffix: str) -> list[list[Segment]]:
    """Return the lines of a page as wide as the terminal, or else as it is itself."""
    terminal = console_of()
    console = console_of(
        file=StringIO(),
        record=True,
        # Without colours, marks are brackets: a text has no others.
        color_system=None if suffix == ".txt" else "truecolor",
        force_terminal=terminal.is_terminal,
        width=terminal.width if terminal.is_terminal else NARROWEST,
        height=terminal.height,
    )
    # A picture keeps its sentences within its tables' width; a page's are broken by the browser;
    # text, like a pipe, breaks none.
    drawn = Drawing(console, wraps=suffix == ".svg", flows=suffix == ".html").picture(page)
    # Not console.render_lines, which cuts what sticks out: a file is as wide as its longest line.
    return list(Segment.split_lines(console.render(drawn)))


def _text(line: str | list[Segment]) -> str:
    return line if isinstance(line, str) else "".join(segment.text for segment in line)


def _runs(line: str | list[Segment]) -> Iterator[Run]:
    """Yield the pieces of a line with their places and how they look."""
    column = 0
    for segment in [Segment(line)] if isinstance(line, str) else line:
        style, width = segment.style, cell_len(segment.text)
        colour = style.color.name if style and style.color else "text"
        if style and style.dim:
            colour = "dim"
        bold, reverse = bool(style and style.bold), bool(style and style.reverse)
        yield Run(segment.text, column, width, colour, bold, reverse)
        column += width
