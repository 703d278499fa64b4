"""What `demo --code` shows: a reference as Python that runs as it stands."""

from __future__ import annotations

from typing import Any

from convcalc.output.page import Page, Program
from convcalc.single.demo.loops import Loops


def as_page(answer: Loops) -> Page:
    """Lay out the program, and nothing else: so that it can be piped into a file."""
    return Page("", (Program(answer.code),), None, answer.notes)


def as_json(answer: Loops) -> dict[str, Any]:
    """Return the program as one text."""
    return {"operation": answer.operation, "code": answer.code, "notes": answer.notes}
