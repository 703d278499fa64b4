"""The arithmetic, and the references against PyTorch's values in data/references.json."""

import doctest
import json
import random
from itertools import product
from pathlib import Path

import pytest

from convcalc import formulas
from convcalc.formulas import (
    AXES,
    BYTES,
    LARGEST,
    ConvcalcError,
    conv2d,
    conv2d_backward,
    conv2d_by_unfold,
    conv_output_size,
    conv_transpose_output_size,
    effective_kernel_size,
    fold,
    from_rows,
    from_weight_matrix,
    mac_count,
    matmul,
    nested,
    nested_shape,
    num_patches,
    pad,
    param_count,
    pool_output_size,
    same_padding,
    to_rows,
    transpose,
    unfold,
    unread,
    values_per_patch,
    weight_matrix,
    weight_shape,
    windows_rounded_up,
)

CASES = json.loads(Path(__file__).with_name("data").joinpath("references.json").read_text())


def settings(case):
    return {name: case[name] for name in ("stride", "padding", "dilation")}


def transposed(samples):
    return [[list(row) for row in zip(*sample, strict=True)] for sample in samples]


def whole_numbers_only(nested):
    return all(map(whole_numbers_only, nested)) if isinstance(nested, list) else type(nested) is int


def test_the_examples_in_the_docstrings():
    assert doctest.testmod(formulas).failed == 0


def test_there_are_enough_cases():
    assert len(CASES) >= 40
    assert sum(case["groups"] > 1 for case in CASES) >= 8
    assert sum(case["dilation"] != 1 for case in CASES) >= 8


@pytest.mark.parametrize("case", CASES)
def test_conv2d_equals_pytorch(case):
    y = conv2d(case["x"], case["weight"], case["bias"], groups=case["groups"], **settings(case))
    assert y == case["y"]
    assert whole_numbers_only(y)


@pytest.mark.parametrize("case", CASES)
def test_unfold_is_the_transpose_of_pytorchs(case):
    u = unfold(case["x"], case["kernel_size"], **settings(case))
    assert transposed(u) == case["u"]
    assert whole_numbers_only(u)


@pytest.mark.parametrize("case", CASES)
def test_fold_equals_pytorch(case):
    size = (len(case["x"][0][0]), len(case["x"][0][0][0]))
    folded = fold(transposed(case["v"]), size, case["kernel_size"], **settings(case))
    assert folded == case["folded"]
    assert whole_numbers_only(folded)


@pytest.mark.parametrize("case", CASES)
def test_conv2d_by_unfold_equals_conv2d(case):
    asked = (case["x"], case["weight"], case["bias"])
    y = conv2d_by_unfold(*asked, groups=case["groups"], **settings(case))
    assert y == conv2d(*asked, groups=case["groups"], **settings(case)) == case["y"]


@pytest.mark.parametrize("case", CASES)
def test_conv2d_backward_equals_autograd(case):
    grads = conv2d_backward(
        case["grad_y"], case["x"], case["weight"], groups=case["groups"], **settings(case)
    )
    assert grads == (case["grad_x"], case["grad_weight"], case["grad_bias"])
    assert whole_numbers_only(list(grads))


