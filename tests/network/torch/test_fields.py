"""What positions see of the input, where an operation looks over a whole axis.

Which do was measured by gradients in PyTorch 2.13: the rows of the input that move a position of
the output are more than the three of the convolution before, or others.
"""

import pytest

from convcalc.layers.base import Window
from convcalc.network.model import followed
from convcalc.network.torch.fields import Field
from convcalc.reading.exceptions import NotUnderstood

OVER_ALL_ROWS = [
    "F.normalize(x, dim=2)", "F.normalize(x, dim=(2, 3))", "x.sort(dim=2)[0]",
    "torch.sort(x, 2).values", "torch.cummax(x, 2)[0]", "F.gumbel_softmax(x, dim=2)",
    "F.glu(x, 2)", "F.batch_norm(x, None, None, training=True)", "x.cumsum(2)", "x.cumprod(2)",
    "x.softmax(2)", "F.softmax(x, 2)", "F.instance_norm(x)", "F.group_norm(x, 4)", "x.flip(2)",
    "torch.roll(x, 1, 2)", "torch.roll(x, 1)", "x.logcumsumexp(2)", "x.topk(8, 2)[0]",
    "x.renorm(2, 1, 1.0)", "x - x.mean((2, 3), keepdim=True)",
]  # fmt: skip
IN_PLACE = [
    "F.normalize(x)", "F.local_response_norm(x, 2)", "F.batch_norm(x, mean, var)", "x.cumsum(1)",
    "F.softmax(x, 1)", "x.flip(1)", "torch.roll(x, 1, 1)", "self.norm(x)", "F.glu(x, 1)",
]  # fmt: skip


def field(expression, folder, train=False):
    """Return what is seen of the input after a window of 3 and this expression on x."""
    file = folder / "net.py"
    file.write_text(
        "import torch\n"
        "import torch.nn as nn\n"
        "import torch.nn.functional as F\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 4, 3, padding=1)\n"
        "        self.norm = nn.BatchNorm2d(4)\n"
        "        self.last = nn.ReLU()\n"
        "    def forward(self, x):\n"
        "        mean, var = torch.zeros(4), torch.ones(4)\n"
        "        x = self.conv(x)\n"
        f"        return self.last({expression})\n"
    )
    answer = followed(file, None, [(3, 8, 8)], train=train)
    assert answer.error is None, answer.error.sentence
    return answer.rows[-1 if answer.rows[-1].called else -2].receptive_field


@pytest.mark.parametrize("expression", OVER_ALL_ROWS)
def test_what_looks_over_all_rows_has_no_field(expression, tmp_path):
    assert field(expression, tmp_path) is None


@pytest.mark.parametrize("expression", IN_PLACE)
def test_what_looks_elsewhere_keeps_it(expression, tmp_path):
    assert field(expression, tmp_path) == (3, 3)


def test_in_training_a_normalisation_looks_at_the_whole_batch(tmp_path):
    assert field("self.norm(x)", tmp_path, train=True) is None


@pytest.mark.parametrize(("size", "fits"), [(10**15, True), (10**15 + 1, False)])
def test_how_large_a_receptive_field_may_be(size, fits):
    field, window = Field(axis=0, first=0, last=0, step=1), Window(span=size, step=1)
    if fits:
        assert field.through(window).size == size
    else:
        with pytest.raises(NotUnderstood, match="a receptive field or a stride"):
            field.through(window)
