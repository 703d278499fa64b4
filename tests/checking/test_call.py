"""How a function is called: what its parameters are taken for, and what only trying tells."""

from ast import literal_eval

import pytest

from convcalc.checking.calls.call import read
from convcalc.checking.calls.remarks import hint, remarks
from convcalc.checking.calls.trying import refuses, tried, untried
from convcalc.checking.cases import trial
from convcalc.checking.operations import OPERATIONS
from convcalc.checking.process import Raised, Reply
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
            described.append(
                [name, kind, not default, literal_eval(default.replace(";", ",") or "None")]
            )
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
        ("unfold", "x, field_height, field_width, padding=1",
         {"x": "x", "field_height": ("kernel_size", 0), "field_width": ("kernel_size", 1),
          "padding": "padding"}),
        ("unfold", "X, HH, WW, stride", {"X": "x", "HH": ("kernel_size", 0),
                                         "WW": ("kernel_size", 1), "stride": "stride"}),
        ("unfold", "x, blk_h, blk_w", {"x": "x", "blk_h": ("kernel_size", 0),
                                       "blk_w": ("kernel_size", 1)}),
        ("unfold", "x, k1, k2", {"x": "x", "k1": ("kernel_size", 0), "k2": ("kernel_size", 1)}),
        ("unfold", "x, k, pad_width", {"x": "x", "k": "kernel_size", "pad_width": "padding"}),
        ("unfold", "x, k, pad_height, pad_width",
         {"x": "x", "k": "kernel_size", "pad_height": ("padding", 0), "pad_width": ("padding", 1)}),
        ("unfold", "x, m, n", {"x": "x", "m": ("kernel_size", 0), "n": ("kernel_size", 1)}),
        ("unfold", "x, h, w", {"x": "x", "h": ("kernel_size", 0), "w": ("kernel_size", 1)}),
        ("fold", "col, img_h, img_w, flt_h, flt_w",
         {"col": "u", "img_h": ("output_size", 0), "img_w": ("output_size", 1),
          "flt_h": ("kernel_size", 0), "flt_w": ("kernel_size", 1)}),
        ("fold", "u, m, n, kh, kw",
         {"u": "u", "m": ("output_size", 0), "n": ("output_size", 1), "kh": ("kernel_size", 0),
          "kw": ("kernel_size", 1)}),
        ("fold", "cols, N, C, H, W, k",
         {"cols": "u", "N": "batch_size", "C": "in_channels", "H": ("output_size", 0),
          "W": ("output_size", 1), "k": "kernel_size"}),
        ("conv2d", "x, w, bias=True", {"x": "x", "w": "weight"}),
        ("conv2d", "x, w, bias=False, b=None", {"x": "x", "w": "weight", "b": "bias"}),
        ("conv2d", "x, w, kernel_size, in_channels, c_out",
         {"x": "x", "w": "weight", "kernel_size": "kernel_size", "in_channels": "in_channels",
          "c_out": "out_channels"}),
        ("conv2d", "x, w, kh, kw", {"x": "x", "w": "weight", "kh": ("kernel_size", 0),
                                    "kw": ("kernel_size", 1)}),
        ("conv2d_backward", "m, n, x", {"m": "grad_y", "n": "weight", "x": "x"}),
        ("conv2d", "A, a", {"A": "x", "a": "weight"}),
        ("fold", "u, size_w, size_h, k",
         {"u": "u", "size_w": ("output_size", 1), "size_h": ("output_size", 0),
          "k": "kernel_size"}),
        ("conv2d_backward", "dout, x, w, b", {"dout": "grad_y", "x": "x", "w": "weight",
                                              "b": "bias"}),
        ("conv2d_backward", "x, w, b, dout", {"x": "x", "w": "weight", "b": "bias",
                                              "dout": "grad_y"}),
        ("conv2d_backward", "dout, x, w, b=None", {"dout": "grad_y", "x": "x", "w": "weight"}),
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
        ("unfold", "x, k, speed", "mine.py:f needs speed, which unfold isn't called with: a defau"),
        ("unfold", "x, k, *, groups", "mine.py:f needs groups, which unfold isn't called with"),
        (
            "conv2d",
            "x, w, b, cache",
            "mine.py:f needs cache, which conv2d isn't called with: a default for it would do",
        ),
        (
            "conv2d_backward",
            "dout, cache",
            "mine.py:f takes cache, which conv2d_backward isn't "
            "called with: it is called with grad_y, x, weight",
        ),
        ("conv2d", "x, params", "mine.py:f takes params, which conv2d isn't called with: it is"),
    ],
)
def test_what_cannot_be_called(operation, signature, message):
    with pytest.raises(ConvcalcError) as error:
        calling(signature, operation)
    assert str(error.value).startswith(message)
    if message.endswith("a default for it would do"):
        assert str(error.value) == message


