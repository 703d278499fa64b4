"""Products of matrices, and what is made of them; each with its multiply-accumulates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from convcalc.layers.base import Shape, size_text, volume
from convcalc.network.torch.dtypes import BOOL, COMPLEX, INT32, INT64, REAL, DType, with_point
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.fields import Fields
from convcalc.network.torch.functions.pointwise import in_place
from convcalc.network.torch.functions.registry import Operation, operation, tensor_of
from convcalc.network.torch.gradients.products import of_einsum, of_product
from convcalc.network.torch.sizes import (
    as_size,
    axes_of,
    broadcast,
    definite,
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
from convcalc.network.torch.tensor import (
    METHODS,
    Kept,
    Tensor,
    elementwise,
    kind_together,
    results,
)
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


def _added(name: str, ranks: Ranks) -> None:
    @operation(name, counted=True, harmless="beta alpha", saves="first/second second/first")
    def add(input: Tensor, first: Tensor, second: Tensor) -> Tensor:
        made = _of_ranks(name, ranks, first, second)
        if not same_shape(broadcast(name, input.shape, made.shape), made.shape):
            raise misfit(f"{name}: {shown(input.shape)} can't be added to {shown(made.shape)}")
        return _result(made.shape, [input, first, second], made.work)


_added("addmm", RANKS["mm"])
_added("baddbmm", RANKS["bmm"])
_added("addmv", RANKS["mv"])


@operation("addr", where="tm", counted=True, saves="vec1/vec2 vec2/vec1")
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, beta: object = 1,
         alpha: object = 1) -> Tensor:  # fmt: skip
    """Every product of two vectors' numbers, added to a matrix."""
    if kind_together((input, vec1, vec2)) is not BOOL and bool in (type(beta), type(alpha)):
        raise misfit("addr: beta and alpha are numbers where there are numbers")
    made = outer(vec1, vec2)
    if not same_shape(broadcast("addr", input.shape, made.shape), made.shape):
        raise misfit(f"addr: {shown(input.shape)} can't be added to {shown(made.shape)}")
    return _result(made.shape, [input, vec1, vec2], 0)


@operation("addbmm", where="tm", counted=True, harmless="beta alpha",
           saves="batch1/batch2 batch2/batch1")  # fmt: skip
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor) -> Tensor:
    """The sum of products of matrices, added to one."""
    made = _of_ranks("addbmm", RANKS["bmm"], batch1, batch2)
    result = elementwise("addbmm", input, Tensor(made.shape[1:], made.dtype))
    result.work = made.work
    return result


@operation("kron", where="tm")
def kron(input: Tensor, other: Tensor) -> Tensor:
    """Every number of one tensor times the whole other one."""
    if input.strides is not None or other.strides is not None:
        raise NotUnderstood("kron() of what isn't contiguous isn't followed")
    ndim = max(input.ndim, other.ndim)
    one, two = ((1,) * (ndim - each.ndim) + each.shape for each in (input, other))
    shape = [merged("kron", sizes) for sizes in zip(one, two, strict=True)]
    return _result(shape, [input, other], 0)


@operation("outer", "ger", where="tm", counted=True, saves="input/vec2 vec2/input")
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """Every product of two vectors' numbers."""
    if input.ndim != 1 or vec2.ndim != 1:
        raise misfit(f"outer takes two vectors, gets {shown(input.shape)} and {shown(vec2.shape)}")
    return _result((*input.shape, *vec2.shape), [input, vec2], 0)


def _keeps_of_einsum(result: Tensor, equation: str, *operands: Tensor) -> Iterator[Kept] | None:
    tensors, named, letters, _ = _read(equation, operands)
    return of_einsum(named, letters, tensors)


