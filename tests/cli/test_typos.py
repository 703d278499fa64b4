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
    "help help": "--help",
    "-h shape": "shape --help",
    "--help net": "net --help",
    f"{SHAPE} -f text": SHAPE,
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
    "shape --in 3x32x32 --kernal 3": ("--kernel-size", "shape --in 3x32x32 --kernel-size 3"),
    "shape --input-shape 3x32x32 --k 3": ("--in", SHAPE),
    "shape --in 3x32x32 k=3": ("--k 3", SHAPE),
    "shape --in 3x32x32 –k 3": ("--k", SHAPE),
    "shape --in 3x32x32": ("--k 3", SHAPE),
    "shape --k 3": ("--in 3x32x32", SHAPE),
    "params --in 3x32x32 --k 3": ("--out 16", "params --in 3x32x32 --k 3 --out 16"),
    "solve --in 3x32x32": ("--out 16x16x16", "solve --in 3x32x32 --out 16x16x16"),
    "solve --in 3x32x32 --out 64": ("--out 64x32x32", "solve --in 3x32x32 --out 64x32x32"),
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
    "shape 1,024x27x27 --k 3": ("--in 1024x27x27", "shape --in 1024x27x27 --k 3"),
    "shape --in 3x32x32 kernel=3": ("--kernel-size 3", "shape --in 3x32x32 --kernel-size 3"),
    "shape --in 3 x 32 x 32 --k 3": ("--in 3x32x32", SHAPE),
    "shape --in 3x 32x32 --k 3": ("--in 3x32x32", SHAPE),
    "shape --in 3x32 32 --k 3": ("--in 3x32x32", SHAPE),
    "shape 3 32 32 --k 3": ("--in 3x32x32", SHAPE),
    "shape --k 3 3x32x32": ("--in 3x32x32", SHAPE),
    "shape --k 3 (3, 32, 32)": ("--in 3x32x32", SHAPE),
    "shape --in 3x32x32 3": ("--k 3", SHAPE),
    "shape --transposed 3x32x32 --k 3": ("--in 3x32x32", f"{SHAPE} --transposed"),
    "params --k 3 --out 16 3x32x32": ("--in 3x32x32", "params --k 3 --out 16 --in 3x32x32"),
    "solve --max-k 3 3x32x32 --out 4x16x16": (
        "--in 3x32x32",
        "solve --max-k 3 --in 3x32x32 --out 4x16x16",
    ),
    "solve --out 16x16x16 3x32x32": ("--in 3x32x32", "solve --in 3x32x32 --out 16x16x16"),
    "solve --in 3x32x32 16x16x16": ("--out 16x16x16", "solve --in 3x32x32 --out 16x16x16"),
    "solve --in 3 32 32 16x16x16": (
        "--in 3x32x32 --out 16x16x16",
        "solve --in 3x32x32 --out 16x16x16",
    ),
    "solve 3x32x32 16x16x16": (
        "--in 3x32x32 --out 16x16x16",
        "solve --in 3x32x32 --out 16x16x16",
    ),
    "3x32x32 16x16x16": (
        "convcalc solve --in 3x32x32 --out 16x16x16",
        "solve --in 3x32x32 --out 16x16x16",
    ),
    "3 32 32": ("convcalc shape --in 3x32x32 --k 3", SHAPE),
    "demo --patch 1 2x3x3 --k 2": ("--in 2x3x3", "demo --patch 1 --in 2x3x3 --k 2"),
    "net --layers 'ReLU()' --in 3 --time-limit 20": (
        "--timeout",
        "net --layers 'ReLU()' --in 3 --timeout 20",
    ),
    "net --layers 'ReLU()' --in 3 --timout 20": (
        "--timeout",
        "net --layers 'ReLU()' --in 3 --timeout 20",
    ),
    "net --layers 'ReLU()' 3x32x32": ("--in 3x32x32", "net --layers 'ReLU()' --in 3x32x32"),
    "net --layers 'ReLU()' 3 32 32": ("--in 3x32x32", "net --layers 'ReLU()' --in 3x32x32"),
    "net 3x32x32 --layers 'ReLU()'": ("--in 3x32x32", "net --in 3x32x32 --layers 'ReLU()'"),
    "net tests/data/alexnet.txt 3x224x224": (
        "--in 3x224x224",
        "net tests/data/alexnet.txt --in 3x224x224",
    ),
    "net --columns name layer": ("--columns name,layer", "net --columns name,layer"),
    "net tests/data/alexnet.txt --params-only --columns name layer params": (
        "--columns name,layer,params",
        "net tests/data/alexnet.txt --params-only --columns name,layer,params",
    ),
    "check tests/checking/gallery/right.py unfold --op unfold": (
        "tests/checking/gallery/right.py:unfold",
        "check tests/checking/gallery/right.py:unfold --op unfold",
    ),
    "check tests/checking/gallery/right.py::unfold --op unfold": (
        "tests/checking/gallery/right.py:unfold",
        "check tests/checking/gallery/right.py:unfold --op unfold",
    ),
    "check tests/checking/gallery/right:unfold --op unfold": (
        "tests/checking/gallery/right.py:unfold",
        "check tests/checking/gallery/right.py:unfold --op unfold",
    ),
    f"{SHAPE} --bs 2": ("--batch", f"{SHAPE} --batch 2"),
    f"{SHAPE} --b 2": ("-b", f"{SHAPE} -b 2"),
    "shape --in 3x32x32 --ks 3": ("--k", SHAPE),
    "shape --in-channels 3x32x32 --k 3": ("--in", SHAPE),
    "shape --in_channels 3x32x32 --k 3": ("--in", SHAPE),
    f"{SHAPE} --output 4": ("--out", f"{SHAPE} --out 4"),
    f"{SHAPE} --output-shape 4": ("--out", f"{SHAPE} --out 4"),
    f"{SHAPE} --output_size 4": ("--out", f"{SHAPE} --out 4"),
    f"{SHAPE} --same": ("--p same", f"{SHAPE} --p same"),
    f"{SHAPE} --float16": ("--dtype float16", f"{SHAPE} --dtype float16"),
    f"{SHAPE} --fp16": ("--dtype float16", f"{SHAPE} --dtype float16"),
    f"{SHAPE} --maxpool": ("--pool max", f"{SHAPE} --pool max"),
    f"{SHAPE} --avg-pool": ("--pool avg", f"{SHAPE} --pool avg"),
    f"{SHAPE} --latex": ("--format latex", f"{SHAPE} --format latex"),
    "demo --animate --speed 0": ("--delay", "demo --animate --delay 0"),
    "solve --from 3x32x32 --out 4x32x32": ("--in", "solve --in 3x32x32 --out 4x32x32"),
    "solve --in 3x32x32 --to 4x32x32": ("--out", "solve --in 3x32x32 --out 4x32x32"),
    "check tests/checking/gallery/right.py:unfold --operation unfold": (
        "--op",
        "check tests/checking/gallery/right.py:unfold --op unfold",
    ),
    "net --train-mode --layers 'ReLU()' --in 3": (
        "--train",
        "net --train --layers 'ReLU()' --in 3",
    ),
    "shape --in 3x32x32 -kernel 3": ("--kernel-size", "shape --in 3x32x32 --kernel-size 3"),
    f"{SHAPE} -pad 1": ("--padding", f"{SHAPE} --padding 1"),
    "shape --in3x32x32 --k 3": ("--in 3x32x32", SHAPE),
    "shape -in3x32x32 --k 3": ("--in 3x32x32", SHAPE),
    "shape --in 3x32x32 --k3": ("--k 3", SHAPE),
    "shape in 3x32x32 --k 3": ("--in 3x32x32", SHAPE),
    f"{SHAPE} --bias False": ("--no-bias", f"{SHAPE} --no-bias"),
    f"{SHAPE} --bias=False": ("--no-bias", f"{SHAPE} --no-bias"),
    f"{SHAPE} --no-bias 0": ("--bias", f"{SHAPE} --bias"),
    f"{SHAPE} --p": ("--p 1", f"{SHAPE} --p 1"),
    "shape --k 3 --in": ("--in 3x32x32", SHAPE),
    f"{SHAPE} --format": ("--format table", f"{SHAPE} --format table"),
    "demo --patch": ("--patch 0", "demo --patch 0"),
    "net --columns": ("--columns name,layer", "net --columns name,layer"),
    "net --define": ("--define n=10", "net --layers 'Linear(3, n)' --in 3 --define n=10"),
    "--json": ("convcalc shape --format json", "shape --format json"),
    "--json --in 3x32x32 --k 3": (
        "convcalc shape --format json --in 3x32x32 --k 3",
        f"{SHAPE} --format json",
    ),
    "-in 3x32x32 --k 3": ("convcalc shape --in 3x32x32 --k 3", SHAPE),
    "--layers 'ReLU()'": (
        "convcalc net --layers 'ReLU()' --in 3x224x224",
        "net --layers 'ReLU()' --in 3x224x224",
    ),
    "--x '[[1, 2], [3, 4]]' --w '[[1]]'": (
        "convcalc demo --x '[[1, 2], [3, 4]]' --w '[[1]]'",
        "demo --x '[[1, 2], [3, 4]]' --w '[[1]]'",
    ),
    "--in 3x32x32 --k 3 shape": ("convcalc shape --in 3x32x32 --k 3", SHAPE),
    "3x32x32 --k 3 --out 16 params": (
        "convcalc params --in 3x32x32 --k 3 --out 16",
        "params --in 3x32x32 --k 3 --out 16",
    ),
    "--versoin": ("convcalc --version", "--version"),
    "-help": ("convcalc --help", "--help"),
    "-v": ("convcalc --version", "--version"),
    "version": ("convcalc --version", "--version"),
    "shape --version": ("convcalc --version", "--version"),
    "shape -V": ("convcalc --version", "--version"),
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
        r"did you mean (.*)\?$|, (--?\w+ \S+) for example$|such as (.*)$|write (--.*)$",
        result.stderr,
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
        ("nothing", "nothing is not a command: shape, params, demo, net, solve and check are"),
        ("--foo", "--foo comes before a command: convcalc -h shows the commands"),
        ("shape --foo", "--foo is not an option of shape: convcalc shape -h shows what is"),
        ("shape -x", "-x is not an option of shape: convcalc shape -h shows what is"),
        (f"{SHAPE} --backward", "--backward is not an option of shape, but of demo"),
        (f"{SHAPE} --patch 1", "--patch is not an option of shape, but of demo"),
        (f"{SHAPE} --animation", "--animation is not an option of shape, but demo has --animate"),
        (
            "solve --batch-size 2",
            "--batch-size is not an option of solve, but shape, params, demo and net have --batch",
        ),
        (
            "solve --output_padding 1",
            "--output_padding is not an option of solve, but shape, params and demo have "
            "--output-padding",
        ),
        (
            "solve --max-pool",
            "--max-pool is not an option of solve: convcalc solve -h shows what is",
        ),
        (
            f"{SHAPE} --padding-mode zeros",
            "--padding-mode is not an option of shape: convcalc shape -h shows what is",
        ),
        (f"{SHAPE} --model", "--model is not an option of shape: convcalc shape -h shows what is"),
        (f"{SHAPE} --torch", "--torch is not an option of shape: convcalc shape -h shows what is"),
        (f"{SHAPE} --time", "--time is not an option of shape: convcalc shape -h shows what is"),
        ("net --n 4", "--n is not an option of net: convcalc net -h shows what is"),
        ("net -pad 1", "-p is not an option of net, but of shape, params, demo and solve"),
        ("net -bias", "-bias is not an option of net, but shape, params and demo have --bias"),
        (
            "check -out 3",
            "-out is not an option of check, but shape, params, demo and solve have --out",
        ),
        ("net --file x.py", "--file is not an option of net: FILE[:EXPRESSION] stands without one"),
        (
            "check --function f",
            "--function is not an option of check: FILE.py:FUNCTION stands without one",
        ),
        (
            f"{SHAPE} --dtype int64",
            "--dtype int64: write float32, float64, float16, bfloat16 or int8",
        ),
        (
            f"{SHAPE} --dtype float128",
            "--dtype float128: write float32, float64, float16, bfloat16 or int8",
        ),
        (f"{SHAPE} --batch 4 4", "4 belongs to no option: convcalc shape -h shows them"),
        (f"{SHAPE} --groups 2 4", "4 belongs to no option: convcalc shape -h shows them"),
        (f"{SHAPE} 16x16x16", "16x16x16 belongs to no option: convcalc shape -h shows them"),
        (f"{SHAPE} --transposed 1", "--transposed does not take a value"),
        (f"{SHAPE} --no-bias 1", "--no-bias does not take a value"),
        (f"{SHAPE} ''", "'' belongs to no option: convcalc shape -h shows them"),
        ("net '' --in 3", "'' belongs to no option: convcalc net -h shows them"),
        (
            f"{SHAPE} -- --in 3x32x32",
            "--in comes after --, where nothing is read as an option: leave -- out",
        ),
        ("''", "'' is not a command: shape, params, demo, net, solve and check are"),
        ("foo -h", "foo is not a command: shape, params, demo, net, solve and check are"),
        ("help foo", "foo is not a command: shape, params, demo, net, solve and check are"),
        ("3x32x32 foo", "3x32x32 is not a command: shape, params, demo, net, solve and check are"),
        ("help --foo", "--foo comes before a command: convcalc -h shows the commands"),
        (
            "--op unfold",
            "--op is given without a command: did you mean convcalc check --op unfold "
            "mine.py:unfold?",
        ),
        (
            "--as numpy",
            "--as is given without a command: did you mean convcalc check --as numpy "
            "mine.py:unfold --op unfold?",
        ),
        (f"{SHAPE} --transposed foo", "foo belongs to no option: convcalc shape -h shows them"),
        (f"{SHAPE} foo", "foo belongs to no option: convcalc shape -h shows them"),
        (f"{SHAPE} --transposed=1", "--transposed does not take a value"),
        ("--version=1", "--version does not take a value"),
        (
            f"{SHAPE} -- -json",
            "-json comes after --, where nothing is read as an option: leave -- out",
        ),
    ],
)
def test_what_nobody_can_guess(line, sentence, run):
    assert run(line).stderr == f"Error: {sentence}\n"


def test_negative_numbers_and_short_options_are_no_typos(run):
    assert run("shape -i3x32x32 -k3 -s2 -p1").exit_code == 0
    assert "--p -1: at least 0" in run(f"{SHAPE} --p -1").stderr
