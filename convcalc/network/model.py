"""Which model is meant, and what comes of following it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Shape, batched
from convcalc.network import natives
from convcalc.network.containers import MODULE
from convcalc.network.functions.registry import unknown_in
from convcalc.network.interpreter import Interpreter
from convcalc.network.builtins import BUILTINS
from convcalc.network.modules import MISSING, Class, Module
from convcalc.network.refusals import NotUnderstood, Raised, TooMuch, Unknown
from convcalc.network.remedies import explained
from convcalc.network.scopes import Frame
from convcalc.network.source import File, Project, parse
from convcalc.network.tensors import Field, Tensor
from convcalc.network.trace import Misfit, NetworkAnswer, Trace, shapes_of

RECURSION = 12_000
"""How deep Python's own calls may nest while a file is read."""


class Reading:
    """One reading of a model: its files, and what is followed of them."""

    def __init__(self, project: Project, *, train: bool = False) -> None:
        self.project = project
        self.trace = Trace()
        self.interpreter = Interpreter(self.trace, self.prelude, train=train)
        self.trace.interpreter = self.interpreter

    def prelude(self, path: Path) -> File:
        """Return a file of classes that are written here."""
        from convcalc.network import libraries

        file = File(self.project, path, "torch.nn", own=False)
        for name in ("nn", "F", "torch", "copy", "math"):
            file.scope.names[name] = {"nn": libraries.NN, "F": libraries.F}.get(
                name, libraries.LIBRARIES.get(name)
            )
        file.tree = parse(path.read_text(encoding="utf-8"))
        return file

    # -- The model ----------------------------------------------------------------------------

    def model(self, expression: str | None) -> Module:
        """Return the model that an expression names, or the one that a file is about."""
        main = self.project.main
        main.read(self.interpreter)
        tree = ast.parse(self.chosen(main) if expression is None else expression, mode="eval")
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if any(main.scope.find(name) is MISSING for name in named - BUILTINS.keys()):
            main.read_guards(self.interpreter)
        frame = Frame(Line(main), "<expression>")
        self.interpreter.frames.append(frame)
        try:
            value = self.interpreter.value(tree.body, main.scope)
            if type(value) is natives.Later:
                value = value.get(self.interpreter)
            if isinstance(value, Class):
                value = self.made(value)
            elif not isinstance(value, (Module, Unknown)) and callable_without(value):
                value = self.interpreter.called(value, [], {})
        finally:
            self.interpreter.frames.pop()
        if isinstance(value, Unknown) and isinstance(value.error, Raised):
            raise value.error
        if isinstance(value, Unknown):
            raise NotUnderstood(f"{ast.unparse(tree)} isn't known: {value.why}")
        if not isinstance(value, Module):
            raise ConvcalcError(
                f"{ast.unparse(tree)} is {natives.kind(value)}, not a model: a class made from "
                f"nn.Module, or what makes one, is"
            )
        return value

    def made(self, cls: Class) -> Any:
        """Return an object of a class, its arguments those that were defined."""
        init = cls.find("__init__")
        node = getattr(getattr(init, "node", None), "args", None)
        known = [] if node is None else [a.arg for a in (*node.args, *node.kwonlyargs)]
        named = {key: value for key, value in self.project.defined.items() if key in known}
        try:
            return self.interpreter.called(cls, [], named)
        except Raised as error:
            if error.kind == "TypeError" and "isn't given" in error.message:
                needed = error.message.rsplit("its ", 1)[-1]
                first = needed.split(" and ")[0].split(", ")[0]
                raise ConvcalcError(
                    f"{cls.name} needs {needed}: {self.project.main.name}:{cls.name}(…) gives "
                    f"them, or --define {first}=…"
                ) from None
            raise

    def chosen(self, main: File) -> str:
        """Return the expression that stands for the model of a file where none is named."""
        names = main.scope.names
        for name in ("model", "net"):
            if isinstance(names.get(name), Module):
                return name
            if isinstance(names.get(name), Unknown) and not main.is_package:
                return name
        own = {
            name: value
            for name, value in names.items()
            if isinstance(value, Class) and value.own and value.is_a(MODULE)
            and value.module == main.module
        }  # fmt: skip
        assert main.tree is not None
        used = used_by_classes(main.tree)
        roots = [name for name in own if name not in used]
        found = roots or list(own)
        if len(found) == 1:
            return found[0]
        if main.read_guards(self.interpreter):
            return self.chosen(main)
        if not found:
            unknown = next((v for v in names.values() if isinstance(v, Unknown)), None)
            if unknown is not None and any(isinstance(n, ast.ClassDef) for n in main.tree.body):
                raise NotUnderstood(unknown.why)
            raise ConvcalcError(f"{main.name} has no model: a class made from nn.Module is one")
        listed = text.listed([f"{main.name}:{name}" for name in found[:8]], "or")
        raise ConvcalcError(f"{main.name} has {len(found)} models: {listed}")

    # -- Its forward --------------------------------------------------------------------------

    def follow(
        self, root: Module, inputs: Sequence[Shape], batch: int = 0, dtype: str = "float32"
    ) -> NetworkAnswer:
        """Return what comes out of a model for inputs of these shapes, one per argument."""
        interpreter, trace = self.interpreter, self.trace
        tensors = [self.input(shape, batch, at) for at, shape in enumerate(inputs)]
        main = self.project.main
        output: Any = None
        error: Misfit | None = None
        interpreter.frames.append(Frame(Line(main), "<call>"))
        try:
            interpreter.called(
                interpreter.get(root, "train" if interpreter.train else "eval"), [], {}
            )
            trace.start(root, len(inputs[0]) - 1, interpreter)
            try:
                output = interpreter.called(root, tensors, {})
            except Raised as raised:
                error = explained(raised, self.trace.names)
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
            input_size=sum(prod(tensor.shape) for tensor in tensors),
            error=error,
            batch=batch or 1,
            dtype=dtype,
        )

    @staticmethod
    def input(shape: Shape, batch: int, number: int) -> Tensor:
        """Return an input: samples of one shape."""
        fields: tuple[Any, ...] = (None, None, *(
            Field(axis, 0, 0, 1) for axis in range(len(shape) - 1)
        ))  # fmt: skip
        if number or len(shape) < 2:
            fields = (None,) * (len(shape) + 1)
        return Tensor(batched(shape, batch), "any", fields=fields, fed=True)

    def notes(self, output: Any) -> list[str]:
        """Return what surprises of the answer."""
        return []


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


class Line:
    """The expression that somebody typed, which stands in no line of a file."""

    def __init__(self, main: File) -> None:
        self.name = main.name
        self.module = main.module
        self.scope = main.scope
        self.own = False

    def imported(self, name: str) -> Any:
        """Return nothing: an expression imports nothing."""
        raise NotUnderstood("an expression has no imports")


def callable_without(value: Any) -> bool:
    """Return whether a value is a function that makes a model without arguments."""
    from convcalc.network.modules import Builtin, Function, Partial

    return isinstance(value, (Function, Partial)) and not isinstance(value, Builtin)


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
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    reading = Reading(Project(path, defined), train=train)
    try:
        root = reading.model(expression)
        return reading.follow(root, inputs, batch, dtype)
    except Raised as error:
        misfit = explained(error, reading.trace.names)
        return NetworkAnswer(
            name=expression or path.stem, input=inputs[0] if len(inputs) == 1 else list(inputs),
            output=None, rows=(), total_params=None, trainable_params=None, notes=(), error=misfit,
            batch=batch or 1, dtype=dtype,
        )  # fmt: skip
    except TooMuch:
        raise
    except RecursionError:
        raise TooMuch("this is nested too deep to follow") from None


