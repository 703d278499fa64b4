"""A process that imports slow libraries once, and of which each file's process is a fork.

Over a socket it is told what to import, asked for a fork that takes three pipes for its own, and
asked what became of one.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from json import dumps, loads
from typing import Any

from convcalc.checking.child import program
from convcalc.checking.child.target import prepared

LONGEST_REQUEST = 1 << 20


def main(at_start: Iterable[str], descriptor: int) -> None:
    """Answer until the socket is closed; `at_start` are the modules that Python began with."""
    connection = socket.socket(fileno=descriptor)
    ended: dict[int, int] = {}
    while True:
        message, pipes, _, _ = socket.recv_fds(connection, LONGEST_REQUEST, 3)
        if not message:
            os._exit(0)
        request = loads(message)
        reply: dict[str, Any] = {}
        if "prepare" in request:
            prepared(**request["prepare"])
        elif "fork" in request:
            pid = os.fork()
            if not pid:
                connection.close()
                _begin(pipes, **request["fork"])
                program.main(at_start)
            for pipe in pipes:
                os.close(pipe)
            reply["pid"] = pid
        elif "poll" in request:
            reply["status"] = _status(request["poll"], ended)
        elif "kill" in request and _status(request["kill"], ended) is None:
            with suppress(OSError):
                os.kill(request["kill"], signal.SIGKILL)
        connection.sendall(dumps(reply).encode())


def _begin(pipes: list[int], folder: str, environment: dict[str, str]) -> None:
    """Be the process of a file: a session of its own, with its pipes, folder and variables."""
    os.setsid()
    for place, pipe in enumerate(pipes):
        os.dup2(pipe, place)
        os.close(pipe)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


def _status(pid: int, ended: dict[int, int]) -> int | None:
    """Return how a fork ended, as `subprocess` has it, or None while it runs."""
    if pid not in ended:
        found, status = os.waitpid(pid, os.WNOHANG)
        if not found:
            return None
        ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid]
