"""Functions of every number alone."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence

from convcalc.layers.base import Batch
from convcalc.network.torch.dtypes import (
    BOOL,
    DTYPES,
    REAL,
    DType,
    with_point,
)
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.creating import cast
from convcalc.network.torch.functions.registry import (
    operation,
    tensor_of,
)
from convcalc.network.torch.gradients.rules import (
    CONSTANT,
    NOTHING,
    copy_of,
    memory,
    needs,
)
from convcalc.network.torch.sizes import axis_of, shown
from convcalc.network.torch.tensor import (
    MOST_VALUES,
    Kept,
    Number,
    Tensor,
    elementwise,
    kind_together,
)
from convcalc.reading.values import Unknown

# ---------------------------------------------------------------------------------------------
# Values of small constant tensors, from which models take numbers
# ---------------------------------------------------------------------------------------------

ON_VALUES: dict[str, Callable[..., Number]] = {
    "round": round, "floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "abs": abs,
    "log": math.log, "log2": math.log2, "log10": math.log10, "exp": math.exp, "sqrt": math.sqrt,
    "square": lambda v: v * v, "neg": operator.neg, "sin": math.sin, "cos": math.cos,
    "sigmoid": lambda v: 1 / (1 + math.exp(-v)), "tanh": math.tanh,
    "reciprocal": lambda v: 1 / v,
}  # fmt: skip


def values_of(
    does: Callable[..., Number], operands: Sequence[object], result: Tensor, within: DType
) -> list[Number] | None:
    """Return the values of a result of small constant tensors and numbers, if they are known.

    They are worked out in the kind `within`, and kept in the result's own.
    """
    rows: list[list[Number]] = []
    shape = [*map(int, result.shape)]
    count = math.prod(shape)
    for each in operands:
        if isinstance(each, Tensor) and each.values is not None:
            own = [*map(int, each.shape)]
            if len(each.values) != 1 and (own != shape or any(map(_is_open, each.shape))):
                return None
            values = each.values * (count if len(each.values) == 1 else 1)
        elif isinstance(each, (int, float)) and not isinstance(each, Batch):
            values = [each] * count
        else:
            return None
        kept = cast(values, within) if count <= MOST_VALUES else None
        if kept is None:
            return None
        rows.append(kept)
    try:
        found = [does(*row) for row in zip(*rows, strict=True)]
    except (ArithmeticError, ValueError, TypeError):
        return None
    if result.dtype.kind == "int" and not all(isinstance(value, int) for value in found):
        return None
    return cast(found, result.dtype)


def _is_open(size: int) -> bool:
    return isinstance(size, Batch)


# ---------------------------------------------------------------------------------------------
# Of every number alone
# ---------------------------------------------------------------------------------------------


def unary(input: Tensor, inplace: object = False) -> Tensor:
    """A function of every number alone."""
    tensor_of("an elementwise function", input)
    if not inplace:
        return input.worked_out()
    input.write(None)
    return input


def smooth(input: Tensor) -> Tensor:
    """A function of every number alone that gives no whole ones."""
    return tensor_of("an elementwise function", input).worked_out(with_point(input.dtype))


def truth(input: Tensor) -> Tensor:
    """A question about every number."""
    return tensor_of("an elementwise question", input).worked_out(BOOL)


def _valued(name: str, function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Return a function that also works out the values of small constant tensors."""

    def work_out(input: Tensor) -> Tensor:
        result = function(input)
        if input.values:
            result.values = values_of(ON_VALUES[name], (input,), result, result.dtype)
        return result

    return work_out


WHOLE = ("neg negative positive floor ceil trunc fix frac sign sgn conj_physical relu "
         "bitwise_not round")  # fmt: skip
"""Functions that leave whole numbers whole."""
SMOOTH = (
    "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin arcsin acos arccos "
    "atan arctan sinh cosh tanh asinh arcsinh acosh arccosh atanh arctanh sigmoid erf erfc erfinv "
    "digamma lgamma logit deg2rad rad2deg sinc i0"
)
"""Functions that make numbers with a point of whole ones."""
TRUTHS = "isnan isinf isfinite logical_not isneginf isposinf signbit"

KEEPING = {
    "input": (
        "square log log2 log10 log1p sin cos asin arcsin acos arccos atan arctan sinh cosh asinh "
        "arcsinh acosh arccosh atanh arctanh erf erfc erfinv digamma lgamma logit sinc i0 entr "
        "gammaln psi"
    ),
    "result": (
        "relu exp exp2 expm1 sqrt rsqrt reciprocal tan tanh sigmoid expit ndtri"
    ),
    "input result": "sgn erfcx i0e i1 i1e log_ndtr",
}  # fmt: skip
"""What functions of every number keep for the backward; others keep nothing."""
KEEPS = {name: rule for rule, names in KEEPING.items() for name in names.split()}

for _names, _function in ((WHOLE, unary), (SMOOTH, smooth), (TRUTHS, truth)):
    for _name in _names.split():
        _does = _valued(_name, _function) if _name in ON_VALUES else _function
        operation(_name, loose=True, harmless="eps", saves=KEEPS.get(_name, NOTHING))(_does)
