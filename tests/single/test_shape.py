"""What comes out, what is unread and what surprises."""

import random
import re

import pytest

from convcalc.formulas import ConvcalcError, conv_output_size, pool_output_size
from convcalc.single.params import params
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import shape, unread_positions


def ordinal(word):
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
    return words.get(word) or int(re.match(r"\d+", word)[0])


def repeated(size, unread, few, period):
    """Return the unread positions if of every so many that follow one another so few are."""
    follow = [range(at, at + period) for at in range(size - period + 1)]
    return unread if all(len(unread.intersection(each)) == few for each in follow) else None


def named(phrase, size, unread):
    """Return the positions that a phrase means; of a phrase with a number, as many as it says."""
    patterns = {
        r"the only row": lambda: {0} if size == 1 else None,
        r"all (\d+) rows": lambda n: set(range(int(n))),
        r"the first (\d+) rows": lambda n: set(range(int(n))),
        r"the last row": lambda: {size - 1},
        r"the last (\d+) rows": lambda n: set(range(size - int(n), size)),
        r"every other row": lambda: set(range(min(unread), size, 2)),
        r"every (\w+) row": lambda n: set(range(min(unread), size, ordinal(n))),
        r"all but every (\w+) row": lambda n: (
            set(range(size)) - set(range(min(set(range(size)) - unread), size, ordinal(n)))
        ),
        r"the (\w+) row": lambda n: {ordinal(n) - 1},
        r"(\d+) of every (\d+) rows": lambda n, m: repeated(size, unread, int(n), int(m)),
        r"(\d+) of the (\d+) rows": lambda n, m: unread if len(unread) == int(n) else None,
    }
    for pattern, positions in patterns.items():
        match = re.fullmatch(pattern, phrase.replace(",", ""))
        if match:
            return pattern, positions(*match.groups())
    raise AssertionError(phrase)


def test_a_phrase_means_exactly_what_is_unread():
    rng = random.Random(9)
    said = {}
    for _ in range(30_000):
        size, kernel_size = rng.randint(1, 24), rng.randint(1, 5)
        stride, dilation = rng.randint(1, 7), rng.choice([1, 1, 1, 2, 3, 4])
        ends = (rng.randint(0, 4), rng.randint(0, 4))
        settings = (size, kernel_size, stride, ends, dilation)
        try:
            if rng.random() < 0.2:
                output = pool_output_size(*settings, ceil_mode=True)
            else:
                output = conv_output_size(*settings)
        except ConvcalcError:
            continue
        read = {
            window * stride + tap * dilation - ends[0]
            for window in range(output)
            for tap in range(kernel_size)
        }
        unread = set(range(size)) - read
        phrase = unread_positions("row", output, *settings)
        assert bool(phrase) == bool(unread), settings
        if unread:
            pattern, meant = named(phrase, size, unread)
            assert meant == unread, (phrase, settings, unread)
            said[pattern] = said.get(pattern, 0) + 1
    assert len(said) == 11
    assert min(said.values()) > 20, said


UNREAD = {
    (32, 2, 2, 1, 2): "Every other row of the input is read by no window.",
    (7, 2, 2, 0, 1): "The last row of the input is read by no window.",
    (9, 3, 7, 0, 1): "The last 6 rows of the input are read by no window.",
    (32, 1, 3, 0, 1): "All but every third row of the input is read by no window.",
    (32, 2, 3, 0, 1): "Every third row of the input is read by no window.",
    (32, 1, 11, 0, 1): "All but every 11th row of the input is read by no window.",
    (66, 1, 22, 0, 1): "All but every 22nd row of the input is read by no window.",
    (63, 20, 21, 0, 1): "Every 21st row of the input is read by no window.",
    (69, 22, 23, 0, 1): "Every 23rd row of the input is read by no window.",
    (350, 1, 113, 0, 1): "All but every 113th row of the input is read by no window.",
    (305, 1, 101, 0, 1): "All but every 101st row of the input is read by no window.",
    (12, 2, 5, 0, 1): "3 of every 5 rows of the input are read by no window.",
    (5, 2, 1, 0, 4): "All but every fourth row of the input is read by no window.",
    (2, 1, 5, 1, 1): "All 2 rows of the input are read by no window.",
    (1, 1, 3, 1, 1): "The only row of the input is read by no window.",
    (4, 1, 9, 6, 1): "The first 3 rows of the input are read by no window.",
    (3, 2, 1, 0, 2): "The second row of the input is read by no window.",
    (9, 3, 3, 2, 2): "The 8th row of the input is read by no window.",
    (8, 3, 3, 0, 2): "2 of the 8 rows of the input are read by no window.",
}


