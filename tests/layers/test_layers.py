"""What PyTorch can't be asked: batches, reach, notes, errors that know their argument."""

import copy

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.layers.base import (
    IN_PLACE,
    Batch,
    Layer,
    Window,
    batched,
    broadcast,
    per_sample,
)
from convcalc.layers.vocabulary import LAYERS, build

IMAGE = batched((6, 8, 12), 1)
"""(b, c, h, w)"""


def made(line):
    """Return the layer of a line of PyTorch."""
    return eval(line, dict(LAYERS))


# ---------------------------------------------------------------------------------------------
# Batches
# ---------------------------------------------------------------------------------------------


def marked(value):
    """Return how many each and of how many samples; None for a plain number."""
    return (value.each, value.samples) if isinstance(value, Batch) else None


def test_a_batch_is_a_number_that_remembers_its_samples():
    b = Batch(3, samples=4)
    assert b == 12
    assert marked(b) == (3, 4)
    assert batched((3, 8), samples=4) == (4, 3, 8)
    assert marked(batched((3, 8), samples=4)[0]) == (1, 4)


@pytest.mark.parametrize(
    ("value", "number", "mark"),
    [
        (lambda b, c: b * 5, 60, (15, 4)),
        (lambda b, c: 5 * b, 60, (15, 4)),
        (lambda b, c: b * c, 96, None),
        (lambda b, c: b * 0.5, 6.0, None),
        (lambda b, c: b // 3, 4, (1, 4)),
        (lambda b, c: b // 2, 6, None),
        (lambda b, c: c // 2, 4, (1, 4)),
        (lambda b, c: Batch(6, 4) // b, 2, None),
        (lambda b, c: b // c, 1, None),
        (lambda b, c: b // 2.0, 6.0, None),
        (lambda b, c: b % 3, 0, None),
        (lambda b, c: b % 5, 2, None),
        (lambda b, c: Batch(6, 4) % b, 0, None),
        (lambda b, c: b % c, 4, None),
        (lambda b, c: b % 2.5, 2.0, None),
        (lambda b, c: b + c, 20, (5, 4)),
        (lambda b, c: b + 0, 12, (3, 4)),
        (lambda b, c: 0 + b, 12, (3, 4)),
        (lambda b, c: b + 1, 13, None),
        (lambda b, c: sum([b, c]), 20, (5, 4)),
        (lambda b, c: -b, -12, (-3, 4)),
        (lambda b, c: b - 1, 11, None),
        (lambda b, c: copy.deepcopy(b), 12, (3, 4)),
    ],
)
def test_multiples_stay_batches_and_all_else_is_plain(value, number, mark):
    result = value(Batch(3, 4), Batch(2, 4))
    assert result == number
    assert marked(result) == mark


def test_samples_that_nobody_counted_are_equal_to_themselves_alone():
    b = Batch(1)
    assert int(b) == 1
    assert b == Batch(1)
    assert b != Batch(2)
    assert b != 1
    assert Batch(1, 1) == 1
    assert marked(b * 3) == (3, 0)
    assert marked(Batch(3) - b) == (2, 0)
    assert marked(Batch(3) - 0) == (3, 0)
    assert marked(Batch(3) - 1) is None
    assert len({b, 1}) == 2
    assert made("Conv2d(1, 1, 1)").output(batched((1, 4, 4))) == batched((1, 4, 4))


def test_division_by_zero_is_pythons():
    with pytest.raises(ZeroDivisionError):
        Batch(3, 4) // 0
    with pytest.raises(ZeroDivisionError):
        Batch(3, 4) % 0


def test_the_shape_of_one_sample():
    assert per_sample(batched((3, 8), samples=4)) == (3, 8)
    assert per_sample((Batch(5, 4), 8)) == (5, 8)
    assert per_sample((20, Batch(5, 4))) == (20, 20)
    assert per_sample(()) == ()
    assert all(type(each) is int for each in per_sample((20, Batch(5, 4))))


def test_broadcasting():
    b = Batch(1, 1)
    assert broadcast((3, 1), (4,)) == (3, 4)
    assert broadcast((1, 3), (b, 3)) == (b, 3)
    assert marked(broadcast((1, 3), (b, 3))[0]) == (1, 1)
    assert marked(broadcast((b, 3), (1, 3))[0]) == (1, 1)
    assert marked(broadcast((b, 3), (3,))[0]) == (1, 1)
    with pytest.raises(ConvcalcError):
        broadcast((b, 3), (5, 3))  # which passes by accident where there is one sample
    with pytest.raises(ConvcalcError):
        broadcast((5, 3), (b, 3))
    with pytest.raises(ConvcalcError, match="expects a shape that stretches to 2 × 3, gets 4"):
        broadcast((2, 3), (4,))


def test_samples_are_no_channels():
    with pytest.raises(ConvcalcError, match="expects 1 × height × width, gets 28 × 28"):
        made("Conv2d(1, 6, 5)").output(batched((28, 28)))
    assert made("Conv2d(1, 6, 5)").output((1, 28, 28)) == (6, 24, 24)
    # A pooling counts no channels, and takes any number of samples for them.
    assert made("MaxPool2d(2)").output(batched((28, 28), 1)) == (1, 14, 14)
    assert made("Conv1d(3, 4, 2)").output((Batch(3, 1), 3, 9)) == (3, 4, 8)


def test_as_many_samples_as_channels_are_no_channels_either():
    with pytest.raises(ConvcalcError, match="expects 3 × length, gets 8"):
        made("Conv1d(3, 8, 3)").output(batched((8,), 3))
    assert made("Conv1d(3, 8, 3)").output((3, 8)) == (8, 6)


# ---------------------------------------------------------------------------------------------
# Frozen, and lazy
# ---------------------------------------------------------------------------------------------


def test_a_layer_is_frozen_but_can_be_copied():
    conv = made("Conv2d(3, 16, 3)")
    with pytest.raises(AttributeError, match="Conv2d is frozen"):
        conv.kernel_size = (5, 5)
    assert vars(copy.deepcopy(conv)) == vars(conv)
    assert conv.name == "Conv2d"


def test_a_lazy_layer_knows_nothing_before_its_first_input():
    lazy = made("LazyConv2d(16, 3, padding=1, bias=False)")
    assert lazy.in_channels == made("LazyConvTranspose2d(16, 3)").in_channels == 0
    for ask in (lazy.parameters, lazy.buffers, lambda: lazy.params):
        with pytest.raises(ConvcalcError, match="before it has seen an input"):
            ask()
    seen = lazy.seen(IMAGE)
    assert type(seen) is LAYERS["Conv2d"]
    assert (seen.in_channels, seen.params) == (6, 16 * 6 * 9)
    assert lazy.output(IMAGE) == seen.output(IMAGE) == (1, 16, 8, 12)
    assert lazy.macs(IMAGE) == seen.macs(IMAGE)
    assert lazy.reach(IMAGE) == seen.reach(IMAGE)
    assert isinstance(lazy, LAYERS["Conv2d"])
    assert made("ReLU()").seen(IMAGE).name == "ReLU"


def test_a_lazy_layer_as_it_is_printed_shows_what_it_does_not_know():
    assert build("LazyLinear", (0, 5), {}).out_features == 5
    assert build("LazyLinear", [0, 5], {}).out_features == 5
    assert build("LazyLinear", (5, False), {}).out_features == 5


@pytest.mark.parametrize(
    "line",
    [
        "LazyConvTranspose2d(4, 3, 2, 1, 1, 2, False, 2)",
        "LazyConv1d(4, 3, 2, 1, 2, 2, False, 'circular')",
        "LazyBatchNorm2d(0.1, 0.2, False, True, bias=False)",
        "LazyInstanceNorm3d(0.1, 0.2, True, False, bias=False)",
        "LazyLinear(5, False)",
    ],
)
def test_what_a_lazy_layer_was_made_with_goes_on(line):
    lazy = made(line)
    channels = {"LazyConv1d": (6, 9), "LazyInstanceNorm3d": (6, 4, 5, 6)}
    seen = lazy.seen(batched(channels.get(lazy.name, (6, 8, 6))))
    counts = {"in_channels", "num_features", "in_features"}
    assert seen.name == lazy.name.removeprefix("Lazy")
    assert {k: v for k, v in vars(seen).items() if k not in counts} == {
        k: v for k, v in vars(lazy).items() if k not in counts
    }
    assert [getattr(seen, each) for each in counts if hasattr(seen, each)] == [6]


# ---------------------------------------------------------------------------------------------
# Reach
# ---------------------------------------------------------------------------------------------

READS = {
    "Conv2d(6, 4, (3, 5), (1, 2), (1, 0), (2, 1))": (None, None, Window(5, 1, 1), Window(5, 2, 0)),
    "Conv2d(6, 4, 4, padding='same')": (None, None, Window(4, 1, 1), Window(4, 1, 1)),
    "Conv2d(6, 4, 4, padding='valid')": (None, None, Window(4, 1, 0), Window(4, 1, 0)),
    "ConvTranspose2d(6, 4, 2)": (None,) * 4,
    "MaxPool2d(3, 2, 1)": (IN_PLACE, IN_PLACE, Window(3, 2, 1), Window(3, 2, 1)),
    "MaxPool2d(2, dilation=3)": (IN_PLACE, IN_PLACE, Window(4, 2), Window(4, 2)),
    "AvgPool2d((2, 3))": (IN_PLACE, IN_PLACE, Window(2, 2), Window(3, 3)),
    "LPPool2d(2, 2, 1)": (IN_PLACE, IN_PLACE, Window(2, 1), Window(2, 1)),
    "AdaptiveAvgPool2d(4)": (IN_PLACE, IN_PLACE, Window(2, 2), Window(3, 3)),
    "AdaptiveAvgPool2d((3, None))": (IN_PLACE, IN_PLACE, None, IN_PLACE),
    "AdaptiveAvgPool2d(1)": (IN_PLACE, IN_PLACE, Window(8, 8), Window(12, 12)),
    "AdaptiveMaxPool2d((16, 5))": (IN_PLACE, IN_PLACE, None, None),
    "FractionalMaxPool2d(2, 3)": (IN_PLACE, IN_PLACE, None, None),
    "MaxUnpool2d(2)": (IN_PLACE, IN_PLACE, None, None),
    "ReLU()": (IN_PLACE,) * 4,
    "Identity()": (IN_PLACE,) * 4,
    "Dropout2d()": (IN_PLACE,) * 4,
    "PReLU(6)": (IN_PLACE,) * 4,
    "BatchNorm2d(6)": (IN_PLACE,) * 4,
    "BatchNorm2d(6, track_running_stats=False)": (None, IN_PLACE, None, None),
    "InstanceNorm2d(6)": (IN_PLACE, IN_PLACE, None, None),
    "InstanceNorm2d(6, track_running_stats=True)": (IN_PLACE,) * 4,
    "GroupNorm(2, 6)": (IN_PLACE, None, None, None),
    "LayerNorm((8, 12))": (IN_PLACE, IN_PLACE, None, None),
    "RMSNorm(12)": (IN_PLACE, IN_PLACE, IN_PLACE, None),
    "LocalResponseNorm(5)": (IN_PLACE, Window(5, 1, 2), IN_PLACE, IN_PLACE),
    "CrossMapLRN2d(4)": (IN_PLACE, Window(4, 1, 2), IN_PLACE, IN_PLACE),
    "Softmax(-1)": (IN_PLACE, IN_PLACE, IN_PLACE, None),
    "LogSoftmax()": (IN_PLACE, None, IN_PLACE, IN_PLACE),
    "Softmax2d()": (IN_PLACE, None, IN_PLACE, IN_PLACE),
    "GLU(1)": (IN_PLACE, None, IN_PLACE, IN_PLACE),
    "Linear(12, 3)": (IN_PLACE, IN_PLACE, IN_PLACE, None),
    "Bilinear(12, 2, 3)": (IN_PLACE, IN_PLACE, IN_PLACE, None),
    "Embedding(9, 3)": (*(IN_PLACE,) * 4, None),
    "ZeroPad2d((1, 2, 3, 4))": (IN_PLACE, IN_PLACE, Window(1, 1, 3), Window(1, 1, 1)),
    "ReflectionPad2d(2)": (IN_PLACE, IN_PLACE, Window(1, 1, 2), Window(1, 1, 2)),
    "Upsample(scale_factor=2)": (IN_PLACE, IN_PLACE, None, None),
    "PixelShuffle(2)": (IN_PLACE, None, None, None),
    "PixelUnshuffle(4)": (IN_PLACE, None, Window(4, 4), Window(4, 4)),
    "ChannelShuffle(3)": (IN_PLACE, None, IN_PLACE, IN_PLACE),
    "Flatten()": (IN_PLACE, None),
    "Flatten(2)": (IN_PLACE, IN_PLACE, None),
    "Flatten(1, 2)": (IN_PLACE, None, None),
    "Flatten(3)": (IN_PLACE,) * 4,
    "Unflatten(1, (2, 3))": (IN_PLACE, None, None, None, None),
    "Unflatten(1, (6,))": (IN_PLACE,) * 4,
    "Unfold(3)": (IN_PLACE, None, None),
}


@pytest.mark.parametrize("line", READS)
def test_what_a_position_of_the_output_reads(line):
    assert made(line).reach(IMAGE) == READS[line]


def test_reach_without_two_axes():
    sequence = batched((5, 4))
    assert made("LSTM(4, 3)").reach(sequence) == (None, IN_PLACE, None)
    assert made("GRU(4, 3, batch_first=True)").reach(sequence) == (IN_PLACE, None, None)
    assert made("RNN(4, 3)").reach((5, 4)) == (None, None)
    assert made("LSTMCell(4, 3)").reach(batched((4,))) == (IN_PLACE, None)
    assert made("MultiheadAttention(4, 2)").reach(sequence) == (None, IN_PLACE, None)
    attention = made("MultiheadAttention(4, 2, batch_first=True)")
    assert attention.reach(sequence) == (IN_PLACE, None, None)
    assert attention.reach((5, 4)) == (None, None)
    assert made("EmbeddingBag(9, 3)").reach((2, 4)) == (IN_PLACE, None)
    assert made("EmbeddingBag(9, 3)").reach((4,)) == (None, None)
    assert made("Fold((4, 5), 2)").reach(batched((8, 12))) == (IN_PLACE, None, None, None)
    assert made("CosineSimilarity()").reach(IMAGE) == (None,) * 3
    assert made("PairwiseDistance()").reach(IMAGE) == (None,) * 3
    assert made("PairwiseDistance(keepdim=True)").reach(IMAGE) == (None,) * 4
    assert made("AdaptiveLogSoftmaxWithLoss(4, 9, [3])").reach(batched((4,))) == (IN_PLACE,)
    assert made("AdaptiveLogSoftmaxWithLoss(4, 9, [3])").reach((4,)) == ()
    assert made("Conv1d(6, 4, 3)").reach((6, 9)) == (None, Window(3, 1))


def test_a_window_is_where_the_formula_puts_it():
    """Position i of a convolution reads span positions from i·step − before on."""
    conv = made("Conv1d(1, 1, 3, stride=2, padding=2, dilation=2)")
    *_, window = conv.reach((1, 11))
    assert window == Window(5, 2, 2)
    length = conv.output((1, 11))[-1]
    assert (
        (length - 1) * window.step - window.before + window.span
        <= 11 + 2
        < (length * window.step - window.before + window.span)
    )


# ---------------------------------------------------------------------------------------------
# Notes
# ---------------------------------------------------------------------------------------------


def test_what_works_but_surprises_is_noted():
    assert made("Softmax()").notes(IMAGE) == ["No dim is named: PyTorch warns, and takes 1."]
    assert made("Softmax()").notes(batched((3, 4))) == [
        "No dim is named: PyTorch warns, and takes 0."
    ]
    assert made("Softmax()").output((4,)) == (4,)
    assert made("Softmax()").output(()) == ()
    assert made("Softmax()").reach((4, 5)) == (IN_PLACE, None)
    assert made("Softmax(1)").notes(IMAGE) == []
    assert made("InstanceNorm2d(4)").notes(IMAGE) == [
        "4 channels are named, 6 come in: PyTorch only warns, since nothing is kept per channel."
    ]
    assert made("InstanceNorm2d(6)").notes(IMAGE) == []
    assert (
        made("LazyInstanceNorm2d(affine=False, track_running_stats=False)").seen(IMAGE).notes(IMAGE)
        == []
    )
    assert made("ReLU()").notes(IMAGE) == []


@pytest.mark.parametrize("name", ["LSTM(4, 2)", "GRU(4, 2)", "MultiheadAttention(4, 2)"])
def test_samples_that_are_taken_for_a_sequence_are_noted(name):
    (note,) = made(name).notes(batched((5, 4)))
    assert note.startswith("The samples are taken for the ")
    assert "batch_first=True takes the batch first" in note
    assert made(f"{name[:-1]}, batch_first=True)").notes(batched((5, 4))) == []
    assert len(made(f"{name[:-1]}, batch_first=True)").notes(batched((4,)))) == 1
    assert made(name).notes((5, Batch(1, 1), 4)) == []
    assert made(name).notes((5, 4)) == []


# ---------------------------------------------------------------------------------------------
# Errors
# ---------------------------------------------------------------------------------------------

REFUSED = {
    "Conv2d(3, 8, (3,))": ("kernel_size", "(3,) is neither an int nor 2 of them"),
    "Conv2d(3, 8, 3, stride=0)": ("stride", "0 is too small: it is at least 1"),
    "Conv2d(3, 8, 3, groups=2)": (
        "groups",
        "2 does not divide the 3 input channels: it must divide both channel counts",
    ),
    "Conv2d(3, 8, 3, padding_mode='zero')": (
        "padding_mode",
        "'zero' is none of zeros, reflect, replicate, circular",
    ),
    "Conv2d(3, 8, 3, padding='sane')": ("padding", "'sane' is none of valid, same"),
    "Conv2d(3, 8, 3, 2, 'same')": ("padding", "'same' is for stride 1 only"),
    "ConvTranspose2d(3, 8, 3, padding='same')": ("padding", "'same' is not a number"),
    "MaxPool2d(3, padding=2)": ("padding", "2 is above half the kernel, 3"),
    "MaxPool2d(3, ceil_mode=1)": ("ceil_mode", "1 is neither True nor False"),
    "AvgPool2d(3, divisor_override=0)": ("divisor_override", "0 divides nothing"),
    "LPPool2d(0, 2)": ("norm_type", "0 has no root"),
    "AdaptiveAvgPool2d(None)": ("output_size", "None is not a whole number"),
    "AdaptiveAvgPool2d((3,))": ("output_size", "[3] is neither an int nor 2 of them"),
    "FractionalMaxPool2d(2)": ("", "exactly one of output_size and output_ratio is needed"),
    "FractionalMaxPool2d(2, output_ratio=2.0)": (
        "output_ratio",
        "(2.0, 2.0) is not 2 numbers between 0 and 1",
    ),
    "BatchNorm2d(-1)": ("num_features", "-1 is too small: it is at least 0"),
    "GroupNorm(2, 3)": ("num_groups", "2 does not divide 3"),
    "LayerNorm(())": ("normalized_shape", "() names no axis"),
    "Linear(3.5, 2)": ("in_features", "3.5 is not a whole number"),
    "Embedding(9, 3, padding_idx=9)": ("padding_idx", "9 is not below 9 embeddings"),
    "EmbeddingBag(9, 3, mode='all')": ("mode", "'all' is none of sum, mean, max"),
    "EmbeddingBag(9, 3, mode='max', sparse=True)": (
        "mode",
        "'max' takes neither scale_grad_by_freq nor sparse",
    ),
    "AdaptiveLogSoftmaxWithLoss(4, 9, 5)": ("cutoffs", "5 is not a list of class numbers"),
    "AdaptiveLogSoftmaxWithLoss(4, 9, [2, 9])": ("cutoffs", "[2, 9] don't ascend to below 9"),
    "LSTM(3, 4, proj_size=700)": ("proj_size", "700 is not below hidden_size 4"),
    "AdaptiveLogSoftmaxWithLoss(4, 9, [5, 3])": ("cutoffs", "[5, 3] don't ascend to below 9"),
    "LSTM(3, 4, proj_size=4)": ("proj_size", "4 is not below hidden_size 4"),
    "LSTM(3, 4, dropout=2)": ("dropout", "2 is not a number from 0 to 1"),
    "RNN(3, 4, 1, 'gelu')": ("nonlinearity", "'gelu' is none of tanh, relu"),
    "RNNBase('LSTN', 3, 4)": ("mode", "'LSTN' is none of RNN_TANH, RNN_RELU, GRU, LSTM"),
    "MultiheadAttention(5, 2)": ("embed_dim", "5 is not a multiple of num_heads 2"),
    "Dropout(1.5)": ("p", "1.5 is not a probability, from 0 to 1"),
    "Dropout('a')": ("p", "'a' is not a number"),
    "Hardtanh(3, 1)": ("max_val", "1 is not above min_val 3"),
    "GELU('foo')": ("approximate", "'foo' is none of none, tanh"),
    "CELU(0)": ("alpha", "0 would divide by zero"),
    "RReLU(0.5, 0.1)": ("lower", "0.5 is above upper 0.1"),
    "Softshrink(-1)": ("lambd", "-1 is below 0"),
    "ZeroPad2d((1, 2, 3))": ("padding", "(1, 2, 3) is not a before and after per axis"),
    "Upsample(2, mode='lanczos')": (
        "mode",
        "'lanczos' is none of nearest, nearest-exact, area, linear, bilinear, bicubic, trilinear",
    ),
    "Upsample(2, align_corners=True)": ("align_corners", "has no meaning with mode nearest"),
    "Upsample(2, recompute_scale_factor=True)": (
        "recompute_scale_factor",
        "has no meaning with a size",
    ),
    "Upsample()": ("", "exactly one of size and scale_factor is needed"),
    "Upsample(scale_factor=-1)": ("scale_factor", "-1 is not above 0"),
    "Unflatten(1, 3)": ("unflattened_size", "3 is not a tuple of ints"),
    "Unflatten(1, (-1, -1))": ("unflattened_size", "(-1, -1) has more than one -1, or a 0"),
}


@pytest.mark.parametrize("line", REFUSED)
def test_an_error_knows_its_argument(line):
    with pytest.raises(ConvcalcError) as caught:
        made(line)
    assert (caught.value.argument, caught.value.message) == REFUSED[line]


LEAST = {
    "Conv2d(1, 1, 1, 1, 0, 1, 1)": [0, 0, 0, 0, -1, 0, 0],
    "ConvTranspose2d(1, 1, 1, 1, 0, 0, 1, True, 1)": [0, 0, 0, 0, -1, -1, 0, True, 0],
    "LazyConv2d(1, 1, 1, 0, 1, 1)": [0, 0, 0, -1, 0, 0],
    "MaxPool2d(1, 1, 0, 1)": [0, 0, -1, 0],
    "AvgPool1d(1, 1, 0)": [0, 0, -1],
    "AvgPool2d(1, 1, 0)": [0, 0, -1],
    "LPPool1d(2, 1, 1)": [0, 0, 0],
    "LPPool2d(2, 1, 1)": [0, 0, 0],
    "AdaptiveAvgPool2d(1)": [0],
    "AdaptiveMaxPool2d((1, 1))": [(0, 1)],
    "FractionalMaxPool2d(1, 1)": [0, 0],
    "MaxUnpool2d(1, 1, 0)": [0, 0, -1],
    "BatchNorm2d(0)": [-1],
    "GroupNorm(1, 1)": [0, 0],
    "LayerNorm(1)": [0],
    "LocalResponseNorm(1)": [0],
    "Linear(0, 0)": [-1, -1],
    "LazyLinear(0)": [-1],
    "Bilinear(1, 0, 0)": [0, -1, -1],
    "Embedding(1, 0, -1)": [0, -1, -2],
    "EmbeddingBag(1, 0)": [0, -1],
    "AdaptiveLogSoftmaxWithLoss(1, 2, [1])": [0, 0, [0]],
    "RNNBase('LSTM', 1, 1, 1)": ["LSTM", 0, 0, 0],
    "LSTM(1, 1, 1, True, False, 0.0, False, 0)": [0, 0, 0, True, False, -0.1, False, -1],
    "RNNCellBase(1, 1, True, 1)": [0, 0, True, 0],
    "GRUCell(1, 1)": [0, 0],
    "MultiheadAttention(1, 1, 0.0, True, False, False, 1, 1)": [
        *(0, 0, 0.0, True, False, False, 0, 0),
    ],
    "PReLU(1)": [0],
    "Dropout(0)": [-0.1],
    "PixelShuffle(1)": [0],
    "PixelUnshuffle(1)": [0],
    "ChannelShuffle(1)": [0],
    "Unflatten(0, (1, -1))": [0, (1, -2)],
    "Unfold(1, 1, 0, 1)": [0, 0, -1, 0],
    "Fold(1, 1, 1, 0, 1)": [0, 0, 0, -1, 0],
}
"""Layers made of the least values that there are, and for each value one that is below."""


@pytest.mark.parametrize("line", LEAST)
def test_every_argument_has_its_least_value(line):
    made(line)
    name, _, arguments = line.partition("(")
    least = list(eval(f"({arguments[:-1]},)"))
    assert len(least) == len(LEAST[line])
    for at, below in enumerate(LEAST[line]):
        if below != least[at]:
            with pytest.raises(ConvcalcError):
                LAYERS[name](*least[:at], below, *least[at + 1 :])


EXACT = [
    "Conv2d(3, 4, (3,))",
    "Conv2d(3, 4, 3, padding=(1,), padding_mode='reflect')",
    "LPPool2d(2, (3,))",
    "AdaptiveMaxPool2d((3,))",
    "AdaptiveAvgPool3d((None, 3))",
    "FractionalMaxPool2d((2,), 3)",
    "FractionalMaxPool2d(2, (3,))",
    "FractionalMaxPool2d(2, output_ratio=(0.5,))",
    "FractionalMaxPool2d(2, output_ratio='a')",
    "FractionalMaxPool2d(2, output_ratio=0)",
    "FractionalMaxPool2d(2, output_ratio=(0.5, 1))",
    "MaxUnpool2d((2,))",
    "MaxUnpool2d(2, (2,))",
    "MaxUnpool2d(2, 2, (1,))",
    "Unfold((3,))",
    "Unfold(3, (1,))",
    "Unfold(3, 1, (0,))",
    "Unfold(3, 1, 0, (1,))",
    "Fold((4,), 2)",
]


@pytest.mark.parametrize("line", EXACT)
def test_where_pytorch_takes_no_tuple_of_one(line):
    with pytest.raises(ConvcalcError):
        made(line)


@pytest.mark.parametrize(
    ("mode", "ndims"),
    [
        ("nearest", {1, 2, 3}),
        ("nearest-exact", {1, 2, 3}),
        ("area", {1, 2, 3}),
        ("linear", {1}),
        ("bilinear", {2}),
        ("bicubic", {2}),
        ("trilinear", {3}),
    ],
)
def test_the_axes_of_every_way_to_upsample(mode, ndims):
    layer = LAYERS["Upsample"](scale_factor=2, mode=mode)
    taken = set()
    for ndim in range(5):
        shape = (2, 3) + (4,) * ndim
        try:
            assert layer.output(shape) == (2, 3) + (8,) * ndim
            taken.add(ndim)
        except ConvcalcError:
            pass
    assert taken == ndims


MISFITS = {
    "Conv2d(4, 8, 3)": "expects 4 × height × width, gets 6 × 8 × 12",
    "Conv1d(6, 8, 3)": "expects 6 × length, gets 6 × 8 × 12",
    "Conv2d(6, 8, 9)": "height: kernel_size 9 is larger than the padded input, 8: padding 1 or "
    "more would do",
    "Conv2d(6, 8, 3, padding=8, padding_mode='reflect')": "height: padding 8 is too large for the "
    "input, 8: 7 is the most",
    "CircularPad2d(9)": "height: padding 9 is too large for the input, 8: 8 is the most",
    "MaxPool1d(3)": "expects channels × length, gets 6 × 8 × 12",
    "LPPool1d(2, 2)": "expects channels × length, gets 6 × 8 × 12",
    "FractionalMaxPool2d(2, 8)": "expects sizes of which 8 × 8 windows fit apart, gets 6 × 8 × 12",
    "BatchNorm1d(6)": "expects 6 × length, gets 6 × 8 × 12",
    "SyncBatchNorm(5)": "expects 5 × …, gets 6 × 8 × 12",
    "GroupNorm(2, 8)": "expects 8 × …, gets 6 × 8 × 12",
    "GroupNorm(4, 8, affine=False)": "expects channels that 4 groups divide, gets 6 × 8 × 12",
    "LayerNorm((8, 3))": "expects a shape that ends in 8 × 3, gets 6 × 8 × 12",
    "Linear(400, 2)": "expects 400 features, gets 6 × 8 × 12",
    "LSTM(5, 2)": "expects sequence × batch × 5, gets 6 × 8 × 12",
    "MultiheadAttention(4, 2, batch_first=True)": "expects batch × sequence × 4, gets 6 × 8 × 12",
    "PReLU(4)": "expects 4 channels, gets 6 × 8 × 12",
    "Softmax(4)": "dim 4 is out of range for batch × 6 × 8 × 12: -4 to 3 are there",
    "Softmax('a')": "dim 'a' is not a whole number",
    "GLU(0)": "expects an even size in dimension 0, which it halves, gets 6 × 8 × 12",
    "Dropout1d()": "expects channels × length, gets 6 × 8 × 12",
    "Flatten(2, 1)": "start_dim 2 comes after end_dim 1",
    "Unflatten(1, (4, 2))": "expects 4 × 2 numbers in dimension 1, gets 6 × 8 × 12",
    "Unfold(9)": "height: kernel_size 9 is larger than the padded input, 8: padding 1 or more "
    "would do",
    "Fold((4, 5), 2)": "expects a multiple of 4 values for each of 12 patches, gets 6 × 8 × 12",
    "PixelShuffle(2)": "expects channels that 4 divides × height × width, gets 6 × 8 × 12",
    "PixelUnshuffle(5)": "expects a height and a width that 5 divides, gets 6 × 8 × 12",
    "ChannelShuffle(4)": "expects channels that groups 4 divides, and axes, gets 6 × 8 × 12",
    "Upsample(2, mode='linear')": "expects channels × length, gets 6 × 8 × 12",
    "Upsample(scale_factor=0.1)": "scale_factor 0.1 makes 0 of 8",
    "ConstantPad2d((-13, 14, 0, 0), 0)": "width: padding (-13, 14) takes away the whole input, 12",
    "ConstantPad1d((0, 0, 0, 0, 0, 0, -7, 1), 0)": "axis 0: padding (-7, 1) takes away the whole "
    "input, 1",
}


@pytest.mark.parametrize("line", MISFITS)
def test_what_does_not_fit_says_what_is_expected(line):
    layer = made(line)
    inputs = (IMAGE,) * 3 if "Attention" in line else (IMAGE,)
    with pytest.raises(ConvcalcError) as caught:
        layer.output(*inputs)
    assert str(caught.value) == MISFITS[line]


SEVERAL = [
    ("PReLU(3)", [(3,)], "expects 3 channels, gets 3"),
    ("MultiheadAttention(4, 2)", [(6, 1, 5)] * 3, "expects sequence × batch × 4, gets 6 × 1 × 5"),
    ("MultiheadAttention(4, 2)", [(4,)] * 3, "expects sequence × batch × 4, gets 4"),
    ("LSTM(4, 2)", [(4,)], "expects sequence × batch × 4, gets 4"),
    ("ReflectionPad2d(1)", [(3, 4)], "expects 3 or 4 dimensions, gets 3 × 4"),
    ("CircularPad3d(1)", [(3, 4, 5)], "expects 4 or 5 dimensions, gets 3 × 4 × 5"),
    ("ConstantPad2d(1, 0)", [(3,)], "expects 2 dimensions at least, gets 3"),
    ("ZeroPad1d(-4)", [(3, 8)], "length: padding (-4, -4) takes away the whole input, 8"),
    (
        "ReplicationPad1d((-9, 1))",
        [(3, 8)],
        "length: padding (-9, 1) takes away the whole input, 8",
    ),
    ("AdaptiveAvgPool2d((1, 2))", [(2, 3, 4, 5, 6)], "expects channels × height × width, gets 2 ×"),
    ("AdaptiveAvgPool2d(1)", [(4, 5)], "expects channels × height × width, gets 4 × 5"),
    ("AdaptiveAvgPool1d(1)", [(1, 2, 3, 4)], "expects channels × length, gets 1 × 2 × 3 × 4"),
    ("ConvTranspose2d(6, 4, 3, 2)", [IMAGE, (16, 25)], "output_size (16, 25) is not from (17, 25)"),
    (
        "ConvTranspose2d(6, 4, 3, (2, 3))",
        [IMAGE, (17, 39)],
        "output_size (17, 39) is not from (17, 36) to (18, 38)",
    ),
    ("ConvTranspose2d(6, 4, 3, 2)", [IMAGE, (17, 30)], "output_size (17, 30) is not from (17, 25)"),
    ("ConvTranspose2d(6, 4, 3, 2)", [IMAGE, (19, 25)], "output_size (19, 25) is not from (17, 25)"),
    ("ConvTranspose2d(6, 4, 3, 2)", [IMAGE, 17], "output_size () is neither an int nor 2 of them"),
    ("MaxUnpool2d(2)", [IMAGE, IMAGE, (18, 24)], "output_size (18, 24) is not about (16, 24)"),
    ("MaxUnpool2d(2)", [IMAGE, IMAGE, (14, 24)], "output_size (14, 24) is not about (16, 24)"),
    ("MaxUnpool2d(2)", [IMAGE, (1, 6, 8, 8)], "expects indices of the input's shape, gets 1 × 6"),
    ("MaxUnpool2d(2)", [IMAGE, (1, 6, 9, 12)], "expects indices of the input's shape, gets 1 × 6"),
    ("MaxUnpool2d(2)", [IMAGE, IMAGE, (16,)], "output_size (16,) is neither an int nor 2 of them"),
    (
        "Unflatten(1, (4, -1))",
        [IMAGE],
        "expects a multiple of 4 numbers in dimension 1, gets 6 × 8",
    ),
    ("Fold((4, 5), 2)", [(8, 13)], "expects a multiple of 4 values for each of 12 patches, gets 8"),
    ("Fold((4, 5), 2)", [(8, 11)], "expects a multiple of 4 values for each of 12 patches, gets 8"),
    ("PixelShuffle(1)", [(8, 11)], "expects channels that 1 divides × height × width, gets 8 × 11"),
    ("PixelUnshuffle(1)", [(8, 11)], "expects a height and a width that 1 divides, gets 8 × 11"),
    ("ChannelShuffle(1)", [(8, 11)], "expects channels that groups 1 divides, and axes, gets 8 × "),
    ("ConvTranspose2d(6, 4, 3, 2)", [IMAGE, (17,)], "output_size (17,) is neither an int nor 2 of"),
    ("Bilinear(3, 4, 5)", [(2, 4), (2, 4)], "expects 3 features first, gets 2 × 4"),
    ("Bilinear(3, 4, 5)", [(2, 3), (2, 3)], "expects 4 features of as many rows second, gets 2 ×"),
    ("Bilinear(3, 4, 5)", [(2, 3), (1, 4)], "expects 4 features of as many rows second, gets 1 ×"),
    ("EmbeddingBag(9, 3)", [(2, 4), (2,)], "expects rows of indices, or one row with its offsets"),
    ("EmbeddingBag(9, 3)", [(4,)], "expects rows of indices, or one row with its offsets, gets 4"),
    ("EmbeddingBag(9, 3)", [(2, 4), None, (2, 4)], "per_sample_weights has no meaning with mode m"),
    (
        "EmbeddingBag(9, 3, mode='sum')",
        [(2, 4), None, (2,)],
        "expects per_sample_weights of the input's shape, gets 2",
    ),
    ("CosineSimilarity(3)", [(2, 4), (2, 4)], "dim 3 is out of range for 2 × 4: -2 to 1 are there"),
    (
        "AdaptiveLogSoftmaxWithLoss(4, 9, [3])",
        [(2, 3), (2,)],
        "expects 4 features and a target for each row, gets 2 × 3",
    ),
    ("LSTM(4, 3)", [(5, 2, 4), [(1, 2, 3), (1, 3, 3)]], "expects hx of 1 × 2 × 3 and 1 × 2 × 3, g"),
    ("GRU(4, 3)", [(5, 2, 4), (2, 2, 3)], "expects hx of 1 × 2 × 3, gets 2 × 2 × 3"),
    ("LSTMCell(4, 3)", [(2, 4), [(2, 3), (3, 3)]], "expects hx of 2 × 3 and 2 × 3, gets 2 × 3"),
    ("GRUCell(4, 3)", [(2, 4), (2, 4)], "expects hx of 2 × 3, gets 2 × 4"),
    ("RNNCell(4, 3)", [(2, 2, 4)], "expects 4 features, gets 2 × 2 × 4"),
    (
        "MultiheadAttention(4, 2, kdim=5)",
        [(6, 1, 4), (7, 1, 4), (7, 1, 4)],
        "expects a key of 5 and a value of 4 features for the same positions, gets 7 × 1 × 4 and "
        "7 × 1 × 4",
    ),
    (
        "MultiheadAttention(4, 2)",
        [(6, 2, 4), (7, 3, 4), (7, 3, 4)],
        "expects keys for the batch of 6 × 2 × 4, gets 7 × 3 × 4",
    ),
    (
        "MultiheadAttention(4, 2)",
        [(6, 2, 4), (7, 2, 4), (7, 2, 4), (2, 6)],
        "expects a key_padding_mask of 2 × 7, gets 2 × 6",
    ),
    (
        "MultiheadAttention(4, 2)",
        [(6, 2, 4), (7, 2, 4), (7, 2, 4), None, True, (2, 6, 7)],
        "expects an attn_mask of 6 × 7 or 4 × 6 × 7, gets 2 × 6 × 7",
    ),
    (
        "MultiheadAttention(4, 2)",
        [(6, 2, 4), (7, 2, 4), (7, 2, 4), None, True, None, True, True],
        "is_causal needs an attn_mask, for which it is a hint",
    ),
    (
        "BatchNorm1d(4, track_running_stats=False)",
        [(1, 4)],
        "expects more than one value per cha",
    ),
    ("GroupNorm(2, 2)", [(1, 2)], "expects more than one value per group, over which it normal"),
    ("InstanceNorm1d(2)", [(1, 2, 1)], "expects more than one position, over which it normalises,"),
    ("LazyBatchNorm1d()", [(4,)], "expects channels, gets 4"),
    ("LazyLinear(4)", [()], "expects features, gets "),
    ("Upsample(scale_factor=(2.0,))", [IMAGE], "scale_factor (2.0,) is not 2 numbers"),
    ("AvgPool3d(3, padding=1)", [(1, 2, 4, 4)], "expects sizes no smaller than its kernel, gets 1"),
    ("LocalResponseNorm(2)", [(3, 4)], "expects channels and at least one axis, gets 3 × 4"),
    ("CrossMapLRN2d(2)", [(3, 4, 5)], "expects channels × height × width, gets 3 × 4 × 5"),
]


@pytest.mark.parametrize(("line", "inputs", "message"), SEVERAL)
def test_several_inputs_that_do_not_fit(line, inputs, message):
    with pytest.raises(ConvcalcError) as caught:
        made(line).output(*inputs)
    assert str(caught.value).startswith(message)


def test_a_size_that_is_asked_for():
    transposed = made("ConvTranspose2d(6, 4, 3, 2, output_padding=5)")
    assert transposed.output(IMAGE, (18, 26)) == (1, 4, 18, 26)
    assert transposed.output(IMAGE, (1, 4, 17, 25)) == (1, 4, 17, 25)
    assert transposed.output((6, 8, 12), (4, 18, 25)) == (4, 18, 25)
    with pytest.raises(ConvcalcError, match="height: output_padding 5 is not below the larger of"):
        transposed.output(IMAGE)
    assert made("LazyConvTranspose2d(4, 3, 2)").output(IMAGE, output_size=(18, 26))[2:] == (18, 26)
    assert made("MaxUnpool2d(2)").output(IMAGE, IMAGE, (17, 23)) == (1, 6, 17, 23)


def test_distances():
    assert made("PairwiseDistance(keepdim=True)").output((2, 5), (2, 5)) == (2, 1)
    assert made("PairwiseDistance()").output((2, 5), (5,)) == (2,)
    assert made("PairwiseDistance(keepdim=True)").output((), ()) == ()
    assert made("CosineSimilarity(0)").output((2, 5), (2, 5)) == (5,)


def test_what_each_query_gets():
    attention = made("MultiheadAttention(4, 2, batch_first=True, add_bias_kv=True)")
    query, key = batched((6, 4), 3), batched((7, 4), 3)
    assert attention.output(query, key, key) == [(3, 6, 4), (3, 6, 8)]
    assert attention.output((6, 4), (7, 4), (7, 4)) == [(6, 4), (6, 8)]
    per_head = attention.output(query, key, key, average_attn_weights=False)
    assert per_head == [(3, 6, 4), (3, 2, 6, 8)]
    assert attention.output(query, key, key, need_weights=False) == [(3, 6, 4), None]
    masked = attention.output(query, key, key, (3, 7), attn_mask=(6, 7), is_causal=True)
    assert masked == [(3, 6, 4), (3, 6, 8)]
    assert attention.parameters()["bias_k"] == attention.parameters()["bias_v"] == (1, 1, 4)
    assert made("MultiheadAttention(4, 2)").parameters()["bias_k"] is None
    zero = made("MultiheadAttention(4, 2, add_zero_attn=True)")
    assert zero.output((6, 2, 4), (7, 2, 4), (7, 2, 4)) == [(6, 2, 4), (2, 6, 8)]


def test_sequences():
    lstm = made("LSTM(700, 3, 2, batch_first=True, bidirectional=True, proj_size=2)")
    states = [(4, 2, 2), (4, 2, 3)]
    assert lstm.output((2, 5, 700)) == [(2, 5, 4), states]
    assert lstm.output((2, 5, 700), states) == [(2, 5, 4), states]
    assert lstm.output((5, 700)) == [(5, 4), [(4, 2), (4, 3)]]
    assert made("GRU(4, 3, 2)").output((5, 2, 4), (2, 2, 3)) == [(5, 2, 3), (2, 2, 3)]
    assert made("RNN(4, 3)").output((5, 4)) == [(5, 3), (1, 3)]
    assert made("LSTMCell(4, 3)").output((2, 4)) == [(2, 3), (2, 3)]
    assert made("GRUCell(4, 3)").output((4,), (3,)) == (3,)
    assert made("EmbeddingBag(9, 3, include_last_offset=True)").output((8,), (4,)) == (3, 3)


def test_a_layer_beyond_pytorchs_signature():
    pool = made("AvgPool2d(3, 1)")
    beyond = pool.beyond(((1, 2), (0, 1)), (2, 3))
    assert beyond.settings == ((3, 3), (1, 1), ((1, 2), (0, 1)), (2, 3))
    assert pool.beyond(((1, 2), (0, 1))).settings[3] == (1, 1)
    assert pool.settings[2] == ((0, 0), (0, 0))
    assert beyond.output_size((8, 8)) == (7, 3)
    assert beyond.span == (5, 7)
    conv = made("Conv2d(3, 4, 1)").sliding((3, 2), (2, 1), (1, 0), (1, 2), (0, 0))
    assert conv.parameters()["weight"] == (4, 3, 3, 2)
    assert conv.settings == ((3, 2), (2, 1), ((1, 1), (0, 0)), (1, 2))
    assert (conv.stride, conv.padding, conv.dilation) == ((2, 1), (1, 0), (1, 2))


def test_one_sample_of_many_is_normalised_with_the_others():
    assert made("BatchNorm1d(4, track_running_stats=False)").output(batched((4,), 1)) == (1, 4)
    assert made("GroupNorm(2, 2)").output(batched((2,), 1)) == (1, 2)
    assert made("GroupNorm(2, 4)").output((1, 4)) == (1, 4)


def test_work_that_hangs_on_values_is_not_made_up():
    with pytest.raises(ConvcalcError, match="depends on the values of its targets"):
        made("AdaptiveLogSoftmaxWithLoss(4, 9, [3])").macs((2, 4), (2,))


def test_the_work_of_what_the_flop_counter_leaves_out():
    assert made("Bilinear(3, 4, 5)").macs((2, 7, 3), (2, 7, 4)) == 0
    assert made("LSTM(3, 4)").macs((5, 2, 3)) == 10 * 16 * 7
    assert made("Embedding(9, 3)").macs((2, 7)) == 0
    attention = made("MultiheadAttention(8, 2)")
    assert attention.macs((7, 2, 8), (9, 2, 8), (9, 2, 8)) == 6112
    assert attention.macs((7, 8), (9, 8), (9, 8)) == 3056


def test_arguments_that_the_signature_has_not_are_named():
    for kind, arguments, named, message in (
        ("Conv2d", [3, 8], {}, "missing a required argument: 'kernel_size', the arguments are "),
        ("Conv2d", [3, 8], {"kernal": 3}, "there is no argument kernal, the arguments are in_ch"),
        ("Tanh", [3], {}, "too many positional arguments, the arguments are none"),
        ("GRU", [3, 4], {"nonlinearity": "tanh"}, "there is no argument nonlinearity"),
        ("Embedding", [3, 4], {"foo": 1}, "there is no argument foo"),
    ):
        with pytest.raises(ConvcalcError) as caught:
            build(kind, arguments, named)
        assert str(caught.value).startswith(message)


def test_what_print_shows_more_than_a_class_takes():
    assert build("LazyLinear", [], {"in_features": 0, "out_features": 4}).out_features == 4
    assert build("LazyConv2d", [0, 4], {"kernel_size": (3, 3)}).out_channels == 4
    assert build("UpsamplingNearest2d", [], {"scale_factor": 2.0, "mode": "nearest"}).mode


def test_bases_have_no_forward():
    for line in ("RNNBase('LSTM', 3, 4)", "RNNCellBase(3, 4, True, 1)"):
        assert isinstance(made(line), Layer)


@pytest.mark.parametrize(
    "line", ["MaxPool2d(3, ())", "MaxPool2d(3, [])", "AvgPool2d(3, stride=())"]
)
def test_an_empty_stride_is_the_kernel(line):
    """As PyTorch has it: of (1, 2, 9, 9) it makes (1, 2, 3, 3)."""
    assert made(line).output(batched((2, 9, 9), 1)) == (1, 2, 3, 3)


@pytest.mark.parametrize("dropout", [0, 1, 1.0])
def test_all_or_nothing_may_be_dropped(dropout):
    """PyTorch takes dropout from 0 to 1, both of them too."""
    assert LAYERS["LSTM"](3, 4, 2, dropout=dropout).dropout == dropout
