"""Several files in a call: a line each, the worst exit status, annotations on GitHub."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
FITS, MISFIT = DATA / "models" / "cifar_tutorial.py", DATA / "misfits" / "linear_features.py"
CALLED = """
import torch
from torch import nn
from blocks import Block

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def forward(self, x):
        return self.block(x)
"""
BLOCK = """
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3)

    def forward(self, x):
        return self.conv(x)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a file that fits, one that doesn't, one that is refused and a text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "fits.py").write_text(FITS.read_text())
    (tmp_path / "models" / "misfit.py").write_text(MISFIT.read_text())
    (tmp_path / "models" / "refused.py").write_text(
        "from torch import nn\n\nnet = nn.Linea(3, 2)\n"
    )
    (tmp_path / "broken.py").write_text("from torch import nn\n\nnet = nn.Linear(3, 2\n")
    (tmp_path / "models" / "called.py").write_text(CALLED)
    (tmp_path / "models" / "blocks.py").write_text(BLOCK)
    return tmp_path


def lines(result):
    return [
        [each.strip() for each in line.strip("│").split("│")]
        for line in result.stdout.splitlines()
        if line.startswith("│")
    ][1:]


def test_each_file_has_its_line(run, folder):
    line = "net models/fits.py:Net models/misfit.py models/fits.py missing.py --in 3x32x32"
    result = run(line)
    told = lines(result)
    assert [row[0] for row in told] == line.split()[1:5]
    assert told[0] == ["models/fits.py:Net", "62,006", "651,720", "10"]
    assert told[1][1:3] == ["60,470", "–"]
    assert told[1][3].startswith("misfit.py, line 19: fc1 (Linear) expects 400 features, gets 576")
    assert told[3][1:] == ["–", "–", "missing.py: there is no such file"]
    assert result.exit_code == 2
    assert result.stderr == "Error: 4 files: 1 does not fit and 1 is not understood\n"


@pytest.mark.parametrize(
    ("files", "status"),
    [("fits fits", 0), ("fits misfit", 1), ("misfit fits", 1), ("misfit refused fits", 2)],
)
def test_the_exit_status_is_the_worst(files, status, run, folder):
    named = " ".join(f"models/{each}.py" for each in files.split())
    result = run(f"net {named} --in 3x32x32")
    assert result.exit_code == status
    assert len(lines(result)) == len(files.split())
    assert bool(result.stderr) == bool(status)


def test_json_has_the_answers(run, folder):
    files = json.loads(run("net models/fits.py models/misfit.py models/refused.py broken.py "
                           "--in 3x32x32 -f json").stdout)["files"]  # fmt: skip
    single = json.loads(run("net models/fits.py --in 3x32x32 -f json").stdout)
    assert files[0] == {"file": "models/fits.py", **single}
    assert files[1]["fits"] is False
    assert files[1]["error"]["line"] == 19
    assert files[2]["refusal"]["line"] == 3
    assert files[3]["file"] == "broken.py"
    assert (files[3]["refusal"]["file"], files[3]["refusal"]["line"]) == ("broken.py", 3)


def test_csv_has_a_line_each(run, folder):
    result = run("net models/fits.py models/misfit.py --in 3x32x32 -f csv")
    header, first, second = result.stdout.splitlines()
    assert header == "file,parameters,MACs,output"
    assert first == "models/fits.py,62006,651720,10"
    assert second.startswith('models/misfit.py,60470,,"misfit.py, line 19:')


def test_parameters_of_several_are_counted(run, folder):
    result = run("net models/fits.py models/misfit.py --params-only")
    assert [row[:2] for row in lines(result)] == [
        ["models/fits.py", "62,006"], ["models/misfit.py", "60,470"],
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["models/*fit*.py", "models/[fm]i*.py", "**/*fit*.py"])
def test_patterns_are_expanded(pattern, run, folder):
    result = run(["net", pattern, "--in", "3x32x32"])
    assert [row[0] for row in lines(result)] == ["models/fits.py", "models/misfit.py"]


def test_patterns_keep_their_expression(run, folder):
    result = run(["net", "models/*fit*.py:Net", "--in", "3x32x32"])
    assert [row[0] for row in lines(result)] == ["models/fits.py:Net", "models/misfit.py:Net"]


def test_a_pattern_of_one_file_is_that_file(run, folder):
    pattern = run(["net", "models/fit*.py", "--in", "3x32x32"])
    assert pattern.stdout == run("net models/fits.py --in 3x32x32").stdout


