"""Layers written in Python, without a class: an expression, an assignment, or one layer a line."""

from __future__ import annotations

import ast
import re
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS, LOSSES
from convcalc.network import libraries, syntax
from convcalc.network.containers import CONTAINERS, MODULE, fresh
from convcalc.network.literals import WORDS
from convcalc.network.modules import Builtin, Class, Module
from convcalc.network.printed import in_order
from convcalc.network.refusals import NotUnderstood, Raised
from convcalc.network.scopes import Frame
from convcalc.network.source import Project, parse

CODE = re.compile(r"^[^\S\n]*(class|def|async|for|while|if|with|try)\b", re.MULTILINE)
"""What begins a line of a text that is more than a list of layers."""


def is_list(words: str) -> bool:
    """Return whether a text is a list of layers: nothing but them, each named once at most.

    Everything else is a source, whose top level counts in its order.
    """
    if CODE.search(words):
        return False
    statements = [
        statement
        for statement in parse(unindented(words)).body
        if not isinstance(statement, (ast.Import, ast.ImportFrom))
    ]
    assigned = [each for each in statements if isinstance(each, (ast.Assign, ast.AnnAssign))]
    if len(assigned) == len(statements) == 1:
        return True
    return all(_is_layer(each) for each in statements)


def _is_layer(statement: ast.stmt) -> bool:
    """Return whether a statement is a layer, or gives an attribute of self one."""
    match statement:
        case ast.Expr(value=ast.Call(func=function)):
            return syntax.source_of(function).startswith(("nn.", "torch.nn.")) or isinstance(
                function, ast.Name
            )
        case ast.Expr():
            return True
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))]):
            return True
    return False


def unindented(words: str) -> str:
    """Return a text without indents: between brackets they mean nothing, nor do they elsewhere."""
    return "\n".join(line.lstrip() for line in words.split("\n"))


def project_of(words: str, name: str, defined: dict[str, Any]) -> Project:
    """Return the project of a text of layers, whose names are those of torch.nn."""
    project = Project.of_text(unindented(words), name, defined)
    project.main.scope.names |= names_of_layers() | defined
    tree = project.main.tree or parse("")
    project.used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    return project


def names_of_layers() -> dict[str, Any]:
    """Return the names that stand for themselves in a text without imports."""
    names: dict[str, Any] = {}
    for each in (*CONTAINERS, *LAYERS, *LOSSES):
        names[each] = libraries.in_nn(each)
    return names | {"nn": libraries.NN, "torch": libraries.TORCH_LIBRARY, "F": libraries.F,
                    "OrderedDict": libraries.COLLECTIONS["OrderedDict"], "math":
                    libraries.LIBRARIES["math"], "collections":
                    libraries.LIBRARIES["collections"]}  # fmt: skip


def modules_of(reading: Any) -> tuple[Module, bool]:
    """Return the layers of a text as one module, and whether their order isn't known."""
    main = reading.project.main
    interpreter = reading.interpreter
    layers: list[Any] = []
    assigned: dict[str, Any] = {}
    tree = main.tree or parse("")
    interpreter.frames.append(Frame(main, "<layers>"))
    try:
        for statement in tree.body:
            interpreter.frame.line = statement.lineno
            match statement:
                case ast.Import() | ast.ImportFrom():
                    interpreter.statement(statement, main.scope)
                case ast.Expr(value=ast.Constant(value=str())):
                    pass
                case ast.Expr(value=value):
                    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
                    for part in parts:
                        layers += _layers(interpreter, part, main.scope)
                case (
                    ast.Assign(targets=[target], value=value)
                    | ast.AnnAssign(target=target, value=ast.expr() as value)
                ):
                    found = interpreter.value(value, main.scope)
                    words = syntax.source_of(target).removeprefix("self.")
                    if isinstance(target, ast.Name):
                        main.scope.set(target.id, found)
                    assigned[words] = found
                case _:
                    raise ConvcalcError(
                        f"{text.excerpt(syntax.source_of(statement))} is not a layer",
                        place=f"line {statement.lineno}",
                    )
    except (NotUnderstood, Raised) as refusal:
        raise _placed(refusal, interpreter.frame.line) from None
    finally:
        interpreter.frames.pop()
    return _together(layers, assigned)


def _layers(interpreter: Any, node: ast.expr, scope: Any) -> list[Module]:
    """Return the layers that an entry of a list stands for."""
    found = interpreter.values([node], scope)
    for each in found:
        if not isinstance(each, Module):
            words = syntax.source_of(node)
            made = f": {words}(…) makes one" if isinstance(each, Class) else ""
            message = f"{text.excerpt(words)} is not a layer{made}"
            raise ConvcalcError(message, place=f"line {node.lineno}")
    return found  # type: ignore[no-any-return]


LAYERS_IN_SMALL = {name.lower(): name for name in LAYERS}


def _placed(refusal: NotUnderstood | Raised, line: int) -> ConvcalcError:
    """Return a refusal with its line, and what gives a name a value."""
    message = refusal.message
    name = getattr(refusal, "attribute", "")
    module = getattr(refusal, "module", None)
    if isinstance(module, Module):
        message = f"{module.cls.name} {message}"
    elif name.lower() in LAYERS_IN_SMALL and isinstance(refusal, Raised):
        message = f"{name} isn't defined: {LAYERS_IN_SMALL[name.lower()]} is the nearest name"
    elif name in WORDS:
        message = f"{name} has no value here: the text {name!r} stands in quotes"
    elif name and name.islower():
        message = f"{name} has no value here: --define {name}=10 gives it one"
    return ConvcalcError(message, place=f"line {line}")


def _together(layers: list[Any], assigned: dict[str, Any]) -> tuple[Module, bool]:
    modules = {name: value for name, value in assigned.items() if isinstance(value, Module)}
    if len(modules) == 1 and not layers:
        layers = list(modules.values())
        modules = {}
    if len(layers) == 1 and layers[0].layer is None:
        return layers[0], False
    named = {} if layers else modules
    for at, each in enumerate(layers):
        named[str(at)] = each
    if not named:
        raise ConvcalcError("there are no layers in the text")
    forward = Builtin("forward", in_order, reads=True)
    root = fresh(Class("", [MODULE], {"forward": forward}))
    root.children = dict(named)
    return root, not layers
