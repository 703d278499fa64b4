"""One reading of a model: what comes of following it, or of counting its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, Lazy, Shape
from convcalc.network.answer.rows import NetworkAnswer, Row, shapes_of
from convcalc.network.answer.trace import Trace
from convcalc.network.answer.tree import (
    kept,
    memory,
    named_children,
    named_modules,
    parameters,
    totals,
)
from convcalc.network.configuration import asked
from convcalc.network.inputs import Arguments, Input, arguments_of
from convcalc.network.known.known import said
from convcalc.network.torch.errors import details
from convcalc.network.torch.functions.registry import parts_of, tensors_in
from convcalc.network.torch.gradients.storage import GRADIENTS
from convcalc.network.torch.sizes import is_open
from convcalc.network.torch.tensor import Parameter, Tensor
from convcalc.network.torch.watch import WATCHER, Watcher
from convcalc.network.torch.written.classes import READ, ROOMS
from convcalc.reading.exceptions import TOLD, NotUnderstood, is_stated, place_of
from convcalc.reading.reader import Frame, Line, Scope
from convcalc.reading.values import Unknown

if TYPE_CHECKING:
    from convcalc.network.answer.misfits import Misfit
    from convcalc.network.answer.training import Training
    from convcalc.network.texts.builder import Builder
    from convcalc.network.torch.module import Module
    from convcalc.reading.files import Project


HIDING = {"MultiheadAttention", "StochasticDepth"}
"""Classes that keep what a printed text doesn't tell."""


