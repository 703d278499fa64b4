"""Every table that a person sees, compared with tests/golden.

After a wanted change: pytest --update-golden, and read the diff.
"""

from pathlib import Path

import pytest

SHOWN = {
    "help": "",
    "shape-help": "shape --help",
    "params-help": "params --help",
    "demo-help": "demo --help",
    "shape": "shape",
    "shape-out": "shape --in 3x224x224 --out 64 --k 11 --s 4 --p 2 --batch 8 --dtype float16",
    "shape-1d": "shape --in 16x100 --k 5 --p same --d 2",
    "shape-3d": "shape --in 2x8x16x16 --out 4 --k 3x5x5 --s 1x2x2 --p 1x2x2 --groups 2 --no-bias",
    "shape-uneven": "shape --in 3x8x9 --k 3 --p 0:1x0:1",
    "shape-surprises": "shape --in 3x32x30 --k 2 --s 5",
    "shape-same-strided": "shape --in 3x32x32 --k 4 --s 2 --p same",
    "shape-transposed": "shape --in 8x16x16 --out 4 --k 4 --s 2 --p 1 --transposed "
    "--output-padding 1",
    "shape-pool": "shape --in 64x55x56 --k 3 --s 2 --pool max --ceil-mode",
    "shape-pool-beyond-half": "shape --in 4x9x9 --k 3 --p 2 --pool avg",
    "params": "params",
    "params-channels": "params --in 3 --out 16 --k 3",
    "params-groups": "params --in 32x56x56 --out 32 --k 3 --p 1 --groups 32 --no-bias --batch 4",
    "params-transposed": "params --in 16x8x8 --out 8 --k 4 --s 2 --p 1 --transposed --dtype int8",
    "params-pool": "params --in 16x8x8 --k 2 --pool avg",
    "net-help": "net --help",
    "net": "net",
    "net-graph": "net 'tests/data/models/resnet_cifar.py:ResNet(BasicBlock, [1, 1, 1, 1])' "
    "--in 3x32x32 --graph --columns name,layer,output,from",
    "net-alexnet": "net tests/data/alexnet.txt --in 3x224x224",
    "net-alexnet-params": "net tests/data/alexnet.txt --params-only",
    "net-notes": "net --layers 'MaxPool2d(3, 2, 1), Conv2d(3, 4, (1, 3)), "
    "Linear(400, num_classes)' --in 3x20x24 --define num_classes=10",
    "solve-help": "solve --help",
    "solve": "solve",
    "solve-per-axis": "solve --in 1x48x64 --out 8x24x16 --limit 3",
    "solve-transposed": "solve --in 16x8x8 --out 8x16x16 --transposed --limit 4",
    "check-help": "check --help",
    "check-right": "check tests/checking/gallery/right.py:unfold --op unfold",
    "demo": "demo",
    "demo-padded": "demo --in 1x3x4 --k 2x3 --s 2x1 --p 1x0 --d 1 --bias --seed 3",
    "demo-groups-batch": "demo --in 2x3x3 --k 2 --groups 2 --batch 2 --out 4",
    "demo-patch": "demo --in 1x4x4 --k 3 --s 1 --patch 2",
    "demo-backward": "demo --in 1x3x3 --k 2 --backward --patch 3 --bias",
    "demo-backward-groups": "demo --in 4x2x3 --k 2 --out 2 --groups 2 --backward --layout bkp",
    "demo-grad": "demo --in 1x3x3 --k 2 --patch 3 --grad '[[9, 7], [3, 1]]'",
    "demo-1d": "demo --in 2x5 --k 3 --s 2 --p 1 --backward --patch 1",
    "demo-fold": "demo --in 1x3x4 --k 2 --fold",
    "demo-transposed": "demo --in 1x2x2 --k 3 --s 2 --transposed --output-padding 1 --patch 3",
    "demo-transposed-backward": "demo --in 2x3 --k 2 --out 4 --groups 2 --transposed --backward "
    "--bias --patch 1",
    "demo-max": "demo --x '[[1, 3, 3], [3, 2, 0], [5, 5, 4]]' --k 2 --s 1 --pool max --backward "
    "--patch 0",
    "demo-avg": "demo --in 1x5 --k 2 --pool avg --p 1 --ceil-mode --backward --patch 1",
    "demo-code": "demo --code conv2d",
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown(name, run, golden, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    result = run(SHOWN[name])
    assert result.exit_code == 0
    assert result.stderr == ""
    golden(f"{name}.txt", result.stdout)


CHECKED = {
    "check-wrong": "unfold_by_the_circulating_pseudocode --op unfold",
    "check-backward": "backward_of_the_last_sample --op conv2d_backward",
}


@pytest.mark.parametrize("name", CHECKED)
def test_what_the_examiner_shows(name, run, golden, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    result = run(f"check tests/checking/gallery/wrong.py:{CHECKED[name]}")
    assert result.exit_code == 1
    assert result.stderr == ""
    golden(f"{name}.txt", result.stdout)


IN_LATEX = {
    "demo": "demo",
    "demo-backward": "demo --in 1x3x3 --k 2 --backward --patch 3 --bias",
    "demo-max": SHOWN["demo-max"],
}


@pytest.mark.parametrize("name", IN_LATEX)
def test_what_a_report_takes_in(name, run, golden):
    golden(f"{name}.tex", run(f"{IN_LATEX[name]} -f latex").stdout)


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
@pytest.mark.parametrize("name", ["demo-backward", "demo-transposed-backward", "demo-max"])
def test_other_formats_of_a_walk(name, form, run, golden):
    golden(f"{name}.{form}", run(f"{SHOWN[name]} -f {form}").stdout)


@pytest.mark.parametrize("command", ["shape", "params", "demo", "net", "solve"])
@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_other_formats(command, form, run, golden):
    result = run(f"{command} --format {form}")
    assert result.exit_code == 0
    golden(f"{command}.{form}", result.stdout)
