"""What products of matrices keep: each factor where the other needs a gradient, as it is taken.

Source: ATen/native/LinearAlgebra and ATen/native/Linear of PyTorch 2.13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from convcalc.layers.base import Shape
from convcalc.network.torch.gradients.rules import COMPOSED, Call, memory, needs
from convcalc.network.torch.sizes import broadcast, is_one
from convcalc.network.torch.strides import Strides, extent, strides_of, viewed_strides
from convcalc.network.torch.tensor import Kept, Tensor


class Laid(NamedTuple):
    """How numbers are seen: their sizes, and how far apart neighbours lie."""

    shape: Shape
    strides: Strides


def reshaped(own: Tensor, seen: Laid, shape: Sequence[int]) -> Kept:
    """Return what a tensor is, seen so and given another shape: its own memory, or a copy."""
    if 0 in seen.shape or viewed_strides(seen, shape)[1]:
        return own
    return memory(seen.shape, own.dtype)


def merged(sizes: Sequence[int]) -> int:
    """Return several sizes as one, as strides count it."""
    return prod(map(extent, sizes))


def laid_out(tensor: Tensor) -> Laid:
    """Return how a tensor's numbers are seen by itself."""
    return Laid(tensor.shape, strides_of(tensor))


def of_product(result: object, left: Tensor, right: Tensor) -> Iterator[Kept]:
    """Yield each of two tensors where the other one needs a gradient, as their product has them.

    They are laid out as matrices for it, which is a copy where it can't be a view.
    """
    del result  # which isn't kept
    for own, other, is_left in ((left, right, True), (right, left, False)):
        if needs(other):
            yield _as_matrices(own, other, is_left)


def _as_matrices(own: Tensor, other: Tensor, is_left: bool) -> Kept:
    """Return one of two tensors as their product takes it."""
    seen = laid_out(own)
    folded = folds(own, other, is_left)
    if own.ndim < 3 and (other.ndim < 3 or folded):
        return own
    if folded:
        if not is_left:
            seen = Laid((*seen.shape[:-2], *seen.shape[:-3:-1]),
                        (*seen.strides[:-2], *seen.strides[:-3:-1]))  # fmt: skip
        return reshaped(own, seen, (merged(seen.shape[:-1]), seen.shape[-1]))
    if own.ndim == 1:
        seen = Laid((1, *seen.shape), (0, *seen.strides)) if is_left else Laid(
            (*seen.shape, 1), (*seen.strides, 1)
        )  # fmt: skip
    front = broadcast("matmul", own.shape[:-2], other.shape[:-2])
    before, matrix = seen.shape[:-2], seen.shape[-2:]
    lead = len(front) - len(before)
    steps = [
        0 if is_one(old) and not is_one(new) else step
        for old, new, step in zip(before, front[lead:], seen.strides, strict=False)
    ]
    whole = Laid((*front, *matrix), (*(0,) * lead, *steps, *seen.strides[-2:]))
    return reshaped(own, whole, (merged(front), *matrix))


def folds(own: Tensor, other: Tensor, is_left: bool) -> bool:
    """Return whether the larger of two tensors is taken as one matrix.

    Source: `should_fold` of PyTorch's ATen/native/LinearAlgebra.
    """
    left, right = (own, other) if is_left else (other, own)
    first = left.ndim >= right.ndim
    larger, smaller = (left, right) if first else (right, left)
    if larger.ndim < 3 or smaller.ndim > 2:
        return False
    if needs(smaller) or left.ndim == 2:
        return needs(smaller)
    shape, steps = [*map(extent, larger.shape)], list(strides_of(larger))
    if not first:
        shape[-2:], steps[-2:] = shape[:-3:-1], steps[:-3:-1]
    return all(steps[at] == steps[at + 1] * shape[at + 1] for at in range(larger.ndim - 2))


def of_linear(input: Tensor, weight: Tensor) -> Iterator[Kept]:
    """Yield what an affine map keeps: its input, in rows, where the weight needs a gradient."""
    if needs(weight):
        seen = laid_out(input)
        rows = (merged(seen.shape[:-1]), seen.shape[-1]) if input.ndim > 2 else seen.shape
        yield reshaped(input, seen, rows)
    if needs(input):
        yield weight


def _linear(call: Call) -> Iterator[Kept]:
    weight = call.weights.get("weight")
    if isinstance(weight, Tensor):
        yield from of_linear(call.inputs[0], weight)


COMPOSED["Linear"] = _linear


def of_pair(terms: Sequence[Mapping[str, int]], result: Sequence[str],
            tensors: Sequence[Tensor]) -> Iterator[Kept]:  # fmt: skip
    """Yield what a sum of products of two tensors keeps, their sizes given by letters.

    Source: `sumproduct_pair` of PyTorch's ATen/native/Linear.
    """
    there = [{letter for letter, size in term.items() if not is_one(size)} for term in terms]
    letters = [*result, *sorted((terms[0].keys() | terms[1].keys()) - {*result})]
    both = there[0] & there[1]
    summed = [letter for letter in letters if letter in both and letter not in result]
    shared = [letter for letter in letters if letter in both and letter in result]
    for own, other, term, mine in ((0, 1, terms[0], there[0]), (1, 0, terms[1], there[1])):
        tensor = tensors[own]
        if not needs(tensors[other]):
            continue
        alone = [letter for letter in letters if letter in mine and letter not in both]
        gone = [letter for letter in alone if letter not in result]
        if gone:  # which is summed up before
            yield memory([size for letter, size in term.items() if letter not in gone])
            continue
        if not summed:
            yield tensor
            continue
        order = [*term]
        seen = laid_out(tensor)
        parts = (shared, alone, summed) if own == 0 else (shared, summed, alone)
        places = [[order.index(letter) for letter in part] for part in parts]
        axes = [at for part in places for at in part]
        turned = Laid(*(tuple(each[at] for at in axes) for each in seen))
        yield reshaped(tensor, turned, [merged([seen.shape[at] for at in part]) for part in places])
