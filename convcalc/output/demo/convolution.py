"""What `demo` shows of a convolution: by unfolding, tensor by tensor."""

from __future__ import annotations

from itertools import product
from typing import Any

from convcalc import text
from convcalc.formulas import Tensor3, Tensor4, nested_shape, transpose
from convcalc.output.demo import maps, walks
from convcalc.output.page import Grid, Matrices, Page
from convcalc.single.demo.convolution import Walkthrough
from convcalc.single.demo.walk import WeightGradients, flat


def as_page(walk: Walkthrough) -> Page:
    """Lay out a walk-through from X to Y, and back where that was asked for."""
    return walks.laid_out(walk, forward, more, backward)


def forward(walk: Walkthrough) -> list[Matrices]:
    """Lay out every tensor from X to Y."""
    tensors = [input_(walk, "X", walk.X, "the input")]
    if walk.padded != walk.X:
        tensors.append(padded(walk))
    plus = "" if walk.bias is None else f", plus the bias {maps.listed(walk.bias)}"
    product = "Y′ = ŨW̃" if walk.layout == "bpk" else "Y′ = UᵀW̃"
    tensors += [
        unfolded(walk, "", walk.U, "each window of X as a"),
        _kernels(walk, "W", walk.W, "one kernel per output channel"),
        _weight_matrix(walk, "W̃", walk.W_matrix, "each kernel as a column"),
        maps.per_channel(walk, "Y′", walk.rows, product, "c_out"),
        output(walk, "Y", walk.Y, f"each column of Y′ as a map{plus}"),
    ]
    return tensors


def more(walk: Walkthrough) -> list[Matrices]:
    """Lay out Ũ folded back, and how many patches meet in each place, where that was asked for."""
    if not walk.folds:
        return []
    name = "fold(Ũ)" if walk.layout == "bpk" else "fold(U)"
    letters = maps.axes_in(walk, "(h, w)")
    how = "how many patches read each place of X"
    return [
        input_(walk, name, walk.folded(walk.U), "each patch added where it was read"),
        maps.counts(walk, letters, how),
    ]


def backward(walk: Walkthrough) -> list[Matrices]:
    """Lay out every tensor from Y∇ to X∇."""
    back = walk.gradients
    assert back is not None
    bpk = walk.layout == "bpk"
    overlap = f"fold({'Ũ∇' if bpk else 'U∇'}): each row back into its window, overlaps summed"
    if not bpk:
        overlap = overlap.replace("row", "column")
    summed = "" if back.bias is None else f"; bias∇ = {maps.listed(back.bias)}, its columns summed"
    to_kernels = "W̃∇ = Σ_b Ũᵀ Y′∇" if bpk else "W̃∇ = Σ_b U Y′∇"
    tensors = [
        output(walk, "Y∇", back.Y, "the gradient that arrives, ∂L/∂Y"),
        maps.per_channel(walk, "Y′∇", back.rows, f"each map of Y∇ as a column{summed}", "c_out"),
        _weight_matrix(walk, "W̃∇", back.W_matrix, to_kernels),
        _kernels(walk, "W∇", back.W, "each column of W̃∇ as a kernel"),
        unfolded(walk, "∇", back.U, "Ũ∇ = Y′∇ W̃ᵀ" if bpk else "U∇ = W̃ Y′∇ᵀ"),
        input_(walk, "X∇", back.X, f"X∇ = {overlap}"),
    ]
    return tensors


def as_json(walk: Walkthrough) -> dict[str, Any]:
    """Return every tensor of a walk-through, of the backward pass too where it was asked for."""

    def tensors(of: Walkthrough | WeightGradients) -> dict[str, Any]:
        u = of.U if walk.layout == "bpk" else [transpose(rows) for rows in of.U]
        w = {"W": of.W, "W_matrix": of.W_matrix}
        return {"X": of.X, "U": u, **w, "Y_matrix": of.rows, "Y": of.Y}

    folded = {"fold": flat(walk.folded(walk.U), walk.ndim), "overlaps": maps.counted(walk)}
    return walks.as_json(walk, tensors, folded if walk.folds else {})


def input_(walk: Walkthrough, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out X or X∇, without its padding, the window pointed out."""
    return maps.maps(walk, name, tensor, how, marked=walk.within)


def padded(walk: Walkthrough, name: str = "X padded") -> Matrices:
    """Lay out the padded X, its zeros faint."""
    places = product(range(len(walk.padded[0][0])), range(len(walk.padded[0][0][0])))
    faint = frozenset(place for place in places if walk.is_padding(*place))
    how = f"zeros around: {text.around(walk.layer.ends[2 - walk.ndim :])}"
    return maps.maps(walk, name, walk.padded, how, marked=walk.window, faint=faint)


def output(walk: Walkthrough, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out Y or Y∇, the patch's cell pointed out."""
    return maps.maps(walk, name, tensor, how, "c_out", maps.cell(walk), out="_out")


def unfolded(walk: Walkthrough, suffix: str, tensor: Tensor3, how: str) -> Matrices:
    """Lay out Ũ (b, p, k), a row per patch (i, j) and a column per value (c, u, v), or U."""
    bpk = walk.layout == "bpk"
    if not suffix:
        how += " row, channels outermost" if bpk else " column, as torch.nn.functional.unfold does"
    labels = maps.value_labels(walk, walk.values)
    channels = tuple(c for c, _, _ in walk.values)
    taps = len(walk.taps)
    faint = frozenset(
        (r, c * taps + at)
        for r in range(len(tensor[0]))
        for at, place in enumerate(walk.read_by(r))
        if walk.is_padding(*place)
        for c in range(walk.in_channels)
    )
    if bpk:
        letters = maps.value_letters(walk)
        grids = maps.patch_rows(walk, tensor, letters, labels, channels, faint)
        return Matrices(f"Ũ{suffix}", "(b, p, k)", nested_shape(tensor), how, grids)
    column = () if walk.patch is None else product(range(len(labels)), [walk.patch])
    marked = frozenset(column)
    columns = [transpose(rows) for rows in tensor]
    grids = tuple(
        Grid(
            caption="" if len(tensor) == 1 else f"sample {n}",
            rows=rows,
            row_labels=tuple(f"({', '.join(map(str, label))})" for label in labels),
            column_letters=("patch", "i", "j")[: 1 + walk.ndim],
            column_labels=tuple(
                (r, *place[2 - walk.ndim :]) for r, place in enumerate(walk.positions)
            ),
            row_channels=channels,
            marked=marked,
            faint=frozenset((column, row) for row, column in faint),
        )
        for n, rows in enumerate(columns)
    )
    return Matrices(f"U{suffix}", "(b, k, p)", nested_shape(columns), how, grids)


def _kernels(walk: Walkthrough, name: str, tensor: Tensor4, how: str) -> Matrices:
    return maps.kernels(walk, name, tensor, how, ("c_out", "c"), walk.layer.groups)


def _weight_matrix(walk: Walkthrough, name: str, matrix: Any, how: str) -> Matrices:
    return maps.weight_matrix(walk, name, matrix, how, walk.values, walk.layer.groups)
