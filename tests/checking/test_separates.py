"""What those cases share that fail, and no other."""

import pytest

from convcalc.checking.cases import cases
from convcalc.checking.compare import Outcome
from convcalc.checking.operations import OPERATIONS
from convcalc.checking.separates import separates

CONV2D = OPERATIONS["conv2d"]
TABLE = list(cases(CONV2D, CONV2D.options))


def said(fails):
    return separates([Outcome(case, not fails(case)) for case in TABLE])


@pytest.mark.parametrize(
    ("fails", "words"),
    [
        (lambda case: case.samples > 3, "with 6 or more samples fail"),
        (lambda case: case.channels > 6, "with 17 input channels fail"),
        (lambda case: case.windows.stride != (1, 1), "with stride 2 or more fail"),
        (lambda case: case.windows.padding == ((0, 0), (0, 0)), "with padding 0 on both axes"),
        (lambda case: len(set(case.windows.output_size)) > 1, "with h_out ≠ w_out fail"),
        (lambda case: "bias" in case.options, "with a bias fail"),
        (lambda case: case.options.get("groups", 1) > 1, "with 2 or more groups fail"),
    ],
)
def test_one_attribute_tells(fails, words):
    assert f"exactly the cases {words}" in said(fails)


def test_nothing_is_said_where_none_tells():
    assert said(lambda case: True) is None
    assert said(lambda case: False) is None
    assert said(lambda case: case.samples == 2) is None
