"""Poolings, and the unpoolings that undo them.

Source: https://pytorch.org/docs/stable/nn.html#pooling-layers
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import lt
from typing import Any

from convcalc import text
from convcalc.formulas import (
    ConvcalcError,
    conv_transpose_output_size,
    each_axis,
    pool_output_size,
    whole,
)
from convcalc.layers.base import (
    AS_IMAGE,
    BROKEN,
    CHANNELS_LAST,
    IN_PLACE,
    PACKED,
    REFUSED,
    WORKED_OUT,
    Companion,
    Layer,
    Output,
    Reach,
    Shape,
    Sliding,
    Window,
    flag,
    maps,
    misfit,
    number,
    per_axis,
)


class Pooling(Sliding):
    """What the poolings that move a window share: every axis shrinks to the windows."""

    of_whole = WORKED_OUT
    ceil_mode: bool
    exact = False
    """Whether a tuple of one is no kernel size."""
    return_indices: Any = False

    def _set(
        self,
        kernel_size: Any,
        stride: Any,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: Any = False,
    ) -> None:
        """Check the arguments that several of them take, and set what all of them have."""
        kernel = per_axis("kernel_size", kernel_size, self.ndim, exact=self.exact)
        # PyTorch takes an empty stride as none.
        none = stride is None or stride in ((), [])
        steps = kernel if none else per_axis("stride", stride, self.ndim)
        ends = tuple((each, each) for each in per_axis("padding", padding, self.ndim, 0))
        for (before, _), most in zip(ends, kernel, strict=True):
            if 2 * before > most:
                raise ConvcalcError(f"{before} is above half the kernel, {most}", "padding")
        flag("ceil_mode", ceil_mode)
        self._keep(
            kernel_size=kernel_size,
            stride=kernel_size if stride is None else stride,
            ceil_mode=ceil_mode,
            settings=(kernel, steps, ends, per_axis("dilation", dilation, self.ndim)),
        )

    def output_size(self, size: Shape) -> Shape:
        """Return the spatial size that comes out."""
        return each_axis(pool_output_size, size, *self.settings, (self.ceil_mode,) * self.ndim)

    def output(self, input: Shape) -> Output:
        """Return (b, c, …), twice where the indices are asked for too."""
        outer, size = maps(input, self.ndim)
        output = outer + self.output_size(size)
        return [output, output] if self.return_indices else output

    def reach(self, input: Shape) -> Reach:
        """Return the windows along the spatial axes."""
        return (IN_PLACE,) * (len(input) - self.ndim) + self.windows

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of channels and axes."""
        return input[-self.ndim - 1 :]


class MaxPool(Pooling):
    """Max pooling on `ndim` axes."""

    saves = "input places"
    memory = CHANNELS_LAST

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self._set(kernel_size, stride, padding, dilation, ceil_mode)
        self._keep(padding=padding, dilation=dilation, return_indices=return_indices)


class MaxPool1d(MaxPool):
    """Max pooling of (b, c, length)."""

    of_whole = REFUSED
    ndim = 1


class MaxPool2d(MaxPool):
    """Max pooling of (b, c, h, w)."""

    ndim = 2


class MaxPool3d(MaxPool):
    """Max pooling of (b, c, d, h, w)."""

    ndim = 3


class AvgPool1d(Pooling):
    """Average pooling of (b, c, length)."""

    saves = "input"
    memory = AS_IMAGE
    ndim = 1

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self._set(kernel_size, stride, padding, ceil_mode=ceil_mode)
        kernel, steps, ends, _ = self.settings
        self._keep(
            kernel_size=kernel,
            stride=steps,
            padding=tuple(before for before, _ in ends),
            count_include_pad=count_include_pad,
        )


class AvgPool(Pooling):
    """Average pooling on two or three axes."""

    saves = "input"
    memory = CHANNELS_LAST

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        if divisor_override == 0:
            raise ConvcalcError("0 divides nothing", "divisor_override")
        self._set(kernel_size, stride, padding, ceil_mode=ceil_mode)
        self._keep(
            padding=padding,
            count_include_pad=count_include_pad,
            divisor_override=divisor_override,
        )


class AvgPool2d(AvgPool):
    """Average pooling of (b, c, h, w)."""

    ndim = 2


class _Unpadded(Pooling):
    """What PyTorch works out by its 3-D average pooling."""

    def output(self, input: Shape) -> Output:
        """Return (b, c, …), where the kernel is no larger than the input without padding."""
        _, size = maps(input, self.ndim)
        if any(map(lt, size, self.settings[0])):
            raise misfit("sizes no smaller than its kernel", input)
        return super().output(input)


class AvgPool3d(_Unpadded, AvgPool):
    """Average pooling of (b, c, d, h, w)."""

    memory = PACKED
    ndim = 3


