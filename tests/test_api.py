"""What Python callers get: frozen answers with the JSON's names, quietly and from any thread."""

import copy
import dataclasses
import gc
import inspect
import json
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading

import pytest

import convcalc
from convcalc import ConvcalcError, api
from convcalc.cli import cli

MODELS = pathlib.Path(__file__).parent / "data" / "models"
NET = f"{MODELS / 'cifar_tutorial.py'}:Net"
RESNET = f"{MODELS / 'resnet_cifar.py'}:ResNet(BasicBlock, [1, 1, 1, 1])"


def as_json(run, *words):
    return json.loads(run([*words, "--format", "json"]).stdout)


def keys_of(cls):
    names = {each.name for each in dataclasses.fields(cls)} - {"_page", "_json", "cell"}
    return {name.rstrip("_") for name in names}


QUESTIONS = [
    (["net", NET, "--in", "3x32x32"], lambda: convcalc.net(NET, (3, 32, 32))),
    (["net", NET, "--in", "3x32x32", "--batch", "4", "--train", "--dtype", "float64"],
     lambda: convcalc.net(NET, (3, 32, 32), batch=4, train=True, dtype="float64")),
    (["net", NET, "--in", "3x30x31"], lambda: convcalc.net(NET, [3, 30, 31])),
    (["net", RESNET, "--in", "3x32x32", "--depth", "1"],
     lambda: convcalc.net(RESNET, (3, 32, 32), depth=1)),
    (["net", NET, "--params-only"], lambda: convcalc.net(NET, params_only=True)),
    (["net", "--layers", "Linear(4, 2), ReLU()", "--in", "4"],
     lambda: convcalc.net(None, 4, layers="Linear(4, 2), ReLU()")),
    (["net", str(MODELS / "dcgan.py:netG"), "--in", "20x1x1", "--define", "opt.nz=20"],
     lambda: convcalc.net(MODELS / "dcgan.py:netG", (20, 1, 1), define={"opt.nz": 20})),
    (["net", str(MODELS / "cgan.py:generator"), "--in", "100", "--in", "():int64"],
     lambda: convcalc.net(f"{MODELS / 'cgan.py:generator'}", 100, ((), "int64"))),
    (["solve", "--in", "3x32x32", "--out", "16x16x16"],
     lambda: convcalc.solve((3, 32, 32), (16, 16, 16))),
    (["solve", "--in", "16x8x8", "--out", "8x16x16", "--transposed", "--k", "4", "--limit", "3"],
     lambda: convcalc.solve((16, 8, 8), (8, 16, 16), transposed=True, kernel_size=4, limit=3)),
    (["solve", "--in", "3x32x32", "--out", "16x320x16"],
     lambda: convcalc.solve((3, 32, 32), (16, 320, 16))),
]  # fmt: skip


WHERE_ASKED = {
    "reason", "sizes", "kept_bytes", "gradient_bytes", "optimizer", "optimizer_bytes",
    "training_bytes", "largest_batch",
}  # fmt: skip
"""What the JSON has only where it was asked for."""


def test_what_training_takes():
    answer = api.net(None, (8,), layers="Linear(8, 8), ReLU()", train=True, batch=2,
                     optimizer="sgd", fit_in="1MiB")  # fmt: skip
    assert (answer.kept_bytes, answer.gradient_bytes, answer.optimizer_bytes) == (128, 288, 0)
    assert (answer.training_bytes, answer.optimizer) == (704, "sgd")
    assert answer.largest_batch == (2**20 - 576) // 64
    assert [each.kept for each in answer.layers] == [64, 64]
    with pytest.raises(ConvcalcError, match="train=True"):
        api.net(None, (8,), layers="ReLU()", optimizer="sgd")
    with pytest.raises(ConvcalcError, match="adam, adamw"):
        api.net(None, (8,), layers="ReLU()", train=True, optimizer="lion")


@pytest.mark.parametrize(("words", "ask"), QUESTIONS, ids=lambda each: str(each)[:40])
def test_an_answer_is_what_the_command_writes(words, ask, run):
    written, answer = as_json(run, *words), ask()
    assert answer.as_dict() == written
    assert keys_of(type(answer)) - (WHERE_ASKED - set(written)) == set(written)
    for key, value in written.items():
        mine = getattr(answer, key)
        if key not in ("layers", "solutions", "error"):
            assert mine == thawed(value)
    for mine, theirs in zip(getattr(answer, "layers", ()), written.get("layers", ()), strict=True):
        assert keys_of(type(mine)) | {"kept"} == set(theirs) - {"cell"} | {"kept"}
        for key, value in theirs.items():
            assert getattr(mine, key) == thawed(value)
    for mine, theirs in zip(answer.as_dict().get("solutions", ()), written.get("solutions", ()),
                            strict=True):  # fmt: skip
        assert mine == theirs
    if written.get("error"):
        for key, value in written["error"].items():
            if key != "mends":
                assert getattr(answer.error, key) == thawed(value)
        for mend, theirs in zip(answer.error.mends, written["error"]["mends"], strict=True):
            assert mend.message == theirs["message"]
            assert [vars(each) for each in mend.edits or ()] == [
                {"cell": None, **each} for each in theirs.get("edits", ())
            ]
            assert (mend.inputs or ()) == thawed(theirs.get("inputs", []))


