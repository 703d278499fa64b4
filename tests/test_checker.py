"""The examiner, on a gallery of right and of wrong implementations."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

GALLERY = Path(__file__).with_name("gallery")
sys.path.insert(0, str(GALLERY))

import wrong  # noqa: E402

HELPERS = ("output_size", "by_product", "as_pair")
MISTAKES = {
    name: function.__doc__.rstrip(".")
    for name, function in vars(wrong).items()
    if getattr(function, "__module__", "") == "wrong" and name not in HELPERS
}


@pytest.fixture
def check(run, monkeypatch):
    monkeypatch.chdir(GALLERY)

    def run_check(line):
        return run(f"check {line}")

    return run_check


def operation_of(name):
    return "conv2d_backward" if name.startswith("backward") else name.split("_")[0]


@pytest.mark.parametrize(
    "line",
    [
        "right.py:unfold --op unfold",
        "right.py:unfold_plain --op unfold",
        "right.py:unfold_stride_only --op unfold",
        "right.py:unfold_anything --op unfold",
        "right.py:unfold_transposed --op unfold --layout bkp",
        "right.py:fold --op fold",
        "right.py:fold_transposed --op fold --layout bkp",
        "right.py:conv2d --op conv2d",
        "right.py:conv2d_with_bias --op conv2d",
        "right.py:conv2d_backward --op conv2d_backward",
        "broken.py:changes_its_input --op unfold",
        "broken.py:almost --op unfold",
    ],
)
def test_right_implementations_pass(line, check):
    result = check(line)
    assert result.exit_code == 0
    assert "cases pass" in result.stdout


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="numpy isn't installed")
@pytest.mark.parametrize("operation", ["unfold", "conv2d"])
def test_right_implementations_with_numpy_pass(operation, check):
    result = check(f"right_numpy.py:{operation} --op {operation} --as numpy")
    assert result.exit_code == 0


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_a_library_that_is_not_there(library, check, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    result = check(f"right.py:unfold --op unfold --as {library}")
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: --as {library}: {library} isn't installed here, list would do\n"
    )


def test_numpy_and_torch_are_loaded_only_when_asked_for(check):
    before = {"numpy", "torch"} & set(sys.modules)
    check("right.py:unfold --op unfold")
    assert {"numpy", "torch"} & set(sys.modules) == before


def test_results_may_be_anything_with_tolist(check, tmp_path):
    (tmp_path / "array.py").write_text(
        "from right import unfold as right\n"
        "class Array:\n"
        "    def __init__(self, values): self.values = values\n"
        "    def tolist(self): return self.values\n"
        "def unfold(x, kernel_size): return [Array(rows) for rows in right(x, kernel_size)]\n"
    )
    assert check(f"{tmp_path}/array.py:unfold --op unfold").exit_code == 0


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_caught_and_named(name, check):
    result = check(f"wrong.py:{name} --op {operation_of(name)}")
    assert result.exit_code == 1
    likely = [line for line in result.stdout.splitlines() if "Likely: " in line]
    assert likely, "no mistake was named"
    said = likely[0].partition("Likely: ")[2]
    assert said.lower().startswith(MISTAKES[name].lower())


def test_a_right_implementation_looks_like_no_mistake(check):
    assert "Likely" not in check("right.py:conv2d --op conv2d").stdout


def test_the_first_failure_is_shown_in_full(check):
    text = check("wrong.py:unfold_columns_first --op unfold").stdout
    assert "unfold_columns_first([[[[1,2,3],[4,5,6],[7,8,9]]]], (2,2))" in text
    assert (
        "sample 0, patch row 1 = window at (0, 1), value 0 = (c, u, v) = (0, 0, 0), which is "
        "X[0, 0, 0, 1]: expected 2, got 4, which is X[0, 0, 1, 0]"
    ) in text


def test_where_an_entry_is_in_every_operation(check):
    for name, place in (
        ("fold_overwriting", "X[0, 0, 0, 1], sample 0, channel 0, read by the windows (0, 0), (0,"),
        ("conv2d_flipped", "Y[0, 0, 0, 0], sample 0, output channel 0, patch row 0 = window at"),
        ("backward_averaged", "W∇[0, 0, 0, 0], kernel 0 at (c, u, v) = (0, 0, 0), a sum over"),
        ("backward_without_bias", "bias∇[0], output channel 0, a sum over batch and patches"),
        ("backward_without_overlaps", "X∇[0, 0, 0, 1], sample 0, channel 0, read by the windows"),
    ):
        assert place in check(f"wrong.py:{name} --op {operation_of(name)}").stdout, name
    text = check("wrong.py:unfold_without_padding --op unfold -f json").stdout
    assert "has the shape (1, 1, 9) instead of (1, 9, 9), wrong.py line" in text


def test_the_call_repeats_the_failure(check):
    answer = check("wrong.py:conv2d_flipped --op conv2d -f csv").stdout
    call = next(line for line in answer.splitlines() if line.startswith("first failure"))
    call = call.split('"')[1]
    from convcalc import conv2d

    assert eval(call, {"conv2d_flipped": conv2d}) != eval(call, vars(wrong))
    text = check("wrong.py:conv2d_flipped --op conv2d -f csv --as list").stdout
    assert "np.array" not in text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", "KeyError: 'samples', broken.py line 8"),
        ("ragged", "Ũ is ragged: at level 3 its lists are of length 3 and 4, broken.py line 12"),
        ("wrong_type", "Ũ has str where a number or a list belongs, broken.py line 18"),
        ("nothing", "Ũ has NoneType where a number or a list belongs, broken.py line 22"),
        ("no_number", "Ũ has NoneType where a number or a list belongs, broken.py line 26"),
        ("not_a_number", ": expected 1, got nan"),
        ("wrong_shape", "Ũ has the shape (1, 3, 4) instead of (1, 4, 4), broken.py line 34"),
        ("exits", "SystemExit: 0, broken.py line 39"),
    ],
)
def test_what_is_not_usable_fails_and_the_run_goes_on(name, reason, check):
    result = check(f"broken.py:{name} --op unfold --format json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert len(answer["cases"]) > 10
    assert reason in next(case["reason"] for case in answer["cases"] if not case["ok"])


def test_check_json(check):
    result = check("right.py:unfold_anything --op unfold --format json")
    answer = json.loads(result.stdout)  # what the function prints isn't in it
    assert "a print" in result.stderr
    assert tuple(answer) == (
        "target",
        "op",
        "passed",
        "failed",
        "cases",
        "narrowed",
        "likely",
        "notes",
    )
    assert answer["target"] == "right.py:unfold_anything"
    assert (answer["op"], answer["failed"], answer["narrowed"]) == ("unfold", 0, [])
    assert answer["passed"] == len(answer["cases"])
    assert answer["cases"][0] == {
        "arguments": {"x": [1, 1, 3, 3], "kernel_size": [2, 2]},
        "ok": True,
        "reason": "",
    }
    narrowed = json.loads(check("right.py:unfold_stride_only --op unfold -f json").stdout)
    assert narrowed["narrowed"] == ["padding", "dilation"]
    assert all("stride" in case["arguments"] or case["ok"] for case in narrowed["cases"])


def test_every_kind_of_case_is_there(check):
    text = check("right.py:conv2d --op conv2d").stdout
    for kind in (
        "oblong input",
        "several channels",
        "several samples",
        "stride 2",
        "stride 3",
        "stride (1, 2)",
        "padding",
        "dilation",
        "groups",
        "bias",
        "kernel 1 × 1",
        "kernel as large as the input",
        "size that the stride doesn't divide",
    ):
        assert f"│ {kind} " in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--op fold", "FILE.py:FUNCTION is missing: mine.py:unfold would do"),
        ("right.py:unfold", "--op is missing: unfold, fold, conv2d or conv2d_backward would do"),
        (
            "right.py:unfold --op convolve",
            "--op convolve: write unfold, fold, conv2d or conv2d_backward",
        ),
        ("right.py --op fold", "right.py: FILE.py:FUNCTION would do, such as mine.py:unfold"),
        ("no.py:unfold --op unfold", "no.py: there is no such file"),
        (
            "right.py:unfolt --op unfold",
            "right.py has no function unfolt: unfold is the nearest name",
        ),
        ("broken.py:number --op unfold", "broken.py has no function number: no_number is the"),
        (
            "broken.py:needs_more --op unfold",
            "broken.py:needs_more needs step, which unfold isn't called with: stride, padding, "
            "dilation would do",
        ),
        (
            "broken.py:takes_less --op unfold",
            "broken.py:takes_less takes 1 arguments by position: unfold is called with x, "
            "kernel_size",
        ),
        (
            "right.py:conv2d --op conv2d --layout bkp",
            "--layout bkp has a meaning for unfold and fold, not for conv2d",
        ),
    ],
)
def test_a_question_that_is_wrong(line, message, check):
    result = check(line)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import nothing_of_that_name\n", "ModuleNotFoundError: No module named "),
        ("x = 1\ny = 1 / 0\n", "ZeroDivisionError: division by zero, mine.py line 2"),
        ("def unfold(x:\n", "SyntaxError: "),
        ("raise SystemExit(0)\n", "SystemExit: 0, mine.py line 1"),
    ],
)
def test_a_file_that_cannot_be_imported(source, message, check, tmp_path):
    (tmp_path / "mine.py").write_text(source)
    result = check(f"{tmp_path}/mine.py:unfold --op unfold")
    assert result.exit_code == 2
    assert f"mine.py can't be imported: {message}" in result.stderr
    assert "line" in result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_is_left_beside_the_file(check, tmp_path):
    (tmp_path / "mine.py").write_text("def unfold(x, kernel_size): return x\n")
    check(f"{tmp_path}/mine.py:unfold --op unfold")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_nothing_asked_examines_the_circulating_pseudocode(run):
    result = run("check")
    assert result.exit_code == 1
    assert "pseudocode.py:unfold as unfold: 7 of 20 cases fail" in result.stdout
    assert "note  A worked example: convcalc check " in result.stdout
    assert "Likely: the circulating pseudocode" in result.stdout
