"""All that convcalc says, in one list: a sentence that changes is read again."""

import ast
import re

import pytest
from conftest import GOLDEN
from test_rooms import FILES, inside

WORDS = 4
"""What has so many words is a sentence, or a part of one, if it has one of these among them."""
SMALL_WORDS = re.compile(
    r"\b(a|an|and|are|as|be|by|can't|for|has|hasn't|in|is|isn't|it|its|no|none|not|of|only|or|than|"
    r"that|the|there|to|what|where|which|who|with|would)\b"
)


def is_docstring(node):
    """Whether a statement is a text alone, which is for readers of the code."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def said(node):
    """Yield the texts below a node, `{}` where something is put in."""
    if is_docstring(node):
        return
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
        yield "".join(map(str, parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
            continue  # which is in the whole
        yield from said(child)


def sentences(path):
    """Return what a file says, each once, in its order."""
    texts = said(ast.parse(path.read_text(encoding="utf-8")))
    lines = (" ".join(text.split()) for text in texts if len(text.split()) >= WORDS)
    return [line for line in dict.fromkeys(lines) if SMALL_WORDS.search(line)]


def collected():
    """Return the whole list, file by file."""
    parts = [(inside(path), sentences(path)) for path in FILES]
    return "\n".join(
        "\n".join([f"{name}", *(f"    {line}" for line in lines)]) + "\n"
        for name, lines in parts
        if lines
    )


@pytest.fixture
def golden(request):
    path = GOLDEN / "sentences.txt"
    if request.config.getoption("update_golden"):
        path.write_text(collected(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def test_every_sentence_stands_in_the_list(golden):
    assert collected() == golden, "pytest --update-golden writes the list anew: read it"
