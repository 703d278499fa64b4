"""What training keeps: whole networks to the byte as PyTorch, what it takes, the largest batch."""

import gzip
import json
import re
from pathlib import Path

import pytest

from convcalc.formulas import LARGEST, ConvcalcError
from convcalc.network.fitting import _largest
from convcalc.network.model import answered, followed
from convcalc.output.net import as_json, as_page
from convcalc.output.terminal.page import as_text

DATA = Path(__file__).parents[1] / "data"
KEPT = json.loads((DATA / "kept.json").read_text("utf-8"))
OWN = [words for words in KEPT if not words.startswith("torchvision")]


UNKNOWN = {
    "models/gru_classifier.py:RowsThenColumns": "LSTM",
    "models/cnn_lstm.py:VideoClassifier": "LSTM",
    "models/cnn_lstm.py:ActionNet": "LSTM",
    "models/crnn.py:CRNN": "LSTM",
    "models/crnn.py:CRNN(32, 3, 11, 64, leaky=True)": "LSTM",
}
"""Networks that keep something of which no rule is known, and what is said of it."""
UNUSED = {"models/wavenet.py:WaveNet": 1_228_800}
"""The work for what is worked out in the forward and then not used, of which PyTorch has none."""


def asked(words):
    """Return a file of ours, an expression, and the shapes that go in."""
    name, _, expression = words.partition(":")
    folder = DATA / ("models" if name.startswith("models/") else "training")
    shapes = [(int(each),) if isinstance(each, str) else tuple(each) for each in KEPT[words][0]]
    return folder / name.removeprefix("models/"), expression, shapes


@pytest.mark.parametrize("words", OWN)
def test_a_network_keeps_what_pytorch_keeps(words):
    _, kept, backward = KEPT[words]
    path, expression, shapes = asked(words)
    answer = followed(path, expression, shapes, train=True, batch=2)
    assert answer.error is None
    training = answer.training
    assert training.known == sum(row.kept for row in answer.rows)
    if words in UNKNOWN:
        assert all(UNKNOWN[words] in each for each in training.unknown)
        assert training.known < kept
    else:
        assert training.kept == kept
    assert 2 * training.backward == backward + UNUSED.get(words, 0)


PRINTED = {
    name: KEPT[words]
    for words in KEPT
    for name in re.findall(r"torchvision/models/\w+\.py:(\w+)\(\)", words)
}
TEXTS = json.loads(gzip.decompress((DATA / "torchvision_printed.json.gz").read_bytes()))


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_network_keeps_what_pytorch_keeps_or_names_what_isnt_shown(name):
    shapes, kept, _ = PRINTED[name]

    def ask(reading, root):
        return reading.follow(root, [tuple(each) for each in shapes], 2)

    training = answered(ask, None, TEXTS[name], train=True).training
    if training.unknown:
        assert all(each.endswith("of a printed text") for each in training.unknown)
        assert kept > training.known > 0.9 * kept
    else:
        assert training.kept == kept


def test_nearly_all_are_known():
    assert len(UNKNOWN) <= len(OWN) / 10


NET = """
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.bn = nn.BatchNorm1d(8)
        self.lstm = nn.LSTM(8, 4, batch_first=True)
    def forward(self, x):
        {}
"""


