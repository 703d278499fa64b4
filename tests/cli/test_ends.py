"""However a command line ends: streams that take nothing, signals, faults of our own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pseudoterminal import ESCAPE, heed_signals, in_terminal

from convcalc.network import model
from convcalc.network.answer import rows

CONVCALC = f'"{sys.executable}" -m convcalc'
ANSWERS = ["shape", "shape -f json", "net -f csv", "demo -f markdown", "-h", "--version"]
NOWHERE = {
    ">/dev/full": "No space left on device",
    ">&-": "standard output is closed",
    "1</dev/null": "Bad file descriptor",
}


def in_shell(line):
    unwanted = ("CONVCALC_DEBUG", "PYTHONUNBUFFERED")  # what is written late fails late
    environment = {k: v for k, v in os.environ.items() if k not in unwanted}
    return subprocess.run(
        line, shell=True, capture_output=True, text=True, timeout=60, env=environment
    )


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("redirected", NOWHERE)
def test_an_answer_that_nobody_got(answer, redirected):
    done = in_shell(f"{CONVCALC} {answer} {redirected}")
    assert done.stderr == f"Error: the answer can't be written: {NOWHERE[redirected]}\n"
    assert done.returncode == 2


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "2</dev/null"])
def test_an_error_that_nobody_got(redirected):
    for line, status in (("shap", 2), ("shape --in 3", 2), ("solve --in 3x4 --out 3x90", 1)):
        done = in_shell(f"{CONVCALC} {line} {redirected}")
        assert (done.returncode, done.stdout, done.stderr) == (status, "", "")
    done = in_shell(f"{CONVCALC} shape -f json >/dev/full {redirected}")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


def test_an_answer_needs_no_standard_error_and_no_standard_input():
    done = in_shell(f"{CONVCALC} shape -f json 2>&- <&-")
    assert done.returncode == 0
    assert done.stdout.startswith("{")
    done = in_shell(f"{CONVCALC} net - --in 3x8x8 <&-")
    assert (done.returncode, done.stderr) == (2, "Error: standard input is closed\n")


def test_notes_that_nobody_reads():
    """They go to standard error, whose reader may have gone: status 120 would be Python's own."""
    mine, theirs = os.pipe()
    os.close(mine)
    command = [sys.executable, "-m", "convcalc", "solve", "-f", "csv"]
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, env=buffered)
    os.close(theirs)
    assert done.returncode == 2


@pytest.mark.parametrize("line", ["net --layers 'ReLU()' --in 3", "shape --save a.svg"])
def test_in_a_folder_that_is_gone(line, tmp_path):
    done = in_shell(f"cd {tmp_path} && mkdir a && cd a && rmdir ../a && {CONVCALC} {line}")
    said = "the folder that this is asked in is gone: it can be asked in another one"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {said}\n")
    done = in_shell(f"cd {tmp_path} && mkdir b && cd b && rmdir ../b && {CONVCALC} shape")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_has_enough_is_told_nothing():
    program = f"{CONVCALC} shape -f json; echo $? >&2"
    done = in_shell(f"({program}) | true")
    assert done.stderr == "2\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGQUIT"])