@pytest.mark.parametrize("settings", UNREAD)
def test_the_note_says_which_are_unread(settings):
    size, kernel_size, stride, padding, dilation = settings
    answer = shape(
        LayerQuestion(
            (3, size, 64),
            (kernel_size, 1),
            stride=(stride, 1),
            padding=((padding, padding), (0, 0)),
            dilation=(dilation, 1),
        )
    )
    assert answer.notes == (UNREAD[settings],)
    assert answer.unread[0] > answer.unread[1] == 0


def test_each_axis_is_noted_for_itself():
    answer = shape(LayerQuestion((3, 32, 30), (4, 1), stride=(3, 2)))
    assert answer.unread == (1, 15)
    assert answer.notes == (
        "The last row and every other column of the input are read by no window.",
    )
    solid = shape(LayerQuestion((3, 9, 9, 32), (3, 3, 1), stride=(3, 3, 2)))
    assert solid.notes == ("Every other column of the input is read by no window.",)
    assert shape(LayerQuestion((3, 7), (2,), stride=(2,))).notes == (
        "The last position of the input is read by no window.",
    )
    assert shape(LayerQuestion((3, 7), (2,), transposed=True, stride=(3,))).notes == ()


def notes(*shape_and_kernel, **settings):
    return shape(LayerQuestion(*shape_and_kernel, **settings)).notes


def test_same_with_a_stride_is_kerass_where_it_is():
    keras = (
        "PyTorch rejects padding='same' with stride 2, Keras accepts it: for PyTorch the padding "
        "has to be spelled out."
    )
    nobody = (
        "PyTorch rejects padding='same' with stride (2, 1): for PyTorch the padding has to be "
        "spelled out."
    )
    assert keras in notes((3, 9, 9), (3,), stride=(2,), padding="same")
    assert nobody in notes((3, 9, 9), (3,), stride=(2, 1), dilation=(1, 2), padding="same")
    assert notes((3, 9, 9), (3,), dilation=(2,), padding="same") == ()
    assert not any("same" in n for n in notes((3, 9, 9), (3,), pool="max", padding="same"))


def test_dilated_average_pooling_is_onnxs():
    question = LayerQuestion((3, 9, 9), (3,), pool="avg", dilation=(2,), stride=(1,))
    answer = shape(question)
    assert answer.output == (3, 5, 5)
    assert answer.code is None
    assert answer.notes == ("PyTorch has no dilated average pooling, ONNX has it since opset 19.",)
    assert params(question).code is None
    assert shape(question._replace(dilation=(1,))).code == "nn.AvgPool2d(kernel_size=3, stride=1)"
    assert shape(question._replace(pool="max")).code is not None


def test_padding_above_half_the_kernel_is_onnxs_below_a_whole_one():
    (half,) = notes((3, 9), (3,), pool="max", padding=((2, 2),), stride=(1,))
    assert half == (
        "PyTorch rejects a pooling's padding above half the kernel, 3, ONNX accepts it: for "
        "PyTorch one pads beforehand."
    )
    (whole,) = notes((3, 9), (3,), pool="max", padding=((3, 3),), dilation=(2,), stride=(1,))
    assert "ONNX" not in whole
    assert "PyTorch rejects a pooling's padding above half the kernel, 3: for" in whole


def test_a_3d_average_pooling_needs_an_input_as_large_as_its_kernel():
    small = LayerQuestion((3, 2, 4, 4), (3,), pool="avg", padding=((1, 1),), stride=(1,))
    assert shape(small).notes[-1].startswith("PyTorch rejects an AvgPool3d whose kernel is larger")
    assert not any("AvgPool3d" in note for note in shape(small._replace(pool="max")).notes)
    channels = small._replace(input_shape=(3,), kernel_size=(3, 3, 3))
    assert params(channels).layer.name == "AvgPool3d"
    assert params(channels).notes == ()


def test_uneven_padding_is_noted_where_pytorch_needs_a_layer_for_it():
    uneven = {"padding": ((0, 1), (2, 2)), "stride": (1,)}
    assert notes((3, 9, 9), (3,), **uneven)[-1] == (
        "The padding differs between the two ends of an axis: PyTorch needs F.pad for that, or "
        "the nn.ZeroPad2d of the PyTorch line."
    )
    assert "nn.ConstantPad2d" in notes((3, 9, 9), (5,), pool="max", **uneven)[-1]
    assert "nn.ZeroPad2d" in notes((3, 9, 9), (5,), pool="avg", **uneven)[-1]
    assert notes((3, 9, 9), (4,), padding="same") == ()


