"""Hostile input: seeded, some thousands of questions in-process. Never a traceback, never a run."""

import json
import random
import string
import subprocess
import sys
from pathlib import Path

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.network.model import answered, counted

DATA = Path(__file__).with_name("data")
NETWORKS = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))

NASTY = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "3",
    "2x2",
    "3x8x8",
    "1x2x3x4",
    "1x2x3x4x5",
    "9" * 12,
    "9" * 13,
    "9" * 5000,
    "-" * 100,
    "٣x٣",
    "３x３",
    "1_000",
    "0x10",
    "1e9",
    "nan",
    "inf",
    "3.5",
    "same",
    "valid",
    "full",
    "SAME",
    "1:2",
    "1:2x3:4",
    ":",
    "x",
    "xxx",
    "x" * 5000,
    "3,3,3",
    "3×3",
    "\x00",
    "\x1b[31m",
    "\r\n",
    "\ud800",
    "‮",
    "💥",
    "{0}",
    "{package}",
    "%s",
    "$(id)",
    "--k",
    "[bold]",
    ":smile:",
    "'",
    '"',
    "\\",
]
VALUES = {
    "shape": "--in --out --k --s --p --d --groups --output-padding --pool --batch --dtype",
    "params": "--in --out --k --s --p --d --groups --output-padding --pool --batch --dtype",
    "demo": "--in --out --k --s --p --d --groups --batch --patch --layout --seed",
    "solve": "--in --out --k --s --p --d --max-k --limit",
    "net": "--in --layers --define",
    "check": "--op --as --layout --timeout",
}
FLAGS = {
    "shape": "--bias --no-bias --transposed --ceil-mode",
    "params": "--bias --no-bias --transposed --ceil-mode",
    "demo": "--bias --no-bias --backward --animate",
    "solve": "--transposed",
    "net": "--params-only",
    "check": "",
}
SENSIBLE = {
    "--in": ["3x8x8", "4x16", "2x5x6x7", "3"],
    "--out": ["4", "8", "4x4x4", "4x8"],
    "--k": ["1", "2", "3", "3x2"],
    "--pool": ["max", "avg"],
    "--dtype": ["int8"],
    "--layout": ["bpk", "bkp"],
    "--layers": ["ReLU()", "Conv2d(3, 4, 3)", "Linear(n, 3)"],
    "--define": ["n=8", "n=", "=3", "n=(1,2)", "n=9**9**9"],
    "--op": ["unfold", "fold"],
    "--limit": ["1", "100000"],
}


def answers(arguments):
    """Run one question and hold the result to what every answer has to be."""
    from click.testing import CliRunner

    from convcalc.cli import cli

    result = CliRunner().invoke(cli, arguments, prog_name="convcalc")
    shown = [argument[:80] for argument in arguments]
    assert result.exit_code in (0, 1, 2), shown
    assert result.exception is None or isinstance(result.exception, SystemExit), (
        shown,
        result.exception,
    )
    assert "Traceback" not in result.output, shown
    if result.exit_code == 2:
        assert result.stdout == "", shown
        assert result.stderr.startswith("Error: "), shown
        assert result.stderr.count("\n") == 1, shown
        assert len(result.stderr) < 1000, shown
        assert "\x1b" not in result.stderr, shown
    return result


