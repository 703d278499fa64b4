"""Functions that lay the same numbers out in another shape, put tensors together or cut them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from operator import index as whole_number

from convcalc.layers.base import Batch, Shape, size_text
from convcalc.network.torch.dtypes import COMPLEX, REAL, DType
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.fields import Fields
from convcalc.network.torch.functions.creating import FORMATS, formatted
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING
from convcalc.network.torch.sizes import (
    Size,
    added,
    as_size,
    axes_of,
    axis_of,
    broadcast,
    definite,
    filled_in,
    is_one,
    is_open,
    listed,
    merged,
    same,
    same_shape,
    shown,
    sizes_of,
)
from convcalc.network.torch.strides import (
    Strides,
    extent,
    laid,
    strides_of,
    viewed_strides,
    with_channels_last,
)
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import MISSING

MOST_PARTS = 100_000
"""The most parts that a tensor is cut into."""


def reshaped(
    input: Tensor, shape: Sequence[int], strides: Strides | None, *, moved: bool = False
) -> Tensor:
    """Return the same numbers in another shape, a view unless they have to be `moved`.

    An axis that stays keeps what it sees.
    """
    alike = same_shape(input.shape, shape)
    fields = input.fields if alike else _kept_fields(input, shape) if input.fed else None
    result = Tensor(shape, input.dtype, strides=strides, fields=fields, values=input.values,
                    fed=input.fed)  # fmt: skip
    result.story = input.story if alike else None
    return result if moved else result.viewing(input)


def _kept_fields(input: Tensor, shape: Sequence[int]) -> Fields:
    """Return what the axes see that are the same before and after: at the front, or at the end."""
    both = min(len(shape), input.ndim)
    front = back = 0
    while front < both and same(shape[front], input.shape[front]):
        front += 1
    while back < both - front and same(shape[-1 - back], input.shape[-1 - back]):
        back += 1
    middle = (None,) * (len(shape) - front - back)
    return (*input.fields[:front], *middle, *input.fields[input.ndim - back :])


@operation("view", where="m", saves=NOTHING)
def view(input: Tensor, *sizes: object, dtype: object = None, size: object = None) -> Tensor:
    """The same numbers in another shape, without moving them."""
    sizes = listed(sizes if size is None else (size,))
    kind = dtype if dtype is not None else sizes[0] if sizes else None
    if isinstance(kind, DType):
        if kind.itemsize != input.dtype.itemsize:
            raise NotUnderstood("view() as numbers of another width isn't followed")
        return input.like(kind).viewing(input, detached=not kind.has_point)
    shape = filled_in("view", input.shape, sizes)
    strides, possible = viewed_strides(input, shape)
    if not possible:
        raise misfit(
            f"view({', '.join(map(size_text, shape))}) isn't possible, since the numbers of "
            f"{shown(input.shape)} don't lie one after the other: reshape(…), or contiguous() "
            "before it, does it"
        )
    return reshaped(input, shape, strides)


@operation("reshape", where="tm", saves=NOTHING)
def reshape(input: Tensor, *sizes: object, shape: object = None) -> Tensor:
    """The same numbers in another shape, moved where they have to be."""
    new = filled_in("reshape", input.shape, listed(sizes if shape is None else (shape,)))
    strides, possible = viewed_strides(input, new)
    return reshaped(input, new, strides if possible else None, moved=not possible)


@operation("view_as", "reshape_as", where="m", saves=NOTHING)
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """The same numbers in another tensor's shape."""
    return reshape(input, *other.shape)


@operation("ravel", where="tm", saves=NOTHING)
def ravel(input: Tensor) -> Tensor:
    """All numbers in one axis, one after the other."""
    return contiguous(reshape(input, -1))


