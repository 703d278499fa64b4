"""What a layer of a network is, and what its builders share.

Shapes are those of one sample, channels first, without the batch: (c, h, w) in 2-D, (features,)
after a flatten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from convcalc.formulas import AXES, ConvcalcError, whole
from convcalc.layers.windows import Ends, Shape

Reach = tuple[tuple[int, int], ...]
"""How many positions each spatial axis of the output reads, and how far apart they start."""


def same_shape(shape: Shape) -> Shape:
    """Return the shape as it is."""
    return shape


def no_work(shape: Shape, output: Shape) -> int:
    """Return 0 multiply-accumulates."""
    return 0


def unmoved(shape: Shape, output: Shape) -> Reach | None:
    """Return the reach of a layer that leaves every position in its place."""
    return ()


def ended(shape: Shape, output: Shape) -> Reach | None:
    """Return the reach of a layer after which there are no receptive fields."""
    return None


def quiet(shape: Shape) -> list[str]:
    """Return no notes."""
    return []


@dataclass(frozen=True)
class Layer:
    """What one layer does, as functions of the shape of a sample.

    `output` raises ConvcalcError where the shape doesn't fit. `macs` and `reach` take the shapes
    before and after. `reach` is () where the layer leaves every position in its place, and None
    where receptive fields end or aren't defined. `inferred` returns the layer with what a Lazy
    one learns from the first shape; its `params` are unknown until then.
    """

    output: Callable[[Shape], Shape] = same_shape
    params: int | None = 0
    macs: Callable[[Shape, Shape], int] = no_work
    reach: Callable[[Shape, Shape], Reach | None] = unmoved
    notes: Callable[[Shape], list[str]] = quiet
    inferred: Callable[[Shape], Layer] | None = None


def shown(shape: Sequence[int | str]) -> str:
    """Return a shape as an error names it: 3 × 32 × 32."""
    return " × ".join(f"{each:,}" if isinstance(each, int) else each for each in shape)


def misfit(expected: str, shape: Shape) -> ConvcalcError:
    """Return the error of a shape that does not fit: what is expected, and what comes."""
    return ConvcalcError(f"expects {expected}, gets {shown(shape)}")


def spatial_size(shape: Shape, ndim: int, channels: int | None = None) -> Shape:
    """Return the spatial size of (channels, …) with `ndim` axes, or raise ConvcalcError."""
    if len(shape) != ndim + 1 or channels not in (None, shape[0]):
        raise misfit(shown((channels or "channels", *AXES[ndim])), shape)
    return shape[1:]


def per_axis(name: str, value: Any, ndim: int, least: int = 1) -> Shape:
    """Return a setting per axis; one int stands for all."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * ndim
    if len(values) != ndim:
        raise ConvcalcError(f"{name} {value!r} is neither an int nor {ndim} of them")
    return tuple(whole(name, each, least) for each in values)


def one_of(name: str, value: Any, choices: Sequence[str]) -> None:
    """Raise ConvcalcError where a value is none of the choices."""
    if value not in choices:
        raise ConvcalcError(f"{name} {value!r} is none of {', '.join(choices)}")


def truth(name: str, value: Any) -> bool:
    """Return a flag, or raise ConvcalcError where it is none."""
    if not isinstance(value, (bool, int)):
        raise ConvcalcError(f"{name} {value!r} is neither True nor False")
    return bool(value)


def flattened(shape: Shape) -> Shape:
    """Return the shape of the same numbers in one row."""
    return (prod(shape),)


def same_at_both_ends(padding: Any, ndim: int) -> Ends:
    """Return a symmetric padding as (before, after) per axis."""
    return tuple((each, each) for each in per_axis("padding", padding, ndim, least=0))


def check_border(mode: str, size: Shape, padding: Ends) -> None:
    """Raise ConvcalcError where an input is too small to be padded with itself in this way."""
    for axis, each, ends in zip(AXES[len(size)], size, padding):
        # A reflection leaves out the border itself; a circle goes round once.
        most = {"reflect": each - 1, "circular": each}.get(mode)
        if most is not None and max(ends) > most:
            raise ConvcalcError(
                f"{axis}: padding {max(ends)} is too large for the input, {each}: "
                f"at most {most} would do"
            )
