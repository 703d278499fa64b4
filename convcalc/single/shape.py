"""What comes out of one layer, and how it unfolds."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from convcalc.formulas import (
    BYTES,
    ConvcalcError,
    num_patches,
    values_per_patch,
    windows_rounded_up,
)
from convcalc.layers.windows import Convolution, Shape, spelled
from convcalc.single.question import LayerQuestion

if TYPE_CHECKING:
    from convcalc.layers.windows import Pooling

UNITS = {1: ("position",), 2: ("row", "column"), 3: ("plane", "row", "column")}
"""What one position is called on each spatial axis, by their number."""


@dataclass(frozen=True, eq=False)  # which nothing needs, and takes time at every start
class ShapeAnswer:
    """What a layer makes of an input; shapes are per sample, channels first.

    `unfolded` is (p, k); p, k and the unfolded matrix are None for a transposed convolution.
    """

    layer: Convolution | Pooling
    input: Shape
    padded: Shape
    output: tuple[int | None, ...]
    formulas: tuple[str, ...]
    """How each axis of the output came about, with the numbers put in."""
    patches: int | None
    values_per_patch: int | None
    dropped: Shape
    batch: int
    dtype: str
    code: str
    notes: tuple[str, ...]

    @property
    def unfolded(self) -> tuple[int, int] | None:
        """The shape of Ũ for one sample."""
        if self.patches is None or self.values_per_patch is None:
            return None
        return self.patches, self.values_per_patch

    @property
    def unfolded_bytes(self) -> int:
        """The memory of Ũ for the whole batch."""
        return self.batch * prod(self.unfolded or (0,)) * BYTES[self.dtype]

    @property
    def unfolded_ratio(self) -> float:
        """How many times the input's memory Ũ takes."""
        return prod(self.unfolded or (0,)) / prod(self.input)


def shape(question: LayerQuestion) -> ShapeAnswer:
    """Return what comes out of the layer that is asked about, and how it unfolds."""
    channels, size = question.input_shape[0], question.size
    if not size:
        raise ConvcalcError(
            f"{question.named_input} has no spatial axes: CxL, CxHxW or CxDxHxW would do"
        )
    layer = question.layer()
    output_size = layer.output_size(size)
    out_channels = layer.out_channels if isinstance(layer, Convolution) else channels
    transposed = layer.transposed
    return ShapeAnswer(
        layer=layer,
        input=question.input_shape,
        padded=question.input_shape if transposed else (channels, *layer.padded(size)),
        output=(out_channels, *output_size),
        formulas=tuple(
            _formula(layer, axis, *sizes) for axis, sizes in enumerate(zip(size, output_size))
        ),
        patches=None if transposed else num_patches(output_size),
        values_per_patch=None if transposed else values_per_patch(channels, layer.kernel_size),
        dropped=(0,) * layer.ndim if transposed else layer.dropped(size, output_size),
        batch=question.batch or 1,
        dtype=question.dtype or "float32",
        code=layer.code(size),
        notes=surprises(layer, size),
    )


def _formula(layer: Convolution | Pooling, axis: int, size: int, output: int) -> str:
    """Return the output formula of one axis with the numbers put in."""
    kernel, stride = layer.kernel_size[axis], layer.stride[axis]
    (before, after), dilation = layer.padding[axis], layer.dilation[axis]
    spans = str(kernel) if dilation == 1 else f"({dilation}·({kernel} − 1) + 1)"
    padding = f"2·{before}" if before == after else f"{before} + {after}"
    if isinstance(layer, Convolution) and layer.transposed:
        extra = f" + {layer.output_padding[axis]}" if layer.output_padding[axis] else ""
        return f"({size} − 1)·{stride} + {spans} − {padding}{extra}"
    divided = f"({size} − {spans} + {padding})/{stride}"
    if layer.ceil_mode:
        ceiled = windows_rounded_up(size, kernel, stride, layer.padding[axis], dilation)
        less = " − 1" if ceiled > output else ""
        return f"⌈{divided}⌉ + 1{less}"
    return f"⌊{divided}⌋ + 1"


def surprises(layer: Convolution | Pooling, size: Shape) -> tuple[str, ...]:
    """Return what works but surprises; what hangs on the size is left out where it isn't known."""
    notes = []
    if size and not layer.transposed:
        notes += _unread(layer, size)
    notes += layer.rejections(size)
    if layer.pads_first and layer.uneven:
        notes.append(
            "The padding differs between the two ends of an axis: PyTorch needs F.pad for that, "
            f"or the nn.{layer.pad_name} of the PyTorch line."
        )
    return tuple(notes)


def _unread(layer: Convolution | Pooling, size: Shape) -> list[str]:
    """Return notes on the input positions that no window reads."""
    notes = []
    left = [
        f"the last {unit}" if count == 1 else f"the last {count} {unit}s"
        for count, unit in zip(layer.dropped(size, layer.output_size(size)), UNITS[layer.ndim])
        if count
    ]
    if left:
        verb = "is" if len(left) == 1 and not left[0].endswith("s") else "are"
        notes.append(f"{' and '.join(left).capitalize()} of the input {verb} read by no window.")
    if any(stride > span for stride, span in zip(layer.stride, layer.span)):
        notes.append(
            f"Stride {spelled(layer.stride)} is larger than the kernel, {spelled(layer.span)}: "
            "what lies between the windows is read by none."
        )
    return notes
