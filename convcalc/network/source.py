"""A file's names and what they are worth: imports, the top level, the files beside it.

Nothing is imported: a file of the same project is read in the same way, at the first time that one
of its names is needed.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from convcalc import text as written
from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS, LOSSES
from convcalc.network import composed, libraries, natives, syntax
from convcalc.network import interpreter as reading
from convcalc.network.attributes import Library
from convcalc.network.containers import CONTAINERS
from convcalc.network.functions.registry import FUNCTIONAL, TORCH
from convcalc.network.modules import MISSING, Instance
from convcalc.network.refusals import Final, NotUnderstood, Raised, TooMuch, Unknown
from convcalc.network.scopes import Frame, Scope

LONGEST = 2**20
"""The most characters of a file."""
MOST_WORDS = 150_000
"""The most names, numbers and keywords of a file."""
MOST_FILES = 200
"""The most files of one reading."""
DEEPEST = 200
"""The deepest nesting of brackets or blocks."""


class File:
    """One file of Python, its names read from top to bottom when the first of them is needed."""

    def __init__(
        self, project: Project, path: Path, module: str, *, main: bool = False, own: bool = True
    ) -> None:
        self.project = project
        self.path = path
        self.module = module
        """Its name within the project, with dots."""
        self.name = project.shown(path)
        self.main = main
        self.own = own
        """Whether it is somebody's, so that lines of it mean something to them."""
        self.scope = Scope()
        self.scope.names["__name__"] = module or path.stem
        self.scope.names["__file__"] = str(path)
        self.scope.names["__doc__"] = None
        self.is_package = path.name == "__init__.py"
        self.tree: ast.Module | None = None
        self.has_yields = True
        self.begun = False
        self.refuses = False
        """Whether libraries that aren't read fail to import."""
        self.guards: list[ast.stmt] = []
        """What stands behind `if __name__ == "__main__"`, read where a name is needed of it."""

    def parse(self) -> ast.Module:
        """Return the syntax of the file, which is read for that once."""
        if self.tree is None:
            words = read_text(self.path)
            self.has_yields = "yield" in words
            self.tree = parse(words, self.name)
        return self.tree

    def binds(self, name: str) -> bool:
        """Return whether the top level gives a name to something else than the file beside it."""
        for node in self.parse().body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
                return True
            if isinstance(node, ast.ImportFrom):
                own = (node.module or "").rpartition(".")[2] == name
                for alias in node.names:
                    if (own and alias.name == "*") or (node.module and alias.name == name):
                        return True
        return False

    def read(self, interpreter: Any) -> None:
        """Follow the top level; what isn't understood of it is passed over."""
        if self.begun:
            return
        self.begun = True
        self._statements(interpreter, self.parse().body)

    def read_guards(self, interpreter: Any) -> bool:
        """Follow what is read where the file is run; return whether there is any of it."""
        guards, self.guards = self.guards, []
        for guard in guards:
            assert isinstance(guard, ast.If)
            self._statements(interpreter, guard.body)
        return bool(guards)

    def _statements(self, interpreter: Any, statements: Sequence[ast.stmt]) -> None:
        limit = interpreter.limit
        interpreter.frames.append(Frame(self, "<module>"))
        try:
            with natives.Changed(interpreter, tolerant=True, constructing=0):
                for statement in statements:
                    self._statement(interpreter, statement, limit)
        finally:
            interpreter.frames.pop()
            interpreter.limit = limit

    def _statement(self, interpreter: Any, statement: ast.stmt, limit: int) -> None:
        """Follow one statement of the top level, within bounds of its own."""
        if self.main and is_guard(statement):
            self.guards.append(statement)
            return
        interpreter.limit = min(limit, interpreter.steps + reading.MOST_STEPS_OF_A_STATEMENT)
        try:
            interpreter.statement(statement, self.scope)
        except (NotUnderstood, Raised) as refusal:
            # What it takes too long to follow is passed over here too, where it is one's own.
            interpreter.limit = limit
            if interpreter.steps >= limit or not self.main or isinstance(refusal, Final):
                raise
            del interpreter.frames[next(
                at for at, frame in enumerate(interpreter.frames) if frame.file is self
            ) + 1 :]  # fmt: skip
            try:
                interpreter.pass_over(statement, self.scope, refusal)
            except (NotUnderstood, Raised):
                raise refusal from None
        self.project.overrule(self)

    def attribute_of(self, interpreter: Any, name: str) -> Any:
        """Return what a name of the file is worth, for another one."""
        self.read(interpreter)
        value = self.scope.names.get(name, MISSING)
        if value is MISSING and self.is_package:
            value = self.project.find(f"{self.module}.{name}", self) or MISSING
        if value is MISSING:
            hook = self.scope.names.get("?")
            if hook is not None:
                return Unknown(hook)
            raise Raised(
                f"{self.name} has no {name}{interpreter.nearest(name, self.scope.names)}",
                "AttributeError",
            )
        return value.get(interpreter) if isinstance(value, natives.Later) else value

    # -- Imports ------------------------------------------------------------------------------

    def fallbacks(self, node: ast.Try) -> Any:
        """Return a context in which libraries that aren't read fail to import.

        So they do where an `except ImportError` has something else to offer.
        """
        offers = any(
            not any(isinstance(each, ast.Raise) for each in handler.body)
            and (handler.type is None or "Import" in syntax.source_of(handler.type)
                 or "ModuleNotFound" in syntax.source_of(handler.type))
            for handler in node.handlers
        )  # fmt: skip
        return natives.Changed(self, refuses=self.refuses or offers)

    def check_import(self, library: str) -> None:
        """Raise ImportError for a library that isn't read, where something else is offered."""
        first = library.split(".")[0]
        if self.refuses and first not in libraries.LIBRARIES and first not in libraries.STANDARD:
            if self.main:
                self.project.absent.add(first)
            raise Raised(f"{library} is taken not to be installed", "ImportError")

    def absolute(self, module: str, level: int) -> str:
        """Return the whole name of a module that is named relative to this one."""
        if not level:
            return module
        parts = self.module.split(".") if self.module else []
        up = level - (1 if self.is_package else 0)
        if up > len(parts):
            raise Raised("a relative import goes beyond the outermost package", "ImportError")
        parts = parts[: len(parts) - up]
        return ".".join([*parts, module]) if module else ".".join(parts)

    def imported(self, name: str) -> Any:
        """Return what `import name` gives."""
        found = self.project.find(name, self)
        if found is None:
            self.check_import(name)
            return libraries.library(name)
        return found

    def imported_from(self, interpreter: Any, module: str, level: int, name: str) -> Any:
        """Return what `from module import name` gives, looked up when it is needed."""
        whole = self.absolute(module, level)
        file = self.project.find(whole, self) if whole else None
        if file is None and not whole:
            file = self.project.find(name, self)
            if file is not None:
                return file
        if file is not None:
            within = self.project.find(f"{whole}.{name}", self)
            if file is self:
                return within if within is not None else MISSING
            if within is not None and not file.begun and not file.binds(name):
                return within
            if file.begun and name in file.scope.names:
                return file.scope.names[name]  # as it is by now, where files import in a circle
            place = interpreter.frame.place if interpreter.frames else None

            def later(reader: Any) -> Any:
                try:
                    return file.attribute_of(reader, name)
                except Raised as error:
                    if within is not None:
                        return within
                    if error.kind == "AttributeError" and error.at is None:
                        error.kind = "ImportError"
                    if error.at is None:
                        error.at = place
                    raise

            return natives.Later(later, file)
        if level:
            raise Raised(f"there is no {'.' * level}{module} beside {self.name}", "ImportError")
        self.check_import(whole)
        library = libraries.library(whole)
        value = library.find(name) if isinstance(library, Library) else MISSING
        return Unknown(f"{whole}.{name} isn't followed") if value is MISSING else value

    def everything(self, interpreter: Any, module: str, level: int) -> Iterator[tuple[str, Any]]:
        """Yield what `from module import *` gives."""
        whole = self.absolute(module, level)
        file = self.project.find(whole, self)
        if file is not None:
            file.read(interpreter)
            listed = file.scope.names.get("__all__")
            if not isinstance(listed, (list, tuple)):
                listed = [name for name in file.scope.names if not name.startswith("_")]
            for name in listed:
                if isinstance(name, str) and name in file.scope.names:
                    value = file.scope.names[name]
                    if isinstance(value, natives.Later) and value.file is self:
                        continue  # it has that from here, where files import in a circle
                    yield name, value
            return
        if whole in ("torch.nn", "torch.nn.modules"):
            for name in (*CONTAINERS, *LAYERS, *LOSSES,
                         *composed.NAMES, "Parameter"):  # fmt: skip
                yield name, libraries.in_nn(name)
            return
        tables: dict[str, dict[str, Any]] = {
            "math": libraries.MATH,
            "torch.nn.functional": {**FUNCTIONAL},
            "torch": {**TORCH, **libraries.TORCH_ROOMS},
        }
        if whole in tables:
            yield from tables[whole].items()
            return
        yield "*", whole


