"""homes.txt says where each function of torch stands, and a function is loaded once asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "tests" / "data" / "make_function_homes.py"
HOMES = ROOT / "convcalc" / "network" / "torch" / "rooms" / "homes.txt"
ASK = """
import random, sys
from convcalc.network.torch.functions.registry import Operation
from convcalc.network.torch.rooms.room import BY_LETTER, homes
asked = [(letter, name) for letter, names in homes().items() for name in names]
random.Random(sys.argv[1]).shuffle(asked)
for letter, name in asked:
    found = BY_LETTER[letter][name]
    assert found is BY_LETTER[letter][name]
    if isinstance(found, Operation) and not name.startswith("__"):
        assert found.name == BY_LETTER[letter].prefix + name, (letter, name, found)
said = {
    key: (f.name, f.function.__qualname__, f.takes[0], sorted(f.takes[1]), f.counted, f.loose,
          f.in_place, f.changes)
    for key, f in ((key, BY_LETTER[key[0]][key[1]]) for key in asked) if isinstance(f, Operation)
}
print(sorted(said.items()))
"""
"""Asks for every function by its name, in an order by chance, and says what was found."""
LOADED = "convcalc.network.torch.functions"


def run(program, *arguments):
    """Return what a program of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


def test_every_function_has_its_home():
    """Where this fails, run tests/data/make_function_homes.py: a function was added or moved."""
    program = f"import runpy; print(runpy.run_path({str(SCRIPT)!r})['found'](), end='')"
    assert run(program) == HOMES.read_text(encoding="utf-8")


def test_the_order_in_which_functions_are_asked_for_makes_no_difference():
    assert run(ASK, "1") == run(ASK, "2") != "[]\n"


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("", {"creating", "attributes", "shaping"}),
        ("torch.flatten(x, 1)", {"creating", "attributes", "shaping"}),
        ("x + x", {"paired", "pointwise"}),
        ("x.shape", {"attributes"}),
        ("torch.fft.fft(x)", {"fourier"}),
        ("nn.functional.cross_entropy", {"losses"}),
    ],
)
def test_a_call_loads_its_own_file(code, files):
    program = (
        "import sys\n"
        "from convcalc.network.torch.namespace import TORCH_LIBRARY as torch\n"
        "from convcalc.network.torch.tensor import Tensor\n"
        "from convcalc.reading.attributes import get\n"
        "x = Tensor((2, 3, 4))\n"
        f"names = {code.split('(')[0]!r}.split('.')\n"
        "value = {'torch': torch, 'nn': torch.find('nn'), 'x': x}.get(names[0])\n"
        "for name in names[1:]:\n"
        "    value = value.get(name)\n"
        "if names == ['x + x']:\n"
        "    x + x\n"
        f"print(*(each for each in sys.modules if each.startswith({LOADED!r})))\n"
    )
    loaded = {each.rpartition(".")[2] for each in run(program).split()}
    assert files <= loaded
    rare = {"fourier", "losses", "apart", "einsum", "in_place", "joining", "indexing"}
    assert loaded & rare <= files


@pytest.mark.parametrize("name", ["no_such_function", "_nothing"])
def test_what_is_not_there_is_not_there(name):
    from convcalc.network.torch.functions.registry import TORCH
    from convcalc.network.torch.tensor import METHODS

    assert name not in TORCH
    assert TORCH.get(name) is None
    with pytest.raises(KeyError):
        METHODS[name]
    assert "flatten" in METHODS
    assert len(METHODS) == len(list(METHODS)) == len(METHODS.items())
