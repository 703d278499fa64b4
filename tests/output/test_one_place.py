"""A column, a format and a layer are added in one place each, and are then everywhere."""

import csv
import json
import subprocess
import sys

import pytest

RUN = "from convcalc.__main__ import main\nmain()\n"

COLUMN = """
from convcalc.output.net import COLUMNS
from convcalc.output.page import Column
COLUMNS.append(
    Column("twice", "doubled", lambda row, _: 2 * row.macs, lambda answer: 2 * answer.total_macs,
           json=("macs_twice", lambda row, _: 2 * row.macs))
)
"""
FORMAT = """
from convcalc.output import FORMATS, Format
FORMATS.append(Format("shout", lambda page, keys: (page().heading.upper() + "!\\n", ()), ["loud"]))
"""
LAYER = """
from convcalc.layers.base import Layer
from convcalc.layers.vocabulary import LAYERS
class Stretch(Layer):
    def __init__(self, factor):
        self._keep(factor=factor)
    def output(self, input):
        return (*input[:-1], input[-1] * self.factor)
LAYERS["Stretch"] = Stretch
"""


def shown(added, *words):
    """Return what a command shows once something was added, before anything else was loaded."""
    command = [sys.executable, "-c", added + RUN, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(text):
    return list(csv.reader(text.splitlines()))


CONV = ("net", "--layers", "Conv2d(1, 2, 3), ReLU()", "--in", "1x5x5")
"""162 multiply-accumulates."""


def test_a_column_is_added_in_one_place():
    table = shown(COLUMN, *CONV)
    assert "doubled │" in table
    assert table.count("324") == 2  # of the convolution, and of all
    assert shown(COLUMN, *CONV, "--columns", "layer,twice").count("324") == 2
    assert ", twice." in " ".join(shown(COLUMN, "net", "-h").split())
    first, *_ = json.loads(shown(COLUMN, *CONV, "-f", "json"))["layers"]
    assert first["macs_twice"] == 324
    heading, conv, relu, total, *_ = rows(shown(COLUMN, *CONV, "-f", "csv"))
    assert [each[-1] for each in (heading, conv, relu, total)] == [
        "doubled",
        "324",
        "0",
        "324",
    ]


@pytest.mark.parametrize("word", ["shout", "loud"])
def test_a_format_is_added_in_one_place(word):
    assert shown(FORMAT, "shape", "-f", word) == "CONV2D: 3 × 32 × 32 → C_OUT × 32 × 32!\n"
    for command in ("shape", "params", "demo", "net", "solve", "check"):
        assert "[table|json|csv|markdown|latex|" in shown(FORMAT, command, "-h")
        assert "|shout" in shown(FORMAT, command, "-h")


def test_a_layer_is_added_in_one_place():
    line = ("net", "--layers", "Stretch(3)", "--in", "1x5x5")
    assert "Stretch │" in shown(LAYER, *line)
    [row] = json.loads(shown(LAYER, *line, "-f", "json"))["layers"]
    assert (row["layer"], row["output"]) == ("Stretch", [1, 5, 15])
    assert "1x5x15" in rows(shown(LAYER, *line, "-f", "csv"))[1]