def test_what_is_asked_without_output_channels():
    answer = shape(LayerQuestion((4, 9, 9), (3,), groups=2))
    assert answer.output == (None, 7, 7)
    assert answer.code == "nn.Conv2d(4, C_out, kernel_size=3, groups=2)"
    assert answer.layer.groups == 2
    transposed = shape(LayerQuestion((4, 9, 9), (3,), transposed=True, bias=False))
    assert transposed.output == (None, 11, 11)
    assert transposed.code == "nn.ConvTranspose2d(4, C_out, kernel_size=3, bias=False)"


def test_the_unfolded_matrix_and_its_memory():
    answer = shape(LayerQuestion((3, 8, 10), (3,), batch=4, dtype="float16"))
    assert (answer.patches, answer.values_per_patch, answer.unfolded) == (48, 27, (48, 27))
    assert answer.unfolded_bytes == 4 * 48 * 27 * 2
    assert answer.unfolded_ratio == 48 * 27 / 240
    assert (answer.batch, answer.dtype) == (4, "float16")
    plain = shape(LayerQuestion((3, 8, 10), (3,)))
    assert (plain.batch, plain.dtype, plain.unfolded_bytes) == (1, "float32", 48 * 27 * 4)
    transposed = shape(LayerQuestion((3, 8, 10), (3,), transposed=True))
    assert (transposed.patches, transposed.values_per_patch, transposed.unfolded) == (None,) * 3
    assert (transposed.unfolded_bytes, transposed.unfolded_ratio) == (0, 0)


def test_the_padded_input():
    uneven = LayerQuestion((3, 8, 10), (3,), padding=((1, 2), (0, 3)))
    assert shape(uneven).padded == (3, 11, 13)
    transposed = uneven._replace(padding=((1, 1),), transposed=True)
    assert shape(transposed).padded == (3, 8, 10)


def test_channels_alone_are_enough_for_the_weights():
    answer = params(LayerQuestion((3,), (3,), 16))
    assert (answer.weights, answer.bias, answer.total, answer.macs) == (432, 16, 448, None)
    assert answer.positions == ()
    assert answer.notes == ("The input has channels alone: taken as a 2-D layer.",)
    assert (answer.batch, answer.dtype, answer.bytes) == (1, "float32", 4 * 448)
    assert params(LayerQuestion((3,), (3,), 16, batch=8)).batch == 8
    solid = params(LayerQuestion((3,), (3, 3, 3), 16, dtype="float64"))
    assert solid.notes == ()
    assert (solid.layer.name, solid.total, solid.bytes) == ("Conv3d", 1312, 8 * 1312)
    assert params(LayerQuestion((3,), (3,), 4, padding="same")).code.endswith("padding='same')")


def test_work_per_sample():
    plain = params(LayerQuestion((3, 32, 32), (3,), 16, padding=((1, 1),)))
    assert (plain.macs, plain.flops, plain.positions) == (442_368, 884_736, (32, 32))
    transposed = params(LayerQuestion((8, 4, 5), (2,), 6, transposed=True, groups=2))
    assert (transposed.weight_shape, transposed.positions) == ((8, 3, 2, 2), (4, 5))
    assert transposed.macs == 8 * 3 * 4 * 20
    pooled = params(LayerQuestion((8, 4, 4), (2,), pool="max"))
    assert (pooled.weight_shape, pooled.weights, pooled.bias, pooled.macs) == (None, 0, 0, 0)


REFUSED = [
    ({"kernel_size": (3, 3, 3)}, "kernel_size", "3x3x3 names 3 axes, but the input, 3x8x8, has 2"),
    ({"padding": ((0, 1), (1, 1), (2, 2))}, "padding", "0:1x1x2 names 3 axes, but the input, "),
    ({"groups": 2}, "groups", "2 does not divide the 3 input channels"),
    ({"ceil_mode": True}, "ceil_mode", "has a meaning for pooling only"),
    ({"output_padding": (1,)}, "output_padding", "has a meaning for transposed convolutions only"),
    ({"transposed": True, "padding": "same"}, "padding", "same has no meaning for a transposed"),
    ({"transposed": True, "padding": ((0, 1),)}, "padding", "0:1: a transposed convolution takes"),
    ({"transposed": True, "output_padding": (1,)}, "output_padding", "1 is not below the larger"),
    ({"pool": "max", "transposed": True}, "transposed", "has a meaning for convolutions, not for"),
    ({"pool": "max", "bias": False}, "bias", "has a meaning for convolutions, not for pooling"),
    ({"pool": "max", "groups": 1}, "groups", "has a meaning for convolutions, not for pooling"),
    ({"pool": "max", "out_channels": 4}, "out_channels", "4 has no meaning for pooling, which "),
    ({"pool": "max", "padding": ((3, 3),)}, "padding", "3 is not below the window, 3, which could"),
    ({"input_shape": (3,)}, "input_shape", "3 has no spatial axes: CxL, CxHxW or CxDxHxW would "),
    ({"input_shape": (3, 4, 4, 4, 4)}, "input_shape", "3x4x4x4x4 has 4 spatial axes: CxL, CxHxW"),
    ({"input_shape": (0, 8, 8)}, "in_channels", "0 is too small: it is at least 1"),
    ({"kernel_size": (9,)}, "kernel_size", "9 is larger than the padded input, 8: padding 1 or "),
]