@operation("flatten", where="tm", saves=NOTHING)
def flatten(input: Tensor, start_dim: object = 0, end_dim: object = -1) -> Tensor:
    """Several axes in one."""
    tensor_of("flatten", input)
    if not input.shape:
        return reshaped(input, (1,), None)
    start = axis_of("flatten", start_dim, input.ndim, input.shape)
    end = axis_of("flatten", end_dim, input.ndim, input.shape)
    if start > end:
        raise misfit(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}")
    size = merged("flatten", input.shape[start : end + 1])
    return reshape(input, *input.shape[:start], size, *input.shape[end + 1 :])


@operation("unflatten", where="tm", saves=NOTHING)
def unflatten(input: Tensor, dim: object, sizes: Sequence[object]) -> Tensor:
    """One axis made into several."""
    at = axis_of("unflatten", dim, input.ndim, input.shape)
    inner = filled_in("unflatten", (input.shape[at],), sizes)
    return reshape(input, *input.shape[:at], *inner, *input.shape[at + 1 :])


@operation("squeeze", where="tm", saves=NOTHING)
def squeeze(input: Tensor, dim: object = MISSING) -> Tensor:
    """Without the axes of one position."""
    every = dim is MISSING
    axes = range(input.ndim) if every else axes_of("squeeze", listed((dim,)), input.shape)
    gone = {axis for axis in axes if input.shape and is_one(input.shape[axis])}
    return _chosen(input, [axis for axis in range(input.ndim) if axis not in gone])


@operation("unsqueeze", where="tm", saves=NOTHING)
def unsqueeze(input: Tensor, dim: object) -> Tensor:
    """One axis of one position more."""
    at = axis_of("unsqueeze", dim, input.ndim + 1, input.shape)
    strides = strides_of(input)
    shape = (*input.shape[:at], 1, *input.shape[at:])
    step = strides[at] if at < input.ndim else 1
    return Tensor(
        shape,
        input.dtype,
        strides=laid(shape, (*strides[:at], step, *strides[at:])),
        fields=(*input.fields[:at], None, *input.fields[at:]),
        values=input.values,
        fed=input.fed,
    ).viewing(input)


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
    return result.viewing(input)


@operation("permute", where="tm", saves=NOTHING)
def permute(input: Tensor, *several: object, dims: object = None) -> Tensor:
    """The axes in another order."""
    order = listed(several if dims is None else (dims,))
    if len(order) != input.ndim:
        raise misfit(
            f"permute({', '.join(map(str, order))}) names {len(order)} dimensions, "
            f"{shown(input.shape)} has {input.ndim}"
        )
    return _chosen(input, axes_of("permute", order, input.shape))


@operation("transpose", "swapaxes", "swapdims", where="tm", saves=NOTHING)
def transpose(input: Tensor, dim0: object, dim1: object) -> Tensor:
    """Two axes exchanged."""
    first = axis_of("transpose", dim0, input.ndim, input.shape)
    second = axis_of("transpose", dim1, input.ndim, input.shape)
    axes = list(range(input.ndim))
    if axes:
        axes[first], axes[second] = second, first
    return _chosen(input, axes)


operation("swapaxes", saves=NOTHING)(lambda input, axis0, axis1: transpose(input, axis0, axis1))


@operation("adjoint", where="tm", saves=NOTHING)
def adjoint(input: Tensor) -> Tensor:
    """Matrices with their axes exchanged."""
    return transpose(input, -2, -1) if input.shape else input


@operation("t", where="tm", saves=NOTHING)
def t(input: Tensor) -> Tensor:
    """A matrix with its axes exchanged."""
    if input.ndim > 2:
        raise misfit(f"t() takes at most 2 dimensions, {shown(input.shape)} has {input.ndim}")
    return _chosen(input, list(range(input.ndim))[::-1])