def is_guard(node: ast.stmt) -> bool:
    """Return whether a statement is read where the file is run, not where it is imported."""
    return isinstance(node, ast.If) and syntax.source_of(node.test).replace('"', "'") in (
        "__name__ == '__main__'", "'__main__' == __name__"
    )  # fmt: skip


class Project:
    """The files that may be opened: those of one project, and no others."""

    def __init__(self, path: Path, defined: dict[str, Any] | None = None) -> None:
        self.defined = defined or {}
        self.used: set[str] = set()
        """The defined names that gave something a value."""
        self.files: dict[Path, File] = {}
        self.missing: set[str] = set()
        self.absent: set[str] = set()
        """Libraries that are taken not to be installed."""
        self.roots: list[Path] = []
        folder = path.resolve().parent
        parts = [path.stem] if path.stem != "__init__" else []
        while (folder / "__init__.py").is_file() and folder.parent != folder:
            parts.insert(0, folder.name)
            folder = folder.parent
        self.packages = len(parts) > 1 or path.stem == "__init__"
        self.outermost = parts[0] if self.packages else None
        self.roots.append(folder)
        here = Path.cwd().resolve()
        if here != folder and here in path.resolve().parents:
            self.roots.append(here)
        self.main = File(self, path.resolve(), ".".join(parts), main=True)
        self.main.name = self.shown(path.resolve())
        self.files[path.resolve()] = self.main

    def shown(self, path: Path) -> str:
        """Return the name by which a file is told: within its package, or its own."""
        for root in self.roots:
            if root in path.parents:
                return path.relative_to(root).as_posix()
        return path.name

    @classmethod
    def of_text(cls, text: str, name: str, defined: dict[str, Any]) -> Project:
        """Return a project of one text that stands in no file."""
        project = cls.__new__(cls)
        project.defined, project.files, project.missing = defined, {}, set()
        project.used = set()
        project.absent = set()
        project.roots, project.packages, project.outermost = [], False, None
        project.main = File(project, Path(name), "", main=True)
        project.main.tree = parse(text, name)
        return project

    def find(self, name: str, asking: File) -> Any:
        """Return the file of a module, if it is one of the project's."""
        if not name or name in self.missing:
            return None
        first = name.split(".")[0]
        known = first in libraries.LIBRARIES or first in libraries.NEVER_FILES
        if known and first != self.outermost:
            return None
        if self.packages and first != self.outermost and self._is_installed():
            return None
        for root in self.roots:
            place = root.joinpath(*name.split("."))
            for path in (place.with_suffix(".py"), place / "__init__.py"):
                if os.path.isfile(path):  # False for a name that is too long, too
                    return self._opened(path, root, name)
            if os.path.isdir(place) and any(place.glob("*.py")):
                return Folder(self, name, asking)
        self.missing.add(name)
        return None

    def _is_installed(self) -> bool:
        """Return whether the project lies among installed packages, which aren't its own."""
        return self.roots[0].name in ("site-packages", "dist-packages")

    def _opened(self, path: Path, root: Path, name: str) -> File | None:
        real = path.resolve()
        if root.resolve() not in real.parents:
            raise NotUnderstood(f"{path.name} is a link out of the project, which isn't opened")
        if real not in self.files:
            if len(self.files) >= MOST_FILES:
                raise TooMuch(f"more than {MOST_FILES} files would have to be read")
            self.files[real] = File(self, real, name)
        return self.files[real]

    def overrule(self, file: File) -> None:
        """Give the names that somebody defined their values, in the file that is asked about."""
        if file is not self.main:
            return
        for name, value in self.defined.items():
            first, _, rest = name.partition(".")
            if not rest:
                if first in file.scope.names:
                    file.scope.names[first] = value
                    self.used.add(name)
                continue
            owner = file.scope.names.get(first)
            while "." in rest and owner is not None:
                inner, _, rest = rest.partition(".")
                owner = getattr(owner, "attributes", {}).get(inner)
            if isinstance(owner, (dict, Instance)):
                (owner if isinstance(owner, dict) else owner.attributes)[rest] = value
                self.used.add(name)


