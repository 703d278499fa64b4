"""What a network that doesn't fit is told: the place, what comes, and what would do."""

from __future__ import annotations

from typing import Any

from convcalc.network.refusals import Raised
from convcalc.network.trace import Misfit


def explained(error: Raised, reading: Any) -> Misfit:
    """Return the sentence of an error."""
    return Misfit(
        message=error.message,
        file=error.at.file if error.at else None,
        line=error.at.line if error.at else None,
        name=error.name or None,
        layer=error.layer or None,
    )
