"""The cases of each operation: a table of simple ones, and every combination of options.

The simple ones stand first, so that the first failure is a small one to calculate by hand. The
others have every subset of the options that a function takes, and every pair of values of any
two options, shapes or kinds of numbers: a mistake that needs two things at once is met too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from math import prod
from random import Random
from typing import Any, Literal

from convcalc.checking.operations import DEFAULTS, PATCHES, UNFOLDED, Operation
from convcalc.checking.windows import Windows
from convcalc.formulas import Pair, effective_kernel_size, nested, nested_shape, transpose

Layout = Literal["bpk", "bkp"]
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
    """Of the unfolded matrices that are handed over and returned."""

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
        tensors = dict(self.tensors)
        if self.layout == "bkp" and PATCHES in tensors:
            tensors[PATCHES] = [transpose(rows) for rows in tensors[PATCHES]]
        return {**tensors, **self.sizes, **self.options}

    @property
    def following(self) -> dict[str, Any]:
        """What follows from the tensors, for a function that can't do without it."""
        if not self.operation.following:
            return {}
        if PATCHES in self.tensors:
            b, _, k = nested_shape(self.tensors[PATCHES])
            return {"batch_size": b, "in_channels": k // prod(self.windows.kernel_size)}
        c_out = len(self.tensors["weight"])
        return {
            "bias": [0] * c_out,
            "kernel_size": self.windows.kernel_size,
            "in_channels": len(self.tensors["x"][0]),
            "out_channels": c_out,
        }

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
        if self.layout == "bkp" and self.operation.results[0].name == UNFOLDED:
            return (_last_two_exchanged(results[0]),)
        return results


def _last_two_exchanged(tensor: Any) -> Any:
    """Return every matrix of a tensor transposed, however many axes a mistake left it."""
    if not isinstance(tensor, list) or not isinstance(tensor[0], list):
        return tensor
    if isinstance(tensor[0][0], list):
        return [_last_two_exchanged(each) for each in tensor]
    return transpose(tensor)


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
    plans = [plan for plan in _SIMPLE if set(plan.options) <= set(taken)]
    for number, plan in enumerate([*plans, *_combinations(options, forms)]):
        if "weight" in operation.tensors or plan.kind != "several kernels":
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