class Folder:
    """A folder of files that has no __init__."""

    def __init__(self, project: Project, name: str, asking: File) -> None:
        self.project = project
        self.name = name
        self.asking = asking
        self.is_package = True
        self.begun = False
        self.scope = Scope()

    def attribute_of(self, interpreter: Any, name: str) -> Any:
        """Return a file of the folder."""
        found = self.project.find(f"{self.name}.{name}", self.asking)
        if found is None:
            raise Raised(f"there is no {name} in the folder {self.name}", "ImportError")
        return found

    def read(self, interpreter: Any) -> None:
        """Read nothing: a folder has no top level."""


def read_text(path: Path) -> str:
    """Return the text of a file, or raise ConvcalcError that says why there is none."""
    name = path.name or str(path)
    try:
        if not path.is_file():
            exists = "that is no file" if path.exists() else "there is no such file"
            reason = "that is a folder" if path.is_dir() else exists
        elif path.stat().st_size > LONGEST:
            reason = f"the file has more than {LONGEST:,} bytes"
        else:
            with open(path, encoding="utf-8-sig") as file:
                return file.read(LONGEST + 1)
    except UnicodeDecodeError:
        reason = "not a text in UTF-8"
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error)
    raise ConvcalcError(f"{name}: {reason}")


def parse(text: str, name: str = "") -> ast.Module:
    """Return the syntax of a text, or raise ConvcalcError at the place that can't be read."""
    where, whole = f"{name}, " if name else "", name or "the text"
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ConvcalcError(f"{where}line {line}: a null byte is no Python")
    declared = DECLARED.match(text)
    if declared and declared[1].lower().replace("_", "-") not in ("utf-8", "utf8", "ascii"):
        raise ConvcalcError(f"{whole} declares to be in {declared[1]}, UTF-8 alone is read")
    depth = 0
    if len(text) > 2 * MOST_WORDS and sum(1 for _ in re.finditer(r"\w+", text)) > MOST_WORDS:
        raise ConvcalcError(f"{whole} has more than {MOST_WORDS:,} words")
    for bracket in re.findall(r"[\[\](){}]", text):
        depth += 1 if bracket in "([{" else -1
        if depth > DEEPEST:
            raise ConvcalcError(f"{whole}: brackets are nested more than {DEEPEST} deep")
    try:
        return syntax.module(text)
    except SyntaxError as error:
        raise ConvcalcError(f"{where}{_misread(error, text)}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ConvcalcError(f"{whole} can't be read as Python") from None


DECLARED = re.compile(r"(?:[ \t\f]*(?:#.*)?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""What says in which encoding a file is, in one of its first two lines."""


def _misread(error: SyntaxError, words: str) -> str:
    """Return where Python's parser stops, and at what."""
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    lines = words.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    if syntax.is_number_too_long(error):
        return f"line {line}: a number has too many digits"
    said = error.msg.replace(". Perhaps you forgot a comma?", ", perhaps a comma is missing")
    at = f", at {written.excerpt(rest)}" if rest else ""
    return f"line {line}, column {column}: {said}{at}"
