"""Some 300 lines as people type them: understood as they were meant, or told what would do."""

import json
import shlex
from collections import Counter
from pathlib import Path

import pytest

SAME = (
    "layer",
    "input",
    "output",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "total",
    "solutions",
)
"""What two lines that ask the same have in common; `same` and 1 are not the same code."""


def lines():
    """Yield each line with the one that says the same, None where it has no one meaning."""
    meant = None
    for line in Path(__file__).with_name("typed.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            meant = None if line[2] == "!" else line[2:]
        elif not line.startswith("#"):
            yield line, meant


LINES = list(lines())


def answer_to(line, run):
    """Return what a line answers, or None, and what it says on standard error."""
    result = run([*shlex.split(line), "--format=json"])
    if result.exit_code != 0:
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        return None, result.stderr
    answer = json.loads(result.stdout)
    return {name: answer[name] for name in SAME if name in answer}, " ".join(answer["notes"])


def outcome(line, meant, run):
    """Return whether a line is answered as meant, told what would do, or only refused."""
    answer, said = answer_to(line, run)
    if meant is None:
        return "refused" if answer is None else "otherwise"
    if answer is not None:
        right = answer == answer_to(meant, run)[0]
        return "answered" if right else "told" if " is right" in said else "otherwise"
    if "did you mean" in said or "convcalc net --layers" in said:
        return "told"
    return "told" if "write " in said and "such as" not in said else "refused"


@pytest.fixture(scope="module")
def outcomes():
    return Counter()


@pytest.mark.parametrize(("line", "meant"), LINES, ids=[line for line, _ in LINES])
def test_none_is_understood_otherwise(line, meant, run, outcomes):
    found = outcome(line, meant, run)
    assert found != "otherwise"
    outcomes[found if meant else "no meaning"] += 1


def test_nine_of_ten_are_answered_or_told_what_would_do(outcomes):
    if outcomes.total() == len(LINES):  # not where only some were chosen
        asked = len(LINES) - outcomes["no meaning"]
        assert asked >= 270
        assert outcomes["answered"] + outcomes["told"] >= 0.9 * asked, outcomes
