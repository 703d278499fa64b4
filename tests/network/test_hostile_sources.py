"""Sources that try to hang, to grow, to escape or to be executed: each is answered or refused.

All of them are read by one process, which an audit hook watches: it may open the files of the
project alone, and execute nothing.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from network.hostile import ASKED, FILES, SOURCES, net, write

from convcalc.reading import bounds

CHILD = """
import json, resource, sys
import unicodedata  # which the parser loads for names that are not in ASCII
from pathlib import Path

from network.hostile import load_everything

from convcalc.formulas import ConvcalcError
from convcalc.reading import bounds
from convcalc.network.model import followed

load_everything()
project = Path(sys.argv[1])
share = int(sys.argv[2])
bounds.MOST_STEPS //= share
bounds.MOST_STEPS_OF_A_STATEMENT //= share
events = []
watching = [False]


def memory():
    try:  # ru_maxrss is at least what the process had that started this one
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def watch(name, arguments):
    if watching[0] and name in ("open", "exec", "import", "os.system", "subprocess.Popen",
                                "socket.connect", "os.exec", "os.posix_spawn", "ctypes.dlopen"):
        events.append((name, str(arguments[0])[:200]))


followed(project / "warm.py", "Net", [(3, 4)])
followed(project / "wrong.py", "Net", [(3, 4)])
begun = memory()
sys.addaudithook(watch)
for path in json.load(sys.stdin):
    events.clear()
    watching[0] = True
    try:
        answer = followed(project / path, "Net", [(3, 4)])
        outcome = f"answer {answer.error or answer.output}"
    except ConvcalcError as refusal:
        outcome = f"refused {refusal}"
    except BaseException as error:
        outcome = f"escaped {error!r}"
    watching[0] = False
    peak = memory() - begun
    print(json.dumps([path, outcome[:3000], peak, events]), flush=True)
"""


def read_by_a_child(folder, paths, share=1):
    """Return what one process says of these files, by their paths, with a share of the steps."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(share)],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        timeout=900,  # under coverage, beside others, it takes minutes
        env={**os.environ, "PYTHONPATH": f"{PACKAGE.parent}{os.pathsep}{TESTS}"},
        cwd=folder,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(paths), (paths[len(lines)], done.returncode, done.stderr[-2000:])
    return {line[0]: line[1:] for line in lines}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory, pytestconfig):
    folder = tmp_path_factory.mktemp("hostile")
    outside = tmp_path_factory.mktemp("outside")
    (outside / "linked.py").write_text("secret = 1\n")
    (outside / "private.txt").write_text("secret\n")
    (folder / "warm.py").write_text(
        net("return f'{x.size(1):>3} {{}}'.format(1) and x", before="import einops, enum\n")
    )
    (folder / "wrong.py").write_text(net("return self.liner(x)", init="self.linear = nn.ReLU()"))
    named = write(folder)
    rest = folder / "rest"
    for name, text in FILES.items():
        path = rest / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (rest / "linked.py").symlink_to(outside / "linked.py")
    named |= {name: f"rest/{name}" for name in ASKED}
    found = read_by_a_child(folder, list(named.values()), 8 if pytestconfig.option.long else 64)
    return folder, {name: found[path] for name, path in named.items()}


@pytest.mark.parametrize("name", [*SOURCES, *ASKED])
def test_is_answered_or_refused(name, outcomes):
    folder, found = outcomes
    outcome, _, events = found[name]
    assert outcome.startswith(("answer ", "refused ")), outcome
    assert len(outcome) < 2500
    for event, what in events:
        assert event == "open", (event, what)
        own = Path(what).name.endswith(".py.txt") and Path(what).is_relative_to(PACKAGE)
        assert own or (folder / what).resolve().is_relative_to(folder.resolve()), what


TESTS = Path(__file__).parents[1]
PACKAGE = Path(bounds.__file__).parents[1]
"""The package under test, installed or not: its folders hold libraries in Python that is read."""
MOST = 400
"""The most memory in MiB: what modules without end take in so many steps, beyond what Python and
the questions before them do."""
LONGEST = [
    "while True", "nested ranges", "nested comprehensions", "sort", "wide modules", "many calls",
    "lists of lists", "strings kept",
]  # fmt: skip


@pytest.mark.long
def test_the_last_step_is_reached(outcomes):
    """The sources above are read with a part of the steps; these with all of them."""
    folder, _ = outcomes
    numbers = {name: number for number, name in enumerate(SOURCES)}
    paths = [f"source{numbers[name]}/source.py" for name in LONGEST]
    for outcome, peak, _ in read_by_a_child(folder, paths).values():
        assert outcome.startswith("refused "), outcome
        assert peak < MOST, (outcome, peak)


def test_memory(outcomes):
    peaks = {name: found[1] for name, found in outcomes[1].items()}
    assert max(peaks.values()) < MOST, [n for n, peak in peaks.items() if peak >= MOST][:1]


def test_files_that_import_in_a_circle(outcomes):
    assert outcomes[1]["circle/net.py"][0] == "answer (3, 2)"


BOUNDS = ("tangled tuples", "for ever", "nested iterators", "a wide list", "a count put", "lcm",
          "digits in eval", "hexadecimal digits", "a hexadecimal layer", "in one go")  # fmt: skip


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith(BOUNDS)])
def test_a_bound_is_no_misfit(name, outcomes):
    outcome = outcomes[1][name][0]
    assert outcome.startswith("refused "), outcome
    assert "set_int_max_str_digits" not in outcome
