"""Whole networks, row by row against PyTorch's answers in data/networks.json."""

import json
from pathlib import Path

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.model import answered, counted

NETWORKS = json.loads(
    Path(__file__).parents[1].joinpath("data").joinpath("networks.json").read_text("utf-8")
)
TEXTS = [
    pytest.param(network, form, id=f"{network['name']}-{form}")
    for network in NETWORKS
    for form in ("python", "printed")
    # What print(model) shows of an average pooling leaves out its ceil_mode.
    if form in network and (network["name"], form) != ("ceiled", "printed")
]


def follow(text, shape, **defined):
    """Return what comes of a text, its unknown classes taken in the order shown."""

    def ask(reading, root):
        return reading.follow(root, [shape])

    return answered(ask, None, text, defined=defined, sequential=True)


def count(text):
    return answered(counted, None, text)


def network_called(name):
    return next(network for network in NETWORKS if network["name"] == name)


def as_list(shape):
    return None if shape is None else list(shape)


@pytest.mark.parametrize(("network", "form"), TEXTS)
def test_every_row_equals_pytorch(network, form):
    answer = follow(network[form], tuple(network["input"]))
    assert len(answer.rows) == len(network["rows"])
    for row, truth in zip(answer.rows, network["rows"]):
        assert row.name == truth["name"]
        # A lazy layer is called what it was called in the text; PyTorch renames it once it knows.
        assert row.layer.removeprefix("Lazy") == truth["layer"], row.name
        assert as_list(row.input) == truth["input"], row.name
        assert as_list(row.output) == truth["output"], row.name
        assert row.params == truth["params"], row.name
        assert row.macs == truth["macs"], row.name
        if "receptive_field" in truth:
            assert as_list(row.receptive_field) == truth["receptive_field"], row.name
            assert as_list(row.effective_stride) == truth["effective_stride"], row.name
    assert answer.total_params == network["total_params"]
    assert answer.total_macs == network["total_macs"]
    assert answer.bytes == 4 * network["total_params"]


@pytest.mark.parametrize(("network", "form"), TEXTS)
def test_parameters_alone(network, form):
    if "Lazy" in network[form]:
        with pytest.raises(ConvcalcError, match="has no parameters before it has seen an input"):
            count(network[form])
        return
    answer = count(network[form])
    assert answer.total_params == network["total_params"]
    assert answer.input is answer.output is answer.total_macs is None


def test_the_published_numbers():
    for name, params, macs, field in (
        ("alexnet", 61_100_840, 714_188_480, 195),
        ("vgg16", 138_357_544, 15_470_264_320, 212),
    ):
        answer = follow(network_called(name)["printed"], (3, 224, 224))
        assert (answer.total_params, answer.total_macs) == (params, macs)
        last_pooling = [row for row in answer.rows if row.layer == "MaxPool2d"][-1]
        assert last_pooling.receptive_field == (field, field)
        assert last_pooling.effective_stride == (32, 32)


def test_the_truth_holds_every_kind_of_layer():
    unseen = set(LAYERS)
    for network in NETWORKS:
        unseen -= {row["layer"] for row in network["rows"]}
        unseen -= {name for name in LAYERS if f"{name}(" in network["printed"]}
    assert not unseen & {"Conv2d", "MaxPool2d", "Linear", "BatchNorm2d", "Flatten", "Upsample"}


def test_enough_receptive_fields_were_measured():
    measured = [row for network in NETWORKS for row in network["rows"] if "receptive_field" in row]
    assert len(measured) > 80


def names(text, shape=(3, 32, 32), **defined):
    return [row.name for row in follow(text, shape, **defined).rows]


