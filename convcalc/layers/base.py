"""What the layers have in common: frozen, with shapes, parameters, work and reach.

Shapes are those that PyTorch sees, the batch included: (b, c, h, w) in 2-D. The size that counts
the samples is a `Batch`, so that it is told apart from every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any, NamedTuple, NoReturn, TypeVar

from convcalc import text
from convcalc.formulas import (
    AXES,
    ConvcalcError,
    Pair,
    each_axis,
    effective_kernel_size,
    whole,
)

Shape = tuple[int, ...]
Ends = tuple[Pair, ...]
"""A padding per axis, as (before, after)."""
Output = Any
"""A shape; a list of outputs where PyTorch returns a tuple; None where it returns None."""


class Batch(int):
    """A size that counts samples: `each` of them for every one of `samples`.

    Multiples stay batches, so that x.size(0), b * t and a -1 that is worked out keep what they
    mean; all else makes plain numbers. With 0 `samples` nobody said how many there are: it counts
    as one, and equals no plain number.
    """

    each: int
    samples: int

    def __new__(cls, each: int, samples: int = 0) -> Batch:
        """Return `each` × `samples`, which remembers both."""
        self = super().__new__(cls, each * (samples or 1))
        self.each = each
        self.samples = samples
        return self

    def _times(self, each: int) -> Batch:
        return type(self)(each, self.samples)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Batch):
            return int(self) * int(other)
        if not isinstance(other, int):
            return int.__mul__(self, other)
        return self._times(self.each * other)

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        if isinstance(other, Batch):
            return self.each // other.each if not self.each % other.each else int(self) // other
        if isinstance(other, int) and other and not self.each % other:
            return self._times(self.each // other)
        return int.__floordiv__(int(self), other)

    def __mod__(self, other: Any) -> Any:
        if isinstance(other, Batch):
            return 0 if not self.each % other.each else int(self) % int(other)
        if isinstance(other, int) and other and not self.each % other:
            return 0
        return int.__mod__(int(self), other)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Batch):
            return self._times(self.each + other.each)
        if not isinstance(other, int):
            return int.__add__(self, other)
        return self if other == 0 else int(self) + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Batch) and other.each != self.each:
            return self._times(self.each - other.each)
        if not isinstance(other, int):
            return int.__sub__(self, other)
        return self if other == 0 else int(self) - int(other)

    def __neg__(self) -> Any:
        return self._times(-self.each)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Batch):
            return (self.each, self.samples) == (other.each, other.samples)
        return bool(self.samples) and int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__

    def __getnewargs__(self) -> tuple[int, int]:  # type: ignore[override]  # for copies
        return self.each, self.samples


def batched(shape: Sequence[int], samples: int = 0) -> Shape:
    """Return the shape of so many samples, from that of one."""
    return (Batch(1, samples), *shape)


def per_sample(shape: Shape) -> Shape:
    """Return the shape of one sample; the whole shape where the first size isn't the batch."""
    if not shape or not isinstance(shape[0], Batch):
        return tuple(map(int, shape))
    rest = tuple(map(int, shape[1:]))
    return rest if shape[0].each == 1 else (shape[0].each, *rest)


def volume(sizes: Iterable[int]) -> int:
    """Return the product of sizes, a multiple of the batch where one of them counts samples.

    Where several do, as in the products of all samples with all, the others are numbers.
    """
    total = 1
    for size in sizes:
        total = total * (int(size) if isinstance(total, Batch) else size)
    return total


class Window(NamedTuple):
    """What one position of an output's axis reads of the same axis of the input.

    Position i reads `span` positions from i·`step` − `before` on.
    """

    span: int
    step: int
    before: int = 0


IN_PLACE = Window(1, 1)
Reach = tuple[Window | None, ...]
"""A window per axis of the output; None where its positions have none, as after a flatten."""


def along_sequence(input: Shape, batch_first: bool) -> Reach:
    """Return the reach of a layer over sequences: the batch in place, all else reads all."""
    if len(input) == 2:
        return (None, None)
    return (IN_PLACE, None, None) if batch_first else (None, IN_PLACE, None)


