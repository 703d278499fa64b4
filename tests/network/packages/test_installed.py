"""Models of packages that are installed: small texts of our own in the packages' shapes."""

import json

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.network.model import followed
from convcalc.network.packages.arrays import array
from convcalc.reading.exceptions import NotUnderstood

REGISTRY = {
    "timm/__init__.py": "from .models import create_model\n",
    "timm/models/__init__.py": (
        "from .resnet import *\nfrom .vit import *\n"
        "from ._factory import create_model\nfrom ._registry import is_model, model_entrypoint\n"
    ),
    "timm/models/_factory.py": (
        "from ._registry import is_model, model_entrypoint\n"
        "def create_model(name, **kwargs):\n"
        "    if not is_model(name): raise RuntimeError(f'Unknown model ({name})')\n"
        "    return model_entrypoint(name)(**kwargs)\n"
    ),
    "timm/models/_registry.py": (
        "import sys\n_model_entrypoints = {}\n_counted = []\n"
        "def get_arch_name(name): return name.split('.')[0]\n"
        "def generate_default_cfgs(cfgs):\n"
        "    return {get_arch_name(name): cfg for name, cfg in cfgs.items()}\n"
        "def register_model(fn):\n"
        "    module = sys.modules[fn.__module__]\n"
        "    _counted.append(module.default_cfgs[fn.__name__])\n"
        "    _model_entrypoints[fn.__name__] = fn\n    return fn\n"
        "def is_model(name): return get_arch_name(name) in _model_entrypoints\n"
        "def model_entrypoint(name): return _model_entrypoints[get_arch_name(name)]\n"
        "def is_model_pretrained(name): return False\n"
        "def get_pretrained_cfg(name): return None\n"
        "def get_pretrained_cfg_value(name, key): return None\n"
        "def get_arch_pretrained_cfgs(name): return {}\n"
    ),
    "timm/models/resnet.py": (
        "from torch import nn\nfrom ._registry import generate_default_cfgs, register_model\n"
        "default_cfgs = generate_default_cfgs({'resnet9': {}, 'resnet18.tag': {}})\n"
        "@register_model\ndef resnet9(classes=10): return nn.Linear(4, classes)\n"
        "@register_model\ndef resnet18(classes=10): return nn.Linear(4, 2 * classes)\n"
    ),
    "timm/models/vit.py": "raise RuntimeError('nobody needs it')\n",
    "timm-1.0.dist-info/METADATA": "",
}


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Return what asks a program, with packages in an environment beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    site = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    site.mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("", encoding="utf-8")

    def ask(files, program, *shapes, expression="model"):
        for path, words in files.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(words, encoding="utf-8")
        (tmp_path / "net.py").write_text(program, encoding="utf-8")
        return followed(tmp_path / "net.py", expression, list(shapes))

    return ask


def test_a_model_of_a_registry(asked):
    answer = asked(
        REGISTRY, "import timm\nmodel = timm.create_model('resnet18.tag', classes=3)", (4,)
    )
    assert (answer.output, answer.total_params) == ((6,), 30)
    assert any(note.startswith("timm 1.0 is read from ") for note in answer.notes)


def test_a_room_that_is_known_besides_a_package_that_is_read(asked):
    """Data sets and the like, where the package that they stand in is installed."""
    files = {
        "torchvision/__init__.py": "from torchvision import datasets, models\n",
        "torchvision/datasets/__init__.py": "raise RuntimeError('nobody needs it')\n",
        "torchvision/models/__init__.py": "from torch import nn\n"
        "def resnet9(): return nn.Linear(4, 9)\n",
    }
    program = (
        "import torchvision\nfrom torchvision import datasets\nfrom torch import nn\n"
        "data = torchvision.datasets.MNIST(root='data')\nmore = datasets.MNIST(root='data')\n"
        "model = torchvision.models.resnet9()\n"
    )
    assert asked(files, program, (4,)).output == (9,)


