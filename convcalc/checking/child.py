"""The process in which somebody's function runs: a program of its own, without convcalc.

It is asked by lines of JSON on its standard input and answers by such lines on its standard
output, both of which it takes for itself before any other code runs: what that prints goes to
standard error. First it is asked to load a function, which it describes; then to call it, again
and again. Whatever the function does is an answer, or the end of the process.
"""

from __future__ import annotations

import sys

AT_START = frozenset(sys.modules)

import importlib.util  # noqa: E402
import inspect  # noqa: E402
import os  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from dis import opmap  # noqa: E402
from json import dumps, loads  # noqa: E402
from queue import SimpleQueue  # noqa: E402
from threading import Thread  # noqa: E402
from typing import Any  # noqa: E402

MOST_NUMBERS = 200_000
"""More than any case's result has; a function that returns more isn't waited for."""
MOST_LEVELS = 20
LIBRARIES = frozenset({"numpy", "torch"})
LONGEST_TEXT = 2_000
LARGEST_INT = 2**62
"""Larger ones are written in base 16: JSON's readers have a limit for decimal digits."""


class Refused(Exception):
    """Something that isn't what was asked for; `reply` says what."""

    def __init__(self, **reply: Any) -> None:
        super().__init__()
        self.reply = reply


def main() -> None:
    """Answer until the pipe is closed."""
    me = os.getpid()
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stderr = open(  # noqa: SIM115
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    asked: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(requests, asked), daemon=True).start()
    target: Target | None = None
    while True:
        request = loads(asked.get())
        try:
            if target is None:
                target = Target(**request["load"])
                reply = target.description()
            else:
                reply = target.call(**request["call"])
        except Refused as refusal:
            reply = refusal.reply
        except BaseException as error:
            folder = target.folder if target else os.path.dirname(request["load"]["path"])
            reply = {"raised": described(error, folder)}
        if os.getpid() != me:  # a fork that the function made, and that has come back as well
            os._exit(0)
        replies.write(dumps({**reply, "number": request["number"]}).encode() + b"\n")
        replies.flush()


def _listen(requests: Any, asked: SimpleQueue[bytes]) -> None:
    """Read what is asked, also while a function runs; end that once the pipe is closed."""
    for line in requests:
        asked.put(line)
    os._exit(0)


# ---------------------------------------------------------------------------------------------
# The function
# ---------------------------------------------------------------------------------------------


