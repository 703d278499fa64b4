"""What `demo` shows: a small convolution by unfolding, tensor by tensor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from convcalc import text
from convcalc.formulas import Matrix, Tensor3, Tensor4, nested_shape
from convcalc.output.page import Grid, Matrices, Page
from convcalc.single.demo import Walkthrough

VALUE_LETTERS = ("c", "u", "v")


def as_page(walk: Walkthrough) -> Page:
    """Lay out a walk-through from X to Y, and back where that was asked for."""
    layer = walk.layer
    window = walk.window
    (top, _), (left, _) = layer.ends
    unpadded = frozenset((i - top, j - left) for i, j in window)
    cell = frozenset() if walk.patch is None else frozenset([walk.positions[walk.patch]])
    x, y = "(b, c, h, w)", "(b, c_out, h_out, w_out)"
    blocks = [_maps("X", x, walk.X, "the input", "channel", unpadded)]
    if walk.padded != walk.X:
        how = f"zeros around: {text.around(layer.ends)}"
        blocks.append(_maps("X padded", x, walk.padded, how, "channel", window))
    blocks += [
        _unfolded(walk, "Ũ", walk.U, "each window of X as a row, channels outermost"),
        _kernels(walk, "W", walk.W, "one kernel per output channel"),
        _weight_matrix(walk, "W̃", walk.W_matrix, "each kernel as a column"),
        _per_patch(walk, "Y′", walk.Y_matrix, "Y′ = ŨW̃"),
    ]
    plus = "" if walk.bias is None else f", plus the bias {_listed(walk.bias)}"
    blocks.append(_maps("Y", y, walk.Y, f"each column of Y′ as a map{plus}", "c_out", cell))
    if walk.gradients is not None:
        back = walk.gradients
        overlap = "fold(Ũ∇): each row back into its window, overlaps summed"
        summed = "" if back.bias is None else f"; bias∇ = {_listed(back.bias)}, its columns summed"
        blocks += [
            _maps("Y∇", y, back.Y, "the gradient that arrives", "c_out", cell),
            _per_patch(walk, "Y′∇", back.Y_matrix, f"each map of Y∇ as a column{summed}"),
            _weight_matrix(walk, "W̃∇", back.W_matrix, "W̃∇ = Σ_b Ũᵀ Y′∇"),
            _kernels(walk, "W∇", back.W, "each column of W̃∇ as a kernel"),
            _unfolded(walk, "Ũ∇", back.U, "Ũ∇ = Y′∇ W̃ᵀ"),
            _maps("X∇", x, back.X, f"X∇ = {overlap}", "channel", unpadded),
        ]
    shapes = f"{text.shape(nested_shape(walk.X))} → {text.shape(nested_shape(walk.Y))}"
    heading = f"{layer.name} by unfolding: {shapes}"
    if walk.patch is not None:
        i, j = walk.positions[walk.patch]
        heading += f", patch {walk.patch} = window ({i}, {j})"
    return Page(heading, tuple(blocks), walk.code, walk.notes)


def as_json(walk: Walkthrough) -> dict[str, Any]:
    """Return every tensor of a walk-through, those of the backward pass where it was gone."""
    keys: dict[str, Any] = {
        "X": walk.X,
        "U": walk.U,
        "W": walk.W,
        "W_matrix": walk.W_matrix,
        "Y_matrix": walk.Y_matrix,
        "Y": walk.Y,
    }
    if walk.bias is not None:
        keys["bias"] = walk.bias
    if walk.gradients is not None:
        keys |= {
            "grad_Y": walk.gradients.Y,
            "grad_Y_matrix": walk.gradients.Y_matrix,
            "grad_W_matrix": walk.gradients.W_matrix,
            "grad_W": walk.gradients.W,
            "grad_U": walk.gradients.U,
            "grad_X": walk.gradients.X,
        }
        if walk.gradients.bias is not None:
            keys["grad_bias"] = walk.gradients.bias
    return keys


def frame(walk: Walkthrough) -> Page:
    """Lay out one step of the animation: a patch in X, its row in Ũ and its cells in Y.

    Of Ũ only the rows around the patch are shown, so that a step fits a terminal.
    """
    assert walk.patch is not None
    i, j = walk.positions[walk.patch]
    x = _maps("X", "", walk.padded, "", "X, channel", walk.window)
    y = _maps("Y", "", walk.Y, "", "Y, c_out", frozenset([(i, j)]))
    both = Matrices("", "", (), "", (*x.grids, *y.grids))
    first = max(min(walk.patch - 1, len(walk.U[0]) - 3), 0)
    rows = slice(first, first + 3)
    unfolded = _unfolded(walk, "Ũ", walk.U, "each window of X as a row")
    near = [
        Grid(
            caption=grid.caption,
            rows=grid.rows[rows],
            row_labels=grid.row_labels[rows],
            column_letters=grid.column_letters,
            column_labels=grid.column_labels,
            column_channels=grid.column_channels,
            marked=frozenset((row - rows.start, column) for row, column in grid.marked),
        )
        for grid in unfolded.grids
    ]
    heading = f"patch {walk.patch} of {len(walk.U[0])} = window ({i}, {j}) of X"
    return Page(
        heading, (both, Matrices("Ũ", unfolded.letters, unfolded.shape, unfolded.how, near))
    )


def _listed(values: Sequence[float]) -> str:
    return f"({', '.join(map(str, values))})"


def _maps(
    name: str,
    letters: str,
    tensor: Tensor4,
    how: str,
    unit: str,
    marked: frozenset[tuple[int, int]],
) -> Matrices:
    """Lay out a tensor (b, channels, rows, columns) as one grid per sample and channel."""
    grids = []
    for n, sample in enumerate(tensor):
        for c, rows in enumerate(sample):
            caption = f"{unit} {c}" if len(tensor) == 1 else f"sample {n}, {unit} {c}"
            channels = (c,) * len(rows[0])
            grids.append(Grid(caption, _rows(rows), column_channels=channels, marked=marked))
    return Matrices(name, letters, nested_shape(tensor), how, tuple(grids))


def _kernels(walk: Walkthrough, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out W (c_out, c/groups, h_k, w_k) as one grid per kernel and channel."""
    grids = []
    for o, kernel in enumerate(tensor):
        first = o // (len(tensor) // walk.layer.groups) * len(kernel)  # of the kernel's group
        for c, rows in enumerate(kernel, first):
            channels = (c,) * len(rows[0])
            caption = f"{name}[{o}, {c - first}]"
            if first:
                caption += f" on channel {c}"
            grids.append(Grid(caption, _rows(rows), column_channels=channels))
    letters = "(c_out, c/groups, h_k, w_k)" if walk.layer.groups > 1 else "(c_out, c, h_k, w_k)"
    return Matrices(name, letters, nested_shape(tensor), how, tuple(grids))


