"""Where installed packages lie: found by path, and read as text.

Nothing is imported, no line of a `.pth` file is read, and no link is followed out of the folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from convcalc.formulas import ConvcalcError
from convcalc.reading.exceptions import NotUnderstood, TooMuch
from convcalc.reading.texts.sources import read_text
from convcalc.reading.values import Value

NAMES = ("site-packages", "dist-packages")
"""What folders of packages are called."""
NOT_FOUND = (
    "stands in a package that isn't found: --site FOLDER says where it is installed, and what "
    "print(model) shows is read without it"
)
"""What is said of a package that isn't there."""
ENVIRONMENTS = (".venv", "venv")
"""What the folder of an environment beside a project is called."""


def folders(path: Path | None, given: Sequence[Path] = ()) -> list[Path]:
    """Return the folders of packages for a file, in the order in which they are looked through.

    Those that are given come first, then those of the environment that is active, of the nearest
    one at or above the file, and those beside convcalc itself.
    """
    found: list[Path] = []
    for each in given:
        found += list(within(each)) or [each]
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if os.environ.get(name):
            found += within(Path(os.environ[name]))
    found += _nearest(path)
    found += [Path(each) for each in sys.path if os.path.basename(each) in NAMES]
    return list(dict.fromkeys(each.resolve() for each in found if each.is_dir()))


def within(environment: Path) -> Iterator[Path]:
    """Yield the folders of packages of an environment, the newest Python's first."""
    versions = [each for each in environment.glob("lib/python3.*") if each.is_dir()]
    versions.sort(key=lambda each: [int(part) for part in re.findall(r"\d+", each.name)])
    for each in (*reversed(versions), environment / "Lib"):
        if (each / NAMES[0]).is_dir():
            yield each / NAMES[0]


def _nearest(path: Path | None) -> Iterator[Path]:
    """Yield the folders of packages of the nearest environment at or above a file."""
    here = Path.cwd() if path is None else path.resolve().parent
    for folder in (here, *here.parents):
        for name in ENVIRONMENTS:
            if (folder / name / "pyvenv.cfg").is_file():
                yield from within(folder / name)
                return


class Packages:
    """The packages of some folders, of which the first that has one is meant."""

    def __init__(
        self,
        roots: Sequence[Path] = (),
        written: Callable[[str], Path | None] = lambda name: None,
    ) -> None:
        self.roots = roots
        self.written = written
        """What returns the text that stands in front of one of their modules, if there is one."""
        self.used: dict[str, Path] = {}
        """The packages that were read, and the folders in which they lie."""
        self.known: dict[str, Path | None] = {}

    def root(self, package: str) -> Path | None:
        """Return the folder in which a package lies."""
        if package not in self.known:
            self.known[package] = next(
                (each for each in self.roots
                 if os.path.isdir(each / package) or os.path.isfile(each / f"{package}.py")), None
            )  # fmt: skip
        return self.known[package]

    def find(self, name: str) -> Path | None:
        """Return the file of a module, or the folder of modules that has its name."""
        first = name.split(".")[0]
        root = self.root(first)
        if root is None:
            return None
        place = root.joinpath(*name.split("."))
        for path in (place / "__init__.py", place.with_name(f"{place.name}.py"), place):
            if os.path.isfile(path) or (path is place and os.path.isdir(place)):
                real = path.resolve()
                if root not in real.parents:
                    raise NotUnderstood(f"{name} is a link out of {root}, which isn't followed")
                self.used.setdefault(first, root)
                return real
        return None

    def version(self, package: str) -> str | None:
        """Return the version of a package, as its folder's neighbour says."""
        root = self.root(package.replace("-", "_"))
        if root is None:
            return None
        start = re.sub(r"[-_.]+", "_", package).lower()
        for each in os.scandir(root):
            name, dash, version = each.name.removesuffix(".dist-info").partition("-")
            if dash and each.name.endswith(".dist-info"):
                if re.sub(r"[-_.]+", "_", name).lower() == start:
                    return version
        return None

    def notes(self) -> Iterator[str]:
        """Yield which packages were read, in which version, and from where."""
        for package, root in self.used.items():
            version = self.version(package)
            yield f"{package}{f' {version}' if version else ''} is read from {root}."


def data(name: str, roots: Sequence[Path]) -> str | None:
    """Return the text of a JSON file below a program's folder, or here; None without one."""
    for path in _beside(name, roots):
        if path.suffix == ".json" and os.path.isfile(path):
            try:
                return read_text(path)
            except ConvcalcError as error:
                raise NotUnderstood(str(error)) from None
    return None


def listing(name: str, roots: Sequence[Path]) -> list[str]:
    """Return the names of the JSON files in a folder below a program's, or here, in their order."""
    for path in _beside(name, roots):
        if os.path.isdir(path):
            names = sorted(each.name for each in os.scandir(path) if each.name.endswith(".json"))
            if len(names) > MOST_LISTED:
                raise TooMuch(f"{path.name} holds more than {MOST_LISTED:,} files")
            return names
    return []


MOST_LISTED = 1000
"""The most files of a folder that are listed."""


def _beside(name: str, roots: Sequence[Path]) -> Iterator[Path]:
    """Yield what a name may mean: below a program's folder, or below the current one."""
    here = Path.cwd().resolve()
    for root in dict.fromkeys((*roots, here)) if "\0" not in name else ():
        path = (root / name).resolve()
        if path == root or {root, here} & {*path.parents}:
            yield path


class Folder(Value):
    """A folder of files that has no __init__."""

    def __init__(self, find: Callable[[str], Value | None], name: str) -> None:
        self.find = find
        self.name = name

    def get(self, name: str) -> object:
        """Return a file of the folder."""
        found = self.find(f"{self.name}.{name}")
        if found is None:
            raise AttributeError(f"there is no {name} in the folder {self.name}", name=name)
        return found
