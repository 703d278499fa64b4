"""einops: axes taken apart, put together, reduced and repeated by their names.

Source: https://einops.rocks/api/rearrange/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from convcalc.layers.base import size_text
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions import joining, shaping
from convcalc.network.torch.functions.matrices.einsum import einsum as sum_of_products
from convcalc.network.torch.functions.reducing import reduced
from convcalc.network.torch.functions.registry import Operation
from convcalc.network.torch.module import Module
from convcalc.network.torch.sizes import as_size, is_open, merged, same, shown
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import MISSING, Library, public

REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")
DOTS = "…"

Sizes = Mapping[str, int]
Group = Sequence[str]
"""An axis alone, in a list, or those in a bracket, in a tuple.

The name of a size that has none is its digits and a mark.
"""


def wrong(what: str, pattern: str) -> Exception:
    """Return the error of a pattern."""
    return misfit(f"{what} in {pattern!r}")


def parsed(side: str, pattern: str, any_axis: str = "") -> list[Group]:
    """Return the axes of one side of a pattern, in which a word may stand for any axis."""
    text = side.replace("...", DOTS)
    if "." in text or text.count(DOTS) > 1:
        raise wrong("an ellipsis is three dots, and may stand once", pattern)
    groups: list[Group] = []
    inside: list[str] | None = None
    numbered = 0
    for word in text.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            if inside is not None:
                raise wrong("brackets stand inside brackets", pattern)
            inside = []
        elif word == ")":
            if inside is None:
                raise wrong("brackets aren't balanced", pattern)
            groups.append(tuple(inside))
            inside = None
        elif word == "1":
            groups += [[]] if inside is None else []
        else:
            name = word
            if word.isdecimal():
                numbered += 1
                name = f"{int(word)}#{numbered}"
            elif word not in (DOTS, any_axis) and not is_name(word):
                raise wrong(f"{word} can't be the name of an axis", pattern)
            if name != any_axis and any(name in group for group in (*groups, inside or ())):
                raise wrong(f"the axis {name} stands twice", pattern)
            if inside is None:
                groups.append([name])
            else:
                inside.append(name)
    if inside is not None:
        raise wrong("brackets aren't balanced", pattern)
    return groups


def is_name(word: str) -> bool:
    """Return whether a word may be the name of an axis."""
    return word.isidentifier() and "_" not in (word[0], word[-1])


def flat(groups: Sequence[Group]) -> list[str]:
    """Return the axes of all groups in their order."""
    return [name for group in groups for name in group]


def check(operation: str, left: list[str], right: list[str], given: Sizes, pattern: str) -> None:
    """Raise where axes stand on one side that have to stand on both."""
    if operation == "rearrange" and any("#" in name for name in (*left, *right)):
        raise wrong("sizes without names aren't taken by rearrange", pattern)
    only_left = [name for name in left if name not in right]
    only_right = [name for name in right if name not in left]
    if only_left and operation in ("rearrange", "repeat"):
        raise wrong(f"{', '.join(only_left)} stands on the left alone", pattern)
    if only_right and operation != "repeat":
        raise wrong(f"{', '.join(only_right)} stands on the right alone", pattern)
    for name in only_right:
        if "#" not in name and name not in given:
            raise wrong(f"the size of {name} is needed", pattern)
    for name in given:
        if name not in left and name not in right:
            raise wrong(f"the axis {name} isn't used", pattern)


def spread(groups: list[Group], count: int) -> list[Group]:
    """Return the axes with those written out that dots stand for."""
    axes = [f"{DOTS}{at}" for at in range(count)]
    found: list[Group] = []
    for group in groups:
        if group == [DOTS]:
            found += [[axis] for axis in axes]
        else:
            found.append([each for name in group for each in (axes if name == DOTS else [name])])
    return found


def measured(tensor: Tensor, groups: list[Group], given: Sizes, pattern: str) -> dict[str, int]:
    """Return the sizes of all axes on the left, those that aren't given worked out."""
    sizes: dict[str, int] = {}
    for size, group in zip(tensor.shape, groups, strict=True):
        known = {
            name: int(name.split("#")[0]) if "#" in name else given[name]
            for name in group
            if "#" in name or name in given
        }
        open_names = [name for name in group if name not in known]
        if len(open_names) > 1:
            raise wrong(f"the sizes of {' and '.join(open_names)} can't both be found out", pattern)
        part = merged("einops", list(known.values()))
        if not open_names:
            if not same(size, part):
                raise wrong(f"{size_text(size)} is there, {size_text(part)} are asked for", pattern)
        else:
            rest: int = size // part if part else 0
            if not same(rest * part, size):
                if is_open(size) or is_open(part):
                    raise NotUnderstood(
                        f"{pattern!r} divides sizes of which one depends on the batch"
                    )
                raise wrong(f"{size_text(size)} can't be divided by {size_text(part)}", pattern)
            known[open_names[0]] = rest
        sizes |= known
    return sizes


