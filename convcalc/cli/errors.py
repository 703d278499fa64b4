"""How a command line ends without an answer: in one sentence, with an exit status, untraced."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

import click

from convcalc.text import harmless, writable


class Refusal(click.ClickException):
    """A question without a meaning: one sentence, exit status 2."""

    exit_code = 2
    prefix = "Error: "

    def __init__(self, message: str) -> None:
        # What was typed is quoted in messages: it must neither steer nor flood the terminal.
        super().__init__(harmless(re.sub(r"\S{201,}", lambda long: f"{long[0][:100]}…", message)))

    def show(self, file: Any = None) -> None:
        """Print the sentence, in characters that the terminal has; nothing where there is none."""
        if sys.stderr is None:
            return
        message = writable(f"{self.prefix}{self.message}", sys.stderr.encoding or "utf-8")
        try:
            if sys.stderr.isatty():
                import shutil
                import textwrap

                width = shutil.get_terminal_size().columns
                message = textwrap.fill(
                    message, width, break_long_words=False, break_on_hyphens=False
                )
            click.echo(message, err=True)
        except OSError:
            _silence(sys.stderr)


class AnswerIsNo(Refusal):
    """An answer, and the answer is no: one sentence, exit status 1."""

    exit_code = 1
    prefix = ""


class Interrupted(Refusal):
    """What is known by the time that somebody presses Ctrl-C: one sentence, exit status 130."""

    exit_code = 130
    prefix = ""


class Unwritten(Refusal):
    """An answer that could not be written; `| head` has read enough, and is told nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the answer can't be written: {error.strerror or error}")
        self.quiet = error.errno == errno.EPIPE

    def show(self, file: Any = None) -> None:
        """Print the sentence, unless the reader has closed the pipe."""
        _silence(sys.stdout)
        if self.quiet:
            _silence(sys.stderr)  # whose reader it may be
        else:
            super().show(file)


def _silence(stream: TextIO | None) -> None:
    """Send a stream to the null device, so that flushing it at exit raises no second error."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        os.close(nowhere)


@contextmanager
def guarded() -> Iterator[None]:
    """End in one sentence, whatever goes wrong; CONVCALC_DEBUG=1 shows a fault of our own.

    What is asked for wrongly is refused where it is read; of what comes here only output that
    can't be written and Ctrl-C are nobody's fault.
    """
    try:
        if sys.stdout is None:
            raise Unwritten(OSError(errno.EBADF, "standard output is closed"))
        try:
            yield
        finally:
            sys.stdout.flush()
    except (click.ClickException, click.exceptions.Exit):
        raise
    except KeyboardInterrupt:
        raise click.exceptions.Exit(130) from None
    except Exception as error:
        if isinstance(error, FileNotFoundError) and error.filename is None:
            said = "the folder that this is asked in is gone: it can be asked in another one"
            raise Refusal(said) from None
        if isinstance(error, OSError) and error.filename is None:
            raise Unwritten(error) from None
        if os.environ.get("CONVCALC_DEBUG"):
            raise
        raise Refusal(
            f"a fault in convcalc itself, {type(error).__name__}: {error}; please report it with "
            "what you typed, and with what CONVCALC_DEBUG=1 shows"
        ) from None