def test_a_signal_gives_the_cursor_back(name):
    number = getattr(signal, name)
    line = ("demo", "--animate", "--delay", "60")
    text, status = in_terminal(*line, interrupt_after="step 1 of 4", send=number)
    assert status == -number
    assert text.rindex("\x1b[?25h") > text.index("\x1b[?25l")
    assert "Traceback" not in text


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_in_the_middle_of_a_picture_gives_the_cursor_back(name, tmp_path):
    """Rich may never write what it held then."""
    tmp_path.joinpath("sitecustomize.py").write_text(
        "import os, rich.console, signal\n"
        "write = rich.console.Console._write_buffer\n"
        "written = []\n"
        "def interrupted(self):\n"
        "    written.append(write(self))\n"
        "    if len(written) == 4:\n"
        "        rich.console.Console._write_buffer = lambda self: None\n"
        f"        os.kill(os.getpid(), signal.{name})\n"
        "rich.console.Console._write_buffer = interrupted\n"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    text, _ = in_terminal("demo", "--animate", "--delay", "0.2", PYTHONPATH=path)
    assert text.rindex("\x1b[?25h") > text.index("\x1b[?25l")
    assert "Traceback" not in text


@pytest.mark.parametrize("module", ["click", "convcalc.output.shape", "rich.console"])
def test_ctrl_c_is_quiet_from_the_beginning(module):
    program = (
        "import os, runpy, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.argv = ['convcalc', 'shape']\n"
        "runpy.run_module('convcalc', run_name='__main__')\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, timeout=60, preexec_fn=heed_signals)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.fixture
def fault(monkeypatch):
    """Let `shape` go wrong inside."""
    import convcalc.single.shape

    def fail(question):
        raise KeyError("ke\x1by")

    monkeypatch.setattr(convcalc.single.shape, "shape", fail)


@pytest.mark.usefixtures("fault")
def test_a_fault_of_our_own_is_one_sentence(run, monkeypatch):
    monkeypatch.delenv("CONVCALC_DEBUG")
    result = run("shape")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "Error: a fault in convcalc itself, KeyError: 'ke\\x1by'; please report it with what you "
        "typed, and with what CONVCALC_DEBUG=1 shows\n"
    )


@pytest.mark.usefixtures("fault")
def test_a_fault_of_our_own_is_traced_on_demand(run, monkeypatch):
    monkeypatch.setenv("CONVCALC_DEBUG", "1")
    assert isinstance(run("shape").exception, KeyError)


HOSTILE = "a\x1b[31mb‮c\x9b2Jd\r\ne<script>f|g[bold]h"
SHOWN = "a\\x1b[31mb\\u202ec\\x9b2Jd\\r\\ne<script>f|g[bold]h"


def hostile_answer():
    row = rows.Row(HOSTILE, HOSTILE, input=(3,), output=(3,))
    return rows.NetworkAnswer(HOSTILE, (3,), (3,), (row,), 0, 0, (HOSTILE,))


@pytest.mark.parametrize("form", ["table", "csv", "markdown", "json"])
def test_a_text_from_outside_steers_nothing(form, run, monkeypatch):
    monkeypatch.setattr(model, "answered", lambda *_, **__: hostile_answer())
    result = run(f"net --layers 'ReLU()' --in 3 -f {form}")
    assert result.exit_code == 0
    assert not {"\x1b", "‮", "\x9b", "\r"} & set(result.stdout)
    escaped = {"markdown": SHOWN.replace("<", "\\<").replace("|", "\\|"), "json": "a\\u001b[31mb"}
    assert result.stdout.count(escaped.get(form, SHOWN)) >= 2


@pytest.mark.parametrize("suffix", ["svg", "html", "txt"])
def test_a_text_from_outside_is_saved_as_text(suffix, run, monkeypatch, tmp_path):
    monkeypatch.setattr(model, "answered", lambda *_, **__: hostile_answer())
    assert run(f"net --layers 'ReLU()' --in 3 --save {tmp_path}/shown.{suffix}").exit_code == 0
    saved = Path(f"{tmp_path}/shown.{suffix}").read_text(encoding="utf-8")
    assert not {"\x1b", "‮", "\x9b"} & set(saved)
    assert suffix == "txt" or "<script>" not in saved
    assert "\\u202e" in saved


def test_a_text_from_outside_steers_no_error(run):
    shown = run(["net", f"{HOSTILE}.txt", "--in", "3"]).stderr
    assert ESCAPE.search(shown) is None
    assert shown.count("\n") == 1
    assert "a\\x1b[31mb\\u202ec\\x9b2Jd" in shown


def test_nothing_is_loaded_before_an_interrupt_is_quiet():
    """What the package itself imports would be interrupted with a traceback."""
    code = "import sys; before = {*sys.modules}; import convcalc; print(*{*sys.modules} - before)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.split() == ["convcalc"]
