"""The modules that print(model) shows: torch's layers, known classes, and those that aren't."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS, LOSSES, build
from convcalc.network.answer.trace import Trace
from convcalc.network.answer.tree import kept, named_children
from convcalc.network.known.known import Known, complete, said
from convcalc.network.texts.literals import arguments_of
from convcalc.network.texts.printed import MOST_LAYERS, Printed
from convcalc.network.torch.containers import CONTAINERS
from convcalc.network.torch.layers import KINDS, layer_class
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Parameter, Tensor
from convcalc.reading.exceptions import Place
from convcalc.reading.values import is_read, public

PROJECTIONS = ("NonDynamicallyQuantizableLinear", "_LinearWithBias", "Linear")
"""What the projection out of a MultiheadAttention is called, newest first."""
PARAMETRIZATIONS = ("_WeightNorm", "_SpectralNorm", "_Orthogonal")
"""Parametrizations of torch, which have no parameters of their own."""
LIKENED = ("Conv1d", "Conv2d", "Conv3d", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "Linear",
           "LayerNorm", "GroupNorm", "Embedding")  # fmt: skip
"""Layers that other classes are made from, whose arguments these then show."""


class Builder:
    """Makes the modules that a text shows."""

    def __init__(
        self, trace: Trace, read: Callable[[Path], dict[str, object]], file: str,
        *, in_order: bool = False,
    ) -> None:  # fmt: skip
        self.trace = trace
        self.file = file
        self.in_order = in_order
        """Whether classes that aren't known are followed in the order shown."""
        self.library = Known(read)
        self.built: dict[object, Module] = {}
        """Layers that were made before: in a large model most lines recur."""
        self.classes: dict[str, type[Module]] = {}
        """Classes that aren't known, by their names."""
        self.unknown: dict[str, int] = {}
        """How many there are of each class that isn't known."""
        self.likened: dict[str, str] = {}
        """Classes that aren't known, counted as the layer whose arguments they show."""
        self.shown: dict[int, str] = {}
        """What modules of unknown classes say of themselves, by their identities."""
        self.known: dict[str, type[Module]] = {}
        """Classes that are known by their name and their children alone."""
        self.notes: list[str] = []
        self.notes_on_shapes: list[str] = []
        """Notes that only those need to know who follow shapes."""
        self.waiting: list[tuple[Module, str]] = []
        """Modules that wait for what is around them to set something, and what that is."""
        self.modules = 0
        self.root = ""

    def build(self, shown: Printed) -> Module:
        """Return the model that is shown."""
        self.root = shown.kind
        made = self.module(shown)
        for module, wanted in self.waiting:
            if wanted not in vars(module) and wanted not in module._parameters:
                self._forget(module)
        return made

    def module(self, shown: Printed, owner: type = Module) -> Module:
        """Return the module that is shown, with all below it.

        `owner` is the class around it, but for containers.
        """
        self.modules += 1
        if self.modules > MOST_LAYERS:
            raise ConvcalcError(f"the network has more than {MOST_LAYERS:,} modules")
        kind, in_brackets, inner = shown.kind, shown.arguments is not None, shown.children
        if kind in LAYERS and in_brackets and kind != "MultiheadAttention":
            made = self._layer(shown, kind, shown.words, _from_owner(kind, owner))
        elif kind in PROJECTIONS and in_brackets:
            made = self._layer(shown, "Linear", shown.words)
        elif kind in LOSSES and in_brackets:
            from convcalc.network.torch.classes.losses import loss_class  # here, as few show one

            made = loss_class(kind)()
        elif kind in CONTAINERS and kind != "Module":
            made = fresh(CONTAINERS[kind])
        elif kind == "MultiheadAttention" and is_attention(shown):
            made, inner = self._attention(shown, owner), []
        elif is_parametrized(shown):
            made, inner = self._parametrized(shown), []
        else:
            made = self._own_class(shown)
        kept(made).place = Place(self.file, shown.line)
        within = owner if kind in CONTAINERS else type(made)
        for key, child in inner:
            made._modules[key] = None if child is None else self.module(child, within)
        for key, shape in shown.parameters.items():
            made._parameters[key] = Parameter(shape)
        complete(made)
        return made

    def hiding(self) -> Iterator[str]:
        """Yield the classes that aren't known, with how many there are of each."""
        for kind, many in self.unknown.items():
            facts = [f"{many:,}"] if many > 1 else []
            if kind in self.likened:
                facts.append(f"counted as {self.likened[kind]}")
            yield f"{kind} ({', '.join(facts)})" if facts else kind

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _count(self, kind: str) -> None:
        self.unknown[kind] = self.unknown.get(kind, 0) + 1

    # -- Layers of torch ----------------------------------------------------------------------

    def _layer(
        self,
        shown: Printed,
        kind: str,
        words: str,
        more: Mapping[str, object] = {},
        cls: type[Module] | None = None,
    ) -> Module:
        """Return a layer of torch, made of the arguments that are shown."""
        key = (kind, words, *more.items())
        if key not in self.built:
            places, names = arguments_of(words, shown.line, shown.column + len(kind))
            arguments, named = taken(kind, tuple(places), {**names, **more})
            try:
                build(kind, arguments, named)
            except ConvcalcError as error:
                raise shown.fault(f"{kind}: {error}") from None
            make: Callable[..., Module] = layer_class(kind)
            self.built[key] = make(*arguments, **named)
        return alike(self.built[key], cls or layer_class(kind))

    def _attention(self, shown: Printed, owner: type) -> Module:
        """Return attention, of which the text shows no more than the projection out."""
        projection = shown.children[0][1]
        assert projection is not None
        inner = self._layer(projection, "Linear", projection.words)
        weight = inner._parameters["weight"]
        assert weight is not None
        if weight.shape[0] != weight.shape[1]:
            raise projection.fault("out_proj isn't as wide as it is high")
        made = self._layer(shown, "MultiheadAttention", "", {
            "embed_dim": weight.shape[0], "num_heads": 1, "batch_first": True,
            "bias": inner._parameters["bias"] is not None,
        })  # fmt: skip
        made._modules["out_proj"] = inner
        if said(owner, "children_shown") is None:
            self._note(
                "print(model) doesn't show kdim, vdim and add_bias_kv of a MultiheadAttention: it "
                "is taken to have none."
            )
        if owner not in self.library.of_torchvision:
            note = "doesn't show batch_first of a MultiheadAttention: it is taken to be True."
            self.notes_on_shapes = [f"print(model) {note}"]
        return made

    def _parametrized(self, shown: Printed) -> Module:
        """Return a layer some of whose parameters are worked out from others."""
        made = self._layer(shown, shown.kind.removeprefix("Parametrized"), shown.words)
        lists = shown.children[0][1]
        for name, steps in lists.children if lists is not None else ():
            weight = made._parameters.pop(name, None)
            if steps is None or weight is None:
                raise shown.fault(f"{shown.kind} has no {name}")
            vars(made)[name] = Tensor(weight.shape)
            kinds = [kind for _, kind in steps.kinds if kind != "None"]
            originals = {"": weight.shape}
            if kinds == ["_WeightNorm"]:
                originals = {"0": (weight.shape[0], *(1 for _ in weight.shape[1:]))}
                originals["1"] = weight.shape
                self._note(
                    "print(model) doesn't show the dim of a weight_norm: it is taken to be 0."
                )
            for number, shape in originals.items():
                path = f"parametrizations.{name}.original{number}"
                made._parameters[path] = Parameter(shape)
            for kind in kinds:
                if kind not in PARAMETRIZATIONS:
                    self._count(kind)
        return made

    # -- Classes of somebody's own ------------------------------------------------------------

    def _own_class(self, shown: Printed) -> Module:
        """Return a module of somebody's own class: known, counted as a layer, or unknown."""
        cls = self.library.find(shown)
        if cls is None:
            return self._likened(shown) or self._unknown(shown)
        base = next((KINDS[each].__name__ for each in cls.__mro__ if each in KINDS), None)
        made = fresh(cls) if base is None else self._layer(shown, base, shown.words, cls=cls)
        if cls in self.library.of_torchvision:
            self.known[shown.kind] = cls
        wanted = said(cls, "set_by_owner")
        if wanted is not None:
            self.waiting.append((made, wanted))
        return made

    def _likened(self, shown: Printed) -> Module | None:
        """Return the layer whose arguments a class shows, and whose name is part of its own."""
        for kind in LIKENED if "=" in shown.words else ():
            base, digits = kind.rstrip("123d"), kind[-2:]
            if base not in shown.kind or (digits[-1] == "d" and digits not in shown.kind):
                continue
            try:
                made = self._layer(shown, kind, shown.words, cls=self._unknown_class(shown.kind))
            except ConvcalcError:
                continue
            self.likened[shown.kind] = kind
            self._count(shown.kind)
            return made
        return None

    def _unknown(self, shown: Printed) -> Module:
        self._count(shown.kind)
        made = fresh(self._unknown_class(shown.kind))
        self.shown[id(made)] = shown.words
        return made

    def _forget(self, module: Module) -> None:
        """Make a module that lacks what its known class needs one of an unknown class."""
        kind = type(module).__name__
        self._count(kind)
        self.known.pop(kind, None)
        module.__class__ = self._unknown_class(kind)

    def _unknown_class(self, kind: str) -> type[Module]:
        def forward(module: Module, *inputs: object) -> object:
            if self.in_order:
                return in_order(self.trace, module, *inputs)
            where = self.trace.names.get(id(module)) or ""
            raise ConvcalcError(
                f"{f'{where} ({kind})' if where else kind}: its forward isn't in the text. "
                f"FILE.py:{self.root} follows its source, --sequential takes its layers in the "
                "order shown, --params-only counts them"
            )

        if kind not in self.classes:
            self.classes[kind] = public(type(kind, (Module,), {"forward": forward}))
        return self.classes[kind]

    def may_hide(self, module: Module) -> bool:
        """Return whether a module of a class that isn't known may hold more than is shown."""
        unknown = type(module) in self.classes.values()
        return unknown and bool(self.shown.get(id(module)) or not module._modules)