class LPPool(Pooling):
    """Power-average pooling on `ndim` axes, which has no padding."""

    saves = "input"
    memory = CHANNELS_LAST
    of_whole = BROKEN
    exact = True

    def __init__(
        self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
    ) -> None:
        number("norm_type", norm_type)
        if not norm_type:
            raise ConvcalcError("0 has no root", "norm_type")
        self._set(kernel_size, stride, ceil_mode=ceil_mode)
        self._keep(norm_type=norm_type, stride=stride)

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the powers of what comes in, and what the roots are worked out from."""
        output = Companion(tuple(self.output(inputs[0])))
        return [Companion(inputs[0]), *(output,) * 4]


class LPPool1d(LPPool):
    """Power-average pooling of (b, c, length)."""

    memory = AS_IMAGE
    ndim = 1

    def __init__(
        self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
    ) -> None:
        super().__init__(norm_type, whole("kernel_size", kernel_size, 1), stride, ceil_mode)


class LPPool2d(LPPool):
    """Power-average pooling of (b, c, h, w)."""

    ndim = 2


class LPPool3d(_Unpadded, LPPool):
    """Power-average pooling of (b, c, d, h, w)."""

    memory = PACKED
    ndim = 3


class AdaptivePooling(Layer):
    """What the adaptive poolings share: to the sizes asked for, None keeps an axis."""

    lenient = True
    ndim: int
    output_size: Any
    return_indices: Any = False
    _asked: tuple[int | None, ...]

    def _set(self, output_size: Any, **attributes: Any) -> None:
        """Check the size asked for, and set the attributes."""
        if isinstance(output_size, (tuple, list)) and self.ndim > 1:
            kept = [each is None for each in output_size]
            filled = [1 if each is None else each for each in output_size]
            sizes = per_axis("output_size", filled, self.ndim, exact=True)
            asked: tuple[int | None, ...] = tuple(
                None if none else size for none, size in zip(kept, sizes, strict=True)
            )
        else:
            asked = per_axis("output_size", output_size, self.ndim, exact=True)
        self._keep(output_size=output_size, _asked=asked, **attributes)

    def _split(self, input: Shape) -> tuple[Shape, Shape]:
        """Return what stands before the axes that it pools, and their sizes."""
        return maps(input, self.ndim)

    def _sizes(self, size: Shape) -> Shape:
        pairs = zip(size, self._asked, strict=True)
        return tuple(each if asked is None else asked for each, asked in pairs)

    def output(self, input: Shape) -> Output:
        """Return (b, c, …), twice where the indices are asked for too."""
        outer, size = self._split(input)
        output = outer + self._sizes(size)
        return [output, output] if self.return_indices else output

    def reach(self, input: Shape) -> Reach:
        """Return windows where all of an axis are alike, since the sizes divide."""
        outer, size = self._split(input)
        windows = [
            Window(each // asked, each // asked) if not each % asked else None
            for each, asked in zip(size, self._sizes(size), strict=True)
        ]
        return (*(IN_PLACE,) * len(outer), *windows)

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of channels and axes."""
        return input[-self.ndim - 1 :]


