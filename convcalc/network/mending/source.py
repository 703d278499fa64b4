"""Where the pieces of a program stand in its text, and what is changed there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from convcalc.formulas import ConvcalcError
from convcalc.network.answer.misfits import Edit
from convcalc.reading.files import Module as File
from convcalc.reading.texts.sources import parse

LONGEST_SHOWN = 72
"""The most characters of a line that are quoted of what would do."""
NAMED = re.compile(r"\w")
"""What a piece of a line has to hold for a person to find it."""
PIECES = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """Other characters in the place of some of a line: from `start` to before `end`."""

    path: Path
    line: int
    start: int
    end: int
    new: str


class Source:
    """A file's text, with the syntax that was read of it."""

    def __init__(self, unit: File, text: str) -> None:
        self.unit, self.path, self.name = unit, unit.path, unit.name
        self.tree = unit.parse()
        self.lines = text.split("\n")

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What each piece of syntax stands in."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def around(self, node: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
        """Return the innermost piece of some kinds around another."""
        at = self.parents.get(node)
        while at is not None and not isinstance(at, kinds):
            at = self.parents.get(at)
        return at

    def column(self, line: int, offset: int) -> int:
        """Return the character of an offset in bytes, as a piece of syntax has it."""
        words = self.lines[line - 1]
        return offset if words.isascii() else len(words.encode()[:offset].decode("utf-8", "ignore"))

    def text_of(self, node: ast.expr | ast.stmt) -> str | None:
        """Return the text of a piece that stands in one line."""
        end = node.end_lineno
        if end != node.lineno or node.end_col_offset is None or end > len(self.lines):
            return None
        start, stop = (self.column(end, at) for at in (node.col_offset, node.end_col_offset))
        return self.lines[end - 1][start:stop]

    def replaced(self, node: ast.expr, new: str) -> Change | None:
        """Return the change that puts a text in the place of a piece that stands in one line."""
        if self.text_of(node) is None or node.end_col_offset is None:
            return None
        start, stop = (
            self.column(node.lineno, at) for at in (node.col_offset, node.end_col_offset)
        )
        return Change(self.path, node.lineno, start, stop, new)

    def appended(self, node: ast.expr, new: str, back: int = 0) -> Change | None:
        """Return the change that puts a text behind a piece, or so many characters before its end.

        None where the characters that it steps back over stand in another line.
        """
        line, offset = node.end_lineno, node.end_col_offset
        if line is None or offset is None or line > len(self.lines):
            return None
        at = self.column(line, offset) - back
        return Change(self.path, line, at, at, new) if at >= 0 else None

    def argument_added(self, call: ast.Call, words: str) -> Change | None:
        """Return the change that gives a call one argument more, by its name."""
        given = [*call.args, *(each.value for each in call.keywords)]
        if not given:
            return self.appended(call, words, 1)
        last = max(given, key=lambda each: (each.end_lineno or 0, each.end_col_offset or 0))
        return self.appended(last, f", {words}")

    def shown(self, node: ast.AST, change: Change) -> str:
        """Return what is said of a change: the call or the statement around it, as it is then."""
        at: ast.AST | None = node
        while at is not None and not isinstance(at, (ast.Call, ast.stmt)):
            parent = self.parents.get(at)
            if isinstance(parent, ast.arguments):
                return f"{_parameter(parent, at)}={change.new}"
            if isinstance(parent, ast.keyword):
                words = self._with(change, at)
                whole = self._with(change, self.parents.get(parent))
                return f"{parent.arg}={words}" if whole is None and words else whole or change.new
            at = parent
        words = self._with(change, at)
        if words is None and isinstance(at, ast.Call) and isinstance(at.func, ast.Attribute):
            words = self._with(change, at, at.func.attr)
        old = self.lines[change.line - 1][change.start : change.end].strip()
        if words is None and old and "\n" not in change.new:
            words = f"{change.new} in the place of {old}"
        return words or change.new.strip(" ,.\n")

    def _with(self, change: Change, node: ast.AST | None, name: str = "") -> str | None:
        """Return a piece as it is with a change, short enough to be said; None where it isn't.

        Of a call of a method, the `name` of that is where it begins.
        """
        if not isinstance(node, (ast.expr, ast.stmt)) or self.text_of(node) is None:
            return None
        start = self.column(node.lineno, node.col_offset)
        stop = self.column(node.lineno, node.end_col_offset or 0)
        line = self.lines[node.lineno - 1]
        if name and isinstance(node, ast.Call):
            start = self.column(node.lineno, node.func.end_col_offset or 0) - len(name)
        if change.line != node.lineno or not start <= change.start <= change.end <= stop:
            return None
        words = line[start : change.start] + change.new + line[change.end : stop]
        return words if len(words) <= LONGEST_SHOWN and "\n" not in words else None


