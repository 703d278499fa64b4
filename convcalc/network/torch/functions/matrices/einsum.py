"""Sums of products, written in letters."""

from __future__ import annotations

from convcalc.layers.base import Shape, size_text, volume
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.matrices.products import made_of, of_one_kind
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.gradients.products import of_pair
from convcalc.network.torch.gradients.rules import memory_of, needs
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import (
    is_one,
    listed,
    same,
    shown,
)
from convcalc.network.torch.strides import (
    Strides,
    laid,
    packed,
    strides_of,
)
from convcalc.network.torch.tensor import (
    Tensor,
)
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood
from convcalc.text import excerpt


def _two_by_two(equation: str, *operands: Tensor) -> None:
    """Take the steps: products of two tensors each, from the left, as `einsum` takes them."""
    tensors, named, letters, sizes = _read(equation, operands)
    (left, mine), *others = zip(map(_once, _terms(equation), tensors), named, strict=True)
    rest = sorted({name for each in named for name in each} - {*letters})
    for at, (right, theirs) in enumerate(others, 2):
        later = {*letters}.union(*named[at:])
        order = [name for name in (*letters, *rest) if name in (mine | theirs) and name in later]
        kept = of_pair((mine, theirs), order, (left, right))
        WATCHER.get().keeps([*map(memory_of, kept)])
        work = _work_of_pairs([mine, theirs], {*order}, len(sizes))
        WATCHER.get().works_back(work * (needs(left) + needs(right)))
        found = {
            name: mine[name] if not is_one(mine.get(name, 1)) else theirs.get(name, 1)
            for name in order
        }
        learnt = needs(left) or needs(right)
        left = Tensor([*found.values()], left.dtype)
        left.strides = _strides_of_pair(order, mine, theirs, left.shape)
        left.learnt, mine = learnt, found


def _once(term: str, tensor: Tensor) -> Tensor:
    """Return a tensor in which every letter stands once: the diagonal of those that do twice."""
    names = [*term] if "..." not in term else []
    for name in [each for at, each in enumerate(names) if each in names[:at]]:
        first = names.index(name)
        second = names.index(name, first + 1)
        tensor = do("movedim", do("diagonal", tensor, 0, first, second), -1, first)
        del names[second]
    return tensor


def _terms(equation: str) -> list[str]:
    return equation.replace(" ", "").partition("->")[0].split(",")


@operation("einsum", where="t", counted=True, saves=Steps(_two_by_two))
def einsum(equation: str, *operands: Tensor) -> Tensor:
    """A sum of products, written in letters."""
    tensors, named, result, sizes = _read(equation, operands)
    work = _work_of_pairs(named, set(result), len(sizes))
    if work:
        of_one_kind("einsum", tensors)
    made = made_of([sizes[letter] for letter in result], tensors, work)
    if len(named) == 1 and len(result) == len(named[0]) == tensors[0].ndim:  # a view
        steps = dict(zip(named[0], strides_of(tensors[0]), strict=True))
        made.strides = laid(made.shape, tuple(steps[letter] for letter in result))
    if work and len(named) == 2:
        made.strides = _strides_of_pair(result, named[0], named[1], made.shape)
    return made


def _read(
    equation: str, operands: tuple[object, ...]
) -> tuple[list[Tensor], list[dict[str, int]], list[str], dict[str, int]]:
    """Return the tensors, their sizes by letters, the letters of the result and all sizes."""
    if not isinstance(equation, str):
        raise NotUnderstood("einsum() without letters isn't followed")
    tensors = [tensor_of("einsum", each) for each in listed(operands)]
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = _terms(equation)
    if len(terms) != len(tensors):
        raise misfit(
            f"einsum {excerpt(equation)} has {len(terms)} terms for {len(tensors)} tensors"
        )
    sizes: dict[str, int] = {}
    named = [
        _named(equation, term, tensor, sizes) for term, tensor in zip(terms, tensors, strict=True)
    ]
    dots = sorted((name for name in sizes if len(name) > 1), reverse=True)
    if arrow:
        head, ellipsis, tail = output.partition("...")
        result = [*head, *(dots if ellipsis else ()), *tail]
    else:
        letters = sorted({letter for letter in inputs if letter.isalpha()})
        result = [*dots, *(letter for letter in letters if inputs.count(letter) == 1)]
    for letter in result:
        if letter not in sizes:
            raise misfit(f"einsum {excerpt(equation)}: {letter} stands on the right alone")
        if result.count(letter) > 1:
            raise misfit(f"einsum {excerpt(equation)}: {letter} stands on the right twice")
    return tensors, named, result, sizes


