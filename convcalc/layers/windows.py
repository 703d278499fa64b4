"""Convolutions, and what they share with poolings: a window that moves along every axis.

Shapes are those of one sample, channels first, without the batch: (c, h, w) in 2-D.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import lt

from convcalc.formulas import (
    ConvcalcError,
    Pair,
    check_groups,
    check_output_padding,
    check_pool_padding,
    conv_output_size,
    conv_transpose_output_size,
    each_axis,
    effective_kernel_size,
    mac_count,
    param_count,
    pool_output_size,
    same_padding,
    unreached,
    weight_shape,
    whole,
)

Shape = tuple[int, ...]
Ends = tuple[Pair, ...]
"""The padding of every axis, as (before, after)."""


def spelled(values: Sequence[int]) -> str:
    """Return a per-axis setting as Python source, one int where all axes share it."""
    return str(values[0]) if len(set(values)) == 1 else f"({', '.join(map(str, values))})"


def named_padding(
    word: str, size: Shape | None, kernel_size: Shape, stride: Shape, dilation: Shape
) -> Ends:
    """Return what padding `valid`, `same` or `full` stands for.

    Without a size, `same` has a meaning for stride 1 only, where it doesn't depend on it.
    """
    if word == "valid":
        return ((0, 0),) * len(kernel_size)
    if word == "full":
        spans = each_axis(effective_kernel_size, kernel_size, dilation)
        return tuple((span - 1, span - 1) for span in spans)
    if size is None and max(stride) > 1:
        raise ConvcalcError(
            f"padding same with stride {spelled(stride)} depends on the input's size: "
            "the channels alone are not enough"
        )
    return each_axis(same_padding, size or kernel_size, kernel_size, stride, dilation)


class Windowed:
    """What convolutions and poolings share: a window that moves along every axis."""

    kernel_size: Shape
    stride: Shape
    padding: Ends
    dilation: Shape
    ceil_mode = False
    transposed = False
    groups = 1

    def __post_init__(self) -> None:
        each_axis(effective_kernel_size, self.kernel_size, self.dilation)
        for each in self.stride:
            whole("stride", each, 1)

    @property
    def ndim(self) -> int:
        """The number of spatial axes."""
        return len(self.kernel_size)

    @property
    def span(self) -> Shape:
        """The positions that the dilated window covers, per axis."""
        return each_axis(effective_kernel_size, self.kernel_size, self.dilation)

    @property
    def uneven(self) -> bool:
        """Whether some axis is padded differently before and after."""
        return any(before != after for before, after in self.padding)

    def padded(self, size: Shape) -> Shape:
        """Return the spatial size with the padding around it."""
        return tuple(before + each + after for each, (before, after) in zip(size, self.padding))

    def dropped(self, size: Shape, output: Shape) -> Shape:
        """Return the input positions at the end of each axis that no window reaches."""
        return each_axis(
            unreached, size, output, self.kernel_size, self.stride, self.padding, self.dilation
        )

    def settings(self, default_stride: Shape, padding: str | None = None) -> list[str]:
        """Return the keyword arguments that PyTorch needs, those at their default left out."""
        if padding is None and not self.pads_first and any(map(any, self.padding)):
            padding = spelled(tuple(before for before, _ in self.padding))
        settings = [f"kernel_size={spelled(self.kernel_size)}"]
        if self.stride != default_stride:
            settings.append(f"stride={spelled(self.stride)}")
        if padding is not None:
            settings.append(f"padding={padding}")
        if set(self.dilation) != {1}:
            settings.append(f"dilation={spelled(self.dilation)}")
        return settings

    def padded_first(self, ends: Ends, layer: str, filler: str = "") -> str:
        """Return a line that pads explicitly, then applies `layer`."""
        # PyTorch's padding layers count from the last axis, before and after in turn.
        amounts = ", ".join(f"{before}, {after}" for before, after in reversed(ends))
        return f"nn.Sequential(nn.{self.pad_name}(({amounts}){filler}), {layer})"

    @property
    def pad_name(self) -> str:
        """The class that pads beforehand where PyTorch's layer can't."""
        return f"ZeroPad{self.ndim}d"

    @property
    def pads_first(self) -> bool:
        """Whether PyTorch needs the padding done by a layer of its own."""
        return self.uneven


@dataclass(frozen=True, eq=False)  # which nothing needs, and takes time at every start
class Convolution(Windowed):
    """A convolution or transposed convolution; `out_channels` is None where it isn't known.

    `same` says that the padding was asked for by that word.
    """

    kernel_size: Shape
    stride: Shape
    padding: Ends
    dilation: Shape
    in_channels: int
    out_channels: int | None
    groups: int = 1
    bias: bool = True
    same: bool = False
    transposed: bool = False
    output_padding: Shape = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        out_channels = self.groups if self.out_channels is None else self.out_channels
        whole("in_channels", self.in_channels, 1)
        whole("out_channels", out_channels, 1)
        check_groups(self.groups, self.in_channels, out_channels)
        if self.transposed:
            each_axis(check_output_padding, self.output_padding, self.stride, self.dilation)
            if self.uneven:
                uneven = next(f"{a}:{b}" for a, b in self.padding if a != b)
                raise ConvcalcError(
                    f"padding {uneven}: a transposed convolution takes the same at both ends"
                )

    @property
    def name(self) -> str:
        """The name of PyTorch's class."""
        return f"Conv{'Transpose' if self.transposed else ''}{self.ndim}d"

    def output_size(self, size: Shape) -> Shape:
        """Return the spatial size that comes out."""
        settings = (size, self.kernel_size, self.stride, self.padding)
        if self.transposed:
            return each_axis(
                conv_transpose_output_size, *settings, self.output_padding, self.dilation
            )
        return each_axis(conv_output_size, *settings, self.dilation)

    def rejections(self, size: Shape) -> list[str]:
        """Return notes on what has a meaning, but is rejected by PyTorch."""
        if not self.same or max(self.stride) == 1:
            return []
        return [
            f"PyTorch rejects padding='same' with stride {spelled(self.stride)}, Keras accepts it: "
            "for PyTorch the padding has to be spelled out."
        ]

    def weight_shape(self) -> Shape:
        """Return the shape of the weight tensor."""
        assert self.out_channels is not None
        return weight_shape(
            self.in_channels, self.out_channels, self.kernel_size, self.groups, self.transposed
        )

    @property
    def params(self) -> int:
        """The number of weights and biases."""
        assert self.out_channels is not None
        return param_count(
            self.in_channels, self.out_channels, self.kernel_size, self.groups, self.bias
        )

    def macs(self, size: Shape) -> int:
        """Return the multiply-accumulates for one sample of this spatial size."""
        assert self.out_channels is not None
        positions = size if self.transposed else self.output_size(size)
        return mac_count(
            self.in_channels, self.out_channels, self.kernel_size, positions, self.groups
        )

    @property
    def pads_first(self) -> bool:
        """Whether PyTorch needs the padding done by a layer of its own."""
        return super().pads_first and not self._says_same

    @property
    def _says_same(self) -> bool:
        return self.same and set(self.stride) == {1}  # the only stride PyTorch takes the word for

    def code(self, size: Shape = ()) -> str:
        """Return the line of PyTorch that builds this layer, whatever the input's size."""
        padding = "'same'" if self._says_same else None
        out_channels = "C_out" if self.out_channels is None else self.out_channels
        settings = self.settings((1,) * self.ndim, padding)
        arguments = [str(self.in_channels), str(out_channels), *settings]
        if any(self.output_padding):
            arguments.append(f"output_padding={spelled(self.output_padding)}")
        if self.groups > 1:
            arguments.append(f"groups={self.groups}")
        if not self.bias:
            arguments.append("bias=False")
        layer = f"nn.{self.name}({', '.join(arguments)})"
        return self.padded_first(self.padding, layer) if self.pads_first else layer