@pytest.mark.parametrize("command", VALUES)
def test_random_options(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(f"options {command}")
    statuses = set()
    for _ in range(700):
        arguments = [command]
        for name in VALUES[command].split():
            draw = rng.random()
            if draw < 0.25:
                arguments += [name, rng.choice(NASTY)]
            elif draw < (0.9 if name in ("--in", "--k") else 0.45):
                arguments += [name, rng.choice(SENSIBLE.get(name, ["1", "2", "1x1"]))]
        for name in FLAGS[command].split():
            if rng.random() < 0.1:
                arguments.append(name)
        if rng.random() < 0.3:
            arguments += ["--format", rng.choice(["table", "json", "csv", "markdown", "x"])]
        if rng.random() < 0.05:
            arguments.append(rng.choice(NASTY))
        statuses.add(answers(arguments).exit_code)
    assert 2 in statuses
    assert command in ("check",) or 0 in statuses
    assert list(tmp_path.iterdir()) == []


OWN = [
    "[[1, 2], [3, 4]]",
    "[[[[1, 0.5], [-2, 1e3]]]]",
    '{"a": [1]}',
    "[[1, [2]]]",
    "[[]]",
    "[[NaN]]",
]


def test_random_numbers_of_ones_own():
    rng = random.Random("own numbers")
    statuses = set()
    for _ in range(400):
        arguments = ["demo"]
        for name in ("--x", "--w"):
            text = rng.choice(OWN[:2] if rng.random() < 0.7 else [*OWN, *NASTY])
            arguments += [name, mutated(text, rng) if rng.random() < 0.3 else text]
        if rng.random() < 0.2:
            arguments += ["--animate", "--delay", rng.choice(["0", *NASTY])]
        statuses.add(answers(arguments).exit_code)
    assert statuses == {0, 2}


def mutated(text, rng):
    """Return a text with a few things done to it that nobody would do on purpose."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.randint(1, 20))
        what = rng.randrange(8)
        if what == 0:
            text = text[:at] + text[end:]
        elif what == 1:
            text = text[:at] + rng.choice(string.printable) + text[at:]
        elif what == 2:
            text = text[:at] + rng.choice(NASTY[:40]) + text[at:]
        elif what == 3:
            text = text[:end] + text[at:]
        elif what == 4:
            digits = [i for i, c in enumerate(text) if c.isdigit()]
            if digits:
                at = rng.choice(digits)
                text = text[:at] + rng.choice(["0", "-1", "9" * 30, "1.5", "None"]) + text[at + 1 :]
        elif what == 5:
            text = text.replace("(", rng.choice(["((", "[", ""]), rng.randint(1, 3))
        elif what == 6:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
        else:
            text = text.replace("Conv2d", rng.choice(["Conv2D", "eval", "__import__", "Conv3d"]), 1)
        text = text or "x"
    return text


def test_mutated_networks():
    rng = random.Random("networks")
    outcomes = {"answered": 0, "refused": 0}
    for _ in range(4000):
        network = rng.choice(NETWORKS)
        sentence = ""
        text = mutated(network[rng.choice([f for f in ("python", "printed") if f in network])], rng)
        try:
            shape = tuple(network["input"])
            ask = (lambda r, root, s=shape: r.follow(root, [s])) if rng.random() < 0.8 else counted
            answer = answered(ask, None, text, defined={"n": 3}, sequential=rng.random() < 0.8)
            sentence = answer.error.sentence if answer.error else ""
            outcomes["answered"] += answer.fits
        except ConvcalcError as refusal:
            outcomes["refused"] += 1
            sentence = str(refusal)
        assert "\n" not in sentence, text
    assert min(outcomes.values()) > 100


BOMBS = {
    "newlines": "\n" * 3_000_000,
    "blanks": " " * 3_000_000,
    "too much": "x" * 5_000_000,
    "commas": "," * 1_000_000,
    "brackets": "(" * 1_000_000,
    "closed brackets": "(" * 90 + ")" * 90,
    "lists": "[" * 2000 + "]" * 2000,
    "signs": "Linear(" + "-" * 9000 + "1, 3)",
    "sum": "Linear(" + "+".join(["1"] * 4000) + ", 3)",
    "attributes": "Linear(" + ".".join(["a"] * 4000) + ", 3)",
    "powers": "Linear(9**9**9**9, 3)",
    "shift": "Linear(1 << 99999999, 3)",
    "text": "Linear('a' * 999999999, 3)",
    "digits": f"Linear({'9' * 100_000}, 3)",
    "float": "Linear(1e999999999, 3)",
    "comprehension": "Sequential(*[ReLU() for _ in range(10**9)])",
    "starred": "Sequential(" + "*[" * 50 + "ReLU()" + "]" * 50 + ")",
    "dots": "." * 100_000,
    "quotes": "'" * 100_001,
    "triple quotes": '"""' + "a" * 100_000,
    "backslashes": "\\" * 100_000,
    "null": "ReLU()\0",
    "surrogate": "ReLU()\ud800",
    "old line ends": "ReLU()\rReLU(x)\r(",
    "tabs": "\t" * 100_000 + "ReLU()",
    "semicolons": ";" * 100_000,
    "comments": "#" * 1_000_000,
    "nested print": "Net(\n" + "(a): Sequential(\n" * 100_000,
    "closing print": "Net(\n  (a): ReLU()\n" + ")\n" * 100_000,
    "repeated": "Net(\n" + "(0-99999): 100000 x Sequential(\n" * 20 + "(a): ReLU()\n" + ")\n" * 21,
    "pieces": "Net(\n" + "(0-99999): 100000 x ReLU()\n" * 50 + ")",
    "huge layer": "Linear(10**12, 10**12), " * 1000,
    "huge padding": "ZeroPad2d(10**12), " * 200 + "ZeroPad2d(-10**12)",
    "huge upsampling": "Upsample(scale_factor=1e11), " * 60 + "ReLU()",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name, run):
    result = run("net - --in 3x8x8", input=BOMBS[name].encode("utf-8", "surrogatepass"))
    assert result.exit_code in (0, 1, 2)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert len(result.stderr) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "Net(\n  (\x1b[31m0): ReLU()\n)",
        "Net(\n  (a\x9b31m): ReLU()\n)",
        "Net\x1b[31m(\n  (a): ReLU()\n)",
        "Net(\n  (a): \x1b[31m()\n)",
        "Net(\n  (a): Dropout(p='\x1b[31m')\n)",
        "Sequential(OrderedDict([('\x1b[31m', ReLU())]))",
        "ReLU('\x1b[31m'",
        "Linear('\x1b[31m', 3)",
    ],
)
def test_a_text_does_not_steer_the_terminal(text, run):
    for command in ("net - --in 3x8x8", "net - --params-only"):
        result = run(command, input=text)
        assert "\x1b" not in result.output
        assert "\x9b" not in result.output


def test_memory_is_bounded():
    """A process that may take no more than 700 MB answers, or refuses, each of the bombs."""
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))\n"
        "from convcalc.cli import cli\n"
        "cli(['net', '-', '--in', '3x8x8'])\n"
    )
    for name in ("newlines", "commas", "brackets", "comments", "pieces", "sum", "nested print"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=BOMBS[name].encode(),
            capture_output=True,
            timeout=120,
        )
        assert done.returncode in (0, 1, 2), (name, done.stderr[-300:])
        assert b"Traceback" not in done.stderr, name


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_has(name):
    assert answers(["net", name, "--in", "3x8x8"]).exit_code == 2
    saved = answers(["shape", "--save", f"{name}.svg"])
    assert (saved.exit_code, saved.stderr[-29:]) == (2, ".svg: no file is called that\n")
    assert answers(["check", f"{name}.py:unfold", "--op", "unfold"]).exit_code == 2


def test_a_file_that_is_no_text(run, tmp_path):
    (tmp_path / "model.pt").write_bytes(bytes(range(256)) * 100)
    result = run(f"net {tmp_path}/model.pt --in 3x8x8")
    assert result.exit_code == 2
    assert result.stderr.endswith("model.pt: not a text in UTF-8\n")
    assert run(f"net {tmp_path} --in 3x8x8").exit_code == 2
