"""Products of matrices, and what is made of them; each with its multiply-accumulates."""

from __future__ import annotations

from typing import Any

from convcalc.layers.base import volume
from convcalc.network.functions.reducing import need_point, reduced
from convcalc.network.functions.registry import METHODS, TORCH, Operation, operation
from convcalc.network.modules import Builtin
from convcalc.network.refusals import NotUnderstood, Raised
from convcalc.network.tensors import (
    Fields,
    Tensor,
    axis_of,
    broadcast,
    elementwise,
    extent,
    is_one,
    laid,
    merged,
    packed,
    promoted,
    same,
    same_shape,
    shown,
    size_text,
    strides_of,
)
from convcalc.text import excerpt


def _result(shape: Any, tensors: list[Tensor], work: int, fields: Fields | None = None) -> Tensor:
    result = Tensor(shape, promoted(tensors), fields=fields, fed=any(t.fed for t in tensors))
    result.work = work
    return result


def _inner(name: str, left: Tensor, right: Tensor, a: int, b: int) -> None:
    if not same(a, b):
        raise Raised(
            f"{name}: {shown(left.shape)} and {shown(right.shape)} don't fit together, since "
            f"{size_text(a)} and {size_text(b)} differ"
        )


@operation("matmul", "__matmul__", where="tm", counted=True)
def matmul(input: Tensor, other: Tensor, name: str = "matmul") -> Tensor:
    """The product of matrices, those in front broadcast."""
    for each in (input, other):
        if not isinstance(each, Tensor):
            raise Raised(f"{name} takes tensors, not {type(each).__name__}", "TypeError")
        if not each.shape:
            raise Raised(f"{name} takes at least one dimension, not a single number")
    _of_one_kind(name, [input, other])
    if input.dtype == other.dtype == "bool":
        raise Raised(f"{name} takes no truth values: .float() would do")
    if {input.dtype, other.dtype} == {"any", "int"}:
        raise NotUnderstood(f"whether {name} takes the input hangs on its kind of numbers")
    left = (1, *input.shape) if input.ndim == 1 else input.shape
    right = (*other.shape, 1) if other.ndim == 1 else other.shape
    _inner(name, input, other, left[-1], right[-2])
    front = broadcast(name, left[:-2], right[:-2])
    rows = () if input.ndim == 1 else (left[-2],)
    columns = () if other.ndim == 1 else (right[-1],)
    shape = (*front, *rows, *columns)
    work = 0 if _runs_as_vector(input, other) else volume((*shape, left[-1]))
    fields: Fields | None = None
    if not other.fed and input.ndim > 1 and len(shape) == input.ndim:
        fields = (*input.fields[:-1], None)
    return _result(shape, [input, other], work, fields)


def _of_one_kind(name: str, tensors: list[Tensor]) -> None:
    """Raise where whole numbers and others come to a product of matrices."""
    kinds = {tensor.dtype for tensor in tensors}
    if "float" in kinds and kinds & {"int", "bool"}:
        raise Raised(f"{name} takes numbers of one kind, not {' and '.join(sorted(kinds))}: "
                     ".float() would do")  # fmt: skip


def _runs_as_vector(input: Tensor, other: Tensor) -> bool:
    """Return whether a product runs as mv or dot, which PyTorch's counter passes over.

    Source: `should_fold` of PyTorch's ATen/native/LinearAlgebra.
    """
    if other.ndim == 1 and input.ndim < 3:
        return True
    if 1 not in (input.ndim, other.ndim) or max(input.ndim, other.ndim) < 3:
        return False
    vector, larger = (other, input) if other.ndim == 1 else (input, other)
    if getattr(vector, "requires_grad", False):
        return True
    shape, strides = list(larger.shape), list(strides_of(larger))
    if larger is other:
        shape[-2:], strides[-2:] = shape[:-3:-1], strides[:-3:-1]
    return all(
        strides[axis] == strides[axis + 1] * extent(shape[axis + 1])
        for axis in range(larger.ndim - 2)
    )


