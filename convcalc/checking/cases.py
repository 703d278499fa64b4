"""The cases of each operation: a table of simple ones, and every combination of options.

The simple ones stand first, so that the first failure is a small one to calculate by hand. The
others have every subset of the options that a function takes, and every pair of values of any
two options, shapes or kinds of numbers: a mistake that needs two things at once is met too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product
from math import prod
from random import Random
from typing import Any, Literal

from convcalc.checking.layouts import LAYOUTS, Arrangement, Layout
from convcalc.checking.operations import DEFAULTS, PATCHES, ROLES, Operation
from convcalc.checking.windows import Windows
from convcalc.formulas import Pair, effective_kernel_size, nested

Form = Literal["int", "pair", "ends", "four", "word", "shape"]
"""How a size is handed over where a function takes only that: one int; a pair; a padding as
((top, bottom), (left, right)), as four numbers, whose order isn't known, so that they are all the
same, or as a word; a size within (b, c, h, w)."""


@dataclass(frozen=True)
class Case:
    """One call: the tensors as the assignment lays them out, the sizes and the options."""

    kind: str
    operation: Operation
    tensors: dict[str, Any]
    sizes: dict[str, Any]
    options: dict[str, Any]
    layout: Layout = "bpk"
    """Of what is handed over and returned."""

    @cached_property
    def right(self) -> tuple[Any, ...]:
        """The right results, as the assignment lays them out."""
        results = self.operation.reference(*self.given, **self.options)
        return results if isinstance(results, tuple) else (results,)

    @cached_property
    def expected(self) -> tuple[Any, ...]:
        """The right results in the layout that was asked for."""
        return self.laid_out(self.right)

    @property
    def given(self) -> list[Any]:
        """What the reference is given by position."""
        return [*self.tensors.values(), *self.sizes.values()]

    @property
    def handed(self) -> dict[str, Any]:
        """What a function is handed, by the names of the reference's arguments."""
        arrangement, per_channel = self.arrangement, prod(self.windows.kernel_size)
        tensors = {
            name: arrangement.laid_out(ROLES[name], tensor, per_channel)
            for name, tensor in self.tensors.items()
        }
        return {**tensors, **self.sizes, **self.options}

    @property
    def arrangement(self) -> Arrangement:
        """How its tensors are laid out."""
        return LAYOUTS[self.layout]

    @property
    def samples(self) -> int:
        """How many samples it has."""
        return len(next(iter(self.tensors.values())))

    @property
    def labour(self) -> tuple[int, int]:
        """How much there is to read and to calculate by hand: options, numbers and products."""
        products = prod(self.windows.output_size) * prod(self.windows.kernel_size)
        products *= self.channels * len(self.tensors.get("weight", [0]))
        h, w = self.windows.size
        return len(self.options), self.samples * (self.channels * h * w + products)

    @property
    def channels(self) -> int:
        """How many input channels it has."""
        if PATCHES in self.tensors:
            return len(self.tensors[PATCHES][0][0]) // prod(self.windows.kernel_size)
        return len(self.tensors["x"][0])

    @property
    def following(self) -> dict[str, Any]:
        """What follows from the tensors, for a function that can't do without it."""
        if not self.operation.following:
            return {}
        if PATCHES in self.tensors:
            return {"batch_size": self.samples, "in_channels": self.channels}
        c_out = len(self.tensors["weight"])
        return {
            "bias": [0] * c_out,
            "kernel_size": self.windows.kernel_size,
            "in_channels": self.channels,
            "out_channels": c_out,
            "input_shape": self._input_shape,
            "learning_rate": 0,
        }

    @property
    def _input_shape(self) -> tuple[int, ...]:
        h, w = self.windows.size
        return (h, w, self.channels) if self.arrangement.channels_last else (self.channels, h, w)

    @property
    def windows(self) -> Windows:
        """The windows that the input is read by."""
        settings = {name: value for name, value in self.options.items() if name in _SETTINGS}
        if "weight" in self.tensors:
            weight = self.tensors["weight"]
            kernel_size = len(weight[0][0]), len(weight[0][0][0])
        else:
            kernel_size = self.sizes["kernel_size"]
        if "x" in self.tensors:
            x = self.tensors["x"]
            return Windows.over((len(x[0][0]), len(x[0][0][0])), kernel_size, **settings)
        return Windows.over(self.sizes["output_size"], kernel_size, **settings)

    def laid_out(self, results: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return results of the assignment's layout in the one that was asked for."""
        if self.layout == "bpk":
            return results
        per_channel = prod(self.windows.kernel_size)
        named = zip(self.operation.results, results, strict=False)  # of the shorter
        return tuple(
            self.arrangement.laid_out(result.role, value, per_channel) for result, value in named
        )

    def taken_back(self, results: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return results of the expected shapes in the assignment's layout."""
        per_channel = prod(self.windows.kernel_size)
        named = zip(self.operation.results, results, strict=False)  # of the shorter
        return tuple(
            self.arrangement.taken_back(result.role, value, self.samples, per_channel)
            for result, value in named
        )


_SETTINGS = ("stride", "padding", "dilation")

# ---------------------------------------------------------------------------------------------
# What a case is to be like
# ---------------------------------------------------------------------------------------------

Values = Literal["counting", "signed", "fractions", "large"]


@dataclass(frozen=True)
class _Plan:
    """The shapes of a case and its options: X (b, c, h, w), the kernels and their size."""

    kind: str
    x: tuple[int, int, int, int]
    c_out: int = 1
    kernel_size: Pair = (2, 2)
    options: dict[str, Any] = field(default_factory=dict)
    values: Values = "counting"


_SIMPLE = (
    _Plan("one channel, square", (1, 1, 3, 3)),
    _Plan("one channel, square", (1, 1, 4, 4), kernel_size=(3, 3)),
    _Plan("oblong input", (1, 1, 3, 5)),
    _Plan("oblong input", (1, 1, 5, 3)),
    _Plan("oblong kernel", (1, 1, 4, 5), kernel_size=(2, 3)),
    _Plan("oblong kernel", (1, 1, 5, 4), kernel_size=(3, 1)),
    _Plan("several channels", (1, 2, 3, 3)),
    _Plan("several channels", (1, 3, 4, 3)),
    _Plan("several kernels", (1, 1, 3, 3), 2),
    _Plan("several kernels", (1, 2, 3, 4), 3),
    _Plan("several samples", (2, 1, 3, 3)),
    _Plan("several samples", (3, 2, 3, 4), 2),
    _Plan("kernel 1 × 1", (1, 2, 3, 4), 2, (1, 1)),
    _Plan("kernel as large as the input", (1, 2, 3, 3), 2, (3, 3)),
    _Plan("kernel as large as the input", (1, 2, 3, 4), 2, (3, 4)),
    _Plan("negative numbers", (1, 1, 3, 4), values="signed"),
    _Plan("negative numbers", (2, 2, 4, 3), 2, values="signed"),
    _Plan("fractions", (1, 1, 3, 4), values="fractions"),
    _Plan("fractions", (2, 2, 4, 3), 2, values="fractions"),
    _Plan("large numbers", (1, 1, 3, 4), values="large"),
    _Plan("large numbers", (2, 2, 4, 3), 2, values="large"),
    _Plan("stride", (1, 1, 5, 5), 1, (3, 3), {"stride": 2}),
    _Plan("stride", (1, 2, 4, 6), 2, (2, 2), {"stride": 2}),
    _Plan("stride", (1, 1, 8, 5), 1, (2, 2), {"stride": 3}),
    _Plan("stride per axis", (1, 1, 2, 6), 1, (2, 2), {"stride": (1, 2)}),
    _Plan("stride per axis", (1, 1, 4, 6), 1, (2, 2), {"stride": (1, 2)}),
    _Plan("stride per axis", (1, 1, 5, 5), 1, (3, 3), {"stride": (2, 1)}),
    _Plan("size that the stride doesn't divide", (1, 1, 6, 6), 1, (3, 3), {"stride": 2}),
    _Plan("size that the stride doesn't divide", (1, 2, 7, 6), 2, (2, 2), {"stride": 3}),
    _Plan("padding", (1, 1, 3, 3), 1, (3, 3), {"padding": 1}),
    _Plan("padding", (1, 2, 2, 3), 2, (2, 2), {"padding": 2}),
    _Plan("kernel larger than the input", (1, 1, 2, 2), 1, (3, 3), {"padding": 1}),
    _Plan("kernel larger than the input", (2, 1, 1, 3), 2, (3, 2), {"padding": 1}),
    _Plan("padding per axis", (1, 1, 3, 4), 1, (2, 2), {"padding": (0, 1)}),
    _Plan("padding per axis", (1, 1, 4, 3), 1, (2, 2), {"padding": (2, 1)}),
    _Plan("dilation", (1, 1, 5, 5), 1, (2, 2), {"dilation": 2}),
    _Plan("dilation", (1, 2, 7, 6), 2, (3, 3), {"dilation": 2}),
    _Plan("dilation", (1, 1, 5, 6), 1, (2, 2), {"dilation": 3}),
    _Plan("dilation per axis", (1, 1, 4, 5), 1, (2, 2), {"dilation": (1, 2)}),
    _Plan("dilation per axis", (1, 1, 6, 5), 1, (2, 2), {"dilation": (3, 2)}),
    _Plan("groups", (1, 2, 3, 3), 2, (2, 2), {"groups": 2}),
    _Plan("groups", (2, 4, 3, 4), 6, (2, 2), {"groups": 2}),
    _Plan("groups", (1, 6, 3, 3), 6, (2, 2), {"groups": 3}),
    _Plan("bias", (1, 1, 3, 3), 1, (2, 2), {"bias": True}),
    _Plan("bias", (2, 2, 3, 4), 3, (2, 2), {"bias": True}),
)
_LARGE = (
    _Plan("many channels", (1, 6, 2, 3)),
    _Plan("many channels", (1, 17, 2, 2), 2),
    _Plan("many kernels", (1, 1, 2, 3), 9),
    _Plan("many kernels", (1, 2, 2, 2), 17),
    _Plan("many samples", (6, 1, 2, 3)),
    _Plan("many samples", (17, 1, 2, 2), 2),
    _Plan("many groups", (1, 5, 2, 3), 5, (2, 2), {"groups": 5}),
    _Plan("kernel 5", (1, 1, 6, 7), 1, (5, 5)),
    _Plan("kernel 7", (1, 1, 8, 7), 1, (7, 7), values="fractions"),
    _Plan("kernel 5 × 7", (1, 1, 6, 7), 1, (5, 7)),
    _Plan("stride 4", (1, 1, 9, 6), 1, (2, 2), {"stride": 4}),
    _Plan("stride 5", (1, 1, 7, 13), 1, (2, 2), {"stride": 5}),
    _Plan("padding 3", (1, 1, 2, 3), 1, (2, 2), {"padding": 3}),
    _Plan("padding 4", (1, 1, 4, 3), 1, (3, 3), {"padding": 4}),
    _Plan("dilation 4", (1, 1, 9, 8), 1, (2, 2), {"dilation": 4}),
    _Plan("many columns", (1, 1, 2, 14)),
    _Plan("many columns", (1, 1, 2, 41), values="fractions"),
    _Plan("many rows", (1, 1, 15, 2)),
    _Plan("AlexNet's first kernel", (1, 1, 23, 31), 1, (11, 11), {"stride": 4, "padding": 2}),
)
"""Sizes above what narrow code has in mind, thin otherwise: right code may be slow."""

_LEVELS: dict[str, tuple[Any, ...]] = {
    "stride": (2, (1, 2), (2, 1), 3),
    "padding": (1, (0, 1), (1, 0), (2, 1)),
    "dilation": (2, (1, 2), (2, 1)),
    "groups": (2, 3),
    "bias": (True,),
}
"""What the options are in the combinations, where they are given."""
_SHAPES: dict[str, tuple[Any, ...]] = {
    "samples": (1, 2, 3),
    "channels": (1, 2),
    "kernels": (1, 2),
    "kernel_size": ((2, 3), (3, 2), (2, 2), (3, 3)),
    "output_size": ((2, 3), (3, 2), (3, 3)),
    "rest": (0, 1),
    "values": ("signed", "fractions", "large"),
}
"""What else differs: channels and kernels of a group, and the rest that a stride leaves."""
_COUNTS = ("no", "one", "two", "three", "four", "all five")


def _cover(
    factors: Mapping[str, Sequence[Any]], optional: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield rows with every subset of the optional factors, and any two levels of two factors.

    An optional factor's first level is that it isn't there. Greedily: each row takes, factor by
    factor, the level that adds most pairs that no row has yet, of several the one used least.
    """
    missing = {
        ((a, i), (b, j))
        for a, b in combinations(factors, 2)
        for i, j in product(range(len(factors[a])), range(len(factors[b])))
    }

    used: Counter[tuple[str, int]] = Counter()

    def filled(row: dict[str, int], there: Mapping[str, bool]) -> dict[str, int]:
        for name in factors:
            if name in row:
                continue
            levels = range(len(factors[name]))
            if name in there:
                levels = levels[1:] if there[name] else levels[:1]
            row[name] = max(
                levels, key=lambda level: (_added(missing, row, name, level), -used[name, level])
            )
        used.update(row.items())
        missing.difference_update(_pairs(row, tuple(factors)))
        return {name: row[name] for name in factors}

    rows = [
        filled({}, dict(zip(optional, there, strict=True)))
        for there in product((False, True), repeat=len(optional))
    ]
    while missing:
        rows.append(filled(dict(min(missing)), {}))
    for row in rows:
        yield {name: factors[name][level] for name, level in row.items()}


_Pair = tuple[tuple[str, int], tuple[str, int]]


def _pairs(row: Mapping[str, int], names: Sequence[str]) -> Iterator[_Pair]:
    for a, b in combinations(names, 2):
        yield (a, row[a]), (b, row[b])


def _added(missing: set[_Pair], row: Mapping[str, int], name: str, level: int) -> int:
    """Return how many pairs that no row has are had with this level."""
    mine = (name, level)
    others = row.items()
    return sum((other, mine) in missing or (mine, other) in missing for other in others)


def _combinations(taken: Sequence[str], forms: Mapping[str, Form]) -> Iterator[_Plan]:
    """Yield plans with the options that a function takes, in every combination."""
    levels = {name: (None, *dict.fromkeys(_in_forms(name, _LEVELS[name], forms))) for name in taken}
    shapes = {**_SHAPES, "kernel_size": _in_forms("kernel_size", _SHAPES["kernel_size"], forms)}
    for row in _cover({**levels, **shapes}, taken):
        options = {name: row[name] for name in taken if row[name] is not None}
        kernel_size = _both(row["kernel_size"])
        groups = options.get("groups", 1)
        stride, padding, dilation = (_both(options.get(name, DEFAULTS[name])) for name in _SETTINGS)
        # A kernel fits without the padding, and turned too: mistakes give results, not errors.
        least = effective_kernel_size(max(kernel_size), max(dilation))
        h, w = (
            max(
                (row["output_size"][axis] - 1) * stride[axis]
                + effective_kernel_size(kernel_size[axis], dilation[axis])
                - 2 * padding[axis]
                + (row["rest"] if axis == 0 else 1 - row["rest"]),
                least,
            )
            for axis in (0, 1)
        )
        x = row["samples"], groups * row["channels"], h, w
        kind = _kind(list(options))
        yield _Plan(kind, x, groups * row["kernels"], kernel_size, options, row["values"])


def _both(size: Any) -> Pair:
    return size if isinstance(size, tuple) else (size, size)


def _kind(options: Sequence[str]) -> str:
    if not options:
        return "shapes and numbers mixed"
    if len(options) <= 2:
        return " and ".join(options)
    return f"{_COUNTS[len(options)]} options"


# ---------------------------------------------------------------------------------------------
# Cases
# ---------------------------------------------------------------------------------------------


def in_form(value: Any, form: Form | None) -> Any:
    """Return a size as it can be handed over, or None where it can't."""
    if form in ("int", "four") and isinstance(value, tuple):
        return value[0] if value[0] == value[1] else None
    if form in ("pair", "ends", "shape") and isinstance(value, int):
        return value, value
    return value


def _in_forms(name: str, values: Sequence[Any], forms: Mapping[str, Form]) -> list[Any]:
    formed = [in_form(value, forms.get(name)) for value in values]
    return [value for value in formed if value is not None]


_OF_SAMPLES = ("several samples", "many samples")
_OF_KERNELS = ("several kernels", "many kernels")


def cases(
    operation: Operation,
    taken: Sequence[str],
    forms: Mapping[str, Form] | None = None,
    layout: Layout = "bpk",
) -> Iterator[Case]:
    """Yield the cases of an operation for a function that takes these of its options.

    `forms` says of which sizes it takes only ints, or only pairs.
    """
    forms = forms or {}
    options = [name for name in operation.options if name in taken]
    plans = [plan for plan in (*_SIMPLE, *_LARGE) if set(plan.options) <= set(taken)]
    batch = LAYOUTS[layout].batch
    for number, plan in enumerate([*plans, *_combinations(options, forms)]):
        if not batch:
            if plan.kind in _OF_SAMPLES:
                continue
            plan = replace(plan, x=(1, *plan.x[1:]))
        if "weight" in operation.tensors or plan.kind not in _OF_KERNELS:
            case = _case(operation, plan, forms, layout, Random(number))
            if case is not None:
                yield case


def trial(
    operation: Operation, options: dict[str, Any], forms: Mapping[str, Form], layout: Layout
) -> Case:
    """Return a simple case to see whether a function takes some options in some forms."""
    groups = options.get("groups", 1)
    plan = _Plan("trial", (1, groups, 5, 5), groups, options=options)
    case = _case(operation, plan, forms, layout, Random(0))
    assert case is not None  # all its sizes are square
    return case


def distinct(operation: Operation, forms: Mapping[str, Form], layout: Layout) -> Case:
    """Return a case no two of whose axes are of one length: its result tells the layout."""
    samples = 2 if LAYOUTS[layout].batch else 1
    for size, kernel_size in (((6, 7), (2, 3)), ((6, 7), (2, 2)), ((6, 6), (2, 2))):
        plan = _Plan("layout", (samples, 3, *size), 5, kernel_size, {}, "signed")
        case = _case(operation, plan, forms, layout, Random(0))
        if case is not None:
            break
    assert case is not None  # the last is square
    return case


def _case(
    operation: Operation, plan: _Plan, forms: Mapping[str, Form], layout: Layout, random: Random
) -> Case | None:
    """Return the case that is planned, or None where its sizes can't be handed over."""
    b, c, h, w = plan.x
    if forms.get("output_size") == "int":
        h = w = max(h, w)
    options = {name: in_form(value, forms.get(name)) for name, value in plan.options.items()}
    formed = {
        name: in_form(size, forms.get(name))
        for name, size in {"output_size": (h, w), "kernel_size": plan.kernel_size}.items()
    }
    sizes = {name: formed[name] for name in operation.sizes}
    if None in (*options.values(), *formed.values()):
        return None
    settings = {name: value for name, value in options.items() if name in _SETTINGS}
    h_out, w_out = Windows.over((h, w), plan.kernel_size, **settings).output_size
    h_k, w_k = plan.kernel_size
    shapes = {
        "x": (b, c, h, w),
        "weight": (plan.c_out, c // options.get("groups", 1), h_k, w_k),
        "grad_y": (b, plan.c_out, h_out, w_out),
        PATCHES: (b, h_out * w_out, c * h_k * w_k),
    }
    others: Values = "fractions" if plan.values == "fractions" else "signed"
    values = {"x": plan.values, PATCHES: plan.values, "weight": others, "grad_y": others}
    tensors = {
        name: nested(shapes[name], _numbers(values[name], prod(shapes[name]), random))
        for name in operation.tensors
    }
    if "bias" in options:
        drawn: Values = "signed" if plan.values == "counting" else plan.values
        options["bias"] = list(_numbers(drawn, plan.c_out, random))
    return Case(plan.kind, operation, tensors, sizes, options, layout)


def _numbers(values: Values, count: int, random: Random) -> Iterator[float]:
    """Return numbers of a kind, no two of the same size and none 0: a wrong one tells its origin.

    All of them are the same in 32 bits; the fractions have the least effect of being cut, 1/4.
    """
    if values == "counting":
        return iter(range(1, count + 1))
    order = list(range(count))
    random.shuffle(order)
    size: Callable[[int], float] = {
        "signed": lambda i: i + 1,
        "fractions": lambda i: (2 * i + 1) / 4,
        "large": lambda i: 300 + 997 * i,
    }[values]
    return iter([random.choice((-1, 1)) * size(i) for i in order])
