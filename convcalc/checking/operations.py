"""The operations that an implementation is checked for: everything about each, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from convcalc import formulas
from convcalc.checking.layouts import Role
from convcalc.checking.mistakes.backward import CONV2D_BACKWARD
from convcalc.checking.mistakes.conv2d import CONV2D
from convcalc.checking.mistakes.mistake import Mistake
from convcalc.checking.mistakes.patches import FOLD, UNFOLD


@dataclass(frozen=True)
class Result:
    """A tensor that an operation returns, in the assignment's letters."""

    name: str
    axes: tuple[str, ...]
    role: Role = "maps"


@dataclass(frozen=True)
class Operation:
    """An operation: what it takes, in order, what it returns, and how people get it wrong."""

    name: str
    reference: Callable[..., Any]
    tensors: tuple[str, ...]
    sizes: tuple[str, ...]
    """The sizes that follow the tensors."""
    options: tuple[str, ...]
    """What else it may take; a function's signature says which of them it does."""
    results: tuple[Result, ...]
    mistakes: tuple[Mistake, ...]
    fewest: int = 1
    """How many of the results have to be returned."""
    following: tuple[str, ...] = ()
    """What follows from the tensors, where a function can't do without it."""

    @property
    def required(self) -> tuple[str, ...]:
        """What it can't do without, in order."""
        return *self.tensors, *self.sizes

    @property
    def of_patches(self) -> bool:
        """Whether it takes or returns an unfolded matrix, whose layout may be either."""
        return PATCHES in self.tensors or any(each.name == UNFOLDED for each in self.results)


DEFAULTS: dict[str, Any] = {"bias": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1}
"""What an option is where it isn't given."""
PATCHES = "u"
ROLES: dict[str, Role] = {"x": "maps", "grad_y": "maps", "weight": "weight", PATCHES: "patches"}
"""What each tensor is that operations take."""
UNFOLDED = "Ũ"
_WINDOWS = ("stride", "padding", "dilation")
_X = ("b", "c", "h", "w")
_W = ("c_out", "c/groups", "h_k", "w_k")

OPERATIONS: dict[str, Operation] = {
    each.name: each
    for each in (
        Operation(
            name="unfold",
            reference=formulas.unfold,
            tensors=("x",),
            sizes=("kernel_size",),
            options=_WINDOWS,
            results=(Result(UNFOLDED, ("b", "p", "k"), "patches"),),
            mistakes=UNFOLD,
        ),
        Operation(
            name="fold",
            reference=formulas.fold,
            tensors=(PATCHES,),
            sizes=("output_size", "kernel_size"),
            options=_WINDOWS,
            results=(Result("X", _X),),
            mistakes=FOLD,
            following=("batch_size", "in_channels"),
        ),
        Operation(
            name="conv2d",
            reference=formulas.conv2d,
            tensors=("x", "weight"),
            sizes=(),
            options=("bias", *_WINDOWS, "groups"),
            results=(Result("Y", ("b", "c_out", "h_out", "w_out")),),
            mistakes=CONV2D,
            following=("kernel_size", "in_channels", "out_channels", "input_shape"),
        ),
        Operation(
            name="conv2d_backward",
            reference=formulas.conv2d_backward,
            tensors=("grad_y", "x", "weight"),
            sizes=(),
            options=(*_WINDOWS, "groups"),
            results=(
                Result("X∇", _X),
                Result("W∇", _W, "weight"),
                Result("bias∇", ("c_out",), "vector"),
            ),
            mistakes=CONV2D_BACKWARD,
            fewest=2,
            following=(
                "bias",
                "kernel_size",
                "in_channels",
                "out_channels",
                "input_shape",
                "learning_rate",
            ),
        ),
    )
}
