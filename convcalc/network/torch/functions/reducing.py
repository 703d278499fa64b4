"""Functions that make one number of many along an axis, or put them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from math import inf

from convcalc.layers.base import Batch, size_text
from convcalc.network.torch.dtypes import BOOL, INT64, REAL, DType, dtype_of, with_point
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.creating import cast
from convcalc.network.torch.functions.paired import combined
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.functions.shaping import resized
from convcalc.network.torch.gradients import matrices, statistics
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING, Rule, copy_of, memory
from convcalc.network.torch.sizes import (
    as_size,
    axes_of,
    axis_of,
    definite,
    is_one,
    is_open,
    listed,
    same,
    same_shape,
    shown,
)
from convcalc.network.torch.strides import channels_last, iterated_strides, ordered
from convcalc.network.torch.tensor import (
    OF_VALUES,
    Kept,
    Number,
    Pair,
    Tensor,
    as_number,
    elementwise,
    kind_together,
    results,
)
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Unknown


def reduced(name: str, input: Tensor, dim: object, keepdim: object, dtype: DType) -> Tensor:
    """Return a tensor without some axes, or with one position left on them."""
    tensor_of(name, input)
    if not isinstance(keepdim, (bool, int)):
        raise misfit(f"{name}: keepdim {keepdim!r} is neither True nor False", TypeError)
    every = dim is None or dim == () or dim == []
    axes = range(input.ndim) if every else axes_of(name, dim, input.shape)
    kept = [axis for axis in range(input.ndim) if axis not in axes]
    if keepdim:
        shape = [1 if axis in axes else size for axis, size in enumerate(input.shape)]
        fields = [None if axis in axes else f for axis, f in enumerate(input.fields)]
    else:
        shape = [input.shape[axis] for axis in kept]
        fields = [input.fields[axis] for axis in kept]
    return Tensor(shape, dtype, fields=tuple(fields), fed=input.fed)


def _sum_kind(input: Tensor, dtype: object) -> DType:
    """Return the kind of a sum: of whole numbers and truth values, int64."""
    return dtype_of(dtype, INT64 if input.dtype.kind in ("bool", "int") else input.dtype)


def _summed(name: str, kind: Callable[[Tensor, object], DType],
            values: Callable[[list[Number]], Number] | None = None,
            saves: Rule | None = NOTHING) -> None:  # fmt: skip
    @operation(name, where="tm", saves=saves)
    def reduce(input: Tensor, dim: object = None, keepdim: object = False,
               dtype: object = None) -> Tensor:  # fmt: skip
        result = reduced(name, input, dim, keepdim, kind(input, dtype))
        if values is not None and input.values and dim is None:
            result.values = cast([values(input.values)], result.dtype)
        return result


def _mean_kind(input: Tensor, dtype: object) -> DType:
    kind = dtype_of(dtype, input.dtype)
    return kind


_summed("sum", _sum_kind, sum)
_summed("nansum", _sum_kind, saves="input")
_summed("mean", _mean_kind, lambda values: sum(values) / len(values))
_summed(
    "nanmean", _mean_kind, saves=lambda result, input: [input, memory(result.shape, INT64)]
)  # how many there are


@operation("prod", where="tm", saves="input result")
def prod_(input: Tensor, dim: object = None, keepdim: object = False,
          dtype: object = None) -> Tensor:  # fmt: skip
    """A product, of all or along one axis."""
    if isinstance(dim, (list, tuple)):
        raise misfit("prod takes one dimension", TypeError)
    return reduced("prod", input, dim, keepdim, _sum_kind(input, dtype))


def _reduction(
    name: str,
    kind: Callable[[DType], DType],
    *,
    several: bool = True,
    where: str = "tm",
    values: Callable[[list[Number]], Number] | None = None,
) -> None:
    """Register a reduction along one axis, or `several`, or over all of them.

    `values` is what it makes of numbers that are known; of equal ones it makes the same.
    """

    @operation(name, where=where, saves="input result")
    def reduce(input: Tensor, dim: object = None, keepdim: object = False) -> Tensor:
        if not several and isinstance(dim, (list, tuple)):
            raise misfit(f"{name} takes one dimension", TypeError)
        result = reduced(name, input, dim, keepdim, kind(input.dtype))
        if name in NEEDED:
            _some(name, input, dim)
        if values is not None and input.values and dim is None:
            result.values = cast([values(input.values)], result.dtype)
        elif values is not None and input.every is not None and 0 not in input.shape:
            alike = result.dtype.cast(input.every)
            result.values = None if result.shape or alike is None else [alike]
            result.every = alike
        return result


NEEDED = ("amax", "amin", "argmax", "argmin", "max", "min")
"""Those which need a number at least to make one of."""


def _some(name: str, input: Tensor, dim: object) -> None:
    """Raise where a reduction has no number to reduce."""
    over = input.shape if dim in (None, (), []) else [
        input.shape[axis] for axis in axes_of(name, dim, input.shape) if input.shape
    ]  # fmt: skip
    if 0 in over:
        raise misfit(f"{name} of no numbers in {shown(input.shape)}")


def _place_kind(dtype: DType) -> DType:
    if dtype is BOOL:
        raise misfit("argmax() and argmin() take no truth values: .float() before would do")
    return INT64


for _name, _extreme in (("amax", max), ("amin", min)):
    _reduction(_name, lambda dtype: dtype, values=_extreme)  # type: ignore[arg-type]
_reduction("logsumexp", with_point, where="tms")
for _name in ("argmax", "argmin"):
    _reduction(_name, _place_kind, several=False)
for _name, _truth in (("all", all), ("any", any)):
    _reduction(_name, lambda dtype: dtype if dtype.name == "uint8" else BOOL, values=_truth)


@operation("count_nonzero", where="tm", saves=CONSTANT)
def count_nonzero(input: Tensor, dim: object = None) -> Tensor:
    """How many numbers aren't zero."""
    return reduced("count_nonzero", input, dim, False, INT64)


