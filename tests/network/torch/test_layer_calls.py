"""What PyTorch's layers and losses keep and give, by all their arguments: see layer_calls.json."""

import json
from functools import cache
from pathlib import Path

import pytest
from torch_answers import RAISED, evaluated, judged, told

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import COMPOSED, LAYERS, LOSSES
from convcalc.network.libraries import find
from convcalc.network.torch.written.classes import READ
from convcalc.reading.files import read

DATA = json.loads(Path(__file__).parents[2].joinpath("data", "layer_calls.json").read_text("utf-8"))
KNOWN = DATA["names"]
CLASSES = DATA["classes"]
BASES = {"RNNBase", "RNNCellBase"}
"""Classes without a forward."""


@cache
def written(path):
    """Return the classes of a file that is written in the Python that is read."""
    start = "import torch, copy, math\nfrom torch import nn\nimport torch.nn.functional as F\n"
    return read(start + path.read_text("utf-8"), importer=find)


@pytest.fixture(scope="module", autouse=True)
def reader():
    """What reads such a file."""
    token = READ.set(written)
    yield
    READ.reset(token)


def judged_class(name, made, answers):
    """Yield what is wrong with a class of these arguments and with each of its calls."""
    words = f"nn.{name}{made}"
    try:
        layer = evaluated(words, KNOWN)
        state = {key: told(each) for key, each in layer.state_dict().items()}
    except ConvcalcError:
        yield from [None] * len(answers or {"": None})
        return
    except RAISED as error:
        yield f"{words}: {error!r}, where PyTorch makes it" if answers else ""
        return
    if not answers:
        yield f"{words}: is made, where PyTorch raises"
        return
    wanted = answers[""]
    yield f"{words} keeps {state}, not {wanted}" if state != wanted else ""
    for call in [*answers][1:]:
        layer = evaluated(words, KNOWN).train(call[0] != "!")
        wrong = judged(f"layer{call.lstrip('!')}", answers[call], -1, KNOWN, layer=layer)
        yield f"{words} {call}: {wrong}" if wrong else wrong


@pytest.fixture(scope="module")
def verdicts(reader):
    """What is wrong with each call, by the name of the class."""
    return {
        name: [
            each for made, answers in several.items() for each in judged_class(name, made, answers)
        ]
        for name, several in CLASSES.items()
    }


def test_every_layer_is_pytorchs_or_refused(verdicts):
    wrong = [each for several in verdicts.values() for each in several if each]
    assert not wrong, "\n".join([f"{len(wrong):,} calls are wrong:", *wrong[:50]])


def test_nearly_every_call_of_a_layer_is_followed(verdicts):
    every = [each for several in verdicts.values() for each in several]
    refused = every.count(None)
    assert len(every) >= 15_000
    assert refused < 0.06 * len(every), f"{refused:,} of {len(every):,} are refused"


def test_every_layer_has_its_calls():
    lacking = sorted({*LAYERS, *LOSSES, *COMPOSED} - BASES - CLASSES.keys())
    assert not lacking, (
        f"{lacking} have no calls: give values of their arguments in tests/data/layer_values.txt"
        " and run tests/data/make_layer_calls.py"
    )
