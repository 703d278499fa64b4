"""What every walk-through has, and a number of it written out as the sum that makes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, TypeVar

from convcalc import text
from convcalc.formulas import Matrix, Pair, Tensor3, Tensor4, nested_shape
from convcalc.single.demo.numbers import gradient, in_digits
from convcalc.single.shape import ShapeAnswer

Walked = TypeVar("Walked", bound="Walk")


@dataclass(frozen=True)
class Term:
    """One of the numbers that are added up: its factors, and the channel it is from.

    `divisor` is what their product is divided by.
    """

    factors: tuple[float, ...]
    channel: int | None = None
    divisor: int = 1


@dataclass(frozen=True)
class Sum:
    """How one number of a tensor comes about; its sentence says what the terms are.

    `form` has the terms in its place: a sum as it is, or the maximum of them.
    """

    tensor: str
    place: tuple[int, ...]
    terms: tuple[Term, ...]
    total: float
    how: str
    joint: str = " + "
    form: str = "{}"


@dataclass(frozen=True)
class Gradients:
    """The backward pass: where it begins, and where it ends."""

    Y: Tensor4
    X: Tensor4

    @property
    def tensors(self) -> tuple[Tensor4, ...]:
        """Those of its tensors that the others are made of."""
        return (self.Y, self.X)


@dataclass(frozen=True)
class Walk:
    """A layer with its numbers: X (b, c, h, w) and Y; what is 1-D is 2-D of height 1.

    Its windows span one of the two, and for each of them there is a place in the other.
    """

    by: ClassVar[str]
    """What its way to Y is called after."""
    place: ClassVar[str] = "window {}"
    """What a patch's place is called."""

    layer: Any
    ndim: int
    X: Tensor4
    Y: Tensor4
    patch: int | None
    """The window to be pointed out, by its number."""
    sizes: ShapeAnswer
    """How large its output is, and its unfolded matrix."""
    seed: int | None
    """What numbers are drawn from that nobody gave; None where they count up."""
    code: str | None
    notes: tuple[str, ...]
    gradients: Gradients | None

    @property
    def name(self) -> str:
        """PyTorch's class of the layer."""
        return str(self.layer.name).replace("2d", f"{self.ndim}d")

    @property
    def called(self) -> str:
        """What the pointed-out patch is called: patch 3 = window (1, 1)."""
        assert self.patch is not None
        return f"patch {self.patch} = {self.place.format(self.window_called(self.patch))}"

    @property
    def spanned(self) -> Tensor4:
        """The tensor that windows span."""
        return self.X

    @property
    def moves(self) -> Tensor4:
        """The tensor that has a window for every place of its maps."""
        return self.Y

    @cached_property
    def positions(self) -> list[Pair]:
        """Where every window belongs, row by row."""
        return list(product(range(len(self.moves[0][0])), range(len(self.moves[0][0][0]))))

    @property
    def in_channels(self) -> int:
        """The channels of X."""
        return len(self.X[0])

    @cached_property
    def taps(self) -> list[Pair]:
        """The (u, v) of every value of a window."""
        h_k, w_k = self.layer.settings[0]
        return list(product(range(h_k), range(w_k)))

    @property
    def values(self) -> list[tuple[int, int, int]]:
        """Where in a patch each value stands: its channel and its (u, v)."""
        return [(c, u, v) for c, (u, v) in product(range(len(self.spanned[0])), self.taps)]

    def placed(self, n: int, c: int, i: int, j: int) -> tuple[int, ...]:
        """Return the place of a number, in 1-D without its row."""
        return (n, c, i, j) if self.ndim == 2 else (n, c, j)

    def window_called(self, patch: int) -> str:
        """Return what a window is called: (1, 2), or (2) in 1-D."""
        return f"({', '.join(map(str, self.positions[patch][2 - self.ndim :]))})"

    def read_by(self, patch: int) -> list[Pair]:
        """Return the (row, column) of what a window spans, padding counted in, in its order."""
        i, j = self.positions[patch]
        _, (s_h, s_w), _, (d_h, d_w) = self.layer.settings
        return [(i * s_h + u * d_h, j * s_w + v * d_w) for u, v in self.taps]

    def real(self, patch: int) -> list[tuple[int, int, int]]:
        """Return (tap, row, column) of what a window spans of the tensor itself, taps numbered."""
        (top, _), (left, _) = self.layer.ends
        return [
            (tap, row - top, column - left)
            for tap, (row, column) in enumerate(self.read_by(patch))
            if not self.is_padding(row, column)
        ]

    def is_padding(self, row: int, column: int) -> bool:
        """Whether a place that is counted with the padding is beyond the tensor itself."""
        (top, _), (left, _) = self.layer.ends
        h, w = nested_shape(self.spanned)[2:]
        return not (top <= row < top + h and left <= column < left + w)

    def readers(self, row: int, column: int) -> list[tuple[int, int, int]]:
        """Return the (patch, u, v) that span a place, patch by patch."""
        width = len(self.moves[0][0][0])
        (top, _), (left, _) = self.layer.ends
        vertical = self._taps_at(0, row + top)
        horizontal = self._taps_at(1, column + left)
        return sorted((i * width + j, u, v) for (i, u), (j, v) in product(vertical, horizontal))

    def _taps_at(self, axis: int, at: int) -> list[Pair]:
        """Return the (window, tap) pairs that span a place, padding counted in, on one axis."""
        kernel_size, strides, _, dilations = (each[axis] for each in self.layer.settings)
        windows = nested_shape(self.moves)[2 + axis]
        starts = [(at - tap * dilations, tap) for tap in range(kernel_size)]
        return [
            (start // strides, tap)
            for start, tap in starts
            if start % strides == 0 and 0 <= start < windows * strides
        ]

    @property
    def window(self) -> frozenset[Pair]:
        """The (row, column) that the pointed-out window spans, padding counted in."""
        return frozenset() if self.patch is None else frozenset(self.read_by(self.patch))

    @property
    def within(self) -> frozenset[Pair]:
        """The (row, column) that the pointed-out window spans, counted without the padding."""
        (top, _), (left, _) = self.layer.ends
        return frozenset((row - top, column - left) for row, column in self.window)

    def unfolded(self, tensor: Tensor4) -> Tensor3:
        """Return a row per window (b, p, values) of a tensor that they span, zeros beyond it."""
        taps = len(self.taps)
        rows: Tensor3 = [[[0] * len(self.values) for _ in self.positions] for _ in tensor]
        for n, r in product(range(len(tensor)), range(len(self.positions))):
            for (tap, i, j), (c, channel) in product(self.real(r), enumerate(tensor[n])):
                rows[n][r][c * taps + tap] = channel[i][j]
        return rows

    def folded(self, rows: Tensor3, until: int | None = None) -> Tensor4:
        """Return rows (b, p, values) added up where their windows are, those until one if given."""
        taps, (h, w) = len(self.taps), nested_shape(self.spanned)[2:]
        last = len(self.positions) if until is None else until + 1
        tensor: Tensor4 = []
        for sample in rows:
            tensor.append([[[0] * w for _ in range(h)] for _ in range(len(sample[0]) // taps)])
            for r, row in enumerate(sample[:last]):
                for (tap, i, j), (c, channel) in product(self.real(r), enumerate(tensor[-1])):
                    channel[i][j] += row[c * taps + tap]
        return tensor

    @cached_property
    def overlaps(self) -> Matrix:
        """How many windows span each place of a map."""
        return self.folded([[[1] * len(self.taps) for _ in self.positions]])[0][0]

    @property
    def sums(self) -> list[Sum]:
        """How cells of Y come about that belong to the pointed-out patch."""
        raise NotImplementedError

    @property
    def gradient_sums(self) -> list[Sum]:
        """How cells of the gradients come about that belong to the pointed-out patch."""
        raise NotImplementedError

    def pointing_at(self: Walked, patch: int) -> Walked:
        """Return this walk with another window pointed out."""
        return replace(self, patch=patch)

    def backward(self, grad_y: Tensor4) -> Gradients:
        """Return the gradients that follow from Y∇."""
        raise NotImplementedError

    def going_back(self: Walked, own: Any = None) -> Walked:
        """Return this walk gone on through the gradients, from somebody's own Y∇ or another.

        Raises ConvcalcError where own numbers don't fit.
        """
        back = self.backward(gradient(own, self.ndim, nested_shape(self.Y), self.seed))
        digits = [each for each in in_digits(*back.tensors) if each not in self.notes]
        return replace(self, gradients=back, notes=(*self.notes, *digits))


@dataclass(frozen=True)
class WeightGradients(Gradients):
    """The backward pass of a layer with weights, in the letters of its walk."""

    rows: Tensor3
    W_matrix: Matrix
    W: Tensor4
    U: Tensor3
    bias: list[float] | None

    @property
    def tensors(self) -> tuple[Tensor4, ...]:
        """Those of its tensors that the others are made of."""
        return (self.Y, self.X, self.W)


@dataclass(frozen=True)
class Weighted(Walk):
    """A walk through a layer with weights.

    U is Ũ (b, p, k) with a row per window; `rows` are Y′ (b, p, c_out), of a transposed
    convolution X′ (b, p, c): what there is for each window. W̃ stands between the two.
    """

    W: Tensor4
    W_matrix: Matrix
    bias: list[float] | None
    U: Tensor3
    rows: Tensor3
    gradients: WeightGradients | None

    def _gathered(self, rows: Tensor3, n: int, patch: int, kernel: int) -> list[Term]:
        """Return a row of the unfolded times one kernel, value by value."""
        share, taps = len(self.W[0]), len(self.taps)
        first = kernel // (len(self.W) // self.layer.groups) * share  # channel of its group
        return [
            Term((rows[n][patch][(first + c) * taps + at], self.W[kernel][c][u][v]), first + c)
            for c, (at, (u, v)) in product(range(share), enumerate(self.taps))
        ]

    def _scattered(self, rows: Tensor3, n: int, c: int, row: int, column: int) -> list[Term]:
        """Return what each window adds to a place: its own number times the weight there."""
        share = len(self.W[0])
        kernels = len(self.W) // self.layer.groups
        first = c // share * kernels
        return [
            Term((rows[n][patch][o], self.W[o][c % share][u][v]), o)
            for o in range(first, first + kernels)
            for patch, u, v in self.readers(row, column)
        ]

    def _plus_bias(self, terms: list[Term], o: int, how: str) -> tuple[tuple[Term, ...], str]:
        """Return a sum's terms and its sentence with the bias, where there is one."""
        if self.bias is None:
            return tuple(terms), how
        return (*terms, Term((self.bias[o],))), f"{how}, plus the bias"

    def _weight_sum(self, x: Tensor3, y: Tensor3, how: str) -> Sum:
        """Return how W∇[0, 0, 0, 0] comes about: a column of these rows times one of those."""
        assert self.gradients is not None
        terms = tuple(
            Term((values[0], grads[0]), 0)
            for rows in zip(x, y, strict=True)
            for values, grads in zip(*rows, strict=True)
        )
        return Sum("W∇", self.placed(0, 0, 0, 0), terms, self.gradients.W[0][0][0][0], how)


def bias_gradient(walk: Weighted, grad_y: Tensor4) -> list[float] | None:
    """Return what arrives at each channel of Y, all of it; None where there is no bias."""
    if walk.bias is None:
        return None
    return [sum(sum(map(sum, sample[o])) for sample in grad_y) for o in range(len(walk.bias))]


def named(walk: Walk, patches: list[int]) -> str:
    """Return patches as a sentence lists them, with their windows."""
    return text.listed([f"{each} {walk.window_called(each)}" for each in patches])


def flat(tensor: Tensor4, ndim: int) -> Any:
    """Return a tensor (b, c, h, w) as it stands in so many dimensions: in 1-D without height."""
    return tensor if ndim == 2 else [[rows[0] for rows in sample] for sample in tensor]