def follow(body, folder, limit=None, optimizer="adam", batch=4, shape=(8,), dtype="float32"):
    file = folder / "net.py"
    file.write_text(NET.format(body))

    def ask(reading, root):
        return reading.follow(root, [shape], batch, dtype, optimizer)

    return answered(ask, f"{file}:Net", None, train=True, limit=limit)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("return Square.apply(self.fc(x))", "net.py, line 17: Square"),
        ("return checkpoint(self.fc, self.fc(x))", "net.py, line 17: checkpoint"),
        ("with torch.autocast('cpu'):\n            return self.fc(x)", "net.py, line 17: autocast"),
        ("return self.lstm(self.fc(x)[:, None])[0]", "net.py, line 17: LSTM"),
        ("return torch.compile(self.fc)(x)", "net.py, line 17: torch.compile"),
    ],
)  # fmt: skip
def test_what_no_rule_covers_is_named_with_its_line(body, named, tmp_path):
    training = follow(body, tmp_path).training
    assert named in training.unknown
    assert training.kept is None
    assert training.total is None


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("with torch.no_grad():\n            x = self.fc(x)\n        return self.fc(x)", 128),
        ("torch.set_grad_enabled(False)\n        return self.fc(x).relu()", 0),
        ("with torch.set_grad_enabled(False):\n            x = self.fc(x)\n        "
         "return self.fc(x)", 128),
        ("return self.fc(x).detach().relu()", 128),
        ("with torch.autocast('cpu', enabled=False):\n            return self.fc(x)", 128),
        ("y = self.fc(x)\n        y[:, 0] = 1.0\n        return y.exp()", 256),
        ("b = torch.zeros(4, 8)\n        b[:, 2:4] = self.fc(x)[:, :2]\n        return b.exp()",
         256),
    ],
)  # fmt: skip
def test_gradients_are_needed_where_pytorch_needs_them(body, kept, tmp_path):
    assert follow(body, tmp_path).training.kept == kept


@pytest.mark.parametrize(
    ("layer", "kept"),
    [("weight_norm(nn.Linear(8, 4))", 144), ("weight_norm(nn.Linear(8, 4), dim=None)", 136),
     ("weight_norm(nn.Linear(8, 4), dim=1)", 160), ("spectral_norm(nn.Linear(8, 4))", 180),
     ("spectral_norm(nn.Linear(8, 4), n_power_iterations=3).eval()", 180),
     ("spectral_norm(nn.Linear(8, 4), dim=1)", 180)],
)  # fmt: skip
@pytest.mark.parametrize("utils", ["torch.nn.utils", "torch.nn.utils.parametrizations"])
def test_a_weight_that_is_worked_out_is_kept_with_what_it_is_worked_out_of(
    utils, layer, kept, tmp_path
):
    body = f"self.normed = {utils}.{layer}\n        return self.normed(x + self.fc.bias)"
    if ".eval()" in layer and "parametrizations" not in utils:
        kept -= 4 * (8 + 4)  # which are buffers
    assert follow(body, tmp_path).training.kept == 4 * 4 * 8 + kept


@pytest.mark.parametrize(
    ("body", "kept"),
    [("with torch.no_grad():\n            y = (x * self.fc.bias).detach()[0]\n        "
      "y = y.requires_grad_()\n        return y.exp(), x.exp()", 32),
     ("y = self.fc(x)\n        with torch.no_grad():\n            z = y[0]\n        "
      "return z.sin()", 256),
     ("y = self.fc(x)\n        with torch.no_grad():\n            z = y[0]\n        "
      "return z * torch.ones(8)", 128),
     ("y = self.fc(x)\n        y[torch.tensor([0, 2])] = 0.5\n        return y.exp()", 272),
     ("y = self.fc(x)\n        y[y > 1] = 0.5\n        return y.exp()", 288),
     ("y = self.fc(x)\n        y[:, [0, 2]] = 0.5\n        return y.exp()", 272),
     ("y = x[:, :4]\n        y.requires_grad_()\n        return y.sin(), x.sin()", 128)],
)  # fmt: skip
def test_views_and_parts_that_are_set_keep_what_pytorch_keeps(body, kept, tmp_path):
    training = follow(body, tmp_path).training
    assert training.unknown == ()
    assert training.kept == kept


P = (8 * 8 + 8) + 2 * 8 + 4 * (4 * 8 + 4 * 4 + 4 + 4)
BUFFERS = 2 * 8 * 4 + 8


