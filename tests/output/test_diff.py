"""--diff: what `patch -p0` takes, and with which the network fits; nothing is written by it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pseudoterminal import in_terminal, lines_of

from convcalc.network.model import followed

MENDS = Path(__file__).parents[1] / "data" / "mends"
PATCH = shutil.which("patch")
MODEL = "import torch.nn as nn\nnet = nn.Sequential(\n    nn.Linear(4, 5),\n    nn.Linear(6, 7)\n)"


@pytest.mark.skipif(PATCH is None, reason="there is no patch here")
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("folder", [".", "sub/folder"])
def test_patch_takes_it(ending, last, folder, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path(folder) / "model.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = (MODEL + "\n" * last).replace("\n", ending).encode()
    path.write_bytes(before)
    result = run(["net", str(path), "--in", "4", "--diff"])
    assert result.exit_code == 1
    assert result.stdout.startswith(
        f"--- {path.as_posix()}\n+++ {path.as_posix()}\n@@ -1,5 +1,5 @@\n"
    )
    assert path.read_bytes() == before
    subprocess.run([PATCH, "-p0"], input=result.stdout_bytes, check=True, capture_output=True)
    assert path.read_bytes() == before.replace(b"6, 7", b"5, 7")
    assert followed(path, None, [(4,)]).fits


@pytest.mark.skipif(PATCH is None, reason="there is no patch here")
def test_several_files(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("blocks.py").write_text(
        "import torch.nn as nn\n\n\ndef head():\n    return nn.Linear(9, 2)\n"
    )
    Path("model.py").write_text(
        "import torch.nn as nn\nfrom blocks import head\n\n"
        "width = 5\nnet = nn.Sequential(nn.Linear(width, 8), head())\n"
    )
    result = run(["net", "model.py", "--in", "4", "--diff"])
    assert result.stdout.count("+++ ") == 2
    subprocess.run([PATCH, "-p0"], input=result.stdout.encode(), check=True, capture_output=True)
    assert followed(Path("model.py"), None, [(4,)]).fits


def test_where_it_fits_there_is_none(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    Path("model.py").write_text(MODEL.replace("6, 7", "5, 7"))
    result = run(["net", "model.py", "--in", "4", "--diff"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "it fits: there is nothing to mend\n"


def test_a_notebook_is_said_in_words(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = [
        ["import torch.nn as nn\n"],
        ["\n", "net = nn.Sequential(nn.Linear(4, 5), nn.Linear(6, 7))"],
    ]
    Path("net.ipynb").write_text(json.dumps({
        "cells": [{"cell_type": "code", "source": each} for each in cells],
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
    }))  # fmt: skip
    result = run(["net", "net.ipynb", "--in", "4", "--diff"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cell 2, line 2: 1 (Linear)" in result.stderr
    assert "nn.Linear(5, 7) in line 2 would do" in result.stderr
    found = json.loads(run(["net", "net.ipynb", "--in", "4", "-f", "json"]).stdout)["error"][
        "mends"
    ]
    assert found[0]["edits"] == [
        {"file": "net.ipynb", "line": 2, "old": "6", "new": "5", "cell": 2}
    ]


def test_a_file_in_utf_16_is_said_in_words(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL, encoding="utf-16")
    result = run("net model.py --in 4 --diff")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a file in UTF-16 can't be patched" in result.stderr
    assert run("net model.py --in 4").exit_code == 1


def test_from_another_folder_it_is_said_where(tmp_path, run, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "model.py").write_text(MODEL)
    monkeypatch.chdir(tmp_path / "here")
    result = run(["net", f"..{os.sep}model.py", "--in", "4", "--diff"])
    assert result.stdout.startswith("--- model.py\n")
    assert str(tmp_path.resolve()) in result.stderr


@pytest.mark.parametrize(
    "other", ["-f json", "--columns name", "--depth 1", "--sizes", "--save x.txt"]
)
def test_it_stands_alone(other, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    result = run(f"net model.py --in 4 --diff {other}")
    assert result.exit_code == 2
    assert "--diff" in result.stderr
    assert not Path("x.txt").exists()


def test_layers_that_were_typed_have_no_file(run):
    result = run(["net", "--layers", "Linear(4, 5), Linear(6, 7)", "--in", "4", "--diff"])
    assert result.exit_code == 2
    assert "Linear(5, 7) in line 1 would do" in result.stderr


def test_in_a_terminal_it_has_colours(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    text, status = in_terminal("net", "model.py", "--in", "4", "--diff")
    assert status == 1
    assert "\x1b[31m-    nn.Linear(6, 7)\x1b[0m" in text
    assert "\x1b[32m+    nn.Linear(5, 7)\x1b[0m" in text
    plain, _ = in_terminal("net", "model.py", "--in", "4", "--diff", NO_COLOR="1")
    assert "+    nn.Linear(5, 7)" in lines_of(plain)
    assert "\x1b[32m" not in plain
