"""Mends are tried through the whole network: what is said first has run in PyTorch."""

import json
from pathlib import Path

import pytest

from convcalc.network.model import answered, followed
from convcalc.output import net

DATA = Path(__file__).parents[2] / "data"
KEYS = ("file", "line", "old", "new")
CASES = json.loads((DATA / "mends.json").read_text(encoding="utf-8"))


def told(mend):
    """Return a mend as JSON says it, without its sentence."""
    if mend.inputs is not None:
        return {"inputs": [list(shape) for shape in mend.inputs]}
    return {"edits": [dict(zip(KEYS, each, strict=False)) for each in mend.edits]}


def error_of(folder, words, *shapes, **more):
    file = folder / "model.py"
    file.write_text(words)
    return followed(file, None, list(shapes), **more).error


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["target"])
def test_what_is_said_runs_in_pytorch(case):
    file, _, expression = case["target"].partition(":")
    shapes = [tuple(each) for each in case["input"]]
    error = followed(DATA / "mends" / file, expression, shapes).error
    ran = [{key: value for key, value in each.items() if key != "runs"}
           for each in case["mends"] if each["runs"]]  # fmt: skip
    assert error.mends
    assert [told(each) for each in error.mends] == ran
    first = error.mends[0].message.removesuffix(" would do")
    assert first.split(" in line")[0] in error.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["target"])
def test_what_is_to_be_changed_stands_there_once(case):
    for each in (edit for mend in case["mends"] for edit in mend.get("edits", ())):
        line = (DATA / "mends" / each["file"]).read_text().split("\n")[each["line"] - 1]
        assert line.count(each["old"]) == 1


HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
SHARED = (
    HEAD
    + """class Block(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.conv = nn.Conv2d(a, {inner}, 3, padding=1)
        self.more = nn.Conv2d(b, b, 3, padding=1)

    def forward(self, x):
        return self.more(self.conv(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(3, 8), Block(8, 16))

    def forward(self, x):
        return self.blocks(x)
"""
)


def test_a_line_that_serves_several_is_offered_where_all_fit(tmp_path):
    """A plain number mends one of them alone."""
    error = error_of(tmp_path, SHARED.format(inner="a"), (3, 8, 8))
    assert error.mends[0].edits[0][1:4] == (10, "(b,", "(a,")
    assert not any(edit.new.isdigit() for mend in error.mends for edit in mend.edits)


def test_where_nothing_fits_nothing_is_advised(tmp_path):
    words = HEAD + (
        "class Net(nn.Module):\n"
        "    def forward(self, x):\n"
        "        raise ValueError('no input will do')\n"
    )
    error = error_of(tmp_path, words, (3, 8, 8))
    assert error.mends == ()
    assert "would do" not in error.message


def test_several_misfits_are_said_together(tmp_path):
    words = HEAD + (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.a = nn.Linear(11, 20)\n"
        "        self.b = nn.Linear(21, 30)\n"
        "        self.c = nn.Linear(31, 40)\n"
        "        self.d = nn.Linear(41, 50)\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.d(self.c(self.b(self.a(x))))\n"
    )
    mend = error_of(tmp_path, words, (10,)).mends[0]
    assert [edit.line for edit in mend.edits] == [9, 10, 11, 12]
    assert mend.message.count("nn.Linear") == 4


def test_five_are_too_many(tmp_path):
    layers = "".join(f"        self.l{n} = nn.Linear({10 * n + 1}, {10 * n + 10})\n"
                     for n in range(1, 6))  # fmt: skip
    words = HEAD + (
        f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{layers}\n"
        "    def forward(self, x):\n"
        "        return self.l5(self.l4(self.l3(self.l2(self.l1(x)))))\n"
    )
    assert not any(mend.edits for mend in error_of(tmp_path, words, (10,)).mends)


def test_nothing_of_the_files_is_written(tmp_path):
    words = HEAD + "net = nn.Sequential(nn.Linear(4, 5), nn.Linear(6, 7))\n"
    assert error_of(tmp_path, words, (4,)).mends[0].edits
    assert (tmp_path / "model.py").read_text() == words
    assert [each.name for each in tmp_path.iterdir()] == ["model.py"]


def test_letters_beyond_ascii_before_an_edit(tmp_path):
    words = HEAD + "net = nn.Sequential(*[nn.Linear(4, 5), {'ü': nn.Linear(6, 7)}['ü']])\n"
    edit = error_of(tmp_path, words, (4,)).mends[0].edits[0]
    assert words.split("\n")[edit.line - 1].count(edit.old) == 1
    assert "ü" not in edit.old


def test_rows_of_a_sample_are_kept_apart(tmp_path):
    """PyTorch says nothing of it, so that it is a note; both lines are said."""
    file = tmp_path / "model.py"
    file.write_text(
        HEAD + "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.conv = nn.Conv2d(1, 16, 5, stride=2)\n"
        "        self.fc = nn.Linear(400, 10)\n"
        "\n"
        "    def forward(self, x):\n"
        "        x = self.conv(x)\n"
        "        x = x.view(-1, 400)\n"
        "        return self.fc(x)\n"
    )
    answer = followed(file, None, [(1, 23, 23)])
    assert answer.fits
    assert "makes 4 rows of every sample" in answer.notes[0]
    assert "nn.Linear(1600, 10)" in answer.notes[1]
    assert "x.view(-1, 1600)" in answer.notes[1]
    assert "line 14" in answer.notes[0]


