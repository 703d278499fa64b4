"""Which model is meant where nobody says."""

import pytest

import convcalc
from convcalc.formulas import ConvcalcError
from convcalc.network.model import followed

HEAD = """import torch
import torch.nn as nn
class Block(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.fc = nn.Linear(8, width)
    def forward(self, x):
        return self.fc(x)
class Net(nn.Module):
    def __init__(self, width=5):
        super().__init__()
        self.block = Block(width)
    def forward(self, x):
        return self.block(x)
class Other(nn.Module):
    def forward(self, x):
        return x
"""


def output(rest, folder, expression=None, head=HEAD, **settings):
    file = folder / "net.py"
    file.write_text(head + rest)
    answer = followed(file, expression, [(8,)], **settings)
    assert answer.error is None, answer.error.sentence
    return answer.output


@pytest.mark.parametrize(
    "rest",
    [
        "netD = Net(6)\n",
        "if __name__ == '__main__':\n    netD = Net(6)\n",
        "net = Net(6)\nhelper = Other()\n",
        "helper = Other()\nmodel = Net(6)\nnet = Other()\n",
        "inner = Block(6)\nouter = nn.Sequential(inner)\n",
        "a = Net(6)\nb = a\n",
        "act = nn.ReLU()\nloss = nn.CrossEntropyLoss()\nD = Net(6)\n",
        "def make():\n    return Net(6)\nD = make().eval()\n",
        "if __name__ == '__main__':\n    helper = Other()\n    net = Net(6)\n",
    ],
)
def test_the_module_that_the_file_makes_is_meant(rest, tmp_path):
    assert output(rest, tmp_path) == (6,)


@pytest.mark.parametrize(
    ("rest", "listed"),
    [
        ("a = Net(6)\nb = Net(7)\n", "net.py has 4 models: net.py:a, net.py:b, net.py:Net or"),
        ("", "net.py has 2 models: net.py:Net or net.py:Other"),
        ("act = nn.ReLU()\n", "net.py has 2 models: net.py:Net or net.py:Other"),
        ("if __name__ == '__main__':\n    print('no model')\n", "net.py has 2 models"),
    ],
)
def test_several_are_listed(rest, listed, tmp_path):
    with pytest.raises(ConvcalcError) as refusal:
        output(rest, tmp_path)
    assert str(refusal.value).startswith(listed)


def test_a_model_of_the_file_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(ConvcalcError, match=r"torch\.load"):
        output("model = torch.load('net.pt')\n", tmp_path)


def test_the_one_class_that_no_other_uses_is_meant(tmp_path):
    head = HEAD.partition("class Other")[0]
    assert output("", tmp_path, head=head) == (5,)
    assert output("", tmp_path, head=head, defined={"width": 9}) == (9,)
    needed = head.replace("width=5", "width")
    with pytest.raises(ConvcalcError) as refusal:
        output("", tmp_path, head=needed)
    assert str(refusal.value) == ("Net needs width: net.py:Net(…) gives it, or --define width=…")


def test_an_expression_is_read_in_the_names_of_the_file(tmp_path):
    assert output("", tmp_path, "Net") == (5,)
    assert output("", tmp_path, "Net(width=3 * 2)") == (6,)
    assert output("", tmp_path, "lambda: Net(7)") == (7,)
    assert output("sizes = [3]\n", tmp_path, "nn.Sequential(Net(*sizes))") == (3,)
    assert output("if __name__ == '__main__':\n    size = 9\n", tmp_path, "Net(size)") == (9,)
    assert output("", tmp_path, "Net(w)", defined={"w": 7}) == (7,)


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("Nte", "net.py has no Nte: Net is the nearest name"),
        ("zzz()", "net.py has no zzz: there is no name like it"),
        ("Net(", "'Net(' is not an expression: Net or UNet(3, 2) is one"),
        ("3", "3 is an int, not a model: a class made from nn.Module, or what makes one, is"),
    ],
)
def test_an_expression_without_a_model_is_refused(expression, sentence, tmp_path):
    with pytest.raises(ConvcalcError) as refusal:
        output("", tmp_path, expression)
    assert str(refusal.value) == sentence


CONFIGURED = """class Net(nn.Module):
    def __init__(self, args, depth):
        super().__init__()
        self.args = args
        self.block = Block(args.width)
        self.name = args['model'].name.lower()
    def forward(self, x):
        return self.block(x) * self.args.scale
"""


