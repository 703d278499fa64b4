"""What torch's functions give: shapes, kinds of numbers, strides and known numbers as PyTorch's."""

import ast
import json
from inspect import Parameter, signature
from pathlib import Path

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.network.torch.errors import details
from convcalc.network.torch.fields import Field
from convcalc.network.torch.functions.registry import FUNCTIONAL, METHODS, TORCH, Operation
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.network.torch.sizes import Size
from convcalc.network.torch.strides import strides_of
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Unknown, Value

DATA = json.loads(Path(__file__).parents[2].joinpath("data", "functions.json").read_text("utf-8"))


class Asking(ast.NodeTransformer):
    """Attributes asked of values as the reader asks for them."""

    def visit_Attribute(self, node):
        self.generic_visit(node)
        call = ast.Call(ast.Name("get", ast.Load()), [node.value, ast.Constant(node.attr)], [])
        return ast.copy_location(call, node)


def get(owner, name):
    return owner.get(name) if isinstance(owner, Value) else getattr(owner, name)


def evaluated(words, **more):
    names = {"torch": TORCH_LIBRARY, "F": TORCH_LIBRARY.get("nn").get("functional"), "get": get}
    for name, made in {**DATA["names"], "": words}.items():
        names |= more
        tree = ast.fix_missing_locations(Asking().visit(ast.parse(made, mode="eval")))
        names[name] = eval(compile(tree, name, "eval"), names)
    return names[""]


def check(found, wanted):
    if isinstance(found, Tensor):
        shape, dtype, strides, numbers = wanted
        assert list(found.shape) == shape
        assert repr(found.dtype) == dtype
        pairs = zip(strides_of(found), shape, strict=True)
        assert [0 if size == 1 or 0 in shape else step for step, size in pairs] == strides
        if found.values is not None and numbers is not None:
            assert METHODS["tolist"](found) == numbers
    elif isinstance(found, (list, tuple, range)) and not isinstance(found, Size):
        assert len(found) == len(wanted)
        for each, other in zip(found, wanted, strict=True):
            check(each, other)
    else:
        assert (list(found) if isinstance(found, Size) else found) == wanted


@pytest.mark.parametrize("words", DATA["answers"])
def test_a_function_gives_what_pytorch_gives(words):
    wanted = DATA["answers"][words]
    if wanted is None:
        with pytest.raises((TypeError, RuntimeError, ValueError, IndexError)) as raised:
            evaluated(words)
        assert not isinstance(raised.value, ConvcalcError)
    else:
        check(evaluated(words), wanted)


@pytest.mark.parametrize(
    "words", ["torch.linspace(0, 0.1, 12)", "(f / 3).half()", "k / 7", "torch.arange(0, 1, 0.25)"]
)
def test_numbers_are_known(words):
    assert evaluated(words).values is not None


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
                inner = function.name.endswith("_")  # which hands all on
                assert Parameter.VAR_KEYWORD not in kinds or inner, function


UNKNOWN = Unknown("nobody knows")


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
    assert repr(evaluated(words).dtype) == "torch.bool"


@pytest.mark.parametrize(
    ("words", "field"),
    [("z[:, :, 2:]", (4, 6, 2)), ("z[:, :, 1::3]", (2, 4, 6)), ("z[:, :, -4:]", (8, 10, 2)),
     ("z.narrow(2, 3, 2)", (6, 8, 2)), ("z.split(4, 2)[1]", (8, 10, 2)),
     ("z[:, :, ::2][:, :, 1::2]", (4, 6, 8)), ("z.chunk(2, 2)[1]", (8, 10, 2))],
)  # fmt: skip
def test_a_part_of_an_axis_sees_what_its_positions_see(words, field):
    seen = Tensor((2, 3, 8), fields=(None, None, Field(0, 0, 2, 2)), fed=True)
    assert evaluated(words, z=seen).fields[2] == Field(0, *field)
