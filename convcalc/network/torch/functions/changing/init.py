"""torch.nn.init: what fills tensors with numbers, which leaves their shapes as they are.

Source: https://docs.pytorch.org/docs/stable/nn.init.html
"""

from __future__ import annotations

from math import sqrt

from convcalc.layers.base import volume
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.creating import cast
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.values import MISSING, Library, Needed, Unknown, Value

FILLING = {
    "uniform_": "a b generator", "normal_": "mean std generator", "ones_": "", "zeros_": "",
    "trunc_normal_": "mean std a b generator", "constant_": "val", "eye_": "", "dirac_": "groups",
    "xavier_uniform_": "gain generator", "xavier_normal_": "gain generator",
    "kaiming_uniform_": "a mode nonlinearity generator",
    "kaiming_normal_": "a mode nonlinearity generator",
    "orthogonal_": "gain generator", "sparse_": "sparsity std generator",
}  # fmt: skip
"""The functions that fill a tensor, with their other arguments, on which no shape depends."""
NEEDED = {"constant_": "val", "sparse_": "sparsity"}
"""The arguments besides the tensor that have no default."""
PLAIN = {"constant_": None, "ones_": 1, "zeros_": 0, "eye_": None, "dirac_": None}
"""Those that fill with numbers which aren't random, and whole numbers, too; with which, if any."""
AXES = {"eye_": (2,), "sparse_": (2,), "dirac_": (3, 4, 5)}
"""How many axes a tensor may have that they fill."""


class Filling(Value):
    """A function that fills a tensor, and returns it."""

    __slots__ = ("name", "takes")

    def __init__(self, name: str) -> None:
        self.name = name
        self.takes = ("tensor", *FILLING[name].split())

    def get(self, name: str) -> object:
        """Return its name."""
        return self.name if name in ("__name__", "__qualname__") else super().get(name)

    def __repr__(self) -> str:
        return f"nn.init.{self.name}"

    def __call__(self, *arguments: object, **named: object) -> object:
        """Return the tensor, whose numbers aren't known any more."""
        given = dict(zip(self.takes, arguments, strict=False))
        for name in named:
            if name in given or name not in self.takes:
                raise misfit(f"{self!r} takes no {name} besides {len(given)}", TypeError)
        given |= named
        if len(arguments) > len(self.takes) or "tensor" not in given:
            raise misfit(f"{self!r} takes {', '.join(self.takes)}", TypeError)
        if NEEDED.get(self.name, "tensor") not in given:
            raise misfit(f"{self!r} needs {NEEDED[self.name]}", TypeError)
        tensor = given["tensor"]
        if isinstance(tensor, Unknown):
            return tensor
        if not isinstance(tensor, Tensor):
            kind = type(tensor).__name__
            raise misfit(f"{self!r} fills a tensor, {kind} is none", AttributeError)
        self.check(tensor, given)
        value = given.get("val", PLAIN.get(self.name))
        known = tensor.values is not None and isinstance(value, (int, float))
        tensor.write(cast([value] * len(tensor.values or ()), tensor.dtype) if known else None)  # type: ignore[list-item]
        return tensor

    def check(self, tensor: Tensor, given: dict[str, object]) -> None:
        """Raise where PyTorch doesn't fill a tensor of this shape, or in this way."""
        if tensor.dtype.kind in ("int", "bool") and self.name not in PLAIN:
            raise misfit(f"{self!r} takes no tensor of {tensor.dtype}", NotImplementedError)
        low, high, std = (given.get(each) for each in ("a", "b", "std"))
        if self.name == "normal_" and isinstance(std, (int, float)) and std < 0:
            raise misfit(f"{self!r} takes a std of at least 0, not {std}")
        low, high = 0.0 if low is None else low, 1.0 if high is None else high
        both = isinstance(low, (int, float)) and isinstance(high, (int, float))
        if self.name == "uniform_" and both and low > high:  # type: ignore[operator]
            raise misfit(f"{self!r}: there is nothing from {low} to {high}")
        axes = AXES.get(self.name)
        if axes is not None and tensor.ndim not in axes:
            several = ", ".join(map(str, axes))
            raise misfit(f"{self!r}: only tensors with {several} dimensions are supported",
                         ValueError)  # fmt: skip
        groups = given.get("groups", 1)
        if self.name == "dirac_" and (
            not isinstance(groups, int) or groups < 1 or tensor.shape[0] % groups
        ):
            raise misfit(f"{self!r}: {groups!r} groups don't divide {tensor.shape[0]}", ValueError)
        if self.name == "orthogonal_" and tensor.ndim < 2:
            raise misfit("Only tensors with 2 or more dimensions are supported", ValueError)
        if self.name.startswith("xavier"):
            fans(tensor)
        if self.name.startswith("kaiming") and 0 not in tensor.shape:
            correct_fan(tensor, given.get("mode", "fan_in"))
            gain(given.get("nonlinearity", "leaky_relu"), given.get("a", 0))


def fans(tensor: object) -> tuple[int, int]:
    """Return how many numbers come in and go out, for each that is worked out."""
    if isinstance(tensor, Unknown):
        raise Needed(tensor)
    if not isinstance(tensor, Tensor) or tensor.ndim < 2:
        raise misfit(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions",
            ValueError,
        )
    rows, columns, *kernel = tensor.shape
    field = volume(kernel)
    return columns * field, rows * field


def correct_fan(tensor: object, mode: object) -> int:
    """Return how many numbers come in, or go out."""
    if isinstance(mode, Unknown):
        raise Needed(mode)
    chosen = str(mode).lower()
    if chosen not in ("fan_in", "fan_out"):
        message = f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']"
        raise misfit(message, ValueError)
    return fans(tensor)[chosen == "fan_out"]


def gain(nonlinearity: object, param: object = None) -> float:
    """Return by how much a nonlinearity lets weights be larger."""
    if isinstance(nonlinearity, Unknown):
        raise Needed(nonlinearity)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, Unknown):
            raise Needed(slope)
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise misfit(f"negative_slope {param} not a valid number", ValueError)
        return sqrt(2.0 / (1 + slope**2))
    name = str(nonlinearity)
    if name not in GAINS:
        raise misfit(f"Unsupported nonlinearity {nonlinearity}", ValueError)
    return GAINS[name]


GAINS: dict[str, float] = {
    **dict.fromkeys(("linear", "sigmoid"), 1),
    **{f"conv{way}{ndim}d": 1 for way in ("", "_transpose") for ndim in (1, 2, 3)},
    "tanh": 5.0 / 3, "relu": sqrt(2.0), "selu": 3.0 / 4,
}  # fmt: skip

TABLE: dict[str, object] = {
    "calculate_gain": gain,
    "_calculate_fan_in_and_fan_out": fans,
    "_calculate_correct_fan": correct_fan,
    **{name: Filling(name) for name in FILLING},
    **{name[:-1]: Filling(name) for name in FILLING if name not in (
        "ones_", "zeros_", "trunc_normal_")},
}  # fmt: skip
"""What stands in torch.nn.init."""
INIT = Library("torch.nn.init", lambda name: TABLE.get(name, MISSING))
