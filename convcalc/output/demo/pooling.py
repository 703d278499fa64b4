"""What `demo` shows of a pooling: its windows, and what comes out of them."""

from __future__ import annotations

from itertools import product
from typing import Any

from convcalc.formulas import Tensor3, Tensor4, nested_shape
from convcalc.output.demo import maps, walks
from convcalc.output.page import Grid, Matrices, Page
from convcalc.single.demo.pooling import Pooled
from convcalc.single.demo.walk import flat


def as_page(walk: Pooled) -> Page:
    """Lay out a walk-through from X to Y, and back where that was asked for."""
    return walks.laid_out(walk, forward, lambda walk: (), backward)


def forward(walk: Pooled) -> list[Matrices]:
    """Lay out X, its windows and Y."""
    of = "its maximum marked" if walk.maxima else "their mean is Y"
    made = "the maximum of each window" if walk.maxima else "the mean of each window"
    tensors = [
        input_(walk, "X", walk.X, "the input"),
        windows(walk, "windows", walk.unfolded(walk.X), f"each window of X as a row, {of}"),
        output(walk, "Y", walk.Y, made),
    ]
    return tensors


def backward(walk: Pooled) -> list[Matrices]:
    """Lay out Y∇, where it goes in each window, and X∇."""
    assert walk.gradients is not None
    to = "to its maximum" if walk.maxima else "to each of its values the same"
    tensors = [
        output(walk, "Y∇", walk.gradients.Y, "the gradient that arrives, ∂L/∂Y"),
        windows(walk, "windows∇", walk.shares(), f"what each window gives back: {to}"),
        input_(walk, "X∇", walk.gradients.X, "each row back into its window, overlaps summed"),
    ]
    return tensors


def as_json(walk: Pooled) -> dict[str, Any]:
    """Return every tensor of a walk-through; `indices` are the maxima as PyTorch counts them."""
    width = len(walk.X[0][0][0])
    indices: Tensor4 = [
        [[[row * width + column for row, column in each] for each in rows] for rows in sample]
        for sample in walk.maxima or ()
    ]
    shown = {"indices": flat(indices, walk.ndim)} if indices else {}
    return walks.as_json(walk, lambda of: {"X": of.X, "Y": of.Y}, shown)


def input_(walk: Pooled, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out X or X∇, the window pointed out."""
    return maps.maps(walk, name, tensor, how, marked=walk.within)


def output(walk: Pooled, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out Y or Y∇, the window's cell pointed out."""
    return maps.maps(walk, name, tensor, how, "channel", maps.cell(walk), out="_out")


def windows(walk: Pooled, name: str, tensor: Tensor3, how: str) -> Matrices:
    """Lay out the windows of every map, a row per window and a column per value (u, v).

    Marked are the maxima, or else the row that is pointed out; what counts for nothing is blank.
    """
    taps = [(u, v)[2 - walk.ndim :] for u, v in walk.taps]
    blank = frozenset((r, tap) for r in range(len(walk.windows)) for tap in walk.beyond(r))
    real = [[tap for tap, _, _ in walk.real(r)] for r in range(len(walk.windows))]
    faint = frozenset(
        (r, tap) for r, read in enumerate(real) for tap in range(len(taps)) if tap not in read
    )
    grids = []
    for n, c in product(range(len(tensor)), range(walk.in_channels)):
        maxima = [walk.maximum(n, c, r) for r in range(len(walk.windows))]
        marked = {(r, walk.tap_of(r, place)) for r, place in enumerate(maxima) if place}
        if walk.patch is not None and not marked:
            marked = {(walk.patch, tap) for tap in real[walk.patch]}
        grids.append(
            Grid(
                caption=f"channel {c}" if len(tensor) == 1 else f"sample {n}, channel {c}",
                rows=[row[c * len(taps) : (c + 1) * len(taps)] for row in tensor[n]],
                row_labels=maps.patch_labels(walk),
                column_letters=("u", "v")[2 - walk.ndim :],
                column_labels=taps,
                column_channels=(c,) * len(taps),
                marked=frozenset(marked),
                faint=faint - blank,
                blank=blank,
            )
        )
    shape = (*nested_shape(walk.X)[:2], len(walk.windows), len(taps))
    return Matrices(name, "(b, c, p, k)", shape, how, tuple(grids))
