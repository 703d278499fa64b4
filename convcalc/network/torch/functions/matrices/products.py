"""Products of matrices, each with its multiply-accumulates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from convcalc.layers.base import size_text, volume
from convcalc.network.torch.dtypes import BOOL, INT32, with_point
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.fields import Fields
from convcalc.network.torch.functions.paired import in_place
from convcalc.network.torch.functions.registry import Operation, operation, tensor_of
from convcalc.network.torch.gradients import matrices
from convcalc.network.torch.gradients.products import of_product
from convcalc.network.torch.sizes import (
    axes_of,
    broadcast,
    is_one,
    merged,
    same,
    same_shape,
    shown,
)
from convcalc.network.torch.strides import (
    extent,
    strides_of,
)
from convcalc.network.torch.tensor import (
    METHODS,
    Kept,
    Tensor,
    elementwise,
    kind_together,
)
from convcalc.reading.exceptions import NotUnderstood


def made_of(
    shape: Sequence[int], tensors: Sequence[Tensor], work: int, fields: Fields | None = None
) -> Tensor:
    """Return what is made of tensors with so much work."""
    fed = any(tensor.fed for tensor in tensors)
    result = Tensor(shape, kind_together(tensors), fields=fields, fed=fed)
    result.work = work
    return result


def check_inner(name: str, left: Tensor, right: Tensor, a: int, b: int) -> None:
    """Raise where two sizes differ over which is summed."""
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
    check_inner(name, left, right, whole_left[-1], whole_right[-2])
    front = broadcast(name, whole_left[:-2], whole_right[:-2])
    shape = (*front, *rows[-2:-1], *(() if right.ndim == 1 else columns[-1:]))
    work = 0 if _runs_as_vector(left, right) else volume((*shape, whole_left[-1]))
    fields: Fields | None = None
    if not right.fed and left.ndim > 1 and len(shape) == left.ndim:
        fields = (*left.fields[:-1], None)
    return made_of(shape, [left, right], work, fields)


def of_one_kind(name: str, tensors: Sequence[Tensor]) -> None:
    """Raise where whole numbers and others come to a product of matrices, or two precisions.

    Half precision beside float32 isn't followed, since autocast makes one of them.
    """
    dtypes = [tensor.dtype for tensor in tensors]
    kinds = {dtype.kind for dtype in dtypes}
    if {"float", "complex"} <= kinds or (kinds & {"float", "complex"} and kinds & {"int", "bool"}):
        names = " and ".join(sorted({dtype.name for dtype in dtypes}))
        raise misfit(f"{name} takes numbers of one kind, not {names}: .float() would do")
    widths = {dtype.name for dtype in dtypes if dtype.kind == "float"}
    if len(widths) > 1 and "float64" in widths:
        raise misfit(f"{name} takes numbers of one kind, not {' and '.join(sorted(widths))}")
    if len(widths) > 1:
        raise NotUnderstood(f"whether autocast makes one kind of {' and '.join(sorted(widths))}")
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


@operation("matmul", where="tml", counted=True, saves=of_product)
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The product of matrices, those in front broadcast."""
    return product("matmul", input, other)


def _of_tensors(left: object, right: object) -> object:
    both = isinstance(left, Tensor) and isinstance(right, Tensor)
    return product("@", left, right) if both else NotImplemented


METHODS["__matmul__"] = Operation("@", _of_tensors, counted=True, saves=of_product)
METHODS["__rmatmul__"] = Operation("@", lambda a, b: _of_tensors(b, a), counted=True,
                                   saves=lambda result, a, b: of_product(result, b, a))  # fmt: skip
METHODS["__imatmul__"] = Operation(
    "@", lambda a, b: in_place("@=", a, product("@", a, b)), counted=True
)


class Ranks(NamedTuple):
    """How many axes both tensors of a product have, and what the second is called."""

    left: int
    right: int
    called: str


