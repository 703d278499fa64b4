"""Every limit, and the guards: steps, processor time and memory.

What is done in C in one go can't be interrupted, so its size is looked at beforehand, here.
"""

from __future__ import annotations

import ast
import contextvars
import gc
import operator
import re
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from convcalc.reading.exceptions import TooMuch, too_large

MOST_STEPS = 3_000_000
"""The most steps of one reading."""
MOST_STEPS_OF_A_STATEMENT = 1_500_000
"""The most steps of one statement of a file's top level."""
MOST_STEPS_OF_A_LOOP = 400_000
"""The most steps of a loop there: what makes a model takes fewer than what trains one."""
SECONDS = 10.0
"""The most processor time of one reading, unless `--timeout` says otherwise."""
MEMORY = 500 * 2**20
"""The most memory in bytes that a reading takes, beyond what there was at its start."""
DEEPEST = 950
"""The deepest that calls may nest."""
DEEPEST_IN_C = 150 if sys.version_info[:2] == (3, 12) else DEEPEST
"""The deepest that calls may nest which Python itself makes: of a __repr__, a forward, a key.

Python 3.12 has a small limit of its own there, and where it is reached while a __repr__ is looked
for, the object's plain words are given as if it had none.
"""
RECURSION = 20_000
"""How deep Python's own calls may nest while a program is read."""
MOST_ITEMS = 200_000
"""The most entries of a list or a range, and the most characters of a text."""
MOST_BITS = 65_536
"""The largest whole number, in bits."""
LARGEST = 1 << MOST_BITS

BETWEEN = 1_000
"""After how many steps the clock and the memory are looked at."""


def most_steps_of(statement: ast.stmt) -> int:
    """Return the most steps of a statement of a file's top level."""
    is_loop = isinstance(statement, (ast.For, ast.While))
    return MOST_STEPS_OF_A_LOOP if is_loop else MOST_STEPS_OF_A_STATEMENT


