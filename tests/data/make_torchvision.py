"""Run torchvision's 80 classification models, and keep what they do in torchvision.json.

Run with PyTorch 2.14.1 and torchvision 0.29.1: python tests/data/make_torchvision.py

A line per model: the file it is in, input and output, parameters, multiply-accumulates
(FlopCounterMode's FLOPs halved, attention by its parts; "macs_once" are those that a batch takes
once), and "calls": name, class, input and output of every layer of torch.nn in the order of its
calls. All shapes are one sample's, as run_pytorch.py writes them.
torchvision_printed.json.gz holds what print(model) shows of each.
"""

import gzip
import json
from pathlib import Path

import torch
import torchvision
from run_pytorch import measure, one_line
from torchvision import models

FOLDER = Path(__file__).parent
UNINITIALISED = {"init_weights": False}
SETTINGS = {"googlenet": UNINITIALISED, "inception_v3": UNINITIALISED}
SIZES = {"inception_v3": 299}


def main():
    torch.manual_seed(0)
    cases, printed = [], {}
    names = models.list_models(module=models)
    for name in names:
        builder = models.get_model_builder(name)
        model = builder(weights=None, **SETTINGS.get(name, {})).eval()
        printed[name] = str(model)
        shape = [3, SIZES.get(name, 224), SIZES.get(name, 224)]
        file = f"{builder.__module__.removeprefix('torchvision.models.').replace('.', '/')}.py"
        case = {"model": name, "file": file, "input": shape}
        cases.append(case | measure(model, [shape], batches=(1, 2)))
        print(name, cases[-1]["params"], cases[-1]["macs"], len(cases[-1]["calls"]), flush=True)
    lines = ",\n".join(map(one_line, cases))
    FOLDER.joinpath("torchvision.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    text = json.dumps(printed, indent=0).encode()
    FOLDER.joinpath("torchvision_printed.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    versions = f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}"
    print(f"{len(cases)} models, {sum(len(each['calls']) for each in cases)} calls, {versions}")


if __name__ == "__main__":
    main()