def test_the_gradients_are_the_adjoints():
    """<conv2d(X, W), G> = <X, X∇> = <W, W∇> and <unfold(X), V> = <X, fold(V)>, exactly."""
    rng = random.Random(3)

    def integers(*shape):
        if not shape:
            return rng.randint(-9, 9)
        return [integers(*shape[1:]) for _ in range(shape[0])]

    def inner(a, b):
        return sum(map(inner, a, b)) if isinstance(a, list) else a * b

    for _ in range(300):
        groups = rng.choice([1, 1, 2, 3])
        kernel_size = (rng.randint(1, 3), rng.randint(1, 3))
        settings = {
            "stride": (rng.randint(1, 3), rng.randint(1, 3)),
            "padding": tuple((rng.randint(0, 2), rng.randint(0, 2)) for _ in range(2)),
            "dilation": (rng.randint(1, 2), rng.randint(1, 2)),
        }
        size = (rng.randint(5, 7), rng.randint(5, 7))
        x = integers(rng.randint(1, 2), groups * rng.randint(1, 2), *size)
        weight = integers(groups * rng.randint(1, 2), len(x[0]) // groups, *kernel_size)
        y = conv2d(x, weight, groups=groups, **settings)
        g = integers(len(y), len(y[0]), len(y[0][0]), len(y[0][0][0]))
        grad_x, grad_weight, _ = conv2d_backward(g, x, weight, groups=groups, **settings)
        assert inner(y, g) == inner(x, grad_x) == inner(weight, grad_weight)
        u = unfold(x, kernel_size, **settings)
        v = integers(len(u), len(u[0]), len(u[0][0]))
        assert inner(u, v) == inner(x, fold(v, size, kernel_size, **settings))


def test_the_order_of_values_within_a_patch():
    x = [[[[1, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]]]
    assert unfold(x, (2, 2)) == [[[1, 2, 4, 5, 10, 20, 40, 50], [2, 3, 5, 6, 20, 30, 50, 60]]]


def test_the_circulating_pseudocode_is_wrong_for_stride_2_and_we_are_not():
    x = [[[[column + 10 * row for column in range(5)] for row in range(5)]]]
    rows = unfold(x, 3, stride=2)[0]
    assert [row[0] for row in rows] == [0, 2, 20, 22]


def test_floats_stay_floats():
    assert conv2d([[[[0.5, 1.5]]]], [[[[2.0, 4.0]]]]) == [[[[7.0]]]]


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({"size": 32, "kernel_size": 3, "padding": 1}, 32),
        ({"size": 224, "kernel_size": 11, "stride": 4, "padding": 2}, 55),
        ({"size": 7, "kernel_size": 2, "stride": 2}, 3),
        ({"size": 7, "kernel_size": 3, "padding": (0, 1), "dilation": 2}, 4),
        ({"size": 10**9, "kernel_size": 3, "stride": 7, "padding": 1}, 142857143),
    ],
)
def test_conv_output_size(settings, size):
    assert conv_output_size(**settings) == size


def test_the_other_sizes():
    assert conv_transpose_output_size(16, 4, stride=2, padding=1) == 32
    assert conv_transpose_output_size(5, 3, 2, 1, 1, 2) == 12
    assert pool_output_size(55, 3, 2) == 27
    assert pool_output_size(56, 3, 2, ceil_mode=True) == 28
    assert pool_output_size(5, 2, 2, padding=1, ceil_mode=True) == 3  # not 4: it would start in it
    assert pool_output_size(5, 1, 2, padding=0, ceil_mode=True) == 3


