"""Functions that lay the same numbers out in another shape, put tensors together or cut them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

from convcalc.layers.base import Batch
from convcalc.network.functions.creating import sizes_of
from convcalc.network.functions.registry import operation
from convcalc.network.natives import Size
from convcalc.network.refusals import NotUnderstood, Raised
from convcalc.network.tensors import (
    Fields,
    Tensor,
    added,
    as_number,
    as_size,
    axis_of,
    broadcast,
    channels_last,
    definite,
    extent,
    filled_in,
    is_one,
    is_open,
    joined_fields,
    laid,
    merged,
    promoted,
    same,
    same_shape,
    shown,
    size_text,
    strides_of,
    viewed_strides,
)


def reshaped(input: Tensor, shape: Sequence[int], strides: tuple[int, ...] | None) -> Tensor:
    """Return the same numbers in another shape; an axis that stays keeps what it sees."""
    fields: Fields | None = None
    if same_shape(input.shape, shape):
        fields = input.fields
    elif input.fed:
        fields = _kept_fields(input, shape)
    result = Tensor(
        shape, input.dtype, strides=strides, fields=fields, values=input.values, fed=input.fed
    )
    result.story = input.story if same_shape(input.shape, shape) else None
    return result


def _kept_fields(input: Tensor, shape: Sequence[int]) -> Fields:
    """Return what the axes see that are the same before and after: at the front, or at the end."""
    front = 0
    while front < min(len(shape), input.ndim) and same(shape[front], input.shape[front]):
        front += 1
    back = 0
    while back < min(len(shape), input.ndim) - front and same(
        shape[-1 - back], input.shape[-1 - back]
    ):
        back += 1
    middle = (None,) * (len(shape) - front - back)
    return (*input.fields[:front], *middle, *input.fields[input.ndim - back :])


@operation("view", where="m")
def view(input: Tensor, *sizes: Any, dtype: Any = None, size: Any = None) -> Tensor:
    """The same numbers in another shape, without moving them."""
    sizes = sizes if size is None else (size,)
    if not sizes or not isinstance(sizes[0], (int, Tensor, list, tuple)):
        return input.like(values=input.values)  # of another kind of numbers
    wanted = sizes[0] if isinstance(sizes[0], (list, tuple)) else sizes
    shape = filled_in("view", input.shape, wanted)
    strides, possible = viewed_strides(input, shape)
    if not possible:
        raise Raised(
            f"view({', '.join(map(size_text, shape))}) isn't possible, since the numbers of "
            f"{shown(input.shape)} don't lie one after the other: reshape(…), or contiguous() "
            "before it, does it"
        )
    return reshaped(input, shape, strides)


@operation("reshape", where="tm")
def reshape(input: Tensor, *sizes: Any, shape: Any = None) -> Tensor:
    """The same numbers in another shape, moved where they have to be."""
    wanted = shape if shape is not None else sizes
    wanted = wanted[0] if len(wanted) == 1 and isinstance(wanted[0], (list, tuple)) else wanted
    new = filled_in("reshape", input.shape, wanted)
    strides, possible = viewed_strides(input, new)
    return reshaped(input, new, strides if possible else None)


@operation("view_as", "reshape_as", where="m")
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """The same numbers in another tensor's shape."""
    return reshape(input, *other.shape)


@operation("ravel", where="tm")
def ravel(input: Tensor) -> Tensor:
    """All numbers in one axis, one after the other."""
    return contiguous(reshape(input, -1))


@operation("flatten", where="tm")
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Several axes in one."""
    if not input.shape:
        return reshaped(input, (1,), None)
    start = axis_of("flatten", start_dim, input.ndim, input.shape)
    end = axis_of("flatten", end_dim, input.ndim, input.shape)
    if start > end:
        raise Raised(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}")
    size = merged("flatten", input.shape[start : end + 1])
    return reshape(input, *input.shape[:start], size, *input.shape[end + 1 :])


@operation("unflatten", where="tm")
def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """One axis made into several."""
    at = axis_of("unflatten", dim, input.ndim, input.shape)
    inner = filled_in("unflatten", (input.shape[at],), sizes)
    return reshape(input, *input.shape[:at], *inner, *input.shape[at + 1 :])


@operation("squeeze", where="tm")
def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without the axes of one position."""
    dims = range(input.ndim) if dim is None else dim if isinstance(dim, tuple) else (dim,)
    gone = {
        axis
        for axis in (axis_of("squeeze", each, input.ndim, input.shape) for each in dims)
        if input.shape and is_one(input.shape[axis])
    }
    return _chosen(input, [axis for axis in range(input.ndim) if axis not in gone])