def test_a_name_that_is_not_there(asked):
    answer = asked(REGISTRY, "import timm\nmodel = timm.create_model('resnet81')", (4,))
    assert "resnet18 is the nearest name" in answer.error.sentence


def test_what_would_need_all_of_a_registry(asked):
    with pytest.raises(NotUnderstood, match="too many to read"):
        asked(REGISTRY, "import timm\nmodel = timm.models._registry.list_models()[0]", (4,))


def test_what_a_package_does_without(asked):
    """What isn't installed fails to import, whatever else the package expects to fail there."""
    files = {
        "zoo.py": "from torch import nn\n"
        "try:\n    import fast.kernels\n    width = fast.kernels.width()\n"
        "except Exception:\n    width = 3\n"
        "def make(): return nn.Linear(4, width)\n"
    }
    assert asked(files, "import zoo\nmodel = zoo.make()", (4,)).output == (3,)


def test_a_folder_of_somebodys_own(asked):
    """Where packages keep what they download isn't known, and most of them ask."""
    files = {
        "zoo.py": "import os\nfrom torch import nn\n"
        "kept = os.path.join(os.path.expanduser('~'), '.cache')\n"
        "kept = os.path.expandvars(os.getenv('ZOO', os.path.join(kept, 'zoo')))\n"
        "def make(): return nn.Linear(4, 3)\n"
    }
    assert asked(files, "import zoo\nmodel = zoo.make()", (4,)).output == (3,)


def test_only_what_gives_a_name_is_read(asked):
    """A file with a list of its names gives none that it merely imports."""
    files = {
        "zoo/__init__.py": "from .models import *\n",
        "zoo/models/__init__.py": "from .first import *\nfrom .second import *\n",
        "zoo/models/first.py": "from torch import nn\nfrom .. import helping as helper\n"
        "class First(nn.Linear):\n    def __init__(self): super().__init__(4, helper.width)\n",
        "zoo/models/second.py": "from .. import helping\n__all__ = ['Second']\n"
        "raise RuntimeError('nobody needs it')\n",
        "zoo/helping.py": "width = 5\n",
    }
    assert asked(files, "import zoo\nmodel = zoo.First()", (4,)).output == (5,)


LOADED = {
    "zoo.py": "from torch import nn\nfrom torch.hub import load_state_dict_from_url\n"
    "def make(weights=True):\n"
    "    net = nn.Linear(4, 3)\n"
    "    if weights: net.load_state_dict(load_state_dict_from_url('somewhere'))\n"
    "    return net\n"
}


def test_weights_that_a_package_would_load(asked):
    said = "The weights of Linear aren't loaded: only its architecture is looked at."
    answer = asked(LOADED, "import zoo\nmodel = zoo.make()", (4,))
    assert answer.total_params == 15
    assert said in answer.notes
    assert said not in asked(LOADED, "import zoo\nmodel = zoo.make(False)", (4,)).notes


def test_a_package_that_is_not_found(asked):
    with pytest.raises(NotUnderstood, match=r"--site FOLDER .*print\(model\)") as refusal:
        asked({}, "import zoo\nmodel = zoo.create_model('resnet18')", (4,))
    assert "zoo.create_model" in str(refusal.value)


def test_a_package_that_stops_the_reading(asked):
    files = {"zoo.py": "import strange\ndef make():\n    x = 1\n    return strange.thing(x)\n"}
    with pytest.raises(NotUnderstood, match=r"FILE\.py:function\(\) .*print\(model\)"):
        asked(files, "import zoo\nmodel = zoo.make()", (4,))