def _product(name: str, ndims: tuple[int, int]) -> Any:
    def multiply(input: Tensor, other: Tensor, **named: Any) -> Tensor:
        for each, ndim in zip((input, other), ndims, strict=True):
            if not isinstance(each, Tensor) or each.ndim != ndim:
                got = shown(each.shape) if isinstance(each, Tensor) else type(each).__name__
                raise Raised(f"{name} takes tensors of {ndims[0]} and {ndims[1]} dimensions, "
                             f"gets {got}")  # fmt: skip
        if ndims == (3, 3) and not same(input.shape[0], other.shape[0]):
            raise Raised(f"{name}: {shown(input.shape)} and {shown(other.shape)} differ in how "
                         f"many matrices there are, {size_text(input.shape[0])} and "
                         f"{size_text(other.shape[0])}")  # fmt: skip
        return matmul(input, other, name)

    return multiply


for _name, _ndims in (("mm", (2, 2)), ("bmm", (3, 3)), ("mv", (2, 1)), ("dot", (1, 1)),
                      ("vdot", (1, 1))):  # fmt: skip
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, _product(_name, _ndims), counted=True)


def _added_product(name: str, ndims: tuple[int, int]) -> Any:
    product = _product(name, ndims)

    def add(input: Tensor, mat1: Tensor, mat2: Tensor, **named: Any) -> Tensor:
        result = product(mat1, mat2)
        together = broadcast(name, input.shape, result.shape)
        if not same_shape(together, result.shape):
            raise Raised(f"{name}: {shown(input.shape)} can't be added to {shown(result.shape)}")
        return _result(result.shape, [input, mat1, mat2], result.work)

    return add


for _name, _ndims in (("addmm", (2, 2)), ("baddbmm", (3, 3)), ("addmv", (2, 1))):
    for _table, _prefix in ((TORCH, "torch."), (METHODS, "")):
        _table[_name] = Operation(_prefix + _name, _added_product(_name, _ndims), counted=True)


@operation("addbmm", where="tm", counted=True)
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, **named: Any) -> Tensor:
    """The sum of products of matrices, added to one."""
    product = _product("addbmm", (3, 3))(batch1, batch2)
    result = elementwise("addbmm", input, Tensor(product.shape[1:], product.dtype))
    result.work = product.work
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
        raise Raised(f"outer takes two vectors, gets {shown(input.shape)} and {shown(vec2.shape)}")
    return _result((*input.shape, *vec2.shape), [input, vec2], 0)


