"""How people get the backward pass of conv2d wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from convcalc.checking.mistakes.mistake import (
    ALL,
    Function,
    Mistake,
    first_alone,
    first_for_all,
    kept_in_integers,
    mistaken,
    numbers_lost,
    others_zero,
)
from convcalc.checking.mistakes.patches import (
    CROPPED,
    added_to_the_end,
    cropped,
    cropped_behind,
    folding,
    not_cropped,
)
from convcalc.checking.mistakes.tensors import (
    each_number,
    exchanged,
    flattened,
    in_groups,
    maps_transposed,
    matrix_by_reshape,
    quotient,
    reshaped,
    size_of,
    stacked,
    summed,
)
from convcalc.checking.windows import FLIPPED, PADDINGS, PLACES, RIGHT, Way, Windows
from convcalc.formulas import (
    Matrix,
    Nested4,
    Pair,
    Tensor3,
    Tensor4,
    conv2d_backward,
    from_weight_matrix,
    nested_shape,
    to_rows,
    transpose,
    unfolded_gradient,
    weight_matrix,
    weight_matrix_gradient,
)

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
        windows = Windows.over(size_of(x), size_of(weight), **settings)
        # As many windows as Y∇ has positions, whatever else is wrong with them.
        of_x, of_w = (replace(way, count=_as_many) for way in (in_x, in_w))
        grad_x: Tensor4 = [[] for _ in x]
        grad_w: Tensor4 = []
        at = 0
        for x_group, weight_group in in_groups(x, weight, groups):
            grads = [sample[at : at + len(weight_group)] for sample in grad_y]
            at += len(weight_group)
            by_w = weight_matrix_gradient(of_w.unfold(x_group, windows), rows_for_w(grads))
            grad_w += w_gradient(by_w, windows.kernel_size)
            grad_u = unfolded_gradient(rows_for_x(grads), w_matrix(weight_group))
            for n, sample in enumerate(of_x.fold(grad_u, windows)):
                grad_x[n] += sample
        return grad_x, grad_w, [sum(column) for column in transpose(stacked(rows_for_b(grad_y)))]

    return wrong


def _rows_by_reshape(grad_y: Nested4) -> Tensor3:
    """Y∇ read row by row into (b, p, c_out)."""
    b, c_out, h_out, w_out = nested_shape(grad_y)
    return reshaped(grad_y, (b, h_out * w_out, c_out))  # type: ignore[no-any-return]


def _kernels_by_reshape(matrix: Matrix, kernel_size: Pair) -> Tensor4:
    """W̃∇ (k, c_out) read row by row into the shape of W."""
    k, c_out = nested_shape(matrix)
    h_k, w_k = kernel_size
    return reshaped(matrix, (c_out, k // (h_k * w_k), h_k, w_k))  # type: ignore[no-any-return]


def _as_many(windows: Windows) -> Pair:
    return windows.output_size


class Question(NamedTuple):
    """What a backward pass is asked."""

    grad_y: Nested4
    x: Nested4
    weight: Nested4
    options: dict[str, Any]


def _spoilt(change: Callable[[Backward, Question], Backward]) -> Function:
    """A backward pass of which `change` spoils something, given the right one and the question."""

    def wrong(grad_y: Nested4, x: Nested4, weight: Nested4, **options: Any) -> Backward:
        right = conv2d_backward(grad_y, x, weight, **options)
        return change(right, Question(grad_y, x, weight, options))

    return wrong


def _of_one_sample(at: int, which: Sequence[int]) -> Function:
    """Some of the gradients made of one sample of the batch alone."""

    def change(right: Backward, asked: Question) -> Backward:
        grad_y, x = [asked.grad_y[at]], [asked.x[at]]
        one = conv2d_backward(grad_y, x, asked.weight, **asked.options)
        return tuple(one[place] if place in which else g for place, g in enumerate(right))

    return _spoilt(change)


def _divided_by(divisor: Callable[[Any], int], which: Sequence[int]) -> Function:
    """Some of the gradients divided by a number that is made of Y∇'s shape."""

    def change(right: Backward, asked: Question) -> Backward:
        by = divisor(nested_shape(asked.grad_y))
        return tuple(quotient(g, by) if at in which else g for at, g in enumerate(right))

    return _spoilt(change)


def _grad_u(asked: Question) -> Tensor3:
    """Ũ∇ as it should be."""
    matrix = weight_matrix(asked.weight, asked.options.get("groups", 1))
    return unfolded_gradient(to_rows(asked.grad_y), matrix)


def _put_back(fold: Function) -> Function:
    """A backward pass whose X∇ is folded by another function."""

    def change(right: Backward, asked: Question) -> Backward:
        settings = {key: value for key, value in asked.options.items() if key != "groups"}
        grad_u, sizes = _grad_u(asked), (size_of(asked.x), size_of(asked.weight))
        return fold(grad_u, *sizes, **settings), *right[1:]

    return _spoilt(change)


