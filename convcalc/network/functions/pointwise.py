"""Functions of every number alone, or of numbers in the same places."""

from __future__ import annotations

from typing import Any

from convcalc.network.functions.creating import Dtype
from convcalc.network.functions.registry import (
    FUNCTIONAL,
    METHODS,
    TORCH,
    Operation,
    operation,
)
from convcalc.network.refusals import Raised
from convcalc.network.tensors import MOST_VALUES, Tensor, broadcast, elementwise


def unary(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A function of every number alone."""
    if not isinstance(input, Tensor):
        raise Raised(f"a tensor is needed, not {type(input).__name__}", "TypeError")
    return input.like()


def truth(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A question about every number."""
    return input.like(dtype="bool")


def binary(input: Any, other: Any, *arguments: Any, **named: Any) -> Tensor:
    """A function of two numbers in the same places."""
    return elementwise("", *(each for each in (input, other) if isinstance(each, Tensor)))


def compared(input: Any, other: Any, *arguments: Any, **named: Any) -> Tensor:
    """A comparison of two numbers in the same places."""
    given = [each for each in (input, other) if isinstance(each, Tensor)]
    return elementwise("comparison", *given, dtype="bool")


UNARY = (
    "abs absolute neg negative exp exp2 expm1 log log2 log10 log1p sqrt rsqrt square reciprocal "
    "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid erf erfc erfinv floor "
    "ceil round trunc frac sign clamp clip clamp_min clamp_max nan_to_num relu digamma lgamma "
    "bernoulli dropout feature_dropout alpha_dropout logit deg2rad rad2deg bitwise_not "
    "cumsum cumprod triu tril flip flipud fliplr roll softmax log_softmax fill detach clone "
    "contiguous rot90 renorm normal_ uniform_ hardshrink"
).split()
TRUTHS = "isnan isinf isfinite logical_not isneginf isposinf signbit".split()
BINARY = (
    "add sub subtract mul multiply div divide true_divide floor_divide pow maximum minimum fmax "
    "fmin fmod remainder atan2 logaddexp hypot xlogy bitwise_and bitwise_or bitwise_xor "
    "lerp addcmul addcdiv rsub heaviside copysign float_power"
).split()
COMPARED = (
    "eq ne gt ge lt le greater greater_equal less less_equal not_equal logical_and logical_or "
    "logical_xor isclose"
).split()
ACTIVATIONS = (
    "relu relu6 elu selu celu leaky_relu rrelu gelu silu mish hardswish hardsigmoid hardtanh "
    "softplus softsign tanhshrink softshrink hardshrink threshold logsigmoid sigmoid tanh "
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout normalize "
    "gumbel_softmax softmin"
).split()

for _name in UNARY:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, unary, loose=True)
for _name in TRUTHS:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, truth)
for _name in BINARY:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, binary, counted=True)
for _name in COMPARED:
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, compared)
for _name in ACTIVATIONS:
    FUNCTIONAL[_name] = Operation(f"F.{_name}", unary, counted=True, loose=True)
    FUNCTIONAL[f"{_name}_"] = Operation(f"F.{_name}", unary, counted=True, loose=True)


@operation("where", where="tm")
def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """One of two numbers, by a condition."""
    if input is None:
        return None
    given = [each for each in (condition, input, other) if isinstance(each, Tensor)]
    values = [each for each in (input, other) if isinstance(each, Tensor)]
    result = elementwise("where", *given)
    if values:
        result.dtype = values[0].dtype
    return result


@operation("masked_fill", where="tm")
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """One value where a mask says so."""
    shape = broadcast("masked_fill", input.shape, mask.shape)
    if len(shape) == input.ndim and shape == input.shape:
        return input.like()
    return elementwise("masked_fill", input, mask, dtype=input.dtype)


CASTS = {
    "float": "float", "double": "float", "half": "float", "bfloat16": "float", "long": "int",
    "int": "int", "short": "int", "byte": "int", "char": "int", "bool": "bool", "cfloat": "complex",
}  # fmt: skip
for _name, _kind in CASTS.items():
    METHODS[_name] = Operation(
        _name, lambda input, *a, _kind=_kind, **n: input.like(dtype=_kind, values=input.values)
    )


@operation("to", "type", "cpu", "cuda", "type_as", "requires_grad_", "pin_memory", "mps",
           "retain_grad", "share_memory_", "xpu", where="m")  # fmt: skip
def to(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """The same numbers elsewhere, or of another kind."""
    for each in (*arguments, *named.values()):
        if isinstance(each, Dtype):
            return input.like(dtype=each.kind, values=input.values)
        if isinstance(each, Tensor):
            return input.like(dtype=each.dtype, values=input.values)
    return input


def scaled(input: Tensor, sign: str, other: Any, reflected: bool) -> list[Any] | None:
    """Return the values of a small constant tensor after an operator with a number."""
    if input.values is None or len(input.values) > MOST_VALUES:
        return None
    if isinstance(other, Tensor):
        if other.values is None or len(other.values) != len(input.values):
            return None
        others = other.values
    elif isinstance(other, (int, float)):
        others = [other] * len(input.values)
    else:
        return None
    does = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
        "/": lambda a, b: a / b, "//": lambda a, b: a // b, "%": lambda a, b: a % b,
    }.get(sign)  # fmt: skip
    if does is None:
        return None
    pairs = zip(input.values, others, strict=True)
    try:
        return [does(b, a) if reflected else does(a, b) for a, b in pairs]
    except (ZeroDivisionError, OverflowError, TypeError):
        return None
