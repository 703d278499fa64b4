"""Tensors that are made from sizes and numbers, or of another kind of numbers than others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, prod

from convcalc.network.torch.dtypes import (
    ALIASES,
    ANY,
    BOOL,
    COMPLEX,
    DTYPES,
    FLOAT32,
    FLOAT64,
    INT64,
    DType,
    dtype_of,
    of_number,
)
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.registry import TORCH, Operation, operation
from convcalc.network.torch.functions.signatures import names_of
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING, needs
from convcalc.network.torch.sizes import Size, as_size, broadcast, definite, is_open, sizes_of
from convcalc.network.torch.strides import (
    Strides,
    iterated_strides,
    laid,
    ordered,
    with_channels_last,
)
from convcalc.network.torch.tensor import (
    METHODS,
    MOST_VALUES,
    Grid,
    Kept,
    Number,
    Tensor,
    as_number,
    elementwise,
)
from convcalc.reading.exceptions import NotUnderstood, TooMuch
from convcalc.reading.values import Unknown, Value

MOST_ENTRIES = 200_000
"""The most numbers of a list of which a tensor is made."""
MOST_ALIKE = 64
"""The most values of a tensor of one value that are kept."""


class MemoryFormat(Value):
    """In which order a tensor's numbers lie in memory."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


FORMATS = {
    name: MemoryFormat(name)
    for name in ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
}
FORMATS["legacy_contiguous_format"] = FORMATS["contiguous_format"]
"""torch's memory formats by their names."""


def formatted(input: Tensor, memory_format: object, otherwise: Strides | None) -> Strides | None:
    """Return the strides that a memory format asks for; others where it keeps what is there."""
    if memory_format is None or memory_format is FORMATS["preserve_format"]:
        return otherwise
    if memory_format is FORMATS["contiguous_format"]:
        return None
    for name, ndim in (("channels_last", 4), ("channels_last_3d", 5)):
        if memory_format is FORMATS[name]:
            if input.ndim != ndim:
                raise misfit(f"{name} takes a tensor of {ndim} dimensions, not of {input.ndim}")
            return with_channels_last(input.shape)
    raise misfit(f"{memory_format!r} is not a memory format", TypeError)


def cast(values: Sequence[Number] | None, dtype: DType) -> list[Number] | None:
    """Return numbers as a kind keeps them; None where one of them isn't known."""
    if values is None:
        return None
    found: list[Number] = []
    for value in values:
        kept = dtype.cast(value)
        if kept is None:
            return None
        found.append(kept)
    return found


def _alike(shape: Sequence[int], value: object, dtype: DType) -> list[Number] | None:
    """Return the values of a small tensor of one value."""
    if not isinstance(value, (int, float)) or any(map(is_open, shape)):
        return None
    count = prod(map(int, shape))
    return cast([value] * count, dtype) if count <= MOST_ALIKE else None


def _of_one(shape: Sequence[int], value: object, kind: DType) -> Tensor:
    """Return a tensor that has the same value in every place, where it is known."""
    if isinstance(value, complex) and kind.kind != "complex":
        raise misfit(f"{value} can't become {kind}")
    made = Tensor(shape, kind, values=_alike(shape, value, kind))
    known = isinstance(value, (int, float)) and not is_open(value)
    made.every = kind.cast(value) if known else None  # type: ignore[arg-type]
    return made


def _blank(input: Tensor, dtype: object, memory_format: object, value: object = None) -> Tensor:
    """Return another tensor of this shape, laid out alike."""
    made = _of_one(input.shape, value, dtype_of(dtype, input.dtype))
    made.strides = formatted(input, memory_format, iterated_strides(input.shape, (input,)))
    return made


