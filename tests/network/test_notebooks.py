"""Models in notebooks: their code cells in order, their lines named by the cell."""

import json

import pytest

CELLS = [
    "%matplotlib inline\n!pip install torch\nimport torch\nimport torch.nn as nn",
    "# of torch\nclass Net(nn.Module):\n    def __init__(self, features=400):\n"
    "        super().__init__()\n        self.conv = nn.Conv2d(3, 16, 5)\n"
    "        self.fc = nn.Linear(features, 10)\n",
    "def forward(self, x):\n    x = self.conv(x)\n    x = x.flatten(1)\n    return self.fc(x)\n\n"
    "Net.forward = forward",
    "files = !ls\nshell = get_ipython().__class__.__name__\ndisplay(files)\nmodel = Net(12544)",
]


@pytest.fixture
def ask(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)

    def asked(words, cells=CELLS):
        made = [{"cell_type": "code", "source": each} for each in cells]
        made.insert(1, {"cell_type": "markdown", "source": "(" * 300})
        (tmp_path / "a.ipynb").write_text(json.dumps({"cells": made}), encoding="utf-8")
        return run(words)

    return asked


def test_the_model_that_its_cells_make(ask):
    result = ask("net a.ipynb --in 3x32x32 -f json")
    answer = json.loads(result.stdout)
    assert (answer["output"], answer["total_params"], answer["notes"]) == ([10], 126666, [])
    assert [(row["name"], row["cell"], row["line"]) for row in answer["layers"]] == [
        ("conv", 3, 2), (None, 3, 3), ("fc", 3, 4),
    ]  # fmt: skip


def test_where_it_does_not_fit(ask):
    cells = [*CELLS[:3], *CELLS[3:]]
    cells[3] = cells[3].replace("model = Net(12544)", "")
    cells[1] = cells[1].replace("features,", "400,")
    result = ask("net a.ipynb --in 3x32x32 -f json", cells)
    assert result.exit_code == 1
    assert result.stderr == (
        "a.ipynb, cell 3, line 4: fc (Linear) expects 400 features, gets 12,544, which is "
        "16 × 28 × 28 flattened in line 3: nn.Linear(12544, 10) in cell 2, line 6 would do\n"
    )
    error = json.loads(result.stdout)["error"]
    assert (error["file"], error["cell"], error["line"]) == ("a.ipynb", 3, 4)


def test_the_table_names_the_cell(ask):
    result = ask("net a.ipynb --in 3x32x32 --columns name,line")
    assert "│ conv  │ cell 3, line 2 │" in result.stdout
    result = ask("net a.ipynb --in 3x32x32 --columns name,line --depth 0")
    assert result.exit_code == 0


def test_a_file_of_python_has_no_cells(run, tmp_path):
    file = tmp_path / "a.py"
    file.write_text(
        "import torch.nn as nn\nmodel = nn.Sequential(nn.Linear(3, 4), nn.Linear(3, 4))"
    )
    answer = json.loads(run(["net", str(file), "--in", "3", "-f", "json"]).stdout)
    assert "cell" not in answer["error"]
    assert all("cell" not in row for row in answer["layers"])


def test_what_is_passed_over_is_said_and_may_have_set_names(ask):
    cells = [*CELLS, "%%cython\ncdef f(): pass", "x = = 3"]
    notes = json.loads(ask("net a.ipynb --in 3x32x32 -f json", cells).stdout)["notes"]
    assert notes == [
        "Passed over in a.ipynb: cell 5, %%cython and cell 6, which isn't Python: invalid syntax."
    ]
    cells[3] = "model = f()"
    result = ask("net a.ipynb --in 3x32x32 -f json", cells)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: a.ipynb, cell 4, line 1: model isn't known: f may come from cell 5, %%cython, "
        "which isn't read\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Error: a.ipynb: it isn't a notebook: there are no cells in it\n"),
        ("import torch", "Error: a.ipynb: it isn't a notebook: there are no cells in it\n"),
        ('{"cells": []}', "Error: a.ipynb has no model: layers of torch.nn, or a class made from "
         "nn.Module, are one\n"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(content, sentence, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ipynb").write_text(content)
    result = run("net a.ipynb --in 3")
    assert (result.exit_code, result.stderr) == (2, sentence)


def test_a_call_of_another_cell_is_ready_to_paste(ask):
    cells = [*CELLS[:3], "def main():\n    return Net(12544)"]
    cells[1] = cells[1].replace("=400", "")
    result = ask("net a.ipynb --in 3x32x32", cells)
    assert result.stderr == (
        'Error: Net needs features: "a.ipynb:Net(12544)", seen in cell 4, line 2, gives it, or '
        "--define features=…\n"
    )
