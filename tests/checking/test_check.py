"""The examiner as a whole: what it answers, shows and refuses."""

import inspect
import json
import re
from pathlib import Path

import pytest

from convcalc import formulas
from convcalc.checking import check as checking
from convcalc.checking.operations import DEFAULTS, OPERATIONS
from convcalc.cli import cli

GALLERY = Path(__file__).with_name("gallery")


@pytest.fixture
def check(run, monkeypatch):
    monkeypatch.chdir(GALLERY)

    def run_check(line):
        return run(f"check {line}")

    return run_check


def operation_of(name):
    return "conv2d_backward" if name.startswith("backward") else name.split("_")[0]


def test_a_right_one(check):
    result = check("right.py:unfold --op unfold")
    assert result.exit_code == 0
    assert re.search(r"right.py:unfold as unfold: all \d\d cases pass", result.stdout)
    assert "Likely" not in result.stdout


def test_a_wrong_one(check):
    result = check("wrong.py:conv2d_flipped --op conv2d")
    assert result.exit_code == 1
    assert re.search(r"conv2d_flipped as conv2d: \d+ of \d+ cases fail", result.stdout)
    assert "note  Likely: the kernel is flipped" in result.stdout


def test_the_operations_are_those_of_the_references():
    for name, operation in OPERATIONS.items():
        assert operation.name == name
        assert operation.reference is getattr(formulas, name)
        taken = inspect.signature(operation.reference).parameters
        assert tuple(taken) == (*operation.required, *operation.options)
        defaults = {each: taken[each].default for each in operation.options}
        assert defaults == {each: DEFAULTS[each] for each in operation.options}


def test_the_options_and_the_help_name_every_operation():
    command = cli.commands["check"]
    (option,) = [each for each in command.params if each.name == "operation"]
    assert tuple(option.type.choices) == tuple(OPERATIONS)
    (handed_as,) = [each for each in command.params if each.name == "handed_as"]
    assert tuple(handed_as.type.choices) == tuple(checking.MADE)
    help_text = " ".join(command.help.split())
    for name, operation in OPERATIONS.items():
        call = []
        for each in inspect.signature(operation.reference).parameters.values():
            default = "" if each.default is each.empty else f"={each.default}"
            call.append(f"{each.name}{default}")
        results = [f"{each.name} ({', '.join(each.axes)})" for each in operation.results]
        needed, left_out = results[: operation.fewest], results[operation.fewest :]
        joined = " and ".join(needed) + "".join(f", and {each} or not" for each in left_out)
        assert f"{name}({', '.join(call)}) {joined}" in help_text


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_a_library_that_is_not_there(library, check, monkeypatch, tmp_path):
    text = f"raise ModuleNotFoundError({library!r})\n"
    (tmp_path / f"{library}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    result = check(f"right.py:unfold --op unfold --as {library}")
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"Error: --as {library}: {library} isn't installed here, list would do\n"
    )


def test_numpy_in_the_command_line(check):
    pytest.importorskip("numpy")
    assert check("right_numpy.py:unfold --op unfold --as numpy").exit_code == 0
    result = check("wrong_numpy.py:conv2d_convolved --op conv2d --as numpy -f csv")
    assert result.exit_code == 1
    assert "conv2d_convolved(np.array([[[[1,2,3],[4,5,6],[7,8,9]]]], dtype=float), np." in (
        result.stdout
    )


def test_results_may_be_anything_with_tolist(check, tmp_path):
    (tmp_path / "right.py").write_text((GALLERY / "right.py").read_text(encoding="utf-8"))
    (tmp_path / "array.py").write_text(
        "from right import unfold as right\n"
        "class Array:\n"
        "    def __init__(self, values): self.values = values\n"
        "    def tolist(self): return self.values\n"
        "def unfold(x, kernel_size): return [Array(rows) for rows in right(x, kernel_size)]\n"
    )
    assert check(f"{tmp_path}/array.py:unfold --op unfold").exit_code == 0


def test_what_another_name_was_read_as_is_said(check):
    text = check("wrong.py:unfold_ignoring_strides --op unfold").stdout
    assert "note  Its parameters are read like this: strides is stride." in text
    assert "note  Likely: the stride is ignored." in text
    text = check("right.py:unfold_square --op unfold").stdout
    assert "Always one int, as a pair is refused: kernel_size, padding and st" in text


