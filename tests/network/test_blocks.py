"""Classes that print(model) shows without their forward, against PyTorch's stored answers."""

import gzip
import json
from pathlib import Path

import pytest

from convcalc.layers.vocabulary import LAYERS
from convcalc.network.model import answered, counted

DATA = Path(__file__).parents[1] / "data"
PRINTED = json.loads(gzip.decompress((DATA / "torchvision_printed.json.gz").read_bytes()))
MODELS = json.loads((DATA / "torchvision.json").read_text("utf-8"))


def followed(words, *shapes, **settings):
    return answered(lambda reading, root: reading.follow(root, shapes), None, words, **settings)


def shape_of(output):
    """Return what PyTorch's truth keeps: of attention's outputs the first.

    A shape with an x is one that a whole batch has once.
    """
    if isinstance(output, str):
        return [int(size) for size in output.split("x")]
    first = output[0] if isinstance(output[0], (list, tuple)) else output
    return list(first)


def calls(answer):
    return [
        [row.name, row.layer, list(row.input), shape_of(row.output)]
        for row in answer.rows
        if row.name and row.called and row.layer in LAYERS
    ]


def truth_of(call):
    name, layer, inputs, output = call
    return [name, layer, shape_of(inputs), shape_of(output)]


@pytest.mark.parametrize("truth", MODELS, ids=[each["model"] for each in MODELS])
def test_every_model_of_torchvision_from_its_print(truth):
    words = PRINTED[truth["model"]]
    answer = followed(words, tuple(truth["input"]))
    assert answer.fits
    assert answer.complete
    assert list(answer.output) == truth["output"]
    assert calls(answer) == [truth_of(call) for call in truth["calls"]]
    assert answer.total_macs == truth["macs"]
    count = answered(counted, None, words)
    assert count.complete
    for each in (answer, count):
        assert (each.total_params, each.trainable_params) == (truth["params"], truth["trainable"])
        assert sum(row.params for row in each.rows) == truth["params"]
        (note,) = each.notes
        assert note.startswith("Taken as torchvision's")


def test_the_truth_has_every_model():
    assert len(MODELS) == len(PRINTED) == 80
