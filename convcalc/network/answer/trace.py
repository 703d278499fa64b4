"""What is told while a network is followed, kept as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.layers.base import Batch, Layer, Shape, per_sample
from convcalc.layers.vocabulary import build
from convcalc.network.answer.rows import Row, Span, each_sample, numbers_in, shapes_of, sources_of
from convcalc.network.answer.tree import (
    check_depth,
    gathers,
    kept,
    layer_name,
    named_children,
    named_modules,
    own_parameters,
    table,
    totals,
)
from convcalc.network.torch.errors import details
from convcalc.network.torch.functions.registry import tensors_in
from convcalc.network.torch.sizes import same, same_shape
from convcalc.network.torch.tensor import NOWHERE, Maker, Parameter, Story, Tensor
from convcalc.network.torch.watch import Watcher
from convcalc.reading.exceptions import Place, TooMuch
from convcalc.reading.reader import Step, steps_to

if TYPE_CHECKING:
    from convcalc.network.torch.functions.registry import Operation
    from convcalc.network.torch.gradients.storage import Storage
    from convcalc.network.torch.module import Module
    from convcalc.reading.reader import Frame

MOST_ROWS = 100_000
"""The most calls of a network."""

FEATURES = {"Linear", "BatchNorm1d", "LayerNorm"}
"""Layers that name how many features they take: before them a flatten may have been."""

FLATTENERS = {"view", "reshape", "flatten", "torch.flatten", "torch.reshape", "Flatten", "ravel",
              "view_as", "reshape_as"}  # fmt: skip


class Trace(Watcher):
    """The rows of a network while it is followed."""

    def __init__(
        self, frames: Sequence[Frame], *, training: bool = False, clock: Callable[[], int] = int
    ) -> None:
        self.frames = frames
        """The calls that are under way, which say where the reading stands."""
        self.clock = clock
        """What tells how many steps the reading has taken."""
        self.first: list[tuple[int, Module]] | None = []
        """The modules that were made before it was known which is meant, each with its step."""
        self.training = training
        self.rows: list[Row] = []
        self.spans: list[Span] = []
        self.notes: list[str] = []
        self.on_batch: set[str] = set()
        """The places at which the number of samples, which nobody said, decided something."""
        self.steps: list[Step] = []
        """The calls that led to the module that was made last."""
        self.active = False
        self.unshown = False
        """Whether the layers are those of a printed text, which leaves things out."""
        self.split: tuple[Place, str] | None = None
        """Where rows were last made of every sample."""
        self.root: Module | None = None
        self.names: dict[int, str] = {}
        self.known: dict[int, Module] = {}
        """The modules whose names were looked for, so that none is taken for another."""
        self.counted: set[int] = set()
        """Parameters that have had their row."""
        self.axes = 0
        """How many axes of the input have receptive fields."""
        self.gathering = 0
        """How many layers with a forward of their own are being followed: each is one row."""
        self.work = 0
        """The work of the layer that gathers it."""
        self.kept = 0
        """The bytes that are kept for the backward and have no row yet."""
        self.back: int = 0
        """The multiply-accumulates of the backward that have no row yet."""
        self.storages: set[Storage] = set()
        """The memory that is kept, each counted once."""
        self.unkept: list[str] = []
        """Of which calls it isn't known what they keep, with their places."""
        self.begun: list[tuple[int, bool]] = []
        """With how many rows the calls under way began, and whether each is one row."""
        self.ended = (0, False)
        """The same of the call that has just ended."""

    def start(self, root: Module, axes: int) -> None:
        """Begin to follow a network."""
        self.root, self.axes, self.active = root, axes, True
        self.name_all()
        for module in self.known.values():
            for buffer in table(module, "_buffers").values():
                if isinstance(buffer, Tensor):
                    buffer.storage.apart = True

    def name_all(self) -> None:
        """Give the modules of the network their names; those that had one keep it."""
        if self.root is not None:
            for name, module in named_modules(self.root):
                self.known[id(module)] = module
                self.names.setdefault(id(module), name)

    def modules(self) -> list[tuple[Module, str]]:
        """Return the modules of the network that have names."""
        return [(self.known[each], name) for each, name in self.names.items() if each in self.known]

    # -- Modules ------------------------------------------------------------------------------

    def made(self, module: Module) -> None:
        """Keep where a module was made, and by which call."""
        if self.frames:
            mine = kept(module)
            mine.step = steps_to(self.frames, self.steps)
            mine.place = self.frames[-1].place
        if self.first is not None:
            self.first.append((self.clock(), module))

    def unloaded(self, module: Module) -> None:
        """Note that a package would load weights, which nobody does here."""
        name = type(module).__name__
        said = f"The weights of {name} aren't loaded: only its architecture is looked at."
        if self.frames and not self.frames[-1].unit.own and said not in self.notes:
            self.notes.append(said)

    def warned(self, what: str) -> None:
        """Note what PyTorch warns of, with the line of the user's that led there."""
        said = self._with_place(what)
        if said not in self.notes[-50:]:
            self.notes.append(said)

    def enter(self, module: Module) -> None:
        """Begin a call of a module."""
        # What a forward adds to its module doesn't change what this call is.
        one_row = self.active and gathers(module)
        self.begun.append((len(self.rows), one_row))
        check_depth(len(self.begun))
        if not self.active:
            return
        if id(module) not in self.known:  # a forward has made it
            self.known[id(module)] = module
            self.name_all()
        if kept(module).layer is None:
            kept(module).calls += 1
            self.parameters_of(module)
        elif one_row:
            kept(module).calls += 1
            self.work = self.work if self.gathering else 0
            self.gathering += 1

    def leave(self, module: Module) -> None:
        """End a call of a module."""
        self.ended = self.begun.pop()
        self.gathering -= self.ended[1]

    def layer(self, module: Module, inputs: Sequence[Tensor], result: object) -> None:
        """Add the row of a layer whose own forward was followed."""
        outputs = list(tensors_in(result))
        if not self.active:
            return
        read = hand_on(inputs, outputs)
        if (work := self.taken(outputs)) is None:
            return
        mine, name = kept(module), layer_name(module)
        mine.calls += 1
        if inputs and outputs:
            if name in FLATTENERS:
                self.tell(inputs[0], outputs[0])
            resized = not same_shape(inputs[0].shape, outputs[0].shape)
            outputs[0].maker = Maker(module, inputs[0].shape) if resized else inputs[0].maker
            self.remark(module, inputs[0].shape, outputs[0].shape)
        self.add(self._row(module, name, inputs, result, work), read, outputs)
        if inputs and outputs and getattr(mine.layer, "inplace", False):
            inputs[0].sources = outputs[0].sources

    def taken(self, outputs: Sequence[Tensor]) -> int | None:
        """Return the work of what has just returned; None where a layer gathers it."""
        work = outputs[0].work if outputs else 0
        for tensor in outputs:
            tensor.work = 0
        if not self.gathering:
            return work
        self.work += work
        return None

    def keeps(self, storages: Sequence[Storage]) -> None:
        """Add memory that the call under way keeps for its backward, parameters' left out."""
        for storage in storages if self.active else ():
            if not storage.apart and storage not in self.storages:
                self.storages.add(storage)
                self.kept += storage.bytes

    def keeps_unknown(self, what: str, always: bool = False) -> None:
        """Note a call of which it isn't known what it keeps, once per place."""
        said = self._with_place(what)
        if (self.active or always) and said not in self.unkept:
            self.unkept.append(said)

    def works_back(self, work: int) -> None:
        """Add work of the backward of the call under way."""
        if self.active:
            self.back = work + self.back

    def trained(self, row: Row) -> Row:
        """Return a row with what is kept and worked out for its backward and has no row yet."""
        row.kept, row.backward = self.kept, each_sample(self.back)
        self.kept, self.back = 0, 0
        return row

    def remark(self, module: Module, shape: Shape, output: Shape) -> None:
        """Note what works but surprises of a layer, each once."""
        layer, name = kept(module).layer, self.names.get(id(module)) or type(module).__name__
        if layer is None or not shape:
            return
        notes = layer.notes(shape)
        if self.unshown and layer.name.startswith("AvgPool"):
            notes = [*notes, *_rounding(module, layer, shape, output)]
        said = [f"{name}: {note}" for note in notes]
        self.notes += [note for note in said if note not in self.notes[-50:]]

    def parameters_of(self, module: Module) -> None:
        """Add a row for every parameter that stands in a module itself, once."""
        prefix = self.names.get(id(module))
        for name, parameter in own_parameters(module) if prefix is not None else ():
            for each in self.new([parameter]):
                params, trainable = totals([each])
                self.add(Row(
                    f"{prefix}.{name}" if prefix else name, "Parameter",
                    output=tuple(each.shape), params=params, trainable=trainable,
                ), made=[each])  # fmt: skip

    def returned(self, module: Module, inputs: Sequence[Tensor], result: object) -> None:
        """Add the row of a layer with a forward of its own, with the work of all within it."""
        if not self.active or self.gathering:
            return
        first, one_row = self.ended
        if one_row:
            outputs = list(tensors_in(result))
            row = self._row(module, layer_name(module), inputs, result, self.work)
            self.add(row, sources_of(outputs), outputs)
        elif not self.rows and len(self.names) == 1 and id(module) in self.names:
            # A module without layers, of whose forward nothing else is a row.
            outputs = list(tensors_in(result))
            self.add(self._row(module, type(module).__name__, inputs, result, 0),
                     sources_of(outputs), outputs)  # fmt: skip
        elif kept(module).layer is None and id(module) in self.names:
            came = shapes_of(inputs[0]) if inputs else None
            self.spans.append(Span(
                self.names[id(module)], type(module).__name__, self.line, first, len(self.rows),
                came, shapes_of(result), self.cell,
            ))  # fmt: skip

    def _row(
        self, module: Module, layer: str, inputs: Sequence[Tensor], result: object, work: int
    ) -> Row:
        params, trainable = self.count(module)
        kernel = getattr(kept(module).layer, "kernel_size", None)
        row = Row(
            self.names.get(id(module)) or None,
            layer,
            self.line,
            input=shapes_of(inputs[0]) if inputs else None,
            output=shapes_of(result),
            params=params,
            trainable=trainable,
            macs=each_sample(work),
            size=numbers_in(result),
            kernel=(kernel,) if isinstance(kernel, int) else kernel,
            in_list=id(module) not in self.names and any(own_parameters(module)),
        )
        self.see(row, result)
        return self.trained(row)

    def count(self, module: Module) -> tuple[int, int]:
        """Return the parameters of a layer that weren't counted yet, and those that are trained."""
        if id(module) not in self.names:
            return 0, 0  # in a plain list: called, but no part of the model
        layers = (module, *(child for _, child in named_children(module)))
        return totals(self.new([p for each in layers for _, p in own_parameters(each)]))

    def new(self, parameters: Sequence[Parameter]) -> list[Parameter]:
        """Return the parameters that weren't counted before, which they are from now on."""
        found = {id(each): each for each in parameters if id(each) not in self.counted}
        self.counted.update(found)
        return list(found.values())

    def through(self, module: Module, value: object) -> object:
        """Follow one of several layers that are taken in order.

        Where it fits after a flatten alone, as before a Linear, one is put in, which is noted.
        """
        rows, counted, storages = len(self.rows), set(self.counted), set(self.storages)
        try:
            return module(value)
        except Exception as error:
            told = details(error)
            culprit = told.module if told is not None else None
            flat = flattened(value)
            if flat is None or culprit is None or layer_name(culprit) not in FEATURES:
                raise
            failed = len(self.rows)
            del self.rows[rows:]
            self.counted, self.storages, self.kept, self.back = counted, storages, 0, 0
            try:
                result = module(flat)
            except Exception as second:
                if details(second) is None or len(self.rows) > failed:
                    raise
                raise error from second
        assert isinstance(value, Tensor)
        name = self.names.get(id(module), "")
        below = list(named_modules(module, name))
        first = next((each for each, _ in below if each), name)
        inner = next((each for each, one in below if kept(one).layer is not None), first)
        self.notes.append(
            f"A flatten that the text doesn't show is put in before {inner}, where the features "
            f"match: {text.shape(per_sample(value.shape))} = {text.shape(per_sample(flat.shape))}."
        )
        return result

    # -- Operations ---------------------------------------------------------------------------

    def operation(self, operation: Operation, inputs: Sequence[Tensor], result: object) -> None:
        """Add the row of a function on tensors, where it changes a shape or does work."""
        outputs = list(tensors_in(result))
        if not self.active or not outputs:
            return
        read = hand_on(inputs, outputs)
        if (work := self.taken(outputs)) is None:
            return
        changed = outputs[0] if inputs and outputs[0] is inputs[0] else None
        if changed is not None and operation.name.endswith("_"):
            changed.change_base()
        fed = [tensor for tensor in inputs if tensor.fed]
        if inputs and operation.name in FLATTENERS:
            self.tell(inputs[0], outputs[0])
        if not work and not self.kept and not (fed and _worth_a_row(operation, fed, outputs)):
            return
        row = Row(
            None,
            operation.name,
            self.line,
            input=shapes_of(fed[0] if len(fed) == 1 else fed) if fed else None,
            output=shapes_of(result),
            macs=each_sample(work),
            size=numbers_in(result),
        )
        self.see(row, result)
        self.add(self.trained(row), read, outputs)
        if changed is not None:
            changed.change_base()

    def tell(self, before: Tensor, after: Tensor) -> None:
        """Keep what the last size of a tensor was made of, for a layer that it doesn't fit."""
        first = [t.shape[0] for t in (before, after) if t.shape and isinstance(t.shape[0], Batch)]
        place = self.place or Place("", 0)
        if len({batch.each for batch in first}) == 2:
            self.split = (place, "a view" if place.line else "a reshape")
        if before is after or not after.shape or after.shape == before.shape:
            return
        at = before.ndim
        size = 1
        while at > 0 and not same(size, after.shape[-1]):
            at -= 1
            size = before.shape[at] * size
        if same(size, after.shape[-1]) and before.ndim - at > 1:
            after.story = Story(before.shape[at:], place, "flattened")
        elif isinstance(after.shape[0], Batch):
            after.story = Story(before.shape, place, "reshaped")

    def batch_compared(self) -> None:
        """Keep where the number of samples, which nobody said, was compared with a number."""
        if self.frames:
            self.on_batch.add(str(self.frames[-1].place))

    # -- Rows ---------------------------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """The line of the call under way in somebody's own file."""
        return next((each.place for each in reversed(self.frames) if each.unit.own), None)

    def _with_place(self, what: str) -> str:
        return what if self.place is None else f"{self.place}: {what}"

    @property
    def line(self) -> int | None:
        """The line of the call, if it stands in somebody's file."""
        place = self.place
        return None if place is None else place.line

    @property
    def cell(self) -> int | None:
        """The code cell of a notebook in which that line stands."""
        place = self.place
        return None if place is None else place.cell

    def add(self, row: Row, read: frozenset[int] = NOWHERE, made: Sequence[Tensor] = ()) -> None:
        """Add a row, with the rows that it has read, and the tensors that it made."""
        if len(self.rows) >= MOST_ROWS:
            raise TooMuch(f"the network has more than {MOST_ROWS:,} calls")
        row.sources = tuple(sorted(read))
        itself = frozenset({len(self.rows)})
        for tensor in made:
            tensor.sources = itself
        if row.line is not None:
            row.cell = self.cell
        self.rows.append(row)

    def see(self, row: Row, result: object) -> None:
        """Put into a row what the positions of its output see of the input."""
        first = next(iter(tensors_in(result)), None)
        if first is None or not self.axes:
            return
        found = {field.axis: field for field in first.fields if field is not None}
        if len(found) == self.axes:
            row.receptive_field = tuple(found[axis].size for axis in range(self.axes))
            row.effective_stride = tuple(found[axis].step for axis in range(self.axes))

    def finish(self) -> None:
        """Add the rows of what was never called, after the others."""
        assert self.root is not None
        inner: set[int] = set()
        for name, module in list(named_modules(self.root)):
            if id(module) in inner:
                continue
            self.names.setdefault(id(module), name)
            if kept(module).layer is None:
                self.parameters_of(module)
                continue
            inner |= {id(child) for child in table(module, "_modules").values()}
            if not kept(module).calls:
                params, trainable = self.count(module)
                self.add(Row(name, layer_name(module), params=params, trainable=trainable,
                             called=False))  # fmt: skip