Extremes = results("min", "max")


@operation("aminmax", where="tm", saves="input results")
def aminmax(input: Tensor, *, dim: object = None, keepdim: object = False) -> tuple[Tensor, ...]:
    """The smallest and the largest, of all or along an axis."""
    given = tensor_of("aminmax", input).shape
    if 0 in (given if dim is None else [given[axis] for axis in axes_of("aminmax", dim, given)]):
        raise misfit("aminmax of no numbers")
    return Extremes([_one_axis("aminmax", input, dim, keepdim) for _ in range(2)])


@operation("quantile", where="tm", harmless="interpolation",
           saves=statistics.OF_SHARE)  # fmt: skip
def quantile(input: Tensor, q: object, dim: object = None, keepdim: object = False) -> Tensor:
    """What such a share of the numbers lies below, of all or along an axis; first one per share."""
    if input.dtype.name not in ("float32", "float64"):
        raise misfit(f"quantile takes float32 or float64, not {input.dtype}")
    for each in q.values or () if isinstance(q, Tensor) else ():
        if isinstance(each, float) and not 0 <= each <= 1:
            raise misfit(f"quantile: {each} is not a share, from 0 to 1")
    if isinstance(q, Tensor) and (q.ndim > 1 or q.dtype != input.dtype):
        raise misfit(f"quantile takes its shares in a vector of {input.dtype}")
    if isinstance(q, (int, float)) and not 0 <= q <= 1:
        raise misfit(f"quantile: {q} is not a share, from 0 to 1")
    if 0 in input.shape:
        raise misfit("quantile of no numbers")
    left = _one_axis("quantile", input, dim, keepdim)
    if dim is None and keepdim:
        left = Tensor((1,) * input.ndim, input.dtype, fed=input.fed)
    lead = q.shape if isinstance(q, Tensor) else ()
    made = Tensor((*lead, *left.shape), input.dtype, fed=input.fed)
    made.strides = ordered(made.shape, [0, *range(1, made.ndim)[::-1]]) if lead else None
    return made


operation("nanquantile", harmless="interpolation", saves=statistics.OF_SHARE_OF_NUMBERS)(quantile)


def _spread(input: Tensor, arguments: tuple[object, ...], dim: object, keepdim: object) -> Tensor:
    """Return how far numbers are spread, called as std(unbiased) or std(dim, unbiased, keepdim)."""
    if arguments and not isinstance(arguments[0], bool):
        dim, *others = arguments
        keepdim = others[1] if len(others) > 1 else keepdim
    return reduced("std", input, dim, keepdim, REAL.get(input.dtype, input.dtype))


