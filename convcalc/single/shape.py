"""What comes out of one layer, and how it unfolds."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, prod

from convcalc import text
from convcalc.formulas import (
    BYTES,
    Pair,
    each_axis,
    num_patches,
    unread_by,
    values_per_patch,
    windows_rounded_up,
)
from convcalc.layers.base import Shape
from convcalc.layers.pooling import Pooling
from convcalc.single.line import (
    Asked,
    beyond_half,
    line,
    pad_name,
    pads_first,
    smaller_than_kernel,
    uneven,
    unknown_to_pytorch,
)
from convcalc.single.question import LayerQuestion

UNITS = {1: ("position",), 2: ("row", "column"), 3: ("plane", "row", "column")}
"""What one position is called on each spatial axis, by their number."""

SIZES = {1: ("L",), 2: ("H", "W"), 3: ("D_in", "H", "W")}
"""The letter of the input's size on each spatial axis; D alone is the dilation."""


@dataclass(frozen=True, eq=False)  # which nothing needs, and takes time at every start
class ShapeAnswer:
    """What a layer makes of an input; shapes are per sample, channels first.

    `unfolded` is (p, k); p, k and the unfolded matrix are None for a transposed convolution.
    `code` is None where PyTorch has no such layer.
    """

    layer: Asked
    input: Shape
    padded: Shape
    output: tuple[int | None, ...]
    formulas: tuple[str, ...]
    """How each axis of the output came about, in letters and with the numbers put in."""
    patches: int | None
    values_per_patch: int | None
    unread: Shape
    batch: int
    dtype: str
    code: str | None
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
        raise question.about_input("has no spatial axes: CxL, CxHxW or CxDxHxW would do")
    layer = question.layer()
    output_size = layer.output_size(size)
    transposed = layer.transposed
    return ShapeAnswer(
        layer=layer,
        input=question.input_shape,
        padded=question.input_shape if transposed else (channels, *padded(layer, size)),
        output=(channels if question.pool else question.out_channels, *output_size),
        formulas=tuple(
            _formula(layer, axis, *sizes)
            for axis, sizes in enumerate(zip(size, output_size, strict=True))
        ),
        patches=None if transposed else num_patches(output_size),
        values_per_patch=None if transposed else values_per_patch(channels, layer.settings[0]),
        unread=(0,) * layer.ndim if transposed else unread(layer, size),
        batch=question.batch or 1,
        dtype=question.dtype or "float32",
        code=pasted(question, layer),
        notes=surprises(question, layer),
    )


def padded(layer: Asked, size: Shape) -> Shape:
    """Return the spatial size with the padding around it."""
    along = zip(size, layer.ends, strict=True)
    return tuple(before + each + after for each, (before, after) in along)


def unread(layer: Asked, size: Shape) -> Shape:
    """Return how many positions of each axis no window reads."""
    return each_axis(unread_by, layer.output_size(size), size, *layer.settings)


def pasted(question: LayerQuestion, layer: Asked) -> str | None:
    """Return the line of PyTorch for the layer as it was asked about."""
    same, unsaid = question.padding == "same", question.out_channels is None
    return line(layer, question.size, same, c_out=unsaid)


def _formula(layer: Asked, axis: int, size: int, output: int) -> str:
    """Return the output formula of one axis in letters, and with the numbers put in."""
    kernels, strides, ends, dilations = layer.settings
    kernel, stride, dilation = kernels[axis], strides[axis], dilations[axis]
    before, after = ends[axis]
    added = 0 if isinstance(layer, Pooling) else layer.output_padding[axis]
    less = 0
    if isinstance(layer, Pooling) and layer.ceil_mode:
        less = windows_rounded_up(size, kernel, stride, (before, after), dilation) - output

    def written(
        size: object, kernel: object, stride: object, dilation: object, padding: str, added: object
    ) -> str:
        """Return the formula with its letters, or with numbers in their place."""
        spans = str(kernel) if dilations[axis] == 1 else f"({dilation}·({kernel} − 1) + 1)"
        if layer.transposed:
            return f"({size} − 1)·{stride} + {spans} − {padding}{f' + {added}' if added else ''}"
        divided = f"({size} − {spans} + {padding})/{stride}"
        if isinstance(layer, Pooling) and layer.ceil_mode:
            return f"⌈{divided}⌉ + 1{' − 1' if less else ''}"
        return f"⌊{divided}⌋ + 1"

    even = before == after
    letters = written(
        SIZES[layer.ndim][axis],
        "K",
        "S",
        "D",
        "2P" if even else "P_before + P_after",
        "output_padding" if added else "",
    )
    padding = f"2·{before}" if even else f"{before} + {after}"
    return f"{letters} = {written(size, kernel, stride, dilation, padding, added or '')}"


