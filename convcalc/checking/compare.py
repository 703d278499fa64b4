"""What a function returned compared with what it should have, in the assignment's terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from convcalc.checking.cases import Case
from convcalc.checking.operations import UNFOLDED
from convcalc.checking.process import Alien, Raised, Reply
from convcalc.formulas import ConvcalcError, nested_shape, shape_of
from convcalc.text import listed

TOLERANCE = 1e-6
"""How far a number may be off, relative to the largest that is expected in its tensor."""
OFF_THE_END = ("IndexError", "ValueError", "RuntimeError")
"""What reading beyond an end leads to: in lists, in NumPy's arrays and in PyTorch's tensors."""
WINDOWS_SHOWN = 6
LONGEST_SHAPE = 4
"""Axes that a single result has at most: several results beside one another have one more."""
LAZY = ("generator", "map", "zip", "range", "filter", "reversed")
"""What Python makes a list of only when it is asked."""


@dataclass(frozen=True)
class Outcome:
    """What became of one case; `reason` is empty where it is right."""

    case: Case
    ok: bool
    reason: str = ""
    returned: tuple[Any, ...] | None = None
    """What was returned, tensor by tensor, as far as it is of numbers."""
    usable: bool = True
    """Whether that is tensors of as many axes as they should have."""
    raised: Raised | None = None
    lost: bool = False
    """Whether it didn't come back, or took all memory."""
    only_changed: bool = False
    """Whether the results are right, but an input was changed in place."""

    @property
    def off_the_end(self) -> bool:
        """Whether it met an error that reading beyond an end leads to."""
        return (
            self.raised is not None and self.raised.type in OFF_THE_END and not self.raised.explicit
        )


def judge(case: Case, reply: Reply, arguments: Sequence[str], place: str) -> Outcome:
    """Return what became of a case.

    `arguments` are the reference's names of what was handed over, in order; `place` is where the
    function stands, for what has no line of its own.
    """
    if reply.lost:
        return Outcome(case, False, f"{reply.lost}, {place}", lost=True)
    if reply.raised is not None:
        lost = reply.raised.type == "MemoryError"
        return Outcome(case, False, str(reply.raised), raised=reply.raised, lost=lost)
    if reply.refused:
        return Outcome(case, False, f"what it returns can't be read: {reply.refused}, {place}")
    try:
        results = _results(case, reply)
    except _Unusable as error:
        return Outcome(case, False, f"{error}, {place}", error.results, usable=False)
    reason = _wrong_shape(case, results)
    if reason:
        return Outcome(case, False, f"{reason}, {place}", results)
    reason = _wrong_entry(case, results)
    if reason:
        return Outcome(case, False, reason, results)
    if reply.changed is not None:
        reason = _changed(reply.changed, arguments)
        return Outcome(case, False, f"{reason}, {place}", results, only_changed=True)
    return Outcome(case, True, "", results)


# ---------------------------------------------------------------------------------------------
# Results
# ---------------------------------------------------------------------------------------------


class _Unusable(Exception):
    """A result that isn't what the operation returns, with what there is of it."""

    def __init__(self, message: str, results: tuple[Any, ...] | None = None) -> None:
        super().__init__(message)
        self.results = results


def _results(case: Case, reply: Reply) -> tuple[Any, ...]:
    """Return the results as nested lists of numbers, or raise _Unusable."""
    expected = case.operation.results
    if len(expected) == 1:
        try:
            return _tensors(case, (reply.value,))
        except _Unusable:
            if reply.in_tuple > 1:  # with what the backward pass needs
                return _tensors(case, (reply.value[0],))
            raise
    value = reply.value
    names = f"the {len(expected)} gradients {listed([each.name for each in expected])}"
    shape = full_shape(value)
    if shape and len(shape) <= LONGEST_SHAPE:
        raise _Unusable(f"returned one array of the shape {shape}, not {names}")
    fewest = case.operation.fewest
    if isinstance(value, list):
        # Like backward of an autograd.Function: None for what has no gradient.
        while len(value) > fewest and value[-1] == Alien("NoneType"):
            value = value[:-1]
    if not isinstance(value, list) or not fewest <= len(value) <= len(expected):
        found = len(value) if isinstance(value, list) else _kind(value)
        raise _Unusable(f"returned {found} instead of {names}{_instead(value)}")
    return _tensors(case, tuple(value))


def _kind(value: Any) -> str:
    return value.name if isinstance(value, Alien) else type(value).__name__


def _instead(value: Any) -> str:
    """Return what would do, where that can be said."""
    return ": list(…) would do" if _kind(value) in LAZY else ""


