"""Models that are broken by chance: whatever is said of them has a name and a place."""

import ast
import json
import random
import re
from pathlib import Path

import pytest

from convcalc import ConvcalcError, net

DATA = Path(__file__).parents[1] / "data"
MODELS = [
    case for case in json.loads((DATA / "models.json").read_text(encoding="utf-8"))
    if "define" not in case and "/" not in case["target"]
]  # fmt: skip
TRIES = 8
"""How often each of the models below is broken."""
PLACELESS = re.compile(r" needs |has no |--in|models:")
"""What a refusal says that is about the question, and no line of the file."""


def broken(text, chance):
    """Return a program with one thing changed, as somebody might have mistyped or forgotten it."""
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    functions = [each for each in nodes if isinstance(each, ast.FunctionDef) and each.body[1:]]
    calls = [each for each in nodes if isinstance(each, ast.Call) and each.args]
    names = [each for each in nodes if isinstance(each, ast.Name) and each.id != "self"]
    numbers = [each for each in nodes if isinstance(each, ast.Constant) and type(each.value) is int]
    way = chance.randrange(5)
    if way == 0:
        number = chance.choice(numbers)
        number.value = chance.choice([number.value + 1, number.value * 2, 0, -number.value])
    elif way == 1:
        body = chance.choice(functions).body
        del body[chance.randrange(len(body))]
    elif way == 2:
        attribute = chance.choice([each for each in nodes if isinstance(each, ast.Attribute)])
        attribute.attr += "s"
    elif way == 3:
        chance.choice(names).id = chance.choice(names).id
    else:
        chance.choice(calls).args.pop()
    return ast.unparse(ast.fix_missing_locations(tree))


def told(target, shapes):
    """Return what is said of a model, and whether that has a place where it needs one."""
    try:
        error = net(target, *map(tuple, shapes)).error
    except ConvcalcError as refusal:
        return str(refusal), bool(PLACELESS.search(str(refusal)) or ", line " in str(refusal))
    if error is None:
        return "it fits", True
    return error.message, error.file is not None and error.line is not None


@pytest.mark.parametrize("case", MODELS[::9], ids=lambda case: case["target"])
def test_what_is_said_of_a_broken_model_has_a_name_and_a_place(case, tmp_path):
    name, _, expression = case["target"].partition(":")
    text = (DATA / "models" / name).read_text(encoding="utf-8")
    file = tmp_path / "net.py"
    for number in range(TRIES):
        file.write_text(broken(text, random.Random(f"{name} {number}")), encoding="utf-8")
        target = f"{file}:{expression}" if expression else str(file)
        said, placed = told(target, case["input"])
        assert placed, said
        assert re.match(r"[^:, ]", said), said
        assert not re.search(r"''| \(\)|\n|fault in convcalc", said), said
