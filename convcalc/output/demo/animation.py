"""The steps of an animation: a patch in X, its row in the unfolded X, its cells in Y, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from convcalc import text
from convcalc.formulas import Tensor4
from convcalc.output.demo import convolution, pooling, transposed
from convcalc.output.demo.formulas import MOST_TERMS, equation
from convcalc.output.demo.maps import Places
from convcalc.output.page import Equation, Grid, Matrices, Page
from convcalc.single.demo.convolution import Walkthrough
from convcalc.single.demo.numbers import LARGEST
from convcalc.single.demo.pooling import Pooled
from convcalc.single.demo.transposed import Transposed
from convcalc.single.demo.walk import Sum, Term, Walk

Step = tuple[Any, bool]
"""A walk with the patch that it has come to, and whether it is on its way back."""


class Much(NamedTuple):
    """How much a step shows: rows of Ũ, rows around the window (None: all), channels, terms."""

    near: int
    around: int | None
    channels: int
    terms: int


FITTING = (
    Much(3, None, LARGEST, MOST_TERMS),
    Much(1, None, LARGEST, MOST_TERMS),
    Much(3, 1, 1, MOST_TERMS),
    Much(1, 1, 1, 16),
    Much(1, 0, 1, 8),
)
"""How much a step may show, the most first."""


@dataclass(frozen=True)
class Scene:
    """What a step shows: two tensors of maps, the rows of patches, and the sum of this step.

    `folds` is the second tensor as it is in the end, where patches are added to it one by one;
    else its cells are filled one by one.
    """

    maps: list[Matrices]
    rows: Matrices
    sums: list[Sum]
    where: str
    folds: Tensor4 | None = None


def animation(walk: Walk) -> tuple[list[Step], list[Callable[[Step], Page]]]:
    """Return the steps from the patch that is pointed out, or the first, and how to show one.

    Where the walk goes on through the gradients, the steps do too.
    """
    patches = range(walk.patch or 0, len(walk.positions))
    ways = (False,) if walk.gradients is None else (False, True)
    steps = [(walk.pointing_at(patch), back) for back in ways for patch in patches]
    return steps, [partial(frame, much=much) for much in FITTING]


def frame(step: Step, much: Much) -> Page:
    """Lay out one step of the animation; of its tensors only as `much` is shown."""
    near, around, channels, terms = much
    walk, back = step
    assert walk.patch is not None
    count = len(walk.positions)
    scene = _scene(walk, back)
    if scene.folds is not None:
        _as_wide_as(scene.maps[1].grids, scene.folds)
    else:
        for grid in scene.maps[1].grids:
            grid.blank = frozenset(walk.positions[walk.patch + 1 :])
    grids = []
    for block in scene.maps:
        of = f" of {len(block.grids)}" if channels < len(block.grids) else ""
        for grid in block.grids[:channels]:
            grid.caption = f"{block.name}, {grid.caption}{of}"
            grids.append(grid if around is None else _cropped(grid, around))
    first = max(min(walk.patch - near // 2, count - near), 0)
    for grid in scene.rows.grids:
        grid.shown = range(first, min(first + near, count))
    named = [_named(grid, scene.rows.name) for grid in scene.rows.grids[:1]]
    rows = Matrices("", "", (), "", named)
    heading = f"step {walk.patch + 1} of {count}: {scene.where}"
    both = Matrices("", "", (), "", grids)
    return Page(heading, (both, rows, *(_bare(equation(each, terms)) for each in scene.sums)))


def _scene(walk: Walk, back: bool) -> Scene:
    """Return what there is to see of a walk with the patch that it has come to."""
    if isinstance(walk, Walkthrough):
        return _backward(walk) if back else _forward(walk)
    if isinstance(walk, Transposed):
        return _transposed_backward(walk) if back else _transposed(walk)
    assert isinstance(walk, Pooled)
    return _pooled_backward(walk) if back else _pooled(walk)


def _forward(walk: Walkthrough) -> Scene:
    return Scene(
        [convolution.padded(walk, "X"), convolution.output(walk, "Y", walk.Y, "")],
        convolution.unfolded(walk, "", walk.U, ""),
        walk.sums[:1],
        f"{walk.called} of X",
    )


def _backward(walk: Walkthrough) -> Scene:
    assert walk.gradients is not None
    assert walk.patch is not None
    grad_x = walk.folded_until(walk.patch)
    return Scene(
        [
            convolution.output(walk, "Y∇", walk.gradients.Y, ""),
            convolution.input_(walk, "X∇", grad_x, ""),
        ],
        convolution.unfolded(walk, "∇", walk.gradients.U, ""),
        [_gradient_row(walk)],
        f"{walk.called} back into X∇",
        walk.gradients.X,
    )


def _gradient_row(walk: Walkthrough) -> Sum:
    """Return how the first value of the patch's row in Ũ∇ comes about."""
    back, patch = walk.gradients, walk.patch
    assert back is not None
    assert patch is not None
    terms = tuple(
        Term((value, weight))
        for value, weight in zip(back.rows[0][patch], walk.W_matrix[0], strict=True)
    )
    return Sum("Ũ∇", (0, patch, 0), terms, back.U[0][patch][0], "")


