"""Items of a tensor, and functions that read or write at places that tensors name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod

from convcalc.layers.base import Batch
from convcalc.network.torch.batch import Samples
from convcalc.network.torch.dtypes import BOOL, INT32, INT64
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.fields import Field
from convcalc.network.torch.functions.registry import (
    Operation,
    check_written,
    operation,
    tensor_of,
)
from convcalc.network.torch.functions.shaping import (
    cut,
    diagonal_of,
    rows_of,
    select,
    unsqueeze,
)
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING, memory_of, needs, whole
from convcalc.network.torch.gradients.storage import GRADIENTS
from convcalc.network.torch.sizes import (
    axis_of,
    broadcast,
    definite,
    is_one,
    is_open,
    merged,
    same,
    same_shape,
    shown,
)
from convcalc.network.torch.strides import iterated_strides
from convcalc.network.torch.tensor import METHODS, Kept, Tensor, as_number
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Unknown


class Chosen(NotUnderstood):
    """What a mask chooses of a tensor, of which nobody knows how much it is."""


def chosen(tensor: Tensor, key: object) -> Tensor | Unknown:
    """Return a part of a tensor; of what a mask chooses only that nobody knows how much it is."""
    try:
        return part(tensor, key)
    except Chosen as refusal:
        return Unknown(refusal.message)


BY_BATCH = "how much a slice takes depends on the batch"


def part(tensor: Tensor, key: object) -> Tensor:
    """Return a part of a tensor: by numbers, slices, None, dots, and tensors of indices.

    Source: https://pytorch.org/docs/stable/tensor_view.html and NumPy's rules for advanced
    indexing, but that whole numbers never count as advanced.
    """
    at = 0
    result = tensor
    advanced: list[tuple[int, Tensor]] = []
    for each in _spread(tensor, list(key) if isinstance(key, tuple) else [key]):
        if each is None:
            result = unsqueeze(result, at)
            at += 1
        elif isinstance(each, slice):
            result = _sliced(result, at, each)
            at += 1
        elif isinstance(each, bool):
            raise NotUnderstood("indexing by a truth value isn't followed")
        elif isinstance(each, int):
            result = select(result, at, each)
        else:
            index = _as_index(each)
            if index.dtype is BOOL:
                raise Chosen("how many numbers a mask chooses depends on its values")
            if index.dtype.has_point:
                raise misfit("a tensor is indexed by whole numbers or a mask, not by floats",
                             IndexError)  # fmt: skip
            if not index.shape and index.values is not None:
                result = select(result, at, index)
                continue
            advanced.append((at, whole(index)))
            at += 1
    return _gathered(result, advanced) if advanced else result


def _spread(tensor: Tensor, keys: list[object]) -> list[object]:
    """Return one key per axis, what dots stand for written out."""
    taken = sum(each is not None and each is not ... for each in keys)
    if taken > tensor.ndim:
        raise misfit(f"{taken} indices are too many for {shown(tensor.shape)}", IndexError)
    rest = [slice(None)] * (tensor.ndim - taken)
    dots = next((at for at, each in enumerate(keys) if each is ...), None)
    if dots is None:
        return [*keys, *rest]
    return [*keys[:dots], *rest, *(each for each in keys[dots + 1 :] if each is not ...)]


def _as_index(value: object) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (list, tuple, range)):
        places = [as_number(each) for each in value]
        if not all(isinstance(each, int) for each in places):
            raise NotUnderstood("the indices aren't known")
        kind = BOOL if places and isinstance(places[0], bool) else INT64
        return Tensor((len(places),), kind, values=places)  # type: ignore[arg-type]
    if isinstance(value, Unknown):
        raise value.refused()
    raise misfit(f"{type(value).__name__} can't index a tensor", TypeError)


def _check_places(
    index: Tensor, size: int, at: int, shape: Sequence[int], least: int | None = None
) -> None:
    """Raise where a place is known that an axis doesn't have, counted from its end or not."""
    for value in index.values or ():
        there = size if value in (0, -1) else definite("an index", size)
        lowest = -there if least is None else least
        if isinstance(value, int) and not lowest <= value < there:
            raise misfit(f"index {value} is beyond dimension {at} of {shown(shape)}", IndexError)


