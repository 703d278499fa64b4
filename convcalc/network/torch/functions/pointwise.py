"""Functions of every number alone, or of numbers in the same places; Python's operators too."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple

from convcalc.layers.base import Batch
from convcalc.network.torch.batch import COMPARISONS
from convcalc.network.torch.dtypes import (
    ALIASES,
    ANY,
    BOOL,
    DTYPES,
    FLOAT32,
    REAL,
    DType,
    dtype_of,
    of_number,
    rank,
    with_point,
)
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.creating import TYPES, TensorType, cast, formatted
from convcalc.network.torch.functions.registry import (
    FUNCTIONAL,
    Operation,
    operation,
    tensor_of,
)
from convcalc.network.torch.sizes import axis_of, same_shape, shown
from convcalc.network.torch.tensor import (
    METHODS,
    MOST_VALUES,
    Number,
    Tensor,
    elementwise,
    is_operand,
    kind_together,
)
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
    tensor_of("a function of every number", input)
    if not inplace:
        return input.worked_out()
    input.values = None
    return input


def smooth(input: Tensor) -> Tensor:
    """A function of every number alone that gives no whole ones."""
    return tensor_of("a function of every number", input).worked_out(with_point(input.dtype))


def in_order(input: Tensor, inplace: object = False) -> Tensor:
    """A function of every number alone, whose results lie one after the other."""
    result = unary(input, inplace)
    if not inplace:
        result.strides = None
    return result


def truth(input: Tensor) -> Tensor:
    """A question about every number."""
    return tensor_of("a question about every number", input).worked_out(BOOL)


def dropped(input: Tensor, p: object = 0.5, training: object = True,
            inplace: object = False) -> Tensor:  # fmt: skip
    """Some numbers left out in training; else the same tensor."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        raise misfit(f"{p} is no probability to drop numbers with: 0 to 1 are", ValueError)
    return unary(input, inplace) if training else input.like(values=input.values)


