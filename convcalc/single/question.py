"""One layer as a person asks about it, made into a layer of the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from convcalc import text
from convcalc.formulas import (
    AXES,
    ConvcalcError,
    check_output_padding,
    check_pool_padding,
    each_axis,
    effective_kernel_size,
    same_padding,
)
from convcalc.layers.base import Ends, Shape
from convcalc.layers.convolution import (
    Conv1d,
    Conv2d,
    Conv3d,
    Convolution,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
    TransposedConvolution,
)
from convcalc.layers.pooling import (
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    Pooling,
)

CONVOLUTIONS: dict[int, type[Convolution]] = {1: Conv1d, 2: Conv2d, 3: Conv3d}
TRANSPOSED: dict[int, type[TransposedConvolution]] = {
    1: ConvTranspose1d,
    2: ConvTranspose2d,
    3: ConvTranspose3d,
}
POOLINGS: dict[str, dict[int, Any]] = {
    "max": {1: MaxPool1d, 2: MaxPool2d, 3: MaxPool3d},
    "avg": {1: AvgPool1d, 2: AvgPool2d, 3: AvgPool3d},
}

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
    def ndim(self) -> int:
        """The number of spatial axes: the input's, or else the kernel's, or else two."""
        return len(self.size) or (len(self.kernel_size) if len(self.kernel_size) > 1 else 2)

    def layer(self) -> Convolution | TransposedConvolution | Pooling:
        """Return the layer that is asked about; raise ConvcalcError where there is none.

        It is PyTorch's class, though its padding or dilation may be more than that class takes;
        without `out_channels` it has as few as its groups allow.
        """
        if self.ndim not in AXES:
            raise self.about_input(
                f"has {spatial_axes(self.input_shape)}: CxL, CxHxW and CxDxHxW have 1 to 3"
            )
        kernel_size = self._per_axis("kernel_size", self.kernel_size)
        default_stride = kernel_size if self.pool else (1,)
        stride = self._per_axis("stride", self.stride or default_stride)
        dilation = self._per_axis("dilation", self.dilation or (1,))
        if isinstance(self.padding, str):
            padding = self._named_padding(self.padding, kernel_size, stride, dilation)
        else:
            padding = self._per_axis("padding", self.padding or ((0, 0),))
        if self.pool:
            return self._pooling(kernel_size, stride, padding, dilation)
        if self.ceil_mode:
            raise ConvcalcError("has a meaning for pooling only", "ceil_mode")
        out_channels = self.groups or 1 if self.out_channels is None else self.out_channels
        arguments: list[Any] = [self.input_shape[0], out_channels, kernel_size, stride]
        others = (1 if self.groups is None else self.groups, self.bias is not False)
        if self.transposed:
            uneven = next((f"{a}:{b}" for a, b in padding if a != b), None)
            if uneven is not None:
                raise ConvcalcError(
                    f"{uneven}: a transposed convolution takes the same at both ends", "padding"
                )
            before = tuple(before for before, _ in padding)
            output_padding = self._per_axis("output_padding", self.output_padding or (0,))
            each_axis(check_output_padding, output_padding, stride, dilation)
            arguments += [before, output_padding, *others, dilation]
            return TRANSPOSED[self.ndim](*arguments)
        if self.output_padding:
            raise ConvcalcError("has a meaning for transposed convolutions only", "output_padding")
        arguments += [0, dilation, *others]
        return CONVOLUTIONS[self.ndim](*arguments).beyond(padding)

    def as_image(self) -> LayerQuestion:
        """Return the question of a 1-D layer as one of two axes, of height 1; others as they are.

        Every setting of the height is the one that does nothing.
        """
        if self.ndim != 1:
            return self
        padding = self.padding
        return self._replace(
            input_shape=(self.input_shape[0], 1, *self.size),
            kernel_size=(1, *self.kernel_size),
            stride=self.stride and (1, *self.stride),
            padding=padding if isinstance(padding, str) or not padding else ((0, 0), *padding),
            dilation=self.dilation and (1, *self.dilation),
            output_padding=self.output_padding and (0, *self.output_padding),
        )

    def about_input(self, message: str) -> ConvcalcError:
        """Return an error about the input's shape."""
        return ConvcalcError(f"{text.typed(self.input_shape)} {message}", "input_shape")

    def _named_padding(self, word: str, kernel_size: Shape, stride: Shape, dilation: Shape) -> Ends:
        """Return what padding `valid`, `same` or `full` stands for.

        Without a size, `same` has a meaning for stride 1 only, where it doesn't depend on it.
        """
        if word == "valid":
            return ((0, 0),) * self.ndim
        if self.transposed:
            raise ConvcalcError(
                f"{word} has no meaning for a transposed convolution, which takes numbers",
                "padding",
            )
        if word == "full":
            spans = each_axis(effective_kernel_size, kernel_size, dilation)
            return tuple((span - 1, span - 1) for span in spans)
        if not self.size and max(stride) > 1:
            raise ConvcalcError(
                f"same with stride {text.source(stride)} depends on the input's size: "
                "the channels alone are not enough",
                "padding",
            )
        return each_axis(same_padding, self.size or kernel_size, kernel_size, stride, dilation)

    def _pooling(
        self, kernel_size: Shape, stride: Shape, padding: Ends, dilation: Shape
    ) -> Pooling:
        if self.transposed:
            raise ConvcalcError("has a meaning for convolutions, not for pooling", "transposed")
        given = {
            "groups": self.groups,
            "bias": self.bias,
            "output_padding": self.output_padding,
        }
        for name, value in given.items():
            if value is not None:
                raise ConvcalcError("has a meaning for convolutions, not for pooling", name)
        if self.out_channels not in (None, self.input_shape[0]):
            raise ConvcalcError(
                f"{self.out_channels} has no meaning for pooling, "
                f"which keeps the {text.counted(self.input_shape[0], 'channel')}",
                "out_channels",
            )
        each_axis(check_pool_padding, padding, kernel_size, dilation)
        kind = POOLINGS[self.pool or "max"][self.ndim]
        pooling: Pooling = kind(kernel_size, stride, ceil_mode=self.ceil_mode)
        return pooling.beyond(padding, dilation)

    def _per_axis(self, name: str, values: Sequence[T]) -> tuple[T, ...]:
        if len(values) == 1:
            return tuple(values) * self.ndim
        if len(values) != self.ndim:
            raise ConvcalcError(
                f"{text.typed(values)} names {len(values)} axes, but the input, "
                f"{text.typed(self.input_shape)}, has {self.ndim}: channels come first there, then "
                "one size per axis",
                name,
            )
        return tuple(values)


def spatial_axes(shape: Shape) -> str:
    """Return how many spatial axes a shape of one sample has, in words."""
    return text.counted(len(shape) - 1, "spatial axis", "spatial axes")
