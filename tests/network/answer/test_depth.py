"""Rows that are deeper than asked for, summed up by module."""

from pathlib import Path

import pytest

from convcalc.network.answer.depth import summed
from convcalc.network.model import answered, counted, followed

RESNET = Path(__file__).parents[2] / "data" / "models" / "resnet_cifar.py"
NET = "ResNet(BasicBlock, [1, 1, 1, 1])"


def whole():
    return followed(RESNET, NET, [(3, 32, 32)])


@pytest.mark.parametrize("depth", range(5))
def test_nothing_is_lost_and_nothing_is_deeper(depth):
    full, answer = whole(), summed(whole(), depth)
    for column in ("params", "macs", "size", "trainable"):
        total = sum(getattr(row, column) for row in answer.rows)
        assert total == sum(getattr(row, column) for row in full.rows)
    assert answer.total_params == full.total_params
    assert all((row.name or "").count(".") < max(depth, 1) for row in answer.rows)
    assert answer.rows[-1].output == full.output


def test_a_module_is_one_row_from_what_comes_in_to_what_comes_out():
    rows = {row.name: row for row in summed(whole(), 1).rows if row.name}
    assert list(rows) == ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4", "linear"]
    layer = rows["layer2"]
    assert (layer.layer, layer.input, layer.output) == ("Sequential", (64, 32, 32), (128, 16, 16))
    # By hand: 128·64·9 + 128·128·9 + 128·64, and two numbers per channel of three normalisations.
    assert layer.params == 73_728 + 147_456 + 8_192 + 3 * 256
    assert (layer.receptive_field, layer.effective_stride) == ((13, 13), (2, 2))
    (only,) = summed(whole(), 0).rows
    assert (only.layer, only.input, only.output) == ("ResNet", (3, 32, 32), (10,))


def test_layers_that_are_counted_only():
    answer = summed(answered(counted, f"{RESNET}:{NET}", None), 1)
    assert answer.total_params == whole().total_params
    assert [(row.name, row.layer) for row in answer.rows] == [
        ("conv1", "Conv2d"), ("bn1", "BatchNorm2d"), ("layer1", "4 layers"), ("layer2", "6 layers"),
        ("layer3", "6 layers"), ("layer4", "6 layers"), ("linear", "Linear"),
    ]  # fmt: skip
    assert sum(row.params for row in answer.rows) == answer.total_params


CALLED_WITHIN = """
from torch import nn

class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.conv(x))

class Outer(nn.Module):
    def __init__(self, inner, first):
        super().__init__()
        self.held, self.first = [inner], first
        self.conv = nn.Conv2d(4, 4, 1)

    def forward(self, x):
        inner, = self.held
        return self.conv(inner(x)) if self.first else inner(self.conv(x))

class Net(nn.Module):
    def __init__(self, first):
        super().__init__()
        self.inner = Inner()
        self.outer = Outer(self.inner, first)

    def forward(self, x):
        return self.outer(x)
"""


@pytest.mark.parametrize("first", [True, False])
def test_a_module_that_another_one_calls_is_counted_once(first, tmp_path):
    (tmp_path / "net.py").write_text(CALLED_WITHIN)
    answer = summed(followed(tmp_path / "net.py", f"Net({first})", [(4, 8, 8)]), 1)
    # By hand: (4·4·9 + 4·4) weights × 8·8 positions.
    assert [(row.name, row.macs) for row in answer.rows] == [("outer", 160 * 64)]
    assert answer.total_params == 160 + 2 * 4
