"""What `demo` shows: a small convolution by unfolding, tensor by tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from convcalc import text
from convcalc.formulas import Matrix, Tensor3, Tensor4, nested_shape, transpose
from convcalc.output.page import Beside, Block, Equation, Grid, Matrices, Page
from convcalc.single.demo import LARGEST, Sum, Term, Walkthrough

VALUE_LETTERS = ("c", "u", "v")
Places = frozenset[tuple[int, int]]

MOST_SUMS = 4
"""How many sums of one patch are written out: one per sample and output channel."""

MOST_TERMS = 64
"""How many terms of a sum are written out; of more, those in its middle are left out."""


def as_page(walk: Walkthrough) -> Page:
    """Lay out a walk-through from X to Y, and back where that was asked for."""
    blocks: list[Block] = [Beside(forward(walk))]
    blocks += _equations(walk.sums)
    if walk.gradients is not None:
        blocks.append(Beside(backward(walk)))
        if walk.gradient_sum is not None:
            blocks.append(equation(walk.gradient_sum))
    return Page(heading(walk), tuple(blocks), walk.code, walk.notes)


def heading(walk: Walkthrough) -> str:
    """Return what a walk-through is of."""
    shapes = f"{text.shape(nested_shape(walk.X))} → {text.shape(nested_shape(walk.Y))}"
    heading = f"{walk.layer.name} by unfolding: {shapes}"
    if walk.patch is not None:
        i, j = walk.positions[walk.patch]
        heading += f", patch {walk.patch} = window ({i}, {j})"
    return heading


def forward(walk: Walkthrough) -> list[Matrices]:
    """Lay out every tensor from X to Y."""
    tensors = [_input(walk, "X", walk.X, "the input")]
    if walk.padded != walk.X:
        tensors.append(_padded(walk))
    plus = "" if walk.bias is None else f", plus the bias {_listed(walk.bias)}"
    product = "Y′ = ŨW̃" if walk.layout == "bpk" else "Y′ = UᵀW̃"
    return [
        *tensors,
        _unfolded(walk, "", walk.U, "each window of X as a"),
        _kernels(walk, "W", walk.W, "one kernel per output channel"),
        _weight_matrix(walk, "W̃", walk.W_matrix, "each kernel as a column"),
        _per_patch(walk, "Y′", walk.Y_matrix, product),
        _output(walk, "Y", walk.Y, f"each column of Y′ as a map{plus}"),
    ]


def backward(walk: Walkthrough) -> list[Matrices]:
    """Lay out every tensor from Y∇ to X∇."""
    back = walk.gradients
    assert back is not None
    bpk = walk.layout == "bpk"
    overlap = f"fold({'Ũ∇' if bpk else 'U∇'}): each row back into its window, overlaps summed"
    if not bpk:
        overlap = overlap.replace("row", "column")
    summed = "" if back.bias is None else f"; bias∇ = {_listed(back.bias)}, its columns summed"
    to_kernels = "W̃∇ = Σ_b Ũᵀ Y′∇" if bpk else "W̃∇ = Σ_b U Y′∇"
    return [
        _output(walk, "Y∇", back.Y, "the gradient that arrives"),
        _per_patch(walk, "Y′∇", back.Y_matrix, f"each map of Y∇ as a column{summed}"),
        _weight_matrix(walk, "W̃∇", back.W_matrix, to_kernels),
        _kernels(walk, "W∇", back.W, "each column of W̃∇ as a kernel"),
        _unfolded(walk, "∇", back.U, "Ũ∇ = Y′∇ W̃ᵀ" if bpk else "U∇ = W̃ Y′∇ᵀ"),
        _input(walk, "X∇", back.X, f"X∇ = {overlap}"),
    ]


def as_json(walk: Walkthrough) -> dict[str, Any]:
    """Return every tensor of a walk-through, of the backward pass too where it was asked for."""

    def laid_out(unfolded: Tensor3) -> Tensor3:
        return unfolded if walk.layout == "bpk" else [transpose(rows) for rows in unfolded]

    keys: dict[str, Any] = {
        "X": walk.X,
        "U": laid_out(walk.U),
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
            "grad_U": laid_out(walk.gradients.U),
            "grad_X": walk.gradients.X,
        }
        if walk.gradients.bias is not None:
            keys["grad_bias"] = walk.gradients.bias
    return keys


def equation(written_out: Sum, most: int = MOST_TERMS) -> Equation:
    """Return a sum as it is written out: Y[0, 0, 1, 2] = 2·1 + 3·2 + … = 3370."""
    terms = [("·".join(map(_factor, each.factors)), each.channel) for each in written_out.terms]
    more = len(terms) - most
    how = written_out.how
    if more > 0:
        half = most // 2
        terms = [*terms[:half], ("…", None), *terms[-half:]]
        how += f"; {text.counted(more, 'term')} in the middle left out"
    place = ", ".join(map(str, written_out.place))
    return Equation(f"{written_out.tensor}[{place}]", terms, text.entry(written_out.total), how)


def _factor(value: float) -> str:
    return text.entry(value) if value >= 0 else f"({text.entry(value)})"


def _equations(sums: Sequence[Sum]) -> list[Equation]:
    """Return the sums of one patch; where there are many, the first, which say how many more."""
    written = [equation(each) for each in sums[:MOST_SUMS]]
    for each in written[:-1]:
        each.how = ""  # it is the same for all
    if len(sums) > MOST_SUMS:
        more = text.counted(len(sums) - MOST_SUMS, "more cell")
        written[-1].how += f"; {more} of this patch in the same way"
    return written


Step = tuple[Walkthrough, bool]
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


def animation(walk: Walkthrough) -> tuple[list[Step], list[Callable[[Step], Page]]]:
    """Return the steps from the patch that is pointed out, or the first, and how to show one.

    Where the walk goes on through the gradients, the steps do too.
    """
    patches = range(walk.patch or 0, len(walk.U[0]))
    ways = (False,) if walk.gradients is None else (False, True)
    steps = [(walk.pointing_at(patch), back) for back in ways for patch in patches]
    return steps, [partial(frame, much=much) for much in FITTING]


def frame(step: Step, much: Much) -> Page:
    """Lay out one step of the animation: a patch in X, its row in Ũ and its cells in Y.

    On the way back it is Y∇, Ũ∇ and X∇. Of Ũ and of X and Y only as `much` is shown.
    """
    near, around, channels, terms = much
    walk, back = step
    assert walk.patch is not None
    i, j = walk.positions[walk.patch]
    count = len(walk.U[0])
    if back:
        assert walk.gradients is not None
        grad_x = walk.folded_until(walk.patch)
        maps = [_output(walk, "Y∇", walk.gradients.Y, ""), _input(walk, "X∇", grad_x, "")]
        unfolded = _unfolded(walk, "∇", walk.gradients.U, "")
        sums = [_gradient_row(walk)]
        where = f"patch {walk.patch} = window ({i}, {j}) back into X∇"
    else:
        maps = [_padded(walk, "X"), _output(walk, "Y", walk.Y, "")]
        unfolded = _unfolded(walk, "", walk.U, "")
        sums = walk.sums[:1]
        where = f"patch {walk.patch} = window ({i}, {j}) of X"
    if back and walk.gradients is not None:
        _as_wide_as(maps[1].grids, walk.gradients.X)
    else:
        for grid in maps[1].grids:
            grid.blank = frozenset(walk.positions[walk.patch + 1 :])
    grids = []
    for block in maps:
        of = f" of {len(block.grids)}" if channels < len(block.grids) else ""
        for grid in block.grids[:channels]:
            grid.caption = f"{block.name}, {grid.caption}{of}"
            grids.append(grid if around is None else _cropped(grid, around))
    first = max(min(walk.patch - near // 2, count - near), 0)
    for grid in unfolded.grids:
        grid.shown = range(first, min(first + near, count))
    rows = Matrices("", "", (), "", [_named(grid, unfolded.name) for grid in unfolded.grids[:1]])
    heading = f"step {walk.patch + 1} of {count}: {where}"
    both = Matrices("", "", (), "", grids)
    return Page(heading, (both, rows, *(_bare(equation(each, terms)) for each in sums)))


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


def _gradient_row(walk: Walkthrough) -> Sum:
    """Return how the first value of the patch's row in Ũ∇ comes about."""
    back, patch = walk.gradients, walk.patch
    assert back is not None
    assert patch is not None
    terms = tuple(
        Term((value, weight))
        for value, weight in zip(back.Y_matrix[0][patch], walk.W_matrix[0], strict=True)
    )
    return Sum("Ũ∇", (0, patch, 0), terms, back.U[0][patch][0], "")


