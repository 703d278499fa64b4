"""What a misfit is told names the lines where they stand: by their file, where that is another."""

import pytest

from convcalc.network.answer.misfits import Edit
from convcalc.network.model import followed

BLOCKS = """import torch.nn as nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 3)

    def flat(self, x):
        return x.flatten(1)

    def setup(self):
        head = nn.ReLU()
        return head
"""
MODEL = """import torch.nn as nn
from blocks import Block


class Net({base}):
    def __init__(self):
        super().__init__()
        {made}

    def forward(self, x):
        return {returned}
"""


def error_of(folder, made, returned, shape, base="nn.Module"):
    (folder / "blocks.py").write_text(BLOCKS)
    file = folder / "model.py"
    file.write_text(MODEL.format(base=base, made=made, returned=returned))
    return followed(file, "Net", [shape]).error


def test_a_misfit_in_another_file(tmp_path):
    """It is where the call stands that doesn't fit."""
    (tmp_path / "inner.py").write_text(
        "import torch.nn as nn\n\n"
        "class Inner(nn.Module):\n"
        "    def __init__(self, layer):\n"
        "        super().__init__()\n"
        "        self.layer = layer\n"
        "    def forward(self, x):\n"
        "        return self.layer(x)\n"
    )
    made = "import inner; self.inner = inner.Inner(nn.Linear(10, 3))"
    error = error_of(tmp_path, made, "self.inner(x)", (12,))
    assert (error.file, error.line) == ("inner.py", 8)
    assert error.sentence == (
        "inner.py, line 8: inner.layer (Linear) expects 10 features, gets 12: "
        "nn.Linear(12, 3) in model.py, line 8 would do, or an input of 10"
    )


def test_a_layer_that_another_file_makes(tmp_path):
    error = error_of(tmp_path, "self.block = Block()", "self.block.fc(x)", (12,))
    assert (error.file, error.line) == ("model.py", 11)
    assert ": nn.Linear(12, 3) in blocks.py, line 7 would do" in error.message


def test_one_of_several_layers_that_another_file_makes(tmp_path):
    (tmp_path / "several.py").write_text(
        "import torch.nn as nn\n\n"
        "def layers():\n"
        "    return nn.ModuleList([nn.Linear(n, 3) for n in (10, 3)])\n"
    )
    made = "import several; self.layers = several.layers()"
    error = error_of(tmp_path, made, "self.layers[0](x)", (12,))
    assert "for n in (12, 3)]) in several.py, line 4 would do" in error.message
    assert error.mends[0].edits == (Edit("several.py", 4, "10", "12"),)


def test_what_was_flattened_in_another_file(tmp_path):
    made = "self.block, self.fc = Block(), nn.Linear(5, 2)"
    error = error_of(tmp_path, made, "self.fc(self.block.flat(x))", (2, 4))
    assert (error.file, error.line) == ("model.py", 11)
    assert "which is 2 × 4 flattened in blocks.py, line 10: " in error.message
    assert error.message.endswith("nn.Linear(8, 2) in line 8 would do")


def test_a_name_without_self_in_another_file(tmp_path):
    error = error_of(tmp_path, "self.setup()", "self.head(x)", (4,), base="Block")
    assert error.message.endswith(": blocks.py, line 13 sets head, where self.head is meant")


@pytest.mark.parametrize(
    ("made", "returned", "shape", "said"),
    [
        ("self.fc = nn.Linear(10, 3)", "self.fc(x)", (12,), "nn.Linear(12, 3) in line 8 would do"),
        ("self.fc = nn.Linear(5, 2)", "self.fc(x.flatten(1))", (2, 4), "in the same line: "),
        ("head = nn.ReLU()", "self.head(x)", (4,), "line 8 sets head, where self.head is meant"),
    ],
)  # fmt: skip
def test_of_its_own_file_the_line_is_enough(made, returned, shape, said, tmp_path):
    message = error_of(tmp_path, made, returned, shape).message
    assert said in message
    assert ".py" not in message
