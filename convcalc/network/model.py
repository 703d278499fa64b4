"""Which model is meant, and the one way in: what is answered about a network."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Shape
from convcalc.network import libraries
from convcalc.network.answer.rows import NetworkAnswer
from convcalc.network.configuration import configured, wholes
from convcalc.network.following import Reading
from convcalc.network.inputs import Input
from convcalc.network.mending.attempts import Attempt, State
from convcalc.network.texts import printed
from convcalc.network.texts.instead import check_file, check_text
from convcalc.network.texts.wrapped import unwrapped
from convcalc.network.torch.module import Module
from convcalc.reading.bounds import SECONDS, with_room
from convcalc.reading.exceptions import Behind, NotUnderstood, TooMuch, place_of
from convcalc.reading.files import Project
from convcalc.reading.texts import notebooks
from convcalc.reading.texts.folders import Packages, folders
from convcalc.reading.texts.sources import LONGEST, read_text

if TYPE_CHECKING:
    from convcalc.network.sizes import Trying

OTHERWISE = (
    "FILE.py:function() of the package's own files is read too, and so is what print(model) shows"
)
"""What would do where a package stops the reading."""
TURNS = (1, 2)
"""Further orders in which texts are taken that have none: what comes out must be the same."""

Ask = Callable[[Reading, Module], NetworkAnswer]
Make = Callable[[Reading], Module]


def split(target: str) -> tuple[Path, str | None]:
    """Return the file and the expression of FILE[:EXPRESSION]; a drive's colon is no puzzle."""
    if os.path.exists(target):
        return Path(target), None
    at = target.find(":")
    while at >= 0:
        if os.path.isfile(target[:at]):
            return Path(target[:at]), target[at + 1 :] or None
        at = target.find(":", at + 1)
    return Path(target), None


def is_pattern(name: str) -> bool:
    """Return whether a name is a pattern, which a shell hasn't expanded."""
    return any(sign in name for sign in "*?[")