def _gradient_changed(at: int, change: Callable[[Any], Any]) -> Function:
    """A backward pass with one of its gradients changed."""

    def spoil(right: Backward, asked: Question) -> Backward:
        del asked  # the gradient alone is changed
        return tuple(change(grad) if place == at else grad for place, grad in enumerate(right))

    return _spoilt(spoil)


def _overwritten(at: int, from_padding: bool, of_samples: bool) -> Function:
    """A backward pass in which = stands for += in one of the gradients, loop within loop.

    Each place keeps what comes last, a window's share of W∇ also where it reads `from_padding`;
    with `of_samples` the samples are still summed, as arrays sum them.
    """

    def change(right: Backward, asked: Question) -> Backward:
        grad_y, x, weight = asked.grad_y, asked.x, asked.weight
        settings = {key: value for key, value in asked.options.items() if key != "groups"}
        if asked.options.get("groups", 1) > 1:
            raise ValueError
        gradients = [each_number(lambda v: 0, grad) for grad in right]
        windows = Windows.over(size_of(x), size_of(weight), **settings)
        (h, w), (h_k, w_k) = windows.size, windows.kernel_size
        for n, o, i, j in product(*map(range, nested_shape(grad_y))):
            g = grad_y[n][o][i][j]
            shared = of_samples and n > 0
            if at == B:
                gradients[B][o] = g + (gradients[B][o] if shared else 0)
                continue
            for c, u, v in product(range(len(x[0])), range(h_k), range(w_k)):
                y, z = windows.place(i, j, u, v)
                inside = 0 <= y < h and 0 <= z < w
                if at == X and inside:
                    gradients[X][n][c][y][z] = g * weight[o][c][u][v]
                elif at == W and (inside or from_padding):
                    share = g * x[n][c][y][z] if inside else 0
                    if shared:  # this window's shares of the samples before
                        share += _of_samples_before(n, o, i, j, (c, y, z), inside, grad_y, x)
                    gradients[W][o][c][u][v] = share
        return tuple(new if place == at else grad for place, (grad, new) in enumerate(
            zip(right, gradients, strict=True)))  # fmt: skip

    return _spoilt(change)


def _of_samples_before(
    n: int, o: int, i: int, j: int, read: Sequence[int], inside: bool, grad_y: Any, x: Any
) -> float:
    c, y, z = read
    return sum(grad_y[m][o][i][j] * x[m][c][y][z] for m in range(n)) if inside else 0


BIAS_SHAPES: dict[str, Callable[[Any], Any]] = {
    "(c_out, 1)": lambda grad: [[v] for v in grad],
    "(1, c_out)": lambda grad: [grad],
    "(1, c_out, 1, 1)": lambda grad: [[[[v]] for v in grad]],
}
"""What shapes a right bias∇ is left in."""
W_SHAPES: dict[str, Callable[[Any], Any]] = {
    "(c_out, k)": lambda grad: [flattened(kernel) for kernel in grad],
    "(k, c_out)": lambda grad: transpose([flattened(kernel) for kernel in grad]),
}
"""What shapes a right W∇ is left in."""
BIAS_SUMS: dict[str, Callable[[Any], Any]] = {
    "bias∇ is one number: it is a sum for each output channel": lambda g: sum(flattened(g)),
    "bias∇ isn't summed over the batch, (b, c_out): it is (c_out,)": (
        lambda g: [[sum(flattened(maps)) for maps in sample] for sample in g]
    ),
    "bias∇ isn't summed over the positions, (c_out, h_out, w_out): it is (c_out,)": (
        lambda g: summed(g)
    ),
    "bias∇ is summed over the output channels, (b,): it is summed over the batch, (c_out,)": (
        lambda g: [sum(flattened(sample)) for sample in g]
    ),
}
"""What else is made of Y∇ for bias∇."""


def _bias_gradient(change: Callable[[Any], Any]) -> Function:
    """A backward pass whose bias∇ is made of Y∇ in another way."""

    def spoil(right: Backward, asked: Question) -> Backward:
        return right[X], right[W], change(asked.grad_y)

    return _spoilt(spoil)


def _per_sample(right: Backward, asked: Question) -> Backward:
    """W∇ with an axis for the samples, over which it isn't summed."""
    of_samples = [
        conv2d_backward([g], [sample], asked.weight, **asked.options)[W]
        for g, sample in zip(asked.grad_y, asked.x, strict=True)
    ]
    return right[X], of_samples, right[B]


def _not_folded(right: Backward, asked: Question) -> Backward:
    """Ũ∇ in the place of X∇."""
    return _grad_u(asked), *right[1:]


