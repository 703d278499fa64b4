"""The child process: whatever a function does to it, the next call is answered."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convcalc.checking import process
from convcalc.checking.check import Asked, check
from convcalc.checking.nursery import Nursery
from convcalc.checking.process import RELAYED, Alien, Lost, readable, running
from convcalc.formulas import ConvcalcError

GALLERY = Path(__file__).with_name("gallery")


def request(positional=(), **named):
    return {"positional": list(positional), "named": named}


@pytest.fixture
def ask():
    """Call a function of the gallery with 0, and then with 1."""

    def asked(name, timeout=5.0, first=0):
        with running(str(GALLERY / "hostile.py"), name, "list", timeout) as running_process:
            replies = running_process.call(request([first])), running_process.call(request([1]))
        running_process.printed.tell()
        return replies

    return asked


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ends", "it ended the process, with exit status 7"),
        ("is_killed", "it ended the process, by SIGKILL"),
        ("kills_its_group", "it ended the process, by SIGTERM"),
        ("closes_everything", "it ended the process, with exit status"),
    ],
)
def test_a_new_process_after_one_that_has_ended(name, why, ask):
    first, second = ask(name)
    assert first.lost.startswith(why)
    assert second.lost == ""
    assert second.value == 1


@pytest.mark.parametrize("name", ["hangs", "sleeps_and_hears_nothing", "stops"])
def test_a_new_process_after_one_that_does_not_come_back(name, ask):
    start = time.monotonic()
    first, second = ask(name, timeout=0.4)
    assert first.lost == "it doesn't come back within 0.4 s"
    assert second.value == 1
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "name",
    [
        "goes_elsewhere",
        "leaves_threads",
        "forks",
        "closes_its_output",
        "writes_into_the_answers",
        "guesses_an_answer",
        "leaves_a_process_of_its_own",
    ],
)
def test_what_does_not_hurt(name, ask):
    here, start = os.getcwd(), time.monotonic()
    first, second = ask(name)
    assert (first.value, second.value) == (1, 1)
    assert (first.lost, second.lost) == ("", "")
    assert os.getcwd() == here
    assert time.monotonic() - start < 5


def test_the_pipe_of_its_answers_is_bounded(ask):
    first, second = ask("floods_the_answers", timeout=2)
    assert first.lost == "it closed the pipe of its answers"
    assert second.lost


def test_what_it_prints_steers_no_terminal(ask, capfd):
    assert ask("steers_the_terminal")[0].value == 1
    assert "\\x1b[2J\\x1b]0;title\\x07 \\x9b31m \\u202e\n" in capfd.readouterr().err


def test_what_it_prints_goes_to_standard_error_up_to_a_limit(ask, capfd):
    first, second = ask("shouts")
    assert first.value == second.value == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert RELAYED <= len(err) < RELAYED + 200
    assert f"what it prints beyond {RELAYED:,} bytes is left out" in err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("exits", "SystemExit: 3, hostile.py line 14"),
        ("asks", "EOFError: EOF when reading a line, hostile.py line"),
        ("interrupts", "KeyboardInterrupt, hostile.py line"),
        ("raises_what_has_no_words", "Wordless, hostile.py line"),
        ("raises_at_length", r"ValueError: \x1b[31mred \x1b[31mred"),
        ("recurses", "RecursionError: maximum recursion depth exceeded"),
        ("returns_what_is_rude", "RuntimeError: tolist, hostile.py line"),
    ],
)
def test_errors_are_said_on_one_line(name, said, ask):
    first, _ = ask(name)
    text = str(first.raised)
    assert text.startswith(said)
    assert len(text) < 400
    assert text.isprintable()


def test_who_raised_an_error(ask):
    assert ask("exits")[0].raised.type == "SystemExit"
    assert ask("raises_what_has_no_words")[0].raised.explicit
    assert not ask("recurses")[0].raised.explicit
    assert not ask("changes_its_input")[0].raised.explicit  # x[0] of an int
    missing = ask("grows_its_input")[0].raised.missing
    assert missing == ("int", "append")


def test_what_is_returned(ask):
    assert ask("returns_a_generator")[0].value == Alien("generator")
    assert ask("returns_what_is_obliging")[0].value == Alien("Obliging")
    assert ask("returns_what_has_a_rude_name")[0].value == Alien(r"\x1b[31m")
    large = ask("returns_large_numbers")[0].value
    assert large[:2] == [10**400, -(10**5000)]
    assert large[2:] == [float("inf"), 1.5, True]
    assert ask("returns_itself")[0].refused == "it is nested more than 20 levels deep"
    assert ask("returns_too_much")[0].refused == "it has more than 200,000 entries"


def test_an_answer_that_the_function_wrote_is_refused(ask):
    first, _ = ask("answers_itself")
    assert "its own words" in first.refused


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("changes_its_input", (0, [0, 1], 2, 5)),
        ("grows_its_input", (0, [], None, None)),
    ],
)
def test_inputs_are_held_against_what_they_were(name, changed):
    with running(str(GALLERY / "hostile.py"), name, "list", 5.0) as asked:
        for _ in range(2):  # a copy each time
            assert asked.call(request([{"tensor": [[1, 2], [3, 4]]}])).changed == changed


def test_inputs_by_name_are_held_against_what_they_were():
    with running(str(GALLERY / "hostile.py"), "takes_by_name", "list", 5.0) as asked:
        assert asked.call(request(x={"tensor": [[1]]})).changed == (0, [0, 0], 1, 0)


@pytest.fixture
def alone():
    """Start a child without the room that guards it, with a function of the gallery loaded."""
    started = []

    def start(name):
        program = [sys.executable, "-I", "-c", process.PROGRAM.format(root=process.ROOT)]
        begun = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(begun)
        path = str(GALLERY / "hostile.py")
        load = {"path": path, "name": name, "handed_as": "list", "folders": sys.path}
        tell(begun, {"number": 1, "load": load})
        assert b'"parameters"' in begun.stdout.readline()
        return begun

    yield start
    for each in started:
        each.kill()
        each.wait()
        each.stdout.close()


def tell(begun, question):
    begun.stdin.write(json.dumps(question).encode() + b"\n")
    begun.stdin.flush()


def test_nobody_is_left_when_the_parent_goes(alone):
    left = alone("hangs")
    tell(left, {"number": 2, "call": request([0])})
    left.stdin.close()
    assert left.wait(timeout=10) == 0


def test_a_fork_does_not_answer_too(alone):
    forking = alone("forks")
    for number in (2, 3):
        tell(forking, {"number": number, "call": request([0])})
        assert json.loads(forking.stdout.readline())["number"] == number
        time.sleep(0.2)  # for the fork to answer, if it does


def test_text_that_neither_steers_nor_floods_a_terminal():
    assert readable("a\n\tb\x1b[0m\u202ec") == r"a b\x1b[0m\u202ec"
    assert len(readable("x" * 5000)) == 301


RIGHT = "def unfold(x, kernel_size): return right.unfold(x, kernel_size)\n"


@pytest.fixture
def beside(tmp_path):
    """Return a folder with a right implementation in it, and what is written beside that."""

    def make(**files):
        source = (GALLERY / "right.py").read_text(encoding="utf-8")
        (tmp_path / "right.py").write_text(source, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return tmp_path

    return make


@pytest.mark.parametrize("name", ["json", "convcalc", "queue", "typing", "child", "inspect"])
def test_a_file_may_be_called_anything(name, beside):
    folder = beside(**{name: f"import right\n{RIGHT}"})
    assert check(f"{folder}/{name}.py:unfold", Asked("unfold")).failed == 0


def test_files_beside_it_that_are_called_like_libraries(beside, monkeypatch):
    names = ("json", "rich", "numbers", "queue", "click", "dis", "typing", "random", "convcalc")
    raising = dict.fromkeys(names, "raise RuntimeError('not this one')\n")
    folder = beside(**raising, mine=f"import right\n{RIGHT}")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    assert check("mine.py:unfold", Asked("unfold")).failed == 0


def test_its_own_module_comes_before_a_library_of_that_name(beside, monkeypatch):
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # it loads json before all others
    folder = beside(
        json="from right import unfold as own\n",
        numbers="from json import own\n",
        mine="from numbers import own\ndef unfold(x, kernel_size): return own(x, kernel_size)\n",
    )
    assert check(f"{folder}/mine.py:unfold", Asked("unfold")).failed == 0


def test_numpy_where_a_file_is_called_numbers(beside, monkeypatch):
    pytest.importorskip("numpy")
    if "coverage" in sys.modules:
        pytest.skip("what measures coverage has loaded Python's own numbers")
    source = (
        "import numpy as np\nimport numbers\nimport right\n"
        "def unfold(x, kernel_size):\n"
        "    return np.array(right.unfold(x.tolist(), kernel_size)) * numbers.one\n"
    )
    folder = beside(numbers="one = 1\n", mine=source)
    monkeypatch.chdir(folder)
    assert check("mine.py:unfold", Asked("unfold", "numpy")).failed == 0


def test_a_file_that_is_never_done_with_its_import(beside, monkeypatch):
    monkeypatch.setattr(process, "LEAST_FOR_A_FILE", 0.3)
    folder = beside(mine="while True: unfold = 1\n")
    with pytest.raises(
        ConvcalcError, match=r"mine.py can't be imported: it doesn't come back with"
    ):
        check(f"{folder}/mine.py:unfold", Asked("unfold", timeout=0.1))


def test_a_file_that_ends_its_process(beside):
    folder = beside(mine="import os\nunfold = os._exit(5)\n")
    with pytest.raises(ConvcalcError, match="it ended the process, with exit status 5"):
        check(f"{folder}/mine.py:unfold", Asked("unfold"))


def test_a_function_that_is_gone_when_a_new_process_is_needed(beside):
    source = "import os\ndef unfold(x, kernel_size):\n    os.remove(__file__)\n    os._exit(1)\n"
    answer = check(f"{beside(mine=source)}/mine.py:unfold", Asked("unfold"))
    assert answer.passed == 0
    assert answer.outcomes[0].reason == "it can't be imported a second time, mine.py line 2"


def test_lost_is_raised_where_there_is_nothing_to_load(beside):
    folder = beside(mine="import os\nf = os._exit(5)\n")
    with running(f"{folder}/mine.py", "f", "list", 1.0) as asked, pytest.raises(Lost):
        asked.load()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.parametrize(("hangs", "status"), [(False, 0), (True, -9)])
def test_a_nursery_ends_by_itself_or_by_force(hangs, status):
    begun = Nursery()
    begun._start()
    if hangs:
        os.kill(begun._process.pid, signal.SIGSTOP)
    begun.end()
    assert begun._process.returncode == status