def transformed(
    operation: str, tensor: object, pattern: object, reduction: object, axes: Mapping[str, object]
) -> Tensor:
    """Return a tensor with its axes as the right side of a pattern has them."""
    if isinstance(tensor, (list, tuple)):
        tensor = joining.stack(tensor, 0)
    if not isinstance(tensor, Tensor):
        raise misfit(f"{operation} takes a tensor, not {type(tensor).__name__}", TypeError)
    if not isinstance(pattern, str):
        kind = type(pattern).__name__
        raise misfit(f"{operation} takes a pattern as a text, not {kind}", TypeError)
    sides = pattern.split("->")
    if len(sides) != 2:
        raise misfit(f"{pattern!r} has to have one ->", ValueError)
    given = {name: as_size(operation, size) for name, size in axes.items()}
    left, right = (parsed(side, pattern) for side in sides)
    if DOTS in flat(right) and DOTS not in flat(left):
        raise wrong("an ellipsis stands on the right alone", pattern)
    if DOTS in flat(left) and [DOTS] not in left:
        raise wrong("an ellipsis stands in brackets on the left", pattern)
    check(operation, flat(left), flat(right), given, pattern)
    more = tensor.ndim - len(left)
    if DOTS in flat(left):
        more += 1
    if more < 0 or (more and DOTS not in flat(left)):
        raise misfit(f"{pattern!r} has {len(left)} axes for {shown(tensor.shape)}")
    left, right = spread(left, more), spread(right, more)
    sizes = measured(tensor, left, given, pattern)
    there, wanted = flat(left), flat(right)
    result = tensor
    if any(len(group) != 1 for group in left):
        result = shaping.reshape(tensor, *(sizes[name] for name in there))
    kept = [name for name in wanted if name in there]
    gone = [name for name in there if name not in wanted]
    order = [there.index(name) for name in (*kept, *gone)]
    if order != sorted(order):
        result = shaping.permute(result, *order)
    if gone:
        dims = tuple(range(len(kept), len(order)))
        result = reduced(str(reduction), result, dims, False, tensor.dtype)
    new = [at for at, name in enumerate(wanted) if name not in there]
    if new:
        for at in new:
            name = wanted[at]
            sizes[name] = int(name.split("#")[0]) if "#" in name else given[name]
            result = shaping.unsqueeze(result, at)
        result = shaping.expand(result, *(sizes[name] for name in wanted))
    if any(len(group) != 1 for group in right):
        shape = [merged(operation, [sizes[name] for name in group]) for group in right]
        result = shaping.reshape(result, *shape)
    return result


def rearrange(tensor: object, pattern: object, **axes_lengths: object) -> Tensor:
    """The same numbers with their axes in another order, taken apart or put together."""
    return transformed("rearrange", tensor, pattern, None, axes_lengths)


def repeat(tensor: object, pattern: object, **axes_lengths: object) -> Tensor:
    """The same numbers, repeated along new axes."""
    return transformed("repeat", tensor, pattern, None, axes_lengths)


def reduce(tensor: object, pattern: object, reduction: object, **axes_lengths: object) -> Tensor:
    """One number of many along the axes that stand on the left alone."""
    if not isinstance(reduction, str):
        raise NotUnderstood("reduce() by a function isn't followed")
    if reduction not in REDUCTIONS:
        raise misfit(f"reduce: {reduction} is none of {', '.join(REDUCTIONS)}")
    return transformed("reduce", tensor, pattern, reduction, axes_lengths)


def parse_shape(x: Tensor, pattern: str) -> dict[str, int]:
    """The sizes of a tensor by the names of its axes."""
    groups = parsed(pattern, pattern, "_")
    if any(len(group) > 1 for group in groups):
        raise wrong("brackets have no meaning for parse_shape", pattern)
    names = [name for group in spread(groups, x.ndim - len(groups) + 1) for name in group or ["_"]]
    if len(names) != x.ndim:
        raise misfit(f"{pattern!r} has {len(names)} axes for {shown(x.shape)}")
    return {
        name: size for name, size in zip(names, x.shape, strict=True) if name[0] not in ("_", DOTS)
    }


def _around(name: str, pattern: str) -> tuple[int, int]:
    """Return how many axes stand before and after the star of a pattern."""
    words = pattern.split()
    if words.count("*") != 1:
        raise wrong(f"{name} takes one star", pattern)
    return words.index("*"), len(words) - words.index("*") - 1


