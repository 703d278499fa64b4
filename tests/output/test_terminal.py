"""What a terminal shows: its width, colours, the animation; and pipes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pseudoterminal import ESCAPE, in_terminal, lines_of
from rich.cells import cell_len


@pytest.mark.parametrize(
    "line",
    [
        "shape --in 3x224x224 --out 64 --k 11 --s 4 --p 2 --batch 8",
        "shape --in 3x8x8 --k 3 --p 0:1x1:0",
        "params",
        "demo --in 3x5x5 --k 3 --out 4 --backward",
        "net tests/data/alexnet.txt --in 3x224x224",
        "net tests/data/models/unet_lists.py --in 3x64x64 --graph",
        "solve",
        "solve --in 16x8x8 --out 8x16x16 --transposed",
        "check",
    ],
)
def test_nothing_is_wider_than_a_narrow_terminal(line, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    text, status = in_terminal(*line.split(), columns=60)
    assert status == (line == "check")
    to_paste = ("nn.", "[[[[", "convcalc")
    lines = [line for line in lines_of(text) if not any(each in line for each in to_paste)]
    assert max(map(len, lines)) <= 60
    assert "…" not in text


ALEXNET = "net tests/data/alexnet.txt --in 3x224x224"
LEFT_OUT = {
    (ALEXNET, 60): "layer, input, kernel, share, MACs, memory, receptive field, effective stride",
    (ALEXNET, 80): "input, kernel, share, memory, receptive field, effective stride",
    (ALEXNET, 100): "input, kernel, share, memory, effective stride",
    (ALEXNET, 160): "",
    ("solve", 60): "unread",
    ("solve", 80): "",
    ("solve", 140): "",
    ("params", 44): "how",
    ("params", 20): "how",
}


@pytest.mark.parametrize(("line", "columns"), LEFT_OUT)
def test_the_least_important_columns_leave_first(line, columns, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    text, _ = in_terminal(*line.split(), columns=columns)
    shown = " ".join(lines_of(text))
    left_out = LEFT_OUT[line, columns]
    if left_out:
        assert f"left out for want of width: {left_out}" in shown
    else:
        assert "left out" not in shown


def test_a_row_without_a_name_says_what_it_is(tmp_path):
    (tmp_path / "net.py").write_text(
        "import torch\n"
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc = nn.Linear(12, 3)\n"
        "    def forward(self, x):\n"
        "        return self.fc(torch.flatten(x, 1))\n"
    )
    text, _ = in_terminal("net", str(tmp_path / "net.py"), "--in", "3x2x2", columns=32)
    rows = [line.split("│")[1].strip() for line in lines_of(text) if line.count("│") > 1]
    assert rows[:4] == ["name", "torch.flatten", "fc", "total"]


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 100, 140])
@pytest.mark.parametrize("line", [ALEXNET, "solve --in 16x8x8 --out 8x16x16 --transposed"])
def test_names_numbers_and_lines_to_paste_are_never_broken(line, columns, run, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    shown = lines_of(in_terminal(*line.split(), columns=columns)[0])
    rows = [cells(each) for each in run(line).stdout.splitlines() if each.startswith("│")]
    kept = [cells(each) for each in shown if each.startswith("│")]
    for row in rows[2:]:
        if len(row) != len(rows[0]):
            continue  # of the table of facts below
        name = [row[0] or row[1], row[0]]  # what has none is called by its layer, if that leaves
        assert any(each[0] in name and set(each) <= set(row) for each in kept), row
        if line.startswith("solve"):
            assert any(row[-1] in each for each in shown), row


def cells(line):
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_a_name_that_is_too_long_sticks_out_of_its_own_row_alone(tmp_path):
    (tmp_path / "net.txt").write_text(
        f"Sequential(\n  ({'n' * 300}): ReLU()\n  (short): ReLU()\n)\n"
    )
    line = ["net", str(tmp_path / "net.txt"), "--in", "3x8x8"]
    for columns, width in ((60, 60), (400, 200 + 130)):
        shown = lines_of(in_terminal(*line, columns=columns)[0])
        assert any("n" * 300 in each for each in shown)
        assert sum(len(each) > width for each in shown) == 1
        assert any(each.startswith("│ short  ") for each in shown)


def test_a_line_to_paste_goes_below_its_row_where_it_does_not_fit():
    text, _ = in_terminal("solve", "--limit", "1", columns=80)
    assert lines_of(text)[2:6] == [
        "│ kernel │ stride │ padding │ dilation │ unread │ parameters │",
        "│ PyTorch                                                    │",
        "├────────┼────────┼─────────┼──────────┼────────┼────────────┤",
        "│      2 │      2 │       0 │        1 │      0 │        208 │",
    ]
    assert lines_of(text)[6] == "│ nn.Conv2d(3, 16, kernel_size=2, stride=2)                  │"
    text, _ = in_terminal("solve", "--limit", "1", columns=140)
    assert "208 │ nn.Conv2d(3, 16, kernel_size=2, stride=2) │" in text


def test_columns_left_out_are_marked_and_counted():
    text, _ = in_terminal("demo", "--in", "3x4x4", "--k", "3", columns=60)
    assert "columns 9 to 19 of 27 left out" in text
    assert "⋯" in text
    text, _ = in_terminal("demo", "--in", "3x4x4", "--k", "3", columns=200)
    assert "left out" not in text


def test_a_pipe_leaves_nothing_out(run):
    assert "left out" not in run("demo --in 3x4x4 --k 3").stdout


def test_colour_marks_a_patch_on_a_terminal_and_brackets_without_colour():
    coloured, _ = in_terminal("demo", "--patch", "1")
    assert "\x1b[1;7;36m2" in coloured
    assert "[2]" not in lines_of(coloured)
    plain, _ = in_terminal("demo", "--patch", "1", NO_COLOR="1")
    assert "\x1b" not in plain
    assert "│  1  [2] [3] │" in plain


@pytest.mark.parametrize("columns", [40, 60, 100, 140])
def test_the_call_that_failed_is_never_broken(columns):
    call = "[19,20,21,22,23,24]]]], (2,2), stride=(1,2))"
    assert call in in_terminal("check", columns=columns)[0]


def test_what_fails_is_red():
    text, _ = in_terminal("check")
    kind = "size that the stride doesn't divide"
    failed = ESCAPE.sub("", next(line for line in text.splitlines() if kind in line))
    assert cells(failed) == [kind, "0", "2"]
    assert "\x1b[31m     2\x1b[0m" in text
    assert "\x1b[31m     0\x1b[0m" not in text


COMMANDS = ["", "shape", "params", "demo --patch 1", "net", "solve", "check"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_no_escapes_where_none_are_wanted(command, environment):
    text, status = in_terminal(*command.split(), columns=120, **environment)
    assert status == (command == "check")
    assert "\x1b" not in text
    assert "convcalc" in text


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_colour_where_it_is_wanted(command):
    text, _ = in_terminal(*command.split())
    assert "\x1b[" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_gets_plain_text_of_any_width(command, run):
    text = run(command).stdout
    assert "\x1b" not in text
    assert "…" not in text
    assert "left out" not in text


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_any_encoding_will_do(command, encoding):
    done = subprocess.run(
        [sys.executable, "-m", "convcalc", *command.split()],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        timeout=60,
    )
    assert done.returncode == (command == "check")
    assert b"Traceback" not in done.stderr
    text = done.stdout.decode(encoding)
    assert "\\u" not in text
    assert "\\x" not in text


def test_the_animation_steps_through_every_patch_and_leaves_the_terminal_clean():
    text, status = in_terminal("demo", "--animate", "--delay", "0.01")
    assert status == 0
    for patch in range(4):
        assert f"step {patch + 1} of 4: patch {patch} = window" in ESCAPE.sub("", text)
    assert text.index("\x1b[?25l") < text.rindex("\x1b[?25h")  # the cursor is hidden, then back


def words(line):
    return line.split()


def pictures(text):
    """Return the steps of an animation, each as its lines."""
    return [each.splitlines() for each in re.split(r"(?=step \d+ of)", ESCAPE.sub("", text))[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "demo --in 1x5x5 --k 3 --p 1",
        "demo --in 1x5x5 --k 3 --p 1 --backward",
        "demo --in 3x8x8 --k 3 --out 2",
        "demo --in 2x4x4 --k 2 --groups 2 --batch 2 --backward",
        "demo --in 1x20x20 --k 3 --d 2 --s 3",
    ],
)
def test_the_animation_fits_and_keeps_every_box_where_it_is(line):
    text, _ = in_terminal(*line.split(), "--animate", "--delay", "0.001", columns=60, rows=24)
    seen = pictures(text)
    frames = set()
    for lines in seen:
        assert len(lines) <= 24
        assert max(map(len, lines)) <= 60
        assert not any(line.strip() == "..." for line in lines)
        patch = int(re.search(r"patch (\d+)", lines[0])[1])
        assert any(re.match(rf"│ +{patch} \(", line) for line in lines), lines
        way = "back" in lines[0]
        frames.add((way, tuple(re.sub(r"[^╭─╮├┤╰╯]", " ", line).rstrip() for line in lines)))
    assert len(frames) == 1 + ("--backward" in line)


def test_y_is_filled_cell_by_cell_and_its_sum_written():
    text, _ = in_terminal("demo", "--in", "1x3x3", "--k", "2", "--animate", "--delay", "0.001")
    first, second = (" ".join(lines) for lines in pictures(text)[:2])
    assert "Y[0, 0, 0, 0] = 1·1 + 2·2 + 4·3 + 5·4 = 37" in first
    assert "│ 37     │" in first
    assert "│ 37  47 │" in second


def test_the_animation_begins_at_a_patch_and_goes_on_through_the_gradients():
    line = "demo --in 1x3x3 --k 2 --backward --patch 2 --animate --delay 0.001"
    text, _ = in_terminal(*line.split())
    steps = [lines[0] for lines in pictures(text)]
    assert [line.split(":")[0] for line in steps if "back" not in line] == [
        "step 3 of 4",
        "step 4 of 4",
    ]
    assert "patch 3 = window (1, 1) back into X∇" in steps[-1]
    assert "│ 100   400   400 │" in " ".join(pictures(text)[-1])  # X∇ whole


def test_an_animation_without_delay_waits_for_keys():
    line = ["demo", "--animate", "--delay", "0"]
    text, status = in_terminal(*line, keys=[" ", "\x1b[C", "b", "q"])
    assert status == 0
    steps = [re.match(r"step (\d)", lines[0])[1] for lines in pictures(text)]
    assert list(dict.fromkeys(steps)) == ["1", "2", "3"]
    assert steps[-1] == "2"
    assert "next: space or →   back: b or ←   quit: q" in text


def test_ctrl_c_ends_the_waiting_for_a_key_quietly():
    text, status = in_terminal("demo", "--animate", "--delay", "0", keys=["\x03"])
    assert status == 0
    assert "Traceback" not in text
    assert "\x1b[?25h" in text


@pytest.mark.parametrize(("name", "held"), [("shown.txt", "W̃"), ("shown.svg", "step 4 of 4")])
def test_what_an_animation_shows_is_saved_too(name, held, tmp_path):
    target = tmp_path / name
    _, status = in_terminal("demo", "--animate", "--delay", "0.001", "--save", str(target))
    assert status == 0
    assert held in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("demo --animate -f json", "--animate draws in a terminal, --format json doesn't"),
        ("demo --delay 2", "--delay has no meaning without --animate"),
    ],
)
def test_nothing_asked_of_an_animation_is_ignored(line, message, run):
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr


def test_ctrl_c_ends_the_animation_quietly():
    text, status = in_terminal("demo", "--animate", "--delay", "60", interrupt_after="step 1 of 4")
    assert status == 0
    assert "patch 1" not in text
    assert "Traceback" not in text
    assert "Aborted" not in text
    assert "\x1b[?25h" in text


def test_what_is_marked_is_on_one_screen_where_that_is_wide():
    text, _ = in_terminal(*words("demo --in 3x4x4 --k 3 --patch 2"), columns=140, rows=52)
    lines = lines_of(text)
    assert len(lines) < 52
    assert max(map(len, lines)) <= 140
    marked = [at for at, line in enumerate(text.splitlines()) if "\x1b[1;7" in line]
    assert marked[-1] - marked[0] < 48


@pytest.mark.parametrize("columns", range(50, 65))
def test_a_sum_is_broken_after_a_plus_sign_and_leaves_no_line_empty(columns):
    text, _ = in_terminal("demo", "--patch", "1", columns=columns)
    shown = lines_of(text)
    at = next(at for at, line in enumerate(shown) if line.startswith("Y[0, 0, 0, 1] ="))
    assert shown[at].endswith("+")
    assert shown[at + 1].strip().endswith("= 392")


def calls_of(line, run):
    """Return how many functions a command line calls, which is its time without the clock's."""
    counted = [0]

    def count(frame, event, argument):
        counted[0] += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        assert run(line).exit_code == 0
    finally:
        sys.setprofile(before)
    return counted[0]


