"""Single layers against PyTorch's answers in data/layers.json."""

import json
from pathlib import Path

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.single.params import params
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import shape

LAYERS = json.loads(Path(__file__).parents[1].joinpath("data").joinpath("layers.json").read_text())


def question(layer):
    def as_tuple(value):
        return tuple(map(as_tuple, value)) if isinstance(value, list) else value

    return LayerQuestion(
        input_shape=as_tuple(layer["input"]),
        kernel_size=as_tuple(layer["kernel_size"]),
        out_channels=layer.get("out"),
        stride=as_tuple(layer["stride"]),
        padding=as_tuple(layer["padding"]),
        dilation=as_tuple(layer["dilation"]),
        groups=layer.get("groups"),
        bias=layer.get("bias"),
        transposed=layer["kind"] == "transposed",
        output_padding=as_tuple(layer.get("output_padding")),
        pool=layer["kind"] if layer["kind"] in ("max", "avg") else None,
        ceil_mode=layer.get("ceil_mode", False),
    )


def named(layer):
    settings = {"kind", "input", "kernel_size", "stride", "padding", "dilation", "out", "groups"}
    return " ".join(f"{key}={value}" for key, value in layer.items() if key in settings)


def test_there_are_enough_layers_of_every_kind():
    refused = [layer for layer in LAYERS if "refusal" in layer]
    assert len(LAYERS) >= 1000
    assert len(refused) >= len(LAYERS) / 5
    for kind in ("conv", "transposed", "max", "avg"):
        for ndim in (1, 2, 3):
            alike = [e for e in LAYERS if e["kind"] == kind and len(e["input"]) == ndim + 1]
            assert len(alike) > 30, (kind, ndim)


def test_accepted_layers_equal_pytorch():
    for layer in LAYERS:
        if "refusal" in layer:
            continue
        if 0 in layer["output"]:  # PyTorch lets a transposed convolution be padded away
            with pytest.raises(ConvcalcError, match="takes away the whole output"):
                shape(question(layer))
            continue
        shapes, weights = shape(question(layer)), params(question(layer))
        assert list(shapes.output) == layer["output"], named(layer)
        assert weights.weight_shape == (layer["weight_shape"] and tuple(layer["weight_shape"]))
        assert weights.total == layer["params"], named(layer)
        assert not any("PyTorch rejects" in note for note in shapes.notes), named(layer)


def test_refused_layers_are_refused_or_noted():
    noted = 0
    for layer in LAYERS:
        if "refusal" not in layer:
            continue
        try:
            answer = shape(question(layer))
        except ConvcalcError:
            assert "code" not in layer
            continue
        noted += 1
        assert any("PyTorch rejects" in note for note in answer.notes), named(layer)
    assert noted > 20


def test_the_line_to_paste_builds_the_same_layer():
    ran = 0
    for layer in LAYERS:
        if "code" not in layer:
            continue
        shapes, weights = shape(question(layer)), params(question(layer))
        assert shapes.code == layer["code"], named(layer)
        if layer["code"] is None:
            assert any("AvgPool3d" in note for note in shapes.notes), named(layer)
            continue
        ran += 1
        assert layer["ran"]["output"] == list(shapes.output), named(layer)
        assert layer["ran"]["params"] == weights.total
        if weights.weight_shape:
            assert layer["ran"]["weight_shape"] == list(weights.weight_shape)
    assert ran > 1000


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (
            {"input_shape": (3, 32, 32), "kernel_size": (3,), "padding": ((1, 1),)},
            "nn.Conv2d(3, C_out, kernel_size=3, padding=1)",
        ),
        (
            {"input_shape": (4, 9), "out_channels": 2, "kernel_size": (4,), "padding": "same"},
            "nn.Conv1d(4, 2, kernel_size=4, padding='same')",
        ),
        (
            {
                "input_shape": (3, 8, 8),
                "out_channels": 6,
                "kernel_size": (3, 5),
                "stride": (1, 2),
                "padding": ((0, 1), (2, 0)),
                "dilation": (2,),
                "groups": 3,
                "bias": False,
            },
            "nn.Sequential(nn.ZeroPad2d((2, 0, 0, 1)), nn.Conv2d(3, 6, kernel_size=(3, 5), "
            "stride=(1, 2), dilation=2, groups=3, bias=False))",
        ),
        (
            {"input_shape": (3, 8, 8), "kernel_size": (3,), "pool": "max", "stride": (1,)},
            "nn.MaxPool2d(kernel_size=3, stride=1)",
        ),
    ],
)
def test_lines_read_as_people_write_them(asked, line):
    assert shape(LayerQuestion(**asked)).code == line