@operation("unsqueeze", where="tm")
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """One axis of one position more."""
    at = axis_of("unsqueeze", dim, input.ndim + 1, input.shape)
    strides = strides_of(input)
    shape = (*input.shape[:at], 1, *input.shape[at:])
    step = strides[at] * 1 if at < input.ndim else 1
    return Tensor(
        shape,
        input.dtype,
        strides=laid(shape, (*strides[:at], step, *strides[at:])),
        fields=(*input.fields[:at], None, *input.fields[at:]),
        values=input.values,
        fed=input.fed,
    )


def _chosen(input: Tensor, axes: Sequence[int]) -> Tensor:
    """Return some of a tensor's axes, in this order; those left out have one position."""
    strides = strides_of(input)
    shape = tuple(input.shape[axis] for axis in axes)
    result = Tensor(
        shape,
        input.dtype,
        strides=laid(shape, tuple(strides[axis] for axis in axes)),
        fields=tuple(input.fields[axis] for axis in axes),
        values=input.values if list(axes) == sorted(axes) else None,
        fed=input.fed,
    )
    result.story = input.story if axes and axes[-1] == input.ndim - 1 else None
    return result


@operation("permute", where="tm")
def permute(input: Tensor, *several: Any, dims: Any = None) -> Tensor:
    """The axes in another order."""
    order = several if dims is None else dims
    order = order[0] if len(order) == 1 and isinstance(order[0], (list, tuple)) else order
    if len(order) != input.ndim:
        raise Raised(
            f"permute({', '.join(map(str, order))}) names {len(order)} dimensions, "
            f"{shown(input.shape)} has {input.ndim}"
        )
    axes = [axis_of("permute", axis, input.ndim, input.shape) for axis in order]
    if len(set(axes)) != len(axes):
        raise Raised(f"permute({', '.join(map(str, order))}) names a dimension twice")
    return _chosen(input, axes)


@operation("transpose", "swapaxes", "swapdims", "transpose_", where="tm")
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes exchanged."""
    first = axis_of("transpose", dim0, input.ndim, input.shape)
    second = axis_of("transpose", dim1, input.ndim, input.shape)
    axes = list(range(input.ndim))
    axes[first], axes[second] = second, first
    return _chosen(input, axes)


@operation("adjoint", where="tm")
def adjoint(input: Tensor) -> Tensor:
    """Matrices with their axes exchanged."""
    return transpose(input, -2, -1)


@operation("t", where="tm")
def t(input: Tensor) -> Tensor:
    """A matrix with its axes exchanged."""
    if input.ndim > 2:
        raise Raised(f"t() takes at most 2 dimensions, {shown(input.shape)} has {input.ndim}")
    return _chosen(input, list(range(input.ndim))[::-1])


@operation("movedim", "moveaxis", where="tm")
def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Some axes in another place."""
    sources = source if isinstance(source, (list, tuple)) else (source,)
    targets = destination if isinstance(destination, (list, tuple)) else (destination,)
    taken = [axis_of("movedim", axis, input.ndim, input.shape) for axis in sources]
    places = [axis_of("movedim", axis, input.ndim, input.shape) for axis in targets]
    rest = [axis for axis in range(input.ndim) if axis not in taken]
    for place, axis in sorted(zip(places, taken, strict=True)):
        rest.insert(place, axis)
    return _chosen(input, rest)


@operation("expand", where="m")
def expand(input: Tensor, *sizes: Any) -> Tensor:
    """Axes of one position repeated without copies."""
    wanted = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (list, tuple)) else sizes
    if len(wanted) < input.ndim:
        raise Raised(f"expand({shown(wanted)}) has fewer dimensions than {shown(input.shape)}")
    lead = len(wanted) - input.ndim
    old = (*((1,) * lead), *input.shape)
    strides = (*((0,) * lead), *strides_of(input))
    shape, steps = [], []
    for size, before, step in zip(wanted, old, strides, strict=True):
        size = as_size("expand", size)
        if size == -1 and not isinstance(size, Batch):
            size = before
        elif size < 0:
            raise Raised(f"expand: a size of {size} is too small, -1 keeps the one that is there")
        elif not same(size, before) and not is_one(before):
            raise Raised(
                f"expand: {shown(input.shape)} can't become {shown(tuple(wanted))}, since "
                f"{size_text(before)} isn't 1"
            )
        shape.append(size)
        steps.append(step if same(size, before) else 0)
    fields = (*((None,) * lead), *input.fields)
    return Tensor(
        shape, input.dtype, strides=laid(shape, tuple(steps)), fields=fields, fed=input.fed
    )


