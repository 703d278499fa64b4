"""What `print(model)` shows, made into a tree of modules; every line of it is read or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Layer
from convcalc.layers.vocabulary import LAYERS, LOSSES, build
from convcalc.network.blocks import Known, said
from convcalc.network.containers import CONTAINERS, MODULE, fresh, layer_class, loss_class
from convcalc.network.literals import arguments_of
from convcalc.network.modules import LONGEST_NAME, Builtin, Class, Module
from convcalc.network.refusals import Place
from convcalc.network.source import LONGEST
from convcalc.network.tensors import Parameter

DEEPEST = 100
"""The deepest nesting of modules."""
MOST_LAYERS = 20_000
"""The most modules of a network."""
MOST_DIGITS = 12
"""The most digits of a size."""

SHOWN = re.compile(r"^[^\S\n]*\([^\n]+?\):", re.MULTILINE)
"""A line that only print(model) has: a child with its name in brackets."""
REPEATED = re.compile(r"(?P<count>[0-9]{1,9}) x (?P<module>.*)")
NAME = re.compile(r"[A-Za-z_]\w*")
TENSOR = re.compile(
    r"(?P<kind>Parameter|Tensor) containing: "
    r"\[[\w.]+ of size (?P<sizes>[0-9x]*)(?: \([^()]*\))?\]"
)
OBJECT = re.compile(r"Object of type: \w+")
BARE_CALL = re.compile(r"(?<![\w.=])[A-Za-z_]\w*\(")
"""What may be a layer whose name was lost; one behind = is a setting of the class."""
PARAMETERS = ("ParameterList", "ParameterDict")


class Printed:
    """One module as it is shown.

    `arguments` is what stands between its brackets on one line, None where its children do;
    `own` are the lines of a class's own words about itself, `indent` is where its children stand.
    """

    def __init__(self, kind: str, line: int, column: int, arguments: str | None = None) -> None:
        self.kind = kind
        self.line = line
        self.column = column
        self.arguments = arguments
        self.own: list[str] = []
        self.children: list[tuple[str, Printed | None]] = []
        self.parameters: dict[str, tuple[int, ...]] = {}
        self.names: set[str] = set()
        self.indent = 0

    @property
    def words(self) -> str:
        """What the class says of itself, on one line or on its own."""
        return ", ".join(self.own) if self.arguments is None else self.arguments


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
    module: Printed | None
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
            module = root = _module(line, number, column)
        else:
            found = _entry(opened[-1], line, number, column)
            if found is None:
                continue
            many, module = found
            entries += many
            if entries > MOST_LAYERS:
                raise fault(number, column, f"more than {MOST_LAYERS:,} modules")
        if module is not None and module.arguments is None:
            opened.append(module)
            if len(opened) > DEEPEST:
                raise fault(number, column, f"modules are nested more than {DEEPEST} deep")
    if root is None:
        raise ConvcalcError("the text is empty: layers, or what print(model) shows, belong there")
    if opened:
        where = opened[-1]
        raise fault(where.line, where.column, f"{where.kind}( is not closed")
    return root


def _entry(
    owner: Printed, line: str, number: int, column: int
) -> tuple[int, Printed | None] | None:
    """Read one line within a module: children, a parameter, or the class's own words.

    Returns how many children it shows, and which module each of them is.
    """
    end = line.find("):")
    if not line.startswith("(") or end < 0:
        if owner.kind in CONTAINERS or not _is_own_words(line):
            raise fault(
                number,
                column,
                f"{text.excerpt(line)} is not understood: a child is shown as (name): Layer(…)",
            )
        owner.own.append(line)
        return None
    key, rest = line[1:end], line[end + 2 :].strip()
    if not key.strip() or not key.isprintable() or "." in key or not _is_balanced(key):
        raise fault(number, column, f"{text.excerpt(key)} can't be the name of a module")
    if _parameter(owner, key, rest, number, column):
        return None
    owner.indent = owner.indent or column
    if column != owner.indent:
        raise fault(
            number,
            column,
            f"({key}) stands {text.counted(abs(column - owner.indent), 'column')} "
            f"{'left' if column < owner.indent else 'right'} of the others in its {owner.kind}",
        )
    if rest == "None":
        _claim(owner, key, number, column)
        owner.children.append((key, None))
        return 1, None
    start = column + line.index(rest, end) if rest else column
    repeated = REPEATED.fullmatch(rest)
    keys = [key]
    if repeated is not None:
        keys, rest = _keys(key, repeated["count"], number, column), repeated["module"]
    module = _module(rest, number, start)
    for each in keys:
        _claim(owner, each, number, column)
        owner.children.append((each, module))
    return len(keys), module


def _claim(owner: Printed, key: str, line: int, column: int) -> None:
    """Take a name for one child alone."""
    if len(key) > LONGEST_NAME:
        raise fault(
            line, column, f"a name of {len(key):,} characters, {LONGEST_NAME:,} are the most"
        )
    if key in owner.names:
        raise fault(line, column, f"({key}) is there twice in the same {owner.kind}")
    owner.names.add(key)


def _parameter(owner: Printed, key: str, words: str, line: int, column: int) -> bool:
    """Read an entry of a list of parameters; return whether it is one."""
    if owner.kind in PARAMETERS and OBJECT.fullmatch(words):
        return True
    found = TENSOR.fullmatch(words)
    if found is None:
        return False
    _claim(owner, key, line, column)
    sizes = found["sizes"].split("x") if found["sizes"] else []
    if not all(0 < len(size) <= MOST_DIGITS for size in sizes):
        raise fault(line, column, f"{text.excerpt(found['sizes'])} is not the size of a parameter")
    if found["kind"] == "Parameter":
        owner.parameters[key] = tuple(map(int, sizes))
    return True


def _is_own_words(line: str) -> bool:
    """Return whether a line is what a class says of itself, and can't be a child gone wrong."""
    if not _is_balanced(line) or "):" in line or BARE_CALL.search(line):
        return False
    if line.startswith("("):  # a tuple, as a LayerNorm's shape
        return "," in line[: line.index(")")]
    return line[0].isalnum() or line[0] in "_-'\"[{<"


