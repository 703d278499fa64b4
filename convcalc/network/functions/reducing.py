"""Functions that make one number of many along an axis, or put them in order."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

from convcalc.network.functions.creating import kind_of
from convcalc.network.functions.pointwise import binary
from convcalc.network.functions.registry import FUNCTIONAL, METHODS, TORCH, Operation, operation
from convcalc.network.natives import Pair
from convcalc.network.refusals import NotUnderstood, Raised, Unknown
from convcalc.network.tensors import (
    Tensor,
    as_number,
    as_size,
    axis_of,
    channels_last,
    definite,
    is_one,
    iterated_strides,
    shown,
    size_text,
    with_point,
)


def reduced(name: str, input: Tensor, dim: Any, keepdim: Any, dtype: str = "float") -> Tensor:
    """Return a tensor without some axes, or with one position left on them."""
    if isinstance(dim, bool) or not isinstance(keepdim, (bool, int)):
        raise Raised(f"{name}: dim {dim!r} is no dimension", "TypeError")
    if dim is None or dim == ():
        axes = set(range(input.ndim))
    else:
        dims = dim if isinstance(dim, (list, tuple)) else (dim,)
        axes = {axis_of(name, each, input.ndim, input.shape) for each in dims}
        if len(axes) < len(dims):
            raise Raised(f"{name}: {dims} names a dimension twice")
    kept = [axis for axis in range(input.ndim) if axis not in axes]
    if keepdim:
        shape = [1 if axis in axes else size for axis, size in enumerate(input.shape)]
        fields = [None if axis in axes else f for axis, f in enumerate(input.fields)]
    else:
        shape = [input.shape[axis] for axis in kept]
        fields = [input.fields[axis] for axis in kept]
    return Tensor(shape, dtype, fields=tuple(fields), fed=input.fed)


def need_point(name: str, kind: str) -> None:
    """Raise where whole numbers come to a function that takes none."""
    if kind in ("bool", "int"):
        raise Raised(f"{name}() takes no whole numbers: .float() before it would do")


def _reduction(name: str, dtype: str | None, values: Any = None) -> Any:
    def reduce(input: Tensor, dim: Any = None, keepdim: Any = False, *, axis: Any = None,
               keepdims: Any = None, **named: Any) -> Tensor:  # fmt: skip
        if isinstance(dim, Tensor):
            raise NotUnderstood(f"{name}() of two tensors isn't followed")
        dim = axis if dim is None else dim
        kind = kind_of(named.get("dtype"), dtype or input.dtype)
        if name in ("sum", "prod", "nansum") and kind == "bool":
            kind = "int"
        if name == "logsumexp":
            kind = with_point(kind)
        if name in ("argmax", "argmin") and input.dtype == "bool":
            raise Raised(f"{name}() takes no truth values: .float() before it would do")
        if name in ("mean", "nanmean"):
            need_point(name, kind)
        result = reduced(name, input, dim, keepdim if keepdims is None else keepdims, kind)
        if values is not None and input.values and dim is None:
            result.values = [values(input.values)]
        return result

    return reduce


for _name, _dtype, _values in (
    ("sum", None, sum), ("mean", None, lambda v: sum(v) / len(v)), ("prod", None, None),
    ("amax", None, None), ("amin", None, None), ("logsumexp", None, None), ("nansum", None, None),
    ("nanmean", None, None), ("argmax", "int", None), ("argmin", "int", None),
    ("count_nonzero", "int", None),
    ("all", "bool", None), ("any", "bool", None),
):  # fmt: skip
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, _reduction(_name, _dtype, _values))


@operation("std", "var", where="tm")
def std(input: Tensor, dim: Any = None, *arguments: Any, keepdim: Any = False,
        unbiased: Any = True, correction: Any = 1, **named: Any) -> Tensor:  # fmt: skip
    """How far numbers are spread."""
    need_point("std", input.dtype)
    if isinstance(dim, bool):  # std(unbiased)
        dim = None
    if len(arguments) > 1:
        keepdim = arguments[1]
    return reduced("std", input, dim, keepdim)


@operation("std_mean", "var_mean", where="t")
def std_mean(input: Tensor, dim: Any = None, **named: Any) -> tuple[Tensor, Tensor]:
    """How far numbers are spread, and their mean."""
    one = std(input, dim, **named)
    return one, one.worked_out()


@operation("norm", where="tm")
def norm(input: Tensor, p: Any = 2, dim: Any = None, keepdim: Any = False, **named: Any) -> Tensor:
    """The length of vectors."""
    need_point("norm", input.dtype)
    return reduced("norm", input, dim, keepdim)


@operation("max", "min", where="tm")
def extreme(input: Tensor, dim: Any = None, keepdim: Any = False, *, other: Any = None) -> Any:
    """The largest or smallest: of all, of an axis with its place, or of two tensors."""
    if isinstance(dim, Tensor) or other is not None:
        return binary(input, dim if other is None else other)
    values = reduced("max", input, dim, keepdim, input.dtype)
    if dim is None:
        return values
    return Pair((values, Tensor(values.shape, "int", fed=input.fed)))


def _with_places(values: Tensor) -> Pair:
    return Pair((values, Tensor(values.shape, "int", fed=values.fed)))


@operation("median", "nanmedian", where="tm")
def median(input: Tensor, dim: Any = None, keepdim: Any = False) -> Any:
    """A middle value, of all or of an axis with its place."""
    values = reduced("median", input, dim, keepdim, input.dtype)
    return values if dim is None else _with_places(values)


@operation("mode", where="tm")
def mode(input: Tensor, dim: Any = -1, keepdim: Any = False) -> Pair:
    """What is most frequent along an axis, with its place."""
    return _with_places(reduced("mode", input, dim, keepdim, input.dtype))


@operation("kthvalue", where="tm")
def kthvalue(input: Tensor, k: Any, dim: Any = -1, keepdim: Any = False) -> Pair:
    """The k-th smallest along an axis, with its place."""
    at = axis_of("kthvalue", dim, input.ndim, input.shape)
    _enough("kthvalue", input, at, as_size("kthvalue", k))
    return _with_places(reduced("kthvalue", input, dim, keepdim, input.dtype))


def _enough(name: str, input: Tensor, at: int, k: int) -> None:
    """Raise where an axis hasn't so many positions."""
    there = input.shape[at] if input.shape else 1
    if k > 1:
        there = definite(name, there)
    if k > there:
        raise Raised(f"{name}: {k} of the {size_text(there)} in dimension {at} of "
                     f"{shown(input.shape)} are too many")  # fmt: skip


