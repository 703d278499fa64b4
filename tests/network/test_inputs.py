"""Several inputs: each has the batch in front, and what they make together has it once."""

import json
from math import prod
from pathlib import Path

import pytest

from convcalc.cli.values import read_input
from convcalc.formulas import ConvcalcError
from convcalc.network.model import followed

NET = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Linear(6, 4)
        self.text = nn.Linear(3, 4)

    def forward(self, image, text):
        {body}
"""
BOTH = {
    "return self.image(image) + self.text(text)": (4,),
    "return torch.cat((image, text), 1)": (9,),
    "return image.reshape(image.size(0), 6, 1) * text.reshape(text.size(0), 1, 3)": (6, 3),
    "return torch.stack((image[:, 0], text[:, 0]), 1)": (2,),
    "return image.view(text.shape[0], 2, 3)": (2, 3),
    "return torch.bmm(image.unsqueeze(2), text.unsqueeze(1))": (6, 3),
    "return text.new_zeros(image.size(0), 7)": (7,),
}


def answer(folder, body, batch=0):
    file = folder / "net.py"
    file.write_text(NET.format(body=body))
    return followed(file, "Net", [(6,), (3,)], batch=batch)


@pytest.mark.parametrize("batch", [0, 1, 5])
@pytest.mark.parametrize("body", BOTH)
def test_both_have_the_batch(body, batch, tmp_path):
    found = answer(tmp_path, body, batch)
    assert found.error is None, found.error.message
    assert found.output == BOTH[body]
    assert found.input == [(6,), (3,)]
    assert found.notes == ()


@pytest.mark.parametrize("batch", [0, 1, 5])
def test_all_counts_the_samples_of_both(batch, tmp_path):
    found = answer(tmp_path, "return self.image(image) + self.text(text)", batch)
    samples = batch or 1
    assert found.input_bytes == samples * (6 + 3) * 4
    assert [row.size for row in found.rows] == [samples * 4] * len(found.rows)
    assert found.total_macs == 6 * 4 + 3 * 4  # of one sample


def test_a_batch_of_one_sample_is_broadcast_as_pytorch_does(tmp_path):
    body = "return (torch.zeros(5, 1) + image[:, :1], text[:, :1] + torch.zeros(5, 1))"
    assert answer(tmp_path, body, batch=1).output == [(5, 1), (5, 1)]
    assert answer(tmp_path, body, batch=3).error is not None


def test_one_without_the_batch_of_the_other_is_no_sample_of_it(tmp_path):
    """As PyTorch with another number of samples: 6 numbers aren't 3."""
    error = answer(tmp_path, "return image + text").error
    assert error is not None
    assert error.line == 12


def test_on_the_command_line(tmp_path, run):
    file = tmp_path / "net.py"
    file.write_text(NET.format(body="return torch.cat((image, text), 1)"))
    result = run(["net", f"{file}:Net", "--in", "6", "--in", "3", "--batch", "5", "-f", "json"])
    shown = json.loads(result.stdout)
    assert (shown["input"], shown["output"], shown["batch"]) == ([[6], [3]], [9], 5)
    assert shown["input_bytes"] == 5 * (6 + 3) * 4


ANY = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.table = nn.Embedding(9, 4)
        self.lstm = nn.LSTM(6, 3, batch_first=True)

    def forward(self, {}):
        return {}
