"""The house: imports run downwards only, and nothing but Click and Rich is needed."""

import ast
import re
import sys
from pathlib import Path

import convcalc

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "convcalc"

ROOMS = [
    ["__main__"],
    ["cli"],
    ["options"],
    ["interface"],
    ["reading"],
    ["output"],
    ["drawing", "writers"],
    ["keys", "views"],
    ["pages", "glyphs"],
    ["checker", "solver", "network", "walkthrough", "weights"],
    ["mistakes", "parsing", "calculator"],
    ["question", "layers"],
    ["features", "rearranging", "sliding"],
    ["layer"],
    ["pooling"],
    ["windows"],
    ["pseudocode"],
    ["formulas"],
]
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}


def imports(path):
    """Yield what a module imports anywhere in it, but not what is for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.module == "convcalc":
                yield from (f"convcalc.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_imports_run_downwards():
    files = {path.stem: path for path in PACKAGE.glob("*.py")}
    assert set(files) - {"__init__"} == set(FLOOR)
    for room, path in files.items():
        for name in imports(path):
            package, _, other = name.partition(".")
            if package != "convcalc" or other in ("", "__version__"):
                continue
            if room == "__init__":
                assert other == "formulas"
            else:
                assert FLOOR[room] < FLOOR[other], f"{room} imports {other}"


def test_only_the_standard_library_click_and_rich():
    for path in [*PACKAGE.glob("*.py"), *(ROOT / "tests").glob("*.py")]:
        allowed = {"click", "rich", "convcalc", *sys.stdlib_module_names}
        if path.parent != PACKAGE:
            allowed |= {"pytest", "test_terminal", "wrong"}
        assert {name.split(".")[0] for name in imports(path)} <= allowed, path


def test_formulas_need_the_standard_library_alone():
    names = {name.split(".")[0] for name in imports(PACKAGE / "formulas.py")}
    assert names <= set(sys.stdlib_module_names)


def test_the_version_stands_in_one_place():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'path = "convcalc/__init__.py"' in project
    assert convcalc.__version__ not in project
    assert re.fullmatch(r"\d+\.\d+\.\d+", convcalc.__version__)


def test_the_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").exists()


def test_everything_public_is_there():
    for name in convcalc.__all__:
        assert getattr(convcalc, name).__doc__
