"""Sentences that nobody would say aloud stand nowhere: neither in messages nor in docstrings."""

import re

import pytest
from test_rooms import NOT_YET, PACKAGE, ROOT, WRITTEN, judged

UNSAID = re.compile(r"\b(hang(s|ing)? on|gone through|(is|are) worth)\b")
"""Depends on; iterates or reads; is, or the value of."""


def test_rooms_that_are_still_being_built_are_there():
    assert all((PACKAGE / room).is_dir() for room in NOT_YET)


@pytest.mark.parametrize("path", [*judged(WRITTEN), ROOT / "README.md"], ids=lambda path: path.name)
def test_what_is_written_is_said_so(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in lines if UNSAID.search(line.lower())] == []
