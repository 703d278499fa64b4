"""The attributes of a tensor, and the methods about its gradient."""

from __future__ import annotations

from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions import shaping
from convcalc.network.torch.functions.registry import (
    operation,
    tensor_of,
)
from convcalc.network.torch.gradients.rules import CONSTANT
from convcalc.network.torch.sizes import (
    Size,
    is_one,
    is_open,
    same_shape,
    shown,
)
from convcalc.network.torch.tensor import ATTRIBUTES, SETTERS, Parameter, Tensor
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
    if not last:
        raise misfit(f"a matrix is turned, or several of them, not {shown(tensor.shape)}")
    return shaping.permute(tensor, *range(last - 1), last, last - 1) if last > 0 else tensor


def _conjugate(tensor: Tensor) -> object:
    if tensor.ndim not in (0, 2):
        raise misfit(f"H takes a matrix, not {shown(tensor.shape)}")
    return _turned(tensor)


def _made_by_nobody(tensor: Tensor) -> bool:
    """Return whether a tensor surely isn't what came of others that need a gradient."""
    return isinstance(tensor, Parameter) or not tensor.requires_grad


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
    "data": lambda tensor: shaping.detach(tensor),
    "real": lambda tensor: shaping.real(tensor),
    "imag": lambda tensor: shaping.imag(tensor),
    "device": lambda tensor: DEVICE,
    "layout": lambda tensor: Unknown("the layout"),
    "is_leaf": lambda tensor: _made_by_nobody(tensor) or Unknown("whether a tensor is a leaf"),
    "grad": lambda tensor: None,
    "grad_fn": lambda tensor: None if _made_by_nobody(tensor) else Unknown("what made a tensor"),
})  # fmt: skip
for _name in ("cuda", "sparse", "quantized", "mps", "xpu", "meta", "nested"):
    ATTRIBUTES[f"is_{_name}"] = lambda tensor: False


def _set_requires_grad(tensor: Tensor, value: object) -> None:
    if isinstance(value, Unknown):
        raise NotUnderstood(f"whether it is trained isn't known: {value.why}")
    if value and tensor.dtype.kind in ("int", "bool"):
        raise misfit(f"a tensor of {tensor.dtype} can't require a gradient")
    tensor.learnt = bool(value)  # of a view: it alone


def _set_data(tensor: Tensor, value: object) -> None:
    if not isinstance(value, Tensor):
        raise NotUnderstood("a tensor's data is set to what isn't a tensor")
    if not same_shape(value.shape, tensor.shape):
        raise NotUnderstood("a parameter's data of another shape isn't followed")
    tensor.dtype = value.dtype
    tensor.write(value.values)


def _set_grad(tensor: Tensor, value: object) -> None:
    """Set a gradient, of which nothing is followed."""


SETTERS.update({"requires_grad": _set_requires_grad, "data": _set_data, "grad": _set_grad})


@operation("requires_grad_", where="m", saves=CONSTANT)
def requires_grad_(input: Tensor, requires_grad: object = True) -> Tensor:
    """The tensor, which is learnt or isn't."""
    _set_requires_grad(input, requires_grad)
    return input


@operation("backward", where="m", harmless="retain_graph create_graph inputs", saves=CONSTANT)
def backward(input: Tensor, gradient: object = None) -> None:
    """What trains changes no shape."""
    if gradient is not None and not same_shape(tensor_of("backward", gradient).shape, input.shape):
        raise misfit(f"backward() takes a gradient of {shown(input.shape)}")
    if gradient is None and any(not is_one(size) and not is_open(size) for size in input.shape):
        raise misfit(f"backward() takes a single number, not {shown(input.shape)}: .sum() would do")


@operation("register_hook", "retain_grad", where="m", harmless="hook", saves=CONSTANT)
def hooked(input: Tensor) -> Unknown:
    """What is done with gradients changes no shape."""
    return Unknown("gradients aren't followed", harmless=True)


@operation("numpy", where="m", harmless="force", saves=CONSTANT)
def numpy(input: Tensor) -> Unknown:
    """NumPy's arrays aren't followed."""
    return Unknown(f"numpy's array of {shown(input.shape)} isn't followed", kind="ndarray")
