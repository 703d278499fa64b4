"""What is shown, kept in a file: an SVG picture, an HTML page or text."""

from __future__ import annotations

import os
from io import StringIO

from rich.console import Console
from rich.text import Text

from convcalc.formulas import ConvcalcError
from convcalc.output.page import Page
from convcalc.output.terminal import NARROWEST, VERBATIM, Drawing

SUFFIXES = (".svg", ".html", ".txt")


def save(shown: Page | str, path: str) -> None:
    """Write what is shown to a file, whole or not at all.

    Raises ConvcalcError where nothing can be written there.
    """
    suffix = os.path.splitext(path)[1].lower()
    folder = os.path.dirname(path) or "."
    if suffix not in SUFFIXES:
        raise _refused(path, "the name has to end in .svg, .html or .txt")
    if not os.path.isdir(folder):
        raise _refused(path, f"there is no folder {folder}")
    if os.path.isdir(path):
        raise _refused(path, "that is a folder")
    text = rendered(shown, suffix)
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _refused(path, str(reason)) from None
    finally:
        if os.path.exists(part):
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