@operation("std", where="tm", harmless="unbiased correction", saves="input result")
def std(input: Tensor, *arguments: object, dim: object = None,
        keepdim: object = False) -> Tensor:  # fmt: skip
    """How far numbers are spread."""
    return _spread(input, arguments, dim, keepdim)


operation("var", harmless="unbiased correction", saves="input")(std)


@operation("std_mean", where="t", harmless="unbiased correction", saves="input result")
def std_mean(input: Tensor, *arguments: object, dim: object = None,
             keepdim: object = False) -> tuple[Tensor, Tensor]:  # fmt: skip
    """How far numbers are spread, and their mean."""
    one = _spread(input, arguments, dim, keepdim)
    return one, one.worked_out(input.dtype)


operation("var_mean", where="t", harmless="unbiased correction", saves="input")(std_mean)


@operation("norm", where="tm", harmless="p", saves="input result")
def norm(input: Tensor, dim: object = None, keepdim: object = False,
         dtype: object = None) -> Tensor:  # fmt: skip
    """The length of vectors."""
    if not isinstance(keepdim, bool):
        raise misfit(f"norm: keepdim {keepdim!r} is neither True nor False", TypeError)
    kind = dtype_of(dtype, input.dtype)
    return reduced("norm", input, dim, keepdim, REAL.get(kind, kind))


@operation("vector_norm", where="l", harmless="ord", saves="input result")
def vector_norm(input: Tensor, dim: object = None, keepdim: object = False,
                dtype: object = None) -> Tensor:  # fmt: skip
    """The length of vectors."""
    return norm(input, dim, keepdim, dtype)


OF_MATRICES = ("fro", "nuc", 1, -1, 2, -2, inf, -inf)
"""The norms that matrices have."""


@operation("norm", where="l", saves=matrices.of_norm)
def linalg_norm(input: Tensor, ord: object = None, dim: object = None, keepdim: object = False,
                dtype: object = None) -> Tensor:  # fmt: skip
    """The length of vectors or of matrices; the order says of which where the axes don't."""
    axes = range(input.ndim) if dim is None else axes_of("norm", dim, input.shape)
    if ord is not None and dim is None and input.ndim not in (1, 2):
        raise misfit(f"norm with an order takes one or two dimensions, not {shown(input.shape)}")
    if (isinstance(ord, str) and len(axes) != 2) or (len(axes) == 2 and ord not in
                                                     (None, *OF_MATRICES)):  # fmt: skip
        raise misfit(f"norm: {ord!r} is not an order for {shown(input.shape)}")
    return norm(input, dim, keepdim, dtype)


