"""The child process from outside: asked, waited for, and replaced where it has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from json import dumps, loads
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from typing import IO, Any

from convcalc.checking.nursery import BEGIN, ONE_THREAD, ROOT, SLOW, Nursery, announce
from convcalc.text import harmless

PROGRAM = f"{BEGIN}from convcalc.checking.child.program import main; main(begun)"
"""What the child runs: its own rooms of this package, and then the user's file."""

RELAYED = 50_000
"""Bytes that are kept of what a function prints."""
LOADING = 120.0
"""Seconds for libraries to be imported, before the file that uses them is."""
LONGEST_ANSWER = 50_000_000
"""The most bytes of an answer."""
GENTLY = 0.5
"""Seconds for a process to end by itself."""
LEAST_FOR_A_FILE = 2.0
"""Seconds that a file has to be imported, however few a case has."""
POLL = 0.05
"""Seconds after which it is seen that a process has ended without closing its pipe."""


@dataclass(frozen=True)
class Alien:
    """What is neither a number nor a list of them, by the name of its type."""

    name: str


@dataclass(frozen=True)
class Raised:
    """An error in the child: `line` is the user's file and line where it arose, if any is."""

    type: str
    text: str
    line: tuple[str, int] | None
    explicit: bool
    """Whether the user's code raised it itself, rather than met it."""
    missing: tuple[str, ...]
    """The type and the attribute that it doesn't have, where that is the error."""

    def __str__(self) -> str:
        said = readable(f"{self.type}: {self.text}" if self.text else self.type)
        return f"{said}, {self.line[0]} line {self.line[1]}" if self.line else said


@dataclass(frozen=True)
class Reply:
    """What became of one call: what it returned, or why it returned nothing."""

    value: Any = None
    in_tuple: int = 0
    """How many values, where it returned a tuple."""
    put: tuple[str, ...] = ()
    """Which parameters of an object were set to the case's."""
    changed: tuple[int, list[int], Any, Any] | None = None
    """Which argument isn't as it was, where, and what stood and stands there."""
    raised: Raised | None = None
    lost: str = ""
    """Why it didn't come back."""
    refused: str = ""
    """Why what it returned can't be a result."""


class Lost(Exception):
    """The child process has ended, or doesn't come back."""


def readable(text: str, most: int = 300) -> str:
    """Return somebody's text on one line that neither steers nor floods a terminal."""
    line = " ".join(text.split())
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    return line if len(line) <= most else f"{line[:most]}…"


class Process:
    """The process that a function runs in; a new one after that has ended."""

    def __init__(
        self,
        path: str,
        name: str,
        handed_as: str | None,
        timeout: float,
        libraries: Sequence[str] = (),
        nursery: Nursery | None = None,
    ) -> None:
        folders = [os.path.abspath(folder) for folder in sys.path]
        place = {"path": os.path.abspath(path), "folders": folders}
        self._place, self._libraries = place, list(libraries)
        self._nursery = nursery if set(SLOW) & set(libraries) else None
        self._load = {**place, "name": name, "handed_as": handed_as}
        self.timeout = timeout
        self._running: _Running | None = None
        self.printed = _Printed()

    def load(self) -> dict[str, Any]:
        """Return how the child describes the function, or what is wrong; Lost if nothing."""
        self.close()
        if self._nursery is not None:
            self._nursery.prepare(self._libraries, self._place)
        self._running = _Running(self.printed, self._nursery)
        if self._libraries and self._nursery is None:
            announce(self._libraries)
            self._ask({"prepare": {**self._place, "libraries": self._libraries}}, LOADING)
        return self._ask({"load": self._load}, max(self.timeout, LEAST_FOR_A_FILE))

    def call(self, request: dict[str, Any]) -> Reply:
        """Return what became of a call."""
        try:
            if self._running is None and "parameters" not in self.load():
                raise Lost("it can't be imported a second time")
            answer = self._ask({"call": request}, self.timeout)
        except Lost as lost:
            self.close()
            return Reply(lost=str(lost))
        try:
            return _reply(answer)
        except (KeyError, TypeError, ValueError):  # the function found the pipe and wrote to it
            return Reply(refused="its own words stand in the place of an answer")

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        assert self._running is not None
        # What a file writes into the pipe by itself doesn't know which question is asked.
        number = int.from_bytes(os.urandom(6), "big")
        self._running.send({**question, "number": number})
        return self._running.answer(number, seconds)

    def close(self) -> None:
        """End the child, whatever it does."""
        if self._running is not None:
            self._running.end()
            self._running = None


@contextmanager
def running(
    path: str,
    name: str,
    handed_as: str | None,
    timeout: float,
    libraries: Sequence[str] = (),
    nursery: Nursery | None = None,
) -> Iterator[Process]:
    """Yield the process for the function `name` of a file, and end it afterwards.

    `libraries` are those that it is going to import, which `timeout` isn't for; the slow ones of
    them are imported once in the nursery.
    """
    process = Process(path, name, handed_as, timeout, libraries, nursery)
    try:
        yield process
    finally:
        process.close()


def _reply(answer: dict[str, Any]) -> Reply:
    if "raised" in answer:
        return Reply(raised=raised(answer["raised"]))
    if "refused" in answer:
        return Reply(refused=str(answer["refused"]))
    reply = Reply(answer["value"], int(answer["in_tuple"]), tuple(map(str, answer["put"])))
    if answer["changed"] is None:
        return reply
    at, index, before, after = answer["changed"]
    return replace(reply, changed=(int(at), list(index), before, after))