RANKS = {
    "mm": Ranks(2, 2, "mat2"), "spmm": Ranks(2, 2, "mat2"), "bmm": Ranks(3, 3, "mat2"),
    "mv": Ranks(2, 1, "vec"), "dot": Ranks(1, 1, "tensor"), "vdot": Ranks(1, 1, "other"),
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


def _keeps_of_factors(result: Tensor, input: Tensor, *second: Tensor,
                      **named: Tensor) -> Iterator[Kept]:  # fmt: skip
    return of_product(result, input, *second, *named.values())


def _product(name: str, ranks: Ranks) -> None:
    @operation(name, counted=True, saves=_keeps_of_factors)
    def multiply(input: Tensor, *second: object, mat2: object = None, vec: object = None,
                 tensor: object = None, other: object = None) -> Tensor:  # fmt: skip
        given = [*second, *(each for each in (mat2, vec, tensor, other) if each is not None)]
        if len(given) != 1:
            raise NotUnderstood(f"{name}() isn't followed with these arguments")
        return _of_ranks(name, ranks, input, given[0])


for _name, _ranks in RANKS.items():
    _product(_name, _ranks)


def _added(name: str, ranks: Ranks, input: Tensor, first: Tensor, second: Tensor) -> Tensor:
    made = _of_ranks(name, ranks, first, second)
    if not same_shape(broadcast(name, input.shape, made.shape), made.shape):
        raise misfit(f"{name}: {shown(input.shape)} can't be added to {shown(made.shape)}")
    return made_of(made.shape, [input, first, second], made.work)


@operation("addmm", counted=True, harmless="beta alpha", saves="mat1/mat2 mat2/mat1")
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor) -> Tensor:
    """A product of matrices, added to one."""
    return _added("addmm", RANKS["mm"], input, mat1, mat2)


@operation("baddbmm", counted=True, harmless="beta alpha", saves="batch1/batch2 batch2/batch1")
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor) -> Tensor:
    """Products of matrices, added to others."""
    return _added("baddbmm", RANKS["bmm"], input, batch1, batch2)


@operation("addmv", counted=True, harmless="beta alpha", saves="mat/vec vec/mat")
def addmv(input: Tensor, mat: Tensor, vec: Tensor) -> Tensor:
    """A product of a matrix and a vector, added to a vector."""
    return _added("addmv", RANKS["mv"], input, mat, vec)


@operation("grouped_mm", where="f", counted=True, saves="mat_a/mat_b mat_b/mat_a offs")
def grouped_mm(mat_a: Tensor, mat_b: Tensor, offs: object = None) -> Tensor:
    """Rows in groups, each group times its own matrix: a row's products are those of one matrix.

    Which row is in which group is in `offs`, where groups end, and no size depends on it.
    """
    if (mat_a.ndim, mat_b.ndim) != (2, 3):
        raise NotUnderstood("grouped_mm() is followed of rows and a matrix for each group alone")
    (rows, inner), (groups, wanted, columns) = mat_a.shape, mat_b.shape
    if not isinstance(offs, Tensor) or not same_shape(offs.shape, (groups,)):
        raise misfit(f"grouped_mm: offs has one number for each of {size_text(groups)} matrices")
    if offs.dtype is not INT32:
        raise misfit(f"grouped_mm: offs is of int32, not {offs.dtype}")
    check_inner("grouped_mm", mat_a, mat_b, inner, wanted)
    of_one_kind("grouped_mm", [mat_a, mat_b])
    return made_of((rows, columns), [mat_a, mat_b], volume((rows, inner, columns)))


@operation("addr", where="tm", counted=True, saves="vec1/vec2 vec2/vec1")
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, beta: object = 1,
         alpha: object = 1) -> Tensor:  # fmt: skip
    """Every product of two vectors' numbers, added to a matrix."""
    if kind_together((input, vec1, vec2)) is not BOOL and bool in (type(beta), type(alpha)):
        raise misfit("addr: beta and alpha are numbers where there are numbers")
    made = outer(vec1, vec2)
    if not same_shape(broadcast("addr", input.shape, made.shape), made.shape):
        raise misfit(f"addr: {shown(input.shape)} can't be added to {shown(made.shape)}")
    return made_of(made.shape, [input, vec1, vec2], 0)