def _filler(name: str, value: object = None) -> None:
    def fill(*sizes: object, size: object = None, dtype: object = None,
             memory_format: object = None) -> Tensor:  # fmt: skip
        shape = sizes_of(name, sizes if size is None else (size,))
        made = _of_one(shape, value, dtype_of(dtype, FLOAT32))
        if memory_format is FORMATS["preserve_format"]:
            raise misfit(f"{name} has no format to preserve")
        made.strides = formatted(made, memory_format, None)
        return made

    def like(input: Tensor, dtype: object = None, memory_format: object = None) -> Tensor:
        return _blank(input, dtype, memory_format, value)

    def new(input: Tensor, *sizes: object, size: object = None, dtype: object = None) -> Tensor:
        shape = sizes_of(name, sizes if size is None else (size,))
        return _of_one(shape, value, dtype_of(dtype, input.dtype))

    TORCH[name] = Operation(f"torch.{name}", fill, saves=CONSTANT)
    TORCH[f"{name}_like"] = Operation(f"torch.{name}_like", like, saves=CONSTANT)
    if name in ("zeros", "ones", "empty"):
        METHODS[f"new_{name}"] = Operation(f"new_{name}", new, saves=CONSTANT)


for _name, _value in (("zeros", 0), ("ones", 1), ("rand", None), ("randn", None), ("empty", None)):
    _filler(_name, _value)


@operation("full", where="t", saves=CONSTANT)
def full(size: object, fill_value: object, dtype: object = None) -> Tensor:
    """A tensor of one value."""
    given = fill_value.dtype if isinstance(fill_value, Tensor) else of_number(fill_value)
    return _of_one(sizes_of("full", (size,)), as_number(fill_value), dtype_of(dtype, given))


@operation("full_like", where="t", saves=CONSTANT)
def full_like(
    input: Tensor, fill_value: object, dtype: object = None, memory_format: object = None
) -> Tensor:
    """A tensor of one value, as large as another."""
    return _blank(input, dtype, memory_format, as_number(fill_value))


@operation("new_full", where="m", saves=CONSTANT)
def new_full(input: Tensor, size: object, fill_value: object, dtype: object = None) -> Tensor:
    """A tensor of one value, of another's kind."""
    return full(size, fill_value, dtype_of(dtype, input.dtype))


def _choice(ends: Sequence[object], low: object, high: object) -> None:
    """Raise where there is no whole number from `low`, or 0, to below `high`."""
    first, last = (0, *ends) if len(ends) == 1 else tuple(ends) or (low, high)
    if isinstance(first, int) and isinstance(last, int) and first >= last:
        raise misfit(f"there is no whole number from {first} to below {last}")


@operation("randint", where="t", saves=CONSTANT)
def randint(*arguments: object, size: object = None, low: object = 0, high: object = None,
            dtype: object = None) -> Tensor:  # fmt: skip
    """Random whole numbers below the first argument, or between the first two."""
    ends, sizes = (arguments[:-1], arguments[-1]) if size is None else (arguments, size)
    _choice(ends, low, high)
    return Tensor(sizes_of("randint", (sizes,)), dtype_of(dtype, INT64))


@operation("randint_like", where="t", saves=CONSTANT)
def randint_like(input: Tensor, *ends: object, low: object = 0, high: object = None,
                 dtype: object = None, memory_format: object = None) -> Tensor:  # fmt: skip
    """Random whole numbers, as many as another tensor has."""
    _choice(ends, low, high)
    return _blank(input, dtype, memory_format)


@operation("randperm", where="t", saves=CONSTANT)
def randperm(n: object, dtype: object = None) -> Tensor:
    """The numbers below n in a random order."""
    return Tensor((as_size("randperm", n),), dtype_of(dtype, INT64))


@operation("normal", where="t", saves=NOTHING)
def normal(mean: object, std: object = 1.0, size: object = None, dtype: object = None) -> Tensor:
    """Random numbers around a mean."""
    if size is not None:
        return Tensor(sizes_of("normal", (size,)), dtype_of(dtype, FLOAT32))
    given = [each for each in (mean, std) if isinstance(each, Tensor)]
    if isinstance(std, Tensor) and any(isinstance(e, float) and e < 0 for e in std.values or ()):
        raise misfit("normal: std is at least 0")
    return Tensor(broadcast("normal", *(each.shape for each in given)), given[0].dtype)