@operation("einsum", where="t", counted=True, saves=_keeps_of_einsum)
def einsum(equation: str, *operands: Tensor) -> Tensor:
    """A sum of products, written in letters."""
    tensors, named, result, sizes = _read(equation, operands)
    work = _work_of_pairs(named, set(result), len(sizes))
    if work:
        of_one_kind("einsum", tensors)
    made = _result([sizes[letter] for letter in result], tensors, work)
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


def _contracted(name: str, a: Tensor, b: Tensor, first: list[int], second: list[int]) -> Tensor:
    """Return the sum of products over these axes of two tensors."""
    of_one_kind(name, [a, b])
    if len(first) != len(second):
        raise misfit(f"{name}: {len(first)} dimensions don't go with {len(second)}")
    for one, other in zip(first, second, strict=True):
        if is_one(a.shape[one]) is not is_one(b.shape[other]):
            raise NotUnderstood(f"{name}() along an axis of one position isn't followed")
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
    if any(isinstance(each, int) for each in dims):
        raise misfit("tensordot takes two lists of dimensions", TypeError)
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


@operation("cdist", where="t", counted=True, harmless="p", saves="x1 x2 result")
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


def _square(name: str, input: Tensor) -> Tensor:
    if tensor_of(name, input).ndim < 2 or not same(input.shape[-1], input.shape[-2]):
        raise misfit(f"{name}: {shown(input.shape)} is not a square matrix")
    return input


@operation("det", "logdet", where="tm")
def det(input: Tensor) -> Tensor:
    """One number of a square matrix."""
    return Tensor(_square("det", input).shape[:-2], input.dtype, fed=input.fed)


operation("det", where="l")(lambda A: det(A))


def _of_square(name: str, input: Tensor) -> Tensor:
    result = _square(name, input).worked_out().mixed(input.ndim - 2, input.ndim - 1)
    result.strides = None
    return result


@operation("inverse", "cholesky", where="tm", harmless="upper")
def inverse(input: Tensor) -> Tensor:
    """A matrix of the same size, of which the columns lie one after the other."""
    if 0 in tensor_of("inverse", input).shape:
        raise NotUnderstood("matrices without numbers aren't followed")
    return _in_columns(_of_square("inverse", input))


@operation("matrix_exp", where="tm")
def matrix_exp(input: Tensor) -> Tensor:
    """The exponential of a matrix."""
    return _of_square("matrix_exp", input)


operation("inv", where="l")(lambda A: inverse(A))
operation("matrix_exp", where="l")(lambda input: matrix_exp(input))


@operation("matrix_power", where="tml")
def matrix_power(input: Tensor, n: object) -> Tensor:
    """A square matrix times itself so often."""
    made = _of_matrix(_square("matrix_power", input), input.shape[-2:])
    return _in_columns(made) if as_size("matrix_power", n) < 0 else made


# ---------------------------------------------------------------------------------------------
# What matrices are made of
# ---------------------------------------------------------------------------------------------


def _of_matrix(of: Tensor, last: Sequence[int], dtype: DType | None = None) -> Tensor:
    """Return something for each of some matrices, in rows."""
    return Tensor((*of.shape[:-2], *last), dtype or of.dtype, fed=of.fed)


def _in_columns(made: Tensor) -> Tensor:
    """Return matrices of which the columns lie one after the other."""
    last = made.ndim - 1
    made.strides = ordered(made.shape, [last - 1, last, *range(last - 1)[::-1]])
    return made


def _matrix(name: str, value: object) -> tuple[Tensor, int, int, int]:
    """Return some matrices, how many rows and columns each has, and the smaller of these."""
    given = tensor_of(name, value)
    if given.ndim < 2:
        raise misfit(f"{name} takes a matrix, not {shown(given.shape)}")
    rows, columns = (definite(name, size) for size in given.shape[-2:])
    return given, rows, columns, min(rows, columns)


def _real(dtype: DType) -> DType:
    return REAL.get(dtype, dtype)


def _complex(dtype: DType) -> DType:
    return dtype if dtype.kind == "complex" else COMPLEX.get(dtype, dtype)