def surprises(question: LayerQuestion, layer: Asked) -> tuple[str, ...]:
    """Return what works but surprises; without a size, what depends on it is left out."""
    size, same = question.size, question.padding == "same"
    kernel_size, stride, _, dilation = layer.settings
    notes = []
    if size and not layer.transposed:
        notes += _unread_notes(layer, size)
    if same and not question.pool and max(stride) > 1:
        # Keras has no layer with both of them above 1.
        keras = ", Keras accepts it" if max(dilation) == 1 else ""
        notes.append(
            f"PyTorch rejects padding='same' with stride {text.source(stride)}{keras}: for PyTorch "
            "the padding has to be spelled out."
        )
    if beyond_half(layer):
        # ONNX Runtime, for one, takes no padding from the whole kernel on, dilated or not.
        below = all(max(e) < k for e, k in zip(layer.ends, kernel_size, strict=True))
        notes.append(
            "PyTorch rejects a pooling's padding above half the kernel, "
            f"{text.source(kernel_size)}{', ONNX accepts it' if below else ''}: for PyTorch one "
            "pads beforehand."
        )
    if unknown_to_pytorch(layer):
        notes.append("PyTorch has no dilated average pooling, ONNX has it since opset 19.")
    elif smaller_than_kernel(layer, size):
        notes.append(
            "PyTorch rejects an AvgPool3d whose kernel is larger than the input without its "
            "padding; its other poolings accept that."
        )
    if pads_first(layer, same) and uneven(layer):
        notes.append(
            "The padding differs between the two ends of an axis: PyTorch needs F.pad for that, "
            f"or the nn.{pad_name(layer)} of the PyTorch line."
        )
    return tuple(notes)


def _unread_notes(layer: Asked, size: Shape) -> list[str]:
    """Return a note on the input positions that no window reads, and which they are."""
    output = layer.output_size(size)
    along = zip(UNITS[layer.ndim], output, size, *layer.settings, strict=True)
    left = [which for which in (unread_positions(*axis) for axis in along) if which]
    if not left:
        return []
    several = len(left) > 1 or (left[0].endswith("s") and not left[0].startswith("1 of "))
    sentence = f"{text.listed(left)} of the input {'are' if several else 'is'} read by no window."
    return [sentence[0].upper() + sentence[1:]]


def unread_positions(
    unit: str, output: int, size: int, kernel_size: int, stride: int, ends: Pair, dilation: int
) -> str:
    """Return which positions of one axis no window reads: every other row, the last 3 columns.

    Empty where all are read; the number of them where they follow no rule that a word says.
    """
    settings = (output, size, kernel_size, stride, ends, dilation)
    count = unread_by(*settings)
    if not count:
        return ""

    def at_an_end(which: str) -> str:
        return f"the {which} {unit}" if count == 1 else f"the {which} {count:,} {unit}s"

    if count == size:
        return f"all {size:,} {unit}s" if size > 1 else f"the only {unit}"
    behind = size + ends[0] - (output - 1) * stride - dilation * (kernel_size - 1) - 1
    if count == behind:
        return at_an_end("last")
    # Windows and taps read multiples of what both have in common, from the padding on.
    common = gcd(stride if output > 1 else 0, dilation if kernel_size > 1 else 0)
    multiples = (ends[0] + size - 1) // common - (ends[0] - 1) // common if common else 0
    if common > 1 and size - count == multiples > 1 < count:
        return f"every other {unit}" if common == 2 else f"all but every {_nth(common)} {unit}"
    between = stride - kernel_size
    if dilation == 1 and output > 1 and behind <= between < count:
        each = f"every {_nth(stride)} {unit}"
        return each if between == 1 else f"{between:,} of every {stride:,} {unit}s"
    if max(size, output * kernel_size) <= MOST_LOOKED_AT:
        windows = [i * stride - ends[0] for i in range(output)]
        taps = range(0, kernel_size * dilation, dilation)
        left = {*range(size)} - {start + tap for start in windows for tap in taps}
        first, last = min(left), max(left)
        if last == count - 1:
            return at_an_end("first")
        if first == size - count:
            return at_an_end("last")
        if count == 1:
            return f"the {_nth(first + 1)} {unit}"
    return f"{count:,} of the {size:,} {unit}s"


MOST_LOOKED_AT = 10_000
"""The most positions that are tried, where no rule says which are left unread."""


def _nth(number: int) -> str:
    """Return an ordinal number."""
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    if number in words:
        return words[number]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{'th' if number % 100 in (11, 12, 13) else ending}"