@operation("bernoulli", where="tm", loose=True, saves=NOTHING)
def bernoulli(input: Tensor, p: object = None) -> Tensor:
    """Truth values, by how likely each is, one after the other."""
    if p is None and input.dtype is BOOL:
        raise misfit("bernoulli takes probabilities, not truth values")
    shares = input.values if p is None else p.values if isinstance(p, Tensor) else None
    if any(isinstance(each, (int, float)) and not 0 <= each <= 1 for each in shares or ()):
        raise misfit("bernoulli takes numbers from 0 to 1")
    if isinstance(p, Tensor):
        together = elementwise("bernoulli", input, p, dtype=input.dtype)
        if together.shape != input.shape:
            raise misfit(f"bernoulli: {p!r} aren't the probabilities of {input!r}")
    result = input.worked_out()
    result.strides = None
    return result


@operation("scalar_tensor", where="t", saves=CONSTANT)
def scalar_tensor(s: object, dtype: object = None) -> Tensor:
    """A tensor of one number."""
    return _of_one((), as_number(s), dtype_of(dtype, FLOAT32))


@operation("empty_strided", where="t", saves=CONSTANT)
def empty_strided(size: object, stride: object, dtype: object = None) -> Tensor:
    """A tensor whose numbers lie so far apart."""
    shape, steps = sizes_of("empty_strided", (size,)), sizes_of("empty_strided", (stride,))
    if len(shape) != len(steps):
        raise misfit(f"empty_strided: {len(steps)} strides are given for {len(shape)} sizes")
    return Tensor(shape, dtype_of(dtype, FLOAT32), strides=laid(shape, steps))


@operation("empty_permuted", where="t", saves=CONSTANT)
def empty_permuted(size: object, physical_layout: Sequence[int], dtype: object = None) -> Tensor:
    """A tensor whose axes lie in such an order, the outermost first."""
    shape = sizes_of("empty_permuted", (size,))
    if sorted(physical_layout) != list(range(len(shape))):
        raise misfit(f"empty_permuted: {physical_layout} doesn't order {len(shape)} dimensions")
    strides = ordered(shape, list(physical_layout)[::-1])
    return Tensor(shape, dtype_of(dtype, FLOAT32), strides=strides)


@operation("eye", where="t", saves=CONSTANT)
def eye(n: object, m: object = None, dtype: object = None) -> Tensor:
    """An identity matrix."""
    shape = sizes_of("eye", (n, n if m is None else m))
    return Tensor(shape, dtype_of(dtype, FLOAT32))


def _ends(name: str, *ends: object) -> list[int | float]:
    found: list[int | float] = []
    for end in map(as_number, ends):
        if isinstance(end, Unknown):
            raise NotUnderstood(f"the ends of {name}() aren't known: {end.why}")
        if not isinstance(end, (int, float)):
            raise misfit(f"{name} takes numbers, not {type(end).__name__}", TypeError)
        found.append(end)
    return found


def _in_steps(start: float, step: float, count: int, dtype: DType) -> list[Number] | None:
    """Return numbers in steps; None where PyTorch rounds them as the machine's vectors are wide."""
    if count > MOST_VALUES or is_open(count):
        return None
    plain: list[Number] = [start + at * step for at in range(count)]
    kept = cast(plain, dtype)
    exact = dtype is FLOAT64 or kept == plain or (dtype.kind == "int" and _whole(start, step))
    return kept if exact else None


def _whole(*numbers: float) -> bool:
    return all(isinstance(each, int) for each in numbers)