@operation("svd", where="l")
def linalg_svd(A: Tensor, full_matrices: object = True,
               driver: object = None) -> tuple[Tensor, ...]:  # fmt: skip
    """A rotation, lengths and another rotation."""
    if driver is not None:
        raise misfit(f"svd takes no driver {driver} on a CPU")
    given, rows, columns, least = _matrix("svd", A)
    inner = (rows, columns) if full_matrices else (least, least)
    return results("U", "S", "Vh")([
        _in_columns(_of_matrix(given, (rows, inner[0]))),
        _of_matrix(given, (least,), _real(given.dtype)),
        _in_columns(_of_matrix(given, (inner[1], columns))),
    ])  # fmt: skip


@operation("svd", where="tm")
def svd(input: Tensor, some: object = True, compute_uv: object = True) -> tuple[Tensor, ...]:
    """A rotation, lengths and another rotation, turned round."""
    left, lengths, right = linalg_svd(input, not (some and compute_uv))
    turned = _of_matrix(right, right.shape[:-3:-1])
    if not compute_uv:  # zeros
        left.strides, turned = None, _in_columns(turned)
    return results("U", "S", "V")([left, lengths, turned])


operation("svdvals", where="l")(lambda A, driver=None: linalg_svd(A, driver=driver)[1])


