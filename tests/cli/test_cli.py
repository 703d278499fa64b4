"""The command line: JSON to the letter, what is loaded, and where it is shown."""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest
from pseudoterminal import ESCAPE, in_terminal

from convcalc.output.net import COLUMNS

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
    "dtype",
    "padded",
    "patches",
    "values_per_patch",
    "unfolded",
    "unfolded_bytes",
    "unread",
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
BACKWARD_KEYS = (
    "grad_Y",
    "grad_Y_matrix",
    "grad_W_matrix",
    "grad_W",
    "grad_U",
    "grad_X",
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
        "dtype": "float32",
        "padded": [3, 34, 34],
        "patches": 1024,
        "values_per_patch": 27,
        "unfolded": [1024, 27],
        "unfolded_bytes": 110592,
        "unread": [0, 0],
        "code": "nn.Conv2d(3, C_out, kernel_size=3, padding=1)",
        "notes": [],
    }


def test_shape_json_of_a_transposed_convolution(run):
    answer = json.loads(run("shape --in 3x8x8 --out 2 --k 4 --s 2 --transposed -f json").stdout)
    assert answer["output"] == [2, 18, 18]
    assert answer["patches"] is answer["values_per_patch"] is answer["unfolded"] is None
    assert answer["unfolded_bytes"] is None
    assert answer["unread"] == [0, 0]


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


def test_one_parameter_is_no_parameters(run):
    assert run("params --in 1 --out 1 --k 1 --no-bias").stdout.startswith("Conv2d: 1 parameter\n")


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("float32", 4), ("float64", 8), ("float16", 2), ("bfloat16", 2), ("int8", 1)],
)
def test_bytes_of_each_dtype(dtype, size, run):
    layer = f"--in 3x32x32 --out 16 --k 3 --p 1 --batch 2 --dtype {dtype} -f json"
    weights, shapes = (
        json.loads(run(f"params {layer}").stdout),
        json.loads(run(f"shape {layer}").stdout),
    )
    assert (weights["dtype"], weights["bytes"]) == (dtype, 448 * size)
    assert (shapes["dtype"], shapes["unfolded_bytes"]) == (dtype, 2 * 1024 * 27 * size)


@pytest.mark.parametrize(
    ("kernel", "layer", "shape"),
    [
        ("3", "Conv2d", [4, 3, 3, 3]),
        ("3x5", "Conv2d", [4, 3, 3, 5]),
        ("3x5x7", "Conv3d", [4, 3, 3, 5, 7]),
    ],
)
def test_channels_alone_take_their_axes_from_the_kernel(kernel, layer, shape, run):
    answer = json.loads(run(f"params --in 3 --out 4 --k {kernel} -f json").stdout)
    assert (answer["layer"], answer["weight_shape"]) == (layer, shape)


def test_demo_json(run):
    answer = json.loads(run("demo --in 1x2x2 --k 2 -f json").stdout)
    assert tuple(answer) == DEMO_KEYS
    assert answer["X"] == [[[[1, 2], [3, 4]]]]
    assert answer["U"] == [[[1, 2, 3, 4]]]
    assert answer["W_matrix"] == [[1], [2], [3], [4]]
    assert answer["Y"] == [[[[30]]]]


def test_demo_json_of_the_way_back(run):
    line = "demo --in 1x2x3 --k 2 --bias --grad '[[1, 2]]' -f json"
    answer = json.loads(run(line).stdout)
    assert tuple(answer) == (*DEMO_KEYS, "bias", *BACKWARD_KEYS, "grad_bias", "derivation")
    assert answer["grad_Y"] == [[[[1, 2]]]]
    assert answer["grad_Y_matrix"] == [[[1], [2]]]
    assert answer["grad_W_matrix"] == [[1 + 2 * 2], [2 + 2 * 3], [4 + 2 * 5], [5 + 2 * 6]]
    assert answer["grad_W"] == [[[[5, 8], [14, 17]]]]
    assert answer["grad_U"] == [[[1, 2, 3, 4], [2, 4, 6, 8]]]
    assert answer["grad_X"] == [[[[1, 2 + 2, 4], [3, 4 + 6, 8]]]]
    assert answer["grad_bias"] == [3]


