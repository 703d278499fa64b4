"""A file's names: its top level, its imports, and the files beside it.

Nothing is imported: a file of the same project is read in the same way, at the first time that one
of its names is needed.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from convcalc.reading import attributes, bounds, calls, exceptions, expressions, skipped, syntax
from convcalc.reading.exceptions import Behind, NotUnderstood, Place, TooMuch, is_stated, note, told
from convcalc.reading.generators import steps
from convcalc.reading.library import natives, plain
from convcalc.reading.reader import Frame, Language, Later, Line, Reader, Scope
from convcalc.reading.statements import STATEMENTS
from convcalc.reading.texts import notebooks
from convcalc.reading.texts.folders import NAMES, NOT_FOUND, Folder, Packages
from convcalc.reading.texts.sources import check, parse, read_notebook, read_text, written_here
from convcalc.reading.texts.stars import Stars, is_record, is_table
from convcalc.reading.values import MISSING, Library, Unknown, Value, unknown_library
from convcalc.text import hint, own_text, written_for

MOST_FILES = 400
"""The most files of one reading."""
LIBRARY = Path(__file__).with_name("library")
STANDARD = frozenset(sys.stdlib_module_names)

LANGUAGE = Language(
    expressions.EXPRESSIONS, STATEMENTS, steps, calls.call, plain.names, skipped.pass_over
)
"""Python, as it is followed here."""

Importer = Callable[[str], Value | None]
"""What gives the libraries that aren't read: None for one that it doesn't know."""


def read(program: str, name: str = "<text>", importer: Importer | None = None) -> dict[str, object]:
    """Return the names that a program sets, followed and never executed.

    What the program raises comes out as it raised it; what isn't understood of its top level is
    passed over, and what it might have changed is Unknown; raises ConvcalcError for a text that
    isn't Python, or that passes a bound.
    """
    project = Project.of_text(program, name, importer, runs=True)
    project.main.read()
    if project.main.ended is not None:
        raise project.main.ended
    return project.main.names


class Module(Value):
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
        title = "__main__" if project.runs and main else module or path.stem
        self.is_package = path.name == "__init__.py"
        self.names: dict[str, object] = {
            "__name__": title, "__file__": str(path), "__doc__": None, "__spec__": None,
            "__builtins__": Unknown("__builtins__ isn't followed"),
            "__package__": title if self.is_package else title.rpartition(".")[0],
            **({"__path__": [str(path.parent)]} if self.is_package else {}),
        }  # fmt: skip
        self.scope = Scope(self, self.names)
        self.tolerant = True
        self.stars = Stars()
        """The files whose names it has, of which none was needed yet."""
        self.behind: Module | None = None
        """The package's own file, in front of which this text stands: what it has besides."""
        self.words: str | None = None
        self.tree: ast.Module | None = None
        self.begun = self.preceded = self.followed = False
        self.checked = False
        self.ended: BaseException | None = None
        """What the program raised that ended its top level."""
        self.refuses = False
        """Whether libraries that aren't read fail to import."""
        self.guards: list[ast.If] = []
        """What stands behind `if __name__ == "__main__"`, read where a name is needed of it."""
        self.unread: str | None = None
        """What isn't read and may have set further names, as `from … import *` does."""
        self.notebook: notebooks.Notebook | None = None

    def __repr__(self) -> str:
        return self.name

    # -- The top level --------------------------------------------------------------------------

    def text(self) -> str:
        """Return the text of the file, which is read once."""
        if not self.tolerant:
            return own_text(self.path)
        if self.words is None:
            self.words = self._text()
            self.project.reader.guards.count(len(self.words) >> 10)
        return self.words

    def parse(self) -> ast.Module:
        """Return the syntax of the file, which is read for that once."""
        if self.tree is None:
            self.project.count_file()
            written = written_here(self.path) if not self.tolerant else None
            self.tree = written or self._parsed()
        if self.main and not self.checked and self.notebook is None:
            self.checked = True
            check(self.tree, self.name)
        return self.tree

    def _parsed(self) -> ast.Module:
        """Return the syntax of the file: what is tried in its place, or read from its text."""
        project, tree = self.project, self.project.trees.get(self.path)
        if tree is None or self.path.suffix == notebooks.SUFFIX:
            project.texts[self.path] = self.text()
            tree = tree or parse(project.texts[self.path], self.name)
            project.trees[self.path] = tree
        return tree

    def _text(self) -> str:
        """Return the text of the file."""
        if not self.main or self.path.suffix != notebooks.SUFFIX:
            return read_text(self.path, name=self.name)
        self.notebook = read_notebook(self.path)
        for name in notebooks.OFFERED:
            self.names[name] = Unknown("a notebook's shell isn't followed", harmless=True)
        if self.notebook.passed:
            self.unread = self.notebook.passed[0]
        return self.notebook.text

    def line_of(self, place: Place) -> int:
        """Return the line of the whole file that stands at a place, of a notebook in its cell."""
        if self.notebook is None or place.cell is None:
            return place.line
        return self.notebook.cells[place.cell - 1] + place.line

    def place(self, line: int) -> Place:
        """Return where a line stands: of a notebook, in which cell."""
        if self.notebook is None:
            return Place(self.name, line)
        cell, within = notebooks.place(self.notebook.cells, line)
        return Place(self.name, within, cell)

    def read(self) -> None:
        """Follow the top level; what isn't understood of it is passed over."""
        if self.main and not self.preceded:
            self.preceded = True
            self._read_packages()
        if self.begun:
            return
        self.begun = True
        tree = self.parse()
        self.names["__doc__"] = ast.get_docstring(tree, False)
        self._follow(tree.body)
        self.followed = True

    def _read_packages(self) -> None:
        """Read the packages around the file first, as Python does, where it takes their names."""
        for node in self.parse().body:
            if isinstance(node, ast.ImportFrom):
                with suppress(ImportError, NotUnderstood):  # the statement says so where it stands
                    whole, find = self.absolute(node.module or "", node.level), self.project.find
                    package = find(whole) if self.module.startswith(f"{whole}.") else None
                    inner = [find(f"{whole}.{each.name}") for each in node.names]
                    if isinstance(package, Module) and None in inner:
                        package.read()

    def read_guards(self) -> bool:
        """Follow what is read where the file is run; return whether there is any of it."""
        guards, self.guards = self.guards, []
        self.names["__name__"] = "__main__"
        for guard in guards:
            self._follow(guard.body)
        return bool(guards)

    def _follow(self, statements: Sequence[ast.stmt]) -> None:
        reader = self.project.reader
        reader.enter(Frame(self, "<module>", self.scope))
        before, reader.strict = reader.strict, int(not self.tolerant)
        try:
            for statement in statements:
                if self.ended is None:
                    self._statement(reader, statement)
        finally:
            reader.strict = before
            reader.frames.pop()

    def _statement(self, reader: Reader, statement: ast.stmt) -> None:
        """Follow one statement of the top level, within bounds of its own."""
        if self.main and not self.project.runs and syntax.is_guard(statement):
            assert isinstance(statement, ast.If)
            self.guards.append(statement)
            for each in statement.orelse:
                self._statement(reader, each)
            return
        if not self.own and is_table(statement):
            assert isinstance(statement, ast.If)
            self.stars.unique = True
            self._follow(statement.body)
            return
        if not self.own and self.tolerant and is_record(statement):
            self._later(statement)
            return
        depth, began = len(reader.frames), reader.guards.steps
        before = reader.guards.within(bounds.most_steps_of(statement))
        try:
            reader.statement(statement, self.scope)
        except TooMuch as refusal:
            # What it takes too long to follow is passed over too, where it is one's own.
            reader.guards.limit = before
            if reader.guards.over or reader.guards.steps >= before or not self.main:
                raise
            del reader.frames[depth:]
            reader.strict = 0
            skipped.pass_over(reader, statement, self.scope, refusal)
            reader.lost.append((began, reader.guards.steps))
        except NotUnderstood:
            raise
        except BaseException as error:
            if not self.main or (isinstance(error, KeyboardInterrupt) and not is_stated(error)):
                raise
            untold = vars(error).get(exceptions.UNTOLD)
            if untold is None:
                self.ended = error
            else:
                skipped.pass_over(reader, statement, self.scope, NotUnderstood(untold()))
            if not exceptions.ends_well(error):
                reader.lost.append((began, reader.guards.steps))
        finally:
            reader.guards.limit = before
        self.project.overrule(self)

    def _later(self, statement: ast.stmt) -> None:
        """Make a class of a package when somebody needs it: a package may have a hundred."""
        assert isinstance(statement, ast.ClassDef)
        name = statement.name

        def made(reader: Reader) -> object:
            if self.names.get(name) is later:
                del self.names[name]
                reader.enter(Frame(self, "<module>", self.scope))
                try:
                    reader.statement(statement, self.scope)
                finally:
                    reader.frames.pop()
                    self.names.setdefault(name, later)
            return self.names[name]

        later = self.names[name] = Later(made, self)

    # -- As a value -----------------------------------------------------------------------------

    def get(self, name: str) -> object:
        """Return a name of the file, for another one."""
        self.read()
        value = self.names.get(name, MISSING)
        if value is MISSING:
            value = self.further(name)
        if value is MISSING and self.is_package:
            value = self.project.inner(f"{self.module}.{name}")
        if value is MISSING and "__getattr__" in self.names and not name.startswith("__"):
            return self.project.reader.call(self.names["__getattr__"], (name,), {})
        if value is MISSING:
            if name == "__dict__":
                self.gather()
                return self.names
            try:
                return self.absent(name)
            except NameError:
                message = f"{self.name} has no {name}{hint(name, self.names)}"
                raise AttributeError(message, name=name) from None
        return self.project.reader.found(value)

    def put(self, name: str, value: object) -> None:
        """Set a name of the file from another one."""
        self.read()
        self.names[name] = value

    def delete(self, name: str) -> None:
        """Delete a name of the file from another one."""
        self.read()
        if name not in self.names:
            raise AttributeError(f"{self.name} has no {name}", name=name)
        del self.names[name]

    def further(self, name: str) -> object:
        """Return a name that the file has of others, or MISSING."""
        found = self.stars.find(name) if self.stars.files else MISSING
        if found is MISSING and self.behind is not None:
            try:
                return self.behind.get(name)
            except (AttributeError, NameError):
                return MISSING
        if found is not MISSING:
            self.names[name] = found
        return found

    def gather(self) -> None:
        """Read all the files whose names it has."""
        files, self.stars.files = self.stars.files, []
        for file in files:
            for name, value in self._all_of(file):
                self.names.setdefault(name, value)

    def absent(self, name: str) -> object:
        """Return what stands for a name that nobody set; raise NameError where nothing does."""
        found = self.further(name)
        if found is not MISSING:
            return found
        if self.unread is not None:
            return Unknown(f"{name} may come from {self.unread}, which isn't read")
        if self.ended is not None and self.project.reader.frame.name != "<module>":
            raise self.ended
        if self.guards and self.followed:
            raise Behind(f"{name} isn't set before the file is run")
        near = hint(name, [*self.names, *self.project.reader.builtins])
        error = NameError(f"name {name!r} is not defined", name=name)
        raise told(error, f"{name} isn't defined{near}")

    # -- Imports --------------------------------------------------------------------------------

    def check_import(self, library: str) -> None:
        """Raise ImportError for a library that isn't read, where something else is offered."""
        first = library.split(".")[0]
        if self.refuses and first not in STANDARD and self.project.importer(first) is None:
            if self.main:
                self.project.absent.add(first)
            raise ModuleNotFoundError(f"{library} is taken not to be installed", name=library)

    def absolute(self, module: str, level: int) -> str:
        """Return the whole name of a module that is named relative to this one."""
        if not level:
            return module
        parts = self.module.split(".") if self.module else []
        up = level - (1 if self.is_package else 0)
        if up > len(parts):
            raise ImportError("a relative import goes beyond the outermost package")
        parts = parts[: len(parts) - up]
        return ".".join([*parts, module]) if module else ".".join(parts)

    def import_name(self, reader: Reader, name: str) -> object:
        """Return what `import name` gives."""
        del reader  # it is the project's
        found = self.project.find(name)
        if found is not None:
            return found
        self.check_import(name)
        return self.project.library(name)

    def import_from(self, reader: Reader, module: str, level: int, name: str) -> object:
        """Return what `from module import name` gives, looked up when it is needed."""
        whole = self.absolute(module, level)
        file = self.project.find(whole) if whole else None
        if file is None and not whole:
            file = self.project.find(name)
            if file is None:
                raise ImportError(f"there is no {name} beside {self.name}", name=name)
            return file
        if file is not None:
            return self._from_file(reader, file, whole, name)
        if level and self.project.importer(whole) is None:
            raise ImportError(f"there is no {'.' * level}{module} beside {self.name}")
        self.check_import(whole)
        library = self.project.library(whole)
        if isinstance(library, Module) and not library.begun and library.mentions(name):
            return Later(lambda reader: library.get(name))
        if isinstance(library, Module) or (isinstance(library, Library) and name.isidentifier()):
            try:
                found = library.get(name)
            except AttributeError:
                raise ImportError(f"cannot import name {name} from {whole}", name=whole) from None
            if type(found) is Unknown and isinstance(library, Library):
                inner = self.project.importer(f"{whole}.{name}")
                return found if inner is None else inner
            return found
        return library.get(name)

    def _from_file(self, reader: Reader, file: Value, whole: str, name: str) -> object:
        within = self.project.find(f"{whole}.{name}")
        if file is self:
            return self.project.inner(f"{whole}.{name}")
        if not isinstance(file, Module):
            return file.get(name)
        if file.begun and name in file.names:
            return file.names[name]  # as it is by now, where files import in a circle
        if within is not None and (file.stars.unique if file.begun else not file.binds(name)):
            return within
        frame = reader.frame if reader.frames else None
        place = frame.place if frame else None

        def later(reader: Reader) -> object:
            try:
                return file.get(name)
            except AttributeError as error:
                if within is not None:
                    return within
                failed = ImportError(str(error), name=whole)
                if place is not None and frame is not None:
                    note(failed, place, frame.unit.own, frame)
                raise failed from None

        return Later(later, file)

    def mentions(self, name: str) -> bool:
        """Return whether a file that is written here has a name, as its text says."""
        return not self.tolerant and re.search(rf"\b{name}\b", own_text(self.path)) is not None

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

    def import_all(self, reader: Reader, module: str, level: int) -> Iterator[tuple[str, object]]:
        """Yield what `from module import *` gives."""
        del reader  # it is the project's
        whole = self.absolute(module, level)
        found = self.project.find(whole)
        library = self.project.library(whole) if found is None else found
        if isinstance(library, Module):
            free = self.stars.unique or not self._has_names_of(library)
            if not self.own and not library.begun and free:
                self.stars.add(library)
                return
            yield from self._all_of(library)
            return
        names = list(library.names()) if isinstance(library, Library) else []
        yield from ((name, library.get(name)) for name in names)
        if not names:
            self.unread = whole

    def _all_of(self, file: Module) -> Iterator[tuple[str, object]]:
        """Yield the names that another file gives of itself."""
        file.read()
        file.gather()
        listed = file.names.get("__all__")
        if not isinstance(listed, (list, tuple)):
            listed = [name for name in file.names if not name.startswith("_")]
        for name in listed:
            if isinstance(name, str) and name in file.names:
                value = file.names[name]
                if type(value) is Later and value.unit is self:
                    continue  # it has that from here, where files import in a circle
                yield name, value

    def _has_names_of(self, file: Module) -> bool:
        """Return whether a file's names may take the place of some that this one has already."""
        own = [re.escape(name) for name in self.names if not name.startswith("_")]
        return bool(own) and re.search(rf"\b(?:{'|'.join(own)})\b", file.text()) is not None