@operation("qr", where="l")
def linalg_qr(A: Tensor, mode: object = "reduced") -> tuple[Tensor, ...]:
    """A rotation and a triangle."""
    given, rows, columns, least = _matrix("qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise misfit(f"qr: {mode!r} is not a mode of it")
    inner = rows if mode == "complete" else least
    turned = _in_columns(_of_matrix(given, (rows, inner)))
    if mode == "r":
        turned = Tensor((0,), given.dtype)
    return results("Q", "R")([turned, _in_columns(_of_matrix(given, (inner, columns)))])


@operation("qr", where="tm")
def qr(input: Tensor, some: object = True) -> tuple[Tensor, ...]:
    """A rotation and a triangle."""
    return linalg_qr(input, "reduced" if some else "complete")


@operation("eigh", where="l", harmless="UPLO")
def eigh(input: Tensor) -> tuple[Tensor, ...]:
    """The eigenvalues and eigenvectors of a symmetric matrix."""
    values = _of_matrix(_square("eigh", input), input.shape[-1:], _real(input.dtype))
    vectors = _in_columns(_of_matrix(input, input.shape[-2:]))
    return results("eigenvalues", "eigenvectors")([values, vectors])


@operation("eig", where="l")
def eig(input: Tensor) -> tuple[Tensor, ...]:
    """The eigenvalues and eigenvectors of a square matrix."""
    kind = _complex(_square("eig", input).dtype)
    values = _of_matrix(input, input.shape[-1:], kind)
    vectors = _in_columns(_of_matrix(input, input.shape[-2:], kind))
    return results("eigenvalues", "eigenvectors")([values, vectors])


operation("eigvalsh", where="l", harmless="UPLO")(lambda input: eigh(input)[0])
operation("eigvals", where="l")(lambda input: eig(input)[0])


@operation("slogdet", where="tm")
def slogdet(input: Tensor) -> tuple[Tensor, ...]:
    """The sign of a determinant, and the logarithm of its size."""
    size = _of_matrix(_square("slogdet", input), (), _real(input.dtype))
    return results("sign", "logabsdet")([_of_matrix(input, ()), size])


operation("slogdet", where="l")(lambda A: slogdet(A))


@operation("pinv", where="l", harmless="hermitian")
def pinv(input: Tensor, rcond: object = None, atol: object = None, rtol: object = None) -> Tensor:
    """The inverse of a matrix, as far as it has one."""
    given, rows, columns, _ = _matrix("pinv", input)
    if any(isinstance(each, Tensor) and each.shape for each in (rcond, atol, rtol)):
        raise NotUnderstood("pinv() with several bounds isn't followed")
    return _of_matrix(given, (columns, rows))


operation("pinverse", where="tm", harmless="rcond")(lambda input: pinv(input))


@operation("matrix_rank", where="l", harmless="tol atol rtol hermitian")
def matrix_rank(input: Tensor) -> Tensor:
    """How many rows are independent."""
    return _of_matrix(_matrix("matrix_rank", input)[0], (), INT64)


def _pivoted(name: str, pivot: object) -> None:
    if not pivot:
        raise misfit(f"{name} without exchanging rows doesn't exist on a CPU")


@operation("lu_factor", where="l")
def lu_factor(A: Tensor, pivot: object = True) -> tuple[Tensor, ...]:
    """Two triangles in one matrix, and which rows were exchanged."""
    _pivoted("lu_factor", pivot)
    given, rows, columns, least = _matrix("lu_factor", A)
    both = _in_columns(_of_matrix(given, (rows, columns)))
    return results("LU", "pivots")([both, _of_matrix(given, (least,), INT32)])


@operation("lu", where="l")
def lu(A: Tensor, pivot: object = True) -> tuple[Tensor, ...]:
    """The order of the rows, and two triangles."""
    _pivoted("lu", pivot)
    given, rows, columns, least = _matrix("lu", A)
    shapes = ((rows, rows), (rows, least), (least, columns))
    return results("P", "L", "U")([_of_matrix(given, last) for last in shapes])


@operation("cholesky", where="l", harmless="upper")
def linalg_cholesky(input: Tensor) -> Tensor:
    """A triangle of which a matrix is the square."""
    return inverse(input)


@operation("solve", where="l")
def solve(A: Tensor, B: Tensor, left: object = True) -> Tensor:
    """What a square matrix makes something else of."""
    given, other = _square("solve", A), tensor_of("solve", B)
    of_one_kind("solve", [given, other])
    vector = other.ndim == 1 or (
        other.ndim == given.ndim - 1 and same_shape(other.shape, given.shape[:-1])
    )
    inner = -1 if vector else -2 if left else -1
    _inner("solve", given, other, given.shape[-1], other.shape[inner])
    if vector:
        front = broadcast("solve", given.shape[:-2], other.shape[:-1])
        made = _result((*front, given.shape[-1]), [given, other], 0)
        made.strides = ordered(made.shape, range(made.ndim))
        return made
    front = broadcast("solve", given.shape[:-2], other.shape[:-2])
    made = _result((*front, *other.shape[-2:]), [given, other], 0)
    return _in_columns(made) if left else made


@operation("cholesky_solve", where="tm", harmless="upper")
def cholesky_solve(input: Tensor, input2: Tensor) -> Tensor:
    """What the square of a triangle makes something else of."""
    given, other = tensor_of("cholesky_solve", input), _square("cholesky_solve", input2)
    if given.ndim < 2:
        raise misfit(f"cholesky_solve takes a matrix, not {shown(given.shape)}")
    _inner("cholesky_solve", other, given, other.shape[-1], given.shape[-2])
    front = broadcast("cholesky_solve", given.shape[:-2], other.shape[:-2])
    return _in_columns(_result((*front, *given.shape[-2:]), [given, other], 0))


@operation("multi_dot", where="l", counted=True)
def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of several matrices; the first and the last may be vectors."""
    if isinstance(tensors, Tensor) or len(tensors) < 2:
        raise misfit("multi_dot takes a list of at least two tensors", TypeError)
    given = [tensor_of("multi_dot", each) for each in tensors]
    if any(each.ndim != 2 for each in given[1:-1]) or any(e.ndim not in (1, 2) for e in given):
        raise misfit("multi_dot takes matrices")
    if len(given) > 2 and any(each.fed for each in given):
        raise NotUnderstood("the order in which multi_dot() multiplies isn't followed")
    result = given[0]
    for each in given[1:]:
        result = product("multi_dot", result, each)
    return result
