"""Transposed convolutions, poolings and 1-D layers, walked: both ways to a tensor agree."""

from itertools import product
from math import prod

import pytest

from convcalc.formulas import ConvcalcError, conv2d
from convcalc.output.demo.animation import animation
from convcalc.references import (
    avg_pool2d,
    avg_pool2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from convcalc.single.demo import convolution, pooling, transposed
from convcalc.single.demo.numbers import with_own_numbers
from convcalc.single.demo.walk import flat
from convcalc.single.question import LayerQuestion

TRANSPOSED = [
    LayerQuestion(
        (c, h, w), kernel, c_out, stride=stride, padding=padding, dilation=dilation, groups=groups,
        output_padding=added, transposed=True, bias=bias, batch=2,
    )
    for c, h, w, kernel, c_out, stride, padding, dilation, groups, added, bias in [
        (1, 2, 2, (2, 2), 1, (1, 1), ((0, 0), (0, 0)), (1, 1), 1, (0, 0), False),
        (2, 2, 3, (3, 2), 3, (2, 1), ((1, 1), (0, 0)), (1, 2), 1, (1, 1), True),
        (4, 3, 2, (2, 3), 2, (3, 2), ((1, 1), (2, 2)), (1, 1), 2, (2, 1), False),
        (2, 1, 1, (1, 1), 2, (3, 3), ((1, 1), (1, 1)), (1, 1), 1, (2, 2), True),
        (3, 2, 2, (2, 2), 3, (1, 2), ((1, 1), (2, 2)), (3, 3), 3, (2, 2), False),
    ]
]  # fmt: skip


@pytest.mark.parametrize("question", TRANSPOSED)
def test_a_transposed_convolution_is_a_fold_and_a_convolution_of_the_stretched(question):
    walk = transposed.walk(question, seed=3, backward=True)
    _, stride, ends, dilation = walk.layer.settings
    settings = (stride, ends, walk.layer.output_padding, walk.layer.groups, dilation)
    assert conv_transpose2d(walk.X, walk.W, walk.bias, *settings) == walk.Y
    slid = conv2d(walk.stretched, walk.flipped, walk.bias, dilation=dilation, groups=settings[3])
    assert slid == walk.Y
    folded = walk.folded_until(len(walk.positions) - 1)
    bias = walk.bias or [0] * len(walk.Y[0])
    for n, o in product(range(2), range(len(bias))):
        assert [[each + bias[o] for each in row] for row in folded[n][o]] == walk.Y[n][o]
    back = walk.gradients
    x, weight, summed = conv_transpose2d_backward(back.Y, walk.X, walk.W, *settings)
    assert (x, weight) == (back.X, back.W)
    assert back.bias in (None, summed)
    zeros = {(i, j) for i, j in walk.zeros}
    assert all(walk.stretched[0][0][i][j] == 0 for i, j in zeros)
    ones = conv_transpose2d(
        [[[[1] * len(row) for row in walk.X[0][0]]]],
        [[[[1] * len(row) for row in walk.W[0][0]]]],
        None,
        *settings[:3],
        1,
        dilation,
    )
    assert walk.overlaps == ones[0][0]


@pytest.mark.parametrize("question", TRANSPOSED)
def test_every_sum_of_a_transposed_convolution_comes_to_its_cell(question):
    walk = transposed.walk(question, seed=4, backward=True)
    for patch in range(len(walk.positions)):
        at = walk.pointing_at(patch)
        tensors = {"Y": walk.Y, "W∇": walk.gradients.W, "X∇": walk.gradients.X}
        for each in [*at.sums, *at.gradient_sums]:
            value = tensors[each.tensor]
            for index in each.place:
                value = value[index]
            assert each.total == value
            assert sum(prod(term.factors) for term in each.terms) == value


POOLED = [
    LayerQuestion((2, 5, 6), (2, 3), stride=(2, 1), padding=((1, 1), (0, 1)), pool="max", batch=2),
    LayerQuestion((1, 5, 5), (2,), stride=(1,), dilation=(2,), pool="max"),
    LayerQuestion((1, 7, 6), (3,), stride=(2,), padding=((1, 1),), pool="max", ceil_mode=True),
    LayerQuestion((2, 5, 6), (2, 3), stride=(2, 1), padding=((1, 1), (0, 1)), pool="avg", batch=2),
    LayerQuestion((1, 7, 6), (3,), stride=(2,), padding=((1, 1),), pool="avg", ceil_mode=True),
    LayerQuestion((2, 7), (3,), pool="avg", ceil_mode=True),
]


@pytest.mark.parametrize("question", POOLED)
def test_a_pooling_is_the_references_and_every_sum_its_cell(question):
    walk = pooling.walk(question, seed=2, backward=True)
    kernel, stride, ends, dilation = walk.layer.settings
    more = {"dilation": dilation, "ceil_mode": walk.layer.ceil_mode}
    forward, backward = (
        (max_pool2d, max_pool2d_backward) if walk.maxima else (avg_pool2d, avg_pool2d_backward)
    )
    assert forward(walk.X, kernel, stride, ends, **more) == walk.Y
    assert backward(walk.gradients.Y, walk.X, kernel, stride, ends, **more) == walk.gradients.X
    assert walk.folded_until(len(walk.windows) - 1) == walk.gradients.X
    for patch in range(len(walk.windows)):
        at = walk.pointing_at(patch)
        for each in at.sums:
            values = [term.factors[0] for term in each.terms]
            size = walk.windows[patch].size
            assert each.total == (max(values) if walk.maxima else sum(values) / size)
        for each in at.gradient_sums:
            total = sum(prod(term.factors) / term.divisor for term in each.terms)
            assert total == pytest.approx(each.total)


def test_ties_are_said_to_be_ties():
    question = with_own_numbers(
        {"pool": "max", "kernel_size": (2,), "input_shape": None}, [[3, 3], [1, 3]], None
    )
    walk = pooling.walk(question, x=[[3, 3], [1, 3]], patch=0, backward=True)
    assert walk.maxima == [[[[(0, 0)]]]]
    assert walk.sums[0].how == "the maximum is X[0, 0, 0, 0], the first of several that are equal"
    assert walk.gradients.X == [[[[100, 0], [0, 0]]]]


def test_what_ceil_mode_reads_beyond_the_padding_counts_for_nothing():
    walk = pooling.walk(LayerQuestion((1, 5), (2,), pool="avg", ceil_mode=True))
    assert [walk.beyond(each) for each in range(3)] == [[], [], [1]]
    assert walk.Y == [[[[1.5, 3.5, 5.0]]]]
    padded = pooling.walk(LayerQuestion((1, 4), (3,), padding=((1, 1),), pool="avg"))
    assert padded.beyond(0) == []
    assert pooling.walk(LayerQuestion((1, 4), (3,), padding=((1, 1),), pool="max")).beyond(0) == [0]


def test_what_is_1d_is_what_is_2d_of_height_1():
    settings = {"stride": (2,), "padding": ((1, 2),), "dilation": (2,), "bias": True, "batch": 2}
    line = convolution.walk(LayerQuestion((2, 9), (3,), 2, **settings), seed=1, backward=True)
    settings |= {"stride": (1, 2), "padding": ((0, 0), (1, 2)), "dilation": (1, 2)}
    plane = convolution.walk(LayerQuestion((2, 1, 9), (1, 3), 2, **settings), seed=1, backward=True)
    assert (line.X, line.Y, line.gradients) == (plane.X, plane.Y, plane.gradients)
    assert (line.name, plane.name) == ("Conv1d", "Conv2d")
    assert line.code.startswith("nn.Sequential(nn.ZeroPad1d((1, 2)), nn.Conv1d(2, 2, ")
    assert flat(line.X, 1) == [[rows[0] for rows in sample] for sample in plane.X]


def test_own_numbers_in_1d():
    question = with_own_numbers({"input_shape": None}, [1, 2, 3, 4], [1, 0, -1])
    assert (question.input_shape, question.kernel_size) == ((1, 4), (3,))
    walk = convolution.walk(question, x=[1, 2, 3, 4], w=[1, 0, -1], grad=[5, 7])
    assert walk.Y == [[[[-2, -2]]]]
    assert walk.gradients.X == [[[[5, 7, -5, -7]]]]


def test_own_numbers_of_a_transposed_convolution():
    x, w = [[1, 2], [3, 4]], [[[[1, 1]], [[2, 2]]]]
    question = with_own_numbers({"input_shape": None, "transposed": True}, x, w)
    assert (question.out_channels, question.kernel_size) == (2, (1, 2))
    assert transposed.walk(question, x=x, w=w).Y[0][1] == [[2, 6, 4], [6, 14, 8]]


def test_fold_of_unfold_is_x_times_the_overlaps():
    question = LayerQuestion((2, 4, 5), (2, 3), stride=(1, 2), padding=((1, 0), (0, 1)), batch=2)
    walk = convolution.walk(question, seed=7, folds=True)
    for n, c, i, j in product(range(2), range(2), range(4), range(5)):
        assert walk.folded(walk.U)[n][c][i][j] == walk.X[n][c][i][j] * walk.overlaps[i][j]
        assert walk.overlaps[i][j] == len(walk.readers(i, j))


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (LayerQuestion((1, 4, 4), (2,), 1, pool="max"), "out_channels 1 has no meaning for pool"),
        (LayerQuestion((1, 40, 40), (5,), stride=(1,), pool="max"), "would be 1 × 1,296 × 25"),
        (
            LayerQuestion((1, 1), (2,), padding=((2, 2),), dilation=(3,), pool="max"),
            "leaves window (0, 0) nothing but padding",
        ),
    ],
)
def test_what_is_no_pooling_to_walk_through(question, message):
    with pytest.raises(ConvcalcError) as caught:
        pooling.walk(question)
    assert message in str(caught.value)


@pytest.mark.parametrize("question", [*TRANSPOSED, *POOLED])
def test_every_step_of_an_animation_is_laid_out(question):
    kind = pooling if question.pool else transposed
    walk = kind.walk(question, seed=1, backward=True)
    steps, layouts = animation(walk)
    assert len(steps) == 2 * len(walk.positions)
    for step, layout in product(steps, layouts):
        page = layout(step)
        assert page.heading.startswith(f"step {step[0].patch + 1} of {len(walk.positions)}: patch ")
    last = steps[len(walk.positions) - 1][0]
    grids = [grid for grid in layouts[0]((last, False)).blocks[0].grids if grid.caption[0] == "Y"]
    whole = last.Y if question.pool else last.folded_until(last.patch)
    assert [grid.rows for grid in grids] == [rows for sample in whole for rows in sample]
    assert not any(grid.blank for grid in grids)