def _keeps_of_extreme(result: object, input: Tensor, dim: object = None, keepdim: object = False,
                      other: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield the places along an axis; else all that is compared, and the largest of one tensor."""
    del keepdim  # of which nothing is kept
    second = dim if other is None else other
    if isinstance(result, tuple):
        yield result[1]
    else:
        yield from (input, second if isinstance(second, Tensor) else result)  # type: ignore[misc]


@operation("max", "min", where="tm", saves=_keeps_of_extreme)
def extreme(input: Tensor, dim: object = None, keepdim: object = False,
            other: object = None) -> object:  # fmt: skip
    """The largest or smallest: of all, of an axis with its place, or of two tensors."""
    second = dim if other is None else other
    if isinstance(second, Tensor):
        return combined("max", (input, second))
    if isinstance(second, float):
        raise misfit(f"max takes a dimension or a tensor, not {second}", TypeError)
    values = _one_axis("max", input, dim, keepdim)
    _some("max", input, dim)
    return values if dim is None else _with_places(values)


def _one_axis(name: str, input: Tensor, dim: object, keepdim: object) -> Tensor:
    if isinstance(dim, (list, tuple)):
        raise misfit(f"{name} takes one dimension", TypeError)
    return reduced(name, input, dim, keepdim, input.dtype)


def _with_places(values: Tensor) -> tuple[Tensor, ...]:
    places = Tensor(values.shape, INT64, fields=values.fields, fed=values.fed)
    return Pair((values, places))


@operation("median", "nanmedian", where="tm", saves=_keeps_of_extreme)
def median(input: Tensor, dim: object = None, keepdim: object = False) -> object:
    """A middle value, of all or of an axis with its place."""
    values = _one_axis("median", input, dim, keepdim)
    return values if dim is None else _with_places(values)


@operation("mode", where="tm", saves="places")
def mode(input: Tensor, dim: object = -1, keepdim: object = False) -> tuple[Tensor, ...]:
    """What is most frequent along an axis, with its place."""
    return _with_places(_one_axis("mode", input, dim, keepdim))


@operation("kthvalue", where="tm", saves="places")
def kthvalue(input: Tensor, k: object, dim: object = -1,
             keepdim: object = False) -> tuple[Tensor, ...]:  # fmt: skip
    """The k-th smallest along an axis, with its place."""
    at = axis_of("kthvalue", dim, input.ndim, input.shape)
    count = as_size("kthvalue", k)
    if count < 1:
        raise misfit(f"kthvalue: there is no {count}-th number", IndexError)
    _enough("kthvalue", input, at, count)
    return _with_places(_one_axis("kthvalue", input, dim, keepdim))


def _enough(name: str, input: Tensor, at: int, k: int) -> None:
    """Raise where an axis doesn't have so many positions."""
    there = input.shape[at] if input.shape else 1
    if k > 1 and not (isinstance(k, Batch) and isinstance(there, Batch)):
        there = definite(name, there)
    if k > there or k < 0:
        raise misfit(f"{name}: {size_text(k)} of the {size_text(there)} in dimension {at} of "
                     f"{shown(input.shape)} are too many", IndexError)  # fmt: skip


@operation("cummax", "cummin", where="tm", saves="input places")
def cummax(input: Tensor, dim: object) -> tuple[Tensor, ...]:
    """The largest so far along an axis, with its place."""
    values = input.worked_out().mixed(axis_of("cummax", dim, input.ndim, input.shape))
    values.strides = None
    return _with_places(values)


@operation("sort", where="tm", harmless="descending stable", saves="places")
def sort(input: Tensor, dim: object = -1) -> tuple[Tensor, ...]:
    """In order, with the places."""
    at = axis_of("sort", dim, input.ndim, input.shape)
    return Pair((input.worked_out().mixed(at), input.worked_out(INT64).mixed(at)))


@operation("argsort", where="tm", harmless="descending stable", saves=CONSTANT)
def argsort(input: Tensor, dim: object = -1) -> Tensor:
    """The places in order."""
    at = axis_of("argsort", dim, input.ndim, input.shape)
    return input.worked_out(INT64).mixed(at)


@operation("topk", where="tm", harmless="largest sorted", saves="places")
def topk(input: Tensor, k: object, dim: object = -1) -> tuple[Tensor, ...]:
    """The k largest of an axis, with their places."""
    at = axis_of("topk", dim, input.ndim, input.shape)
    count = as_size("topk", k)
    _enough("topk", input, at, count)
    shape = (*input.shape[:at], count, *input.shape[at + 1 :]) if input.shape else ()
    return Pair((Tensor(shape, input.dtype), Tensor(shape, INT64)))


def _along(name: str, where: str, needed: bool = True) -> None:
    """Register a function along an axis, which has to be there and sees all of itself."""

    saves = {"cumsum": NOTHING, "cumprod": "input result"}.get(name, "result")

    @operation(name, where=where, counted="f" in where, saves=saves)
    def along(input: Tensor, dim: object = None, dtype: object = None) -> Tensor:
        result = tensor_of(name, input).worked_out()
        result.strides = None
        result.dtype = dtype_of(dtype, input.dtype) if "soft" in name else _sum_kind(input, dtype)
        if name == "cumsum" and input.values is not None and input.ndim == 1:
            result.values = cast(list(accumulate(input.values)), result.dtype)
        if dim is None and needed:
            raise NotUnderstood(f"{name}() along no dimension isn't followed")
        chosen = dim if dim is not None else 0 if input.ndim in (0, 1, 3) else 1
        return result.mixed(axis_of(name, chosen, input.ndim, input.shape))


for _name in ("softmax", "log_softmax"):
    _along(_name, "tms")
    _along(_name, "f", needed=False)
_along("softmin", "f", needed=False)
for _name in ("cumsum", "cumprod"):
    _along(_name, "tm")


@operation("logcumsumexp", where="tm", saves="input result")
def logcumsumexp(input: Tensor, dim: object) -> Tensor:
    """The logarithm of a sum so far of exponentials."""
    result = input.worked_out().mixed(axis_of("logcumsumexp", dim, input.ndim, input.shape))
    result.strides = None
    return result


def _in_order(input: Tensor) -> Kept:
    """Return a tensor whose numbers lie one after the other: itself, or a copy."""
    return input if input.strides is None else copy_of(input)


def _keeps_of_normal(result: Tensor, input: Tensor, dim: object = 1) -> Iterator[Kept]:
    """Yield the numbers, the lengths, and these no less than a little."""
    lengths = reduced("normalize", input, dim, True, REAL.get(input.dtype, input.dtype))
    yield from (input, copy_of(lengths), copy_of(lengths))


@operation("normalize", where="f", counted=True, harmless="p eps", saves=_keeps_of_normal)
def normalize(input: Tensor, dim: object = 1) -> Tensor:
    """Vectors of length one."""
    dim = tuple(range(input.ndim)) if dim is None else dim
    return input.worked_out().mixed(*axes_of("normalize", dim, input.shape))


@operation("diff", where="tm", saves=NOTHING)
def diff(input: Tensor, n: object = 1, dim: object = -1, prepend: object = None,
         append: object = None) -> Tensor:  # fmt: skip
    """How much neighbours differ along an axis."""
    at = axis_of("diff", dim, input.ndim, input.shape)
    if not input.shape:
        raise misfit("diff takes at least one dimension, not a single number")
    times = as_size("diff", n)
    if times < 0:
        raise misfit(f"diff: {times} times have no meaning")
    size = definite("diff", input.shape[at])
    for each in (prepend, append):
        if each is not None:
            more = tensor_of("diff", each)
            if more.ndim != input.ndim:
                raise misfit(f"diff: {shown(more.shape)} doesn't go before or after "
                             f"{shown(input.shape)}")  # fmt: skip
            if not same_shape(resized(more, at, 0).shape, resized(input, at, 0).shape):
                raise misfit(f"diff: {shown(more.shape)} doesn't go before or after "
                             f"{shown(input.shape)}")  # fmt: skip
            size += definite("diff", more.shape[at])
    if not times:
        return input.like(values=input.values)
    result = resized(input, at, max(size - times, 0))
    result.strides = iterated_strides(result.shape, [Tensor(result.shape, strides=input.strides)])
    plain = prepend is None and append is None and times == 1
    if plain and input.values is not None and input.ndim == 1 and input.dtype is not BOOL:
        result.values = cast([b - a for a, b in pairwise(input.values)], input.dtype)
    return result


@operation("flip", where="tm", saves=NOTHING)
def flip(input: Tensor, *order: object, dims: object = None) -> Tensor:
    """Backwards along some axes."""
    axes = axes_of("flip", listed(order if dims is None else (dims,)), input.shape)
    result = input.worked_out().mixed(*axes)
    if input.values is not None and input.ndim == 1 and axes:
        result.values = input.values[::-1]
    return result


@operation("roll", where="tm", saves=NOTHING)
def roll(input: Tensor, shifts: object, dims: object = None) -> Tensor:
    """Moved round along some axes."""
    every = dims is None or dims == ()
    moved = list(range(input.ndim)) if every else axes_of("roll", dims, input.shape)
    steps = len(shifts) if isinstance(shifts, (list, tuple)) else 1
    if steps != (1 if every else len(moved)):
        raise misfit(f"roll has shifts for {steps} dimensions, and names {len(moved)}")
    result = input.like().mixed(*moved)
    kept = input.ndim > 3 and not every
    result.strides = channels_last(input, input.shape) if kept else None
    return result


@operation("item", where="m", saves=CONSTANT)
def item(input: Tensor) -> object:
    """The one number of a tensor."""
    if any(not is_one(size) and not is_open(size) for size in input.shape):
        raise misfit(f"item() takes a tensor of one number, not {shown(input.shape)}")
    return as_number(input)


@operation("tolist", where="m", saves=CONSTANT)
def tolist(input: Tensor) -> object:
    """The numbers as lists."""
    if input.values is None:
        return Unknown(OF_VALUES)
    return nested([*map(int, input.shape)], list(input.values))


def nested(shape: list[int], values: list[Number]) -> object:
    """Return flat values as nested lists."""
    if not shape:
        return values[0]
    step = len(values) // max(shape[0], 1)
    return [nested(shape[1:], values[at * step : (at + 1) * step]) for at in range(shape[0])]


@operation("multinomial", where="tm", saves=CONSTANT)
def multinomial(input: Tensor, num_samples: object, replacement: object = False) -> Tensor:
    """So many places, drawn by how likely each is."""
    count = as_size("multinomial", num_samples)
    if any(isinstance(each, float) and each < 0 for each in input.values or ()):
        raise misfit("multinomial takes no numbers below 0")
    if tensor_of("multinomial", input).ndim not in (1, 2):
        raise misfit(f"multinomial takes one or two dimensions, not {shown(input.shape)}")
    if not replacement:
        _enough("multinomial", input, input.ndim - 1, count)
    if count < 1:
        raise misfit(f"multinomial: at least one sample is drawn, not {count}")
    return Tensor((*input.shape[:-1], count), INT64, fed=input.fed)


@operation("nonzero", "unique", "unique_consecutive", "masked_select", "argwhere",
           harmless="sorted return_inverse return_counts dim mask as_tuple",
           saves=CONSTANT)  # fmt: skip
def found(input: Tensor) -> Unknown:
    """How many there are depends on the values."""
    return Unknown(f"how many {shown(input.shape)} gives depends on the values of a tensor")


@operation("histc", where="tm", saves=CONSTANT)
def histc(input: Tensor, bins: object = 100, min: object = 0, max: object = 0) -> Tensor:
    """How many numbers lie in each of so many ranges."""
    least, most = as_number(min), as_number(max)
    if isinstance(least, (int, float)) and isinstance(most, (int, float)) and least > most:
        raise misfit(f"histc: min {least} is above max {most}")
    return Tensor((as_size("histc", bins),), input.dtype)


@operation("bincount", where="tm", harmless="weights minlength", saves=CONSTANT)
def bincount(input: Tensor) -> Unknown:
    """How often every whole number is there: how many there are depends on the values."""
    return found(input)


Histogram = results("hist", "bin_edges")


@operation("histogram", where="tm", harmless="density", saves=NOTHING)
def histogram(input: Tensor, bins: object = 100, weight: object = None,
              range: object = None) -> tuple[Tensor, ...]:  # fmt: skip
    """How many numbers lie in each of so many ranges, and where these end."""
    if isinstance(range, (list, tuple)) and len(range) == 2 and range[0] > range[1]:
        raise misfit(f"histogram: there is nothing from {range[0]} to {range[1]}")
    if range is not None and isinstance(bins, Tensor):
        raise misfit("histogram takes a range or the ends of its ranges, not both", TypeError)
    if weight is not None and not same_shape(tensor_of("histogram", weight).shape, input.shape):
        raise misfit("histogram takes a weight for every number")
    count = bins.shape[0] - 1 if isinstance(bins, Tensor) else as_size("histogram", bins)
    if count < 1:
        raise misfit("histogram takes at least one range")
    return Histogram([Tensor((size,), input.dtype) for size in (count, count + 1)])


@operation("trapezoid", "trapz", where="t", harmless="dx", saves=statistics.OF_AREA)
def trapezoid(y: Tensor, x: object = None, dim: object = -1) -> Tensor:
    """The area below points along an axis."""
    return _areas("trapezoid", y, x, dim, along=False)


@operation("cumulative_trapezoid", where="t", harmless="dx", saves=statistics.OF_AREA)
def cumulative_trapezoid(y: Tensor, x: object = None, dim: object = -1) -> Tensor:
    """The area below points so far along an axis."""
    return _areas("cumulative_trapezoid", y, x, dim, along=True)


def _steps(name: str, points: Tensor, at: int) -> Tensor:
    """Return tensor of as many steps as there are between points along an axis, from its end."""
    if points.ndim < -at:
        raise misfit(f"{name}: {shown(points.shape)} has no points along the axis")
    here = at % points.ndim
    return resized(points, here, max(definite(name, points.shape[here]) - 1, 0))


def _areas(name: str, y: Tensor, x: object, dim: object, *, along: bool) -> Tensor:
    at = axis_of(name, dim, tensor_of(name, y).ndim, y.shape)
    if not y.shape or y.dtype is BOOL:
        raise misfit(f"{name} takes numbers along at least one dimension")
    together = y
    if x is not None:
        where = tensor_of(name, x)
        if where.dtype is BOOL:
            raise misfit(f"{name} takes no truth values")
        if where.ndim == 1 and not same(where.shape[0], y.shape[at]):
            raise misfit(f"{name}: {shown(where.shape)} points aren't those of {shown(y.shape)}")
        if where.ndim != 1:
            steps = _steps(name, where, at - y.ndim)
            together = elementwise(name, _steps(name, y, at - y.ndim), steps)
            together = resized(
                together, at - y.ndim + together.ndim, together.shape[at - y.ndim] + 1
            )
        together = together.like(kind_together((y, where)))
    size = max(definite(name, together.shape[at]) - 1, 0)
    made = resized(together, at, size) if along else reduced(name, together, at, False, y.dtype)
    made.dtype = with_point(together.dtype)
    return made


@operation("cov", where="tm", harmless="correction", saves=statistics.OF_COVARIANCE)
def cov(input: Tensor, fweights: object = None, aweights: object = None) -> Tensor:
    """How rows vary together."""
    for each, kind in ((fweights, "int"), (aweights, "float")):
        if each is not None and (
            tensor_of("cov", each).shape != input.shape[-1:] or each.dtype.kind != kind  # type: ignore[attr-defined]
        ):
            raise misfit("cov takes a weight for every column: whole fweights, and aweights with a "
                         "point")  # fmt: skip
    return _of_rows("cov", input)


@operation("corrcoef", where="tm", saves=statistics.OF_CORRELATION)
def corrcoef(input: Tensor) -> Tensor:
    """How rows are alike."""
    return _of_rows("corrcoef", input)


def _of_rows(name: str, input: Tensor) -> Tensor:
    if tensor_of(name, input).ndim > 2 or input.dtype is BOOL:
        raise misfit(f"{name} takes numbers of at most two dimensions, not {shown(input.shape)}")
    shape = (input.shape[0],) * 2 if input.ndim == 2 and not is_one(input.shape[0]) else ()
    return Tensor(shape, with_point(input.dtype), fed=input.fed)


@operation("equal", where="tm", saves=CONSTANT)
def equal(input: Tensor, other: Tensor) -> object:
    """Whether all numbers are the same, which isn't known where shapes are."""
    alike = same_shape(input.shape, tensor_of("equal", other).shape)
    return Unknown(OF_VALUES) if alike else False


@operation("allclose", where="tm", harmless="rtol atol equal_nan", saves=CONSTANT)
def allclose(input: Tensor, other: Tensor) -> object:
    """Whether all numbers are nearly the same, which isn't known."""
    elementwise("allclose", input, tensor_of("allclose", other))
    return Unknown(OF_VALUES)


@operation("is_nonzero", where="tm", saves=CONSTANT)
def is_nonzero(input: Tensor) -> object:
    """Whether a number isn't zero."""
    number = as_number(input)
    return number if isinstance(number, Unknown) else bool(number)


@operation("pdist", where="f", harmless="p",
           saves=lambda result, input: [_in_order(input), result])  # fmt: skip
def pdist(input: Tensor) -> Tensor:
    """The distance of every two rows."""
    if input.ndim != 2:
        raise misfit(f"pdist takes a matrix, not {shown(input.shape)}")
    rows = definite("pdist", input.shape[0])
    return Tensor((rows * (rows - 1) // 2,), with_point(input.dtype), fed=input.fed)


@operation("vecdot", where="l", saves=matrices.OF_VECTORS)
def vecdot(x: Tensor, y: Tensor, dim: object = -1) -> Tensor:
    """The sum of products along an axis."""
    together = elementwise("vecdot", tensor_of("vecdot", x), tensor_of("vecdot", y))
    at = axis_of("vecdot", dim, together.ndim, together.shape)
    one, other = (each.shape[-1] if each.shape else 1 for each in (x, y))
    if not same(one, other) and not is_one(one) and not is_one(other):
        raise misfit(f"vecdot: {shown(x.shape)} and {shown(y.shape)} don't fit together")
    return reduced("vecdot", together, at, False, together.dtype)


@operation("trace", where="tm", saves=NOTHING)
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal."""
    if input.ndim != 2:
        raise misfit(f"trace takes a matrix, not {shown(input.shape)}")
    whole = input.dtype.kind in ("bool", "int")
    return Tensor((), INT64 if whole else input.dtype)
