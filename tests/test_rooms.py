"""The house: imports run downwards only and never in circles; every folder has its map."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

import convcalc

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "convcalc"

FLOORS = [
    {"__main__"},
    {"cli", "api"},
    {"output"},
    {"single", "network", "checking"},
    {"reading", "layers"},
    {"text", "own", "references"},
    {"formulas"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
ONLY = {
    "reading": {"text", "own", "formulas"},
    "references": {"formulas"},
    "__init__": {"formulas", "api"},
}
"""Rooms that may import less than all that is below them; the package's own file begins lowest."""
DRAWS = ("output/terminal/", "output/saved.py")
"""The only places that import Rich."""
BEGINS = {"__init__.py", "cli/__init__.py", "output/__init__.py"}
"""The only `__init__` files with code in them."""
MOST_LINES = 700
LONGER = {"formulas.py": 800, "network/torch/functions/signatures.txt": 1000}
"""What has to be longer: `formulas`, and a table that a script writes."""
MOST_FILES = 16
BY_NAME = ("reading/library", "network/packages/fronts")
"""Folders where a file's name is that of a module, so that nobody looks through them."""
MOST_BESIDE = 7

FILES = sorted(PACKAGE.rglob("*.py"))
WRITTEN = sorted(
    path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".txt", ".html", ".js", ".css")
)
MAPS = [path for path in FILES if path.name == "__init__.py"]
FOLDERS = sorted({path.parent for path in WRITTEN})


def inside(path):
    """Return a path within the package, as text."""
    return path.relative_to(PACKAGE).as_posix()


def room_of(path):
    """Return the room that a file stands in: its folder, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def called(path):
    """Return what the test of a path is called."""
    return inside(path)


@cache
def imports(path):
    """Return what a file imports anywhere in it, but for type checkers alone: (module, name)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found += [(node.module, alias.name) for alias in node.names]
    return found


def imported_files(path):
    """Return the files of the package that a file imports."""
    files = set()
    for module, name in imports(path):
        for parts in ([*module.split("."), name], module.split(".")):
            place = ROOT.joinpath(*filter(None, parts))
            file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            if parts[0] == "convcalc" and file.exists():
                files.add(file)
                break
    return files - {path}


def circle(arrows):
    """Return a circle of a graph, none where there is none."""
    done = set()

    def walk(at, before):
        if at in before:
            return [*before[before.index(at) :], at]
        if at in done:
            return []
        found = next(filter(None, (walk(to, [*before, at]) for to in arrows.get(at, ()))), [])
        done.add(at)
        return found

    return next(filter(None, (walk(each, []) for each in arrows)), [])


@pytest.mark.parametrize("path", FILES, ids=called)
def test_imports_run_downwards(path):
    room = room_of(path)
    for other in {room_of(each) for each in imported_files(path)} - {room, "__init__"}:
        if room in ONLY:
            assert other in ONLY[room], f"{room} imports {other}"
        else:
            assert FLOOR[room] < FLOOR[other], f"{room} imports {other}"


def test_every_room_is_on_a_floor():
    assert {room_of(path) for path in FILES} <= {*FLOOR, "__init__"}


def test_a_circle_is_seen():
    assert circle({1: [2], 2: [3], 3: [2]}) == [2, 3, 2]
    assert circle({1: [2, 3], 2: [3], 3: []}) == []


def test_no_files_import_one_another_in_a_circle():
    arrows = {each: sorted(imported_files(each)) for each in FILES}
    assert list(map(inside, circle(arrows))) == []


def test_no_folders_import_one_another_in_a_circle():
    arrows = {}
    for path in FILES:
        for other in imported_files(path):
            folder, to = path.parent, other.parent
            if not folder.is_relative_to(to) and not to.is_relative_to(folder):
                arrows.setdefault(folder, set()).add(to)
    assert list(map(inside, circle(arrows))) == []


@pytest.mark.parametrize("path", WRITTEN, ids=called)
def test_no_file_is_too_long_to_read(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGER.get(inside(path), MOST_LINES)


@pytest.mark.parametrize("folder", FOLDERS, ids=called)
def test_no_folder_has_too_many_files(folder):
    kinds = (".py",) if inside(folder) in BY_NAME else (".py", ".py.txt")
    files = [path for path in folder.iterdir() if path.name.endswith(kinds)]
    assert len(files) <= MOST_FILES


def test_few_files_stand_beside_the_folders():
    assert len([path for path in PACKAGE.iterdir() if path.is_file()]) <= MOST_BESIDE


def listed(folder):
    """Return what a folder's map has a line for.

    Texts in the Python that is read have their modules' names; a folder that holds nothing else
    has no `__init__`, and is in the map of the folder above.
    """
    inner = {path.parent for path in WRITTEN if path.name == "__init__.py"}
    for path in WRITTEN:
        if path.parent == folder or (path.parent.parent == folder and path.parent not in inner):
            name = path.relative_to(folder).as_posix()
            yield name.removesuffix(".py.txt").removesuffix(".py")
    yield from (f"{each.name}/" for each in FOLDERS if each.parent == folder)


@pytest.mark.parametrize("path", FILES, ids=called)
def test_every_file_is_in_a_folder_with_a_map(path):
    assert (path.parent / "__init__.py").exists()


@pytest.mark.parametrize("path", MAPS, ids=called)
def test_every_folder_has_its_map(path):
    """A line per file or folder: its name, two blanks or more, what it is for."""
    folder = path.parent
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    told = re.findall(r"^(\S+) {2,}\S", docstring or "", re.MULTILINE)
    assert sorted(told) == sorted(set(listed(folder)) - {"__init__"})


@pytest.mark.parametrize("path", MAPS, ids=called)
def test_folders_begin_with_nothing_but_their_map(path):
    code = ast.parse(path.read_text(encoding="utf-8")).body[1:]
    assert bool(code) == (inside(path) in BEGINS)


def test_only_what_draws_imports_rich():
    for path in FILES:
        uses = any(module.split(".")[0] == "rich" for module, _ in imports(path))
        assert not uses or inside(path).startswith(DRAWS), path


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
        assert {module.split(".")[0] for module, _ in imports(path)} <= allowed, path


def test_formulas_need_the_standard_library_alone():
    modules = {module.split(".")[0] for module, _ in imports(PACKAGE / "formulas.py")}
    assert modules <= set(sys.stdlib_module_names)


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