def test_json_has_mends():
    file, _, expression = CASES[0]["target"].partition(":")
    answer = followed(DATA / "mends" / file, expression, [(1, 28, 28)])
    edited, other = net.as_json(answer)["error"]["mends"]
    assert edited == {
        "message": "nn.Linear(320, 50) in line 12 would do",
        "edits": [{"file": "features.py", "line": 12, "old": "500", "new": "320"}],
    }
    assert list(other) == ["message", "inputs"]


@pytest.mark.parametrize(
    ("words", "shape", "said"),
    [
        ("Conv2d(3, 8, 3), Conv2d(16, 8, 3)", (3, 9, 9), "Conv2d(8, 8, 3) in line 1 would do"),
        (
            "Sequential(\n  (0): Linear(in_features=4, out_features=5, bias=True)\n"
            "  (1): Linear(in_features=6, out_features=7, bias=True)\n)",
            (4,),
            "nn.Linear(in_features=5, out_features=7, bias=True) in line 3 would do",
        ),
    ],
)
def test_of_a_text_it_is_said_alone(words, shape, said):
    error = answered(lambda reading, root: reading.follow(root, [shape]), None, words).error
    assert said in error.message


def test_what_another_expression_would_cure_is_said_alone(tmp_path):
    """It is no edit of a file, so that it isn't among the mends of the JSON."""
    file = tmp_path / "model.py"
    file.write_text(
        HEAD + "class Net(nn.Module):\n"
        "    def __init__(self, channels):\n"
        "        super().__init__()\n"
        "        self.conv = nn.Conv2d(channels, 8, 3)\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.conv(x)\n"
    )
    error = followed(file, "Net(3)", [(1, 9, 9)]).error
    assert "Net(1) in the place of Net(3) would do" in error.message
    assert all(each.edits or each.inputs for each in error.mends)


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("Checked(64, 6)", "Checked(64, 4)"),
        ("Checked(heads=7)", "Checked(heads=8)"),
        ("nn.Sequential(Unchecked(heads=5))", "nn.Sequential(Unchecked(heads=4))"),
    ],
)
def test_a_number_of_what_was_asked_is_mended_there(asked, other):
    width = 48 if "Un" in asked else 64
    error = followed(DATA / "mends" / "heads.py", asked, [(10, width)]).error
    assert f"{other} in the place of {asked} would do" in error.message


def test_divisors_of_a_huge_prime_are_not_looked_for_without_end():
    file = DATA / "mends" / "heads.py"
    error = followed(file, "Checked(1000000000000000003, 7)", [(10, 64)]).error
    assert error.message.endswith("width must be divisible by heads")


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((3, 77, 80), "an input of 3 × 76 × 80 or 3 × 80 × 80 would do"),
        ((3, 5, 5), "an input of 3 × 4 × 4 or 3 × 8 × 8 would do"),
    ],
)
def test_an_input_at_fault(shape, said, tmp_path):
    words = HEAD + (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.a, self.b = nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)\n"
        "        self.c, self.d = nn.ConvTranspose2d(4, 4, 2, 2), nn.ConvTranspose2d(8, 3, 2, 2)\n"
        "\n"
        "    def forward(self, x):\n"
        "        a = self.a(x)\n"
        "        b = self.c(self.b(a))\n"
        "        return x + self.d(torch.cat([a, b], 1))\n"
    )
    assert said in error_of(tmp_path, words, shape).message


def test_at_least(tmp_path):
    words = HEAD + "net = nn.Sequential(nn.MaxPool2d(4), nn.Conv2d(3, 8, 4))\n"
    error = error_of(tmp_path, words, (3, 9, 20))
    assert "an input of at least 3 × 16 × 20 would do" in error.message
    assert error.mends[0].inputs == ((3, 16, 20),)


def test_the_import_that_is_missing(tmp_path):
    words = (
        "import torch.nn as nn\n\n\nclass Net(nn.Module):\n"
        "    def forward(self, x):\n        return F.relu(x)\n"
    )
    edit = error_of(tmp_path, words, (4,)).mends[0].edits[0]
    assert edit[:4] == ("model.py", 1, "import torch.nn as nn",
                        "import torch.nn.functional as F\nimport torch.nn as nn")  # fmt: skip


def test_the_first_misfit_of_several_files(tmp_path):
    """Names of files are those of the misfit; nothing of a library is edited."""
    (tmp_path / "parts.py").write_text(
        "import torch.nn as nn\n\n\ndef head():\n    return nn.Linear(9, 2)\n"
    )
    words = "from parts import head\n\nnet = head()\nother = None\n"
    mend = error_of(tmp_path, words, (8,)).mends[0]
    assert [each.file for each in mend.edits] == ["parts.py"]


@pytest.mark.parametrize(
    ("begin", "wrong", "mended"),
    [
        ("import torch as th", "th.reshape(x, (-1, 300))", "th.reshape(x, (-1, 400))"),
        ("from torch import functional, reshape", "reshape(x, (-1, 300))", "reshape(x, (-1, 400))"),
        ("import torch", "torch.reshape(x, (-1, 300))", "torch.reshape(x, (-1, 400))"),
        ("import torch", "x.reshape(-1, 300)", "x.reshape(-1, 400)"),
        ("import torch", "(x + 1).reshape(-1, 300)", "(x + 1).reshape(-1, 400)"),
    ],
)
def test_a_function_is_told_from_a_method_by_whose_it_is(begin, wrong, mended, tmp_path):
    words = (
        f"{begin}\nimport torch.nn as nn\n\n\nclass Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n"
        "        self.linear = nn.Linear(400, 10)\n\n"
        f"    def forward(self, x):\n        return self.linear({wrong})\n"
    )
    error = error_of(tmp_path, words, (16, 5, 5))
    assert f"{mended} in line 11 would do" in error.message
