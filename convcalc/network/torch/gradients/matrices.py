"""What is kept of matrices that are taken apart, and of what is made of several.

Source: derivatives.yaml, and ATen/native/BatchLinearAlgebra and LinearAlgebra of PyTorch 2.13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod

from convcalc.network.torch.dtypes import BOOL, COMPLEX, INT32
from convcalc.network.torch.gradients.rules import copy_of, memory
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import axes_of, broadcast, is_one
from convcalc.network.torch.tensor import Kept, Tensor
from convcalc.network.torch.watch import WATCHER

# ---------------------------------------------------------------------------------------------
# One matrix
# ---------------------------------------------------------------------------------------------


def _triangles(input: Tensor) -> Iterator[Kept]:
    """Yield both triangles of a matrix, in one, and which rows were exchanged."""
    yield copy_of(input)
    yield memory((*input.shape[:-2], min(input.shape[-2:], key=int)), INT32)


def of_determinant(result: Tensor, input: Tensor) -> Iterator[Kept]:
    """Yield a matrix, its triangles and its determinant."""
    yield from (input, result, *_triangles(input))


def of_its_size(result: tuple[Tensor, ...], input: Tensor) -> Iterator[Kept]:
    """Yield a matrix, its triangles and the sign of its determinant."""
    yield from (input, result[0], *_triangles(input))


def of_its_logarithm(result: Tensor, input: Tensor) -> Iterator[Kept]:
    """Yield the same, and which determinants are below zero."""
    yield from (input, memory(result.shape, input.dtype), *_triangles(input))
    yield memory(result.shape, BOOL)


def of_solution(result: Tensor, A: Tensor, B: Tensor) -> Iterator[Kept]:
    """Yield a matrix, its triangles and what it makes something else of."""
    del B  # which isn't kept
    yield from (A, result, *_triangles(A))


def of_lengths(result: Tensor, A: Tensor) -> Iterator[Kept]:
    """Yield the lengths, and both rotations."""
    *front, rows, columns = A.shape
    least = min(rows, columns, key=int)
    yield from (result, memory((*front, rows, least), A.dtype))
    yield memory((*front, least, columns), A.dtype)


def of_rotations(result: tuple[Tensor, ...], input: Tensor, some: object = True,
                 compute_uv: object = True) -> Iterator[Kept]:  # fmt: skip
    """Yield the lengths and both rotations, which come out unless they aren't asked for."""
    del some  # by which they are larger
    return iter(result) if compute_uv else of_lengths(result[1], input)


def of_values(result: Tensor, input: Tensor) -> Iterator[Kept]:
    """Yield the eigenvalues and the eigenvectors, which don't come out."""
    yield result
    vectors = COMPLEX.get(input.dtype, input.dtype) if result.dtype.kind == "complex" else None
    yield memory(input.shape, vectors or input.dtype)


def of_norm(result: Tensor, input: Tensor, ord: object = None, dim: object = None,
            keepdim: object = False) -> Iterator[Kept] | None:  # fmt: skip
    """Return what the length of a vector or a matrix keeps, by its order."""
    axes = range(input.ndim) if dim is None else axes_of("norm", dim, input.shape)
    if ord is None or ord == "fro" or len(axes) < 2 or isinstance(ord, bool):
        return iter((input, result))
    if ord in ("nuc", 2, -2):
        return _of_rotations(result, input, list(axes), summed=ord == "nuc")
    return _of_sums(result, input, list(axes), first=ord in (1, -1))


def _of_sums(result: Tensor, input: Tensor, axes: list[int], first: bool) -> Iterator[Kept]:
    """Yield the numbers, their sums along one axis, and the largest or smallest of these."""
    over = axes[0 if first else 1]
    sums = memory([size for at, size in enumerate(input.shape) if at != over], result.dtype)
    yield from (input, sums, result)


def _of_rotations(result: Tensor, input: Tensor, axes: list[int],
                  summed: bool) -> Iterator[Kept]:  # fmt: skip
    """Yield the lengths and both rotations, and the largest or smallest length."""
    front = [size for at, size in enumerate(input.shape) if at not in axes]
    matrix = Tensor((*front, *(input.shape[at] for at in axes)), input.dtype)
    lengths = Tensor((*front, min(matrix.shape[-2:], key=int)), result.dtype)
    yield from of_lengths(lengths, matrix)
    if not summed:
        yield result


def _power(input: Tensor, n: int) -> Tensor:
    """Take a power of a matrix, by the twos that it is made of."""
    if n < 0:
        input, n = do("inverse", input), -n
        if n == 1:
            return input
    if n == 0:
        return Tensor(input.shape, input.dtype)
    if n == 1:
        return do("clone", input)
    if n == 3:
        return do("matmul", do("matmul", input, input), input)
    made: Tensor | None = None
    twos: Tensor | None = None
    while n:
        twos = input if twos is None else do("matmul", twos, twos)
        if n % 2:
            made = twos if made is None else do("matmul", made, twos)
        n //= 2
    assert made is not None
    return made


