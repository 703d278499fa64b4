"""Calls of every function of torch that is known: each argument at values that aren't its default.

A call is found by asking PyTorch: the first values of function_values.txt that fit together. From
it one argument after another is given each of its other values, fitting or not.
"""

import itertools
import random
import re
from pathlib import Path

import torch

import convcalc.network.torch.namespace  # noqa: F401  # which registers every function
from convcalc.network.torch.functions.registry import ROOMS  # noqa: F401
from convcalc.network.torch.functions.signatures import overloads


def read_values(file):
    """Return what a file of values says, by its headings: arguments, and the values of each."""
    sections = {}
    for line in Path(__file__).with_name(file).read_text("utf-8").splitlines():
        if line.startswith("["):
            values = sections.setdefault(line[1:-1], {})
        elif line and not line.startswith("#"):
            names, _, said = line.partition(":")
            values |= {
                name: list(filter(None, said.strip().split(" | "))) for name in names.split()
            }
    return sections


FITTING = read_values("function_values.txt")
"""What functions take whose names fit a pattern, tried in order, and what all others do."""
TENSORS = {name: made for name, (made,) in FITTING.pop("tensors").items()}
"""The tensors of the calls: sizes that differ on each axis, some numbers known, every kind."""
VALUES = FITTING.pop("")
"""The values of every argument, by its name, those first that mostly fit."""
UNSAID = {
    **{name: ["* memory_format="] for name in ("byte", "char", "short", "cfloat", "cdouble")},
    **{name: [""] for name in ("__len__", "ndimension", "nelement", "new", "numpy")},
    "__getitem__": ["key"], "torch.einsum": ["equation operands"],
    "torch.asarray": ["obj * dtype= device= copy= requires_grad="], "torch.from_numpy": ["ndarray"],
}  # fmt: skip
"""What functions take of which neither signatures.txt nor PyTorch says it."""


def ways(name):
    """Return the overloads of a function, each as the words of its arguments, without types."""
    if name in UNSAID:
        return UNSAID[name]
    if name.startswith("__"):
        return ["other"]
    known = overloads(name) or overloads(name.replace("torch.", "F."))
    return list(dict.fromkeys(" ".join(_words(each)) for each in known))


def _words(way):
    by_name = [each for each in way.types if each not in way.in_order]
    order = [*way.in_order, *(["*"] if by_name else []), *sorted(by_name)]
    return [each + "=" * (each != "*" and each not in way.needed) for each in order]


SPACE = {"torch": torch, "F": torch.nn.functional}
NAMES_IN: dict[str, list[str]] = {}


def evaluated(words, names, space=None):
    """Return what words come to, the tensors in them made anew."""
    space = dict(SPACE if space is None else space)
    _make(words, names, space)
    return eval(words, space)


def _make(words, names, space):
    if words not in NAMES_IN:
        found = dict.fromkeys(re.findall(r"\b[a-z]+\d?\b", words))
        NAMES_IN[words] = [each for each in found if each in names]
    for name in NAMES_IN[words]:
        if name not in space and names[name] != words:
            _make(names[name], names, space)
            space[name] = eval(names[name], space)


def takes(call, names=None):
    """Return whether PyTorch takes a call."""
    try:
        evaluated(call, TENSORS if names is None else names)
    except Exception:
        return False
    return True


# ---------------------------------------------------------------------------------------------
# Calls
# ---------------------------------------------------------------------------------------------


def values_of(function, parameter):
    """Return the values that a function's argument is given; a method's tensor those of torch's."""
    if parameter == "self":
        several = overloads(f"torch.{function.rstrip('_')}") if function[:2] != "__" else ()
        own = {each for way in overloads(function) for each in way.types}
        parameter = next((n for way in several for n in way.types if n not in own), "self")
    for pattern, own in FITTING.items():
        if re.fullmatch(pattern, function) and parameter in own:
            return own[parameter]
    return VALUES[parameter]


def written(order, given):
    """Return the arguments of a call, the first apart: in order as far as it goes, then by name."""
    words, gap = [], False
    for each in order:
        if each in given:
            words.append(f"{each}={given[each]}" if gap else given[each])
        else:
            gap = True
    return (words[0] if words else "", ", ".join(words[1:]))


def spelled(name, first, others):
    """Return a call in words: an attribute's, a method's, or another function's."""
    if "." not in name[1:] and any(sign in first for sign in "+@>"):
        first = f"({first})"
    if name.startswith("."):
        return f"{first}{name}"
    if "." in name:
        return f"{name}({', '.join(filter(None, (first, others)))})"
    return f"{first}.{name}({others})"


