"""The calls of a network as rows, with their totals; and where it doesn't fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any, NamedTuple

from convcalc import text
from convcalc.formulas import BYTES
from convcalc.layers.base import Batch, Layer, Shape, per_sample
from convcalc.layers.vocabulary import build
from convcalc.network.functions.registry import Operation, tensors_in
from convcalc.network.modules import MISSING, Instance, Module
from convcalc.network.refusals import Place, Raised, TooMuch
from convcalc.network.tensors import Field, Maker, Story, Tensor, same, same_shape

MOST_ROWS = 100_000
"""The most calls of a network."""


class Row:
    """One call of a network; None for what isn't known or doesn't exist.

    Shapes are per sample. `receptive_field` is what one position of the output sees of the
    network's input, and `effective_stride` how far apart neighbours see, per axis.
    """

    __slots__ = (
        "called", "effective_stride", "fails", "in_list", "input", "kernel", "layer", "line",
        "macs", "name",
        "output", "params", "receptive_field", "size", "trainable",
    )  # fmt: skip

    def __init__(
        self,
        name: str | None,
        layer: str,
        line: int | None = None,
        *,
        input: Any = None,
        output: Any = None,
        params: int | None = 0,
        trainable: int = 0,
        macs: int | None = 0,
        size: int = 0,
        field: Shape | None = None,
        stride: Shape | None = None,
        kernel: Shape | None = None,
        called: bool = True,
        in_list: bool = False,
    ) -> None:
        self.name = name
        self.layer = layer
        self.line = line
        self.input = input
        self.output = output
        self.params = params
        self.trainable = trainable
        self.macs = macs
        self.size = size
        """How many numbers of the whole batch come out."""
        self.receptive_field = field
        self.effective_stride = stride
        self.kernel = kernel
        self.called = called
        self.fails = False
        """Whether it is the call at which the network doesn't fit."""
        self.in_list = in_list
        """Whether its parameters belong to a layer that is no part of the model."""


class Span(NamedTuple):
    """One call of a module that holds others: the rows from `first` to before `end` are its."""

    name: str
    layer: str
    line: int | None
    first: int
    end: int
    input: Any
    output: Any


@dataclass(frozen=True, eq=False)  # which nothing needs, and takes time at every start
class Misfit:
    """Where a network doesn't fit its input, and what would do; `input` is what comes."""

    message: str
    file: str | None
    line: int | None
    name: str | None
    layer: str | None
    input: Any = None

    @property
    def sentence(self) -> str:
        """The sentence, with its place before it."""
        places = [self.file or "", "" if self.line is None else f"line {self.line}"]
        where = ", ".join(filter(None, places))
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, eq=False)  # which nothing needs, and takes time at every start
class NetworkAnswer:
    """Every call of a network, and what they add up to."""

    name: str
    input: Any
    output: Any
    rows: tuple[Row, ...]
    total_params: int | None
    trainable_params: int | None
    notes: tuple[str, ...]
    input_size: int = 0
    complete: bool = True
    error: Misfit | None = None
    batch: int = 1
    dtype: str = "float32"
    spans: tuple[Span, ...] = ()
    """The calls of modules that hold others."""
    in_order: bool = False
    """Whether the layers were taken in the order shown, since the text has no forward."""

    @property
    def fits(self) -> bool:
        """Whether the network fits its input."""
        return self.error is None

    @property
    def total_macs(self) -> int | None:
        """All multiply-accumulates of one sample; None where no shapes are known."""
        if self.input is None:
            return None
        return sum(row.macs or 0 for row in self.rows)

    @property
    def bytes(self) -> int | None:
        """The memory of all parameters."""
        return None if self.total_params is None else self.total_params * BYTES[self.dtype]

    @property
    def input_bytes(self) -> int:
        """The memory of the input, for the whole batch."""
        return self.input_size * BYTES[self.dtype]

    @property
    def output_bytes(self) -> int:
        """The memory of all rows' outputs, for the whole batch."""
        return sum(row.size for row in self.rows) * BYTES[self.dtype]


FEATURES = {"Linear", "BatchNorm1d", "LayerNorm"}
"""Layers that name how many features they take: before them a flatten may have been."""

FLATTENERS = {"view", "reshape", "flatten", "torch.flatten", "torch.reshape", "Flatten", "ravel",
              "view_as", "reshape_as"}  # fmt: skip


