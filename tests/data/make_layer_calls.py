"""Ask PyTorch what the classes of torch.nn give, and keep it in layer_calls.json.

Run with PyTorch 2.13.0 and this project importable: python tests/data/make_layer_calls.py

By the class: its arguments, in words; by these the tensors that it keeps in its state, as
make_functions.py tells of tensors, under "", and what comes out of the calls of its forward, behind
! where it isn't trained. Null where PyTorch raises. One argument after another is given each of its
values in layer_values.txt, beside the first call of all that PyTorch takes.
"""

import inspect
import itertools
import random
import re
import warnings
from pathlib import Path

import function_calls
import torch
from make_functions import lines_of, told

from convcalc.layers.vocabulary import COMPOSED, LAYERS, LOSSES

function_calls.SPACE["nn"] = torch.nn
FITTING = function_calls.read_values("layer_values.txt")
TENSORS = function_calls.TENSORS | {name: each for name, (each,) in FITTING.pop("tensors").items()}
VALUES = FITTING.pop("")
BASES = ("RNNBase", "RNNCellBase")
"""Classes without a forward."""
AS_BASE = {"RNN": "RNNBase", "LSTM": "RNNBase", "GRU": "RNNBase"}
"""Classes that take what another one takes, but for its first argument."""

SMALLER = ("d_model", "nhead", "num_encoder_layers", "num_decoder_layers", "dim_feedforward")
"""Arguments that are always given, since what they make by default is large."""


def values_of(name, argument):
    """Return the values of an argument of a class; of its forward's behind a dot."""
    for pattern, own in FITTING.items():
        if re.fullmatch(pattern, name) and argument in own:
            return own[argument]
    return VALUES[argument]


def taken(name):
    """Return the arguments of a class and of its forward, in order, and which are needed."""
    found, needed = [], []
    made = getattr(torch.nn, name)
    several = inspect.signature(getattr(torch.nn, AS_BASE.get(name, name))).parameters.values()
    parameters = [*several][name in AS_BASE :]
    for dot, group in (
        ("", parameters),
        (".", [*inspect.signature(made.forward).parameters.values()][1:]),
    ):
        named = False
        for each in group:
            if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
                continue
            if each.kind is each.KEYWORD_ONLY and not named:
                found.append(f"{dot}*")
                named = True
            found.append(dot + each.name)
            if each.default is each.empty or each.name in SMALLER:
                needed.append(dot + each.name)
    return found, needed


def written(order, given, dot):
    """Return the arguments of a class, or of its forward, in words."""
    words, gap = [], False
    for each in order:
        if (each[0] == ".") is not dot:
            continue
        if each not in given:
            gap = True
        elif gap:
            words.append(f"{each.strip('.')}={given[each]}")
        else:
            words.append(given[each])
    return f"({', '.join(words)})"


def fits(name, order, given):
    """Return whether PyTorch takes a call."""
    words = "".join(written(order, given, dot) for dot in (False, True))
    return function_calls.takes(f"nn.{name}{words}", TENSORS)


def first_call(name, order, needed):
    """Return the values of the first call that PyTorch takes."""
    optional = [each for each in order if each not in needed and "*" not in each]
    for more in ([], *([each] for each in optional)):
        named = [*needed, *more]
        values = [values_of(name, each) for each in named]
        places = itertools.product(*(range(min(len(each), 9)) for each in values))
        for row in sorted(itertools.islice(places, 2000), key=lambda row: (sum(row), row))[:400]:
            given = {each: of[at] for each, of, at in zip(named, values, row, strict=True)}
            if fits(name, order, given):
                return given
    return None


def calls_of(name):
    """Return the calls of a class, as the words of its arguments and of its forward's."""
    order, needed = taken(name)
    found = first_call(name, order, needed)
    if found is None:
        print(f"{name} has no call that PyTorch takes: say its values in layer_values.txt")
        return {}
    calls = {}

    def add(given):
        made, called = (written(order, given, dot) for dot in (False, True))
        calls.setdefault(made, {}).setdefault(called)
        return made, called

    add(found)
    names = [each for each in order if "*" not in each]
    for each in names:
        for value in values_of(name, each):
            made, called = add({**found, each: value})
            if each[0] == ".":
                calls[made].setdefault(f"!{called}")
    chance = random.Random(name)
    for _ in range(4 + 3 * len(names) if len(names) > 1 else 0):
        chosen = [each for each in names if chance.random() < 0.35]
        made, called = add({**found, **{e: chance.choice(values_of(name, e)) for e in chosen}})
        if chance.random() < 0.5:
            calls[made].setdefault(f"!{called}")
    return calls


def refused_kinds(name):
    """Return the letters of the kinds of numbers that a layer without weights never takes.

    Those that it doesn't take in training come second. What a loss takes its function says.
    """
    order, needed = taken(name)
    given = first_call(name, order, needed)
    if given is None or name in (*LOSSES, *COMPOSED):
        return "", ""
    layer = function_calls.evaluated(f"nn.{name}{written(order, given, False)}", TENSORS)
    if layer.state_dict():
        return "", ""
    inputs = [each for key, each in given.items() if key[0] == "."]
    values = [function_calls.evaluated(each, TENSORS) for each in inputs]
    idle, trained = (
        {
            key
            for key, kind in function_calls.KINDS.items()
            if not runs(layer.train(mode), values, kind)
        }
        for mode in (False, True)
    )
    return tuple(
        "".join(each for each in function_calls.KINDS if each in several)
        for several in (idle & trained, trained - idle)
    )


def runs(layer, values, kind):
    """Return whether a layer takes its first input in numbers of a kind."""
    try:
        layer(*(function_calls.cast(each, values[0].dtype, kind) for each in values))
    except Exception:
        return False
    return True


def answer(name, made, called):
    """Return what PyTorch answers; the state of what it has made where nothing is called."""
    torch.manual_seed(1)
    try:
        layer = function_calls.evaluated(f"nn.{name}{made}", TENSORS)
        if not called:
            return {
                key: told(each, -1)
                for key, each in layer.state_dict().items()
                if isinstance(each, torch.Tensor) and not torch.nn.parameter.is_lazy(each)
            }
        layer.train(called[0] != "!")
        space = dict(function_calls.SPACE, layer=layer)
        return told(function_calls.evaluated(f"layer{called.lstrip('!')}", TENSORS, space), -1)
    except Exception:
        return None


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    kept = {}
    for name in (*LAYERS, *LOSSES, *COMPOSED):
        if name in BASES:
            continue
        calls = calls_of(name)
        kept[name] = {
            made: {called: answer(name, made, called) for called in ("", *several)}
            for made, several in calls.items()
        }
        for made, several in kept[name].items():
            if several[""] is None:
                kept[name][made] = None
    inner = ",\n".join(f'"{key}": {lines_of(value)}' for key, value in kept.items())
    text = f'{{\n"names": {lines_of(TENSORS)},\n"classes": {{\n{inner}\n}}\n}}\n'
    Path(__file__).with_name("layer_calls.json").write_text(text, encoding="utf-8")
    calls = [
        one
        for each in kept.values()
        for several in each.values()
        for one in (several or {"": None}).values()
    ]
    print(len(kept), "classes and", len(calls), "calls,", calls.count(None), "refused", len(text))


if __name__ == "__main__":
    main()