def _tensors(case: Case, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values of as many axes as the results have, or raise _Unusable."""
    named = list(zip(case.operation.results, case.expected, values, strict=False))
    for result, _, value in named:
        for entry in numbers(value):
            if not isinstance(entry, (int, float)):
                raise _Unusable(
                    f"{result.name} has {_kind(entry)} where a number or a list belongs"
                    f"{_instead(entry)}"
                )
    for result, right, value in named:
        try:
            shape_of(result.name, value, len(nested_shape(right)))
        except ConvcalcError as error:
            shape, wanted = full_shape(value), nested_shape(right)
            if shape is None:
                raise _Unusable(str(error), values) from None
            found = f"the shape {shape} instead of" if shape else "one number instead of the shape"
            raise _Unusable(
                f"{result.name} {'has' if shape else 'is'} {found} {wanted}", values
            ) from None
    return values


def full_shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of a value, or None where it is ragged, or empty."""
    shape: list[int] = []
    level = [value]
    while any(isinstance(each, list) for each in level):
        lengths = {len(each) if isinstance(each, list) else 0 for each in level}
        if len(lengths) > 1 or 0 in lengths:
            return None
        shape += lengths
        level = [entry for each in level for entry in each]
    return tuple(shape)


def entries(tensor: Any, at: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield every number of a tensor with its place."""
    if isinstance(tensor, list):
        for index, each in enumerate(tensor):
            yield from entries(each, (*at, index))
    else:
        yield at, tensor


def numbers(tensor: Any) -> list[Any]:
    """Return every number of a tensor, or of what should have been one."""
    level = [tensor]
    while any(isinstance(each, list) for each in level):
        level = [v for each in level for v in (each if isinstance(each, list) else (each,))]
    return level


def tolerance_of(expected: Any) -> float:
    """Return how far a number of a tensor may be off."""
    largest: float = max([1, *map(abs, numbers(expected))])
    return TOLERANCE * largest


def _close(expected: float, actual: float, tolerance: float) -> bool:
    try:
        if expected != expected:  # as a mistake may make it, never a right result
            return actual != actual
        return expected == actual or abs(actual - expected) <= tolerance
    except OverflowError:  # an int that no float holds
        return False


def same(expected: Any, actual: Any, tolerance: float) -> bool:
    """Whether two tensors have the same shape, ragged or not, and the same numbers."""
    if not isinstance(expected, list):
        return not isinstance(actual, list) and _close(expected, actual, tolerance)
    if not isinstance(actual, list) or len(expected) != len(actual):
        return False
    return all(same(e, a, tolerance) for e, a in zip(expected, actual, strict=True))


def _named(case: Case, results: tuple[Any, ...]) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, expected and actual tensor of every result that was returned."""
    named = zip(case.operation.results, case.expected, results, strict=False)  # as were returned
    for result, right, actual in named:
        yield result.name, right, actual


def _wrong_shape(case: Case, results: tuple[Any, ...]) -> str:
    """Return which result has another shape, or nothing."""
    for name, right, actual in _named(case, results):
        wanted, found = nested_shape(right), nested_shape(actual)
        if wanted != found:
            return f"{name} has the shape {found} instead of {wanted}"
    return ""


def _wrong_entry(case: Case, results: tuple[Any, ...]) -> str:
    """Return the first entry that differs, in the assignment's terms, or nothing."""
    named = zip(case.operation.results, case.right, case.taken_back(results), strict=False)
    for result, right, actual in named:
        if right == actual:  # nearly always, and soon seen
            continue
        name, tolerance = result.name, tolerance_of(right)
        for (at, e), (_, a) in zip(entries(right), entries(actual), strict=True):
            if not _close(e, a, tolerance):
                where = place_of(case, name, at)
                return f"{where}: expected {number(e)}, got {number(a)}{_origin(case, name, a)}"
    return ""


def number(value: float) -> str:
    """Return a number as Python writes it, or how large an int is that fills a line."""
    if isinstance(value, int) and value.bit_length() > 128:
        return f"{'−' if value < 0 else ''}2^{value.bit_length() - 1} or more"
    return str(value)


def _changed(changed: tuple[int, list[int], Any, Any], arguments: Sequence[str]) -> str:
    at, index, before, after = changed
    name = arguments[at]
    if before is None:
        return f"it changes the shape of its input {name}, which isn't its own: a copy would do"
    place = f"{name}[{', '.join(map(str, index))}]"
    was = after.name if isinstance(after, Alien) else number(after)
    return (
        f"it changes its input {name} in place, {place} from {number(before)} to {was}: "
        "a copy would do"
    )


# ---------------------------------------------------------------------------------------------
# Where an entry is
# ---------------------------------------------------------------------------------------------


def place_of(case: Case, name: str, at: tuple[int, ...]) -> str:
    """Return where an entry of a result is, in the assignment's terms."""
    windows = case.windows
    w_out = windows.output_size[1]
    if name == UNFOLDED:
        return _place_in_patches(case, at)
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
    n, c, *position = at
    h_out, w_out = windows.output_size
    h_k, w_k = windows.kernel_size
    reading = [
        f"({i}, {j})"
        for i, j in product(range(h_out), range(w_out))
        if any(
            windows.place(i, j, u, v) == tuple(position) for u, v in product(range(h_k), range(w_k))
        )
    ]
    if not reading:
        return f"{entry}, sample {n}, channel {c}, read by no window"
    more = f" and {len(reading) - WINDOWS_SHOWN} more" if len(reading) > WINDOWS_SHOWN else ""
    window = "window" if len(reading) == 1 else "windows"
    shown = f"read by the {window} {', '.join(reading[:WINDOWS_SHOWN])}{more}"
    return f"{entry}, sample {n}, channel {c}, {shown}"


def _place_in_patches(case: Case, at: tuple[int, ...]) -> str:
    n, r, value = at
    windows = case.windows
    h_k, w_k = windows.kernel_size
    i, j = divmod(r, windows.output_size[1])
    c, within = divmod(value, h_k * w_k)
    u, v = divmod(within, w_k)
    row, column = windows.place(i, j, u, v)
    inside = 0 <= row < windows.size[0] and 0 <= column < windows.size[1]
    source = f"X[{n}, {c}, {row}, {column}]" if inside else "in the padding"
    return (
        f"sample {n}, patch row {r} = window at ({i}, {j}), value {value} = (c, u, v) = "
        f"({c}, {u}, {v}), which is {source}"
    )


def _origin(case: Case, name: str, value: float) -> str:
    """Return where in X a wrong value of Ũ stands; no two entries of X are the same."""
    if name != UNFOLDED:
        return ""
    for at, each in entries(case.tensors["x"]):
        if each == value:
            return f", which is X[{', '.join(map(str, at))}]"
    return ""