@operation("movedim", "moveaxis", where="tm", saves=NOTHING)
def movedim(input: Tensor, source: object, destination: object) -> Tensor:
    """Some axes in another place."""
    taken = axes_of("movedim", source, input.shape)
    places = axes_of("movedim", destination, input.shape)
    if len(taken) != len(places):
        raise misfit(f"movedim: {len(taken)} dimensions can't go to {len(places)} places")
    rest = [axis for axis in range(input.ndim) if axis not in taken]
    for place, axis in sorted(zip(places, taken, strict=True)):
        rest.insert(place, axis)
    return _chosen(input, rest)


@operation("expand", where="m", harmless="implicit", saves=NOTHING)
def expand(input: Tensor, *sizes: object, size: object = None) -> Tensor:
    """Axes of one position repeated without copies."""
    wanted = [as_size("expand", each) for each in listed(sizes if size is None else (size,))]
    if len(wanted) < input.ndim:
        raise misfit(f"expand({shown(wanted)}) has fewer dimensions than {shown(input.shape)}")
    lead = len(wanted) - input.ndim
    old = (*((1,) * lead), *input.shape)
    strides = (*((0,) * lead), *strides_of(input))
    shape, steps = [], []
    for at, (each, before, step) in enumerate(zip(wanted, old, strides, strict=True)):
        kept = each == -1 and not isinstance(each, Batch) and at >= lead
        if not kept and each < 0:
            raise misfit(f"expand: a size of {each} is too small, -1 keeps the one that is there")
        if not kept and not same(each, before) and not is_one(before):
            raise misfit(
                f"expand: {shown(input.shape)} can't become {shown(wanted)}, since "
                f"{size_text(before)} isn't 1"
            )
        shape.append(before if kept else each)
        steps.append(step if kept or same(each, before) else 0)
    fields = (*((None,) * lead), *input.fields)
    values = input.values if prod(map(int, shape)) == prod(map(int, old)) else None
    made = Tensor(shape, input.dtype, strides=laid(shape, tuple(steps)), fields=fields,
                  values=values, fed=input.fed)  # fmt: skip
    return made.viewing(input)


@operation("expand_as", where="m", saves=NOTHING)
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Repeated to the shape of another tensor."""
    return expand(input, *other.shape)


@operation("broadcast_to", where="tm", saves=NOTHING)
def broadcast_to(input: Tensor, *size: object) -> Tensor:
    """Repeated to a shape."""
    return expand(input, *size)


@operation("broadcast_tensors", where="t", saves=NOTHING)
def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Several tensors, repeated to one shape."""
    found = [tensor_of("broadcast_tensors", each) for each in tensors]
    shape = broadcast("broadcast_tensors", *(each.shape for each in found))
    return tuple(expand(each, *shape) for each in found)


@operation("meshgrid", where="t", saves=NOTHING)
def meshgrid(*tensors: Tensor, indexing: object = "ij") -> tuple[Tensor, ...]:
    """Coordinates of a grid, each vector repeated without copies along the others' axes."""
    found = [tensor_of("meshgrid", each) for each in listed(tensors)]
    if not found or any(each.ndim > 1 for each in found):
        raise misfit("meshgrid takes vectors, and single numbers")
    if len({each.dtype for each in found}) > 1:
        raise misfit("meshgrid takes tensors of one kind of numbers")
    if indexing not in ("ij", "xy"):
        raise misfit(f"meshgrid: {indexing!r} is neither ij nor xy")
    turned = indexing == "xy" and len(found) > 1
    if turned:
        found[:2] = found[1::-1]
    sizes = [each.shape[0] if each.shape else 1 for each in found]
    grids = []
    for at, each in enumerate(found):
        alone = [size if axis == at else 1 for axis, size in enumerate(sizes)]
        grids.append(expand(reshape(each, *alone), *sizes))
    if turned:
        grids[:2] = grids[1::-1]
    return tuple(grids)


