"""Slips of the hand: understood, or answered with the very thing to type, which works."""

import re
import shlex
from pathlib import Path

import pytest

SHAPE = "shape --in 3x32x32 --k 3"
UNDERSTOOD = {
    "shape --in '(3, 32, 32)' --k 3": SHAPE,
    "shape --in '[3,32,32]' --k 3": SHAPE,
    "shape --in '(3, 32, 32,)' --k '(3,3)'": SHAPE,
    "shape --in '3*32*32' --k 3": SHAPE,
    "shape --in '3 32 32' --k '3 3'": SHAPE,
    "shape --in '3 x 32 x 32' --k 3": SHAPE,
    "shape --in 3X32×32 --k 3,3": SHAPE,
    "shape --in '1,024 × 27 × 27' --k 3": "shape --in 1024x27x27 --k 3",
    "shape --in 3x1,000,000 --k 1": "shape --in 3x1000000 --k 1",
    "shape --in 16,100 --k 3": "shape --in 16x100 --k 3",
    "shape --in 3x32x32 --k 1 --p 0,0": "shape --in 3x32x32 --k 1",
    "shape --in '3, 32, 32' --k [3]": SHAPE,
    f"{SHAPE} -f TABLE": SHAPE,
    f"{SHAPE} -f JSON": f"{SHAPE} -f json",
    f"{SHAPE} -f md": f"{SHAPE} -f markdown",
    f"{SHAPE} --dtype fp16": f"{SHAPE} --dtype float16",
    f"{SHAPE} --dtype Half": f"{SHAPE} --dtype float16",
    f"{SHAPE} --dtype double": f"{SHAPE} --dtype float64",
    f"{SHAPE} --pool MAX": f"{SHAPE} --pool max",
    f"{SHAPE} --p SAME": f"{SHAPE} --p same",
    "help": "--help",
    "help shape": "shape --help",
    "shape help": "shape --help",
    "net help": "net --help",
    "-V": "--version",
}
TYPOS = {
    # What was typed, what is suggested, and the line with it.
    "shape 3x32x32 --k 3": ("--in 3x32x32", SHAPE),
    "shape --in 3 32 32 --k 3": ("--in 3x32x32", SHAPE),
    "shape --in [3, 32, 32] --k 3": ("--in 3x32x32", SHAPE),
    "shape --in '(3,' 32, '32)' --k 3": ("--in 3x32x32", SHAPE),
    "shape -i 3x32x32 -k 3 3": ("-k 3x3", "shape -i 3x32x32 -k 3x3"),
    f"{SHAPE} --json": ("--format json", f"{SHAPE} --format json"),
    f"{SHAPE} --csv": ("--format csv", f"{SHAPE} --format csv"),
    f"{SHAPE} -json": ("--format json", f"{SHAPE} --format json"),
    f"{SHAPE} --max": ("--pool max", f"{SHAPE} --pool max"),
    f"{SHAPE} --pad 1": ("--padding", f"{SHAPE} --padding 1"),
    f"{SHAPE} --strides 2": ("--stride", f"{SHAPE} --stride 2"),
    f"{SHAPE} --Batch 2": ("--batch", f"{SHAPE} --batch 2"),
    f"{SHAPE} --batch-size 2": ("--batch", f"{SHAPE} --batch 2"),
    f"{SHAPE} --no_bias": ("--no-bias", f"{SHAPE} --no-bias"),
    f"{SHAPE} --pool maxpool": ("--pool max", f"{SHAPE} --pool max"),
    f"{SHAPE} --dtype flaot64": ("--dtype float64", f"{SHAPE} --dtype float64"),
    f"{SHAPE} --out 64x32x32": ("--out 64", f"{SHAPE} --out 64"),
    f"{SHAPE} --out 1,024": ("--out 1024", f"{SHAPE} --out 1024"),
    "shape -in 3x32x32 --k 3": ("--in", SHAPE),
    "shape --in 3x32x32 -kernel-size 3": ("--kernel-size", "shape --in 3x32x32 --kernel-size 3"),
    "shape --in 3x32x32 --kernel 3": ("--kernel-size", "shape --in 3x32x32 --kernel-size 3"),
    "shape --input-shape 3x32x32 --k 3": ("--in", SHAPE),
    "shape --in 3x32x32 k=3": ("--k 3", SHAPE),
    "shape --in 3x32x32 –k 3": ("--k", SHAPE),
    "shape --in 3x32x32": ("--k 3", SHAPE),
    "shape --k 3": ("--in 3x32x32", SHAPE),
    "params --in 3x32x32 --k 3": ("--out 16", "params --in 3x32x32 --k 3 --out 16"),
    "solve --in 3x32x32": ("--out 16x16x16", "solve --in 3x32x32 --out 16x16x16"),
    "net --layers 'ReLU()'": ("--in 3x224x224", "net --layers 'ReLU()' --in 3x224x224"),
    "--in 3x32x32 --k 3": ("convcalc shape --in 3x32x32 --k 3", SHAPE),
    "--in 3x32x32": ("convcalc shape --in 3x32x32 --k 3", SHAPE),
    "3x32x32 --k 3": ("convcalc shape --in 3x32x32 --k 3", SHAPE),
    "--layers 'ReLU()' --in 3": (
        "convcalc net --layers 'ReLU()' --in 3",
        "net --layers 'ReLU()' --in 3",
    ),
    "--in 3x8x8 --out 4x4x4": (
        "convcalc solve --in 3x8x8 --out 4x4x4",
        "solve --in 3x8x8 --out 4x4x4",
    ),
    "--patch 2": ("convcalc demo --patch 2", "demo --patch 2"),
    "tests/data/alexnet.txt --in 3x224x224": (
        "convcalc net tests/data/alexnet.txt --in 3x224x224",
        "net tests/data/alexnet.txt --in 3x224x224",
    ),
    "shap --in 3x32x32 --k 3": ("convcalc shape", SHAPE),
    "Params": ("convcalc params", "params"),
    "sovle": ("convcalc solve", "solve"),
}
SLIPS = {
    "shape --in 1x3x32x32 --k 3": "3x32x32",
    "shape --in 8x3x32x32 --k 3": "3x32x32",
    "shape --in 32x32x3 --k 3": "3x32x32",
    "shape --in 28x28x1 --k 3": "1x28x28",
    "shape --in 28x28 --k 3": "1x28x28",
    "params --in 32x32x3 --out 4 --k 3": "3x32x32",
    "solve --in 28x28 --out 8x14x14 --s 2": "1x28x28",
    "net --in 1x3x8x8 --layers 'Conv2d(3, 4, 3)'": "3x8x8",
    "demo --in 1x3x4x4 --k 3": "3x4x4",
    "shape --in 28x28 --k 3x3": "1x28x28",
}


