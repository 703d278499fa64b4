"""The inverse question: which layers turn this shape into that one.

Paddings are symmetric and, unless given, smaller than the effective kernel, so that no window lies
wholly in them; strides, unless given, are no larger than the effective kernel; kernels, unless
given, span with their dilation at most `max_kernel_size`.

How it is found. The axes don't depend on one another, and on each of them the four settings are
nested: for a dilation D and a kernel K, which span D·(K − 1) + 1 positions, only the strides S
between two bounds can do, and for a stride the paddings that do are an interval; bounds and
interval are solved for, not tried out, so that an axis of 10¹² positions takes no longer than one
of ten. A `_Block` is such an interval with what leads to it. People want the same settings on
every axis, so the axes are first searched together, as though they were one; only where nothing
fits all of them is each searched alone, and the findings are combined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from math import gcd, prod
from typing import Any, NamedTuple

from convcalc import text
from convcalc.formulas import (
    AXES,
    LARGEST,
    ConvcalcError,
    conv_output_size,
    effective_kernel_size,
    unread_by,
    whole,
)
from convcalc.layers.base import Shape
from convcalc.layers.convolution import Convolution, TransposedConvolution
from convcalc.single.line import line
from convcalc.single.question import CONVOLUTIONS, TRANSPOSED, spatial_axes

Choices = range | tuple[int]
"""What a setting may be: a range, or the one value that was given."""
Interval = tuple[int, int]

LARGEST_SPAN = 10_000
"""The most positions that a kernel may span."""


@dataclass(frozen=True)
class SolveQuestion:
    """Which layers turn `input_shape` into `output_shape`; None for what isn't given.

    Shapes are channels first. A setting of length one stands for every axis.
    """

    input_shape: Shape
    output_shape: Shape
    kernel_size: Shape | None = None
    stride: Shape | None = None
    padding: Shape | None = None
    dilation: Shape | None = None
    transposed: bool = False
    max_kernel_size: int = 32
    limit: int = 10


class Solution(NamedTuple):
    """One layer that does it, its parameters, and what it leaves unread.

    `unread` is how many input positions of each axis no window reads.
    """

    layer: Convolution | TransposedConvolution
    params: int
    unread: Shape

    @property
    def code(self) -> str:
        """The line of PyTorch that builds it."""
        return line(self.layer) or ""


@dataclass(frozen=True)
class SolveAnswer:
    """The first solutions of `total`; where there are none, `reason` says why."""

    question: SolveQuestion
    total: int
    solutions: tuple[Solution, ...]
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Axis:
    """One axis of the question, with what is given for it."""

    name: str
    size: int
    wanted: int
    kernel_size: int | None
    stride: int | None
    padding: int | None
    dilation: int | None
    transposed: bool
    max_span: int

    def dilations(self) -> Choices:
        if self.dilation is not None:
            return (self.dilation,)
        # The largest dilation is that of the smallest kernel which has one. A kernel of one is
        # the same with every dilation.
        taps = 2 if self.kernel_size is None else self.kernel_size
        most = (self.max_span - 1) // (taps - 1) if taps > 1 else 1
        return range(1, max(most, 1) + 1)

    def kernel_sizes(self, dilation: int) -> Choices:
        if self.kernel_size is not None:
            return (self.kernel_size,)
        # A kernel of one stands there once, with the dilation that is given or else 1.
        least = 1 if self.dilation is not None or dilation == 1 else 2
        return range(least, (self.max_span - 1) // dilation + 2)

    def strides(self, span: int, dilation: int) -> Choices:
        """The strides for which some padding might work."""
        if self.stride is not None:
            return (self.stride,)
        first, last = self._stride_bounds(span, dilation)
        return range(max(first, 1), min(last, span) + 1)

    def _stride_bounds(self, span: int, dilation: int) -> tuple[int, int]:
        """The output formula solved for S, with the least and the most padding put in."""
        fewest, most = self.allowed_paddings(span)
        if self.transposed:
            # (W − 1)·S + span − wanted = 2P − output_padding, from 2P − max(S, D) + 1 to 2P
            if self.size == 1:
                return 1, span
            short = self.wanted - span + 2 * fewest + 1
            first = min(-(-short // self.size), -(-(short - dilation) // (self.size - 1)))
            return first, (self.wanted - span + 2 * most) // (self.size - 1)
        # (wanted − 1)·S ≤ W + 2P − span < wanted·S
        first = (self.size + 2 * fewest - span) // self.wanted + 1
        if self.wanted == 1:
            return first, span
        return first, (self.size + 2 * most - span) // (self.wanted - 1)

    def excess(self, span: int, stride: int) -> int:
        """By how much a transposed convolution without padding is larger than wanted."""
        return (self.size - 1) * stride + span - self.wanted

    def shortage(self, span: int, stride: int) -> int:
        """By how much the input is too short for the wanted windows of a convolution."""
        return (self.wanted - 1) * stride + span - self.size

    def paddings(self, span: int, stride: int, dilation: int) -> Interval:
        """The first and last padding that gives the wanted size; none where the last is less.

        Both ends are padded, so that two positions more come with each; a convolution has up to
        S − 1 to spare, a transposed one as much output padding as max(S, D) − 1.
        """
        if self.transposed:
            least, spare = self.excess(span, stride), max(stride, dilation) - 1
        else:
            least, spare = self.shortage(span, stride), stride - 1
        fewest, most = self.allowed_paddings(span)
        return max(-(-least // 2), fewest), min((least + spare) // 2, most)

    def allowed_paddings(self, span: int) -> Interval:
        """The first and last padding to be considered."""
        return (0, span - 1) if self.padding is None else (self.padding, self.padding)

    def unread(self, kernel_size: int, stride: int, padding: int, dilation: int) -> int:
        """How many positions a convolution with this padding doesn't read."""
        if self.transposed:
            return 0  # every position of the input is used
        ends = (padding, padding)
        return unread_by(self.wanted, self.size, kernel_size, stride, ends, dilation)

    def largest_reading_all(self, kernel_size: int, stride: int, dilation: int) -> int | None:
        """The largest padding with which everything is read; None where there is no such bound.

        Windows without holes and gaps read everything up to the end of the last one.
        """
        if self.transposed:
            return LARGEST
        if min(kernel_size, dilation) > 1 or (stride > kernel_size and self.wanted > 1):
            return None
        return self.shortage(kernel_size, stride)

    def may_read_all(self, kernel_size: int, stride: int, dilation: int) -> bool:
        """Whether any padding could make the windows read everything; far quicker than `unread`.

        In positions as many as the stride each place modulo S needs a tap of its own, in as many
        as the dilation each place modulo D a window of its own; and D and S may have nothing in
        common, or no two neighbours are read.
        """
        if self.transposed or self.size == 1:
            return True
        step = stride if self.wanted > 1 else 0
        apart = dilation if kernel_size > 1 else 0
        if gcd(step, apart) > 1 or (step == apart == 0):
            return False
        enough_taps = kernel_size >= step or self.size < step
        return enough_taps and (self.wanted >= apart or self.size < apart)

    def nearest(self, span: int, stride: int, dilation: int) -> tuple[int | None, int | None]:
        """The nearest sizes below and above the wanted one that some padding gives."""
        fewest, most = self.allowed_paddings(span)
        if self.transposed:
            full, spare = self.excess(span, stride) + self.wanted, max(stride, dilation) - 1
            # Padding takes away two at a time; output padding fills in between, if there is any.
            step = 1 if spare else 2
            smallest = full - 2 * most
            if smallest < 1:
                smallest = 1 + (smallest - 1) % step
            sizes = range(smallest, full - 2 * fewest + spare + 1, step)
            below = (self.wanted - sizes.start) // sizes.step
            return (
                sizes[min(below, len(sizes) - 1)] if sizes and below >= 0 else None,
                sizes[max(below + 1, 0)] if below + 1 < len(sizes) else None,
            )
        # The last padding that gives less than the first that would do, and the first after it;
        # at least so much that the kernel fits.
        fewest = max(fewest, -(-(span - self.size) // 2))
        shortage = self.shortage(span, stride)
        below, above = min(most, (shortage + stride - 1) // 2), max(fewest, -(-shortage // 2))
        return (
            conv_output_size(self.size, span, stride, below) if below >= fewest else None,
            conv_output_size(self.size, span, stride, above) if above <= most else None,
        )


Settings = tuple[Shape, Shape, Shape, Shape]
"""Dilation, kernel size, stride and padding of every axis."""


@dataclass(frozen=True)
class _Block:
    """Settings per axis that work with every padding of a range, the same on all axes.

    Where the padding is given, it stands in `given`, per axis, and the range has one entry.
    """

    axes: Sequence[_Axis]
    dilation: Shape
    kernel_size: Shape
    stride: Shape
    paddings: range
    given: Shape | None

    def __iter__(self) -> Iterator[Settings]:
        for padding in self.paddings:
            shared = (padding,) * len(self.axes)
            yield self.dilation, self.kernel_size, self.stride, self.given or shared

    def choices(self, reading_all: bool) -> Sequence[int]:
        """Return the paddings of a block of one axis, or those that read all of it."""
        if reading_all:
            return tuple(padding for *_, (padding,) in self.reading_all())
        return self.given or self.paddings

    def reading_all(self) -> Iterator[Settings]:
        """Yield those settings with which every position of the input is read."""
        along = list(zip(self.axes, self.kernel_size, self.stride, self.dilation, strict=True))
        if self.given is None:
            largest = [axis.largest_reading_all(*settings) for axis, *settings in along]
            bounds = [each for each in largest if each is not None]
            if len(bounds) == len(along):
                paddings = range(self.paddings.start, min(self.paddings.stop, min(bounds) + 1))
                yield from replace(self, paddings=paddings)
                return
        if all(axis.may_read_all(*settings) for axis, *settings in along):
            yield from (each for each in self if not any(_unread(self.axes, each)))


def _unread(axes: Sequence[_Axis], settings: Settings) -> Shape:
    """Return how many positions of each axis are not read."""
    dilation, kernel_size, stride, padding = settings
    along = zip(axes, kernel_size, stride, padding, dilation, strict=True)
    return tuple(axis.unread(*each) for axis, *each in along)


def solve(question: SolveQuestion) -> SolveAnswer:
    """Return the layers that turn one shape into the other, best first.

    First those with the same settings on every axis, or with those that were given; only where
    there are none, those that differ. What reads all of the input comes before what doesn't, then
    dilation, kernel, stride and padding ascend.

    Raises ConvcalcError where the question has no meaning.
    """
    axes = _axes(question)
    blocks = list(_shared_blocks(axes))
    if blocks:
        total = sum(len(block.paddings) for block in blocks)
        found = _in_order(blocks)
    else:
        apart = [list(_shared_blocks([axis])) for axis in axes]
        total = prod(sum(len(block.paddings) for block in each) for each in apart)
        found = _combined(apart) if total else iter(())
    return SolveAnswer(
        question,
        total,
        tuple(islice(_solutions(question, axes, found), question.limit)),
        reason="" if total else _reason(question, axes),
    )


def _axes(question: SolveQuestion) -> list[_Axis]:
    """Return the question axis by axis."""
    ndim = len(question.input_shape) - 1
    asked = text.typed(question.input_shape)
    if ndim not in AXES:
        has = spatial_axes(question.input_shape)
        raise ConvcalcError(f"{asked} has {has}: CxL, CxHxW and CxDxHxW have 1 to 3", "input_shape")
    if len(question.output_shape) != ndim + 1:
        wanted, has = text.typed(question.output_shape), spatial_axes(question.output_shape)
        raise ConvcalcError(
            f"{wanted} has {has}, but the input, {asked}, has {ndim}", "output_shape"
        )

    def per_axis(name: str) -> tuple[int | None, ...]:
        values = getattr(question, name)
        if values is None or len(values) == 1:
            return (values or (None,)) * ndim
        if len(values) != ndim:
            typed, axes = text.typed(values), len(values)
            message = f"{typed} names {axes} axes, but the input, {asked}, has {ndim}"
            raise ConvcalcError(message, name)
        return tuple(values)

    kernel_size, stride = per_axis("kernel_size"), per_axis("stride")
    padding, dilation = per_axis("padding"), per_axis("dilation")
    axes = [
        _Axis(
            name,
            question.input_shape[1 + at],
            question.output_shape[1 + at],
            kernel_size[at],
            stride[at],
            padding[at],
            dilation[at],
            question.transposed,
            question.max_kernel_size,
        )
        for at, name in enumerate(AXES[ndim])
    ]
    if whole("max_kernel_size", question.max_kernel_size, 1) > LARGEST_SPAN:
        raise ConvcalcError(f"is more than {LARGEST_SPAN:,} positions", "max_kernel_size")
    for axis in axes:
        span = effective_kernel_size(axis.kernel_size or 1, axis.dilation or 1)
        if span > LARGEST_SPAN:
            raise ConvcalcError(
                f"{axis.kernel_size} with dilation {axis.dilation or 1} spans {span:,} positions, "
                f"too many to look for: {LARGEST_SPAN:,} are the most",
                "kernel_size",
                axis.name,
            )
    return axes


def _together(choices: Sequence[Choices]) -> Iterator[Shape]:
    """Yield what all axes can share, or what was given for each."""
    ranges = [each for each in choices if isinstance(each, range)]
    if not ranges:
        yield tuple(each[0] for each in choices)
        return
    for value in range(max(each.start for each in ranges), min(each.stop for each in ranges)):
        yield (value,) * len(choices)


def _shared_blocks(axes: Sequence[_Axis]) -> Iterator[_Block]:
    """Yield, in order, the settings with which the same paddings work on every axis."""
    given = None
    if axes[0].padding is not None:
        given = tuple(axis.padding or 0 for axis in axes)
    for dilation in _together([axis.dilations() for axis in axes]):
        sizes = [axis.kernel_sizes(d) for axis, d in zip(axes, dilation, strict=True)]
        for kernel_size in _together(sizes):
            span = tuple(map(effective_kernel_size, kernel_size, dilation))
            settings = list(zip(axes, span, dilation, strict=True))
            for stride in _together([axis.strides(s, d) for axis, s, d in settings]):
                along = zip(settings, stride, strict=True)
                intervals = [axis.paddings(s, step, d) for (axis, s, d), step in along]
                if given is None:
                    first, last = max(i[0] for i in intervals), min(i[1] for i in intervals)
                else:  # which needn't be shared: it is there or not, once
                    first, last = 0, 0 if all(a <= b for a, b in intervals) else -1
                if first <= last:
                    paddings = range(first, last + 1)
                    yield _Block(axes, dilation, kernel_size, stride, paddings, given)


def _in_order(blocks: Sequence[_Block]) -> Iterator[Settings]:
    """Yield shared settings, those that read all of the input first.

    Twice through the blocks, since mostly the first time gives as many as are asked for.
    """
    for block in blocks:
        yield from block.reading_all()
    for block in blocks:
        all_of_it = set(block.reading_all())
        yield from (settings for settings in block if settings not in all_of_it)


def _combined(apart: Sequence[Sequence[_Block]]) -> Iterator[Settings]:
    """Yield settings that differ between the axes, those that read all of the input first.

    There may be millions. So that only those are put together which are asked for, and yet in
    the order of dilation, kernel, stride and padding over all axes, what each axis has is laid
    out as a tree with a level for each of them, and the trees are descended side by side.
    """
    everything = [_Tree(blocks, reading_all=False) for blocks in apart]
    reading_all = [_Tree(blocks, reading_all=True) for blocks in apart]
    yield from _level(reading_all, 3)
    for settings in _level(everything, 3):
        axes = zip(reading_all, zip(*settings, strict=True), strict=True)
        if not all(tree.holds(*each) for tree, each in axes):
            yield settings


class _Tree:
    """The paddings of one axis by dilation, kernel size and stride, in this order.

    A branch is grown when it is reached: mostly the first dilation gives as many as are asked for.
    """

    def __init__(self, blocks: Sequence[_Block], reading_all: bool) -> None:
        self.reading_all = reading_all
        self.blocks: dict[int, list[_Block]] = {}
        self.branches: dict[int, Any] = {}
        for block in blocks:
            self.blocks.setdefault(block.dilation[0], []).append(block)

    def __iter__(self) -> Iterator[int]:
        return iter(self.blocks)

    def __getitem__(self, dilation: int) -> Any:
        if dilation not in self.branches:
            branch: dict[int, Any] = {}
            for block in self.blocks.get(dilation, ()):
                paddings = block.choices(self.reading_all)
                if paddings:
                    branch.setdefault(block.kernel_size[0], {})[block.stride[0]] = paddings
            self.branches[dilation] = branch
        return self.branches[dilation]

    def holds(self, dilation: int, kernel_size: int, stride: int, padding: int) -> bool:
        return padding in self[dilation].get(kernel_size, {}).get(stride, ())


def _level(trees: Sequence[Any], levels: int) -> Iterator[Any]:
    """Yield every way to choose one branch per axis, level by level, in ascending order."""
    for choice in product(*trees):
        if levels == 0:
            yield (choice,)
        else:
            branches = [tree[each] for tree, each in zip(trees, choice, strict=True)]
            for rest in _level(branches, levels - 1):
                yield (choice, *rest)


def _solutions(
    question: SolveQuestion, axes: Sequence[_Axis], found: Iterator[Settings]
) -> Iterator[Solution]:
    """Yield the layers with these settings."""
    channels = (question.input_shape[0], question.output_shape[0])
    kinds: Any = TRANSPOSED if question.transposed else CONVOLUTIONS
    # What is found is known to fit: a copy of one layer saves checking each of 100,000, in which
    # the same kernels, and the same settings of an axis, come again and again.
    layer = kinds[len(axes)](*channels, 1)
    output_padding = (0,) * len(axes)
    counts: dict[Shape, int] = {}
    unread = [cache(axis.unread) for axis in axes]
    for dilation, kernel_size, stride, padding in found:
        along = list(zip(kernel_size, stride, padding, dilation, strict=True))
        if question.transposed:
            output_padding = tuple(
                2 * p - axis.excess(effective_kernel_size(k, d), s)
                for axis, (k, s, p, d) in zip(axes, along, strict=True)
            )
        made = layer.sliding(kernel_size, stride, padding, dilation, output_padding)
        if kernel_size not in counts:
            counts[kernel_size] = made.params
        left = tuple(ask(*each) for ask, each in zip(unread, along, strict=True))
        yield Solution(made, counts[kernel_size], left)


def _reason(question: SolveQuestion, axes: Sequence[_Axis]) -> str:
    """Return why nothing fits: the first axis with no answer, and what it could become."""
    axis = next(axis for axis in axes if not any(True for _ in _shared_blocks([axis])))
    below, above = [], []
    for dilation in axis.dilations():
        for kernel_size in axis.kernel_sizes(dilation):
            span = effective_kernel_size(kernel_size, dilation)
            for stride in (axis.stride,) if axis.stride else range(1, span + 1):
                under, over = axis.nearest(span, stride, dilation)
                below += [] if under is None else [under]
                above += [] if over is None else [over]
    given = [
        f"{name} {text.typed(values)}"
        for name, values in (
            ("kernel", question.kernel_size),
            ("stride", question.stride),
            ("padding", question.padding),
            ("dilation", question.dilation),
        )
        if values is not None
    ]
    if question.transposed and axis.kernel_size == 1 and question.dilation is None:
        given.append("dilation 1")  # a larger one would allow for more output padding
    if question.kernel_size is None:
        given.append(f"kernels that span up to {question.max_kernel_size}")
    kind = "transposed convolution" if question.transposed else "convolution"
    asked = (
        f"no {kind} with {text.listed(given)} turns {axis.name} {axis.size:,} into {axis.wanted:,}"
    )
    if below and above:
        return f"{asked}: the nearest that it can become are {max(below):,} and {min(above):,}"
    if below:
        return f"{asked}: the largest that it can become is {max(below):,}"
    if above:
        return f"{asked}: the smallest that it can become is {min(above):,}"
    return f"{asked}: no such kernel fits into it"