OF_POWER = Steps(_power)

# ---------------------------------------------------------------------------------------------
# Several
# ---------------------------------------------------------------------------------------------


def contracted(a: Tensor, b: Tensor, first: Sequence[int], second: Sequence[int]) -> Tensor:
    """Sum products of two tensors over axes of both, as one product of matrices."""
    for one, other in zip(first, second, strict=True):
        if is_one(a.shape[one]) and not is_one(b.shape[other]):
            b = do("sum", b, other, True)
        elif is_one(b.shape[other]) and not is_one(a.shape[one]):
            a = do("sum", a, one, True)
    rest = [at for at in range(a.ndim) if at not in first]
    others = [at for at in range(b.ndim) if at not in second]
    rows = [a.shape[at] for at in rest]
    columns = [b.shape[at] for at in others]
    inner = prod(a.shape[at] for at in first)
    left = do("reshape", do("permute", a, *rest, *first), prod(rows), inner)
    right = do("reshape", do("permute", b, *second, *others), inner, prod(columns))
    return do("reshape", do("mm", left, right), *rows, *columns)


def tensordot_axes(a: Tensor, b: Tensor, dims: object) -> tuple[list[int], list[int]]:
    """Return the axes that are summed over, of both tensors."""
    if isinstance(dims, int):
        return list(range(a.ndim - dims, a.ndim)), list(range(dims))
    assert isinstance(dims, (list, tuple))
    return axes_of("tensordot", dims[0], a.shape), axes_of("tensordot", dims[1], b.shape)


def _inner(input: Tensor, other: Tensor) -> Tensor:
    if not input.shape or not other.shape:
        return do("mul", input, other)
    if input.ndim == other.ndim == 1:
        return do("dot", input, other)
    return contracted(input, other, [input.ndim - 1], [other.ndim - 1])


MANY = 25
"""The most rows whose distances are measured one by one, unless it is said how."""


def _distances(x1: Tensor, x2: Tensor, p: object = 2.0,
               compute_mode: object = None) -> Tensor:  # fmt: skip
    """Measure how far every row is from every other, by products of matrices where they are many.

    For these, all matrices in front are laid out first.
    """
    many = max(x1.shape[-2], x2.shape[-2], key=int) > MANY
    if compute_mode not in (None, "use_mm_for_euclid_dist_if_necessary"):
        many = compute_mode == "use_mm_for_euclid_dist"
    front = broadcast("cdist", x1.shape[:-2], x2.shape[:-2])
    made = Tensor((*front, x1.shape[-2], x2.shape[-2]), x1.dtype)
    both = [x1, x2]
    if many and p == 2:
        both = [
            do("contiguous", do("expand", each, *front, *each.shape[-2:])) for each in both
        ]  # fmt: skip
    WATCHER.get().keeps([each.storage for each in (*both, made)])
    return made


OF_DISTANCES = Steps(_distances)
OF_TENSORDOT = Steps(lambda a, b, dims=2: contracted(a, b, *tensordot_axes(a, b, dims)))
OF_INNER = Steps(_inner)


def chain(tensors: Sequence[Tensor], multiply: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Multiply several matrices in the order that takes the least work.

    Source: `multi_dot_impl` of PyTorch's ATen/native/LinearAlgebra.
    """
    count = len(tensors)
    sizes = [int(tensors[0].shape[0]), *(int(each.shape[1]) for each in tensors)]
    if count == 3:
        a, b, c, d = sizes
        one, two, three = tensors
        if a * c * (b + d) > b * d * (a + c):
            return multiply(one, multiply(two, three))
        return multiply(multiply(one, two), three)
    least = [[0] * count for _ in range(count)]
    cuts = [[0] * count for _ in range(count)]
    for length in range(1, count):
        for at in range(count - length):
            end = at + length
            least[at][end], cuts[at][end] = min(
                (least[at][cut] + least[cut + 1][end] + sizes[at] * sizes[cut + 1] * sizes[end + 1],
                 cut)
                for cut in range(at, end)
            )  # fmt: skip

    def product(at: int, end: int) -> Tensor:
        if at == end:
            return tensors[at]
        cut = cuts[at][end]
        return multiply(product(at, cut), product(cut + 1, end))

    return product(0, count - 1)


def _multiplied(tensors: Sequence[Tensor]) -> Tensor:
    if len(tensors) == 2:
        return do("matmul", *tensors)
    first, *middle, last = tensors
    rows = do("unsqueeze", first, 0) if first.ndim == 1 else first
    columns = do("unsqueeze", last, -1) if last.ndim == 1 else last
    made = chain([rows, *middle, columns], lambda left, right: do("mm", left, right))
    made = do("squeeze", made, 0) if first.ndim == 1 else made
    return do("squeeze", made, -1) if last.ndim == 1 else made


OF_CHAIN = Steps(_multiplied)
OF_VECTORS = Steps(lambda x, y, dim=-1: do("sum", do("mul", x, y), dim))