class Target:
    """The function of a file, and how it is called."""

    def __init__(self, path: str, name: str, handed_as: str, folders: list[str]) -> None:
        self.folder = os.path.dirname(path)
        self.convert = _converter(handed_as, [f for f in folders if not _same(f, self.folder)])
        sys.path[:] = [self.folder, *folders]
        _uncover(self.folder, handed_as)
        loaded = set(sys.modules)
        module = _module(path)
        self.libraries = _libraries(module) or sorted(LIBRARIES & (set(sys.modules) - loaded))
        self.made = ""
        """The class that an instance was made of, as it is written."""
        self.by_position = False
        self.function = self._found(module, name)
        if not callable(self.function):
            raise Refused(missing=name, names=_names(module))
        self.parameters, self.wraps = self._read()

    def _found(self, module: Any, name: str) -> Any:
        """Return what is to be called; a class that has to be made is made without arguments."""
        owner, thing, parts = None, module, name.split(".")
        for part in parts:
            try:
                owner, thing = thing, getattr(thing, part)
            except AttributeError:
                raise Refused(missing=name, names=_names(module)) from None
        if isinstance(thing, type):
            if all(hasattr(thing, each) for each in ("apply", "forward", "backward")):
                return thing.apply  # type: ignore[attr-defined]
            if not any("__call__" in vars(each) for each in thing.__mro__):
                methods = [each for each in vars(thing) if not each.startswith("_")]
                method = "forward" if "forward" in methods else next(iter(methods), "")
                hint = f": {name}.{method} would do" if method else ""
                raise Refused(refused=f"{name} is a class whose instances can't be called{hint}")
            self.made = name
            return _made(thing, name)
        if isinstance(owner, type):
            if inspect.isfunction(inspect.getattr_static(owner, parts[-1])):
                self.made = ".".join(parts[:-1])
                return getattr(_made(owner, self.made), parts[-1])
            if parts[-1] == "forward" and hasattr(owner, "apply"):
                raise Refused(
                    refused=f"{name} takes a ctx: {'.'.join([*parts[:-1], 'apply'])} would do"
                )
        return thing

    def _read(self) -> tuple[list[Any] | None, str]:
        """Return the parameters of what is called, and the name of the function that it wraps."""
        owner = getattr(self.function, "__self__", None)
        if isinstance(owner, type) and getattr(self.function, "__name__", "") == "apply":
            self.by_position = True
            taken = _parameters(owner.forward) or []  # type: ignore[attr-defined]
            return taken if "setup_context" in vars(owner) else taken[1:], ""
        parameters = _parameters(self.function)
        if parameters is not None and not _anything(parameters):
            return parameters, ""
        forward = getattr(self.function, "forward", None)
        for inner in (forward, *_wrapped(self.function)):
            found = _parameters(inner) if callable(inner) else None
            if found is not None and not _anything(found):
                name = getattr(inner, "__qualname__", "").rpartition(".")[2]
                return found, "" if inner is forward else name
        return parameters, ""

    def description(self) -> dict[str, Any]:
        """Return what one has to know to call it."""
        return {
            "parameters": self.parameters,
            "by_position": self.by_position,
            "wraps": self.wraps,
            "made": self.made,
            "libraries": self.libraries,
            "line": self._line(),
        }

    def _line(self) -> list[Any] | None:
        """Return the user's file and line where what is called is written, as far as known."""
        function, owner = self.function, getattr(self.function, "__self__", None)
        for written in (
            inspect.unwrap(function),
            getattr(owner, "forward", None) if isinstance(owner, type) else None,
            getattr(function, "forward", None),
            type(function).__call__,
        ):
            code: Any = getattr(written, "__code__", None)
            if code is not None and _own(code.co_filename, self.folder):
                return [os.path.basename(code.co_filename), code.co_firstlineno]
        return None

    def call(self, positional: list[Any], named: dict[str, Any]) -> dict[str, Any]:
        """Return what the function returns, and what it did to what it was handed."""
        values = [self._handed(each) for each in positional]
        options = {name: self._handed(each) for name, each in named.items()}
        value = self.function(*values, **options)
        reply = {
            "value": plain(value),
            "in_tuple": len(value) if isinstance(value, tuple) else 0,
            "changed": None,
        }
        given, handed = [*positional, *named.values()], [*values, *options.values()]
        for at, (before, after) in enumerate(zip(given, handed, strict=True)):
            if isinstance(before, dict):
                changed = difference(before["tensor"], plain(after))
                if changed is not None:
                    reply["changed"] = [at, *changed]
                    break
        return reply

    def _handed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self.convert(loads(dumps(value["tensor"])))
        if isinstance(value, list):
            return tuple(self._handed(each) for each in value)
        return value


def _converter(handed_as: str, folders: list[str]) -> Callable[[Any], Any]:
    """Return what makes an input of nested lists, by a library that is in these folders."""
    if handed_as == "list":
        return lambda value: value
    sys.path[:] = folders
    try:
        library = importlib.import_module(handed_as)
    except ImportError:
        raise Refused(no_library=handed_as) from None
    if handed_as == "numpy":
        return lambda value: library.array(value, dtype=float)
    return lambda value: library.tensor(value, dtype=library.get_default_dtype())


def _same(folder: str, other: str) -> bool:
    return os.path.realpath(folder or ".") == os.path.realpath(other)


def _uncover(folder: str, library: str) -> None:
    """Forget what is loaded and has the name of a file beside the user's: they import their own.

    What was there before this program began, they couldn't have replaced either.
    """
    for entry in os.scandir(folder):
        name = entry.name.partition(".")[0]
        if name in sys.modules and name not in AT_START and name != library:
            del sys.modules[name]