"""
CASES = json.loads((Path(__file__).parents[1] / "data" / "inputs.json").read_text())


def asked(folder, forward, inputs, define, batch=5):
    file = folder / "net.py"
    file.write_text(ANY.format(*forward.split(": ", 1)))
    given = [read_input(each) for each in inputs]
    return followed(file, "Net", given, batch=batch, defined=define)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['forward']} {case['inputs']}")
def test_as_pytorch(case, tmp_path):
    found = asked(tmp_path, case["forward"], case["inputs"], case["define"])
    assert (found.error is None) is (case["output"] is not None)
    assert found.total_params == case["params"]
    if case["output"] is not None:
        assert found.output == tuple(case["output"])


def test_the_inputs_stand_in_the_order_of_the_forward(tmp_path):
    forward = "image, text, mask: self.fc(image) + self.table(text) + mask"
    found = asked(tmp_path, forward, ["mask==4", "text=():int64", "image=6"], {}, batch=2)
    assert found.input == [(6,), (), (4,)]
    assert found.input_bytes == 2 * 6 * 4 + 2 * 8 + 4 * 4
    assert found.output == (4,)


def test_receptive_fields_are_told_of_the_first_input_of_the_forward(tmp_path):
    forward = "a, b: torch.nn.functional.max_pool2d(a, 2), torch.nn.functional.max_pool2d(b, 3)"
    rows = asked(tmp_path, forward, ["b=3x6x6", "a=3x6x6"], {}).rows
    assert [row.receptive_field for row in rows if row.layer == "F.max_pool2d"] == [(2, 2), None]


REFUSED = {
    ("x: x", ("6", "7")): "Net.forward takes x: --in is needed once for each, it is given 2 times",
    ("x, y: x", ("z=6",)): "Net.forward takes x and y: there is no z, "
    "--in NAME=SHAPE is for one of these",
    ("x, width: x", ("6", "wdith=7")): "Net.forward takes x and width: there is no wdith, "
    "width is the nearest name",
    ("x, y: x", ("y=6",)): "Net.forward takes x and y: x isn't given, --in x=… or --define x=… "
    "gives it",
    ("x, y: x", ("x=6", "x=7", "y=1")): "x is given twice",
    ("x, y: x", ("x=6", "x.a=7", "y=1")): "x is given as a whole, and x.a too",
    ("x, y: x", ("x.a=6", "x=7", "y=1")): "x is given twice",
    ("batch: batch['a']", ("b=7",)): "net.py, line 13: batch.a isn't given, --in batch.a=… gives "
    "it",
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_the_forward_does_not_take_is_refused(case, tmp_path):
    with pytest.raises(ConvcalcError) as refusal:
        asked(tmp_path, *case, {})
    assert str(refusal.value) == REFUSED[case]


def test_a_whole_shape_may_count_samples(tmp_path):
    forward = "x, h, c: self.lstm(x, (h, c))[0]"
    answer = asked(tmp_path, forward, ["7x6", "=1x5x3", "=1x5x3"], {}, batch=0)
    assert answer.error is not None
    assert answer.notes == ("A whole shape may count samples: --batch says how many there are.",)


def test_a_name_that_the_forward_lacks_may_be_a_mistake(tmp_path):
    answer = asked(tmp_path, "x: self.fc(x)", ["image=6"], {})
    assert answer.error is not None
    assert answer.notes == (
        "image is taken for what the argument x holds: --in x=… is the argument itself.",
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("3.5", "not understood, write CxHxW, such as 3x32x32, () for one number"),
        ("a b=3", "a b can't be the name of an argument: in image=3x32x32, image is"),
        ("image=", "not understood"),
        ("=", "not understood"),
        ("0", "at least 1 is needed"),
        ("5:int46", "int46 is none of torch's kinds of numbers, int64 is the nearest"),
        ("5:", "nothing is none of torch's kinds of numbers, int64 and float32 are some"),
        ("5:float16", "float16 would be the kind of all of a network's numbers, --dtype says that"),
    ],
)
def test_what_is_no_input_is_refused(words, message, run):
    result = run(["net", "--layers", "ReLU()", "--in", words])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: --in {words}: {message}")


@pytest.mark.parametrize(
    ("body", "shapes", "kinds"),
    [
        ("nn.Embedding(10, 4)(x)", [(64,)], ["int64"]),
        ("F.embedding(x.view(-1)[1:], torch.rand(10, 4))", [(64,)], ["int64"]),
        ("torch.rand(10, 4)[x]", [(64,)], ["int64"]),
        ("y.gather(1, x)", [(3,), (5,)], ["int64", "float32"]),
        ("F.one_hot(x, 10) * y[..., None]", [(7,), (7,)], ["int64", "float32"]),
        ("F.cross_entropy(y, x)", [(), (10,)], ["int64", "float32"]),
        ("nn.Linear(8, 2)(x)", [(8,)], ["float32"]),
    ],
)
def test_an_input_that_is_used_as_whole_numbers_has_their_bytes(body, shapes, kinds, tmp_path):
    file = tmp_path / "model.py"
    file.write_text(
        "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n\n"
        "class Net(nn.Module):\n"
        f"    def forward(self, {', '.join('xy'[: len(shapes)])}):\n"
        f"        return {body}\n"
    )
    answer = followed(file, "Net", shapes, batch=2)
    bytes_of = {"int64": 8, "float32": 4}  # torch.Tensor.element_size
    assert answer.error is None
    assert answer.input_dtypes == tuple(kinds)
    assert answer.input_bytes == sum(
        2 * prod(shape) * bytes_of[kind] for shape, kind in zip(shapes, kinds, strict=True)
    )
