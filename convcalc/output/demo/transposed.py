"""What `demo` shows of a transposed convolution: a product and its fold, tensor by tensor."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.formulas import Tensor3, Tensor4, nested_shape
from convcalc.output.demo import maps
from convcalc.output.demo.formulas import derivation_as_json, derived, equation, equations
from convcalc.output.page import Beside, Block, Matrices, Page
from convcalc.single.demo.transposed import Transposed
from convcalc.single.demo.walk import flat


def as_page(walk: Transposed) -> Page:
    """Lay out a walk-through from X to Y, both ways, and back where that was asked for."""
    blocks: list[Block] = [Beside(forward(walk))]
    blocks += equations(walk.sums)
    blocks.append(Beside(slid(walk)))
    if walk.gradients is not None:
        blocks.append(Beside(backward(walk)))
        blocks += [equation(each) for each in walk.gradient_sums]
    return Page(heading(walk), tuple(blocks), walk.code, walk.notes)


def heading(walk: Transposed) -> str:
    """Return what a walk-through is of."""
    shapes = [text.shape(maps.shape_in(walk, each)) for each in (walk.X, walk.Y)]
    heading = f"{walk.name} by folding: {' → '.join(shapes)}"
    if walk.patch is not None:
        heading += f", patch {walk.patch} = position {walk.window_called(walk.patch)} of X"
    return heading


def forward(walk: Transposed) -> list[Matrices]:
    """Lay out every tensor from X to Y."""
    how = "how many patches meet in each place of Y"
    empty = sum(row.count(0) for row in walk.overlaps)
    plus = "" if walk.bias is None else f", plus the bias {maps.listed(walk.bias)}"
    if empty:
        rest = "zero" if walk.bias is None else "the bias alone"
        how += f"; where none does, Y is {rest}"
    return derived(
        walk,
        [
            input_(walk, "X", walk.X, "the input"),
            maps.per_channel(walk, "X′", walk.X_matrix, "each map of X as a column", "c"),
            _kernels(walk, "W", walk.W, "a kernel from each input to each output channel"),
            _weight_matrix(walk, "W̃", walk.W_matrix, "the kernels of an input channel as a row"),
            unfolded(walk, "Ũ", walk.U, "Ũ = X′W̃: a patch per position of X"),
            maps.counts(
                "overlaps", walk.overlaps, maps.axes_in(walk, "(h_out, w_out)"), how, walk.ndim
            ),
            output(
                walk, "Y", walk.Y, f"fold(Ũ): each patch into its window, overlaps summed{plus}"
            ),
        ],
    )


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
    return derived(
        walk,
        [
            output(walk, "Y∇", back.Y, f"the gradient that arrives, ∂L/∂Y{summed}"),
            unfolded(walk, "Ũ∇", back.U, how),
            _weight_matrix(walk, "W̃∇", back.W_matrix, "W̃∇ = Σ_b X′ᵀ Ũ∇"),
            _kernels(walk, "W∇", back.W, "each row of W̃∇ as kernels"),
            maps.per_channel(walk, "X′∇", back.X_matrix, "X′∇ = Ũ∇ W̃ᵀ", "c"),
            input_(walk, "X∇", back.X, "each column of X′∇ as a map"),
        ],
    )


def as_json(walk: Transposed) -> dict[str, Any]:
    """Return every tensor of a walk-through, of the backward pass too where it was asked for."""

    def shown(tensor: Tensor4) -> Any:
        return flat(tensor, walk.ndim)

    keys: dict[str, Any] = {
        "X": shown(walk.X),
        "X_matrix": walk.X_matrix,
        "W": shown(walk.W),
        "W_matrix": walk.W_matrix,
        "U": walk.U,
        "overlaps": walk.overlaps if walk.ndim == 2 else walk.overlaps[0],
        "Y": shown(walk.Y),
        "X_stretched": shown(walk.stretched),
        "W_flipped": shown(walk.flipped),
    }
    if walk.bias is not None:
        keys["bias"] = walk.bias
    if walk.gradients is not None:
        keys |= {
            "grad_Y": shown(walk.gradients.Y),
            "grad_U": walk.gradients.U,
            "grad_W_matrix": walk.gradients.W_matrix,
            "grad_W": shown(walk.gradients.W),
            "grad_X_matrix": walk.gradients.X_matrix,
            "grad_X": shown(walk.gradients.X),
        }
        if walk.gradients.bias is not None:
            keys["grad_bias"] = walk.gradients.bias
        keys["derivation"] = derivation_as_json(walk)
    return keys


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
    there = [{tap for tap, _, _ in walk.written_by(r)} for r in range(len(walk.positions))]
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
