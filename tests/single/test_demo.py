"""The walk-through: what is pointed out, and one step of the animation."""

import pytest

from convcalc.formulas import ConvcalcError, conv2d, conv2d_backward, to_rows, unfold
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


@pytest.mark.parametrize(
    ("question", "settings", "message"),
    [
        (LayerQuestion((3, 9), (3,)), {}, "input_shape 3x9 has 1 spatial axis: demo walks"),
        (LayerQuestion((3,), (3,)), {}, "input_shape 3 has 0 spatial axes: demo walks"),
        (PADDED, {"patch": 25}, "patch 25: the patches here are 0 to 24"),
        (
            LayerQuestion((3, 32, 32), (3,)),
            {},
            "input_shape 3x32x32 is too large to print: Ũ would be 1 × 900 × 27 = 24,300 numbers, "
            "the limit is 4,096",
        ),
        (
            LayerQuestion((1, 64, 64), (1,), padding=((1, 1),)),
            {},
            "input_shape 1x64x64 is too large to print: X would be 1 × 1 × 66 × 66 = 4,356",
        ),
        (
            LayerQuestion((64, 3, 3), (3,), 64, stride=(3,)),
            {},
            "input_shape 64x3x3 is too large to print: W̃ would be 576 × 64 = 36,864 numbers",
        ),
        (
            LayerQuestion((1, 9, 9), (1,), 64),
            {},
            "input_shape 1x9x9 is too large to print: Y′ would be 1 × 81 × 64 = 5,184 numbers",
        ),
    ],
)
def test_what_is_no_walk(question, settings, message):
    with pytest.raises(ConvcalcError) as caught:
        walk(question, **settings)
    assert str(caught.value).startswith(message)


def test_as_many_numbers_as_a_person_reads():
    assert len(walk(LayerQuestion((1, 64, 64), (1,))).U[0]) == 4096


def test_what_is_not_asked_is_left_out():
    tensors = walk(LayerQuestion((4, 3, 3), (2,), groups=2))
    assert (len(tensors.W), tensors.bias, tensors.gradients, tensors.patch) == (2, None, None, None)
    assert tensors.window == frozenset()
    assert tensors.X[0][0][0] == [1, 2, 3]
    assert tensors.code == "nn.Conv2d(4, 2, kernel_size=2, groups=2, bias=False)"
    assert tensors.notes == ()
    biased = walk(LayerQuestion((1, 3, 3), (2,), 2, bias=True, batch=2), backward=True)
    assert biased.bias == [1, 2]
    assert len(biased.X) == 2
    assert biased.gradients.bias == [
        sum(row[o] for s in to_rows(biased.gradients.Y) for row in s) for o in range(2)
    ]
    assert walk(LayerQuestion((1, 3, 3), (2,)), backward=True).gradients.bias is None
    first = walk(PADDED, seed=1)
    assert {value for row in first.X[0][0] for value in row} <= set(range(-5, 6))


def test_the_walk_patch_by_patch():
    assert [each.patch for each in walk(PADDED).patch_by_patch()] == list(range(25))
    assert [each.patch for each in walk(PADDED, patch=3).patch_by_patch()] == list(range(25))
    tensors = walk(PADDED, patch=7)
    assert (tensors.positions[7], tensors.values[5]) == ((1, 2), (0, 1, 2))


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