def text(call, options=None, forms=None):
    forms = forms or call.forms
    case = trial(call.operation, options or {}, forms, "bpk")
    written = call.text(case, "{}")
    for name, tensor in case.handed.items():
        if name in case.tensors:
            written = written.replace(repr(tensor).replace(" ", ""), repr([name]))
    return written


@pytest.mark.parametrize(
    ("signature", "options", "written"),
    [
        ("x, kernel_size", {}, "f(['x'], (2,2))"),
        ("x, k, s=1, p=0", {"padding": 1}, "f(['x'], (2,2), p=1)"),
        ("x, k, s=1, p=0", {"padding": 1, "stride": (2, 1)}, "f(['x'], (2,2), s=(2,1), p=1)"),
        ("x, k, s, p", {"padding": 1}, "f(['x'], (2,2), s=1, p=1)"),
        ("k, x", {}, "f((2,2), ['x'])"),
        ("x, s=1, *, kernel", {}, "f(['x'], kernel=(2,2))"),
        ("x, stride=1, kernel_size=3", {}, "f(['x'], kernel_size=(2,2))"),
        ("x, k_h, k_w, s_h=1, s_w=1", {"stride": (2, 3)}, "f(['x'], k_h=2, k_w=2, s_h=2, s_w=3)"),
        ("x, *args", {}, "f(['x'], (2,2))"),
        ("x, k, s=2, p=1", {}, "f(['x'], (2,2), s=1, p=0)"),
        ("x, k, s=2, p=1", {"padding": 1}, "f(['x'], (2,2), s=1, p=1)"),
        ("x, k, padding='same'", {}, "f(['x'], (2,2), padding=0)"),
        ("x, k, padding='valid'", {}, "f(['x'], (2,2))"),
        ("x, k, stride=(2;2)", {}, "f(['x'], (2,2), stride=(1,1))"),
        ("x, k, stride=(1;1), dilation=0", {}, "f(['x'], (2,2), dilation=1)"),
        ("x, k, pad_h=1, pad_w=1", {}, "f(['x'], (2,2), pad_h=0, pad_w=0)"),
        ("x, k, s=2, p=0, /", {"padding": 1}, "f(['x'], (2,2), 1, 1)"),
        ("x, k, padding=(0;0;0;0)", {"padding": 1}, "f(['x'], (2,2), padding=(1,1,1,1))"),
        ("x, k, padding=((0;0);(0;0))", {"padding": (1, 2)},
         "f(['x'], (2,2), padding=((1,1),(2,2)))"),
        ("x, k, padding=((0;0);(0;0))", {"padding": 1}, "f(['x'], (2,2), padding=((1,1),(1,1)))"),
    ],
)  # fmt: skip
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
    request = call.request(trial(call.operation, {}, {}, "bpk"))
    assert len(request["positional"]) == 2
    assert request["named"] == {"bias": {"tensor": [0], "of": "bias"}}
    assert call.names(trial(call.operation, {}, {}, "bpk")) == ["x", "weight", "bias"]


def settled(call, takes):
    """Settle how a function is called that refuses what `takes` says no to, and tells by what."""

    def ask(call, case):
        if takes(call, case):
            return Reply(value=repr(call.request(case)))
        return Reply(raised=Raised("TypeError", "", None, False, ()))

    return tried(call, "bpk", ask)


def test_a_kernel_of_one_int_where_a_pair_is_refused():
    call = settled(calling("x, k"), lambda _, case: isinstance(case.sizes["kernel_size"], int))
    assert call.forms == {"kernel_size": "int"}
    assert [*remarks(call)][-1] == "Always one int, as a pair is refused: kernel_size."


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
    assert any("is refused" in each and name in each for each in remarks(call))


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


