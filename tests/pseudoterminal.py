"""Running convcalc in a terminal of any size, for the tests."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def in_terminal(
    *arguments,
    columns=80,
    rows=24,
    interrupt_after="",
    send=signal.SIGINT,
    keys=(),
    **environment,
):
    """Run convcalc in a terminal; return all that it wrote, and its exit status.

    Ctrl-C, or another signal, is sent as soon as the text `interrupt_after` was seen; `keys` are
    pressed one by one, each once nothing more is written.
    """
    keys = list(keys)
    master, slave = pty.openpty()
    settings = {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(rows)}
    process = subprocess.Popen(
        [sys.executable, "-m", "convcalc", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        preexec_fn=heed_signals,
        env={k: v for k, v in os.environ.items() if k != "NO_COLOR"} | settings | environment,
    )
    os.close(slave)
    written = answered = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.1)
        try:
            chunk = os.read(master, 65536) if ready else b""
        except OSError:  # the other end is closed
            break
        written += chunk
        # Only once it waits, so that nothing is cut off in the middle of being written.
        if interrupt_after and not ready and interrupt_after.encode() in written:
            process.send_signal(send)
            interrupt_after = ""
        if keys and not ready and written != answered:
            answered = written
            os.write(master, keys.pop(0).encode())
        if not ready and process.poll() is not None:
            break
    status = process.wait(timeout=10)
    os.close(master)
    return written.decode().replace("\r\n", "\n"), status


def heed_signals():
    """Take signals again where whoever runs the tests ignores them, as nohup does."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def lines_of(text):
    return ESCAPE.sub("", text).splitlines()
