"""What is known of other libraries: einops, NumPy, Lightning, huggingface_hub."""

import pytest

from convcalc.network.answer.trace import Trace
from convcalc.network.libraries import find, front
from convcalc.network.packages.known_libraries import HARMLESS, is_harmless
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.files import Project, read
from convcalc.reading.texts.folders import Packages
from convcalc.reading.values import Unknown

START = """
import math
import numpy as np
import torch
from torch import nn
from einops import einsum, pack, parse_shape, rearrange, reduce, repeat, unpack
from einops.layers.torch import Rearrange, Reduce
import pytorch_lightning as pl
from huggingface_hub import PyTorchModelHubMixin
x = torch.zeros(2, 3, 8, 4)
"""
FOUND = {
    "list(rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=2, q=4).shape)": [2, 4, 24],
    "list(rearrange([x, x], 'n b ... -> b n ...').shape)": [2, 2, 3, 8, 4],
    "list(reduce(x, 'b c h w -> b c', 'mean').shape)": [2, 3],
    "list(reduce(x, 'b c (h 2) (w 2) -> b c h w', 'max').shape)": [2, 3, 4, 2],
    "list(repeat(x, 'b c h w -> b (r c) h w 1', r=2).shape)": [2, 6, 8, 4, 1],
    "list(einsum(x, torch.zeros(5, 3), 'b c h w, d c -> b d h w').shape)": [2, 5, 8, 4],
    "parse_shape(x, 'b _ h w')": {"b": 2, "h": 8, "w": 4},
    "[list(each.shape) for each in unpack(torch.zeros(22, 3), [(2,), (4, 5)], '* d')]":
        [[2, 3], [4, 5, 3]],
    "list(pack([torch.zeros(2, 3), torch.zeros(4, 5, 3)], '* d')[0].shape)": [22, 3],
    "list(nn.Sequential(Rearrange('b c h w -> b (c h w)'), nn.Linear(96, 5))(x).shape)": [2, 5],
    "list(Reduce('b c h w -> b c h', 'max')(x).shape)": [2, 3, 8],
    "str(Reduce('b (c k) -> b c', 'sum', k=2))": "Reduce('b (c k) -> b c', 'sum', k=2)",
    "int(np.prod(x.shape[1:])), int(np.sqrt(16)), np.ceil(7 / 2)": (96, 4, 4.0),
    "list(np.random.randn(3, 4).shape)": [3, 4],
    "list(np.random.randint(0, 3, size=(5,)).shape)": [5],
}  # fmt: skip


@pytest.mark.parametrize("expression", FOUND)
def test_libraries_answer_as_they_do(expression):
    assert read(f"{START}found = {expression}", importer=find)["found"] == FOUND[expression]


RAISED = {
    "rearrange(x, 'b c h w -> b c h')": "w stands on the left alone",
    "rearrange(x, 'b c h w')": "has to have one ->",
    "rearrange(x, 'b c (h p) w -> b c h p w', p=3)": "8 can't be divided by 3",
    "rearrange(x, 'b _ h w -> b h w')": "_ can't be the name of an axis",
    "reduce(x, 'b c h w -> b c', 'median')": "median is none of",
    "Rearrange('b c h w -> b (c h w)', 'sum')": "takes only its pattern by position",
}


@pytest.mark.parametrize("expression", RAISED)
def test_libraries_raise_as_they_do(expression):
    program = f"{START}try:\n  {expression}\nexcept Exception as error:\n  found = str(error)"
    assert RAISED[expression] in read(program, importer=find)["found"]


CLASSES = """
class Lit(pl.LightningModule):
    def __init__(self, width=8):
        super().__init__()
        self.save_hyperparameters()
        self.fc = nn.Linear(4, width)

    def forward(self, x):
        self.log("x", x)
        return self.fc(x)


class Kept(nn.Module, PyTorchModelHubMixin, license="mit"):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)

    def forward(self, x):
        return self.fc(x)


lit, kept = Lit(), Kept()
pl.Trainer(max_epochs=3).fit(lit)
lit.freeze()
kept.push_to_hub("name")
found = list(lit(x).shape), list(kept(x).shape), [each.requires_grad for each in lit.parameters()]
width = lit.hparams.width
"""