def test_drawing_is_linear(run):
    run("demo --backward")
    small = calls_of("demo --in 1x32x32 --k 1 --backward", run)
    # Four times as many numbers; the oldest Rich has a little more to do with each line.
    assert calls_of("demo --in 1x64x64 --k 1 --backward", run) < 8 * small


@pytest.mark.parametrize("patch", [0, 3, 9, 14, 17])
def test_what_is_marked_is_not_left_out(patch):
    line = f"demo --in 1x3x20 --k 3 --patch {patch}"
    text, _ = in_terminal(*line.split(), columns=60)
    row = next(each for each in text.splitlines() if "⋯" in each)  # the first of X
    assert row.count("\x1b[1;7;36m") == 3


def test_paddings_zeros_are_dim():
    text, _ = in_terminal(*words("demo --in 1x2x2 --k 2 --p 1"), columns=140, rows=60)
    zeros = re.findall(r"(\x1b\[[\d;]*m)?0(?:\x1b\[0m)? ", text.split("X padded")[1].split("W ")[0])
    assert "\x1b[2m" in zeros


def test_where_there_is_no_terminal_the_animation_is_a_still_picture(run):
    assert run("demo --animate").stdout == run("demo").stdout
    assert run("demo --animate --patch 1").stdout == run("demo --patch 1").stdout