@operation("addbmm", where="tm", counted=True, harmless="beta alpha",
           saves="batch1/batch2 batch2/batch1")  # fmt: skip
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor) -> Tensor:
    """The sum of products of matrices, added to one."""
    made = _of_ranks("addbmm", RANKS["bmm"], batch1, batch2)
    result = elementwise("addbmm", input, Tensor(made.shape[1:], made.dtype))
    result.work = made.work
    return result


@operation("kron", where="tm", saves="input/other other/input")
def kron(input: Tensor, other: Tensor) -> Tensor:
    """Every number of one tensor times the whole other one."""
    if input.strides is not None or other.strides is not None:
        raise NotUnderstood("kron() of what isn't contiguous isn't followed")
    ndim = max(input.ndim, other.ndim)
    one, two = ((1,) * (ndim - each.ndim) + each.shape for each in (input, other))
    shape = [merged("kron", sizes) for sizes in zip(one, two, strict=True)]
    return made_of(shape, [input, other], 0)


@operation("outer", "ger", where="tm", counted=True, saves="input/vec2 vec2/input")
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """Every product of two vectors' numbers."""
    if input.ndim != 1 or vec2.ndim != 1:
        raise misfit(f"outer takes two vectors, gets {shown(input.shape)} and {shown(vec2.shape)}")
    return made_of((*input.shape, *vec2.shape), [input, vec2], 0)


def _contracted(name: str, a: Tensor, b: Tensor, first: list[int], second: list[int]) -> Tensor:
    """Return the sum of products over these axes of two tensors."""
    of_one_kind(name, [a, b])
    if len(first) != len(second):
        raise misfit(f"{name}: {len(first)} dimensions don't go with {len(second)}")
    for one, other in zip(first, second, strict=True):
        if is_one(a.shape[one]) is not is_one(b.shape[other]):
            raise NotUnderstood(f"{name}() along an axis of one position isn't followed")
        check_inner(name, a, b, a.shape[one], b.shape[other])
    shape = [size for at, size in enumerate(a.shape) if at not in first]
    shape += [size for at, size in enumerate(b.shape) if at not in second]
    return made_of(shape, [a, b], volume((*shape, *(a.shape[axis] for axis in first))))


@operation("tensordot", where="t", counted=True, saves=matrices.OF_TENSORDOT)
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
    if any(isinstance(each, int) for each in dims):
        raise misfit("tensordot takes two lists of dimensions", TypeError)
    first, second = axes_of("tensordot", dims[0], a.shape), axes_of("tensordot", dims[1], b.shape)
    return _contracted("tensordot", a, b, first, second)


@operation("inner", where="tm", counted=True, saves=matrices.OF_INNER)
def inner(input: Tensor, other: Tensor) -> Tensor:
    """A sum of products over the last axis of both."""
    if not input.shape or not other.shape:
        return elementwise("inner", input, other)
    if input.ndim == other.ndim == 1:
        return product("inner", input, other)
    return _contracted("inner", input, other, [input.ndim - 1], [other.ndim - 1])


@operation("cdist", where="t", counted=True, harmless="p", saves=matrices.OF_DISTANCES)
def cdist(x1: Tensor, x2: Tensor) -> Tensor:
    """The distance of every row to every other."""
    for each in (x1, x2):
        if each.ndim < 2:
            raise misfit(f"cdist takes at least 2 dimensions, not {shown(each.shape)}")
    check_inner("cdist", x1, x2, x1.shape[-1], x2.shape[-1])
    front = broadcast("cdist", x1.shape[:-2], x2.shape[:-2])
    result = made_of((*front, x1.shape[-2], x2.shape[-2]), [x1, x2], 0)
    result.dtype = with_point(result.dtype)
    return result
