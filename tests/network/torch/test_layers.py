"""What torch's layers are besides what they do: classes that others are made from."""

import convcalc


def test_what_is_made_from_the_base_of_batch_normalisations_checks_its_input_itself(tmp_path):
    path = tmp_path / "norm.py"
    path.write_text("""
import torch.nn as nn
from torch.nn.modules.batchnorm import _BatchNorm

class Own(_BatchNorm):
    def _check_input_dim(self, input):
        if input.dim() != 3:
            raise ValueError(f"expected 3D input (got {input.dim()}D input)")
""")
    assert convcalc.net(f"{path}:Own(3)", (3, 5)).total_params == 6
    wrong = convcalc.net(f"{path}:Own(3)", (3, 5, 5)).error
    assert wrong is not None
    assert "expected 3D input (got 4D input)" in wrong.message
    wrong = convcalc.net(f"{path}:_BatchNorm(3)", (3, 5)).error
    assert wrong is not None
    assert "_check_input_dim" in wrong.message