def test_a_timeout_fails_the_case_and_no_other(check):
    result = check("broken.py:never_of_three --op unfold --timeout 0.3 -f json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    lost = [case for case in answer["cases"] if not case["ok"]]
    assert {case["reason"] for case in lost} == {
        "it doesn't come back within 0.3 s, broken.py line 58"
    }
    assert all(case["arguments"]["x"][0] == 3 for case in lost)
    assert answer["passed"] > 25


def test_where_nothing_comes_back_the_rest_is_not_run(check):
    result = check("broken.py:never --op unfold --timeout 0.1 -f json")
    answer = json.loads(result.stdout)
    reasons = [case["reason"] for case in answer["cases"]]
    assert reasons[2].startswith("it doesn't come back within 0.1 s")
    not_run = "not run, since the 3 cases before it that were didn't come back"
    assert set(reasons[3:]) == {not_run}
    assert answer["notes"] == [
        f"3 cases in a row didn't come back, so that the {len(reasons) - 3} cases after them "
        "weren't run."
    ]


def test_three_in_a_row_are_enough_also_after_others(check):
    answer = json.loads(
        check("broken.py:never_where_strided --op unfold --timeout 0.1 -f json").stdout
    )
    lost = [case["reason"].partition(",")[0] for case in answer["cases"] if not case["ok"]]
    assert lost[:4] == [*["it doesn't come back within 0.1 s"] * 3, "not run"]
    assert set(lost[4:]) == {"not run"}
    assert answer["passed"] >= 10
    assert answer["likely"] is None


def test_fewer_gradients_than_there_are_is_said(check):
    result = check("right.py:conv2d_backward_two --op conv2d_backward")
    assert result.exit_code == 0
    assert "note  It returns 2 gradients: bias∇ isn't held against anything." in result.stdout


def test_a_hint_where_the_call_is_the_likely_reason(check):
    result = check("broken.py:wants_an_array --op unfold")
    assert "'list' object has no attribute 'shape', broken.py line" in result.stdout
    assert "note  The tensors are nested lists: --as numpy hands over NumPy's" in result.stdout
    assert "--as numpy" not in check("broken.py:wants_an_array_once --op unfold").stdout


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
    flipped = "lambda x, w: conv2d(x, [[[r[::-1] for r in c[::-1]] for c in k] for k in w])"
    wrong = eval(call, {"conv2d_flipped": eval(flipped, {"conv2d": formulas.conv2d})})
    right = eval(call, {"conv2d_flipped": formulas.conv2d})
    assert f"expected {right[0][0][0][0]}, got {wrong[0][0][0][0]}" in answer
    assert "np.array" not in answer


def test_the_call_makes_what_has_to_be_made(check):
    text = check("wrong.py:ConvDoublingItsBias --op conv2d").stdout
    assert "│ ConvDoublingItsBias()([[[[" in text
    text = check("wrong.py:ConvDoublingItsBias.forward --op conv2d").stdout
    assert "│ ConvDoublingItsBias().forward([[[[" in text


def test_what_has_other_axes_is_shown_with_its_shape(check):
    text = check("wrong.py:backward_with_a_bias_of_two_axes --op conv2d_backward").stdout
    assert "bias∇ has the shape (1, 1) instead of (1,)" in text
    assert "│ X∇ (1, 1, 3, 3), W∇ (1, 1, 2, 2), bias∇ (1, 1)" in text


def test_an_error_of_other_shapes_than_the_windows_is_none_of_them(check):
    text = check("broken.py:slips_where_a_rest_is_left --op unfold").stdout
    assert "invalid literal" in text
    assert "Likely" not in text


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
    assert result.stderr == ""
    assert tuple(answer) == (
        *("target", "op", "passed", "failed", "cases", "narrowed"),
        *("likely", "separates", "notes"),
    )
    assert answer["target"] == "right.py:unfold_anything"
    assert (answer["op"], answer["failed"], answer["narrowed"]) == ("unfold", 0, [])
    assert (answer["likely"], answer["notes"]) == (None, [])
    assert answer["passed"] == len(answer["cases"])
    assert answer["cases"][0] == {
        "arguments": {"x": [1, 1, 3, 3], "kernel_size": [2, 2]},
        "ok": True,
        "reason": "",
    }
    narrowed = json.loads(check("right.py:unfold_stride_only --op unfold -f json").stdout)
    assert narrowed["narrowed"] == ["padding", "dilation"]
    assert not any("padding" in case["arguments"] for case in narrowed["cases"])
    wrong = json.loads(check("wrong.py:conv2d_with_bias_twice --op conv2d -f json").stdout)
    assert wrong["likely"] == "the bias is added twice"
    assert wrong["narrowed"] == ["padding", "dilation", "groups"]
    failed = [case for case in wrong["cases"] if not case["ok"]]
    assert len(failed) == wrong["failed"]
    assert all(case["reason"] and case["arguments"]["bias"] for case in failed)
    square = json.loads(check("right.py:unfold_square --op unfold -f json").stdout)
    assert {type(case["arguments"]["kernel_size"]) for case in square["cases"]} == {int}
    assert len(square["notes"]) == 2


def test_every_kind_of_case_is_there(check):
    text = check("right.py:conv2d --op conv2d").stdout
    for kind in (
        "oblong input",
        "several channels",
        "several samples",
        "negative numbers",
        "fractions",
        "large numbers",
        "stride",
        "stride per axis",
        "padding",
        "stride and padding",
        "three options",
        "all five options",
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
        ("--op fold", "FILE.py:FUNCTION is missing, mine.py:unfold for example"),
        ("right.py:unfold", "--op is missing: unfold, fold, conv2d or conv2d_backward"),
        (
            "right.py:unfold --op convolve",
            "--op convolve: write unfold, fold, conv2d or conv2d_backward",
        ),
        ("right.py: --op fold", "right.py:: FILE.py:FUNCTION would do, such as mine.py:unfold"),
        ("broken.py --op fold", "broken.py has nothing that looks like fold, only "),
        ("no.py:unfold --op unfold", "no.py: there is no such file"),
        (
            "right.py:unfolt --op unfold",
            "right.py has no function unfolt: unfold is the nearest name",
        ),
        ("broken.py:number --op unfold", "broken.py has no function number: no_number is the"),
        (
            "broken.py:needs_more --op unfold",
            "broken.py:needs_more needs speed, which unfold isn't called with: a default for it "
            "would do, or one of the names stride, padding and dilation",
        ),
        (
            "broken.py:takes_less --op unfold",
            "broken.py:takes_less takes 1 argument by position: unfold is called with x, "
            "kernel_size",
        ),
        (
            "broken.py:Silent --op unfold",
            "broken.py:Silent: Silent is a class whose instances can't be called: Silent.speak "
            "would do",
        ),
        (
            "broken.py:Needy --op unfold",
            "broken.py:Needy is made with channels, which unfold isn't called with: a default",
        ),
        (
            "broken.py:Failing --op unfold",
            "broken.py:Failing: Failing can't be made without arguments: OSError: no weights",
        ),
        ("right.py:Conv.forwards --op conv2d", "right.py has no function Conv.forwards"),
        (
            "right.py:unfold --op unfold --timeout 0",
            "--timeout 0: a number from 0.001 to 3,600 is expected",
        ),
        (
            "right.py:unfold --op unfold --timeout x",
            "--timeout x: a number from 0.001 to 3,600 is expected",
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
        (
            "from nowhere import unfold\n",
            "mine.py has no function unfold; left out: line 1 (ModuleNotFoundError: No module",
        ),
        (
            "x = 1\nunfold = 1 / 0\n",
            "mine.py has no function unfold; left out: line 2 (ZeroDivisionError: division by ze",
        ),
        ("def unfold(x:\n", "mine.py can't be imported: SyntaxError: "),
        ("unfold = exit()\n", "mine.py has no function unfold; left out: line 1 (SystemExit"),
    ],
)
def test_a_file_that_cannot_be_imported(source, message, check, tmp_path):
    (tmp_path / "mine.py").write_text(source)
    result = check(f"{tmp_path}/mine.py:unfold --op unfold")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "line" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_reads_its_arguments_speaks_of_itself(check, tmp_path):
    (tmp_path / "mine.py").write_text(
        "import argparse\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('image')\n"
        "unfold = parser.parse_args()\n"
    )
    result = check(f"{tmp_path}/mine.py:unfold --op unfold")
    assert result.exit_code == 2
    assert "usage: mine.py" in result.stderr
    assert "child.py" not in result.stderr


@pytest.mark.parametrize(
    ("target", "line"),
    [("mine.py:Called", 5), ("mine.py:Module", 8), ("mine.py:Function.apply", 8)],
)
def test_the_line_of_what_has_no_code_of_its_own(target, line, check, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "from framework import Framework\n"
        "\n"
        "\n"
        "class Called:\n"
        "    def __call__(self, x, kernel_size): return [[[0]]]\n"
        "\n"
        "class Forward:\n"
        "    def forward(self, x, kernel_size): return [[[0]]]\n"
        "    def backward(self): pass\n"
        "\n"
        "class Module(Framework):\n"
        "    forward = Forward.forward\n"
        "\n"
        "class Function(Framework, Forward): pass\n"
    )
    (tmp_path / "lib-packages").mkdir()
    (tmp_path / "lib-packages" / "framework.py").write_text(
        "class Framework:\n"
        "    def __call__(self, *args): return self.forward(*args)\n"
        "    @classmethod\n"
        "    def apply(cls, *args): return cls.forward(cls, *args)\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "lib-packages")
    answer = json.loads(check(f"{tmp_path}/{target} --op unfold -f json").stdout)
    assert answer["cases"][0]["reason"].endswith(f"mine.py line {line}")


def test_nothing_is_left_beside_the_file(check, tmp_path):
    (tmp_path / "mine.py").write_text("def unfold(x, kernel_size): return x\n")
    check(f"{tmp_path}/mine.py:unfold --op unfold")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_nothing_asked_examines_the_circulating_pseudocode(run):
    result = run("check")
    assert result.exit_code == 1
    assert re.search(r"example.py:unfold as unfold: \d+ of \d+ cases fail", result.stdout)
    assert "note  A worked example: convcalc check " in result.stdout
    assert "Likely: the circulating pseudocode" in result.stdout
