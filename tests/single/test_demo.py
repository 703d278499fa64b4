"""The walk-through: what is pointed out, and one step of the animation."""

import pytest

from convcalc.formulas import conv2d, conv2d_backward, unfold
from convcalc.output.demo import as_page, frame
from convcalc.single.demo import walk
from convcalc.single.question import LayerQuestion

PADDED = LayerQuestion((1, 5, 5), (3,), padding=((1, 1),))


def test_every_tensor_is_the_references():
    question = LayerQuestion(
        (4, 5, 6), (2, 3), 4, stride=(2, 1), padding=((1, 0), (0, 1)), groups=2, bias=True, batch=2
    )
    settings = {"stride": (2, 1), "padding": ((1, 0), (0, 1)), "dilation": 1}
    tensors = walk(question, seed=4, backward=True)
    assert unfold(tensors.X, (2, 3), **settings) == tensors.U
    assert conv2d(tensors.X, tensors.W, tensors.bias, groups=2, **settings) == tensors.Y
    back = tensors.gradients
    assert (back.X, back.W, back.bias) == conv2d_backward(
        back.Y, tensors.X, tensors.W, groups=2, **settings
    )


def test_a_seed_draws_the_same_again_and_another_draws_others():
    first, again, other = (walk(PADDED, seed=seed) for seed in (1, 1, 2))
    assert (first.X, first.W, first.Y) == (again.X, again.W, again.Y)
    assert first.X != other.X
    assert first.W != other.W


def test_a_window_is_what_its_row_of_u_holds():
    for patch in range(25):
        tensors = walk(PADDED, patch=patch)
        padded = tensors.padded[0][0]
        assert sorted(padded[i][j] for i, j in tensors.window) == sorted(tensors.U[0][patch])


@pytest.mark.parametrize("patch", [0, 1, 12, 23, 24])
def test_a_step_shows_three_rows_with_the_patch_marked(patch):
    _, unfolded = frame(walk(PADDED, patch=patch)).blocks
    (grid,) = unfolded.grids
    assert len(grid.rows) == len(grid.row_labels) == 3
    (row,) = {row for row, _ in grid.marked}
    assert grid.row_labels[row].startswith(f"{patch} (")


def test_the_patch_is_marked_wherever_it_appears():
    page = as_page(walk(PADDED, patch=7, backward=True))
    marked = {block.name for block in page.blocks if any(grid.marked for grid in block.grids)}
    assert marked == {"X", "X padded", "Ũ", "Y′", "Y", "Y∇", "Y′∇", "Ũ∇", "X∇"}
