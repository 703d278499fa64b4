"""Functions of every number alone, or of numbers in the same places."""

from __future__ import annotations

import math
import operator
import struct
from collections.abc import Callable
from typing import Any

from convcalc.layers.base import Batch
from convcalc.network.functions.creating import Dtype
from convcalc.network.functions.registry import (
    FUNCTIONAL,
    METHODS,
    TORCH,
    Operation,
    operation,
)
from convcalc.network.refusals import Raised, Unknown
from convcalc.network.tensors import (
    MOST_VALUES,
    Tensor,
    axis_of,
    elementwise,
    promoted,
    shown,
    with_point,
)

# ---------------------------------------------------------------------------------------------
# Values of small constant tensors, from which models take numbers
# ---------------------------------------------------------------------------------------------

ON_VALUES: dict[str, Callable[[Any], Any]] = {
    "round": round, "floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "abs": abs,
    "log": math.log, "log2": math.log2, "log10": math.log10, "exp": math.exp, "sqrt": math.sqrt,
    "square": lambda v: v * v, "neg": operator.neg, "sin": math.sin, "cos": math.cos,
    "sigmoid": lambda v: 1 / (1 + math.exp(-v)), "tanh": math.tanh,
    "reciprocal": lambda v: 1 / v,
}  # fmt: skip
WITH_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "add": operator.add,
    "sub": operator.sub, "subtract": operator.sub, "mul": operator.mul,
    "multiply": operator.mul, "div": operator.truediv, "divide": operator.truediv,
    "true_divide": operator.truediv, "floor_divide": operator.floordiv, "pow": operator.pow,
    "maximum": max, "minimum": min, "remainder": operator.mod,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def single(value: Any) -> Any:
    """Return a number as float32 keeps it."""
    return struct.unpack("f", struct.pack("f", value))[0] if isinstance(value, float) else value


def values_of(name: str, *operands: Any) -> list[Any] | None:
    """Return the values of a function of small constant tensors and numbers, if they are known."""
    tensors = [each for each in operands if isinstance(each, Tensor)]
    count = max((len(t.values) if t.values is not None else MOST_VALUES + 1) for t in tensors)
    if count > MOST_VALUES:
        return None
    rows = []
    for each in operands:
        if isinstance(each, Tensor):
            if each.values is None or len(each.values) not in (1, count):
                return None
            rows.append(each.values * (count if len(each.values) == 1 else 1))
        elif isinstance(each, (int, float)) and not isinstance(each, Batch):
            rows.append([each] * count)
        else:
            return None
    does: Any = (ON_VALUES if len(rows) == 1 else WITH_NUMBERS).get(name)
    if does is None:
        return None
    try:
        floats = any(t.dtype in ("float", "any") for t in tensors)
        found = [does(*row) for row in zip(*rows, strict=True)]
        return [single(float(v) if floats and not isinstance(v, bool) else v) for v in found]
    except (ArithmeticError, ValueError, TypeError, struct.error):
        return None