@operation("expand_as", where="m")
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Repeated to the shape of another tensor."""
    return expand(input, *other.shape)


@operation("broadcast_to", where="tm")
def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """Repeated to a shape."""
    return expand(input, *size)


@operation("broadcast_tensors", where="t")
def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Several tensors, repeated to one shape."""
    shape = broadcast("broadcast_tensors", *(each.shape for each in tensors))
    return tuple(expand(each, *shape) for each in tensors)


@operation("repeat", where="m")
def repeat(input: Tensor, *sizes: Any) -> Tensor:
    """So many copies along every axis."""
    times = sizes_of("repeat", sizes)
    if len(times) < input.ndim:
        raise Raised(f"repeat({shown(times)}) has fewer dimensions than {shown(input.shape)}")
    lead = len(times) - input.ndim
    old = (*((1,) * lead), *input.shape)
    shape = tuple(merged("repeat", each) for each in zip(old, times, strict=True))
    fields = tuple(
        field if is_one(count) else None
        for field, count in zip((*((None,) * lead), *input.fields), times, strict=True)
    )
    return Tensor(shape, input.dtype, fields=fields, fed=input.fed)


@operation("tile", where="tm")
def tile(input: Tensor, *dims: Any) -> Tensor:
    """So many copies along every axis, those in front left as they are."""
    dims = sizes_of("tile", dims)
    return repeat(input, *((1,) * (input.ndim - len(dims))), *dims)


@operation("repeat_interleave", where="tm")
def repeat_interleave(input: Tensor, repeats: Any, dim: Any = None, **named: Any) -> Tensor:
    """Every position so many times."""
    if not isinstance(repeats, int):
        raise NotUnderstood("repeat_interleave() by a tensor isn't followed")
    if dim is None:
        size = merged("repeat_interleave", (*input.shape, repeats))
        return Tensor((size,), input.dtype, fed=input.fed)
    at = axis_of("repeat_interleave", dim, input.ndim, input.shape)
    return _resized(input, at, merged("repeat_interleave", (input.shape[at], repeats)))


def _resized(input: Tensor, at: int, size: int) -> Tensor:
    """Return a new tensor with another size of one axis, which sees nothing any more."""
    shape = (*input.shape[:at], size, *input.shape[at + 1 :])
    fields = (*input.fields[:at], None, *input.fields[at + 1 :])
    return Tensor(shape, input.dtype, fields=fields, fed=input.fed)


# ---------------------------------------------------------------------------------------------
# Together, and apart
# ---------------------------------------------------------------------------------------------


def _several(name: str, tensors: Any) -> list[Tensor]:
    if isinstance(tensors, Tensor):
        raise Raised(f"{name} takes a list of tensors, gets one tensor", "TypeError")
    found = list(tensors)
    if not found:
        raise Raised(f"{name} of no tensors")
    for each in found:
        if not isinstance(each, Tensor):
            raise Raised(f"{name} takes tensors, not {type(each).__name__}", "TypeError")
    return found


@operation("cat", "concat", "concatenate", where="t", counted=True)
def cat(tensors: Any, dim: Any = 0, axis: Any = None) -> Tensor:
    """Several tensors, one behind the other along an axis."""
    found = _several("cat", tensors)
    if len(found) > 1:
        found = [each for each in found if each.shape != (0,)] or found
    first = found[0]
    at = axis_of("cat", dim if axis is None else axis, first.ndim, first.shape)
    for each in found:
        if each.ndim != first.ndim:
            raise Raised(
                f"cat: {shown(first.shape)} and {shown(each.shape)} have {first.ndim} and "
                f"{each.ndim} dimensions"
            )
        for axis_, (a, b) in enumerate(zip(first.shape, each.shape, strict=True)):
            if axis_ != at and not same(a, b):
                raise Raised(
                    f"cat: {shown(first.shape)} and {shown(each.shape)} differ in dimension "
                    f"{axis_}, {size_text(a)} and {size_text(b)}, where only dimension {at} may"
                )
    size = added("cat", [each.shape[at] for each in found])
    fields = list(joined_fields(first.shape, found))
    if len(found) > 1:
        fields[at] = None
    shape = (*first.shape[:at], size, *first.shape[at + 1 :])
    return Tensor(
        shape,
        promoted(found),
        fields=tuple(fields),
        strides=_all_channels_last(shape, found),
        fed=any(each.fed for each in found),
    )


