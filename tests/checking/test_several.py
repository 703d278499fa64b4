"""Many files at once: a line for each, in every format, and the exit status."""

import csv
import io
import json

import pytest

from convcalc.checking.several import is_several

RIGHT = "def unfold(x, kernel_size):\n    from_there = x\n    return own(from_there, kernel_size)\n"
OWN = """
def own(x, k):
    h, w = len(x[0][0]), len(x[0][0][0])
    return [
        [
            [c[i + u][j + v] for c in sample for u in range(k[0]) for v in range(k[1])]
            for i in range(h - k[0] + 1)
            for j in range(w - k[1] + 1)
        ]
        for sample in x
    ]
"""
FILES = {
    "anna/unfold.py": OWN + RIGHT,
    "berta/unfold.py": OWN.replace("c[i + u][j + v]", "c[i + v][j + u]") + RIGHT,
    "clara.py": "def fold(u): pass\n",
    "dora.py": "this isn't Python\n",
    "emil.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": OWN + RIGHT}]}),
    ".hidden/unfold.py": "raise SystemExit\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        path = tmp_path / "hand_ins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_gradebook(folder, run):
    result = run("check hand_ins --op unfold --jobs 2 -f csv")
    assert result.exit_code == 1
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(result.stdout))}
    assert rows["file"] == ["passed", "failed", "likely"]
    assert rows["hand_ins/anna/unfold.py:unfold"][1:] == ["0", ""]
    assert rows["hand_ins/emil.ipynb:unfold"][1:] == ["0", ""]
    _, failed, likely = rows["hand_ins/berta/unfold.py:unfold"]
    assert int(failed) > 30
    assert "height and width" in likely
    assert "clara.py has nothing that looks like unfold, only fold" in rows["hand_ins/clara.py"][2]
    assert "dora.py can't be imported: SyntaxError" in rows["hand_ins/dora.py"][2]
    assert len(rows) == 6


def test_those_that_are_right_end_with_0(folder, run):
    result = run("check hand_ins/anna hand_ins/emil.ipynb:unfold --op unfold")
    assert result.exit_code == 0
    assert "2 files as unfold: every file passes" in result.stdout


def test_the_same_of_each_without_its_cases(folder, run):
    answer = json.loads(run("check hand_ins --op unfold -f json").stdout)
    assert tuple(answer) == ("op", "files", "notes")
    assert [each["target"] for each in answer["files"]][2:4] == [
        "hand_ins/clara.py",
        "hand_ins/dora.py",
    ]
    berta = answer["files"][1]
    assert berta["failed"] > 30
    assert "cases" not in berta
    assert "error" in answer["files"][3]


def test_a_function_in_every_file(folder, run):
    answer = json.loads(run("check hand_ins:own --op unfold -f json").stdout)
    assert [each["target"].rpartition(":")[2] for each in answer["files"][:2]] == ["own", "own"]


def test_a_folder_of_one_file(folder, run):
    (folder / "one").mkdir()
    (folder / "one" / "fold.py").write_text(FILES["clara.py"], encoding="utf-8")
    assert run("check one --op unfold").stdout.startswith("1 file as unfold: 1 of 1 failed\n")


def test_a_folder_without_files(folder, run):
    (folder / "empty").mkdir()
    result = run("check empty --op unfold")
    assert result.exit_code == 2
    assert result.stderr == "Error: empty: there is no file of Python in this folder\n"


def test_what_is_several(folder):
    assert is_several(["hand_ins"])
    assert is_several(["hand_ins:own"])
    assert is_several(["a.py", "b.py"])
    assert not is_several(["hand_ins/clara.py"])
    assert not is_several(["hand_ins/clara.py:fold"])
