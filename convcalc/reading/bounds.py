"""Every limit, and the guards: steps, processor time and memory.

What is done in C in one go can't be interrupted, so its size is looked at beforehand, here.
"""

from __future__ import annotations

import ast
import collections
import collections.abc
import contextvars
import functools
import gc
import itertools
import math
import operator
import re
import sys
import threading
import time
import types
import typing
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, TypeVar

from convcalc.reading.exceptions import TooMuch, too_large
from convcalc.reading.values import Unknown

MOST_STEPS = 3_000_000
"""The most steps of one reading."""
MOST_STEPS_OF_A_STATEMENT = 1_500_000
"""The most steps of one statement of a file's top level."""
MOST_STEPS_OF_A_LOOP = 200_000
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
HOLDING: dict[type, Callable[[Any], Iterable[object]]] = {
    types.GenericAlias: lambda value: value.__args__,
    types.UnionType: lambda value: value.__args__,
    typing._BaseGenericAlias: lambda value: getattr(value, "__args__", ()),  # type: ignore[attr-defined]
    slice: lambda value: (value.start, value.stop, value.step),
    functools.partial: lambda value: (value.args, value.keywords),
    BaseException: lambda value: (value.args,),
    types.MappingProxyType: lambda value: (*value.keys(), *value.values()),
    collections.abc.MappingView: list,
    collections.UserList: lambda value: (value.data,),
    collections.UserDict: lambda value: (value.data,),
    collections.ChainMap: lambda value: value.maps,
}
"""What else of Python's own holds values, which its text and its comparison look at."""
OTHERS = tuple(HOLDING)
SINGLE = frozenset((int, float, bool, type(None)))
"""What holds nothing, told soonest."""


def check_operator(sign: str, left: object, right: object) -> None:
    """Raise TooMuch where an operator would make something too large, before it does."""
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        many = left.bit_length() * right if left not in (-1, 0, 1) else 0
        shifted = right if left else 0
        if {"**": many, "<<": shifted}.get(sign, 0) > MOST_BITS:
            raise too_large(f"{_number(left)} {sign} {_number(right)}")
    elif sign == "*":
        for repeated, times in ((left, right), (right, left)):
            entries = len(repeated) if isinstance(repeated, (*SIZED, deque)) else 0
            if entries and is_number_of_its_own(times) and not hasattr(type(times), "__rmul__"):
                raise TooMuch("how often something is repeated is said by an object's __index__")
            if isinstance(times, int) and entries * times > MOST_ITEMS:
                raise too_large(f"{_number(times)} times {entries:,} entries")
    elif sign == "%" and isinstance(left, (str, bytes)):
        check_widths(left, right)
    elif sign == "+" and isinstance(left, SIZED) and isinstance(right, SIZED):
        entries = len(left) + len(right)
        if entries > MOST_ITEMS:
            raise too_large(f"something of {entries:,} entries")


def is_number_of_its_own(value: object) -> bool:
    """Return whether an object that is no number says of itself which one it stands for."""
    return hasattr(type(value), "__index__") and not isinstance(value, (int, Unknown))


def _number(value: int) -> str:
    return f"{value:,}" if abs(value) < 10**20 else f"a number of {value.bit_length():,} bits"


def check_result(value: object) -> None:
    """Raise TooMuch where a whole number grew too large."""
    if isinstance(value, int) and not -LARGEST < value < LARGEST:
        raise too_large("a number")


WIDTH = re.compile(r"\d{4,}")


def check_widths(form: str | bytes, values: object = ()) -> None:
    """Raise TooMuch where a format makes a text too long: by its digits, or by a `*`."""
    words = form if isinstance(form, str) else form.decode("latin-1")
    size = sum(int(each) for each in WIDTH.findall(words))
    given = values if isinstance(values, tuple) else (values,)
    if "*" in words:
        size += sum(abs(each) for each in given if isinstance(each, int))
    if isinstance(values, dict):
        given = tuple(values.values()) * words.count("%")
    size += sum(len(each) for each in given if isinstance(each, (str, bytes)))
    if size > MOST_ITEMS:
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


def held(value: object) -> Sequence[object]:
    """Return what a value holds, as Python has it, not the program's class."""
    kind: Any
    for kind in CONTAINERS:
        if isinstance(value, kind):
            parts = kind.__iter__(value)
            return [*parts, *dict.values(value)] if kind is dict else [*parts]
    return [*next(of for kind, of in HOLDING.items() if isinstance(value, kind))(value)]