def _gathered(tensor: Tensor, advanced: Sequence[tuple[int, Tensor]]) -> Tensor:
    """Return the numbers at places that tensors name."""
    for at, index in advanced:
        _check_places(index, tensor.shape[at], at, tensor.shape)
    axes = [at for at, _ in advanced]
    shape = broadcast("indices", *(index.shape for _, index in advanced))
    rest = [axis for axis in range(tensor.ndim) if axis not in axes]
    together = axes == list(range(axes[0], axes[0] + len(axes)))
    lead = [axis for axis in rest if axis < axes[0]] if together else []
    tail = [axis for axis in rest if axis not in lead]
    sizes = (*(tensor.shape[a] for a in lead), *shape, *(tensor.shape[a] for a in tail))
    fields: tuple[Field | None, ...] = (
        *(tensor.fields[a] for a in lead),
        *((None,) * len(shape)),
        *(tensor.fields[a] for a in tail),
    )
    strides = None
    if tensor.strides is not None:
        kept = [[tensor.strides[axis] for axis in axes] for axes in (lead, tail)]
        source = Tensor(sizes, strides=(*kept[0], *((0,) * len(shape)), *kept[1]))
        places = [
            Tensor((*((1,) * len(lead)), *index.shape, *((1,) * len(tail))))
            for _, index in advanced
        ]
        strides = iterated_strides(sizes, [source, *places])
    fed = tensor.fed or any(index.fed for _, index in advanced)
    return Tensor(sizes, tensor.dtype, strides=strides, fields=fields, fed=fed)


def _end(value: object) -> int | None:
    """Return one end of a slice."""
    value = as_number(value)
    if isinstance(value, Unknown):
        raise NotUnderstood(value.why)
    if value is not None and not isinstance(value, int):
        raise misfit(f"{value!r} can't be the end of a slice", TypeError)
    return value


