"""The examiner, on a gallery of right and of wrong implementations as students write them."""

import ast
from pathlib import Path

import pytest

from convcalc.checking.check import Asked, check

GALLERY = Path(__file__).with_name("gallery")
OPERATIONS = {
    "unfold": "unfold",
    "fold": "fold",
    "conv2d_backward": "conv2d_backward",
    "backward": "conv2d_backward",
    "conv": "conv2d",
}
"""What an implementation is one of, by how its name begins."""
LIBRARIES = {
    "right_numpy": "numpy",
    "wrong_numpy": "numpy",
    "right_torch": "torch",
    "wrong_torch": "torch",
}
METHODS = {
    "right": ["Conv.forward", "Conv.static", "Conv.of_the_class"],
    "right_torch": ["Conv.forward", "Function.apply", "NewFunction.apply"],
}
NOT_CALLED = {("right", "Conv"), ("right_torch", "NewFunction")}


def operation_of(name):
    name = name.lower()
    begins = [begin for begin in OPERATIONS if name.startswith(begin)]
    return OPERATIONS[max(begins, key=len)] if begins else None


def written(file):
    """Return every function, class and made instance of a file, with its docstring."""
    found = {}
    for node in ast.parse((GALLERY / f"{file}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = ast.get_docstring(node) or ""
        elif isinstance(node, ast.Assign):
            found[node.targets[0].id] = ""
    return found


def right_ones():
    for file in ("right", "right_numpy", "right_torch"):
        names = [name for name in written(file) if operation_of(name)]
        if file == "right_torch":
            names += ["Learning", "Function"]
        for name in [*names, *METHODS.get(file, [])]:
            if (file, name) not in NOT_CALLED:
                yield pytest.param(file, name, id=f"{file}-{name}")


def wrong_ones():
    for file in ("wrong", "wrong_numpy", "wrong_torch"):
        for name, says in written(file).items():
            if operation_of(name):
                yield pytest.param(file, name, says, id=f"{file}-{name}")


@pytest.fixture
def examine(monkeypatch):
    """Run an implementation of the gallery, where what it needs is installed."""
    monkeypatch.chdir(GALLERY)

    def run(file, name):
        library = LIBRARIES.get(file, "list")
        if library != "list":
            pytest.importorskip(library)
        transposed = file.startswith("right") and name.endswith(("_transposed", "_bkp"))
        layout = "bkp" if transposed or name.endswith("asked_for_bkp") else "bpk"
        operation = operation_of(name) or "conv2d"
        return check(f"{file}.py:{name}", Asked(operation, library, layout))

    return run


@pytest.mark.parametrize(("file", "name"), [*right_ones()])
def test_right_ones_pass(file, name, examine):
    answer = examine(file, name)
    assert answer.failure is None
    assert answer.passed >= 30
    assert answer.failed == 0
    assert answer.likely is None


@pytest.mark.parametrize(("file", "name", "says"), [*wrong_ones()])
def test_wrong_ones_fail_and_are_told_why(file, name, says, examine):
    answer = examine(file, name)
    assert answer.failed
    assert answer.failure.reason
    if says.startswith("No known mistake"):
        assert answer.likely is None
    else:
        assert answer.likely.lower().startswith(says.rstrip(".").lower())


def test_the_gallery_is_large_enough():
    assert len([*right_ones(), *wrong_ones()]) >= 130
