"""How torch's functions are called: what PyTorch takes is taken, what it refuses doesn't fit."""

import json
from pathlib import Path

import pytest

from convcalc.network.model import followed

CALLS = json.loads(Path(__file__).parents[2].joinpath("data", "calls.json").read_text("utf-8"))


def answer(expression, folder):
    file = folder / "net.py"
    file.write_text(
        "import torch\n"
        "import torch.nn as nn\n"
        "import torch.nn.functional as F\n"
        "import einops\n"
        "from einops import einsum, pack, rearrange, reduce, repeat\n"
        "class Net(nn.Module):\n"
        "    def forward(self, x):\n"
        f"        return {expression}\n"
    )
    return followed(file, None, [(4, 8)], batch=3)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_gives_what_pytorch_gives(call, tmp_path):
    found = answer(call, tmp_path)
    if CALLS[call] is None:
        assert found.error is not None
        assert found.error.line == 8
    else:
        assert found.error is None, found.error.sentence
        shape = CALLS[call]
        each = [shape[1:], [shape[0] // 3, *shape[1:]]] if shape else []
        assert list(found.output) in [shape, *each]


SENTENCES = {
    "x.mean(dims=1)": "mean() takes no dims: dim is the nearest name",
    "torch.softmax(x)": "torch.softmax() needs dim",
    "x.relu(x)": "relu() takes 0 arguments, gets 1",
    "F.silu(x, iplace=True)": "F.silu() takes no iplace: inplace is the nearest name",
    "F.linear(x)": "F.linear() needs weight",
}


@pytest.mark.parametrize("call", SENTENCES)
def test_what_is_wrong_with_a_call_is_said(call, tmp_path):
    assert answer(call, tmp_path).error.message == SENTENCES[call]