class Guards:
    """The three guards of one reading."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.steps = 0
        self.limit = MOST_STEPS
        self.next = BETWEEN
        self.seconds = seconds
        self.until = time.thread_time() + seconds
        self.memory = _memory() + MEMORY
        self.over: TooMuch | None = None
        """What ended the reading, after which nothing more of it is followed."""

    def restrict(self, steps: int | None, until: float | None) -> None:
        """Allow no more than so many steps from here on, nor more time than until then."""
        if steps is not None:
            self.within(max(steps, BETWEEN))
        if until is not None:
            self.until = min(self.until, until)

    def renew(self) -> None:
        """Begin anew: another question is followed on what was read for the one before."""
        self.steps, self.limit, self.next = 0, MOST_STEPS, BETWEEN
        self.until = time.thread_time() + self.seconds

    def count(self, steps: int) -> None:
        """Count several steps at once, as many as something takes that is done in one go."""
        self.steps += steps
        if self.steps >= self.next:
            self.look()

    def look(self) -> None:
        """Look at the three guards; raise TooMuch where one of them is passed."""
        self.next = min(self.steps + BETWEEN, max(self.limit, self.steps + 1))
        if self.over is not None:
            raise TooMuch(self.over.message)
        if self.steps > self.limit:
            raise TooMuch(f"this takes more than {self.limit_told():,} steps to follow")
        if time.thread_time() > self.until:
            self.over = TooMuch(
                f"this takes more than {self.seconds:g} s to follow: --timeout gives it more"
            )
        elif _memory() > self.memory:
            self.over = TooMuch(f"this takes more than {MEMORY >> 20} MiB of memory to follow")
        if self.over is not None:
            raise self.over

    def limit_told(self) -> int:
        """Return the limit that is told: that of a statement or of all."""
        return min(self.limit, MOST_STEPS)

    def within(self, steps: int) -> int:
        """Allow no more than so many steps from here on; return what was allowed before."""
        before = self.limit
        self.limit = min(before, self.steps + steps)
        self.next = min(self.next, self.limit + 1)
        return before

    def end(self) -> None:
        """Let nothing more be followed, such as what a generator does when it is thrown away."""
        self.over = self.over or TooMuch("the reading is over")
        self.next = 0


def _memory() -> int:
    """Return the most memory that the process has had, in bytes; 0 where nobody says."""
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


# ---------------------------------------------------------------------------------------------
# Sizes
# ---------------------------------------------------------------------------------------------

SIZED = (str, bytes, bytearray, list, tuple)
CONTAINERS = (list, tuple, dict, set, frozenset, deque)


def check_operator(sign: str, left: object, right: object) -> None:
    """Raise TooMuch where an operator would make something too large, before it does."""
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        many = left.bit_length() * right if left not in (-1, 0, 1) else 0
        shifted = right if left else 0
        if {"**": many, "<<": shifted}.get(sign, 0) > MOST_BITS:
            raise too_large(f"{_number(left)} {sign} {_number(right)}")
    elif sign == "*":
        for held, times in ((left, right), (right, left)):
            entries = len(held) if isinstance(held, (*SIZED, deque)) else 0
            if isinstance(times, int) and entries * times > MOST_ITEMS:
                raise too_large(f"{_number(times)} times {entries:,} entries")
    elif sign == "%" and isinstance(left, (str, bytes)):
        check_widths(left, right)
    elif sign == "+" and isinstance(left, SIZED) and isinstance(right, SIZED):
        entries = len(left) + len(right)
        if entries > MOST_ITEMS:
            raise too_large(f"something of {entries:,} entries")


def _number(value: int) -> str:
    return f"{value:,}" if abs(value) < 10**20 else f"a number of {value.bit_length():,} bits"


def check_result(value: object) -> None:
    """Raise TooMuch where a whole number grew too large."""
    if isinstance(value, int) and not -LARGEST < value < LARGEST:
        raise too_large("a number")


WIDTH = re.compile(r"\d{6,}")


def check_widths(form: str | bytes, values: object = ()) -> None:
    """Raise TooMuch where a format makes a text too long: by its digits, or by a `*`."""
    words = form if isinstance(form, str) else form.decode("latin-1")
    if WIDTH.search(words):
        raise too_large("the width of a text")
    widths = values if "*" in words and isinstance(values, tuple) else ()
    if any(isinstance(each, int) and abs(each) >= 100_000 for each in widths):
        raise too_large("the width of a text")


def check_size(count: int) -> None:
    """Raise TooMuch where something would have too many entries."""
    if count > MOST_ITEMS:
        raise too_large(f"something of {count:,} entries")


def length_hint(value: object) -> int:
    """Return how many entries come of iterating over one of Python's own values, as far as known.

    Iterators of Python's over a range are as long as that; those that a program made are bounded
    by their steps.
    """
    if isinstance(value, (*SIZED, *CONTAINERS)):
        return len(value)
    if type(value) in RANGES:
        return operator.length_hint(value)
    return 0


def check_weight(value: object) -> int:
    """Return how many steps it counts to look at all of a value, within what it holds too.

    What is shared counts wherever it stands, as it does for a text of it or a comparison. Raises
    TooMuch where it is too much.
    """
    if not isinstance(value, CONTAINERS):
        return len(value) >> 8 if isinstance(value, (str, bytes)) else 0
    waiting: list[tuple[object, int]] = [(value, 0)]
    around: list[int] = []
    total = 0
    while waiting:
        each, depth = waiting.pop()
        del around[depth:]
        if id(each) in around:
            continue  # it holds itself, which Python knows how to tell
        around.append(id(each))
        kind: Any = next(kind for kind in CONTAINERS if isinstance(each, kind))
        total += kind.__len__(each) + (depth >> 4)  # as Python has it, not the program's class
        parts = kind.__iter__(each)
        for part in chain(parts, dict.values(each)) if isinstance(each, dict) else parts:
            if isinstance(part, CONTAINERS):
                waiting.append((part, depth + 1))
            elif isinstance(part, (str, bytes)):
                total += len(part) >> 3
        if total > MOST_ITEMS or len(waiting) > MOST_ITEMS:
            raise too_large("what is held here, with all that is held in it,")
    return total >> 4


WEIGHED = frozenset(
    "repr str ascii format print hash sorted min max sum index count remove dumps set frozenset "
    "dict issubset issuperset isdisjoint symmetric_difference fromkeys __eq__ __ne__ __lt__ __le__ "
    "__gt__ __ge__ __hash__ __contains__ __repr__ __str__ __format__ add union intersection "
    "difference update discard setdefault get pop sort".split()
)
"""What looks at all that its arguments hold, and at all within."""
RANGES: tuple[type, ...] = (
    range, type(iter(range(0))), type(iter(range(1 << 99, 1 << 99))), type(reversed(range(0))),
)  # fmt: skip
LAZY: tuple[object, ...] = (len, iter, reversed, isinstance, repr, str, hash, bool, id)
"""What takes no longer where a range is longer."""


def check_call(function: object, arguments: Sequence[object], named: Mapping[str, object]) -> int:
    """Raise TooMuch where one of Python's own functions would take or make too much.

    Returns how many steps the call counts: what it is given, in parts.
    """
    if not arguments and not named:
        return 1
    name = getattr(function, "__name__", "")
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, (type, types.ModuleType)):
        given = arguments
    else:
        given = (owner, *arguments)
    total = 0
    for each in chain(given, named.values()):
        if isinstance(each, (*SIZED, *CONTAINERS)):
            total += len(each)
        elif type(each) in RANGES and function not in LAZY:
            check_size(length_hint(each))
            total += length_hint(each)
    if name in WEIGHED:
        for each in (*arguments, owner) if name in ("sort", "__eq__") else arguments:
            total += check_weight(each) << 5
    check = CHECKS.get(name)
    if check is not None:
        check((*given, *named.values()))
    return 1 + (total >> 5)


def _check_width(given: Sequence[object]) -> None:
    owner, *rest = given
    width = next((each for each in rest if isinstance(each, int)), 8)
    many = owner.count("\t") + 1 if isinstance(owner, str) else 1
    size = len(owner) if isinstance(owner, (str, bytes)) else 0
    check_size(size + max(width, 0) * many)


def _check_prefixed(given: Sequence[object]) -> None:
    """Raise TooMuch where each line of a text is given something long."""
    sizes = [len(each) for each in given if isinstance(each, str)]
    if len(sizes) > 1:
        check_size(sizes[0] * sum(sizes[1:]))


def _check_replace(given: Sequence[object]) -> None:
    if len(given) > 2 and all(isinstance(each, (str, bytes)) for each in given[:3]):
        owner, old, new = given[:3]
        check_size(len(owner) + owner.count(old) * len(new))  # type: ignore[attr-defined,arg-type]


def _check_join(given: Sequence[object]) -> None:
    if len(given) == 2 and isinstance(given[1], (list, tuple)) and isinstance(given[0], str):
        many = given[1]
        texts = sum(len(each) for each in many if isinstance(each, str))
        check_size(texts + len(given[0]) * len(many))


def _check_format(given: Sequence[object]) -> None:
    for each in given:
        if isinstance(each, str):
            check_widths(each)
        elif isinstance(each, int) and abs(each) >= 100_000:
            words = given[0] if isinstance(given[0], str) else ""
            if "{:{" in words or "{}}" in words:  # a width that is a number itself
                raise too_large("the width of a text")


def _check_small(most: int) -> Callable[[Sequence[object]], None]:
    def check(given: Sequence[object]) -> None:
        if any(isinstance(each, int) and abs(each) > most for each in given):
            raise too_large("the result")

    return check


def _check_extend(given: Sequence[object]) -> None:
    if len(given) == 2:
        check_size(length_hint(given[0]) + length_hint(given[1]))


def _check_sign(sign: str) -> Callable[[Sequence[object]], None]:
    def check(given: Sequence[object]) -> None:
        if len(given) == 3 and sign == "**" and given[2] is not None:
            return  # with a modulus it stays small
        if len(given) >= 2:
            check_operator(sign, given[0], given[1])

    return check


def _check_product(given: Sequence[object]) -> None:
    numbers: Iterable[object] = given[0] if isinstance(given[0], CONTAINERS) else ()
    bits = sum(each.bit_length() for each in numbers if isinstance(each, int))
    if isinstance(given[0], range):
        bits = len(given[0]) * max(abs(given[0].start), abs(given[0].stop)).bit_length()
    if bits > MOST_BITS:
        raise too_large("a product")


def check_pattern(pattern: str | bytes, text: object) -> None:
    """Raise TooMuch where a regular expression might take too long: its repetitions multiply."""
    size = len(text) if isinstance(text, (str, bytes)) else 0
    words = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    repeated = len(re.findall(r"[*+{]", words))
    ways = float(max(size, 2)) ** repeated * 2.0 ** words.count("?")
    if re.search(r"\)[*+{]", words) and repeated > 1:
        ways = 2.0 ** min(size, 1000)
    if ways > 10**8:
        raise TooMuch(f"the regular expression {words[:40]} may take too long on such a text")


def _check_search(given: Sequence[object]) -> None:
    pattern = given[0].pattern if isinstance(given[0], re.Pattern) else given[0]
    if isinstance(pattern, (str, bytes)):
        for each in given[1:]:
            check_pattern(pattern, each)


CHECKS: dict[str, Callable[[Sequence[object]], None]] = {
    **dict.fromkeys(("ljust", "rjust", "center", "zfill", "expandtabs"), _check_width),
    **dict.fromkeys(("format", "format_map", "__format__"), _check_format),
    **dict.fromkeys(("bytes", "bytearray", "to_bytes", "deque", "seek"), _check_small(MOST_ITEMS)),
    **dict.fromkeys(("factorial", "comb", "perm"), _check_small(3_000)),
    **dict.fromkeys(
        ("product", "permutations", "combinations", "combinations_with_replacement", "batched",
         "tee", "quantiles"), _check_small(MOST_ITEMS)
    ),
    **dict.fromkeys(("indent", "wrap", "fill", "shorten"), lambda given: _check_prefixed(given)),
    "elements": lambda given: check_size(sum(given[0].values())),  # type: ignore[attr-defined]
    **dict.fromkeys(("__mul__", "__rmul__", "__imul__"), _check_sign("*")),
    **dict.fromkeys(("extend", "__iadd__", "__add__"), _check_extend),
    **dict.fromkeys(
        ("match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "scanner"),
        _check_search,
    ),
    "lcm": lambda given: _check_product([given]),
    "round": lambda given: _check_small(10_000)(given[1:]),
    "__round__": lambda given: _check_small(10_000)(given[1:]),
    "replace": _check_replace,
    "join": _check_join,
    "prod": _check_product,
    "pow": _check_sign("**"),
    "__pow__": _check_sign("**"),
    "__rpow__": lambda given: check_operator("**", *reversed(given[:2])),
    "__lshift__": _check_sign("<<"),
    "__rlshift__": lambda given: check_operator("<<", *reversed(given[:2])),
    "__mod__": _check_sign("%"),
}  # fmt: skip
"""Python's own functions that can make something large of something small, by their names."""