class Trace:
    """The rows of a network while it is followed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.active = False
        self.caught: Any = None
        """The exception that a handler is handling."""
        self.root: Module | None = None
        self.names: dict[int, str] = {}
        self.known: dict[int, Module] = {}
        """The modules whose names were looked for, so that none is taken for another."""
        self.counted: set[int] = set()
        """Parameters that have had their row."""
        self.gathering = 0
        """How many layers with a forward of their own are being followed: each is one row."""
        self.work = 0
        self.axes = 0
        """How many axes of the input have receptive fields."""
        self.notes: list[str] = []
        self.interpreter: Any = None
        self.unshown = False
        """Whether the layers are those of a printed text, which leaves things out."""
        self.spans: list[Span] = []
        self.last = 0
        """With how many rows the call began that has just ended."""
        self.one_row = False
        """Whether that call is one row, with all that was called in it."""
        self.begun: list[tuple[int, bool]] = []
        """With how many rows the calls under way began, and whether each is one row."""
        self.split: tuple[Place, str] | None = None
        """Where rows were last made of every sample."""

    def start(self, root: Module, axes: int, interpreter: Any) -> None:
        """Begin to follow a network."""
        self.root = root
        self.name_all()
        self.active = True
        self.axes = axes
        self.interpreter = interpreter

    def name_all(self) -> None:
        """Give the modules of the network their names; those that had one keep it."""
        if self.root is not None:
            for name, module in self.root.named_modules():
                self.known[id(module)] = module
                self.names.setdefault(id(module), name)

    # -- Modules ------------------------------------------------------------------------------

    def enter(self, module: Module) -> None:
        """Begin a call of a module."""
        # What a forward adds to its module doesn't change what this call is.
        one_row = self.active and gathers(module)
        self.begun.append((len(self.rows), one_row))
        if not self.active:
            return
        if id(module) not in self.known:  # a forward has made it
            self.known[id(module)] = module
            self.name_all()
        if module.layer is None:
            module.calls += 1
            self.parameters_of(module)
        elif one_row:
            module.calls += 1
            if not self.gathering:
                self.work = 0
            self.gathering += 1

    def leave(self, module: Module) -> None:
        """End a call of a module."""
        self.last, self.one_row = self.begun.pop()
        if self.one_row:
            self.gathering -= 1

    def layer(self, module: Module, inputs: Sequence[Tensor], result: Any) -> None:
        """Add the row of a layer whose own forward was followed."""
        if not self.active:
            return
        outputs = list(tensors_in(result))
        work = outputs[0].work if outputs else 0
        for tensor in outputs:
            tensor.work = 0
        if self.gathering:
            self.work += work
            return
        module.calls += 1
        if inputs and outputs:
            if layer_name(module) in FLATTENERS:
                self.tell(inputs[0], outputs[0])
            resized = not same_shape(inputs[0].shape, outputs[0].shape)
            outputs[0].maker = Maker(module, inputs[0].shape) if resized else inputs[0].maker
        self.add(self._row(module, inputs, result, work))
        self.remark(module, inputs[0].shape if inputs else (), outputs)

    def remark(self, module: Module, shape: Shape, outputs: Sequence[Tensor]) -> None:
        """Note what works but surprises of a layer, each once."""
        layer, name = module.layer, self.names.get(id(module)) or module.cls.name
        if layer is None or not shape:
            return
        notes = [f"{name}: {note}" for note in layer.notes(shape)]
        if self.unshown and layer.name.startswith("AvgPool") and outputs:
            notes += self.rounding(module, layer, shape, outputs[0].shape, name)
        self.notes += [note for note in notes if note not in self.notes[-50:]]

    @staticmethod
    def rounding(module: Module, layer: Layer, shape: Shape, output: Shape, name: str) -> list[str]:
        """Note where print(model) leaves out what would change the output."""
        arguments, named = module.arguments
        if "ceil_mode" in named:
            return []
        up = build(layer.name, arguments, {**named, "ceil_mode": True}).output(shape)
        if up == output:
            return []
        return [
            f"{name}: print(model) doesn't show the ceil_mode of an {layer.name}; it is taken to "
            f"be False, with True {text.shape(per_sample(up))} would come out."
        ]

    def parameters_of(self, module: Module) -> None:
        """Add a row for every parameter that stands in a module itself, once."""
        prefix = self.names.get(id(module))
        for name, parameter in module.own_parameters():
            if id(parameter) in self.counted or prefix is None:
                continue
            self.counted.add(id(parameter))
            count = prod(parameter.shape)
            self.add(
                Row(
                    f"{prefix}.{name}" if prefix else name,
                    "Parameter",
                    output=tuple(parameter.shape),
                    params=count,
                    trainable=count if parameter.requires_grad else 0,
                )
            )

    def returned(self, module: Module, inputs: Sequence[Tensor], result: Any) -> None:
        """Add the row of a layer with a forward of its own, with the work of all within it."""
        if not self.active or self.gathering:
            return
        if self.one_row:
            self.add(self._row(module, inputs, result, self.work))
        elif module.layer is None and id(module) in self.names:
            self.spans.append(
                Span(
                    self.names[id(module)],
                    module.cls.name,
                    self.line,
                    self.last,
                    len(self.rows),
                    shapes_of(inputs[0]) if inputs else None,
                    shapes_of(result),
                )
            )

    def _row(self, module: Module, inputs: Sequence[Tensor], result: Any, work: int) -> Row:
        params, trainable = self.count(module)
        kernel = getattr(module.layer, "kernel_size", None)
        row = Row(
            self.names.get(id(module)) or None,
            layer_name(module),
            self.line,
            input=shapes_of(inputs[0]) if inputs else None,
            output=shapes_of(result),
            params=params,
            trainable=trainable,
            macs=each_sample(work),
            size=numbers_in(result),
            kernel=(kernel,) if isinstance(kernel, int) else kernel,
            in_list=id(module) not in self.names and any(module.own_parameters()),
        )
        self.see(row, result)
        return row

    def count(self, module: Module) -> tuple[int, int]:
        """Return the parameters of a layer that weren't counted yet, and those that are trained."""
        if id(module) not in self.names:
            return 0, 0  # in a plain list: called, but no part of the model
        total = trained = 0
        for each in (module, *(child for _, child in module.named_children())):
            for _, parameter in each.own_parameters():
                if id(parameter) not in self.counted:
                    self.counted.add(id(parameter))
                    total += prod(parameter.shape)
                    trained += prod(parameter.shape) if parameter.requires_grad else 0
        return total, trained

    def through(self, interpreter: Any, module: Module, value: Any) -> Any:
        """Follow one of several layers that are taken in order.

        Where it fits after a flatten alone, as before a Linear, one is put in, which is noted.
        """
        before = len(self.rows), set(self.counted)
        try:
            return interpreter.called(module, [value], {})
        except Raised as misfit:
            flat = self.flattened(value)
            wants = isinstance(misfit.module, Module) and layer_name(misfit.module) in FEATURES
            if flat is None or not wants:
                raise
            failed = len(self.rows)
            del self.rows[before[0] :]
            self.counted = before[1]
            try:
                result = interpreter.called(module, [flat], {})
            except Raised as second:
                if len(self.rows) > failed:
                    raise
                raise misfit from second
        name = self.names.get(id(module), "")
        first = next((each for each, _ in module.named_modules(name) if each), name)
        inner = next((n for n, m in module.named_modules(name) if m.layer is not None), first)
        sizes = text.shape(per_sample(value.shape))
        self.notes.append(
            f"A flatten that the text doesn't show is put in before {inner}, where the features "
            f"match: {sizes} = {text.shape(per_sample(flat.shape))}."
        )
        return result

    @staticmethod
    def flattened(value: Any) -> Tensor | None:
        """Return a tensor's numbers in one row a sample, if they aren't already."""
        if not isinstance(value, Tensor) or value.ndim < 3:
            return None
        first, *rest = value.shape
        return Tensor((first, prod(rest)), value.dtype, fed=value.fed)

    # -- Operations ---------------------------------------------------------------------------

    def operation(
        self, interpreter: Any, function: Operation, inputs: Sequence[Tensor], result: Any
    ) -> None:
        """Add the row of a function on tensors, where it changes a shape or does work."""
        if not self.active:
            return
        outputs = list(tensors_in(result))
        if not outputs:
            return
        work, outputs[0].work = outputs[0].work, 0
        if self.gathering:
            self.work += work
            return
        fed = [tensor for tensor in inputs if tensor.fed]
        if inputs and function.name in FLATTENERS:
            self.tell(inputs[0], outputs[0])
        if not work and not (fed and self._worth_a_row(function, fed, outputs)):
            return
        row = Row(
            None,
            function.name,
            self.line,
            input=shapes_of(fed[0] if len(fed) == 1 else [*fed]) if fed else None,
            output=shapes_of(result),
            macs=each_sample(work),
            size=numbers_in(result),
        )
        self.see(row, result)
        self.add(row)

    @staticmethod
    def _worth_a_row(function: Operation, fed: Sequence[Tensor], outputs: Sequence[Tensor]) -> bool:
        if len(outputs) != 1 or outputs[0].shape != fed[0].shape:
            return True
        return function.counted and (len(fed) > 1 or function.name.startswith("F."))

    def tell(self, before: Tensor, after: Tensor) -> None:
        """Keep what the last size of a tensor was made of, for whom it doesn't fit."""
        first = [t.shape[0] for t in (before, after) if t.shape and isinstance(t.shape[0], Batch)]
        if len(first) == 2 and first[0].each != first[1].each:
            self.split = (self.place, "a view" if self.place.line else "a reshape")
        if before is after or not after.shape or after.shape == before.shape:
            return
        at = before.ndim
        size = 1
        while at > 0 and not same(size, after.shape[-1]):
            at -= 1
            size = before.shape[at] * size
        if same(size, after.shape[-1]) and before.ndim - at > 1:
            after.story = Story(before.shape[at:], self.place, "flattened")
        elif isinstance(after.shape[0], Batch):
            after.story = Story(before.shape, self.place, "reshaped")

    # -- Rows ---------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where in somebody's file the call stands."""
        for frame in reversed(self.interpreter.frames):
            if frame.file.own:
                return frame.place  # type: ignore[no-any-return]
        return Place("", 0)

    @property
    def line(self) -> int | None:
        """The line of the call, if it stands in somebody's file."""
        return self.place.line or None

    def add(self, row: Row) -> None:
        """Add a row."""
        if len(self.rows) >= MOST_ROWS:
            raise TooMuch(f"the network has more than {MOST_ROWS:,} calls")
        self.rows.append(row)

    def see(self, row: Row, result: Any) -> None:
        """Put into a row what the positions of its output see of the input."""
        first = next(tensors_in(result), None)
        if first is None or not self.axes:
            return
        found: dict[int, Field] = {field.axis: field for field in first.fields if field is not None}
        if len(found) != self.axes:
            return
        row.receptive_field = tuple(found[axis].size for axis in range(self.axes))
        row.effective_stride = tuple(found[axis].step for axis in range(self.axes))

    def finish(self, root: Module) -> None:
        """Add the rows of what was never called, after the others."""
        inner: set[int] = set()
        for name, module in list(root.named_modules()):
            if id(module) in inner:
                continue
            self.names.setdefault(id(module), name)
            if module.layer is None:
                self.parameters_of(module)
                continue
            inner |= {id(child) for _, child in module.named_children()}
            if not module.calls:
                params, trainable = self.count(module)
                self.add(Row(name, layer_name(module), params=params, trainable=trainable,
                             macs=0, called=False))  # fmt: skip