class Reading:
    """One reading of a model: its files, the model itself, and what is followed of it."""

    def __init__(self, project: Project, *, train: bool = False) -> None:
        self.project = project
        guards = project.reader.guards
        self.trace = Trace(project.reader.frames, training=train, clock=lambda: guards.steps)
        self.builder: Builder | None = None
        """What made the modules of a printed text."""
        self.in_order = False
        """Whether the layers are taken in the order shown, since nothing says theirs."""
        self.texts: dict[Path, dict[str, object]] = {}
        """The names of the files that are written here."""
        self.instead: Sequence[Shape] | None = None
        """The inputs that are tried in the place of those that are asked about."""
        self.samples: int | None = None
        """How many samples are tried in the place of those that are asked about."""
        self.arguments: Arguments | None = None
        """What went into the model."""
        self.rows_each = False
        """Whether several rows come out of every sample, made by a view or the like."""
        self.raised: BaseException | None = None
        """What ended the reading, where the network doesn't fit."""

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Tell the trace all that happens meanwhile; what is asked stands on a line of its own."""
        line, reader = Line(self.project.main), self.project.reader
        watched, read = WATCHER.set(self.trace), READ.set(self.written)
        graded = GRADIENTS.set(True)
        reader.enter(Frame(line, "<question>", Scope(line, line.names)))
        try:
            yield
        finally:
            reader.frames.clear()
            GRADIENTS.reset(graded)
            READ.reset(read)
            WATCHER.reset(watched)

    def written(self, path: Path) -> dict[str, object]:
        """Return the names of a file of classes that are written here, which is read once.

        Those of a file called shared beside it are known in it, too.
        """
        if path not in self.texts:
            from convcalc.network.torch.nn import NN, F  # here: most prints need no function

            project, shared = self.project, path.with_name("shared.py.txt")
            names: dict[str, object] = {"nn": NN, "F": F}
            names |= {name: project.library(name) for name in ("torch", "copy", "math")}
            if path != shared and path not in ROOMS:
                names |= self.written(shared)
            room = ROOMS.get(path, "torchvision.models")
            file = project.written(path, room, {**names, "__name__": room})
            self.texts[path] = file.names
            file.read()
        return self.texts[path]

    def explained(self, error: BaseException) -> Misfit:
        """Return where and why a network doesn't fit; raise what isn't the program's own."""
        if not isinstance(error, (Exception, SystemExit)) and not is_stated(error):
            raise error
        if is_own_fault(error):
            raise ConvcalcError(
                f"a fault in convcalc itself, {type(error).__name__}: {error}; please report it "
                "with what you asked about", place=str(place_of(error) or "")
            ) from error  # fmt: skip
        words = asked(error)
        if words is not None:
            raise ConvcalcError(words, place=str(place_of(error) or ""))
        self.raised = error
        from convcalc.network.answer.remedies import explained  # here, since most networks fit

        return explained(error, self.trace.names)

    def follow(
        self,
        root: Module,
        inputs: Sequence[Input | Shape],
        batch: int = 0,
        dtype: str = "float32",
        optimizer: str | None = None,
    ) -> NetworkAnswer:
        """Return what comes out of a model for these inputs; a shape alone is one of them."""
        trace, batch = self.trace, self.samples or batch
        arguments = arguments_of(root, inputs, batch, self.project)
        if self.instead is not None:
            arguments = arguments.instead(root, self.instead, self.project)
        self.arguments = arguments
        trace.unshown = self.builder is not None
        output: object = None
        error: Misfit | None = None
        try:
            (root.train if trace.training else root.eval)()
            trace.start(root, arguments.axes)
            output = arguments.call(root)
        except (ConvcalcError, RecursionError, MemoryError):
            raise
        except BaseException as raised:
            error = self.explained(raised)
            trace.notes += arguments.doubts()
        self.rows_each = trace.split is not None and makes_rows(output)
        if error is None:
            for each in parts_of([output]):
                if isinstance(each, Unknown) and not each.kind:
                    raise NotUnderstood(f"what comes out isn't known: {each.why}")
            trace.finish()
        learnt = parameters(root)
        total, trained = totals(learnt)
        shapes = arguments.shapes
        training = self.training(root, learnt, optimizer, dtype) if trace.training else None
        return NetworkAnswer(
            name=type(root).__name__,
            input=shapes[0] if len(shapes) == 1 else shapes,
            output=shapes_of(output),
            rows=tuple(trace.rows),
            total_params=total,
            trainable_params=trained,
            bytes=memory(learnt, dtype),
            notes=tuple(self.notes(output, dtype)),
            input_bytes=arguments.bytes(dtype),
            input_dtypes=arguments.dtypes(dtype),
            complete=not self.in_order and not (self.builder and self.builder.unknown),
            error=error,
            batch=batch or 1,
            dtype=dtype,
            in_order=self.in_order,
            spans=tuple(trace.spans),
            training=training,
        )

    def training(
        self, root: Module, learnt: Sequence[Parameter], optimizer: str | None, dtype: str
    ) -> Training:
        """Return what training the network takes, as it was followed."""
        from convcalc.network.answer.training import DTYPE, USUAL, training_of

        trace = self.trace
        if self.builder is not None:  # their heads, or what they draw, isn't in the text
            kinds = {type(module).__name__ for _, module in named_modules(root)}
            trace.unkept += [f"{kind} of a printed text" for kind in sorted(kinds & HIDING)]
        unknown = [*trace.unkept]
        known = sum(row.kept or 0 for row in trace.rows) + trace.kept
        if dtype != DTYPE:
            unknown.append(f"every call in {dtype}")
            known = 0
            for row in trace.rows:
                row.kept = None
        backward = sum(row.backward for row in trace.rows)
        plain = training_of(root, learnt, optimizer or USUAL, dtype)
        return replace(plain, known=known, unknown=tuple(unknown), backward=backward)

    def ends(self, root: Module, inputs: Sequence[Shape]) -> BaseException | None:
        """Return what a model raises with other inputs, of which no rows are kept; None if it fits.

        It is the model that was followed already, in the same reading.
        """
        assert self.arguments is not None, "nothing went into the model yet"
        silent = Watcher()
        silent.training = self.trace.training
        self.project.reader.guards.renew()
        try:
            with self.asked():
                WATCHER.set(silent)
                self.arguments.instead(root, inputs, self.project).call(root)
        except (ConvcalcError, RecursionError, MemoryError):
            raise
        except BaseException as error:
            if not isinstance(error, (Exception, SystemExit)) and not is_stated(error):
                raise
            return error
        return None

    def count(self, root: Module, dtype: str = "float32") -> NetworkAnswer:
        """Return the parameters of every layer; no shapes are followed."""
        trace = self.trace
        trace.names = {id(module): name for name, module in named_modules(root)}
        inner: set[int] = set()
        for name, module in named_modules(root):
            if id(module) in inner:
                continue
            mine, kind = kept(module), type(module).__name__
            if isinstance(mine.layer, Lazy):
                raise ConvcalcError(
                    f"{name} ({kind}) has no parameters before it has seen an input: "
                    "with --in they are counted"
                )
            if mine.layer is not None:
                inner |= {id(child) for _, child in named_children(module)}
                before = len(trace.rows)
                if mine.layer.told_apart:
                    trace.parameters_of(module)
                for row in trace.rows[before:]:
                    row.layer, row.macs = kind, None
                if len(trace.rows) > before:
                    continue
                params, trainable = trace.count(module)
                trace.add(Row(name or None, kind, params=params, trainable=trainable, macs=None))
                continue
            if mine.refuses:
                raise ConvcalcError(f"{f'{name} ({kind})' if name else kind}: {mine.refuses}")
            trace.parameters_of(module)
            if self.builder is not None and self.builder.may_hide(module):
                trace.add(Row(name or None, kind, params=None, macs=None))
        if not trace.rows:
            raise ConvcalcError("there are no layers in the text")
        learnt = parameters(root)
        total, trained = totals(learnt)
        return NetworkAnswer(
            name=type(root).__name__,
            input=None,
            output=None,
            rows=tuple(trace.rows),
            total_params=total,
            trainable_params=trained,
            bytes=memory(learnt, dtype),
            notes=tuple(self.notes(None, dtype)),
            complete=not (self.builder and self.builder.unknown),
            dtype=dtype,
        )

    # -- Notes --------------------------------------------------------------------------------

    def notes(self, output: object, dtype: str) -> Iterator[str]:
        """Yield what surprises of the answer."""
        trace, absent = self.trace, self.project.absent
        if trace.training and trace.active:
            from convcalc.network.answer.training import notes_on_training

            yield from notes_on_training(trace.unkept, dtype)
        if self.builder is not None:
            yield from self.notes_on_text(self.builder)
        yield from self.project.installed.notes()
        yield from self.project.reader.told
        yield from trace.notes
        notebook = self.project.main.notebook
        if notebook is not None and notebook.passed:
            passed = text.listed(notebook.passed)
            yield f"Passed over in {self.project.main.name}: {passed}."
        for place in sorted(trace.on_batch):
            yield f"{place} depends on how many samples there are: --batch says how many."
        if absent:
            verb = "are" if len(absent) > 1 else "is"
            names = text.listed(sorted(absent))
            yield f"{names} {verb} taken not to be installed, as the file provides for."
        reader = self.project.reader
        asked, required = (list(dict.fromkeys(each)) for each in (reader.asked, reader.required))
        if asked:
            yield (
                f"{text.listed(asked)}: the environment, which the file reads, is taken as empty."
            )
        if required:
            yield (
                f"{text.listed(required)}: the command line, which the file needs, isn't given, "
                f"and {'this is' if len(required) == 1 else 'these are'} None."
            )
        outside = sum(row.name is None and row.in_list for row in trace.rows)
        if outside:
            yield (
                f"{text.counted(outside, 'call')} of layers that are no part of the model, such "
                "as those in a plain list: their parameters aren't counted, nor trained."
            )
        if any(is_open(size) for each in tensors_in(output) for size in each.shape[1:]):
            yield (
                "A size behind the first counts samples, as in a hidden state: it is shown as "
                "batch, and counted as one, --batch says how many there are."
            )
        if isinstance(output, Tensor) and output.shape:
            first = output.shape[0]
            if not isinstance(first, Batch):
                yield (
                    f"The first size that comes out, {first:,}, doesn't count samples: the whole "
                    "shape is shown."
                )
            elif self.rows_each and trace.split is not None:
                where, name = trace.split
                yield (
                    f"{where}: {name} makes {first.each:,} rows of every sample, so that as many "
                    "come out."
                )

    def notes_on_text(self, builder: Builder) -> Iterator[str]:
        """Yield what a printed text leaves open."""
        if builder.known:
            meant = {kind: said(cls, "taken_for") for kind, cls in builder.known.items()}
            taken = "".join(f"; {kind} for {each}" for kind, each in meant.items() if each)
            yield (
                "Taken as torchvision's, which have these names and layers: "
                f"{text.listed(sorted(builder.known))}{taken}."
            )
        yield from builder.notes
        if self.trace.active:
            yield from builder.notes_on_shapes
        if builder.unknown:
            yield (
                f"{text.counted(len(builder.unknown), 'class', 'classes')} may hold parameters "
                f"that print(model) doesn't show: {text.listed(list(builder.hiding()))}."
            )


def is_own_fault(error: BaseException) -> bool:
    """Return whether an exception is none that PyTorch or the program raises, but a mistake here.

    What PyTorch refuses is raised with its details, wherever sizes are looked at.
    """
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = Path(at.tb_frame.f_code.co_filename) if at is not None else Path()
    known = details(error) is not None or is_stated(error) or TOLD in vars(error)
    return not known and any(each in place.parents for each in NOTHING_RAISED)


PACKAGE = Path(__file__).parents[1]
NOTHING_RAISED = (
    PACKAGE / "layers", PACKAGE / "network" / "answer", PACKAGE / "network" / "torch" / "functions",
    PACKAGE / "network" / "torch" / "gradients",
)  # fmt: skip
"""The folders in which no exception is raised, but those of PyTorch with what is known of them."""


def makes_rows(output: object) -> bool:
    """Return whether a tensor counts several rows of every sample first."""
    first = output.shape[0] if isinstance(output, Tensor) and output.shape else 1
    return isinstance(first, Batch) and first.each != 1
