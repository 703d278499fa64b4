"""Functions that put tensors together, or take them apart along an axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import comb
from operator import index as whole_number

from convcalc.layers.base import Batch, size_text
from convcalc.network.torch.dtypes import BOOL
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.functions.shaping import MOST_PARTS, cut, reshape, unsqueeze
from convcalc.network.torch.gradients.rules import NOTHING, memory
from convcalc.network.torch.sizes import (
    added,
    as_size,
    axis_of,
    definite,
    is_open,
    listed,
    merged,
    same,
    same_shape,
    shown,
    sizes_of,
)
from convcalc.network.torch.strides import Strides, channels_last, extent, laid, strides_of
from convcalc.network.torch.tensor import Kept, Tensor, as_number, joined_fields, kind_together
from convcalc.reading.exceptions import NotUnderstood


def _several(name: str, tensors: object) -> list[Tensor]:
    if not isinstance(tensors, (list, tuple)):
        what = "one tensor" if isinstance(tensors, Tensor) else type(tensors).__name__
        raise misfit(f"{name} takes a list of tensors, gets {what}", TypeError)
    if not tensors:
        raise misfit(f"{name} of no tensors")
    return [tensor_of(name, each) for each in tensors]


@operation("cat", "concat", "concatenate", where="t", counted=True, saves=NOTHING)
def cat(tensors: object, dim: object = 0, axis: object = None) -> Tensor:
    """Several tensors, one behind the other along an axis."""
    found = _several("cat", tensors)
    if len(found) > 1:
        found = [each for each in found if each.shape != (0,)] or found
    first = found[0]
    if not first.shape:
        raise misfit("cat takes no single numbers: stack does")
    at = axis_of("cat", dim if axis is None else axis, first.ndim, first.shape)
    for each in found:
        if each.ndim != first.ndim:
            raise misfit(
                f"cat: {shown(first.shape)} and {shown(each.shape)} have {first.ndim} and "
                f"{each.ndim} dimensions"
            )
        for place, (a, b) in enumerate(zip(first.shape, each.shape, strict=True)):
            if place != at and not same(a, b):
                raise misfit(
                    f"cat: {shown(first.shape)} and {shown(each.shape)} differ in dimension "
                    f"{place}, {size_text(a)} and {size_text(b)}, where only dimension {at} may"
                )
    size = added("cat", [each.shape[at] for each in found])
    fields = list(joined_fields(first.shape, found))
    if len(found) > 1:
        fields[at] = None
    shape = (*first.shape[:at], size, *first.shape[at + 1 :])
    return Tensor(
        shape,
        kind_together(found),
        fields=tuple(fields),
        strides=_all_channels_last(shape, found),
        fed=any(each.fed for each in found),
        values=_chained(found) if at == 0 else None,
    )


def _chained(tensors: Sequence[Tensor]) -> list[complex] | None:
    """Return the values of tensors of one kind, one behind the other."""
    if any(each.values is None or each.dtype is not tensors[0].dtype for each in tensors):
        return None
    return [value for each in tensors for value in each.values or ()]


def _all_channels_last(shape: Sequence[int], tensors: Sequence[Tensor]) -> Strides | None:
    """Return the strides of what is put together of feature maps that have their channels last."""
    if len(shape) < 4:
        return None
    laid_out = [channels_last(each, shape) for each in tensors]
    return laid_out[0] if all(each is not None for each in laid_out) else None


@operation("stack", where="t", counted=True, saves=NOTHING)
def stack(tensors: object, dim: object = 0) -> Tensor:
    """Several tensors of one shape along a new axis."""
    found = _several("stack", tensors)
    first = found[0]
    for each in found:
        if not same_shape(first.shape, each.shape):
            raise misfit(f"stack: {shown(first.shape)} and {shown(each.shape)} differ")
    at = axis_of("stack", dim, first.ndim + 1, first.shape)
    fields = joined_fields(first.shape, found)
    shape = (*first.shape[:at], len(found), *first.shape[at:])
    strides = None
    if first.strides is not None and at < first.ndim:
        steps = strides_of(cat(found, at))
        strides = laid(shape, (*steps[:at], steps[at] * extent(first.shape[at]), *steps[at:]))
    return Tensor(
        shape,
        kind_together(found),
        strides=strides,
        fields=(*fields[:at], None, *fields[at:]),
        values=_chained(found) if at == 0 else None,
        fed=any(each.fed for each in found),
    )


@operation("hstack", where="t", counted=True, saves=NOTHING)
def hstack(tensors: object) -> Tensor:
    """Several tensors, one beside the other."""
    found = [each if each.shape else unsqueeze(each, 0) for each in _several("hstack", tensors)]
    return cat(found, 0 if found[0].ndim == 1 else 1)


@operation("vstack", "row_stack", where="t", counted=True, saves=NOTHING)
def vstack(tensors: object) -> Tensor:
    """Several tensors, one below the other."""
    return cat([_of_axes(each, 2) for each in _several("vstack", tensors)], 0)


@operation("dstack", where="t", counted=True, saves=NOTHING)
def dstack(tensors: object) -> Tensor:
    """Several tensors, one behind the other."""
    return cat([_of_axes(each, 3) for each in _several("dstack", tensors)], 2)


def _at_least(least: int) -> None:
    @operation(f"atleast_{least}d", where="t", saves=NOTHING)
    def atleast(*tensors: object) -> object:
        name = f"atleast_{least}d"
        given = tensors[0] if len(tensors) == 1 else tensors
        if isinstance(given, (list, tuple)):
            return tuple(_of_axes(tensor_of(name, each), least) for each in given)
        return _of_axes(tensor_of(name, given), least)


for _least in (1, 2, 3):
    _at_least(_least)


@operation("column_stack", where="t", counted=True, saves=NOTHING)
def column_stack(tensors: object) -> Tensor:
    """Several tensors, one beside the other, vectors as columns."""
    found = _several("column_stack", tensors)
    return cat([reshape(each, -1, 1) if each.ndim < 2 else each for each in found], 1)


@operation("block_diag", where="t", saves=NOTHING)
def block_diag(*tensors: Tensor) -> Tensor:
    """Matrices along a diagonal."""
    found = _several("block_diag", tensors)
    if any(each.ndim > 2 for each in found):
        raise misfit("block_diag takes matrices")
    whole = [_of_axes(each, 2) for each in found]
    shape = [added("block_diag", [each.shape[at] for each in whole]) for at in (0, 1)]
    return Tensor(shape, kind_together(found), fed=any(each.fed for each in found))


@operation("cartesian_prod", where="t", saves=NOTHING)
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """Every choice of one number of each vector."""
    found = _several("cartesian_prod", listed(tensors))
    if any(each.ndim != 1 for each in found):
        raise misfit("cartesian_prod takes vectors")
    if len({each.dtype for each in found}) > 1:
        raise misfit("cartesian_prod takes tensors of one kind of numbers")
    if len(found) == 1:
        return found[0]
    rows = merged("cartesian_prod", [each.shape[0] for each in found])
    return Tensor((rows, len(found)), found[0].dtype, fed=any(each.fed for each in found))


def _keeps_of_choices(result: Tensor, input: Tensor, r: int = 2) -> Iterator[Kept]:
    """Yield the numbers, and which of all tuples of them are chosen."""
    if r > 1:
        yield from (input, memory((*input.shape,) * r, BOOL))


@operation("combinations", where="tm", saves=_keeps_of_choices)
def combinations(input: Tensor, r: object = 2, with_replacement: object = False) -> Tensor:
    """Every choice of so many numbers of a vector."""
    count = as_size("combinations", r)
    if tensor_of("combinations", input).ndim != 1 or count < 0:
        raise misfit("combinations takes a vector, and how many of its numbers to take")
    there = definite("combinations", input.shape[0])
    if not count:
        return Tensor((0,), input.dtype)
    rows = comb(there + count - 1 if with_replacement else there, count) if there else 0
    return Tensor((rows, count), input.dtype, fed=input.fed)


def _of_axes(tensor: Tensor, least: int) -> Tensor:
    """Return a tensor of so many axes at least, as torch.atleast_2d and atleast_3d make it."""
    if least == 1:
        return tensor if tensor.shape else unsqueeze(tensor, 0)
    if least == 3 and tensor.ndim == 2:
        return unsqueeze(tensor, 2)
    if tensor.ndim < 2:
        row = unsqueeze(tensor if tensor.shape else unsqueeze(tensor, 0), 0)
        return unsqueeze(row, 2) if least == 3 else row
    return tensor


def parts_of_axis(tensor: Tensor, at: int, sizes: Sequence[int]) -> tuple[Tensor, ...]:
    """Return the parts of an axis that are so long, one behind the other."""
    if len(sizes) > MOST_PARTS:
        raise NotUnderstood("the parts are too many to follow")
    parts = []
    start: int = 0
    for size in sizes:
        parts.append(cut(tensor, at, size, start))
        start = size + start
    return tuple(parts)


@operation(
    "split",
    "split_with_sizes",
    "unsafe_split",
    "unsafe_split_with_sizes",
    where="tm",
    saves=NOTHING,
)
def split(tensor: Tensor, split_size_or_sections: object = None, dim: object = 0,
          split_size: object = None, split_sizes: object = None) -> tuple[Tensor, ...]:  # fmt: skip
    """Parts of one size, the last one smaller; or parts of these sizes."""
    given = (split_size_or_sections, split_size, split_sizes)
    sections = next((each for each in given if each is not None), None)
    at = axis_of("split", dim, tensor.ndim, tensor.shape)
    whole = tensor.shape[at]
    if isinstance(sections, (list, tuple)):
        sizes = list(sizes_of("split", (sections,)))
        total = added("split", sizes)
        if not same(total, whole):
            raise misfit(
                f"split: {' + '.join(map(size_text, sizes))} = {size_text(total)} isn't the "
                f"{size_text(whole)} of dimension {at} in {shown(tensor.shape)}"
            )
        return parts_of_axis(tensor, at, sizes)
    step = as_size("split", sections)
    if step < 1:
        raise misfit(f"split: a size of {step} is too small")
    if isinstance(whole, Batch) and not whole.samples:
        if not isinstance(step, Batch) or whole.each % step.each:
            raise NotUnderstood("the batch is split, into how many parts depends on it")
        return parts_of_axis(tensor, at, [step] * (whole.each // step.each))
    count = int(whole)
    if count // step > MOST_PARTS:
        raise NotUnderstood("the parts are too many to follow")
    lengths = [min(step, count - start) for start in range(0, count, step)]
    return parts_of_axis(tensor, at, lengths or [0])


@operation("tensor_split", "array_split", where="tm", saves=NOTHING)
def tensor_split(input: Tensor, indices_or_sections: object = None, dim: object = 0,
                 indices: object = None, sections: object = None,
                 tensor_indices_or_sections: object = None) -> tuple[Tensor, ...]:  # fmt: skip
    """Parts between these places, or so many of which the first are one larger."""
    several = (indices_or_sections, indices, sections, tensor_indices_or_sections)
    given = next((each for each in several if each is not None), None)
    at = axis_of("tensor_split", dim, input.ndim, input.shape)
    whole = input.shape[at]
    if isinstance(given, Tensor):
        given = given.values if given.shape else as_number(given)
    if isinstance(given, int):
        if given < 1:
            raise misfit(f"tensor_split: {given} parts have no meaning")
        if isinstance(whole, Batch) and is_open(whole) and whole.each % given == 0:
            return parts_of_axis(input, at, [whole // given] * given)
        least, larger = divmod(definite("tensor_split", whole), given)
        sizes = [least + (part < larger) for part in range(min(given, MOST_PARTS + 1))]
    elif isinstance(given, (list, tuple)):
        size = definite("tensor_split", whole)
        places = (slice(0, whole_number(end)).indices(size)[1] for end in given)
        sizes = [max(after - before, 0) for before, after in pairwise([0, *places, size])]
        if sum(sizes) != size:
            raise NotUnderstood("tensor_split() at places that go back isn't followed")
    else:
        raise NotUnderstood("where tensor_split() cuts isn't known")
    return parts_of_axis(input, at, sizes)


@operation("chunk", "unsafe_chunk", where="tm", saves=NOTHING)
def chunk(input: Tensor, chunks: object, dim: object = 0) -> tuple[Tensor, ...]:
    """So many parts, as alike as they can be."""
    at = axis_of("chunk", dim, input.ndim, input.shape)
    count = as_size("chunk", chunks)
    if count < 1:
        raise misfit(f"chunk: {count} parts have no meaning")
    whole = input.shape[at]
    if not is_open(whole) and whole == 0:
        return parts_of_axis(input, at, [0] * count)
    if isinstance(whole, Batch) and whole.each % count == 0:
        return split(input, whole // count, at)
    return split(input, max(-(-definite("chunk", whole) // count), 1), at)