@pytest.mark.parametrize(
    ("optimizer", "states"),
    [("adam", 8 * P + 4 * 8), ("adamw", 8 * P + 4 * 8), ("sgd", 0), ("momentum", 4 * P),
     ("rmsprop", 4 * P + 4 * 8), ("adagrad", 4 * P + 4 * 8), ("none", 0)],
)  # fmt: skip
def test_states_are_those_after_the_first_step(optimizer, states, tmp_path):
    training = follow("return self.bn(self.fc(x))", tmp_path, optimizer=optimizer).training
    assert training.states == states
    assert training.gradients == 4 * P
    assert training.parameters == 4 * P + BUFFERS
    assert training.kept == 2 * 4 * 8 * 4 + 2 * 8 * 4
    assert training.total == training.fixed + training.kept


@pytest.mark.parametrize("spare", [-1, 0, 1, 255, 256, 100_000])
def test_the_largest_batch_is_the_one_before_the_first_that_is_too_large(spare, tmp_path):
    body = "return self.bn(self.fc(x))"
    fixed = follow(body, tmp_path).training.fixed
    limit = fixed + 64 + 4 * 64 + spare
    fitted = follow(body, tmp_path, limit=limit).training.fitted
    assert fitted.batch == 4 + spare // 64
    assert fitted.kept == 64 + 64 * fitted.batch <= limit - fixed
    assert follow(body, tmp_path, batch=fitted.batch + 1).training.total > limit


def test_a_batch_that_meets_itself_is_followed_at_several_sizes(tmp_path):
    body = "y = self.fc(x)\n        return (y @ y.T).softmax(-1)"
    fixed = follow(body, tmp_path).training.fixed
    fitted = follow(body, tmp_path, limit=fixed + 10**6).training.fitted

    def kept(n):
        return 4 * (8 * n + 8 * n + n * n)

    assert kept(fitted.batch) == fitted.kept <= 10**6 < kept(fitted.batch + 1)


def test_what_parameters_take_alone_is_said_where_that_is_too_much(tmp_path):
    with pytest.raises(ConvcalcError, match="parameters, gradients and the states of adam take"):
        follow("return self.fc(x)", tmp_path, limit=1024)


def test_not_even_one_sample_may_fit(tmp_path):
    fixed = follow("return self.fc(x)", tmp_path).training.fixed
    assert follow("return self.fc(x)", tmp_path, limit=fixed + 31).training.fitted.batch == 0
    assert follow("return self.fc(x)", tmp_path, limit=fixed + 32).training.fitted.batch == 1


def test_of_what_isnt_known_no_largest_batch_is_said(tmp_path):
    answer = follow("return self.lstm(self.fc(x)[:, None])[0]", tmp_path, limit=10**9)
    assert answer.training.fitted.batch is None
    assert as_json(answer)["largest_batch"] is None
    assert as_json(answer)["kept_bytes"] is None
    page = as_text(as_page(answer))
    assert "at least" in page
    assert "isn't known of every call" in page


def test_other_kinds_of_numbers_arent_claimed(tmp_path):
    answer = follow("return self.fc(x)", tmp_path, dtype="float16")
    assert answer.training.kept is None
    assert answer.training.known == 0
    assert "float16" in answer.training.unknown[0]
    assert as_json(answer)["layers"][0]["kept"] is None
    assert answer.notes[1] == (
        "What is kept in float16 isn't known: without --dtype it is said for float32."
    )
    assert "kept for the backward" in as_text(as_page(answer))


def test_without_train_nothing_is_said(tmp_path):
    path, expression, shapes = asked(OWN[0])
    assert followed(path, expression, shapes).training is None


@pytest.mark.parametrize("most", [0, 1, 2, 7, 1000, LARGEST - 1, LARGEST])
def test_the_largest_batch_of_all(most):
    """Up to the largest that there is, whatever a batch keeps."""
    assert _largest(lambda batch: batch, most) == most
    assert _largest(lambda batch: 0, most) == LARGEST
    assert _largest(lambda batch: None, most) == 0
