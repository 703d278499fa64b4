"""The process in which somebody's function runs.

It is asked by lines of JSON on its standard input and answers by such lines on its standard
output, both of which it takes for itself before any other code runs: what that prints goes to
standard error. It is asked to import libraries; then to load a function, which it describes; then
to call it, again and again. Whatever the function does is an answer, or the end of the process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from json import dumps, loads
from queue import SimpleQueue
from threading import Thread
from typing import Any

from convcalc.checking.child import target as targets
from convcalc.checking.child.answers import Refused, described
from convcalc.checking.child.calling import Call
from convcalc.checking.child.source import read

MOST_MEMORY = 1 << 29
"""Bytes that a function may take beside those that its libraries have taken."""

SET_CHILD_SUBREAPER = 36


def main(at_start: Iterable[str]) -> None:
    """Answer until the pipe is closed; `at_start` are the modules that Python began with."""
    targets.AT_START.update(at_start)
    me = os.getpid()
    _adopt()
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stderr = open(  # noqa: SIM115
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    asked: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(requests, asked), daemon=True).start()
    target: targets.Target | None = None
    while True:
        request = loads(asked.get())
        try:
            if "prepare" in request:
                targets.prepared(**request["prepare"])
                reply: dict[str, Any] = {}
            elif target is None:
                _bound_memory()
                target = targets.loaded(**request["load"])
                reply = target.description()
            else:
                reply = Call(target, request["call"]).reply()
        except Refused as refusal:
            reply = refusal.reply
        except BaseException as error:
            reply = {"raised": _described(error, target, request)}
        if os.getpid() != me:  # a fork that the function made, and that has come back as well
            os._exit(0)
        replies.write(dumps({**reply, "number": request["number"]}).encode() + b"\n")
        replies.flush()


def _described(
    error: BaseException, target: targets.Target | None, request: dict[str, Any]
) -> dict[str, Any]:
    if target is not None:
        return described(error, target.folder, target.source)
    path = request["load"]["path"] if "load" in request else ""
    source = None
    with suppress(Exception):
        source = read(path)
    return described(error, os.path.dirname(path), source)


def _listen(requests: Any, asked: SimpleQueue[bytes]) -> None:
    """Read what is asked, also while a function runs; end that once the pipe is closed."""
    for line in requests:
        asked.put(line)
    os._exit(0)


def _adopt() -> None:
    """Keep the processes that a file leaves to themselves below this one, where they are found."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (AttributeError, ImportError, OSError, TypeError):  # no Linux
        return


def _bound_memory() -> None:
    """Let the file take no more memory than is enough for any case."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, hard))
    except (ImportError, OSError, ValueError):  # a system that has no such bound
        return
