"""Other layouts: there and back, and what they are called."""

import pytest

from convcalc.checking.cases import cases, distinct
from convcalc.checking.layouts import LAYOUTS, permuted
from convcalc.checking.operations import OPERATIONS
from convcalc.formulas import nested_shape


def test_axes_in_another_order():
    tensor = [[[1, 2, 3], [4, 5, 6]]]
    assert permuted(tensor, (1, 2, 0)) == [[[1], [2], [3]], [[4], [5], [6]]]
    assert permuted(permuted(tensor, (1, 2, 0)), (2, 0, 1)) == tensor


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_there_and_back(layout, name):
    operation = OPERATIONS[name]
    if LAYOUTS[layout].of_patches_alone and not operation.of_patches:
        return
    for case in cases(operation, operation.options, layout=layout):
        assert case.taken_back(case.expected) == case.right


@pytest.mark.parametrize(
    ("layout", "x", "weight", "y"),
    [
        ("bpk", (2, 3, 6, 7), (5, 3, 2, 3), (2, 5, 5, 5)),
        ("chw", (3, 6, 7), (5, 3, 2, 3), (5, 5, 5)),
        ("nhwc", (2, 6, 7, 3), (2, 3, 3, 5), (2, 5, 5, 5)),
        ("hwc", (6, 7, 3), (2, 3, 3, 5), (5, 5, 5)),
    ],
)
def test_shapes(layout, x, weight, y):
    case = distinct(OPERATIONS["conv2d"], {}, layout)
    assert nested_shape(case.handed["x"]) == x
    assert nested_shape(case.handed["weight"]) == weight
    assert nested_shape(case.expected[0]) == y


def test_rows_and_kernels_are_named_where_they_are_there():
    assert LAYOUTS["nhwc"].said(of_patches=True).endswith("a row's values as (h_k, w_k, c)")
    assert LAYOUTS["hwc"].said(of_patches=False).endswith("W (h_k, w_k, c, c_out)")
    assert LAYOUTS["chw"].said(of_patches=True) == "one sample without its batch, (c, h, w)"
