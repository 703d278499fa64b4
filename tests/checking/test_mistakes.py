"""The known mistakes: what imitates them, and that one can be told from another."""

from dataclasses import replace

import pytest

from convcalc.checking.cases import cases
from convcalc.checking.compare import judge, numbers
from convcalc.checking.diagnosis import imitation, likely
from convcalc.checking.mistakes.mistake import Mistake
from convcalc.checking.operations import OPERATIONS
from convcalc.checking.process import Raised, Reply
from convcalc.checking.windows import RIGHT, Windows
from convcalc.formulas import fold, unfold

LAYOUTS = ("bpk", "bkp", "flat")


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


def made(mistake, case):
    """Return what a mistake makes of a case, also where it isn't made."""
    made_here = not mistake.where or mistake.where in case.options
    return imitation(mistake, case) if made_here else case.expected


def test_the_right_way_is_that_of_the_references():
    for case in cases(OPERATIONS["unfold"], OPERATIONS["unfold"].options):
        assert RIGHT.unfold(case.tensors["x"], case.windows) == unfold(*case.given, **case.options)
    for case in cases(OPERATIONS["fold"], OPERATIONS["fold"].options):
        assert RIGHT.fold(case.tensors["u"], case.windows) == fold(*case.given, **case.options)


def test_windows_know_where_they_read():
    windows = Windows.over((4, 5), (2, 3), (2, 1), (1, 0), (1, 2))
    assert windows.padded == (6, 5)
    assert windows.output_size == (3, 1)
    assert windows.place(0, 0, 0, 0) == (-1, 0)
    assert windows.place(2, 0, 1, 2) == (4, 4)


def test_each_is_seen(operation):
    tables = {
        layout: list(cases(operation, operation.options, layout=layout)) for layout in LAYOUTS
    }
    for mistake in operation.mistakes:
        if mistake.where:
            continue
        table = tables[mistake.layout or "bpk"]
        assert any(made(mistake, case) != case.expected for case in table), mistake.sentence


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_can_be_told_from_all_others(operation, layout):
    """Those that give the same are split, case after case; only errors are left the same."""
    if layout != "bpk" and not operation.of_patches:
        return
    table = list(cases(operation, operation.options, layout=layout))[::-2]  # from all options
    mistakes = [m for m in operation.mistakes if m.layout in ("", layout)]
    there_alone = [m for m in mistakes if m.where][::20]  # there are hundreds
    groups = [[*there_alone, *(m for m in mistakes if not m.where)]]
    for case in table:
        split = []
        for group in groups:
            parts = {}
            for mistake in group:
                parts.setdefault(repr(made(mistake, case)), []).append(mistake)
            split += [part for part in parts.values() if len({m.sentence for m in part}) > 1]
        groups = split
    for group in groups:
        wrong = [made(group[0], case) for case in table if made(group[0], case) != case.expected]
        assert set(map(repr, wrong)) == {"None"}, {m.sentence for m in group}


def outcomes_of(function, operation, taken):
    """Judge what a function makes of the cases, without a process."""
    judged = []
    for case in cases(operation, taken):
        returned = function(case)
        if returned is None:
            error = Raised("IndexError", "list index out of range", None, False, ())
            reply = Reply(raised=error)
        else:
            reply = Reply(value=returned[0] if len(operation.results) == 1 else list(returned))
        judged.append(judge(case, reply, operation.required, "mine.py line 1"))
    return judged


def test_none_is_taken_for_another_where_less_is_taken(operation):
    taken = ("stride",)
    told = 0
    for mistake in operation.mistakes[:: len(operation.mistakes) // 6]:
        if not {*mistake.needs} <= {*taken}:
            continue
        judged = outcomes_of(lambda case, m=mistake: made(m, case), operation, taken)
        said = likely(judged)
        if all(outcome.ok for outcome in judged):
            assert said is None
        else:
            assert said in (None, mistake.sentence)
            told += said is not None
    assert told


def test_what_is_right_looks_like_none(operation):
    judged = outcomes_of(lambda case: case.expected, operation, operation.options)
    assert all(outcome.ok for outcome in judged)
    assert likely(judged) is None


def test_a_mistake_and_one_number_more_is_none(operation):
    """The very results, in every case, or nothing is said."""
    mistake = next(each for each in operation.mistakes if "batch" in each.sentence)
    table = list(cases(operation, ()))

    def function(case, off):
        returned = made(mistake, case)
        if case != off:
            return returned
        first, *rest = returned
        count = iter(range(len(numbers(first))))

        def moved(tensor):
            if isinstance(tensor, list):
                return [moved(each) for each in tensor]
            return tensor + (next(count) == 0)

        return (moved(first), *rest)

    judged = outcomes_of(lambda case: function(case, None), operation, ())
    assert likely(judged) == mistake.sentence
    for off in (table[0], table[-1]):
        assert likely(outcomes_of(lambda case, off=off: function(case, off), operation, ())) is None


def test_a_mistake_that_is_made_in_some_cases_alone_is_none(operation):
    mistake = next(each for each in operation.mistakes if "batch" in each.sentence)
    made_once = []

    def function(case):
        returned = made(mistake, case)
        if returned == case.expected or made_once:
            return case.expected
        made_once.append(case)
        return returned

    assert likely(outcomes_of(function, operation, ())) is None
    assert made_once


def test_mistakes_that_give_the_same_are_named_together():
    unfold_with = OPERATIONS["unfold"]
    mistake = next(each for each in unfold_with.mistakes if "batch" in each.sentence)
    both = f"{mistake.sentence}; or another"
    for other, said in (("another", both), (mistake.sentence, mistake.sentence)):
        twins = (mistake, Mistake(other, mistake.imitate))
        operation = replace(unfold_with, mistakes=twins)
        assert likely(outcomes_of(lambda case: made(mistake, case), operation, ())) == said


def test_errors_alone_tell_nothing_where_an_option_is_simply_not_taken():
    operation = OPERATIONS["unfold"]
    for given in (
        lambda case: "padding" in case.options,
        lambda case: "stride" in case.options,
        lambda case: case.windows.stride[1] > 1,
        lambda case: True,
    ):
        judged = outcomes_of(
            lambda case, given=given: None if given(case) else case.expected,
            operation,
            operation.options,
        )
        assert likely(judged) is None


def test_an_error_that_the_function_raised_itself_is_no_end_of_a_list():
    operation = OPERATIONS["unfold"]
    circulating = next(m for m in operation.mistakes if "circulating" in m.sentence)
    judged = outcomes_of(lambda case: made(circulating, case), operation, ("stride",))
    assert likely(judged).startswith("the circulating pseudocode")
    for kind, explicit in (("IndexError", True), ("TypeError", False), ("KeyError", False)):
        error = Raised(kind, "", None, explicit, ())
        said = [
            outcome if outcome.ok else judge(outcome.case, Reply(raised=error), (), "mine.py")
            for outcome in judged
        ]
        assert likely(said) is None


def test_nothing_is_left_where_no_window_fits():
    """Whether that is an error or empty, it's what the mistake makes."""
    operation = OPERATIONS["conv2d"]
    turned = "the kernel's height and width are mixed up"
    mistakes = [m for m in operation.mistakes if m.sentence == turned]
    for mistake in mistakes:
        judged = outcomes_of(lambda case, m=mistake: made(m, case) or ([[[]]],), operation, ())
        if any(made(mistake, outcome.case) is None for outcome in judged):
            assert likely(judged) == turned
            break
    else:
        pytest.fail("every kernel fits, turned")
