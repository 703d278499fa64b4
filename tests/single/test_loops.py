"""The loops that demo prints: run as they stand, they are the references."""

import ast
import json
import re
from pathlib import Path

import pytest

from convcalc import formulas
from convcalc.single.demo.loops import NEEDS, SOURCE, loops

CASES = json.loads(
    Path(__file__).parents[1].joinpath("data", "references.json").read_text(encoding="utf-8")
)


def arguments(operation, case):
    """Return what a reference is called with, in a case of PyTorch's."""

    def pairs(value):
        return tuple(map(pairs, value)) if isinstance(value, list) else value

    sizes = {name: pairs(case[name]) for name in ("stride", "padding", "dilation")}
    if operation == "unfold":
        return (case["x"], pairs(case["kernel_size"])), sizes
    if operation == "fold":
        u = [[list(row) for row in zip(*sample, strict=True)] for sample in case["v"]]
        size = (len(case["x"][0][0]), len(case["x"][0][0][0]))
        return (u, size, pairs(case["kernel_size"])), sizes
    sizes["groups"] = case["groups"]
    if operation == "conv2d_backward":
        return (case["grad_y"], case["x"], case["weight"]), sizes
    return (case["x"], case["weight"], case["bias"]), sizes


@pytest.mark.parametrize("operation", NEEDS)
def test_the_program_that_is_printed_is_the_reference(operation, run):
    printed = run(f"demo --code {operation}").stdout
    tree = ast.parse(printed)
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert printed.isascii()
    names = {}
    exec(printed, names)
    for case in CASES:
        positional, named = arguments(operation, case)
        expected = getattr(formulas, operation)(*positional, **named)
        assert names[operation](*positional, **named) == expected


@pytest.mark.parametrize("operation", NEEDS)
def test_a_program_has_what_it_calls_and_nothing_else(operation):
    tree = ast.parse(loops(operation).code)
    defined = [node.name for node in tree.body]
    assert tuple(defined) == NEEDS[operation]
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert set(defined) - called == {operation} or operation in called
    own = set(re.findall(r"^def (\w+)", SOURCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert called & own <= set(defined)


@pytest.mark.parametrize("operation", ["unfold", "fold", "conv2d", "conv2d_backward"])
def test_what_is_printed_passes_the_check(operation, run, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(run(f"demo --code {operation}").stdout, encoding="utf-8")
    done = run(f"check {path}:{operation} --op {operation}")
    assert done.exit_code == 0, done.stdout


def test_it_is_coloured_in_a_picture_alone(run, tmp_path):
    path = tmp_path / "code.svg"
    plain = run(f"demo --code conv2d --save {path}").stdout
    assert "\x1b" not in plain
    picture = path.read_text(encoding="utf-8")
    assert 'class="magenta' in picture
    assert 'class="cyan b"' in picture
    fenced = run("demo --code fold -f markdown").stdout
    assert fenced.startswith("```python\ndef pair(setting):\n")
    assert fenced.endswith("    return x\n```\n")
    assert json.loads(run("demo --code fold -f json").stdout)["operation"] == "fold"
    assert run("demo --code fold -f csv").stdout.startswith("code\ndef pair(setting):\n")
