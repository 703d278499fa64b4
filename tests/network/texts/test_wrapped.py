"""Texts as people copy them: what they hold is read, with the same numbers."""

import json
from pathlib import Path

import pytest

KEPT = Path(__file__).parents[2] / "data" / "instead"
PRINTED = (KEPT / "printed.txt").read_text()
SOURCE = """\
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 2)

    def forward(self, x):
        return self.a(x)
"""


def prompted(code, first=">>> ", others="... "):
    lines, inside = [], False
    for line in code.splitlines():
        inside = inside and line[:1] in ("", " ")
        lines.append((others if inside else first) + line)
        inside = inside or line.startswith("class")
    return "\n".join([*lines, others.rstrip()]) + "\n"


ONE_LINE = " ".join(line.strip() for line in PRINTED.splitlines())
WRAPPED = {
    "as it is": PRINTED,
    "prompts": f">>> import torch\n>>> print(model)\n{PRINTED}>>> \n",
    "a value at a prompt": f">>> model\n{PRINTED}",
    "IPython": f"In [3]: model\nOut[3]: \n{PRINTED}\n",
    "IPython on the same line": f"In [3]: model\nOut[3]: {PRINTED}\nIn [4]: \n",
    "a fence": f"Here it is:\n\n```\n{PRINTED}```\n\nthat is all\n",
    "a fence with a language": f"# Net\n```text\n{PRINTED}```\n",
    "the second fence": f"```sh\npip install torch\n```\n```\n{PRINTED}```\n",
    "an open fence": f"```\n{PRINTED}",
    "prompts in a fence": f"```pycon\n>>> model\n{PRINTED}```\n",
    "one line": ONE_LINE,
    "one line, tight": ONE_LINE.replace("( (", "((").replace(") )", "))"),
    "a repr": repr(PRINTED.strip()),
    "double quotes": json.dumps(PRINTED.strip()),
    "Windows' lines": PRINTED.replace("\n", "\r\n"),
}


def answer(run, words):
    result = run("net --in 3 -f json", input=words)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", WRAPPED)
def test_a_print_is_read_out_of_what_is_around_it(name, run):
    assert answer(run, WRAPPED[name]) == answer(run, PRINTED)


@pytest.mark.parametrize(
    "words",
    [
        prompted(SOURCE),
        prompted(SOURCE) + ">>> Net()\nNet(\n  (a): Linear(in_features=3, out_features=2)\n)\n",
        prompted(SOURCE, "In [1]: ", "   ...: "),
        f"```python\n{SOURCE}```\n",
        f"~~~\n{SOURCE}~~~\n",
    ],
    ids=["prompts", "prompts and a print", "IPython", "a fence", "a fence of tildes"],
)
def test_a_source_is_read_out_of_what_is_around_it(words, run):
    told = answer(run, words)
    assert [(each["name"], each["params"]) for each in told["layers"]] == [("a", 8)]


def test_lines_keep_their_numbers(run):
    (layer,) = answer(run, f"The model:\n\n```python\n{SOURCE}```\n")["layers"]
    assert layer["line"] == 3 + 8


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_texts_of_windows_shell_are_read(encoding, run, tmp_path):
    bom = "﻿" if encoding == "utf-16-be" else ""
    data = (bom + PRINTED.replace("\n", "\r\n")).encode(encoding)
    (tmp_path / "net.txt").write_bytes(data)
    assert run(["net", str(tmp_path / "net.txt"), "--in", "3"]).exit_code == 0
    assert run("net --in 3", input=data).exit_code == 0


def refusal(run, words):
    result = run("net --in 3", input=words)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


@pytest.mark.parametrize("lines", [2, 3, 4])
def test_a_print_that_is_cut_is_said_to_be(lines, run):
    cut = "\n".join(PRINTED.splitlines()[:lines])
    assert "the text is cut, all that print(model) shows would do" in refusal(run, cut)


@pytest.mark.parametrize(
    "instead", ["...", "…", "[...]", "<output truncated>", "... 12 lines omitted ..."]
)
def test_lines_left_out_are_named(instead, run):
    lines = PRINTED.splitlines()
    words = refusal(run, "\n".join([*lines[:2], f"  {instead}", *lines[4:]]))
    assert "line 3, column 3" in words
    assert "stands for lines left out: the text is cut" in words


def test_one_line_that_is_cut_is_said_to_be(run):
    assert "cut" in refusal(run, ONE_LINE[: len(ONE_LINE) // 2])


def test_one_line_has_bounds(run):
    deep = "Net(" + "(a): Net(" * 500 + "(a): ReLU()" + ")" * 501
    assert "nested more than 100 deep" in refusal(run, deep)
