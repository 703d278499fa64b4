"""How a function is called: what its parameters are taken for, and what only trying tells."""

import pytest

from convcalc.checking.call import hint, read, refuses, remarks, tried, untried
from convcalc.checking.cases import trial
from convcalc.checking.operations import OPERATIONS
from convcalc.checking.process import Raised
from convcalc.formulas import ConvcalcError


def parameters(signature):
    """Return the parameters of `x, k, *, pad=0` as the child describes them."""
    described, kind = [], "EITHER"
    for text in filter(None, signature.replace(" ", "").split(",")):
        name, _, default = text.partition("=")
        if text == "*":
            kind = "KEYWORD_ONLY"
        elif text == "/":
            described = [[n, "POSITIONAL_ONLY", *rest] for n, _, *rest in described]
        elif text.startswith("**"):
            described.append([name[2:], "VAR_KEYWORD", False, None])
        elif text.startswith("*"):
            described.append([name[1:], "VAR_POSITIONAL", False, None])
        else:
            described.append([name, kind, not default, int(default) if default else None])
    return described


def calling(signature, operation="unfold", by_position=False, made="", name="f"):
    description = {
        "parameters": signature if signature is None else parameters(signature),
        "made": made,
        "by_position": by_position,
        "wraps": "",
    }
    return read(OPERATIONS[operation], f"mine.py:{name}", description)


def bound(call):
    return {
        each.parameter.name: each.argument if each.axis is None else (each.argument, each.axis)
        for each in call.bound
        if each.argument
    }


@pytest.mark.parametrize(
    ("operation", "signature", "found"),
    [
        ("unfold", "x, kernel_size", {"x": "x", "kernel_size": "kernel_size"}),
        ("unfold", "X, ksize", {"X": "x", "ksize": "kernel_size"}),
        ("unfold", "img, kernelSize", {"img": "x", "kernelSize": "kernel_size"}),
        ("unfold", "foo, bar", {"foo": "x", "bar": "kernel_size"}),
        ("unfold", "x, s", {"x": "x", "s": "kernel_size"}),
        ("unfold", "x, k, s=1", {"x": "x", "k": "kernel_size", "s": "stride"}),
        ("unfold", "x, k, strides", {"x": "x", "k": "kernel_size", "strides": "stride"}),
        ("unfold", "x, stride, k", {"x": "x", "stride": "stride", "k": "kernel_size"}),
        ("unfold", "k, x", {"k": "kernel_size", "x": "x"}),
        ("unfold", "x, k, pad=0, rate=1", {"x": "x", "k": "kernel_size", "pad": "padding",
                                           "rate": "dilation"}),
        ("unfold", "x, *, kernel", {"x": "x", "kernel": "kernel_size"}),
        ("unfold", "x, k_h, k_w", {"x": "x", "k_h": ("kernel_size", 0),
                                   "k_w": ("kernel_size", 1)}),
        ("unfold", "x, hk, wk, stride_y=1, stride_x=1",
         {"x": "x", "hk": ("kernel_size", 0), "wk": ("kernel_size", 1),
          "stride_y": ("stride", 0), "stride_x": ("stride", 1)}),
        ("fold", "x, size, k", {"x": "u", "size": "output_size", "k": "kernel_size"}),
        ("fold", "u, h, w, k", {"u": "u", "h": ("output_size", 0), "w": ("output_size", 1),
                                "k": "kernel_size"}),
        ("fold", "cols, s, k", {"cols": "u", "s": "output_size", "k": "kernel_size"}),
        ("conv2d", "a, b", {"a": "x", "b": "weight"}),
        ("conv2d", "a, b, s=1", {"a": "x", "b": "weight", "s": "stride"}),
        ("conv2d", "x, w, b, s, p", {"x": "x", "w": "weight", "b": "bias", "s": "stride",
                                     "p": "padding"}),
        ("conv2d", "image, kernel, b=0", {"image": "x", "kernel": "weight", "b": "bias"}),
        ("conv2d", "filters, inputs", {"filters": "weight", "inputs": "x"}),
        ("conv2d_backward", "g, x, w", {"g": "grad_y", "x": "x", "w": "weight"}),
        ("conv2d_backward", "x, w, g", {"x": "x", "w": "weight", "g": "grad_y"}),
        ("conv2d_backward", "a, b, c", {"a": "grad_y", "b": "x", "c": "weight"}),
        ("conv2d_backward", "dout, x, w, groups=1",
         {"dout": "grad_y", "x": "x", "w": "weight", "groups": "groups"}),
        ("unfold", "x, *args", {"x": "x", "*kernel_size": "kernel_size"}),
    ],
)  # fmt: skip
def test_what_each_parameter_is(operation, signature, found):
    assert bound(calling(signature, operation)) == found


