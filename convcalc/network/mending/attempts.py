"""What is tried in the place of what was asked, and what came of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from convcalc.layers.base import Shape
from convcalc.network.answer.rows import NetworkAnswer
from convcalc.network.following import Reading
from convcalc.network.torch.module import Module


class State(NamedTuple):
    """What is tried in the place of what was asked: nothing, to begin with."""

    texts: Mapping[Path, str] = {}
    """The texts of files that are changed."""
    trees: Mapping[Path, ast.Module] = {}
    """The syntax of files, changed or not, that needn't be read again."""
    expression: str | None = None
    inputs: Sequence[Shape] | None = None
    batch: int | None = None
    steps: int | None = None
    """The most steps that it may take, where that isn't what any reading may."""
    until: float | None = None
    """The processor time at which it ends, likewise."""


class Attempt(NamedTuple):
    """What came of following a network, or of beginning to."""

    answer: NetworkAnswer
    reading: Reading
    root: Module | None
    """The model, where it could be made."""


Again = Callable[[State], Attempt]
"""What follows the whole network again; raises ConvcalcError where it isn't understood then."""
