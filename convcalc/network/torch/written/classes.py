"""The classes of torch.nn that are written here, and who reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path

from convcalc.layers.vocabulary import COMPOSED
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import MISSING, Library

WRITTEN = (*COMPOSED, "DataParallel", "DistributedDataParallel")
"""Classes that stand in written/, in the Python that is read."""
TRANSFORMER = Path(__file__).with_name("transformer.py.txt")
DISTRIBUTIONS = Path(__file__).with_name("distributions.py.txt")
DISTRIBUTED = {
    "Distribution": "distribution", "ExponentialFamily": "exp_family", "Normal": "normal",
    "Uniform": "uniform", "Bernoulli": "bernoulli", "Categorical": "categorical",
    "Independent": "independent", "kl_divergence": "kl", "broadcast_all": "utils",
}  # fmt: skip
"""What stands in the second of them, by the module of torch.distributions that it comes from."""
ROOMS = {TRANSFORMER: "torch.nn", DISTRIBUTIONS: "torch.distributions"}
READ: ContextVar[Callable[[Path], Mapping[str, object]]] = ContextVar("READ")
"""What reads a file of written/, and returns its names; it is read once."""


def written(name: str) -> object:
    """Return a class that is written in the Python that is read."""
    return _read(TRANSFORMER, name)


def _read(path: Path, name: str) -> object:
    read = READ.get(None)
    if read is None:
        raise NotUnderstood(f"{ROOMS[path]}.{name} is written in Python, which nobody reads here")
    return read(path)[name]


def _distribution(name: str) -> object:
    if name in DISTRIBUTED.values():
        return Library(f"torch.distributions.{name}", _distribution)
    return _read(DISTRIBUTIONS, name) if name in DISTRIBUTED else MISSING


DISTRIBUTIONS_LIBRARY = Library("torch.distributions", _distribution, lambda: iter(DISTRIBUTED))
