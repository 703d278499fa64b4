"""Functions of every number alone, or of numbers in the same places; Python's operators too."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from convcalc.layers.base import Batch
from convcalc.network.torch.batch import COMPARISONS
from convcalc.network.torch.dtypes import (
    BOOL,
    DTYPES,
    REAL,
    DType,
    of_number,
    rank,
    with_point,
)
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.creating import cast
from convcalc.network.torch.functions.registry import (
    Operation,
    operation,
    tensor_of,
)
from convcalc.network.torch.gradients.rules import (
    CONSTANT,
    NOTHING,
    Rule,
    copy_of,
    needs,
)
from convcalc.network.torch.sizes import axis_of, broadcast, same, same_shape, shown
from convcalc.network.torch.strides import iterated_strides
from convcalc.network.torch.tensor import (
    METHODS,
    MOST_VALUES,
    Kept,
    Number,
    Tensor,
    elementwise,
    is_operand,
    kind_together,
)
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.expressions import BY_SIGN
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
    input.values = None
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
for _name in SPECIAL.split():
    _rule = CONSTANT if _name.startswith(BESSEL) else KEEPS.get(_name)
    operation(_name, where="s", loose=True, harmless="eps", saves=_rule)(smooth)


@operation("polygamma", where="tsm", loose=True, harmless="n", saves="input")
def polygamma(input: Tensor) -> Tensor:
    """A derivative of the digamma function."""
    return smooth(input)


@operation("mvlgamma", "multigammaln", where="tms", loose=True, harmless="p")
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
    _single_value("fill", value)
    return unary(input)


def _single_value(name: str, value: object) -> None:
    if isinstance(value, Tensor) and value.shape:
        raise misfit(f"{name} takes a single number as its value, not {shown(value.shape)}")


def _keeps_of_clamp(result: Tensor, input: Tensor, min: object = None,
                    max: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield all that is compared, and by which of two other tensors it was bounded."""
    bounds = [each for each in (min, max) if isinstance(each, Tensor)]
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


@operation("renorm", where="tm", harmless="p maxnorm")
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


# ---------------------------------------------------------------------------------------------
# Of numbers in the same places
# ---------------------------------------------------------------------------------------------


