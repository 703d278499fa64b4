"""The inverse question: which layers turn this shape into that one.

Paddings are symmetric and, unless given, smaller than the effective kernel, so that no window lies
wholly in them; strides, unless given, are no larger than the effective kernel, so that nothing
between windows is skipped; kernels, unless given, span with their dilation at most
`max_kernel_size`.
For a kernel, a dilation and a stride the paddings that do are an interval, found in closed form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any

from convcalc.formulas import AXES, ConvcalcError, conv_output_size, effective_kernel_size
from convcalc.layers.windows import Convolution, Shape
from convcalc.single.question import typed

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


@dataclass(frozen=True)
class Solution:
    """One layer that does it, and the input positions at each end that it doesn't read."""

    layer: Convolution
    dropped: Shape


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
    max_kernel_size: int

    def dilations(self) -> Choices:
        if self.dilation is not None:
            return (self.dilation,)
        if self.kernel_size is None:
            return range(1, self.max_kernel_size)
        # A kernel of one is the same with every dilation.
        most = (self.max_kernel_size - 1) // (self.kernel_size - 1) if self.kernel_size > 1 else 1
        return range(1, max(most, 1) + 1)

    def kernel_sizes(self, dilation: int) -> Choices:
        if self.kernel_size is not None:
            return (self.kernel_size,)
        if self.dilation is not None or dilation == 1:
            return range(1, self.max_kernel_size + 1)
        return range(2, (self.max_kernel_size - 1) // dilation + 2)

    def strides(self, span: int, dilation: int) -> Choices:
        """The strides for which some padding might do."""
        if self.stride is not None:
            return (self.stride,)
        first, last = self._stride_bounds(span, dilation)
        return range(max(first, 1), min(last, span) + 1)

    def _stride_bounds(self, span: int, dilation: int) -> tuple[int, int]:
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

    def paddings(self, span: int, stride: int, dilation: int) -> Interval:
        """The first and last padding that gives the wanted size; none where the last is less."""
        if self.transposed:
            excess = self.excess(span, stride)
            first, last = -(-excess // 2), (excess + max(stride, dilation) - 1) // 2
        else:
            least = self.shortage(span, stride)
            first, last = -(-least // 2), (least + stride - 1) // 2
        fewest, most = self.allowed_paddings(span)
        return max(first, fewest), min(last, most)

    def allowed_paddings(self, span: int) -> Interval:
        """The first and last padding to be considered."""
        return (0, span - 1) if self.padding is None else (self.padding, self.padding)

    def largest_reading_all(self, span: int, stride: int) -> int:
        """The largest padding with which the last window reaches the end of the input."""
        if self.transposed:
            return span  # every position of the input is used
        return self.shortage(span, stride)

    def shortage(self, span: int, stride: int) -> int:
        """By how much the input is too short for the wanted windows of a convolution."""
        return (self.wanted - 1) * stride + span - self.size

    def nearest(self, span: int, stride: int, dilation: int) -> tuple[int | None, int | None]:
        """The nearest sizes below and above the wanted one that some padding gives."""
        fewest, most = self.allowed_paddings(span)
        if self.transposed:
            full, spare = self.excess(span, stride) + self.wanted, max(stride, dilation) - 1
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
        fewest = max(fewest, -(-(span - self.size) // 2))
        shortage = self.shortage(span, stride)
        below, above = min(most, (shortage + stride - 1) // 2), max(fewest, -(-shortage // 2))
        return (
            conv_output_size(self.size, span, stride, below) if below >= fewest else None,
            conv_output_size(self.size, span, stride, above) if above <= most else None,
        )


@dataclass(frozen=True)
class _Block:
    """Settings per axis that do with every padding of an interval.

    With paddings above `reading_all` some input is dropped.
    """

    dilation: Shape
    kernel_size: Shape
    stride: Shape
    paddings: Interval
    reading_all: int

    def split(self) -> tuple[Interval, Interval]:
        """Return the paddings that drop nothing, and those that drop something."""
        first, last = self.paddings
        between = min(max(self.reading_all, first - 1), last)
        return (first, between), (between + 1, last)


def solve(question: SolveQuestion) -> SolveAnswer:
    """Return the layers that turn one shape into the other, best first.

    First those with the same settings on every axis, or with those that were given; only where
    there are none, those that differ. Nothing dropped comes before something dropped, then
    dilation, kernel, stride and padding ascend.

    Raises ConvcalcError where the question has no meaning.
    """
    axes = _axes(question)
    blocks = list(_shared_blocks(axes))
    if blocks:
        total = sum(_length(block.paddings) for block in blocks)
        found = _in_order(blocks, len(axes))
    else:
        apart = [list(_shared_blocks([axis])) for axis in axes]
        total = prod(sum(_length(block.paddings) for block in each) for each in apart)
        found = _combined(apart) if total else iter(())
    solutions = (_solution(question, axes, *settings) for settings in found)
    return SolveAnswer(
        question,
        total,
        tuple(islice(solutions, question.limit)),
        reason="" if total else _reason(question, axes),
    )


def _axes(question: SolveQuestion) -> list[_Axis]:
    """Return the question axis by axis."""
    ndim = len(question.input_shape) - 1
    if ndim not in AXES:
        raise ConvcalcError(
            f"input_shape {typed(question.input_shape)} has {ndim} spatial axes: "
            "CxL, CxHxW and CxDxHxW have 1 to 3"
        )
    if len(question.output_shape) != ndim + 1:
        raise ConvcalcError(
            f"output_shape {typed(question.output_shape)} has {len(question.output_shape) - 1} "
            f"spatial axes, but input_shape {typed(question.input_shape)} has {ndim}"
        )

    def per_axis(name: str) -> tuple[int | None, ...]:
        values = getattr(question, name)
        if values is None or len(values) == 1:
            return (values or (None,)) * ndim
        if len(values) != ndim:
            raise ConvcalcError(
                f"{name} {typed(values)} names {len(values)} axes, but "
                f"input_shape {typed(question.input_shape)} has {ndim}"
            )
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
    for axis in axes:
        span = effective_kernel_size(axis.kernel_size or axis.max_kernel_size, axis.dilation or 1)
        if span > LARGEST_SPAN:
            raise ConvcalcError(
                f"{axis.name}: a kernel that spans {span:,} positions is too large to look for: "
                f"at most {LARGEST_SPAN:,} would do"
            )
    return axes


def _length(interval: Interval) -> int:
    return max(interval[1] - interval[0] + 1, 0)


def _together(choices: Sequence[Choices]) -> Iterator[Shape]:
    """Yield what all axes can share, or what was given for each."""
    ranges = [each for each in choices if isinstance(each, range)]
    if not ranges:
        yield tuple(each[0] for each in choices)
        return
    for value in range(max(each.start for each in ranges), min(each.stop for each in ranges)):
        yield (value,) * len(choices)


def _shared_blocks(axes: Sequence[_Axis]) -> Iterator[_Block]:
    """Yield, in order, the settings with which the same paddings do on every axis."""
    for dilation in _together([axis.dilations() for axis in axes]):
        for kernel_size in _together([a.kernel_sizes(d) for a, d in zip(axes, dilation)]):
            span = tuple(map(effective_kernel_size, kernel_size, dilation))
            strides = [axis.strides(s, d) for axis, s, d in zip(axes, span, dilation)]
            for stride in _together(strides):
                settings = list(zip(axes, span, stride, dilation))
                intervals = [axis.paddings(s, step, d) for axis, s, step, d in settings]
                reading_all = [axis.largest_reading_all(s, step) for axis, s, step, _ in settings]
                if axes[0].padding is not None and all(map(_length, intervals)):
                    # What is given needn't be shared: it stands for one padding, which is 0 here.
                    reading_all = [most - i[0] for i, most in zip(intervals, reading_all)]
                    intervals = [(0, 0)]
                common = max(i[0] for i in intervals), min(i[1] for i in intervals)
                if _length(common):
                    yield _Block(dilation, kernel_size, stride, common, min(reading_all))


Settings = tuple[Shape, Shape, Shape, Shape]
"""Dilation, kernel size, stride and padding of every axis."""


def _in_order(blocks: Sequence[_Block], ndim: int) -> Iterator[Settings]:
    """Yield shared settings, those that drop nothing first."""
    for part in (0, 1):
        for block in blocks:
            first, last = block.split()[part]
            for padding in range(first, last + 1):
                yield block.dilation, block.kernel_size, block.stride, (padding,) * ndim


def _combined(apart: Sequence[Sequence[_Block]]) -> Iterator[Settings]:
    """Yield settings that differ between the axes, those that drop nothing first.

    Level by level, so that only what is asked for is put together.
    """
    reading_all = [_tree(blocks, dropping=False) for blocks in apart]
    yield from _level(reading_all, 3)
    for settings in _level([_tree(blocks, dropping=True) for blocks in apart], 3):
        # Where there were enough that drop nothing, nobody asks for these.
        if not all(_holds(tree, *each) for tree, each in zip(reading_all, zip(*settings))):
            yield settings


def _tree(blocks: Sequence[_Block], dropping: bool) -> dict[int, Any]:
    """Return the paddings of one axis by dilation, kernel size and stride, in this order."""
    tree: dict[int, Any] = {}
    for block in blocks:
        first, last = block.paddings if dropping else block.split()[0]
        if first <= last:
            (dilation,), (kernel_size,), (stride,) = block.dilation, block.kernel_size, block.stride
            by_stride = tree.setdefault(dilation, {}).setdefault(kernel_size, {})
            by_stride[stride] = range(first, last + 1)
    return tree


def _holds(
    tree: dict[int, Any], dilation: int, kernel_size: int, stride: int, padding: int
) -> bool:
    return padding in tree.get(dilation, {}).get(kernel_size, {}).get(stride, ())


def _level(trees: Sequence[Any], levels: int) -> Iterator[Any]:
    """Yield every way to choose one branch per axis, level by level, in ascending order."""
    for choice in product(*trees):
        if levels == 0:
            yield (choice,)
        else:
            for rest in _level([tree[each] for tree, each in zip(trees, choice)], levels - 1):
                yield (choice, *rest)


def _solution(
    question: SolveQuestion,
    axes: Sequence[_Axis],
    dilation: Shape,
    kernel_size: Shape,
    stride: Shape,
    padding: Shape,
) -> Solution:
    padding = tuple(p if a.padding is None else a.padding for a, p in zip(axes, padding))
    span = tuple(map(effective_kernel_size, kernel_size, dilation))
    output_padding = (0,) * len(axes)
    if question.transposed:
        output_padding = tuple(
            2 * p - axis.excess(s, step) for axis, s, step, p in zip(axes, span, stride, padding)
        )
    layer = Convolution(
        kernel_size,
        stride,
        tuple((each, each) for each in padding),
        dilation,
        in_channels=question.input_shape[0],
        out_channels=question.output_shape[0],
        transposed=question.transposed,
        output_padding=output_padding,
    )
    size, output = question.input_shape[1:], question.output_shape[1:]
    dropped = (0,) * len(axes) if question.transposed else layer.dropped(size, output)
    return Solution(layer, dropped)


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
        f"{name} {typed(values)}"
        for name, values in (
            ("kernel_size", question.kernel_size),
            ("stride", question.stride),
            ("padding", question.padding),
            ("dilation", question.dilation),
        )
        if values is not None
    ]
    if question.kernel_size is None:
        given.append(f"kernels up to {question.max_kernel_size}")
    kind = "transposed convolution" if question.transposed else "convolution"
    asked = (
        f"no {kind} with {' and '.join(given)} turns {axis.name} {axis.size:,} into {axis.wanted:,}"
    )
    if below and above:
        return f"{asked}: the nearest that it can become are {max(below):,} and {min(above):,}"
    if below:
        return f"{asked}: the largest that it can become is {max(below):,}"
    if above:
        return f"{asked}: the smallest that it can become is {min(above):,}"
    return f"{asked}: no such kernel fits into it"
