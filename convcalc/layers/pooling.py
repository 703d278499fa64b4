"""Max and average pooling."""

from __future__ import annotations

from dataclasses import dataclass
from operator import lt

from convcalc.formulas import check_pool_padding, each_axis, pool_output_size
from convcalc.layers.windows import Ends, Shape, Windowed, spelled


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
