"""Whole networks, row by row against PyTorch's answers in data/networks.json."""

import json
from pathlib import Path

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.answer import remedies, trace
from convcalc.network.model import answered, counted, followed

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
    layers = [row for row in answer.rows if row.name is not None]
    for row, truth in zip(layers, network["rows"], strict=True):
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
    assert answer.in_order
    assert not answer.complete
    assert answer.notes[0] == ("1 class may hold parameters that print(model) doesn't show: Net.")


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
      (drop): Mystery(p=0.2, mode=row)
    )
  )
  (rnn): LSTM(16, 8, num_layers=3, bidirectional=True)
  (gru): GRU(16, 8, bias=False)
  (proj): LSTM(5, 6, num_layers=2, proj_size=3)
  (bi): Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)
)"""
    answer = count(text)
    # The parameters that PyTorch counts in these layers.
    recurrent = ("LSTM", "GRU")
    others = [row.params for row in answer.rows if row.layer not in recurrent]
    assert others == [16000, 148, None, 148, None, 148, None, 28]
    weights = {row.name: row for row in answer.rows if row.layer in recurrent}
    assert [
        sum(row.params for name, row in weights.items() if name.startswith(f"{each}."))
        for each in ("rnn", "gru", "proj")
    ] == [4992, 576, 468]
    assert weights["rnn.weight_ih_l1_reverse"].output == (32, 16)
    assert weights["proj.weight_hr_l1"].output == (3, 6)
    assert weights["gru.weight_hh_l0"].output == (24, 8)
    assert answer.total_params == 16000 + 3 * 148 + 4992 + 576 + 468 + 28
    assert not answer.complete
    assert answer.notes == (
        "3 classes may hold parameters that print(model) doesn't show: Net, Block (3) and "
        "Mystery (3).",
    )


REFUSED = (
    "Conv2d(3, 8, 3",
    "hello world",
    "42",
    "Conv2d",
    "1 + 1",
    "ReLU()\n  Con2d(3, 8, 3)",
    "Frobnicate()",
    "__import__('os').system('x')",
    "Linear(open('x').read(), 3)",
    "Linear(3, n)",
    "Linear(9 ** 99, 3)",
    "Linear(9 ** 20, 3)",
    "Linear(1 // 0, 3)",
    "Linear('a' * 9, 3)",
    "Linear(3.5, 3)",
    "Linear(*x)",
    "Linear(**x)",
    "class Net: pass",
    "x = y = 3",
    "Conv2d(3, 8)",
    "ReLU(), Conv2d(3, 8, kernal=3)",
    "Tanh(3)",
    "ReLU(True, inplace=True)",
    "Conv2d(3, 8, (3, 3, 3))",
    "Conv2d(3, 8, 3, padding='sane')",
    "Conv2d(3, 8, 3, groups=2)",
    "Conv2d(4, 8, 3)",
    "Conv1d(3, 8, 3)",
    "ReLU(), Conv2d(3, 8, 40)",
    "Sequential(Conv2d(3, 4, 3), Linear(3600, 2))",
    "Conv2d(3, 4, 3), Linear(400, 120)",
    "Flatten(2, 1)",
    "MaxPool2d(3, padding=2)",
    "Conv2d(3, 4, 4, 2, 'same')",
    "LSTM(32, 4)",
    "BatchNorm2d(4)",
    "ReflectionPad2d(32)",
    "Conv2d(3, 4, 3, padding=33, padding_mode='circular')",
    "ConstantPad2d((-33, 9, 0, 0), 1)",
    "AdaptiveAvgPool2d(1), InstanceNorm2d(3)",
    "ChannelShuffle(2)",
    "Upsample(size=(3,))",
    "Bilinear(32, 3, 4)",
    "a = Conv2d(3, 8, 3)\nb = ReLU()",
    "Sequential(OrderedDict([('a.b', ReLU())]))",
    "Net(\n  (a): BasicBlock(\n    (b): ReLU()\n  )\n)",
    "Net(\n  (a): Blob(3, x)\n)",
    "Net(\n  (a): ReLU(\n",
    "Net(\n  (a): ReLU()\n)\nReLU()",
    "Net(\n  (a): Conv2d(3, 8, kernel_size 3)\n)",
    "Sequential(\n  (a): ReLU()\n  what is this\n)",
    "Net(\n  (0-3): 3 x ReLU()\n)",
    "Net(\n  (0-999999999): 999999999 x ReLU()\n)",
    "",
    "# nothing",
    "\x00",
    "Sequential(OrderedDict([('a', ReLU()), ('b', Con2d(3, 4, 3))]))",
)


def test_what_cannot_be_answered_is_refused_in_one_sentence(golden):
    sentences = []
    for text in REFUSED:
        try:
            sentence = ask(text).error.sentence
        except ConvcalcError as error:
            sentence = str(error)
        assert "\n" not in sentence
        sentences.append(f"{text!r}\n    {sentence}\n")
    golden("net-refusals.txt", "".join(sentences))


def ask(text):
    return answered(lambda reading, root: reading.follow(root, [(3, 32, 32)]), None, text)


def test_nothing_is_nested_or_repeated_without_bound():
    with pytest.raises(ConvcalcError, match="nested"):
        ask("Sequential(" * 5000 + ")" * 5000)
    with pytest.raises(ConvcalcError, match="nested"):
        ask("Net(\n" + "\n".join(["(a): Sequential("] * 5000))
    with pytest.raises(ConvcalcError, match="100,000 modules: 20,000 are the most"):
        ask("Net(\n(0-99999): 100000 x ReLU()\n)")
    blocks = "\n".join(f"(0-{99}): 100 x Sequential(" for _ in range(4))
    with pytest.raises(ConvcalcError, match="more than 20,000 modules"):
        ask(f"Net(\n{blocks}\n(a): ReLU()\n" + ")\n" * 5)


@pytest.mark.parametrize("body", ["self.layer = nn.Linear(3, 4)", "self.layer = self.missing"])
def test_a_fault_in_what_is_said_of_a_misfit_is_none_of_the_models(body, monkeypatch):
    told = remedies.explained

    def fail(error, *about):
        if isinstance(error, KeyError):
            return told(error, *about)
        raise KeyError("a fault")

    monkeypatch.setattr(remedies, "explained", fail)
    text = (
        "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n"
        f"        super().__init__()\n        {body}\n\n    def forward(self, x):\n"
        "        return self.layer(x)\n"
    )
    with pytest.raises(KeyError, match="a fault"):
        follow(text, (5,))


def test_a_model_may_fail_where_it_is_told_that_it_is_not_trained(tmp_path):
    (tmp_path / "net.py").write_text(
        "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def train(self, mode=True):\n"
        "        raise RuntimeError('not that')\n\n    def forward(self, x):\n        return x\n"
    )
    answer = followed(tmp_path / "net.py", None, [(3,)])
    assert (answer.error.line, answer.error.message) == (6, "the model itself refuses: not that")


def test_a_mistake_of_this_program_is_no_misfit(tmp_path, monkeypatch):
    monkeypatch.setattr(trace, "layer_name", None)
    file = tmp_path / "net.py"
    file.write_text("import torch.nn as nn\nmodel = nn.Sequential(nn.Linear(3, 2))\n")
    with pytest.raises(ConvcalcError, match="a fault in convcalc itself, TypeError"):
        followed(file, None, [(3,)])
