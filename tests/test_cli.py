"""The command line: JSON to the letter, what is loaded, and where it is shown."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest

SHAPE_KEYS = (
    "layer",
    "input",
    "output",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "batch",
    "padded",
    "patches",
    "values_per_patch",
    "unfolded",
    "dropped",
    "code",
    "notes",
)
PARAMS_KEYS = (
    "layer",
    "weight_shape",
    "weights",
    "bias",
    "total",
    "bytes",
    "dtype",
    "macs",
    "flops",
    "code",
    "notes",
)
DEMO_KEYS = (
    "X",
    "U",
    "W",
    "W_matrix",
    "Y_matrix",
    "Y",
)


def in_process(*arguments, **environment):
    """Run convcalc as a person does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "convcalc", *arguments],
        capture_output=True,
        env=os.environ | environment,
        timeout=60,
    )


def test_shape_json(run):
    answer = json.loads(run("shape --in 3x32x32 --k 3 --s 1 --p 1 --format json").stdout)
    assert tuple(answer) == SHAPE_KEYS
    assert answer == {
        "layer": "Conv2d",
        "input": [3, 32, 32],
        "output": [None, 32, 32],
        "kernel_size": [3, 3],
        "stride": [1, 1],
        "padding": [[1, 1], [1, 1]],
        "dilation": [1, 1],
        "groups": 1,
        "batch": 1,
        "padded": [3, 34, 34],
        "patches": 1024,
        "values_per_patch": 27,
        "unfolded": [1024, 27],
        "dropped": [0, 0],
        "code": "nn.Conv2d(3, C_out, kernel_size=3, padding=1)",
        "notes": [],
    }


def test_shape_json_of_a_transposed_convolution(run):
    answer = json.loads(run("shape --in 3x8x8 --out 2 --k 4 --s 2 --transposed -f json").stdout)
    assert answer["output"] == [2, 18, 18]
    assert answer["patches"] is answer["values_per_patch"] is answer["unfolded"] is None
    assert answer["dropped"] == [0, 0]


def test_params_json(run):
    line = "params --in 3x32x32 --out 16 --k 3 --p 1 --format json"
    answer = json.loads(run(line).stdout)
    assert tuple(answer) == PARAMS_KEYS
    assert answer == {
        "layer": "Conv2d",
        "weight_shape": [16, 3, 3, 3],
        "weights": 432,
        "bias": 16,
        "total": 448,
        "bytes": 1792,
        "dtype": "float32",
        "macs": 442368,
        "flops": 884736,
        "code": "nn.Conv2d(3, 16, kernel_size=3, padding=1)",
        "notes": [],
    }


def test_params_json_without_axes_and_of_pooling(run):
    answer = json.loads(run("params --in 3 --out 16 --k 3 -f json").stdout)
    assert answer["macs"] is answer["flops"] is None
    answer = json.loads(run("params --in 3x8x8 --k 2 --pool max -f json").stdout)
    assert (answer["weight_shape"], answer["total"], answer["macs"]) == (None, 0, 0)


def test_demo_json(run):
    answer = json.loads(run("demo --in 1x2x2 --k 2 -f json").stdout)
    assert tuple(answer) == DEMO_KEYS
    assert answer["X"] == [[[[1, 2], [3, 4]]]]
    assert answer["U"] == [[[1, 2, 3, 4]]]
    assert answer["W_matrix"] == [[1], [2], [3], [4]]
    assert answer["Y"] == [[[[30]]]]


@pytest.mark.parametrize("command", ["shape", "params", "demo"])
def test_nothing_asked_is_a_worked_example_that_says_so(command, run):
    result = run(command)
    assert f"A worked example: convcalc {command} --in" in result.stdout


def test_a_layer_option_alone_is_no_worked_example(run):
    assert run("shape --dtype int8").exit_code == 2
    assert run("shape --transposed").exit_code == 2
    assert run("params --bias").exit_code == 2


@pytest.mark.parametrize("separator", ["x", "X", "×", ","])
def test_separators(separator, run):
    shape = separator.join(["3", "32", "32"])
    assert "p = 1" not in run(f"shape --in {shape} --k 3").stdout
    assert "3 × 30 × 30" in run(f"shape -i {shape} -k 3 -o 3").stdout


def test_the_long_names(run):
    long = run(
        "shape --input 4x9x9 --out-channels 2 --kernel-size 3 --stride 2 --padding 1 --dilation 2"
    )
    short = run("shape -i 4x9x9 -o 2 -k 3 -s 2 -p 1 -d 2")
    assert long.stdout == short.stdout != ""


def test_csv_is_for_programs(run):
    rows = list(csv.reader(io.StringIO(run("params --format csv").stdout)))
    assert rows[0] == ["quantity", "value", "how"]
    assert {row[0]: row[1] for row in rows}["MACs per sample"] == "442368"
    assert {row[0]: row[1] for row in rows}["weight tensor W"] == "16x3x3x3"


def test_the_demo_of_a_worked_example_fits_80_columns(run):
    assert max(map(len, run("demo").stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", ["shape", "params", "demo"])
def test_json_never_loads_rich(command):
    program = (
        "import sys\n"
        "from convcalc.cli import cli\n"
        f"cli(['{command}', '--format', 'json'], standalone_mode=False)\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'rich']\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.stderr == b""
    assert done.returncode == 0


def test_the_command_line_loads_click_alone_at_start():
    program = (
        "import sys, convcalc.cli\n"
        "own = {name for name in sys.modules if name.startswith('convcalc')}\n"
        "assert own == {'convcalc', 'convcalc.formulas', 'convcalc.cli'}, own\n"
        "assert 'rich' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


@pytest.mark.parametrize("command", ["shape", "params", "demo"])
@pytest.mark.parametrize("form", ["table", "csv", "markdown", "json"])
def test_plain_ascii_where_that_is_all_there_is(command, form):
    done = in_process(command, "--format", form, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"\\u" not in done.stdout
    assert b"\\x" not in done.stdout


def test_ascii_says_the_same(run):
    text = run("shape --in 3x32x32 --k 3 --p 1", charset="ascii").stdout
    assert "| output             | C_out x 32 x 32 | channels x height x width      |" in text
    assert "floor((32 - 3 + 2*1)/1) + 1" in text


def test_version(run):
    assert run("--version").stdout.startswith("convcalc 0.")