def _valued(name: str, function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Return a function that also works out the values of small constant tensors."""

    def work_out(input: Tensor) -> Tensor:
        result = function(input)
        if input.values:
            result.values = values_of(ON_VALUES[name], (input,), result, result.dtype)
        return result

    return work_out


WHOLE = ("neg negative positive square floor ceil trunc fix frac sign sgn conj_physical relu "
         "bitwise_not round")  # fmt: skip
"""Functions that leave whole numbers whole."""
SMOOTH = (
    "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin arcsin acos arccos "
    "atan arctan sinh cosh tanh asinh arcsinh acosh arccosh atanh arctanh sigmoid erf erfc erfinv "
    "digamma lgamma logit deg2rad rad2deg sinc i0"
)
"""Functions that make numbers with a point of whole ones."""
TRUTHS = "isnan isinf isfinite logical_not isneginf isposinf signbit"

for _names, _function in ((WHOLE, unary), (SMOOTH, smooth), (TRUTHS, truth)):
    for _name in _names.split():
        _does = _valued(_name, _function) if _name in ON_VALUES else _function
        operation(_name, loose=True, harmless="eps")(_does)
SPECIAL = (
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma entr erf erfc erfcx erfinv exp2 expit "
    "expm1 gammaln i0 i0e i1 i1e log1p log_ndtr logit modified_bessel_i0 modified_bessel_i1 "
    "modified_bessel_k0 modified_bessel_k1 ndtr ndtri psi scaled_modified_bessel_k0 "
    "scaled_modified_bessel_k1 sinc spherical_bessel_j0"
)
"""Functions of torch.special of every number alone."""
for _name in SPECIAL.split():
    operation(_name, where="s", loose=True, harmless="eps")(smooth)


@operation("polygamma", where="ts", loose=True)
def polygamma(n: object, input: Tensor) -> Tensor:
    """A derivative of the digamma function."""
    del n  # whichever derivative it is
    return smooth(input)


@operation("mvlgamma", where="tm", loose=True, harmless="p")
def mvlgamma(input: Tensor) -> Tensor:
    """The logarithm of the gamma function of matrices."""
    return smooth(input)


operation("multigammaln", where="s", loose=True, harmless="p")(mvlgamma)


@operation("angle", where="tm")
def angle(input: Tensor) -> Tensor:
    """The angle of complex numbers."""
    result = smooth(input)
    result.dtype = REAL.get(input.dtype, result.dtype)
    return result


@operation("abs", "absolute", where="tm")
def magnitude(input: Tensor) -> Tensor:
    """Numbers without their signs."""
    result = _valued("abs", unary)(input)
    result.dtype = REAL.get(input.dtype, input.dtype)
    return result


@operation("round", where="tms", loose=True)
def round_(input: Tensor, decimals: object = 0) -> Tensor:
    """Whole numbers, or such with so many decimals."""
    return _valued("round", unary)(input) if decimals == 0 else unary(input)


@operation("bernoulli", "fill", "nan_to_num", "dropout", "feature_dropout", "alpha_dropout",
           where="tm", loose=True, harmless="p train value nan posinf neginf")  # fmt: skip
def changed(input: Tensor) -> Tensor:
    """Other numbers of the same kind in the same places."""
    return unary(input)


@operation("clamp", "clip", where="tm", loose=True)
def clamp(input: Tensor, min: object = None, max: object = None) -> Tensor:
    """Every number, no less and no more than others."""
    bounds = [each for each in (min, max) if each is not None]
    if not bounds:
        raise misfit("clamp needs min or max", ValueError)
    known = [each for each in bounds if not isinstance(each, Unknown)]
    tensors = [input, *(each for each in known if isinstance(each, Tensor))]
    return elementwise("clamp", *tensors, dtype=kind_together((input, *known)))


@operation("clamp_min", where="tm", loose=True)
def clamp_min(input: Tensor, min: object) -> Tensor:
    """Every number, no less than another."""
    return clamp(input, min)


@operation("clamp_max", where="tm", loose=True)
def clamp_max(input: Tensor, max: object) -> Tensor:
    """Every number, no more than another."""
    return clamp(input, None, max)


ACTIVATIONS = (
    "relu relu6 elu selu celu leaky_relu gelu silu mish hardswish hardsigmoid hardtanh softplus "
    "softshrink hardshrink threshold"
)
"""Activations that leave the order of numbers in memory."""
_SETTINGS = (
    "alpha scale input_scale approximate lambd min_val max_val negative_slope beta threshold value "
    "lower upper training"
)
for _names, _function, _settings in (
    (ACTIVATIONS, unary, _SETTINGS),
    ("logsigmoid rrelu", in_order, _SETTINGS),
    ("sigmoid tanh softsign tanhshrink", smooth, ""),
    ("dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout", dropped, ""),
):
    for _name in _names.split():
        operation(_name, where="f", counted=True, loose=True, harmless=_settings)(_function)

for _name in ("relu", "elu", "celu", "selu", "leaky_relu", "hardtanh", "threshold", "rrelu"):
    FUNCTIONAL[f"{_name}_"] = Operation(f"F.{_name}_", lambda input: unary(input, True),
                                        counted=True, loose=True, harmless=_SETTINGS)  # fmt: skip


@operation("gumbel_softmax", where="f", counted=True, harmless="tau hard eps")
def gumbel_softmax(logits: Tensor, dim: object = -1) -> Tensor:
    """A softmax of numbers with noise."""
    return in_order(logits).mixed(axis_of("gumbel_softmax", dim, logits.ndim, logits.shape))


@operation("renorm", where="tm", harmless="p maxnorm")
def renorm(input: Tensor, dim: object) -> Tensor:
    """What stands at a place of an axis made no longer than so much."""
    if input.ndim < 2:
        raise misfit(f"renorm takes at least 2 dimensions, not {shown(input.shape)}")
    at = axis_of("renorm", dim, input.ndim, input.shape)
    return unary(input).mixed(*(axis for axis in range(input.ndim) if axis != at))


@operation("triu", "tril", where="tm", harmless="diagonal")
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


class Sign(NamedTuple):
    """One of Python's operators, and what torch's functions that do the same are called."""

    sign: str
    torch: str

    @property
    def does(self) -> Callable[..., Number]:
        """What it does to numbers."""
        return BY_SIGN[self.sign].apply  # type: ignore[return-value]

    @property
    def python(self) -> str:
        """What Python's methods for it are called, without their underlines."""
        return BY_SIGN[self.sign].apply.__name__.strip("_")


SIGNS = (
    Sign("+", "add"),
    Sign("-", "sub subtract"),
    Sign("*", "mul multiply"),
    Sign("/", "div divide true_divide"),
    Sign("//", "floor_divide"),
    Sign("%", "remainder"),
    Sign("**", "pow"),
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
        raise misfit("- takes no truth values: ~ turns them round")
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

    def operate(input: object, other: object) -> Tensor:
        return signed(sign, input, other)

    def reflected(input: object, other: object) -> Tensor:
        return signed(sign, other, input)

    def changed(input: Tensor, other: object) -> Tensor:
        return in_place(f"{sign.sign}=", input, signed(sign, input, other))

    if sign.sign not in ("+", "-", "/", "**"):
        operation(*sign.torch.split(), counted=not compared)(operate)
    METHODS[f"__{sign.python}__"] = Operation(sign.sign, operate, counted=True)
    if not compared:
        METHODS[f"__r{sign.python}__"] = Operation(sign.sign, reflected, counted=True)
        METHODS[f"__i{sign.python}__"] = Operation(sign.sign, changed, counted=True)


for _sign in SIGNS:
    _registered(_sign)


def _times(name: str, other: object, alpha: object) -> object:
    if alpha == 1:
        return other
    return combined(name, (other, alpha), operator.mul) if isinstance(other, Tensor) else Unknown(
        f"a number times the alpha of {name}"
    )  # fmt: skip


@operation("add", where="tm", counted=True)
def add(input: object, other: object, alpha: object = 1) -> Tensor:
    """A sum, the second of them times `alpha`."""
    return signed(OF_SIGN["+"], input, _times("add", other, alpha))


@operation("sub", "subtract", where="tm", counted=True)
def sub(input: object, other: object, alpha: object = 1) -> Tensor:
    """A difference, the second of them times `alpha`."""
    return signed(OF_SIGN["-"], input, _times("sub", other, alpha))


@operation("rsub", where="tm")
def rsub(input: object, other: object, alpha: object = 1) -> Tensor:
    """A difference the other way round."""
    return signed(OF_SIGN["-"], other, _times("rsub", input, alpha))


@operation("div", "divide", "true_divide", where="tm", counted=True)
def div(input: object, other: object, rounding_mode: object = None) -> Tensor:
    """A quotient, rounded where a mode says so: whole numbers stay whole then."""
    if rounding_mode is None:
        return signed(OF_SIGN["/"], input, other)
    if rounding_mode not in ("trunc", "floor"):
        raise misfit(f"div rounds by trunc or floor, not by {rounding_mode!r}")
    result = signed(OF_SIGN["//"], input, other)
    if rounding_mode == "trunc":
        result.values = None
    return result


@operation("pow", where="tm", counted=True)
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
            does: Callable[..., Number] | None = None, where: str = "tm") -> None:  # fmt: skip
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

    operation(name, where=where, counted=not compared)(work_out)


_of_two("maximum", does=max)
_of_two("minimum", does=min)
for _name in ("fmax", "fmin"):
    _of_two(_name)
_of_two("fmod", tensors=False)
for _name in ("gcd", "lcm", "nextafter", "igamma", "igammac"):
    _of_two(_name)
for _name in ("atan2", "arctan2", "logaddexp", "logaddexp2", "hypot", "ldexp"):
    _of_two(_name, point=True)
for _name in ("gammainc", "gammaincc"):
    _of_two(_name, where="s")
for _name in ("xlogy", "copysign"):
    _of_two(_name, point=True, tensors=False)
POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w "
    "hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p "
    "shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v "
    "shifted_chebyshev_polynomial_w zeta xlogy xlog1py"
)
"""Functions of torch.special of two numbers."""
for _name in POLYNOMIALS.split():
    _of_two(_name, point=True, tensors=False, where="s")