@operation("einsum", where="t", counted=True)
def einsum(equation: str, *operands: Any) -> Tensor:
    """A sum of products, written in letters."""
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    if not isinstance(equation, str):
        raise NotUnderstood("einsum() without letters isn't followed")
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(operands):
        raise Raised(
            f"einsum {excerpt(equation)} has {len(terms)} terms for {len(operands)} tensors"
        )
    sizes: dict[str, int] = {}
    named = [
        _named(equation, term, operand, sizes)
        for term, operand in zip(terms, operands, strict=True)
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
            raise Raised(f"einsum {excerpt(equation)}: {letter} stands on the right alone")
        if result.count(letter) > 1:
            raise Raised(f"einsum {excerpt(equation)}: {letter} stands on the right twice")
    work = _work_of_pairs(named, set(result), len(sizes))
    if work:
        _of_one_kind("einsum", list(operands))
    product = _result([sizes[letter] for letter in result], list(operands), work)
    if work and len(named) == 2:
        product.strides = _strides_of_pair(result, named[0], named[1], product)
    return product


def _strides_of_pair(
    result: list[str], left: dict[str, int], right: dict[str, int], product: Tensor
) -> tuple[int, ...] | None:
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
    for at, step in zip(order, packed([product.shape[at] for at in order]), strict=True):
        strides[at] = step
    return laid(product.shape, tuple(strides))


def _named(equation: str, term: str, operand: Any, sizes: dict[str, int]) -> dict[str, int]:
    """Return the sizes of one operand by their letters, those behind dots by their place.

    `sizes` are those of all operands together.
    """
    if not isinstance(operand, Tensor):
        raise Raised(f"einsum takes tensors, not {type(operand).__name__}", "TypeError")
    head, ellipsis, tail = term.partition("...")
    more = operand.ndim - len(head) - len(tail)
    if more < 0 or (more and not ellipsis):
        raise Raised(
            f"einsum {equation!r}: {term} has {len(head + tail)} letters for {shown(operand.shape)}"
        )
    names = [*head, *(f"…{place:02}" for place in range(more, 0, -1)), *tail]
    found: dict[str, int] = {}
    for name, size in zip(names, operand.shape, strict=True):
        if not same(found.setdefault(name, size), size):
            raise Raised(f"einsum {excerpt(equation)}: {name} is {size_text(found[name])} and "
                         f"{size_text(size)}")  # fmt: skip
    for name, size in found.items():
        known = sizes.setdefault(name, size)
        if is_one(known):
            sizes[name] = size
        elif not same(known, size) and not is_one(size):
            raise Raised(f"einsum {excerpt(equation)}: {name.rstrip('0123456789')} is "
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


@operation("tensordot", where="t", counted=True)
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """A sum of products over some axes of both."""
    if isinstance(dims, int):
        first, second = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    else:
        first, second = ([each] if isinstance(each, int) else list(each) for each in dims)
    first = [axis_of("tensordot", axis, a.ndim, a.shape) for axis in first]
    second = [axis_of("tensordot", axis, b.ndim, b.shape) for axis in second]
    for one, other in zip(first, second, strict=True):
        _inner("tensordot", a, b, a.shape[one], b.shape[other])
    shape = [s for at, s in enumerate(a.shape) if at not in first]
    shape += [s for at, s in enumerate(b.shape) if at not in second]
    return _result(shape, [a, b], volume((*shape, *(a.shape[axis] for axis in first))))


@operation("inner", where="tm", counted=True)
def inner(input: Tensor, other: Tensor) -> Tensor:
    """A sum of products over the last axis of both."""
    if not input.shape or not other.shape:
        return elementwise("inner", input, other)
    if input.ndim == other.ndim == 1:
        return matmul(input, other, "inner")
    return tensordot(input, other, ([-1], [-1]))


@operation("cdist", where="t", counted=True)
def cdist(x1: Tensor, x2: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """The distance of every row to every other."""
    _inner("cdist", x1, x2, x1.shape[-1], x2.shape[-1])
    front = broadcast("cdist", x1.shape[:-2], x2.shape[:-2])
    return _result((*front, x1.shape[-2], x2.shape[-2]), [x1, x2], 0)


@operation("cross", where="tm")
def cross(input: Tensor, other: Tensor, dim: Any = -1) -> Tensor:
    """The cross product of vectors of three."""
    result = elementwise("cross", input, other)
    at = axis_of("cross", dim, result.ndim, result.shape)
    if not same(result.shape[at], 3):
        raise Raised(f"cross: dimension {at} of {shown(result.shape)} has to be 3")
    return result


@operation("trace", "det", "logdet", where="tm")
def trace(input: Tensor) -> Tensor:
    """One number of a matrix."""
    return Tensor(input.shape[:-2], input.dtype, fed=input.fed)


@operation("inverse", "cholesky", "matrix_exp", where="tm")
def inverse(input: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """A matrix of the same size."""
    if input.ndim < 2 or not same(input.shape[-1], input.shape[-2]):
        raise Raised(f"inverse: {shown(input.shape)} is no square matrix")
    return input.worked_out()


def vector_norm(x: Tensor, ord: Any = 2, dim: Any = None, keepdim: Any = False,
                **named: Any) -> Tensor:  # fmt: skip
    """The length of vectors."""
    need_point("norm", x.dtype)
    return reduced("norm", x, dim, keepdim)


LINALG: dict[str, Builtin] = {
    "norm": Operation("torch.linalg.norm", vector_norm),
    "vector_norm": Operation("torch.linalg.vector_norm", vector_norm),
    "inv": Operation("torch.linalg.inv", inverse),
    "det": Operation("torch.linalg.det", trace),
    "cross": Operation("torch.linalg.cross", cross),
    "matmul": Operation("torch.linalg.matmul", matmul, counted=True),
}
"""What stands in torch.linalg."""
