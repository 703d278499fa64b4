"""Signals that end the process: what was begun is tidied up first."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]


class _Ended(BaseException):
    """A signal that ends the process, as an exception, so that what is open is closed."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def tidied() -> Iterator[None]:
    """Let a signal that ends the process unwind what is inside, and end the process then.

    Signals that are ignored, as under nohup, stay ignored.
    """

    over = False

    def unwind(number: int, frame: Any) -> None:
        if not over:
            raise _Ended(number)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    heeded = [each for each in ENDS if signal.getsignal(each) == signal.SIG_DFL]
    try:
        with suppress(ValueError):  # only the main thread may
            for each in heeded:
                signal.signal(each, unwind)
        yield
    except _Ended as ended:
        signal.signal(ended.number, signal.SIG_DFL)
        os.kill(os.getpid(), ended.number)
    finally:
        over = True
        with suppress(ValueError):
            for each in heeded:
                signal.signal(each, signal.SIG_DFL)
