"""Python is the oracle: what it says of each snippet of the corpus, the reader says, or refuses."""

import ast
import functools
import json
import re
from collections import Counter, defaultdict

import pytest
from reading.make_corpus import CORPUS, all_snippets
from reading.names import TYPES, names
from reading.reader import verdict

EQUAL = 0.97
"""The least share of the snippets that isn't refused."""
SNIPPETS = [json.loads(line.rstrip(",")) for line in CORPUS.read_text("utf-8").splitlines()[1:-1]]
COVERED = names()
DISPLAYED = {*TYPES, "bool", "Ellipsis"}
"""What may stand in a program without its name: `[1]` is a list."""


@pytest.fixture(scope="module")
def tagged():
    """Return the snippets of each tag."""
    found = defaultdict(list)
    for snippet in SNIPPETS:
        for tag in snippet["tags"]:
            found[tag].append(snippet)
    return found


@pytest.mark.parametrize("name", COVERED)
def test_each_name_has_snippets(name, tagged):
    found = tagged[name]
    assert len(found) >= 3, (
        f"{name} has {len(found)} snippets: write {3 - len(found)} more in"
        f" tests/reading/snippets, or say in NOT_FOLLOWED that convcalc doesn't follow it"
    )
    assert any(snippet["raised"] for snippet in found), (
        f"no snippet of {name} raises anything: write one in tests/reading/snippets"
    )


def test_each_tag_is_a_name():
    tags = {tag for snippet in SNIPPETS for tag in snippet["tags"]}
    assert not tags - set(COVERED), "these tags are none of the names that are covered"


def stands_in(tag, snippet):
    """Return whether a program has what its tag says; of one that isn't Python, nobody knows."""
    program, word = snippet["program"], tag.rsplit(".", 1)[-1]
    if tag.startswith("ast."):
        if snippet.get("error", [""])[0] == "SyntaxError":
            return True
        return word in {type(node).__name__ for node in ast.walk(ast.parse(program))}
    return (
        tag in DISPLAYED
        or word.startswith("__")
        or word in snippet["raised"]
        or re.search(rf"\b{word}\b", program) is not None
    )


def test_each_tag_stands_in_its_program():
    assert not [
        f"{snippet['name']} isn't about {tag}"
        for snippet in SNIPPETS
        for tag in snippet["tags"]
        if not stands_in(tag, snippet)
    ]


def test_the_corpus_is_that_of_the_snippets():
    written = {snippet["name"]: snippet["program"] for snippet in all_snippets()}
    kept = {snippet["name"]: snippet["program"] for snippet in SNIPPETS}
    assert written == kept, "run python tests/reading/make_corpus.py"


@functools.cache
def read(number):
    """Return the verdict on a snippet, which is read once."""
    return verdict(SNIPPETS[number], SNIPPETS[number]["program"])


@pytest.mark.parametrize("number", range(len(SNIPPETS)), ids=lambda n: SNIPPETS[n]["name"])
def test_equal_or_refused(number):
    said, found = read(number)
    snippet = SNIPPETS[number]
    assert said != "wrong", (
        f"{snippet['program']}\nPython: {snippet.get('said')} {snippet.get('error')}"
        f"\nreader: {found.get('said')} {found.get('error')}"
    )


def test_most_are_equal():
    said = Counter(read(number)[0] for number in range(len(SNIPPETS)))
    assert said["equal"] >= EQUAL * len(SNIPPETS), dict(said)
