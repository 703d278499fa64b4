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


@pytest.mark.parametrize(
    ("call", "shape"),
    [("x if x.dtype is torch.float32 else x[:, :2]", (4, 8)),
     ("x if x.dtype is not torch.float32 else x[:, :2]", (2, 8)),
     ("x if x.long().dtype is torch.int64 else x[:, :2]", (4, 8))],
)  # fmt: skip
def test_a_kind_of_numbers_is_itself_whoever_said_it(call, shape, tmp_path):
    assert answer(call, tmp_path).output == shape


def test_a_state_that_is_no_pair_is_named(tmp_path):
    call = "nn.LSTM(8, 5, batch_first=True)(x, torch.zeros(1, 3, 5))"
    message = answer(call, tmp_path).error.message
    assert "expects the pair (h_0, c_0) of 1 × batch × 5 and 1 × batch × 5" in message
