"""A user's own implementation run against the references on a table of cases."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import math
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from random import Random
from typing import Any

from convcalc import formulas
from convcalc.formulas import ConvcalcError, nested, shape_of, transpose
from convcalc.mistakes import MISTAKES

TENSORS = {
    "unfold": ("x",),
    "fold": ("u",),
    "conv2d": ("x", "weight"),
    "conv2d_backward": ("grad_y", "x", "weight"),
}
"""The tensors that each operation takes first, in order."""
SIZES = {"unfold": ("kernel_size",), "fold": ("output_size", "kernel_size")}
"""The sizes that follow them."""
DEFAULTS: dict[str, Any] = {"bias": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1}
OPTIONS = {
    "unfold": ("stride", "padding", "dilation"),
    "fold": ("stride", "padding", "dilation"),
    "conv2d": ("bias", "stride", "padding", "dilation", "groups"),
    "conv2d_backward": ("stride", "padding", "dilation", "groups"),
}
"""What else an operation may take; a function's signature says which of them it does."""
RESULTS = {
    "unfold": (("Ũ", 3),),
    "fold": (("X", 4),),
    "conv2d": (("Y", 4),),
    "conv2d_backward": (("X∇", 4), ("W∇", 4), ("bias∇", 1)),
}
"""What comes back: each tensor's name and number of axes."""
TOLERANCE = 1e-6
"""How far a float may be off, relative to what is expected."""

