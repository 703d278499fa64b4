"""A search by machine over whole processes: terminals, streams, environments and signals by chance.

    pytest tests/test_search.py --search 2000 --seed 7

Nothing is asked without `--search`. Each process is asked a line over files that are mutated now
and then, in a terminal or a pipe of any kind, and is ended at any moment by a signal or left alone.
However it ends: an answer or one sentence, no traceback, no half-written file, within its time
and memory.
"""

import codecs
import fcntl
import os
import pty
import random
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mutations import NASTY, mutated, mutated_source
from printed_models import PRINTED
from pseudoterminal import heed_signals

HERE = Path(__file__).parent
SECONDS, MEMORY = 60, 4 * 2**30
"""The most processor time and address space of a process; its stack is 512 MB of that."""
LINES = """
shape
shape --in 3x32x32 --k 3 --p 1
shape --in 3x32x32 --k 3 -f FORMAT
params --in 3 --out 16 --k 3 -f FORMAT
demo
demo --in 1x4x4 --k 2 --backward -f FORMAT
demo --in 1x4x4 --k 2 --pool max --backward
demo --in 1x3x3 --k 2 --transposed --fold
demo --x [[1,2],[3,4]] --w [[1,0],[0,1]] --patch 0
demo --in 1x4x4 --k 2 --animate --delay 0.01
demo --code unfold
solve --in 3x32x32 --out 16x16x16
solve --in 3x8x8 --out 3x90x90
net
net SOURCE SHAPE
net SOURCE SHAPE -f FORMAT
net SOURCE SHAPE --train --fit-in 1GiB --graph
net SOURCE SHAPE --sizes 1:40
net SOURCE SHAPE --diff
net SOURCE SHAPE --columns name,layer,line,output,params --depth 1
net SOURCE SHAPE -f github
net PRINT --in 3x64x64
net PRINT --params-only -f FORMAT
net BOOK --in 3x32x32
net - --in 3x64x64
net --layers Conv2d(3,16,3),ReLU(),MaxPool2d(2) --in 3x32x32 -f FORMAT
net SOURCE PRINT --in 3x32x32
check
check HAND:conv2d --op conv2d --timeout 2
check HAND:unfold --op unfold --timeout 2 -f FORMAT
check HANDBOOK --op conv2d --timeout 2
check FOLDER --op unfold --timeout 2 --jobs 2
-h
net -h
--version
""".strip().split("\n")
"""What is typed; words in capitals stand for something by chance."""
SAVED = (".svg", ".html", ".txt")
LASTS = {".svg": "</svg>", ".html": "</html>", ".txt": "\n"}
FORMATS = ("table", "json", "csv", "markdown", "latex", "x")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE)
ENCODINGS = ("ascii", "latin-1", "cp1252", "utf-8", "utf-16", "cp437", "shift_jis")
SETTINGS = {
    "TERM": ("dumb", "", "xterm", "xterm-256color", "linux", "💥"),
    "COLUMNS": ("1", "20", "60", "80", "500", "0", "-1", "²", "x", "9" * 30),
    "LINES": ("1", "24", "0", "-7"),
    "LANG": ("C", "C.UTF-8", "de_DE.ISO-8859-1", "nowhere"),
    "LC_ALL": ("C", "POSIX", "xx_YY.utf8"),
    "PYTHONUTF8": ("0", "1"),
    "NO_COLOR": ("1", ""),
    "FORCE_COLOR": ("1", ""),
    "COLORTERM": ("truecolor", ""),
    "HOME": ("/nonexistent", "", "/"),
    "TMPDIR": ("/nonexistent",),
    "PYTHONDONTWRITEBYTECODE": ("1",),
    "PYTHONUNBUFFERED": ("1",),
    "HUGE": ("x" * 100_000,),
}
FLAGS = ("-O", "-OO", "-B", "-E", "-s", "-Xutf8", "-Wignore", "-bb", "-Wdefault")


