"""Which rows a row reads, compared with what PyTorch was seen to read."""

import gzip
import json
from math import prod
from pathlib import Path

import pytest
from printed_models import MODELS, PRINTED, followed

from convcalc.network.answer.graph import rails
from convcalc.network.model import followed as read

DATA = Path(__file__).parents[2] / "data"
GRAPHS = json.loads(gzip.decompress((DATA / "graphs.json.gz").read_bytes()))
CASES = {
    case["target"]: case
    for case in reversed(json.loads((DATA / "models.json").read_text(encoding="utf-8")))
    if not case.get("train")
}
INPUTS = {model["model"]: tuple(model["input"]) for model in MODELS}
SIGNS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "@": "matmul", "//": "floordiv",
         "**": "pow", "%": "mod", "[…]": "getitem"}  # fmt: skip


def plain(name):
    """Return the name of a function as both ways have it: radd, iadd and add_ are all add."""
    name = SIGNS.get(name.removesuffix("="), name).rpartition(".")[2].strip("_")
    for sign in SIGNS.values():
        if name in (f"r{sign}", f"i{sign}"):
            return sign
    return {"true_divide": "truediv", "div": "truediv"}.get(name, name)


def is_row(row, name, what, read, size, given):
    """Return whether a happening may be a row: the same thing, with as much that comes out."""
    if (row.name, plain(row.layer)) != (name, plain(what)):
        return False
    together = len(row.input) if isinstance(row.input, list) else 1
    sizes = row.output
    while isinstance(sizes, list):
        sizes = sizes[0]
    return given >= together and (not isinstance(sizes, tuple) or prod(sizes) == size)


def numbers_of(rows, happened):
    """Return the number of the happening that each row is; None for what isn't called."""
    at, found = 0, []
    parameters = {name: number for number, (name, what, *_) in enumerate(happened)
                  if what == "Parameter"}  # fmt: skip
    for row in rows:
        if row.layer == "Parameter" or not row.called:
            found.append(parameters.get(row.name))
            continue
        while not is_row(row, *happened[at]):
            at += 1
            assert at < len(happened), f"{row} isn't among what PyTorch does"
        found.append(at)
        at += 1
    return found


def seen(rows, happened):
    """Return the rows that each row reads, directly or through what is no row."""
    numbers = numbers_of(rows, happened)
    row_of = {number: row for row, number in enumerate(numbers) if number is not None}
    reads = {-1: {-1}}
    for number, (_, _, read_ones, *_) in enumerate(happened):
        through = set().union(*(reads[each] for each in read_ones))
        reads[number] = {row_of[number]} if number in row_of else through
    return [
        sorted(set().union(*(reads[each] for each in happened[number][2])))
        if number is not None else []
        for number in numbers
    ]  # fmt: skip


def followed_back(found):
    """Return what rows read by the rails beside them alone, whoever drew them."""
    carried, reads = {}, []
    for number, rail in enumerate(found):
        into = rail.ends | rail.taps | ({rail.lane} if rail.above else set())
        if number == 0:  # what is there before the first row is the input
            carried = dict.fromkeys(into | rail.through, -1)
        assert set(carried) == into | rail.through
        reads.append(sorted({carried[lane] for lane in into}))
        for lane in into - rail.taps:
            del carried[lane]
        starts = rail.starts | ({rail.lane} if rail.below else set())
        assert not starts & set(carried)
        carried |= dict.fromkeys(starts, number)
    return reads


def answered(name):
    if name in PRINTED:
        return followed(PRINTED[name], INPUTS[name])
    case = CASES[name]
    file, _, expression = name.partition(":")
    inputs = [tuple(each) for each in case["input"]]
    return read(DATA / "models" / file, expression or None, inputs,
                defined=case.get("define"))  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_rows_read_what_pytorch_reads_and_rails_lead_there(name):
    rows = answered(name).rows
    truth = seen(rows, GRAPHS[name])
    assert [list(row.sources) for row in rows] == truth
    assert followed_back(rails(rows)) == truth


WRITES = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, padding=1)
        self.b = nn.Conv2d(2, 2, 3, padding=1)
        self.c = nn.Conv2d(4, 4, 1)

    def forward(self, x):
        x = self.a(x)
        y = x[:, :2]
        y += self.b(y)
        z = self.c(x)
        out = torch.zeros(x.size(0), 4, 8, 8)
        out[:, 1:3] = self.b(x[:, 2:])
        out[:, :1].copy_(z[:, :1])
        return self.c(out)
"""


def test_what_is_written_through_a_view_is_read_with_the_whole(tmp_path):
    """As make_graphs.py sees it of the same model in PyTorch."""
    (tmp_path / "net.py").write_text(WRITES)
    rows = read(tmp_path / "net.py", None, [(3, 8, 8)]).rows
    assert [(row.name or row.layer, row.sources) for row in rows] == [
        ("a", (-1,)),
        ("[…]", (0,)),
        ("b", (1,)),
        ("+", (1, 2)),
        ("c", (0, 3)),
        ("[…]", (0, 3)),
        ("b", (5,)),
        ("[…]", (6,)),
        ("[…]", (4,)),
        ("c", (6, 7, 8)),
    ]