def thawed(value):
    if isinstance(value, list):
        return tuple(map(thawed, value))
    if isinstance(value, dict):
        return {key: thawed(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize(("words", "ask"), QUESTIONS[:9], ids=lambda each: str(each)[:40])
def test_as_text_an_answer_is_the_table(words, ask, run):
    assert f"{ask()}\n" == run(words).stdout


def test_columns_and_rails_are_for_what_is_shown(run):
    words = ["net", RESNET, "--in", "3x32x32", "--columns", "name,output", "--graph"]
    answer = convcalc.net(RESNET, (3, 32, 32), columns=["name", "output"], graph=True)
    assert f"{answer}\n" == run(words).stdout
    assert "●╮" in answer._repr_html_()


def test_a_misfit_is_an_answer():
    answer = convcalc.net(MODELS.with_name("misfits") / "linear_features.py", (3, 32, 32))
    assert (answer.fits, answer.error.name, answer.error.line) == (False, "fc1", 19)
    assert "expects 400 features" in answer.error.message
    assert answer.layers[0].name == "conv1"


def test_nothing_fits_is_an_answer():
    answer = convcalc.solve((3, 32, 32), (16, 320, 16))
    assert (answer.total, answer.solutions) == (0, ())
    assert answer.reason


def test_settings_have_short_names_too():
    short = convcalc.solve((3, 32, 32), (16, 16, 16), k=4, s=2, p=1, d=1)
    assert short == convcalc.solve((3, 32, 32), (16, 16, 16), kernel_size=(4, 4), stride=2,
                                   padding=1, dilation=1)  # fmt: skip
    assert [each.kernel_size for each in short.solutions] == [(4, 4)]
    with pytest.raises(ConvcalcError, match="given twice"):
        convcalc.solve((3, 32, 32), (16, 16, 16), k=4, kernel_size=4)


def test_what_a_layer_reads_has_two_names():
    layer = convcalc.net(NET, (3, 32, 32)).layers[1]
    assert layer.from_ == getattr(layer, "from") == (0,)


def test_answers_are_frozen():
    answer = convcalc.net(NET, (3, 32, 32))
    for owner, name in ((answer, "batch"), (answer.layers[0], "params"), (answer, "new")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(owner, name, 3)
    assert isinstance(answer.layers, tuple)
    written = answer.as_dict()
    written["layers"].clear()
    assert len(answer.layers) == len(answer.as_dict()["layers"]) == 12
    assert copy.deepcopy(answer.layers) == answer.layers
    assert answer == convcalc.net(NET, (3, 32, 32))


@pytest.mark.parametrize("ask", [ask for _, ask in QUESTIONS])
def test_answers_go_to_other_processes(ask):
    answer = ask()
    sent = pickle.loads(pickle.dumps(answer))
    assert sent == answer
    assert (str(sent), sent.as_dict()) == (str(answer), answer.as_dict())


def options(command, *but):
    return {each.name for each in cli.commands[command].params if each.name} - {
        "help", "format_", "save", "theme", *but,
    }  # fmt: skip


def test_every_option_has_its_argument():
    """Who adds an option to `net` or `solve` adds it to convcalc.api too."""
    net = {*inspect.signature(api.net).parameters} - {"inputs"}
    assert net == options("net", "input_shapes", "diff", "others") - {
        "diff"
    }  # whose edits an answer holds
    solve = {*inspect.signature(api.solve).parameters} - {"input", "output", *"kspd"}
    assert solve == options("solve", "input_shape", "output_shape")


class Own:
    """Something that isn't a file."""


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: convcalc.net(Own, (3,)), f"given a class: '{__file__}:Own' is where"),
        (lambda: convcalc.net(Own(), (3,)), f"given an object: '{__file__}:Own' is where"),
        (lambda: convcalc.net(int, (3,)), "'model.py:int' would do"),
        (lambda: convcalc.net(), "a file or layers=… is expected"),
        (lambda: convcalc.net(NET), "the shape of an input is needed"),
        (lambda: convcalc.net(NET, "3x32x32"), "an input is a shape, (3, 32, 32) for example"),
        (lambda: convcalc.net(NET, (3, 0, 32)), "an input has 0"),
        (lambda: convcalc.net(NET, (3, True, 32)), "an input has True"),
        (lambda: convcalc.net(NET, (3, 32.5, 32)), "an input has 32.5"),
        (lambda: convcalc.net(NET, (3, 32, 32), params_only=True), "has no meaning"),
        (lambda: convcalc.net(NET, (3, 32, 32), dtype="float8"), "one of float32"),
        (lambda: convcalc.net(NET, (3, 32, 32), timeout=0), "seconds above 0"),
        (lambda: convcalc.net(NET, (3, 32, 32), timeout="9"), "seconds above 0"),
        (lambda: convcalc.net(NET, (3, 32, 32), batch=0), "batch has 0"),
        (lambda: convcalc.net(NET, (3, 32, 32), columns=["nam"]), "nam: no such column"),
        (lambda: convcalc.net(NET, (3, 32, 32), define={"x": Own()}), "x is Own: numbers,"),
        (lambda: convcalc.net("there/is/none.py", (3,)), "there is no such file"),
        (lambda: convcalc.net(f"{MODELS}/cifar_tutorial.py:Nat", (3,)), "Net is the nearest name"),
        (lambda: convcalc.net(NET, (3, 32, 32), depth=-1), "depth has -1"),
        (lambda: convcalc.net(NET, (3, 32, 32), sites="/no/where"), "there is no such folder"),
        (lambda: convcalc.solve((3, 32), (3, 32, 32)), "2 spatial axes"),
        (lambda: convcalc.solve("3x32", (3, 32)), "the input is a shape"),
        (lambda: convcalc.solve((3, 32), (3, 32), kernel_size=0), "kernel_size has 0"),
    ],
)
def test_questions_without_a_meaning_are_refused(ask, words):
    with pytest.raises(ConvcalcError) as refusal:
        ask()
    assert words in str(refusal.value)


