"""Layers written in Python, without a class: an expression, an assignment, or one layer a line."""

from __future__ import annotations

import ast
import re
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS, LOSSES
from convcalc.network.answer.remedies import said
from convcalc.network.answer.tree import kept, layer_name
from convcalc.network.texts.builder import fresh, in_order
from convcalc.network.texts.literals import WORDS
from convcalc.network.torch.containers import CONTAINERS
from convcalc.network.torch.errors import details
from convcalc.network.torch.module import Module
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.network.torch.nn import NN, F
from convcalc.reading import syntax
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.expressions import values
from convcalc.reading.reader import Frame, Later, Reader, Scope
from convcalc.reading.texts.sources import parse
from convcalc.reading.values import Unknown, public

if TYPE_CHECKING:
    from convcalc.network.answer.trace import Trace
    from convcalc.reading.files import Project

CODE = re.compile(r"^[^\S\n]*(class|def|async|for|while|if|with|try)\b", re.MULTILINE)
"""What begins a line of a text that is more than a list of layers."""
ONE_BY_ONE = (
    "the layers are assigned one by one, so that the order of the forward isn't in the text: an "
    "nn.Sequential(…) has one"
)
IN_SMALL = {name.lower(): name for name in LAYERS}


def is_list(words: str) -> bool:
    """Return whether a text is a list of layers: nothing but them, each named once at most.

    Everything else is a source, whose top level counts in its order.
    """
    if CODE.search(words):
        return False
    body = [
        each for each in parse(unindented(words)).body
        if not isinstance(each, (ast.Import, ast.ImportFrom))
    ]  # fmt: skip
    if len(body) == 1 and isinstance(body[0], (ast.Assign, ast.AnnAssign)):
        return True
    return all(map(_is_layer, body))


def _is_layer(statement: ast.stmt) -> bool:
    """Return whether a statement is a layer, or gives an attribute of self one."""
    match statement:
        case ast.Expr(value=ast.Call(func=function)):
            return syntax.source_of(function).startswith(("nn.", "torch.nn.")) or isinstance(
                function, ast.Name
            )
        case ast.Expr() | ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))]):
            return True
    return False


def unindented(words: str) -> str:
    """Return a text without indents: between brackets they mean nothing, nor do they elsewhere."""
    return "\n".join(line.lstrip() for line in words.split("\n"))


def as_python(words: str) -> str:
    """Return a list of layers as Python: as it stands, or without its indents where it must be."""
    try:
        syntax.module(words)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return unindented(words)
    return words


def prepare(project: Project) -> None:
    """Give a text without imports the names that stand for themselves in it."""
    names = project.main.names
    for name in (*CONTAINERS, *LAYERS, *LOSSES):
        names[name] = Later(partial(_in_nn, name))
    names |= {"torch": TORCH_LIBRARY, "nn": NN, "F": F, "OrderedDict": OrderedDict}
    names |= {name: project.library(name) for name in ("math", "collections")}


def _in_nn(name: str, reader: Reader) -> object:
    del reader  # a name of torch.nn is the same in every reading
    return NN.get(name)


def modules_of(project: Project, trace: Trace) -> tuple[Module, bool]:
    """Return the layers of a text as one module, and whether their order isn't known."""
    main, reader = project.main, project.reader
    main.names |= project.defined
    project.used |= {each.id for each in ast.walk(main.parse()) if isinstance(each, ast.Name)}
    layers: list[Module] = []
    assigned: dict[str, object] = {}
    scope = Scope(main, main.names)
    frame = Frame(main, "<layers>", scope)
    reader.enter(frame)
    try:
        for statement in main.parse().body:
            frame.line = statement.lineno
            match statement:
                case ast.Import() | ast.ImportFrom():
                    reader.statement(statement, scope)
                case ast.Expr(value=ast.Constant(value=str())):
                    pass
                case ast.Expr(value=value):
                    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
                    for part in parts:
                        for each in values(reader, [part], scope):
                            layers.append(_layer(each, part))
                case (
                    ast.Assign(targets=[target], value=value)
                    | ast.AnnAssign(target=target, value=ast.expr() as value)
                ):
                    found = reader.value(value, scope)
                    if isinstance(target, ast.Name):
                        scope.set(target.id, found)
                    assigned[syntax.source_of(target).removeprefix("self.")] = found
                case _:
                    what = text.excerpt(syntax.source_of(statement))
                    raise _fault(f"{what} is not a layer", statement.lineno)
    except NotUnderstood as refusal:
        raise _fault(refusal.message, frame.line) from None
    except ConvcalcError:
        raise
    except Exception as error:
        raise _fault(_reason(error), frame.line) from None
    finally:
        reader.frames.pop()
    return _together(layers, assigned, trace)


def _fault(message: str, line: int) -> ConvcalcError:
    return ConvcalcError(message, place=f"line {line}")


def _layer(value: object, node: ast.expr) -> Module:
    """Return a layer that an entry of a list stands for."""
    if isinstance(value, Module):
        return value
    words = syntax.source_of(node)
    made = f": {words}(…) makes one" if isinstance(value, type) else ""
    raise _fault(f"{text.excerpt(words)} is not a layer{made}", node.lineno)


def _reason(error: Exception) -> str:
    """Return what is wrong with an entry, and what gives a name a value."""
    told, message = details(error), said(error)
    name = error.name or "" if isinstance(error, NameError) else ""
    if told is not None and told.module is not None:
        return f"{layer_name(told.module)} {message}"
    if name.lower() in IN_SMALL:
        return f"{name} isn't defined: {IN_SMALL[name.lower()]} is the nearest name"
    if name in WORDS:
        return f"{name} has no value here: the text {name!r} stands in quotes"
    if name and name.islower():
        return f"{name} has no value here: --define {name}=10 gives it one"
    return message


def _together(
    layers: list[Module], assigned: dict[str, object], trace: Trace
) -> tuple[Module, bool]:
    named = {name: value for name, value in assigned.items() if isinstance(value, Module)}
    if len(named) == 1 and not layers:
        layers, named = list(named.values()), {}
    if len(layers) == 1 and kept(layers[0]).layer is None:
        return layers[0], False
    if layers:
        named = {str(at): each for at, each in enumerate(layers)}
    if not named:
        for value in assigned.values():
            if isinstance(value, Unknown):
                raise NotUnderstood(value.why)
        raise ConvcalcError("there are no layers in the text")

    def forward(module: Module, *inputs: object) -> object:
        return in_order(trace, module, *inputs)

    root = fresh(public(type("", (Module,), {"forward": forward})))
    root._modules.update(named)
    return root, not layers
