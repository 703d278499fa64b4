"""The walk-through: what is pointed out, and one step of the animation."""

import re
from itertools import product
from math import prod

import pytest

from convcalc.formulas import ConvcalcError, conv2d, conv2d_backward, to_rows, unfold
from convcalc.output.demo.animation import animation
from convcalc.output.demo.convolution import as_json, as_page
from convcalc.output.demo.formulas import equation
from convcalc.output.page import Equation, Matrices, one_by_one
from convcalc.single.demo.convolution import walk
from convcalc.single.demo.numbers import with_own_numbers
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
        (
            LayerQuestion((1, 9, 9, 9), (3,)),
            {},
            "input_shape 1x9x9x9 has 3 spatial axes: demo walks through 1-D and 2-D layers",
        ),
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
    def steps(tensors):
        return [(each.patch, back) for each, back in animation(tensors)[0]]

    assert steps(walk(PADDED)) == [(patch, False) for patch in range(25)]
    there = [(patch, False) for patch in range(3, 25)]
    assert steps(walk(PADDED, patch=3)) == there
    assert steps(walk(PADDED, patch=3, backward=True)) == [*there, *((p, True) for p, _ in there)]
    tensors = walk(PADDED, patch=7)
    assert (tensors.positions[7], tensors.values[5]) == ((1, 2), (0, 1, 2))


def test_a_window_is_what_its_row_of_u_holds():
    for patch in range(25):
        tensors = walk(PADDED, patch=patch)
        padded = tensors.padded[0][0]
        assert sorted(padded[i][j] for i, j in tensors.window) == sorted(tensors.U[0][patch])


@pytest.mark.parametrize("patch", [0, 1, 12, 23, 24])
def test_a_step_shows_three_rows_with_the_patch_marked(patch):
    steps, layouts = animation(walk(PADDED, patch=patch))
    _, unfolded, _ = layouts[0](steps[0]).blocks
    (grid,) = unfolded.grids
    assert len(grid.shown) == 3
    (row,) = {row for row, _ in grid.marked}
    assert row == patch
    assert row in grid.shown
    assert grid.row_labels[row].startswith(f"{patch} (")


def test_the_patch_is_marked_wherever_it_appears():
    page = as_page(walk(PADDED, patch=7, backward=True))
    blocks = [block for block in one_by_one(page.blocks) if isinstance(block, Matrices)]
    marked = {block.name for block in blocks if any(grid.marked for grid in block.grids)}
    assert marked == {"X", "X padded", "Ũ", "Y′", "Y", "Y∇", "Y′∇", "Ũ∇", "X∇"}


def test_a_patch_is_named_by_its_window_too():
    assert walk(PADDED, patch=(1, 2)).patch == walk(PADDED, patch=7).patch == 7
    with pytest.raises(ConvcalcError, match=r"0,5: the windows here are \(0, 0\) to \(4, 4\)"):
        walk(PADDED, patch=(0, 5))


EVERYTHING = LayerQuestion(
    (4, 5, 6), (2, 3), 4, stride=(2, 1), padding=((1, 0), (0, 1)), dilation=(1, 2), groups=2,
    bias=True, batch=2,
)  # fmt: skip


