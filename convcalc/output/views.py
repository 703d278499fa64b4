"""How each result is laid out as a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from convcalc.formulas import AXES, BYTES, Matrix, Tensor3, Tensor4, nested_shape
from convcalc.layers.windows import Convolution
from convcalc.output.page import Cell, Facts, Grid, Matrices, Memory, Page, Table, cell_text

if TYPE_CHECKING:  # so that a command loads its own answer's module alone
    from convcalc.checking.check import CheckAnswer
    from convcalc.layers.pooling import Pooling
    from convcalc.network.follow import NetworkAnswer
    from convcalc.single.demo import Walkthrough
    from convcalc.single.params import ParamsAnswer
    from convcalc.single.shape import ShapeAnswer
    from convcalc.single.solve import SolveAnswer

VALUE_LETTERS = ("c", "u", "v")
KERNEL_LETTERS = {1: ("l_k",), 2: ("h_k", "w_k"), 3: ("d_k", "h_k", "w_k")}


def shape_page(answer: ShapeAnswer) -> Page:
    """Lay out what comes out of a layer and how it unfolds."""
    layer = answer.layer
    axes = AXES[layer.ndim]
    batch = (answer.batch,) if answer.batch > 1 else ()
    letters = " × ".join((*("batch",) * len(batch), "channels", *axes))
    rows: list[tuple[str, Cell, str]] = [("input", (*batch, *answer.input), letters)]
    if answer.padded != answer.input:
        rows.append(("padded input", (*batch, *answer.padded), _around(layer)))
    for axis, size, formula in zip(axes, answer.output[1:], answer.formulas):
        rows.append((f"output {axis}", size, formula))
    rows.append(("output", (*batch, *answer.output), letters))
    if answer.unfolded is not None:
        per_patch = _product((answer.input[0], *layer.kernel_size))
        if layer.groups > 1:
            share = answer.unfolded[1] // layer.groups
            per_patch += f"; each of the {layer.groups:,} groups uses {share:,}"
        numbers = _product((*batch, *answer.unfolded))
        rows += [
            ("patches p", answer.patches, _product(answer.output[1:])),
            ("values per patch k", answer.values_per_patch, per_patch),
            ("unfolded Ũ", (*batch, *answer.unfolded), "p × k, one patch per row"),
            (
                "memory of Ũ",
                Memory(answer.unfolded_bytes),
                f"{numbers} · {_bytes_each(answer.dtype)}",
            ),
            ("Ũ / input", answer.unfolded_ratio, "times as many numbers"),
        ]
    heading = f"{layer.name}: {cell_text(answer.input)} → {cell_text(answer.output)}"
    return Page(heading, (Facts(tuple(rows)),), answer.code, answer.notes)


def params_page(answer: ParamsAnswer) -> Page:
    """Lay out the weights of a layer and the work that it does."""
    layer = answer.layer
    rows: list[tuple[str, Cell, str]] = []
    if isinstance(layer, Convolution) and answer.weight_shape is not None:
        rows += [
            ("weight tensor W", answer.weight_shape, _weight_letters(layer)),
            ("weights", answer.weights, _product(answer.weight_shape)),
            ("bias", answer.bias, "one per output channel" if layer.bias else "none"),
        ]
    else:
        rows.append(("weights", 0, "pooling has nothing to learn"))
    rows += [
        ("parameters", answer.total, f"{answer.weights:,} + {answer.bias:,}"),
        (
            "memory",
            Memory(answer.bytes),
            f"{answer.total:,} · {_bytes_each(answer.dtype)}",
        ),
    ]
    if answer.macs is not None and answer.weights:
        where = "input" if layer.transposed else "output"
        how = f"{answer.weights:,} · {_product(answer.positions)}: weights × {where} positions"
        rows += [
            ("MACs per sample", answer.macs, how),
            ("FLOPs per sample", answer.flops, f"2 · {answer.macs:,}"),
        ]
        if answer.batch > 1:
            how = f"{answer.batch:,} · {answer.macs:,}"
            rows.append(("MACs per batch", answer.batch * answer.macs, how))
    heading = f"{layer.name}: {answer.total:,} parameters"
    return Page(heading, (Facts(tuple(rows)),), answer.code, answer.notes)


def _product(factors: Sequence[int | None]) -> str:
    return " · ".join(f"{each:,}" for each in factors if each is not None)


def _bytes_each(dtype: str) -> str:
    size = BYTES[dtype]
    return f"{size} byte{'s' if size > 1 else ''} ({dtype})"


def _around(layer: Convolution | Pooling) -> str:
    """Return the padding in words."""
    if layer.uneven:
        return " × ".join(f"{before}:{after}" for before, after in layer.padding) + " before:after"
    amounts = [before for before, _ in layer.padding]
    if len(set(amounts)) == 1:
        return f"{amounts[0]:,} on every side"
    return " × ".join(f"{each:,}" for each in amounts) + " on both sides"


def _weight_letters(layer: Convolution) -> str:
    """Return what the sizes of the weight tensor are, in the assignment's letters."""
    first, second = ("c", "c_out") if layer.transposed else ("c_out", "c")
    shared = f"{second}/{layer.groups}" if layer.groups > 1 else second
    return " × ".join((first, shared, *KERNEL_LETTERS[layer.ndim]))


