"""Operators on tensors, and their indexing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from convcalc.layers.base import Batch
from convcalc.network.functions.algebra import matmul
from convcalc.network.functions.pointwise import values_of
from convcalc.network.functions.registry import Operation, call
from convcalc.network.functions.shaping import cut, select, unsqueeze
from convcalc.network.refusals import NotUnderstood, Raised, Unknown
from convcalc.network.tensors import (
    Field,
    Tensor,
    as_number,
    broadcast,
    definite,
    elementwise,
    iterated_strides,
    promoted,
    same_shape,
    shown,
    with_point,
)


def _operator(sign: str) -> Operation:
    compared = sign in ("==", "!=", "<", "<=", ">", ">=")

    def operate(left: Any, right: Any) -> Tensor:
        for each in (left, right):
            if not isinstance(each, (Tensor, int, float, complex)):
                raise Raised(f"a tensor {sign} {type(each).__name__} has no meaning", "TypeError")
        tensors = [each for each in (left, right) if isinstance(each, Tensor)]
        kind = "bool" if compared else promoted((left, right))
        result = elementwise(sign, *tensors, dtype=with_point(kind) if sign == "/" else kind)
        if any(tensor.values for tensor in tensors):
            values = values_of(sign, left, right)
            if values is not None and len(values) == prod(result.shape):
                result.values = values
        return result

    return Operation(sign, operate, counted=True)


SIGNS = {
    sign: _operator(sign)
    for sign in ("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "==", "!=", "<",
                 "<=", ">", ">=")
} | {"@": Operation("@", lambda a, b: matmul(a, b, "@"), counted=True)}  # fmt: skip


def operated(interpreter: Any, sign: str, left: Any, right: Any, in_place: bool = False) -> Any:
    """Return what an operator makes of values of which one is a tensor at least."""
    result = call(interpreter, SIGNS[sign], [left, right], {})
    changed = in_place and isinstance(left, Tensor) and isinstance(result, Tensor)
    if changed and not same_shape(left.shape, result.shape):
        raise Raised(
            f"{sign}= would make {shown(result.shape)} of {shown(left.shape)}, which is "
            "changed in its place and keeps its shape"
        )
    return result


def negated(interpreter: Any, value: Tensor) -> Tensor:
    """Return what a sign in front of a tensor makes of it."""
    return value.worked_out()


def rows_of(interpreter: Any, tensor: Tensor) -> Iterable[Tensor]:
    """Return the parts that a loop over a tensor goes through."""
    if not tensor.shape:
        raise Raised("a tensor of a single number can't be gone through", "TypeError")
    size = tensor.shape[0]
    count = definite("what a loop goes through", size)
    if count > 100_000:
        raise NotUnderstood("the parts are too many to follow")
    return [select(tensor, 0, index) for index in range(count)]


def indexed(interpreter: Any, tensor: Tensor, key: Any, words: str) -> Any:
    """Return a part of a tensor, and its row in the trace."""
    operation = Operation(words or "[…]", lambda tensor, key: part(tensor, key))
    return call(interpreter, operation, [tensor, key], {})


def part(tensor: Tensor, key: Any) -> Tensor:
    """Return a part of a tensor: by numbers, slices, None, dots, and tensors of indices.

    Source: https://pytorch.org/docs/stable/tensor_view.html and NumPy's rules for advanced
    indexing, but that whole numbers never count as advanced.
    """
    keys = list(key) if isinstance(key, tuple) else [key]
    keys = _spread(tensor, keys)
    at = 0
    result = tensor
    advanced: list[tuple[int, Tensor]] = []
    for each in keys:
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
            if index.dtype == "bool":
                raise NotUnderstood("how many numbers a mask chooses hangs on its values")
            if index.dtype == "float":
                raise Raised("a tensor is indexed by whole numbers or a mask, not by floats",
                             "IndexError")  # fmt: skip
            if not index.shape and index.values is not None:
                result = select(result, at, index.values[0])
                continue
            advanced.append((at, index))
            at += 1
    return _gathered(result, advanced) if advanced else result


def _spread(tensor: Tensor, keys: list[Any]) -> list[Any]:
    """Return one key per axis, what dots stand for written out."""
    taken = sum(each is not None and each is not ... for each in keys)
    if taken > tensor.ndim:
        raise Raised(f"{taken} indices are too many for {shown(tensor.shape)}", "IndexError")
    rest = [slice(None)] * (tensor.ndim - taken)
    dots = next((at for at, each in enumerate(keys) if each is ...), None)
    if dots is None:
        return [*keys, *rest]
    return [*keys[:dots], *rest, *(each for each in keys[dots + 1 :] if each is not ...)]


def _as_index(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (list, tuple, range)):
        numbers = list(value)
        if any(isinstance(each, (Unknown, Tensor)) for each in numbers):
            raise NotUnderstood("the indices aren't known")
        kind = "bool" if numbers and isinstance(numbers[0], bool) else "int"
        return Tensor((len(numbers),), kind, values=numbers)
    raise Raised(f"{type(value).__name__} is no index of a tensor", "TypeError")


def _gathered(tensor: Tensor, advanced: Sequence[tuple[int, Tensor]]) -> Tensor:
    """Return the numbers at places that tensors name."""
    for at, index in advanced:
        for value in index.values or ():
            size = tensor.shape[at] if value in (0, -1) else definite("index", tensor.shape[at])
            if isinstance(value, int) and not -size <= value < size:
                raise Raised(
                    f"index {value} is beyond dimension {at} of {shown(tensor.shape)}",
                    "IndexError",
                )
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
    return Tensor(sizes, tensor.dtype, strides=strides, fields=fields, fed=tensor.fed)


def _sliced(tensor: Tensor, at: int, key: slice) -> Tensor:
    """Return a part of an axis, as a slice names it."""
    ends = []
    for end in (key.start, key.stop, key.step):
        end = as_number(end) if isinstance(end, Tensor) else end
        if isinstance(end, Unknown):
            raise NotUnderstood(end.why)
        if end is not None and not isinstance(end, int):
            raise Raised(f"{end!r} is no end of a slice", "TypeError")
        ends.append(end)
    step = ends[2]
    if ends == [None, None, None]:
        return tensor.like(values=tensor.values)
    size = tensor.shape[at]
    if step is not None and step < 1:
        raise Raised("the step of a slice is above 0", "ValueError")
    if isinstance(size, Batch) and not size.samples:
        return _sliced_batch(tensor, at, size, ends)
    if any(isinstance(end, Batch) and not end.samples for end in ends):
        raise NotUnderstood("how much a slice takes hangs on the batch")
    begin, end, by = slice(*ends).indices(int(size))
    count = max(-(-(end - begin) // by), 0)
    if isinstance(size, Batch) and begin == 0 and count == int(size):
        return tensor.like(values=tensor.values)
    return cut(tensor, at, count, begin, by)


def _sliced_batch(tensor: Tensor, at: int, size: Batch, ends: list[Any]) -> Tensor:
    """Return a part of the batch, where that can be said for every batch."""
    start, stop, step = ends
    if step not in (None, 1):
        raise NotUnderstood("how much a slice takes hangs on the batch")
    start = start or 0
    stop = size if stop is None else stop
    if isinstance(start, Batch) or isinstance(stop, Batch):
        if start == 0 and not isinstance(start, Batch):
            return cut(tensor, at, min(stop, size, key=int))
        if isinstance(start, Batch) and isinstance(stop, Batch):
            return cut(tensor, at, Batch(stop.each - start.each, size.samples), start)
        raise NotUnderstood("how much a slice takes hangs on the batch")
    if start == 0 and stop == 1:
        return cut(tensor, at, 1)
    if start in (0, -1) and stop == 0:
        return cut(tensor, at, 0)
    raise NotUnderstood("how much a slice takes hangs on the batch")


def put(tensor: Tensor, key: Any, value: Any) -> None:
    """Set a part of a tensor, which keeps its shape."""
    if isinstance(key, Tensor) and key.dtype == "bool":
        return
    try:
        place = part(tensor, key)
    except NotUnderstood:
        return  # wherever it is put, the shape stays
    if isinstance(value, Tensor) and not same_shape(
        broadcast("[…] =", place.shape, value.shape), place.shape
    ):
        raise Raised(f"{shown(value.shape)} can't be put into {shown(place.shape)}")
    tensor.values = None
    if isinstance(value, Tensor) and value.fed:
        tensor.fed = True