def _keeps_of_quotient(result: Tensor, input: object, other: object,
                       rounding_mode: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield what it is divided by; of a number, one by that."""
    if not isinstance(other, Tensor):
        return
    if not isinstance(input, Tensor):
        yield copy_of(result)
        return
    yield other
    if needs(other):
        yield input
    del rounding_mode  # by which nothing changes


def _keeps_of_power(result: Tensor, input: object, exponent: object) -> Iterator[Kept]:
    """Yield the base; with an exponent that is a tensor, both of them and the power."""
    if not isinstance(exponent, Tensor):
        if isinstance(input, Tensor):
            yield input
        return
    yield from (each for each in (input, exponent, result) if isinstance(each, Tensor))


class Sign(NamedTuple):
    """One of Python's operators, and what torch's functions that do the same are called."""

    sign: str
    torch: str
    saves: Rule = CONSTANT
    """What it keeps for the backward."""

    @property
    def does(self) -> Callable[..., Number]:
        """What it does to numbers."""
        return BY_SIGN[self.sign].apply  # type: ignore[return-value]

    @property
    def python(self) -> str:
        """What Python's methods for it are called, without their underlines."""
        return BY_SIGN[self.sign].apply.__name__.strip("_")


SIGNS = (
    Sign("+", "add", NOTHING),
    Sign("-", "sub subtract", NOTHING),
    Sign("*", "mul multiply", "input/other other/input"),
    Sign("/", "div divide true_divide", _keeps_of_quotient),
    Sign("//", "floor_divide", NOTHING),
    Sign("%", "remainder", "input/other other/other"),
    Sign("**", "pow", _keeps_of_power),
    Sign("&", "bitwise_and"),
    Sign("|", "bitwise_or"),
    Sign("^", "bitwise_xor"),
    Sign("<<", "bitwise_left_shift"),
    Sign(">>", "bitwise_right_shift"),
    Sign("==", "eq"),
    Sign("!=", "ne not_equal"),
    Sign("<", "lt less"),
    Sign("<=", "le less_equal"),
    Sign(">", "gt greater"),
    Sign(">=", "ge greater_equal"),
)
"""Python's operators that tensors have, but for the product of matrices."""
BITWISE = ("&", "|", "^", "<<", ">>")


def combined(name: str, operands: Sequence[object], does: Callable[..., Number] | None = None,
             dtype: DType | None = None) -> Tensor:  # fmt: skip
    """Return what a function of numbers in the same places makes of tensors and numbers."""
    for each in operands:
        if not is_operand(each):
            raise misfit(f"{name} takes tensors and numbers, not {type(each).__name__}", TypeError)
    tensors = [each for each in operands if isinstance(each, Tensor)]
    if not tensors:
        raise misfit(f"{name} takes a tensor at least", TypeError)
    together = kind_together(operands)
    result = elementwise(name, *tensors, dtype=dtype or together)
    within = together if result.dtype is BOOL else result.dtype
    if does is not None and any(tensor.values for tensor in tensors):
        result.values = values_of(does, operands, result, within)
    if does is not None and result.values is None:
        result.every = _every_of(does, operands, result, within)
    return result


def _every_of(
    does: Callable[..., Number], operands: Sequence[object], result: Tensor, within: DType
) -> Number | None:
    """Return the number that stands in every place of a result, if one does in the operands."""
    alike = [
        each if not isinstance(each, Tensor) or each.every is None
        else Tensor((), each.dtype, values=[each.every])
        for each in operands
    ]  # fmt: skip
    if any(isinstance(each, Tensor) and each.values is None for each in alike):
        return None
    values = values_of(does, alike, Tensor((), result.dtype), within)
    return values[0] if values else None


def signed(sign: Sign, left: object, right: object) -> Tensor:
    """Return what one of Python's operators makes of tensors and numbers."""
    together = kind_together((left, right))
    if sign.sign in ("+", "-", "*", "/", "//") and not isinstance(left, (Tensor, Unknown)):
        if is_operand(left) and is_operand(right):  # two numbers are taken as tensors
            left = Tensor((), of_number(left), values=[left])  # type: ignore[list-item]
    dtype = with_point(together) if sign.sign == "/" else together
    if sign.sign in COMPARISONS:
        dtype = BOOL
    elif sign.sign in BITWISE and together.has_point:
        raise misfit(f"{sign.sign} takes whole numbers or truth values, not {together}")
    elif sign.sign == "-" and together is BOOL:
        raise misfit("- takes no truth values: ~ inverts them")
    return combined(sign.sign, (left, right), sign.does, dtype)


def in_place(name: str, tensor: Tensor, result: Tensor) -> Tensor:
    """Return a tensor that an operation has changed, which keeps its shape and kind."""
    if not same_shape(tensor.shape, result.shape):
        raise misfit(
            f"{name} would make {shown(result.shape)} of {shown(tensor.shape)}, which is "
            "changed in its place and keeps its shape"
        )
    if rank(result.dtype) > rank(tensor.dtype) and "any" not in (result.dtype.kind,
                                                                 tensor.dtype.kind):  # fmt: skip
        raise misfit(f"{name} would make {result.dtype} of {tensor.dtype}, which stays")
    values, fields, fed = cast(result.values, tensor.dtype), result.fields, result.fed
    tensor.values, tensor.fields, tensor.fed, tensor.work = values, fields, fed, result.work
    return tensor


OF_SIGN = {sign.sign: sign for sign in SIGNS}


def _registered(sign: Sign) -> None:
    """Register an operator under Python's names, and torch's where it takes no more arguments."""
    compared = sign.sign in COMPARISONS

    rule: Rule = sign.saves
    backwards: Rule = rule
    if not isinstance(rule, str):

        def backwards(result: Tensor, input: object, other: object) -> Iterable[Kept] | None:
            return rule(result, other, input)

    def operate(input: object, other: object) -> Tensor:
        return signed(sign, input, other)

    def reflected(input: object, other: object) -> Tensor:
        result = signed(sign, other, input)
        both = [each for each in (input, other) if isinstance(each, Tensor)]
        if sign.sign in ("+", "*", "/"):  # of which torch makes the same without exchanging them
            result.strides = iterated_strides(result.shape, both)
        return result

    def changed(input: Tensor, other: object) -> Tensor:
        return in_place(f"{sign.sign}=", input, signed(sign, input, other))

    if sign.sign not in ("+", "-", "/", "**"):
        operation(*sign.torch.split(), counted=not compared, saves=rule)(operate)
    METHODS[f"__{sign.python}__"] = Operation(sign.sign, operate, counted=True, saves=rule)
    if not compared:
        METHODS[f"__r{sign.python}__"] = Operation(sign.sign, reflected, counted=True,
                                                   saves=backwards)  # fmt: skip
        METHODS[f"__i{sign.python}__"] = Operation(sign.sign, changed, counted=True, saves=rule,
                                                   changes=True)  # fmt: skip


for _sign in SIGNS:
    _registered(_sign)


def _times(name: str, other: object, alpha: object, beside: object) -> object:
    together = kind_together((beside, other))
    if isinstance(other, Tensor) and not other.shape and (isinstance(alpha, bool) or alpha != 1):
        raise NotUnderstood(f"{name}() of a single number times alpha isn't followed")
    if isinstance(alpha, float) and together is BOOL:
        raise misfit(f"{name}: alpha is {alpha}, the numbers are truth values")
    if isinstance(alpha, bool) and together is not BOOL:
        raise misfit(f"{name}: alpha is a truth value, the numbers are {together}")
    if isinstance(alpha, float) and together.kind == "int":
        raise misfit(f"{name}: alpha is {alpha}, the numbers are whole ones")
    if alpha == 1:
        return other
    return combined(name, (other, alpha), operator.mul) if isinstance(other, Tensor) else Unknown(
        f"a number times the alpha of {name}"
    )  # fmt: skip


@operation("add", where="tm", counted=True, saves=NOTHING)
def add(input: object, other: object, alpha: object = 1) -> Tensor:
    """A sum, the second of them times `alpha`."""
    return signed(OF_SIGN["+"], input, _times("add", other, alpha, input))


@operation("sub", "subtract", where="tm", counted=True, saves=NOTHING)
def sub(input: object, other: object, alpha: object = 1) -> Tensor:
    """A difference, the second of them times `alpha`."""
    return signed(OF_SIGN["-"], input, _times("sub", other, alpha, input))


@operation("rsub", where="tm", saves=NOTHING)
def rsub(input: object, other: object, alpha: object = 1) -> Tensor:
    """A difference the other way round."""
    return signed(OF_SIGN["-"], other, _times("rsub", input, alpha, other))


@operation("div", "divide", "true_divide", where="tm", counted=True, saves=_keeps_of_quotient)
def div(input: object, other: object, rounding_mode: object = None) -> Tensor:
    """A quotient, rounded where a mode says so: whole numbers stay whole then."""
    if rounding_mode is None:
        return signed(OF_SIGN["/"], input, other)
    result = signed(OF_SIGN["//"], input, other)
    if rounding_mode == "trunc":
        result.values = None
    return result


@operation("pow", where="tm", counted=True, saves=_keeps_of_power)
def power(input: object, exponent: object) -> Tensor:
    """A power."""
    return signed(OF_SIGN["**"], input, exponent)


@operation("float_power", where="tm", counted=True)
def float_power(input: object, exponent: object) -> Tensor:
    """A power of numbers in double precision."""
    together = kind_together((input, exponent))
    double = "complex128" if together.kind == "complex" else "float64"
    return combined("float_power", (input, exponent), dtype=DTYPES[double])


def _of_two(name: str, *, point: bool = False, tensors: bool = True, compared: bool = False,
            does: Callable[..., Number] | None = None, where: str = "tm",
            saves: Rule | None = "input other") -> None:  # fmt: skip
    """Register functions of two numbers; `tensors` are those that take no plain ones."""

    def work_out(input: object, other: object) -> Tensor:
        if tensors:
            tensor_of(name, input)
            tensor_of(name, other)
        together = kind_together((input, other))
        if name in ("gcd", "lcm") and (together.has_point or together is BOOL):
            raise misfit(f"{name} takes whole numbers, not {together}")
        kind = BOOL if compared else with_point(together) if point else together
        return combined(name, (input, other), does, kind)

    operation(name, where=where, counted=not compared, saves=saves)(work_out)


_of_two("maximum", does=max)
_of_two("minimum", does=min)
for _name in ("fmax", "fmin"):
    _of_two(_name)
OF_SECOND = "input/other other/other"
"""The rule of functions of which the second number's gradient alone needs both."""
_of_two("fmod", tensors=False, saves=OF_SECOND)
for _name in ("gcd", "lcm"):
    _of_two(_name, saves=CONSTANT)
_of_two("nextafter", saves="input/input other/input")
for _name in ("igamma", "igammac"):
    _of_two(_name, saves=OF_SECOND)
for _name in ("atan2", "arctan2", "logaddexp", "logaddexp2"):
    _of_two(_name, point=True)
_of_two("hypot", point=True, saves="input/input other/other result")
_of_two("ldexp", point=True, saves=None)
for _name in ("gammainc", "gammaincc"):
    _of_two(_name, where="s", saves=OF_SECOND)
_of_two("xlogy", point=True, tensors=False)
_of_two("copysign", point=True, tensors=False, saves="input/input result")
POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w "
    "hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p "
    "shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v "
    "shifted_chebyshev_polynomial_w zeta xlogy xlog1py"
)
"""Functions of torch.special of two numbers."""
OF_POLYNOMIALS: dict[str, Rule] = {
    "zeta": OF_SECOND, "xlogy": "input other", "xlog1py": "input other",
}  # fmt: skip
"""What those keep of which a gradient is known."""
for _name in POLYNOMIALS.split():
    _of_two(_name, point=True, tensors=False, where="s", saves=OF_POLYNOMIALS.get(_name))
