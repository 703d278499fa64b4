"""How people get unfold and fold wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from math import nan, prod
from typing import Any

from convcalc.checking.mistakes.mistake import (
    SETTINGS,
    Function,
    Mistake,
    changed_result,
    changed_tensor,
    mistaken,
    numbers_lost,
    samples_lost,
)
from convcalc.checking.mistakes.tensors import (
    channels_last,
    each_number,
    exchanged,
    flattened,
    maps_transposed,
    matrices_transposed,
    quotient,
    reshaped,
    size_of,
    stacked,
    summed,
)
from convcalc.checking.windows import COUNTS, LARGER, PADDINGS, PLACES, RIGHT, Way, Windows, crop
from convcalc.formulas import (
    Nested3,
    Nested4,
    Size,
    Tensor3,
    Tensor4,
    fold,
    nested_shape,
    pair,
    transpose,
    unfold,
)


def _unfolding(way: Way) -> Function:
    def wrong(x: Nested4, kernel_size: Size, **settings: Any) -> Tensor3:
        return way.unfold(x, Windows.over(size_of(x), kernel_size, **settings))

    return wrong


MERGED: dict[str, Callable[[Tensor3], Any]] = {
    "the samples stand beside one another: each has a matrix of its own": (
        lambda result: [flattened(rows) for rows in exchanged(result)]
    ),
    "all samples have one matrix, (k, b·p): each has its own": (
        lambda result: transpose(stacked(result))
    ),
    "all samples have one matrix, (k, p·b): each has its own": (
        lambda result: transpose(stacked(exchanged(result)))
    ),
    "the patches come before the samples, (p, b, k)": lambda result: exchanged(result),
    "U (b, k, p) is reshaped to (b, p, k) without being transposed": (
        lambda result: reshaped(matrices_transposed(result), nested_shape(result))
    ),
}
"""What becomes of the axes of a right Ũ (b, p, k)."""
CHANNELS: dict[str, Callable[[Any], Any]] = {
    "only the first channel is read": lambda sample: sample[:1],
    "only the last channel is read": lambda sample: sample[-1:],
    "the channels are added up": lambda sample: [summed(sample)],
    "the channels are averaged": lambda sample: [quotient(summed(sample), len(sample))],
}
"""What is made of the channels of X before they are read."""


def _each_sample(change: Callable[[Any], Any], x: Nested4) -> list[Any]:
    return [change(sample) for sample in x]


def _padded_everywhere(x: Nested4, kernel_size: Size, **settings: Any) -> Tensor3:
    """Every axis padded, as np.pad does with one int; a pair is taken as before and after."""
    before, after = pair("padding", settings.pop("padding", 0))
    none = each_number(lambda v: 0, x[0][0])
    channels = len(x[0]) + before + after
    samples = [[none] * before + list(sample) + [none] * after for sample in x]
    empty = [[none] * channels]
    padded = empty * before + samples + empty * after
    return unfold(padded, kernel_size, padding=((before, after), (before, after)), **settings)


def folding(way: Way = RIGHT, overwrite: bool = False, by_patch: bool = True) -> Function:
    """Return a fold by a wrong way to lay windows, or one that writes over what is there."""

    def wrong(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
        windows = Windows.over(output_size, kernel_size, **settings)
        return way.fold(u, windows, overwrite, by_patch)

    return wrong


def not_cropped(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
    """Fold, with the padding left around the result."""
    return RIGHT.fold_padded(u, Windows.over(output_size, kernel_size, **settings))


def cropped_behind(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
    """The padding cut off behind alone: what is left begins with the padding before."""
    windows = Windows.over(output_size, kernel_size, **settings)
    behind = replace(windows, padding=((0, 0), (0, 0)))
    return crop(RIGHT.fold_padded(u, windows), behind)


def cropped(before: Callable[[int, int], slice]) -> Function:
    """The padding cut off by a slice, given the padding before and the size of the result."""

    def wrong(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
        windows = Windows.over(output_size, kernel_size, **settings)
        (top, _), (left, _) = windows.padding
        rows, columns = before(top, windows.size[0]), before(left, windows.size[1])
        return [
            [[row[columns] for row in channel[rows]] for channel in sample]
            for sample in RIGHT.fold_padded(u, windows)
        ]

    return wrong


CROPPED = {
    "the padding is cut off by [p:-p], which leaves nothing where p is 0": (
        lambda padding, size: slice(padding, -padding)
    ),
    "the padding is cut off by [p:h]: h rows are left by [p:p + h]": (
        lambda padding, size: slice(padding, size)
    ),
}


def added_to_the_end(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
    """What belongs in the padding before, where an index below 0 counts from the end."""
    windows = Windows.over(output_size, kernel_size, **settings)
    (top, _), (left, _) = windows.padding
    h, w = windows.size
    samples = crop(RIGHT.fold_padded(u, windows), windows)
    for x, padded in zip(samples, RIGHT.fold_padded(u, windows), strict=True):
        for channel, wider in zip(x, padded, strict=True):
            for i, j in product(range(-top, h), range(-left, w)):
                if i < 0 or j < 0:
                    channel[i][j] += wider[i + top][j + left]
    return samples


def _averaged(where_nothing_is: float) -> Function:
    """Overlaps averaged: the sums over how often each position is read."""

    def wrong(u: Nested3, *sizes: Size, **settings: Any) -> Any:
        once = fold(each_number(lambda v: 1, u), *sizes, **settings)
        return quotient(fold(u, *sizes, **settings), once, where_nothing_is)

    return wrong


def _divided_by_kernel(
    u: Nested3, output_size: Size, kernel_size: Size, **settings: Any
) -> Tensor4:
    sums = fold(u, output_size, kernel_size, **settings)
    quotients: Tensor4 = quotient(sums, prod(pair("kernel_size", kernel_size)))
    return quotients


def _taken_as_reshaped(u: Nested3, *sizes: Size, **settings: Any) -> Tensor4:
    """Ũ (b, p, k) reshaped to (b, k, p), where it had to be transposed to be U."""
    b, p, k = nested_shape(u)
    return fold(matrices_transposed(reshaped(u, (b, k, p))), *sizes, **settings)


UNFOLD: tuple[Mistake, ...] = (
    *mistaken((*PLACES, *COUNTS, *LARGER, *PADDINGS), SETTINGS, _unfolding),
    *(Mistake(sentence, changed_result(unfold, change), layout="bpk")
      for sentence, change in MERGED.items()),
    Mistake("Ũ (b, p, k) is reshaped to (b, k, p) without being transposed",
            changed_result(unfold, lambda result: matrices_transposed(
                reshaped(result, nested_shape(matrices_transposed(result))))), layout="bkp"),
    Mistake("the rows of the samples alternate, (p·b, k): those of one stand together",
            changed_result(unfold, lambda result: reshaped(
                exchanged(result), nested_shape(result))), layout="flat"),
    *(Mistake(sentence, changed_tensor(unfold, 0, partial(_each_sample, change)))
      for sentence, change in CHANNELS.items()),
    Mistake("the padding is put round the samples and channels too: height and width have it alone",
            _padded_everywhere),
    *samples_lost(unfold),
    *numbers_lost(unfold),
)  # fmt: skip
FOLD: tuple[Mistake, ...] = (
    *(Mistake("overlapping values are written over one another: fold sums them",
              folding(overwrite=True, by_patch=by_patch)) for by_patch in (True, False)),
    *(Mistake("overlapping values are averaged: fold sums them", _averaged(where_nothing_is))
      for where_nothing_is in (0, nan)),
    Mistake("the sums are divided by the size of the kernel: fold only sums", _divided_by_kernel),
    Mistake("the padding is still around the result", not_cropped),
    Mistake("the padding is cut off behind only, not before", cropped_behind),
    *(Mistake(sentence, cropped(before)) for sentence, before in CROPPED.items()),
    Mistake("what belongs in the padding is added to the end: an index below 0 counts from there",
            added_to_the_end),
    Mistake("Ũ is taken as (b, k, p) and reshaped, not transposed", _taken_as_reshaped),
    Mistake("the result's height and width are mixed up", changed_result(fold, maps_transposed)),
    Mistake("the result has its channels last", changed_result(fold, channels_last)),
    Mistake("the channels are added up",
            changed_result(fold, lambda x: [[summed(sample)] for sample in x])),
    *mistaken((*PLACES, *COUNTS), SETTINGS, folding),
    *samples_lost(fold),
    *numbers_lost(fold),
)  # fmt: skip