@operation("arange", where="t", saves=CONSTANT)
def arange(
    *ends: object, start: object = 0, end: object = None, step: object = 1, dtype: object = None
) -> Tensor:
    """Numbers in steps, the end left out."""
    if ends:
        start, end, step = (start, ends[0], step) if len(ends) == 1 else (*ends, step)[:3]
    first, last, by = _ends("arange", start, end, step)
    kind = dtype_of(dtype, INT64 if _whole(first, last, by) else FLOAT32)
    if kind.kind == "int":
        first, last, by = (
            int(each) if isinstance(each, float) and not is_open(each) and each.is_integer()
            else each for each in (first, last, by)
        )  # fmt: skip
    if kind.kind == "int" and not _whole(first, last, by):
        raise NotUnderstood("arange() of whole numbers, from, to or by others, isn't followed")
    if first == 0 and by == 1 and isinstance(last, int) and last >= 0:
        count: int = last
    elif any(map(is_open, (first, last, by))):
        raise NotUnderstood("how many numbers arange() makes depends on the batch")
    elif not by or (last - first) / by < 0:
        raise misfit(f"arange: steps of {by} don't lead from {first} to {last}")
    else:
        count = ceil((last - first) / by)
    return Tensor((count,), kind, values=_in_steps(first, by, count, kind))


@operation("range", where="t", saves=CONSTANT)
def range_(start: object, end: object, step: object = 1, dtype: object = None) -> Tensor:
    """Numbers in steps, the end among them."""
    first, last, by = (definite("range", e) if isinstance(e, int) else e
                       for e in _ends("range", start, end, step))  # fmt: skip
    kind = dtype_of(dtype, FLOAT32)
    if not by or (last - first) / by < 0:
        raise misfit(f"range: steps of {by} don't lead from {first} to {last}")
    if kind.kind == "int" and not _whole(first, last, by):
        raise NotUnderstood("range() of whole numbers, from, to or by others, isn't followed")
    count = floor((last - first) / by) + 1
    return Tensor((count,), kind, values=_in_steps(first, by, count, kind))


EXACT = 32
"""Below so many bytes the numbers of linspace() aren't worked out several at once."""


@operation("linspace", where="t", saves=CONSTANT)
def linspace(start: object, end: object, steps: object, dtype: object = None) -> Tensor:
    """So many numbers between two ends, both among them.

    Source of the values: `linspace_kernel` of PyTorch's ATen/native/cpu/RangeFactoriesKernel.
    """
    (count,) = sizes_of("linspace", (steps,))
    _single("linspace", start, end)
    kind = dtype_of(dtype, FLOAT32)
    ends = [as_number(each) for each in (start, end)]
    one, other = (kind.cast(e) if isinstance(e, (int, float)) else None for e in ends)
    values: list[Number] | None = None
    known = isinstance(one, float) and isinstance(other, float) and not is_open(count)
    if kind.kind == "int" and count < EXACT // kind.itemsize and _whole(*ends):  # type: ignore[arg-type]
        first, last, halfway = float(ends[0]), float(ends[1]), count // 2  # type: ignore[arg-type]
        by = (last - first) / max(count - 1, 1)
        values = [int(first + by * at if at < halfway else last - by * (count - at - 1))
                  for at in range(count)]  # fmt: skip
    elif known and count <= MOST_VALUES and kind is FLOAT32:
        step = kind.cast(kind.cast(other - one) / max(count - 1, 1))  # type: ignore[operator]
        values = cast(
            [one + step * at if at < count // 2 else other - step * (count - at - 1)  # type: ignore[operator]
             for at in range(count)], kind,
        )  # fmt: skip
        if count == 1:
            values = [one]  # type: ignore[list-item]
    return Tensor((count,), kind, values=values)


def _single(name: str, *ends: object) -> None:
    """Raise where an end is a tensor that isn't a single number."""
    if any(isinstance(end, Tensor) and end.shape for end in ends):
        raise misfit(f"{name} takes single numbers as its ends")


@operation("logspace", where="t", harmless="base", saves=CONSTANT)
def logspace(start: object, end: object, steps: object, dtype: object = None) -> Tensor:
    """So many powers between two."""
    _single("logspace", start, end)
    return Tensor(sizes_of("logspace", (steps,)), dtype_of(dtype, FLOAT32))