def test_same_padding_gives_the_ceiling_and_puts_the_odd_one_after():
    assert same_padding(32, 4) == (1, 2)
    assert same_padding(224, 3, stride=2) == (0, 1)
    assert same_padding(5, 1, stride=3) == (0, 0)
    for size in range(1, 12):
        for kernel_size in range(1, 6):
            for stride in range(1, 5):
                for dilation in range(1, 4):
                    before, after = same_padding(size, kernel_size, stride, dilation)
                    assert before <= after <= before + 1
                    output = conv_output_size(size, kernel_size, stride, (before, after), dilation)
                    assert output == -(-size // stride)


def test_unread_counts_what_no_window_reads():
    """Against the positions one by one, also where windows skip and kernels have holes."""
    asked = unread_anywhere = 0
    for size, kernel_size, stride, dilation in product(
        range(1, 14), range(1, 6), range(1, 7), range(1, 6)
    ):
        for padding in ((0, 0), (1, 1), (0, 2), (2, 0), (3, 1), (5, 5)):
            settings = (size, kernel_size, stride, padding, dilation)
            try:
                windows = conv_output_size(*settings)
            except ConvcalcError:
                continue
            read = {
                window * stride + tap * dilation - padding[0]
                for window in range(windows)
                for tap in range(kernel_size)
            }
            asked += 1
            left = len(set(range(size)) - read)
            unread_anywhere += left > 0
            assert unread(*settings) == left, settings
    assert asked > 6000
    assert unread_anywhere > 3000


def test_unread_counts_large_axes_without_going_through_them():
    assert unread(10**9, 2, stride=2, padding=1, dilation=2) == 5 * 10**8
    assert unread(10**9, 1, stride=3) == 10**9 - (10**9 + 2) // 3
    assert unread(10**9, 3, stride=10**4, dilation=3 * 10**3) == 10**9 - 3 * 10**5
    assert unread(10**9, 10**8, stride=1, dilation=7) == 0
    windows = conv_output_size(10**9, 30_000, stride=30_011, dilation=30_013)
    assert unread(10**9, 30_000, stride=30_011, dilation=30_013) == 10**9 - 30_000 * windows
    rng = random.Random(8)
    for _ in range(200):
        size, kernel_size = rng.randint(1, 3000), rng.randint(1, 60)
        settings = (size, kernel_size, rng.randint(1, 60), rng.randint(0, 60), rng.randint(1, 60))
        if settings[4] * (kernel_size - 1) + 1 > size + 2 * settings[3]:
            continue
        _, _, stride, padding, dilation = settings
        windows = conv_output_size(*settings)
        read = {
            w * stride + t * dilation - padding for w in range(windows) for t in range(kernel_size)
        }
        assert unread(*settings) == len(set(range(size)) - read), settings


def test_counts():
    assert num_patches((32, 32)) == 1024
    assert num_patches((4, 5, 6)) == 120
    assert values_per_patch(3, (3, 3)) == 27
    assert values_per_patch(3, 3) == 27  # an int is a square 2-D kernel
    assert values_per_patch(3, (5,)) == 15
    assert weight_shape(4, 8, (3, 5), groups=2) == (8, 2, 3, 5)
    assert weight_shape(4, 8, (3, 5), groups=2, transposed=True) == (4, 4, 3, 5)
    assert param_count(3, 16, 3) == 448
    assert param_count(4, 8, (3, 5), groups=2, bias=False) == 240
    assert mac_count(3, 16, 3, (32, 32)) == 442368


def test_everything_but_what_is_asked_is_left_out():
    """What a function does without its optional arguments is what it does with their defaults."""
    assert conv_output_size(7, 3) == conv_output_size(7, 3, 1, 0, 1) == 5
    assert conv_transpose_output_size(7, 3) == 9
    assert conv_transpose_output_size(7, 3, 2, 1) == conv_transpose_output_size(7, 3, 2, 1, 0, 1)
    assert pool_output_size(7, 2, 3) == pool_output_size(7, 2, 3, 0, 1, False) == 2
    assert same_padding(7, 3) == same_padding(7, 3, 1, 1) == (1, 1)
    assert same_padding(7, 4, stride=3) == same_padding(7, 4, 3, 1) == (1, 2)
    assert unread(7, 2) == 0
    assert unread(7, 2, 3) == unread(7, 2, 3, 0, 1) == 3
    assert windows_rounded_up(7, 2, 3) == windows_rounded_up(7, 2, 3, 0, 1) == 3
    assert effective_kernel_size(5) == 5
    assert weight_shape(4, 2, 3) == (2, 4, 3, 3)
    assert param_count(4, 2, 3) == param_count(4, 2, 3, 1, True) == 74
    assert mac_count(4, 2, 3, 5) == mac_count(4, 2, 3, 5, 1) == 72 * 25
    x, weight = CASES[0]["x"], [[[[1, 2], [3, 4]]] * len(CASES[0]["x"][0])]
    plain = {"stride": 1, "padding": 0, "dilation": 1}
    assert conv2d(x, weight) == conv2d(x, weight, None, groups=1, **plain)
    assert conv2d_by_unfold(x, weight) == conv2d(x, weight)
    assert unfold(x, 2) == unfold(x, 2, **plain)
    size = (len(x[0][0]), len(x[0][0][0]))
    assert fold(unfold(x, 2), size, 2) == fold(unfold(x, 2), size, 2, **plain)
    y = conv2d(x, weight)
    assert conv2d_backward(y, x, weight) == conv2d_backward(y, x, weight, groups=1, **plain)
    assert weight_matrix(weight) == weight_matrix(weight, 1)
    columns = weight_matrix(weight)
    assert from_weight_matrix(columns, (2, 2)) == from_weight_matrix(columns, (2, 2), 1) == weight


LEAST = [
    (conv_output_size, {"size": 1, "kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}),
    (
        conv_transpose_output_size,
        {
            "size": 1,
            "kernel_size": 1,
            "stride": 1,
            "padding": 0,
            "output_padding": 0,
            "dilation": 1,
        },
    ),
    (pool_output_size, {"size": 1, "kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}),
    (same_padding, {"size": 1, "kernel_size": 1, "stride": 1, "dilation": 1}),
    (unread, {"size": 1, "kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}),
    (num_patches, {"output_size": 1}),
    (values_per_patch, {"in_channels": 1, "kernel_size": 1}),
    (weight_shape, {"in_channels": 1, "out_channels": 1, "kernel_size": 1, "groups": 1}),
    (mac_count, {"in_channels": 1, "out_channels": 1, "kernel_size": 1, "positions": 1}),
]


@pytest.mark.parametrize(
    ("function", "least"), LEAST, ids=lambda each: getattr(each, "__name__", str(each)[:30])
)
def test_every_argument_has_its_least_value(function, least):
    function(**least)
    for name, value in least.items():
        with pytest.raises(ConvcalcError) as caught:
            function(**{**least, name: value - 1})
        assert caught.value.argument == name
        assert caught.value.message == f"{value - 1} is too small: it is at least {value}"


def test_both_ends_of_a_padding_have_a_least_value():
    for ends in ((-1, 0), (0, -1)):
        with pytest.raises(ConvcalcError, match="padding -1 is too small: it is at least 0"):
            conv_output_size(9, 3, padding=ends)


def test_an_error_puts_its_argument_and_its_place_in_front():
    assert str(ConvcalcError("nothing fits")) == "nothing fits"
    assert str(ConvcalcError("0 is too small", "stride")) == "stride 0 is too small"
    error = ConvcalcError("0 is too small", "stride", "height")
    assert str(error) == "height: stride 0 is too small"
    assert error.sentence("--s") == "height: --s 0 is too small"
    assert (error.message, error.argument, error.place) == ("0 is too small", "stride", "height")


def test_what_is_fixed():
    assert BYTES == {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "int8": 1}
    assert AXES == {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
    assert LARGEST == 1_000_000_000_000


@pytest.mark.parametrize("groups", [1, 2])
def test_the_weight_matrix_and_back(groups):
    weight = [[[[9 * o + 3 * c + v for v in range(3)]] for c in range(2)] for o in range(4)]
    matrix = weight_matrix(weight, groups)
    assert (len(matrix), len(matrix[0])) == (6 * groups, 4)
    assert from_weight_matrix(matrix, (1, 3), groups)[0] == weight[0]
    assert nested_shape(from_weight_matrix(matrix, (1, 3))) == (4, 2 * groups, 1, 3)


def test_helpers_for_nested_lists():
    assert nested((2, 3), iter(range(9))) == [[0, 1, 2], [3, 4, 5]]
    assert nested_shape([[[1, 2]], [[3, 4]]]) == (2, 1, 2)
    assert nested_shape(3) == ()
    assert matmul([[1, 2]], [[3], [4]]) == [[11]]
    assert transpose([[1, 2], [3, 4], [5, 6]]) == [[1, 3, 5], [2, 4, 6]]
    rows = to_rows([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])
    assert rows == [[[1, 5], [2, 6], [3, 7], [4, 8]]]
    assert from_rows(rows, (2, 2)) == [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]
    assert pad([[[[1]]]], ((1, 0), (0, 2))) == [[[[0, 0, 0], [1, 0, 0]]]]


X = [[[[1, 2], [3, 4]]]]
W = [[[[1, 2], [3, 4]]]]

MEANINGLESS = [
    (
        lambda: fold([[[1, 2]]], (2, 2), 2),
        "u (1, 1, 2) has k = 2: kernel_size (2, 2) takes a multiple of 4",
    ),
    (
        lambda: fold([[[1], [2]]], (2, 2), 1),
        "u (1, 2, 1) has p = 2: output_size (2, 2) makes 4",
    ),
    (
        lambda: conv2d_backward([[[[1, 2]]]], X, W),
        "grad_y (1, 1, 1, 2) does not fit the output of this convolution, (1, 1, 1, 1)",
    ),
    (
        lambda: mac_count(3, 16, 3, (32,)),
        "positions (32,) has another number of axes than kernel_size (3, 3)",
    ),
    (
        lambda: conv_output_size(3, 4, dilation=2),
        "kernel_size 4 with dilation 2 spans 7, larger than the padded input, 3: padding 2 or more "
        "would do",
    ),
    (
        lambda: conv_output_size(3, 9, padding=(1, 2)),
        "kernel_size 9 is larger than the padded input, 6: padding that adds up to 6 or more would "
        "do",
    ),
    (
        lambda: conv_output_size(3, 9, padding=(2, 1)),
        "kernel_size 9 is larger than the padded input, 6: padding that adds up to 6 or more would "
        "do",
    ),
    (
        lambda: conv_transpose_output_size(3, 2, padding=2),
        "padding 2 takes away the whole output, 4: 1 is the most",
    ),
    (
        lambda: conv_transpose_output_size(2, 2, padding=(1, 2)),
        "padding 1:2 takes away the whole output, 3: 2 in all is the most",
    ),
    (
        lambda: conv_transpose_output_size(2, 2, 2, output_padding=700),
        "output_padding 700 is not below the larger of stride 2 and dilation 1: 1 is the most",
    ),
    (
        lambda: pool_output_size(3, 2, 1, padding=700),
        "padding 700 is not below the window, 2, which could then lie wholly in it: 1 is the most",
    ),
    (
        lambda: fold([[[1, 2]]], (2, 3), (2, 3)),
        "u (1, 1, 2) has k = 2: kernel_size (2, 3) takes a multiple of 6",
    ),
    (
        lambda: conv2d(X, [*W, *W], bias=[1]),
        "bias of length 1 does not fit weight (2, 1, 2, 2): it has one number per output channel, "
        "2",
    ),
    (
        lambda: pool_output_size(3, 9, 4, ceil_mode=True),
        "kernel_size 9 is larger than the padded input, 3: padding 2 or more would do",
    ),
    (
        lambda: pool_output_size(3, 2, 1, padding=(2, 0)),
        "padding 2:0 is not below the window, 2, which could then lie wholly in it: 1 is the most",
    ),
    (
        lambda: conv_transpose_output_size(2, 2, padding=2),
        "padding 2 takes away the whole output, 3: 1 is the most",
    ),
    (
        lambda: conv_transpose_output_size(2, 2, padding=(2, 1)),
        "padding 2:1 takes away the whole output, 3: 2 in all is the most",
    ),
    (
        lambda: conv_transpose_output_size(2, 2, 2, output_padding=3, dilation=3),
        "output_padding 3 is not below the larger of stride 2 and dilation 3: 2 is the most",
    ),
    (
        lambda: weight_shape(4, 6, 3, groups=4),
        "groups 4 does not divide the 6 output channels: it must divide both channel counts",
    ),
    (lambda: num_patches(()), "output_size () is neither an int nor one int per axis"),
    (lambda: num_patches(True), "output_size True is not a whole number"),
    (lambda: unfold([[[1, 2]]], 1), "x is not nested 4 deep: at level 4 there is int"),
    (lambda: unfold([[[[], []]]], 1), "x is empty at level 4"),
    (lambda: unfold([[[[None]]]], 1), "x has NoneType where a number belongs"),
    (lambda: conv2d(X, W, bias=3), "bias is not nested 1 deep: at level 1 there is int"),
    (
        lambda: unfold(X, 1, padding=(1, 2, 3)),
        "padding (1, 2, 3) is neither an int, a pair nor ((top, bottom), (left, right))",
    ),
    (
        lambda: conv2d([[[[1]]] * 3], [[[[1]], [[1]]]]),
        "weight (1, 2, 1, 1) does not fit x (1, 3, 1, 1): with groups 1 its second size is 3",
    ),
    (lambda: conv_output_size(3.0, 3), "size 3.0 is not a whole number"),
    (lambda: conv_output_size(True, 3), "size True is not a whole number"),
    (
        lambda: conv_output_size(3, 3, padding=(1, 2, 3)),
        "padding (1, 2, 3) is neither an int nor (before, after)",
    ),
    (
        lambda: conv_output_size(3, 5),
        "kernel_size 5 is larger than the padded input, 3: padding 1 or more would do",
    ),
    (
        lambda: weight_shape(3, 4, 3, groups=2),
        "groups 2 does not divide the 3 input channels: it must divide both channel counts",
    ),
    (lambda: values_per_patch(3, "3"), "kernel_size '3' is neither an int nor one int per axis"),
    (lambda: unfold([], 2), "x is empty at level 1"),
    (lambda: unfold(X[0], 2), "x is not nested 4 deep: at level 4 there is int"),
    (
        lambda: unfold([[[[1, 2], [3]]]], 1),
        "x is ragged: at level 4 its lists are of length 1 and 2",
    ),
    (lambda: unfold([[[["a", 2]]]], 1), "x has str where a number belongs"),
    (lambda: unfold([[[[[1], [2]]]]], 1), "x has list where a number belongs"),
    (
        lambda: unfold(X, 3),
        "height: kernel_size 3 is larger than the padded input, 2: padding 1 or more would do",
    ),
    (lambda: unfold(X, (1, 1, 1)), "kernel_size (1, 1, 1) is neither an int nor a pair"),
    (
        lambda: unfold(X, 1, padding="same"),
        "padding 'same' is neither an int, a pair nor ((top, bottom), (left, right))",
    ),
    (
        lambda: conv2d(X, [[[[1]], [[1]]]]),
        "weight (1, 2, 1, 1) does not fit x (1, 1, 2, 2): with groups 1 its second size is 1",
    ),
    (
        lambda: conv2d(X, W, bias=[1, 2]),
        "bias of length 2 does not fit weight (1, 1, 2, 2): it has one number per output channel, "
        "1",
    ),
]


@pytest.mark.parametrize(("call", "message"), MEANINGLESS, ids=[each[1] for each in MEANINGLESS])
def test_what_has_no_meaning_is_an_error(call, message):
    with pytest.raises(ConvcalcError) as caught:
        call()
    assert str(caught.value) == message
    assert isinstance(caught.value, ValueError)


class Index:
    """A whole number of another kind, as NumPy has them."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def test_whole_numbers_of_any_kind_give_plain_ones():
    one, two, three, eight = map(Index, (1, 2, 3, 8))
    x, w = [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]], [[[[2]]], [[[3]]]]
    answers = [
        unread(Index(32), two, two, one, two),
        param_count(three, Index(16), (three, three)),
        conv_transpose_output_size(eight, three, two, one, one, one),
    ]
    assert answers == [16, 448, 16]
    assert all(type(each) is int for each in answers)
    groups = Index(2)
    y = conv2d(x, w, groups=groups)
    assert y == conv2d_by_unfold(x, w, groups=groups) == conv2d(x, w, groups=2)
    assert conv2d_backward(y, x, w, groups=groups) == conv2d_backward(y, x, w, groups=2)