def test_the_forms_in_which_people_write_layers():
    assert names("Conv2d(3, 8, 3), ReLU()") == ["0", "1"]
    assert names("Conv2d(3, 8, 3)\nReLU()\n") == ["0", "1"]
    assert names("nn.Conv2d(3, 8, 3),\n    nn.ReLU(),\n") == ["0", "1"]
    assert names("[torch.nn.Conv2d(3, 8, 3), nn.ReLU()]") == ["0", "1"]
    assert names("    nn.Conv2d(3, 8, 3)  # a comment, with (\n\n    nn.ReLU()") == ["0", "1"]
    assert names("import torch.nn as nn\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3))") == ["0"]
    assert names("nn.Sequential(nn.Sequential(nn.ReLU()), nn.ReLU())") == ["0.0", "1"]
    assert names("nn.Sequential(*[nn.ReLU(), nn.Tanh()], nn.ReLU())") == ["0", "1", "2"]
    assert names(
        "nn.Sequential(OrderedDict([('a', nn.ReLU()), ('b', nn.Sequential(nn.ReLU()))]))"
    ) == [
        "a",
        "b.0",
    ]
    assert names("nn.Sequential(collections.OrderedDict({'a': nn.ReLU()}))") == ["a"]
    assert names("Net(\r\n  (a): Sequential(\r\n    (0): ReLU()\r\n  )\r\n)\r\n") == ["a.0"]
    assert names("Net(\n  depth=3\n  (a): ReLU()\n)") == ["a"]


def test_repeated_blocks_are_as_many_as_they_say():
    text = "Net(\n  (0-2): 3 x Sequential(\n    (a): ReLU()\n  )\n  (3-4): 2 x Tanh()\n)"
    assert names(text) == ["0.a", "1.a", "2.a", "3", "4"]


def test_a_name_is_given_a_value():
    text = "nn.Linear(4 * 8, num_classes)"
    assert follow(text, (32,), num_classes=10).output == (10,)


def test_a_flatten_that_the_text_does_not_show_is_put_in_and_noted():
    bare = follow("Conv2d(3, 4, 3), MaxPool2d(2), Linear(900, 10)", (3, 32, 32))
    assert bare.output == (10,)
    assert bare.notes == (
        "A flatten that the text doesn't show is put in before 2, where the features match: "
        "4 × 15 × 15 = 900.",
    )
    text = (
        "Net(\n  (f): ReLU()\n  (c): Sequential(\n    (0): Dropout(p=0.5, inplace=False)\n"
        "    (1): BatchNorm1d(48)\n    (2): Linear(in_features=48, out_features=2, bias=True)\n"
        "  )\n)"
    )
    answer = follow(text, (3, 4, 4))
    assert [row.output for row in answer.rows] == [(3, 4, 4), (48,), (48,), (2,)]
    assert answer.notes[0] == (
        "Net's own forward isn't in the text: its layers are taken in the order shown."
    )


def test_print_leaves_out_the_ceil_mode_of_average_pooling():
    printed = network_called("ceiled")["printed"]
    answer = follow(printed, (2, 31, 31))
    assert answer.rows[0].output == (2, 15, 15)
    assert answer.notes == (
        "0: print(model) doesn't show the ceil_mode of an AvgPool2d; it is taken to be False, "
        "with True 2 × 16 × 16 would come out.",
    )


def test_parameters_of_any_printed_model():
    text = """Net(
  (embed): Embedding(1000, 16, padding_idx=0)
  (blocks): ModuleList(
    (0-2): 3 x Block(
      (conv): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=same)
      (drop): StochasticDepth(p=0.2, mode=row)
    )
  )
  (rnn): LSTM(16, 8, num_layers=3, bidirectional=True)
  (gru): GRU(16, 8, bias=False)
  (proj): LSTM(5, 6, num_layers=2, proj_size=3)
  (bi): Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)
)"""
    answer = count(text)
    # The parameters that PyTorch counts in these layers.
    assert [row.params for row in answer.rows] == [
        *(16000, 148, 0, 148, 0, 148, 0),
        *(4992, 576, 468, 28),
    ]
    assert answer.notes == (
        "Not known, and taken to have no parameters: StochasticDepth (blocks.2.drop).",
        "The text doesn't show what a class holds outside its layers, which isn't counted: Net, "
        "Block.",
    )


