"""Models of real packages against PyTorch, right or refused: with --packages alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from convcalc.cli.values import read_input
from convcalc.network.model import answered, counted
from convcalc.reading.exceptions import NotUnderstood

DATA = Path(__file__).parents[2] / "data"
PAIRS = json.loads((DATA / "packages.json").read_text(encoding="utf-8"))
ALSO = ("torchvision", "huggingface_hub", "safetensors", "tokenizers", "einops")
"""What they import besides, in any version."""


def called(pair):
    return pair["source"].splitlines()[-1].removeprefix("model = ")


@pytest.fixture(scope="module")
def site(request, tmp_path_factory):
    given = request.config.getoption("--packages")
    if given is None:
        pytest.skip("--packages fetches them")
    if given != "fetch":
        return Path(given)
    folder = tmp_path_factory.mktemp("site-packages")
    versions = {f"{each['package']}=={each['version'].split('+')[0]}" for each in PAIRS}
    others = [name for name in ALSO if not any(each.startswith(name) for each in versions)]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile",
         "--target", folder, *sorted(versions), *others],
        check=True,
    )  # fmt: skip
    return folder


def leaves(output):
    """Return the shapes of the tensors of an output, in their order."""
    if isinstance(output, tuple) and all(isinstance(each, int) for each in output):
        return [list(output)]
    if isinstance(output, dict):
        output = list(output.values())
    return [each for inner in output for each in leaves(inner)] if isinstance(output, list) else []


@pytest.mark.parametrize("pair", PAIRS, ids=called)
def test_a_model_is_answered_as_pytorch_does(pair, site, tmp_path):
    (tmp_path / "net.py").write_text(pair["source"], encoding="utf-8")
    inputs = [read_input(each) for each in pair["inputs"]]

    def follow(reading, root):
        return reading.follow(root, inputs, 1, "float32")

    ask = counted if pair["output"] is None else follow
    try:
        answer = answered(
            ask, f"{tmp_path / 'net.py'}:model", None, sites=[site], seconds=60
        )  # fmt: skip
    except NotUnderstood as refusal:
        pytest.skip(f"refused: {refusal}")
    assert answer.error is None
    assert answer.total_params == pair["params"]
    if pair["output"] is None:
        return
    whole = [shape for shape in pair["output"] if shape]
    found = leaves(answer.output)
    assert len(found) == len(whole)
    for one, other in zip(found, whole, strict=True):
        assert one in (other, other[1:] if other[0] == 1 else other)
    assert pair["macs"] in (None, answer.total_macs)
