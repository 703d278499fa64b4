"""The number of samples in a program: what is right for every batch is given, all else unknown."""

import operator

import pytest

from convcalc.network.torch.batch import Ratio, Samples
from convcalc.network.torch.functions import functional  # noqa: F401
from convcalc.network.torch.sizes import filled_in
from convcalc.network.torch.watch import WATCHER, Watcher
from convcalc.reading.values import Unknown

OPEN = Samples(6)
SIGNS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
BATCHES = (2, 3, 5, 7, 32, 1000)


@pytest.mark.parametrize("other", [0, 1, 2, 3, 4, 6, 12, -1, 0.5, 2.5])
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("reflected", [False, True])
def test_what_is_given_is_right_for_every_batch(sign, other, reflected):
    pair = (other, OPEN) if reflected else (OPEN, other)
    try:
        found = OPEN.operated(sign, *pair)
    except ZeroDivisionError:
        return
    if isinstance(found, Unknown):
        return
    for samples in BATCHES:
        sizes = [each.each * samples if isinstance(each, Samples) else each for each in pair]
        wanted = SIGNS[sign](*sizes)
        if sign in ("==", "!=") and sizes[0] == sizes[1]:
            continue  # a batch that happens to be so large
        each = found.each * samples if isinstance(found, (Samples, Ratio)) else found
        assert each == pytest.approx(wanted, rel=1e-12), samples


@pytest.mark.parametrize(
    ("sign", "other", "each"), [("*", 3, 18), ("//", 2, 3), ("+", 0, 6), ("//", 3, 2)]
)
def test_multiples_stay_sizes_of_the_batch(sign, other, each):
    found = OPEN.operated(sign, OPEN, other)
    assert type(found) is Samples
    assert (found.each, found.samples) == (each, 0)


def test_what_is_no_multiple_is_unknown():
    for sign, other in (("+", 1), ("//", 4), ("%", 4), ("**", 2), ("*", [0]), ("<", 100)):
        assert isinstance(OPEN.operated(sign, OPEN, other), Unknown), sign


def test_a_ratio_becomes_a_size_again():
    ratio = OPEN.operated("/", OPEN, 2)
    assert ratio.passed_to("int") == Samples(3)
    assert isinstance(ratio.passed_to("float"), Unknown)
    assert isinstance(OPEN.operated("/", OPEN, 4).passed_to("int"), Unknown)


def test_what_somebody_said_is_a_number():
    four = Samples(1, 4)
    assert four.operated("+", four, 1) == 5
    assert four.operated("<", four, 5) is True
    assert type(four.operated("*", four, 2)) is Samples
    assert four.passed_to("range") == 4


def test_a_comparison_with_the_batch_is_told():
    class Told(Watcher):
        count = 0

        def batch_compared(self):
            self.count += 1

    token = WATCHER.set(told := Told())
    try:
        assert OPEN.operated("==", OPEN, 6) is False
        assert OPEN.operated(">", OPEN, 1) is True
        assert OPEN.operated("==", OPEN, Samples(6)) is True
    finally:
        WATCHER.reset(token)
    assert told.count == 2


def test_what_is_worked_out_of_a_shape_stays_a_size_of_the_batch():
    shape = filled_in("view", (Samples(1), 4, 8), (-1, 16))
    assert type(shape[0]) is Samples
    assert shape[0].each == 2
