"""Results written out: a table, JSON, CSV or Markdown, and a picture or text in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from convcalc.formulas import ConvcalcError
from convcalc.text import writable

if TYPE_CHECKING:
    from convcalc.output.page import Page
    from convcalc.single.demo import Walkthrough

SUFFIXES = (".svg", ".html", ".txt")


def show(command: str, answer: Any, format: str = "table", save: str | None = None) -> None:
    """Write a command's answer to standard output, and what that shows to a file.

    What isn't needed isn't loaded: for JSON neither the pages nor, with them, Rich.
    """
    shown: Page | str
    if format == "json":
        from convcalc.output import keys

        shown = _json(getattr(keys, f"{command}_json")(answer))
    else:
        from convcalc.output import views

        page: Page = getattr(views, f"{command}_page")(answer)
        shown = page
        if format != "table":
            from convcalc.output import delimited

            shown = delimited.csv(page) if format == "csv" else delimited.markdown(page)
    if save:
        _save(shown, save)
    if isinstance(shown, str):
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(writable(shown, encoding))
        return
    from convcalc.output.terminal import draw

    draw(shown)


def step_through(walks: Iterable[Walkthrough], delay: float) -> None:
    """Show walk-throughs one after the other in the same place, `delay` seconds each."""
    from convcalc.output.terminal import animate
    from convcalc.output.views import demo_frame

    animate(map(demo_frame, walks), delay)


def check_target(path: str) -> None:
    """Raise ConvcalcError where nothing can be saved to this path."""
    folder = os.path.dirname(path) or "."
    if os.path.splitext(path)[1].lower() not in SUFFIXES:
        raise ConvcalcError(f"--save {path}: a file name that ends in .svg, .html or .txt would do")
    if not os.path.isdir(folder):
        raise ConvcalcError(f"--save {path}: there is no folder {folder}")
    if os.path.isdir(path):
        raise ConvcalcError(f"--save {path}: that is a folder, a file would do")


def _save(shown: Page | str, path: str) -> None:
    """Write a file whole or not at all."""
    from convcalc.output.terminal import picture

    check_target(path)
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(picture(shown, os.path.splitext(path)[1].lower()))
        os.replace(part, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConvcalcError(f"--save {path}: {reason}, a writable place would do") from None
    finally:
        if os.path.exists(part):
            os.remove(part)


def _json(keys: dict[str, Any]) -> str:
    """Return JSON with a key to a line, and within a list of objects an object to a line."""
    from json import dumps

    lines = []
    for key, value in keys.items():
        text = dumps(value)
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
            text = "[\n    " + ",\n    ".join(map(dumps, value)) + "\n  ]"
        lines.append(f"  {dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