def _told_of(answer: NetworkAnswer) -> tuple[object, ...]:
    """Return what is the same of two answers that say the same."""
    return (
        answer.output, [*map(astuple, answer.rows)], answer.total_params,
        answer.trainable_params, answer.bytes, answer.error is None,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Question:
    """Which model is asked about, and what its text is."""

    path: Path | None
    """The file, where it is none that was piped or typed."""
    expression: str | None
    name: str
    words: str | None
    """What it is; None of a notebook, whose cells are read later."""
    defined: dict[str, object]
    train: bool
    sequential: bool
    in_order: bool
    """Whether layers whose order isn't known are taken all the same."""
    seconds: float
    """How much processor time it may take."""
    packages: Packages
    """The packages that it may read."""
    runs: bool = False
    """Whether names that only stand behind `if __name__ == "__main__"` are needed."""
    turn: int = 0
    """Which order texts are taken in that have none."""

    @property
    def text_path(self) -> Path:
        """The path by which the text is known: of what is no file, its name."""
        return self.path.resolve() if self.path is not None else Path(self.name)

    @property
    def is_printed(self) -> bool:
        """Whether the text is what print(model) shows."""
        words = self.words
        return words is not None and self.expression is None and printed.is_printed(words)

    def reading(self, trees: Mapping[Path, ast.Module]) -> tuple[Reading, Make]:
        """Return a reading of the text, and what makes the model of it.

        `trees` stand for files in the place of what is on the disk.
        """
        words, name, find, seconds = self.words or "", self.name, libraries.find, self.seconds
        make: Make
        if self.is_printed:
            project = Project.of_text("", name, find, seconds=seconds)
            project.main.path = self.text_path
            project.texts[self.text_path] = words
            make = partial(_printed, words, self.sequential)
            return Reading(project, train=self.train), make
        # Here, since what is printed needs nothing of what a source may call by its name.
        from convcalc.network.choice import model_of
        from convcalc.network.texts import layer_list

        if words and self.expression is None and layer_list.is_list(words):
            plain = layer_list.as_python(words)
            project = Project.of_text(
                plain, name, find, self.defined, seconds, packages=self.packages
            )
            project.main.path = self.text_path
            project.texts[self.text_path] = plain
            make = partial(_listed, self.in_order)
        else:
            made = partial(Project.of_text, words, name)
            if self.path is not None:
                made = partial(Project, self.path)
            project = made(find, self.defined, seconds, packages=self.packages)
            project.trees |= trees
            project.reader.turn = self.turn
            project.wholes = wholes(self.defined)
            make = partial(model_of, self.expression, self.runs)
        if self.path is None:
            layer_list.prepare(project)
        return Reading(project, train=self.train), make

    def tried(self, ask: Ask, state: State) -> Attempt:
        """Return what is answered, of the text or of what is tried in its place."""
        question = replace(
            self,
            words=state.texts.get(self.text_path, self.words),
            expression=state.expression or self.expression,
        )
        reading, make = question.reading(state.trees)
        reading.instead, reading.samples = state.inputs, state.batch
        reading.project.reader.guards.restrict(state.steps, state.until)
        root: Module | None = None
        try:
            with reading.asked():
                try:
                    root = make(reading)
                except (ConvcalcError, RecursionError, MemoryError):
                    raise
                except BaseException as error:
                    answer = NetworkAnswer(
                        name=self.expression or self.name, input=None, output=None,
                        rows=tuple(reading.trace.rows), total_params=None, trainable_params=None,
                        notes=(), error=reading.explained(error),
                    )  # fmt: skip
                else:
                    answer = ask(reading, root)
        except (RecursionError, MemoryError):
            raise TooMuch("this is too large to follow, or nested too deep") from None
        except Behind:
            return replace(self, runs=True).tried(ask, state)
        except ConvcalcError as refusal:
            refusal.place = refusal.place or str(place_of(refusal) or "")
            if self.packages.used and isinstance(refusal, NotUnderstood):
                refusal.message = f"{refusal.told}; {OTHERWISE}"
            raise
        if reading.project.reader.shuffled and not self.turn:
            self._compare(answer, [replace(self, turn=turn).tried(ask, state) for turn in TURNS])
        return Attempt(answer, reading, root)

    def _compare(self, answer: NetworkAnswer, others: Sequence[Attempt]) -> None:
        """Refuse where texts without an order, taken in another one, make another network."""
        if any(_told_of(other.answer) != _told_of(answer) for other in others):
            raise NotUnderstood(
                "the network depends on the order of a set of texts, which is another one each time"
            )


def question_of(
    target: str | None,
    words: str | None,
    defined: dict[str, object],
    train: bool,
    sequential: bool,
    in_order: bool,
    seconds: float,
    sites: Sequence[Path],
) -> Question:
    """Return the question about the model of a target, or of a text in its place."""
    path, expression, name = None, None, "the text"
    if words is None:
        path, expression = split(target or "")
        name = path.name
    is_notebook = path is not None and path.suffix == notebooks.SUFFIX
    if words is None and path is not None and not is_notebook:
        check_file(path)
        words = read_text(path)
    if words is not None:
        words = checked(words)
    packages = Packages(folders(path, sites), libraries.front)
    if words is not None:
        check_text(words, name)
        held = unwrapped(words)
        if held != words:  # what it is wrapped in is no part of a source
            path, words = None, held
    return Question(
        path, expression, name, words, defined, train, sequential, in_order, seconds, packages
    )


def answered(
    ask: Ask,
    target: str | None,
    words: str | None,
    *,
    defined: dict[str, object] | None = None,
    train: bool = False,
    sequential: bool = False,
    seconds: float = SECONDS,
    sizes: Trying | None = None,
    sites: Sequence[Path] = (),
    limit: int | None = None,
) -> NetworkAnswer:
    """Return what is asked of the model of a target, or of a text in its place.

    It takes `seconds` of processor time at the most. With `sizes`, also which sizes of the input
    fit; with a `limit` of bytes, the largest batch whose training stays within it. Packages are
    read from the folders of `sites`, and from where pip puts them. Raises
    ConvcalcError where the model or its forward isn't understood, or where nothing has a name that
    was defined.
    """
    given = {name: configured(value, name) for name, value in (defined or {}).items()}
    question = partial(
        question_of, target, words, given, train, sequential, sequential or ask is counted, seconds,
        sites,
    )  # fmt: skip
    return with_room(partial(_answered, ask, question, sizes, limit))


def _answered(
    ask: Ask, asked: Callable[[], Question], sizes: Trying | None, limit: int | None
) -> NetworkAnswer:
    question = asked()
    first = question.tried(ask, State())
    for unused in question.defined.keys() - first.reading.project.used:
        if first.root is not None:
            raise ConvcalcError(f"{unused}: nothing in {question.name} is called that", "define")
    again = partial(question.tried, ask)
    answer = first.answer
    if answer.error is not None or first.reading.rows_each:
        from convcalc.network.mending.search import mended  # here, since most networks fit

        answer = mended(first, question.is_printed, question.expression, again)
    if sizes is not None:
        from convcalc.network.sizes import sizes_of

        answer = replace(answer, sizes=sizes_of(first, again, sizes))
    if limit is not None:
        from convcalc.network.fitting import fitted

        answer = fitted(answer, again, limit)
    return answer


def checked(words: str) -> str:
    """Return a text with lines as Python counts them; raise ConvcalcError for none, or too long."""
    if len(words) > LONGEST:
        raise ConvcalcError(f"the text has {len(words):,} characters, {LONGEST:,} are the most")
    if not words.strip():
        raise ConvcalcError(printed.EMPTY)
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _printed(words: str, sequential: bool, reading: Reading) -> Module:
    """Return the model that print(model) shows."""
    from convcalc.network.texts.builder import Builder  # here, since a source has none

    builder = Builder(reading.trace, reading.written, reading.project.main.name,
                      in_order=sequential)  # fmt: skip
    root = builder.build(printed.parse(words))
    reading.builder, reading.in_order = builder, sequential and bool(builder.unknown)
    return root


def _listed(ordered: bool, reading: Reading) -> Module:
    """Return a list of layers as one module."""
    from convcalc.network.texts import layer_list

    root, reading.in_order = layer_list.modules_of(reading.project, reading.trace)
    if reading.in_order and not ordered:
        raise ConvcalcError(layer_list.ONE_BY_ONE)
    return root


def counted(reading: Reading, root: Module) -> NetworkAnswer:
    """Return the parameters of a model."""
    return reading.count(root)


def followed(
    path: Path,
    expression: str | None,
    inputs: Sequence[Input | Shape],
    *,
    defined: dict[str, object] | None = None,
    train: bool = False,
    batch: int = 0,
    dtype: str = "float32",
) -> NetworkAnswer:
    """Return what comes of a model in a file."""
    target = f"{path}:{expression}" if expression else str(path)

    def ask(reading: Reading, root: Module) -> NetworkAnswer:
        return reading.follow(root, inputs, batch, dtype)

    return answered(ask, target, None, defined=defined, train=train)