def test_half_of_an_argument_is_none():
    with pytest.raises(ConvcalcError, match="needs k_w, which unfold isn't called with"):
        calling("x, kernel_size, k_w")


@pytest.mark.parametrize(
    ("operation", "signature", "message"),
    [
        ("unfold", "", "mine.py:f takes 0 arguments by position: unfold is called with x, kernel"),
        ("unfold", "x", "mine.py:f takes 1 argument by position: unfold is called with x, kernel"),
        ("unfold", "x, k, speed", "mine.py:f needs speed, which unfold isn't called with: stride,"),
        ("unfold", "x, k, *, groups", "mine.py:f needs groups, which unfold isn't called with"),
    ],
)
def test_what_cannot_be_called(operation, signature, message):
    with pytest.raises(ConvcalcError) as error:
        calling(signature, operation)
    assert str(error.value).startswith(message)


def text(call, options=None, forms=None):
    forms = forms or call.forms
    case = trial(call.operation, options or {}, forms, "bpk")
    case.tensors.update({name: [name] for name in case.tensors})
    return call.text(case, "{}")


@pytest.mark.parametrize(
    ("signature", "options", "written"),
    [
        ("x, kernel_size", {}, "f(['x'], (2,2))"),
        ("x, k, s=1, p=0", {"padding": 1}, "f(['x'], (2,2), p=1)"),
        ("x, k, s=1, p=0", {"padding": 1, "stride": (2, 1)}, "f(['x'], (2,2), s=(2,1), p=1)"),
        ("x, k, s, p", {"padding": 1}, "f(['x'], (2,2), s=1, p=1)"),
        ("x, k, s=7, p=0, /", {"padding": 1}, "f(['x'], (2,2), 7, 1)"),
        ("k, x", {}, "f((2,2), ['x'])"),
        ("x, s=1, *, kernel", {}, "f(['x'], kernel=(2,2))"),
        ("x, stride=1, kernel_size=3", {}, "f(['x'], kernel_size=(2,2))"),
        ("x, k_h, k_w, s_h=1, s_w=1", {"stride": (2, 3)}, "f(['x'], k_h=2, k_w=2, s_h=2, s_w=3)"),
        ("x, *args", {}, "f(['x'], (2,2))"),
    ],
)
def test_how_a_call_is_written(signature, options, written):
    if "k_h" in signature:
        written = written.replace("k_h=2, k_w=2", "2, 2")
    assert text(calling(signature), options) == written


def test_a_call_by_position_alone():
    call = calling("x, weight, bias=0, verbose=5, stride=1", "conv2d", by_position=True)
    assert text(call, {"stride": 2}) == "f(['x'], ['weight'], 0, 5, 2)"
    assert call.taken == ("bias", "stride")


def test_what_is_made_first():
    assert text(calling("x, k", made="Conv", name="Conv")) == "Conv()(['x'], (2,2))"
    call = calling("x, k", made="Conv", name="Conv.forward")
    assert text(call) == "Conv().forward(['x'], (2,2))"


def test_a_bias_that_cannot_be_left_out_is_zeros():
    call = calling("x, w, bias, stride=1", "conv2d")
    positional, named = call.request(trial(call.operation, {}, {}, "bpk"))
    assert len(positional) == 2
    assert named == {"bias": {"tensor": [0]}}
    assert call.names(trial(call.operation, {}, {}, "bpk")) == ["x", "weight", "bias"]


def settled(call, takes):
    return tried(call, "bpk", takes)


def test_a_kernel_of_one_int_where_a_pair_is_refused():
    call = settled(calling("x, k"), lambda _, case: isinstance(case.sizes["kernel_size"], int))
    assert call.forms == {"kernel_size": "int"}
    assert [*remarks(call)][-1] == "Refused as a pair, so that it is always one int: kernel_size."


def test_both_sizes_of_fold_may_be_ints():
    call = calling("u, size, k", "fold")
    both = settled(call, lambda _, case: all(isinstance(s, int) for s in case.sizes.values()))
    assert both.forms == {"output_size": "int", "kernel_size": "int"}
    one = settled(call, lambda _, case: isinstance(case.sizes["output_size"], int))
    assert one.forms == {"output_size": "int"}


@pytest.mark.parametrize("name", ["stride", "padding", "dilation"])
@pytest.mark.parametrize(("kind", "form"), [(int, "int"), (tuple, "pair")])
def test_options_of_one_form(name, kind, form):
    def takes(_, case):
        return isinstance(case.options.get(name, kind()), kind)

    call = settled(calling("x, k, stride=1, padding=0, dilation=1"), takes)
    assert call.forms == {name: form}
    assert any("Refused" in each and name in each for each in remarks(call))


