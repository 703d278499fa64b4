"""Layers that change the number of positions without weights: upsampling and shuffling of pixels.

Source: https://pytorch.org/docs/stable/nn.html#vision-layers
"""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.formulas import AXES, LARGEST, ConvcalcError, TooLarge, whole
from convcalc.layers.base import (
    CHANNELS_LAST,
    IN_PLACE,
    STAY,
    Layer,
    Output,
    Reach,
    Shape,
    Window,
    misfit,
    number,
    one_of,
    per_axis,
)

AXES_OF_MODE = {
    "nearest": (1, 2, 3),
    "nearest-exact": (1, 2, 3),
    "area": (1, 2, 3),
    "linear": (1,),
    "bilinear": (2,),
    "bicubic": (2,),
    "trilinear": (3,),
}
"""The numbers of spatial axes that each way to upsample takes."""


class Upsample(Layer):
    """Every axis of (b, c, …) to a size, or scaled by a factor and rounded down."""

    saves = ""
    memory = CHANNELS_LAST

    size: Any
    scale_factor: Any
    mode: str
    align_corners: bool | None

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        one_of("mode", mode, tuple(AXES_OF_MODE))
        if align_corners is not None and AXES_OF_MODE[mode] == (1, 2, 3):
            raise ConvcalcError(f"has no meaning with mode {mode}", "align_corners")
        if recompute_scale_factor and size is not None:
            raise ConvcalcError("has no meaning with a size", "recompute_scale_factor")
        scale_factor = None if scale_factor == 0 else scale_factor  # as PyTorch reads it
        several = isinstance(scale_factor, tuple)
        factors = scale_factor if several else (scale_factor,)
        if scale_factor is not None:
            for each in factors:
                number("scale_factor", each)
                if not each > 0:
                    raise ConvcalcError(f"{each} is not above 0", "scale_factor")
                if each > LARGEST:
                    raise TooLarge(f"a scale_factor of {each:,}")
            scale_factor = tuple(map(float, factors)) if several else float(scale_factor)
        if (size is None) == (scale_factor is None):
            raise ConvcalcError("exactly one of size and scale_factor is needed")
        self._keep(
            size=tuple(size) if isinstance(size, list) else size,
            scale_factor=scale_factor,
            mode=mode,
            align_corners=align_corners,
            recompute_scale_factor=recompute_scale_factor,
        )

    def filled(self, input: Shape) -> Shape:
        """Return the sizes of channels and axes."""
        return input[1:]

    def output(self, input: Shape) -> Output:
        """Return (b, c, …) with every axis resized."""
        ndim = len(input) - 2
        if ndim not in AXES_OF_MODE[self.mode]:
            axes = AXES_OF_MODE[self.mode]
            raise misfit(" or ".join(text.shape(("channels", *AXES[n])) for n in axes), input)
        if self.size is not None:
            return input[:2] + per_axis("size", self.size, ndim, exact=True)
        several = isinstance(self.scale_factor, tuple)
        factors = self.scale_factor if several else (self.scale_factor,) * ndim
        if len(factors) != ndim:
            raise ConvcalcError(f"{factors} is not {ndim} numbers", "scale_factor")
        return input[:2] + tuple(map(_scaled, input[2:], factors))

    def reach(self, input: Shape) -> Reach:
        """Return None for the spatial axes, which several positions share."""
        return (IN_PLACE,) * 2 + (None,) * (len(input) - 2)


def _scaled(size: int, factor: float) -> int:
    """Return a size times a factor, rounded down."""
    scaled = int(float(size) * factor)
    if scaled > LARGEST:
        raise TooLarge(f"a size of {scaled:,}")
    if scaled <= 0:
        raise ConvcalcError(f"{factor} makes {scaled:,} of {size:,}", "scale_factor")
    return scaled


class UpsamplingNearest2d(Upsample):
    """Upsampling to the nearest neighbour."""

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor)


class UpsamplingBilinear2d(Upsample):
    """Bilinear upsampling of (b, c, h, w), the corners aligned."""

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, "bilinear", True)


class PixelShuffle(Layer):
    """(…, c·r², h, w) to (…, c, h·r, w·r)."""

    saves = ""
    memory = CHANNELS_LAST
    of_whole = STAY

    upscale_factor: int

    def __init__(self, upscale_factor: int) -> None:
        self._keep(upscale_factor=whole("upscale_factor", upscale_factor, 1))

    def output(self, input: Shape) -> Output:
        """Return (…, c, h·r, w·r)."""
        factor = self.upscale_factor
        if len(input) < 3 or input[-3] % factor**2:
            raise misfit(f"channels that {factor**2:,} divides × height × width", input)
        *outer, channels, h, w = input
        return (*outer, channels // factor**2, h * factor, w * factor)

    def reach(self, input: Shape) -> Reach:
        """Return None but for what stands before the channels: r positions share one."""
        return (IN_PLACE,) * (len(input) - 3) + (None,) * 3


class PixelUnshuffle(Layer):
    """(…, c, h·r, w·r) to (…, c·r², h, w)."""

    saves = ""
    memory = CHANNELS_LAST
    of_whole = STAY

    downscale_factor: int

    def __init__(self, downscale_factor: int) -> None:
        self._keep(downscale_factor=whole("downscale_factor", downscale_factor, 1))

    def output(self, input: Shape) -> Output:
        """Return (…, c·r², h, w)."""
        factor = self.downscale_factor
        if len(input) < 3 or input[-2] % factor or input[-1] % factor:
            raise misfit(f"a height and a width that {factor:,} divides", input)
        *outer, channels, h, w = input
        return (*outer, channels * factor**2, h // factor, w // factor)

    def reach(self, input: Shape) -> Reach:
        """Return windows of r positions, r apart."""
        window = Window(self.downscale_factor, self.downscale_factor)
        return (*(IN_PLACE,) * (len(input) - 3), None, window, window)


class ChannelShuffle(Layer):
    """Channels of (b, c, …) shuffled: one of each group in turn."""

    saves = ""
    memory = CHANNELS_LAST
    of_whole = STAY

    groups: int

    def __init__(self, groups: int) -> None:
        self._keep(groups=whole("groups", groups, 1))

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if len(input) < 3 or input[1] % self.groups:
            raise misfit(f"channels that groups {self.groups:,} divides, and axes", input)
        return input

    def reach(self, input: Shape) -> Reach:
        """Return None for the channels, which change places."""
        return (IN_PLACE, None) + (IN_PLACE,) * (len(input) - 2)
