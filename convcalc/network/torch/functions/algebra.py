"""Products of matrices, and what is made of them; each with its multiply-accumulates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.layers.base import Shape, size_text, volume
from convcalc.network.torch.dtypes import BOOL, with_point
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.fields import Fields
from convcalc.network.torch.functions.pointwise import in_place
from convcalc.network.torch.functions.reducing import need_point
from convcalc.network.torch.functions.registry import Operation, operation, tensor_of
from convcalc.network.torch.sizes import (
    axes_of,
    axis_of,
    broadcast,
    is_one,
    listed,
    merged,
    same,
    same_shape,
    shown,
)
from convcalc.network.torch.strides import (
    Strides,
    extent,
    laid,
    ordered,
    packed,
    strides_of,
)
from convcalc.network.torch.tensor import METHODS, Tensor, elementwise, kind_together
from convcalc.reading.exceptions import NotUnderstood
from convcalc.text import excerpt


def _result(
    shape: Sequence[int], tensors: Sequence[Tensor], work: int, fields: Fields | None = None
) -> Tensor:
    fed = any(tensor.fed for tensor in tensors)
    result = Tensor(shape, kind_together(tensors), fields=fields, fed=fed)
    result.work = work
    return result


def _inner(name: str, left: Tensor, right: Tensor, a: int, b: int) -> None:
    if not same(a, b):
        raise misfit(
            f"{name}: {shown(left.shape)} and {shown(right.shape)} don't fit together, since "
            f"{size_text(a)} and {size_text(b)} differ"
        )


def product(name: str, input: object, other: object) -> Tensor:
    """Return the product of matrices, those in front broadcast."""
    left, right = tensor_of(name, input), tensor_of(name, other)
    for each in (left, right):
        if not each.shape:
            raise misfit(f"{name} takes at least one dimension, not a single number")
    of_one_kind(name, [left, right])
    if left.dtype is right.dtype is BOOL:
        raise misfit(f"{name} takes no truth values: .float() would do")
    rows, columns = left.shape, right.shape
    whole_left = (1, *rows) if left.ndim == 1 else rows
    whole_right = (*columns, 1) if right.ndim == 1 else columns
    _inner(name, left, right, whole_left[-1], whole_right[-2])
    front = broadcast(name, whole_left[:-2], whole_right[:-2])
    shape = (*front, *rows[-2:-1], *(() if right.ndim == 1 else columns[-1:]))
    work = 0 if _runs_as_vector(left, right) else volume((*shape, whole_left[-1]))
    fields: Fields | None = None
    if not right.fed and left.ndim > 1 and len(shape) == left.ndim:
        fields = (*left.fields[:-1], None)
    return _result(shape, [left, right], work, fields)


def of_one_kind(name: str, tensors: Sequence[Tensor]) -> None:
    """Raise where whole numbers and others come to a product of matrices, or two precisions.

    Half precision beside float32 is left alone, since autocast makes one of them.
    """
    dtypes = [tensor.dtype for tensor in tensors]
    kinds = {dtype.kind for dtype in dtypes}
    if kinds & {"float", "complex"} and kinds & {"int", "bool"}:
        names = " and ".join(sorted({dtype.name for dtype in dtypes}))
        raise misfit(f"{name} takes numbers of one kind, not {names}: .float() would do")
    widths = {dtype.name for dtype in dtypes if dtype.kind == "float"}
    if len(widths) > 1 and "float64" in widths:
        raise misfit(f"{name} takes numbers of one kind, not {' and '.join(sorted(widths))}")
    if {"any", "int"} <= kinds:
        raise NotUnderstood(f"whether {name} takes the input depends on its kind of numbers")


def _runs_as_vector(input: Tensor, other: Tensor) -> bool:
    """Return whether a product runs as mv or dot, which PyTorch's counter passes over.

    Source: `should_fold` of PyTorch's ATen/native/LinearAlgebra.
    """
    if other.ndim == 1 and input.ndim < 3:
        return True
    if 1 not in (input.ndim, other.ndim) or max(input.ndim, other.ndim) < 3:
        return False
    vector, larger = (other, input) if other.ndim == 1 else (input, other)
    if vector.requires_grad:
        return True
    shape, strides = list(larger.shape), list(strides_of(larger))
    if larger is other:
        shape[-2:], strides[-2:] = shape[:-3:-1], strides[:-3:-1]
    return all(
        strides[axis] == strides[axis + 1] * extent(shape[axis + 1])
        for axis in range(larger.ndim - 2)
    )


@operation("matmul", where="tml", counted=True)
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The product of matrices, those in front broadcast."""
    return product("matmul", input, other)


METHODS["__matmul__"] = Operation("@", lambda a, b: product("@", a, b), counted=True)
METHODS["__rmatmul__"] = Operation("@", lambda a, b: product("@", b, a), counted=True)
METHODS["__imatmul__"] = Operation(
    "@", lambda a, b: in_place("@=", a, product("@", a, b)), counted=True
)


