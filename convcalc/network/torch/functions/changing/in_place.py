"""The methods that change a tensor in its place."""

from __future__ import annotations

from collections.abc import Callable

from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.creating import FORMATS, cast, formatted
from convcalc.network.torch.functions.paired import in_place
from convcalc.network.torch.functions.registry import (
    Operation,
    check_written,
    operation,
    tensor_of,
)
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING
from convcalc.network.torch.sizes import (
    broadcast,
    same_shape,
    shown,
    sizes_of,
)
from convcalc.network.torch.tensor import METHODS, Tensor
from convcalc.reading.exceptions import NotUnderstood


def _ordered(name: str, low: object, high: object, *, alike: bool) -> None:
    """Raise where a random number can't lie between two that are known."""
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        if low > high or (low == high and not alike):
            raise misfit(f"{name}: there is nothing from {low} to {high}")


@operation("normal_", "bernoulli_", "exponential_", "log_normal_", "cauchy_", "geometric_",
           where="m", loose=True, harmless="mean std p lambd median sigma",
           saves=NOTHING)  # fmt: skip
def refilled(input: Tensor) -> Tensor:
    """A tensor of random numbers now."""
    input.write(None)
    return input


def _between(name: str, most: object, *, alike: bool) -> None:
    """Register a method that fills a tensor with random numbers between two: `from` and `to`."""

    def fill(input: Tensor, *ends: object, **named: object) -> Tensor:
        low, high = {"from": 0, "to": most, **dict(zip(("from", "to"), ends, strict=False)),
                     **named}.values()  # fmt: skip
        if len(ends) + len(named) == 1 and "to" not in named and name == "random_":
            low, high = 0, low
        _ordered(name, low, high, alike=alike)
        return refilled(input)

    made = METHODS[name] = Operation(name, fill, loose=True, saves=NOTHING)
    made.takes = ("input", "from", "to"), frozenset({"input", "from", "to"}), False


_between("uniform_", 1, alike=True)
_between("random_", None, alike=False)


@operation("fill_diagonal_", where="m", harmless="wrap", saves=NOTHING)
def fill_diagonal_(input: Tensor, fill_value: object) -> Tensor:
    """A tensor whose diagonal is one number now."""
    cube = input.ndim == 2 or len({*input.shape}) == 1
    if input.ndim < 2 or not cube or isinstance(fill_value, complex):
        raise misfit(
            f"fill_diagonal_ takes a matrix, or axes of one size, not {shown(input.shape)}"
        )
    return refilled(input)


@operation("zero_", where="m", saves=NOTHING)
def zero_(input: Tensor) -> Tensor:
    """A tensor whose numbers are zero now."""
    return fill_(input, 0)


@operation("fill_", where="m", loose=True, saves=NOTHING)
def fill_(input: Tensor, value: object) -> Tensor:
    """A tensor whose numbers are all one now."""
    if isinstance(value, Tensor) and value.shape:
        raise misfit(f"fill_ takes a single number, not {shown(value.shape)}")
    known = input.values is not None and isinstance(value, (int, float))
    input.write(cast([value] * len(input.values or ()), input.dtype) if known else None)  # type: ignore[list-item]
    return input


@operation("copy_", where="m", saves=NOTHING)
def copy_(input: Tensor, other: object) -> Tensor:
    """A tensor whose numbers are another's now, or all one."""
    if isinstance(other, (int, float)):
        return fill_(input, other)
    other = tensor_of("copy_", other)
    together = broadcast("copy_", input.shape, other.shape)
    if not same_shape(together, input.shape):
        raise misfit(f"copy_: {shown(other.shape)} can't be put into {shown(input.shape)}")
    alike = same_shape(other.shape, input.shape)
    check_written("copy_", input)
    input.write(cast(other.values, input.dtype) if alike else None)
    input.fields, input.fed = other.fields if alike else (None,) * input.ndim, other.fed
    return input


@operation("resize_", where="m", saves=CONSTANT)
def resize_(input: Tensor, *sizes: object, memory_format: object = None) -> Tensor:
    """A tensor that has other sizes now, and other numbers where it has more of them."""
    made = Tensor(sizes_of("resize_", sizes), input.dtype, fed=input.fed)
    if memory_format is not None and memory_format is FORMATS["preserve_format"]:
        raise misfit("resize_ takes no preserve_format")
    made.strides = formatted(made, memory_format, None)
    return input.become(made)


