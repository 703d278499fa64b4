"""The references on top of formulas.py against PyTorch's values in data/loops.json."""

import importlib.util
import json
from pathlib import Path

import pytest

from convcalc import references
from convcalc.formulas import ConvcalcError, nested_shape
from convcalc.references import (
    avg_pool2d,
    conv_transpose2d,
    conv_transpose2d_backward,
    max_pool2d,
    max_pool2d_backward,
    maxima2d,
    pool_windows,
)

DATA = Path(__file__).with_name("data")
KEPT = json.loads((DATA / "loops.json").read_text(encoding="utf-8"))


def drawing():
    """Return the script that draws the cases, which needs no PyTorch for that."""
    spec = importlib.util.spec_from_file_location("make_loops", DATA / "make_loops.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", KEPT)
def test_every_layer_is_pytorchs_to_the_last_digit(kind):
    draw = drawing()
    forward, backward = getattr(references, kind), getattr(references, f"{kind}_backward")
    assert len(KEPT[kind]) >= 500
    for number, (shape, *digests) in KEPT[kind].items():
        case = draw.drawn(kind, int(number))
        tensors, settings = draw.numbers(kind, int(number), case, shape), draw.settings(case)
        grad_y = tensors.pop("grad_y")
        y = forward(**tensors, **settings)
        assert list(nested_shape(y)) == shape, (kind, number)
        biased = tensors.pop("bias", None) is not None
        grads = backward(grad_y, **tensors, **settings)
        answers = [y, *(grads if isinstance(grads, tuple) else [grads])]
        if kind == "conv_transpose2d" and not biased:
            answers.pop()
        assert [draw.digest(each) for each in answers] == digests, (kind, number)


def test_whole_numbers_stay_whole():
    x, weight = [[[[1, 2], [3, 4]]]], [[[[1, 0], [0, 1]]]]
    assert conv_transpose2d(x, weight) == [[[[1, 2, 0], [3, 5, 2], [0, 3, 4]]]]
    y = conv_transpose2d(x, weight, [10], stride=2, output_padding=1)
    assert y[0][0][-1] == [10] * 5
    grads = conv_transpose2d_backward([[[[1] * 3] * 3]], x, weight)
    assert grads == ([[[[2, 2], [2, 2]]]], [[[[10, 10], [10, 10]]]], [9])
    assert {type(each) for row in grads[0][0][0] for each in row} == {int}


def test_of_equal_maxima_the_first_gets_the_gradient():
    x = [[[[2, 2], [2, 2]]]]
    assert maxima2d(x, 2) == [[[[(0, 0)]]]]
    assert max_pool2d_backward([[[[7]]]], x, 2) == [[[[7, 0], [0, 0]]]]
    nan = float("nan")
    assert maxima2d([[[[1, nan], [3, nan]]]], 2) == [[[[(1, 1)]]]]


def test_an_average_divides_by_padding_too_but_not_by_what_is_beyond():
    assert [[window.size for window in row] for row in pool_windows([[[[1, 2, 3]]]], (1, 2))] == [
        [2]
    ]
    assert pool_windows([[[[1, 2, 3]]]], (1, 2), ceil_mode=True)[0][1].size == 1
    assert avg_pool2d([[[[4]]]], 2, padding=1) == [[[[1.0]]]]
    assert avg_pool2d([[[[4]]]], 2, padding=1, count_include_pad=False) == [[[[4.0]]]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv_transpose2d([[[[1]]]], [[[[1]]], [[[1]]]]), r"weight \(2, 1, 1, 1\) does"),
        (lambda: conv_transpose2d([[[[1]]]], [[[[1]]]], [1, 2]), "bias of length 2 does not fit"),
        (lambda: conv_transpose2d([[[[1]]]], [[[[1]]]], groups=2), "groups 2 does not divide"),
        (lambda: conv_transpose2d([[[[1]]]], [[[[1]]]], output_padding=1), "output_padding 1 is"),
        (lambda: conv_transpose2d([[[[1]]]], [[[[1]]]], padding=1), "padding 1 takes away"),
        (
            lambda: conv_transpose2d_backward([[[[1, 2]]]], [[[[1]]]], [[[[1]]]]),
            r"grad_y \(1, 1, 1, 2\) does not fit the output of this layer, \(1, 1, 1, 1\)",
        ),
        (lambda: max_pool2d([[[[1]]]], 2), "kernel_size 2 is larger than the padded input"),
        (
            lambda: max_pool2d([[[[1]]]], (1, 2), padding=(0, 2), dilation=(1, 3)),
            r"padding leaves window \(0, 0\) nothing but padding",
        ),
        (lambda: max_pool2d_backward([[[[1, 1]]]], [[[[1]]]], 1), "grad_y .1, 1, 1, 2. does not"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ConvcalcError, match=message):
        call()
