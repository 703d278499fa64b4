"""The calls of a network as rows, with their totals."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import TYPE_CHECKING, NamedTuple

from convcalc import text
from convcalc.formulas import BYTES
from convcalc.layers.base import Batch, Shape, per_sample, size_text
from convcalc.network.torch.functions.registry import parts_of, tensors_in
from convcalc.network.torch.tensor import NOWHERE, Tensor
from convcalc.reading.values import Unknown

if TYPE_CHECKING:
    from convcalc.network.answer.misfits import Mend, Misfit, Sizes
    from convcalc.network.answer.training import Training

INPUT = -1
"""The number that stands for the network's input, where the others are those of rows."""


@dataclass(eq=False, slots=True)  # there are as many as a network has calls
class Row:
    """One call of a network; None for what isn't known or doesn't exist.

    Shapes are per sample. `receptive_field` is what one position of the output sees of the
    network's input, and `effective_stride` how far apart neighbours see, per axis.
    """

    name: str | None
    layer: str
    line: int | None = None
    input: object = None
    output: object = None
    params: int | None = 0
    trainable: int = 0
    macs: int | None = 0
    size: int = 0
    """How many numbers of the whole batch come out."""
    backward: int = 0
    """The multiply-accumulates of its backward, for one sample."""
    kept: int | None = 0
    """The bytes that it keeps for the backward in training, for the whole batch, parameters and
    what was kept before left out; None where it isn't known of such numbers."""
    receptive_field: Shape | None = None
    effective_stride: Shape | None = None
    kernel: Shape | None = None
    called: bool = True
    fails: bool = False
    """Whether it is the call at which the network doesn't fit."""
    cell: int | None = None
    """Of a notebook, the code cell in which the line stands."""
    in_list: bool = False
    """Whether its parameters belong to a layer that is no part of the model."""
    sources: tuple[int, ...] = ()
    """The rows that it reads, by their numbers in order; INPUT is the network's input."""


class Span(NamedTuple):
    """One call of a module that holds others: the rows from `first` to before `end` are its."""

    name: str
    layer: str
    line: int | None
    first: int
    end: int
    input: object
    output: object
    cell: int | None = None


@dataclass(frozen=True, eq=False)
class NetworkAnswer:
    """Every call of a network, and what they add up to."""

    name: str
    input: object
    output: object
    rows: tuple[Row, ...]
    total_params: int | None
    trainable_params: int | None
    notes: tuple[str, ...]
    bytes: int | None = None
    """The memory of all parameters."""
    input_bytes: int = 0
    """The memory of the inputs, for the whole batch."""
    input_dtypes: tuple[str, ...] = ()
    """The kind of numbers of each input."""
    complete: bool = True
    error: Misfit | None = None
    batch: int = 1
    dtype: str = "float32"
    spans: tuple[Span, ...] = ()
    """The calls of modules that hold others."""
    in_order: bool = False
    """Whether the layers were taken in the order shown, since the text has no forward."""
    mends: tuple[Mend, ...] = ()
    """What keeps the samples apart where the network fits but mixes them."""
    sizes: Sizes | None = None
    """Which other sizes fit, where that was asked."""
    training: Training | None = None
    """What training takes, where the network was followed so."""

    @property
    def fits(self) -> bool:
        """Whether the network fits its input."""
        return self.error is None

    @property
    def total_macs(self) -> int | None:
        """All multiply-accumulates of one sample; None where no shapes are known."""
        return None if self.input is None else sum(row.macs or 0 for row in self.rows)

    @property
    def output_bytes(self) -> int:
        """The memory of all rows' outputs, for the whole batch."""
        return sum(row.size for row in self.rows) * BYTES[self.dtype]


def shapes_of(value: object) -> object:
    """Return a tensor's shape per sample, a list for several, an object for those in a dict.

    Numbers stay as they are; of anything else the name of its class is told. Raises TooMuch where
    there is too much to look through.
    """
    if not isinstance(value, Tensor):
        deque(parts_of(value), maxlen=0)
    return _shapes_of(value)


def _shapes_of(value: object) -> object:
    if isinstance(value, Tensor):
        return marked(value.shape)
    if isinstance(value, (list, tuple)):
        return [_shapes_of(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _shapes_of(each) for key, each in value.items()}
    if isinstance(value, float) and not isfinite(value):
        return None  # which JSON has no word for
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.kind if isinstance(value, Unknown) else type(value).__name__


def marked(shape: Shape) -> Shape:
    """Return the shape of one sample, in which sizes behind the first know that they count some."""
    found = per_sample(shape)
    if not any(isinstance(size, Batch) for size in shape[1:]):
        return found
    first = len(shape) - len(found)
    return tuple(
        text.Counting.of(size, size_text(shape[at]))
        if at and isinstance(shape[at], Batch)
        else size
        for at, size in enumerate(found, first)
    )


def sources_of(tensors: Sequence[Tensor]) -> frozenset[int]:
    """Return the rows that tensors were worked out from together."""
    if len(tensors) == 1:  # as nearly always
        return tensors[0].sources
    return NOWHERE.union(*[tensor.sources for tensor in tensors])


def numbers_in(value: object) -> int:
    """Return how many numbers the tensors of a result hold, for the whole batch."""
    return sum(prod(map(int, tensor.shape)) for tensor in tensors_in(value))


def each_sample(work: int) -> int:
    """Return the work of one sample; all of it where it isn't done sample by sample."""
    return work.each if isinstance(work, Batch) else int(work)