@pytest.mark.parametrize(
    ("rest", "expression", "sentence"),
    [
        ("def main():\n    net = Net(width=3 * 2)\n", "Net",
         'Net needs width: "net.py:Net(width=3 * 2)", seen in line 16, gives it, '
         "or --define width=…"),
        ("K = 2\nif __name__ == '__main__':\n    print(Net(K))\n", "Net",
         'Net needs width: "net.py:Net(K)", seen in line 17, gives it, or --define width=…'),
        ("def main():\n    n = size = 3\n    k = n + 1\n    net = Net(k)\n", "Net",
         'Net needs width: "net.py:Net(3 + 1)", seen in line 18, gives it, or --define width=…'),
        ("def main():\n    n = 3\n    n += 1\n    net = Net(n)\n", "Net",
         "Net needs width: net.py:Net(…) as line 18 has it, Net(n), gives it, or "
         "--define width=…"),
        ("class A: pass\ndef main():\n    a = A()\n    a.n = 3\n    net = Net(a.n)\n", "Net",
         "Net needs width: net.py:Net(…) as line 19 has it, Net(a.n), gives it, or "
         "--define width=…"),
        ("def main(n):\n    net = Net(n)\n", "Net()",
         "Net needs width: net.py:Net(…) as line 16 has it, Net(n), gives it, or "
         "--define width=…"),
        ("def build(width, *, depth):\n    return Net(width)\n", "build",
         "build needs width and depth: net.py:build(…) gives them, or --define width=… "
         "--define depth=…"),
        ("def build(width=1, *, depth):\n    return Net(width)\nbuild(depth='it\\'s')\n", "build",
         "build needs depth: 'net.py:build(depth=\"it'\"'\"'s\")', seen in line 17, gives it, or "
         "--define depth=…"),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_by_name(rest, expression, sentence, tmp_path):
    head = HEAD.partition("class Other")[0].replace("width=5", "width")
    with pytest.raises(ConvcalcError) as refusal:
        output(rest, tmp_path, expression, head=head)
    assert str(refusal.value) == sentence


def test_the_entries_of_a_configuration_are_asked_for_by_name(tmp_path):
    head = HEAD.partition("class Net")[0] + CONFIGURED
    with pytest.raises(ConvcalcError) as refusal:
        output("", tmp_path, "Net", head=head)
    assert str(refusal.value) == (
        "Net needs args and depth: net.py:Net(…) gives them, or --define args.width=… "
        "--define args.model.name=… --define args.scale=… --define depth=…"
    )


@pytest.mark.parametrize("call", ["Net", "Net(args, 3)", "lambda: Net(args, 3)"])
def test_entries_make_a_configuration(call, tmp_path):
    head = HEAD.partition("class Net")[0] + CONFIGURED
    defined = {"args.width": 7, "args.model.name": "A", "args.scale": 2}
    if call == "Net":
        defined["depth"] = 1
    assert output("", tmp_path, call, head=head, defined=defined) == (7,)
    del defined["args.model.name"]
    with pytest.raises(ConvcalcError) as refusal:
        output("", tmp_path, call, head=head, defined=defined)
    assert str(refusal.value) == (
        "net.py, line 14: args.model isn't given, --define args.model=… gives it"
    )


def test_entries_go_into_what_is_the_default(tmp_path):
    head = HEAD.partition("class Net")[0] + "class Config:\n    width, depth = 3, 1\n"
    head += CONFIGURED.replace("args, depth", "args=Config(), depth=1")
    head = head.replace("args['model'].name.lower()", "args.depth").replace("* self.args.scale", "")
    assert output("", tmp_path, "Net", head=head) == (3,)
    assert output("", tmp_path, "Net", head=head, defined={"args.width": 6}) == (6,)


def test_a_package_is_read_before_its_file_that_takes_names_of_it(tmp_path):
    """As Python does where the package imports the file, too."""
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "base.py").write_text("import torch.nn as nn\nclass Base(nn.Module): pass\n")
    (package / "__init__.py").write_text(
        "from .base import *\nfrom .net import *\nfrom .net import Net as Own\nALIAS = Net\n"
    )
    file = package / "net.py"
    file.write_text(
        "from pkg import Base, nn\nclass Net(Base):\n    def __init__(self):\n"
        "        super().__init__()\n        self.fc = nn.Linear(8, 3)\n"
        "    def forward(self, x):\n        return self.fc(x)\n"
    )
    assert followed(file, "Net", [(8,)]).output == (3,)
    file.write_text(file.read_text().replace("from pkg", "from ."))
    assert followed(file, None, [(8,)]).output == (3,)


SCRIPT = """
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(n_words, width)

    def forward(self, x):
        return self.embed(x)[:, :n_steps]

if __name__ == "__main__":
    n_steps, width = 2, 5
    words = list(set("i like dogs and i like cats".split()))
    places = {word: at for at, word in enumerate(words)}
    n_words = len(places)
    import trainer
    trainer.fit(Net())
"""


def test_names_that_are_set_where_the_file_is_run_are_a_class_s_too(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    answer = convcalc.net(f"{path}:Net()", (7,))
    assert (answer.output, answer.total_params) == ((2, 5), 25)
    path.write_text(SCRIPT.replace("n_steps, width", "n_stops, width"))
    answer = convcalc.net(f"{path}:Net()", (7,))
    assert answer.error is not None
    assert "n_steps isn't defined" in answer.error.message


def test_texts_without_an_order_are_taken_where_none_makes_another_network(tmp_path):
    path = tmp_path / "words.py"
    path.write_text("""
import torch.nn as nn
sizes = {"a": 8, "b": 16, "c": 8}
width, layers, same = 4, [], []
for name in set(sizes):
    layers.append(nn.Linear(width, sizes[name]))
    same.append(nn.Linear(4, 4, bias=name != "b" and len(same) == 1))
    width = sizes[name]
""")
    with pytest.raises(convcalc.ConvcalcError, match="depends on the order of a set of texts"):
        convcalc.net(f"{path}:nn.Sequential(*layers)", (4,))
    with pytest.raises(convcalc.ConvcalcError, match="depends on the order of a set of texts"):
        convcalc.net(f"{path}:nn.Sequential(*same)", (4,))
    path.write_text("import torch.nn as nn\nn = len(list(set('abc')))\nnet = nn.Linear(n, 2)\n")
    assert convcalc.net(str(path), (3,)).total_params == 8


def test_a_loop_that_trains_leaves_steps_for_the_model(tmp_path):
    path = tmp_path / "train.py"
    loop = """
for step in range(10000):
    total = 0
    for each in range(100):
        total += each * step
"""
    path.write_text(f"import torch.nn as nn\n{loop * 5}\nnet = nn.Linear(4, 2)\n")
    assert convcalc.net(str(path), (4,)).total_params == 10


def test_what_numpy_holds_is_named_where_it_comes_out(tmp_path):
    path = tmp_path / "out.py"
    path.write_text("""
import torch.nn as nn

class Net(nn.Module):
    def forward(self, x):
        return x, x.detach().cpu().numpy()

class Summed(nn.Module):
    def forward(self, x):
        return x.numpy().sum()

class Picked(nn.Module):
    def forward(self, x):
        return x[:, [*range(x.size(0))]]
""")
    assert convcalc.net(f"{path}:Net", (4,)).output == ((4,), "ndarray")
    with pytest.raises(convcalc.ConvcalcError, match="numpy's array of batch × 4 isn't followed"):
        convcalc.net(f"{path}:Summed", (4,))
    with pytest.raises(convcalc.ConvcalcError, match="how many samples there are"):
        convcalc.net(f"{path}:Picked", (4,))


def test_a_loop_over_what_is_loaded_changes_only_what_it_sets(tmp_path):
    path = tmp_path / "loaded.py"
    text = """
import torch.nn as nn
import torch.utils.model_zoo as zoo

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, sizes, state = nn.Linear(4, 2), [], self.state_dict()
        for name, value in zoo.load_url("https://weights").items():
            if name in state:
                state[name] = value
            sizes.append(value.shape[0])
        self.load_state_dict(state)
        self.out = nn.Linear(2, WIDTH)

    def forward(self, x):
        return self.out(self.fc(x))
"""
    path.write_text(text.replace("WIDTH", "3"))
    assert convcalc.net(str(path), (4,)).total_params == 19
    path.write_text(text.replace("WIDTH", "len(sizes)"))
    with pytest.raises(convcalc.ConvcalcError, match="load_url"):
        convcalc.net(str(path), (4,))
    path.write_text(text.replace("WIDTH", "3").replace("state[name] = value", "return"))
    with pytest.raises(convcalc.ConvcalcError, match="load_url"):
        convcalc.net(str(path), (4,))


def test_what_a_mask_chooses_is_put_back_where_it_is_true(tmp_path):
    path = tmp_path / "mask.py"
    path.write_text("""
import torch.nn as nn

class Net(nn.Module):
    def forward(self, x, y):
        mask = x > y
        x[mask] = y[mask] * 2
        return x

class Chosen(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x[x.sum(1) > 0])
""")
    assert convcalc.net(f"{path}:Net", (4,), (4,)).output == (4,)
    with pytest.raises(convcalc.ConvcalcError, match="a mask chooses"):
        convcalc.net(f"{path}:Chosen", (4,))


def test_what_a_configuration_lacks_ends_no_top_level(tmp_path):
    path = tmp_path / "play.py"
    path.write_text("""
import gym
import torch.nn as nn
env = gym.make("CartPole-v0")

class Net(nn.Linear):
    def __init__(self):
        super().__init__(env.observation_space.shape[0], env.action_space.n)

net = Net()
state = env.reset()
""")
    with pytest.raises(convcalc.ConvcalcError, match="gym"):
        convcalc.net(str(path), (4,))
    space = {"shape": [4]}
    define = {"env": {"observation_space": space, "action_space": {"n": 2}}}
    assert convcalc.net(str(path), (4,), define=define).total_params == 10
    define = {"env.observation_space": space, "env.action_space.n": 2}
    answer = convcalc.net(str(path), (4,), define=define)
    assert answer.total_params == 10


def test_a_path_of_what_is_not_known_is_not_known(tmp_path):
    path = tmp_path / "paths.py"
    path.write_text("""
import torch.nn as nn
import requests
from pathlib import Path

class Word(str): pass

class Net(nn.Linear):
    def __init__(self, kind):
        super().__init__(4, len(str(kind(requests.get("https://name")))))
""")
    for kind in ("Path", "Word"):
        with pytest.raises(convcalc.ConvcalcError, match="requests"):
            convcalc.net(f"{path}:Net({kind})", (4,))
