"""Activations and dropouts, which change no shape, but for GLU.

Where layers differ in their arguments alone, each is a line: its name and an `__init__` that
several share.
Source: https://pytorch.org/docs/stable/nn.html#non-linear-activations-weighted-sum-nonlinearity
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from convcalc.formulas import ConvcalcError, whole
from convcalc.layers.base import (
    BROKEN,
    IN_PLACE,
    POINTWISE,
    STAY,
    WORKED_OUT,
    Companion,
    Layer,
    Output,
    Reach,
    Shape,
    dimension,
    misfit,
    number,
    one_of,
)


class Pointwise(Layer):
    """A layer that works value by value."""

    memory = POINTWISE
    saves: str | None = "input"


class InOrder(Layer):
    """A layer that works value by value, whose output lies one after the other."""

    saves = "input"


def _layer(
    name: str,
    init: Callable[..., None],
    base: type[Layer] = Pointwise,
    of_whole: str = "",
    *,
    saves: str | None = None,
    in_place: str = "",
    another: bool = False,
) -> type[Layer]:
    """Return the class of a layer that works value by value, made by `init`.

    `another` is whether it keeps numbers besides, as many as come in.
    """
    names: dict[str, object] = {
        "of_whole": of_whole or base.of_whole, "saves": base.saves if saves is None else saves,
        "saves_in_place": in_place, "__doc__": f"{name}.", "__module__": __name__,
    }  # fmt: skip
    if another:
        names["companions"] = _as_many
    return type(name, (base,), {"__init__": init, **names})


def _as_many(self: Layer, *inputs: Shape, training: bool) -> Sequence[Companion]:
    return [Companion(inputs[0], "real" if self.name == "Softsign" else "float32")]


def _nothing(self: Layer) -> None:
    self._keep()


def _inplace(self: Layer, inplace: bool = False) -> None:
    self._keep(inplace=inplace)


def _alpha(self: Layer, alpha: float = 1.0, inplace: bool = False) -> None:
    number("alpha", alpha)
    self._keep(alpha=alpha, inplace=inplace)


def _nonzero_alpha(self: Layer, alpha: float = 1.0, inplace: bool = False) -> None:
    _alpha(self, alpha, inplace)
    if not alpha:
        raise ConvcalcError("0 would divide by zero", "alpha")


def _lambd(self: Layer, lambd: float = 0.5) -> None:
    number("lambd", lambd)
    self._keep(lambd=lambd)


def _positive_lambd(self: Layer, lambd: float = 0.5) -> None:
    _lambd(self, lambd)
    if lambd < 0:
        raise ConvcalcError(f"{lambd} is below 0", "lambd")


def _approximate(self: Layer, approximate: str = "none") -> None:
    one_of("approximate", approximate, ("none", "tanh"))
    self._keep(approximate=approximate)


def _between(
    self: Layer,
    min_val: float = -1.0,
    max_val: float = 1.0,
    inplace: bool = False,
    min_value: float | None = None,
    max_value: float | None = None,
) -> None:
    low = min_val if min_value is None else min_value  # the names that it had before
    high = max_val if max_value is None else max_value
    number("min_val", low)
    number("max_val", high)
    if high <= low:
        raise ConvcalcError(f"{high} is not above min_val {low}", "max_val")
    self._keep(min_val=low, max_val=high, inplace=inplace)


def _to_six(self: Layer, inplace: bool = False) -> None:
    _between(self, 0.0, 6.0, inplace)


def _slope(self: Layer, negative_slope: float = 0.01, inplace: bool = False) -> None:
    number("negative_slope", negative_slope)
    self._keep(negative_slope=negative_slope, inplace=inplace)


def _bounds(self: Layer, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
    number("lower", lower)
    number("upper", upper)
    if lower > upper:
        raise ConvcalcError(f"{lower} is above upper {upper}", "lower")
    self._keep(lower=lower, upper=upper, inplace=inplace)


def _soft(self: Layer, beta: float = 1.0, threshold: float = 20.0) -> None:
    number("beta", beta)
    number("threshold", threshold)
    self._keep(beta=beta, threshold=threshold)


def _threshold(self: Layer, threshold: float, value: float, inplace: bool = False) -> None:
    number("threshold", threshold)
    number("value", value)
    self._keep(threshold=threshold, value=value, inplace=inplace)


CELU = _layer("CELU", _nonzero_alpha, in_place="result")
ELU = _layer("ELU", _alpha, in_place="result")
GELU = _layer("GELU", _approximate)
Hardshrink = _layer("Hardshrink", _lambd)
Hardsigmoid = _layer("Hardsigmoid", _inplace)
Hardswish = _layer("Hardswish", _inplace)
Hardtanh = _layer("Hardtanh", _between, of_whole=WORKED_OUT)
LeakyReLU = _layer("LeakyReLU", _slope, in_place="result")
LogSigmoid = _layer("LogSigmoid", _nothing, InOrder, another=True)
Mish = _layer("Mish", _inplace)
RReLU = _layer("RReLU", _bounds, InOrder, another=True, in_place="result")
ReLU = _layer("ReLU", _inplace, of_whole=WORKED_OUT, saves="result")
ReLU6 = _layer("ReLU6", _to_six, Hardtanh)
SELU = _layer("SELU", _inplace, in_place="result")
SiLU = _layer("SiLU", _inplace)
Sigmoid = _layer("Sigmoid", _nothing, of_whole=BROKEN, saves="result")
Softplus = _layer("Softplus", _soft)
Softshrink = _layer("Softshrink", _positive_lambd)
Softsign = _layer("Softsign", _nothing, of_whole=BROKEN, another=True)
Tanh = _layer("Tanh", _nothing, of_whole=BROKEN, saves="result")
Tanhshrink = _layer("Tanhshrink", _nothing, of_whole=BROKEN, saves="", another=True)
Threshold = _layer("Threshold", _threshold, of_whole=WORKED_OUT)


class GLU(Pointwise):
    """A gated linear unit, which halves one dimension."""

    dim: int

    def __init__(self, dim: int = -1) -> None:
        self._keep(dim=dim)

    def output(self, input: Shape) -> Output:
        """Return the shape with half of the dimension."""
        at = dimension("dim", self.dim, input)
        if not input or input[at] % 2:
            raise misfit(f"an even size in dimension {self.dim}, which it halves", input)
        return (*input[:at], input[at] // 2, *input[at + 1 :])

    def reach(self, input: Shape) -> Reach:
        """Return None for the dimension that it halves."""
        at = dimension("dim", self.dim, input)
        return tuple(None if i == at else IN_PLACE for i in range(len(input)))


class PReLU(Pointwise):
    """PReLU, whose slope is shared or learnt per channel of (b, c, …)."""

    num_parameters: int

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        self._keep(num_parameters=whole("num_parameters", num_parameters, 1), init=init)

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        channels = input[1] if len(input) > 1 else 1
        if self.num_parameters not in (1, channels):
            raise misfit(f"{self.num_parameters:,} channels", input)
        return input

    def parameters(self) -> dict[str, Shape | None]:
        """Return the slopes."""
        return {"weight": (self.num_parameters,)}


class SoftmaxOver(Layer):
    """What the softmaxes share: they look over one dimension."""

    dim: int | None
    saves = "result"

    def __init__(self, dim: int | None = None) -> None:
        self._keep(dim=dim)

    def _at(self, input: Shape) -> int:
        dim = self.dim
        if dim is None:  # PyTorch's choice, with a warning
            dim = 0 if len(input) in (0, 1, 3) else 1
        return dimension("dim", dim, input)

    def output(self, input: Shape) -> Output:
        """Return the shape as it is; the dimension has to be there."""
        self._at(input)
        return input

    def reach(self, input: Shape) -> Reach:
        """Return None for the dimension that it looks over."""
        at = self._at(input)
        return tuple(None if i == at else IN_PLACE for i in range(len(input)))

    def notes(self, input: Shape) -> list[str]:
        """Return which dimension it is where none is named."""
        if self.dim is not None:
            return []
        return [f"No dim is named: PyTorch warns, and takes {self._at(input)}."]


class Softmax(SoftmaxOver):
    """A softmax over one dimension."""


class LogSoftmax(SoftmaxOver):
    """The logarithm of a softmax over one dimension."""


class Softmin(SoftmaxOver):
    """A softmax of the negative values over one dimension."""


class Softmax2d(Layer):
    """A softmax over the channels of (b, c, h, w) or (c, h, w)."""

    saves = "result"

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if len(input) not in (3, 4):
            raise misfit("channels × height × width", input)
        return input

    def reach(self, input: Shape) -> Reach:
        """Return None for the channels, over which it looks."""
        return (*(IN_PLACE,) * (len(input) - 3), None, IN_PLACE, IN_PLACE)


class DropoutBase(Pointwise):
    """What the dropouts share: a probability."""

    of_whole = STAY
    saves = ""
    p: float
    whole_channels = False
    """Whether channels are left out as a whole."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        number("p", p)
        if not 0 <= p <= 1:
            raise ConvcalcError(f"{p} is not a probability, from 0 to 1", "p")
        self._keep(p=p, inplace=inplace)

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the noise that it multiplies by: a number each, or each channel."""
        input = inputs[0]
        if not training or not self.p:
            return []
        if self.p == 1:
            return [Companion(())]
        batched = len(input) > getattr(self, "ndim", 0) + 1
        return [Companion(input[: 1 + batched] if self.whole_channels else input)]


class Dropout(DropoutBase):
    """Leaves out values."""


class Dropout1d(DropoutBase):
    """Leaves out whole channels of (b, c, length) or (c, length)."""

    whole_channels = True
    ndim = 1

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if len(input) not in (2, 3):
            raise misfit("channels × length", input)
        return input


class Dropout2d(DropoutBase):
    """Leaves out whole channels of (b, c, …)."""

    whole_channels = True


class Dropout3d(DropoutBase):
    """Leaves out whole channels of (b, c, …)."""

    whole_channels = True
    ndim = 3


class AlphaDropout(DropoutBase):
    """Leaves out values, and keeps mean and variance."""


class FeatureAlphaDropout(DropoutBase):
    """Leaves out whole channels, and keeps mean and variance."""

    whole_channels = True