@pytest.mark.parametrize("delay", ["-1", "nan", "1e9", "61", ""])
def test_a_delay_is_a_number_of_seconds(delay, run):
    result = run(f"demo --animate --delay '{delay}'")
    assert result.exit_code == 2
    assert "a number from 0 to 60 is expected" in result.stderr


@pytest.mark.parametrize("command", COMMANDS[1:])
@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown"])
def test_head_ends_quietly(command, form):
    command = f"{sys.executable} -m convcalc {command} -f {form} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, timeout=60)
    # Where it was all written before head ended, CSV's notes are said.
    assert all(line.startswith(b"note  ") for line in done.stderr.splitlines())
    assert done.stdout.count(b"\n") == 1


WALKS = [
    "demo --backward --patch 3 --fold",
    "demo --in 2x4x4 --k 3 --p 1 --backward --bias --patch 5 --layout bkp",
    "demo --in 2x9 --k 3 --s 2 --backward --patch 1",
    "demo --in 2x2x2 --k 3 --s 2 --out 2 --transposed --output-padding 1 --backward --patch 3",
    "demo --in 1x4x5 --k 3 --s 1 --pool max --p 1 --backward --patch 2",
    "demo --in 2x4x5 --k 2 --pool avg --ceil-mode --backward --patch 2",
    "demo --code conv2d_backward",
]


