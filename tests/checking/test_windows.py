"""How windows lie over an input, by hand."""

from convcalc.checking.windows import Windows


def test_padding_of_two_ends():
    windows = Windows.over((5, 6), (3, 2), (1, 2), ((1, 0), (2, 3)), (1, 2))
    assert windows.padded == (1 + 5, 2 + 6 + 3)
    assert windows.output_size == (4, 5)
    assert windows.place(0, 0, 0, 0) == (-1, -2)
    assert windows.place(3, 2, 2, 1) == (4, 4)