def _is_balanced(words: str) -> bool:
    """Return whether every bracket is closed, and none that wasn't opened."""
    depth = 0
    for character in words:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return False
    return depth == 0


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
    """Read a module: a class's name, and what stands between its brackets on this line."""
    kind, bracket, rest = words.partition("(")
    if NAME.fullmatch(kind) is None or not bracket:
        raise fault(line, column, f"{text.excerpt(words)} is not a module: Layer(…) is one")
    if not rest:
        return Printed(kind, line, column)
    arguments = rest[:-1]
    if not rest.endswith(")") or not _is_balanced(arguments):
        raise fault(line, column, f"{text.excerpt(words)} has no closing bracket")
    module = Printed(kind, line, column, arguments)
    if kind in PARAMETERS and arguments:
        only = arguments.strip()  # one parameter alone is shown on the same line
        end = only.find("):")
        key, rest = only[1:end], only[end + 2 :].strip()
        if not only.startswith("(") or not _parameter(module, key, rest, line, column):
            raise fault(line, column, f"{text.excerpt(only)} is not a parameter")
        module.arguments = ""
    elif kind in CONTAINERS and arguments:
        raise fault(line, column, f"{text.excerpt(words)}: a {kind} shows a child a line")
    elif "):" in arguments:
        raise fault(line, column, f"{text.excerpt(words)} shows several modules on one line")
    return module


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
        self.blocks = Known(interpreter)
        self.built: dict[Any, tuple[Layer, tuple[tuple[Any, ...], dict[str, Any]]]] = {}
        """Layers that were made before, with their arguments: in a large model most lines recur."""
        self.classes: dict[str, Class] = {}
        """Classes that aren't known, by their names."""
        self.unknown: dict[str, int] = {}
        """How many there are of each class that isn't known."""
        self.likened: dict[str, str] = {}
        """Classes that aren't known, counted as the layer whose arguments they show."""
        self.known: dict[str, Class] = {}
        """Classes that are known by their name and their children alone."""
        self.notes: list[str] = []
        self.notes_on_shapes: list[str] = []
        """Notes that only those need to know who follow shapes."""
        self.waiting: list[tuple[Module, str]] = []
        """Modules of which only what is around them knows something."""
        self.modules = 0
        self.root = ""

    def build(self, shown: Printed) -> Module:
        """Return the model that is shown."""
        self.root = shown.kind
        made = self.module(shown)
        for module, wanted in self.waiting:
            if wanted not in module.attributes and wanted not in module.parameters:
                self._forget(module)
        return made

    def module(self, shown: Printed, owner: Class = MODULE) -> Module:
        """Return the module that is shown, with all below it.

        `owner` is the class around it, but for containers.
        """
        self.modules += 1
        if self.modules > MOST_LAYERS:
            raise ConvcalcError(f"the network has more than {MOST_LAYERS:,} modules")
        kind, in_brackets = shown.kind, shown.arguments is not None
        inner = shown.children
        if kind in LAYERS and in_brackets and kind != "MultiheadAttention":
            made = self._layer(shown, kind, shown.words, **self._from_owner(kind, owner))
        elif kind in PROJECTIONS and in_brackets:
            made = self._layer(shown, "Linear", shown.words)
        elif kind in LOSSES and in_brackets:
            made = fresh(loss_class(kind))
        elif kind in CONTAINERS and kind != "Module":
            made = fresh(CONTAINERS[kind])
        elif kind == "MultiheadAttention" and is_attention(shown):
            made, inner = self._attention(shown, owner), []
        elif is_parametrized(shown):
            made, inner = self._parametrized(shown), []
        else:
            made = self._own_class(shown)
        made.place = Place(self.file, shown.line)
        within = owner if kind in CONTAINERS else made.cls
        for key, child in inner:
            made.children[key] = None if child is None else self.module(child, within)
        for key, shape in shown.parameters.items():
            made.parameters[key] = Parameter(shape)
        self.blocks.complete(made)
        return made

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def hiding(self) -> Iterator[str]:
        """Yield the classes that aren't known, with how many there are of each."""
        for kind, many in self.unknown.items():
            facts = [f"{many:,}"] if many > 1 else []
            if kind in self.likened:
                facts.append(f"counted as {self.likened[kind]}")
            yield f"{kind} ({', '.join(facts)})" if facts else kind

    # -- Layers of torch ----------------------------------------------------------------------

    def _layer(self, shown: Printed, kind: str, words: str, **more: Any) -> Module:
        """Return a layer of torch, made of the arguments that are shown."""
        key = (kind, words, *more.items())
        if key not in self.built:
            arguments, named = arguments_of(words, shown.line, shown.column + len(kind))
            named = {**named, **more}
            try:
                self.built[key] = build(kind, arguments, named), (tuple(arguments), named)
            except ConvcalcError as error:
                raise fault(shown.line, shown.column, f"{kind}: {error}") from None
        made = fresh(layer_class(kind))
        layer, made.arguments = self.built[key]
        made.fill(layer)
        return made

    def _from_owner(self, kind: str, owner: Class) -> dict[str, Any]:
        """Return the settings of a layer that its text hides, but a known class around it says."""
        rounding = said(owner, "ceil_mode") if kind.startswith("AvgPool") else None
        return {} if rounding is None else {"ceil_mode": rounding}

    def _attention(self, shown: Printed, owner: Class) -> Module:
        """Return attention, of which the text shows no more than the projection out."""
        projection = shown.children[0][1]
        assert projection is not None
        inner = self._layer(projection, "Linear", projection.words)
        shape, bias = inner.parameters["weight"].shape, inner.parameters["bias"] is not None
        if shape[0] != shape[1]:
            raise fault(projection.line, projection.column, "out_proj isn't as wide as it is high")
        made = self._layer(
            shown, "MultiheadAttention", "",
            embed_dim=shape[0], num_heads=1, bias=bias, batch_first=True,
        )  # fmt: skip
        made.children["out_proj"] = inner
        if said(owner, "children_shown") is None:
            self._note(
                "print(model) doesn't show kdim, vdim and add_bias_kv of a MultiheadAttention: it "
                "is taken to have none."
            )
        if owner not in self.blocks.of_torchvision:
            note = "doesn't show batch_first of a MultiheadAttention: it is taken to be True."
            self.notes_on_shapes = [f"print(model) {note}"]
        return made

    def _parametrized(self, shown: Printed) -> Module:
        """Return a layer some of whose parameters are worked out from others."""
        made = self._layer(shown, shown.kind.removeprefix("Parametrized"), shown.words)
        lists = shown.children[0][1]
        assert lists is not None
        for name, steps in lists.children:
            weight = made.parameters.get(name)
            if steps is None or not isinstance(weight, Parameter):
                raise fault(shown.line, shown.column, f"{shown.kind} has no {name}")
            del made.parameters[name]
            path = f"parametrizations.{name}.original"
            kinds = [step.kind for _, step in steps.children if step is not None]
            if kinds == ["_WeightNorm"]:
                lengths = (weight.shape[0], *(1 for _ in weight.shape[1:]))
                made.parameters[f"{path}0"] = Parameter(lengths)
                made.parameters[f"{path}1"] = Parameter(weight.shape)
                self._note(
                    "print(model) doesn't show the dim of a weight_norm: it is taken to be 0."
                )
            else:
                made.parameters[path] = Parameter(weight.shape)
            for kind in kinds:
                if kind not in PARAMETRIZATIONS:
                    self.unknown[kind] = self.unknown.get(kind, 0) + 1
        return made

    # -- Classes of somebody's own ------------------------------------------------------------

    def _own_class(self, shown: Printed) -> Module:
        """Return a module of somebody's own class: known, counted as a layer, or unknown."""
        cls = self.blocks.find(shown)
        if cls is None:
            return self._likened(shown) or self._unknown(shown)
        base = next((each.layer for each in cls.mro if each.layer is not None), None)
        made = fresh(cls) if base is None else self._layer(shown, base.__name__, shown.words)
        made.cls = cls
        if cls in self.blocks.of_torchvision:
            self.known[shown.kind] = cls
        wanted = said(cls, "set_by_owner")
        if wanted is not None:
            self.waiting.append((made, wanted))
        return made

    def _likened(self, shown: Printed) -> Module | None:
        """Return a layer that a class says the arguments of, and whose name its own holds."""
        for kind in LIKENED if "=" in shown.words else ():
            base, digits = kind.rstrip("123d"), kind[-2:]
            if base not in shown.kind or (digits[-1] == "d" and digits not in shown.kind):
                continue
            try:
                made = self._layer(shown, kind, shown.words)
            except ConvcalcError:
                continue
            self.likened[shown.kind] = kind
            made.cls = self._unknown(shown).cls
            return made
        return None

    def _unknown(self, shown: Printed) -> Module:
        self.unknown[shown.kind] = self.unknown.get(shown.kind, 0) + 1
        made = fresh(self._unknown_class(shown.kind))
        made.attributes["shown"] = shown.words
        return made

    def _forget(self, module: Module) -> None:
        """Make a module of a known class one of a class that isn't, for what it lacks."""
        kind = module.cls.name
        self.unknown[kind] = self.unknown.get(kind, 0) + 1
        self.known.pop(kind, None)
        module.cls = self._unknown_class(kind)
        module.attributes["shown"] = ""

    def _unknown_class(self, kind: str) -> Class:
        def forward(interpreter: Any, self_: Module, *inputs: Any, **named: Any) -> Any:
            if self.in_order:
                return in_order(interpreter, self_, *inputs)
            where = interpreter.trace.names.get(id(self_)) or ""
            raise ConvcalcError(
                f"{f'{where} ({kind})' if where else kind}: its forward isn't in the text. "
                f"FILE.py:{self.root} follows its source, --sequential takes its layers in the "
                "order shown, --params-only counts them"
            )

        if kind not in self.classes:
            namespace = {"forward": Builtin("forward", forward, reads=True)}
            self.classes[kind] = Class(kind, [MODULE], namespace)
        return self.classes[kind]