def _unfolded(walk: Walkthrough, name: str, tensor: Tensor3, how: str) -> Matrices:
    """Lay out Ũ (b, p, k): a row per patch (i, j), a column per value (c, u, v)."""
    channels = tuple(c for c, _, _ in walk.values)
    grids = _patch_rows(walk, tensor, VALUE_LETTERS, tuple(walk.values), channels)
    return Matrices(name, "(b, p, k)", nested_shape(tensor), how, grids)


def _per_patch(walk: Walkthrough, name: str, tensor: Tensor3, how: str) -> Matrices:
    """Lay out Y′ (b, p, c_out): a row per patch (i, j), a column per output channel."""
    outputs = tuple((o,) for o in range(len(tensor[0][0])))
    grids = _patch_rows(walk, tensor, ("c_out",), outputs, ())
    return Matrices(name, "(b, p, c_out)", nested_shape(tensor), how, grids)


def _patch_rows(
    walk: Walkthrough,
    tensor: Tensor3,
    letters: tuple[str, ...],
    labels: tuple[tuple[int, ...], ...],
    channels: tuple[int, ...],
) -> tuple[Grid, ...]:
    row = () if walk.patch is None else product([walk.patch], range(len(labels)))
    marked = frozenset(row)
    patches = tuple(f"{r} ({i}, {j})" for r, (i, j) in enumerate(walk.positions))
    return tuple(
        Grid(
            caption="" if len(tensor) == 1 else f"sample {n}",
            rows=_rows(rows),
            row_labels=patches,
            column_letters=letters,
            column_labels=labels,
            column_channels=channels,
            marked=marked,
        )
        for n, rows in enumerate(tensor)
    )


def _weight_matrix(walk: Walkthrough, name: str, matrix: Matrix, how: str) -> Matrices:
    """Lay out W̃ (k, c_out): a row per value (c, u, v), a column per kernel."""
    grid = Grid(
        caption="",
        rows=_rows(matrix),
        row_labels=tuple(f"({c}, {u}, {v})" for c, u, v in walk.values),
        column_letters=("c_out",),
        column_labels=tuple((o,) for o in range(len(matrix[0]))),
        row_channels=tuple(c for c, _, _ in walk.values),
    )
    return Matrices(name, "(k, c_out)", nested_shape(matrix), how, (grid,))


def _rows(rows: Matrix) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, rows))
