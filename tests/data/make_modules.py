"""Ask PyTorch what its modules are named, hold and show, and keep its answers in modules.json.

Run with PyTorch 2.13.0 and this project importable: python tests/data/make_modules.py
"""

import copy
import json
import sys
import warnings
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from module_programs import PROGRAMS, answer  # noqa: E402

PLAIN = set(vars(nn.Module()))


def as_given(value):
    return tuple(map(as_given, value)) if isinstance(value, list) else value


def shown(case):
    """Return what a layer shows and holds."""
    named = {name: as_given(value) for name, value in case["kwargs"].items()}
    layer = getattr(nn, case["layer"])(*as_given(case["args"]), **named)
    lazy = case["layer"].startswith("Lazy")
    return {
        "layer": case["layer"],
        "args": case["args"],
        "kwargs": case["kwargs"],
        "text": repr(layer),
        "state": {} if lazy else {
            name: [list(each.shape), str(each.dtype)] for name, each in layer.state_dict().items()
        },
        "members": [] if lazy else [[*layer._parameters], [*layer._buffers], [*layer._modules]],
        "attributes": sorted(set(vars(layer)) - PLAIN),
    }  # fmt: skip


def varied(cases):
    """Yield the first case of each layer again with each truth value turned round, where it may."""
    signatures = json.loads((HERE / "signatures.json").read_text())["modules"]
    for name, case in {case["layer"]: case for case in reversed(cases)}.items():
        for place, parameter in enumerate(signatures.get(name, {"parameters": []})["parameters"]):
            if isinstance(parameter[-1], bool) and place >= len(case["args"]):
                turned = {**case["kwargs"], parameter[0]: not parameter[-1]}
                try:
                    yield shown({**case, "kwargs": turned})
                except (ValueError, TypeError, RuntimeError, AssertionError):
                    continue  # which doesn't go with the others


def main():
    warnings.simplefilter("ignore")
    cases = json.loads((HERE / "layer_truth.json").read_text())
    taken = [case for case in cases if "refusal" not in case]
    found = {
        "layers": [*map(shown, taken), *varied(taken)],
        "programs": {name: answer(name, torch, nn, copy.deepcopy) for name in PROGRAMS},
    }
    lines = ",\n".join(json.dumps(layer) for layer in found["layers"])
    programs = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(found['programs'][name])}" for name in PROGRAMS
    )
    text = f'{{"layers": [\n{lines}\n], "programs": {{\n{programs}\n}}}}\n'
    (HERE / "modules.json").write_text(text)


if __name__ == "__main__":
    main()
