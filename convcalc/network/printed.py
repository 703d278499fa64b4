"""What `print(model)` shows, made into a tree of modules; every line of it is read or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS, build
from convcalc.network import blocks
from convcalc.network.containers import CONTAINERS, MODULE, fresh, layer_class
from convcalc.network.literals import arguments_of
from convcalc.network.modules import Builtin, Class, Module
from convcalc.network.refusals import Place
from convcalc.network.source import LONGEST
from convcalc.network.tensors import Parameter

DEEPEST = 100
"""The deepest nesting of modules."""
MOST_LAYERS = 100_000
"""The most modules of a network."""

SHOWN = re.compile(r"^\s*\(.+?\):", re.MULTILINE)
"""A line that only print(model) has: a child with its name in brackets."""
REPEATED = re.compile(r"(?P<count>[0-9]{1,9}) x (?P<module>.*)")
NAME = re.compile(r"[A-Za-z_]\w*")
PARAMETER = re.compile(r"Parameter containing: \[\S+ of size (?P<sizes>[0-9]+(?:x[0-9]+)*)?.*\]")
LAYER = re.compile(rf"\b(?:{'|'.join(LAYERS)})\(")


@dataclass
class Printed:
    """One module as it is shown.

    `arguments` is what stands between its brackets on one line, None where its children do;
    `own` are the lines of a class's own words about itself.
    """

    kind: str
    line: int
    column: int
    arguments: str | None = None
    own: list[str] = field(default_factory=list)
    children: list[tuple[str, Printed | None]] = field(default_factory=list)
    parameters: dict[str, tuple[int, ...]] = field(default_factory=dict)


def is_printed(words: str) -> bool:
    """Return whether a text is what print(model) shows."""
    return SHOWN.search(words[:LONGEST]) is not None


def fault(line: int, column: int, message: str) -> ConvcalcError:
    """Return an error that says where in the text it is."""
    return ConvcalcError(message, place=f"line {line}, column {column}")


# ---------------------------------------------------------------------------------------------
# The text
# ---------------------------------------------------------------------------------------------


def parse(words: str) -> Printed:
    """Return the tree that a text shows; raise ConvcalcError at the line that can't be read."""
    root: Printed | None = None
    opened: list[Printed] = []
    entries = 0
    for number, raw in enumerate(words.split("\n"), 1):
        line = raw.strip()
        if not line:
            continue
        column = raw.index(line) + 1
        if root is not None and not opened:
            raise fault(number, column, f"{text.excerpt(line)} comes after the end of the model")
        if line == ")" and opened:
            opened.pop()
            continue
        if root is None:
            root = module = _module(line, number, column)
        else:
            found = _child(opened[-1], line, number, column)
            if found is None:
                continue
            keys, module = found
            entries += len(keys)
            if entries > MOST_LAYERS:
                raise fault(number, column, f"more than {MOST_LAYERS:,} modules")
        if module is not None and line.endswith("(") and module.arguments is None:
            opened.append(module)
            if len(opened) > DEEPEST:
                raise fault(number, column, f"modules are nested more than {DEEPEST} deep")
    if root is None:
        raise ConvcalcError("the text is empty: layers, or what print(model) shows, belong there")
    if opened:
        where = opened[-1]
        raise fault(where.line, where.column, f"{where.kind}( is not closed")
    return root


def _child(
    owner: Printed, line: str, number: int, column: int
) -> tuple[list[str], Printed | None] | None:
    """Read one line within a module: a child, a parameter, or the class's own words."""
    end = line.find("):")
    if not line.startswith("(") or end < 0:
        _own_words(owner, line, number, column)
        return None
    key, rest = line[1:end], line[end + 2 :].strip()
    if not key.strip() or not key.isprintable() or "." in key:
        raise fault(number, column, f"{text.excerpt(key)} can't be the name of a module")
    if rest == "None":
        owner.children.append((key, None))
        return [key], None
    parameter = PARAMETER.fullmatch(rest)
    if parameter is not None:
        sizes = parameter["sizes"]
        owner.parameters[key] = tuple(map(int, sizes.split("x"))) if sizes else ()
        return None
    start = column + line.index(rest, end) if rest else column
    repeated = REPEATED.fullmatch(rest)
    keys = [key]
    if repeated is not None:
        keys, rest = _keys(key, repeated["count"], number, column), repeated["module"]
    module = _module(rest, number, start)
    owner.children += ((each, module) for each in keys)
    return keys, module


def _own_words(owner: Printed, line: str, number: int, column: int) -> None:
    """Keep what a class says of itself; what looks like a layer isn't that, and is refused."""
    if owner.kind in CONTAINERS or LAYER.search(line) or (line.endswith("(") and NAME.match(line)):
        raise fault(
            number,
            column,
            f"{text.excerpt(line)} is not understood: a child is shown as (name): Layer(…)",
        )
    owner.own.append(line)


def _keys(key: str, count: str, line: int, column: int) -> list[str]:
    """Return the names of a child; `(0-3): 4 x` stands for four that are alike."""
    first, _, last = key.partition("-")
    many = int(count)
    if many > MOST_LAYERS:
        raise fault(line, column, f"{many:,} modules: {MOST_LAYERS:,} are the most")
    if (
        len(key) > 20
        or not (first.isdecimal() and last.isdecimal() and key.isascii())
        or (int(last) - int(first) + 1 != many)
    ):
        raise fault(line, column, f"({key}) does not name {many} modules")
    return [str(each) for each in range(int(first), int(last) + 1)]


