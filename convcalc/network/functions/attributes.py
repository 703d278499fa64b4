"""The attributes and methods of a tensor."""

from __future__ import annotations

from typing import Any

from convcalc.network.functions import shaping
from convcalc.network.functions.creating import DTYPES
from convcalc.network.functions.operators import put as put_part
from convcalc.network.functions.registry import METHODS, Operation
from convcalc.network.modules import Bound, Class, Instance
from convcalc.network.natives import Size
from convcalc.network.refusals import NotUnderstood, Raised, Unknown
from convcalc.network.tensors import Parameter, Tensor, same_shape, shown

DEVICE = Instance(Class("device", [], {}, module="torch"))
"""Where all tensors are, since none is anywhere."""
DEVICE.attributes |= {"type": "cpu", "index": None}


def attribute(interpreter: Any, tensor: Tensor, name: str) -> Any:
    """Return an attribute or a method of a tensor."""
    if name == "shape":
        return Size(tensor.shape)
    if name == "ndim":
        return tensor.ndim
    if name in ("T", "mT", "H"):
        last = tensor.ndim - 1
        if name == "H" and tensor.ndim not in (0, 2):
            raise Raised(f"H takes a matrix, not {shown(tensor.shape)}")
        axes = [*range(last - 1), last, last - 1] if name != "T" else [*range(tensor.ndim)][::-1]
        return shaping.permute(tensor, *axes)
    if name == "dtype":
        return DTYPES.get({"any": "float"}.get(tensor.dtype, tensor.dtype), DTYPES["float"])
    if name == "requires_grad":
        return getattr(tensor, "requires_grad", False)
    if name in PLAIN:
        return PLAIN[name]
    if name in ("data", "real", "imag"):
        return tensor
    method = METHODS.get(name)
    if method is None and name.endswith("_") and not name.startswith("_"):
        method = _in_place(name)
    if method is None:
        raise NotUnderstood(f"a tensor's {name} isn't followed{interpreter.nearest(name, METHODS)}")
    return Bound(method, tensor)


PLAIN: dict[str, Any] = {
    "device": DEVICE,
    "is_cuda": False,
    "is_sparse": False,
    "is_quantized": False,
    "is_mps": False,
    "is_xpu": False,
    "is_meta": False,
    "is_leaf": True,
    "grad": None,
    "grad_fn": None,
    "layout": Unknown("the layout"),
    "itemsize": 4,
    "is_nested": False,
}
"""Attributes that hang on no shape."""

FILLERS = [
    "zero_", "fill_", "normal_", "uniform_", "copy_", "random_", "bernoulli_", "exponential_",
    "trunc_normal_", "kaiming_", "requires_grad_", "detach_", "index_fill_", "masked_scatter_",
    "scatter_", "scatter_add_", "index_add_", "index_copy_", "fill_diagonal_", "set_",
    "masked_fill_", "clamp_", "erfinv_", "clip_",
]  # fmt: skip


def _in_place(name: str) -> Operation | None:
    """Return the method that changes a tensor in its place, which keeps its shape."""
    if name in FILLERS:
        return Operation(name, _filled, loose=True)
    base = METHODS.get(name[:-1])
    if not isinstance(base, Operation):
        return None
    function = base.function

    def changed(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
        result: Tensor = function(input, *arguments, **named)
        if name in RESHAPERS:
            input.shape, input.strides, input.fields = result.shape, result.strides, result.fields
            return input
        if not same_shape(result.shape, input.shape):
            raise Raised(f"{name} would make {shown(result.shape)} of {shown(input.shape)}, "
                         "which is changed in its place and keeps its shape")  # fmt: skip
        return input

    return Operation(name, changed, counted=base.counted, loose=base.loose, in_place=True)


RESHAPERS = {"squeeze_", "unsqueeze_", "t_", "transpose_", "swapaxes_"}


def _filled(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    input.values = None
    if isinstance(input, Parameter) and arguments and arguments[0] is False:
        input.requires_grad = False
    return input


def put(tensor: Tensor, name: str, value: Any) -> None:
    """Set an attribute of a tensor."""
    if name == "requires_grad" and isinstance(tensor, Parameter):
        if isinstance(value, Unknown):
            raise NotUnderstood(f"whether it is trained isn't known: {value.why}")
        tensor.requires_grad = bool(value)
    elif name == "data" and isinstance(value, Tensor):
        if not same_shape(value.shape, tensor.shape):
            raise NotUnderstood("a parameter's data of another shape isn't followed")
    elif name in ("shape", "T"):
        raise Raised(f"a tensor's {name} can't be set", "AttributeError")


def put_item(interpreter: Any, tensor: Tensor, key: Any, value: Any) -> None:
    """Set a part of a tensor."""
    put_part(tensor, key, value)