def _listed(values: Sequence[float]) -> str:
    return f"({', '.join(map(text.entry, values))})"


def _input(walk: Walkthrough, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out X or X∇, without its padding, the window pointed out."""
    (top, _), (left, _) = walk.layer.ends
    unpadded = frozenset((i - top, j - left) for i, j in walk.window)
    return _maps(name, "(b, c, h, w)", tensor, how, "channel", unpadded)


def _padded(walk: Walkthrough, name: str = "X padded") -> Matrices:
    """Lay out the padded X, its zeros faint."""
    places = product(range(len(walk.padded[0][0])), range(len(walk.padded[0][0][0])))
    faint = frozenset(place for place in places if walk.is_padding(*place))
    how = f"zeros around: {text.around(walk.layer.ends)}"
    return _maps(name, "(b, c, h, w)", walk.padded, how, "channel", walk.window, faint)


def _output(walk: Walkthrough, name: str, tensor: Tensor4, how: str) -> Matrices:
    """Lay out Y or Y∇, the patch's cell pointed out."""
    cell = frozenset() if walk.patch is None else frozenset([walk.positions[walk.patch]])
    return _maps(name, "(b, c_out, h_out, w_out)", tensor, how, "c_out", cell)


def _maps(
    name: str,
    letters: str,
    tensor: Tensor4,
    how: str,
    unit: str,
    marked: Places,
    faint: Places = frozenset(),
) -> Matrices:
    """Lay out a tensor (b, channels, rows, columns) as one grid per sample and channel."""
    grids = []
    for n, sample in enumerate(tensor):
        for c, rows in enumerate(sample):
            caption = f"{unit} {c}" if len(tensor) == 1 else f"sample {n}, {unit} {c}"
            channels = (c,) * len(rows[0])
            grids.append(Grid(caption, rows, column_channels=channels, marked=marked, faint=faint))
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
            grids.append(Grid(caption, rows, column_channels=channels))
    letters = "(c_out, c/groups, h_k, w_k)" if walk.layer.groups > 1 else "(c_out, c, h_k, w_k)"
    return Matrices(name, letters, nested_shape(tensor), how, tuple(grids))


def _unfolded(walk: Walkthrough, suffix: str, tensor: Tensor3, how: str) -> Matrices:
    """Lay out Ũ (b, p, k), a row per patch (i, j) and a column per value (c, u, v), or U."""
    bpk = walk.layout == "bpk"
    if not suffix:
        how += " row, channels outermost" if bpk else " column, as torch.nn.functional.unfold does"
    values = tuple(walk.values)
    channels = tuple(c for c, _, _ in values)
    h_k, w_k = walk.layer.kernel_size
    in_window = range(h_k * w_k)
    faint = frozenset(
        (r, c * h_k * w_k + at)
        for r in range(len(tensor[0]))
        for at, place in zip(in_window, walk.read_by(r), strict=True)
        if walk.is_padding(*place)
        for c in range(len(walk.X[0]))
    )
    if bpk:
        grids = _patch_rows(walk, tensor, VALUE_LETTERS, values, channels, faint)
        return Matrices(f"Ũ{suffix}", "(b, p, k)", nested_shape(tensor), how, grids)
    column = () if walk.patch is None else product(range(len(values)), [walk.patch])
    marked = frozenset(column)
    columns = [transpose(rows) for rows in tensor]
    grids = tuple(
        Grid(
            caption="" if len(tensor) == 1 else f"sample {n}",
            rows=rows,
            row_labels=_value_labels(walk),
            column_letters=("patch", "i", "j"),
            column_labels=tuple((r, i, j) for r, (i, j) in enumerate(walk.positions)),
            row_channels=channels,
            marked=marked,
            faint=frozenset((column, row) for row, column in faint),
        )
        for n, rows in enumerate(columns)
    )
    return Matrices(f"U{suffix}", "(b, k, p)", nested_shape(columns), how, grids)


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
    faint: Places = frozenset(),
) -> tuple[Grid, ...]:
    row = () if walk.patch is None else product([walk.patch], range(len(labels)))
    marked = frozenset(row)
    patches = tuple(f"{r} ({i}, {j})" for r, (i, j) in enumerate(walk.positions))
    return tuple(
        Grid(
            caption="" if len(tensor) == 1 else f"sample {n}",
            rows=rows,
            row_labels=patches,
            column_letters=letters,
            column_labels=labels,
            column_channels=channels,
            marked=marked,
            faint=faint,
        )
        for n, rows in enumerate(tensor)
    )


def _value_labels(walk: Walkthrough) -> tuple[str, ...]:
    return tuple(f"({c}, {u}, {v})" for c, u, v in walk.values)


def _weight_matrix(walk: Walkthrough, name: str, matrix: Matrix, how: str) -> Matrices:
    """Lay out W̃ (k, c_out): a row per value (c, u, v), a column per kernel.

    With groups, what belongs to the channels of other groups is faint.
    """
    groups = walk.layer.groups
    share, k_group = len(walk.W) // groups, len(matrix) // groups
    others = frozenset(
        (q, o)
        for q, o in product(range(len(matrix)), range(len(walk.W)))
        if q // k_group != o // share
    )
    grid = Grid(
        caption="",
        rows=matrix,
        row_labels=_value_labels(walk),
        column_letters=("c_out",),
        column_labels=tuple((o,) for o in range(len(matrix[0]))),
        row_channels=tuple(c for c, _, _ in walk.values),
        faint=others,
    )
    return Matrices(name, "(k, c_out)", nested_shape(matrix), how, (grid,))
