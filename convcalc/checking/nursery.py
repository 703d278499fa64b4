"""The nursery from outside: processes that have slow libraries from the beginning."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from json import dumps, loads
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import IO, Any

ROOT = os.path.abspath(Path(__file__).parents[2])
"""Where this package stands."""
BEGIN = "import sys; begun = frozenset(sys.modules); sys.path.insert(0, {root!r}); "
NURSERY = f"{BEGIN}from convcalc.checking.child.nursery import main; main(begun, {{descriptor}})"
SLOW = ("torch",)
"""Libraries whose import takes seconds, so that it is said, and done once."""
POLL = 0.005
LONGEST_END = 0.5
"""How many seconds it may take to end by itself, once nobody asks it any more."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""What keeps libraries to one thread: cases are small, and threads that wait for more only spin."""


class Nursery:
    """The process that has imported slow libraries, once a file needs them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._prepared: set[str] = set()

    def prepare(self, libraries: Sequence[str], place: dict[str, Any]) -> None:
        """Import libraries that aren't yet, and say so on standard error where that is slow."""
        with self._lock:
            missing = [each for each in libraries if each not in self._prepared]
            if missing:
                announce(missing)
                self._ask({"prepare": {**place, "libraries": missing}})
                self._prepared.update(missing)

    def begin(self, folder: str, environment: dict[str, str]) -> Forked:
        """Return a new process in a folder, with these variables."""
        ours, theirs = zip(*(_pipe(at) for at in range(3)), strict=True)
        request = {"fork": {"folder": folder, "environment": environment}}
        pid = self.ask(request, theirs)["pid"]
        for pipe in theirs:
            os.close(pipe)
        return Forked(self, int(pid), ours)

    def ask(self, request: dict[str, Any], pipes: Sequence[int] = ()) -> dict[str, Any]:
        """Return what it answers."""
        with self._lock:
            return self._ask(request, pipes)

    def _ask(self, request: dict[str, Any], pipes: Sequence[int] = ()) -> dict[str, Any]:
        if self._socket is None:
            self._start()
        assert self._socket is not None
        socket.send_fds(self._socket, [dumps(request).encode()], pipes)
        answer: dict[str, Any] = loads(self._socket.recv(65536))
        return answer

    def _start(self) -> None:
        self._socket, theirs = socket.socketpair()
        code = NURSERY.format(root=ROOT, descriptor=theirs.fileno())
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", code],
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def end(self) -> None:
        """End it, by force where it imports something still; its forks have been ended before."""
        if self._socket is not None and self._process is not None:
            self._socket.close()
            try:
                self._process.wait(LONGEST_END)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Forked:
    """A process of the nursery's, as `subprocess.Popen` has one."""

    def __init__(self, nursery: Nursery, pid: int, pipes: Sequence[IO[bytes]]) -> None:
        self._nursery = nursery
        self.pid = pid
        self.stdin, self.stdout, self.stderr = pipes

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        status: int | None = self._nursery.ask({"poll": self.pid})["status"]
        return status

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended; raise subprocess.TimeoutExpired where it doesn't in time."""
        until = monotonic() + (60 if timeout is None else timeout)
        while (status := self.poll()) is None:
            if monotonic() > until:
                raise subprocess.TimeoutExpired("fork", timeout or 0)
            sleep(POLL)
        return status

    def kill(self) -> None:
        """End it."""
        self._nursery.ask({"kill": self.pid})


def _pipe(place: int) -> tuple[IO[bytes], int]:
    """Return our end and theirs of a pipe for standard input, output or error."""
    reading, writing = os.pipe()
    if place == 0:
        return open(writing, "wb", buffering=0), reading
    return open(reading, "rb", buffering=0), writing


def announce(libraries: Sequence[str]) -> None:
    """Say on standard error that a library is imported, where that takes its time."""
    slow = [each for each in libraries if each in SLOW and find_spec(each)]
    if slow:
        with suppress(AttributeError, OSError, ValueError):
            sys.stderr.write(f"importing {slow[0]} …\n")
            sys.stderr.flush()


@contextmanager
def nursery() -> Iterator[Nursery | None]:
    """Yield what forks processes, None where the system has no forks, and end it afterwards."""
    if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        yield None
        return
    begun = Nursery()
    try:
        yield begun
    finally:
        begun.end()
