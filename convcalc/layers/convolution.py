"""Convolutions and transposed convolutions.

Source: https://pytorch.org/docs/stable/nn.html#convolution-layers
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from convcalc.formulas import (
    ConvcalcError,
    check_groups,
    conv_output_size,
    conv_transpose_output_size,
    each_axis,
    mac_count,
    same_padding,
    weight_shape,
    whole,
)
from convcalc.layers.base import (
    CHANNELS_LAST,
    PACKED,
    Companion,
    Layer,
    Lazy,
    Made,
    Output,
    Reach,
    Shape,
    Sliding,
    check_border,
    maps,
    one_of,
    per_axis,
    tupled,
)

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class Convolutional(Sliding):
    """What convolutions and transposed ones share: weights for windows of channels."""

    in_channels: int
    out_channels: int
    kernel_size: Shape
    stride: Shape
    padding: Any
    dilation: Shape
    output_padding: Shape
    groups: int
    padding_mode: str
    saves: str | None = "input"
    _added: Shape
    _bias: bool

    @property
    def layout(self) -> str:
        """How the output lies in memory: one after the other where 3-D kernels are single."""
        single = self.ndim == 3 and set(self.settings[0]) == {1}
        return PACKED if single else super().layout

    def _set(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any,
        padding: Any,
        dilation: Any,
        output_padding: Any,
        groups: int,
        bias: bool,
        padding_mode: str,
    ) -> None:
        """Check the arguments that all of them take, and set their attributes."""
        ndim = self.ndim
        in_channels = whole("in_channels", in_channels, 1)
        out_channels = whole("out_channels", out_channels, 1)
        check_groups(groups, in_channels, out_channels)
        kernel_size = per_axis("kernel_size", kernel_size, ndim, exact=True)
        steps = per_axis("stride", stride, ndim)
        holes = per_axis("dilation", dilation, ndim)
        added = per_axis("output_padding", output_padding, ndim, 0)
        if padding == "same":
            # With stride 1 it is the same for every size.
            ends = each_axis(same_padding, kernel_size, kernel_size, steps, holes)
        elif padding == "valid":
            ends = ((0, 0),) * ndim
        else:
            # PyTorch pads with anything but zeros beforehand, and takes no tuple of one there.
            exact = padding_mode != "zeros"
            ends = tuple((p, p) for p in per_axis("padding", padding, ndim, 0, exact))
        self._keep(
            in_channels=in_channels,
            out_channels=out_channels,
            kernel_size=kernel_size,
            stride=tupled(stride, ndim),
            padding=padding if isinstance(padding, str) else tupled(padding, ndim),
            dilation=tupled(dilation, ndim),
            output_padding=tupled(output_padding, ndim),
            groups=whole("groups", groups, 1),
            padding_mode=padding_mode,
            settings=(kernel_size, steps, ends, holes),
            _added=added,
            _bias=bool(bias),
        )

    @property
    def biased(self) -> bool:
        """Whether there is a bias."""
        return self._bias

    def parameters(self) -> dict[str, Shape | None]:
        """Return the shapes of the weight tensor and of the bias."""
        weight = weight_shape(
            self.in_channels, self.out_channels, self.kernel_size, self.groups, self.transposed
        )
        return {"weight": weight, "bias": (self.out_channels,) if self._bias else None}

    def macs(self, *inputs: Any) -> int:
        """Return weights × positions, over all samples."""
        outer, size = maps(inputs[0], self.ndim, self.in_channels)
        if not self.transposed:
            size = self.output_size(size)
        each = mac_count(self.in_channels, self.out_channels, self.kernel_size, size, self.groups)
        return prod(outer[:-1]) * each

    def output_size(self, size: Shape) -> Shape:
        """Return the spatial size that comes out."""
        raise NotImplementedError

    def sliding(
        self: Made,
        kernel_size: Shape,
        stride: Shape,
        padding: Shape,
        dilation: Shape,
        output_padding: Shape,
    ) -> Made:
        """Return the layer with these settings, which are known to have a meaning."""
        return self._but(
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            output_padding=output_padding,
            settings=(kernel_size, stride, tuple((p, p) for p in padding), dilation),
            _added=output_padding,
        )


class Convolution(Convolutional):
    """A convolution on `ndim` axes: (b, c, …) to (b, c_out, …), or without the batch."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        one_of("padding_mode", padding_mode, PADDING_MODES)
        if isinstance(padding, str):
            one_of("padding", padding, ("valid", "same"))
            if padding == "same" and set(per_axis("stride", stride, self.ndim)) != {1}:
                raise ConvcalcError("'same' is for stride 1 only", "padding")
        sliding = (kernel_size, stride, padding, dilation, 0)
        self._set(in_channels, out_channels, *sliding, groups, bias, padding_mode)

    def output_size(self, size: Shape) -> Shape:
        """Return the spatial size that comes out."""
        check_border(self.padding_mode, size, self.ends)
        return each_axis(conv_output_size, size, *self.settings)

    def output(self, input: Shape) -> Output:
        """Return (b, c_out, …)."""
        outer, size = maps(input, self.ndim, self.in_channels)
        return (*outer[:-1], self.out_channels, *self.output_size(size))

    def reach(self, input: Shape) -> Reach:
        """Return the windows along the spatial axes."""
        return (None,) * (len(input) - self.ndim) + self.windows

    def keeps(self) -> str | None:
        """Return the input, unless it is padded beforehand, for which some modes keep it."""
        if self.padding_mode != "zeros":
            return "" if self.padding_mode == "circular" else "graded"
        return "" if self._uneven else self.saves

    @property
    def _uneven(self) -> bool:
        """Whether an axis gets more after it than before it, for which PyTorch pads it first."""
        return any(before != after for before, after in self.ends)

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the input as it is where it was padded beforehand."""
        outer, size = maps(inputs[0], self.ndim)
        if self.padding_mode != "zeros":
            sizes = [n + before + after for n, (before, after) in zip(size, self.ends, strict=True)]
        elif self._uneven:
            pairs = zip(size, self.ends, strict=True)
            sizes = [n + abs(after - before) for n, (before, after) in pairs]
        else:
            return []
        return [Companion((*outer, *sizes))]


class Conv1d(Convolution):
    """A convolution of (b, c, length)."""

    ndim = 1


class Conv2d(Convolution):
    """A convolution of (b, c, h, w)."""

    memory = CHANNELS_LAST
    ndim = 2


class Conv3d(Convolution):
    """A convolution of (b, c, d, h, w)."""

    memory = CHANNELS_LAST
    ndim = 3


class TransposedConvolution(Convolutional):
    """A transposed convolution on `ndim` axes: (b, c, …) to (b, c_out, …)."""

    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        one_of("padding_mode", padding_mode, ("zeros",))
        if isinstance(padding, str):
            raise ConvcalcError(f"{padding!r} is not a number", "padding")
        sliding = (kernel_size, stride, padding, dilation, output_padding)
        self._set(in_channels, out_channels, *sliding, groups, bias, padding_mode)

    def output_size(self, size: Shape, output_padding: Shape | None = None) -> Shape:
        """Return the spatial size that comes out."""
        kernel_size, stride, ends, dilation = self.settings
        added = self._added if output_padding is None else output_padding
        settings = (size, kernel_size, stride, ends, added, dilation)
        return each_axis(conv_transpose_output_size, *settings)

    def output(self, input: Shape, output_size: Any = None) -> Output:
        """Return (b, c_out, …), of the size that is asked for where one is."""
        outer, size = maps(input, self.ndim, self.in_channels)
        added = None
        if output_size is not None:
            added = self._output_padding(size, len(outer), output_size)
        return (*outer[:-1], self.out_channels, *self.output_size(size, added))

    def _output_padding(self, size: Shape, outer: int, output_size: Any) -> Shape:
        """Return the output padding that makes the output so large."""
        asked = tuple(output_size) if isinstance(output_size, (tuple, list)) else ()
        if len(asked) == outer + self.ndim:
            asked = asked[outer:]
        asked = per_axis("output_size", asked, self.ndim, exact=True)
        smallest, steps = self.output_size(size, (0,) * self.ndim), self.settings[1]
        added = tuple(a - s for a, s in zip(asked, smallest, strict=True))
        if any(not 0 <= a < step for a, step in zip(added, steps, strict=True)):
            largest = tuple(s + step - 1 for s, step in zip(smallest, steps, strict=True))
            raise ConvcalcError(f"{asked} is not from {smallest} to {largest}", "output_size")
        return added

    def reach(self, input: Shape) -> Reach:
        """Return None for every axis: a position of the output has no window of its own."""
        return (None,) * len(input)


class ConvTranspose1d(TransposedConvolution):
    """A transposed convolution of (b, c, length)."""

    ndim = 1


class ConvTranspose2d(TransposedConvolution):
    """A transposed convolution of (b, c, h, w)."""

    memory = CHANNELS_LAST
    ndim = 2


class ConvTranspose3d(TransposedConvolution):
    """A transposed convolution of (b, c, d, h, w)."""

    memory = CHANNELS_LAST
    ndim = 3


class LazyConvolution(Lazy, Convolution):
    """A convolution whose first input says how many channels come in: one that it `becomes`."""

    becomes: type[Convolution]

    def __init__(
        self,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sliding = (kernel_size, stride, padding, dilation)
        # As though the groups had a channel each: until the first input there are none.
        Convolution.__init__(self, groups, out_channels, *sliding, groups, bias, padding_mode)
        self._keep(in_channels=0)

    def seen(self, input: Shape) -> Layer:
        """Return the convolution of as many channels as come in."""
        outer, _ = maps(input, self.ndim)
        return self.becomes(
            outer[-1],
            self.out_channels,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
            self._bias,
            self.padding_mode,
        )


class LazyTransposedConvolution(Lazy, TransposedConvolution):
    """A transposed convolution whose first input says how many channels come in."""

    becomes: type[TransposedConvolution]

    def __init__(
        self,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sliding = (kernel_size, stride, padding, output_padding)
        others = (groups, bias, dilation, padding_mode)
        TransposedConvolution.__init__(self, groups, out_channels, *sliding, *others)
        self._keep(in_channels=0)

    def seen(self, input: Shape) -> Layer:
        """Return the transposed convolution of as many channels as come in."""
        outer, _ = maps(input, self.ndim)
        return self.becomes(
            outer[-1],
            self.out_channels,
            self.kernel_size,
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self._bias,
            self.dilation,
        )


class LazyConv1d(LazyConvolution, Conv1d):
    """A convolution of (b, c, length), c from the first input."""

    becomes = Conv1d


class LazyConv2d(LazyConvolution, Conv2d):
    """A convolution of (b, c, h, w), c from the first input."""

    becomes = Conv2d


class LazyConv3d(LazyConvolution, Conv3d):
    """A convolution of (b, c, d, h, w), c from the first input."""

    becomes = Conv3d


class LazyConvTranspose1d(LazyTransposedConvolution, ConvTranspose1d):
    """A transposed convolution of (b, c, length), c from the first input."""

    becomes = ConvTranspose1d


class LazyConvTranspose2d(LazyTransposedConvolution, ConvTranspose2d):
    """A transposed convolution of (b, c, h, w), c from the first input."""

    becomes = ConvTranspose2d


class LazyConvTranspose3d(LazyTransposedConvolution, ConvTranspose3d):
    """A transposed convolution of (b, c, d, h, w), c from the first input."""

    becomes = ConvTranspose3d
