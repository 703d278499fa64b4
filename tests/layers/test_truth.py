"""Every layer against PyTorch's answers in data/layer_truth.json."""

import json
from pathlib import Path

import pytest
from layer_cases import as_lists, as_shapes, as_shapes_of, difference

from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, batched
from convcalc.layers.vocabulary import LAYERS

DATA = Path(__file__).parents[1].joinpath("data", "layer_truth.json")
CASES = json.loads(DATA.read_text(encoding="utf-8"))
ACCEPTED = [case for case in CASES if "refusal" not in case]
ABSTRACT = {"RNNBase", "RNNCellBase"}
"""Classes whose forward PyTorch hasn't either."""


def test_every_class_is_there_accepted_and_most_are_refused_too():
    assert {case["layer"] for case in ACCEPTED} == set(LAYERS) - ABSTRACT
    assert len(CASES) > 500
    assert len(CASES) - len(ACCEPTED) > 200


@pytest.mark.parametrize("case", CASES, ids=[case["layer"] for case in CASES])
def test_shapes_parameters_work_and_refusals_are_pytorchs(case):
    assert difference(case) == ""


def test_samples_are_followed_as_such():
    """With so many samples in the place of the first size, the same comes out, for all of them."""
    followed = 0
    for case in ACCEPTED:
        inputs, call = as_shapes(case["inputs"]), as_shapes_of(case.get("call", {}))
        if not inputs[0] or len(inputs) > 1 or call:
            continue
        layer = LAYERS[case["layer"]](*as_shapes(case["args"]), **as_shapes_of(case["kwargs"]))
        samples = (Batch(1, inputs[0][0]), *inputs[0][1:])
        try:
            output = layer.output(samples)
        except ConvcalcError:
            # Samples in the place of channels, of which there is a fixed number.
            assert len(samples) == getattr(layer, "ndim", 0) + 1
            continue
        assert as_lists(output) == case["output"]
        if "macs" in case and isinstance(output, tuple) and isinstance(output[0], Batch):
            more = batched(inputs[0][1:], samples=7)
            work = layer.macs(more)
            assert isinstance(work, Batch)
            assert work * inputs[0][0] == 7 * case["macs"]
            followed += 1
    assert followed > 30