for _name in ("logical_and", "logical_or", "logical_xor"):
    _of_two(_name, compared=True)


@operation("dist", where="tm", harmless="p", saves="input other result")
def dist(input: Tensor, other: Tensor) -> Tensor:
    """How far two tensors are from one another."""
    together = combined("dist", (tensor_of("dist", input), tensor_of("dist", other)))
    if not together.dtype.has_point and together.dtype.kind != "any":
        raise misfit("dist takes no whole numbers: .float() before it would do")
    return Tensor((), REAL.get(together.dtype, together.dtype), fed=together.fed)


@operation("isclose", where="tm", harmless="rtol atol equal_nan")
def isclose(input: Tensor, other: Tensor) -> Tensor:
    """Whether numbers in the same places are nearly the same."""
    return combined("isclose", (input, other), dtype=BOOL)


@operation("heaviside", where="tm", counted=True, saves=NOTHING)
def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """Zero, one, or a value at zero."""
    return combined("heaviside", (tensor_of("heaviside", input), tensor_of("heaviside", values)))


def _keeps_of_lerp(result: Tensor, input: Tensor, end: Tensor, weight: object) -> Iterator[Kept]:
    """Yield the weight, if it is a tensor; and where that needs a gradient, what it is between."""
    del result  # the gradient doesn't depend on it
    if isinstance(weight, Tensor):
        yield weight
        yield from (input, end) if needs(weight) else ()


