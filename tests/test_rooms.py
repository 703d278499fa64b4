"""The house: imports run downwards only, and nothing but Click and Rich is needed."""

import ast
import re
import sys
from pathlib import Path

import pytest

import convcalc

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "convcalc"

FLOORS = [
    {"__main__"},
    {"cli"},
    {"output"},
    {"single", "network", "checking"},
    {"layers"},
    {"text"},
    {"formulas"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(PACKAGE.rglob("*.py"))
DRAWS = {"output/terminal.py", "output/saved.py"}
"""The only files that import Rich."""
BEGINS = {"__init__.py", "cli/__init__.py", "output/__init__.py"}
"""The only `__init__` files with anything in them."""


def room_of(module):
    """Return the room that a module of convcalc stands in: its folder, or its own name."""
    return module.split(".")[1]


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards(path):
    inside = path.relative_to(PACKAGE)
    room = inside.parts[0].removesuffix(".py")
    for name in imports(path):
        if not name.startswith("convcalc.") or name == "convcalc.__version__":
            continue
        other = room_of(name)
        if room == "__init__":
            assert other == "formulas"
        elif other != room:
            assert FLOOR[room] < FLOOR[other], f"{inside} imports {name}"


def test_every_room_is_on_a_floor():
    assert {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES} == {
        *FLOOR,
        "__init__",
    }


def test_folders_begin_empty():
    for path in PACKAGE.rglob("__init__.py"):
        inside = str(path.relative_to(PACKAGE))
        assert (inside in BEGINS) == bool(path.read_text(encoding="utf-8")), inside


def test_only_what_draws_imports_rich():
    for path in FILES:
        uses = any(name.split(".")[0] == "rich" for name in imports(path))
        assert not uses or str(path.relative_to(PACKAGE)) in DRAWS, path


def test_the_tests_stand_in_the_same_folders():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    tests = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("test_*.py"))}
    assert tests == folders


def test_only_the_standard_library_click_and_rich():
    own = {path.stem for path in (ROOT / "tests").iterdir()}
    for path in [*FILES, *(ROOT / "tests").rglob("test_*.py")]:
        allowed = {"click", "rich", "convcalc", *sys.stdlib_module_names}
        if path not in FILES:
            allowed |= {"pytest", *own}
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
