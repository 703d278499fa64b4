"""Which model is meant, and what comes of following it or of counting its parameters."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from math import prod
from pathlib import Path
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, Lazy, Shape, batched
from convcalc.network import layer_list, libraries, natives, printed, syntax
from convcalc.network.blocks import said
from convcalc.network.builtins import BUILTINS
from convcalc.network.containers import MODULE, SEQUENTIAL
from convcalc.network.functions.layered import inputs_of
from convcalc.network.functions.registry import tensors_in, unknown_in
from convcalc.network.interpreter import Interpreter
from convcalc.network.modules import MISSING, Class, Function, Module, Partial
from convcalc.network.refusals import NotUnderstood, Raised, TooMuch, Unknown
from convcalc.network.remedies import explained
from convcalc.network.scopes import Frame
from convcalc.network.source import LONGEST, File, Project, parse, read_text
from convcalc.network.tensors import Field, Tensor, is_open
from convcalc.network.trace import Misfit, NetworkAnswer, Row, Trace, shapes_of

RECURSION = 12_000
"""How deep Python's own calls may nest while a file is read."""


ONE_BY_ONE = (
    "the layers are assigned one by one, so that the order of the forward isn't in the text: an "
    "nn.Sequential(…) has one"
)


class Reading:
    """One reading of a model: its files, the model itself, and what is followed of it."""

    def __init__(self, project: Project, *, train: bool = False) -> None:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
        self.project = project
        self.trace = Trace()
        self.interpreter = Interpreter(self.trace, self.written, train=train)
        self.trace.interpreter = self.interpreter
        self.builder: printed.Builder | None = None
        """What made the modules of a printed text."""
        self.in_order = False
        """Whether the layers are taken in the order shown, since nothing says theirs."""

    def written(self, path: Path) -> File:
        """Return a file of classes that are written here, with the names that it needs.

        Those of a file called shared beside it are known in it, too.
        """
        file = File(self.project, path, "torch.nn", own=False)
        shared = path.with_name("shared.py.txt")
        if shared != path and shared.exists():
            outer = self.interpreter.written(shared)
            outer.read(self.interpreter)
            file.scope.outer = outer.scope
        for name in ("torch", "copy", "math"):
            file.scope.names[name] = libraries.LIBRARIES[name]
        file.scope.names |= {"nn": libraries.NN, "F": libraries.F}
        file.tree = parse(path.read_text(encoding="utf-8"))
        return file

    # -- The model of a source ----------------------------------------------------------------

    def model(self, expression: str | None) -> Module:
        """Return the model that an expression names, or the one that a file is about."""
        main = self.project.main
        main.read(self.interpreter)
        words = self.chosen(main) if expression is None else expression
        asked = parse_expression(words)
        named = {node.id for node in ast.walk(asked) if isinstance(node, ast.Name)}
        if any(main.scope.find(name) is MISSING for name in named - BUILTINS.keys()):
            main.read_guards(self.interpreter)
        self.interpreter.frames.append(Frame(Line(main), "<expression>"))
        try:
            value = self.interpreter.value(asked, main.scope)
            if isinstance(value, Class):
                value = self.made(value)
            elif isinstance(value, (Function, Partial)):
                value = self.interpreter.called(value, [], {})
        except Raised as error:
            if error.kind == "NameError" and error.at is None and error.attribute in named:
                raise ConvcalcError(self.unnamed(main, error.attribute)) from None
            raise
        finally:
            self.interpreter.frames.pop()
        if isinstance(value, Unknown):
            if isinstance(value.error, Raised):
                raise value.error
            raise NotUnderstood(f"{words} isn't known: {value.why}")
        if not isinstance(value, Module):
            raise ConvcalcError(
                f"{words} is {natives.kind(value)}, not a model: a class made from nn.Module, "
                "or what makes one, is"
            )
        return value

    def unnamed(self, main: File, name: str) -> str:
        """Return what is said of a name that the file doesn't have."""
        names = [key for key, value in main.scope.names.items() if not key.startswith("_")]
        near = text.nearest(name, names)
        hint = f"{near} is the nearest name" if near else "there is no name like it"
        return f"{main.name} has no {name}: {hint}"

    def made(self, cls: Class) -> Any:
        """Return an object of a class, its arguments those that were defined."""
        init = cls.find("__init__")
        node = getattr(getattr(init, "node", None), "args", None)
        known = [] if node is None else [a.arg for a in (*node.args, *node.kwonlyargs)]
        named = {key: value for key, value in self.project.defined.items() if key in known}
        self.project.used |= named.keys()
        try:
            return self.interpreter.called(cls, [], named)
        except Raised as error:
            if error.kind == "TypeError" and error.missing and error.owner is init:
                raise ConvcalcError(
                    f"{cls.name} needs {text.listed(error.missing)}: "
                    f"{self.project.main.name}:{cls.name}(…) gives "
                    f"{'it' if len(error.missing) == 1 else 'them'}, or "
                    f"--define {error.missing[0]}=…"
                ) from None
            raise

    def chosen(self, main: File) -> str:
        """Return the expression that stands for the model of a file where none is named."""
        names = main.scope.names
        for name in ("model", "net"):
            if isinstance(names.get(name), (Module, Unknown)) and not main.is_package:
                return name
        assert main.tree is not None
        own = [
            name
            for name, value in names.items()
            if isinstance(value, Class) and value.own and value.is_a(MODULE)
            and value.module == main.module
        ]  # fmt: skip
        used = used_by_classes(main.tree)
        found = [name for name in own if name not in used] or own
        if len(found) == 1:
            return found[0]
        if main.read_guards(self.interpreter):
            return self.chosen(main)
        ready = [name for name, value in names.items() if isinstance(value, Module)]
        if not found and len(ready) == 1:
            return ready[0]
        if not found and ready:
            raise ConvcalcError(ONE_BY_ONE)
        if not found:
            unknown = next((v for v in names.values() if isinstance(v, Unknown)), None)
            if unknown is not None and any(isinstance(n, ast.ClassDef) for n in main.tree.body):
                raise NotUnderstood(unknown.why)
            raise ConvcalcError(
                f"{main.name} has no model: layers of torch.nn, or a class made from nn.Module, "
                "are one"
            )
        listed = text.listed([f"{main.name}:{name}" for name in found[:8]], "or")
        raise ConvcalcError(f"{main.name} has {len(found)} models: {listed}")

    # -- Its forward --------------------------------------------------------------------------

    def follow(
        self, root: Module, inputs: Sequence[Shape], batch: int = 0, dtype: str = "float32"
    ) -> NetworkAnswer:
        """Return what comes out of a model for inputs of these shapes, one per argument."""
        interpreter, trace = self.interpreter, self.trace
        check_inputs(root, len(inputs))
        tensors = [self.input(shape, batch, at) for at, shape in enumerate(inputs)]
        trace.unshown = self.builder is not None
        output: Any = None
        error: Misfit | None = None
        interpreter.frames.append(Frame(Line(self.project.main), "<call>"))
        try:
            mode = "train" if interpreter.train else "eval"
            interpreter.called(interpreter.get(root, mode), [], {})
            trace.start(root, len(inputs[0]) - 1, interpreter)
            try:
                output = interpreter.called(root, tensors, {})
            except Raised as raised:
                error = explained(raised, trace.names, interpreter.made_by)
            unknown = unknown_in(natives.traversable(output))
            if unknown is not None and error is None:
                raise NotUnderstood(f"what comes out isn't known: {unknown.why}")
            if error is None:
                trace.finish(root)
        finally:
            interpreter.frames.pop()
        parameters = list(root.named_parameters())
        shapes = [tuple(shape) for shape in inputs]
        return NetworkAnswer(
            name=root.cls.name,
            input=shapes[0] if len(shapes) == 1 else shapes,
            output=shapes_of(output),
            rows=tuple(trace.rows),
            total_params=sum(prod(p.shape) for _, p in parameters),
            trainable_params=sum(prod(p.shape) for _, p in parameters if p.requires_grad),
            notes=tuple(self.notes(output)),
            input_size=sum(prod(map(int, tensor.shape)) for tensor in tensors),
            complete=not self.in_order and not (self.builder and self.builder.unknown),
            error=error,
            batch=batch or 1,
            dtype=dtype,
            in_order=self.in_order,
            spans=tuple(trace.spans),
        )

    @staticmethod
    def input(shape: Shape, batch: int, number: int) -> Tensor:
        """Return an input: samples of one shape; receptive fields are those in the first."""
        axes = len(shape) - 1 if not number else 0
        fields = (None, None, *(Field(axis, 0, 0, 1) for axis in range(axes)))
        if axes < 1:
            fields = (None,) * (len(shape) + 1)
        return Tensor(batched(shape, batch), "any", fields=fields, fed=True)

    def count(self, root: Module, dtype: str = "float32") -> NetworkAnswer:
        """Return the parameters of every layer; no shapes are followed."""
        trace = self.trace
        trace.names = {id(module): name for name, module in root.named_modules()}
        inner: set[int] = set()
        for name, module in root.named_modules():
            if id(module) in inner:
                continue
            if isinstance(module.layer, Lazy):
                raise ConvcalcError(
                    f"{name} ({module.cls.name}) has no parameters before it has seen an input: "
                    "with --in they are counted"
                )
            if module.layer is not None:
                inner |= {id(child) for _, child in module.named_children()}
                params, trainable = trace.count(module)
                trace.add(Row(name or None, module.cls.name, params=params, trainable=trainable,
                              macs=None))  # fmt: skip
                continue
            if "refuses" in module.attributes:
                called = f"{name} ({module.cls.name})" if name else module.cls.name
                raise ConvcalcError(f"{called}: {module.attributes['refuses']}")
            trace.parameters_of(module)
            if self.is_unknown(module) and (module.attributes["shown"] or not module.children):
                trace.add(Row(name or None, module.cls.name, params=None, macs=None))
        if not trace.rows:
            raise ConvcalcError("there are no layers in the text")
        parameters = [parameter for _, parameter in root.named_parameters()]
        return NetworkAnswer(
            name=root.cls.name,
            input=None,
            output=None,
            rows=tuple(trace.rows),
            total_params=sum(prod(p.shape) for p in parameters),
            trainable_params=sum(prod(p.shape) for p in parameters if p.requires_grad),
            notes=tuple(self.notes(None)),
            complete=not (self.builder and self.builder.unknown),
            dtype=dtype,
        )

    def is_unknown(self, module: Module) -> bool:
        """Return whether a module of a printed text is of a class that isn't known."""
        return self.builder is not None and module.cls in self.builder.classes.values()

    # -- Notes --------------------------------------------------------------------------------

    def notes(self, output: Any) -> Iterator[str]:
        """Yield what surprises of the answer."""
        if self.builder is not None:
            yield from self.notes_on_text(self.builder)
        yield from self.trace.notes
        for place in sorted(self.interpreter.on_batch):
            yield f"{place} hangs on how many samples there are: --batch says how many."
        if self.project.absent:
            names = text.listed(sorted(self.project.absent))
            verb = "are" if len(self.project.absent) > 1 else "is"
            yield f"{names} {verb} taken not to be installed, as the file provides for."
        outside = sum(row.name is None and row.in_list for row in self.trace.rows)
        if outside:
            yield (
                f"{text.counted(outside, 'call')} of layers that are no part of the model, such "
                "as those in a plain list: their parameters aren't counted, nor trained."
            )
        if any(is_open(size) for each in tensors_in(output) for size in each.shape[1:]):
            yield (
                "A size behind the first counts samples too, as where every sample meets every "
                "other, and is shown for one: --batch says how many there are."
            )
        if isinstance(output, Tensor) and output.shape:
            first = output.shape[0]
            if not isinstance(first, Batch):
                yield (
                    f"The first size that comes out, {first:,}, doesn't count samples: the whole "
                    "shape is shown."
                )
            elif first.each != 1 and self.trace.split is not None:
                where, name = self.trace.split
                yield (
                    f"{where}: {name} makes {first.each:,} rows of every sample, so that as many "
                    "come out."
                )

    def notes_on_text(self, builder: printed.Builder) -> Iterator[str]:
        """Yield what a printed text leaves open."""
        if builder.known:
            taken = [
                f"{kind} for {said(cls, 'taken_for')}"
                for kind, cls in builder.known.items()
                if said(cls, "taken_for") is not None
            ]
            yield (
                "Taken as torchvision's, which have these names and layers: "
                f"{text.listed(sorted(builder.known))}{''.join(f'; {each}' for each in taken)}."
            )
        yield from builder.notes
        if self.trace.active:
            yield from builder.notes_on_shapes
        if builder.unknown:
            yield (
                f"{text.counted(len(builder.unknown), 'class', 'classes')} may hold parameters "
                f"that print(model) doesn't show: {text.listed(list(builder.hiding()))}."
            )


