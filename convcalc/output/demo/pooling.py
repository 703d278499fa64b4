"""What `demo` shows of a pooling: its windows, and what comes out of them."""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.formulas import Tensor3, Tensor4, nested_shape
from convcalc.output.demo import maps
from convcalc.output.demo.formulas import derivation_as_json, derived, equation, equations
from convcalc.output.page import Beside, Block, Grid, Matrices, Page
from convcalc.single.demo.pooling import Pooled
from convcalc.single.demo.walk import flat


def as_page(walk: Pooled) -> Page:
    """Lay out a walk-through from X to Y, and back where that was asked for."""
    blocks: list[Block] = [Beside(forward(walk)), *equations(walk.sums)]
    if walk.gradients is not None:
        blocks.append(Beside(backward(walk)))
        blocks += [equation(each) for each in walk.gradient_sums]
    return Page(heading(walk), tuple(blocks), walk.code, walk.notes)


def heading(walk: Pooled) -> str:
    """Return what a walk-through is of."""
    shapes = [text.shape(maps.shape_in(walk, each)) for each in (walk.X, walk.Y)]
    heading = f"{walk.name} by windows: {' → '.join(shapes)}"
    if walk.patch is not None:
        heading += f", window {walk.patch} = {walk.window_called(walk.patch)}"
    return heading


def forward(walk: Pooled) -> list[Matrices]:
    """Lay out X, its windows and Y."""
    of = "its maximum marked" if walk.maxima else "their mean is Y"
    made = "the maximum of each window" if walk.maxima else "the mean of each window"
    tensors = [
        input_(walk, "X", walk.X, "the input"),
        windows(walk, "windows", walk.values(walk.X), f"each window of X as a row, {of}"),
        output(walk, "Y", walk.Y, made),
    ]
    return derived(walk, tensors)


def backward(walk: Pooled) -> list[Matrices]:
    """Lay out Y∇, where it goes in each window, and X∇."""
    assert walk.gradients is not None
    to = "to its maximum" if walk.maxima else "to each of its values the same"
    tensors = [
        output(walk, "Y∇", walk.gradients.Y, "the gradient that arrives, ∂L/∂Y"),
        windows(walk, "windows∇", walk.shares(), f"what each window gives back: {to}"),
        input_(walk, "X∇", walk.gradients.X, "each row back into its window, overlaps summed"),
    ]
    return derived(walk, tensors)


def as_json(walk: Pooled) -> dict[str, Any]:
    """Return every tensor of a walk-through; `indices` are the maxima as PyTorch counts them."""

    def shown(tensor: Tensor4) -> Any:
        return flat(tensor, walk.ndim)

    keys: dict[str, Any] = {"X": shown(walk.X), "Y": shown(walk.Y)}
    if walk.maxima is not None:
        width = len(walk.X[0][0][0])
        keys["indices"] = shown(
            [
                [
                    [[row * width + column for row, column in each] for each in rows]
                    for rows in sample
                ]
                for sample in walk.maxima
            ]
        )
    if walk.gradients is not None:
        keys["grad_Y"] = shown(walk.gradients.Y)
        keys["grad_X"] = shown(walk.gradients.X)
        keys["derivation"] = derivation_as_json(walk)
    return keys


def input_(walk: Pooled, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out X or X∇, the window pointed out."""
    return maps.maps(walk, name, tensor, how, marked=walk.within)


def output(walk: Pooled, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out Y or Y∇, the window's cell pointed out."""
    return maps.maps(walk, name, tensor, how, "channel", maps.cell(walk), out="_out")


def windows(walk: Pooled, name: str, tensors: list[Tensor3], how: str) -> Matrices:
    """Lay out the windows of every map, a row per window and a column per value (u, v).

    Marked are the maxima, or else the row that is pointed out; what counts for nothing is blank.
    """
    taps = [(u, v)[2 - walk.ndim :] for u, v in walk.taps]
    blank = frozenset((r, tap) for r in range(len(walk.windows)) for tap in walk.beyond(r))
    real = [
        {walk.tap_of(r, place) for place in window.places} for r, window in enumerate(walk.windows)
    ]
    faint = frozenset(
        (r, tap)
        for r, read in enumerate(real)
        for tap in range(len(taps))
        if tap not in read and (r, tap) not in blank
    )
    grids = []
    for n, sample in enumerate(tensors):
        for c, rows in enumerate(sample):
            marked: set[tuple[int, int]] = set()
            for r in range(len(rows)):
                maximum = walk.maximum(n, c, r)
                if maximum is not None:
                    marked.add((r, walk.tap_of(r, maximum)))
                elif r == walk.patch:
                    marked |= {(r, tap) for tap in real[r]}
            caption = f"channel {c}" if len(tensors) == 1 else f"sample {n}, channel {c}"
            grids.append(
                Grid(
                    caption,
                    rows,
                    row_labels=maps.patch_labels(walk),
                    column_letters=("u", "v")[2 - walk.ndim :],
                    column_labels=taps,
                    column_channels=(c,) * len(taps),
                    marked=frozenset(marked),
                    faint=faint,
                    blank=blank,
                )
            )
    shape = (*nested_shape(walk.X)[:2], len(walk.windows), len(taps))
    return Matrices(name, "(b, c, p, k)", shape, how, tuple(grids))