@operation("repeat", where="m", saves=NOTHING)
def repeat(input: Tensor, *sizes: object, repeats: object = None) -> Tensor:
    """So many copies along every axis."""
    times = sizes_of("repeat", sizes if repeats is None else (repeats,))
    if len(times) < input.ndim:
        raise misfit(f"repeat({shown(times)}) has fewer dimensions than {shown(input.shape)}")
    lead = len(times) - input.ndim
    old = (*((1,) * lead), *input.shape)
    shape = tuple(merged("repeat", each) for each in zip(old, times, strict=True))
    seen = zip((*((None,) * lead), *input.fields), times, strict=True)
    fields = tuple(field if is_one(count) else None for field, count in seen)
    return Tensor(shape, input.dtype, fields=fields, fed=input.fed)


@operation("tile", where="tm", saves=NOTHING)
def tile(input: Tensor, *dims: object) -> Tensor:
    """So many copies along every axis, those in front left as they are."""
    times = sizes_of("tile", dims)
    return repeat(input, *((1,) * (input.ndim - len(times))), *times)


@operation("repeat_interleave", where="tm", saves=NOTHING)
def repeat_interleave(input: object = None, repeats: object = None, dim: object = None,
                      output_size: object = None) -> Tensor:  # fmt: skip
    """Every position so many times."""
    if not isinstance(repeats, int) or not isinstance(input, Tensor):
        raise NotUnderstood("repeat_interleave() by a tensor isn't followed")
    count, at = as_size("repeat_interleave", repeats), None
    if dim is not None:
        at = axis_of("repeat_interleave", dim, input.ndim, input.shape)
    repeated = input.shape if at is None else input.shape[at : at + 1]
    size = merged("repeat_interleave", (*repeated, count))
    if output_size is not None and not same(as_size("repeat_interleave", output_size), size):
        raise misfit(f"repeat_interleave: its output_size is {size_text(size)}, not {output_size}")
    if at is None:
        return Tensor((size,), input.dtype, fed=input.fed)
    return resized(input, at, size)


def resized(input: Tensor, at: int, size: int) -> Tensor:
    """Return a new tensor with another size of one axis, which sees nothing any more."""
    shape = (*input.shape[:at], size, *input.shape[at + 1 :])
    fields = (*input.fields[:at], None, *input.fields[at + 1 :])
    return Tensor(shape, input.dtype, fields=fields, fed=input.fed)


# ---------------------------------------------------------------------------------------------
# Parts of an axis
# ---------------------------------------------------------------------------------------------


def cut(input: Tensor, at: int, size: int, start: int = 0, step: int = 1) -> Tensor:
    """Return a part of an axis, a view of the same numbers."""
    strides = list(strides_of(input))
    strides[at] *= step
    shape = (*input.shape[:at], size, *input.shape[at + 1 :])
    fields = list(input.fields)
    field = fields[at]
    if field is not None:
        fields[at] = field.moved(0 if isinstance(start, Batch) else start, step)
    values = None
    if input.values is not None and input.ndim == 1 and not is_open(size):
        values = input.values[start : start + size * step : step]
    made = Tensor(shape, input.dtype, strides=laid(shape, tuple(strides)), fields=tuple(fields),
                  values=values, fed=input.fed)  # fmt: skip
    return made.viewing(input)


def rows_of(input: Tensor, at: int = 0) -> tuple[Tensor, ...]:
    """Return the parts of an axis one by one, without it."""
    if not input.shape:
        raise misfit("a single number has no parts", IndexError)
    count = definite("how many parts there are", input.shape[at])
    if count > MOST_PARTS:
        raise NotUnderstood("the parts are too many to follow")
    return tuple(select(input, at, index) for index in range(count))


@operation("unbind", where="tm", saves=NOTHING)
def unbind(input: Tensor, dim: object = 0) -> tuple[Tensor, ...]:
    """The parts of an axis one by one, without it."""
    return rows_of(input, axis_of("unbind", dim, input.ndim, input.shape))