def _strides_of_pair(
    result: list[str], left: dict[str, int], right: dict[str, int], shape: Shape
) -> Strides | None:
    """Return how the product of two lies in memory: first what both have, then each one's own.

    So it comes out of the product of matrices, the two of them exchanged where all of the right's
    axes come before the left's; its axes are only told in another order.
    Source: `sumproduct_pair` of PyTorch's ATen/native/Linear.
    """
    shared: list[int] = []
    own: list[int] = []
    other: list[int] = []
    for at, letter in enumerate(result):
        on_left = not is_one(left.get(letter, 1))
        on_right = not is_one(right.get(letter, 1))
        (shared if on_left and on_right else own if on_left else other).append(at)
    # What is summed within one of them counts as an axis of the right, behind all others.
    within = any(
        is_one(left.get(letter, 1)) or is_one(right.get(letter, 1))
        for letter in (left | right).keys() - {*result}
    )
    if own and other and other[-1] < own[0] and not within:
        own, other = other, own
    order = [*shared, *own, *other]
    strides = [0] * len(order)
    for at, step in zip(order, packed([shape[at] for at in order]), strict=True):
        strides[at] = step
    return laid(shape, tuple(strides))


def _named(equation: str, term: str, operand: Tensor, sizes: dict[str, int]) -> dict[str, int]:
    """Return the sizes of one operand by their letters, those behind dots by their place.

    `sizes` are those of all operands together.
    """
    head, ellipsis, tail = term.partition("...")
    more = operand.ndim - len(head) - len(tail)
    if more < 0 or (more and not ellipsis):
        raise misfit(
            f"einsum {equation!r}: {term} has {len(head + tail)} letters for {shown(operand.shape)}"
        )
    names = [*head, *(f"…{place:02}" for place in range(more, 0, -1)), *tail]
    found: dict[str, int] = {}
    for name, size in zip(names, operand.shape, strict=True):
        if not same(found.setdefault(name, size), size):
            raise misfit(f"einsum {excerpt(equation)}: {name} is {size_text(found[name])} and "
                         f"{size_text(size)}")  # fmt: skip
    for name, size in found.items():
        known = sizes.setdefault(name, size)
        if is_one(known):
            sizes[name] = size
        elif not same(known, size) and not is_one(size):
            raise misfit(f"einsum {excerpt(equation)}: {name.rstrip('0123456789')} is "
                         f"{size_text(known)} and {size_text(size)}")  # fmt: skip
    return found


def _work_of_pairs(operands: list[dict[str, int]], kept: set[str], letters: int) -> int:
    """Return the work of the products two by two, from the left.

    Numbers that are multiplied one by one, and one product of all, run without matrices.
    Source: `einsum` of PyTorch's ATen/native/Linear.
    """
    work: int = 0
    waiting = {
        name: sum(not is_one(each.get(name, 1)) for each in operands)
        for name in {name for each in operands for name in each} - kept
    }
    so_far, *rest = (dict(each) for each in operands)
    for other in rest:
        summed = []
        for name in waiting:
            both = [each for each in (so_far, other) if not is_one(each.get(name, 1))]
            if len(both) == 2:
                waiting[name] -= 1
                if waiting[name] == 1:
                    summed.append(name)
            elif both and waiting[name] == 1:
                both[0][name] = 1
        together = {
            name: so_far[name] if not is_one(so_far.get(name, 1)) else other.get(name, 1)
            for name in so_far | other
        }
        if summed and len(summed) < letters:
            work = volume(together.values()) + work
        so_far = together | dict.fromkeys(summed, 1)
        waiting |= dict.fromkeys(summed, 0)
    return work