def fresh(cls: type[Module]) -> Module:
    """Return a module of a class without following that class's own __init__.

    Where no program's class looks at it, it has no room for hooks, which no text shows: they would
    be a third of all the memory that ten thousand layers take.
    """
    made = cls.__new__(cls)
    if is_read(cls):
        Module.__init__(made)
    else:
        vars(made).update(training=True, _parameters={}, _buffers={}, _modules={})
    return made


def alike(layer: Module, cls: type[Module]) -> Module:
    """Return another module of a class that does what a layer does, with parameters of its own."""
    made, old = fresh(cls), kept(layer)
    new = kept(made)
    new.layer, new.arguments, new.settings = old.layer, old.arguments, old.settings
    vars(made).update(old.settings)
    for name, each in layer._parameters.items():
        made._parameters[name] = None if each is None else Parameter(each.shape)
    made._buffers.update(layer._buffers)
    return made


def taken(
    kind: str, arguments: tuple[object, ...], named: dict[str, object]
) -> tuple[tuple[object, ...], dict[str, object]]:
    """Return the arguments that a layer takes, without those that print(model) shows besides."""
    if kind.startswith("Upsampling"):
        named.pop("mode", None)
    if kind.startswith("Lazy"):  # how much comes in, which it doesn't know yet
        named.pop("in_features", None)
        arguments = arguments[1:] if arguments[:1] == (0,) else arguments
    return arguments, named