def _in_order(order: Sequence[int]) -> Function:
    def change(right: Backward, asked: Question) -> Backward:
        del asked  # whatever it was
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
    for change in (first_alone, first_for_all, others_zero):
        yield Mistake(sentence, _gradient_changed(X, change))


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
    Mistake("W∇ and bias∇ are averaged over the batch: they are sums",
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
    Mistake("W∇ and bias∇ are averaged over batch and positions: they are sums",
            _divided_by(_samples_and_positions, (W, B))),
    Mistake("bias∇ is forgotten", _gradient_changed(B, lambda grad: [0] * len(grad))),
    Mistake("W∇ is forgotten", _gradient_changed(W, lambda grad: each_number(lambda v: 0, grad))),
    Mistake("X∇ is forgotten", _gradient_changed(X, lambda grad: each_number(lambda v: 0, grad))),
    Mistake("X∇ and W∇ are returned in each other's place: X∇ comes first",
            _in_order((W, X, B))),
    *(Mistake(sentence, _in_order(order)) for sentence, order in ORDERS_OF_GRADIENTS.items()),
    *(Mistake("X∇ isn't summed where windows overlap: fold sums what they put there",
              _put_back(folding(overwrite=True, by_patch=by_patch)))
      for by_patch in (True, False)),
    *(Mistake(f"{GRADIENTS[at]} is overwritten by every window, not added to: = for +=",
              _overwritten(at, *how))
      for at, how in product((X, W, B), product((True, False), repeat=2))),
    *(Mistake(f"{GRADIENTS[at]} has the wrong sign",
              _gradient_changed(at, lambda grad: each_number(lambda v: -v, grad)))
      for at in (X, W, B)),
    Mistake("X∇ still has the padding around it", _put_back(not_cropped)),
    Mistake("X∇ is left unfolded, (b, p, k): fold makes it (b, c, h, w)", _spoilt(_not_folded)),
    Mistake("the padding of X∇ is cut off behind only, not before", _put_back(cropped_behind)),
    *(Mistake(f"in X∇ {sentence}", _put_back(cropped(before)))
      for sentence, before in CROPPED.items()),
    Mistake("in X∇ what belongs in the padding is added to the end: an index below 0 counts from "
            "there", _put_back(added_to_the_end)),
    *(Mistake(f"bias∇ has the shape {shape}: it is (c_out,)", _gradient_changed(B, change))
      for shape, change in BIAS_SHAPES.items()),
    *(Mistake(sentence, _bias_gradient(change)) for sentence, change in BIAS_SUMS.items()),
    *(Mistake(f"W∇ is left as a matrix, {shape}: it has W's shape", _gradient_changed(W, change))
      for shape, change in W_SHAPES.items()),
    Mistake("W∇ isn't summed over the batch: it has an axis for the samples",
            _spoilt(_per_sample)),
    Mistake("X∇ is divided by the batch size: each sample has a gradient of its own",
            _divided_by(_batch, (X,))),
    *(Mistake("Y∇ is reshaped to (b, p, c_out) without being transposed",
              _backward(rows_for_x=_rows_by_reshape, rows_for_w=_rows_by_reshape, rows_for_b=for_b))
      for for_b in (to_rows, _rows_by_reshape)),
    Mistake("in X∇ Y∇ is reshaped to (b, p, c_out) without being transposed",
            _backward(rows_for_x=_rows_by_reshape)),
    Mistake("in W∇ Y∇ is reshaped to (b, p, c_out) without being transposed",
            _backward(rows_for_w=_rows_by_reshape)),
    Mistake("in Ũ∇ W is reshaped to (k, c_out): it is reshaped to (c_out, k)",
            _backward(w_matrix=matrix_by_reshape)),
    Mistake("W̃∇ (k, c_out) is reshaped to W's shape without being transposed",
            _backward(w_gradient=_kernels_by_reshape)),
    Mistake("W∇ has its kernels transposed", _gradient_changed(W, maps_transposed)),
    Mistake("W∇ has its first two axes in each other's place: kernels come first",
            _gradient_changed(W, exchanged)),
    Mistake("X∇'s height and width are mixed up", _gradient_changed(X, maps_transposed)),
    *mistaken(PLACES, ALL[:-1], lambda way: _backward(way, way)),
    *mistaken((replace(way, sentence=WAYS_BACK.get(way.sentence, way.sentence)) for way in PLACES),
               ALL[:-1], lambda way: _backward(in_x=way), "in X∇ "),
    *mistaken((*PLACES, *PADDINGS), ALL[:-1], lambda way: _backward(in_w=way), "in W∇ "),
    *(replace(each, sentence=f"in X∇ {each.sentence}") for each in _samples_of_x()),
    *kept_in_integers(conv2d_backward, ("Y∇", "X", "W")),
    *(replace(each, sentence=each.sentence.replace("results", "gradients"))
      for each in numbers_lost(conv2d_backward)),
)  # fmt: skip
