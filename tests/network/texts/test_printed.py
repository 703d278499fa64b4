"""What print(model) shows: every line of it is read or refused."""

import random
import re

import pytest
from network.hostile import PRINTS
from printed_models import PRINTED, followed

from convcalc.formulas import ConvcalcError
from convcalc.network.model import answered, counted
from convcalc.network.texts.printed import parse


def count(words):
    return answered(counted, None, words)


def net(*lines):
    return "\n".join(("Net(", *(f"  {line}" for line in lines), ")"))


CONVOLUTION = "Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1))"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"(a): {CONVOLUTION}", "a"),
        (f"(my layer): {CONVOLUTION}", "my layer"),
        (f"(b(1)): {CONVOLUTION}", "b(1)"),
        (f"(block1-0): {CONVOLUTION}", "block1-0"),
        (f"(a):{CONVOLUTION}", "a"),
        (f"(a):\N{NO-BREAK SPACE}{CONVOLUTION}", "a"),
        (f"\t(a):  {CONVOLUTION} ", "a"),
    ],
)
def test_a_child_is_read_however_it_is_named(line, name):
    (row,) = count(net(line)).rows
    assert (row.name, row.layer, row.params) == (name, "Conv2d", 112)


@pytest.mark.parametrize(
    "line",
    [
        f"(a) {CONVOLUTION}",
        f"a: {CONVOLUTION}",
        f"(a: {CONVOLUTION}",
        f"a): {CONVOLUTION}",
        f"(): {CONVOLUTION}",
        f"(a(): {CONVOLUTION}",
        f"(a.b): {CONVOLUTION}",
        f"│ (a): {CONVOLUTION}",
        f"├─ {CONVOLUTION}",
        f"- (a): {CONVOLUTION}",
        "(a): Conv2d",
        "(a): Conv2d 3, 4, 3",
        "(a) Block(3)",
        "(a): Conv2d(3, 4, 3",
        "(a): Conv2d(3, 4, 3))",
        "(a): ReLU()  (b): ReLU()",
        "(a): Sequential(ReLU(), ReLU())",
        "(a): ReLU() and more",
        "(a)",
        "x)",
        "(a): Mystery(3))",
        "(a): Conv2d(3, 4, 3, bias=Fals)",
        "(a): Conv2d(3, 4, 3, bios=False)",
        "(a): Parameter containing: [torch.float32 of size 3xx4]",
        "(a): Parameter containing: [torch.float32 of 3x4]",
    ],
)
def test_what_is_no_child_is_refused_where_it_stands(line):
    for words in (net("(z): ReLU()", line), net("depth=3", "(z): ReLU()", line)):
        at = len(words.split("\n")) - 1
        with pytest.raises(ConvcalcError) as refusal:
            count(words)
        assert str(refusal.value).startswith(f"line {at}, column "), refusal.value


def test_a_line_within_a_container_is_a_child():
    with pytest.raises(ConvcalcError, match="line 3, column 5: 'depth=3' is not understood"):
        count("Net(\n  (a): Sequential(\n    depth=3\n    (0): ReLU()\n  )\n)")


def test_a_name_is_there_once():
    with pytest.raises(ConvcalcError, match=r"line 3, column 3: \(a\) is there twice"):
        count(net("(a): ReLU()", "(a): ReLU()"))
    with pytest.raises(ConvcalcError, match=r"\(1\) is there twice in the same ModuleList"):
        count("Net(\n (a): ModuleList(\n (0-1): 2 x ReLU()\n (1): ReLU()\n )\n)")


def test_siblings_stand_in_one_column():
    with pytest.raises(ConvcalcError, match=r"line 3, column 5: \(b\) stands 2 columns right"):
        count("Net(\n  (a): ReLU()\n    (b): ReLU()\n)")
    assert len(count("Net(\n(a): ReLU()\n(b): Sequential(\n(0): ReLU()\n)\n)").rows) == 2


def test_what_a_class_says_of_itself_is_no_layer():
    answer = count(net("depth=3, act=ReLU()", "(64,), eps=1e-05", "(a): ReLU()"))
    assert [(row.name, row.layer) for row in answer.rows] == [(None, "Net"), ("a", "ReLU")]


# -- Unknown classes ------------------------------------------------------------------------------

MIXED = """Net(
  (stem): BatchNormAct2d(
    8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True
    (drop): Identity()
    (act): PReLU(num_parameters=1)
  )
  (a): Swish()
  (b): Swish()
  (c): Mystery(3, 4)
  (d): DynamicQuantizedLinear(in_features=3, out_features=4, dtype=torch.qint8, qscheme=torch.x)
  (e): Conv2dSame(3, 8, kernel_size=(3, 3), stride=(2, 2), bias=False)
)"""


def test_unknown_classes_are_counted_by_what_they_show_or_not_at_all():
    answer = count(MIXED)
    rows = {row.name: row.params for row in answer.rows}
    assert rows == {"stem": 17, "a": None, "b": None, "c": None, "d": None, "e": 216}
    assert answer.total_params == 233
    assert not answer.complete
    assert answer.notes == (
        "6 classes may hold parameters that print(model) doesn't show: Net, BatchNormAct2d "
        "(counted as BatchNorm2d), Swish (2), Mystery, DynamicQuantizedLinear and Conv2dSame "
        "(counted as Conv2d).",
    )