def _parameter(arguments: ast.arguments, default: ast.AST) -> str:
    """Return the name of the parameter that has a default."""
    places = [*arguments.posonlyargs, *arguments.args]
    late = zip(places[len(places) - len(arguments.defaults) :], arguments.defaults, strict=True)
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return next((each.arg for each, value in (*late, *named) if value is default), "")


def put_in(text: str, changes: Iterable[Change]) -> str:
    """Return a text with changes put in; those of one line must not overlap."""
    lines = text.split("\n")
    for each in sorted(changes, key=lambda change: (change.line, change.start), reverse=True):
        words = lines[each.line - 1]
        lines[each.line - 1] = words[: each.start] + each.new + words[each.end :]
    return "\n".join(lines)


def parsed_again(source: Source, text: str) -> ast.Module | None:
    """Return the syntax of a changed text, of which only the changed statement is parsed anew.

    None where it is no Python any more.
    """
    lines = text.split("\n")
    try:
        if len(lines) == len(source.lines):
            changed = [at for at, line in enumerate(lines, 1) if line != source.lines[at - 1]]
            for place, node in enumerate(source.tree.body):
                decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
                first = min([node.lineno, *(each.lineno for each in decorators)])
                last = node.end_lineno or node.lineno
                if changed and first <= changed[0] and changed[-1] <= last:
                    part = "\n" * (first - 1) + "\n".join(lines[first - 1 : last])
                    fresh = parse(part, source.name).body
                    body = [*source.tree.body[:place], *fresh, *source.tree.body[place + 1 :]]
                    if len(fresh) == 1:
                        return ast.Module(body, [])
        return parse(text, source.name)
    except ConvcalcError:
        return None


# ---------------------------------------------------------------------------------------------
# What is different in the end
# ---------------------------------------------------------------------------------------------


def edits(before: Mapping[Path, Source], after: Mapping[Path, str]) -> list[Edit]:
    """Return what is to be changed in files, line by line, in the order of the files."""
    found: list[Edit] = []
    for path in sorted(after, key=str):
        source = before[path]
        for line, old, new in lines_between("\n".join(source.lines), after[path]):
            place = source.unit.place(line)
            found.append(Edit(place.file, place.line, old, new, place.cell))
    return found


def lines_between(before: str, after: str) -> Iterator[tuple[int, str, str]]:
    """Yield where two texts differ: the line of the first, what stands in it, and what then does.

    What stands in it does so once; lines that are added belong to the one before them.
    """
    old, new = before.split("\n"), after.split("\n")
    start, end, last = _between(old, new)
    if start == end and last > start:
        start, end = (start - 1, end) if start else (start, end + 1)
        last += not start and end == 1
    for at in range(start, end):
        other = new[at] if at < end - 1 else "\n".join(new[at:last])
        if "\n" in other:
            yield at + 1, old[at].strip(), other.strip()
        elif old[at] != other:
            yield at + 1, *_smallest(old[at], other)


def _between(old: Sequence[str], new: Sequence[str]) -> tuple[int, int, int]:
    """Return which lines of two texts are others: from the first on, to before these two."""
    start, end, last = 0, len(old), len(new)
    while start < min(end, last) and old[start] == new[start]:
        start += 1
    while end > start and last > start and old[end - 1] == new[last - 1]:
        end, last = end - 1, last - 1
    return start, end, last


def _smallest(old: str, new: str) -> tuple[str, str]:
    """Return the smallest piece of a line that is another one, and that stands in it once."""
    pieces, others = PIECES.findall(old), PIECES.findall(new)
    start = 0
    while start < min(len(pieces), len(others)) and pieces[start] == others[start]:
        start += 1
    end = 0
    while end < min(len(pieces), len(others)) - start and pieces[-1 - end] == others[-1 - end]:
        end += 1
    last = len(pieces) - end
    while True:
        words = "".join(pieces[start:last])
        if NAMED.search(words) and old.find(words) == old.rfind(words):
            break
        if last < len(pieces) and (start == 0 or last - start <= len(pieces) - end - start):
            last += 1
        elif start:
            start -= 1
        else:
            last = min(last + 1, len(pieces))
        if start == 0 and last == len(pieces):
            words = old
            break
    tail = len(pieces) - last
    return words, "".join(others[start : len(others) - tail])


def line_before(before: str, after: str, line: int) -> int:
    """Return the line of a text that is a line of the changed one."""
    old, new = before.split("\n"), after.split("\n")
    _, end, last = _between(old, new)
    return line - (len(new) - len(old)) if line > last else min(line, max(end, 1))