def _transposed(walk: Transposed) -> Scene:
    assert walk.patch is not None
    row = walk.U[0][walk.patch]
    terms = tuple(
        Term((value, weights[0]), c)
        for c, (value, weights) in enumerate(
            zip(walk.rows[0][walk.patch], walk.W_matrix, strict=True)
        )
    )
    return Scene(
        [
            transposed.input_(walk, "X", walk.X, ""),
            transposed.output(walk, "Y", walk.folded_until(walk.patch), ""),
        ],
        transposed.unfolded(walk, "Ũ", walk.U, ""),
        [Sum("Ũ", (0, walk.patch, 0), terms, row[0], "")],
        f"{walk.called} into Y",
        walk.Y,
    )


def _transposed_backward(walk: Transposed) -> Scene:
    assert walk.gradients is not None
    assert walk.patch is not None
    return Scene(
        [
            transposed.output(walk, "Y∇", walk.gradients.Y, ""),
            transposed.input_(walk, "X∇", walk.gradients.X, ""),
        ],
        transposed.unfolded(walk, "Ũ∇", walk.gradients.U, ""),
        [walk.input_sum(walk.patch)],
        f"{walk.called}: X∇ there, read from Y∇",
    )


def _pooled(walk: Pooled) -> Scene:
    return Scene(
        [pooling.input_(walk, "X", walk.X, ""), pooling.output(walk, "Y", walk.Y, "")],
        pooling.windows(walk, "windows", walk.unfolded(walk.X), ""),
        walk.sums[:1],
        f"{walk.called} of X",
    )


def _pooled_backward(walk: Pooled) -> Scene:
    assert walk.gradients is not None
    assert walk.patch is not None
    return Scene(
        [
            pooling.output(walk, "Y∇", walk.gradients.Y, ""),
            pooling.input_(walk, "X∇", walk.folded_until(walk.patch), ""),
        ],
        pooling.windows(walk, "windows∇", walk.shares(), ""),
        [],
        f"{walk.called} back into X∇",
        walk.gradients.X,
    )


def _bare(equation: Equation) -> Equation:
    equation.how = ""
    return equation


def _named(grid: Grid, name: str) -> Grid:
    grid.caption = f"{name}, {grid.caption}" if grid.caption else name
    return grid


def _cropped(grid: Grid, around: int) -> Grid:
    """Return the rows and columns of a grid around the marked ones, as large wherever they are."""
    height, width = len(grid.rows), len(grid.rows[0])
    rows = _near([row for row, _ in grid.marked], around, height)
    columns = _near([column for _, column in grid.marked], around, width)
    if len(rows) == height and len(columns) == width:
        return grid

    def moved(places: Places) -> Places:
        return frozenset((i - rows.start, j - columns.start) for i, j in places)

    every = [value for each in (grid.rows, grid.in_the_end) for row in each for value in row]
    cropped = Grid(
        f"{grid.caption}, from ({rows.start}, {columns.start})",
        [row[columns.start : columns.stop] for row in grid.rows[rows.start : rows.stop]],
        column_channels=grid.column_channels[columns.start : columns.stop],
        marked=moved(grid.marked),
        faint=moved(grid.faint),
        blank=moved(grid.blank),
    )
    cropped.in_the_end = [[max(every, key=lambda each: len(text.entry(each)))] * len(columns)]
    return cropped


def _near(marked: Sequence[int], around: int, count: int) -> range:
    """Return the indices around the marked ones, of which there are as many wherever they are."""
    if not marked:
        return range(min(count, 1 + 2 * around))
    size = min(count, max(marked) - min(marked) + 1 + 2 * around)
    first = max(0, min(min(marked) - around, count - size))
    return range(first, first + size)


def _as_wide_as(grids: Sequence[Grid], final: Tensor4) -> None:
    """Keep grids as wide as they will be in the end."""
    channels = [rows for sample in final for rows in sample]
    for grid, rows in zip(grids, channels, strict=False):
        grid.in_the_end = rows