@dataclass
class Case:
    """One process: what is typed, where, and how it is ended."""

    words: list[str]
    flags: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    streams: list[str] = field(default_factory=lambda: ["null", "pipe", "pipe"])
    """Where standard input comes from, and where the two outputs go."""
    columns: int = 80
    text: bytes = b""
    signal: int = 0
    delay: float = 0.0

    def told(self) -> str:
        """Return all of it in a line."""
        settings = " ".join(f"{k}={v[:40]!r}" for k, v in self.environment.items())
        words = " ".join(repr(each[:200]) for each in self.words)
        ends = f" {signal.Signals(self.signal).name} after {self.delay:.3f}" if self.signal else ""
        return f"{settings} {self.flags} {words} {self.streams} {self.columns} columns{ends}"


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Return the texts of files by the kind of question, and a folder to write them in."""
    read = {
        "SOURCE": [*(HERE / "data/models").glob("*.py"), *(HERE / "data/mends").glob("*.py")],
        "HAND": [HERE / "checking/gallery/right.py", HERE / "checking/gallery/wrong.py"],
        "HANDBOOK": [*(HERE / "checking/hand_ins").glob("*.ipynb")],
    }
    texts = {kind: [each.read_text("utf-8") for each in paths] for kind, paths in read.items()}
    texts["BOOK"] = texts["HANDBOOK"]
    texts["PRINT"] = [*PRINTED.values()]
    return texts, tmp_path_factory.mktemp("search")


ENDINGS = {"SOURCE": ".py", "HAND": ".py", "HANDBOOK": ".ipynb", "BOOK": ".ipynb", "PRINT": ".txt"}


def encoded(text, chance):
    """Return a file's text as bytes, now and then as other systems write it."""
    if chance.random() < 0.8:
        return text.encode("utf-8", "surrogatepass")
    return chance.choice((
        lambda: text.replace("\n", "\r\n").encode("utf-8", "surrogatepass"),
        lambda: text.replace("\n", "\r").encode("utf-8", "surrogatepass"),
        lambda: codecs.BOM_UTF8 + text.encode("utf-8", "surrogatepass"),
        lambda: text.encode("utf-16", "surrogatepass"),
        lambda: text.encode("latin-1", "replace"),
        lambda: text.encode("utf-8", "surrogatepass").replace(b"e", b"\0", 1),
        lambda: b"",
    ))()  # fmt: skip


def written(kind, chance, texts, folder):
    """Write a file of this kind; return its path."""
    text = chance.choice(texts[kind])
    if chance.random() < 0.5:
        python = ENDINGS[kind] == ".py" and chance.random() < 0.8
        text = (mutated_source if python else mutated)(text, chance)
    path = folder / f"{kind.lower()}{ENDINGS[kind]}"
    path.write_bytes(encoded(text, chance))
    return path


def drawn(chance, texts, folder):
    """Return a case by chance, its files written."""
    words = []
    for word in chance.choice(LINES).split():
        kind, _, rest = word.partition(":")
        if kind in ENDINGS:
            word = f"{written(kind, chance, texts, folder).name}{':' if rest else ''}{rest}"
        elif kind == "FOLDER":
            written("HAND", chance, texts, folder)
            word = "."
        elif kind == "FORMAT":
            word = chance.choice(FORMATS)
        elif kind == "SHAPE":
            words.append("--in")
            word = chance.choice(("3x32x32", "1x28x28", "3x64x64", "100", "3x3"))
        words.append(word)
    case = Case(words)
    if chance.random() < 0.1:
        words.append(chance.choice([each for each in NASTY if each.isprintable()]))
    if chance.random() < 0.25 and words[0] in ("shape", "params", "demo", "net", "solve", "check"):
        words += ["--save", chance.choice(("a.svg", "a.html", "a.txt", "no/a.svg", "a.pdf", "."))]
    if chance.random() < 0.3:
        case.flags = chance.sample(FLAGS, chance.randint(1, 2))
    if chance.random() < 0.7:
        names = chance.sample(list(SETTINGS), chance.randint(1, 3))
        case.environment = {name: chance.choice(SETTINGS[name]) for name in names}
    if chance.random() < 0.3:
        case.environment["PYTHONIOENCODING"] = chance.choice(ENCODINGS)
    case.columns = chance.choice((1, 2, 7, 20, 40, 60, 80, 120, 500, chance.randint(1, 500)))
    case.text = encoded(mutated(chance.choice(texts["PRINT"]), chance), chance)
    case.streams = [
        chance.choice(("null", "text", "text", "closed", "terminal")),
        chance.choice(("pipe", "pipe", "terminal", "terminal", "full", "closed", "left")),
        chance.choice(("pipe", "pipe", "terminal", "full", "closed", "left")),
    ]
    if chance.random() < 0.4:
        case.signal, case.delay = chance.choice(SIGNALS), chance.uniform(0.03, 1.0)
    return case


@dataclass
class Outcome:
    """How a process ended: its status, what came by both outputs, and by its terminal."""

    status: int
    output: bytes
    error: bytes
    seconds: float