@pytest.mark.parametrize(
    ("word", "written"),
    [("same", "f(['x'], (2,2), padding='valid')"), ("valid", "f(['x'], (2,2))")],
)
def test_a_padding_that_is_a_word_alone(word, written):
    def takes(call, case):
        handed = [value for each, value, _ in call.arguments(case) if each.argument == "padding"]
        return all(isinstance(value, str) for value in handed)

    call = settled(calling(f"x, k, padding='{word}'"), takes)
    assert call.forms == {"padding": "word"}
    assert "padding" in call.narrowed
    assert text(call) == written
    said = "Always 'valid', which means no padding, as a number is refused: padding."
    assert said in remarks(call)


def test_a_name_that_changes_nothing_is_none():
    """It may take any name, and do something with some."""

    def ask(call, case):
        names = {each.parameter.name: value for each, value, _ in call.arguments(case)}
        known = {name: value for name, value in names.items() if name in ("x", "k", "s")}
        return Reply(value=repr(known))

    call = tried(calling("x, k, **options"), "bpk", ask)
    assert bound(call) == {"x": "x", "k": "kernel_size", "s": "stride"}
    assert call.ignored == call.narrowed == ("padding", "dilation")
    assert (
        "It takes any name, but does nothing with padding and dilation, whatever that is "
        in ([*remarks(call)][-1])
    )


def test_of_what_is_always_an_error_no_name_is_told_from_another():
    call = tried(calling("x, k, **options"), "bpk", lambda *_: Reply(raised=error("KeyError", "")))
    assert call.narrowed == call.ignored == ()
    assert set(bound(call)) == {"x", "k", "stride", "padding", "dilation"}


def test_a_size_within_a_shape_where_a_pair_is_refused():
    def takes(call, case):
        sizes = [value for each, value, _ in call.arguments(case) if each.argument == "output_size"]
        return all(isinstance(size, tuple) and len(size) == 4 for size in sizes)

    call = settled(calling("cols, x_shape, k", "fold"), takes)
    assert call.forms == {"output_size": "shape"}
    assert text(call) == "f(['u'], (1,1,5,5), (2,2))"
    assert "Always (b, c, h, w), as a pair is refused: output_size." in remarks(call)


def test_what_is_needed_and_follows_from_the_tensors():
    call = calling("x, w, kernel_size, in_channels, out_channels", "conv2d")
    assert text(call) == "f(['x'], ['weight'], kernel_size=(2,2), in_channels=1, out_channels=1)"
    assert "What else it needs follows from the tensors: kernel_size, in_channels and out_cha" in (
        " ".join(remarks(call))
    )
    call = settled(call, lambda call, case: "(2, 2)" not in repr(call.request(case)))
    assert call.forms == {"kernel_size": "int"}
    call = calling("dout, x, w, b", "conv2d_backward")
    assert text(call) == "f(['grad_y'], ['x'], ['weight'], b=[0])"
    said = "It needs a bias, which no gradient depends on: zeros are handed over."
    assert said in remarks(call)


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
        ("x, kernel_size, jump=1", "What jump would be isn't known, so that it keeps its default "
                                   "and no case asks about it: stride, padding or dilation would"),
        ("x, kernel_size, padding=1", "Its padding is 1 where it isn't given, the reference's is "
                                      "0: 0 is handed over."),
        ("x, kernel_size, st=1, pd=0", "What st and pd would be isn't known, so that they keep "
                                       "their defaults and no case asks about them: stride, pad"),
        ("x, kernel_size, padding=False", "By its default, False, its padding is a flag, and it k"),
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


def test_a_file_that_imports_one_library_alone_may_want_its_tensors():
    raised = error("ValueError", "whatever it is")
    assert "--as torch hands over" in hint(raised, "numpy", ["torch"], always=True)
    assert "--as numpy hands over" in hint(raised, "torch", ["numpy"], always=True)
    assert "--as numpy hands over" in hint(raised, "list", ["numpy"], always=True)
    for libraries, always in ((["torch"], False), ([], True), (["numpy", "torch"], True)):
        assert hint(raised, "list", libraries, always=always) is None
    assert hint(raised, "numpy", ["numpy"], always=True) is None


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
