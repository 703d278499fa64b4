"""Hand-ins as courses have them: every right one passes, every wrong one fails and is told why."""

import json
from collections import Counter

import pytest
from checking.hand_ins import (
    RIGHT,
    VERDICTS,
    WRONG,
    answer_to,
    library_of,
    name_of,
    named,
    verdict,
)

KEPT = json.loads(VERDICTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("hand_in", [e for e in RIGHT if not library_of(e)], ids=name_of)
def test_right_ones_pass(hand_in, tmp_path):
    answer = answer_to(hand_in, tmp_path)
    assert answer.failure is None
    assert answer.passed >= 30


@pytest.mark.parametrize("hand_in", [e for e in WRONG if not library_of(e)], ids=name_of)
def test_wrong_ones_fail_as_they_did(hand_in, tmp_path):
    assert verdict(answer_to(hand_in, tmp_path)) == KEPT[name_of(hand_in)]


@pytest.mark.parametrize("hand_in", [e for e in (*RIGHT, *WRONG) if library_of(e)], ids=name_of)
def test_those_with_a_library(hand_in, tmp_path):
    pytest.importorskip(library_of(hand_in))
    answer = answer_to(hand_in, tmp_path)
    assert bool(answer.failed) == (hand_in in WRONG)


def test_every_verdict_is_kept_and_right():
    assert set(KEPT) == {name_of(each) for each in (*RIGHT, *WRONG)}
    assert not any(KEPT[name_of(each)]["failed"] for each in RIGHT)
    assert all(KEPT[name_of(each)]["failed"] for each in WRONG)


def test_no_diagnosis_is_false():
    """What was put in is named, or nothing is."""
    for each in WRONG:
        said = KEPT[name_of(each)]
        assert said["likely"] is None or named(each, said), name_of(each)


def test_nine_of_ten_are_told_what_or_where():
    told = [KEPT[name_of(each)] for each in WRONG]
    assert sum(bool(each["likely"] or each["separates"]) for each in told) >= 0.9 * len(told)


def test_narrow_code_fails_and_what_it_is_too_narrow_for_is_told():
    narrow = [each for each in WRONG if each.get("narrow")]
    assert len(narrow) == 7
    assert all(KEPT[name_of(each)]["separates"] for each in narrow)


def test_there_are_enough():
    assert len(RIGHT) >= 50
    assert len(WRONG) >= 80
    layouts = Counter(each["layout"] for each in RIGHT)
    assert min(layouts[each] for each in ("bkp", "flat", "chw", "nhwc", "hwc")) >= 5


@pytest.mark.parametrize("hand_in", [e for e in RIGHT if e["layout"] != "bpk"], ids=name_of)
def test_a_layout_is_named_where_it_alone_is_at_fault(hand_in, tmp_path):
    pytest.importorskip("numpy")
    answer = answer_to(hand_in, tmp_path, layout="bpk")
    assert answer.failed
    assert answer.likely.endswith(f"--layout {hand_in['layout']} accepts it")
