"""Tensors as matrices: a map per channel, a kernel per channel, a row per patch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convcalc import text
from convcalc.formulas import Matrix, Tensor3, Tensor4, nested_shape, transpose
from convcalc.output.page import Grid, Matrices
from convcalc.single.demo.walk import Walk

Places = frozenset[tuple[int, int]]


def axes_in(walk: Walk, letters: str) -> str:
    """Return the letters of a tensor's axes; in 1-D there is one, of lengths."""
    if walk.ndim == 2:
        return letters
    for of in ("", "_out", "_k"):
        letters = letters.replace(f"h{of}, w{of}", f"l{of}")
    return letters


def shape_in(walk: Walk, tensor: Tensor4) -> tuple[int, ...]:
    """Return the shape of a tensor of four axes, in 1-D without its height."""
    shape = nested_shape(tensor)
    return shape if walk.ndim == 2 else (*shape[:2], *shape[3:])


def listed(values: Sequence[float]) -> str:
    """Return numbers in brackets: (1, 2)."""
    return f"({', '.join(map(text.entry, values))})"


def maps(
    walk: Walk,
    name: str,
    tensor: Tensor4,
    how: str,
    unit: str = "channel",
    marked: Places = frozenset(),
    faint: Places = frozenset(),
    out: str = "",
) -> Matrices:
    """Lay out a tensor (b, channels, rows, columns) as one grid per sample and channel.

    The `unit` of the output's maps is c_out, and `out` belongs to the letters of its sizes.
    """
    channels_called = "c" if unit == "channel" else unit
    letters = f"(b, {channels_called}, h{out}, w{out})"
    grids = []
    for n, sample in enumerate(tensor):
        for c, rows in enumerate(sample):
            caption = f"{unit} {c}" if len(tensor) == 1 else f"sample {n}, {unit} {c}"
            of = (c,) * len(rows[0])
            grids.append(Grid(caption, rows, column_channels=of, marked=marked, faint=faint))
    return Matrices(name, axes_in(walk, letters), shape_in(walk, tensor), how, tuple(grids))


def cell(walk: Walk) -> Places:
    """Return the place that the pointed-out window belongs to."""
    return frozenset() if walk.patch is None else frozenset([walk.positions[walk.patch]])


def patch_rows(
    walk: Walk,
    tensor: Tensor3,
    letters: tuple[str, ...],
    labels: tuple[tuple[int, ...], ...],
    channels: tuple[int, ...] = (),
    faint: Places = frozenset(),
) -> tuple[Grid, ...]:
    """Lay out a tensor (b, p, values) as a grid per sample: a row per patch (i, j)."""
    marked = (
        frozenset()
        if walk.patch is None
        else frozenset((walk.patch, at) for at in range(len(labels)))
    )
    return tuple(
        Grid(
            caption="" if len(tensor) == 1 else f"sample {n}",
            rows=rows,
            row_labels=patch_labels(walk),
            column_letters=letters,
            column_labels=labels,
            column_channels=channels,
            marked=marked,
            faint=faint,
        )
        for n, rows in enumerate(tensor)
    )


def patch_labels(walk: Walk) -> tuple[str, ...]:
    """Return what the patches are called: 2 (1, 0)."""
    return tuple(f"{r} {walk.window_called(r)}" for r in range(len(walk.positions)))


def value_letters(walk: Walk, channel: str = "c") -> tuple[str, ...]:
    """Return what says where in a patch a value stands."""
    return (channel, "u", "v") if walk.ndim == 2 else (channel, "v")


def value_labels(walk: Walk, values: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, ...], ...]:
    """Return where in a patch its values stand, in 1-D without the row."""
    return tuple(values) if walk.ndim == 2 else tuple((c, v) for c, _, v in values)


def per_channel(walk: Walk, name: str, tensor: Tensor3, how: str, channel: str) -> Matrices:
    """Lay out Y′ (b, p, c_out) or X′ (b, p, c): a row per patch (i, j), a column per channel."""
    columns = tuple((each,) for each in range(len(tensor[0][0])))
    grids = patch_rows(walk, tensor, (channel,), columns)
    return Matrices(name, f"(b, p, {channel})", nested_shape(tensor), how, grids)


def kernels(
    walk: Walk, name: str, tensor: Tensor4, how: str, ends: tuple[str, str], groups: int
) -> Matrices:
    """Lay out W (c_out, c/groups, h_k, w_k) as one grid per kernel and channel.

    `ends` are the letters of its first two axes; a transposed convolution's are the other way.
    """
    first_letter, second_letter = ends
    grids = []
    for o, kernel in enumerate(tensor):
        first = o // (len(tensor) // groups) * len(kernel)  # of the kernel's group
        for c, rows in enumerate(kernel, first):
            place = f"[{o}, {c - first}]"
            caption = f"{name}{place}"
            if first:
                on = "on channel" if second_letter == "c" else "to c_out"
                caption += f" {on} {c}"
            grids.append(Grid(caption, rows, column_channels=(c,) * len(rows[0])))
    shared = f"{second_letter}/groups" if groups > 1 else second_letter
    letters = axes_in(walk, f"({first_letter}, {shared}, h_k, w_k)")
    return Matrices(name, letters, shape_in(walk, tensor), how, tuple(grids))


def weight_matrix(
    walk: Walk,
    name: str,
    matrix: Matrix,
    how: str,
    values: Sequence[tuple[int, int, int]],
    groups: int,
    across: bool = False,
) -> Matrices:
    """Lay out W̃ (k, c_out): a row per value (c, u, v), a column per kernel.

    With groups, what belongs to the channels of other groups is faint. `across` is that of a
    transposed convolution (c, k): a row per kernel, a column per value.
    """
    upright = transpose(matrix) if across else matrix
    count = len(upright[0])
    share, k_group = count // groups, len(upright) // groups
    others = frozenset(
        (q, o) for q in range(len(upright)) for o in range(count) if q // k_group != o // share
    )
    channels = tuple(c for c, _, _ in values)
    labels = value_labels(walk, values)
    if across:
        grid = Grid(
            caption="",
            rows=matrix,
            row_labels=tuple(f"c {c}" for c in range(count)),
            column_letters=value_letters(walk, "c_out"),
            column_labels=labels,
            column_channels=channels,
            faint=frozenset((o, q) for q, o in others),
        )
        return Matrices(name, "(c, k)", nested_shape(matrix), how, (grid,))
    grid = Grid(
        caption="",
        rows=matrix,
        row_labels=tuple(f"({', '.join(map(str, label))})" for label in labels),
        column_letters=("c_out",),
        column_labels=tuple((o,) for o in range(count)),
        row_channels=channels,
        faint=others,
    )
    return Matrices(name, "(k, c_out)", nested_shape(matrix), how, (grid,))


def counted(walk: Walk) -> Any:
    """Return how many patches meet in each place of a map, in 1-D without height."""
    return walk.overlaps if walk.ndim == 2 else walk.overlaps[0]


def counts(walk: Walk, letters: str, how: str) -> Matrices:
    """Lay out how many patches meet in each place of a map."""
    shape = nested_shape(counted(walk))
    return Matrices("overlaps", letters, shape, how, (Grid("", walk.overlaps),))
