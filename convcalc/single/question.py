"""One layer as a person asks about it, made into a layer of the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from convcalc.formulas import AXES, ConvcalcError
from convcalc.layers.windows import Convolution, Ends, Shape, named_padding, spelled

if TYPE_CHECKING:
    from convcalc.layers.windows import Pooling

T = TypeVar("T")


class LayerQuestion(NamedTuple):
    """A layer as it was asked about; None where nothing was said.

    `input_shape` is channels first, or the channels alone. A per-axis setting of length one stands
    for every axis.
    """

    input_shape: Shape
    kernel_size: Shape
    out_channels: int | None = None
    stride: Shape | None = None
    padding: Ends | str | None = None
    dilation: Shape | None = None
    groups: int | None = None
    bias: bool | None = None
    transposed: bool = False
    output_padding: Shape | None = None
    pool: str | None = None
    ceil_mode: bool = False
    batch: int | None = None
    dtype: str | None = None

    @property
    def size(self) -> Shape:
        """The spatial size; empty where only the channels are known."""
        return self.input_shape[1:]

    @property
    def named_input(self) -> str:
        """The input shape, as an error names it."""
        return f"input_shape {typed(self.input_shape)}"

    @property
    def ndim(self) -> int:
        """The number of spatial axes: the input's, or else the kernel's, or else two."""
        return len(self.size) or (len(self.kernel_size) if len(self.kernel_size) > 1 else 2)

    def layer(self) -> Convolution | Pooling:
        """Return the layer that is asked about; raise ConvcalcError where there is none."""
        if self.ndim not in AXES:
            raise ConvcalcError(
                f"{self.named_input} has {len(self.size)} spatial axes: "
                "CxL, CxHxW and CxDxHxW have 1 to 3"
            )
        kernel_size = self._per_axis("kernel_size", self.kernel_size)
        default_stride = kernel_size if self.pool else (1,)
        stride = self._per_axis("stride", self.stride or default_stride)
        dilation = self._per_axis("dilation", self.dilation or (1,))
        if isinstance(self.padding, str):
            if self.transposed and self.padding != "valid":
                raise ConvcalcError(
                    f"padding {self.padding} has no meaning for a transposed convolution: "
                    "numbers would do"
                )
            size = self.size or None
            padding = named_padding(self.padding, size, kernel_size, stride, dilation)
        else:
            padding = self._per_axis("padding", self.padding or ((0, 0),))
        if self.pool:
            return self._pooling(kernel_size, stride, padding, dilation)
        return self._convolution(kernel_size, stride, padding, dilation)

    def _convolution(
        self, kernel_size: Shape, stride: Shape, padding: Ends, dilation: Shape
    ) -> Convolution:
        if self.ceil_mode:
            raise ConvcalcError("ceil_mode has a meaning for pooling only")
        if self.output_padding and not self.transposed:
            raise ConvcalcError("output_padding has a meaning for transposed convolutions only")
        return Convolution(
            kernel_size,
            stride,
            padding,
            dilation,
            in_channels=self.input_shape[0],
            out_channels=self.out_channels,
            groups=1 if self.groups is None else self.groups,
            bias=self.bias is not False,
            same=self.padding == "same",
            transposed=self.transposed,
            output_padding=self._per_axis("output_padding", self.output_padding or (0,)),
        )

    def _pooling(
        self, kernel_size: Shape, stride: Shape, padding: Ends, dilation: Shape
    ) -> Pooling:
        if self.transposed:
            raise ConvcalcError("a pooling is not transposed: one of the two would do")
        given = {
            "groups": self.groups,
            "bias": self.bias,
            "output_padding": self.output_padding,
        }
        for name, value in given.items():
            if value is not None:
                raise ConvcalcError(f"{name} has a meaning for convolutions, not for pooling")
        if self.out_channels not in (None, self.input_shape[0]):
            raise ConvcalcError(
                f"out_channels {self.out_channels} has no meaning for pooling, "
                f"which keeps the {self.input_shape[0]} channels"
            )
        if self.pool == "avg" and set(dilation) != {1}:
            raise ConvcalcError(
                f"dilation {spelled(dilation)} has no meaning for average pooling, "
                "which skips nothing in its window: 1 would do"
            )
        assert self.pool is not None
        from convcalc.layers.windows import (
            Pooling,  # here, since most questions are about convolutions
        )

        return Pooling(kernel_size, stride, padding, dilation, self.pool, self.ceil_mode)

    def _per_axis(self, name: str, values: Sequence[T]) -> tuple[T, ...]:
        if len(values) == 1:
            return tuple(values) * self.ndim
        if len(values) != self.ndim:
            raise ConvcalcError(
                f"{name} {typed(values)} names {len(values)} axes, but {self.named_input} "
                f"has {self.ndim}: channels come first there, then one size per axis"
            )
        return tuple(values)


def typed(values: Sequence[Any]) -> str:
    """Return per-axis values as they are typed."""
    return "x".join(":".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in values)