HOSTILE = {
    "while True: pass\n": "steps",
    "size = [0] * 10**10\n": "too large",
    "size = 'a' * 10\nwhile True: size += size\n": "too large",
    "def deeper(n): return deeper(n + 1)\nsize = deeper(0)\n": "nested too deep",
    "from .circle import size\n": "nested too deep",
    "import os\nos.system('touch harmed')\nsize = open('harmed', 'w').write('x')\n": "known",
    "size = len(open('/etc/passwd').read())\n": "known",
}


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_package_is_refused_and_harms_nothing(asked, tmp_path, words):
    files = {"bad/__init__.py": words, "bad/circle.py": "from . import size\n",
             "bad.pth": "import os; os.system('touch harmed')\n"}  # fmt: skip
    program = "import bad\nfrom torch import nn\nmodel = nn.Linear(4, bad.size)\n"
    with pytest.raises(ConvcalcError, match=HOSTILE[words]):
        asked(files, program, (4,))
    assert not (tmp_path / "harmed").exists()


def test_the_nearest_name_of_a_package(asked):
    files = {"zoo.py": "from torch import nn\ndef resnet18(): return nn.Linear(4, 3)\n"}
    for program in (
        "import zoo\nmodel = zoo.resnet81()", "from zoo import resnet81\nmodel = resnet81()"
    ):  # fmt: skip
        assert "resnet18 is the nearest name" in asked(files, program, (4,)).error.sentence


MIXIN = (
    "from torch import nn\nfrom huggingface_hub import PyTorchModelHubMixin\n"
    "class Net(nn.Module, PyTorchModelHubMixin, license='mit'):\n"
    "    def __init__(self, width=8, depth=1):\n"
    "        super().__init__()\n"
    "        self.layers = nn.Sequential(*[nn.Linear(4, width) for _ in range(depth)])\n"
    "    def forward(self, x): return self.layers(x)\n"
)


def test_a_folder_says_how_its_model_is_made(asked, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "config.json").write_text(json.dumps({"width": 5, "other": 1}))
    answer = asked({}, f"{MIXIN}model = Net.from_pretrained('./kept')", (4,))
    assert answer.total_params == 25


@pytest.mark.parametrize("name", ["somebody/net", "../outside"])
def test_a_name_of_a_hub_is_refused(asked, tmp_path, name):
    (tmp_path.parent / "outside").mkdir(exist_ok=True)
    (tmp_path.parent / "outside" / "config.json").write_text("{}")
    with pytest.raises(NotUnderstood, match="nothing is downloaded"):
        asked({}, f"{MIXIN}model = Net.from_pretrained({name!r})", (4,))


def test_a_configuration_that_is_no_json(asked, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "config.json").write_text("{width: 5")
    with pytest.raises(ConvcalcError, match="is not JSON"):
        asked({}, f"{MIXIN}model = Net.from_pretrained('kept')", (4,))


ARRAYS = {  # as NumPy 2.4 shows them
    "array([3, 4]) // 2": [1, 2],
    "(array((3, 4)) - 1) * array([2, 0]) % 2 == 1": [False, False],
    "array([[1, 2], [3, 4]]).get('prod')(0)": [3, 8],
    "array([[1, 2], [3, 4]]) + array([10, 20])": [[11, 22], [13, 24]],
    "array([1.5, 2]).get('astype')(int)": [1, 2],
    "array([[1, 2], [3, 4]])[1]": [3, 4],
    "array([5, 6, 7])[1:]": [6, 7],
    "-array([1, 2]) ** 2": [-1, -4],
    "array(range(6)).get('reshape')(2, -1)": [[0, 1, 2], [3, 4, 5]],
    "2 / array([4, 8])": [0.5, 0.25],
    "~array([True, False])": [False, True],
}


@pytest.mark.parametrize("expression", ARRAYS)
def test_small_arrays(expression):
    assert eval(expression, {"array": array}).tolist() == ARRAYS[expression]


def test_arrays_that_do_not_fit():
    with pytest.raises(ValueError, match="broadcast"):
        array([1, 2]) + array([1, 2, 3])
    with pytest.raises(ValueError, match="ambiguous"):
        bool(array([1, 2]))
    with pytest.raises(NotUnderstood):
        array([1, 2])[array([0])]