def _sliced(tensor: Tensor, at: int, key: slice) -> Tensor:
    """Return a part of an axis, as a slice names it."""
    start, stop, step = _end(key.start), _end(key.stop), _end(key.step)
    if start is stop is step is None:
        return tensor.like(values=tensor.values).viewing(tensor)
    size = tensor.shape[at]
    if step is not None and step < 1:
        raise misfit("the step of a slice is above 0", ValueError)
    if isinstance(size, Batch) and not size.samples:
        if step not in (None, 1):
            raise NotUnderstood(BY_BATCH)
        return _sliced_batch(tensor, at, size, start or 0, size if stop is None else stop)
    if any(map(is_open, (start, stop, step))):
        raise NotUnderstood(BY_BATCH)
    begin, end, by = slice(start, stop, step).indices(int(size))
    count = max(-(-(end - begin) // by), 0)
    if isinstance(size, Batch) and begin == 0 and count == int(size):
        return tensor.like(values=tensor.values).viewing(tensor)
    return cut(tensor, at, count, begin, by)


def _sliced_batch(tensor: Tensor, at: int, size: Batch, start: int, stop: int) -> Tensor:
    """Return a part of the batch, where that can be said for every batch."""
    if isinstance(stop, Batch):
        if not isinstance(start, Batch) and start == 0:
            return cut(tensor, at, min(stop, size, key=int))
        if isinstance(start, Batch) and start.each <= stop.each <= size.each:
            return cut(tensor, at, Samples(stop.each - start.each, size.samples), start)
    elif not isinstance(start, Batch):
        if start == 0 and stop == 1:
            return cut(tensor, at, 1)
        if start in (0, -1) and stop == 0:
            return cut(tensor, at, 0)
    raise NotUnderstood(BY_BATCH)


def _put(tensor: Tensor, key: object, value: object) -> None:
    """Set a part of a tensor, which keeps its shape."""
    if isinstance(value, Unknown):
        WATCHER.get().keeps_unknown("what is put where a mask is true")
    if isinstance(value, Tensor):
        tensor.fed = tensor.fed or value.fed
        tensor.sources |= value.sources
        tensor.change_base()
    if GRADIENTS.get() and (needs(value) or tensor.requires_grad):
        tensor.requires_grad = True
        watcher = WATCHER.get()
        watcher.keeps([memory_of(each) for each in _indices_of(key)])
        watcher.operation(PUT, [tensor], tensor)
    tensor.write(None)
    if isinstance(key, Tensor) and key.dtype is BOOL:
        return
    try:
        place = part(tensor, key)
    except NotUnderstood:
        return  # wherever it is put, the shape stays
    check_written("[…] =", place)
    if isinstance(value, Tensor):
        together = broadcast("[…] =", place.shape, value.shape)
        if not same_shape(together, place.shape):
            raise misfit(f"{shown(value.shape)} can't be put into {shown(place.shape)}")
        if value.fed:
            tensor.fields = (None,) * tensor.ndim


def _rows(tensor: Tensor) -> Iterator[Tensor]:
    """Return the parts that a loop over a tensor takes one by one."""
    if not tensor.shape:
        raise misfit("a tensor of a single number can't be iterated", TypeError)
    found = rows_of(tensor)
    for each in found:
        each.sources = tensor.sources
    return iter(found)


def _indices_of(key: object) -> Iterator[Tensor]:
    """Yield the whole numbers and the masks that name places; numbers and slices make a view."""
    for each in key if isinstance(key, tuple) else (key,):
        if isinstance(each, (Tensor, list, tuple, range)):
            index = _as_index(each)
            yield from (whole(index),) if index.shape or index.values is None else ()


def _keeps_indices(result: Tensor, input: Tensor, key: object) -> Iterable[Kept]:
    """Return what names places, unless that is a view."""
    return _indices_of(key) if result.base is None else ()


PUT = Operation("[…] =", lambda tensor: tensor)
"""What a part of a tensor that is set is called."""


def _keeps_of_gather(result: Tensor, input: Tensor, *arguments: object,
                     **named: object) -> Iterator[Kept]:  # fmt: skip
    """Yield the numbers, of which the size alone is used, and the places."""
    places = (each for each in (*arguments, *named.values()) if isinstance(each, Tensor))
    yield from (input, *map(whole, places))


def _keeps_index(result: Tensor, input: Tensor, *arguments: object,
                 **named: object) -> Iterator[Kept]:  # fmt: skip
    """Yield the places."""
    places = (each for each in (*arguments, *named.values()) if isinstance(each, Tensor))
    yield whole(next(places))


METHODS["__getitem__"] = Operation("[…]", chosen, saves=_keeps_indices)
METHODS["__setitem__"] = _put
METHODS["__iter__"] = _rows


@operation("take_along_dim", where="tm", saves=_keeps_of_gather)
def take_along_dim(input: Tensor, indices: Tensor, dim: object = None) -> Tensor:
    """Numbers along an axis at the places that indices name, both broadcast."""
    if dim is None:
        if input.strides is not None or indices.strides is not None:
            raise NotUnderstood("take_along_dim() of what isn't contiguous isn't followed")
        _check_places(indices, merged("take_along_dim", input.shape), 0, input.shape)
        return Tensor((merged("take_along_dim", indices.shape),), input.dtype, fed=input.fed)
    at = axis_of("take_along_dim", dim, input.ndim, input.shape)
    if indices.ndim != input.ndim:
        raise misfit(f"take_along_dim: {shown(indices.shape)} and {shown(input.shape)} have "
                     f"{indices.ndim} and {input.ndim} dimensions")  # fmt: skip
    one, other = ((*shape[:at], 1, *shape[at + 1 :]) for shape in (input.shape, indices.shape))
    around = broadcast("take_along_dim", one, other)
    return Tensor((*around[:at], indices.shape[at], *around[at + 1 :]), input.dtype, fed=input.fed)


@operation("gather", where="tm", saves=_keeps_of_gather)
def gather(input: Tensor, dim: object, index: Tensor) -> Tensor:
    """Numbers along an axis at the places that an index names."""
    at = axis_of("gather", dim, input.ndim, input.shape)
    _fits_within("gather", tensor_of("gather", index), input, at)
    _check_places(index, input.shape[at] if input.shape else 1, at, input.shape, least=0)
    return Tensor(index.shape, input.dtype, fed=input.fed)


def _fits_within(name: str, index: Tensor, input: Tensor, but: int | None) -> None:
    """Raise where an index has other axes than a tensor, or is longer beside one axis."""
    if whole(index).dtype.has_point or index.dtype is BOOL:
        raise misfit(f"{name} takes whole numbers as indices, not {index.dtype}")
    if index.ndim != input.ndim:
        raise misfit(f"{name}: {shown(index.shape)} and {shown(input.shape)} have {index.ndim} "
                     f"and {input.ndim} dimensions")  # fmt: skip
    for axis, (size, there) in enumerate(zip(index.shape, input.shape, strict=True)):
        beyond = not is_one(size) and (is_open(size) or is_open(there) or size > there)
        if axis != but and not same(size, there) and beyond:
            raise misfit(f"{name}: {shown(index.shape)} is larger than {shown(input.shape)} in "
                         f"dimension {axis}")  # fmt: skip


@operation("index_select", where="tm", saves=_keeps_index)
def index_select(input: Tensor, dim: object, index: Tensor) -> Tensor:
    """The positions of an axis that an index names."""
    at = axis_of("index_select", dim, input.ndim, input.shape)
    if tensor_of("index_select", index).ndim > 1:
        raise misfit(f"index_select takes a vector, not {shown(index.shape)}")
    size = index.shape[0] if index.shape else 1
    for value in index.values or ():
        there = definite("index_select", input.shape[at]) if value else 1
        if isinstance(value, int) and not 0 <= value < there:
            raise misfit(f"index {value} is beyond dimension {at} of {shown(input.shape)}",
                         IndexError)  # fmt: skip
    fields = (*input.fields[:at], None, *input.fields[at + 1 :])
    shape = (*input.shape[:at], size, *input.shape[at + 1 :])
    return Tensor(shape, input.dtype, fields=fields, fed=input.fed)


def _keeps_of_addition(result: Tensor, input: Tensor, dim: object, index: Tensor,
                       src: Tensor) -> Iterator[Kept]:  # fmt: skip
    """Yield the places, if what is added needs a gradient."""
    yield from (whole(index),) if needs(src) else ()


def _keeps_of_reduction(result: Tensor, input: Tensor, dim: object, index: Tensor,
                        src: Tensor) -> Iterator[Kept]:  # fmt: skip
    """Yield all of it."""
    yield from (input, whole(index), src, result)


def _written(name: str, input: Tensor, dim: object, source: object) -> Tensor:
    """Return a tensor in which something was written along an axis, of which all may be new."""
    at = axis_of(name, dim, input.ndim, input.shape)
    result = input.worked_out()
    fed = isinstance(source, Tensor) and source.fed
    return result.mixed(*range(input.ndim)) if fed else result.mixed(at)


def _keeps_of_scatter(result: Tensor, input: Tensor, dim: object, index: Tensor,
                      src: object = None, value: object = None,
                      reduce: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield the places, unless what is there already is changed by what comes."""
    yield from (whole(index),) if reduce is None else ()


@operation("scatter", where="tm", harmless="include_self", saves=_keeps_of_scatter)
def scatter(input: Tensor, dim: object, index: Tensor, src: object = None, value: object = None,
            reduce: object = None) -> Tensor:  # fmt: skip
    """Numbers written at places along an axis, in a tensor that keeps its shape."""
    at = axis_of("scatter", dim, input.ndim, input.shape)
    _fits_within("scatter", tensor_of("scatter", index), input, at)
    _check_places(index, input.shape[at] if input.shape else 1, at, input.shape, least=0)
    if isinstance(src, Tensor):
        _fits_within("scatter", index, src, None)
        if src.dtype != input.dtype:
            raise misfit(f"scatter: {src.dtype} can't be written into {input.dtype}")
    return _written("scatter", input, dim, src if value is None else value)


@operation("scatter_add", where="tm", saves=_keeps_of_addition)
def scatter_add(input: Tensor, dim: object, index: Tensor, src: Tensor) -> Tensor:
    """Numbers added at places along an axis, in a tensor that keeps its shape."""
    return scatter(input, dim, index, src)


@operation("scatter_reduce", where="tm", harmless="reduce include_self",
           saves=_keeps_of_reduction)  # fmt: skip
def scatter_reduce(input: Tensor, dim: object, index: Tensor, src: Tensor) -> Tensor:
    """Numbers joined to those at places along an axis, in a tensor that keeps its shape."""
    return scatter(input, dim, index, src)


def _keeps_of_copy(result: Tensor, input: Tensor, dim: object, index: Tensor,
                   source: Tensor) -> Iterator[Kept]:  # fmt: skip
    """Yield the places, and the size of what was written, if that needs a gradient."""
    yield from (whole(index), source) if needs(source) else (whole(index),)


def _keeps_of_sum(result: Tensor, input: Tensor, dim: object, index: Tensor,
                  source: Tensor) -> Iterator[Kept]:  # fmt: skip
    """Yield the same, but no places where what was there alone needs a gradient."""
    yield from (whole(index), source) if needs(source) else ()


@operation("index_add", where="tm", harmless="alpha", saves=_keeps_of_sum)
def index_add(input: Tensor, dim: object, index: Tensor, source: Tensor) -> Tensor:
    """Parts written at the positions of an axis, in a tensor that keeps its shape."""
    at = axis_of("index_add", dim, input.ndim, input.shape)
    if tensor_of("index_add", index).ndim > 1:
        raise misfit(f"index_add takes a vector of indices, not {shown(index.shape)}")
    count = index.shape[0] if index.shape else 1
    wanted = (*input.shape[:at], count, *input.shape[at + 1 :])
    given = tensor_of("index_add", source).shape
    if not same_shape(given, wanted) and not (not input.shape and not given and count == 1):
        raise misfit(f"index_add: {shown(source.shape)} doesn't go where {shown(wanted)} would")
    if source.dtype != input.dtype:
        raise misfit(f"index_add: {source.dtype} can't be written into {input.dtype}")
    return _written("index_add", input, dim, source)


operation("index_copy", saves=_keeps_of_copy)(index_add)


@operation("index_reduce", where="tm", harmless="include_self", saves=_keeps_of_reduction)
def index_reduce(input: Tensor, dim: object, index: Tensor, source: Tensor,
                 reduce: object) -> Tensor:  # fmt: skip
    """Parts joined to the positions of an axis, in a tensor that keeps its shape."""
    return index_add(input, dim, index, source)


def _put_into(name: str, input: Tensor, place: Tensor, src: object) -> Tensor:
    """Return a tensor of which a part is another one now, which has its shape."""
    given = tensor_of(name, src)
    if not same_shape(given.shape, place.shape):
        raise misfit(f"{name}: {shown(given.shape)} doesn't go where {shown(place.shape)} would")
    result = input.worked_out()
    return result.mixed(*range(input.ndim)) if given.fed else result


@operation("select_scatter", where="tm", saves=NOTHING)
def select_scatter(input: Tensor, src: Tensor, dim: object, index: object) -> Tensor:
    """A tensor of which one position of an axis is another one."""
    return _put_into("select_scatter", input, select(input, dim, index), src)


@operation("slice_scatter", where="tm", saves=NOTHING)
def slice_scatter(input: Tensor, src: Tensor, dim: object = 0, start: object = None,
                  end: object = None, step: object = 1) -> Tensor:  # fmt: skip
    """A tensor of which a part of an axis is another one."""
    at = axis_of("slice_scatter", dim, input.ndim, input.shape)
    part_of = _sliced(input, at, slice(start, end, step))
    return _put_into("slice_scatter", input, part_of, src)


@operation("diagonal_scatter", where="tm", saves=NOTHING)
def diagonal_scatter(input: Tensor, src: Tensor, offset: object = 0, dim1: object = 0,
                     dim2: object = 1) -> Tensor:  # fmt: skip
    """A tensor of which a diagonal is another one."""
    place = diagonal_of(input, offset, dim1, dim2)
    return _put_into("diagonal_scatter", input, place, src)


@operation("index_fill", where="tm", saves=_keeps_index)
def index_fill(input: Tensor, dim: object, index: Tensor, value: object) -> Tensor:
    """One value written at the positions of an axis, in a tensor that keeps its shape."""
    at = axis_of("index_fill", dim, input.ndim, input.shape)
    if tensor_of("index_fill", index).ndim > 1 or index.dtype.has_point or index.dtype is BOOL:
        raise misfit(f"index_fill takes a vector of places, not {shown(index.shape)}")
    if isinstance(value, Tensor) and value.shape:
        raise misfit(f"index_fill takes a single number, not {shown(value.shape)}")
    _check_places(index, input.shape[at] if input.shape else 1, at, input.shape)
    return _written("index_fill", input, dim, value)


@operation("masked_scatter", where="tm", saves="mask")
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Numbers written where a mask says so, in a tensor that the mask broadcasts."""
    shape = broadcast("masked_scatter", input.shape, tensor_of("masked_scatter", mask).shape)
    if mask.dtype.kind not in ("bool", "any"):
        raise misfit(f"masked_scatter takes a mask of truth values, not of {mask.dtype}")
    if tensor_of("masked_scatter", source).dtype != input.dtype:
        raise misfit(f"masked_scatter: {source.dtype} can't be written into {input.dtype}")
    if prod(map(int, source.shape)) < prod(map(int, shape)):
        raise NotUnderstood("whether masked_scatter has enough numbers depends on the mask's")
    return Tensor(shape, input.dtype, fed=input.fed)


@operation("take", where="tm", saves=_keeps_of_gather)
def take(input: Tensor, index: Tensor) -> Tensor:
    """Numbers at places counted through the whole tensor."""
    _check_places(tensor_of("take", index), merged("take", input.shape), 0, input.shape)
    return Tensor(tensor_of("take", index).shape, input.dtype, fed=input.fed)


def _places(name: str, of: object, out_int32: object, input: Tensor) -> Tensor:
    kind = INT32 if out_int32 else INT64
    if isinstance(of, complex) or (isinstance(of, Tensor) and of.dtype.kind == "complex"):
        raise misfit(f"{name} takes no complex numbers")
    if isinstance(of, Tensor):
        return Tensor(of.shape, kind, strides=None, fed=of.fed or input.fed)
    if isinstance(of, (int, float)):
        return Tensor((), kind)
    raise misfit(f"{name} takes a tensor or a number, not {type(of).__name__}", TypeError)


@operation("bucketize", where="t", harmless="right", saves=CONSTANT)
def bucketize(input: object, boundaries: Tensor, out_int32: object = False) -> Tensor:
    """Between which boundaries each number lies."""
    if tensor_of("bucketize", boundaries).ndim != 1:
        raise misfit(f"bucketize takes a vector of boundaries, not {shown(boundaries.shape)}")
    return _places("bucketize", input, out_int32, boundaries)


@operation("searchsorted", where="t", saves=CONSTANT)
def searchsorted(sorted_sequence: Tensor, input: object, out_int32: object = False,
                 right: object = False, side: object = None,
                 sorter: object = None) -> Tensor:  # fmt: skip
    """Where numbers belong in an order, or in the order of each row."""
    if right and side == "left":
        raise misfit("searchsorted: right and side='left' say opposite things")
    order = tensor_of("searchsorted", sorted_sequence)
    if isinstance(sorter, Tensor) and not same_shape(sorter.shape, order.shape):
        raise misfit(f"searchsorted: {shown(sorter.shape)} doesn't sort {shown(order.shape)}")
    if order.ndim != 1 and isinstance(input, Tensor):
        alike = input.ndim == order.ndim and same_shape(input.shape[:-1], order.shape[:-1])
        if not alike:
            raise misfit(f"searchsorted: {shown(input.shape)} and {shown(order.shape)} differ in "
                         "more than their last size")  # fmt: skip
    elif order.ndim != 1:
        raise misfit(f"searchsorted: a number belongs in a vector, not in {shown(order.shape)}")
    return _places("searchsorted", input, out_int32, order)


@operation("is_tensor", where="t", saves=CONSTANT)
def is_tensor(obj: object) -> bool:
    """Whether something is a tensor."""
    return isinstance(obj, Tensor)


@operation("is_floating_point", where="tm", saves=CONSTANT)
def is_floating_point(input: Tensor) -> bool:
    """Whether the numbers have a point."""
    return input.dtype.kind in ("float", "any")


@operation("is_complex", where="tm", saves=CONSTANT)
def is_complex(input: Tensor) -> bool:
    """Whether the numbers are complex."""
    return input.dtype.kind == "complex"