def test_an_option_that_is_needed_in_pairs():
    def takes(call, case):
        return any(
            isinstance(v, tuple) for b, v, _ in call.arguments(case) if b.argument == "stride"
        )

    call = settled(calling("x, k, stride"), takes)
    assert call.forms == {"stride": "pair"}
    assert text(call) == "f(['x'], (2,2), stride=(1,1))"


def test_what_never_takes_anything_is_called_as_the_reference_is():
    call = settled(calling("x, k, **options"), lambda _, case: False)
    assert call.forms == {}
    assert call.taken == ("stride", "padding", "dilation")
    assert call == untried(calling("x, k, **options"))


def test_which_names_a_function_takes_that_takes_any():
    def takes(call, case):
        names = {b.parameter.name for b, _, _ in call.arguments(case)}
        return names <= {"x", "k", "pad", "stride"}

    call = settled(calling("x, k, **options"), takes)
    assert bound(call) == {
        "x": "x",
        "k": "kernel_size",
        "stride": "stride",
        "pad": "padding",
    }
    assert call.narrowed == ("dilation",)


def test_a_signature_that_is_not_known():
    call = settled(calling(None, "conv2d"), lambda _, case: True)
    assert call.taken == call.operation.options
    assert text(call, {"stride": 2}) == "f(['x'], ['weight'], stride=2)"


@pytest.mark.parametrize(
    ("signature", "sentence"),
    [
        ("x, ksize, pad=0", "Its parameters are read like this: ksize is kernel_size, pad is padd"),
        ("x, kernel_size, s_h=1, s_w=1", "Its parameters are read like this: s_h and s_w are str"),
        ("kernel_size, x", "It is called in its own order: kernel_size, x."),
        ("x, kernel_size, jump=1", "What jump would be isn't known, so that it keeps its default: "
                                   "stride, padding or dilation would be known."),
        ("x, kernel_size, padding=1", "Its padding is 1 where it isn't given: 0 would be usual."),
    ],
)  # fmt: skip
def test_what_is_remarked(signature, sentence):
    (remark,) = remarks(calling(signature))
    assert remark.startswith(sentence)


def test_which_errors_may_refuse_an_argument():
    for kind in ("TypeError", "ValueError", "RuntimeError"):
        assert refuses(Raised(kind, "", None, False, ()))
    assert refuses(Raised("AssertionError", "", None, True, ()))
    assert refuses(Raised("AttributeError", "", None, False, ("tuple", "bit_length")))
    for kind in ("IndexError", "KeyError", "NameError", "ZeroDivisionError", "AttributeError"):
        assert not refuses(Raised(kind, "", None, False, ()))


def test_nothing_is_remarked_of_a_plain_signature():
    assert [*remarks(calling("x, Kernel_Size, stride=1, padding=0, dilation=1"))] == []


def error(kind, message, *missing):
    return Raised(kind, message, None, False, missing)


@pytest.mark.parametrize(
    ("raised", "handed_as", "libraries", "instead"),
    [
        (error("AttributeError", "", "list", "shape"), "list", [], "numpy"),
        (error("AttributeError", "", "list", "shape"), "list", ["numpy", "torch"], "torch"),
        (error("TypeError", "list indices must be integers or slices, not tuple"), "list", [],
         "numpy"),
        (error("TypeError", "can't multiply sequence by non-int of type 'list'"), "list", [],
         "numpy"),
        (error("TypeError", "unsupported operand type(s) for -: 'list' and 'int'"), "list", [],
         "numpy"),
        (error("TypeError", "conv2d(): argument 'input' must be Tensor, not list"), "list", [],
         "torch"),
        (error("TypeError", "unfold(): argument 'input' must be Tensor, not numpy.ndarray"),
         "numpy", [], "torch"),
        (error("AttributeError", "", "ndarray", "unsqueeze"), "numpy", [], "torch"),
        (error("AttributeError", "", "ndarray", "append"), "numpy", [], "list"),
        (error("AttributeError", "", "Tensor", "astype"), "torch", ["torch"], "numpy"),
        (error("AttributeError", "", "Tensor", "append"), "torch", ["torch"], "list"),
    ],
)  # fmt: skip
def test_what_tensors_had_better_be(raised, handed_as, libraries, instead):
    assert f"--as {instead} hands over" in hint(raised, handed_as, libraries)


def test_other_hints():
    said = hint(error("TypeError", "'tuple' object cannot be interpreted as an int"), "list", [])
    assert said.startswith("A size of the kernel or output is handed over as a pair")
    for raised in (
        error("IndexError", "list index out of range"),
        error("AttributeError", "", "Conv", "shape"),
        error("KeyError", "'list'"),
    ):
        assert hint(raised, "list", []) is None
    assert hint(error("TypeError", "must be Tensor, not tuple"), "torch", []).startswith("A size")