def test_bases_of_other_libraries_are_modules_and_leave_them_as_they_are():
    packages = Packages(written=front)
    project = Project.of_text(START + CLASSES, "lit.py", find, packages=packages)
    watched = WATCHER.set(Trace(project.reader.frames))
    project.main.read()
    WATCHER.reset(watched)
    names = project.main.names
    assert names["found"] == ([2, 3, 8, 8], [2, 3, 8, 8], [False, False])
    assert names["width"] == 8


HYPERPARAMETERS = """
import argparse
class Lit(pl.LightningModule):
    def __init__(self, a=1, b=2, **more):
        super().__init__()
        self.save_hyperparameters({words})
class Below(Lit):
    def __init__(self, c, a=7):
        super().__init__(a=3, d=4)
found = dict({made}.hparams)
"""


@pytest.mark.parametrize(
    ("words", "made", "kept"),
    [
        ("", "Lit(5, z=0)", {"a": 5, "b": 2, "z": 0}),
        ("'b'", "Lit(5)", {"b": 2}),
        ("ignore='a'", "Lit(5)", {"b": 2}),
        ("ignore=['a', 'x']", "Lit(5)", {"b": 2}),
        ("a", "Lit({'w': 3})", {"w": 3}),
        ("a", "Lit(argparse.Namespace(w=3))", {"w": 3}),
        ("", "Below(1)", {"a": 7, "b": 2, "d": 4, "c": 1}),
    ],
)
def test_lightning_keeps_the_arguments_of_the_inits_under_way(words, made, kept):
    """As Lightning's `collect_init_args` does: a class below has the last word."""
    program = START + HYPERPARAMETERS.format(words=words, made=made)
    project = Project.of_text(program, "lit.py", find, packages=Packages(written=front))
    watched = WATCHER.set(Trace(project.reader.frames))
    project.main.read()
    WATCHER.reset(watched)
    assert project.main.names["found"] == kept


OF_TORCH = {
    "torch.cuda.is_current_stream_capturing(), torch.xpu.is_available()": (False, False),
    "torch._dynamo.mark_static_address(x)": None,
    "hasattr(x, '_is_marked')": False,
    "isinstance(x, torch.nn.attention.flex_attention.BlockMask)": False,
    "torch.arange(0, 3, 1.0, dtype=torch.int64).tolist()": [0, 1, 2],
    "(np.cumsum([2, 3, 16]) - 1).tolist()": [1, 4, 20],
    "list(x.repeat_interleave(2, 1, output_size=6).shape)": [2, 6, 8, 4],
    "list(torch.addmm(x[0, 0], mat1=x[0, 0], mat2=torch.zeros(4, 4)).shape)": [8, 4],
    "list(x[0].baddbmm(batch1=x[0], batch2=torch.zeros(3, 4, 4)).shape)": [3, 8, 4],
}


@pytest.mark.parametrize("expression", OF_TORCH)
def test_what_packages_ask_torch_for(expression):
    assert read(f"{START}found = {expression}", importer=find)["found"] == OF_TORCH[expression]


def test_what_stands_below_a_harmless_library_is_harmless():
    assert is_harmless("matplotlib.cm.viridis")
    assert not is_harmless("torchvision.models")
    for name in HARMLESS:
        found = find(f"{name}.Something")
        assert isinstance(found, Unknown)
        assert found.harmless
        assert find(name) is not None


def test_libraries_that_nobody_knows_are_left_to_the_reader():
    assert find("timm.models") is None
    assert find("torch.nn.Conv2d") is None
    assert repr(find("torch.nn.modules.conv")) == "torch.nn.modules.conv"