@operation("set_", where="m", saves=NOTHING)
def set_(input: Tensor, source: object = None, storage_offset: object = 0, size: object = None,
         stride: object = None) -> Tensor:  # fmt: skip
    """A tensor that is another now."""
    if size is not None or stride is not None or storage_offset != 0 or source is None:
        raise NotUnderstood("set_() of a part of a storage isn't followed")
    if tensor_of("set_", source).dtype != input.dtype:
        raise misfit(f"set_: {source!r} isn't of {input.dtype}")
    return input.become(tensor_of("set_", source))


CHANGING = (
    "abs absolute acos acosh add addcdiv addcmul addmm addmv addr angle arccos arccosh arcsin "
    "arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh conj_physical fix gcd i0 igamma "
    "igammac index_reduce lcm ldexp mvlgamma nextafter sgn sinc "
    "baddbmm bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift "
    "bitwise_xor ceil clamp clamp_max clamp_min clip copysign cos cosh cumprod cumsum deg2rad "
    "digamma div divide eq erf erfc erfinv exp exp2 expm1 float_power floor floor_divide fmod "
    "frac ge greater greater_equal gt heaviside hypot index_add index_copy index_fill le lerp "
    "less less_equal lgamma log log10 log1p log2 logical_and logical_not logical_or logical_xor "
    "logit lt masked_fill masked_scatter mul multiply nan_to_num ne neg negative not_equal pow "
    "rad2deg reciprocal relu remainder renorm round rsqrt scatter scatter_add scatter_reduce "
    "sigmoid sign sin sinh sqrt square sub subtract tan tanh tril triu true_divide trunc xlogy"
)
"""Methods that also change a tensor in its place, which keeps its shape and kind."""
UNGRADED = "acosh arccosh arcsinh arctanh asinh atanh".split()
"""Those of which no gradient is known where they change a tensor in its place."""
RESHAPING = "addbmm as_strided squeeze unsqueeze t transpose swapaxes swapdims"
"""Methods that also give a tensor another shape in its place."""


def _in_its_place(name: str, reshapes: bool) -> None:
    base = METHODS[name]
    if not isinstance(base, Operation):
        return
    function: Callable[..., object] = base.function

    def change(input: Tensor, *arguments: object, **named: object) -> Tensor:
        if name == "float_power" and input.dtype.name not in ("float64", "complex128"):
            raise misfit(f"float_power_ makes numbers in double precision of {input.dtype}, which "
                         "stays")  # fmt: skip
        if input.dtype.kind == "complex" and name in ("abs", "absolute"):
            raise misfit(f"{name}_ makes real numbers of {input.dtype}, which stays")
        if named.get("dtype") not in (None, input.dtype):
            raise misfit(f"{name}_ keeps {input.dtype}: it takes no other dtype")
        if name.startswith(("scatter", "index_")) and any(each is input for each in arguments):
            raise NotUnderstood(f"{name}_() of a tensor into itself isn't followed")
        result = tensor_of(name, function(input, *arguments, **named))
        if reshapes:
            input.shape, input.strides, input.fields = result.shape, result.strides, result.fields
        else:
            in_place(f"{name}_", input, result)
        input.work = result.work
        return input

    METHODS[f"{name}_"] = Operation(
        f"{name}_", change, counted=base.counted, loose=base.loose, in_place=True,
        harmless=base.harmless, like=base,
        saves=NOTHING if name in UNGRADED else base.saves,
    )  # fmt: skip


for _name in CHANGING.split():
    _in_its_place(_name, reshapes=False)
for _name in RESHAPING.split():
    _in_its_place(_name, reshapes=True)


@operation("detach_", where="m", saves=CONSTANT)
def detach_(input: Tensor) -> Tensor:
    """The tensor, of which no gradient is needed any more; it isn't a view of another."""
    if input.strides is not None:
        raise NotUnderstood("whether detach_() takes a tensor that isn't contiguous isn't followed")
    input.requires_grad = False
    return input
