"""Keep in torch_programs.json what the programs of tests/torch_programs.py find in PyTorch.

Run with PyTorch 2.13.0: python tests/data/make_torch_programs.py

By what they are about and the program what it finds; ? for what depends on chance or a place in
memory, which then differs from one time to the next.
"""

import json
import sys
import warnings
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
from torch_programs import SECTIONS, indented, plain


def found(program, seed):
    """Return what a program finds in PyTorch."""
    torch.manual_seed(seed)
    names = {}
    exec(indented(program), names)
    return plain(names["found"])


def sure(one, other):
    """Return what both have in common, ? for the rest."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [sure(a, b) for a, b in zip(one, other, strict=True)]
    return one if str(one) == str(other) else "?"


def main():
    warnings.simplefilter("ignore")
    kept = {}
    for section, programs in SECTIONS.items():
        made = dict.fromkeys(programs())
        kept[section] = {each: sure(found(each, 1), found(each, 2)) for each in made}
        raised = sum(each == {"raises": 1} for each in kept[section].values())
        print(section, len(made), "programs,", raised, "raise")
    lines = ",\n".join(
        f'"{section}": [\n' + ",\n".join(json.dumps(each) for each in several.values()) + "\n]"
        for section, several in kept.items()
    )
    Path(__file__).with_name("torch_programs.json").write_text(
        f"{{\n{lines}\n}}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