def _level_below(level: list[object]) -> tuple[int, list[object]]:
    """Return how long the lists of a level are, all alike, and what they hold."""
    lengths = {len(each) if isinstance(each, (list, tuple, range)) else -1 for each in level}
    if len(lengths) > 1:
        raise misfit("tensor(): its lists are of different lengths", ValueError)
    length = lengths.pop()
    if length * len(level) > MOST_ENTRIES:
        raise TooMuch("a list holds too much to make a tensor of")
    return length, [entry for each in level for entry in each]  # type: ignore[attr-defined]


@operation("tensor", where="t", saves=CONSTANT)
def tensor(data: object, dtype: object = None) -> Tensor:
    """A tensor of numbers that are given."""
    if isinstance(data, Tensor):
        kind = dtype_of(dtype, data.dtype)
        return data.worked_out(kind, cast(data.values, kind))
    if isinstance(data, Grid):
        return _of_entries(list(data.shape), list(data.numbers), dtype_of(dtype, data.of_torch))
    shape: list[int] = []
    level = [data]
    while level and isinstance(level[0], (list, tuple, range)):
        length, level = _level_below(level)
        shape.append(length)
    return _of_entries(shape, level, dtype)


def _of_entries(shape: list[int], level: list[object], dtype: object) -> Tensor:
    single = [each.dtype for each in level if isinstance(each, Tensor)]
    numbers = [as_number(each) for each in level]
    real = isinstance(dtype, DType) and dtype.kind not in ("complex", "bool")
    if real and any(isinstance(each, complex) for each in numbers):
        raise misfit(f"a complex number can't become {dtype}", TypeError)
    wrong = next((n for n in numbers if not isinstance(n, (int, float, complex, Unknown))), None)
    if wrong is not None:
        raise misfit(f"tensor() takes numbers, not {type(wrong).__name__}", TypeError)
    for each in level:
        if isinstance(each, Tensor) and prod(each.shape) != 1:
            raise misfit("tensor() takes tensors of one number in a list", ValueError)
    found = {*single, *(of_number(each) for each in level if not isinstance(each, Tensor))}
    kind = dtype_of(dtype, next((e for e in reversed(RANKED) if e in found), FLOAT32))
    if single and (len(found) > 1 or found - {*RANKED}) and dtype is None:
        raise NotUnderstood("a tensor of tensors of several kinds isn't followed")
    known = len(level) <= MOST_VALUES and not any(isinstance(n, Unknown) or is_open(n)
                                                  for n in numbers)  # fmt: skip
    values = cast(numbers, kind) if known else None  # type: ignore[arg-type]
    return Tensor(shape, kind, values=values)


RANKED = (BOOL, INT64, FLOAT32, DTYPES["complex64"])
"""The kinds of Python's numbers, each able to hold those before it."""


@operation("asarray", where="t", saves=NOTHING)
def asarray(obj: object, dtype: object = None, copy: object = None) -> Tensor:
    """A tensor of numbers that are given, copied or not."""
    stays = isinstance(obj, Tensor) and dtype_of(dtype, obj.dtype) is obj.dtype
    if copy is False and isinstance(obj, Tensor) and not stays:
        raise misfit(f"asarray can't make {dtype} of {obj.dtype} without a copy", ValueError)
    return tensor(obj, dtype) if copy or not isinstance(obj, Tensor) else as_tensor(obj, dtype)


@operation("as_tensor", "from_numpy", where="t", saves=NOTHING)
def as_tensor(data: object, dtype: object = None) -> Tensor:
    """A tensor of numbers that are given; the same one where it is one already."""
    if isinstance(data, Tensor) and dtype_of(dtype, data.dtype) is data.dtype:
        return data
    return tensor(data, dtype)


