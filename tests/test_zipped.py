"""The package from a zip file, as `python -m zipapp` makes one, with what it reads of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc

NET = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x)
"""
CONV = "Conv2d(3, 3, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)"
NORM = "BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)"
PRINTED = f"""BasicBlock(
  (conv1): {CONV}
  (bn1): {NORM}
  (relu): ReLU(inplace=True)
  (conv2): {CONV}
  (bn2): {NORM}
)
"""
ASKED = {
    "shape --in 3x8x8 --k 3": "nn.Conv2d(3, C_out, kernel_size=3)",
    "net net.py --in 3x8x8": "8 × 6 × 6",
    "net printed.txt --in 3x8x8": "3 × 8 × 8",
    "demo --in 1x3x3 --k 2 --save demo.html": "nn.Conv2d(1, 1, kernel_size=2, bias=False)",
    "demo --code unfold": "def unfold(",
    "check": "Likely: the circulating pseudocode",
}


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zipped")
    package = Path(convcalc.__file__).parent
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, folder / "root" / "convcalc", ignore=skipped)
    shutil.make_archive(str(folder / "convcalc"), "zip", folder / "root")
    shutil.rmtree(folder / "root")
    (folder / "net.py").write_text(NET, encoding="utf-8")
    (folder / "printed.txt").write_text(PRINTED, encoding="utf-8")
    return folder


@pytest.mark.parametrize("line", ASKED)
def test_from_a_zip_file(line, zipped):
    begin = "import sys; sys.path.insert(0, 'convcalc.zip'); import convcalc.__main__ as main; "
    begin += "assert '.zip' in main.__file__; main.main()"
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            begin,
            *line.split(),
        ],
        cwd=zipped,
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert ASKED[line] in result.stdout, result.stderr


@pytest.mark.parametrize("size", ["²", "٣", "0", "-1", "9" * 30, ""])
@pytest.mark.parametrize("line", ["shape --in 3x8x8 --k 3", "shape --in 3x8x8 --k 3 --save a.svg"])
def test_columns_that_are_no_number(line, size, run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", size)
    monkeypatch.setenv("LINES", size)
    assert "nn.Conv2d(3, C_out, kernel_size=3)" in run(line).stdout
