"""The attributes of a tensor, and the methods that change it in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions import algebra, indexing, joining, shaping  # noqa: F401  # methods
from convcalc.network.torch.functions.as_layers import activations  # noqa: F401  # theirs too
from convcalc.network.torch.functions.creating import cast
from convcalc.network.torch.functions.pointwise import in_place
from convcalc.network.torch.functions.registry import Operation, operation, tensor_of
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING
from convcalc.network.torch.sizes import Size, broadcast, same_shape, shown, sizes_of
from convcalc.network.torch.tensor import ATTRIBUTES, METHODS, SETTERS, Parameter, Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Unknown, Value


class Device(Value):
    """Where a tensor is."""

    __slots__ = ("index", "type")

    def __init__(self, type: str, index: int | None = None) -> None:
        self.type = type
        self.index = index

    def get(self, name: str) -> object:
        """Return its type or its index."""
        if name in ("type", "index"):
            return getattr(self, name)
        return super().get(name)

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Device) and (self.type, self.index) == (other.type, other.index)
        return same

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __repr__(self) -> str:
        return f"device(type={self.type!r})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"


DEVICE = Device("cpu")
"""Where all tensors are, since none is anywhere."""


def _turned(tensor: Tensor) -> object:
    last = tensor.ndim - 1
    return shaping.permute(tensor, *range(last - 1), last, last - 1) if last > 0 else tensor


def _conjugate(tensor: Tensor) -> object:
    if tensor.ndim not in (0, 2):
        raise misfit(f"H takes a matrix, not {shown(tensor.shape)}")
    return _turned(tensor)


ATTRIBUTES.update({
    "shape": lambda tensor: Size(tensor.shape),
    "ndim": lambda tensor: tensor.ndim,
    "dtype": lambda tensor: tensor.dtype,
    "itemsize": lambda tensor: tensor.dtype.itemsize,
    "nbytes": lambda tensor: shaping.numel(tensor) * tensor.dtype.itemsize,
    "requires_grad": lambda tensor: tensor.requires_grad,
    "T": lambda tensor: shaping.permute(tensor, *range(tensor.ndim)[::-1]),
    "mT": _turned,
    "H": _conjugate,
    "data": lambda tensor: tensor if isinstance(tensor, Parameter) else shaping.detach(tensor),
    "real": lambda tensor: shaping.real(tensor),
    "imag": lambda tensor: shaping.real(tensor),
    "device": lambda tensor: DEVICE,
    "layout": lambda tensor: Unknown("the layout"),
    "is_leaf": lambda tensor: True,
    "grad": lambda tensor: None,
    "grad_fn": lambda tensor: None,
})  # fmt: skip
for _name in ("cuda", "sparse", "quantized", "mps", "xpu", "meta", "nested"):
    ATTRIBUTES[f"is_{_name}"] = lambda tensor: False


def _set_requires_grad(tensor: Tensor, value: object) -> None:
    if isinstance(value, Unknown):
        raise NotUnderstood(f"whether it is trained isn't known: {value.why}")
    tensor.requires_grad = bool(value)


def _set_data(tensor: Tensor, value: object) -> None:
    if not isinstance(value, Tensor):
        raise NotUnderstood("a tensor's data is set to what isn't a tensor")
    if not same_shape(value.shape, tensor.shape):
        raise NotUnderstood("a parameter's data of another shape isn't followed")
    tensor.dtype, tensor.values = value.dtype, value.values


def _set_grad(tensor: Tensor, value: object) -> None:
    """Set a gradient, of which nothing is followed."""


SETTERS.update({"requires_grad": _set_requires_grad, "data": _set_data, "grad": _set_grad})


@operation("requires_grad_", where="m", saves=CONSTANT)
def requires_grad_(input: Tensor, requires_grad: object = True) -> Tensor:
    """The tensor, which is learnt or isn't."""
    _set_requires_grad(input, requires_grad)
    return input


@operation("backward", "register_hook", "retain_grad", where="m", harmless="gradient retain_graph "
           "create_graph inputs hook", saves=CONSTANT)  # fmt: skip
def backward(input: Tensor) -> None:
    """What trains changes no shape."""
    tensor_of("backward", input)


@operation("numpy", where="m", harmless="force", saves=CONSTANT)
def numpy(input: Tensor) -> Unknown:
    """NumPy's arrays aren't followed."""
    return Unknown(f"numpy's array of {shown(input.shape)} isn't followed")


# ---------------------------------------------------------------------------------------------
# In its place
# ---------------------------------------------------------------------------------------------


