"""What `import` gives of the libraries that aren't read: torch, and what is known of others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from convcalc.network.packages.einops import EINOPS
from convcalc.network.packages.known_libraries import HARMLESS, is_harmless
from convcalc.network.packages.lightning import LIGHTNING, PYTORCH
from convcalc.network.packages.numpy import NUMPY
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.reading.values import MISSING, Library, Unknown, unknown_library
from convcalc.text import own_text

ROOTS: dict[str, Library] = {
    "torch": TORCH_LIBRARY,
    "einops": EINOPS,
    "numpy": NUMPY,
    "lightning": LIGHTNING,
    "pytorch_lightning": PYTORCH,
}


def find(name: str) -> Library | Unknown | None:
    """Return the library of a whole name, or what stands in one; None where it isn't known."""
    first, *rest = name.split(".")
    if first not in ROOTS:
        if not is_harmless(name):
            return None
        if not rest or name in HARMLESS:
            return unknown_library(name, harmless=True)
        return Unknown(f"{name} stands in a library that isn't read", harmless=True)
    found: object = ROOTS[first]
    for each in rest:
        if isinstance(found, Library):
            try:
                found = found.find(each)
            except AttributeError:
                return None
        if found is MISSING:
            return Unknown(f"{name} isn't followed", harmless=is_harmless(name))
    return found if isinstance(found, (Library, Unknown)) else None


FRONTS = Path(__file__).with_name("packages") / "fronts"
"""The texts that stand in front of modules of packages, by the modules' names."""


@cache
def front(name: str) -> Path | None:
    """Return the text that stands in front of a module of a package, if there is one."""
    path = FRONTS / f"{name}.py.txt"
    try:
        own_text(path)
    except OSError:
        return None
    return path
