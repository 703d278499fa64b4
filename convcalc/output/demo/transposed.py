"""What `demo` shows of a transposed convolution: a product and its fold, tensor by tensor."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.formulas import Tensor3, Tensor4, nested_shape
from convcalc.output.demo import maps, walks
from convcalc.output.page import Matrices, Page
from convcalc.single.demo.transposed import Transposed
from convcalc.single.demo.walk import WeightGradients, flat


def as_page(walk: Transposed) -> Page:
    """Lay out a walk-through from X to Y, both ways, and back where that was asked for."""
    return walks.laid_out(walk, forward, slid, backward)


def forward(walk: Transposed) -> list[Matrices]:
    """Lay out every tensor from X to Y."""
    how = "how many patches meet in each place of Y"
    empty = sum(row.count(0) for row in walk.overlaps)
    plus = "" if walk.bias is None else f", plus the bias {maps.listed(walk.bias)}"
    if empty:
        rest = "zero" if walk.bias is None else "the bias alone"
        how += f"; where none does, Y is {rest}"
    return [
        input_(walk, "X", walk.X, "the input"),
        maps.per_channel(walk, "X′", walk.rows, "each map of X as a column", "c"),
        _kernels(walk, "W", walk.W, "a kernel from each input to each output channel"),
        _weight_matrix(walk, "W̃", walk.W_matrix, "the kernels of an input channel as a row"),
        unfolded(walk, "Ũ", walk.U, "Ũ = X′W̃: a patch per position of X"),
        maps.counts(walk, maps.axes_in(walk, "(h_out, w_out)"), how),
        output(walk, "Y", walk.Y, f"fold(Ũ): each patch into its window, overlaps summed{plus}"),
    ]


def slid(walk: Transposed) -> list[Matrices]:
    """Lay out the other view: a convolution of the stretched X with the flipped kernels."""
    stride = text.source(walk.layer.settings[1][2 - walk.ndim :])
    between = "zeros put between its entries" if stride != "1" else "no zeros put between"
    how = f"X with {between} for stride {stride}, and padded"
    kernels = "each kernel flipped: a convolution with stride 1 makes the same Y"
    groups = walk.layer.groups
    return [
        maps.maps(walk, "X stretched", walk.stretched, how, faint=walk.zeros),
        maps.kernels(walk, "W flipped", walk.flipped, kernels, ("c_out", "c"), groups),
    ]


def backward(walk: Transposed) -> list[Matrices]:
    """Lay out every tensor from Y∇ to X∇."""
    back = walk.gradients
    assert back is not None
    summed = "" if back.bias is None else f"; bias∇ = {maps.listed(back.bias)}, its maps summed"
    how = "Ũ∇ = unfold(Y∇): what stands where each patch was added"
    return [
        output(walk, "Y∇", back.Y, f"the gradient that arrives, ∂L/∂Y{summed}"),
        unfolded(walk, "Ũ∇", back.U, how),
        _weight_matrix(walk, "W̃∇", back.W_matrix, "W̃∇ = Σ_b X′ᵀ Ũ∇"),
        _kernels(walk, "W∇", back.W, "each row of W̃∇ as kernels"),
        maps.per_channel(walk, "X′∇", back.rows, "X′∇ = Ũ∇ W̃ᵀ", "c"),
        input_(walk, "X∇", back.X, "each column of X′∇ as a map"),
    ]


def as_json(walk: Transposed) -> dict[str, Any]:
    """Return every tensor of a walk-through, of the backward pass too where it was asked for."""

    def tensors(of: Transposed | WeightGradients) -> dict[str, Any]:
        w = {"W": of.W, "W_matrix": of.W_matrix}
        return {"X": of.X, "X_matrix": of.rows, **w, "U": of.U, "Y": of.Y}

    views = {"X_stretched": walk.stretched, "W_flipped": walk.flipped}
    shown = {name: flat(tensor, walk.ndim) for name, tensor in views.items()}
    return walks.as_json(walk, tensors, {"overlaps": maps.counted(walk)} | shown)


def input_(walk: Transposed, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out X or X∇, the patch's position pointed out."""
    return maps.maps(walk, name, tensor, how, marked=maps.cell(walk))


def output(walk: Transposed, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out Y or Y∇, the patch's window pointed out."""
    return maps.maps(walk, name, tensor, how, "c_out", walk.within, out="_out")


def unfolded(walk: Transposed, name: str, tensor: Tensor3, how: str) -> Matrices:
    """Lay out Ũ (b, p, k), a row per patch and a column per value (c_out, u, v).

    What falls beyond the ends of Y is faint.
    """
    taps, kernels = len(walk.taps), walk.layer.out_channels
    there = [{tap for tap, _, _ in walk.real(r)} for r in range(len(walk.positions))]
    faint = frozenset(
        (r, o * taps + tap)
        for r, written in enumerate(there)
        for tap in range(taps)
        if tap not in written
        for o in range(kernels)
    )
    grids = maps.patch_rows(
        walk,
        tensor,
        maps.value_letters(walk, "c_out"),
        maps.value_labels(walk, walk.values),
        tuple(o for o, _, _ in walk.values),
        faint,
    )
    return Matrices(name, "(b, p, k)", nested_shape(tensor), how, grids)


def _kernels(walk: Transposed, name: str, tensor: Tensor4, how: str) -> Matrices:
    return maps.kernels(walk, name, tensor, how, ("c", "c_out"), walk.layer.groups)


def _weight_matrix(walk: Transposed, name: str, matrix: Any, how: str) -> Matrices:
    groups = walk.layer.groups
    return maps.weight_matrix(walk, name, matrix, how, walk.values, groups, across=True)
