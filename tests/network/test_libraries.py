"""What programs make of torch's names, read through `libraries.find`: as PyTorch 2.13 shows it."""

import pytest

from convcalc.network import libraries
from convcalc.reading.files import Project
from convcalc.reading.values import Unknown

HEAD = "import torch\nimport torch.nn as nn\n"


def project_of(code):
    project = Project.of_text(HEAD + code, "net.py", libraries.find)
    project.main.read()
    return project


SHOWN = {
    "'%s' % (nn.ReLU,)": "<class 'torch.nn.modules.activation.ReLU'>",
    "'%s' % nn.ReLU()": "ReLU()",
    "str([nn.ReLU(), nn.Conv2d(1, 2, 3)])": "[ReLU(), Conv2d(1, 2, kernel_size=(3, 3), "
    "stride=(1, 1))]",
    "repr(nn.Sequential(nn.ReLU()))": "Sequential(\n  (0): ReLU()\n)",
    "f'{nn.ReLU()}'": "ReLU()",
    "f'{nn.ReLU()!r:>8}'": "  ReLU()",
    "'{}'.format([nn.ReLU])": "[<class 'torch.nn.modules.activation.ReLU'>]",
    "'a' + str(nn.ReLU())": "aReLU()",
    "nn.Linear(1, 2).__class__.__name__": "Linear",
    "nn.Linear.__module__": "torch.nn.modules.linear",
    "str(torch.float)": "torch.float32",
    "str(torch.zeros(2, 3).shape)": "torch.Size([2, 3])",
}


@pytest.mark.parametrize("code", SHOWN)
def test_what_pytorch_shows(code):
    assert project_of(f"value = {code}").main.names["value"] == SHOWN[code]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (
            "_single(3), _pair(3), _triple(3), _quadruple(3)",
            ((3,), (3, 3), (3, 3, 3), (3, 3, 3, 3)),
        ),
        ("_pair([4, 5]), _triple((1, 2))", ((4, 5), (1, 2))),
        ("_ntuple(5)(2)", (2, 2, 2, 2, 2)),
        ("_pair('a'), _ntuple(2)(range(3))", (("a",), (0, 1, 2))),
    ],
)
def test_as_many_as_there_are_axes(code, value):
    names = "_ntuple, _pair, _quadruple, _single, _triple"
    project = project_of(f"from torch.nn.modules.utils import {names}\nvalue = {code}")
    assert project.main.names["value"] == value


@pytest.mark.parametrize(
    "code", ["nn.__dict__", "nn.__spec__", "nn.NoSuchLayerYet", "torch.ops.own.kernel"]
)
def test_what_is_not_followed(code):
    project = project_of(f"value = {code}")
    assert project.main.ended is None
    assert isinstance(project.main.names["value"], Unknown)


def test_what_pytorch_raises():
    ended = project_of("value = '%d' % nn.ReLU").main.ended
    assert type(ended) is TypeError


@pytest.mark.parametrize("name", ["torch", "torch.nn.functional", "einops", "numpy", "tqdm"])
def test_libraries_are_known_by_name(name):
    assert libraries.find(name) is not None


@pytest.mark.parametrize("name", ["timm", "models", ""])
def test_and_others_are_not(name):
    assert libraries.find(name) is None