def test_the_gradient_that_arrives_is_nobody_elses(run):
    answer = json.loads(run("demo --backward -f json").stdout)
    assert answer["grad_Y"] == [[[[100, 200], [300, 400]], [[500, 600], [700, 800]]]]


def test_demo_prints_4096_numbers_and_no_more(run):
    assert run("demo --in 1x64x64 --k 1 -f json").exit_code == 0
    refused = run("demo --in 1x17x241 --k 1 -f json")
    assert refused.exit_code == 2
    assert "X would be 1 × 1 × 17 × 241 = 4,097 numbers, the limit is 4,096" in refused.stderr


@pytest.mark.parametrize("command", ["shape", "params", "demo", "net", "solve"])
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


@pytest.mark.parametrize("command", ["shape", "params", "demo", "net", "solve"])
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
        "start = ['', '.cli', '.cli.click_extras', '.cli.errors', '.cli.needs', '.cli.options',\n"
        "    '.cli.values', '.formulas', '.output', '.text']\n"
        "assert own == {f'convcalc{name}' for name in start}, own\n"
        "assert 'rich' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


def test_what_is_understood_loads_no_guesses():
    program = (
        "import sys\n"
        "from convcalc.cli import cli\n"
        "cli(['shape', '-i', '3x8x8', '-k3', '--p', '1', '-f', 'json'], standalone_mode=False)\n"
        "assert 'convcalc.cli.typos' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


@pytest.mark.parametrize("command", ["shape", "params", "demo", "net", "solve"])
@pytest.mark.parametrize("form", ["table", "csv", "markdown", "json"])
def test_plain_ascii_where_that_is_all_there_is(command, form):
    done = in_process(command, "--format", form, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"\\u" not in done.stdout
    assert b"\\x" not in done.stdout


def test_ascii_says_the_same(run):
    text = run("shape --in 3x32x32 --k 3 --p 1", charset="ascii").stdout
    assert "| output             | C_out x 32 x 32 | channels x height x width " in text
    assert "| floor((H - K + 2P)/S) + 1 = floor((32 - 3 + 2*1)/1) + 1 |" in text


def test_version(run):
    assert run("--version").stdout.startswith("convcalc 0.")


NET_KEYS = (
    "input", "output", "fits", "complete", "error", "layers", "total_params", "trainable_params",
    "total_macs", "bytes", "input_bytes", "output_bytes", "batch", "dtype", "notes",
)  # fmt: skip
ROW_KEYS = (
    "name",
    "layer",
    "line",
    "input",
    "output",
    "params",
    "macs",
    "bytes",
    "receptive_field",
    "effective_stride",
    "from",
)


def test_net_json(run):
    line = "net --layers 'Conv2d(3, 4, 3, 2), Flatten(), Linear(36, 5)' --in 3x8x7 --format json"
    answer = json.loads(run(line).stdout)
    assert tuple(answer) == NET_KEYS
    assert tuple(answer["layers"][0]) == ROW_KEYS
    assert answer["layers"] == [
        {
            "name": "0",
            "layer": "Conv2d",
            "line": None,
            "input": [3, 8, 7],
            "output": [4, 3, 3],
            "params": 112,
            "macs": 972,
            "bytes": 144,
            "receptive_field": [3, 3],
            "effective_stride": [2, 2],
            "from": [-1],
        },
        {
            "name": "1",
            "layer": "Flatten",
            "line": None,
            "input": [4, 3, 3],
            "output": [36],
            "params": 0,
            "macs": 0,
            "bytes": 144,
            "receptive_field": None,
            "effective_stride": None,
            "from": [0],
        },
        {
            "name": "2",
            "layer": "Linear",
            "line": None,
            "input": [36],
            "output": [5],
            "params": 185,
            "macs": 180,
            "bytes": 20,
            "receptive_field": None,
            "effective_stride": None,
            "from": [1],
        },
    ]
    assert (answer["input"], answer["output"]) == ([3, 8, 7], [5])
    assert (answer["total_params"], answer["total_macs"], answer["bytes"]) == (297, 1152, 1188)


def test_the_receptive_field_of_adaptive_pooling(run):
    line = "net --layers 'Conv2d(3, 4, 3, 2), AdaptiveAvgPool2d((1, 7))' --in 3x15x29 -f json"
    pooled = json.loads(run(line).stdout)["layers"][1]
    assert pooled["output"] == [4, 1, 7]
    # 7 rows into 1 and 14 columns into 7: windows of 7 and 2, on positions that are 2 apart.
    assert pooled["receptive_field"] == [3 + (7 - 1) * 2, 3 + (2 - 1) * 2]


@pytest.mark.parametrize(("settings", "params"), [("", 0), (", affine=True", 16)])
def test_the_parameters_of_instance_norm(settings, params, run):
    line = f"net --layers 'InstanceNorm2d(8{settings})' --in 8x4x4 -f json"
    assert json.loads(run(line).stdout)["total_params"] == params


def test_net_params_only_json(run):
    answer = json.loads(run("net --layers 'Linear(3, 4)' --params-only -f json").stdout)
    assert tuple(answer) == NET_KEYS
    assert answer["input"] is answer["output"] is answer["total_macs"] is None
    assert answer["total_params"] == 16


def test_net_reads_standard_input_and_files(run, tmp_path):
    text = "Sequential(\n  (a): Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1))\n)\n"
    (tmp_path / "net.txt").write_text(text, encoding="utf-8-sig")
    from_file = run(f"net {tmp_path}/net.txt --in 3x8x8")
    assert from_file.exit_code == 0
    assert from_file.stdout == run("net - --in 3x8x8", input=text).stdout


def test_net_csv_has_a_row_a_layer(run):
    rows = list(csv.reader(io.StringIO(run("net --format csv").stdout)))
    assert rows[0][:5] == ["name", "layer", "input", "output", "kernel"]
    assert rows[1] == [
        *("0", "Conv2d", "1x32x32", "6x28x28", "5"),
        *("156", "0.3%", "117600", "18816", "5", "1"),
    ]
    total = next(row for row in rows if row[:1] == ["total"])
    assert total == ["total", "", "", "10", "", "61706", "", "416520", "58888", "", ""]


def test_names_are_shown_as_they_are(run):
    text = "Sequential(OrderedDict([('[bold]a', ReLU()), (':smile:', ReLU())]))"
    shown = run("net - --in 3x8x8", input=text).stdout
    assert "│ [bold]a " in shown
    assert "│ :smile: " in shown


def test_a_bar_in_a_name_ends_no_cell_in_markdown(run):
    text = "Sequential(OrderedDict([('a|b', ReLU())]))"
    shown = run("net - --in 3x8x8 --format markdown", input=text).stdout
    assert "\n| a\\|b | ReLU |" in shown
    heading = next(line for line in shown.splitlines() if line.startswith("| name"))
    row = next(line for line in shown.splitlines() if line.startswith("| a"))
    assert row.replace("\\|", "").count("|") == heading.count("|")


def test_net_has_as_much_time_as_it_is_given(run, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def forward(self, x):\n"
        "        for i in range(50_000):\n            i + i\n        return x\n"
    )
    short = run(f"net {slow} --in 3 --timeout 0.02")
    assert short.exit_code == 2
    assert short.stderr.startswith("Error: slow.py, line ")
    assert short.stderr.endswith(
        ": this takes more than 0.02 s to follow: --timeout gives it more\n"
    )
    assert run(f"net {slow} --in 3 --timeout 60").exit_code == 0


def test_net_runs_nothing(run, tmp_path):
    hidden = tmp_path / "run"
    for text in (
        f"Linear(open({str(hidden)!r}, 'w'), 3)",
        f"nn.Sequential(nn.ReLU(), exec('open({str(hidden)!r}, chr(119))'))",
        f"ReLU(inplace=[open({str(hidden)!r}, 'w') for _ in (1,)])",
        f"Linear(3, f'{{open({str(hidden)!r})}}')",
    ):
        assert run(f"net - --in 3x8x8 --define x=3 {''}", input=text).exit_code == 2
    assert not hidden.exists()


@pytest.mark.parametrize("command", ["", "shape", "params", "demo", "net", "solve", "check"])
def test_help_is_readable_anywhere(command, run):
    wide = run(f"{command} -h").stdout
    narrow = in_process(*command.split(), "-h", COLUMNS="60", PYTHONIOENCODING="ascii").stdout
    narrow = narrow.decode("ascii")
    assert not re.search(r"\\.", narrow)
    assert max(map(len, narrow.splitlines())) <= 60
    pasted = " ".join(narrow.replace("\\\n", "").split())
    for example in re.findall(r"^  (?:python .*)?convcalc (?:(?!  ).)*", wide, re.MULTILINE):
        assert example.strip() in pasted


@pytest.mark.parametrize("line", ["", "shape -h", "help check"])
def test_help_is_in_colour_on_a_terminal_alone(line, run):
    plain = run(line or "--help").stdout
    assert "\x1b" not in plain
    coloured, _ = in_terminal(*line.split(), columns=80)
    assert ESCAPE.sub("", coloured).split() == plain.split()
    for styled in ("\x1b[1mUsage: ", "\x1b[32mconvcalc ", "\x1b[36m", "-h, --help\x1b[0m"):
        assert styled in coloured
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = in_terminal(*line.split(), columns=80, **environment)[0]
        assert shown == ESCAPE.sub("", coloured)


def test_a_long_error_breaks_between_words():
    line = ["shape", "--in", "32x32", "--k", "3x3"]
    shown = in_terminal(*line, columns=40)[0].splitlines()
    assert max(map(len, shown)) <= 40
    assert " ".join(shown) == in_process(*line).stderr.decode().strip()
    name = "x" * 60
    shown = in_terminal("net", name, "--in", "3", columns=40)[0]
    assert name in shown


def test_own_numbers_from_text_and_from_a_file(run, tmp_path):
    (tmp_path / "w.json").write_text("[[[[1, 0], [0, -1]]], [[[0.5, 0], [0, 0]]]]")
    line = ["demo", "--x", "[[1, 2, 3], [4, 5, 6]]", "--w", f"{tmp_path}/w.json", "-f", "json"]
    answer = json.loads(run(line).stdout)
    assert answer["X"] == [[[[1, 2, 3], [4, 5, 6]]]]
    assert answer["Y"] == [[[[1 - 5, 2 - 6]], [[0.5, 1.0]]]]


def test_own_fractions_are_rounded_where_they_are_shown_and_that_is_said(run):
    text = run(["demo", "--x", "[[0.123456789, 1]]", "--k", "1", "--patch", "0"]).stdout
    assert "0.123457" in text
    assert "0.1234567" not in text
    assert "Numbers are shown to six digits; JSON has them in full." in text


def test_a_patch_by_its_window_is_the_same(run):
    line = "demo --in 1x4x4 --k 2 --patch"
    assert run(f"{line} 1,2").stdout == run(f"{line} 5").stdout
    assert "Y[0, 0, 1, 2] = 7·1 + 8·2 + 11·3 + 12·4 = 104" in run(f"{line} 5").stdout


def test_markdown_keeps_the_marks(run):
    lines = run("demo --in 1x3x3 --k 2 --patch 1 -f markdown").stdout.splitlines()
    assert "| 0 | 1 | **2** | **3** |" in lines
    assert "| 1 (0, 1) | **2** | **3** | **5** | **6** |" in lines
    assert any(line.startswith("| Y[0, 0, 0, 1] = 2·1 + 3·2") for line in lines)


def test_the_layout_of_pytorchs_unfold(run):
    text = run("demo --in 1x3x3 --k 2 --layout bkp").stdout
    assert "U  (b, k, p) = (1, 4, 4)  each window of X as a column" in text
    assert "Ũ" not in text


def test_the_columns_that_are_offered_are_those_that_there_are(run):
    line = "net --layers ReLU() --in 3 --columns size"
    assert run(line).stderr.endswith("there are " + ", ".join(each.name for each in COLUMNS) + "\n")
