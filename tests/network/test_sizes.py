"""Which sizes fit: what PyTorch runs, for networks whose sizes can be told by thinking."""

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.network.model import answered
from convcalc.network.sizes import Trying, runs

HEAD = "import torch\nfrom torch import nn\n\n\n"
LAYERS = "Conv2d(3, 8, 3, padding=1), MaxPool2d(2), MaxPool2d(2), Conv2d(8, 8, 4)"


def sizes(words, shape, first=None, last=None, *more):
    """Return which sizes fit, and all else that is told."""
    asked = Trying(first, last)
    return answered(lambda reading, root: reading.follow(root, [shape, *more]), None, words,
                    sizes=asked).sizes  # fmt: skip


def test_the_least_and_why():
    found = sizes(LAYERS, (3, 32, 32))
    assert (found.tried, [tuple(each) for each in found.fit]) == ((1, 64), [(16, 64, 1)])
    assert found.below == 15
    assert "kernel_size 4 is larger than the padded input, 3" in found.why


def test_only_what_was_tried_is_claimed():
    assert sizes(LAYERS, (3, 32, 32), 20, 30).fit == ((20, 30, 1),)
    none = sizes(LAYERS, (3, 32, 32), 2, 9)
    assert (none.fit, none.below) == ((), 9)


def test_a_size_that_does_not_fit_itself(tmp_path):
    assert sizes(LAYERS, (3, 8, 8), 1, 20).fit == ((16, 20, 1),)


def test_lazy_layers_are_made_anew():
    assert sizes("Flatten(), LazyLinear(10)", (3, 8, 8), 4, 6).fit == ((4, 6, 1),)


def test_a_model_that_keeps_something_of_the_last_size():
    words = HEAD + (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.seen = []\n"
        "\n"
        "    def forward(self, x):\n"
        "        self.seen.append(x.shape[-1])\n"
        "        assert self.seen[0] == x.shape[-1]\n"
        "        return x\n"
    )
    assert sizes(words, (3, 8, 8), 4, 12).fit == ((4, 12, 1),)


def test_of_several_inputs_the_first():
    words = HEAD + ("class Net(nn.Module):\n    def forward(self, x, y):\n        return x + y\n")
    assert sizes(words, (3, 8, 8), 6, 10, (3, 8, 8)).fit == ((8, 8, 1),)


def test_without_spatial_axes():
    with pytest.raises(ConvcalcError, match="spatial axes"):
        sizes("Linear(4, 5)", (4,))


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ([], []),
        ([7], [(7, 7, 1)]),
        ([8, 16, 24], [(8, 24, 8)]),
        ([15, 16, 31, 32, 47, 48], [(15, 16, 1), (31, 32, 1), (47, 48, 1)]),
        ([3, 9], [(3, 9, 6)]),
        ([3, 9, 10, 11], [(3, 3, 1), (9, 11, 1)]),
        (range(1, 9), [(1, 8, 1)]),
    ],
)
def test_runs(listed, found):
    assert [tuple(each) for each in runs(list(listed))] == found
