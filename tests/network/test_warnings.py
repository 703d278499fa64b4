"""What PyTorch warns of is a note, with the line that leads there."""

import pytest

from convcalc.network.model import followed

NET = """import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 1)

    def forward(self, x, y):
        found = self.fc(x)
        return {loss}(found, y)
"""
SCRIPT = """import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 1))
criterion = nn.MSELoss()
for _ in range(3):
    loss = criterion(model(torch.rand(32, 4)), torch.rand(32))
    loss.backward()
"""


def notes(tmp_path, text, *shapes):
    file = tmp_path / "model.py"
    file.write_text(text)
    return [each for each in followed(file, None, [*shapes]).notes if "warns" in each]


@pytest.mark.parametrize(
    ("loss", "warns"),  # as PyTorch 2.13 does, of (4, 1) and (4,)
    [("F.mse_loss", True), ("F.l1_loss", True), ("F.smooth_l1_loss", True),
     ("nn.HuberLoss()", True), ("nn.L1Loss(reduction='none')", True),
     ("F.poisson_nll_loss", False), ("F.hinge_embedding_loss", False)],
)  # fmt: skip
def test_a_loss_of_tensors_that_are_broadcast(loss, warns, tmp_path):
    said = notes(tmp_path, NET.format(loss=loss), (4,), ())
    assert [each.partition(":")[0] for each in said] == ["model.py, line 13"] * warns
    assert notes(tmp_path, NET.format(loss=loss), (4,), (1,)) == []


def test_also_where_a_script_trains(tmp_path):
    assert notes(tmp_path, SCRIPT, (4,)) == [
        "model.py, line 7: mse_loss of 32 × 1 and 32 is that of 32 × 32, of which PyTorch warns: "
        "is a dimension missing?"
    ]