def _all_channels_last(shape: Sequence[int], tensors: Sequence[Tensor]) -> tuple[int, ...] | None:
    """Return the strides of what is put together of feature maps that have their channels last."""
    if len(shape) < 4:
        return None
    laid_out = [channels_last(each, shape) for each in tensors]
    return laid_out[0] if all(each is not None for each in laid_out) else None


@operation("stack", where="t", counted=True)
def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Several tensors of one shape along a new axis."""
    found = _several("stack", tensors)
    first = found[0]
    for each in found:
        if not same_shape(first.shape, each.shape):
            raise Raised(f"stack: {shown(first.shape)} and {shown(each.shape)} differ")
    at = axis_of("stack", dim, first.ndim + 1, first.shape)
    fields = joined_fields(first.shape, found)
    shape = (*first.shape[:at], len(found), *first.shape[at:])
    strides = None
    if first.strides is not None and at < first.ndim:
        steps = strides_of(cat(found, at))
        strides = laid(shape, (*steps[:at], steps[at] * extent(first.shape[at]), *steps[at:]))
    values = None
    if at == 0 and all(each.values is not None for each in found):
        values = [value for each in found for value in each.values or ()]
    return Tensor(
        shape,
        promoted(found),
        strides=strides,
        fields=(*fields[:at], None, *fields[at:]),
        values=values,
        fed=any(each.fed for each in found),
    )


@operation("hstack", where="t", counted=True)
def hstack(tensors: Any) -> Tensor:
    """Several tensors, one beside the other."""
    found = _several("hstack", tensors)
    return cat(found, 0 if found[0].ndim == 1 else 1)


@operation("vstack", where="t", counted=True)
def vstack(tensors: Any) -> Tensor:
    """Several tensors, one below the other."""
    return cat([e if e.ndim > 1 else unsqueeze(e, 0) for e in _several("vstack", tensors)], 0)


@operation("dstack", where="t", counted=True)
def dstack(tensors: Any) -> Tensor:
    """Several tensors, one behind the other."""
    return cat([_of_three_axes(each) for each in _several("dstack", tensors)], 2)


def _of_three_axes(tensor: Tensor) -> Tensor:
    """Return a tensor with three axes at least, as torch.atleast_3d does."""
    if tensor.ndim == 0:
        return reshaped(tensor, (1, 1, 1), None)
    if tensor.ndim == 1:
        return unsqueeze(unsqueeze(tensor, 0), 2)
    return unsqueeze(tensor, 2) if tensor.ndim == 2 else tensor


def cut(input: Tensor, at: int, size: int, start: int = 0, step: int = 1) -> Tensor:
    """Return a part of an axis, a view of the same numbers."""
    strides = list(strides_of(input))
    strides[at] *= step
    shape = (*input.shape[:at], size, *input.shape[at + 1 :])
    fields = list(input.fields)
    field = fields[at]
    if field is not None:
        moved = start * field.step if not isinstance(start, Batch) else 0
        fields[at] = field._replace(
            first=field.first + moved, last=field.last + moved, step=field.step * step
        )
    values = None
    if input.values is not None and input.ndim == 1:
        values = input.values[start : start + size * step : step]
    return Tensor(
        shape, input.dtype, strides=laid(shape, tuple(strides)), fields=tuple(fields),
        values=values, fed=input.fed,
    )  # fmt: skip


@operation("split", "split_with_sizes", where="tm")
def split(tensor: Tensor, split_size_or_sections: Any = None, dim: int = 0,
          split_size: Any = None) -> tuple[Tensor, ...]:  # fmt: skip
    """Parts of one size, the last one smaller; or parts of these sizes."""
    sections = split_size if split_size_or_sections is None else split_size_or_sections
    at = axis_of("split", dim, tensor.ndim, tensor.shape)
    whole = tensor.shape[at]
    if isinstance(sections, (list, tuple)):
        sizes = [as_size("split", each) for each in sections]
        total = added("split", sizes)
        if not same(total, whole):
            raise Raised(
                f"split: {' + '.join(map(size_text, sizes))} = {size_text(total)} isn't the "
                f"{size_text(whole)} of dimension {at} in {shown(tensor.shape)}"
            )
    else:
        step = as_size("split", sections)
        if step < 1:
            raise Raised(f"split: a size of {step} is too small")
        if isinstance(whole, Batch) and not whole.samples:
            if not isinstance(step, Batch):
                raise NotUnderstood("the batch is split, into how many parts hangs on it")
            sizes = [step] * (whole // step)
        else:
            sizes = [min(step, int(whole) - start) for start in range(0, int(whole), step)]
    if len(sizes) > 100_000:
        raise NotUnderstood("the parts are too many to follow")
    parts, start = [], 0
    for each in sizes:
        parts.append(cut(tensor, at, each, start))
        start = each + start
    return tuple(parts)


@operation("tensor_split", "array_split", where="tm")
def tensor_split(input: Tensor, indices_or_sections: Any = None, dim: int = 0, *,
                 indices: Any = None, sections: Any = None) -> tuple[Tensor, ...]:  # fmt: skip
    """Parts between these places, or so many of which the first are one larger."""
    given = next(e for e in (indices_or_sections, indices, sections) if e is not None)
    at = axis_of("tensor_split", dim, input.ndim, input.shape)
    whole = input.shape[at]
    if isinstance(given, Tensor):
        given = given.values if given.shape else as_number(given)
    if isinstance(given, int):
        if given < 1:
            raise Raised(f"tensor_split: {given} parts have no meaning")
        if is_open(whole) and whole // given * given == whole:
            return split(input, whole // given, dim)
        least, larger = divmod(definite("tensor_split", whole), given)
        sizes = [least + (part < larger) for part in range(given)]
    elif isinstance(given, (list, tuple)):
        size = definite("tensor_split", whole)
        ends = [0, *(slice(0, end).indices(size)[1] for end in given), size]
        sizes = [max(after - before, 0) for before, after in pairwise(ends)]
        if sum(sizes) != size:
            raise NotUnderstood("tensor_split() at places that go back isn't followed")
    else:
        raise NotUnderstood("where tensor_split() cuts isn't known")
    return split(input, sizes, dim)


@operation("chunk", where="tm")
def chunk(input: Tensor, chunks: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """So many parts, as alike as they can be."""
    at = axis_of("chunk", dim, input.ndim, input.shape)
    if not isinstance(chunks, int) or chunks < 1:
        raise Raised(f"chunk: {chunks!r} parts have no meaning")
    whole = input.shape[at]
    if isinstance(whole, Batch) and whole.each % chunks == 0:
        return split(input, whole // chunks, dim)
    return split(input, max(-(-definite("chunk", whole) // chunks), 1), dim)


@operation("unbind", where="tm")
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts of an axis one by one, without it."""
    at = axis_of("unbind", dim, input.ndim, input.shape)
    count = definite("unbind", input.shape[at])
    if count > 100_000:
        raise NotUnderstood("the parts are too many to follow")
    return tuple(select(input, at, index) for index in range(count))