def _from_owner(kind: str, owner: type) -> dict[str, object]:
    """Return the settings of a layer that its text hides, but a known class around it says."""
    rounding = said(owner, "ceil_mode") if kind.startswith("AvgPool") else None
    return {} if rounding is None else {"ceil_mode": rounding}


def is_attention(shown: Printed) -> bool:
    """Return whether a MultiheadAttention is torch's own."""
    return not shown.own and shown.kinds in [[("out_proj", kind)] for kind in PROJECTIONS]


def is_parametrized(shown: Printed) -> bool:
    """Return whether a module is a layer of torch with parametrizations."""
    return (
        shown.kind.removeprefix("Parametrized") in LAYERS
        and shown.kind not in LAYERS
        and shown.kinds == [("parametrizations", "ModuleDict")]
    )


def in_order(trace: Trace, module: Module, *inputs: object) -> object:
    """Follow the children one after the other; a flatten that isn't shown is put in.

    A class that shows a layer's arguments is that layer first.
    """
    children = [child for _, child in named_children(module)]
    layer = kept(module).layer
    value = inputs[0] if inputs else None
    if layer is not None:
        value = layer_class(layer.name).forward(module, value)
    elif len(inputs) > 1 and children:
        value = children.pop(0)(*inputs)
    for child in children:
        value = trace.through(child, value)
    return value