STACK = 512 * 2**20
"""The stack, in bytes, on which a program is followed: Python's own calls in C nest there too."""
ALLOCATIONS = 200_000
"""After how many new objects Python looks for garbage, while a program is followed."""
BLOCKS = 350_000
"""How many more blocks of memory questions may leave before one looks for garbage."""
KEPT = [0]
"""How many there were when it was last looked for."""
Result = TypeVar("Result")


def with_room(follow: Callable[[], Result]) -> Result:
    """Return what a function returns, called on a stack that is large enough for deep programs.

    It is a thread's, while the caller waits and can be interrupted.
    """
    outcome: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(follow())
        except BaseException as error:
            errors.append(error)

    if sys.getallocatedblocks() > KEPT[0] + BLOCKS:
        gc.collect()  # what questions before this one have left
        KEPT[0] = sys.getallocatedblocks()
    context = contextvars.copy_context()
    thread = None
    for size in (STACK, STACK // 8):
        before = threading.stack_size()
        try:
            threading.stack_size(size)
            thread = threading.Thread(target=context.run, args=(run,), daemon=True)
            thread.start()
            break
        except (RuntimeError, ValueError):  # there is less room than that
            thread = None
        finally:
            threading.stack_size(before)
    if thread is None:
        return follow()
    often, deepest = gc.get_threshold(), sys.getrecursionlimit()
    gc.set_threshold(ALLOCATIONS)  # a syntax tree is no garbage, however often one looks
    try:
        thread.join()
    finally:
        gc.set_threshold(*often)
        sys.setrecursionlimit(deepest)
    if errors:
        raise errors[0]
    return outcome[0]