@operation("new_tensor", where="m", saves=CONSTANT)
def new_tensor(input: Tensor, data: object, dtype: object = None) -> Tensor:
    """A tensor of numbers that are given, of another's kind."""
    return tensor(data, dtype_of(dtype, input.dtype))


def of_type(name: str, dtype: DType, data: tuple[object, ...]) -> Tensor:
    """Return what one of torch's old types makes: of sizes, or of one list of numbers."""
    first = data[0] if len(data) == 1 else None
    if isinstance(first, Size) or all(isinstance(each, int) for each in data):
        return Tensor(sizes_of(name, data or (0,)), dtype)
    if not isinstance(first, (list, tuple, range, Tensor, Grid)):
        raise misfit(f"{name} takes sizes, or one list of numbers", TypeError)
    return tensor(first, dtype)


@operation("new", where="m", saves=CONSTANT)
def new(input: Tensor, *data: object) -> Tensor:
    """A tensor of another's kind, of sizes or numbers."""
    return of_type("new", input.dtype, data)


class TensorType(type):
    """The class of torch.Tensor and its like: what they make, and what is an instance of them."""

    dtype: DType | None
    makes: Operation

    def __call__(cls, *data: object, **named: object) -> object:
        """Return what the type makes."""
        return cls.makes(*data, **named)

    def __getattr__(cls, name: str) -> object:
        """Return a method of tensors, as a function."""
        if name in METHODS:
            return METHODS[name]
        if not name.startswith("_") and name in names_of("torch.Tensor"):
            raise NotUnderstood(f"torch.Tensor.{name} isn't followed")
        raise AttributeError(f"torch.Tensor has no {name}")

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, Tensor) and cls.dtype in (None, value.dtype)


def _type(name: str, dtype: DType | None) -> type:
    made = TensorType(name, (), {"__module__": "torch"})
    made.dtype = dtype
    made.makes = Operation(f"torch.{name}", lambda *data: of_type(name, dtype or FLOAT32, data))
    return made


TYPES: dict[str, type] = {
    name: _type(name, DTYPES.get(dtype))
    for name, dtype in (
        ("Tensor", ""), ("FloatTensor", "float32"), ("DoubleTensor", "float64"),
        ("HalfTensor", "float16"), ("BFloat16Tensor", "bfloat16"), ("LongTensor", "int64"),
        ("IntTensor", "int32"), ("ShortTensor", "int16"), ("CharTensor", "int8"),
        ("ByteTensor", "uint8"), ("BoolTensor", "bool"),
    )
}  # fmt: skip
"""torch.Tensor and the types that say their kind of numbers, which stand in torch."""


@operation("tril_indices", where="t", saves=CONSTANT)
def tril_indices(row: object, col: object, offset: object = 0, dtype: object = None) -> Tensor:
    """The places on a diagonal and below it."""
    return _triangle("tril_indices", row, col, offset, dtype, above=False)


@operation("triu_indices", where="t", saves=CONSTANT)
def triu_indices(row: object, col: object, offset: object = 0, dtype: object = None) -> Tensor:
    """The places on a diagonal and above it."""
    return _triangle("triu_indices", row, col, offset, dtype, above=True)


def _triangle(
    name: str, row: object, col: object, offset: object, dtype: object, *, above: bool
) -> Tensor:
    rows, columns = (definite(name, size) for size in sizes_of(name, (row, col)))
    ahead = as_size(name, offset)
    if rows > MOST_ROWS:
        raise NotUnderstood(f"{name}() of so many rows isn't followed")
    if above:
        count = sum(columns - min(max(at + ahead, 0), columns) for at in range(rows))
    else:
        count = sum(min(max(at + 1 + ahead, 0), columns) for at in range(rows))
    return Tensor((2, count), dtype_of(dtype, INT64))


MOST_ROWS = 100_000
"""The most rows of a triangle, of which each is counted."""