def unary(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A function of every number alone."""
    if not isinstance(input, Tensor):
        raise Raised(f"a tensor is needed, not {type(input).__name__}", "TypeError")
    return input if named.get("inplace") is True else input.worked_out()


def smooth(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A function of every number alone that gives no whole ones."""
    result = unary(input)
    result.dtype = with_point(result.dtype)
    return result


def in_order(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A function of every number, whose results lie one after the other."""
    result = unary(input)
    result.strides = None
    return result


def chosen(input: Tensor, tau: Any = 1, hard: Any = False, eps: Any = 1e-10,
           dim: Any = -1) -> Tensor:  # fmt: skip
    """A softmax of numbers with noise."""
    return in_order(input).mixed(axis_of("gumbel_softmax", dim, input.ndim, input.shape))


def shrunk(input: Tensor, p: Any, dim: Any, maxnorm: Any) -> Tensor:
    """What stands at a place of an axis made no longer than so much."""
    at = axis_of("renorm", dim, input.ndim, input.shape)
    return unary(input).mixed(*(axis for axis in range(input.ndim) if axis != at))


def dropped(input: Tensor, p: Any = 0.5, training: Any = True, inplace: Any = False) -> Tensor:
    """Some numbers left out in training; else the same tensor."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        raise Raised(f"{p} is no probability to drop numbers with: 0 to 1 are", "ValueError")
    return unary(input) if training else input


def valued(name: str, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a function that also works out the values of small constant tensors."""

    def work_out(input: Any, *arguments: Any, **named: Any) -> Tensor:
        result = function(input, *arguments, **named)
        operands = (input, *arguments[:1]) if name in WITH_NUMBERS else (input,)
        if any(isinstance(each, Tensor) and each.values for each in operands) and not named:
            result.values = values_of(name, *operands)
            if result.values is not None and len(result.values) != math.prod(result.shape):
                result.values = None
        return result

    return work_out


def triangle(input: Tensor, diagonal: int = 0) -> Tensor:
    """A matrix with zeros on one side of its diagonal."""
    if input.ndim < 2:
        raise Raised(f"a matrix is needed, not {shown(input.shape)}")
    result = input.like()
    result.strides = None
    return result


def truth(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A question about every number."""
    return input.worked_out(dtype="bool")


def binary(input: Any, other: Any = None, *arguments: Any, **named: Any) -> Tensor:
    """A function of two numbers in the same places."""
    operands = (input, named.get("exponent", other), *arguments)
    tensors = [each for each in operands if isinstance(each, Tensor)]
    return elementwise("", *tensors, dtype=promoted(operands))


def divided(input: Any, other: Any, *arguments: Any, **named: Any) -> Tensor:
    """A function of two numbers in the same places that gives no whole ones."""
    result = binary(input, other)
    if named.get("rounding_mode") is None:
        result.dtype = with_point(result.dtype)
    return result


def compared(input: Any, other: Any, *arguments: Any, **named: Any) -> Tensor:
    """A comparison of two numbers in the same places."""
    given = [each for each in (input, other) if isinstance(each, Tensor)]
    return elementwise("comparison", *given, dtype="bool")


UNARY = [
    "abs", "absolute", "neg", "negative", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p",
    "sqrt", "rsqrt", "square", "reciprocal", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
    "cosh", "tanh", "asinh", "acosh", "atanh", "sigmoid", "erf", "erfc", "erfinv", "floor", "ceil",
    "round", "trunc", "frac", "sign", "clamp", "clip", "clamp_min", "clamp_max", "nan_to_num",
    "relu", "digamma", "lgamma", "bernoulli", "dropout", "feature_dropout", "alpha_dropout",
    "logit", "deg2rad", "rad2deg", "bitwise_not", "fill",
]  # fmt: skip
TRUTHS = ["isnan", "isinf", "isfinite", "logical_not", "isneginf", "isposinf", "signbit"]
BINARY = [
    "add", "sub", "subtract", "mul", "multiply", "div", "divide", "true_divide", "floor_divide",
    "pow", "maximum", "minimum", "fmax", "fmin", "fmod", "remainder", "atan2", "logaddexp", "hypot",
    "xlogy", "bitwise_and", "bitwise_or", "bitwise_xor", "lerp", "addcmul", "addcdiv", "rsub",
    "heaviside", "copysign", "float_power",
]  # fmt: skip
COMPARED = [
    "eq", "ne", "gt", "ge", "lt", "le", "greater", "greater_equal", "less", "less_equal",
    "not_equal", "logical_and", "logical_or", "logical_xor", "isclose",
]  # fmt: skip
ACTIVATIONS = [
    "relu", "relu6", "elu", "selu", "celu", "leaky_relu", "rrelu", "gelu", "silu", "mish",
    "hardswish", "hardsigmoid", "hardtanh", "softplus", "softsign", "tanhshrink", "softshrink",
    "hardshrink", "threshold", "logsigmoid", "sigmoid", "tanh", "dropout", "dropout1d", "dropout2d",
    "dropout3d", "alpha_dropout", "feature_alpha_dropout",
]  # fmt: skip

WHOLE = {
    "abs", "absolute", "neg", "negative", "square", "floor", "ceil", "round", "trunc", "frac",
    "sign", "clamp", "clip", "clamp_min", "clamp_max", "nan_to_num", "relu", "bernoulli",
    "dropout", "feature_dropout", "alpha_dropout", "bitwise_not", "fill",
}  # fmt: skip
"""Functions that leave whole numbers whole."""
DIVIDING = {
    "div", "divide", "true_divide", "atan2", "logaddexp", "hypot", "xlogy", "copysign",
    "float_power",
}  # fmt: skip

for _name in UNARY:
    _function = unary if _name in WHOLE else smooth
    _function = valued(_name, _function) if _name in ON_VALUES else _function
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, _function, loose=True)
FUNCTIONAL["gumbel_softmax"] = Operation("F.gumbel_softmax", chosen, counted=True)
for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
    _table["renorm"] = Operation(_prefix + "renorm", shrunk)
for _name in ("triu", "tril"):
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, triangle)
for _name in TRUTHS:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, truth)
for _name in BINARY:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _function = divided if _name in DIVIDING else binary
        _table[_name] = Operation(_prefix + _name, valued(_name, _function), counted=True)
