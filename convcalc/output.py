"""Results written out: a table, JSON, CSV or Markdown, and a picture or text in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from convcalc.formulas import ConvcalcError
from convcalc.pages import Cell, Facts, Matrices, Memory, Page, cell_text, writable

A = TypeVar("A")
Row = Sequence[Cell]

SUFFIXES = (".svg", ".html", ".txt")


def show(
    answer: A,
    page: Callable[[A], Page],
    json: Callable[[A], dict[str, Any]],
    format: str = "table",
    save: str | None = None,
) -> None:
    """Write an answer to standard output in a format, and what that shows to a file."""
    shown: Page | str
    if format == "json":
        shown = _json(json(answer))
    else:
        shown = page(answer)
        if format == "csv":
            shown = _csv(shown)
        elif format == "markdown":
            shown = "\n".join(_markdown(shown)) + "\n"
    if save:
        _save(shown, save)
    if isinstance(shown, Page):
        from convcalc.drawing import draw  # here, since Rich takes longer to load than the rest

        draw(shown)
    else:
        sys.stdout.write(writable(shown, sys.stdout.encoding or "utf-8"))


def step_through(pages: Iterable[Page], delay: float) -> None:
    """Show pages one after the other in the same place of the terminal, `delay` seconds each."""
    from convcalc.drawing import animate

    animate(pages, delay)


def check_target(path: str) -> None:
    """Raise ConvcalcError where nothing can be saved to this path."""
    folder = os.path.dirname(path) or "."
    if os.path.splitext(path)[1].lower() not in SUFFIXES:
        raise ConvcalcError(f"save {path}: a file name that ends in .svg, .html or .txt would do")
    if not os.path.isdir(folder):
        raise ConvcalcError(f"save {path}: there is no folder {folder}")
    if os.path.isdir(path):
        raise ConvcalcError(f"save {path}: that is a folder, a file would do")


def _save(shown: Page | str, path: str) -> None:
    """Write a file whole or not at all."""
    from convcalc.drawing import picture

    check_target(path)
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(picture(shown, os.path.splitext(path)[1].lower()))
        os.replace(part, path)
    except OSError as error:
        raise ConvcalcError(f"save {path}: {error.strerror}, a writable place would do") from None
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


def _csv(page: Page) -> str:
    """Return a page's tables; matrices one below the other, each under a line that names it."""
    from csv import writer
    from io import StringIO

    text = StringIO()
    rows = writer(text, lineterminator="\n")
    for name, header, body in _tables(page):
        if name:
            rows.writerows([[], [name]] if text.tell() else [[name]])
        rows.writerow(header)
        rows.writerows(map(_raw, row) for row in body)
    return text.getvalue()


def _raw(cell: Cell) -> str | float:
    """Return a cell as a program reads it: 1024x27, bytes as they are."""
    if isinstance(cell, Memory):
        return cell.size
    if isinstance(cell, tuple):
        return "x".join("C_out" if each is None else str(each) for each in cell)
    return "" if cell is None else cell


def _markdown(page: Page) -> Iterator[str]:
    yield f"**{page.heading}**"
    for name, header, body in _tables(page, remarks=False):
        yield ""
        if name:
            yield from (name, "")
        yield _markdown_row(header)
        yield "|" + "---|" * len(header)
        for row in body:
            yield _markdown_row(row)
    if page.code:
        yield from ("", "```python", page.code, "```")
    for note in page.notes:
        yield from ("", f"Note: {note}")


def _markdown_row(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(cell_text(cell).replace("|", "\\|") for cell in cells) + " |"


def _tables(page: Page, remarks: bool = True) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """Yield every table as its name, header and rows; `remarks` puts code and notes among them."""
    for block in page.blocks:
        if isinstance(block, Facts):
            rows: list[Row] = [*block.rows]
            if remarks:
                rows += [("PyTorch", page.code, "")] if page.code else []
                rows += [("note", note, "") for note in page.notes]
            yield "", ("quantity", "value", "how"), rows
        elif isinstance(block, Matrices):
            for grid in block.grids:
                letters = ", ".join(grid.column_letters)
                labels = [_index(label) for label in grid.column_labels]
                header = (letters, *(labels or map(str, range(len(grid.rows[0])))))
                names = grid.row_labels or tuple(map(str, range(len(grid.rows))))
                body: list[Row] = [(name, *row) for name, row in zip(names, grid.rows)]
                yield f"{block.name} {block.letters} {grid.caption}".strip(), header, body
        else:
            yield "", block.columns, block.rows


def _index(label: tuple[int, ...]) -> str:
    return str(label[0]) if len(label) == 1 else f"({', '.join(map(str, label))})"