def layer_name(module: Module) -> str:
    """Return what a layer is called: by its own class, or what a lazy one became."""
    return module.cls.name if module.cls.own or module.layer is None else module.layer.name


def gathers(module: Module) -> bool:
    """Return whether a module is a layer with a forward of its own, which is one row."""
    return module.layer is not None and module.cls.own and not module.children


def each_sample(work: int) -> int:
    """Return the work of one sample; all of it where it isn't done sample by sample."""
    return work.each if isinstance(work, Batch) else int(work)


def shapes_of(value: Any) -> Any:
    """Return a tensor's shape per sample, a list for several, an object for those in a dict."""
    if isinstance(value, Tensor):
        return per_sample(value.shape)
    if isinstance(value, (list, tuple)):
        return [shapes_of(each) for each in value]
    if isinstance(value, dict):
        return {str(key): shapes_of(each) for key, each in value.items()}
    if isinstance(value, Instance) and not isinstance(value, Module):
        named = {key: shapes_of(each) for key, each in value.attributes.items()}
        return list(named.values()) if value.cls.find("__iter__") is not MISSING else named
    if isinstance(value, float) and not isfinite(value):
        return None  # which JSON has no word for
    return value if isinstance(value, (bool, int, float, str)) else None


def numbers_in(value: Any) -> int:
    """Return how many numbers the tensors of a result hold, for the whole batch."""
    return sum(prod(map(int, tensor.shape)) for tensor in tensors_in(value))