Made = TypeVar("Made", bound="Layer")

# How an output lies in memory: a layer's `memory`.
PACKED = "packed"
"""One number after the other, whatever the input's order is."""
POINTWISE = "pointwise"
"""As an operation on every number alone lays it out: in the input's order."""
CHANNELS_LAST = "channels last"
"""With its channels last where the input's are, else packed."""
AS_IMAGE = "as image"
"""The same of a sequence (b, c, length), taken as an image of one row."""
VIEWED = "viewed"
"""As a view of the input, in its memory."""
KEPT = "kept"
"""As the input itself, which is changed in its place."""

# What becomes of whole numbers and truth values that come in: a layer's `of_whole`.
REFUSED = "refused"
"""They aren't taken."""
STAY = "stay"
"""They stay what they are, since they are only moved."""
WORKED_OUT = "worked out"
"""Whole numbers stay whole numbers; what becomes of truth values isn't known."""
BROKEN = "broken"
"""They become numbers with a point."""
NEEDED = "needed"
"""Whole numbers alone are taken, as indices."""


class Companion(NamedTuple):
    """What a layer keeps for its backward besides tensors: its shape, and its kind of numbers."""

    shape: Shape
    kind: str = "float32"


class Layer:
    """One layer, named as PyTorch's class and made from the same arguments.

    A subclass's `__init__` has PyTorch's signature, raises ConvcalcError where PyTorch refuses,
    and ends in `self._keep(...)`. Nothing changes after that.
    """

    memory = PACKED
    """How its output lies in memory: one of the constants above."""
    of_whole = REFUSED
    """What becomes of whole numbers that come in: one of the constants above."""
    mixed = False
    """Whether its inputs may be of several kinds of numbers, which then make one together."""
    lenient = False
    """Whether PyTorch takes settings without a meaning, too."""
    mixes = ""
    """Which kinds its input may be of, besides that of its weights: all; half, beside float32."""
    told_apart = False
    """Whether each of its weights is told of alone, where parameters are counted."""
    saves: str | None = None
    """What it keeps for its backward, in words; None where no rule says so.

    input, inputs, result; graded: an input that needs a gradient itself; contiguous: an input whose
    numbers lie one after the other, or a copy where they don't; packed: one that may have its
    channels last too; indices: an input of whole numbers; places: those of what a pooling chose;
    composed: what the operations keep that PyTorch makes it of.
    """
    roomy = False
    """Whether what comes out lies in no less memory than what comes in."""
    saves_in_place = ""
    """The same where it changes its input in its place, if that isn't a copy of the input."""

    def keeps(self) -> str | None:
        """Return what it keeps for its backward with its settings, in these words."""
        return self.saves

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return what it keeps besides, for inputs of these shapes, in training or not."""
        return ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def _keep(self, **attributes: Any) -> None:
        """Set the attributes, once."""
        vars(self).update(attributes)

    @property
    def name(self) -> str:
        """The name of PyTorch's class."""
        return type(self).__name__

    @property
    def layout(self) -> str:
        """How the output lies in memory."""
        return KEPT if getattr(self, "inplace", False) else self.memory

    def output(self, input: Shape) -> Output:
        """Return the shape that comes out, or raise ConvcalcError where the input doesn't fit.

        The arguments are those of PyTorch's forward, tensors given by their shapes.
        """
        return input

    def parameters(self) -> dict[str, Shape | None]:
        """Return the shapes of the learnable parameters by name; None for one left out."""
        return {}

    def buffers(self) -> dict[str, Shape]:
        """Return the shapes of what is kept but not learnt."""
        return {}

    @property
    def params(self) -> int:
        """The number of learnable parameters."""
        return sum(prod(shape) for shape in self.parameters().values() if shape is not None)

    def macs(self, *inputs: Any) -> int:
        """Return the multiply-accumulates for these inputs, all samples together."""
        return 0

    def reach(self, input: Shape) -> Reach:
        """Return what the positions of the output read: by default each its own alone."""
        return (IN_PLACE,) * len(input)

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of the input that mustn't be 0."""
        return ()

    def notes(self, input: Shape) -> list[str]:
        """Return what works but surprises."""
        return []

    def seen(self, input: Shape) -> Layer:
        """Return the layer that a lazy one becomes with its first input."""
        return self

    def _but(self: Made, **attributes: Any) -> Made:
        """Return a copy with other attributes."""
        copy = object.__new__(type(self))
        vars(copy).update(vars(self), **attributes)
        return copy


