"""Which model of a source is meant: the one that an expression names, or the file is about.

Where nobody says, it is the module that the file itself makes: at its top level, under
`if __name__`, or in what it calls there, whatever holds it; or else the one class of networks that
no other network uses.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.network.answer.tree import is_own, kept, named_modules, table
from convcalc.network.configuration import argument
from convcalc.network.making import asked_for, made, seen_calls
from convcalc.network.texts.layer_list import ONE_BY_ONE
from convcalc.network.torch.errors import details
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Parameter
from convcalc.reading import syntax
from convcalc.reading.attributes import kind
from convcalc.reading.exceptions import NotUnderstood, Place, ends_well, is_stated, place_of
from convcalc.reading.values import MISSING, Unknown, is_read

if TYPE_CHECKING:
    from convcalc.network.following import Reading
    from convcalc.reading.files import Module as File

MOST_LISTED = 8
"""The most models that are listed where several may be meant."""
PLAIN = (bool, int, float, str, tuple)
"""What attributes are that may make two modules of one class differ."""
DEEPEST_HELD = 3
"""How deep lists, dicts and attributes are looked through for a model that was made."""


def model_of(expression: str | None, runs: bool, reading: Reading) -> Module:
    """Return the model that an expression names, or the one that a file is about.

    `runs` says whether the file is run first, with what stands behind `if __name__`.
    """
    project = reading.project
    main = project.main
    main.read()
    if runs:
        read_guards(main)
    words = chosen(reading) if expression is None else expression
    if isinstance(words, Module):
        return words
    asked = parse_expression(words)
    named = {node.id for node in ast.walk(asked) if isinstance(node, ast.Name)}
    for name in named - main.names.keys():
        value = argument(project, name)
        if value is not MISSING:
            main.names[name] = value
    if any(name not in main.names and name not in project.reader.builtins for name in named):
        read_guards(main)
    try:
        value = project.evaluate(words)
        is_class = isinstance(value, type) and issubclass(value, Module)
        if is_class or (callable(value) and not isinstance(value, (Module, type, Unknown))):
            value = made(project, value)
    except TypeError as error:
        raise asked_for(project, error) or error from None
    except NameError as error:
        if place_of(error) is None and error.name in named:
            raise ConvcalcError(unnamed(main, error.name)) from None
        raise
    if isinstance(value, Unknown):
        if value.error is not None:
            raise value.error
        refusal = NotUnderstood(f"{words} isn't known: {value.why}")
        refusal.at = set_at(main, named)
        raise refusal
    if not isinstance(value, Module):
        raise ConvcalcError(
            f"{words} is {kind(value)}, not a model: a class made from nn.Module, "
            "or what makes one, is"
        )
    return value


def set_at(main: File, names: Container[str]) -> Place | None:
    """Return where a file sets one of these names last, at its top level."""
    found: Place | None = None
    for node in main.parse().body:
        own = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names
        if own or any(isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
                      and each.id in names for each in ast.walk(node)):  # fmt: skip
            found = main.place(node.lineno)
    return found


def parse_expression(words: str) -> ast.expr:
    """Return the syntax of an expression; raise ConvcalcError where it is none."""
    try:
        return syntax.expression(words.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConvcalcError(
            f"{text.excerpt(words)} is not an expression: Net or UNet(3, 2) is one"
        ) from None


def unnamed(main: File, name: str) -> str:
    """Return what is said of a name that the file doesn't have."""
    near = text.nearest(name, [each for each in main.names if not each.startswith("_")])
    hint = f"{near} is the nearest name" if near else "there is no name like it"
    return f"{main.name} has no {name}: {hint}"


def chosen(reading: Reading) -> str | Module:
    """Return the expression that stands for the model of a file, or the model itself.

    Raises ConvcalcError where several may be meant, or none.
    """
    main = reading.project.main
    own = models_in(main.names, (Module, Unknown))
    if not own and read_guards(main):
        own = models_in(main.names, (Module,))
    within = [] if own else made_within(reading)
    reading.trace.first = None
    if len(own) == 1:
        return own[0]
    if len(within) == 1:
        return within[0]
    ended = None if ends_well(main.ended) else main.ended
    listed = [*own, *(words_of(main, each) for each in within)]
    if ended is not None and not listed and (details(ended) is not None or is_stated(ended)):
        raise ended  # what it would have made doesn't fit
    classes = unused_classes(main)
    found = list(dict.fromkeys((*listed, *classes)))
    if len(found) == 1:
        told_of(reading, found[0])
        return found[0]
    if found:
        names = text.listed([f"{main.name}:{name}" for name in found[:MOST_LISTED]], "or")
        raise ConvcalcError(f"{main.name} has {len(found)} models: {names}")
    if ended is not None:
        raise ended
    layers = [name for name, value in main.names.items() if isinstance(value, Module)]
    if len(layers) == 1:
        return layers[0]
    if layers:
        raise ConvcalcError(ONE_BY_ONE)
    unknown = next(
        (each for name, each in main.names.items()
         if isinstance(each, Unknown) and not name.startswith("__")), None
    )  # fmt: skip
    if unknown is not None and any(isinstance(node, ast.ClassDef) for node in main.parse().body):
        raise NotUnderstood(unknown.why)
    raise ConvcalcError(
        f"{main.name} has no model: layers of torch.nn, or a class made from nn.Module, are one"
    )


def told_of(reading: Reading, name: str) -> None:
    """Note how a file makes a class of its own that is asked about without arguments."""
    seen = seen_calls(reading.project, name)
    if seen:
        reading.project.reader.told.append(
            f"{name} is made without arguments; the file has it otherwise: {seen.rstrip(',')}."
        )


