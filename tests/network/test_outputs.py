"""What comes out may be anything: tensors in tuples and dicts, distributions, texts, nothing."""

import pytest

from convcalc.network.model import followed

START = """import torch
from torch import nn
from typing import NamedTuple
from torch.distributions import Categorical, Independent, Normal


class Out(NamedTuple):
    first: torch.Tensor
    second: object


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = self.fc(x)
"""
OUTPUTS = {
    "x": (5,),
    "None": None,
    "'done'": "str",
    "Out(x, None)": [(5,), None],
    "Normal(x, 1.0)": "Normal",
    "Categorical(logits=x)": "Categorical",
    "Categorical(logits=x).sample()": (),
    "Normal(x, x.exp()).rsample()": (5,),
    "Normal(x, 1.0).rsample((3,))": (3, 4, 5),
    "Normal(x, 1.0).log_prob(x).sum(-1)": (),
    "Independent(Normal(x, 1.0), 1).entropy()": (),
    "{'a': x, 'd': Normal(x, 1.0), 'n': None, 's': 't'}": {
        "a": (5,), "d": "Normal", "n": None, "s": "str",
    },
    "self": "Net",
}  # fmt: skip
"""What is returned, and what is told of it."""


@pytest.mark.parametrize("returned", OUTPUTS)
def test_what_comes_out_may_be_anything(returned, tmp_path):
    file = tmp_path / "net.py"
    file.write_text(f"{START}        return {returned}\n")
    answer = followed(file, "Net", [(8,)], batch=4)
    assert answer.error is None
    assert answer.output == OUTPUTS[returned]
    assert answer.total_params == 45
    assert (answer.rows[0].name, answer.rows[0].output) == ("fc", (5,))


def test_a_module_without_layers_has_a_row_for_what_its_forward_does(tmp_path):
    file = tmp_path / "net.py"
    file.write_text(
        "from torch import nn\n"
        "class Twice(nn.Module):\n"
        "    def forward(self, x):\n"
        "        return x * 2\n"
    )
    answer = followed(file, None, [(8,)])
    rows = [(row.layer, row.input, row.output, row.params) for row in answer.rows]
    assert rows == [("Twice", (8,), (8,), 0)]