def pack(tensors: Sequence[Tensor], pattern: str) -> tuple[Tensor, list[tuple[int, ...]]]:
    """Tensors put together along one axis, and the shapes that were in its place."""
    before, after = _around("pack", pattern)
    shapes, flattened = [], []
    for each in tensors:
        if each.ndim < before + after:
            raise misfit(f"pack: {shown(each.shape)} has fewer axes than {pattern!r}")
        end = each.ndim - after
        shapes.append(each.shape[before:end])
        size = merged("pack", each.shape[before:end])
        shape = (*each.shape[:before], size, *each.shape[end:])
        flattened.append(shaping.reshape(each, *shape))
    return joining.cat(flattened, before), shapes


def unpack(tensor: Tensor, packed_shapes: Sequence[Iterable[int]], pattern: str) -> list[Tensor]:
    """What was put together, apart again."""
    before, after = _around("unpack", pattern)
    if tensor.ndim != before + 1 + after:
        raise misfit(f"unpack: {pattern!r} has {before + 1 + after} axes for {shown(tensor.shape)}")
    shapes = [tuple(each) for each in packed_shapes]
    if any(-1 in shape for shape in shapes):
        raise NotUnderstood("unpack() with a size of -1 isn't followed")
    parts = joining.split(tensor, [merged("unpack", shape) for shape in shapes], before)
    return [
        shaping.reshape(part, *part.shape[:before], *shape, *part.shape[before + 1 :])
        for part, shape in zip(parts, shapes, strict=True)
    ]


def einsum(*tensors_and_pattern: object) -> Tensor:
    """A sum of products, its axes named by words."""
    *tensors, pattern = tensors_and_pattern
    if not isinstance(pattern, str) or "->" not in pattern or "(" in pattern:
        raise NotUnderstood("einsum() without a pattern of plain axes isn't followed")
    letters: dict[str, str] = {}
    sides = []
    for side in pattern.replace("...", f" {DOTS} ").split("->"):
        terms = []
        for term in side.split(","):
            words = [
                "..." if word == DOTS else letters.setdefault(word, chr(97 + len(letters)))
                for word in term.split()
            ]
            terms.append("".join(words))
        sides.append(",".join(terms))
    if len(letters) > 26:
        raise NotUnderstood("einsum() of more than 26 axes isn't followed")
    given = [each for each in tensors if isinstance(each, Tensor)]
    if len(given) < len(tensors):
        raise misfit("einsum takes tensors", TypeError)
    return sum_of_products("->".join(sides), *given)


class Pattern(Operation):
    """A function of einops, which takes the sizes of axes by their names."""

    def _heeded(
        self, arguments: tuple[object, ...], names: Sequence[str], named: dict[str, object],
        *, sure: bool,
    ) -> tuple[Sequence[object], dict[str, object]]:  # fmt: skip
        return arguments, named


FUNCTIONS: dict[str, Callable[..., object]] = {
    "rearrange": rearrange, "repeat": repeat, "reduce": reduce, "pack": pack, "unpack": unpack,
    "einsum": einsum, "parse_shape": parse_shape,
}  # fmt: skip
NAMES: dict[str, object] = {
    name: Pattern(f"einops.{name}", function, counted=name == "einsum")
    for name, function in FUNCTIONS.items()
}


@public
class Rearrange(Module):
    """A layer that does what rearrange() does."""

    __module__ = "einops.layers.torch"
    _convcalc_does = "rearrange"

    def __init__(self, pattern: str, *reduction: object, **axes_lengths: object) -> None:
        super().__init__()
        if len(reduction) > (self._convcalc_does == "reduce"):
            raise misfit(f"{type(self).__name__} takes only its pattern by position", TypeError)
        if self._convcalc_does == "reduce":
            self.reduction = reduction[0] if reduction else axes_lengths.pop("reduction", None)
        self.pattern = pattern
        self.axes_lengths = axes_lengths

    def forward(self, input: object) -> object:  # type: ignore[override]
        """Return what the function makes of the input."""
        does: Callable[..., object] = NAMES[self._convcalc_does]  # type: ignore[assignment]
        more = (self.reduction,) if self._convcalc_does == "reduce" else ()
        return does(input, self.pattern, *more, **self.axes_lengths)

    def __repr__(self) -> str:
        more = [repr(self.reduction)] if self._convcalc_does == "reduce" else []
        named = [f"{name}={size}" for name, size in self.axes_lengths.items()]
        return f"{type(self).__name__}({', '.join([repr(self.pattern), *more, *named])})"


@public
class Reduce(Rearrange):
    """A layer that does what reduce() does."""

    __module__ = "einops.layers.torch"
    _convcalc_does = "reduce"


_LAYERS: dict[str, object] = {"Rearrange": Rearrange, "Reduce": Reduce}
_TORCH = Library("einops.layers.torch", lambda name: _LAYERS.get(name, MISSING))
NAMES["layers"] = Library("einops.layers", lambda name: _TORCH if name == "torch" else MISSING)
EINOPS = Library("einops", lambda name: NAMES.get(name, MISSING), lambda: iter(FUNCTIONS))
