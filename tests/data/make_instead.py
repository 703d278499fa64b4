"""Save a model as people save it instead of its source, in instead/.

Run with PyTorch 2.13.0: python tests/data/make_instead.py

The model has a Linear and a BatchNorm1d: seven tensors. printed.txt is what print(model) shows.
"""

from pathlib import Path

import torch
from torch import nn

FOLDER = Path(__file__).with_name("instead")


def main():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.BatchNorm1d(2), nn.ReLU())).eval()
    state = model.state_dict()
    torch.save(state, FOLDER / "weights.pt")
    torch.save(state, FOLDER / "old.pth", _use_new_zipfile_serialization=False)
    torch.save({"state_dict": state, "epoch": 3}, FOLDER / "training.ckpt")
    torch.jit.trace(model, torch.zeros(1, 3)).save(FOLDER / "traced.pt")
    (FOLDER / "printed.txt").write_text(f"{model}\n")
    print(len(state), "tensors")


if __name__ == "__main__":
    main()
