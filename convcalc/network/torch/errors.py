"""What PyTorch raises where shapes don't fit: Python's own exceptions, with what is known of them.

Code that is read may catch them as it would catch PyTorch's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convcalc.formulas import ConvcalcError, TooLarge
from convcalc.reading.exceptions import HIDDEN, NotUnderstood, TooMuch

if TYPE_CHECKING:
    from convcalc.network.torch.module import Module
    from convcalc.network.torch.tensor import Tensor

LONGEST = 1000
"""The most characters of what is raised."""
DETAILS = f"{HIDDEN}_details"
"""The attribute of an exception that keeps what is known of it."""


@dataclass(eq=False)
class Details:
    """What is known of an exception that a function of torch or a module raised."""

    operation: str = ""
    """The name of the function on tensors that was called."""
    inputs: list[Tensor] = field(default_factory=list)
    """The tensors that came in."""
    sizes: list[object] = field(default_factory=list)
    """The sizes that were asked for."""
    module: Module | None = None
    """The innermost module that was called."""
    owner: object = None
    """The object whose attribute isn't there, or in whose method a name isn't."""
    attribute: str = ""
    """The name that isn't there."""
    missing: list[str] = field(default_factory=list)
    """The arguments that a call leaves out."""


def misfit(
    message: str,
    kind: type[Exception] = RuntimeError,
    *,
    owner: object = None,
    attribute: str = "",
    missing: Sequence[str] = (),
) -> Exception:
    """Return an exception of a kind, as PyTorch would raise it, with room for what is known."""
    error = kind(message if len(message) <= LONGEST else f"{message[:LONGEST]}…")
    kept = Details(owner=owner, attribute=attribute, missing=list(missing))
    vars(error)[DETAILS] = kept
    return error


def details(error: BaseException) -> Details | None:
    """Return what is known of an exception; None where nothing of torch raised it."""
    found = vars(error).get(DETAILS)
    return found if isinstance(found, Details) else None


def of_layer(error: ConvcalcError, by: str = "", kind: type[Exception] = RuntimeError) -> Exception:
    """Return what a layer's error is in a network: an exception of PyTorch's, or a refusal."""
    if isinstance(error, NotUnderstood):
        return error
    told = " ".join(str(error).split())  # of a module in the place of a number, all its lines
    sentence = f"{by}: {told}" if by else told
    return TooMuch(sentence) if isinstance(error, TooLarge) else misfit(sentence, kind)