@pytest.mark.parametrize(("settings", "argument", "message"), REFUSED)
def test_an_error_knows_its_argument(settings, argument, message):
    with pytest.raises(ConvcalcError) as caught:
        shape(LayerQuestion(**{"input_shape": (3, 8, 8), "kernel_size": (3,), **settings}))
    assert caught.value.argument == argument
    assert caught.value.message.startswith(message)


def test_an_error_on_an_axis_says_which():
    with pytest.raises(ConvcalcError) as caught:
        shape(LayerQuestion((3, 8, 4), (5,)))
    assert caught.value.place == "width"
    assert str(caught.value).startswith("width: kernel_size 5 is larger")


def test_same_without_a_size():
    with pytest.raises(ConvcalcError) as caught:
        params(LayerQuestion((3,), (3,), 4, stride=(2,), padding="same"))
    assert str(caught.value) == (
        "padding same with stride 2 depends on the input's size: the channels alone are not enough"
    )
    with pytest.raises(ConvcalcError, match="out_channels is missing"):
        params(LayerQuestion((3,), (3,)))


def test_the_padding_that_words_stand_for():
    def ends(word, **settings):
        return shape(LayerQuestion((3, 8, 8), (3, 4), padding=word, **settings)).layer.ends

    assert ends("valid") == ((0, 0), (0, 0))
    assert ends("full") == ((2, 2), (3, 3))
    assert ends("full", dilation=(2,)) == ((4, 4), (6, 6))
    assert ends("same") == ((1, 1), (1, 2))
    assert ends("same", stride=(3,)) == ((0, 1), (1, 1))
    valid = shape(LayerQuestion((3, 8, 8), (2,), padding="valid", transposed=True))
    assert valid.output == (None, 9, 9)


@pytest.mark.parametrize(
    ("settings", "formula"),
    [
        ({}, "⌊(9 − 3 + 2·0)/1⌋ + 1"),
        ({"stride": (2,), "padding": ((1, 2),)}, "⌊(9 − 3 + 1 + 2)/2⌋ + 1"),
        ({"dilation": (2,)}, "⌊(9 − (2·(3 − 1) + 1) + 2·0)/1⌋ + 1"),
        ({"transposed": True, "stride": (2,)}, "(9 − 1)·2 + 3 − 2·0"),
        (
            {"transposed": True, "stride": (2,), "output_padding": (1,)},
            "(9 − 1)·2 + 3 − 2·0 + 1",
        ),
        ({"pool": "max"}, "⌊(9 − 3 + 2·0)/3⌋ + 1"),
        ({"pool": "max", "ceil_mode": True, "stride": (2,)}, "⌈(9 − 3 + 2·0)/2⌉ + 1"),
        (
            {"pool": "max", "ceil_mode": True, "stride": (4,), "padding": ((0, 2),)},
            "⌈(9 − 3 + 0 + 2)/4⌉ + 1",
        ),
        (
            {"pool": "max", "ceil_mode": True, "stride": (9,), "padding": ((0, 1),)},
            "⌈(9 − 3 + 0 + 1)/9⌉ + 1 − 1",
        ),
    ],
)
def test_the_formula_with_its_numbers_makes_the_size(settings, formula):
    answer = shape(LayerQuestion((3, 9), (3,), **settings))
    letters, _, numbers = answer.formulas[0].partition(" = ")
    assert numbers == formula
    layer = answer.layer
    (k,), (s,), ((before, after),), (d,) = layer.settings
    values = {"L": 9, "K": k, "S": s, "D": d, "2P": f"2·{before}", "P_before": before}
    values |= {"P_after": after, "output_padding": max(getattr(layer, "output_padding", (0,)))}
    put_in = re.sub(r"2P|[A-Za-z_]+", lambda found: str(values[found[0]]), letters)
    assert put_in == formula
    text = formula.replace("−", "-").replace("·", "*").replace("⌊", "int(").replace("⌋", ")")
    text = text.replace("⌈", "-int(-").replace("⌉", "//1)")
    assert eval(text) == answer.output[1]


class Whole:
    """A whole number as NumPy's are: no int, but one to operator.index."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def test_other_librarys_integers_are_taken():
    assert type(conv_output_size(Whole(9), Whole(3), Whole(2), Whole(1))) is int
    assert conv_output_size(Whole(9), Whole(3), Whole(2), (Whole(1), 1), Whole(2)) == 4
