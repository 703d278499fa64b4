"""What the tests share: running the command line, and golden outputs."""

import random
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from convcalc.cli import cli

GOLDEN = Path(__file__).with_name("golden")


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden from what is shown now"
    )
    parser.addoption(
        "--long",
        action="store_true",
        help="ask everything: also what takes long, and more by chance",
    )
    parser.addoption(
        "--hostile",
        type=int,
        help="how many questions by chance each property gets (60; 300 if long)",
    )
    parser.addoption(
        "--packages", nargs="?", const="fetch", help="ask real packages: of this folder, or fetched"
    )
    parser.addoption(
        "--search", type=int, default=0, help="how many whole processes test_search.py asks"
    )
    parser.addoption("--seed", default="0", help="what chance starts from")


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes long, and is left to --long")
    if config.option.hostile is None:
        config.option.hostile = 300 if config.option.long else 60


def pytest_collection_modifyitems(config, items):
    if not config.option.long:
        left = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_report_header(config):
    return (
        f"hostile: {config.getoption('hostile')} questions by chance, --seed "
        + config.getoption("seed")
    )


@pytest.fixture(autouse=True)
def faults_are_seen(monkeypatch):
    """Let a fault of our own be traced, which for people is one sentence."""
    monkeypatch.setenv("CONVCALC_DEBUG", "1")


@pytest.fixture(autouse=True)
def coverage_goes_on():
    """Keep what measures coverage, which Python drops where a program that is read overflows."""
    tracer = sys.gettrace()
    yield
    if sys.gettrace() is not tracer:
        sys.settrace(tracer)


@pytest.fixture
def run(monkeypatch):
    """Run a command line as it is typed, or its words; return its result."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)

    def run_line(line, charset="utf-8", **settings):
        runner = CliRunner(charset=charset)
        words = shlex.split(line) if isinstance(line, str) else line
        return runner.invoke(cli, words, prog_name="convcalc", **settings)

    return run_line


@pytest.fixture
def hostile(request):
    """Yield chance itself, as often as --hostile says: the same for the same --seed and test."""
    seed, name = request.config.getoption("seed"), request.node.name
    return (
        random.Random(f"{seed} {name} {number}")
        for number in range(request.config.getoption("hostile"))
    )


@pytest.fixture
def golden(request):
    """Compare a text with the golden file of this name, or rewrite that on demand."""

    def compare(name, text):
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