@pytest.mark.parametrize("line", UNDERSTOOD)
def test_what_is_understood(line, run):
    result = run(line)
    assert result.exit_code == 0
    assert result.stdout == run(UNDERSTOOD[line]).stdout


@pytest.mark.parametrize("line", TYPOS)
def test_the_very_thing_to_type(line, run, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    suggestion, corrected = TYPOS[line]
    result = run(line)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    said = re.search(
        r"did you mean (.*)\?$|, (\S+ \S+) for example$|such as (.*)$|write (--.*)$", result.stderr
    )
    assert suggestion in said.groups()
    words = suggestion.removeprefix("convcalc ").split()
    assert all(word in shlex.split(corrected) or word in corrected for word in words)
    assert run(corrected).exit_code == 0


@pytest.mark.parametrize("line", SLIPS)
def test_shapes_that_look_like_a_slip(line, run):
    result = run(line)
    right = f", --in {SLIPS[line]} is right"
    if result.exit_code == 0:
        assert right in " ".join(result.stdout.split())
        assert right in " ".join(run(f"{line} --format json").stdout.split())
    else:
        assert right in result.stderr
    corrected = re.sub(r"--in \S+", f"--in {SLIPS[line]}", line)
    assert run(corrected).exit_code == 0
    assert "is read as" not in run(corrected).output


@pytest.mark.parametrize(
    "shape", ["3x32x32", "1x28x28", "64x3x3", "16x100", "3x8x8x8", "3x16x224x224", "4x4", "3x3x3"]
)
def test_shapes_that_look_like_none(shape, run):
    assert "is read as" not in run(f"shape --in {shape} --k 1").output


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nothing", "nothing is no command: shape, params, demo, net, solve and check are"),
        ("--foo", "--foo stands before a command: convcalc -h shows the commands"),
        ("shape --foo", "--foo is no option of shape: convcalc shape -h shows what is"),
        ("shape -x", "-x is no option of shape: convcalc shape -h shows what is"),
        (f"{SHAPE} --backward", "--backward is no option of shape, but of demo"),
        (f"{SHAPE} --groups", "--groups requires an argument"),
        (f"{SHAPE} foo", "foo belongs to no option: convcalc shape -h shows them"),
        (f"{SHAPE} --transposed=1", "--transposed does not take a value"),
        ("--version=1", "--version does not take a value"),
        (f"{SHAPE} -- -json", "-json belongs to no option: did you mean --format json?"),
    ],
)
def test_what_nobody_can_guess(line, sentence, run):
    assert run(line).stderr == f"Error: {sentence}\n"


def test_negative_numbers_and_short_options_are_no_typos(run):
    assert run("shape -i3x32x32 -k3 -s2 -p1").exit_code == 0
    assert "--p -1: at least 0" in run(f"{SHAPE} --p -1").stderr