@operation("cummax", "cummin", where="tm")
def cummax(input: Tensor, dim: Any) -> Pair:
    """The largest so far along an axis, with its place."""
    values = input.worked_out().mixed(axis_of("cummax", dim, input.ndim, input.shape))
    values.strides = None
    return _with_places(values)


@operation("sort", where="tm")
def sort(input: Tensor, dim: Any = -1, descending: Any = False, **named: Any) -> Any:
    """In order, with the places."""
    at = axis_of("sort", dim, input.ndim, input.shape)
    return Pair((input.worked_out().mixed(at), input.worked_out(dtype="int").mixed(at)))


@operation("argsort", where="tm")
def argsort(input: Tensor, dim: Any = -1, descending: Any = False, **named: Any) -> Tensor:
    """The places in order."""
    at = axis_of("argsort", dim, input.ndim, input.shape)
    return input.worked_out(dtype="int").mixed(at)


@operation("topk", where="tm")
def topk(input: Tensor, k: Any, dim: Any = -1, *arguments: Any, **named: Any) -> Any:
    """The k largest of an axis, with their places."""
    at = axis_of("topk", dim, input.ndim, input.shape)
    k = as_size("topk", k)
    _enough("topk", input, at, k)
    shape = (*input.shape[:at], k, *input.shape[at + 1 :])
    return Pair((Tensor(shape, input.dtype), Tensor(shape, "int")))


def _along(name: str, where: str, default: Any = None) -> None:
    """Register a function along an axis, which has to be there and sees all of itself."""

    @operation(name, where=where, counted="f" in where)
    def along(input: Tensor, dim: Any = default, *arguments: Any, **named: Any) -> Tensor:
        result = input.worked_out()
        result.strides = None
        result.dtype = kind_of(named.get("dtype"), input.dtype)
        if "soft" in name:
            need_point(name, result.dtype)
        elif result.dtype == "bool":
            result.dtype = "int"
        if name == "cumsum" and input.values is not None and input.ndim == 1:
            result.values = list(accumulate(input.values))
        if isinstance(dim, int):
            result.mixed(axis_of(name, dim, input.ndim, input.shape))
        return result