for _name in ("logical_and", "logical_or", "logical_xor"):
    _of_two(_name, compared=True)


@operation("dist", where="tm", harmless="p")
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


@operation("heaviside", where="tm", counted=True)
def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """Zero, one, or a value at zero."""
    return combined("heaviside", (tensor_of("heaviside", input), tensor_of("heaviside", values)))


@operation("lerp", where="tm", counted=True)
def lerp(input: Tensor, end: Tensor, weight: object) -> Tensor:
    """Numbers between two others."""
    return combined("lerp", (input, end, weight))


@operation("addcmul", "addcdiv", where="tm", counted=True, harmless="value")
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor) -> Tensor:
    """Numbers, and the product or quotient of two others added."""
    return combined("addcmul", (input, tensor1, tensor2))


@operation("where", where="t")
def where(condition: Tensor, input: object = None, other: object = None) -> object:
    """One of two numbers, by a condition."""
    if input is None:
        return Unknown("how many places where() finds depends on the values of a tensor")
    return _where(condition, input, other)


@operation("where", where="m")
def where_(input: Tensor, condition: Tensor, other: object) -> Tensor:
    """A number, or another one where a condition doesn't say so."""
    return _where(condition, input, other)


def _where(condition: Tensor, input: object, other: object) -> Tensor:
    given = [each for each in (condition, input, other) if isinstance(each, Tensor)]
    return elementwise("where", *given, dtype=kind_together((input, other)))


