"""--sizes: what is refused, what is shown, how far it has come, and what Ctrl-C says."""

import json
import re

import pytest
from pseudoterminal import in_terminal, lines_of

from convcalc.network.answer.misfits import Run
from convcalc.output.net import runs_text

LAYERS = "Conv2d(3, 8, 3, padding=1), MaxPool2d(4), Conv2d(8, 8, 4)"
LONG = ", ".join(["Conv2d(3, 3, 3, padding=1)"] * 150)
NET = ["net", "--layers", LAYERS, "--in", "3x32x32"]

REFUSED = {
    "10:5": "the first is larger than the last: 5:10 is meant",
    "0:3": "there is no size 0, the least is 1",
    "1:10**9": "the first and the last size are expected, two whole numbers, such as 32:256",
    "1:1025": "the largest size that is tried is 1,024",
    "64": "the first and the last size are expected, two whole numbers, such as 32:256",
    "-1:5": "the first and the last size are expected, two whole numbers, such as 32:256",
}


@pytest.mark.parametrize("value", REFUSED)
def test_one_sentence(value, run):
    result = run([*NET, "--sizes", value])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"Error: --sizes {value}: {REFUSED[value]}\n"


def test_without_spatial_axes(run):
    result = run("net --layers 'Linear(3, 4)' --in 3 --sizes")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: --sizes asks for the sizes of spatial axes, and an input of 3 has none\n"
    )


def test_with_params_only(run):
    result = run("net --layers 'Linear(3, 4)' --params-only --sizes 1:3")
    assert result.exit_code == 2
    assert "--sizes has no meaning with --params-only" in result.stderr


@pytest.mark.parametrize("words", [["--sizes"], ["--sizes", "1:64"], ["--sizes=1:64"]])
def test_where_it_stands(words, run):
    """Alone it takes no other word for its value."""
    for line in ([*NET, *words], ["net", *words, *NET[1:]]):
        result = run([*line, "--format", "json"])
        assert json.loads(result.stdout)["sizes"] == {"tried": [1, 64], "fit": [[16, 64, 1]]}


def test_a_file_behind_it(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(f"from torch.nn import *\nnet = Sequential({LAYERS})\n")
    result = run("net --sizes net.py --in 3x32x32 -f json")
    assert json.loads(result.stdout)["sizes"]["fit"] == [[16, 64, 1]]


def test_the_line_of_the_table(run):
    result = run([*NET, "--sizes", "1:20", "--columns", "name"])
    assert "│ sizes that fit      │ 16 to 20 │ of 1 to 20; 15 doesn't: " in result.stdout


@pytest.mark.parametrize("columns", [20, 44, 60])
def test_why_the_next_smaller_does_not_fit_is_said_in_any_terminal(columns):
    text, _ = in_terminal(*NET, "--sizes", "1:20", "--columns", "name", columns=columns)
    said = " ".join(re.sub("[│╮╯╭╰─]", " ", " ".join(lines_of(text))).split())
    assert "is larger than the padded input, 3" in said


def test_the_exit_status_is_that_of_the_given_size(run):
    result = run([*NET[:-1], "3x8x8", "--sizes"])
    assert result.exit_code == 1
    assert re.search(r"│ sizes that fit │ 16 +│ of 1 to 16; 15 doesn.t: ", result.stdout)
    assert "sizes" not in json.loads(run([*NET, "-f", "json"]).stdout)


@pytest.mark.long
def test_a_bar_where_it_lasts():
    text, status = in_terminal("net", "--layers", LONG, "--in", "3x32x32", "--sizes", "1:1024",
                               "--depth", "0", "-f", "csv")  # fmt: skip
    assert status == 0
    assert re.search(r"\r\[#+ +\] \d+ of 1,024 sizes", text)
    assert "sizes" not in lines_of(text.rpartition("\r")[2])[0]


def test_no_bar_in_a_pipe(run):
    assert run([*NET, "--sizes"]).stderr == ""


def test_ctrl_c_says_what_was_tried():
    text, status = in_terminal("net", "--layers", LONG, "--in", "3x32x32", "--sizes", "1:1024",
                               interrupt_after=" of 1,024 sizes")  # fmt: skip
    assert status == 130
    found = re.search(r"interrupted: 1 to (\d+) were tried, 1 to (\d+) fit", text)
    assert found
    assert found[1] == found[2]


def test_two_that_follow_one_another_are_listed():
    assert runs_text([Run(16, 17, 1)]) == "16, 17"
    assert runs_text([Run(16, 18, 1)]) == "16 to 18"
    assert runs_text([Run(3, 3, 1), Run(16, 17, 1), Run(20, 60, 4)]) == "3, 16, 17, 20 to 60 by 4"