class AdaptiveAvgPool(AdaptivePooling):
    """Adaptive average pooling on `ndim` axes."""

    saves = "input"

    def __init__(self, output_size: Any) -> None:
        self._set(output_size)

    def keeps(self) -> str | None:
        """Return nothing where it is a mean over all positions, else the input."""
        return "" if set(self._asked) == {1} else self.saves

    def _split(self, input: Shape) -> tuple[Shape, Shape]:
        # To 1 × 1 it is a mean in PyTorch, which takes more dimensions.
        if self.ndim > 1 and set(self._asked) == {1} and len(input) > self.ndim:
            return input[: -self.ndim], input[-self.ndim :]
        return super()._split(input)

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of the axes, in 3-D of channels, too."""
        return input[-self.ndim - (self.ndim == 3) :]


class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """Adaptive average pooling of (b, c, length)."""

    memory = AS_IMAGE
    ndim = 1


class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """Adaptive average pooling of (b, c, h, w)."""

    memory = CHANNELS_LAST
    ndim = 2


class AdaptiveAvgPool3d(AdaptiveAvgPool):
    """Adaptive average pooling of (b, c, d, h, w)."""

    ndim = 3


class AdaptiveMaxPool(AdaptivePooling):
    """Adaptive max pooling on `ndim` axes."""

    saves = "input places"

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        self._set(output_size, return_indices=return_indices)


class AdaptiveMaxPool1d(AdaptiveMaxPool):
    """Adaptive max pooling of (b, c, length)."""

    memory = AS_IMAGE
    ndim = 1


class AdaptiveMaxPool2d(AdaptiveMaxPool):
    """Adaptive max pooling of (b, c, h, w)."""

    memory = CHANNELS_LAST
    ndim = 2


class AdaptiveMaxPool3d(AdaptiveMaxPool):
    """Adaptive max pooling of (b, c, d, h, w)."""

    ndim = 3


class FractionalMaxPool(Layer):
    """Max pooling of windows placed at random, to the sizes or the share of them asked for."""

    lenient = True
    saves = "input places"
    ndim: int
    kernel_size: Shape
    output_size: Shape | None
    output_ratio: tuple[float, ...] | None
    return_indices: Any

    def __init__(
        self,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: bool = False,
        _random_samples: Any = None,
    ) -> None:
        if (output_size is None) == (output_ratio is None):
            raise ConvcalcError("exactly one of output_size and output_ratio is needed")
        if output_size is not None:
            output_size = per_axis("output_size", output_size, self.ndim, exact=True)
        if output_ratio is not None:
            several = isinstance(output_ratio, (tuple, list))
            output_ratio = tuple(output_ratio) if several else (output_ratio,) * self.ndim
            for each in output_ratio:
                number("output_ratio", each)
            if len(output_ratio) != self.ndim or not all(0 < each < 1 for each in output_ratio):
                raise ConvcalcError(
                    f"{output_ratio} is not {self.ndim} numbers between 0 and 1", "output_ratio"
                )
        self._keep(
            kernel_size=per_axis("kernel_size", kernel_size, self.ndim, exact=True),
            output_size=output_size,
            output_ratio=output_ratio,
            return_indices=return_indices,
        )

    def output(self, input: Shape) -> Output:
        """Return (b, c, …), twice where the indices are asked for too."""
        outer, size = maps(input, self.ndim)
        asked = self.output_size
        if self.output_ratio is not None:
            asked = tuple(int(a * ratio) for a, ratio in zip(size, self.output_ratio, strict=True))
        assert asked is not None
        for each, kernel, wanted in zip(size, self.kernel_size, asked, strict=True):
            # In 3-D PyTorch wants one more.
            if wanted < 1 or wanted + kernel + self.ndim - 3 > each:
                raise misfit(f"sizes of which {text.shape(asked)} windows fit apart", input)
        output = outer + asked
        return [output, output] if self.return_indices else output

    def reach(self, input: Shape) -> Reach:
        """Return None for the spatial axes: the windows are placed at random."""
        return (IN_PLACE,) * (len(input) - self.ndim) + (None,) * self.ndim

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of channels and axes."""
        return input[-self.ndim - 1 :]


class FractionalMaxPool2d(FractionalMaxPool):
    """Fractional max pooling of (b, c, h, w)."""

    ndim = 2


class FractionalMaxPool3d(FractionalMaxPool):
    """Fractional max pooling of (b, c, d, h, w)."""

    ndim = 3


class MaxUnpool(Layer):
    """The partial inverse of a max pooling: what is largest goes back to where it came from."""

    lenient = True
    saves = "places"
    ndim: int
    kernel_size: Shape
    stride: Shape
    padding: Shape

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        kernel_size = per_axis("kernel_size", kernel_size, self.ndim, exact=True)
        stride = kernel_size if stride is None else stride
        self._keep(
            kernel_size=kernel_size,
            stride=per_axis("stride", stride, self.ndim, exact=True),
            padding=per_axis("padding", padding, self.ndim, 0, exact=True),
        )

    def output(  # type: ignore[override]  # PyTorch's forward takes two
        self, input: Shape, indices: Shape, output_size: Any = None
    ) -> Output:
        """Return (b, c, …), of the size that is asked for where one is."""
        outer, size = maps(input, self.ndim)
        if tuple(indices) != input:
            raise misfit("indices of the input's shape", indices)
        ends = tuple((each, each) for each in self.padding)
        settings = (size, self.kernel_size, self.stride, ends)
        usual = each_axis(conv_transpose_output_size, *settings)
        if output_size is None:
            return outer + usual
        asked = tuple(output_size) if isinstance(output_size, (tuple, list)) else ()
        if len(asked) == self.ndim + 2:
            asked = asked[2:]
        asked = per_axis("output_size", asked, self.ndim, exact=True)
        for each, about, step in zip(asked, usual, self.stride, strict=True):
            if abs(each - about) >= step:
                raise ConvcalcError(f"{asked} is not about {usual}", "output_size")
        return outer + asked

    def reach(self, input: Shape) -> Reach:
        """Return None for the spatial axes: where a value goes depends on the indices."""
        return (IN_PLACE,) * (len(input) - self.ndim) + (None,) * self.ndim


class MaxUnpool1d(MaxUnpool):
    """Max unpooling of (b, c, length)."""

    ndim = 1


class MaxUnpool2d(MaxUnpool):
    """Max unpooling of (b, c, h, w)."""

    memory = CHANNELS_LAST
    ndim = 2


class MaxUnpool3d(MaxUnpool):
    """Max unpooling of (b, c, d, h, w)."""

    ndim = 3
