"""What is said of a result: right, or what is wrong with it and where."""

import math
from itertools import product

import pytest

from convcalc.checking.cases import Case, cases
from convcalc.checking.compare import judge, number, place_of
from convcalc.checking.diagnosis import likely
from convcalc.checking.operations import OPERATIONS
from convcalc.checking.process import Alien, Raised, Reply
from convcalc.formulas import unfold

UNFOLD, CONV2D, BACKWARD = (OPERATIONS[name] for name in ("unfold", "conv2d", "conv2d_backward"))
X = [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]
CASE = Case("", UNFOLD, {"x": X}, {"kernel_size": (2, 2)}, {})
RIGHT = [[[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]]


def judged(value, case=CASE, arguments=("x",), **reply):
    return judge(case, Reply(value, **reply), arguments, "mine.py line 1")


def changed(value, at=(0, 0, 0), tensor=RIGHT):
    """Return a tensor with one number changed."""
    if not at:
        return value
    index, *rest = at
    return [changed(value, rest, e) if i == index else e for i, e in enumerate(tensor)]


def test_a_right_result():
    outcome = judged(RIGHT)
    assert outcome.ok
    assert outcome.reason == ""


@pytest.mark.parametrize("value", [1.0, 1 + 5e-6, True])
def test_what_is_close_enough(value):
    assert judged(changed(value)).ok


@pytest.mark.parametrize(
    "value",
    [1 + 2e-5, 0, -1, 10**400, -(10**400), 10**5000, math.nan, math.inf, -math.inf, 257],
    ids=lambda value: f"{value:.0e}" if isinstance(value, float) else str(value.bit_length()),
)
def test_what_is_not_close_enough(value):
    outcome = judged(changed(value))
    assert not outcome.ok
    assert outcome.reason.startswith("sample 0, patch row 0 = window at (0, 0), value 0 =")


def test_an_int_that_no_float_holds_beside_a_float():
    case = Case("", UNFOLD, {"x": [[[[0.5, 2.5]]]]}, {"kernel_size": (1, 1)}, {})
    assert "expected 0.5, got 2^1328 or more" in judged([[[10**400], [2.5]]], case).reason


def test_the_tolerance_is_that_of_the_largest_number():
    x = [[[[1e6, 1], [2, 3]]]]
    case = Case("", UNFOLD, {"x": x}, {"kernel_size": (1, 1)}, {})
    assert judged([[[1e6], [1.5], [2], [3]]], case).ok
    assert not judged([[[1e6], [2.5], [2], [3]]], case).ok


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (Alien("NoneType"), "Ũ has NoneType where a number or a list belongs, mine.py line 1"),
        ([[[Alien("str")]]], "Ũ has str where a number or a list belongs, mine.py line 1"),
        ("rubbish", "Ũ has str where a number or a list belongs, mine.py line 1"),
        (3, "Ũ is one number instead of the shape (1, 4, 4), mine.py line 1"),
        ([], "Ũ is empty at level 1, mine.py line 1"),
        ([[[1, 2], [3]]], "Ũ is ragged: at level 3 its lists are of length 1 and 2, mine.py"),
        ([[1, 2, 3]], "Ũ has the shape (1, 3) instead of (1, 4, 4), mine.py line 1"),
        (Alien("generator"), "Ũ has generator where a number or a list belongs: list(…) would do"),
        ([Alien("map")], "Ũ has map where a number or a list belongs: list(…) would do, mine.py"),
        ([[[1, 2, 3, 4]] * 3], "Ũ has the shape (1, 3, 4) instead of (1, 4, 4), mine.py line 1"),
    ],
)
def test_what_cannot_be_compared(value, reason):
    outcome = judged(value)
    assert not outcome.ok
    assert outcome.reason.startswith(reason)


def test_a_result_before_what_the_backward_pass_needs():
    assert judged([RIGHT, X, 3], in_tuple=3).ok
    assert judged([RIGHT, Alien("dict")], in_tuple=2).ok
    assert not judged([X, RIGHT], in_tuple=2).ok
    assert not judged([RIGHT], in_tuple=1).ok  # a comma too many
    assert not judged([RIGHT, X, 3]).ok
    assert judged(RIGHT, in_tuple=1).ok


def test_a_result_that_took_too_long_or_cannot_be_read():
    assert judge(CASE, Reply(lost="it has ended"), (), "a.py line 2").lost
    lost = judge(CASE, Reply(lost="it has ended"), (), "a.py line 2")
    assert lost.reason == "it has ended, a.py line 2"
    refused = judge(CASE, Reply(refused="it is too long"), (), "a.py line 2")
    assert refused.reason == "what it returns can't be read: it is too long, a.py line 2"
    assert not refused.ok


def test_an_input_that_was_changed():
    outcome = judged(RIGHT, arguments=("x", "kernel_size"), changed=(0, [0, 0, 1, 2], 6, 99))
    assert not outcome.ok
    assert outcome.reason == (
        "it changes its input x in place, x[0, 0, 1, 2] from 6 to 99: a copy would do, "
        "mine.py line 1"
    )
    outcome = judged(RIGHT, changed=(0, [0, 0], None, None))
    assert "it changes the shape of its input x" in outcome.reason
    assert likely([outcome]).startswith("the function changes its input in place")
    wrong = judged(changed(3), changed=(0, [0, 0], None, None))
    assert "expected 1, got 3" in wrong.reason  # what is wrong comes first
    assert likely([outcome, wrong]) is None