def test_an_unknown_class_is_refused_with_what_would_do():
    words = net("(a): ReLU()", "(b): Swish()")
    with pytest.raises(ConvcalcError) as refusal:
        followed(words, (3, 8, 8))
    assert str(refusal.value) == (
        "Net: its forward isn't in the text. FILE.py:Net follows its source, --sequential takes "
        "its layers in the order shown, --params-only counts them"
    )


def test_unknown_classes_in_the_order_shown():
    words = net(
        "(e): Conv2dSame(3, 8, kernel_size=(3, 3), stride=(2, 2), bias=False)",
        "(b): BatchNormAct2d(", "  8, eps=1e-05, affine=True", "  (act): ReLU()", ")",
        "(fc): Linear(in_features=72, out_features=2, bias=True)",
    )  # fmt: skip
    answer = followed(words, (3, 8, 8), sequential=True)
    assert [(row.name, row.output) for row in answer.rows] == [
        ("e", (8, 3, 3)), ("b", (8, 3, 3)), ("b.act", (8, 3, 3)), ("fc", (2,)),
    ]  # fmt: skip
    assert answer.in_order
    assert not answer.complete


BLOCK = """BasicBlock(
  (conv1): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
  (bn1): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
  (relu): ReLU(inplace=True)
  (conv2): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
  (bn2): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
)"""


def test_the_very_same_children_are_torchvisions():
    answer = followed(BLOCK, (4, 8, 8))
    assert [row.layer for row in answer.rows][-2:] == ["+", "ReLU"]
    assert answer.complete
    assert answer.notes == (
        "Taken as torchvision's, which have these names and layers: BasicBlock.",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(bn2)", "(bn3)"),
        ("(relu): ReLU(inplace=True)", "(relu): Dropout(p=0.5, inplace=False)"),
        ("BasicBlock(\n", "BasicBlock(\n  stride=1\n"),
        ("\n)", "\n  (shortcut): Sequential()\n)"),
        (re.search(r".*\(bn2\).*\n", BLOCK)[0], ""),
        ("BasicBlock(", "Block("),
    ],
)
def test_other_children_are_somebodys_own(before, after):
    words = BLOCK.replace(before, after)
    assert words != BLOCK
    answer = count(words)
    assert not answer.complete
    assert "BasicBlock" not in answer.notes[0] or "may hold parameters" in answer.notes[0]
    with pytest.raises(ConvcalcError, match="its forward isn't in the text"):
        followed(words, (4, 8, 8))


def test_children_in_another_order_are_somebodys_own():
    lines = BLOCK.split("\n")
    lines[1], lines[2] = lines[2], lines[1]
    assert not count("\n".join(lines)).complete


def test_what_only_the_model_around_it_knows_is_unknown_alone():
    words = net("(a): Permute()")
    assert count(words).notes[0].endswith("doesn't show: Net and Permute.")
    with pytest.raises(ConvcalcError, match="its forward isn't in the text"):
        followed("Sequential(\n  (0): Permute()\n)", (3, 8, 8))


# -- torch's own ----------------------------------------------------------------------------------
# What PyTorch 2.13 prints, and how many parameters it counts.

PARAMETERS = """Net(
  (one): ParameterList(  (0): Parameter containing: [torch.float32 of size 3])
  (several): ParameterList(
      (0): Parameter containing: [torch.float32 of size 3x4]
      (1): Parameter containing: [torch.bfloat16 of size ]
      (2): Object of type: str
      (3): Parameter containing: [torch.cuda.FloatTensor of size 5 (cuda:0)]
      (4): Parameter containing: [torch.cuda.FloatTensor of size 7 (GPU 0)]
  )
  (none): ParameterList()
  (named): ParameterDict(
      (a): Parameter containing: [torch.FloatTensor of size 2x2]
      (b c): Tensor containing: [torch.FloatTensor of size 6]
  )
  (nested): ParameterList(
      (0): Object of type: ParameterList
      (1): Parameter containing: [torch.float32 of size 4]
    (0): ParameterList(  (0): Parameter containing: [torch.float32 of size 2])
  )
  (absent): None
  (loss): CrossEntropyLoss()
)"""


def test_lists_of_parameters():
    answer = count(PARAMETERS)
    assert {row.name: row.params for row in answer.rows} == {
        "one.0": 3, "several.0": 12, "several.1": 1, "several.3": 5, "several.4": 7,
        "named.a": 4, "nested.1": 4, "nested.0.0": 2,
    }  # fmt: skip
    assert answer.total_params == 38


def parametrized(step, weight="weight"):
    return f"""Sequential(
  (0): ParametrizedConv2d(
    3, 4, kernel_size=(3, 3), stride=(1, 1)
    (parametrizations): ModuleDict(
      ({weight}): ParametrizationList(
        (0): {step}()
      )
    )
  )
)"""


