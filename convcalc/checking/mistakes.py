"""Known mistakes in convolutions: what an implementation that makes one returns.

Each imitates one mistake, so that a wrong result can be recognised by being equal to it. Those in
laying the windows are every operation's; the others are one operation's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product, repeat
from math import nan, prod
from typing import Any

from convcalc.checking.windows import (
    COUNTS,
    FLIPPED,
    LARGER,
    PADDINGS,
    PLACES,
    RIGHT,
    Way,
    Windows,
    crop,
)
from convcalc.formulas import (
    Matrix,
    Nested3,
    Nested4,
    Pair,
    Size,
    Tensor3,
    Tensor4,
    conv2d,
    conv2d_backward,
    fold,
    from_rows,
    from_weight_matrix,
    matmul,
    nested,
    nested_shape,
    pair,
    to_rows,
    transpose,
    unfold,
    unfolded_gradient,
    weight_matrix,
    weight_matrix_gradient,
)

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make, and a function that makes it.

    Where `where` names an option, it is made only where that option is given; where `layout` names
    one, only that layout of unfolded matrices makes it a mistake.
    """

    sentence: str
    imitate: Function
    where: str = ""
    layout: str = ""


WHERE = {
    "stride": "where there is a stride",
    "padding": "where there is padding",
    "dilation": "where there is dilation",
    "groups": "where there are groups",
    "bias": "where there is a bias",
}


def _also_in_part(
    mistakes: Sequence[Mistake], setting: str, options: Sequence[str]
) -> Iterator[Mistake]:
    """Yield mistakes with one setting, and each of them made only beside another option."""
    for mistake in mistakes:
        yield mistake
        for option in options:
            if option != setting:
                yield replace(
                    mistake, sentence=f"{WHERE[option]}, {mistake.sentence}", where=option
                )


def _mistaken(
    ways: Iterable[Way], options: Sequence[str], make: Callable[[Way], Function], begin: str = ""
) -> Iterator[Mistake]:
    """Yield every wrong way of laying windows, made into a function."""
    for way in ways:
        mistake = Mistake(f"{begin}{way.sentence}", make(way))
        yield from _also_in_part([mistake], way.setting, options if way.setting else ())


# ---------------------------------------------------------------------------------------------
# Any operation
# ---------------------------------------------------------------------------------------------


def _each_number(function: Callable[[float], float], tensor: Any) -> Any:
    if isinstance(tensor, (list, tuple)):
        return type(tensor)(_each_number(function, each) for each in tensor)
    return function(tensor)