@operation("select", where="tm", saves=NOTHING)
def select(input: Tensor, dim: object, index: object) -> Tensor:
    """One position of an axis, without it."""
    at = axis_of("select", dim, input.ndim, input.shape)
    if not input.shape:
        raise misfit("a single number has no positions to select", IndexError)
    size = input.shape[at]
    place = whole_number(index)  # type: ignore[arg-type]
    if place not in (0, -1):
        size = definite("what an index chooses", size)
    if not -size <= place < size:
        raise misfit(
            f"index {place} is beyond dimension {at} of {shown(input.shape)}, which has "
            f"{size_text(size)}",
            IndexError,
        )
    result = _chosen(input, [axis for axis in range(input.ndim) if axis != at])
    result.values = None
    if input.values is not None and at == 0:
        inner = prod(input.shape[1:])
        begin = (place % int(size)) * inner
        result.values = input.values[begin : begin + inner]
    return result


@operation("narrow", where="tm", saves=NOTHING)
def narrow(input: Tensor, dim: object, start: object, length: object) -> Tensor:
    """A part of an axis."""
    at = axis_of("narrow", dim, input.ndim, input.shape)
    if not input.shape:
        raise misfit("narrow takes at least one dimension")
    if isinstance(start, Tensor) and (start.shape or start.dtype.kind not in ("int", "any")):
        raise misfit("narrow: a start that is a tensor is a single whole number")
    first, size, whole = as_size("narrow", start), as_size("narrow", length), input.shape[at]
    if is_open(whole) and same(size, whole) and first == 0:
        return cut(input, at, size)
    whole = definite("narrow", whole)
    if is_open(first) or is_open(size):
        raise NotUnderstood("how much narrow() takes depends on the batch")
    first = first + whole if first < 0 else first
    if size < 0 or not 0 <= first <= first + size <= whole:
        raise misfit(f"narrow: {first} + {size} is beyond the {whole:,} of dimension {at}")
    return cut(input, at, size, first)


@operation("unfold", where="m", saves=NOTHING)
def unfold(input: Tensor, dimension: object, size: object, step: object) -> Tensor:
    """Windows along an axis, their positions a new last axis."""
    at = axis_of("unfold", dimension, input.ndim, input.shape)
    span, stride = as_size("unfold", size), as_size("unfold", step)
    whole = definite("unfold", input.shape[at]) if input.shape else 1
    if span > whole or span < 0:
        raise misfit(f"unfold: a window of {span} is larger than the {whole} there are")
    if stride < 1:
        raise misfit(f"unfold: a step of {stride} is too small")
    if not input.shape:
        return reshaped(input, (span,), None)
    windows = (whole - span) // stride + 1
    strides = strides_of(input)
    shape = (*input.shape[:at], windows, *input.shape[at + 1 :], span)
    moved = (*strides[:at], strides[at] * stride, *strides[at + 1 :], strides[at])
    return Tensor(shape, input.dtype, strides=laid(shape, moved), fed=input.fed).viewing(input)


@operation("diagonal", where="tm", saves=NOTHING)
def diagonal_of(input: Tensor, offset: object = 0, dim1: object = 0,
                dim2: object = 1) -> Tensor:  # fmt: skip
    """The diagonal of two axes, as a new last axis."""
    first, second = axes_of("diagonal", (dim1, dim2), input.shape)
    ahead = as_size("diagonal", offset)
    rows = definite("diagonal", input.shape[first])
    columns = definite("diagonal", input.shape[second])
    length = min(rows, columns - ahead) if ahead >= 0 else min(rows + ahead, columns)
    rest = [axis for axis in range(input.ndim) if axis not in (first, second)]
    shape = (*(input.shape[axis] for axis in rest), max(length, 0))
    steps = strides_of(input)
    strides = (*(steps[axis] for axis in rest), steps[first] + steps[second])
    return Tensor(shape, input.dtype, strides=laid(shape, strides), fed=input.fed).viewing(input)