@pytest.mark.parametrize(
    ("step", "params", "complete"),
    [("_WeightNorm", 116, True), ("_SpectralNorm", 112, True), ("Mine", 112, False)],
)
def test_parametrizations(step, params, complete):
    answer = count(parametrized(step))
    assert (answer.total_params, answer.complete) == (params, complete)
    answer = followed(parametrized(step), (3, 8, 8))
    assert (answer.total_params, answer.output) == (params, (4, 6, 6))
    with pytest.raises(ConvcalcError, match="ParametrizedConv2d has no wait"):
        count(parametrized(step, "wait"))


ATTENTION = """MultiheadAttention(
  (out_proj): NonDynamicallyQuantizableLinear(in_features=32, out_features=32, bias={})
)"""


@pytest.mark.parametrize(("bias", "params"), [(True, 4224), (False, 4096)])
def test_attention_is_a_layer(bias, params):
    words = ATTENTION.format(bias)
    assert count(words).total_params == params
    answer = followed(words, (10, 32), (10, 32), (10, 32))
    (row,) = answer.rows
    # four projections, and the products with keys and values
    assert row.macs == 4 * 10 * 32 * 32 + 2 * 10 * 10 * 32
    assert answer.notes == (
        "print(model) doesn't show kdim, vdim and add_bias_kv of a MultiheadAttention: it is taken "
        "to have none.",
        "print(model) doesn't show batch_first of a MultiheadAttention: it is taken to be True.",
    )


LAYER = """TransformerEncoderLayer(
  (self_attn): {}
  (linear1): Linear(in_features=32, out_features=64, bias=True)
  (dropout): Dropout(p=0.1, inplace=False)
  (linear2): Linear(in_features=64, out_features=32, bias=True)
  (norm1): LayerNorm((32,), eps=1e-05, elementwise_affine=True)
  (norm2): LayerNorm((32,), eps=1e-05, elementwise_affine=True)
  (dropout1): Dropout(p=0.1, inplace=False)
  (dropout2): Dropout(p=0.1, inplace=False)
)""".format(ATTENTION.format(True).replace("\n", "\n  "))


def test_transformers_of_torch_are_known():
    assert (count(LAYER).total_params, count(LAYER).complete) == (8544, True)
    assert count(LAYER).notes == ()
    answer = followed(LAYER, (10, 32))
    assert (answer.output, answer.complete) == ((10, 32), True)
    encoder = f"""TransformerEncoder(
  (layers): ModuleList(
    (0-2): 3 x {LAYER.replace(chr(10), chr(10) + "    ")}
  )
  (norm): LayerNorm((32,), eps=1e-05, elementwise_affine=True)
)"""
    assert followed(encoder, (10, 32)).total_params == count(encoder).total_params == 25696


def test_wrappers_are_read_through():
    for wrapper in ("DataParallel", "DistributedDataParallel"):
        words = f"{wrapper}(\n  (module): {BLOCK.replace(chr(10), chr(10) + '  ')}\n)"
        answer = followed(words, (4, 8, 8))
        assert answer.rows[0].name == "module.conv1"
        assert answer.complete


# -- Damage ---------------------------------------------------------------------------------------

CHILD = re.compile(r"(?:^|: *|x )[A-Za-z_]\w*\(", re.MULTILINE)
"""Where a module begins: its name and a bracket, at the start or behind the child's name."""


def modules(shown):
    """Return how many modules a tree shows, those that are alike once."""
    children = {id(child): child for _, child in shown.children if child is not None}
    return 1 + sum(map(modules, children.values()))


def damaged(words, at):
    """Yield texts with something dropped, doubled, swapped or put in."""
    lines = words.split("\n")
    place, row = at.randrange(1, len(words) - 1), at.randrange(len(lines) - 1)
    before, character, after = words[:place], words[place], words[place + 1 :]
    yield before + after
    yield before + 2 * character + after
    yield before + after[0] + character + after[1:]
    yield before + at.choice("():,. |│\N{NO-BREAK SPACE}\t=[]{}\"'#-0A") + character + after
    yield "\n".join(lines[:row] + lines[row + 1 :])
    yield "\n".join(lines[: row + 1] + lines[row:])
    yield "\n".join([*lines[:row], lines[row + 1], lines[row], *lines[row + 2 :]])
    yield "\n".join([*lines[:row], lines[row] + lines[row + 1], *lines[row + 2 :]])


def test_damage_is_refused_or_read_but_never_costs_a_layer():
    at = random.Random(0)
    texts = [PARAMETERS, MIXED, BLOCK, LAYER, parametrized("_WeightNorm"), PRINTED["squeezenet1_1"]]
    refused = 0
    for _ in range(150):
        for words in texts:
            for broken in damaged(words, at):
                try:
                    shown = parse(broken)
                except ConvcalcError as refusal:
                    refused += refusal.place is not None
                    continue
                assert modules(shown) >= len(CHILD.findall(broken)), broken
    assert refused > 3000


@pytest.mark.parametrize("words", PRINTS, ids=range(len(PRINTS)))
def test_an_attack_is_refused(words):
    with pytest.raises(ConvcalcError):
        count(words)
