"""What `import` gives of the libraries that aren't read: torch, and what is known of others."""

from __future__ import annotations

from convcalc.network.packages.einops import EINOPS
from convcalc.network.packages.known_libraries import is_harmless
from convcalc.network.packages.lightning import LIGHTNING, PYTORCH
from convcalc.network.packages.numpy import NUMPY
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.reading.values import MISSING, Library, Unknown, unknown_library

ROOTS: dict[str, Library] = {
    "torch": TORCH_LIBRARY,
    "einops": EINOPS,
    "numpy": NUMPY,
    "lightning": LIGHTNING,
    "pytorch_lightning": PYTORCH,
}


def find(name: str) -> Library | Unknown | None:
    """Return the library of a whole name, as `import` looks for it; None where it isn't known."""
    first, *rest = name.split(".")
    found: object = ROOTS.get(first)
    if found is None:
        return unknown_library(name, harmless=True) if is_harmless(name) else None
    for each in rest:
        try:
            found = found.find(each) if isinstance(found, Library) else MISSING
        except AttributeError:
            found = MISSING
    if isinstance(found, (Library, Unknown)):
        return found
    return unknown_library(name, harmless=is_harmless(name)) if found is MISSING else None