def _module(path: str) -> Any:
    stem = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(f"checked_{stem}", path)
    if spec is None or spec.loader is None:
        raise Refused(refused="it isn't a file of Python, FILE.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.argv[:] = [path]  # as if it were run: what reads its arguments speaks of itself
    spec.loader.exec_module(module)
    return module


def _libraries(module: Any) -> list[str]:
    """Return which libraries of tensors a file has something of under a name of its own."""
    names = [
        each.__name__ if inspect.ismodule(each) else getattr(each, "__module__", None) or ""
        for each in vars(module).values()
    ]
    return sorted(LIBRARIES & {str(name).partition(".")[0] for name in names})


def _names(module: Any) -> list[str]:
    """Return what the file has that can be called, its own functions first."""
    called = [name for name, each in vars(module).items() if callable(each) and name[0] != "_"]
    return sorted(called, key=lambda name: not inspect.isfunction(vars(module)[name]))


def _made(thing: type, name: str) -> Any:
    try:
        return thing()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise Refused(refused=f"{name} can't be made without arguments: {said}") from None


def _parameters(function: Any) -> list[Any] | None:
    """Return name, kind, whether it is required and default of each parameter, where known."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        arguments = getattr(getattr(function, "schema", None), "arguments", None)
        if arguments is None:
            return None
        return [
            [each.name, "EITHER", not each.has_default_value(), _default(each.default_value)]
            for each in arguments
            if each.name != "self"
        ]
    return [
        [each.name, _kind(each), each.default is each.empty, _default(each.default)]
        for each in signature.parameters.values()
    ]


def _kind(parameter: inspect.Parameter) -> str:
    return "EITHER" if parameter.kind is parameter.POSITIONAL_OR_KEYWORD else parameter.kind.name


def _default(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        return value if isinstance(value, bool) else value[:LONGEST_TEXT]
    return plain(value) if isinstance(value, (int, tuple, list)) else None


def _anything(parameters: list[Any]) -> bool:
    """Whether a function takes whatever it is given, which says nothing."""
    return all(kind in ("VAR_POSITIONAL", "VAR_KEYWORD") for _, kind, _, _ in parameters)


def _wrapped(function: Any, depth: int = 5) -> Iterator[Any]:
    """Yield the one function that a decorator, without saying so, wraps, and what that wraps."""
    cells = getattr(function, "__closure__", None) or ()
    held = [cell.cell_contents for cell in cells]
    if not inspect.isroutine(function):
        held = list(vars(function).values()) if hasattr(function, "__dict__") else []
    inner = [each for each in held if inspect.isroutine(each)]
    if len(inner) == 1 and depth:
        yield inner[0]
        yield from _wrapped(inner[0], depth - 1)


# ---------------------------------------------------------------------------------------------
# What goes out
# ---------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return lists, arrays or tensors, also within one another, as lists of numbers.

    What is none of these stands there as {"type": its name}.
    """
    left = [MOST_NUMBERS]

    def made(value: Any, level: int) -> Any:
        if level > MOST_LEVELS:
            raise Refused(refused=f"it is nested more than {MOST_LEVELS} levels deep")
        if hasattr(value, "tolist"):
            count = value.numel() if hasattr(value, "numel") else getattr(value, "size", 0)
            if isinstance(count, int) and count > MOST_NUMBERS:
                left[0] = -1
            else:
                value = value.tolist()
        left[0] -= 1
        if left[0] < 0:
            raise Refused(refused=f"it has more than {MOST_NUMBERS:,} entries")
        if isinstance(value, (list, tuple)):
            return [made(each, level + 1) for each in value]
        if isinstance(value, int):
            return int(value) if abs(int(value)) < LARGEST_INT else {"int": hex(value)}
        if hasattr(type(value), "__float__") and not isinstance(value, str):
            return float(value)
        return {"type": type(value).__name__}

    return made(value, 0)


def difference(before: Any, after: Any) -> list[Any] | None:
    """Return where two tensors first differ, with what was there and is; no place: in shape."""
    if not isinstance(before, list):
        return None if before == after else [[], before, after]
    if not isinstance(after, list) or len(before) != len(after):
        return [[], None, None]
    for index, pair in enumerate(zip(before, after, strict=True)):
        found = difference(*pair)
        if found is not None:
            return [[index, *found[0]], *found[1:]]
    return None


def described(error: BaseException, folder: str) -> dict[str, Any]:
    """Return what an error is, where in the user's files it arose, and whether they raised it."""
    try:
        text = str(error)[:LONGEST_TEXT]
    except BaseException:
        text = ""
    line, raised = None, False
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        own = _own(code.co_filename, folder)
        raised = own and code.co_code[frame.tb_lasti] == opmap["RAISE_VARARGS"]
        if own:
            line = [os.path.basename(code.co_filename), frame.tb_lineno]
        frame = frame.tb_next
    if isinstance(error, SyntaxError) and error.filename and _own(error.filename, folder):
        line, text = [os.path.basename(error.filename), error.lineno], str(error.msg)
    missing = []
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        missing = [type(error.obj).__name__, error.name]
    return {
        "type": type(error).__name__,
        "text": text,
        "line": line,
        "explicit": raised,
        "missing": missing,
    }


def _own(file: str, folder: str) -> bool:
    """Whether a file is the user's: in their folder, and not a library in an environment there."""
    return os.path.abspath(file).startswith(os.path.join(folder, "")) and "-packages" not in file


if __name__ == "__main__":
    main()