def ran(case, folder):
    """Run a case in a folder; return its outcome."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, case.columns, 0, 0))
    ends, opened, kept = [], [slave], {}
    for number, kind in enumerate(case.streams):
        if kind == "terminal":
            ends.append(slave)
        elif kind == "text":
            (folder / ".typed").write_bytes(case.text)
            ends.append(os.open(folder / ".typed", os.O_RDONLY))
        elif kind in ("pipe", "left"):
            mine, theirs = os.pipe()
            ends.append(theirs)
            if kind == "left":
                os.close(mine)
            else:
                kept[mine] = number
        else:
            path = "/dev/full" if kind == "full" else "/dev/null"
            ends.append(os.open(path, os.O_RDWR))
        opened.append(ends[-1])
    kept[master] = 1 if case.streams[1] == "terminal" else 2
    closed = [number for number, kind in enumerate(case.streams) if kind == "closed"]

    def prepare():
        heed_signals()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for number in closed:
            os.close(number)

    settings = {k: v for k, v in os.environ.items() if k not in ("CONVCALC_DEBUG", *SETTINGS)}
    paths = os.pathsep.join((str(HERE.parent), *sys.path))
    program = "import sys, runpy; sys.path[:0] = sys.argv.pop(1).split(':'); sys.argv[0] = "
    program += "'convcalc'; runpy.run_module('convcalc', run_name='__main__')"
    process = subprocess.Popen(
        [sys.executable, *case.flags, "-c", program, paths, *case.words],
        stdin=ends[0],
        stdout=ends[1],
        stderr=ends[2],
        preexec_fn=prepare,
        cwd=folder,
        env=settings | case.environment,
    )
    for each in set(opened):
        os.close(each)
    came = {0: b"", 1: b"", 2: b""}
    begun, sent = time.monotonic(), not case.signal
    while time.monotonic() < begun + 10 * SECONDS:
        now = time.monotonic() - begun
        if not sent and now > case.delay:
            process.send_signal(case.signal)
            sent = True
        wait = 0.2 if sent else max(case.delay - now, 0)
        for each in select.select(list(kept), [], [], wait)[0]:
            try:
                chunk = os.read(each, 65536)
            except OSError:  # the other end of a terminal is closed
                chunk = b""
            if chunk:
                came[kept[each]] += chunk
            else:
                os.close(each)
                del kept[each]
        if process.poll() is not None and not select.select(list(kept), [], [], 0)[0]:
            break
    else:
        process.kill()
    for each in kept:
        os.close(each)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Outcome(process.wait(), came[1], came[2], used.ru_utime + used.ru_stime)


def wrong(case, outcome, folder, before):
    """Return what is wrong with how a process ended, or nothing."""
    error, output = (each.decode("latin-1") for each in (outcome.error, outcome.output))
    wide = case.environment.get("PYTHONIOENCODING") == "utf-16"
    error = error.replace("\0", "") if wide else error
    for words in (
        "Traceback",
        "fault in convcalc",
        "Exception ignored",
        "Fatal Python",
        "Warning:",
    ):
        early = case.signal == signal.SIGINT and case.delay < 0.25 and "convcalc/" not in error
        if words in error + output and not early:
            return f"{words}: {(error + output)[-1500:]}"
    statuses = {0, 1, 2, *({130, -case.signal} if case.signal else ())}
    if case.streams[1] in ("left", "full") or "left" in case.streams:
        statuses |= {-signal.SIGPIPE}
    if outcome.status not in statuses:
        return f"status {outcome.status}: {(error + output)[-500:]}"
    plain = case.streams[2] == "pipe" and not wide and not case.signal
    if outcome.status == 2 and plain and "left" not in case.streams:
        if not error.startswith("Error: ") or len(error) < 15 or error.count("\n") > 3:
            return f"an error without a sentence: {error[-500:]!r}"
    if outcome.status in (0, 1) and case.streams[1] == "pipe" and not case.signal:
        silent = "--diff" in case.words or "github" in case.words
        if not output and not silent and outcome.status == 0:
            return "nothing was answered"
    for path in set(folder.iterdir()) - before:
        last = LASTS.get(path.suffix)
        if path.name.startswith(".convcalc") or path.suffix == ".pyc":
            return f"left behind: {path.name}"
        if (
            last
            and path.name.startswith("a.")
            and not path.read_text("utf-8").rstrip(" ").endswith((last, f"{last}\n"))
        ):
            return f"half written: {path.name}"
    return ""


def test_processes_by_chance(request, sources):
    count = request.config.getoption("search")
    if not count:
        pytest.skip("a search by machine: --search N asks N processes")
    texts, folder = sources
    seed, found, begun = request.config.getoption("seed"), [], time.monotonic()
    statuses: dict[tuple[str, int], int] = {}
    seconds = 0.0
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        place = folder / str(number)
        place.mkdir()
        case = drawn(chance, texts, place)
        (place / ".typed").touch()
        before = set(place.iterdir())
        outcome = ran(case, place)
        seconds = outcome.seconds
        key = (case.words[0] if not case.signal else f"signal {case.signal}", outcome.status)
        statuses[key] = statuses.get(key, 0) + 1
        said = wrong(case, outcome, place, before)
        if said:
            found.append(f"{number}: {case.told()}\n    {said}")
            print(found[-1], flush=True)
        else:
            shutil.rmtree(place)
    took = f"{seconds:.0f} s of processors, {time.monotonic() - begun:.0f} s in all"
    print(f"{count} processes, {took}: {sorted(statuses.items())}")
    assert not found, "\n".join(found)
