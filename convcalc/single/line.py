"""The line of PyTorch that builds a layer, to be pasted."""

from __future__ import annotations

from convcalc import text
from convcalc.layers.base import Ends, Shape
from convcalc.layers.convolution import Convolutional
from convcalc.layers.pooling import AvgPool3d, MaxPool, Pooling

Asked = Convolutional | Pooling
"""What can be asked about alone: convolutions, transposed ones and poolings."""


def line(layer: Asked, size: Shape = (), same: bool = False, c_out: bool = False) -> str | None:
    """Return the line of PyTorch that does what a layer does to an input of this size.

    `same` says that its padding was asked for by that word, `c_out` that its output channels
    weren't said. The size matters only to ceil mode with padding that PyTorch's pooling doesn't
    take. None where PyTorch has no such layer.
    """
    kernel_size, stride, ends, dilation = layer.settings
    if unknown_to_pytorch(layer):
        return None
    small = smaller_than_kernel(layer, size)
    if small:  # which padding beforehand mends, where enough of it is read
        padded = [sum(each) + a for each, a in zip(_needed(layer, size), size, strict=True)]
        if smaller_than_kernel(layer, tuple(padded)):
            return None
    beforehand = pads_first(layer, same) or small
    arguments = []
    if isinstance(layer, Convolutional):
        arguments += [str(layer.in_channels), "C_out" if c_out else str(layer.out_channels)]
    arguments.append(f"kernel_size={text.source(kernel_size)}")
    if stride != (kernel_size if isinstance(layer, Pooling) else (1,) * layer.ndim):
        arguments.append(f"stride={text.source(stride)}")
    if says_same(layer, same):
        arguments.append("padding='same'")
    elif not beforehand and any(map(any, ends)):
        arguments.append(f"padding={text.source([before for before, _ in ends])}")
    if set(dilation) != {1}:
        arguments.append(f"dilation={text.source(dilation)}")
    if isinstance(layer, Pooling):
        arguments += ["ceil_mode=True"] if layer.ceil_mode else []
    else:
        if any(layer.output_padding):
            arguments.append(f"output_padding={text.source(layer.output_padding)}")
        if layer.groups > 1:
            arguments.append(f"groups={layer.groups}")
        if not layer.biased:
            arguments.append("bias=False")
    written = f"nn.{layer.name}({', '.join(arguments)})"
    if not beforehand:
        return written
    # PyTorch's padding layers count from the last axis, before and after in turn.
    amounts = ", ".join(f"{a}, {b}" for a, b in reversed(_needed(layer, size)))
    filler = ', float("-inf")' if isinstance(layer, MaxPool) else ""
    return f"nn.Sequential(nn.{pad_name(layer)}(({amounts}){filler}), {written})"


def says_same(layer: Asked, same: bool) -> bool:
    """Whether PyTorch takes the word, which it does of convolutions with stride 1."""
    return same and isinstance(layer, Convolutional) and set(layer.settings[1]) == {1}


def uneven(layer: Asked) -> bool:
    """Whether some axis is padded differently before and after."""
    return any(before != after for before, after in layer.ends)


def beyond_half(layer: Asked) -> bool:
    """Whether a pooling's padding is above half the kernel, which PyTorch rejects."""
    along = zip(layer.settings[0], layer.ends, strict=True)
    return isinstance(layer, Pooling) and any(2 * max(ends) > kernel for kernel, ends in along)


def unknown_to_pytorch(layer: Asked) -> bool:
    """Whether it is a dilated average pooling, which PyTorch doesn't have."""
    is_average = isinstance(layer, Pooling) and not isinstance(layer, MaxPool)
    return is_average and set(layer.settings[3]) != {1}


def pads_first(layer: Asked, same: bool) -> bool:
    """Whether PyTorch needs the padding done by a layer of its own."""
    return (uneven(layer) and not says_same(layer, same)) or beyond_half(layer)


def smaller_than_kernel(layer: Asked, size: Shape) -> bool:
    """Whether it is an AvgPool3d on less than its kernel without padding, which PyTorch rejects."""
    along = zip(size, layer.settings[0], strict=False)
    return isinstance(layer, AvgPool3d) and any(each < kernel for each, kernel in along)


def pad_name(layer: Asked) -> str:
    """Return the class that pads beforehand: with what a maximum never takes, or with zeros."""
    return f"{'Constant' if isinstance(layer, MaxPool) else 'Zero'}Pad{layer.ndim}d"


def _needed(layer: Asked, size: Shape) -> Ends:
    """Return the padding that is read.

    What is padded beforehand is input to PyTorch, and in ceil mode a further window might start
    in it: no more is put at the end than the last window reads.
    """
    if not isinstance(layer, Pooling) or not layer.ceil_mode or not size:
        return layer.ends
    along = zip(layer.windows, layer.ends, layer.output_size(size), size, strict=True)
    return tuple(
        (before, min(after, (output - 1) * window.step + window.span - each - before))
        for window, (before, after), output, each in along
    )
