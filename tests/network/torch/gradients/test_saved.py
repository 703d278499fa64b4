"""What calls keep for the backward: the bytes that PyTorch's own hooks saw, or nothing claimed."""

import json
from pathlib import Path

import pytest
from saved_expressions import GRADED, SPACE, Watching, compiled, tensors_in

from convcalc.network.model import followed
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Tensor
from convcalc.network.torch.watch import WATCHER

DATA = json.loads(Path(__file__).parents[3].joinpath("data", "saved.json").read_text("utf-8"))
UNKNOWN = json.loads(Path(__file__).with_name("unknown.json").read_text("utf-8"))
"""Expressions of which it isn't said what they keep, since no rule covers them."""


def evaluated(words):
    """Return what an expression gives, and who watched it."""
    names = dict(SPACE)
    watching = Watching()
    for name, made in {**DATA["names"], "": words}.items():
        if not name:
            token = WATCHER.set(watching)
        try:
            names[name] = eval(compiled(made), names)
        finally:
            if not name:
                WATCHER.reset(token)
        value = names[name]
        if name and isinstance(value, Tensor):
            value = names[name] = value.like()  # with memory of its own
            value.learnt = value.dtype.kind in GRADED
    for each in vars(watching).get("module", Module()).buffers():
        watching.kept.discard(each.storage)
    return names[""], watching


READ = [words for words in DATA["answers"] if "nn.Transformer" in words]
"""Expressions of classes in the Python that is read."""


@pytest.mark.parametrize(
    "words", [each for each in DATA["answers"] if each not in (*UNKNOWN, *READ)]
)
def test_a_call_keeps_what_pytorch_keeps(words):
    kept, needs = DATA["answers"][words]
    result, watching = evaluated(words)
    assert watching.unknown == []
    assert any(each.requires_grad for each in tensors_in(result)) == needs
    assert watching.bytes == kept


@pytest.mark.parametrize("words", UNKNOWN)
def test_what_no_rule_covers_is_named(words):
    assert evaluated(words)[1].unknown


@pytest.mark.parametrize("words", READ)
def test_transformers_keep_what_pytorch_keeps(words, tmp_path):
    file = tmp_path / "net.py"
    of_two = "nn.TransformerDecoder" in words or "nn.Transformer(" in words
    model = words.replace("(q,q+1)", "").replace("(q)", "")
    mask = ""
    for given in (",src_key_padding_mask=torch.zeros(2,5)>1", ",torch.zeros(5,5)"):
        if f"(q{given})" in model:
            model, mask = model.replace(f"(q{given})", ""), given
    file.write_text(
        "import torch\nfrom torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        f"        self.p, self.inner = nn.Parameter(torch.zeros(1)), {model}\n"
        "    def forward(self, q):\n"
        "        q = q + self.p\n"
        f"        return self.inner(q{', q + 1' if of_two else ''}{mask})\n"
    )
    answer = followed(file, None, [(5, 16)], train=True, batch=2)
    assert answer.error is None
    assert sum(row.kept for row in answer.rows) == DATA["answers"][words][0]
