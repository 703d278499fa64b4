"""Several inputs: each has the batch in front, and what they make together has it once."""

import json

import pytest

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
    assert found.input_size == samples * (6 + 3)
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