SPECIAL = (
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma entr erf erfc erfcx erfinv exp2 expit "
    "expm1 gammaln i0 i0e i1 i1e log1p log_ndtr logit modified_bessel_i0 modified_bessel_i1 "
    "modified_bessel_k0 modified_bessel_k1 ndtr ndtri psi scaled_modified_bessel_k0 "
    "scaled_modified_bessel_k1 sinc spherical_bessel_j0"
)
"""Functions of torch.special of every number alone."""
BESSEL = ("airy", "bessel", "modified", "scaled", "spherical")
"""How those begin of which no gradient is known."""


def _keeps_scaled(result: Tensor, input: Tensor) -> Iterator[Kept]:
    """Yield the numbers divided by a number, of which the error function is taken."""
    yield memory(input.shape, result.dtype)


for _name in SPECIAL.split():
    _rule = CONSTANT if _name.startswith(BESSEL) else KEEPS.get(_name, _keeps_scaled)
    operation(_name, where="s", loose=True, harmless="eps", saves=_rule)(smooth)


@operation("polygamma", where="tsm", loose=True, harmless="n", saves="input")
def polygamma(input: Tensor) -> Tensor:
    """A derivative of the digamma function."""
    return smooth(input)


@operation("mvlgamma", "multigammaln", where="tms", loose=True, harmless="p", saves="input")
def mvlgamma(input: Tensor) -> Tensor:
    """The logarithm of the gamma function of matrices, its results one after the other."""
    result = smooth(input)
    result.strides = None
    return result


@operation("angle", where="tm", saves="input")
def angle(input: Tensor) -> Tensor:
    """The angle of complex numbers."""
    result = smooth(input)
    result.dtype = REAL.get(input.dtype, result.dtype)
    return result


@operation("abs", "absolute", where="tm", saves="input")
def magnitude(input: Tensor) -> Tensor:
    """Numbers without their signs."""
    result = _valued("abs", unary)(input)
    result.dtype = REAL.get(input.dtype, input.dtype)
    return result


@operation("round", where="tms", loose=True, saves=NOTHING)
def round_(input: Tensor, decimals: object = 0) -> Tensor:
    """Whole numbers, or such with so many decimals."""
    if decimals != 0 and input.dtype.kind == "int":
        raise misfit(f"round() of {input.dtype} takes no decimals")
    return _valued("round", unary)(input) if decimals == 0 else unary(input)


@operation("square", where="tm", loose=True, saves="input")
def square(input: Tensor) -> Tensor:
    """Numbers times themselves, of truth values too."""
    if tensor_of("square", input).dtype is BOOL:
        return input.worked_out(DTYPES["int64"])
    return _valued("square", unary)(input)


@operation("nan_to_num", loose=True, harmless="nan posinf neginf", saves="input")
def changed(input: Tensor) -> Tensor:
    """Other numbers of the same kind in the same places."""
    return unary(input)


@operation("fill", where="t", loose=True, saves=NOTHING)
def fill(input: Tensor, value: object) -> Tensor:
    """One number in every place."""
    single_value("fill", value)
    return unary(input)


def single_value(name: str, value: object) -> None:
    """Raise where a value isn't a single number."""
    if isinstance(value, Tensor) and value.shape:
        raise misfit(f"{name} takes a single number as its value, not {shown(value.shape)}")


def _keeps_of_clamp(result: Tensor, input: Tensor, min: object = None,
                    max: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield all that is compared, and by which of two other tensors it was bounded."""
    plain = any(isinstance(each, (int, float)) for each in (min, max))
    bounds = [
        each
        for each in (min, max)
        if isinstance(each, Tensor) and (needs(each) or each.shape or not plain)
    ]  # a single number beside a plain one is taken as one
    yield from (input, *bounds)
    if len(bounds) > 1:
        yield copy_of(result)


@operation("clamp", "clip", where="tm", loose=True, saves=_keeps_of_clamp)
def clamp(input: Tensor, min: object = None, max: object = None) -> Tensor:
    """Every number, no less and no more than others."""
    bounds = [each for each in (min, max) if each is not None]
    if not bounds:
        raise misfit("clamp needs min or max", ValueError)
    known = [each for each in bounds if not isinstance(each, Unknown)]
    tensors = [input, *(each for each in known if isinstance(each, Tensor))]
    return elementwise("clamp", *tensors, dtype=kind_together((input, *known)))


@operation("clamp_min", where="tm", loose=True, saves="input min")
def clamp_min(input: Tensor, min: object) -> Tensor:
    """Every number, no less than another."""
    return clamp(input, min)


@operation("clamp_max", where="tm", loose=True, saves="input max")
def clamp_max(input: Tensor, max: object) -> Tensor:
    """Every number, no more than another."""
    return clamp(input, None, max)


@operation("renorm", where="tm", harmless="p maxnorm", saves="input")
def renorm(input: Tensor, dim: object) -> Tensor:
    """What stands at a place of an axis made no longer than so much."""
    if input.ndim < 2:
        raise misfit(f"renorm takes at least 2 dimensions, not {shown(input.shape)}")
    at = axis_of("renorm", dim, input.ndim, input.shape)
    result = unary(input).mixed(*(axis for axis in range(input.ndim) if axis != at))
    result.strides = None
    return result


@operation("triu", "tril", where="tm", harmless="diagonal", saves=NOTHING)
def triangle(input: Tensor) -> Tensor:
    """Matrices with zeros on one side of a diagonal."""
    if input.ndim < 2:
        raise misfit(f"a matrix is needed, not {shown(input.shape)}")
    result = input.like()
    result.strides = None
    return result
