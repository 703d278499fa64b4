"""How a model is made of a class or a function, and how its arguments are asked for."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.network.configuration import argument
from convcalc.network.torch.module import Module
from convcalc.reading import syntax
from convcalc.reading.bounds import MOST_STEPS_OF_A_STATEMENT
from convcalc.reading.exceptions import TooMuch, place_of
from convcalc.reading.functions import Function, lacking
from convcalc.reading.values import MISSING

if TYPE_CHECKING:
    from convcalc.reading.files import Module as File
    from convcalc.reading.files import Project

MOST_ASKED = 8
"""The most entries of a configuration that are asked for by name."""
MOST_TRIED = 4
"""The most calls in a file that are tried before one of them is named."""
MOST_NODES = 200
"""The most that a call is made of, for names in it to be replaced."""


def made(project: Project, maker: object) -> object:
    """Return what a class or a function makes, its arguments those that were defined."""
    function = type.__getattribute__(maker, "__init__") if isinstance(maker, type) else maker
    code = function._convcalc_code if isinstance(function, Function) else None
    names = () if code is None else (*code.places, *code.by_name)
    named = {}
    for name in names[isinstance(maker, type) :]:
        assert isinstance(function, Function)
        value = argument(project, name, default_of(function, name))
        if value is not default_of(function, name):
            named[name] = value
    return project.reader.call(maker, [], named)


def default_of(function: Function, name: str) -> object:
    """Return the default of an argument, or MISSING."""
    places, defaults = function._convcalc_code.places, function.__defaults__ or ()
    found = dict(zip(places[len(places) - len(defaults) :], defaults, strict=True))
    return {**found, **(function.__kwdefaults__ or {})}.get(name, MISSING)


def asked_for(project: Project, error: TypeError) -> ConvcalcError | None:
    """Return the refusal that asks for what the question itself leaves out, by its name."""
    function, missing = lacking(error)
    if not isinstance(function, Function) or not missing or place_of(error) is not None:
        return None
    main, node = project.main, function._convcalc_node
    called = function.__qualname__.removesuffix(".__init__")
    entries = [each for name in missing for each in read_of(main, node, name) or [name]]
    defined = " ".join(f"--define {each}=…" for each in entries[:MOST_ASKED])
    more = " and so on" if len(entries) > MOST_ASKED else ""
    seen = seen_calls(project, called)
    example = seen or f"{target(main)}:{called}(…)"
    gives = "it" if len(missing) == 1 else "them"
    return ConvcalcError(
        f"{called} needs {text.listed(missing)}: {example} gives {gives}, or {defined}{more}"
    )


def seen_calls(project: Project, called: str) -> str:
    """Return a call of a class or a function in the file that can be asked about as it stands."""
    main, shown = project.main, ""
    functions = [node for node in ast.walk(main.parse()) if isinstance(node, ast.FunctionDef)]
    calls = [node for node in ast.walk(main.parse())
             if isinstance(node, ast.Call) and syntax.source_of(node.func) == called
             and (node.args or node.keywords)]  # fmt: skip
    for node in sorted(calls, key=lambda each: each.lineno)[:MOST_TRIED]:
        words, where = syntax.source_of(node), main.place(node.lineno).within
        around = [each for each in functions if node in ast.walk(each)]
        for tried in dict.fromkeys((words, syntax.source_of(of_the_file(node, around)))):
            if makes_a_model(project, tried):
                return f"{quoted(f'{target(main)}:{tried}')}, seen in {where},"
        shown = shown or f"{target(main)}:{called}(…) as {where} has it, {words},"
    return shown


def of_the_file(call: ast.Call, around: Sequence[ast.FunctionDef]) -> ast.AST:
    """Return a call with what the functions around it set once in the place of their own names."""
    given: dict[str, ast.expr] = {}
    changed: list[str] = []
    for node in (each for function in around for each in ast.walk(function)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            given[node.targets[0].id] = node.value
        if isinstance(getattr(node, "ctx", None), ast.Store):
            changed.append(_root(node))
    once = {name: value for name, value in given.items() if changed.count(name) == 1}
    made: ast.AST = copy.deepcopy(call)
    for _ in range(MOST_TRIED):  # what they set is made of names of theirs in its turn
        if sum(1 for _ in ast.walk(made)) < MOST_NODES:
            made = Filled(once).visit(made)
    return made


def _root(node: ast.AST) -> str:
    """Return the name of what is set, or of what an attribute or an item is set of."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


class Filled(ast.NodeTransformer):
    """Puts values in the place of names."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self.values = values

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the value of a name that has one, and anything else as it is."""
        if isinstance(node, ast.Name) and node.id in self.values:
            return copy.deepcopy(self.values[node.id])
        self.generic_visit(node)
        return node


def makes_a_model(project: Project, words: str) -> bool:
    """Return whether an expression makes a model in the file's own names, as a question would."""
    guards = project.reader.guards
    before = guards.within(MOST_STEPS_OF_A_STATEMENT)
    depth = len(project.reader.frames)
    try:
        return isinstance(project.evaluate(words), Module)
    except TooMuch:
        del project.reader.frames[depth:]
        return False
    except Exception:  # whatever it raises: it isn't told as one that would do
        return False
    finally:
        guards.limit = before


def target(main: File) -> str:
    """Return how the file is named in a question: from the current folder, if it is below it."""
    here = Path.cwd()
    return main.path.relative_to(here).as_posix() if here in main.path.parents else main.name


def quoted(words: str) -> str:
    """Return words as a shell takes them for one."""
    import shlex  # here, since it takes long to load, and few sentences quote a target

    return shlex.quote(words) if re.search(r'["$`\\!]', words) else f'"{words}"'


def read_of(main: File, init: ast.AST, name: str) -> list[str]:
    """Return what a class or a function reads of an argument: entries of a configuration.

    Those that its methods read of an attribute which keeps the argument count too.
    """
    owner = next((each for each in ast.walk(main.parse())
                  if isinstance(each, ast.ClassDef) and init in each.body), None)  # fmt: skip
    keeps = {f"self.{target.attr}" for each in ast.walk(init) if isinstance(each, ast.Assign)
             for target in each.targets
             if isinstance(target, ast.Attribute) and isinstance(each.value, ast.Name)
             and each.value.id == name and syntax.source_of(target.value) == "self"}  # fmt: skip
    found: dict[str, None] = {}
    for path in _paths(init):
        if path.startswith(f"{name}."):
            found[path] = None
    for path in _paths(owner) if owner is not None and keeps else ():
        for each in keeps:
            if path.startswith(f"{each}."):
                found[name + path[len(each) :]] = None
    return list(found)


def _paths(tree: ast.AST) -> Iterator[str]:
    """Yield what is read by attributes, and by keys that are texts: opt.model.width."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Load):
            path = _path(node)
            if path:
                yield path
                continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            waiting += [node.func.value, *node.args, *node.keywords]  # a method is no entry
        else:
            waiting += ast.iter_child_nodes(node)


def _path(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=name):
            inner = _path(owner)
            return f"{inner}.{name}" if inner else ""
        case ast.Subscript(value=owner, slice=ast.Constant(value=str() as name)):
            inner = _path(owner)
            return f"{inner}.{name}" if inner and name.isidentifier() else ""
    return ""
