"""Rails beside the rows of a network: what is drawn, where, and what is said instead."""

import json

import pytest

from convcalc.network.answer.graph import rails
from convcalc.network.answer.rows import Row
from convcalc.output.network.rails import line

RESIDUAL = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 3, padding=1)
        self.b = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        x = self.a(x)
        return x + self.b(x)
"""
MANY = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(3, 3) for _ in range(40))

    def forward(self, x):
        first, *others = [head(x) for head in self.heads]
        return torch.cat([self.heads[0](first), *others], 1)
"""


def drawn(*sources):
    """Return the rails of rows that read these."""
    found = rails([Row(None, "row", sources=each) for each in sources])
    width = max(
        max([*each.ends, *each.taps, *each.starts, *each.through, each.lane or 0]) + 1
        for each in found
    )
    return [line(each, width).rstrip() for each in found]


def test_a_chain_is_one_line():
    assert drawn((-1,), (0,), (1,)) == ["●", "●", "●"]


def test_what_is_read_later_too_runs_beside_the_next_row():
    assert drawn((-1,), (0,), (1,), (0, 2)) == ["●╮", "●│", "●│", "●╯"]


def test_skips_are_nested():
    rows = drawn((-1,), (0,), (1,), (2,), (1, 3), (0, 4))
    assert rows == ["●╮", "●─╮", "●││", "●││", "●─╯", "●╯"]


def test_branches_come_from_one_and_meet():
    rows = drawn((-1,), (0,), (0,), (0,), (1, 2, 3))
    assert rows == ["●╮", "●│", "│├●", "│●│", "●┴╯"]


def test_a_lane_to_the_left_or_in_the_middle_is_tapped():
    assert drawn((-1,), (0,), (0, 1), (0, 2)) == ["●╮", "●│", "●┤", "●╯"]
    rows = drawn((-1,), (0,), (1,), (0, 1, 2), (0, 1, 3))
    assert rows == ["●╮", "●─╮", "●││", "●┼┤", "●┴╯"]


def test_the_input_may_run_beside_the_first_row():
    assert drawn((-1,), (0,), (-1, 1)) == ["●│", "●│", "●╯"]


def test_what_neither_reads_nor_is_read_stands_apart():
    assert drawn((), (-1,), (1,)) == ["│", "●", "●"]


def ran(run, tmp_path, source, options="", shape="3x8x8", **more):
    file = tmp_path / "net.py"
    file.write_text(source)
    return run(f"net {file} --in {shape} {options}", **more)


def beside(result):
    """Return what stands before the names of a table's rows."""
    body = result.stdout.split("├")[1].splitlines()[1:] if "├" in result.stdout else []
    return [each[2:5].rstrip() for each in body if each.startswith("│")]


def test_rails_stand_before_the_names(run, tmp_path):
    result = ran(run, tmp_path, RESIDUAL, "--graph --columns name,layer")
    assert "│ ●╮ a     │ Conv2d │\n│ ●│ b     │ Conv2d │\n│ ●╯       │ +      │" in result.stdout


def test_without_the_option_and_for_a_chain_there_are_none(run, tmp_path):
    assert "●" not in ran(run, tmp_path, RESIDUAL).stdout
    assert "●" not in run("net --graph --layers 'ReLU(), ReLU()' --in 3x8x8").stdout


def test_ascii_stands_in(run, tmp_path):
    result = ran(run, tmp_path, RESIDUAL, "--graph --columns name,layer", charset="ascii")
    assert "| *\\ a     | Conv2d |\n| *| b     | Conv2d |\n| */       | +      |" in result.stdout


@pytest.mark.parametrize("charset", ["utf-8", "ascii"])
def test_many_rails_are_bundled_which_is_said(run, tmp_path, charset):
    result = ran(run, tmp_path, MANY, "--graph --columns name,layer", shape="3", charset=charset)
    bundle = "┃" if charset == "utf-8" else "#"
    rows = [each for each in result.stdout.splitlines() if "Linear" in each]
    assert len(rows) == 41
    assert len({each.index("heads") for each in rows}) == 1
    assert all(each.index("heads") == 2 + 12 + 1 for each in rows)
    assert rows[40][2:14] == ("●││││││││││┃" if charset == "utf-8" else "*||||||||||#")
    assert f"Up to 40 rails run beside one another: of more than 12, the last one, {bundle}," in (
        result.stdout
    )


def test_modules_are_the_rows_where_they_are_summed_up(run):
    file = "'tests/data/models/resnet_cifar.py:ResNet(BasicBlock, [1, 1, 1, 1])'"
    result = run(f"net {file} --in 3x32x32 --depth 1 --format json")
    layers = json.loads(result.stdout)["layers"]
    assert [row["from"] for row in layers] == [[-1], *([each] for each in range(len(layers) - 1))]
    result = run(f"net {file} --in 3x32x32 --depth 2 --graph")
    assert "●" not in result.stdout  # its blocks are a chain


@pytest.mark.parametrize("name", ["csv", "markdown", "latex"])
def test_formats_without_rails_say_what_has_them(run, tmp_path, name):
    result = ran(run, tmp_path, RESIDUAL, f"--graph --format {name}")
    assert result.exit_code == 2
    assert result.stderr.endswith("--columns name,from lists what each row reads\n")
    listed = ran(run, tmp_path, RESIDUAL, "--columns name,from --format csv").stdout
    assert listed.splitlines()[1:4] == ["a,-1", "b,0", ",0 1"]


def test_rails_need_calls(run, tmp_path):
    result = run("net --graph --params-only --layers 'ReLU(), Linear(3, 3)'")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--graph has no meaning with --params-only" in result.stderr


def test_the_row_that_does_not_fit_has_its_rails_too(run, tmp_path):
    source = RESIDUAL.replace(
        "self.b = nn.Conv2d(3, 3, 3, padding=1)", "self.b = nn.Conv2d(3, 4, 1)"
    )
    result = ran(run, tmp_path, source, "--graph --columns name,layer,output")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert any(each.startswith("│ ●╯") and "does not fit" in each for each in lines)


def test_rails_are_in_the_picture(run, tmp_path):
    picture = tmp_path / "net.svg"
    ran(run, tmp_path, RESIDUAL, f"--graph --save {picture}")
    assert picture.read_text().count("●") == 3
