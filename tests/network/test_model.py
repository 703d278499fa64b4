"""Models' own sources against PyTorch: those that fit, those that don't, and the traps."""

import json
from pathlib import Path

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.model import followed

DATA = Path(__file__).parents[1] / "data"


def cases(name):
    """Return what PyTorch said, one case after the other, with readable ids."""
    return [
        pytest.param(case, id=f"{at}-{case['target']}")
        for at, case in enumerate(json.loads((DATA / name).read_text(encoding="utf-8")))
    ]


def answer_to(case, folder):
    path, _, expression = case["target"].partition(":")
    return followed(
        DATA / folder / path,
        expression or None,
        [tuple(shape) for shape in case["input"]],
        defined=case.get("define"),
        train=case.get("train", False),
    )


def plain(value):
    """Return a shape as lists; what PyTorch's batch of so many was is one sample's here."""
    if isinstance(value, str):  # a whole shape, b its batch
        return [int(size.rstrip("b") or 1) for size in value.split("x")] if value else []
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value


def first(output):
    """Return the first shape of an output, as the recorded calls have it."""
    return output[0] if isinstance(output, list) else output


def calls(answer, truth):
    """Return the layers that were called, as far as PyTorch recorded them."""
    names = {name or None for name, *_ in truth}
    return [
        [row.name, row.layer, plain(row.input), plain(first(row.output))]
        for row in answer.rows
        if row.called and row.name in names and (row.name or row.layer in LAYERS)
        and row.layer != "Parameter"
    ]  # fmt: skip


def check(answer, case):
    assert answer.error is None
    assert answer.complete
    assert plain(answer.output) == plain(case["output"])
    assert answer.total_params == case["params"]
    assert answer.trainable_params == case["trainable"]
    assert sum(row.params for row in answer.rows) == case["params"]
    if case["macs"] is not None:
        assert answer.total_macs == case["macs"]
    recorded = [[name or None, kind, plain(i), plain(o)] for name, kind, i, o in case["calls"]]
    assert calls(answer, case["calls"]) == recorded


@pytest.mark.parametrize("case", cases("models.json"))
def test_models_are_followed_to_the_last_digit(case):
    check(answer_to(case, "models"), case)


@pytest.mark.parametrize("case", cases("traps.json"))
def test_no_trap_gives_a_wrong_number(case):
    if case.get("refused"):
        with pytest.raises(ConvcalcError):
            answer_to(case, "traps")
        return
    try:
        answer = answer_to(case, "traps")
    except ConvcalcError:
        assert case.get("may_refuse")
        return
    if case.get("may_refuse") and answer.error is not None:
        return
    check(answer, case)


@pytest.mark.parametrize("case", cases("misfits.json"))
def test_what_does_not_fit_is_named_at_its_line(case):
    error = answer_to(case, "misfits").error
    assert error is not None
    if case["line"] is None:  # where no line of theirs calls it: the one that makes it
        text = (DATA / "misfits" / case["file"]).read_text(encoding="utf-8")
        assert f"nn.{error.layer}(" in text.split("\n")[(error.line or 0) - 1]
    assert (error.file, error.line) == (case["file"], case["line"] or error.line)
    said = f"{error.name} {error.sentence}".replace(",", "")
    for words in case["must_say"]:
        several = words if isinstance(words, list) else [words]
        assert any(word.replace(",", "") in said for word in several), (words, said)


def test_the_sentences_on_what_does_not_fit(golden):
    sentences = [
        f"{case.values[0]['target']}\n    {answer_to(case.values[0], 'misfits').error.sentence}\n"
        for case in cases("misfits.json")
    ]
    golden("net-misfits.txt", "".join(sentences))


def test_layers_that_a_forward_makes(tmp_path):
    """One that it keeps is the model's from then on; PyTorch counts 3,114 after a call."""
    file = tmp_path / "net.py"
    file.write_text(
        "import torch.nn as nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 8, 3)\n"
        "        self.fc = None\n"
        "    def forward(self, x):\n"
        "        x = self.conv(x).flatten(1)\n"
        "        if self.fc is None:\n"
        "            self.fc = nn.Linear(x.size(1), 10)\n"
        "        return self.fc(nn.ReLU()(x))\n"
    )
    answer = followed(file, None, [(3, 8, 8)])
    assert [(row.name, row.layer, row.params) for row in answer.rows] == [
        ("conv", "Conv2d", 224), (None, "flatten", 0), (None, "ReLU", 0), ("fc", "Linear", 2890),
    ]  # fmt: skip
    assert answer.total_params == 3114
    assert answer.notes == ()


def test_a_layer_whose_own_forward_adds_a_module_to_it(tmp_path):
    """Its work is its own; PyTorch counts 43 multiply-accumulates, none of them twice."""
    file = tmp_path / "net.py"
    file.write_text(
        "import torch.nn as nn\n"
        "class Activated(nn.Linear):\n"
        "    def forward(self, x):\n"
        "        self.act = nn.ReLU()\n"
        "        return self.act(super().forward(x))\n"
        "net = nn.Sequential(nn.Linear(3, 5), Activated(5, 4), nn.Linear(4, 2))\n"
    )
    answer = followed(file, "net", [(3,)])
    called = [(row.name, row.layer, row.macs) for row in answer.rows if row.called]
    assert called == [("0", "Linear", 15), ("1", "Activated", 20), ("2", "Linear", 8)]
    assert answer.total_macs == 43


def test_there_are_enough_of_each():
    assert len(cases("models.json")) >= 40
    assert len(cases("misfits.json")) >= 30
    assert len(cases("traps.json")) >= 100


def test_a_loss_that_is_called_is_a_row(tmp_path):
    file = tmp_path / "net.py"
    file.write_text(
        "import torch\n"
        "import torch.nn as nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc = nn.Linear(8, 4)\n"
        "        self.loss = nn.MSELoss()\n"
        "    def forward(self, x, target):\n"
        "        return self.loss(self.fc(x), target)\n"
    )
    answer = followed(file, None, [(8,), (4,)])
    assert [(row.name, row.layer, row.output) for row in answer.rows] == [
        ("fc", "Linear", (4,)),
        ("loss", "MSELoss", ()),
    ]
    chain = followed(file, "nn.Sequential(nn.Linear(8, 4), nn.MSELoss())", [(8,)])
    assert chain.error.sentence.endswith(
        "1 (MSELoss) takes what came out and what was wanted, gets 1 argument"
    )
