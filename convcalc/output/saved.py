"""What is shown, kept in a file: an SVG picture, an HTML page or text."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from io import StringIO

from rich.console import Console
from rich.text import Text

from convcalc.formulas import ConvcalcError
from convcalc.output.page import Page
from convcalc.output.signals import tidied
from convcalc.output.terminal import NARROWEST, VERBATIM, Drawing

SUFFIXES = (".svg", ".html", ".txt")


def save(shown: Page | str, path: str) -> None:
    """Write what is shown to a file, whole or not at all.

    Raises ConvcalcError where nothing can be written there.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in SUFFIXES:
        raise _refused(path, "the name has to end in .svg, .html or .txt")
    try:
        target = os.path.realpath(path)  # a link stays, and what it leads to is written
        _check_target(path, target)
        _write(target, rendered(shown, suffix))
    except OSError as error:
        raise _refused(path, str(error.strerror or error)) from None


def _check_target(path: str, target: str) -> None:
    """Raise ConvcalcError where there is no file and can't be one."""
    if not os.path.isdir(os.path.dirname(target)):
        raise _refused(path, f"there is no folder {os.path.dirname(path) or '.'}")
    if os.path.isdir(target):
        raise _refused(path, "that is a folder")
    if os.path.exists(target) and not os.path.isfile(target):
        raise _refused(path, "that is no file")
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
    return ConvcalcError(f"{path}: {message}", "save")


def rendered(shown: Page | str, suffix: str) -> str:
    """Return what the terminal shows as an SVG picture, an HTML page or text."""
    terminal = Console()
    console = Console(
        file=StringIO(),
        record=True,
        **VERBATIM,
        color_system="truecolor",
        force_terminal=terminal.is_terminal,
        width=terminal.width if terminal.is_terminal else NARROWEST,
    )
    if isinstance(shown, Page):
        # A picture keeps its sentences within its tables' width; text, like a pipe, breaks none.
        Drawing(console, wraps=suffix != ".txt").print(shown)
    else:
        console.width = max(map(len, shown.splitlines()), default=1)
        console.print(Text(shown.rstrip("\n")))
    if suffix == ".svg":
        return console.export_svg(title="convcalc")
    return console.export_html() if suffix == ".html" else console.export_text()
