"""What torch's functions give: shapes, kinds of numbers, strides and known numbers as PyTorch's."""

import ast
import json
from inspect import Parameter, signature
from pathlib import Path

import pytest
from torch_answers import UNKNOWN, evaluated, judged

from convcalc.network.torch.errors import details
from convcalc.network.torch.fields import Field
from convcalc.network.torch.functions.registry import (
    FUNCTIONAL,
    METHODS,
    ROOMS,
    TORCH,
    Operation,
)
from convcalc.network.torch.functions.signatures import overloads
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood

DATA = json.loads(Path(__file__).parents[2].joinpath("data", "functions.json").read_text("utf-8"))
KNOWN = DATA["names"]
ASIDE = {"cuda", "xpu", "mps", "pin_memory"}
"""What PyTorch does only where there is such a device."""
UNSEEN = {"out", "out_dtype"}
"""Arguments that calls don't give: the one has tests of its own, the other needs a device."""


def spelled(name, arguments):
    """Return a call of a function in words, as tests/data/function_calls.py spells it."""
    first, _, others = arguments.partition("; ")
    if "." not in name[1:] and any(sign in first for sign in "+@>"):
        first = f"({first})"
    if name.startswith("."):
        return f"{first}{name}"
    if "." in name:
        return f"{name}({', '.join(filter(None, (first, others)))})"
    return f"{first}.{name}({others})"


@pytest.mark.parametrize("words", DATA["answers"])
def test_a_function_gives_what_pytorch_gives(words):
    assert judged(words, DATA["answers"][words], 64, KNOWN) == ""


@pytest.fixture(scope="module")
def verdicts():
    """What is wrong with each call of functions.json, by the name of the function."""
    found = {}
    for names, calls in DATA["calls"].items():
        for name in names.split():
            words = {spelled(name, each): wanted for each, wanted in calls.items()}
            found[name] = [judged(each, wanted, 8, KNOWN) for each, wanted in words.items()]
    return found


def test_every_call_is_pytorchs_or_refused(verdicts):
    wrong = [each for several in verdicts.values() for each in several if each]
    assert not wrong, "\n".join([f"{len(wrong):,} calls are wrong:", *wrong[:50]])


def test_nearly_every_call_is_followed(verdicts):
    every = [each for several in verdicts.values() for each in several]
    refused = every.count(None)
    assert len(every) >= 30_000
    assert refused < 0.06 * len(every), f"{refused:,} of {len(every):,} are refused"


FUNCTIONS = {
    before + name: function
    for before, table in ((each.prefix, each) for each in ROOMS.values())
    for name, function in table.items()
    if isinstance(function, Operation)
}


def test_every_function_has_its_calls():
    called = {name for names in DATA["calls"] for name in names.split()}
    lacking = sorted(FUNCTIONS.keys() - called - ASIDE)
    assert not lacking, (
        f"{lacking} have no calls: give values of what they take in tests/data/function_values.txt"
        " and run tests/data/make_function_signatures.py and tests/data/make_functions.py"
    )


def given_values(calls):
    """Return the values that calls give, by the argument's place or name."""
    found = {}
    for each in calls:
        call = ast.parse(f"f({', '.join(filter(None, each.split('; ')))})", mode="eval").body
        for at, value in [
            *enumerate(call.args),
            *((each.arg, each.value) for each in call.keywords),
        ]:
            found.setdefault(at, set()).add(ast.dump(value))
    return found


def test_every_argument_has_its_calls():
    lacking = set()
    for names, calls in DATA["calls"].items():
        found = given_values(calls)
        for name in set(names.split()) & FUNCTIONS.keys():
            for way in overloads(name):
                order = way.in_order if "." in name else ("", *way.in_order)
                for argument in way.types.keys() - FUNCTIONS[name].ignored - UNSEEN:
                    several = found.get(argument, set())
                    if argument in order:
                        several = several | found.get(order.index(argument), set())
                    if len(several) < 2:
                        lacking.add(f"{name}({argument})")
    assert not lacking, (
        f"{sorted(lacking)} have one value or none: give more in tests/data/function_values.txt and"
        " run tests/data/make_functions.py"
    )