def _numbers(reference: Function) -> Iterator[Mistake]:
    """Yield what becomes of right numbers in a type that can't hold them."""

    def cut(function: Callable[[float], float]) -> Function:
        return lambda *tensors, **options: _each_number(function, reference(*tensors, **options))

    yield Mistake("the results are cut to whole numbers: they are kept in integers", cut(int))
    yield Mistake("the results are rounded to whole numbers", cut(round))
    yield Mistake("the results are rounded down to whole numbers", cut(lambda v: v // 1))
    yield Mistake("the results are kept in 8 bits", cut(lambda v: int(v) % 256))
    yield Mistake("the results are kept in 8 bits", cut(lambda v: (int(v) + 128) % 256 - 128))
    yield Mistake("negative results are cut to zero", cut(lambda v: max(v, 0)))
    yield Mistake("the results have the wrong sign", cut(lambda v: -v))


def _changed_tensor(reference: Function, at: int, change: Callable[[Any], Any]) -> Function:
    """An operation that does something to one of the tensors that it takes."""

    def wrong(*tensors: Any, **options: Any) -> Any:
        changed = [change(each) if place == at else each for place, each in enumerate(tensors)]
        return reference(*changed, **options)

    return wrong


def _whole(reference: Function, tensors: Sequence[str]) -> Iterator[Mistake]:
    """Yield what becomes of tensors that are kept in integers before they are used."""
    for at, name in enumerate(tensors):
        for sentence, function in (
            ("is cut to whole numbers: it is kept in integers", int),
            ("is rounded to whole numbers", round),
        ):
            change = partial(_each_number, function)
            yield Mistake(f"{name} {sentence}", _changed_tensor(reference, at, change))


def _changed_result(reference: Function, change: Callable[[Any], Any]) -> Function:
    return lambda *tensors, **options: change(reference(*tensors, **options))


def _samples(reference: Function) -> Iterator[Mistake]:
    """Yield what becomes of the batch axis of a right result."""

    sentence = "only the first sample of the batch is taken"
    for change in (_first_alone, _first_for_all, _others_zero):
        yield Mistake(sentence, _changed_result(reference, change))
    sentence = "only the last sample of the batch is taken"
    yield Mistake(sentence, _changed_result(reference, lambda result: result[-1:]))
    yield Mistake(sentence, _changed_result(reference, lambda result: [result[-1]] * len(result)))
    sentence = "the batch axis is lost"
    yield Mistake(sentence, _changed_result(reference, lambda result: result[0]))
    yield Mistake(sentence, _changed_result(reference, _without_single_batch))
    sentence = "the axes of length 1 are lost"
    yield Mistake(sentence, _changed_result(reference, _squeezed))
    sentence = "the samples are added up"
    yield Mistake(sentence, _changed_result(reference, lambda result: [_sum(result)]))
    yield Mistake(sentence, _changed_result(reference, _sum))


def _first_alone(result: Any) -> Any:
    return result[:1]


def _first_for_all(result: Any) -> Any:
    return [result[0]] * len(result)


def _others_zero(result: Any) -> Any:
    return [result[0], *_each_number(lambda v: 0, result[1:])]


def _without_single_batch(result: Any) -> Any:
    return result[0] if len(result) == 1 else result


def _squeezed(result: Any) -> Any:
    if not isinstance(result, list):
        return result
    return _squeezed(result[0]) if len(result) == 1 else [_squeezed(each) for each in result]


def _sum(tensors: Sequence[Any]) -> Any:
    if not isinstance(tensors[0], list):
        return sum(tensors)
    return [_sum(each) for each in zip(*tensors, strict=True)]


# ---------------------------------------------------------------------------------------------
# unfold and fold
# ---------------------------------------------------------------------------------------------


def _unfolding(way: Way) -> Function:
    def wrong(x: Nested4, kernel_size: Size, **settings: Any) -> Tensor3:
        return way.unfold(x, Windows.over(_size(x), kernel_size, **settings))

    return wrong


def _size(x: Nested4) -> Pair:
    return len(x[0][0]), len(x[0][0][0])


def _exchanged(tensor: Any) -> list[Any]:
    """Return a tensor with its first two axes in each other's place."""
    return [list(each) for each in zip(*tensor, strict=True)]


def _stacked(result: Tensor3) -> Matrix:
    return [row for rows in result for row in rows]


def _matrices_transposed(result: Nested3) -> Tensor3:
    return [transpose(rows) for rows in result]


MERGED: dict[str, Callable[[Tensor3], Any]] = {
    "the samples stand below one another, (b·p, k): each has a matrix of its own": _stacked,
    "the samples stand beside one another: each has a matrix of its own": (
        lambda result: [_flat(rows) for rows in _exchanged(result)]
    ),
    "all samples have one matrix, (k, b·p): each has its own": (
        lambda result: transpose(_stacked(result))
    ),
    "all samples have one matrix, (k, p·b): each has its own": (
        lambda result: transpose(_stacked(_exchanged(result)))
    ),
    "the patches come before the samples, (p, b, k)": lambda result: _exchanged(result),
    "U (b, k, p) is reshaped to (b, p, k) without being transposed": (
        lambda result: _reshaped(_matrices_transposed(result), nested_shape(result))
    ),
}
"""What becomes of the axes of a right Ũ (b, p, k)."""


CHANNELS: dict[str, Callable[[Any], Any]] = {
    "only the first channel is read": lambda sample: sample[:1],
    "only the last channel is read": lambda sample: sample[-1:],
    "the channels are added up": lambda sample: [_sum(sample)],
    "the channels are averaged": lambda sample: [_divided(_sum(sample), len(sample))],
}
"""What is made of the channels of X before they are read."""


def _each_sample(change: Callable[[Any], Any], x: Nested4) -> list[Any]:
    return [change(sample) for sample in x]


def _padded_everywhere(x: Nested4, kernel_size: Size, **settings: Any) -> Tensor3:
    """Every axis padded, as np.pad does with one int; a pair is taken as before and after."""
    before, after = pair("padding", settings.pop("padding", 0))
    none = _each_number(lambda v: 0, x[0][0])
    channels = len(x[0]) + before + after
    samples = [[none] * before + list(sample) + [none] * after for sample in x]
    empty = [[none] * channels]
    padded = empty * before + samples + empty * after
    return unfold(padded, kernel_size, padding=((before, after), (before, after)), **settings)


def _folding(way: Way = RIGHT, overwrite: bool = False, by_patch: bool = True) -> Function:
    def wrong(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
        windows = Windows.over(output_size, kernel_size, **settings)
        return way.fold(u, windows, overwrite, by_patch)

    return wrong


def _not_cropped(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
    return RIGHT.fold_padded(u, Windows.over(output_size, kernel_size, **settings))


def _cropped_behind(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
    """The padding cut off behind alone: what is left begins with the padding before."""
    windows = Windows.over(output_size, kernel_size, **settings)
    behind = replace(windows, padding=((0, 0), (0, 0)))
    return crop(RIGHT.fold_padded(u, windows), behind)


def _cropped(before: Callable[[int, int], slice]) -> Function:
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


def _added_to_the_end(u: Nested3, output_size: Size, kernel_size: Size, **settings: Any) -> Tensor4:
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
        once = fold(_each_number(lambda v: 1, u), *sizes, **settings)
        return _divided(fold(u, *sizes, **settings), once, where_nothing_is)

    return wrong


def _divided_by_kernel(
    u: Nested3, output_size: Size, kernel_size: Size, **settings: Any
) -> Tensor4:
    sums = fold(u, output_size, kernel_size, **settings)
    quotients: Tensor4 = _divided(sums, prod(pair("kernel_size", kernel_size)))
    return quotients


def _divided(tensor: Any, by: Any, by_zero: float = 0) -> Any:
    """Return a quotient of tensors, or of a tensor and a number."""
    if not isinstance(tensor, list):
        return tensor / by if by else by_zero
    divisors = by if isinstance(by, list) else [by] * len(tensor)
    return [
        _divided(each, divisor, by_zero) for each, divisor in zip(tensor, divisors, strict=True)
    ]


def _taken_as_reshaped(u: Nested3, *sizes: Size, **settings: Any) -> Tensor4:
    """Ũ (b, p, k) reshaped to (b, k, p), where it had to be transposed to be U."""
    b, p, k = nested_shape(u)
    return fold(_matrices_transposed(_reshaped(u, (b, k, p))), *sizes, **settings)


def _taken_as_transposed(u: Nested3, *sizes: Size, **settings: Any) -> Tensor4:
    return fold(_matrices_transposed(u), *sizes, **settings)


def _taken_as_transposed_in_order(
    u: Nested3, output_size: Size, kernel_size: Size, **settings: Any
) -> Tensor4:
    """As an array lets one, where the channels that there seem to be are those that there are."""
    b, p, k = nested_shape(u)
    per_channel = prod(pair("kernel_size", kernel_size))
    if p // per_channel * per_channel != k:
        raise ValueError
    in_order = _reshaped(_matrices_transposed(u), (b, p, k))
    return fold(in_order, output_size, kernel_size, **settings)


def _taken_as_transposed_row_by_row(
    u: Nested3, output_size: Size, kernel_size: Size, **settings: Any
) -> Tensor4:
    """As lists let one: what there is of rows, each as far as it goes, is put where it fits."""
    windows = Windows.over(output_size, kernel_size, **settings)
    (h, w), (h_k, w_k) = windows.size, windows.kernel_size
    values = list(product(range(len(u[0]) // (h_k * w_k)), range(h_k), range(w_k)))
    samples = [nested((len(values) // (h_k * w_k), h, w), repeat(0)) for _ in u]
    for x, rows in zip(samples, u, strict=True):
        for r, row in enumerate(transpose(rows)):
            i, j = divmod(r, windows.output_size[1])
            for (c, a, b), value in zip(values, row, strict=False):  # the rest is of no channel
                y, z = windows.place(i, j, a, b)
                if 0 <= y < h and 0 <= z < w:
                    x[c][y][z] += value
    return samples


def _maps_transposed(y: Tensor4) -> Tensor4:
    return [[transpose(channel) for channel in sample] for sample in y]


# ---------------------------------------------------------------------------------------------
# conv2d
# ---------------------------------------------------------------------------------------------


def _groups(x: Nested4, weight: Nested4, groups: int) -> Iterator[tuple[Nested4, Nested4]]:
    """Yield the channels of X and the kernels of W of every group."""
    c_group, c_out_group = len(weight[0]), len(weight) // groups
    for group in range(groups):
        channels = slice(group * c_group, (group + 1) * c_group)
        yield (
            [sample[channels] for sample in x],
            weight[group * c_out_group : (group + 1) * c_out_group],
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
        windows = Windows.over(_size(x), _size(weight), **settings)
        y_matrix: Tensor3 = [[] for _ in x]
        for x_group, weight_group in _groups(x, weight, groups):
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


def _reshaped(tensor: Any, shape: Sequence[int]) -> Any:
    return nested(shape, iter(_flat(tensor)))


def _flat(tensor: Any) -> list[float]:
    return [v for each in tensor for v in _flat(each)] if isinstance(tensor, list) else [tensor]


def _maps_by_reshape(y_matrix: Nested3, output_size: Pair) -> Tensor4:
    """Y′ (p, c_out) read row by row into (c_out, h_out, w_out)."""
    shape = len(y_matrix), len(y_matrix[0][0]), *output_size
    return _reshaped(y_matrix, shape)  # type: ignore[no-any-return]


def _channels_last(y: Tensor4) -> Any:
    return [[transpose(rows) for rows in zip(*sample, strict=True)] for sample in y]


def _matrix_by_reshape(weight: Nested4) -> Matrix:
    """W read row by row into (k, c_out), not (c_out, k) transposed."""
    values = _flat(weight)
    return _reshaped(values, (len(values) // len(weight), len(weight)))  # type: ignore[no-any-return]


def _kernels(change: Callable[[Matrix], Matrix]) -> Function:
    def wrong(x: Nested4, weight: Tensor4, **options: Any) -> Tensor4:
        changed = [[change(rows) for rows in kernel] for kernel in weight]
        return conv2d(x, changed, **options)

    return wrong


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
        divided = _divided(weight, axes(*nested_shape(weight)[1:]))
        return conv2d(x, divided, **options)

    return wrong


# ---------------------------------------------------------------------------------------------
# conv2d_backward
# ---------------------------------------------------------------------------------------------

Backward = tuple[Any, ...]
X, W, B = 0, 1, 2
"""The gradients by their place."""


def _backward(
    in_x: Way = RIGHT,
    in_w: Way = RIGHT,
    w_matrix: Callable[[Nested4], Matrix] = weight_matrix,
    rows_for_x: Callable[[Nested4], Tensor3] = to_rows,
    rows_for_w: Callable[[Nested4], Tensor3] = to_rows,
    rows_for_b: Callable[[Nested4], Tensor3] = to_rows,
    w_gradient: Callable[[Matrix, Pair], Tensor4] = from_weight_matrix,
) -> Function:
    """A backward pass by wrong windows, or wrong matrices, in X∇ or in W∇."""

    def wrong(
        grad_y: Nested4, x: Nested4, weight: Nested4, groups: int = 1, **settings: Any
    ) -> Backward:
        windows = Windows.over(_size(x), _size(weight), **settings)
        # As many windows as Y∇ has positions, whatever else is wrong with them.
        of_x, of_w = (replace(way, count=_as_many) for way in (in_x, in_w))
        grad_x: Tensor4 = [[] for _ in x]
        grad_w: Tensor4 = []
        at = 0
        for x_group, weight_group in _groups(x, weight, groups):
            grads = [sample[at : at + len(weight_group)] for sample in grad_y]
            at += len(weight_group)
            by_w = weight_matrix_gradient(of_w.unfold(x_group, windows), rows_for_w(grads))
            grad_w += w_gradient(by_w, windows.kernel_size)
            grad_u = unfolded_gradient(rows_for_x(grads), w_matrix(weight_group))
            for n, sample in enumerate(of_x.fold(grad_u, windows)):
                grad_x[n] += sample
        return grad_x, grad_w, [sum(column) for column in transpose(_stacked(rows_for_b(grad_y)))]

    return wrong


def _rows_by_reshape(grad_y: Nested4) -> Tensor3:
    """Y∇ read row by row into (b, p, c_out)."""
    b, c_out, h_out, w_out = nested_shape(grad_y)
    return _reshaped(grad_y, (b, h_out * w_out, c_out))  # type: ignore[no-any-return]


def _kernels_by_reshape(matrix: Matrix, kernel_size: Pair) -> Tensor4:
    """W̃∇ (k, c_out) read row by row into the shape of W."""
    k, c_out = nested_shape(matrix)
    h_k, w_k = kernel_size
    return _reshaped(matrix, (c_out, k // (h_k * w_k), h_k, w_k))  # type: ignore[no-any-return]


def _as_many(windows: Windows) -> Pair:
    return windows.output_size


def _spoilt(change: Callable[..., Backward]) -> Function:
    """A backward pass of which `change` spoils something, given the right one and the question."""

    def wrong(grad_y: Nested4, x: Nested4, weight: Nested4, **options: Any) -> Backward:
        right = conv2d_backward(grad_y, x, weight, **options)
        return change(*right, grad_y=grad_y, x=x, weight=weight, **options)

    return wrong


def _of_one_sample(at: int, which: Sequence[int]) -> Function:
    """Some of the gradients made of one sample of the batch alone."""

    def change(*right: Any, grad_y: Any, x: Any, weight: Any, **options: Any) -> Backward:
        one = conv2d_backward([grad_y[at]], [x[at]], weight, **options)
        return tuple(one[place] if place in which else g for place, g in enumerate(right))

    return _spoilt(change)


def _divided_by(divisor: Callable[[Any], int], which: Sequence[int]) -> Function:
    """Some of the gradients divided by a number that is made of Y∇'s shape."""

    def change(*right: Any, grad_y: Any, **question: Any) -> Backward:
        by = divisor(nested_shape(grad_y))
        return tuple(_divided(g, by) if at in which else g for at, g in enumerate(right))

    return _spoilt(change)


def _put_back(fold: Function) -> Function:
    """A backward pass whose X∇ is folded by another function."""

    def change(
        *right: Any, grad_y: Any, x: Any, weight: Any, groups: int = 1, **settings: Any
    ) -> Backward:
        grad_u = unfolded_gradient(to_rows(grad_y), weight_matrix(weight, groups))
        return fold(grad_u, _size(x), _size(weight), **settings), *right[1:]

    return _spoilt(change)


def _gradient_changed(at: int, change: Callable[[Any], Any]) -> Function:
    """A backward pass with one of its gradients changed."""

    def spoil(*right: Any, **question: Any) -> Backward:
        return tuple(change(grad) if place == at else grad for place, grad in enumerate(right))

    return _spoilt(spoil)


BIAS_SHAPES: dict[str, Callable[[Any], Any]] = {
    "(c_out, 1)": lambda grad: [[v] for v in grad],
    "(1, c_out)": lambda grad: [grad],
    "(1, c_out, 1, 1)": lambda grad: [[[[v]] for v in grad]],
}
W_SHAPES: dict[str, Callable[[Any], Any]] = {
    "(c_out, k)": lambda grad: [_flat(kernel) for kernel in grad],
    "(k, c_out)": lambda grad: transpose([_flat(kernel) for kernel in grad]),
}
"""What shapes right gradients are left in."""

BIAS_SUMS: dict[str, Callable[[Any], Any]] = {
    "bias∇ is one number: it is a sum for each output channel": lambda g: sum(_flat(g)),
    "bias∇ isn't summed over the batch, (b, c_out): it is (c_out,)": (
        lambda g: [[sum(_flat(maps)) for maps in sample] for sample in g]
    ),
    "bias∇ isn't summed over the positions, (c_out, h_out, w_out): it is (c_out,)": (
        lambda g: _sum(g)
    ),
    "bias∇ is summed over the output channels, (b,): it is summed over the batch, (c_out,)": (
        lambda g: [sum(_flat(sample)) for sample in g]
    ),
}
"""What else is made of Y∇ for bias∇."""


def _bias_gradient(change: Callable[[Any], Any]) -> Function:
    """A backward pass whose bias∇ is made of Y∇ in another way."""

    def spoil(*right: Any, grad_y: Any, **question: Any) -> Backward:
        return right[X], right[W], change(grad_y)

    return _spoilt(spoil)


def _per_sample(*right: Any, grad_y: Any, x: Any, weight: Any, **options: Any) -> Backward:
    """W∇ with an axis for the samples, over which it isn't summed."""
    of_samples = [
        conv2d_backward([g], [sample], weight, **options)[W]
        for g, sample in zip(grad_y, x, strict=True)
    ]
    return right[X], of_samples, right[B]


def _not_folded(*right: Any, grad_y: Any, weight: Any, **question: Any) -> Backward:
    """Ũ∇ in the place of X∇."""
    groups = question.get("groups", 1)
    return unfolded_gradient(to_rows(grad_y), weight_matrix(weight, groups)), *right[1:]


def _in_order(order: Sequence[int]) -> Function:
    def change(*right: Any, **question: Any) -> Backward:
        return tuple(right[place] for place in order)

    return _spoilt(change)


GRADIENTS = ("X∇", "W∇", "bias∇")
ORDERS_OF_GRADIENTS: dict[str, tuple[int, ...]] = {
    f"the gradients are returned in the order {', '.join(GRADIENTS[at] for at in order)}: "
    f"{', '.join(GRADIENTS)} is the order": order
    for order in ((X, B, W), (W, B, X), (B, X, W), (B, W, X))
}


def _samples_of_x() -> Iterator[Mistake]:
    """Yield what becomes of the batch axis of X∇."""
    sentence = "only the first sample of the batch is taken"
    for change in (_first_alone, _first_for_all, _others_zero):
        yield Mistake(sentence, _gradient_changed(X, change))


# ---------------------------------------------------------------------------------------------
# The mistakes of each operation
# ---------------------------------------------------------------------------------------------

SETTINGS = ("stride", "padding", "dilation")

UNFOLD: tuple[Mistake, ...] = (
    Mistake("the layout is (b, k, p), the transpose; --layout bkp accepts it",
            _changed_result(unfold, _matrices_transposed), layout="bpk"),
    Mistake("the layout is (b, p, k), the transpose; it is right without --layout bkp",
            _changed_result(unfold, _matrices_transposed), layout="bkp"),
    *_mistaken((*PLACES, *COUNTS, *LARGER, *PADDINGS), SETTINGS, _unfolding),
    *(Mistake(sentence, _changed_result(unfold, change), layout="bpk")
      for sentence, change in MERGED.items()),
    Mistake("Ũ (b, p, k) is reshaped to (b, k, p) without being transposed",
            _changed_result(unfold, lambda result: _matrices_transposed(
                _reshaped(result, nested_shape(_matrices_transposed(result))))), layout="bkp"),
    *(Mistake(sentence, _changed_tensor(unfold, 0, partial(_each_sample, change)))
      for sentence, change in CHANNELS.items()),
    Mistake("the padding is put round the samples and channels too: height and width have it alone",
            _padded_everywhere),
    *_samples(unfold),
    *_numbers(unfold),
)  # fmt: skip

READ_AS = {
    "bpk": "the matrix is read as U (b, k, p), the transpose; --layout bkp hands that over",
    "bkp": "the matrix is read as Ũ (b, p, k), the transpose; it is that without --layout bkp",
}
"""What to say where fold reads the other layout than the one that was asked for."""

FOLD: tuple[Mistake, ...] = (
    *(Mistake("overlapping values are written over one another: fold sums them",
              _folding(overwrite=True, by_patch=by_patch)) for by_patch in (True, False)),
    *(Mistake("overlapping values are averaged: fold sums them", _averaged(where_nothing_is))
      for where_nothing_is in (0, nan)),
    Mistake("the sums are divided by the size of the kernel: fold only sums", _divided_by_kernel),
    Mistake("the padding is still around the result", _not_cropped),
    Mistake("the padding is cut off behind only, not before", _cropped_behind),
    *(Mistake(sentence, _cropped(before)) for sentence, before in CROPPED.items()),
    Mistake("what belongs in the padding is added to the end: an index below 0 counts from there",
            _added_to_the_end),
    Mistake("Ũ is taken as (b, k, p) and reshaped, not transposed", _taken_as_reshaped),
    *(Mistake(sentence, imitate, layout=layout)
      for imitate in (
          _taken_as_transposed, _taken_as_transposed_in_order, _taken_as_transposed_row_by_row)
      for layout, sentence in READ_AS.items()),
    Mistake("the result's height and width are mixed up", _changed_result(fold, _maps_transposed)),
    Mistake("the result has its channels last", _changed_result(fold, _channels_last)),
    Mistake("the channels are added up",
            _changed_result(fold, lambda x: [[_sum(sample)] for sample in x])),
    *_mistaken((*PLACES, *COUNTS), SETTINGS, _folding),
    *_samples(fold),
    *_numbers(fold),
)  # fmt: skip

ALL = (*SETTINGS, "groups", "bias")

CONV2D: tuple[Mistake, ...] = (
    *_mistaken((*PLACES, *COUNTS, *LARGER, *PADDINGS), ALL, _by_product),
    *_also_in_part([Mistake("the bias is forgotten", _bias(lambda bias, groups, shape: None))],
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
    *_also_in_part([Mistake("every group reads the first group's channels", _in_channels(
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
                channel if at % c_group == 0 else _each_number(lambda v: 0, channel)
                for at, channel in enumerate(sample)])),
    Mistake("the input channels are averaged: they are summed",
            _averaged_over(lambda c, h_k, w_k: c)),
    Mistake("the products are averaged over the window: they are summed",
            _averaged_over(lambda c, h_k, w_k: h_k * w_k)),
    Mistake("the products are averaged over the patch: they are summed",
            _averaged_over(lambda c, h_k, w_k: c * h_k * w_k)),
    Mistake("only the last input channel is taken: they are summed",
            _in_channels(lambda sample, c_group, groups: [
                channel if (at + 1) % c_group == 0 else _each_number(lambda v: 0, channel)
                for at, channel in enumerate(sample)])),
    Mistake("every output channel has the first kernel",
            lambda x, weight, **options: conv2d(x, [weight[0]] * len(weight), **options)),
    Mistake("every output channel has the last kernel",
            lambda x, weight, **options: conv2d(x, [weight[-1]] * len(weight), **options)),
    Mistake("the output channels come before the samples, (c_out, b, h_out, w_out)",
            _changed_result(conv2d, _exchanged)),
    Mistake("the kernel's height and width are mixed up", _kernels(transpose)),
    Mistake("Y′ (p, c_out) is reshaped to (c_out, h_out, w_out) without being transposed first",
            _by_product(to_maps=_maps_by_reshape)),
    Mistake("W is reshaped to (k, c_out): it is reshaped to (c_out, k), then transposed",
            _by_product(w_matrix=_matrix_by_reshape)),
    Mistake("Y′ (b, p, c_out) isn't made into maps (b, c_out, h_out, w_out)",
            _changed_result(conv2d, to_rows)),
    Mistake("the output channels come last", _changed_result(conv2d, _channels_last)),
    Mistake("Y's height and width are mixed up", _changed_result(conv2d, _maps_transposed)),
    *_samples(conv2d),
    *_whole(conv2d, ("X", "W")),
    *_numbers(conv2d),
)  # fmt: skip


def _positions(shape: Sequence[int]) -> int:
    return shape[2] * shape[3]


def _samples_and_positions(shape: Sequence[int]) -> int:
    return shape[0] * shape[2] * shape[3]


def _batch(shape: Sequence[int]) -> int:
    return shape[0]


WAYS_BACK = {
    FLIPPED: (
        "the kernel is the wrong way round: a full correlation of Y∇ needs it turned by 180°"
    ),
}
"""What is said of a way in X∇, where it means something else than in the layer itself."""

ONE_SAMPLE = "W∇ isn't summed over the batch: it is that of one sample"

CONV2D_BACKWARD: tuple[Mistake, ...] = (
    *(Mistake(ONE_SAMPLE, _of_one_sample(at, (W,))) for at in (-1, 0)),
    *(Mistake("W∇ and bias∇ aren't summed over the batch", _of_one_sample(at, (W, B)))
      for at in (-1, 0)),
    *(Mistake("bias∇ isn't summed over the batch", _of_one_sample(at, (B,))) for at in (-1, 0)),
    Mistake("W∇ is averaged over the batch: it is the sum", _divided_by(_batch, (W,))),
    Mistake("bias∇ is averaged over the batch: it is the sum", _divided_by(_batch, (B,))),
    Mistake("the gradients of W and the bias are averaged over the batch: they are sums",
            _divided_by(_batch, (W, B))),
    Mistake("all gradients are averaged over the batch: they are sums",
            _divided_by(_batch, (X, W, B))),
    Mistake("all gradients are averaged over batch and positions: they are sums",
            _divided_by(_samples_and_positions, (X, W, B))),
    Mistake("bias∇ is averaged over the positions: it is the sum", _divided_by(_positions, (B,))),
    Mistake("bias∇ is averaged over batch and positions: it is the sum",
            _divided_by(_samples_and_positions, (B,))),
    Mistake("W∇ is averaged over the positions: it is the sum", _divided_by(_positions, (W,))),
    Mistake("W∇ is averaged over batch and positions: it is the sum",
            _divided_by(_samples_and_positions, (W,))),
    Mistake("the gradients of W and the bias are averaged over batch and positions: they are sums",
            _divided_by(_samples_and_positions, (W, B))),
    Mistake("bias∇ is forgotten", _gradient_changed(B, lambda grad: [0] * len(grad))),
    Mistake("W∇ is forgotten", _gradient_changed(W, lambda grad: _each_number(lambda v: 0, grad))),
    Mistake("X∇ is forgotten", _gradient_changed(X, lambda grad: _each_number(lambda v: 0, grad))),
    Mistake("X∇ and W∇ are returned in each other's place: X∇ comes first",
            _spoilt(lambda grad_x, grad_w, grad_b, **question: (grad_w, grad_x, grad_b))),
    *(Mistake(sentence, _in_order(order)) for sentence, order in ORDERS_OF_GRADIENTS.items()),
    *(Mistake("X∇ isn't summed where windows overlap: fold sums what they put there",
              _put_back(_folding(overwrite=True, by_patch=by_patch)))
      for by_patch in (True, False)),
    Mistake("X∇ still has the padding around it", _put_back(_not_cropped)),
    Mistake("X∇ is left unfolded, (b, p, k): fold makes it (b, c, h, w)", _spoilt(_not_folded)),
    Mistake("the padding of X∇ is cut off behind only, not before", _put_back(_cropped_behind)),
    *(Mistake(f"in X∇ {sentence}", _put_back(_cropped(before)))
      for sentence, before in CROPPED.items()),
    Mistake("in X∇ what belongs in the padding is added to the end: an index below 0 counts from "
            "there", _put_back(_added_to_the_end)),
    *(Mistake(f"bias∇ has the shape {shape}: it is (c_out,)", _gradient_changed(B, change))
      for shape, change in BIAS_SHAPES.items()),
    *(Mistake(sentence, _bias_gradient(change)) for sentence, change in BIAS_SUMS.items()),
    *(Mistake(f"W∇ is left as a matrix, {shape}: it has W's shape", _gradient_changed(W, change))
      for shape, change in W_SHAPES.items()),
    Mistake("W∇ isn't summed over the batch: it has an axis for the samples",
            _spoilt(_per_sample)),
    Mistake("X∇ is averaged over the batch: it isn't summed over it", _divided_by(_batch, (X,))),
    *(Mistake("Y∇ is reshaped to (b, p, c_out) without being transposed",
              _backward(rows_for_x=_rows_by_reshape, rows_for_w=_rows_by_reshape, rows_for_b=for_b))
      for for_b in (to_rows, _rows_by_reshape)),
    Mistake("in X∇ Y∇ is reshaped to (b, p, c_out) without being transposed",
            _backward(rows_for_x=_rows_by_reshape)),
    Mistake("in W∇ Y∇ is reshaped to (b, p, c_out) without being transposed",
            _backward(rows_for_w=_rows_by_reshape)),
    Mistake("in Ũ∇ W is reshaped to (k, c_out): it is reshaped to (c_out, k)",
            _backward(w_matrix=_matrix_by_reshape)),
    Mistake("W̃∇ (k, c_out) is reshaped to W's shape without being transposed",
            _backward(w_gradient=_kernels_by_reshape)),
    Mistake("W∇ has its kernels transposed", _gradient_changed(W, _maps_transposed)),
    Mistake("W∇ has its first two axes in each other's place: kernels come first",
            _gradient_changed(W, _exchanged)),
    Mistake("X∇'s height and width are mixed up", _gradient_changed(X, _maps_transposed)),
    *_mistaken(PLACES, ALL[:-1], lambda way: _backward(way, way)),
    *_mistaken((replace(way, sentence=WAYS_BACK.get(way.sentence, way.sentence)) for way in PLACES),
               ALL[:-1], lambda way: _backward(in_x=way), "in X∇ "),
    *_mistaken((*PLACES, *PADDINGS), ALL[:-1], lambda way: _backward(in_w=way), "in W∇ "),
    *(replace(each, sentence=f"in X∇ {each.sentence}") for each in _samples_of_x()),
    *_whole(conv2d_backward, ("Y∇", "X", "W")),
    *(replace(each, sentence=each.sentence.replace("results", "gradients"))
      for each in _numbers(conv2d_backward)),
)  # fmt: skip
