"""What is shown of every walk-through in the same way, whatever its kind of layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from convcalc import text
from convcalc.formulas import nested_shape
from convcalc.output.demo import maps
from convcalc.output.demo.formulas import derivation_as_json, derived, equation, equations
from convcalc.output.page import Beside, Block, Facts, Matrices, Page
from convcalc.output.shape import of_output, of_unfolded
from convcalc.single.demo.convolution import Walkthrough
from convcalc.single.demo.walk import Walk, flat

if TYPE_CHECKING:
    from convcalc.output.shape import Fact

Walked = TypeVar("Walked", bound=Walk)
Tensors = Callable[[Walked], Sequence[Matrices]]
"""Some of a walk's tensors, laid out."""


def laid_out(
    walk: Walked, forward: Tensors[Walked], more: Tensors[Walked], backward: Tensors[Walked]
) -> Page:
    """Lay out a walk-through from X to Y, what more there is to see, and back if it goes there."""
    blocks: list[Block] = [Facts(sizes(walk)), Beside(derived(walk, forward(walk)))]
    blocks += equations(walk.sums)
    extra = more(walk)
    if extra:
        blocks.append(Beside(extra))
    if walk.gradients is not None:
        blocks.append(Beside(derived(walk, backward(walk))))
        blocks += [equation(each) for each in walk.gradient_sums]
    return Page(heading(walk), tuple(blocks), walk.code, walk.notes)


def sizes(walk: Walk) -> list[Fact]:
    """Return how large the output is, and the unfolded matrix, and how that comes about."""
    unfolded = of_unfolded(walk.sizes) if isinstance(walk, Walkthrough) else []
    return [*of_output(walk.sizes), *unfolded]


def heading(walk: Walk) -> str:
    """Return what a walk-through is of."""
    shapes = [text.shape(maps.shape_in(walk, each)) for each in (walk.X, walk.Y)]
    heading = f"{walk.name} by {walk.by}: {' → '.join(shapes)}"
    return heading if walk.patch is None else f"{heading}, {walk.called}"


def as_json(
    walk: Walked, tensors: Callable[[Any], dict[str, Any]], more: Mapping[str, Any]
) -> dict[str, Any]:
    """Return tensors by their keys, and those of the gradients where a walk goes on through them.

    `tensors` gives those of a walk in the order in which they come about; the gradients, which have
    the same names, come about in the other.
    """
    keys = {key: _shown(walk, each) for key, each in tensors(walk).items()}
    keys.update(more)
    back, bias = walk.gradients, getattr(walk, "bias", None)
    if bias is not None:
        keys["bias"] = bias
    if back is not None:
        gradients = reversed(tensors(back).items())
        keys |= {f"grad_{key}": _shown(walk, each) for key, each in gradients}
        if bias is not None:
            keys["grad_bias"] = getattr(back, "bias", None)
        keys["derivation"] = derivation_as_json(walk)
    return keys


def _shown(walk: Walk, tensor: Any) -> Any:
    """Return a tensor as it stands in the walk's dimensions: in 1-D a map without height."""
    return flat(tensor, walk.ndim) if len(nested_shape(tensor)) == 4 else tensor
