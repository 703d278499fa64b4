"""Lightning's module: what it keeps of its arguments, as Lightning itself says."""

import json
from pathlib import Path

import pytest

import convcalc

DATA = Path(__file__).parents[2] / "data"
CASES = json.loads((DATA / "lightning.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["expression"])
def test_it_keeps_what_it_was_made_with(case):
    answer = convcalc.net(f"{DATA / 'lightning_models.py'}:{case['expression']}", (4,))
    assert answer.fits is ("raises" not in case)
    if answer.fits:
        assert answer.total_params == case["params"]
        assert list(answer.output) == case["output"]


def test_what_a_checkpoint_keeps_is_refused():
    with pytest.raises(convcalc.ConvcalcError, match=r"Named\(…\) makes the model"):
        convcalc.net(f"{DATA / 'lightning_models.py'}:Named.load_from_checkpoint('x.ckpt')", (4,))