Settings = dict[str, object]
Meant = Callable[[Settings], bool]


def _within(name: str, least: float, most: float = inf, *, ends: bool = False) -> Meant:
    """Return what asks whether a setting, if it is known, lies between two numbers, or at them."""

    def asked(settings: Settings) -> bool:
        value = settings.get(name)
        if not isinstance(value, (int, float)):
            return True
        return least < value < most or (ends and value in (least, most))

    return asked


def _in_order(settings: Settings) -> bool:
    low, high = settings.get("from", 0), settings.get("to", 1)
    return not isinstance(low, (int, float)) or not isinstance(high, (int, float)) or low <= high


FILLING: dict[str, tuple[str, Meant | None]] = {
    "normal_": ("mean std", _within("std", 0, ends=True)), "uniform_": ("from to", _in_order),
    "random_": ("from to", None), "bernoulli_": ("p", _within("p", 0, 1, ends=True)),
    "exponential_": ("lambd", _within("lambd", 0)), "log_normal_": ("mean std", _within("std", 0)),
    "cauchy_": ("median sigma", _within("sigma", 0)), "geometric_": ("p", _within("p", 0, 1)),
    "fill_diagonal_": ("fill_value wrap", None),
}  # fmt: skip
"""Methods that fill a tensor with numbers: their settings, and which of these have a meaning."""


def _fills(name: str, settings: Sequence[str], meant: Meant | None) -> None:
    @operation(name, where="m", loose=True, saves=NOTHING)
    def fill(input: Tensor, *arguments: object, **named: object) -> Tensor:
        if meant and not meant({**dict(zip(settings, arguments, strict=False)), **named}):
            raise misfit(f"{name} isn't possible with these numbers")
        input.values = None
        return input

    made = METHODS[name]
    assert isinstance(made, Operation)
    made.takes = ("input", *settings), frozenset({"input", *settings}), False


for _name, (_settings, _meant) in FILLING.items():
    _fills(_name, _settings.split(), _meant)


@operation("zero_", where="m", saves=NOTHING)
def zero_(input: Tensor) -> Tensor:
    """A tensor whose numbers are zero now."""
    return fill_(input, 0)


@operation("fill_", where="m", loose=True, saves=NOTHING)
def fill_(input: Tensor, value: object) -> Tensor:
    """A tensor whose numbers are all one now."""
    known = input.values is not None and isinstance(value, (int, float))
    input.values = cast([value] * len(input.values or ()), input.dtype) if known else None  # type: ignore[list-item]
    return input


@operation("copy_", where="m", saves=NOTHING)
def copy_(input: Tensor, other: Tensor) -> Tensor:
    """A tensor whose numbers are another's now."""
    together = broadcast("copy_", input.shape, tensor_of("copy_", other).shape)
    if not same_shape(together, input.shape):
        raise misfit(f"copy_: {shown(other.shape)} can't be put into {shown(input.shape)}")
    alike = same_shape(other.shape, input.shape)
    input.values = cast(other.values, input.dtype) if alike else None
    input.fields, input.fed = other.fields if alike else (None,) * input.ndim, other.fed
    return input


@operation("resize_", where="m", harmless="memory_format", saves=CONSTANT)
def resize_(input: Tensor, *sizes: object) -> Tensor:
    """A tensor that has other sizes now, and other numbers where it has more of them."""
    return input.become(Tensor(sizes_of("resize_", sizes), input.dtype, fed=input.fed))


@operation("set_", where="m", saves=CONSTANT)
def set_(input: Tensor, source: Tensor) -> Tensor:
    """A tensor that is another now."""
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
RESHAPING = "addbmm as_strided squeeze unsqueeze t transpose swapaxes swapdims"
"""Methods that also give a tensor another shape in its place."""


def _in_its_place(name: str, reshapes: bool) -> None:
    base = METHODS[name]
    if not isinstance(base, Operation):
        return
    function: Callable[..., object] = base.function

    def change(input: Tensor, *arguments: object, **named: object) -> Tensor:
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
        saves=NOTHING if reshapes and base.saves is None else base.saves,
    )  # fmt: skip


for _name in CHANGING.split():
    _in_its_place(_name, reshapes=False)
for _name in RESHAPING.split():
    _in_its_place(_name, reshapes=True)


@operation("detach_", where="m", saves=CONSTANT)
def detach_(input: Tensor) -> Tensor:
    """The tensor, of which no gradient is needed any more."""
    input.requires_grad = False
    return input