def check_weight(value: object) -> int:
    """Return how many steps it counts to look at all of a value, within what it holds too.

    What is shared counts wherever it stands, as it does for a text of it or a comparison. Raises
    TooMuch where it is too much.
    """
    if not isinstance(value, (*CONTAINERS, *OTHERS)):
        return len(value) >> 8 if isinstance(value, (str, bytes)) else 0
    waiting: list[tuple[object, int]] = [(value, 0)]
    around: list[int] = []
    alive: list[object] = []  # so that no place is another's
    total = 0
    while waiting:
        each, depth = waiting.pop()
        del around[depth:]
        if id(each) in around:
            continue  # it holds itself, which Python knows how to tell
        around.append(id(each))
        alive.append(each)
        parts = held(each)
        total += len(parts) + (depth >> 4)
        for part in parts:
            if isinstance(part, (str, bytes)):
                total += len(part) >> 3
            elif type(part) not in SINGLE and isinstance(part, (*CONTAINERS, *OTHERS)):
                waiting.append((part, depth + 1))
        if total > MOST_ITEMS or len(waiting) > MOST_ITEMS:
            raise too_large("what is held here, with all that is held in it,")
    return total >> 4


WEIGHED = frozenset(
    "repr str ascii format print hash sorted min max sum index count remove dumps set frozenset "
    "dict issubset issuperset isdisjoint symmetric_difference fromkeys __eq__ __ne__ __lt__ __le__ "
    "__gt__ __ge__ __hash__ __contains__ __repr__ __str__ __format__ add union intersection "
    "difference update discard setdefault get pop sort heapify heappush heappop heapreplace "
    "heappushpop nlargest nsmallest bisect bisect_left bisect_right insort insort_left "
    "insort_right".split()
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
    check = CHECKS.get(re.split if function is re.split else name)
    if check is not None:
        whole = check is not _check_hashes and chain(arguments, named.values())
        if whole and any(is_number_of_its_own(each) for each in whole):
            raise TooMuch(f"{name}() of what an object's __index__ says isn't followed")
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


def _check_translate(given: Sequence[object]) -> None:
    """Raise TooMuch where what is put for each character makes a text too long."""
    owner, table = given[0], given[-1]
    if not isinstance(owner, str) or isinstance(table, (str, bytes)):
        return
    values: Iterable[object] = table.values() if isinstance(table, dict) else ()
    if isinstance(table, (list, tuple)):
        values = table
    elif type(table) is not dict:
        raise too_large("what such a table of characters may give")
    longest = max((len(each) for each in values if isinstance(each, str)), default=1)
    check_size(len(owner) * longest)


def _check_dumps(given: Sequence[object]) -> None:
    """Raise TooMuch where what stands between the values of a JSON makes it too long."""
    value, *rest = given
    between = 0
    for each in chain.from_iterable(e if isinstance(e, (list, tuple)) else (e,) for e in rest):
        between += len(each) if isinstance(each, str) else 0
        between += each if isinstance(each, int) else 0
    check_size(between * ((check_weight(value) << 4) + 16))


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


def _check_hashes(given: Sequence[object]) -> None:
    """Raise TooMuch where many numbers have one hash: each is then compared with all before it."""
    for each in given:
        if not isinstance(each, (*CONTAINERS, range)) or len(each) <= MOST_ALIKE:
            continue
        first: dict[int, object] = {}
        alike = 0
        for part in each:
            key = part[0] if isinstance(part, (list, tuple)) and len(part) == 2 else part
            for number in (key, part):  # of a pair the first may be the key of a dict
                plain = isinstance(number, tuple) and all(type(e) in NUMBERS for e in number)
                if plain or type(number) in NUMBERS:
                    alike += first.setdefault(hash(number), number) != number
            if alike > MOST_ALIKE:
                raise too_large("what so many numbers of one hash take")


MOST_ALIKE = 2_000
"""The most numbers of one hash that a set or a dict is made of."""
NUMBERS = (int, float, complex)


def _check_codec(given: Sequence[object]) -> None:
    """Raise TooMuch where a text is encoded in a way that takes its length squared."""
    names = [each.lower() for each in given if isinstance(each, str) and len(each) < 20]
    if any("puny" in each or "idna" in each for each in names):
        check_size(max(len(each) for each in given if isinstance(each, (str, bytes))) ** 2 >> 7)


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


MOST_WAYS = math.log2(10**8)
"""The most ways, as a power of two, in which a regular expression may try to match a text."""
ANYWHERE = frozenset("search findall finditer scanner sub subn".split())
"""What looks for a regular expression from every place of a text."""


@functools.lru_cache(maxsize=1_000)
def _pattern(words: str | bytes, flags: int) -> Iterable[object]:
    """Return a regular expression as Python parses it; nothing of one that isn't."""
    parser: Any = getattr(re, "_parser", None) or vars(re)["sre_parse"]
    try:
        parsed: Iterable[object] = parser.parse(words, flags)
        return parsed
    except (re.error, ValueError, OverflowError, RecursionError):
        return ()


def _ways(pattern: Iterable[object], size: int) -> float:
    """Return in how many ways a parsed pattern may match from one place, as a power of two."""
    ways = 0.0
    each: Any
    for each in pattern:
        sign, held = each
        name = str(sign)
        if name.endswith("_REPEAT"):
            least, most, body = held
            times = min(most, size // max(body.getwidth()[0], 1))
            ways += _ways(body, size) * times + math.log2(max(times - least, 0) + 1)
        elif name == "BRANCH":
            ways += max(_ways(each, size) for each in held[1])
            begins = [each[0] for each in held[1] if len(each)]
            letters = {chr(at).casefold() for sign, at in begins if str(sign) == "LITERAL"}
            if len(letters) < len(held[1]):  # two may begin alike
                ways += math.log2(len(held[1]))
        elif name == "GROUPREF":
            ways += math.log2(size + 1)  # it is compared
        elif name == "GROUPREF_EXISTS":
            ways += max(_ways(each or (), size) for each in held[1:])
        elif name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
            ways += _ways(held[-1], size)
        elif name == "ATOMIC_GROUP":
            ways += _ways(held, size)
    return ways


def _check_search(name: str) -> Callable[[Sequence[object]], None]:
    """Return what raises TooMuch where a regular expression may take too long on a text."""

    def check(given: Sequence[object]) -> None:
        pattern = given[0].pattern if isinstance(given[0], re.Pattern) else given[0]
        if not isinstance(pattern, (str, bytes)):
            return
        size = max((len(each) for each in given[1:] if isinstance(each, (str, bytes))), default=0)
        known = given[0].flags if isinstance(given[0], re.Pattern) else 0
        # Without the flags of the call it may be read in two ways.
        read = (_pattern(pattern, known | flag) for flag in (0, re.VERBOSE))
        ways = max(_ways(each, size) for each in read)
        if ways + (math.log2(size + 1) if name not in ("match", "fullmatch") else 0) > MOST_WAYS:
            shown = pattern[:40] if isinstance(pattern, str) else repr(pattern[:40])
            raise TooMuch(f"the regular expression {shown} may take too long on such a text")
        if name in ("sub", "subn"):
            _check_replaced(given[0], given[1:])  # type: ignore[arg-type]

    return check


def _check_replaced(pattern: re.Pattern[str] | str, given: Sequence[object]) -> None:
    """Raise TooMuch where what is put for each match makes a text too long."""
    texts: list[Any] = [each for each in given if isinstance(each, (str, bytes))]
    with suppress(re.error, TypeError):  # which the call raises, too
        for new, text in itertools.permutations(texts[:2], 2):
            size = len(text)
            for match in re.finditer(pattern, text):
                size += _expanded(match, new)
                check_size(size)


def _expanded(match: re.Match[str], new: str) -> int:
    """Return how long the text at most is that is put for a match, each group as the longest."""
    longest = max(len(each or "") for each in (match[0], *match.groups()))
    times: int = new.count("\\" if isinstance(new, str) else b"\\")
    return len(new) + times * longest


def _check_expand(given: Sequence[object]) -> None:
    match, new = given[0], given[-1]
    if isinstance(match, re.Match) and isinstance(new, (str, bytes)):
        check_size(_expanded(match, new))  # type: ignore[arg-type]


def measured(function: Callable[[object], object]) -> Callable[[object], object]:
    """Return what is put for each match of a regular expression, its sizes added up."""
    total = 0

    def replaced(match: object) -> object:
        nonlocal total
        made = function(match)
        total += len(made) if isinstance(made, (str, bytes)) else 0
        check_size(total)
        return made

    return replaced


CHECKS: dict[object, Callable[[Sequence[object]], None]] = {
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
    **{name: _check_search(name) for name in ("match", "fullmatch", *ANYWHERE)},
    re.split: _check_search("split"),
    "split": lambda given: (
        _check_search("split")(given) if isinstance(given[0], re.Pattern) else None
    ),
    "expand": _check_expand,
    **dict.fromkeys(("encode", "decode"), _check_codec),
    **dict.fromkeys(
        "set frozenset dict fromkeys Counter OrderedDict update union difference intersection "
        "symmetric_difference issubset issuperset isdisjoint difference_update "
        "intersection_update symmetric_difference_update".split(), _check_hashes
    ),
    "translate": _check_translate,
    "dumps": _check_dumps,
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
