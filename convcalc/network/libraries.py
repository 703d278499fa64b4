"""What `import` gives of the libraries that aren't read: torch, and what is known of others."""

from __future__ import annotations

from pathlib import Path

from convcalc.network.packages.known_libraries import HARMLESS, is_harmless
from convcalc.reading.values import MISSING, Library, Unknown, unknown_library
from convcalc.text import written_for


def root(name: str) -> Library | None:
    """Return the library of a name without dots, which is loaded when it is first asked for."""
    match name:
        case "torch":
            from convcalc.network.torch.namespace import TORCH_LIBRARY

            return TORCH_LIBRARY
        case "einops":
            from convcalc.network.packages.einops import EINOPS

            return EINOPS
        case "numpy":
            from convcalc.network.packages.numpy import NUMPY

            return NUMPY
        case "lightning" | "pytorch_lightning":
            from convcalc.network.packages import lightning

            return lightning.LIGHTNING if name == "lightning" else lightning.PYTORCH
    return None


def find(name: str) -> Library | Unknown | None:
    """Return the library of a whole name, or what stands in one; None where it isn't known."""
    first, *rest = name.split(".")
    found: object = root(first)
    if found is None:
        if not is_harmless(name):
            return None
        if not rest or name in HARMLESS:
            return unknown_library(name, harmless=True)
        return Unknown(f"{name} stands in a library that isn't read", harmless=True)
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


def front(name: str) -> Path | None:
    """Return the text that stands in front of a module of a package, if there is one."""
    return written_for(name, FRONTS)