@pytest.mark.parametrize("line", WALKS)
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_walk_is_no_wider_than_the_terminal_and_no_number_is_broken(line, columns):
    text, status = in_terminal(*line.split(), columns=columns, NO_COLOR="1")
    assert status == 0
    assert "\x1b" not in text
    lines = text.splitlines()
    if "--code" not in line:  # whose lines are to be pasted
        pasted = [each for each in lines if not each.startswith(("PyTorch", "nn."))]
        assert max(map(cell_len, pasted)) <= columns
    frames = sum(each.count("╭") for each in lines)
    assert frames == sum(each.count("╯") for each in lines)
    for each in lines:
        assert each.count("│") % 2 == 0 or " │ " in each, each


def test_a_walk_in_plain_ascii(run):
    text = run("demo --backward --patch 3", charset="ascii").stdout
    assert text.isascii()
    assert "d_cd,f = 1 <=> f = 2*c + d" in text
    assert "W~_grad_hi = sum_efg Y'_grad_efg dY'_efg/dW~_hi" in text
    assert "\\" not in text


def test_in_a_narrow_terminal_tensors_stand_below_one_another():
    text, _ = in_terminal("demo", "--backward", columns=60, rows=400)
    lines = lines_of(text)
    assert max(map(len, lines)) <= 62  # of which two are signs above letters
    for name in ("X (b", "Ũ (b", "W (c", "W̃ (k", "Y′ (b", "Y (b", "Y∇ (b", "X∇ (b"):
        assert sum(line.startswith(name) for line in lines) == 1, name
    assert "left out" not in text
