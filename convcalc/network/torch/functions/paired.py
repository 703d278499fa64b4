"""Functions of numbers in the same places of several tensors; Python's operators too."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

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
from convcalc.network.torch.functions.pointwise import single_value, values_of
from convcalc.network.torch.functions.registry import (
    Operation,
    check_written,
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
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import axis_of, broadcast, same, same_shape, shown
from convcalc.network.torch.strides import iterated_strides
from convcalc.network.torch.tensor import (
    METHODS,
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
    saves: Rule | Steps = NOTHING
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
    check_written(name, tensor)
    if rank(result.dtype) > rank(tensor.dtype) and "any" not in (result.dtype.kind,
                                                                 tensor.dtype.kind):  # fmt: skip
        raise misfit(f"{name} would make {result.dtype} of {tensor.dtype}, which stays")
    values, fields, fed = cast(result.values, tensor.dtype), result.fields, result.fed
    tensor.write(values)
    tensor.fields, tensor.fed, tensor.work = fields, fed, result.work
    return tensor


OF_SIGN = {sign.sign: sign for sign in SIGNS}


def _reciprocal_times(input: Tensor, other: object) -> Tensor:
    """Divide something by a tensor, as its own method for it does."""
    return do("mul", do("reciprocal", input), other)


def _registered(sign: Sign) -> None:
    """Register an operator under Python's names, and torch's where it takes no more arguments."""
    compared = sign.sign in COMPARISONS

    rule = sign.saves
    backwards = rule
    if sign.sign == "/":
        backwards = Steps(_reciprocal_times)
    elif sign.sign == "%":  # of a number by a tensor no gradient is known
        backwards = Steps(lambda input, other: (
            do("remainder", other, input) if isinstance(other, Tensor) else None
        ))  # fmt: skip
    elif isinstance(rule, str):
        turned = {"input": "other", "other": "input"}
        backwards = " ".join(
            "/".join(turned[each] for each in word.split("/")) for word in rule.split()
        )
    elif not isinstance(rule, Steps):

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


def _in_double(input: object, exponent: object) -> Tensor:
    """Take a power of numbers in double precision."""
    double = _double(input, exponent)
    both = (do("to", each, double) if isinstance(each, Tensor) else each
            for each in (input, exponent))  # fmt: skip
    made = METHODS["pow"](*both)
    assert isinstance(made, Tensor)
    return made


def _double(*operands: object) -> DType:
    kind = kind_together(operands).kind
    return DTYPES["complex128" if kind == "complex" else "float64"]


@operation("float_power", where="tm", counted=True, saves=Steps(_in_double))
def float_power(input: object, exponent: object) -> Tensor:
    """A power of numbers in double precision."""
    return combined("float_power", (input, exponent), dtype=_double(input, exponent))


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
_of_two("ldexp", point=True, saves="other/input result")
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
    _of_two(_name, point=True, tensors=False, where="s",
            saves=OF_POLYNOMIALS.get(_name, CONSTANT))  # fmt: skip
for _name in ("logical_and", "logical_or", "logical_xor"):
    _of_two(_name, compared=True, saves=CONSTANT)


@operation("dist", where="tm", harmless="p", saves="input other result")
def dist(input: Tensor, other: Tensor) -> Tensor:
    """How far two tensors are from one another."""
    together = combined("dist", (tensor_of("dist", input), tensor_of("dist", other)))
    if not together.dtype.has_point and together.dtype.kind != "any":
        raise misfit("dist takes no whole numbers: .float() before it would do")
    return Tensor((), REAL.get(together.dtype, together.dtype), fed=together.fed)


@operation("isclose", where="tm", harmless="rtol atol equal_nan", saves=CONSTANT)
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
    single_value("masked_fill", value)
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
