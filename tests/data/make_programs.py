"""Write programs by chance, ask PyTorch what they keep in training: programs.json.gz.

Run with PyTorch 2.13.0: python tests/data/make_programs.py [HOW MANY [SEED]]

A program is a forward of statements from program_statements.txt, those that PyTorch takes, some of
them without gradients, detached or written into a part of a tensor. Of each: the shape of its input
for two samples, its lines, and the bytes of all storages that autograd saves in its forward, each
once and whole, parameters and buffers left out.
"""

import gzip
import json
import random
import sys
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks

HERE = Path(__file__).parent
STATEMENTS = (HERE / "program_statements.txt").read_text("utf-8").splitlines()
MODEL = (HERE / "program_model.txt").read_text("utf-8")
SHAPES = ((2, 3, 4), (2, 5, 4), (3, 3, 4), (2, 3, 5, 4), (2, 4, 4, 4))
FORMS = (
    *["{name} = {said}"] * 12,
    "with torch.no_grad():\n            {name} = {said}",
    "{name} = ({said}).detach().requires_grad_()",
    "{a}[:, 0] = {b}[:, 0]",
    "{a}[torch.tensor([0])] = 1.0",
    "{a} += {b}",
)
"""What a statement is made of, by how often."""
MOST = 20_000
"""The most numbers that a tensor has."""


def network(lines):
    """Return a network whose forward has these lines."""
    names = {"__name__": "program"}
    exec(MODEL + "".join(f"        {line}\n" for line in lines), names)
    return names["Net"]().train()


def statement(chance, names):
    """Return a statement, and the name that it sets."""
    a, b = chance.choice(names[-4:]), chance.choice(names)
    name = f"v{len(names)}" if chance.random() < 0.8 else chance.choice(names)
    said = chance.choice(STATEMENTS).format(a=a, b=b)
    form = chance.choice(FORMS)
    return form.format(name=name, said=said, a=a, b=b), name if "{name}" in form else a


def program(chance):
    """Return the shape of an input, and the lines of a forward that PyTorch takes."""
    shape = chance.choice(SHAPES)
    names = {"torch": torch, "F": nn.functional, "self": network(["return x"])}
    names["x"] = torch.rand(shape)
    known, lines = ["x"], []
    for _ in range(60):
        line, name = statement(chance, known)
        trial = dict(names)
        try:
            exec(line.replace("\n            ", " "), trial)
        except Exception:
            continue
        made = trial[name]
        if isinstance(made, torch.Tensor) and 0 < made.numel() < MOST:
            names, lines = trial, [*lines, line]
            known += [name] if name not in known else []
        if len(lines) > 10:
            break
    return shape, [*lines, f"return {', '.join(known[-3:])},"]


def kept(shape, lines):
    """Return the bytes that a forward saves."""
    model, saved = network(lines), []
    own = {each.untyped_storage().data_ptr() for each in [*model.parameters(), *model.buffers()]}

    def save(tensor):
        saved.append(tensor)
        return tensor

    with saved_tensors_hooks(save, lambda tensor: tensor):
        model(torch.rand(shape))
    found = {each.untyped_storage().data_ptr(): each.untyped_storage() for each in saved}
    return sum(each.nbytes() for at, each in found.items() if at not in own)


def main():
    warnings.simplefilter("ignore")
    count, seed = (int(each) for each in (*sys.argv[1:], *(300, 0)[len(sys.argv) - 1 :]))
    chance, programs = random.Random(seed), []
    while len(programs) < count:
        torch.manual_seed(0)
        shape, lines = program(chance)
        try:
            programs.append([shape, lines, kept(shape, lines)])
        except Exception:
            continue  # by its numbers, which are others now
    text = json.dumps(programs, indent=0)
    (HERE / "programs.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    print(len(programs), "programs")


if __name__ == "__main__":
    main()
