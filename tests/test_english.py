"""Sentences that nobody would say aloud stand nowhere: neither in messages nor in docstrings."""

import re

import pytest
from test_rooms import ROOT, WRITTEN

UNSAID = re.compile(r"\b(hang(s|ing)? on|gone through|(is|are) worth)\b")
"""Depends on; iterates or reads; is, or the value of."""


@pytest.mark.parametrize("path", [*WRITTEN, ROOT / "README.md"], ids=lambda path: path.name)
def test_what_is_written_is_said_so(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in lines if UNSAID.search(line.lower())] == []