# What distinguishes a case; then X (b, c, h, w), kernels, their size, and the options.
_TABLE: tuple[tuple[str, tuple[int, ...], int, tuple[int, int], dict[str, Any]], ...] = (
    ("one channel, square", (1, 1, 3, 3), 1, (2, 2), {}),
    ("one channel, square", (1, 1, 4, 4), 1, (3, 3), {}),
    ("oblong input", (1, 1, 3, 5), 1, (2, 2), {}),
    ("oblong input", (1, 1, 5, 3), 1, (2, 2), {}),
    ("oblong kernel", (1, 1, 4, 5), 1, (2, 3), {}),
    ("oblong kernel", (1, 1, 5, 4), 1, (3, 1), {}),
    ("several channels", (1, 2, 3, 3), 1, (2, 2), {}),
    ("several channels", (1, 3, 4, 3), 1, (2, 3), {}),
    ("several kernels", (1, 1, 3, 3), 2, (2, 2), {}),
    ("several kernels", (1, 2, 3, 4), 3, (2, 2), {}),
    ("several samples", (2, 1, 3, 3), 1, (2, 2), {}),
    ("several samples", (3, 2, 3, 4), 2, (2, 3), {}),
    ("kernel 1 × 1", (1, 2, 3, 4), 2, (1, 1), {}),
    ("kernel as large as the input", (1, 2, 3, 4), 2, (3, 4), {}),
    ("stride 2", (1, 1, 5, 5), 1, (3, 3), {"stride": 2}),
    ("stride 2", (1, 2, 4, 6), 2, (2, 2), {"stride": 2}),
    ("stride 3", (1, 1, 8, 5), 1, (2, 2), {"stride": 3}),
    ("stride (1, 2)", (1, 1, 2, 6), 1, (2, 2), {"stride": (1, 2)}),
    ("stride (1, 2)", (1, 1, 4, 6), 1, (2, 2), {"stride": (1, 2)}),
    ("stride (1, 2)", (1, 1, 5, 5), 1, (3, 3), {"stride": (1, 2)}),
    ("size that the stride doesn't divide", (1, 1, 6, 6), 1, (3, 3), {"stride": 2}),
    ("size that the stride doesn't divide", (1, 2, 7, 6), 2, (2, 2), {"stride": 3}),
    ("padding", (1, 1, 3, 3), 1, (3, 3), {"padding": 1}),
    ("padding", (1, 2, 2, 3), 2, (2, 2), {"padding": 2}),
    ("padding", (1, 1, 3, 4), 1, (2, 2), {"padding": (0, 1)}),
    ("padding and stride", (1, 2, 5, 6), 2, (3, 3), {"padding": 1, "stride": 2}),
    ("dilation", (1, 1, 5, 5), 1, (2, 2), {"dilation": 2}),
    ("dilation", (1, 2, 5, 6), 2, (3, 2), {"dilation": 2}),
    ("groups", (1, 2, 3, 3), 2, (2, 2), {"groups": 2}),
    ("groups", (2, 4, 3, 4), 6, (2, 2), {"groups": 2}),
    ("bias", (1, 1, 3, 3), 1, (2, 2), {"bias": True}),
    ("bias", (2, 2, 3, 4), 3, (2, 2), {"bias": True}),
    ("padding, stride and dilation", (2, 2, 7, 6), 2, (3, 2),
     {"padding": (1, 2), "stride": (2, 1), "dilation": (1, 2)}),
    ("everything at once", (2, 4, 6, 7), 4, (2, 3),
     {"padding": 1, "stride": 2, "dilation": 2, "groups": 2, "bias": True}),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One call: the tensors, sizes and options, and what the reference returns."""

    kind: str
    operation: str
    tensors: dict[str, Any]
    sizes: dict[str, tuple[int, int]]
    options: dict[str, Any]

    def reference(self) -> tuple[Any, ...]:
        """Return the right results."""
        reference = getattr(formulas, self.operation)
        return _as_results(self.operation, reference(*self.arguments(), **self.options))

    def arguments(self) -> list[Any]:
        """Return what is given by position, as copies."""
        return [deepcopy(each) for each in (*self.tensors.values(), *self.sizes.values())]


@dataclass(frozen=True)
class Outcome:
    """What became of one case; `reason` is empty where it is right.

    `results` is None where the function raised an error or returned no tensor; `off_the_end` says
    that this is what reading beyond an end of the input leads to.
    """

    case: Case
    ok: bool
    reason: str = ""
    results: tuple[Any, ...] | None = None
    off_the_end: bool = False


@dataclass(frozen=True)
class Failure:
    """The first failure in full."""

    call: str
    expected: str
    actual: str
    reason: str


@dataclass(frozen=True)
class CheckAnswer:
    """How an implementation did, case by case."""

    target: str
    operation: str
    outcomes: tuple[Outcome, ...]
    narrowed: tuple[str, ...]
    """The options that the function doesn't take, so that no case has them."""
    failure: Failure | None
    likely: str
    """The known mistake that all failures look like, if there is one."""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> int:
        """How many cases are right."""
        return sum(outcome.ok for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        """How many cases are wrong."""
        return len(self.outcomes) - self.passed


def check(target: str, operation: str, handed_as: str = "list", layout: str = "bpk") -> CheckAnswer:
    """Run the function of `FILE.py:FUNCTION` on every case that its signature allows.

    `handed_as` is list, numpy or torch; `layout` says whether unfolded matrices are (b, p, k), as
    in the assignment, or (b, k, p). Raises ConvcalcError where there is no such function.
    """
    if layout == "bkp" and operation not in ("unfold", "fold"):
        raise ConvcalcError(f"--layout bkp has a meaning for unfold and fold, not for {operation}")
    convert = _converter(handed_as)
    function = _load(target)
    call = _Call(function, target, operation, convert, layout)
    outcomes = tuple(_run(call, case) for case in _cases(operation, call.accepted))
    first = next((outcome for outcome in outcomes if not outcome.ok), None)
    return CheckAnswer(
        target=target,
        operation=operation,
        outcomes=outcomes,
        narrowed=tuple(name for name in OPTIONS[operation] if name not in call.accepted),
        failure=_failure(call, first, handed_as) if first else None,
        likely=_likely_mistake(operation, outcomes, layout) if first else "",
    )


# ---------------------------------------------------------------------------------------------
# The function and how to call it
# ---------------------------------------------------------------------------------------------


def _load(target: str) -> Callable[..., Any]:
    """Return the function of `FILE.py:FUNCTION`; what the file itself raises is its own error."""
    path, _, name = target.rpartition(":")
    if not path or not name:
        raise ConvcalcError(f"{target}: FILE.py:FUNCTION would do, such as mine.py:unfold")
    if not Path(path).is_file():
        raise ConvcalcError(f"{path}: there is no such file")
    spec = importlib.util.spec_from_file_location(f"checked_{Path(path).stem}", path)
    if spec is None or spec.loader is None:
        raise ConvcalcError(f"{path}: a file of Python, FILE.py, would do")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(Path(path).resolve().parent))
    sys.dont_write_bytecode = True  # nothing is left beside somebody's file
    try:
        with contextlib.redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise ConvcalcError(f"{path} can't be imported: {_described(error, path)}") from None
    function = getattr(module, name, None)
    if not callable(function):
        from difflib import get_close_matches

        functions = [each for each in vars(module) if inspect.isfunction(getattr(module, each))]
        near = get_close_matches(name, functions, n=1)
        hint = f": {near[0]} is the nearest name" if near else ""
        raise ConvcalcError(f"{path} has no function {name}{hint}")
    return function  # type: ignore[no-any-return]


def _described(error: BaseException, path: str) -> str:
    """Return an error with the line of the user's file where it arose."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    text = " ".join(text.split())
    if isinstance(error, SyntaxError) and error.filename == path:
        return f"SyntaxError: {error.msg}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).name == Path(path).name]
    return f"{text}, {Path(path).name} line {own[-1].lineno}" if own else text


def _converter(handed_as: str) -> Callable[[Any], Any]:
    """Return what makes the inputs of nested lists."""
    if handed_as == "list":
        return lambda value: value
    try:
        library = importlib.import_module(handed_as)
    except ImportError:
        raise ConvcalcError(
            f"--as {handed_as}: {handed_as} isn't installed here, list would do"
        ) from None
    if handed_as == "numpy":
        return lambda value: library.array(value, dtype=float)
    return lambda value: library.tensor(value, dtype=library.get_default_dtype())


class _Call:
    """How a function is called: what its signature takes, and what it is handed."""

    def __init__(
        self,
        function: Callable[..., Any],
        target: str,
        operation: str,
        convert: Callable[[Any], Any],
        layout: str,
    ) -> None:
        self.function = function
        self.path, _, self.name = target.rpartition(":")
        self.convert = convert
        self.layout = layout
        self.accepted: tuple[str, ...] = OPTIONS[operation]
        self.always: tuple[str, ...] = ()
        """Options that the function can't do without."""
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except (TypeError, ValueError):  # written in another language: it may take everything
            return
        self._read(parameters, target, operation)

    def _read(self, parameters: list[inspect.Parameter], target: str, operation: str) -> None:
        first = (*TENSORS[operation], *SIZES.get(operation, ()))
        places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        kinds = {p.kind for p in parameters}
        if len(places) < len(first) and inspect.Parameter.VAR_POSITIONAL not in kinds:
            raise ConvcalcError(
                f"{target} takes {len(places)} arguments by position: {operation} is called with "
                f"{', '.join(first)}"
            )
        rest = [*places[len(first) :], *(p for p in parameters if p.kind == p.KEYWORD_ONLY)]
        for parameter in rest:
            if parameter.name not in OPTIONS[operation] and parameter.default is parameter.empty:
                raise ConvcalcError(
                    f"{target} needs {parameter.name}, which {operation} isn't called with: "
                    f"{', '.join(OPTIONS[operation])} would do"
                )
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            names = {parameter.name for parameter in rest}
            self.accepted = tuple(name for name in OPTIONS[operation] if name in names)
        self.always = tuple(
            p.name for p in rest if p.name in self.accepted and p.default is p.empty
        )

    @property
    def place(self) -> str:
        """Where the function stands, as far as that is known."""
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        file = Path(code.co_filename if code else self.path).name
        return f"{file} line {code.co_firstlineno}" if code else file

    def arguments(
        self, case: Case, convert: Callable[[Any], Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return copies of what a case hands over, by position and by name."""
        tensors = {name: deepcopy(each) for name, each in case.tensors.items()}
        if self.layout == "bkp" and "u" in tensors:
            tensors["u"] = [transpose(rows) for rows in tensors["u"]]
        options = {name: DEFAULTS[name] for name in self.always} | deepcopy(case.options)
        if "bias" in options:
            none = [0] * len(case.tensors["weight"])
            options["bias"] = convert(options["bias"] or none)
        positional = [*map(convert, tensors.values()), *case.sizes.values()]
        return positional, options

    def text(self, case: Case, handed_as: str) -> str:
        """Return the call as Python that repeats it."""

        made = {
            "list": "{}",
            "numpy": "np.array({}, dtype=float)",
            "torch": "torch.tensor({}, dtype=torch.get_default_dtype())",
        }[handed_as]

        def spelled(value: Any) -> str:
            text = repr(value).replace(" ", "")
            return made.format(text) if isinstance(value, list) else text

        positional, options = self.arguments(case, lambda value: value)
        named = [f"{name}={spelled(value)}" for name, value in options.items()]
        return f"{self.name}({', '.join([*map(spelled, positional), *named])})"


# ---------------------------------------------------------------------------------------------
# The cases
# ---------------------------------------------------------------------------------------------


def _cases(operation: str, accepted: Sequence[str]) -> Iterator[Case]:
    """Yield the cases of an operation that have no other options than the accepted ones."""
    for number, (kind, shape, c_out, kernel_size, options) in enumerate(_TABLE):
        if not set(options) <= set(accepted):
            continue
        if operation in SIZES and kind == "several kernels":
            continue
        random = Random(number)
        x = nested(shape, count(1))
        options = dict(options)
        groups = options.get("groups", 1)
        weight = nested((c_out, shape[1] // groups, *kernel_size), _drawn(random))
        if "bias" in options:
            options["bias"] = [random.randint(10, 99) for _ in range(c_out)]
        rest = {name: value for name, value in options.items() if name not in ("bias", "groups")}
        sizes: dict[str, tuple[int, int]] = {}
        tensors: dict[str, Any] = {"x": x}
        if operation == "unfold":
            sizes = {"kernel_size": kernel_size}
        elif operation == "fold":
            sizes = {"output_size": (shape[2], shape[3]), "kernel_size": kernel_size}
            u = formulas.unfold(x, kernel_size, **rest)
            tensors = {"u": nested(shape_of("u", u, 3), count(1))}
        elif operation == "conv2d":
            tensors = {"x": x, "weight": weight}
        else:
            y = formulas.conv2d(x, weight, groups=groups, **rest)
            grad_y = nested(shape_of("y", y, 4), _drawn(random))
            tensors = {"grad_y": grad_y, "x": x, "weight": weight}
        yield Case(kind, operation, tensors, sizes, options)


def _drawn(random: Random) -> Iterator[int]:
    return iter(lambda: random.choice((-1, 1)) * random.randint(1, 9), None)


# ---------------------------------------------------------------------------------------------
# One case
# ---------------------------------------------------------------------------------------------


def _run(call: _Call, case: Case) -> Outcome:
    """Run the user's function on one case; whatever it does, the others are run too."""
    positional, options = call.arguments(case, call.convert)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            value = call.function(*positional, **options)
            results = _as_results(case.operation, value)
    except KeyboardInterrupt:
        raise
    except _Unusable as error:
        return Outcome(case, False, f"{error}, {call.place}", off_the_end=True)
    except BaseException as error:
        off_the_end = isinstance(error, (LookupError, ValueError))
        return Outcome(case, False, _described(error, call.path), off_the_end=off_the_end)
    expected = _laid_out(case, call.layout)
    reason = _wrong_shape(case, expected, results)
    if reason:
        reason += f", {call.place}"
    else:
        reason = _wrong_entry(case, expected, results, call.layout)
    return Outcome(case, not reason, reason, results)


class _Unusable(Exception):
    """A result that isn't what the operation returns."""


def _as_results(operation: str, value: Any) -> tuple[Any, ...]:
    """Return the results as nested lists of numbers, or raise _Unusable."""
    names = RESULTS[operation]
    if len(names) == 1:
        value = (value,)
    elif not isinstance(value, (tuple, list)) or len(value) != len(names):
        found = len(value) if isinstance(value, (tuple, list)) else type(value).__name__
        expected = ", ".join(name for name, _ in names)
        raise _Unusable(f"returned {found} instead of the {len(names)} results {expected}")
    return tuple(_tensor(name, each, ndim) for (name, ndim), each in zip(names, value))


def _tensor(name: str, value: Any, ndim: int) -> Any:
    tensor = _plain(name, value)
    try:
        shape_of(name, tensor, ndim)
    except ConvcalcError as error:
        raise _Unusable(str(error)) from None
    return tensor


def _plain(name: str, value: Any) -> Any:
    """Return lists, arrays or tensors, also within one another, as lists of numbers."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(name, each) for each in value]
    if isinstance(value, (int, float)):
        return value
    raise _Unusable(f"{name} has {type(value).__name__} where a number or a list belongs")


def _laid_out(case: Case, layout: str) -> tuple[Any, ...]:
    """Return the right results in the layout that was asked for."""
    return _in_layout(case.operation, case.reference(), layout)


def _in_layout(operation: str, results: tuple[Any, ...], layout: str) -> tuple[Any, ...]:
    """Return results of the assignment's layout in the one that was asked for."""
    if layout == "bkp" and operation == "unfold":
        return ([transpose(rows) for rows in results[0]],)
    return results


def _close(expected: float, actual: float) -> bool:
    return math.isclose(expected, actual, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _entries(tensor: Any, at: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield every number with its place."""
    if isinstance(tensor, list):
        for index, each in enumerate(tensor):
            yield from _entries(each, (*at, index))
    else:
        yield at, tensor


def _wrong_shape(case: Case, expected: tuple[Any, ...], actual: tuple[Any, ...]) -> str:
    """Return which result has another shape, or nothing."""
    for (name, ndim), right, wrong in zip(RESULTS[case.operation], expected, actual):
        wanted, found = shape_of(name, right, ndim), shape_of(name, wrong, ndim)
        if wanted != found:
            return f"{name} has the shape {found} instead of {wanted}"
    return ""


def _wrong_entry(
    case: Case, expected: tuple[Any, ...], actual: tuple[Any, ...], layout: str
) -> str:
    """Return the first entry that differs, in the assignment's terms, or nothing."""
    for (name, _), right, wrong in zip(RESULTS[case.operation], expected, actual):
        for (at, a), (_, b) in zip(_entries(right), _entries(wrong)):
            if not _close(a, b):
                where = _place(case, name, at, layout)
                return f"{where}: expected {a}, got {b}{_origin(case, name, b)}"
    return ""


def _window(case: Case) -> tuple[Any, ...]:
    """Return strides, ends of the padding, dilations and the kernel's size of a case."""
    options = DEFAULTS | case.options
    kernel_size = case.sizes.get("kernel_size")
    if kernel_size is None:
        weight = case.tensors["weight"]
        kernel_size = (len(weight[0][0]), len(weight[0][0][0]))
    return (
        formulas.pair("stride", options["stride"]),
        formulas.both_ends(options["padding"]),
        formulas.pair("dilation", options["dilation"]),
        kernel_size,
    )


def _output_width(case: Case) -> int:
    (_, s_w), (_, ends), (_, d_w), (_, w_k) = _window(case)
    width = case.sizes["output_size"][1] if "u" in case.tensors else len(case.tensors["x"][0][0][0])
    return formulas.conv_output_size(width, w_k, s_w, ends, d_w)


def _place(case: Case, name: str, at: tuple[int, ...], layout: str) -> str:
    """Return where an entry is, in the assignment's terms."""
    w_out = _output_width(case)
    (s_h, s_w), ((top, _), (left, _)), (d_h, d_w), (h_k, w_k) = _window(case)
    if name == "Ũ":
        n, r, value = at if layout == "bpk" else (at[0], at[2], at[1])
        i, j = divmod(r, w_out)
        c, within = divmod(value, h_k * w_k)
        u, v = divmod(within, w_k)
        row, column = i * s_h + u * d_h - top, j * s_w + v * d_w - left
        x = case.tensors["x"]
        inside = 0 <= row < len(x[0][0]) and 0 <= column < len(x[0][0][0])
        source = f"X[{n}, {c}, {row}, {column}]" if inside else "in the padding"
        return (
            f"sample {n}, patch row {r} = window at ({i}, {j}), value {value} = (c, u, v) = "
            f"({c}, {u}, {v}), which is {source}"
        )
    entry = f"{name}[{', '.join(map(str, at))}]"
    if name == "Y":
        n, o, i, j = at
        return (
            f"{entry}, sample {n}, output channel {o}, patch row {i * w_out + j} = window at "
            f"({i}, {j})"
        )
    if name == "W∇":
        o, c, u, v = at
        return f"{entry}, kernel {o} at (c, u, v) = ({c}, {u}, {v}), a sum over batch and patches"
    if name == "bias∇":
        return f"{entry}, output channel {at[0]}, a sum over batch and patches"
    n, c, row, column = at
    windows = [
        f"({i}, {j})"
        for i, j in product(range(row + top + 1), range(min(column + left + 1, w_out)))
        if (row + top - i * s_h) in range(0, h_k * d_h, d_h)
        and (column + left - j * s_w) in range(0, w_k * d_w, d_w)
    ]
    read = f"read by the windows {', '.join(windows)}" if windows else "read by no window"
    return f"{entry}, sample {n}, channel {c}, {read}"


def _origin(case: Case, name: str, value: float) -> str:
    """Return where in X a wrong value of Ũ stands; no two entries of X are the same."""
    if name != "Ũ":
        return ""
    for at, each in _entries(case.tensors["x"]):
        if each == value:
            return f", which is X[{', '.join(map(str, at))}]"
    return ""


# ---------------------------------------------------------------------------------------------
# What went wrong
# ---------------------------------------------------------------------------------------------


def _failure(call: _Call, outcome: Outcome, handed_as: str) -> Failure:
    """Return the first failure in full."""
    names = RESULTS[outcome.case.operation]

    def shapes(results: tuple[Any, ...]) -> str:
        return ", ".join(
            f"{name} {shape_of(name, each, ndim)}" for (name, ndim), each in zip(names, results)
        )

    return Failure(
        call=call.text(outcome.case, handed_as),
        expected=shapes(_laid_out(outcome.case, call.layout)),
        actual=shapes(outcome.results) if outcome.results else "nothing usable",
        reason=outcome.reason,
    )


def _likely_mistake(operation: str, outcomes: Sequence[Outcome], layout: str) -> str:
    """Return the known mistake that gives the same results in every case, if one does."""
    off_the_end = all(outcome.ok or outcome.off_the_end for outcome in outcomes)
    for mistake in MISTAKES[operation]:
        same = off_the_end and any(outcome.ok for outcome in outcomes)
        for outcome in outcomes:
            wrong = _imitated(mistake.imitate, outcome.case, layout)
            if (wrong is None) != (outcome.results is None):
                break
            if wrong is not None and not _equal(wrong, outcome.results):
                break
            same = same or not (wrong is None or outcome.ok)
        else:
            if same:
                return mistake.sentence
    return ""


def _imitated(imitate: Callable[..., Any], case: Case, layout: str) -> tuple[Any, ...] | None:
    """Return what a mistake makes of a case; None where that is an error or no tensor."""
    try:
        results = _as_results(case.operation, imitate(*case.arguments(), **deepcopy(case.options)))
        return _in_layout(case.operation, results, layout)
    except (ArithmeticError, LookupError, ValueError, _Unusable):
        return None


def _equal(first: Any, second: Any) -> bool:
    entries = list(_entries(list(first))), list(_entries(list(second)))
    return len(entries[0]) == len(entries[1]) and all(
        at == other and _close(a, b) for (at, a), (other, b) in zip(*entries)
    )