@operation("select", where="tm")
def select(input: Tensor, dim: int, index: Any) -> Tensor:
    """One position of an axis, without it."""
    at = axis_of("select", dim, input.ndim, input.shape)
    size = input.shape[at]
    if isinstance(index, int) and index not in (0, -1):
        size = definite("what an index chooses", size)
    if isinstance(index, int) and not -size <= index < size:
        raise Raised(
            f"index {index} is beyond dimension {at} of {shown(input.shape)}, which has "
            f"{size_text(size)}",
            "IndexError",
        )
    values = None
    if input.values is not None and isinstance(index, int):
        inner = prod(input.shape[1:])
        begin = (index % int(size)) * inner
        values = input.values[begin : begin + inner] if at == 0 else None
    result = _chosen(input, [axis for axis in range(input.ndim) if axis != at])
    result.values = values
    return result


@operation("narrow", where="tm")
def narrow(input: Tensor, dim: int, start: Any, length: Any) -> Tensor:
    """A part of an axis."""
    at = axis_of("narrow", dim, input.ndim, input.shape)
    if is_open(input.shape[at]) and (start, length) != (0, input.shape[at]):
        definite("narrow", input.shape[at])
    if isinstance(start, int) and start < 0:
        start += definite("narrow", input.shape[at])
    if isinstance(start, int) and start + length > input.shape[at]:
        raise Raised(
            f"narrow: {start} + {length} is beyond the {size_text(input.shape[at])} of "
            f"dimension {at}"
        )
    return cut(input, at, length, start if isinstance(start, int) else 0)


