"""Every class's signature against PyTorch's, in data/signatures.json; what is missing is named."""

import inspect
import json
from pathlib import Path

import pytest

from convcalc.layers.vocabulary import COMPOSED, LAYERS, LOSSES

DATA = Path(__file__).parents[1].joinpath("data", "signatures.json")
SIGNATURES = json.loads(DATA.read_text(encoding="utf-8"))
MODULES = SIGNATURES["modules"]
NEWER = SIGNATURES["newer"].get("modules", {})

CONTAINERS = {
    "Container",
    "DataParallel",
    "Module",
    "ModuleDict",
    "ModuleList",
    "ParameterDict",
    "ParameterList",
    "Sequential",
}
"""What holds layers and is none."""
WITHOUT = [["*args"], ["**kwargs"]]
"""The signature that is inherited from nn.Module, which then takes no arguments at all."""


def expected(name):
    """Return PyTorch's signature, with what newer versions add."""
    entry = MODULES.get(name) or NEWER[name]
    parameters = entry["parameters"] + (NEWER.get(name, {}) if name in MODULES else {}).get(
        "parameters", []
    )
    return [] if parameters == WITHOUT and name != "Identity" else parameters


def plain(value):
    return [plain(each) for each in value] if isinstance(value, (tuple, list)) else value


def written(layer):
    """Return a class's signature as the data writes it."""
    parameters, named = [], False
    for each in inspect.signature(layer).parameters.values():
        stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        if each.kind is each.KEYWORD_ONLY and not named:
            parameters.append(["*"])
            named = True
        default = [] if each.default is each.empty else [plain(each.default)]
        parameters.append([stars + each.name, *default])
    return parameters


def test_every_layer_of_pytorch_has_its_class():
    for name, entry in {**MODULES, **NEWER}.items():
        if entry.get("module") == "loss" or name in CONTAINERS | set(COMPOSED) | set(LOSSES):
            continue
        assert name in LAYERS, (
            f"nn.{name} has no class yet. Write one in convcalc/layers/, in the file of its kind, "
            f"with the signature {expected(name)}; name it in LAYERS of vocabulary.py; ask "
            "PyTorch for its answers with tests/data/make_layer_truth.py."
        )


def test_nothing_is_a_layer_that_pytorch_has_not():
    assert set(LAYERS) <= {*MODULES, *NEWER}
    assert set(COMPOSED) <= set(MODULES)


def test_the_losses_are_known_as_such():
    losses = {name for name, entry in MODULES.items() if entry.get("loss")}
    assert set(LOSSES) == losses - set(LAYERS)


@pytest.mark.parametrize("name", LAYERS)
def test_the_signature_is_pytorchs(name):
    assert written(LAYERS[name]) == expected(name), f"{name}'s arguments are not PyTorch's"


FORWARDS = {
    **dict.fromkeys(("RNN", "GRU", "LSTM", "RNNCell", "GRUCell", "LSTMCell"), "input, hx=None"),
    **dict.fromkeys(("RNNBase", "RNNCellBase"), "input, hx=None"),
    **{f"ConvTranspose{n}d": "input, output_size=None" for n in (1, 2, 3)},
    **{f"MaxUnpool{n}d": "input, indices, output_size=None" for n in (1, 2, 3)},
    "AdaptiveLogSoftmaxWithLoss": "input_, target_",
    "Bilinear": "input1, input2",
    "CosineSimilarity": "x1, x2",
    "EmbeddingBag": "input, offsets=None, per_sample_weights=None",
    "MultiheadAttention": "query, key, value, key_padding_mask=None, need_weights=True, "
    "attn_mask=None, average_attn_weights=True, is_causal=False",
    "PairwiseDistance": "x1, x2",
    "RMSNorm": "x",
}
"""What PyTorch's forward takes where that isn't `input` alone."""


@pytest.mark.parametrize("name", [name for name in LAYERS if not name.startswith("Lazy")])
def test_an_output_is_asked_for_as_pytorchs_forward_is(name):
    _, *parameters = inspect.signature(LAYERS[name].output).parameters.values()
    written = [
        each.name if each.default is each.empty else f"{each.name}={each.default}"
        for each in parameters
    ]
    assert ", ".join(written) == FORWARDS.get(name, "input")


SUBCLASSES = {
    **{f"Lazy{name}{n}d": f"{name}{n}d" for name in ("Conv", "ConvTranspose") for n in (1, 2, 3)},
    **{f"ZeroPad{n}d": f"ConstantPad{n}d" for n in (1, 2, 3)},
    **dict.fromkeys(("GRU", "LSTM", "RNN"), "RNNBase"),
    **dict.fromkeys(("GRUCell", "LSTMCell", "RNNCell"), "RNNCellBase"),
    **dict.fromkeys(("UpsamplingBilinear2d", "UpsamplingNearest2d"), "Upsample"),
    "LazyLinear": "Linear",
    "ReLU6": "Hardtanh",
}
"""The layers of PyTorch that are a subclass of another one, which isinstance sees."""


@pytest.mark.parametrize("name", LAYERS)
def test_a_class_is_an_instance_of_what_it_is_in_pytorch(name):
    above = {other for other in LAYERS if issubclass(LAYERS[name], LAYERS[other])}
    assert above - {name} == {SUBCLASSES[name]} if name in SUBCLASSES else above == {name}


@pytest.mark.parametrize("name", LAYERS)
def test_a_class_is_called_what_pytorch_calls_it(name):
    assert LAYERS[name].__name__ == name
    assert LAYERS[name].__doc__
