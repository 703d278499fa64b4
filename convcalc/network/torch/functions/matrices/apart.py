"""What matrices are made of, and what is worked out with that."""

from __future__ import annotations

from collections.abc import Sequence

from convcalc.network.torch.dtypes import COMPLEX, INT32, INT64, REAL, DType
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.matrices.products import (
    check_inner,
    made_of,
    of_one_kind,
    product,
)
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.gradients import matrices
from convcalc.network.torch.gradients.rules import CONSTANT
from convcalc.network.torch.sizes import (
    as_size,
    broadcast,
    definite,
    same,
    same_shape,
    shown,
)
from convcalc.network.torch.strides import (
    ordered,
)
from convcalc.network.torch.tensor import (
    Tensor,
    results,
)
from convcalc.reading.exceptions import NotUnderstood


def _square(name: str, input: Tensor) -> Tensor:
    if tensor_of(name, input).ndim < 2 or not same(input.shape[-1], input.shape[-2]):
        raise misfit(f"{name}: {shown(input.shape)} is not a square matrix")
    return input


@operation("det", where="tm", saves=matrices.of_determinant)
def det(input: Tensor) -> Tensor:
    """One number of a square matrix."""
    return Tensor(_square("det", input).shape[:-2], input.dtype, fed=input.fed)


operation("logdet", saves=matrices.of_its_logarithm)(det)
operation("det", where="l", saves=matrices.of_determinant)(lambda A: det(A))


def _of_square(name: str, input: Tensor) -> Tensor:
    result = _square(name, input).worked_out().mixed(input.ndim - 2, input.ndim - 1)
    result.strides = None
    return result


@operation("inverse", "cholesky", where="tm", harmless="upper", saves="result")
def inverse(input: Tensor) -> Tensor:
    """A matrix of the same size, of which the columns lie one after the other."""
    if 0 in tensor_of("inverse", input).shape:
        raise NotUnderstood("matrices without numbers aren't followed")
    return _in_columns(_of_square("inverse", input))


@operation("matrix_exp", where="tm", saves="input")
def matrix_exp(input: Tensor) -> Tensor:
    """The exponential of a matrix."""
    return _of_square("matrix_exp", input)


operation("inv", where="l", saves="result")(lambda A: inverse(A))
operation("matrix_exp", where="l", saves="input")(lambda input: matrix_exp(input))


@operation("matrix_power", where="tml", saves=matrices.OF_POWER)
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


@operation("svd", where="l", saves="results")
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


@operation("svd", where="tm", saves=matrices.of_rotations)
def svd(input: Tensor, some: object = True, compute_uv: object = True) -> tuple[Tensor, ...]:
    """A rotation, lengths and another rotation, turned round."""
    left, lengths, right = linalg_svd(input, not (some and compute_uv))
    turned = _of_matrix(right, right.shape[:-3:-1])
    if not compute_uv:  # zeros
        left.strides, turned = None, _in_columns(turned)
    return results("U", "S", "V")([left, lengths, turned])


operation("svdvals", where="l", saves=matrices.of_lengths)(
    lambda A, driver=None: linalg_svd(A, driver=driver)[1]
)


@operation("qr", where="l", saves="results")
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


@operation("qr", where="tm", saves="results")
def qr(input: Tensor, some: object = True) -> tuple[Tensor, ...]:
    """A rotation and a triangle."""
    return linalg_qr(input, "reduced" if some else "complete")


@operation("eigh", where="l", harmless="UPLO", saves="results")
def eigh(input: Tensor) -> tuple[Tensor, ...]:
    """The eigenvalues and eigenvectors of a symmetric matrix."""
    values = _of_matrix(_square("eigh", input), input.shape[-1:], _real(input.dtype))
    vectors = _in_columns(_of_matrix(input, input.shape[-2:]))
    return results("eigenvalues", "eigenvectors")([values, vectors])


@operation("eig", where="l", saves="results")
def eig(input: Tensor) -> tuple[Tensor, ...]:
    """The eigenvalues and eigenvectors of a square matrix."""
    kind = _complex(_square("eig", input).dtype)
    values = _of_matrix(input, input.shape[-1:], kind)
    vectors = _in_columns(_of_matrix(input, input.shape[-2:], kind))
    return results("eigenvalues", "eigenvectors")([values, vectors])


operation("eigvalsh", where="l", harmless="UPLO", saves=matrices.of_values)(
    lambda input: eigh(input)[0]
)
operation("eigvals", where="l", saves=matrices.of_values)(lambda input: eig(input)[0])


@operation("slogdet", where="tm", saves=matrices.of_its_size)
def slogdet(input: Tensor) -> tuple[Tensor, ...]:
    """The sign of a determinant, and the logarithm of its size."""
    size = _of_matrix(_square("slogdet", input), (), _real(input.dtype))
    return results("sign", "logabsdet")([_of_matrix(input, ()), size])