def _keeps_of_parts(result: Tensor, real: Tensor, imag: Tensor) -> Iterator[Kept]:
    """Yield of both parts those that need a gradient, of which the size alone is used."""
    del result  # of which nothing is kept
    yield from (each for each in (real, imag) if needs(each))


@operation("polar", where="t", saves="result")
def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """Complex numbers of two tensors, which have one kind."""
    if abs.dtype != angle.dtype or abs.dtype not in COMPLEX:
        raise misfit(f"complex numbers are made of one kind, not of {abs.dtype} and {angle.dtype}")
    return elementwise("polar", abs, angle, dtype=COMPLEX[abs.dtype])


TORCH["complex"] = Operation("torch.complex", lambda real, imag: polar(real, imag))


# ---------------------------------------------------------------------------------------------
# Of another kind
# ---------------------------------------------------------------------------------------------


operation("complex", where="t", saves=_keeps_of_parts)(lambda real, imag: polar(real, imag))


def converted(input: Tensor, dtype: DType, memory_format: object = None,
              copy: object = False) -> Tensor:  # fmt: skip
    """Return the same numbers of a kind; the same tensor where it is of it already."""
    strides = formatted(input, memory_format, input.strides)
    stays = input.dtype is dtype or (input.dtype is ANY and dtype is FLOAT32)
    if stays and strides == input.strides and not copy:
        if input.dtype is dtype:
            return input
        return input.like(dtype, input.values).viewing(input)
    result = input.worked_out(dtype, cast(input.values, dtype))
    result.strides = formatted(input, memory_format, result.strides)
    return result


def _casts(name: str, dtype: DType) -> None:
    @operation(name, where="m", saves=NOTHING)
    def convert(input: Tensor, memory_format: object = None) -> Tensor:
        return converted(input, dtype, memory_format)


for _name, _dtype in {**ALIASES, "bool": BOOL, "bfloat16": DTYPES["bfloat16"]}.items():
    _casts(_name, _dtype)


@operation("cpu", "cuda", "pin_memory", "mps", "share_memory_", "xpu",
           where="m", loose=True, saves=NOTHING)  # fmt: skip
def moved(input: Tensor, memory_format: object = None) -> Tensor:
    """The same numbers elsewhere."""
    return converted(input, input.dtype, memory_format)


@operation("type", where="m", loose=True, saves=NOTHING)
def type_(input: Tensor, dtype: object = None) -> object:
    """The same numbers of another kind, or the name of their kind."""
    if dtype is None or isinstance(dtype, Unknown):
        return Unknown("the kind of numbers")
    if isinstance(dtype, str):
        dtype = TYPES.get(dtype.rpartition(".")[2])
    if isinstance(dtype, TensorType):
        dtype = dtype.dtype or FLOAT32
    if not isinstance(dtype, (DType, type)):
        raise misfit("type() takes a dtype, or the name of one of torch's types", TypeError)
    return converted(input, dtype_of(dtype, input.dtype))


@operation("type_as", where="m", saves=NOTHING, of_first=1)
def type_as(input: Tensor, other: Tensor) -> Tensor:
    """The same numbers of another tensor's kind."""
    return converted(input, other.dtype)


METHODS["to"] = Operation(
    "to",
    lambda input, *targets, dtype=None, other=None, memory_format=None, copy=False: to(
        input, (*targets, dtype, other), memory_format, copy
    ),
    loose=True,
    saves=NOTHING,
    of_first=1,
)


def to(input: Tensor, targets: Sequence[object], memory_format: object = None,
       copy: object = False) -> Tensor:  # fmt: skip
    """The same numbers elsewhere, or of another kind."""
    dtype = input.dtype
    for each in targets:
        if isinstance(each, (int, float)):
            raise NotUnderstood(f"to() isn't followed with {each!r}")
        if isinstance(each, Tensor):
            dtype = each.dtype
        elif isinstance(each, DType) or (isinstance(each, type) and each in (bool, int, float)):
            dtype = dtype_of(each, dtype)
    return converted(input, dtype, memory_format, copy)