@operation("rot90", where="tm", saves=NOTHING)
def rot90(input: Tensor, k: object = 1, dims: object = (0, 1)) -> Tensor:
    """Two axes turned by so many right angles."""
    turned = as_size("rot90", k) % 4
    if tensor_of("rot90", input).ndim < 2 or not isinstance(dims, (list, tuple)) or len(dims) != 2:
        raise misfit("rot90 turns two dimensions")
    first, second = axes_of("rot90", dims, input.shape)
    if not turned:
        return clone(input, FORMATS["contiguous_format"])
    result = input.worked_out().mixed(first, second)
    return transpose(result, first, second) if turned % 2 else result


@operation("diagflat", where="tm", saves=NOTHING)
def diagflat(input: Tensor, offset: object = 0) -> Tensor:
    """A matrix with all numbers on a diagonal."""
    return diag_embed(reshape(tensor_of("diagflat", input), -1), offset)


@operation("diag", where="tm", saves=NOTHING)
def diag(input: Tensor, diagonal: object = 0) -> Tensor:
    """A matrix with this diagonal, or the diagonal of a matrix."""
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    if input.ndim != 2:
        raise misfit(f"diag takes a vector or a matrix, gets {shown(input.shape)}")
    return Tensor(diagonal_of(input, diagonal).shape, input.dtype, fed=input.fed)


@operation("diag_embed", where="tm", saves=NOTHING)
def diag_embed(input: Tensor, offset: object = 0, dim1: object = -2,
               dim2: object = -1) -> Tensor:  # fmt: skip
    """Matrices with these diagonals."""
    if not input.shape:
        raise misfit("diag_embed takes at least one dimension, not a single number")
    size = added("diag_embed", (input.shape[-1], abs(as_size("diag_embed", offset))))
    shape = list(input.shape[:-1])
    for axis in sorted(axes_of("diag_embed", (dim1, dim2), (*input.shape, 1))):
        shape.insert(axis, size)
    return Tensor(shape, input.dtype, fed=input.fed)


# ---------------------------------------------------------------------------------------------
# What is asked of a shape, and the same numbers seen anew
# ---------------------------------------------------------------------------------------------


@operation("size", where="m", saves=CONSTANT)
def size(input: Tensor, dim: object = None) -> object:
    """The sizes, or one of them."""
    if dim is None:
        return Size(input.shape)
    if not input.shape:
        raise misfit("a single number has no sizes", IndexError)
    return input.shape[axis_of("size", dim, input.ndim, input.shape)]


@operation("__len__", where="m", saves=CONSTANT)
def length(input: Tensor) -> int:
    """The first size."""
    if not input.shape:
        raise misfit("a tensor of a single number has no len()", TypeError)
    return input.shape[0]


@operation("dim", "ndimension", where="m", saves=CONSTANT)
def dim(input: Tensor) -> int:
    """The number of axes."""
    return input.ndim


@operation("numel", "nelement", where="tm", saves=CONSTANT)
def numel(input: Tensor) -> int:
    """How many numbers there are."""
    return merged("numel", input.shape)


@operation("element_size", where="m", saves=CONSTANT)
def element_size(input: Tensor) -> int:
    """The bytes of a number."""
    return input.dtype.itemsize


@operation("stride", where="m", saves=CONSTANT)
def stride(input: Tensor, dim: object = None) -> object:
    """How far apart neighbours lie."""
    strides = strides_of(input)
    if sum(map(is_open, input.shape[1:])):
        raise NotUnderstood("how far apart the numbers lie depends on the batch")
    return strides if dim is None else strides[axis_of("stride", dim, input.ndim, input.shape)]


@operation("is_contiguous", where="m", saves=CONSTANT)
def is_contiguous(input: Tensor, memory_format: object = None) -> bool:
    """Whether the numbers lie one after the other, or as a format says."""
    if memory_format in (None, FORMATS["contiguous_format"], FORMATS["preserve_format"]):
        return input.strides is None
    of = 4 if memory_format is FORMATS["channels_last"] else 5
    return input.ndim == of and laid(input.shape, strides_of(input)) == with_channels_last(
        input.shape
    )


