"""What ends the reading of a network, and what stands for a value that isn't known."""

from __future__ import annotations

from typing import Any, NamedTuple

from convcalc.formulas import ConvcalcError, TooLarge

LONGEST = 1000
"""The most characters of what a model raises."""


class Place(NamedTuple):
    """Where something stands in somebody's file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


class NotUnderstood(ConvcalcError):
    """Something that can't be followed: no answer is given rather than a wrong one."""

    at: Place | None = None


class Final(NotUnderstood):
    """Something after which nothing is known any more."""


class TooMuch(NotUnderstood):
    """A bound was reached: of steps, depth, numbers or files. Nothing is passed over then."""


class Raised(ConvcalcError):
    """An exception that the model itself would raise: a network that doesn't fit.

    `kind` is the name of Python's exception, `value` the instance that the model raised, where it
    raised one. `hint` is what would do, said after the sentence.
    """

    def __init__(self, message: str, kind: str = "RuntimeError", value: Any = None) -> None:
        super().__init__(message if len(message) <= LONGEST else f"{message[:LONGEST]}…")
        self.kind = kind
        self.value = value
        self.at: Place | None = None
        self.module: Any = None
        """The innermost module that was called."""
        self.operation = ""
        """The name of the function on tensors that was called."""
        self.inputs: list[Any] = []
        """The tensors that came in."""
        self.sizes: list[Any] = []
        """The sizes that were asked for."""
        self.owner: Any = None
        """The object whose attribute isn't there, or in whose method a name isn't."""
        self.missing: list[str] = []
        """The arguments that a call leaves out."""
        self.attribute = ""
        """The name that isn't there."""


def too_large(what: str) -> TooMuch:
    """Return the refusal of a number that grew beyond what is calculated with."""
    return TooMuch(str(TooLarge(what)))


def raised(error: ConvcalcError, by: str = "", kind: str = "RuntimeError") -> ConvcalcError:
    """Return what a layer's error is in a network: an exception of the model, or a bound's."""
    if isinstance(error, (Raised, NotUnderstood)):
        return error
    sentence = f"{by}: {error}" if by else str(error)
    return TooMuch(sentence) if isinstance(error, TooLarge) else Raised(sentence, kind)


class Unknown:
    """A value that isn't known, and why; whoever needs it is refused."""

    __slots__ = ("error", "why")

    def __init__(self, why: str, error: ConvcalcError | None = None) -> None:
        self.why = why
        self.error = error
        """What the model itself would raise there, if that is why."""

    def __repr__(self) -> str:
        return "…"