class Ranks(NamedTuple):
    """How many axes both tensors of a product have, and what the second is called."""

    left: int
    right: int
    called: str


RANKS = {
    "mm": Ranks(2, 2, "mat2"), "bmm": Ranks(3, 3, "mat2"), "mv": Ranks(2, 1, "vec"),
    "dot": Ranks(1, 1, "tensor"), "vdot": Ranks(1, 1, "other"),
}  # fmt: skip
"""Products of tensors of so many axes, without broadcasting."""


def _of_ranks(name: str, ranks: Ranks, input: object, other: object) -> Tensor:
    left, right = tensor_of(name, input), tensor_of(name, other)
    for each, ndim in ((left, ranks.left), (right, ranks.right)):
        if each.ndim != ndim:
            raise misfit(f"{name} takes tensors of {ranks.left} and {ranks.right} dimensions, "
                         f"gets {shown(each.shape)}")  # fmt: skip
    if ranks.left == ranks.right == 3 and not same(left.shape[0], right.shape[0]):
        raise misfit(f"{name}: {shown(left.shape)} and {shown(right.shape)} differ in how many "
                     f"matrices there are, {size_text(left.shape[0])} and "
                     f"{size_text(right.shape[0])}")  # fmt: skip
    return product(name, left, right)


def _product(name: str, ranks: Ranks) -> None:
    @operation(name, counted=True)
    def multiply(input: Tensor, *second: object, mat2: object = None, vec: object = None,
                 tensor: object = None, other: object = None) -> Tensor:  # fmt: skip
        given = [*second, *(each for each in (mat2, vec, tensor, other) if each is not None)]
        if len(given) != 1:
            raise NotUnderstood(f"{name}() isn't followed with these arguments")
        return _of_ranks(name, ranks, input, given[0])


for _name, _ranks in RANKS.items():
    _product(_name, _ranks)


def _added(name: str, ranks: Ranks) -> None:
    @operation(name, counted=True, harmless="beta alpha")
    def add(input: Tensor, first: Tensor, second: Tensor) -> Tensor:
        made = _of_ranks(name, ranks, first, second)
        if not same_shape(broadcast(name, input.shape, made.shape), made.shape):
            raise misfit(f"{name}: {shown(input.shape)} can't be added to {shown(made.shape)}")
        return _result(made.shape, [input, first, second], made.work)


_added("addmm", RANKS["mm"])
_added("baddbmm", RANKS["bmm"])
_added("addmv", RANKS["mv"])


@operation("addbmm", where="tm", counted=True, harmless="beta alpha")
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor) -> Tensor:
    """The sum of products of matrices, added to one."""
    made = _of_ranks("addbmm", RANKS["bmm"], batch1, batch2)
    result = elementwise("addbmm", input, Tensor(made.shape[1:], made.dtype))
    result.work = made.work
    return result


@operation("kron", where="tm")
def kron(input: Tensor, other: Tensor) -> Tensor:
    """Every number of one tensor times the whole other one."""
    ndim = max(input.ndim, other.ndim)
    one, two = ((1,) * (ndim - each.ndim) + each.shape for each in (input, other))
    shape = [merged("kron", sizes) for sizes in zip(one, two, strict=True)]
    return _result(shape, [input, other], 0)


@operation("outer", "ger", where="tm", counted=True)
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """Every product of two vectors' numbers."""
    if input.ndim != 1 or vec2.ndim != 1:
        raise misfit(f"outer takes two vectors, gets {shown(input.shape)} and {shown(vec2.shape)}")
    return _result((*input.shape, *vec2.shape), [input, vec2], 0)


@operation("einsum", where="t", counted=True)
def einsum(equation: str, *operands: Tensor) -> Tensor:
    """A sum of products, written in letters."""
    if not isinstance(equation, str):
        raise NotUnderstood("einsum() without letters isn't followed")
    tensors = [tensor_of("einsum", each) for each in listed(operands)]
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
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
    work = _work_of_pairs(named, set(result), len(sizes))
    if work:
        of_one_kind("einsum", tensors)
    made = _result([sizes[letter] for letter in result], tensors, work)
    if work and len(named) == 2:
        made.strides = _strides_of_pair(result, named[0], named[1], made.shape)
    return made


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


def _contracted(name: str, a: Tensor, b: Tensor, first: list[int], second: list[int]) -> Tensor:
    """Return the sum of products over these axes of two tensors."""
    if len(first) != len(second):
        raise misfit(f"{name}: {len(first)} dimensions don't go with {len(second)}")
    for one, other in zip(first, second, strict=True):
        _inner(name, a, b, a.shape[one], b.shape[other])
    shape = [size for at, size in enumerate(a.shape) if at not in first]
    shape += [size for at, size in enumerate(b.shape) if at not in second]
    return _result(shape, [a, b], volume((*shape, *(a.shape[axis] for axis in first))))


