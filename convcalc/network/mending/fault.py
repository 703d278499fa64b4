"""What is known of a misfit, and a change that might mend it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from convcalc.layers.base import Batch, Shape
from convcalc.network.mending.attempts import Attempt, State
from convcalc.network.mending.numbers import Way
from convcalc.network.mending.source import Change, Source, put_in
from convcalc.network.torch.errors import Details, details
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import Place, passed, place_of
from convcalc.reading.files import Module as File
from convcalc.reading.reader import Frame, Step
from convcalc.reading.texts.sources import read_text
from convcalc.reading.values import Library


@dataclass(frozen=True, eq=False)
class Candidate:
    """What might mend a misfit, and how far from it that is: 0 at the very call."""

    changes: tuple[Change, ...] = ()
    words: str = ""
    """What would do, without its place."""
    rank: int = 0
    inputs: tuple[Shape, ...] | None = None
    expression: str | None = None


@dataclass(frozen=True)
class Shown:
    """The text that print(model) shows."""

    path: Path
    text: str

    def number(self, line: int, name: str, now: int, wanted: int) -> Change | None:
        """Return the change of a layer's argument in a line: by its name, or the first number."""
        words = self.text.split("\n")[line - 1]
        found = re.search(rf"\b{name}=({now})\b", words) or re.search(rf"[(, ]({now})\b", words)
        if found is None:
            return None
        return Change(self.path, line, found.start(1), found.end(1), str(wanted))


class Fault:
    """Where and why a network didn't fit, or mixed its samples, with the texts of its files."""

    def __init__(self, attempt: Attempt, state: State) -> None:
        self.attempt, self.state = attempt, state
        self.reading = attempt.reading
        self.error: BaseException = self.reading.raised or Exception()
        self.told: Details = details(self.error) or Details()
        self.at = place_of(self.error)
        self._sources: dict[Path, Source | None] = {}

    @property
    def tensors(self) -> Sequence[Tensor]:
        """What went into what doesn't fit."""
        return self.told.inputs

    @cached_property
    def step(self) -> Step | None:
        """The call in somebody's own file that doesn't fit."""
        outer: Step | None = None
        innermost: Step | None = None
        for place, own, frame in reversed(passed(self.error)):
            assert isinstance(frame, Frame)
            unit = frame.unit
            line = unit.line_of(place) if isinstance(unit, File) else place.line
            outer = Step(frame, frame.node, line, outer)
            if own and frame.unit.own and isinstance(frame.unit, File):
                innermost = outer
        return innermost

    @cached_property
    def call(self) -> ast.Call | None:
        """The call that doesn't fit, as it stands there."""
        if self.step is None or self.step.node is None or self.source is None:
            return None
        node = self.step.node
        return node if node.lineno <= self.step.line <= (node.end_lineno or 0) else None

    def method_of(self, call: ast.Call) -> ast.expr | None:
        """Return what a call is a method of; None where it is a function, of a library or not."""
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        first = owner
        while isinstance(first, ast.Attribute):
            first = first.value
        names = self.step.frame.unit.names if self.step is not None else {}
        known = names.get(first.id) if isinstance(first, ast.Name) else None
        return None if isinstance(known, Library) else owner

    @cached_property
    def source(self) -> Source | None:
        """The file of that call."""
        return self.source_of(self.step.frame.unit) if self.step is not None else None

    def source_of(self, unit: object) -> Source | None:
        """Return a file that is somebody's own, as it was read."""
        if not isinstance(unit, File) or not unit.own or unit.tree is None:
            return None
        if unit.path not in self._sources:
            project = self.reading.project
            text = self.state.texts.get(unit.path) or project.texts.get(unit.path)
            if text is None:
                text = read_text(unit.path)
            self._sources[unit.path] = Source(unit, text)
        return self._sources[unit.path]

    def source_by(self, path: object) -> Source:
        """Return the file of a path."""
        main = self.reading.project.main
        if self.printed is not None and path == self.printed.path:
            return Source(main, self.printed.text)
        units = [main, *self.reading.project.files.values()]
        found = next((self.source_of(each) for each in units if each.path == path), None)
        assert found is not None, f"{path} is not a file of the project"
        return found

    @cached_property
    def printed(self) -> Shown | None:
        """What print(model) shows, where the model comes from that."""
        if self.reading.builder is None:
            return None
        path = self.reading.project.main.path
        return Shown(path, self.state.texts.get(path) or self.reading.project.texts[path])

    def source_at(self, place: Place) -> Source | None:
        """Return the file of a place."""
        units = [self.reading.project.main, *self.reading.project.files.values()]
        return next((self.source_of(each) for each in units if each.name == place.file), None)

    def nodes_at(self, place: Place, *kinds: type[ast.AST]) -> Iterator[tuple[Source, ast.AST]]:
        """Yield the pieces of syntax of some kinds that stand in a line."""
        source = self.source_at(place)
        if source is None:
            return
        line = source.unit.line_of(place)
        for node in ast.walk(source.tree):
            if isinstance(node, kinds) and _covers(node, line):
                yield source, node

    def candidate(
        self, source: Source, node: ast.AST, *changes: Change | None, rank: int = 0, words: str = ""
    ) -> Iterator[Candidate]:
        """Yield what changes a piece of a file, where that can be written."""
        made = [each for each in changes if each is not None]
        if made and len(made) == len(changes):
            yield Candidate(tuple(made), words or source.shown(node, made[0]), rank=rank)

    def replaced(
        self, source: Source, node: ast.expr, new: str, rank: int = 0, words: str = ""
    ) -> Iterator[Candidate]:
        """Yield what puts a text in the place of a piece of a file."""
        return self.candidate(source, node, source.replaced(node, new), rank=rank, words=words)

    def of_way(self, way: Way, rank: int) -> Candidate:
        """Return what makes a number another one: in a file, or in what was asked about."""
        if not way.asked:
            return Candidate((way.change,), way.said, rank=rank)
        words = (self.state.expression or "").strip()
        other = put_in(words, [way.change]) if words else None
        return Candidate((), f"{other} in the place of {words}", rank, expression=other)


def _covers(node: ast.AST, line: int) -> bool:
    return getattr(node, "lineno", 0) <= line <= (getattr(node, "end_lineno", 0) or 0)


def own_step(step: Step | None) -> Step | None:
    """Return the innermost call that stands in somebody's own file."""
    while step is not None and not (step.frame.unit.own and isinstance(step.frame.unit, File)):
        step = step.outer
    return step


def brackets(node: ast.expr, words: str) -> str:
    """Return an expression's text as something that has methods."""
    plain = isinstance(
        node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Tuple)
    )
    return words if plain else f"({words})"


def is_batch(size: int) -> bool:
    """Return whether a size counts the samples, one each."""
    return isinstance(size, Batch) and size.each == 1
