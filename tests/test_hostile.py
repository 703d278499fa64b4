"""Hostile input: questions by chance, as many as --hostile says, and bombs made by hand.

Never a traceback, never a run, never a file opened that is none of the model's.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from mutations import NASTY, mutated, mutated_source
from network.hostile import load_everything
from printed_models import PRINTED

from convcalc.cli import cli
from convcalc.formulas import ConvcalcError
from convcalc.network.model import answered, counted, followed
from convcalc.output.net import as_json
from convcalc.reading import bounds

DATA = Path(__file__).with_name("data")
NETWORKS = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))
MODELS = json.loads((DATA / "models.json").read_text(encoding="utf-8"))
STEERS = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]")
"""What could steer a terminal."""

SENSIBLE = {
    "--in": ["3x8x8", "4x16", "2x5x6x7", "3", "x=3x8x8", "=3x8x8", "()", "4:int64"],
    "--out": ["4", "8", "4x4x4", "4x8"],
    "--k": ["1", "2", "3", "3x2"],
    "--pool": ["max", "avg"],
    "--dtype": ["int8"],
    "--layout": ["bpk", "bkp"],
    "--code": ["unfold", "conv2d"],
    "--layers": ["ReLU()", "Conv2d(3, 4, 3)", "Linear(n, 3)"],
    "--define": ["n=8", "n=", "=3", "n=(1,2)", "n=9**9**9", "n.a=8", "n=@n.json", "n={1: [2]}"],
    "--op": ["unfold", "fold"],
    "--limit": ["1", "1000"],
    "--columns": ["name,params", "params", "field,stride"],
    "--depth": ["0", "1"],
}


def answers(arguments, **settings):
    """Ask one question and hold the answer to what every answer has to be."""
    result = CliRunner().invoke(cli, arguments, prog_name="convcalc", **settings)
    shown = [argument[:80] for argument in arguments]
    assert result.exit_code in (0, 1, 2), shown
    assert result.exception is None or isinstance(result.exception, SystemExit), (
        shown,
        result.exception,
    )
    assert "Traceback" not in result.output, shown
    assert not STEERS.search(result.output), shown
    if result.exit_code == 2:
        assert result.stdout == "", shown
        assert result.stderr.startswith("Error: "), shown
        assert result.stderr.count("\n") == 1, shown
        assert len(result.stderr) < 1000, shown
    elif "json" in arguments:
        json.loads(result.stdout, parse_constant=pytest.fail)
    elif "csv" in arguments:
        assert list(csv.reader(io.StringIO(result.stdout), strict=True)), shown
    return result


@pytest.mark.parametrize("command", cli.commands)
def test_option_lines(command, hostile, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = [
        option
        for option in cli.commands[command].params
        if isinstance(option, click.Option) and option.name not in ("help", "save")
    ]
    statuses = set()
    few = min(0.15, 2 / len(options))  # so that some lines of many options have a meaning
    for chance in hostile:
        arguments, least = [command], chance.choice([0.0, 0.15])  # below it, options are nasty
        for option in options:
            name, draw = max(option.opts, key=len), chance.uniform(least, 1)
            if option.is_flag:
                if draw < few:
                    arguments.append(chance.choice([name, *option.secondary_opts]))
            elif name == "--format":
                if draw < 0.3:
                    arguments += [name, chance.choice(["table", "json", "csv", "latex", "x"])]
            elif draw < few:
                arguments += [name, chance.choice(NASTY)]
            elif draw < (0.9 if name in ("--in", "--k") else 2 * few):
                arguments += [name, chance.choice(SENSIBLE.get(name, ["1", "2", "1x1"]))]
        if chance.random() < 0.05:
            arguments.append(chance.choice(NASTY))
        statuses.add(answers(arguments).exit_code)
    assert 2 in statuses
    assert command == "check" or 0 in statuses
    assert list(tmp_path.iterdir()) == []


OWN = [
    "[[1, 2], [3, 4]]",
    "[[[[1, 0.5], [-2, 1e3]]]]",
    '{"a": [1]}',
    "[[1, [2]]]",
    "[[]]",
    "[[NaN]]",
]


def test_numbers_of_ones_own(hostile):
    statuses = set()
    for chance in hostile:
        arguments = ["demo"]
        for name in ("--x", "--w"):
            text = chance.choice(OWN[:2] if chance.random() < 0.7 else [*OWN, *NASTY])
            arguments += [name, mutated(text, chance) if chance.random() < 0.3 else text]
        if chance.random() < 0.2:
            arguments += ["--animate", "--delay", chance.choice(["0", *NASTY])]
        statuses.add(answers(arguments).exit_code)
    assert statuses == {0, 2}


VALUES = ["8", "-1", "1.5", "(3, 4)", "[1, [2]]", "{'a': 1}", "'text'", "None", "True", "Net"]


def test_definitions(hostile, tmp_path):
    file = tmp_path / "net.py"
    file.write_text(
        "import torch.nn as nn\nimport argparse\nopt = argparse.Namespace(n=3)\n"
        "class Net(nn.Sequential):\n    def __init__(self, n=opt.n):\n"
        "        super().__init__(nn.Linear(n, 3))\n"
    )
    statuses = set()
    for chance in hostile:
        arguments = ["net", chance.choice([str(file), f"{file}:Net(n)"]), "--in", "8"]
        for name in ("opt.n", "n", "opt", "Net", chance.choice(NASTY)):
            if chance.random() < (0.9 if name == "opt.n" else 0.1):
                value = chance.choice(["8"] if chance.random() < 0.5 else [*VALUES, *NASTY])
                text = f"{name}={value}"
                text = mutated(text, chance) if chance.random() < 0.3 else text
                arguments += ["--define", text]
        statuses.add(answers(arguments).exit_code)
    assert statuses == {0, 1, 2}


def held(ask):
    """Hold an answer about a network, or the refusal, to what each has to be."""
    try:
        answer = ask()
    except ConvcalcError as refusal:
        answer, sentence = None, str(refusal)
    else:
        sentence = answer.error.sentence if answer.error else ""
    assert "\n" not in sentence, sentence
    if answer is None:
        return "refused"
    if answer.fits:
        # A layer that a forward replaces has a row, and is no part of the model any more.
        assert sum(row.params or 0 for row in answer.rows) >= (answer.total_params or 0)
    assert sum(row.macs or 0 for row in answer.rows) == (answer.total_macs or 0)
    json.dumps(as_json(answer), allow_nan=False)
    return "answered" if answer.fits else "misfit"


def test_texts_of_networks(hostile):
    outcomes = set()
    texts = [
        (network[form], tuple(network["input"]))
        for network in NETWORKS
        for form in ("python", "printed")
        if form in network
    ]
    texts += [(PRINTED[name], (3, 64, 64)) for name in ("squeezenet1_1", "shufflenet_v2_x0_5")]
    for chance in hostile:
        text, shape = chance.choice(texts)
        text = mutated(text, chance)
        ask = (lambda r, root, s=shape: r.follow(root, [s])) if chance.random() < 0.8 else counted
        settings = {"sequential": chance.random() < 0.8}
        outcomes.add(held(lambda: answered(ask, None, text, **settings)))  # noqa: B023
    assert outcomes == {"refused", "misfit", "answered"}


WATCHED = ("open", "exec", "os.system", "subprocess.Popen", "socket.connect", "os.exec")
events = None
"""What was opened and run while somebody looked."""


def _watch(name, arguments):
    if events is not None and name in WATCHED:
        events.append((name, str(getattr(arguments[0], "co_filename", arguments[0]))))


@contextmanager
def watched():
    """Yield what is opened and run in the meantime."""
    global events
    if not hasattr(_watch, "added"):
        load_everything()
        sys.addaudithook(_watch)
        _watch.added = True
    events = []
    try:
        yield events
    finally:
        events = None


def test_sources(hostile, tmp_path, monkeypatch):
    """Models' sources with parts exchanged: none is run, nothing beside it is opened."""
    monkeypatch.setattr(bounds, "MOST_STEPS", bounds.MOST_STEPS // 8)
    step = bounds.MOST_STEPS_OF_A_STATEMENT
    monkeypatch.setattr(bounds, "MOST_STEPS_OF_A_STATEMENT", step // 8)
    shutil.copytree(DATA / "models", tmp_path / "models")
    folder = (tmp_path / "models").resolve()
    outcomes = set()
    for chance in hostile:
        case = chance.choice(MODELS)
        path, _, expression = case["target"].partition(":")
        file, shapes = folder / path, [tuple(shape) for shape in case["input"]]
        source = file.read_text(encoding="utf-8")
        text = (mutated if chance.random() < 0.2 else mutated_source)(source, chance)
        file.write_text(text, encoding="utf-8", errors="surrogatepass")
        given = {"defined": case.get("define"), "train": case.get("train", False)}
        with watched() as seen:
            outcomes.add(held(lambda: followed(file, expression or None, shapes, **given)))  # noqa: B023
        for event, what in seen:
            own = event == "open" and Path(what).resolve().is_relative_to(folder)
            assert own or is_ours(what), (event, what, text)
        file.write_text(source, encoding="utf-8")
    assert outcomes == {"refused", "misfit", "answered"}


def is_ours(path):
    """Return whether this is a module of convcalc or of Python, which is loaded when needed.

    Python's parser looks for the line of a mistake in a file called <unknown>, its compiler in one
    called <checked>.
    """
    roots = Path(bounds.__file__).parents[1], Path(os.__file__).parent
    loaded = any(Path(path).is_relative_to(root) for root in roots)
    return loaded or path in ("<unknown>", "<checked>") or path.startswith("<frozen ")


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


@pytest.mark.long
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
    assert saved.exit_code == 2
    assert saved.stderr.endswith(".svg: no file can have that name\n")
    assert answers(["check", f"{name}.py:unfold", "--op", "unfold"]).exit_code == 2


def test_a_file_that_is_no_text(run, tmp_path):
    for name, said in (
        ("model.py", "model.py: not a text in UTF-8\n"),
        ("model.pt", "model.pt holds weights, and no layers to follow: what print(model) shows, "
                     "or the model's source, would do\n"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(bytes(range(256)) * 100)
        result = run(f"net {tmp_path}/{name} --in 3x8x8")
        assert result.exit_code == 2
        assert result.stderr.endswith(said)
    assert run(f"net {tmp_path} --in 3x8x8").exit_code == 2