@operation("contiguous", where="m", saves=NOTHING)
def contiguous(input: Tensor, memory_format: object = None) -> Tensor:
    """The same numbers, one after the other, or as a format says."""
    strides = formatted(input, memory_format or FORMATS["contiguous_format"], None)
    if strides == input.strides:
        return input
    result = input.like(values=input.values)
    result.strides = strides
    return result


@operation("detach", where="tm", saves=CONSTANT)
def detach(input: Tensor) -> Tensor:
    """The same numbers, seen anew, of which no gradient is needed."""
    return input.like(values=input.values).viewing(input, detached=True)


@operation("resolve_conj", where="tm", saves=NOTHING)
def resolve_conj(input: Tensor) -> Tensor:
    """The same numbers."""
    return input


@operation("clone", where="tm", saves=NOTHING)
def clone(input: Tensor, memory_format: object = None) -> Tensor:
    """The same numbers."""
    result = input.worked_out(values=input.values)
    result.strides = formatted(input, memory_format, result.strides)
    return result


@operation("imag", where="t", saves=NOTHING)
def imag(input: Tensor) -> Tensor:
    """The imaginary part of complex numbers."""
    if input.dtype.kind != "complex":
        raise misfit(f"imag takes complex numbers, not {input.dtype}")
    return real(input)


@operation("real", where="t", saves=NOTHING)
def real(input: Tensor) -> Tensor:
    """One part of complex numbers; numbers that aren't complex as they are."""
    if input.dtype.kind != "complex":
        return input
    result = input.like(REAL[input.dtype])
    result.strides = laid(input.shape, tuple(2 * step for step in strides_of(input)))
    return result.viewing(input)


@operation("view_as_real", where="t", saves=NOTHING)
def view_as_real(input: Tensor) -> Tensor:
    """Complex numbers as two axes of real ones."""
    if input.dtype.kind != "complex":
        raise misfit(f"view_as_real takes complex numbers, not {input.dtype}")
    fields = (*input.fields, None)
    made = Tensor((*input.shape, 2), REAL[input.dtype], fields=fields, fed=input.fed)
    return made.viewing(input)


@operation("view_as_complex", where="t", saves=NOTHING)
def view_as_complex(input: Tensor) -> Tensor:
    """Pairs of real numbers as complex ones."""
    if not input.shape or not same(input.shape[-1], 2):
        raise misfit(f"view_as_complex: the last size is 2, not in {shown(input.shape)}")
    if input.dtype not in COMPLEX:
        raise misfit(f"view_as_complex takes numbers with a point, not {input.dtype}")
    made = Tensor(input.shape[:-1], COMPLEX[input.dtype], fields=input.fields[:-1], fed=input.fed)
    return made.viewing(input)


@operation("as_strided", where="tm", saves=NOTHING)
def as_strided(input: Tensor, size: object, stride: Sequence[int],
               storage_offset: object = None) -> Tensor:  # fmt: skip
    """A view of any shape."""
    shape: Shape = sizes_of("as_strided", (size,))
    steps = tuple(extent(as_size("as_strided", each)) for each in stride)
    if len(steps) != len(shape):
        raise misfit(f"as_strided: {len(steps)} strides are given for {len(shape)} sizes")
    start = 0 if storage_offset is None else as_size("as_strided", storage_offset)
    last = start + sum((extent(n) - 1) * step for n, step in zip(shape, steps, strict=True))
    held = prod(map(extent, input.shape))
    if 0 not in shape and input.strides is None and (last >= held or start < 0):
        if start < 0 or not input.fed:
            raise misfit(f"as_strided: {shown(shape)} reaches beyond {shown(input.shape)}")
        raise NotUnderstood("as_strided() beyond a view isn't followed")
    return Tensor(shape, input.dtype, strides=laid(shape, steps), fed=input.fed).viewing(input)
