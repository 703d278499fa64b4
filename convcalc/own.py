"""The package's own texts that aren't imported, whether it lies in a folder or in a zip file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol, cast


class _Loader(Protocol):
    """What has read this file, and reads what lies beside it."""

    def get_data(self, path: str) -> bytes: ...


@cache
def own_text(path: Path) -> str:
    """Return a text of the package's, which is read once; raise OSError where there is none."""
    loader = cast(_Loader, globals()["__loader__"])
    return loader.get_data(str(path)).decode("utf-8").replace("\r\n", "\n")
