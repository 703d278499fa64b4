"""Edits of lines: what is changed stands in its line once, and putting it in gives the new text."""

import random

import pytest

from convcalc.network.mending.source import Change, line_before, lines_between, put_in

LINES = ["self.fc = nn.Linear(400, 120)", "x = x.view(-1, 400)", "f(1, 1, 1)", "é = g(é, 'ü', 3)",
         "", "    return x", "a = b = a"]  # fmt: skip


def applied(text, found):
    lines = text.split("\n")
    for line, old, new in found:
        assert lines[line - 1].count(old) == 1
        lines[line - 1] = lines[line - 1].replace(old, new)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(60))
def test_edits_give_the_new_text(seed):
    rng = random.Random(seed)
    old = "\n".join(rng.choice(LINES) for _ in range(rng.randint(1, 8)))
    lines = old.split("\n")
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        start = rng.randint(0, len(lines[at]))
        end = rng.randint(start, len(lines[at]))
        if lines[at].strip():
            lines[at] = (
                lines[at][:start] + rng.choice(["7", "h(x)", ", p=2", "k"]) + lines[at][end:]
            )
    new = "\n".join(lines)
    found = list(lines_between(old, new))
    if all(words.strip() for _, words, _ in found):
        assert applied(old, found) == new


def test_only_what_is_another_one_is_said():
    old = "x = 1\nself.fc = nn.Linear(400, 120)"
    assert list(lines_between(old, old.replace("400", "576"))) == [(2, "400", "576")]


def test_what_stands_in_a_line_twice_is_said_with_what_is_around_it():
    ((line, old, new),) = lines_between("f(1, 1)", "f(1, 2)")
    assert (line, "f(1, 1)".count(old), "f(1, 1)".replace(old, new)) == (1, 1, "f(1, 2)")


def test_a_line_more():
    old = "import torch\nx = 1\ny = 2"
    for new in ("import math\nimport torch\nx = 1\ny = 2", "import torch\nx = 1\nz = 3\ny = 2"):
        assert applied(old, lines_between(old, new)) == new
    assert line_before(old, "import math\nimport torch\nx = 1\ny = 2", 4) == 3


def test_several_changes_of_a_line():
    changes = [Change("a", 1, 2, 3, "b"), Change("a", 1, 5, 6, "cc"), Change("a", 2, 0, 0, "z")]
    assert put_in("f(1, 1)\ny", changes) == "f(b, cc)\nzy"