for _name in COMPARED:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, compared)
for _name in ACTIVATIONS:
    _in_order = _name in ("logsigmoid", "rrelu")
    _does = dropped if "dropout" in _name else in_order if _in_order else unary
    if _name in ("sigmoid", "tanh", "softsign", "tanhshrink"):
        _does = smooth
    FUNCTIONAL[_name] = Operation(f"F.{_name}", _does, counted=True, loose=True)
    FUNCTIONAL[f"{_name}_"] = Operation(f"F.{_name}", _does, counted=True, loose=True)


@operation("rsub", where="tm")
def rsub(input: Tensor, other: Any, **named: Any) -> Tensor:
    """A difference the other way round."""
    return binary(other, input)


@operation("where", where="tm")
def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """One of two numbers, by a condition."""
    if input is None:
        return Unknown("how many places where() finds hangs on the values of a tensor")
    given = [each for each in (condition, input, other) if isinstance(each, Tensor)]
    result = elementwise("where", *given)
    result.dtype = promoted((input, other))
    return result


@operation("masked_fill", where="tm")
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """One value where a mask says so, in a tensor whose numbers lie one after the other."""
    result = elementwise("masked_fill", input, mask, dtype=input.dtype)
    result.strides = None
    return result


CASTS = {
    "float": "float", "double": "float", "half": "float", "bfloat16": "float", "long": "int",
    "int": "int", "short": "int", "byte": "int", "char": "int", "bool": "bool", "cfloat": "complex",
}  # fmt: skip


def is_kept(input: Tensor, name: str) -> bool:
    """Return whether a tensor is of this kind already: it is the same tensor then."""
    usual = {"float": "float", "float32": "float", "long": "int", "int64": "int", "bool": "bool"}
    kind = usual.get(name)
    return kind == input.dtype or (kind == "float" and input.dtype == "any")


def _cast(name: str, kind: str) -> Callable[..., Tensor]:
    makes: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "bool": bool}
    does = makes.get(kind, lambda value: value)

    def cast(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
        if is_kept(input, name):
            return input
        values = None if input.values is None else [does(value) for value in input.values]
        return input.worked_out(dtype=kind, values=values)

    return cast


for _name, _kind in CASTS.items():
    METHODS[_name] = Operation(_name, _cast(_name, _kind))


@operation("type", where="m", loose=True)
def type_(input: Tensor, dtype: Any = None, *arguments: Any, **named: Any) -> Any:
    """The same numbers of another kind."""
    return Unknown("the kind of numbers") if dtype is None else to(input, dtype)


@operation("to", "cpu", "cuda", "type_as", "pin_memory", "mps",
           "retain_grad", "share_memory_", "xpu", where="m", loose=True)  # fmt: skip
def to(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """The same numbers elsewhere, or of another kind."""
    for each in (*arguments, *named.values()):
        if isinstance(each, Dtype):
            return (
                input
                if is_kept(input, each.name)
                else input.worked_out(dtype=each.kind, values=input.values)
            )
        if isinstance(each, Tensor):
            return (
                input
                if each.dtype == input.dtype
                else input.worked_out(dtype=each.dtype, values=input.values)
            )
    return input
