"""Modules against PyTorch's answers: names, states, texts, errors (tests/data/make_modules.py)."""

import json
from pathlib import Path

import module_programs
import pytest

from convcalc.layers.vocabulary import LAYERS, LOSSES
from convcalc.network.libraries import find
from convcalc.network.torch.dtypes import ROWS
from convcalc.network.torch.layers import room_of
from convcalc.network.torch.module import Module
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.files import read
from convcalc.reading.values import Library, Unknown

TESTS = Path(__file__).parents[2]
TRUTH = json.loads((TESTS / "data" / "modules.json").read_text("utf-8"))
PLAIN = set(vars(Module()))
INSIDE = {"_flat_weights", "_flat_weights_names", "_all_weights", "_flat_weight_refs",
          "_initialize_hook", "_load_hook"}  # fmt: skip
"""What PyTorch's layers keep for themselves: it isn't followed."""


class Names:
    """A library whose names are reached as Python's own."""

    def __init__(self, library):
        self._library = library

    def __getattr__(self, name):
        found = self._library.get(name)
        return Names(found) if isinstance(found, Library) else found


TORCH = Names(TORCH_LIBRARY)


def as_given(value):
    return tuple(map(as_given, value)) if isinstance(value, list) else value


def made(case):
    named = {name: as_given(value) for name, value in case["kwargs"].items()}
    return getattr(TORCH.nn, case["layer"])(*as_given(case["args"]), **named)


def shown(case):
    layer = made(case)
    lazy = case["layer"].startswith("Lazy")
    state = layer.state_dict()
    return {
        "text": repr(layer),
        "state": {}
        if lazy
        else {n: [list(each.shape), str(each.dtype)] for n, each in state.items()},
        "members": [] if lazy else [[*layer._parameters], [*layer._buffers], [*layer._modules]],
        "attributes": sorted(set(vars(layer)) - PLAIN),
    }


@pytest.mark.parametrize("name", sorted({case["layer"] for case in TRUTH["layers"]}))
def test_layers_hold_and_show_what_those_of_pytorch_do(name):
    for case in TRUTH["layers"]:
        if case["layer"] == name:
            expected = {key: case[key] for key in ("text", "state", "members")}
            expected["attributes"] = sorted(set(case["attributes"]) - INSIDE)
            assert shown(case) == expected, case


@pytest.fixture(scope="module")
def found():
    """What the programs find that are read."""
    asked = [f"{name} = answer({name!r}, torch, nn, copy.deepcopy)" for name in TRUTH["programs"]]
    words = Path(module_programs.__file__).read_text("utf-8")
    return read("\n".join([words, "import copy, torch", "from torch import nn", *asked]),
                importer=find)  # fmt: skip


@pytest.mark.parametrize("name", module_programs.PROGRAMS)
def test_programs_that_are_read_find_what_they_find_in_pytorch(name, found):
    assert found[name] == TRUTH["programs"][name], getattr(found[name], "why", "")


def test_every_kind_of_numbers_is_asked_about():
    asked = {each[0] for each in TRUTH["programs"]["kinds_of_numbers"]["finds"]}
    assert {f"torch.{name}" for name, *_ in ROWS} == asked, (
        "name it in kinds_of_numbers of tests/module_programs.py and run tests/data/make_modules.py"
    )


def test_the_module_of_a_library_is_reached_in_plain_python():
    nn = TORCH.nn
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 7 * 7, 5))
    assert net(TORCH.zeros(2, 3, 9, 9)).shape == (2, 5)


def test_a_loss_of_every_number_has_the_shape_of_its_function():
    nn, x = TORCH.nn, TORCH.zeros(4, 3)
    classes = TORCH.zeros(4, dtype=TORCH.long)
    assert nn.MSELoss(reduction="none")(x, x).shape == (4, 3)
    assert nn.CrossEntropyLoss(reduction="none")(x, classes).shape == (4,)
    assert nn.TripletMarginLoss(reduction="none")(x, x, x).shape == (4,)
    assert nn.LinearCrossEntropyLoss(3, 5, reduction="none")(x, classes).shape == (4,)