def _module(words: str, line: int, column: int) -> Printed:
    kind, bracket, rest = words.partition("(")
    if NAME.fullmatch(kind) is None or not bracket:
        raise fault(line, column, f"{text.excerpt(words)} is not a module: Layer(…) is one")
    if not rest:
        return Printed(kind, line, column)
    if not rest.endswith(")"):
        raise fault(line, column, f"{text.excerpt(words)} has no closing bracket")
    return Printed(kind, line, column, arguments=rest[:-1])


# ---------------------------------------------------------------------------------------------
# The modules
# ---------------------------------------------------------------------------------------------


class Builder:
    """Makes the modules that a text shows."""

    def __init__(self, interpreter: Any, file: str, *, in_order: bool = False) -> None:
        self.interpreter = interpreter
        self.file = file
        self.in_order = in_order
        """Whether classes that aren't known are followed in the order shown."""
        self.read: dict[tuple[str, str], tuple[list[Any], dict[str, Any]]] = {}
        """Arguments that were read before: in a large model most lines recur."""
        self.unknown: dict[str, list[str]] = {}
        """Classes that aren't known, and where they stand."""
        self.known: set[str] = set()
        """Classes that are known by their name and their children alone."""
        self.likened: dict[str, str] = {}
        """Classes that aren't known, counted as the layer whose arguments they show."""
        self.modules = 0

    def module(self, shown: Printed, name: str = "") -> Module:
        """Return the module that is shown, with all below it."""
        self.modules += 1
        if self.modules > MOST_LAYERS:
            raise ConvcalcError(f"the network has more than {MOST_LAYERS:,} modules")
        kind = shown.kind
        if kind in LAYERS and not shown.own and kind != "MultiheadAttention":
            made = self._layer(shown, kind, shown.arguments or "")
        elif kind in CONTAINERS and kind != "Module" and not shown.own and not shown.arguments:
            made = fresh(CONTAINERS[kind])
        else:
            made = self._own_class(shown, name)
        made.place = Place(self.file, shown.line)
        for key, child in shown.children:
            path = f"{name}.{key}" if name else key
            if child is None:
                made.children[key] = None
            elif not (made.layer is not None and key in made.children):
                made.children[key] = self.module(child, path)
        for key, shape in shown.parameters.items():
            made.parameters[key] = Parameter(shape)
        blocks.complete(self.interpreter, made)
        return made

    def _layer(self, shown: Printed, kind: str, words: str) -> Module:
        """Return a layer of torch, made of the arguments that are shown."""
        made = fresh(layer_class(kind))
        if (kind, words) not in self.read:
            self.read[kind, words] = arguments_of(words, shown.line, shown.column + len(kind))
        arguments, named = self.read[kind, words]
        try:
            layer = build(kind, arguments, named)
        except ConvcalcError as error:
            raise fault(shown.line, shown.column, f"{kind}: {error}") from None
        made.arguments = (tuple(arguments), dict(named))
        made.fill(layer)
        return made

    def _own_class(self, shown: Printed, name: str) -> Module:
        """Return a module of somebody's own class: known, counted as a layer, or unknown."""
        cls = blocks.find(self.interpreter, shown)
        if cls is not None:
            made = blocks.made(self.interpreter, cls, shown)
            if blocks.is_torchvision(cls):
                self.known.add(shown.kind)
            return made
        likened = self._likened(shown)
        if likened is not None:
            return likened
        self.unknown.setdefault(shown.kind, []).append(name)
        return fresh(self._unknown_class(shown.kind))

    def _likened(self, shown: Printed) -> Module | None:
        """Return a layer that a class says the arguments of, and whose name its own holds."""
        words = shown.arguments if shown.arguments is not None else ", ".join(shown.own)
        if not words or "=" not in words:
            return None
        for kind in LIKENED:
            base, digits = kind.rstrip("123d"), kind[-2:]
            if base not in shown.kind or (digits[-1] == "d" and digits not in shown.kind):
                continue
            try:
                made = self._layer(shown, kind, words)
            except ConvcalcError:
                continue
            self.likened[shown.kind] = kind
            self.unknown.setdefault(shown.kind, []).append("")
            made.cls = self._unknown_class(shown.kind, layer_class(kind))
            return made
        return None

    def _unknown_class(self, kind: str, base: Class = MODULE) -> Class:
        def forward(interpreter: Any, self_: Module, *inputs: Any, **named: Any) -> Any:
            if not self.in_order:
                where = interpreter.trace.names.get(id(self_)) or ""
                raise ConvcalcError(
                    f"{f'{where} ({kind})' if where else kind}: its forward isn't in the text. "
                    f"FILE.py:{kind} follows its source, --sequential takes its layers in the "
                    "order shown, --params-only counts them"
                )
            return in_order(interpreter, self_, *inputs)

        made = Class(kind, [base], {"forward": Builtin("forward", forward, reads=True)})
        return made


LIKENED = ("Conv1d", "Conv2d", "Conv3d", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "Linear",
           "LayerNorm", "GroupNorm", "Embedding")  # fmt: skip
"""Layers that other classes are made from, whose arguments these then show."""


def in_order(interpreter: Any, module: Module, *inputs: Any) -> Any:
    """Follow the children one after the other; a flatten that isn't shown is put in."""
    value: Any = inputs[0] if inputs else None
    for _, child in module.named_children():
        value = interpreter.trace.through(interpreter, child, value)
    return value


def names_of(builder: Builder) -> Iterator[str]:
    """Yield the classes that aren't known, with how many there are of each."""
    for kind, places in builder.unknown.items():
        yield f"{kind} ({len(places):,})" if len(places) > 1 else kind