def network_page(answer: NetworkAnswer) -> Page:
    """Lay out a row per layer, and the totals."""
    name = answer.name or "Network"
    params = f"{answer.total_params:,} parameters, {cell_text(Memory(answer.bytes))} in float32"
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    total: tuple[Cell, ...]
    if answer.input is None:
        heading = f"{name}: {params}"
        columns = ("name", "layer", "parameters")
        rows = [(row.name, row.layer, row.params) for row in answer.rows]
        total = ("total", "", answer.total_params)
    else:
        heading = f"{name}: {cell_text(answer.input)} → {cell_text(answer.output)}; {params}"
        columns = (
            "name",
            "layer",
            "output",
            "parameters",
            "MACs",
            "receptive field",
            "effective stride",
        )
        rows = [
            (
                row.name,
                row.layer,
                row.output,
                row.params,
                row.macs,
                _shared(row.receptive_field),
                _shared(row.effective_stride),
            )
            for row in answer.rows
        ]
        output = answer.output
        total = ("total", "", output, answer.total_params, answer.total_macs, "", "")
    table = Table(columns, (*rows, total), total=True)
    return Page(heading, (table,), notes=answer.notes)


def solve_page(answer: SolveAnswer) -> Page:
    """Lay out the layers that do it, best first."""
    question = answer.question
    shapes = f"{cell_text(question.input_shape)} → {cell_text(question.output_shape)}"
    columns = ["kernel", "stride", "padding", "dilation", "dropped", "parameters", "PyTorch"]
    if question.transposed:
        columns[4] = "output padding"
    rows = []
    for each in answer.solutions:
        layer = each.layer
        rows.append(
            (
                _shared(layer.kernel_size),
                _shared(layer.stride),
                _shared(tuple(before for before, _ in layer.padding)),
                _shared(layer.dilation),
                _shared(layer.output_padding if question.transposed else each.dropped),
                layer.params,
                layer.code(),
            )
        )
    table = Table(tuple(columns), tuple(rows))
    heading = f"{shapes}: {len(rows):,} of {answer.total:,} layers that do it"
    return Page(heading, (table,), notes=answer.notes)


def check_page(answer: CheckAnswer) -> Page:
    """Lay out how an implementation did, kind by kind, and its first failure in full."""
    total = len(answer.outcomes)
    verdict = (
        f"{answer.failed} of {total} cases fail" if answer.failed else f"all {total} cases pass"
    )
    kinds: dict[str, list[bool]] = {}
    for outcome in answer.outcomes:
        kinds.setdefault(outcome.case.kind, []).append(outcome.ok)
    rows = [(kind, sum(ok), len(ok) - sum(ok)) for kind, ok in kinds.items()]
    totals = ("all", answer.passed, answer.failed)
    blocks: list[Table | Facts] = [
        Table(("kind of case", "passed", "failed"), (*rows, totals), total=True)
    ]
    notes = list(answer.notes)
    if answer.narrowed:
        *names, last = answer.narrowed
        listed = f"{', '.join(names)} or {last}" if names else last
        notes.append(f"The function takes no {listed}, so that no case has it.")
    if answer.failure is not None:
        blocks.append(
            Facts(
                (
                    ("first failure", answer.failure.call, ""),
                    ("expected", answer.failure.expected, ""),
                    ("returned", answer.failure.actual, ""),
                    ("difference", answer.failure.reason, ""),
                )
            )
        )
    if answer.likely:
        notes.append(f"Likely: {answer.likely}.")
    return Page(
        f"{answer.target} as {answer.operation}: {verdict}", tuple(blocks), None, tuple(notes)
    )


def _shared(sizes: tuple[int, ...] | None) -> Cell:
    """Return one number where all axes have the same."""
    return sizes[0] if sizes is not None and len(set(sizes)) == 1 else sizes


def demo_page(walk: Walkthrough) -> Page:
    """Lay out a walk-through from X to Y, and back where that was asked for."""
    layer = walk.layer
    window = walk.window
    (top, _), (left, _) = layer.padding
    unpadded = frozenset((i - top, j - left) for i, j in window)
    cell = frozenset() if walk.patch is None else frozenset([walk.positions[walk.patch]])
    x, y = "(b, c, h, w)", "(b, c_out, h_out, w_out)"
    blocks = [_maps("X", x, walk.X, "the input", "channel", unpadded)]
    if walk.padded != walk.X:
        how = f"zeros around: {_around(layer)}"
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
    shapes = f"{cell_text(nested_shape(walk.X))} → {cell_text(nested_shape(walk.Y))}"
    heading = f"{layer.name} by unfolding: {shapes}"
    if walk.patch is not None:
        i, j = walk.positions[walk.patch]
        heading += f", patch {walk.patch} = window ({i}, {j})"
    return Page(heading, tuple(blocks), layer.code(), walk.notes)


def demo_frame(walk: Walkthrough) -> Page:
    """Lay out one step of the animation: a patch in X, its row in Ũ and its cells in Y.

    Of Ũ only the rows around the patch are shown, so that a step fits a terminal.
    """
    assert walk.patch is not None
    i, j = walk.positions[walk.patch]
    x = _maps("X", "", walk.padded, "", "X, channel", walk.window)
    y = _maps("Y", "", walk.Y, "", "Y, c_out", frozenset([(i, j)]))
    both = Matrices("", "", (), "", x.grids + y.grids)
    first = max(min(walk.patch - 1, len(walk.U[0]) - 3), 0)
    rows = slice(first, first + 3)
    unfolded = _unfolded(walk, "Ũ", walk.U, "each window of X as a row")
    near = tuple(
        grid._replace(
            rows=grid.rows[rows],
            row_labels=grid.row_labels[rows],
            marked=frozenset((row - rows.start, column) for row, column in grid.marked),
        )
        for grid in unfolded.grids
    )
    heading = f"patch {walk.patch} of {len(walk.U[0])} = window ({i}, {j}) of X"
    return Page(heading, (both, unfolded._replace(grids=near)))


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
