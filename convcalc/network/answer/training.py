"""What training takes besides the network: gradients, an optimiser's states, and what is kept.

Source: what PyTorch 2.13 was seen to keep on a CPU in float32.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.network.answer.tree import memory, named_modules, table
from convcalc.network.torch.tensor import Parameter, Tensor

DTYPE = "float32"
"""The only kind of numbers of which it is known what training keeps."""
STEP = 4
"""The bytes of the number of steps that some optimisers count for each parameter."""


class Optimizer(NamedTuple):
    """What an optimiser keeps after its first step, as PyTorch makes it by default."""

    states: int
    """How many numbers for each that is trained."""
    steps: bool
    """Whether it counts steps for each parameter."""


OPTIMIZERS = {
    "adam": Optimizer(2, True),
    "adamw": Optimizer(2, True),
    "sgd": Optimizer(0, False),
    "momentum": Optimizer(1, False),
    "rmsprop": Optimizer(1, True),
    "adagrad": Optimizer(1, True),
    "none": Optimizer(0, False),
}
"""PyTorch's optimisers by their names; momentum is SGD with it."""
USUAL = "adam"
MOST_NAMED = 5
"""The most calls that are named of which it isn't known what they keep."""


@dataclass(frozen=True)
class Fitted:
    """The largest batch whose sum stays within a limit."""

    limit: int
    """The bytes that there are."""
    batch: int | None
    """0 where not even one sample fits; None where what is kept isn't known of every call."""
    kept: int = 0
    """What it keeps."""


@dataclass(frozen=True)
class Training:
    """What training takes between a forward and its backward, in bytes."""

    parameters: int
    """Those of parameters and buffers."""
    gradients: int
    optimizer: str
    states: int
    """Those of the optimiser after its first step."""
    known: int
    """What the forward keeps, as far as that is known."""
    unknown: tuple[str, ...] = ()
    """Calls of which it isn't known what they keep, with their places."""
    backward: int = 0
    """The multiply-accumulates of one sample's backward."""
    fitted: Fitted | None = None

    @property
    def kept(self) -> int | None:
        """What the forward keeps; None where that isn't known of every call."""
        return None if self.unknown else self.known

    @property
    def fixed(self) -> int:
        """What doesn't depend on the batch."""
        return self.parameters + self.gradients + self.states

    @property
    def total(self) -> int | None:
        """The sum of all; None where it isn't known what is kept."""
        return None if self.unknown else self.fixed + self.known


def training_of(root: object, learnt: Sequence[Parameter], optimizer: str, dtype: str) -> Training:
    """Return what training a network takes, but for what its forward keeps."""
    trained = [each for each in learnt if each.requires_grad]
    one = memory(trained, dtype)
    kind = OPTIMIZERS[optimizer]
    states = kind.states * one + (STEP * len(trained) if kind.steps else 0)
    return Training(memory([*learnt], dtype) + buffers_of(root), one, optimizer, states, 0)


def buffers_of(root: object) -> int:
    """Return the bytes of all buffers, each memory once."""
    found = {
        id(each.storage): each
        for _, module in named_modules(root)  # type: ignore[arg-type]
        for each in table(module, "_buffers").values() if isinstance(each, Tensor)
    }  # fmt: skip
    return sum(prod(map(int, each.shape)) * each.dtype.itemsize for each in found.values())


def check_optimizer(name: str) -> None:
    """Raise ConvcalcError for an optimiser that isn't known."""
    if name not in OPTIMIZERS:
        raise ConvcalcError(f"optimizer {name!r}: one of {', '.join(OPTIMIZERS)} is expected")


def notes_on_training(unknown: Sequence[str], dtype: str) -> Iterator[str]:
    """Yield what is meant by what training keeps, and of which calls it isn't known."""
    yield (
        "What training keeps is that of PyTorch 2.13 on a CPU in float32; on a GPU dropout keeps "
        "masks of a byte, kernels have workspaces, and memory comes in steps of 512 bytes."
    )
    if dtype != DTYPE:
        yield f"What is kept in {dtype} isn't known: without --dtype it is said for {DTYPE}."
    elif unknown:
        several = text.listed(list(unknown[:MOST_NAMED]))
        rest = len(unknown) - MOST_NAMED
        more = f" and {text.counted(rest, 'other call')}" if rest > 0 else ""
        yield f"What these keep isn't known, so that all is at least what is said: {several}{more}."