def test_an_expression_is_no_pattern(run, folder):
    (folder / "wide.py").write_text(
        "from torch import nn\n\ndef make(sizes):\n    return nn.Linear(sizes[0], sizes[1])\n"
    )
    assert "3 → 2" in run(["net", "wide.py:make([3, 2])", "--in", "3"]).stdout


def test_a_pattern_of_nothing_is_refused(run, folder):
    result = run(["net", "nets/*.py", "--in", "3x32x32"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: nets/*.py: no file is called like that\n"


@pytest.mark.parametrize("option", ["--columns name", "--depth 1", "--graph", "--sizes", "--diff"])
def test_what_is_about_rows_has_no_meaning(option, run, folder):
    result = run(f"net models/fits.py models/misfit.py --in 3x32x32 {option}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{option.split()[0]} has no meaning with several FILEs" in result.stderr


def test_a_shape_among_files_is_met_as_before(run, folder):
    result = run("net models/fits.py 3x32x32")
    assert result.stderr == "Error: 3x32x32 belongs to no option: did you mean --in 3x32x32?\n"


# ---------------------------------------------------------------------------------------------
# Annotations
# ---------------------------------------------------------------------------------------------


def github(run, *words):
    return run(["net", *words, "--in", "3x32x32", "--format", "github"])


def test_a_misfit_is_an_error_at_its_line(run, folder):
    result = github(run, "models/misfit.py")
    sentence = json.loads(run("net models/misfit.py --in 3x32x32 -f json").stdout)["error"]
    assert result.stdout == f"::error file=models/misfit.py,line=19::{sentence['message']}\n"
    assert result.exit_code == 1
    assert result.stderr.startswith("misfit.py, line 19: fc1 (Linear) expects 400 features")


def test_a_refusal_is_a_warning(run, folder):
    result = github(run, "models/refused.py")
    assert result.stdout.startswith("::warning file=models/refused.py,line=3::")
    assert result.exit_code == 2
    result = github(run, "broken.py", "missing.py")
    first, second = result.stdout.splitlines()
    assert first.startswith("::warning file=broken.py,line=3::")
    assert second == "::warning file=missing.py::missing.py: there is no such file"


def test_what_fits_is_nothing(run, folder):
    result = github(run, "models/fits.py")
    assert (result.stdout, result.stderr, result.exit_code) == ("", "", 0)


def test_several_have_an_annotation_each(run, folder):
    result = github(run, "models/fits.py", "models/misfit.py", "models/refused.py")
    assert [each.split(" ")[0] for each in result.stdout.splitlines()] == ["::error", "::warning"]
    assert result.exit_code == 2


def test_the_file_is_the_one_with_the_line(run, folder):
    result = github(run, "models/called.py:Net")
    assert result.stdout.startswith("::error file=models/blocks.py,line=10::block.conv (Conv2d)")


def test_files_elsewhere_are_named_whole(run, folder, monkeypatch):
    monkeypatch.chdir(folder / "models")
    path = (folder / "broken.py").as_posix()
    assert github(run, path).stdout.startswith(f"::warning file={path},line=3::")


def test_nothing_ends_a_command_early(run, folder):
    odd = folder / "a,b%.py"
    odd.write_text('from torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n'
                   '        raise ValueError("50% of\\nit::")\n')  # fmt: skip
    result = github(run, "a,b%.py")
    assert result.stdout.count("\n") == 1
    assert result.stdout.startswith("::error file=a%2Cb%25.py,line=4::")
    assert "50%25 of%0Ait::" in result.stdout


def test_a_line_of_a_notebook_is_told_in_words(run, folder):
    cells = [{"cell_type": "code", "source": MISFIT.read_text(), "metadata": {}, "outputs": []}]
    (folder / "net.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}))
    result = github(run, "net.ipynb")
    assert result.stdout.startswith("::error file=net.ipynb::cell 1, line 19: fc1 (Linear)")


def test_layers_have_no_file(run, folder):
    result = run("net --layers 'Linear(4, 2), Linear(3, 2)' --in 4 -f github")
    assert result.stdout.startswith("::error::1 (Linear) expects 3 features, gets 2")


@pytest.mark.parametrize("command", ["shape --in 3x8x8 --k 3", "solve --in 3x8 --out 3x4"])
def test_only_networks_are_annotated(command, run):
    result = run(f"{command} --format github")
    assert result.exit_code == 2
    assert "--format github: write table, json, csv, markdown or latex" in result.stderr