def test_two_gradients_or_three():
    case = next(cases(BACKWARD, ()))
    grad_x, grad_w, grad_b = case.right
    none = Alien("NoneType")
    for value in (
        [grad_x, grad_w],
        [grad_x, grad_w, grad_b],
        [grad_x, grad_w, none],
        [grad_x, grad_w, none, none, none],
        [grad_x, grad_w, grad_b, none],
    ):
        assert judged(value, case).ok
    for value, found in (
        ([grad_x], "1"),
        ([grad_x, none], "2"),
        ([grad_x, grad_w, grad_b, grad_b], "4"),
        (none, "NoneType"),
        (Alien("generator"), "generator"),
        (3, "int"),
    ):
        reason = judged(value, case).reason
        if value == [grad_x, none]:
            assert reason.startswith("W∇ has NoneType where")
        else:
            assert reason.startswith(f"returned {found} instead of the 3 gradients X∇, W∇ and")
    assert judged(grad_x, case).reason.startswith(
        "returned one array of the shape (1, 1, 3, 3), not the 3 gradients X∇, W∇ and bias∇"
    )
    assert judged([grad_x, grad_w, [grad_b]], case).reason.startswith(
        "bias∇ has the shape (1, 1) instead of (1,)"
    )
    assert judged([grad_x, grad_w, grad_b[0]], case).reason.startswith(
        "bias∇ is one number instead of the shape (1,)"
    )
    assert judged(Alien("map"), case).reason.endswith(": list(…) would do, mine.py line 1")
    wrong_bias = judged([grad_x, grad_w, [grad_b[0] + 1]], case)
    assert wrong_bias.reason.startswith("bias∇[0], output channel 0, a sum over batch and patches")


@pytest.mark.parametrize("name", OPERATIONS)
def test_windows_that_are_said_to_read_a_number_do(name):
    """Every claim about an entry, against an unfold of an X that holds its own places."""
    claims = 0
    operation = OPERATIONS[name]
    for case in list(cases(operation, operation.options))[::4]:
        windows = case.windows
        h, w = windows.size
        own = [[[[(i * w + j + 1) for j in range(w)] for i in range(h)]]]
        settings = {k: v for k, v in case.options.items() if k in ("stride", "padding", "dilation")}
        rows = unfold(own, windows.kernel_size, **settings)[0]
        w_out = windows.output_size[1]
        if name in ("fold", "conv2d_backward"):
            result = operation.results[0].name
            for i, j in product(range(h), range(w)):
                readers = [divmod(r, w_out) for r, row in enumerate(rows) if i * w + j + 1 in row]
                said = place_of(case, result, (0, 0, i, j))
                if not readers:
                    assert said.endswith("read by no window")
                elif len(readers) == 1:
                    assert said.endswith(f"read by the window {readers[0]}")
                elif len(readers) <= 6:
                    assert said.endswith(f"by the windows {', '.join(map(str, readers))}")
                else:
                    first = ", ".join(map(str, readers[:6]))
                    assert said.endswith(f"windows {first} and {len(readers) - 6} more")
                claims += 1
        elif name == "conv2d":
            for r in range(len(rows)):
                i, j = divmod(r, w_out)
                said = place_of(case, "Y", (0, 0, i, j))
                assert said.endswith(f"patch row {r} = window at ({i}, {j})")
                claims += 1
        else:
            for r, row in enumerate(rows):
                for value, entry in enumerate(row):
                    said = place_of(case, "Ũ", (0, r, value))
                    i, j = divmod(entry - 1, w)
                    place = f"X[0, 0, {i}, {j}]" if entry else "in the padding"
                    assert said.endswith(f"which is {place}")
                    assert said.startswith(
                        f"sample 0, patch row {r} = window at {divmod(r, w_out)}"
                    )
                    claims += 1
    assert claims > 50


def test_the_origin_of_a_wrong_value():
    assert judged(changed(4)).reason.endswith("expected 1, got 4, which is X[0, 0, 1, 0]")
    assert judged(changed(44)).reason.endswith("expected 1, got 44")


def test_places_in_the_other_layout():
    case = Case("", UNFOLD, {"x": X}, {"kernel_size": (2, 1)}, {}, "bkp")
    outcome = judged([[[1, 2, 3, 4, 5, 6], [4, 5, 6, 7, 8, 0]]], case)
    assert outcome.reason == (
        "sample 0, patch row 5 = window at (1, 2), value 1 = (c, u, v) = (0, 1, 0), which is "
        "X[0, 0, 2, 2]: expected 9, got 0"
    )


def test_numbers_that_fill_a_line():
    assert number(10**400) == "2^1328 or more"
    assert number(-(2**200)) == "−2^200 or more"
    assert number(10**20) == "100000000000000000000"
    assert number(0.5) == "0.5"


def test_only_errors_that_reading_beyond_an_end_makes_are_that():
    def outcome(kind, explicit=False):
        error = Raised(kind, "", ("mine.py", 3), explicit, ())
        return judge(CASE, Reply(raised=error), (), "mine.py")

    assert outcome("IndexError").off_the_end
    assert outcome("ValueError").off_the_end
    assert not outcome("IndexError", explicit=True).off_the_end
    assert not outcome("TypeError").off_the_end
    assert not judged(RIGHT).off_the_end
    assert outcome("IndexError").reason == "IndexError, mine.py line 3"