@operation("unfold", where="m")
def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows along an axis, their positions a new last axis."""
    at = axis_of("unfold", dimension, input.ndim, input.shape)
    if size > definite("unfold", input.shape[at]):
        raise Raised(f"unfold: a window of {size} is larger than the {input.shape[at]} there are")
    windows = (definite("unfold", input.shape[at]) - size) // step + 1
    strides = list(strides_of(input))
    strides = [*strides[:at], strides[at] * step, *strides[at + 1 :], strides[at]]
    shape = (*input.shape[:at], windows, *input.shape[at + 1 :], size)
    return Tensor(shape, input.dtype, strides=laid(shape, tuple(strides)), fed=input.fed)


@operation("diagonal", where="tm")
def diagonal_of(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of two axes, as a new last axis."""
    first = axis_of("diagonal", dim1, input.ndim, input.shape)
    second = axis_of("diagonal", dim2, input.ndim, input.shape)
    rows = definite("diagonal", input.shape[first])
    columns = definite("diagonal", input.shape[second])
    length = min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns)
    rest = [axis for axis in range(input.ndim) if axis not in (first, second)]
    shape = (*(input.shape[axis] for axis in rest), max(length, 0))
    steps = strides_of(input)
    strides = (*(steps[axis] for axis in rest), steps[first] + steps[second])
    return Tensor(shape, input.dtype, strides=laid(shape, strides), fed=input.fed)


@operation("diag", where="tm")
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A matrix with this diagonal, or the diagonal of a matrix."""
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    if input.ndim != 2:
        raise Raised(f"diag takes a vector or a matrix, gets {shown(input.shape)}")
    found = diagonal_of(input, diagonal)
    return Tensor(found.shape, input.dtype, fed=input.fed)


@operation("diag_embed", where="tm")
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices with these diagonals."""
    size = added("diag_embed", (input.shape[-1], abs(offset)))
    first = axis_of("diag_embed", dim1, input.ndim + 1, input.shape)
    second = axis_of("diag_embed", dim2, input.ndim + 1, input.shape)
    shape = list(input.shape[:-1])
    for axis in sorted((first, second)):
        shape.insert(axis, size)
    return Tensor(shape, input.dtype, fed=input.fed)


@operation("size", where="m")
def size(input: Tensor, dim: Any = None) -> Any:
    """The sizes, or one of them."""
    if dim is None:
        return Size(input.shape)
    return input.shape[axis_of("size", dim, input.ndim, input.shape)]


@operation("dim", "ndimension", where="m")
def dim(input: Tensor) -> int:
    """The number of axes."""
    return input.ndim


@operation("numel", "nelement", where="tm")
def numel(input: Tensor) -> int:
    """How many numbers there are."""
    return merged("numel", input.shape)


@operation("stride", where="m")
def stride(input: Tensor, dim: Any = None) -> Any:
    """How far apart neighbours lie."""
    strides = strides_of(input)
    return strides if dim is None else strides[dim]


@operation("is_contiguous", where="m")
def is_contiguous(input: Tensor, *arguments: Any, **named: Any) -> bool:
    """Whether the numbers lie one after the other."""
    return input.strides is None


@operation("contiguous", where="m")
def contiguous(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """The same numbers, one after the other."""
    result = input.like(values=input.values)
    result.strides = None
    return result


@operation("detach", "data", "resolve_conj", where="tm")
def detach(input: Tensor) -> Tensor:
    """The same numbers, seen anew."""
    return input.like(values=input.values)


@operation("clone", where="tm")
def clone(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """The same numbers."""
    return input.worked_out(values=input.values)


@operation("view_as_real", where="t")
def view_as_real(input: Tensor) -> Tensor:
    """Complex numbers as two axes of real ones."""
    return Tensor((*input.shape, 2), "float", fed=input.fed)


@operation("view_as_complex", where="t")
def view_as_complex(input: Tensor) -> Tensor:
    """Pairs of real numbers as complex ones."""
    if not input.shape or input.shape[-1] != 2:
        raise Raised(f"view_as_complex: the last size is 2, not in {shown(input.shape)}")
    return Tensor(input.shape[:-1], "complex", fed=input.fed)


@operation("as_strided", where="tm")
def as_strided(input: Tensor, size: Any, stride: Any, *rest: Any) -> Tensor:
    """A view of any shape."""
    return Tensor(sizes_of("as_strided", (size,)), input.dtype, strides=tuple(stride),
                  fed=input.fed)  # fmt: skip
