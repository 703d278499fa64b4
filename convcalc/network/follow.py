"""A whole network: shapes, parameters, work and receptive fields, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import prod

from convcalc import text
from convcalc.formulas import BYTES, ConvcalcError
from convcalc.layers.base import Layer, Reach, Shape, Window, batched, per_sample
from convcalc.layers.vocabulary import LAYERS, build
from convcalc.network.parsing import MOST_LAYERS, Module, fault, nearest_layer


@dataclass(frozen=True)
class Row:
    """One layer of a network; None for what isn't known or doesn't exist.

    `receptive_field` is what one position of the output sees of the network's input, and
    `effective_stride` how far apart neighbours see, per axis (Araujo, Norris and Sim, "Computing
    receptive fields of convolutional neural networks", Distill, 2019).
    """

    name: str
    layer: str
    input: Shape | None
    output: Shape | None
    params: int
    macs: int | None
    receptive_field: Shape | None
    effective_stride: Shape | None


@dataclass(frozen=True)
class NetworkAnswer:
    """Every layer of a network, and what they add up to."""

    name: str
    input: Shape | None
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def output(self) -> Shape | None:
        """The shape that comes out of the last layer."""
        return self.rows[-1].output if self.rows else self.input

    @property
    def total_params(self) -> int:
        """All learnable parameters, as `model.parameters()` counts them."""
        return sum(row.params for row in self.rows)

    @property
    def total_macs(self) -> int | None:
        """All multiply-accumulates of one sample; None where no shapes are known."""
        return None if self.input is None else sum(row.macs or 0 for row in self.rows)

    @property
    def bytes(self) -> int:
        """The memory of all parameters in float32."""
        return self.total_params * BYTES["float32"]


@dataclass(frozen=True)
class _State:
    """What is known after some layers."""

    shape: Shape
    field: Shape | None
    stride: Shape | None

    @classmethod
    def at_start(cls, shape: Shape) -> _State:
        ones = (1,) * (len(shape) - 1)
        return cls(batched(shape), ones or None, ones or None)

    def flattened(self) -> _State:
        return _State(flattened(self.shape), None, None)

    def after(self, output: Shape, reach: Reach) -> _State:
        """r += (K_eff − 1)·j and j ·= S on every axis, until the spatial axes end."""
        windows = [each for each in reach[2:] if isinstance(each, Window)]
        if self.field is None or self.stride is None or len(windows) != len(self.field):
            return _State(output, None, None)
        along = list(zip(self.field, self.stride, windows, strict=True))
        field = tuple(r + (window.span - 1) * j for r, j, window in along)
        stride = tuple(j * window.step for _, j, window in along)
        return _State(output, field, stride)


def flattened(shape: Shape) -> Shape:
    """Return the shape of the same samples with their numbers in one row."""
    return (shape[0], prod(shape[1:]))


FEATURE_LAYERS = ("Linear", "BatchNorm1d", "LayerNorm")
"""Layers that name how many features they take: before them a flatten may have been."""


class _Misfit(ConvcalcError):
    """A layer that its input doesn't fit; `at` is its place among the layers followed."""

    def __init__(self, message: str, at: int, kind: str) -> None:
        super().__init__(message)
        self.at = at
        self.kind = kind


Leaf = tuple[str, Module]
Followed = tuple[list[Row], list[str], _State]


def follow(root: Module, input_shape: Shape) -> NetworkAnswer:
    """Return the shapes through a network, for one sample of `input_shape`, channels first.

    A class at the root is taken to apply its children in the order shown. Below it only
    Sequential has a forward that the text shows.

    Raises ConvcalcError where a layer doesn't fit, isn't known, or stands in another container.
    """
    _check_size(root)
    if root.own_text and not root.kind:
        raise ConvcalcError(
            "the layers are assigned one by one, so that the order of the forward isn't in the "
            "text: an nn.Sequential would do, or --params-only to count parameters"
        )
    state = _State.at_start(input_shape)
    rows: list[Row] = []
    notes: list[str] = []
    if root.kind == "Sequential":
        rows, notes, state = _through(list(_leaves("", root)), state)
    else:
        if root.kind:
            notes.append(
                f"{root.kind}'s own forward isn't in the text: its layers are taken in the order "
                "shown."
            )
        for name, child in root.children:
            more_rows, more_notes, state = _through_child(list(_leaves(name, child)), state)
            rows += more_rows
            notes += more_notes
    if not rows:
        raise ConvcalcError("there are no layers in the text")
    return NetworkAnswer(root.kind, input_shape, tuple(rows), tuple(notes))


def count(root: Module) -> NetworkAnswer:
    """Return the parameters of every layer in any containers; no shapes are followed.

    Raises ConvcalcError where parameters hang on an input, or aren't shown by print(model).
    """
    _check_size(root)
    rows, unknown, own = [], {}, {}
    for name, module in _everything("", root):
        if module.arguments is None:
            _check_counted(module)
            if module.kind not in ("", "Sequential", "ModuleList", "ModuleDict"):
                own[module.kind] = name
        elif module.kind in LAYERS:
            try:
                params = _built(module).params
            except ConvcalcError as error:
                raise ConvcalcError(
                    f"{name} ({module.kind}) {error}: without --params-only they can be counted"
                ) from None
            rows.append(Row(name, module.kind, None, None, params, None, None, None))
        else:
            unknown[module.kind] = name
            rows.append(Row(name, module.kind, None, None, 0, None, None, None))
    notes = []
    if unknown:
        kinds = ", ".join(f"{kind} ({name})" for kind, name in unknown.items())
        notes.append(f"Not known, and taken to have no parameters: {kinds}.")
    if own:
        notes.append(
            "The text doesn't show what a class holds outside its layers, which isn't counted: "
            f"{', '.join(own)}."
        )
    if not rows:
        raise ConvcalcError("there are no layers in the text")
    return NetworkAnswer(root.kind, None, tuple(rows), tuple(notes))


def _check_size(root: Module) -> None:
    """Raise ConvcalcError where repeated blocks add up to too many layers."""
    known: dict[int, int] = {}

    def size(module: Module) -> int:
        if id(module) not in known:
            known[id(module)] = max(1, sum(size(child) for _, child in module.children))
        return known[id(module)]

    if size(root) > MOST_LAYERS:
        raise ConvcalcError(
            f"the network has {size(root):,} layers: at most {MOST_LAYERS:,} would do"
        )


def _check_counted(module: Module) -> None:
    """Raise ConvcalcError where a class is known to hold weights that its text doesn't show."""
    if module.kind == "MultiheadAttention" or module.kind.startswith("Parametrized"):
        raise fault(
            module.line,
            module.column,
            f"{module.kind} holds parameters that print(model) doesn't show",
        )


def _everything(name: str, module: Module) -> Iterator[Leaf]:
    """Yield every container and layer by the name that named_modules gives it."""
    yield name, module
    for key, child in module.children:
        yield from _everything(f"{name}.{key}" if name else key, child)


def _leaves(name: str, module: Module) -> Iterator[Leaf]:
    """Yield the layers of a Sequential, or the one layer; other containers are refused."""
    if module.arguments is not None:
        yield name, module
    elif module.kind == "Sequential":
        for key, child in module.children:
            yield from _leaves(f"{name}.{key}" if name else key, child)
    else:
        raise ConvcalcError(
            f"{name} is a {module.kind}, whose forward the text doesn't show: shapes can't be "
            "followed through it, --params-only counts its parameters"
        )


def _through_child(leaves: list[Leaf], state: _State) -> Followed:
    """Follow one child of the root; where only that fits, its forward flattens before it."""
    try:
        return _through(leaves, state)
    except _Misfit as misfit:
        if len(state.shape) == 2 or misfit.kind not in FEATURE_LAYERS:
            raise
        try:
            rows, notes, after = _through(leaves, state.flattened())
        except _Misfit as second:
            if second.at > misfit.at:
                raise
            raise misfit from None
    note = (
        f"A flatten that the text doesn't show is put in before {leaves[0][0]}, where the features "
        f"match: {_shown(state.shape)} = {_shown(flattened(state.shape))}."
    )
    return rows, [note, *notes], after


def _through(leaves: list[Leaf], state: _State) -> Followed:
    """Follow layers one after the other."""
    rows, notes = [], []
    for at, (name, module) in enumerate(leaves):
        layer = _built(module)
        before = state.shape
        try:
            layer = layer.seen(before)
            output = _output(layer, before)
        except ConvcalcError as error:
            message = _explained(name, module, layer, before, error)
            raise _Misfit(message, at, module.kind) from None
        state = state.after(output, layer.reach(before))
        shapes = (per_sample(before), per_sample(output))
        row = (*shapes, layer.params, int(layer.macs(before)), state.field, state.stride)
        rows.append(Row(name, module.kind, *row))
        notes += [f"{name}: {note}" for note in layer.notes(before)]
        notes += _unshown(name, module, before, output)
    return rows, notes, state


def _output(layer: Layer, shape: Shape) -> Shape:
    """Return the one shape that comes out of a layer with one input."""
    try:
        output = layer.output(shape)
    except TypeError:
        raise ConvcalcError(
            "takes more than one input, which a chain of layers can't give"
        ) from None
    if not isinstance(output, tuple):
        raise ConvcalcError("returns several tensors, which a chain of layers can't hand on")
    return output


def _shown(shape: Shape) -> str:
    return text.shape(per_sample(shape))


def _explained(name: str, module: Module, layer: Layer, shape: Shape, error: ConvcalcError) -> str:
    """Return which layer doesn't fit, what it expects, what it gets, and what would do."""
    sentence = f"{name} ({module.kind})"
    verbs = ("expects", "takes", "returns")
    sentence += f" {error}" if str(error).startswith(verbs) else f": {error}"
    if module.kind in FEATURE_LAYERS:
        with suppress(ConvcalcError):
            layer.output(flattened(shape))
            sentence += "; an nn.Flatten() before it would do"
    return sentence


def _unshown(name: str, module: Module, shape: Shape, output: Shape) -> list[str]:
    """Return a note where print(model) leaves out what would change the output."""
    if not (module.printed and module.kind.startswith("AvgPool") and module.arguments):
        return []
    arguments, named = module.arguments
    rounded_up = build(module.kind, arguments, {**named, "ceil_mode": True}).output(shape)
    if rounded_up == output:
        return []
    return [
        f"{name}: print(model) doesn't show the ceil_mode of an {module.kind}; it is taken to be "
        f"False, with True {_shown(rounded_up)} would come out."
    ]


def _built(module: Module) -> Layer:
    """Return the layer of a module, or raise ConvcalcError that says where in the text it is."""
    if module.kind not in LAYERS:
        raise fault(module.line, module.column, nearest_layer(module.kind))
    arguments, named = module.arguments or ([], {})
    try:
        return build(module.kind, arguments, named)
    except ConvcalcError as error:
        raise fault(module.line, module.column, f"{module.kind}: {error}") from None