@operation("tensordot", where="t", counted=True)
def tensordot(a: Tensor, b: Tensor, dims: object = 2) -> Tensor:
    """A sum of products over some axes of both."""
    if isinstance(dims, int):
        if not 0 <= dims <= min(a.ndim, b.ndim):
            raise misfit(f"tensordot: {shown(a.shape)} and {shown(b.shape)} don't both have "
                         f"{dims} dimensions")  # fmt: skip
        first, second = list(range(a.ndim - dims, a.ndim)), list(range(dims))
        return _contracted("tensordot", a, b, first, second)
    if not isinstance(dims, (list, tuple)) or len(dims) != 2:
        raise NotUnderstood("tensordot() isn't followed with these dims")
    first, second = axes_of("tensordot", dims[0], a.shape), axes_of("tensordot", dims[1], b.shape)
    return _contracted("tensordot", a, b, first, second)


@operation("inner", where="tm", counted=True)
def inner(input: Tensor, other: Tensor) -> Tensor:
    """A sum of products over the last axis of both."""
    if not input.shape or not other.shape:
        return elementwise("inner", input, other)
    if input.ndim == other.ndim == 1:
        return product("inner", input, other)
    return _contracted("inner", input, other, [input.ndim - 1], [other.ndim - 1])


@operation("cdist", where="t", counted=True, harmless="p")
def cdist(x1: Tensor, x2: Tensor) -> Tensor:
    """The distance of every row to every other."""
    for each in (x1, x2):
        if each.ndim < 2:
            raise misfit(f"cdist takes at least 2 dimensions, not {shown(each.shape)}")
    _inner("cdist", x1, x2, x1.shape[-1], x2.shape[-1])
    front = broadcast("cdist", x1.shape[:-2], x2.shape[:-2])
    result = _result((*front, x1.shape[-2], x2.shape[-2]), [x1, x2], 0)
    result.dtype = with_point(result.dtype)
    return result


def _crossed(name: str, input: Tensor, other: Tensor, dim: object) -> Tensor:
    if tensor_of(name, input).ndim != tensor_of(name, other).ndim:
        raise misfit(f"{name}: {shown(input.shape)} and {shown(other.shape)} have {input.ndim} and "
                     f"{other.ndim} dimensions")  # fmt: skip
    at = axis_of(name, dim, input.ndim, input.shape)
    for each in (input, other):
        if not same(each.shape[at], 3):
            raise misfit(f"{name}: dimension {at} of {shown(each.shape)} has to be 3")
    return elementwise(name, input, other)


@operation("cross", where="tm")
def cross(input: Tensor, other: Tensor, dim: object = None) -> Tensor:
    """The cross product of vectors of three: along an axis, or the first that is 3."""
    if dim is None:
        shape = broadcast("cross", input.shape, other.shape)
        dim = next((at for at, size in enumerate(shape) if same(size, 3)), None)
        if dim is None:
            raise misfit(f"cross: no dimension of {shown(shape)} is 3")
    return _crossed("cross", input, other, dim)


@operation("cross", where="l")
def linalg_cross(input: Tensor, other: Tensor, dim: object = -1) -> Tensor:
    """The cross product of vectors of three."""
    return _crossed("cross", input, other, dim)


@operation("trace", where="tm")
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal."""
    if input.ndim != 2:
        raise misfit(f"trace takes a matrix, not {shown(input.shape)}")
    whole = input.dtype.kind in ("bool", "int")
    return Tensor((), METHODS["long"](Tensor((), input.dtype)).dtype if whole else input.dtype)  # type: ignore[attr-defined]


def _square(name: str, input: Tensor) -> Tensor:
    need_point(name, tensor_of(name, input).dtype)
    if input.ndim < 2 or not same(input.shape[-1], input.shape[-2]):
        raise misfit(f"{name}: {shown(input.shape)} is no square matrix")
    return input


@operation("det", "logdet", where="tm")
def det(input: Tensor) -> Tensor:
    """One number of a square matrix."""
    return Tensor(_square("det", input).shape[:-2], input.dtype, fed=input.fed)


operation("det", where="l")(lambda A: det(A))


def _of_square(name: str, input: Tensor, order: Sequence[int] = ()) -> Tensor:
    result = _square(name, input).worked_out().mixed(input.ndim - 2, input.ndim - 1)
    result.strides = ordered(result.shape, order) if order else None
    return result


@operation("inverse", "cholesky", where="tm", harmless="upper")
def inverse(input: Tensor) -> Tensor:
    """A matrix of the same size, of which the columns lie one after the other."""
    last = tensor_of("inverse", input).ndim - 1
    return _of_square("inverse", input, [last - 1, last, *range(last - 1)[::-1]])


@operation("matrix_exp", where="tm")
def matrix_exp(input: Tensor) -> Tensor:
    """The exponential of a matrix."""
    return _of_square("matrix_exp", input)


operation("inv", where="l")(lambda A: inverse(A))
