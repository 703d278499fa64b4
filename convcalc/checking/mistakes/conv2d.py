"""How people get conv2d wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from convcalc.checking.mistakes.mistake import (
    ALL,
    Function,
    Mistake,
    also_in_part,
    changed_result,
    kept_in_integers,
    mistaken,
    numbers_lost,
    samples_lost,
)
from convcalc.checking.mistakes.tensors import (
    channels_last,
    each_number,
    exchanged,
    in_groups,
    maps_transposed,
    matrix_by_reshape,
    quotient,
    reshaped,
    size_of,
)
from convcalc.checking.windows import (
    COUNTS,
    LARGER,
    PADDINGS,
    PLACES,
    RIGHT,
    TRANSPOSED,
    Way,
    Windows,
)
from convcalc.formulas import (
    Matrix,
    Nested3,
    Nested4,
    Pair,
    Tensor3,
    Tensor4,
    conv2d,
    from_rows,
    matmul,
    nested_shape,
    to_rows,
    transpose,
    weight_matrix,
)


def _by_product(
    way: Way = RIGHT,
    w_matrix: Callable[[Nested4], Matrix] = weight_matrix,
    to_maps: Callable[[Nested3, Pair], Tensor4] = from_rows,
) -> Function:
    """A convolution by unfolding, with a wrong unfolding, W̃ or way from Y′ to Y."""

    def wrong(
        x: Nested4,
        weight: Nested4,
        bias: Sequence[float] | None = None,
        groups: int = 1,
        **settings: Any,
    ) -> Tensor4:
        windows = Windows.over(size_of(x), size_of(weight), **settings)
        y_matrix: Tensor3 = [[] for _ in x]
        for x_group, weight_group in in_groups(x, weight, groups):
            matrix = w_matrix(weight_group)
            for n, rows in enumerate(way.unfold(x_group, windows)):
                y_rows = matmul(rows, matrix)
                y_matrix[n] = [
                    [*before, *more]
                    for before, more in zip(y_matrix[n] or [[]] * len(y_rows), y_rows, strict=True)
                ]
        if bias is not None:
            y_matrix = [
                [[v + each for v, each in zip(row, bias, strict=True)] for row in rows]
                for rows in y_matrix
            ]
        return to_maps(y_matrix, way.output_size(windows))

    return wrong


def _maps_by_reshape(y_matrix: Nested3, output_size: Pair) -> Tensor4:
    """Y′ (p, c_out) read row by row into (c_out, h_out, w_out)."""
    shape = len(y_matrix), len(y_matrix[0][0]), *output_size
    return reshaped(y_matrix, shape)  # type: ignore[no-any-return]


def _kernels(change: Callable[[Matrix], Matrix]) -> Function:
    def wrong(x: Nested4, weight: Tensor4, **options: Any) -> Tensor4:
        changed = [[change(rows) for rows in kernel] for kernel in weight]
        return conv2d(x, changed, **options)

    return wrong


def _square(rows: Matrix) -> Matrix:
    """A kernel transposed, which one that isn't square doesn't fit its windows."""
    if len(rows) != len(rows[0]):
        raise ValueError
    return transpose(rows)


def _bias(change: Callable[..., Sequence[float] | None]) -> Function:
    """A convolution with a bias made of the right one, the groups, and the shape of W."""

    def wrong(x: Nested4, weight: Nested4, bias: Any = None, **options: Any) -> Tensor4:
        if bias is not None:
            bias = change(bias, options.get("groups", 1), nested_shape(weight))
        return conv2d(x, weight, bias, **options)

    return wrong


def _in_channels(change: Callable[[Any, int, int], Any]) -> Function:
    """A convolution of changed channels: of each sample, given how many a group has, and groups."""

    def wrong(x: Nested4, weight: Nested4, **options: Any) -> Tensor4:
        changed = [change(sample, len(weight[0]), options.get("groups", 1)) for sample in x]
        return conv2d(changed, weight, **options)

    return wrong


def _dealt_kernels(
    x: Nested4, weight: Nested4, bias: Any = None, groups: int = 1, **settings: Any
) -> Tensor4:
    """Kernel o reads group o % groups: as if the kernels stood group by group elsewhere."""
    dealt = [o for group in range(groups) for o in range(group, len(weight), groups)]
    y = conv2d(x, [weight[o] for o in dealt], None, groups=groups, **settings)
    maps = [[sample[dealt.index(o)] for o in range(len(weight))] for sample in y]
    if bias is None:
        return maps
    return [
        [[[v + b for v in row] for row in rows] for rows, b in zip(sample, bias, strict=True)]
        for sample in maps
    ]


def _averaged_over(axes: Callable[..., int]) -> Function:
    """A convolution whose products are divided, not the bias."""

    def wrong(x: Nested4, weight: Nested4, **options: Any) -> Tensor4:
        divided = quotient(weight, axes(*nested_shape(weight)[1:]))
        return conv2d(x, divided, **options)

    return wrong


CONV2D: tuple[Mistake, ...] = (
    *mistaken((*PLACES, *COUNTS, *LARGER, *PADDINGS), ALL, _by_product),
    *also_in_part([Mistake("the bias is forgotten", _bias(lambda bias, groups, shape: None))],
                   "bias", ALL),
    Mistake("the bias is added twice", _bias(lambda bias, groups, shape: [2 * v for v in bias])),
    Mistake("the bias is subtracted", _bias(lambda bias, groups, shape: [-v for v in bias])),
    Mistake("the bias is added at every step of the sum: it belongs to the sum once",
            _bias(lambda bias, groups, shape: [v * prod(shape[1:]) for v in bias])),
    Mistake("the bias is added once per input channel: it belongs to the sum once",
            _bias(lambda bias, groups, shape: [v * shape[1] for v in bias])),
    Mistake("the bias is taken by its index within the group",
            _bias(lambda bias, groups, shape: bias[: len(bias) // groups] * groups)),
    Mistake("every output channel has the first one's bias",
            _bias(lambda bias, groups, shape: bias[:1] * len(bias))),
    Mistake("every output channel has the last one's bias",
            _bias(lambda bias, groups, shape: bias[-1:] * len(bias))),
    *also_in_part([Mistake("every group reads the first group's channels", _in_channels(
        lambda sample, c_group, groups: sample[:c_group] * groups))], "groups", ALL),
    Mistake("the channels of a group are taken with steps between: they stand side by side",
            _in_channels(lambda sample, c_group, groups: [
                sample[c] for group in range(groups) for c in range(group, len(sample), groups)])),
    Mistake("the kernels are dealt to the groups in turn: those of a group stand side by side",
            _dealt_kernels),
    Mistake("the groups are taken in reverse order",
            _in_channels(lambda sample, c_group, groups: [
                sample[group * c_group + c]
                for group in reversed(range(groups)) for c in range(c_group)])),
    Mistake("only the first input channel is read",
            _in_channels(lambda sample, c_group, groups: [
                channel if at % c_group == 0 else each_number(lambda v: 0, channel)
                for at, channel in enumerate(sample)])),
    Mistake("the input channels are averaged: they are summed",
            _averaged_over(lambda c, h_k, w_k: c)),
    Mistake("the products are averaged over the window: they are summed",
            _averaged_over(lambda c, h_k, w_k: h_k * w_k)),
    Mistake("the products are averaged over the patch: they are summed",
            _averaged_over(lambda c, h_k, w_k: c * h_k * w_k)),
    Mistake("only the last input channel is taken: they are summed",
            _in_channels(lambda sample, c_group, groups: [
                channel if (at + 1) % c_group == 0 else each_number(lambda v: 0, channel)
                for at, channel in enumerate(sample)])),
    Mistake("every output channel has the first kernel",
            lambda x, weight, **options: conv2d(x, [weight[0]] * len(weight), **options)),
    Mistake("every output channel has the last kernel",
            lambda x, weight, **options: conv2d(x, [weight[-1]] * len(weight), **options)),
    Mistake("the output channels come before the samples, (c_out, b, h_out, w_out)",
            changed_result(conv2d, exchanged)),
    *(Mistake(TRANSPOSED, imitate) for imitate in (_kernels(transpose), _kernels(_square))),
    Mistake("Y′ (p, c_out) is reshaped to (c_out, h_out, w_out) without being transposed first",
            _by_product(to_maps=_maps_by_reshape)),
    Mistake("W is reshaped to (k, c_out): it is reshaped to (c_out, k), then transposed",
            _by_product(w_matrix=matrix_by_reshape)),
    Mistake("Y′ (b, p, c_out) isn't made into maps (b, c_out, h_out, w_out)",
            changed_result(conv2d, to_rows)),
    Mistake("the output channels come last", changed_result(conv2d, channels_last)),
    Mistake("Y's height and width are mixed up", changed_result(conv2d, maps_transposed)),
    *samples_lost(conv2d),
    *kept_in_integers(conv2d, ("X", "W")),
    *numbers_lost(conv2d),
)  # fmt: skip