def read_guards(main: File) -> bool:
    """Follow what is read where the file is run; return whether there is anything new.

    What can't be followed of it leaves the classes of the file as they are.
    """
    try:
        return main.read_guards()
    except NotUnderstood:
        return True


# ---------------------------------------------------------------------------------------------
# Modules
# ---------------------------------------------------------------------------------------------


def models_in(names: dict[str, object], kinds: tuple[type, ...]) -> list[str]:
    """Return the names of modules that are no part of others, but for single layers of torch.

    One of these kinds that is called model or net is meant alone; one without parameters, as a
    loss of one's own is, is meant only where no other is there.
    """
    for name in ("model", "net"):
        if isinstance(names.get(name), kinds):
            return [name]
    found: dict[int, tuple[str, Module]] = {}
    for name, value in names.items():
        if isinstance(value, Module) and (is_own(value) or table(value, "_modules")):
            found.setdefault(id(value), (name, value))
    inner = parts_of(found)
    outer = [(name, value) for name, value in found.values() if id(value) not in inner]
    learning = [each for each in outer if learns(each[1])] or outer
    left = unlike([value for _, value in learning])
    return [name for name, value in learning if any(value is each for each in left)]


def parts_of(found: dict[int, tuple[str, Module]]) -> set[int]:
    """Return the identities of all modules that are parts of these."""
    return {
        id(each) for _, value in found.values() for _, each in named_modules(value)
        if each is not value
    }  # fmt: skip


def learns(module: Module) -> bool:
    """Return whether a module, or a part of it, holds parameters."""
    return any(
        parameter is not None
        for _, each in named_modules(module)
        for parameter in table(each, "_parameters").values()
    )


def made_within(reading: Reading) -> list[Module]:
    """Return the models that a file makes without giving them a name of its top level.

    They are those of classes that are read, with parameters, and no part of others; several of one
    class that are made alike count once. One that was made in what isn't followed to its end isn't
    known, and one that a test makes isn't meant.
    """
    reader = reading.project.reader
    lost = reader.lost
    found: dict[int, tuple[str, Module]] = {}
    for step, module in reading.trace.first or ():
        known = id(module) not in reader.forgotten and not any(a <= step <= b for a, b in lost)
        known = known and not is_tested(module)
        if known and is_own(module) and "_modules" in module.__dict__:
            found[id(module)] = "", module
    try:
        inner = parts_of(found)
        outer = [each for _, each in found.values() if id(each) not in inner and learns(each)]
    except NotUnderstood:
        return []
    return unlike(outer)


def is_tested(module: Module) -> bool:
    """Return whether a module is made in a function that is called a test, as pytest knows them."""
    step = kept(module).step
    while step is not None:
        if step.frame.name.rpartition(".")[2].startswith("test"):
            return True
        step = step.outer
    return False


def unlike(modules: Sequence[Module]) -> list[Module]:
    """Return the modules but for those that are like one before them."""
    known = [likeness(each) for each in modules] if len(modules) > 1 else [[]]
    return [each for at, each in enumerate(modules) if known.index(known[at]) == at]


def likeness(module: Module) -> list[object]:
    """Return what is equal for modules of which the same is answered: copies, targets, teachers."""
    found: list[object] = []
    for name, each in named_modules(module):
        plain = {key: value for key, value in vars(each).items()
                 if isinstance(value, PLAIN) and key != "training"}  # fmt: skip
        found.append((name, type(each), repr(sorted(plain.items()))))
        for key, parameter in table(each, "_parameters").items():
            learnt = isinstance(parameter, Parameter) and parameter.requires_grad
            found.append((key, getattr(parameter, "shape", None), learnt))
    return found


def words_of(main: File, module: Module) -> str:
    """Return an expression for a module that a file made: where it is held, or the call."""
    step = kept(module).step
    return held_as(main.names, module) or (
        syntax.source_of(step.node) if step is not None and step.node is not None
        else type(module).__name__
    )  # fmt: skip


def held_as(names: dict[str, object], module: Module) -> str | None:
    """Return where a list, a dict or an object of a file holds a module."""
    waiting = [(name, value, 0) for name, value in names.items() if not name.startswith("_")]
    seen: set[int] = set()
    for words, value, depth in waiting:
        if value is module:
            return words
        if depth == DEEPEST_HELD or id(value) in seen or isinstance(value, Module):
            continue
        seen.add(id(value))
        inner: list[tuple[str, object]] = []
        if isinstance(value, dict):
            inner = [(f"{words}[{key!r}]", each) for key, each in value.items()
                     if isinstance(key, (str, int))]  # fmt: skip
        elif isinstance(value, (list, tuple)):
            inner = [(f"{words}[{at}]", each) for at, each in enumerate(value)]
        elif is_read(value if isinstance(value, type) else type(value)):
            held = dict(getattr(value, "__dict__", {}))
            inner = [(f"{words}.{key}", each) for key, each in held.items() if key[:1] != "_"]
        waiting += [(each, found, depth + 1) for each, found in inner]
    return None


# ---------------------------------------------------------------------------------------------
# Classes
# ---------------------------------------------------------------------------------------------


def unused_classes(main: File) -> list[str]:
    """Return the classes of networks that no other of them uses; all, if all are used."""
    own = [
        name
        for name, value in main.names.items()
        if isinstance(value, type) and issubclass(value, Module)
        and value.__module__ in (main.names["__name__"], main.module or main.path.stem)
    ]  # fmt: skip
    used = used_by(own, main.parse())
    return [name for name in own if name not in used] or own


def used_by(networks: list[str], tree: ast.Module) -> set[str]:
    """Return the names that classes of networks use, also in functions which they use."""
    uses: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            uses[node.name] = names - {node.name}
    found: set[str] = set()
    waiting = [*networks]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            found |= uses.get(name, set())
            waiting += uses.get(name, set()) & uses.keys()
    return found