class Lazy(Layer):
    """A layer that learns from its first input how much comes in."""

    def seen(self, input: Shape) -> Layer:
        """Return the layer that this one becomes."""
        raise NotImplementedError

    def output(self, input: Shape, *others: Any, **named: Any) -> Output:
        """Return what the layer that this one becomes makes of the input."""
        return self.seen(input).output(input, *others, **named)

    def parameters(self) -> dict[str, Shape | None]:
        """Raise ConvcalcError: before the first input there are none."""
        raise ConvcalcError("has no parameters before it has seen an input")

    def buffers(self) -> dict[str, Shape]:
        """Raise ConvcalcError: before the first input there are none."""
        raise ConvcalcError("has no buffers before it has seen an input")

    def macs(self, *inputs: Any) -> int:
        """Return the work of the layer that this one becomes."""
        return self.seen(inputs[0]).macs(*inputs)

    def reach(self, input: Shape) -> Reach:
        """Return what the layer that this one becomes reads."""
        return self.seen(input).reach(input)


Slid = TypeVar("Slid", bound="Sliding")


class Sliding(Layer):
    """A layer that moves a window along its `ndim` last axes.

    `settings` are the kernel size, stride, padding and dilation, each of them per axis.
    """

    ndim: int
    groups = 1
    transposed = False
    settings: tuple[Shape, Shape, Ends, Shape]

    @property
    def ends(self) -> Ends:
        """The padding per axis, as (before, after)."""
        return self.settings[2]

    @property
    def span(self) -> Shape:
        """The positions that the dilated window covers, per axis."""
        kernel_size, _, _, dilation = self.settings
        return each_axis(effective_kernel_size, kernel_size, dilation)

    @property
    def windows(self) -> tuple[Window, ...]:
        """What a position of the output reads, per axis."""
        _, stride, ends, _ = self.settings
        each = zip(self.span, stride, ends, strict=True)
        return tuple(Window(span, step, before) for span, step, (before, _) in each)

    def beyond(self: Slid, ends: Ends, dilation: Shape | None = None) -> Slid:
        """Return the layer with a padding, or a dilation, that PyTorch's class doesn't take."""
        kernel_size, stride, _, own = self.settings
        return self._but(settings=(kernel_size, stride, ends, dilation or own))


def misfit(expected: str, shape: Shape) -> ConvcalcError:
    """Return the error of a shape that doesn't fit: what is expected, and what comes."""
    several = any(isinstance(size, Batch) for size in shape[1:])
    folded = isinstance(shape[0], Batch) and shape[0].each != 1 if shape else False
    gets = described(shape) if several or folded else text.shape(per_sample(shape))
    return ConvcalcError(f"expects {expected}, gets {gets}")


def channels_first(expected: Sequence[int | str], shape: Shape) -> str:
    """Return the axes that are expected; of what has its channels last, that they come first."""
    last = len(shape) > 2 and shape[-1] == expected[0] != shape[-len(expected)]
    return text.shape(expected) + (", channels first" if last else "")


def maps(shape: Shape, ndim: int, channels: int | None = None) -> tuple[Shape, Shape]:
    """Return what stands before the `ndim` spatial axes, and their sizes.

    Before them are the batch and the channels, or the channels alone, as PyTorch takes it.
    """
    before = len(shape) - ndim
    fits = before in (1, 2) and channels in (None, shape[before - 1])
    # Samples that pass for channels do so for one size of the batch, and no other.
    if not fits or (channels is not None and before == 1 and isinstance(shape[0], Batch)):
        raise misfit(channels_first((channels or "channels", *AXES[ndim]), shape), shape)
    return shape[:before], shape[before:]


