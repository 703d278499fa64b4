"""What mistakes do to tensors, as nested lists: reshaped, exchanged, summed or divided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from convcalc.formulas import Matrix, Nested3, Nested4, Pair, Tensor3, Tensor4, nested, transpose


def each_number(function: Callable[[float], float], tensor: Any) -> Any:
    """Return a tensor with a function done to each of its numbers."""
    if isinstance(tensor, (list, tuple)):
        return type(tensor)(each_number(function, each) for each in tensor)
    return function(tensor)


def summed(tensors: Sequence[Any]) -> Any:
    """Return the sum of tensors of one shape."""
    if not isinstance(tensors[0], list):
        return sum(tensors)
    return [summed(each) for each in zip(*tensors, strict=True)]


def size_of(x: Nested4) -> Pair:
    """Return the height and width of X or W."""
    return len(x[0][0]), len(x[0][0][0])


def exchanged(tensor: Any) -> list[Any]:
    """Return a tensor with its first two axes in each other's place."""
    return [list(each) for each in zip(*tensor, strict=True)]


def stacked(result: Tensor3) -> Matrix:
    """Return the matrices of all samples below one another."""
    return [row for rows in result for row in rows]


def matrices_transposed(result: Nested3) -> Tensor3:
    """Return every matrix of Ũ or U transposed."""
    return [transpose(rows) for rows in result]


def quotient(tensor: Any, by: Any, by_zero: float = 0) -> Any:
    """Return a quotient of tensors, or of a tensor and a number."""
    if not isinstance(tensor, list):
        return tensor / by if by else by_zero
    divisors = by if isinstance(by, list) else [by] * len(tensor)
    return [
        quotient(each, divisor, by_zero) for each, divisor in zip(tensor, divisors, strict=True)
    ]


def maps_transposed(y: Tensor4) -> Tensor4:
    """Return every channel of every sample transposed."""
    return [[transpose(channel) for channel in sample] for sample in y]


def in_groups(x: Nested4, weight: Nested4, groups: int) -> Iterator[tuple[Nested4, Nested4]]:
    """Yield the channels of X and the kernels of W of every group."""
    c_group, c_out_group = len(weight[0]), len(weight) // groups
    for group in range(groups):
        channels = slice(group * c_group, (group + 1) * c_group)
        yield (
            [sample[channels] for sample in x],
            weight[group * c_out_group : (group + 1) * c_out_group],
        )


def reshaped(tensor: Any, shape: Sequence[int]) -> Any:
    """Return the numbers of a tensor, row by row, in another shape."""
    return nested(shape, iter(flattened(tensor)))


def flattened(tensor: Any) -> list[float]:
    """Return the numbers of a tensor, row by row."""
    return [v for each in tensor for v in flattened(each)] if isinstance(tensor, list) else [tensor]


def channels_last(y: Tensor4) -> Any:
    """Return Y laid out (b, h_out, w_out, c_out)."""
    return [[transpose(rows) for rows in zip(*sample, strict=True)] for sample in y]


def matrix_by_reshape(weight: Nested4) -> Matrix:
    """Return W read row by row into (k, c_out), not (c_out, k) transposed."""
    values = flattened(weight)
    return reshaped(values, (len(values) // len(weight), len(weight)))  # type: ignore[no-any-return]