def taken_by(name, way):
    """Return the arguments of an overload in their order, and which a call needs."""
    words = [*([] if "." in name[1:] else ["self"]), *way.split()]
    order = [word.strip("=") for word in words]
    return order, [word for word in words if word != "*" and not word.endswith("=")]


def first_call(name, way):
    """Return the arguments of the first call by an overload that PyTorch takes, None for none."""
    order, needed = taken_by(name, way)
    for more in ([], *([each] for each in order if each != "*" and each not in needed)):
        named = [*needed, *more]
        values = [values_of(name, each) for each in named]
        places = itertools.product(*(range(len(each)) for each in values))
        for row in sorted(places, key=lambda row: (sum(row), row))[:4000]:
            given = {each: of[at] for each, of, at in zip(named, values, row, strict=True)}
            if takes(spelled(name, *written(order, given))):
                return given
    return None


def calls_of(name):
    """Return the calls of a function, each argument at each of its values: see `written`."""
    if name.startswith("."):
        return [(each, "") for each in values_of(name, "self")]
    calls = []
    for way in ways(name):
        order, needed = taken_by(name, way)
        found = first_call(name, way)
        if found is None:
            continue
        values = {each: values_of(name, each) for each in order if each != "*"}
        calls.append(written(order, found))
        for each, several in values.items():
            calls += [written(order, {**found, each: value}) for value in several]
        optional = [each for each in values if each not in needed and values[each]]
        chance = random.Random(way)
        for _ in range(min(3 * len(optional), 8) if len(optional) > 1 else 0):
            chosen = [each for each in optional if chance.random() < 0.6]
            more = {each: chance.choice(values[each]) for each in chosen}
            calls.append(written(order, {**found, **more}))
    return list(dict.fromkeys(calls))


# ---------------------------------------------------------------------------------------------
# Kinds of numbers
# ---------------------------------------------------------------------------------------------

KINDS = {
    "o": torch.bool, "u": torch.uint8, "i": torch.int64, "h": torch.float16, "g": torch.bfloat16,
    "f": torch.float32, "d": torch.float64, "c": torch.complex64,
}  # fmt: skip
"""The kinds of numbers by letters, those of whole numbers by one."""


def _in_every(refused):
    return "".join(each for each in KINDS if refused and all(each in one for one in refused))


def refused_kinds(name):
    """Return the letters of the kinds of numbers that a function takes in none of its ways.

    One that works in its place refuses more, by what comes out: it counts as the other one.
    """
    home = torch.Tensor if "." not in name else torch if name.startswith("torch.") else None
    if name[-1] == "_" != name[-2] and hasattr(home, name.rpartition(".")[2][:-1]):
        return refused_kinds(name[:-1])
    refused = []
    for way in () if "as_strided" in name else ways(name):  # which counts bytes
        order, _ = taken_by(name, way)
        given = first_call(name, way) or {}
        values = {each: evaluated(given[each], TENSORS) for each in order if each in given}
        first = next(_tensors([*values.values()]), None)
        if first is not None and _runs(name, order, values, first.dtype, first.dtype):
            runs = {key: _runs(name, order, values, first.dtype, KINDS[key]) for key in KINDS}
            refused.append({letter for letter, does in runs.items() if not does})
    return _in_every(refused)


def refused_dtypes(name):
    """Return the letters of the kinds of numbers that a function doesn't take as its dtype."""
    refused = []
    for way in () if name.endswith("_") else ways(name):
        order, _ = taken_by(name, way)
        given = first_call(name, way) if "dtype" in order else None
        if given is not None:
            calls = {key: written(order, {**given, "dtype": str(KINDS[key])}) for key in KINDS}
            refused.append({key for key, call in calls.items() if not takes(spelled(name, *call))})
    return _in_every(refused)


def _tensors(value):
    if isinstance(value, torch.Tensor):
        yield value
    for each in value if isinstance(value, (list, tuple)) else ():
        yield from _tensors(each)


def cast(value, old, new):
    if isinstance(value, torch.Tensor):
        return (value * 3 + 1).to(new) if value.dtype == old and new != old else value
    if isinstance(value, (list, tuple)):
        return type(value)(cast(each, old, new) for each in value)
    return value


def _runs(name, order, values, old, new):
    """Return whether a call runs where tensors of one kind are of another."""
    call = spelled(name, *written(order, {each: f"_{each}" for each in values}))
    space = {f"_{each}": cast(value, old, new) for each, value in values.items()}
    try:
        eval(call, {**SPACE, **space})
    except Exception:
        return False
    return True