def hand_on(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> frozenset[int]:
    """Return the rows that a call reads, which what it makes comes from too."""
    read = sources_of(inputs)
    for tensor in outputs:
        tensor.sources = read
    return read


def flattened(value: object) -> Tensor | None:
    """Return a tensor's numbers in one row a sample, if they aren't already."""
    if not isinstance(value, Tensor) or value.ndim < 3:
        return None
    first, *rest = value.shape
    flat = Tensor((first, prod(rest)), value.dtype, fed=value.fed)
    flat.sources = value.sources
    return flat


def _rounding(module: Module, layer: Layer, shape: Shape, output: Shape) -> list[str]:
    """Note where print(model) leaves out what would change the output."""
    arguments, named = kept(module).arguments
    if "ceil_mode" in named:
        return []
    up = build(layer.name, arguments, {**named, "ceil_mode": True}).output(shape)
    if up == output:
        return []
    return [
        f"print(model) doesn't show the ceil_mode of an {layer.name}; it is taken to be False, "
        f"with True {text.shape(per_sample(up))} would come out."
    ]


def _worth_a_row(operation: Operation, fed: Sequence[Tensor], outputs: Sequence[Tensor]) -> bool:
    if len(outputs) != 1 or outputs[0].shape != fed[0].shape:
        return True
    return operation.counted and (len(fed) > 1 or operation.name.startswith("F."))