@pytest.mark.parametrize(
    "words", ["torch.linspace(0, 0.1, 12)", "(f / 3).half()", "k / 7", "torch.arange(0, 1, 0.25)"]
)
def test_numbers_are_known(words):
    assert evaluated(words, KNOWN).values is not None


@pytest.mark.parametrize("more", [{"keepdim": True}, {"dtype": None}])
def test_an_argument_that_nobody_heeds_is_refused_by_its_name(more):
    operation = Operation("torch.sum", lambda input, dim: input)
    with pytest.raises(NotUnderstood, match=f"torch.sum.. isn't followed with {next(iter(more))}"):
        operation(Tensor((3, 4)), 1, **more)


def test_a_harmless_argument_may_stand_in_order():
    operation = Operation("torch.sum", lambda input, keepdim=False: keepdim, harmless="dim")
    assert operation(Tensor((3, 4)), 1, True) is True


def test_what_pytorch_doesnt_take_is_a_type_error():
    with pytest.raises(TypeError, match="takes no keepdims_"):
        METHODS["sum"](Tensor((3, 4)), keepdims_=True)


def test_no_function_takes_arguments_that_nobody_names():
    for table in (TORCH, FUNCTIONAL, METHODS):
        for function in table.values():
            if isinstance(function, Operation):
                kinds = {each.kind for each in signature(function.function).parameters.values()}
                inner = function.name.endswith("_") or "takes" in vars(
                    function
                )  # which hands all on
                assert Parameter.VAR_KEYWORD not in kinds or inner, function


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("sum", []), ("reshape", [4]), ("matmul", []), ("__add__", []), ("gather", [0])],
)
def test_what_isnt_known_makes_the_result_unknown(name, arguments):
    assert METHODS[name](Tensor((3, 4)), *arguments, UNKNOWN) is UNKNOWN


@pytest.mark.parametrize("name", ["clamp", "to", "fill_", "normal_"])
def test_a_shape_that_depends_on_the_tensor_alone_is_known(name):
    assert METHODS[name](Tensor((3, 4)), UNKNOWN).shape == (3, 4)


def test_an_error_keeps_the_function_and_its_tensors():
    with pytest.raises(RuntimeError) as raised:
        METHODS["view"](Tensor((3, 4)), 5, -1)
    kept = details(raised.value)
    assert (kept.operation, kept.inputs[0].shape, kept.sizes) == ("view", (3, 4), [5, -1])


@pytest.mark.parametrize("words", ["x.all()", "x.any()", "x.all(1)", "x.any(1)", "x.any((0, 2))",
                                   "torch.all(x > 0)", "b.any(2, True)"])  # fmt: skip
def test_all_and_any_give_truth_values(words):
    assert repr(evaluated(words, KNOWN).dtype) == "torch.bool"


@pytest.mark.parametrize(
    ("words", "field"),
    [("z[:, :, 2:]", (4, 6, 2)), ("z[:, :, 1::3]", (2, 4, 6)), ("z[:, :, -4:]", (8, 10, 2)),
     ("z.narrow(2, 3, 2)", (6, 8, 2)), ("z.split(4, 2)[1]", (8, 10, 2)),
     ("z[:, :, ::2][:, :, 1::2]", (4, 6, 8)), ("z.chunk(2, 2)[1]", (8, 10, 2))],
)  # fmt: skip
def test_a_part_of_an_axis_sees_what_its_positions_see(words, field):
    seen = Tensor((2, 3, 8), fields=(None, None, Field(0, 0, 2, 2)), fed=True)
    assert evaluated(words, KNOWN, z=seen).fields[2] == Field(0, *field)