operation("slogdet", where="l", saves=matrices.of_its_size)(lambda A: slogdet(A))


@operation("pinv", where="l", harmless="hermitian", saves="input result")
def pinv(input: Tensor, rcond: object = None, atol: object = None, rtol: object = None) -> Tensor:
    """The inverse of a matrix, as far as it has one."""
    given, rows, columns, _ = _matrix("pinv", input)
    if any(isinstance(each, Tensor) and each.shape for each in (rcond, atol, rtol)):
        raise NotUnderstood("pinv() with several bounds isn't followed")
    return _of_matrix(given, (columns, rows))


operation("pinverse", where="tm", harmless="rcond", saves="input result")(lambda input: pinv(input))


@operation("matrix_rank", where="l", harmless="tol atol rtol hermitian", saves=CONSTANT)
def matrix_rank(input: Tensor) -> Tensor:
    """How many rows are independent."""
    return _of_matrix(_matrix("matrix_rank", input)[0], (), INT64)


def _pivoted(name: str, pivot: object) -> None:
    if not pivot:
        raise misfit(f"{name} without exchanging rows doesn't exist on a CPU")


@operation("lu_factor", where="l", saves="results")
def lu_factor(A: Tensor, pivot: object = True) -> tuple[Tensor, ...]:
    """Two triangles in one matrix, and which rows were exchanged."""
    _pivoted("lu_factor", pivot)
    given, rows, columns, least = _matrix("lu_factor", A)
    both = _in_columns(_of_matrix(given, (rows, columns)))
    return results("LU", "pivots")([both, _of_matrix(given, (least,), INT32)])


@operation("lu", where="l", saves="results")
def lu(A: Tensor, pivot: object = True) -> tuple[Tensor, ...]:
    """The order of the rows, and two triangles."""
    _pivoted("lu", pivot)
    given, rows, columns, least = _matrix("lu", A)
    shapes = ((rows, rows), (rows, least), (least, columns))
    return results("P", "L", "U")([_of_matrix(given, last) for last in shapes])


@operation("cholesky", where="l", harmless="upper", saves="result")
def linalg_cholesky(input: Tensor) -> Tensor:
    """A triangle of which a matrix is the square."""
    return inverse(input)


@operation("solve", where="l", saves=matrices.of_solution)
def solve(A: Tensor, B: Tensor, left: object = True) -> Tensor:
    """What a square matrix makes something else of."""
    given, other = _square("solve", A), tensor_of("solve", B)
    of_one_kind("solve", [given, other])
    vector = other.ndim == 1 or (
        other.ndim == given.ndim - 1 and same_shape(other.shape, given.shape[:-1])
    )
    inner = -1 if vector else -2 if left else -1
    check_inner("solve", given, other, given.shape[-1], other.shape[inner])
    if vector:
        front = broadcast("solve", given.shape[:-2], other.shape[:-1])
        made = made_of((*front, given.shape[-1]), [given, other], 0)
        made.strides = ordered(made.shape, range(made.ndim))
        return made
    front = broadcast("solve", given.shape[:-2], other.shape[:-2])
    made = made_of((*front, *other.shape[-2:]), [given, other], 0)
    return _in_columns(made) if left else made


@operation("solve_triangular", where="l", harmless="upper unitriangular", saves="input result")
def solve_triangular(input: Tensor, B: Tensor, left: object = True) -> Tensor:
    """What a triangle makes something else of."""
    given, other = _square("solve_triangular", input), tensor_of("solve_triangular", B)
    if other.ndim < 2:
        raise misfit(f"solve_triangular takes a matrix, not {shown(other.shape)}")
    if given.dtype is not other.dtype:
        raise NotUnderstood("solve_triangular() of two kinds of numbers isn't followed")
    inner = other.shape[-2 if left else -1]
    check_inner("solve_triangular", given, other, given.shape[-1], inner)
    front = broadcast("solve_triangular", given.shape[:-2], other.shape[:-2])
    return _in_columns(made_of((*front, *other.shape[-2:]), [given, other], 0))


@operation("cholesky_solve", where="tm", harmless="upper", saves="input input2 result")
def cholesky_solve(input: Tensor, input2: Tensor) -> Tensor:
    """What the square of a triangle makes something else of."""
    given, other = tensor_of("cholesky_solve", input), _square("cholesky_solve", input2)
    if given.ndim < 2:
        raise misfit(f"cholesky_solve takes a matrix, not {shown(given.shape)}")
    check_inner("cholesky_solve", other, given, other.shape[-1], given.shape[-2])
    front = broadcast("cholesky_solve", given.shape[:-2], other.shape[:-2])
    return _in_columns(made_of((*front, *given.shape[-2:]), [given, other], 0))


@operation("multi_dot", where="l", counted=True, saves=matrices.OF_CHAIN)
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
