"""What nobody should hand in: each is a failed case or one sentence, and nothing outlives it."""

import os
import time

import pytest

from convcalc.checking.check import Asked, check
from convcalc.formulas import ConvcalcError

SOURCE = """
import os, subprocess, sys

def nothing(x, kernel_size): return None
def unfold(x, kernel_size): raise ValueError(os.environ["OMP_NUM_THREADS"])
def generator(x, kernel_size): yield 1
def nan(x, kernel_size): return [[[float("nan")] * 4] * 4]
def ragged(x, kernel_size): return [[1, 2], [3]]
def huge(x, kernel_size): return [0] * 10**9
def grows(x, kernel_size):
    kept = []
    while True: kept.append([0] * 10**6)
def ends(x, kernel_size): os._exit(3)
def closes(x, kernel_size):
    sys.stdout.close()
    os.close(1)
    return [[[1]]]
def recurses(x, kernel_size): return recurses(x, kernel_size)
def number(a=1, b=2): return 1
def takes_nothing(): return 1
def leaves(x, kernel_size):
    with open(LEFT, "w") as file:
        file.write(str(subprocess.Popen(["sleep", "60"], start_new_session=True).pid))
class Empty: pass
"""


@pytest.fixture
def mine(tmp_path):
    def make(name, **settings):
        left = f"LEFT = {str(tmp_path / 'left.txt')!r}\n"
        (tmp_path / "mine.py").write_text(left + SOURCE, encoding="utf-8")
        return check(f"{tmp_path}/mine.py:{name}", Asked("unfold", **settings))

    return make


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unfold", "ValueError: 1, mine.py line"),
        ("nothing", "Ũ has NoneType where a number or a list belongs"),
        ("generator", "Ũ has generator where a number or a list belongs: list(…) would do"),
        ("nan", "which is X[0, 0, 0, 0]: expected 1, got nan"),
        ("ragged", "Ũ is ragged: at level 2 its lists are of length 1 and 2"),
        ("huge", "MemoryError, mine.py line"),
        ("grows", "MemoryError, mine.py line"),
        ("ends", "it ended the process, with exit status 3"),
        ("closes", "OSError: [Errno 9] Bad file descriptor"),
        ("recurses", "RecursionError: maximum recursion depth exceeded"),
        ("number", "Ũ is one number instead of the shape (1, 4, 4)"),
    ],
)
def test_a_failed_case(name, reason, mine):
    answer = mine(name)
    assert answer.passed == 0
    assert reason in answer.failure.reason
    assert answer.likely is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("takes_nothing", "takes 0 arguments by position: unfold is called with x, kernel_size"),
        ("Empty", "Empty is a class whose instances can't be called"),
        ("absent", "has no function absent"),
    ],
)
def test_one_sentence(name, sentence, mine):
    with pytest.raises(ConvcalcError, match=sentence):
        mine(name)


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="the system doesn't list its processes")
def test_a_process_of_its_own_ends_with_it(mine, tmp_path):
    mine("leaves")
    pid = (tmp_path / "left.txt").read_text(encoding="utf-8")
    until = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