for _name in ("softmax", "log_softmax"):
    _along(_name, "tm")
    _along(_name, "f")
_along("softmin", "f")
for _name in ("cumsum", "cumprod", "logcumsumexp"):
    _along(_name, "tm")


@operation("normalize", where="f", counted=True)
def normalize(input: Tensor, p: Any = 2.0, dim: Any = 1, *arguments: Any, **named: Any) -> Tensor:
    """Vectors of length one."""
    axes = dim if isinstance(dim, (tuple, list)) else (dim,)
    over = [axis_of("normalize", each, input.ndim, input.shape) for each in axes]
    return input.worked_out().mixed(*over)


@operation("diff", where="tm")
def diff(input: Tensor, n: int = 1, dim: int = -1, **named: Any) -> Tensor:
    """How much neighbours differ along an axis."""
    at = axis_of("diff", dim, input.ndim, input.shape)
    size = max(definite("diff", input.shape[at]) - n, 0)
    values = None
    if input.values is not None and input.ndim == 1 and n == 1:
        values = [after - before for before, after in pairwise(input.values)]
    shape = (*input.shape[:at], size, *input.shape[at + 1 :])
    strides = iterated_strides(shape, [Tensor(shape, strides=input.strides)])
    return Tensor(shape, input.dtype, strides=strides, values=values, fed=input.fed)


@operation("flip", where="tm")
def flip(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Backwards along some axes."""
    order = named.get("dims", dims[0] if len(dims) == 1 and isinstance(dims[0], (list, tuple)) else
                      dims)  # fmt: skip
    axes = order if isinstance(order, (list, tuple)) else (order,)
    turned = [axis_of("flip", each, input.ndim, input.shape) for each in axes]
    result = input.worked_out().mixed(*turned)
    result.strides = None
    if input.values is not None and input.ndim == 1:
        result.values = input.values[::-1]
    return result


@operation("roll", where="tm")
def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Moved round along some axes."""
    moved = list(range(input.ndim))
    if dims is not None:
        axes = dims if isinstance(dims, (list, tuple)) else (dims,)
        moved = [axis_of("roll", each, input.ndim, input.shape) for each in axes]
    steps = len(shifts) if isinstance(shifts, (list, tuple)) else 1
    if steps != (1 if dims is None else len(moved)):
        raise Raised(f"roll has shifts for {steps} dimensions, and names {len(moved)}")
    result = input.like().mixed(*moved)
    kept = input.ndim > 3 and dims is not None
    result.strides = channels_last(input, input.shape) if kept else None
    return result


@operation("item", where="m")
def item(input: Tensor) -> Any:
    """The one number of a tensor."""
    if len([size for size in input.shape if not is_one(size)]):
        raise Raised(f"item() takes a tensor of one number, not {shown(input.shape)}")
    return as_number(input)


@operation("tolist", where="m")
def tolist(input: Tensor) -> Any:
    """The numbers as lists."""
    if input.values is None:
        return Unknown("it hangs on the values of a tensor")
    return nested(list(input.shape), list(input.values))


def nested(shape: list[int], values: list[Any]) -> Any:
    """Return flat values as nested lists."""
    if not shape:
        return values[0]
    step = len(values) // max(shape[0], 1)
    return [nested(shape[1:], values[at * step : (at + 1) * step]) for at in range(shape[0])]


@operation("numpy", where="m")
def numpy(input: Tensor, *arguments: Any, **named: Any) -> Unknown:
    """NumPy's arrays aren't followed."""
    return Unknown("numpy's arrays aren't followed")


@operation("nonzero", "unique", "unique_consecutive", "masked_select", "argwhere", "histc",
           "bincount", "multinomial", where="tm")  # fmt: skip
def nonzero(input: Tensor, *arguments: Any, **named: Any) -> Unknown:
    """How many there are hangs on the values."""
    return Unknown("how many there are hangs on the values of a tensor")


@operation("equal", "allclose", "is_nonzero", where="tm")
def equal(*arguments: Any, **named: Any) -> Unknown:
    """Whether numbers are the same isn't known."""
    return Unknown("it hangs on the values of a tensor")


FUNCTIONAL["pdist"] = Operation("F.pdist", nonzero)
