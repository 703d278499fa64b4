"""Functions that read or write at places that tensors name."""

from __future__ import annotations

from typing import Any

from convcalc.network.functions.registry import operation
from convcalc.network.refusals import Raised
from convcalc.network.tensors import (
    Tensor,
    axis_of,
    broadcast,
    definite,
    is_open,
    merged,
    same,
    shown,
)


@operation("take_along_dim", where="tm")
def take_along_dim(input: Tensor, indices: Tensor, dim: Any = None) -> Tensor:
    """Numbers along an axis at the places that indices name, both broadcast."""
    if dim is None:
        return Tensor((merged("take_along_dim", indices.shape),), input.dtype, fed=input.fed)
    at = axis_of("take_along_dim", dim, input.ndim, input.shape)
    if indices.ndim != input.ndim:
        raise Raised(f"take_along_dim: {shown(indices.shape)} and {shown(input.shape)} have "
                     f"{indices.ndim} and {input.ndim} dimensions")  # fmt: skip
    one, other = ((*shape[:at], 1, *shape[at + 1 :]) for shape in (input.shape, indices.shape))
    around = broadcast("take_along_dim", one, other)
    return Tensor((*around[:at], indices.shape[at], *around[at + 1 :]), input.dtype, fed=input.fed)


@operation("gather", where="tm")
def gather(input: Tensor, dim: int, index: Tensor, **named: Any) -> Tensor:
    """Numbers along an axis at the places that an index names."""
    axis_of("gather", dim, input.ndim, input.shape)
    if index.ndim != input.ndim:
        raise Raised(f"gather: {shown(index.shape)} and {shown(input.shape)} have {index.ndim} "
                     f"and {input.ndim} dimensions")  # fmt: skip
    for axis, (size, there) in enumerate(zip(index.shape, input.shape, strict=True)):
        if (
            axis != dim % input.ndim
            and not same(size, there)
            and (is_open(size) or is_open(there) or size > there)
        ):
            raise Raised(f"gather: {shown(index.shape)} is larger than {shown(input.shape)} in "
                         f"dimension {axis}")  # fmt: skip
    return Tensor(index.shape, input.dtype, fed=input.fed)


@operation("index_select", where="tm")
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The positions of an axis that an index names."""
    at = axis_of("index_select", dim, input.ndim, input.shape)
    if index.ndim > 1:
        raise Raised(f"index_select takes a vector, not {shown(index.shape)}")
    size = index.shape[0] if index.shape else 1
    for value in index.values or ():
        there = definite("index_select", input.shape[at]) if value else 1
        if not 0 <= value < there:
            raise Raised(f"index {value} is beyond dimension {at} of {shown(input.shape)}",
                         "IndexError")  # fmt: skip
    return Tensor((*input.shape[:at], size, *input.shape[at + 1 :]), input.dtype, fed=input.fed)


@operation("scatter", "scatter_add", "index_add", "index_fill", "index_copy", "masked_scatter",
           "scatter_reduce", where="tm")  # fmt: skip
def scatter(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """Numbers written at places, in a tensor that keeps its shape."""
    return input.worked_out()


@operation("take", where="tm")
def take(input: Tensor, index: Tensor) -> Tensor:
    """Numbers at places counted through the whole tensor."""
    return Tensor(index.shape, input.dtype, fed=input.fed)


@operation("searchsorted", "bucketize", where="t")
def searchsorted(input: Tensor, values: Any, **named: Any) -> Tensor:
    """Where numbers belong in an order."""
    shaped = values if isinstance(values, Tensor) else input
    return Tensor(shaped.shape, "int", fed=shaped.fed)


@operation("is_tensor", where="t")
def is_tensor(value: Any) -> bool:
    """Whether something is a tensor."""
    return isinstance(value, Tensor)


@operation("is_floating_point", where="tm")
def is_floating_point(input: Tensor) -> bool:
    """Whether the numbers have a point."""
    return input.dtype in ("float", "any")


@operation("is_complex", where="tm")
def is_complex(input: Tensor) -> bool:
    """Whether the numbers are complex."""
    return input.dtype == "complex"


@operation("backward", "register_hook", where="m")
def backward(input: Tensor, *arguments: Any, **named: Any) -> None:
    """What trains changes no shape."""