def raised(answer: dict[str, Any]) -> Raised:
    """Return an error as the child describes it."""
    line = answer["line"]
    return Raised(
        str(answer["type"]),
        str(answer["text"]),
        (readable(str(line[0])), int(line[1] or 0)) if line else None,
        bool(answer["explicit"]),
        tuple(answer["missing"]),
    )


def _decoded(each: dict[str, Any]) -> Any:
    """Return what JSON has no word for."""
    if each.keys() == {"int"}:
        return int(each["int"], 16)
    if each.keys() == {"type"}:
        return Alien(readable(str(each["type"])))
    return each


def _descendants(pid: int) -> list[int]:
    """Return the processes below one, where the system lists them: also those on their own."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found[1:]


def _environment(folder: str) -> dict[str, str]:
    """Return the variables of the child, whose home is a folder that is thrown away."""
    return {**os.environ, **ONE_THREAD, "HOME": folder, "TMPDIR": folder, "MPLBACKEND": "agg"}


class _Running:
    """One child process and its pipes."""

    def __init__(self, printed: _Printed, nursery: Nursery | None) -> None:
        # Isolated: neither the folder that this runs in nor PYTHON… variables change what it
        # imports before it has its pipes. A session of its own, to be ended with all it started.
        self._folder = TemporaryDirectory(prefix="check-", ignore_cleanup_errors=True)
        environment = _environment(self._folder.name)
        self._process = (
            nursery.begin(self._folder.name, environment)
            if nursery is not None
            else subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", PROGRAM.format(root=ROOT)],
                cwd=self._folder.name,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,  # so that what comes is read as soon as it does
            )
        )
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._relaying = Thread(target=printed, args=(self._process.stderr,), daemon=True)
        self._relaying.start()
        self._listening = Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        begun = bytearray()
        with suppress(OSError, ValueError):
            while chunk := self._process.stdout.read(65536):
                first, *others = chunk.split(b"\n")
                begun += first
                for other in others:
                    self._lines.put(bytes(begun))
                    begun = bytearray(other)
                if len(begun) > LONGEST_ANSWER:
                    break
        self._lines.put(None)

    def send(self, question: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended, which its answer will say
            asked = memoryview(dumps(question).encode() + b"\n")
            while asked:
                asked = asked[self._process.stdin.write(asked) or 0 :]

    def answer(self, number: int, seconds: float) -> dict[str, Any]:
        """Return the answer of this number; raise Lost where none comes."""
        until = monotonic() + seconds
        while True:
            ended = self._process.poll() is not None
            left = until - monotonic()
            try:
                line = self._lines.get(timeout=max(min(POLL, left), 0.001))
            except Empty:
                if ended:
                    raise Lost(self._how_it_ended()) from None
                if left <= 0:
                    raise Lost(f"it doesn't come back within {seconds:g} s") from None
                continue
            if line is None:
                raise Lost(self._how_it_ended())
            with suppress(ValueError, RecursionError):
                answer = loads(line, object_hook=_decoded)
                if isinstance(answer, dict) and answer.get("number") == number:
                    return answer

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "it closed the pipe of its answers"
        if status >= 0:
            return f"it ended the process, with exit status {status}"
        with suppress(ValueError):
            return f"it ended the process, by {signal.Signals(-status).name}"
        return f"it ended the process, by signal {-status}"

    def end(self) -> None:
        for below in _descendants(self._process.pid):
            with suppress(OSError):
                os.kill(below, signal.SIGKILL)
        self._let_end()
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        # All that it printed, but not what others go on to print. A pipe that they keep open stays
        # so here too: whoever still reads it would read from the next one of that number.
        for thread, pipe in (
            (self._relaying, self._process.stderr),
            (self._listening, self._process.stdout),
        ):
            thread.join(timeout=1)
            if not thread.is_alive() and pipe is not None:
                pipe.close()
        self._folder.cleanup()

    def _let_end(self) -> None:
        """Give it a moment to end by itself, since nobody asks any more.

        It isn't reaped yet, so that no other process can have its number when it is killed.
        """
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        if not hasattr(os, "waitid"):
            return
        until, options = monotonic() + GENTLY, os.WEXITED | os.WNOHANG | os.WNOWAIT
        with suppress(OSError):
            while monotonic() < until and os.waitid(os.P_PID, self._process.pid, options) is None:
                sleep(0.002)


class _Printed:
    """What the function prints, up to a limit, over all its processes."""

    def __init__(self) -> None:
        self._left = RELAYED
        self._said: list[str] = []

    def __call__(self, pipe: IO[bytes]) -> None:
        decoder = getincrementaldecoder("utf-8")("replace")
        with suppress(OSError, ValueError):
            while chunk := pipe.read(65536):
                if self._left <= 0:
                    continue
                said = decoder.decode(chunk[: self._left])
                self._left -= len(chunk)
                self._said.append("\n".join(map(harmless, said.split("\n"))))
                if self._left <= 0:
                    self._said.append(f"\n… what it prints beyond {RELAYED:,} bytes is left out\n")

    def tell(self) -> None:
        """Write it to standard error, as far as that takes it."""
        with suppress(AttributeError, OSError, ValueError):
            sys.stderr.write("".join(self._said))
            sys.stderr.flush()
