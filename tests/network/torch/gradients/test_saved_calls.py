"""What every function keeps for its backward: the storages that PyTorch's own hooks saw."""

import gzip
import json
import re
from pathlib import Path

import pytest
from saved_expressions import GRADED, SPACE, Watching, compiled, tensors_in

from convcalc.layers.vocabulary import LAYERS
from convcalc.network.torch.functions import registry
from convcalc.network.torch.functions.registry import Operation
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.values import Unknown

DATA = json.loads(
    gzip.decompress(Path(__file__).parents[3].joinpath("data", "saved_calls.json.gz").read_bytes())
)
TENSORS, ANSWERS = DATA["tensors"], DATA["answers"]
NAME = re.compile(
    rf"""(?<![\w.'"])(?:{"|".join(sorted(TENSORS)[::-1])})(_\d+)?\b(?!['"(]|=(?!=))"""
)
"""A tensor's name in words, which isn't that of an argument."""


def made(name, known):
    """Return a tensor of a call, made with what it is made of."""
    if name not in known:
        inner = {each[0]: made(each[0], known) for each in NAME.finditer(TENSORS[name])}
        known[name] = eval(compiled(TENSORS[name]), {**SPACE, **inner})
    return known[name]


def asked(words, frozen):
    """Return what a call keeps, as make_saved_calls.py says it; refused where it isn't followed."""
    tensors, known = {}, {}
    for each in NAME.finditer(words):
        value = made(each[0].partition("_")[0], known)
        own = tensors[each[0]] = value.like(values=value.values)
        own.learnt = own.dtype.kind in GRADED and each[0] not in frozen
    watching = Watching()
    token = WATCHER.set(watching)
    try:
        result = eval(compiled(words), {**SPACE, **tensors})
    except Exception:  # a refusal, or something that PyTorch takes and we don't
        return "refused"
    finally:
        WATCHER.reset(token)
    if isinstance(result, Unknown):
        return "refused"
    if watching.unknown:
        return "unknown"
    results = list(tensors_in(result))
    if not any(each.requires_grad for each in results):
        return None
    names = {each.storage: f"={at or ''}" for at, each in enumerate(results)}
    names |= {each.storage: own for own, each in tensors.items()}
    found = sorted(names[each] for each in watching.kept if each in names and each.bytes)
    return " ".join([str(watching.bytes), *found])


@pytest.mark.parametrize("function", ANSWERS)
def test_a_function_keeps_what_pytorch_keeps_of_every_argument(function):
    wrong = []
    for words, answers in ANSWERS[function].items():
        for frozen, kept in answers.items():
            found = asked(words, frozen.split())
            if found not in (kept, "refused"):
                wrong.append((words, frozen, kept, found))
    assert wrong == []


def test_nearly_every_call_is_followed():
    every = [words for answers in ANSWERS.values() for words in answers]
    refused = [words for words in every if asked(words, []) == "refused"]
    assert len(refused) < len(every) / 15


def test_every_function_has_a_rule():
    tables = [*registry.ROOMS.values()]
    every = {repr(each): each for table in tables for each in table.values()
             if isinstance(each, Operation)}  # fmt: skip
    assert len(every) > 1000
    assert [name for name, each in every.items() if each.saves is None] == []


UNRULED = {
    "LSTM": "oneDNN decides how large its workspace is",
    "CrossMapLRN2d": "it is a Function with a backward of its own",
    "AdaptiveLogSoftmaxWithLoss": "it depends on the values of its targets",
    "RNNBase": "RNN, GRU and LSTM are made of it",
    **dict.fromkeys(
        [f"Lazy{kind}Norm{ndim}d" for kind in ("Batch", "Instance") for ndim in (1, 2, 3)],
        "it becomes another layer once it is called",
    ),
}
"""The layers of which no rule says what they keep, and why."""
UNRULED_CALLS = {
    "checkpoint": "its forward is taken again in the backward",
    "autocast": "weights are kept once more in another kind of numbers",
    "torch.compile": "other operations run than those that are written",
    "Function": "a backward of one's own keeps what its forward says",
}
"""What else keeps something of which no rule says what, and why: see test_training.py."""


def test_every_layer_has_a_rule_or_a_reason():
    assert {name for name, layer in LAYERS.items() if layer.saves is None} == UNRULED.keys()