def test_nothing_is_printed_and_nothing_that_draws_is_loaded():
    program = f"""
import sys
import convcalc
assert not {{"click", "rich", "convcalc.api", "convcalc.network"}} & sys.modules.keys()
answer = convcalc.net({NET!r}, (3, 32, 32))
answer.as_dict(), repr(answer), answer._repr_html_(), convcalc.solve((3, 8), (3, 4)).total
assert not {{"click", "rich"}} & sys.modules.keys()
str(answer)
assert "rich" in sys.modules and "click" not in sys.modules
assert {{"net", "solve"}} <= set(dir(convcalc))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 0)


def test_threads_may_ask_at_the_same_time():
    before = gc.get_threshold(), threading.stack_size(), sys.getrecursionlimit()
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    answers, errors = {}, []

    def ask(size):
        try:
            answers[size] = convcalc.net(NET, (3, size, size)).fits
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=[size]) for size in range(25, 41)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert errors == []
    assert answers == {size: 32 <= size < 36 for size in range(25, 41)}
    assert before == (gc.get_threshold(), threading.stack_size(), sys.getrecursionlimit())
    now = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    assert handlers == now


def test_a_notebook_shows_a_table(golden):
    answer = convcalc.net(RESNET, (3, 32, 32), depth=1, columns=["name", "output", "params"])
    golden("notebook.html", answer._repr_html_() + "\n")


def test_what_stands_in_a_name_ends_nothing_in_a_notebook(tmp_path):
    file = tmp_path / "net.py"
    file.write_text("from torch import nn\nnet = nn.Sequential()\n"
                    "net.add_module('<script>', nn.ReLU())\n")  # fmt: skip
    shown = convcalc.net(file, (3,))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.skipif(not hasattr(os, "fork"), reason="not on Windows")
def test_a_path_may_be_an_object():
    assert convcalc.net(MODELS / "lenet5.py", (1, 32, 32)).output == (10,)


def test_what_would_do_and_which_sizes_fit():
    answer = api.net(None, (3, 9, 9), layers="Conv2d(3, 8, 3), Conv2d(9, 8, 3)", sizes=(4, 7))
    assert answer.error.mends[0].edits[0].new == "8"
    assert answer.sizes.tried == (4, 7)
    fitting = api.net(None, (3, 9, 9), layers="Conv2d(3, 8, 3), MaxPool2d(2)", sizes=True).sizes
    assert fitting == api.Tried((1, 18), ((4, 18, 1),))
    with pytest.raises(ConvcalcError, match="is meant"):
        api.net(None, (3, 9, 9), layers="ReLU()", sizes=(9, 4))