class Line:
    """The expression that somebody typed, which stands in no line of a file."""

    def __init__(self, main: File) -> None:
        self.name = main.name
        self.module = main.module
        self.scope = main.scope
        self.own = False


def check_inputs(root: Module, given: int) -> None:
    """Raise ConvcalcError where a forward takes another number of inputs than are given."""
    forward = root.attributes.get("forward", root.cls.find("forward"))
    node = getattr(getattr(forward, "node", None), "args", None)
    called = f"{root.cls.name}.forward"
    if node is not None:
        names = [each.arg for each in (*node.posonlyargs, *node.args)][1:]
        least, open_ended = len(names) - len(node.defaults), node.vararg is not None
    else:
        first = first_of(root)
        if first.layer is None and first.cls is not SEQUENTIAL:
            return
        names, least, open_ended = inputs_of(first.layer)
        called = f"{'a' if first.layer is None else 'the'} {first.cls.name}"
    if given < least or (given > len(names) and not open_ended):
        shown = names if node is not None else names[:least]  # torch's own take much that is rare
        raise ConvcalcError(
            f"{called} takes {text.listed(shown) if shown else 'nothing'}: --in is "
            f"needed once for each, it is given {text.counted(given, 'time')}"
        )


def first_of(root: Module) -> Module:
    """Return the first of several layers in a text, to which the inputs go; or the model."""
    if root.layer is None and not root.cls.name and root.children:
        return next((child for _, child in root.named_children()), root)
    return root