@dataclass(frozen=True)
class Pooling(Windowed):
    """A max or average pooling."""

    kernel_size: Shape
    stride: Shape
    padding: Ends
    dilation: Shape
    kind: str
    """max or avg"""
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        each_axis(check_pool_padding, self.padding, self.kernel_size, self.dilation)

    @property
    def name(self) -> str:
        """The name of PyTorch's class."""
        return f"{self.kind.capitalize()}Pool{self.ndim}d"

    def output_size(self, size: Shape) -> Shape:
        """Return the spatial size that comes out."""
        settings = (size, self.kernel_size, self.stride, self.padding, self.dilation)
        return each_axis(pool_output_size, *settings, (self.ceil_mode,) * self.ndim)

    @property
    def beyond_half(self) -> bool:
        """Whether the padding is above half the kernel, which PyTorch rejects."""
        return any(2 * max(ends) > kernel for ends, kernel in zip(self.padding, self.kernel_size))

    @property
    def pads_first(self) -> bool:
        """Whether PyTorch needs the padding done by a layer of its own."""
        return super().pads_first or self.beyond_half

    @property
    def pad_name(self) -> str:
        """The class that pads beforehand where PyTorch's layer can't."""
        return f"ConstantPad{self.ndim}d" if self.kind == "max" else super().pad_name

    def macs(self, size: Shape) -> int:
        """Return 0: a pooling has no weights to multiply with."""
        return 0

    def code(self, size: Shape) -> str:
        """Return the line of PyTorch that does this to an input of this spatial size.

        The size matters only to ceil mode with padding that PyTorch's pooling doesn't take.
        """
        settings = self.settings(self.kernel_size)
        if self.ceil_mode:
            settings.append("ceil_mode=True")
        layer = f"nn.{self.name}({', '.join(settings)})"
        if not self.pads_first:
            return layer
        # What is padded beforehand is input to PyTorch, and in ceil mode a further window might
        # start in it: no more is put at the end than the last window reads.
        ends = self.padding
        if self.ceil_mode and size:
            ends = tuple(
                (before, min(after, (output - 1) * stride + span - each - before))
                for (before, after), output, stride, span, each in zip(
                    self.padding, self.output_size(size), self.stride, self.span, size
                )
            )
        filler = ', float("-inf")' if self.kind == "max" else ""
        return self.padded_first(ends, layer, filler)

    def rejections(self, size: Shape) -> list[str]:
        """Return notes on what has a meaning, but is rejected by PyTorch."""
        notes = []
        if self.beyond_half:
            notes.append(
                "PyTorch rejects a pooling's padding above half the kernel, "
                f"{spelled(self.kernel_size)}, ONNX accepts it: for PyTorch one pads beforehand."
            )
        if self.name == "AvgPool3d" and any(map(lt, size, self.kernel_size)):
            notes.append(
                "PyTorch rejects an AvgPool3d whose kernel is larger than the input without its "
                "padding; its other poolings accept that."
            )
        return notes