@operation("masked_fill", where="tm", harmless="value")
def masked_fill(input: Tensor, mask: Tensor) -> Tensor:
    """One value where a mask says so, in a tensor whose numbers lie one after the other."""
    if tensor_of("masked_fill", mask).dtype.kind not in ("bool", "any"):
        raise misfit(f"masked_fill takes a mask of truth values, not of {mask.dtype}: .bool() "
                     "would do")  # fmt: skip
    result = elementwise("masked_fill", input, mask, dtype=input.dtype)
    result.strides = None
    return result


# ---------------------------------------------------------------------------------------------
# Of another kind
# ---------------------------------------------------------------------------------------------


def converted(input: Tensor, dtype: DType, memory_format: object = None,
              copy: object = False) -> Tensor:  # fmt: skip
    """Return the same numbers of a kind; the same tensor where it is of it already."""
    strides = formatted(input, memory_format, input.strides)
    stays = input.dtype is dtype or (input.dtype is ANY and dtype is FLOAT32)
    if stays and strides == input.strides and not copy:
        return input if input.dtype is dtype else input.like(dtype, input.values)
    result = input.worked_out(dtype, cast(input.values, dtype))
    result.strides = formatted(input, memory_format, result.strides)
    return result


def _casts(name: str, dtype: DType) -> None:
    @operation(name, where="m")
    def convert(input: Tensor, memory_format: object = None) -> Tensor:
        return converted(input, dtype, memory_format)


for _name, _dtype in {**ALIASES, "bool": BOOL, "bfloat16": DTYPES["bfloat16"]}.items():
    _casts(_name, _dtype)


@operation("cpu", "cuda", "pin_memory", "mps", "retain_grad", "share_memory_", "xpu",
           where="m", loose=True)  # fmt: skip
def moved(input: Tensor, memory_format: object = None) -> Tensor:
    """The same numbers elsewhere."""
    return converted(input, input.dtype, memory_format)


@operation("type", where="m", loose=True)
def type_(input: Tensor, dtype: object = None) -> object:
    """The same numbers of another kind, or the name of their kind."""
    if dtype is None or isinstance(dtype, Unknown):
        return Unknown("the kind of numbers")
    if isinstance(dtype, str):
        dtype = TYPES.get(dtype.rpartition(".")[2])
    if isinstance(dtype, TensorType):
        dtype = dtype.dtype or FLOAT32
    if not isinstance(dtype, (DType, type)):
        raise misfit("type() takes a dtype, or the name of one of torch's types", TypeError)
    return converted(input, dtype_of(dtype, input.dtype))


@operation("type_as", where="m")
def type_as(input: Tensor, other: Tensor) -> Tensor:
    """The same numbers of another tensor's kind."""
    return converted(input, other.dtype)


METHODS["to"] = Operation(
    "to",
    lambda input, *targets, dtype=None, other=None, memory_format=None, copy=False: to(
        input, (*targets, dtype, other), memory_format, copy
    ),
    loose=True,
)


def to(input: Tensor, targets: Sequence[object], memory_format: object = None,
       copy: object = False) -> Tensor:  # fmt: skip
    """The same numbers elsewhere, or of another kind."""
    dtype = input.dtype
    for each in targets:
        if isinstance(each, Tensor):
            dtype = each.dtype
        elif isinstance(each, DType) or (isinstance(each, type) and each in (bool, int, float)):
            dtype = dtype_of(each, dtype)
    return converted(input, dtype, memory_format, copy)