def is_attention(shown: Printed) -> bool:
    """Return whether a MultiheadAttention is torch's own."""
    names = [(key, child.kind if child else "None") for key, child in shown.children]
    return not shown.own and names in [[("out_proj", kind)] for kind in PROJECTIONS]


def is_parametrized(shown: Printed) -> bool:
    """Return whether a module is a layer of torch with parametrizations."""
    names = [(key, child.kind if child else "None") for key, child in shown.children]
    return (
        shown.kind.removeprefix("Parametrized") in LAYERS
        and shown.kind not in LAYERS
        and names == [("parametrizations", "ModuleDict")]
    )


PROJECTIONS = ("NonDynamicallyQuantizableLinear", "_LinearWithBias", "Linear")
"""What the projection out of a MultiheadAttention is called, newest first."""
PARAMETRIZATIONS = ("_WeightNorm", "_SpectralNorm", "_Orthogonal")
"""Parametrizations of torch, which have no parameters of their own."""
LIKENED = ("Conv1d", "Conv2d", "Conv3d", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "Linear",
           "LayerNorm", "GroupNorm", "Embedding")  # fmt: skip
"""Layers that other classes are made from, whose arguments these then show."""


def in_order(interpreter: Any, module: Module, *inputs: Any) -> Any:
    """Follow the children one after the other; a flatten that isn't shown is put in.

    A class that shows a layer's arguments is that layer first.
    """
    children = [child for _, child in module.named_children()]
    value: Any = inputs[0] if inputs else None
    if module.layer is not None:
        own = layer_class(module.layer.name).find("forward")
        value = interpreter.called(own, [module, value], {})
    elif len(inputs) > 1 and children:
        value = interpreter.called(children.pop(0), list(inputs), {})
    for child in children:
        value = interpreter.trace.through(interpreter, child, value)
    return value
