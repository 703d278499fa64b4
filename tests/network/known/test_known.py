"""Classes that print(model) shows without their forward, against PyTorch's stored answers."""

import json

import pytest
from printed_models import DATA, MODELS, PRINTED, calls, followed, truth_of

from convcalc.network.model import answered, counted


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


FIELDS = json.loads((DATA / "fields.json").read_text("utf-8"))


@pytest.mark.parametrize("truth", FIELDS, ids=[each["model"] for each in FIELDS])
def test_receptive_fields_are_those_that_gradients_show(truth):
    name = truth["model"]
    (size,) = {each["input"][1] for each in MODELS if each["model"] == name}
    rows = {row.name: row for row in followed(PRINTED[name], (3, size, size)).rows}
    for layer, field, stride in truth["rows"]:
        row = rows[layer]
        assert row.receptive_field == tuple(field), layer
        assert row.effective_stride == tuple(stride), layer


def test_what_resnets_see_before_their_pooling():
    seen = {each["model"]: each["rows"][-1][1] for each in FIELDS}
    assert seen["resnet18"] == [435, 435]
    assert seen["resnet50"] == [427, 427]


def test_where_strides_differ_no_field_is_told():
    """A gate that sees the whole image and one that sees a window have no stride in common."""
    words = PRINTED["mobilenet_v3_small"]
    answer = followed(words, (3, 224, 224))
    before = next(row for row in answer.rows if row.name == "features.1.block.0.2")
    gated = next(row for row in answer.rows if row.name == "features.1.block.2.0")
    assert before.receptive_field == (7, 7)
    assert gated.receptive_field is gated.effective_stride is None