@operation("lerp", where="tm", counted=True, saves=_keeps_of_lerp)
def lerp(input: Tensor, end: Tensor, weight: object) -> Tensor:
    """Numbers between two others."""
    return combined("lerp", (input, end, weight))


@operation("addcmul", where="tm", counted=True, harmless="value",
           saves="tensor1/tensor2 tensor2/tensor1")  # fmt: skip
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor) -> Tensor:
    """Numbers, and the product or quotient of two others added."""
    return combined("addcmul", (input, tensor1, tensor2))


operation("addcdiv", counted=True, harmless="value", saves="tensor1/tensor2 tensor2")(addcmul)


@operation("where", where="t", saves="condition")
def where(condition: Tensor, input: object = None, other: object = None) -> object:
    """One of two numbers, by a condition."""
    if input is None:
        return Unknown("how many places where() finds depends on the values of a tensor")
    return _where(condition, input, other)


@operation("where", where="m", saves="condition")
def where_(input: Tensor, condition: Tensor, other: object) -> Tensor:
    """A number, or another one where a condition doesn't say so."""
    return _where(condition, input, other)


def _where(condition: Tensor, input: object, other: object) -> Tensor:
    given = [each for each in (condition, input, other) if isinstance(each, Tensor)]
    return elementwise("where", *given, dtype=kind_together((input, other)))


@operation("masked_fill", where="tm", saves="mask")
def masked_fill(input: Tensor, mask: Tensor, value: object) -> Tensor:
    """One value where a mask says so, in a tensor whose numbers lie one after the other."""
    _single_value("masked_fill", value)
    if tensor_of("masked_fill", mask).dtype.kind not in ("bool", "any"):
        raise misfit(f"masked_fill takes a mask of truth values, not of {mask.dtype}: .bool() "
                     "would do")  # fmt: skip
    result = elementwise("masked_fill", input, mask, dtype=input.dtype)
    result.strides = None
    return result


@operation("cross", where="tm", saves="input/other other/input")
def cross(input: Tensor, other: Tensor, dim: object = None) -> Tensor:
    """The cross product of vectors of three: along an axis, or the first that is 3."""
    if dim is None:
        shape = broadcast("cross", input.shape, other.shape)
        dim = next((at for at, size in enumerate(shape) if same(size, 3)), None)
        if dim is None:
            raise misfit(f"cross: no dimension of {shown(shape)} is 3")
    return linalg_cross(input, other, dim)


@operation("cross", where="l", saves="input/other other/input")
def linalg_cross(input: Tensor, other: Tensor, dim: object = -1) -> Tensor:
    """The cross product of vectors of three."""
    if tensor_of("cross", input).ndim != tensor_of("cross", other).ndim:
        raise misfit(f"cross: {shown(input.shape)} and {shown(other.shape)} have {input.ndim} and "
                     f"{other.ndim} dimensions")  # fmt: skip
    at = axis_of("cross", dim, input.ndim, input.shape)
    for each in (input, other):
        if not same(each.shape[at], 3):
            raise misfit(f"cross: dimension {at} of {shown(each.shape)} has to be 3")
    if input.dtype != other.dtype:
        raise misfit(f"cross takes numbers of one kind, not {input.dtype} and {other.dtype}")
    result = elementwise("cross", input, other)
    result.strides = None
    return result
