"""Who is told what happens in a network while it is followed: nobody, or its trace."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convcalc.network.torch.functions.registry import Operation
    from convcalc.network.torch.gradients.storage import Storage
    from convcalc.network.torch.module import Module
    from convcalc.network.torch.tensor import Tensor
    from convcalc.reading.reader import Frame


class Watcher:
    """What is told of modules and operations, in the order in which they happen.

    This one takes no notice of anything.
    """

    training = False
    """Whether the network is followed as it is trained."""
    frames: Sequence[Frame] = ()
    """The calls that are under way, which say where the reading stands."""

    def made(self, module: Module) -> None:
        """A module was made."""

    def enter(self, module: Module) -> None:
        """The call of a module begins."""

    def leave(self, module: Module) -> None:
        """The call of a module has ended, with a result or with an error."""

    def layer(self, module: Module, inputs: Sequence[Tensor], result: object) -> None:
        """A layer whose forward is PyTorch's own has returned."""

    def returned(self, module: Module, inputs: Sequence[Tensor], result: object) -> None:
        """A module whose forward was read has returned."""

    def operation(self, operation: Operation, inputs: Sequence[Tensor], result: object) -> None:
        """A function on tensors has returned."""

    def keeps(self, storages: Sequence[Storage]) -> None:
        """The call that is about to return keeps memory for its backward."""

    def keeps_unknown(self, what: str, always: bool = False) -> None:
        """What a call keeps for its backward isn't known; `always`: also before the forward."""

    def works_back(self, work: int) -> None:
        """The backward of a call takes so many multiply-accumulates, of all samples together."""

    def unloaded(self, module: Module) -> None:
        """Weights that aren't known were to be loaded into a module."""

    def warned(self, what: str) -> None:
        """PyTorch warns of a call."""

    def batch_compared(self) -> None:
        """The number of samples, which nobody said, was compared with a number."""


WATCHER: ContextVar[Watcher] = ContextVar("WATCHER", default=Watcher())  # noqa: B039
"""Who is told now."""