def test_every_sum_comes_to_its_cell_of_y():
    whole = walk(EVERYTHING, seed=5)
    for patch in range(len(whole.U[0])):
        for each in whole.pointing_at(patch).sums:
            n, o, i, j = each.place
            assert (i, j) == whole.positions[patch]
            assert sum(prod(term.factors) for term in each.terms) == whole.Y[n][o][i][j]
            assert each.total == whole.Y[n][o][i][j]
            assert {term.channel for term in each.terms} == {*[[0, 1], [2, 3]][o // 2], None}


def test_every_sum_comes_to_its_cell_of_the_gradient():
    whole = walk(EVERYTHING, seed=5, backward=True)
    for patch in range(len(whole.U[0])):
        of_weight, *of_input = whole.pointing_at(patch).gradient_sums
        assert of_weight.place == (0, 0, 0, 0)
        assert sum(prod(term.factors) for term in of_weight.terms) == whole.gradients.W[0][0][0][0]
        for found in of_input:
            n, c, i, j = found.place
            assert sum(prod(term.factors) for term in found.terms) == whole.gradients.X[n][c][i][j]
            assert f"X[{n}, {c}, {i}, {j}]" in found.how
            assert f"{patch} {whole.positions[patch]}" in found.how
            assert (i + 1, j) in whole.pointing_at(patch).window


def test_the_kernel_is_flipped_in_the_gradients_sum():
    shown = walk(LayerQuestion((1, 3, 3), (2,)), patch=3, backward=True).gradient_sums[1]
    assert equation(shown).text == "X∇[0, 0, 1, 1] = 100·4 + 200·3 + 300·2 + 400·1 = 2000"
    own = walk(LayerQuestion((1, 3, 3), (2,)), patch=3, grad=[[9, 7], [3, 1]]).gradient_sums
    assert [equation(each).text for each in own] == [
        "W∇[0, 0, 0, 0] = 1·9 + 2·7 + 4·3 + 5·1 = 40",
        "X∇[0, 0, 1, 1] = 9·4 + 7·3 + 3·2 + 1·1 = 64",
    ]


def test_readers_are_the_patches_whose_window_a_place_is_in():
    whole = walk(EVERYTHING)
    for i, j in product(range(5), range(6)):
        readers = {r for r in range(len(whole.U[0])) if (i + 1, j) in whole.read_by(r)}
        assert {r for r, _, _ in whole.readers(i, j)} == readers


def test_the_last_step_back_is_the_whole_gradient():
    whole = walk(EVERYTHING, seed=5, backward=True)
    assert whole.folded_until(len(whole.U[0]) - 1) == whole.gradients.X
    assert whole.folded_until(0) != whole.gradients.X


def test_a_long_sum_is_shortened_and_says_so():
    tensors = walk(LayerQuestion((8, 3, 3), (3,)), patch=0)
    shown = equation(tensors.sums[0])
    assert len(shown.terms) == 65
    assert shown.terms[32] == ("…", None)
    assert "8 terms in the middle left out" in shown.how


def test_of_many_sums_the_first_are_written_out_and_the_others_counted():
    page = as_page(walk(LayerQuestion((1, 3, 3), (3,), 7), patch=0))
    shown = [block for block in page.blocks if isinstance(block, Equation)]
    assert len(shown) == 4
    assert "3 more cells of this patch in the same way" in shown[-1].how


def test_padding_is_faint_where_it_is_zero_and_nothing_else_is():
    tensors = walk(PADDED)
    blocks = one_by_one(as_page(tensors).blocks)
    for block in (each for each in blocks if isinstance(each, Matrices)):
        for grid in block.grids:
            zeros = {
                (i, j)
                for i, row in enumerate(grid.rows)
                for j, value in enumerate(row)
                if value == 0
            }
            assert grid.faint == zeros, block.name


def test_own_numbers_say_what_the_layer_is():
    question = with_own_numbers({}, [[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]])
    assert question.input_shape == (1, 2, 3)
    tensors = walk(question, x=[[1, 2, 3], [4, 5, 6]], w=[[1, 0], [0, -1]])
    assert tensors.Y == [[[[1 - 5, 2 - 6]]]]


@pytest.mark.parametrize(
    ("layer", "x", "w", "message"),
    [
        ({}, 5, None, "x is nested 0 deep: 2 to 4 are expected"),
        ({"input_shape": (3, 4)}, 5, None, "x is nested 0 deep: 1 to 3 are expected, [1, 2, 3]"),
        ({}, [[1, 2], [3]], None, "x is ragged"),
        ({"input_shape": (1, 3, 3)}, [[1, 2], [3, 4]], None, "1x3x3: X itself has 1x2x2"),
        ({}, [[1] * 65] * 64, None, "x holds 1 × 1 × 64 × 65 = 4,160 numbers, the limit is 4,096"),
        ({"kernel_size": (3,)}, [[1]], [[1, 2]], "kernel_size 3x3: W itself has 1x2"),
        ({"input_shape": (3, 4, 4)}, None, [[1]], "w has kernels of 1 channel, the input has 3"),
    ],
)
def test_own_numbers_that_do_not_fit_are_refused(layer, x, w, message):
    with pytest.raises(ConvcalcError, match=re.escape(message)):
        with_own_numbers(layer, x, w)


def test_u_is_the_transpose_of_the_unfolded():
    tensors = walk(EVERYTHING, backward=True, layout="bkp")
    unfolded = walk(EVERYTHING, backward=True)
    answer, other = as_json(tensors), as_json(unfolded)
    assert list(answer) == list(other)
    assert [list(zip(*rows, strict=True)) for rows in answer["U"]] == [
        [tuple(row) for row in rows] for rows in other["U"]
    ]
    assert answer["Y"] == other["Y"]
    blocks = one_by_one(as_page(tensors).blocks)
    names = [block.name for block in blocks if isinstance(block, Matrices)]
    assert "U" in names
    assert "Ũ" not in names
