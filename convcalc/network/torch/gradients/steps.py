"""What is kept by a function that PyTorch makes of others: it is taken step by step again.

The steps are taken on the same tensors, which are only shapes; what each of them keeps is kept.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

from convcalc.network.torch.gradients.storage import Storage
from convcalc.network.torch.tensor import METHODS, Tensor
from convcalc.network.torch.watch import WATCHER, Watcher


class Keeping(Watcher):
    """A watcher that collects what is kept."""

    training = True

    def __init__(self) -> None:
        self.kept: list[Storage] = []
        self.back: int = 0
        self.unknown = False

    def keeps(self, storages: Sequence[Storage]) -> None:
        """Collect memory."""
        self.kept += storages

    def keeps_unknown(self, what: str, always: bool = False) -> None:
        """Note that there is more."""
        self.unknown = True

    def works_back(self, work: int) -> None:
        """Add work."""
        self.back = work + self.back


def composed(steps: Callable[[], object], result: object = None) -> list[Storage] | None:
    """Return what is kept while these steps are taken; None where that isn't known of one.

    What they come to is the `result`, whose memory is that of the last step.
    """
    keeping = Keeping()
    token = WATCHER.set(keeping)
    try:
        made = steps()
    finally:
        WATCHER.reset(token)
    WATCHER.get().works_back(keeping.back)
    if keeping.unknown:
        return None
    same = {
        one.storage: other.storage
        for one, other in zip(_several(made), _several(result), strict=False)
        if isinstance(one, Tensor) and isinstance(other, Tensor)
    }
    return [same.get(each, each) for each in keeping.kept]


def _several(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) else (value,)


def do(name: str, tensor: Tensor, *arguments: object, **named: object) -> Tensor:
    """Return what a method makes of a tensor."""
    made = METHODS[name](tensor, *arguments, **named)
    assert isinstance(made, Tensor)
    return made


class Steps:
    """A rule: the steps that a function takes, called with its arguments."""

    def __init__(self, taken: Callable[..., object]) -> None:
        self.taken = taken
        self.heeds = inspect.signature(taken).parameters
        """The arguments that it needs of the function's."""

    def kept(
        self, result: object, said: Mapping[str, object], order: Sequence[str],
        given: Sequence[object], named: Mapping[str, object],
    ) -> list[Storage] | None:  # fmt: skip
        """Return what is kept of a call, its arguments given in an order or by name.

        Those that are `said` besides are the ones on which no shape depends.
        """
        if any(each.kind is each.VAR_POSITIONAL for each in self.heeds.values()):
            return composed(lambda: self.taken(*given, **named), result)
        every = {**said, **dict(zip(order, given, strict=False)), **named}
        heeded = {name: every[name] for name in self.heeds if name in every}
        return composed(lambda: self.taken(**heeded), result)