REFUSED = {
    "net = nn.ReLU(); net.register_forward_hook(print); found = net(x)": "a forward hook",
    "net = nn.ReLU(); net.register_forward_pre_hook(print); found = net(x)": "a forward hook",
    "net = nn.Conv2d(3, 8, 3); net.weight = nn.Parameter(torch.zeros(8, 1, 3, 3)); found = net(x)":
        "weight of the Conv2d was changed",
    "net = nn.Conv2d(3, 8, 3); del net.weight; found = net(x)": "weight of the Conv2d was changed",
    "net = nn.Conv2d(3, 8, 3); net.transposed = True; found = net(x)":
        "transposed of the Conv2d was changed",
    "net = nn.Linear(9, 8); net.in_features = 5; found = net(x)": "was changed",
    "net = nn.Linear(9, 8); net.__dict__['in_features'] = 5; found = net(x)": "was changed",
    "net = nn.Conv2d(3, 8, 3); net.stride = unread.stride; found = net(x)": "unread.stride",
    "net = nn.Sequential(); net.add_module('a', unread.a); found = sum(1 for _ in net.modules())":
        "unread.a",
    "net = nn.Sequential(nn.ReLU()); net[0] = unread.a; found = list(net.parameters())": "unread.a",
    "net = nn.Linear(9, 8); net.weight = unread.a; found = [*net.state_dict()]": "unread.a",
    "net = nn.Linear(unread.a, 8); found = net": "unread.a",
    "class N(nn.BatchNorm2d):\n  def _check_input_dim(self, x): pass\nfound = N(3)(x)":
        "_check_input_dim of N isn't followed",
    "class N(nn.modules.conv._ConvNd): pass\nfound = N(3)": "torch's _ConvNd isn't followed",
    "class P(nn.Parameter): pass\nfound = P(x)": "Named isn't followed",
    "class N(nn.Module):\n  call_super_init = True\nfound = N()": "call_super_init",
    "net = nn.LSTM(3, 4); found = net.all_weights + []": "all_weights",
    "net = nn.LSTM(3, 4); found = net._flat_weights": "_flat_weights",
    "found = nn.ReLU().state_dict({})": "without names",
    "torch.set_default_dtype(torch.float64); found = unread.a": "another default dtype",
    "nn.Module.forward = print; found = 5": "forward is set to something else",
}  # fmt: skip
"""Programs that aren't followed, and what the refusal says."""


@pytest.mark.parametrize("program", REFUSED)
def test_what_is_not_followed_is_refused(program):
    start = "import torch, unread\nfrom torch import nn\nx = torch.zeros(2, 3, 9, 9)\n"
    try:
        found = read(start + program.replace("; ", "\n"), importer=find)["found"]
    except NotUnderstood as refusal:
        said = str(refusal)
    else:
        assert isinstance(found, Unknown), found
        said = found.why
    assert REFUSED[program] in said


UNCHANGED = (
    "optimizer = torch.optim.Adam(net.parameters(), lr=1e-3); optimizer.step()",
    "from torch.utils.data import DataLoader; loader = DataLoader(net, 8)",
    "from torch.utils.tensorboard import SummaryWriter; SummaryWriter().add_graph(net, x)",
    "import wandb; wandb.watch(net); wandb.log({'net': net})",
    "from tqdm import tqdm; tqdm(net)",
    "from torchsummary import summary; summary(net, (3, 9, 9))",
    "torch.save(net.state_dict(), 'x.pt'); torch.manual_seed(0)",
    "net.load_state_dict(torch.load('x.pt'))",
    "nn.utils.clip_grad_norm_(net.parameters(), 1.0)",
    "scaler = torch.cuda.amp.GradScaler(); scaler.scale(net)",
    "net = net.to('cpu').cuda().cpu().to(torch.device('cuda:0'))",
    "net = torch.compile(torch.jit.script(net), mode='default')",
    "with torch.no_grad(), torch.autocast('cpu', enabled=False):\n  net(x)",
)


@pytest.mark.parametrize("program", UNCHANGED)
def test_what_trains_saves_and_logs_leaves_a_model_as_it_is(program):
    lines = ["import torch", "from torch import nn", "x = torch.zeros(2, 3, 9, 9)",
             "net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())", *program.split("; "),
             "found = sum(p.numel() for p in net.parameters()), list(net(x).shape)"]  # fmt: skip
    assert read("\n".join(lines), importer=find)["found"] == (224, [2, 8, 7, 7])


def test_what_is_handed_to_a_stranger_is_not_known():
    lines = ["import stranger", "from torch import nn", "net = nn.Sequential(nn.ReLU())",
             "stranger.rebuild(net)", "found = len(net)"]  # fmt: skip
    assert isinstance(read("\n".join(lines), importer=find)["found"], Unknown)


SIGNATURES = json.loads((TESTS / "data" / "signatures.json").read_text("utf-8"))["modules"]


@pytest.mark.parametrize("name", sorted({*LAYERS, *LOSSES} & SIGNATURES.keys()))
def test_a_class_stands_in_the_module_of_pytorch_that_has_it(name):
    assert room_of(name) == f"torch.nn.modules.{SIGNATURES[name]['module']}"