REFUSED = {
    "Conv2d(3, 8, 3": "line 1: '(' was never closed",
    "hello world": "line 1: invalid syntax",
    "42": "line 1: '42' is not a layer",
    "Conv2d": "line 1: 'Conv2d' is not a layer",
    "1 + 1": "line 1: '1 + 1' is not a layer",
    "ReLU()\n  Con2d(3, 8, 3)": "line 2: Con2d isn't defined: Conv2d is the nearest name",
    "Frobnicate()": "line 1: Frobnicate isn't defined",
    "__import__('os').system('x')": "the text has no model: a class made from nn.Module is one",
    "Linear(open('x').read(), 3)": "line 1: an argument of nn.Linear isn't known: open() isn't followed",
    "Linear(3, n)": "line 1: n has no value here: --define n=10 gives it one",
    "Linear(9 ** 99, 3)": "line 1: a tensor of 3 × 29,512,665,430,652,752,148,753,480,226,197,736,314,359,272,517,043,832,886,063,884,637,676,943,433,478,020,332,709,411,004,889 is too large to follow",
    "Linear(9 ** 20, 3)": "line 1: a tensor of 3 × 12,157,665,459,056,928,801 is too large to follow",
    "Linear(1 // 0, 3)": "line 1: 1 // 0: integer division or modulo by zero",
    "Linear('a' * 9, 3)": "line 1: nn.Linear: in_features 'aaaaaaaaa' is not a whole number",
    "Linear(3.5, 3)": "line 1: nn.Linear: in_features 3.5 is not a whole number",
    "Linear(*x)": "line 1: x has no value here: --define x=10 gives it one",
    "Linear(**x)": "line 1: x has no value here: --define x=10 gives it one",
    "class Net: pass": "the text has no model: a class made from nn.Module is one",
    "x = y = 3": "line 1: 'x = y = 3' is not a layer",
    "Conv2d(3, 8)": "line 1: nn.Conv2d: missing a required argument: 'kernel_size', the arguments are in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype",
    "ReLU(), Conv2d(3, 8, kernal=3)": "line 1: nn.Conv2d: there is no argument kernal, the arguments are in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype",
    "Tanh(3)": "line 1: nn.Tanh: too many positional arguments, the arguments are none",
    "ReLU(True, inplace=True)": "line 1: nn.ReLU: multiple values for argument 'inplace', the arguments are inplace",
    "Conv2d(3, 8, (3, 3, 3))": "line 1: nn.Conv2d: kernel_size (3, 3, 3) is neither an int nor 2 of them",
    "Conv2d(3, 8, 3, padding='sane')": "line 1: nn.Conv2d: padding 'sane' is none of valid, same",
    "Conv2d(3, 8, 3, groups=2)": "line 1: nn.Conv2d: groups 2 does not divide the 3 input channels: it must divide both channel counts",
    "Conv2d(4, 8, 3)": "0 (Conv2d) expects 4 × height × width, gets 3 × 32 × 32: Conv2d(3, 8, 3) in line 1 would do",
    "Conv1d(3, 8, 3)": "0 (Conv1d) expects 3 × length, gets 3 × 32 × 32: an nn.Conv2d would do",
    "ReLU(), Conv2d(3, 8, 40)": "1 (Conv2d): height: kernel_size 40 is larger than the padded input, 32: padding 4 or more would do",
    "Sequential(Conv2d(3, 4, 3), Linear(3600, 2))": "1 (Linear) expects 3,600 features, gets 4 × 30 × 30: flattened before it, by x.flatten(1) or an nn.Flatten(), it would do",
    "Conv2d(3, 4, 3), Linear(400, 120)": "1 (Linear) expects 400 features, gets 4 × 30 × 30: Linear(3600, 120) in line 1 would do after a flatten",
    "Flatten(2, 1)": "0 (Flatten): start_dim 2 comes after end_dim 1",
    "MaxPool2d(3, padding=2)": "line 1: nn.MaxPool2d: padding 2 is above half the kernel, 3",
    "Conv2d(3, 4, 4, 2, 'same')": "line 1: nn.Conv2d: padding 'same' is for stride 1 only",
    "LSTM(32, 4)": "0 (LSTM) expects sequence × batch × 32, gets 3 × 32 × 32",
    "BatchNorm2d(4)": "0 (BatchNorm2d) expects 4 × height × width, gets 3 × 32 × 32: BatchNorm2d(3) in line 1 would do",
    "ReflectionPad2d(32)": "0 (ReflectionPad2d): height: padding 32 is too large for the input, 32: 31 is the most",
    "Conv2d(3, 4, 3, padding=33, padding_mode='circular')": "0 (Conv2d): height: padding 33 is too large for the input, 32: 32 is the most",
    "ConstantPad2d((-33, 9, 0, 0), 1)": "0 (ConstantPad2d): width: padding (-33, 9) takes away the whole input, 32",
    "AdaptiveAvgPool2d(1), InstanceNorm2d(3)": "1 (InstanceNorm2d) expects more than one position, over which it normalises, gets 3 × 1 × 1",
    "ChannelShuffle(2)": "0 (ChannelShuffle) expects channels that groups 2 divides, and axes, gets 3 × 32 × 32",
    "Upsample(size=(3,))": "0 (Upsample): size (3,) is neither an int nor 2 of them",
    "Bilinear(32, 3, 4)": "Bilinear() isn't followed with these arguments",
    "a = Conv2d(3, 8, 3)\nb = ReLU()": "the layers are assigned one by one, so that the order of the forward isn't in the text: an nn.Sequential(…) has one",
    "Sequential(OrderedDict([('a.b', ReLU())]))": "line 1: a.b is no name of a module",
    "Net(\n  (a): BasicBlock(\n    (b): ReLU()\n  )\n)": "Net: its forward isn't in the text. FILE.py:Net follows its source, --sequential takes its layers in the order shown, --params-only counts them",
    "Net(\n  (a): Blob(3, x)\n)": "Net: its forward isn't in the text. FILE.py:Net follows its source, --sequential takes its layers in the order shown, --params-only counts them",
    "Net(\n  (a): ReLU(\n": "line 2, column 8: ReLU( is not closed",
    "Net(\n  (a): ReLU()\n)\nReLU()": "line 4, column 1: 'ReLU()' comes after the end of the model",
    "Net(\n  (a): Conv2d(3, 8, kernel_size 3)\n)": "line 2, column 21: invalid syntax. Perhaps you forgot a comma?, at 'kernel_size 3)'",
    "Sequential(\n  (a): ReLU()\n  what is this\n)": "line 3, column 3: 'what is this' is not understood: a child is shown as (name): Layer(…)",
    "Net(\n  (0-3): 3 x ReLU()\n)": "line 2, column 3: (0-3) does not name 3 modules",
    "Net(\n  (0-999999999): 999999999 x ReLU()\n)": "line 2, column 3: 999,999,999 modules: 100,000 are the most",
    "": "the text is empty: layers, or what print(model) shows, belong there",
    "# nothing": "there are no layers in the text",
    "\x00": "line 1: source code string cannot contain null bytes",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_answered_is_refused_in_one_sentence(text):
    try:
        sentence = ask(text).error.sentence
    except ConvcalcError as error:
        sentence = str(error)
    assert sentence == REFUSED[text]
    assert "\n" not in sentence


def ask(text):
    return answered(lambda reading, root: reading.follow(root, [(3, 32, 32)]), None, text)


def test_nothing_is_nested_or_repeated_without_bound():
    with pytest.raises(ConvcalcError, match="nested"):
        ask("Sequential(" * 5000 + ")" * 5000)
    with pytest.raises(ConvcalcError, match="nested"):
        ask("Net(\n" + "\n".join(["(a): Sequential("] * 5000))
    with pytest.raises(ConvcalcError, match="more than 100,000 modules"):
        ask("Net(\n" + "(0-99999): 100000 x ReLU()\n" * 2 + ")")
    blocks = "\n".join(f"(0-{99}): 100 x Sequential(" for _ in range(4))
    with pytest.raises(ConvcalcError, match="more than 100,000 modules"):
        ask(f"Net(\n{blocks}\n(a): ReLU()\n" + ")\n" * 5)