class Project:
    """The files that may be opened: those of one project, and no others."""

    def __init__(
        self,
        path: Path | None,
        importer: Importer | None = None,
        defined: Mapping[str, object] | None = None,
        seconds: float = bounds.SECONDS,
        *,
        packages: Packages | None = None,
        runs: bool = False,
    ) -> None:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), bounds.RECURSION))
        self.reader = Reader(LANGUAGE, bounds.Guards(seconds))
        self.runs = runs
        """Whether the file is run, not imported: what stands behind `if __name__` counts too."""
        self.alone = importer is None
        self.importer: Importer = importer or (lambda name: None)
        self.defined = dict(defined or {})
        self.wholes: dict[str, object] = {}
        """What stands for a name that isn't known, of which attributes were defined."""
        self.used: set[str] = set()
        """The defined names that gave something a value."""
        self.files: dict[Path, Module] = {}
        self.parsed = 0
        """How many of them were read."""
        self.trees: dict[Path, ast.Module] = {}
        """The syntax of files, by their paths; what stands here of one isn't read from the disk."""
        self.texts: dict[Path, str] = {}
        """The texts of those that were read."""
        self.missing: set[str] = set()
        self.hidden: dict[str, bool] = {}
        self.absent: set[str] = set()
        """Libraries that are taken not to be installed."""
        self.roots: list[Path] = []
        self.installed = packages or Packages()
        self.packages = False
        self.outermost: str | None = None
        self.standard: dict[str, Library | Module] = dict(natives.modules(self.reader, self))
        if path is not None:
            self._found(path)

    def _found(self, path: Path) -> None:
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
        self.main = Module(self, path.resolve(), ".".join(parts), main=True)
        self.files[path.resolve()] = self.main

    @classmethod
    def of_text(
        cls,
        text: str,
        name: str,
        importer: Importer | None = None,
        defined: Mapping[str, object] | None = None,
        seconds: float = bounds.SECONDS,
        *,
        packages: Packages | None = None,
        runs: bool = False,
    ) -> Project:
        """Return a project of one text that stands in no file."""
        project = cls(None, importer, defined, seconds, packages=packages, runs=runs)
        project.main = Module(project, Path(name), "", main=True)
        project.texts[project.main.path] = text
        project.main.tree = parse(text, name)
        return project

    def shown(self, path: Path) -> str:
        """Return the name by which a file is told: within its package, or its own."""
        for root in (*self.installed.roots, *self.roots):
            if root in path.parents:
                return path.relative_to(root).as_posix()
        return path.name

    def evaluate(self, words: str | ast.expr, module: Module | None = None) -> object:
        """Return the value of an expression in a file's own names."""
        node = plain.parsed(words) if isinstance(words, str) else words
        unit = module or self.main
        line = Line(unit)
        return expressions.evaluate(self.reader, node, Scope(line, line.names))

    # -- Modules --------------------------------------------------------------------------------

    def find(self, name: str) -> Value | None:
        """Return the file of a module: of the project, or of a package that is installed."""
        if not name or name in self.missing:
            return None
        found = self._beside(name)
        if found is None:
            found = self._installed(name)
        if found is None:
            self.missing.add(name)
        return found

    def inner(self, name: str) -> object:
        """Return a module of a package, or what is known of it; MISSING where there is none."""
        found = self.find(name)
        found = self.importer(name) if found is None else found
        return MISSING if found is None else found

    def _beside(self, name: str) -> Value | None:
        first = name.split(".")[0]
        if first != self.outermost and (first in STANDARD or self.hides(first)):
            return None
        if self.packages and first != self.outermost and self.roots[0].name in NAMES:
            return None  # the project lies among installed packages, which aren't its own
        for root in self.roots:
            place = root.joinpath(*name.split("."))
            for path in (place.with_suffix(".py"), place / "__init__.py"):
                if os.path.isfile(path):  # False for a name that is too long, too
                    return self._opened(path, root, name)
            if os.path.isdir(place) and any(place.glob("*.py")):
                return Folder(self.find, name)
        return None

    def _installed(self, name: str) -> Value | None:
        if _is_of_python(name) or self.importer(name) is not None:
            return None
        path, written = self.installed.find(name), self.installed.written(name)
        if path is not None and path.is_dir():
            return Folder(self.find, name)
        file = self._kept(path, name, own=False) if path is not None else None
        if written is None or written in self.files:
            return file if written is None else self.files[written]
        front = self.files[written] = self.written(written, name)
        if file is not None:
            front.is_package, front.behind = file.is_package, file
            front.names |= {"__package__": file.names["__package__"], "__behind__": file}
        return front

    def hides(self, name: str) -> bool:
        """Return whether a library is known so well that no file beside is taken for it."""
        if name not in self.hidden:
            found = self.importer(name)
            self.hidden[name] = isinstance(found, Library) and any(found.names())
        return self.hidden[name]

    def _opened(self, path: Path, root: Path, name: str) -> Module:
        real = path.resolve()
        if root.resolve() not in real.parents:
            raise NotUnderstood(f"{path.name} is a link out of the project, which isn't opened")
        return self._kept(real, name, own=True)

    def _kept(self, real: Path, name: str, *, own: bool) -> Module:
        if real not in self.files:
            self.files[real] = Module(self, real, name, own=own)
        return self.files[real]

    def nearest(self, name: str, module: Value) -> str | None:
        """Return the nearest name of the functions of the files that a module gathers."""
        return module.stars.nearest(name) if isinstance(module, Module) else None

    def folders(self) -> list[Path]:
        """Return the folders below which a program's own files lie, and those of its packages."""
        return [*self.roots, *self.installed.roots]

    def count_file(self) -> None:
        """Count one more file; raise TooMuch where there are too many."""
        self.parsed += 1
        if self.parsed > MOST_FILES:
            raise TooMuch(f"more than {MOST_FILES} files would have to be read")

    def module(self, name: str) -> Value | None:
        """Return a module by its whole name, as a program asks for it while it runs."""
        if name == self.main.names["__name__"]:
            return self.main
        found = self.find(name)
        if found is None and (name.split(".")[0] in STANDARD or self.importer(name) is not None):
            found = self.library(name)
        return found

    def library(self, name: str) -> Library | Module | Value:
        """Return a library by its whole name: Python's own, one that is given, or unknown."""
        if name not in self.standard:
            if _is_of_python(name):
                path = written_for(name, LIBRARY)
                if path is None:
                    return unknown_library(name, harmless=True)
                self.standard[name] = self.written(path, name)
            else:
                found = self.importer(name)
                if found is None and self.alone:
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)
                return unknown_library(name, why=NOT_FOUND) if found is None else found
        return self.standard[name]

    def written(self, path: Path, name: str, names: Mapping[str, object] | None = None) -> Module:
        """Return a file that is written here, in the Python that is read."""
        module = Module(self, path, name, own=False)
        module.name, module.tolerant = path.name, False
        module.names.update(names or {})
        return module

    def overrule(self, module: Module) -> None:
        """Give the names that somebody defined their values, in the file that is asked about."""
        if module is not self.main:
            return
        for first, whole in self.wholes.items():
            if type(module.names.get(first)) is Unknown:
                module.names[first] = whole
                self.used |= {name for name in self.defined if name.startswith(f"{first}.")}
        for name, value in self.defined.items():
            path = name.split(".")
            if len(path) > 1 or name in module.names:
                if attributes.put_within(module.names, path, value):
                    self.used.add(name)


def _is_of_python(name: str) -> bool:
    """Return whether a module is one of the standard library's, or goes with them."""
    first = name.split(".")[0]
    return first in STANDARD or first[:1] in ("", "_") or first == "typing_extensions"