def parse_expression(words: str) -> ast.expr:
    """Return the syntax of an expression; raise ConvcalcError where it is none."""
    try:
        return syntax.expression(words.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConvcalcError(
            f"{text.excerpt(words)} is no expression: Net or UNet(3, 2) is one"
        ) from None


def used_by_classes(tree: ast.Module) -> set[str]:
    """Return the names that classes use, also in functions which they use."""
    uses: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            uses[node.name] = names - {node.name}
    found: set[str] = set()
    waiting = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            found |= uses.get(name, set())
            waiting += uses.get(name, set()) & uses.keys()
    return found


# ---------------------------------------------------------------------------------------------
# The question
# ---------------------------------------------------------------------------------------------

Ask = Callable[[Reading, Module], NetworkAnswer]


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


def answered(
    ask: Ask,
    target: str | None,
    words: str | None,
    *,
    defined: dict[str, Any] | None = None,
    train: bool = False,
    sequential: bool = False,
) -> NetworkAnswer:
    """Return what is asked of the model of a target, or of a text in its place.

    Raises ConvcalcError where the model or its forward isn't understood, or where nothing has a
    name that was defined.
    """

    def heard(reading: Reading, root: Module) -> NetworkAnswer:
        answer = ask(reading, root)
        for name in given.keys() - reading.project.used:
            raise ConvcalcError(f"{name}: nothing in {reading.project.main.name} is called that",
                                "define")  # fmt: skip
        return answer

    given = defined or {}
    try:
        return _answered(heard, target, words, given, train, sequential)
    except RecursionError:
        raise TooMuch("this is nested too deep to follow") from None


def _answered(
    ask: Ask,
    target: str | None,
    words: str | None,
    defined: dict[str, Any],
    train: bool,
    sequential: bool,
) -> NetworkAnswer:
    path, expression, name = None, None, "the text"
    if words is None:
        path, expression = split(target or "")
        name = path.name
        words = read_text(path)
    if len(words) > LONGEST:
        raise ConvcalcError(f"the text has {len(words):,} characters, {LONGEST:,} are the most")
    if not words.strip():
        raise ConvcalcError("the text is empty: layers, or what print(model) shows, belong there")
    words = words.replace("\r\n", "\n").replace("\r", "\n")  # as Python counts lines
    if expression is None and printed.is_printed(words):
        reading = Reading(Project.of_text("", name, defined), train=train)
        builder = reading.builder = printed.Builder(reading.interpreter, name, in_order=sequential)
        reading.interpreter.frames.append(Frame(Line(reading.project.main), "<print>"))
        root = builder.build(printed.parse(words))
        reading.in_order = sequential and bool(builder.unknown)
        return ask(reading, root)
    if expression is None and layer_list.is_list(words):
        reading = Reading(layer_list.project_of(words, name, defined), train=train)
        root, reading.in_order = layer_list.modules_of(reading)
        if reading.in_order and not sequential and ask is not counted:
            raise ConvcalcError(ONE_BY_ONE)
        return ask(reading, root)
    project = Project.of_text(words, name, defined) if path is None else Project(path, defined)
    if path is None:
        project.main.scope.names |= layer_list.names_of_layers()
    reading = Reading(project, train=train)
    try:
        return ask(reading, reading.model(expression))
    except Raised as error:
        misfit = explained(error, reading.trace.names, reading.interpreter.made_by)
        return NetworkAnswer(
            name=expression or name, input=None, output=None, rows=tuple(reading.trace.rows),
            total_params=None, trainable_params=None, notes=(), error=misfit,
        )  # fmt: skip
    except NotUnderstood as refusal:
        at = getattr(refusal, "at", None)
        if at is not None and not refusal.place:
            raise type(refusal)(refusal.message, place=str(at)) from None
        raise


def counted(reading: Reading, root: Module) -> NetworkAnswer:
    """Return the parameters of a model."""
    return reading.count(root)


def followed(
    path: Path,
    expression: str | None,
    inputs: Sequence[Shape],
    *,
    defined: dict[str, Any] | None = None,
    train: bool = False,
    batch: int = 0,
    dtype: str = "float32",
) -> NetworkAnswer:
    """Return what comes of a model in a file."""
    target = f"{path}:{expression}" if expression else str(path)

    def ask(reading: Reading, root: Module) -> NetworkAnswer:
        return reading.follow(root, inputs, batch, dtype)

    return answered(ask, target, None, defined=defined, train=train)