def per_axis(name: str, value: Any, ndim: int, least: int = 1, exact: bool = False) -> Shape:
    """Return a setting per axis; one int, or unless `exact` a tuple of one, stands for all."""
    values = tupled(value, ndim)
    if len(values) == 1 and not exact:
        values *= ndim
    if len(values) != ndim:
        raise ConvcalcError(f"{value!r} is neither an int nor {ndim} of them", name)
    return tuple(whole(name, each, least) for each in values)


def tupled(value: Any, ndim: int) -> tuple[Any, ...]:
    """Return a setting as PyTorch keeps it: a tuple as it is, anything else once per axis."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * ndim


def one_of(name: str, value: Any, choices: Sequence[str]) -> None:
    """Raise ConvcalcError where a value is none of the choices."""
    if value not in choices:
        raise ConvcalcError(f"{value!r} is none of {', '.join(choices)}", name)


def number(name: str, value: Any) -> None:
    """Raise ConvcalcError where a value is no number."""
    if not isinstance(value, (int, float)):
        raise ConvcalcError(f"{value!r} is not a number", name)


def flag(name: str, value: Any) -> None:
    """Raise ConvcalcError where a value is neither True nor False."""
    if not isinstance(value, bool):
        raise ConvcalcError(f"{value!r} is neither True nor False", name)


def dimension(name: str, dim: Any, shape: Shape) -> int:
    """Return the place in a shape that PyTorch's `dim` is, or raise ConvcalcError."""
    ndim = max(len(shape), 1)
    if isinstance(dim, bool) or not isinstance(dim, int):
        raise ConvcalcError(f"{dim!r} is not a whole number", name)
    if not -ndim <= dim < ndim:
        raise ConvcalcError(
            f"{dim} is out of range for {described(shape)}: {-ndim} to {ndim - 1} are there", name
        )
    return int(dim) % ndim


def described(shape: Shape) -> str:
    """Return a shape with its batch: batch × 3 × 32 × 32, or 49·batch × 96 where it is folded."""
    return text.shape([size_text(each) for each in shape])


def size_text(size: int) -> str:
    """Return one size as people read it: 9, batch, 49·batch."""
    if not isinstance(size, Batch):
        return f"{size:,}"
    return "batch" if size.each == 1 else f"{size.each:,}·batch"


def axis_name(ndim: int, at: int) -> str:
    """Return what the spatial axis is called; its number where there are more than three."""
    return AXES[ndim][at] if ndim in AXES else f"axis {at}"


def samples(shape: Shape, behind: int) -> int:
    """Return how often a layer does its work: the product of all but the last `behind` sizes."""
    return prod(shape[: len(shape) - behind])


def check_border(mode: str, size: Shape, padding: Ends) -> None:
    """Raise ConvcalcError where an input is too small to be padded with itself in this way."""
    for at, (each, ends) in enumerate(zip(size, padding, strict=True)):
        # A reflection leaves out the border itself; a circle goes round once.
        most = {"reflect": each - 1, "circular": each}.get(mode)
        if most is not None and max(ends) > most:
            raise ConvcalcError(
                f"{max(ends)} is too large for the input, {each}: {most} is the most",
                "padding",
                axis_name(len(size), at),
            )


def broadcast(one: Shape, other: Shape) -> Shape:
    """Return the shape that both are stretched to, or raise ConvcalcError."""
    ndim = max(len(one), len(other))
    pairs = zip((1,) * (ndim - len(one)) + one, (1,) * (ndim - len(other)) + other, strict=True)
    sizes = []
    for a, b in pairs:
        # A batch of one sample is a batch still, which nothing stretches.
        stretched = a == 1 and not isinstance(a, Batch)
        if a != b and not stretched and (b != 1 or isinstance(b, Batch)):
            raise misfit(f"a shape that stretches to {described(one)}", other)
        sizes.append(b if stretched else a)
    return tuple(sizes)
