"""A tensor is its shape: which of its sizes is the batch, what it sees of the input, its strides.

Sizes are ints; the one that counts the samples is a `Batch`. Strides are followed since `view`
hangs on them; values are kept of small constant tensors alone, from which models take numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

from convcalc import text
from convcalc.formulas import MOST
from convcalc.layers.base import Batch, Shape, Window, per_sample
from convcalc.layers.base import size_text as size_text
from convcalc.network.refusals import NotUnderstood, Place, Raised, Unknown, too_large

MOST_AXES = 16
"""The most axes that a tensor may have."""
MOST_VALUES = 4096
"""The most values that are kept."""
ANY_BATCH = 1_000_003
"""What stands for a batch of any size in strides: a prime larger than sizes are."""


class Field(NamedTuple):
    """What the positions of an axis see of one axis of the network's input.

    Position i sees from i·`step` + `first` to i·`step` + `last` (Araujo, Norris and Sim,
    "Computing receptive fields of convolutional neural networks", Distill, 2019).
    """

    axis: int
    first: int
    last: int
    step: int

    def through(self, window: Window) -> Field:
        """Return what is seen through a window over these positions."""
        seen = Field(
            self.axis,
            self.first - window.before * self.step,
            self.last + (window.span - 1 - window.before) * self.step,
            self.step * window.step,
        )
        if max(seen.size, seen.step) > MOST:
            raise too_large("a receptive field or a stride")
        return seen

    def joined(self, other: Field) -> Field | None:
        """Return the union of what both see; None where their positions don't run alike."""
        if (self.axis, self.step) != (other.axis, other.step):
            return None
        return Field(self.axis, min(self.first, other.first), max(self.last, other.last), self.step)

    @property
    def size(self) -> int:
        """How many positions of the input one position sees."""
        return self.last - self.first + 1


Fields = tuple[Field | None, ...]


class Story(NamedTuple):
    """Where a tensor's last sizes come from: what was flattened, and where."""

    before: Shape
    place: Place
    verb: str


class Maker(NamedTuple):
    """The layer that gave a tensor its sizes, and what came into it."""

    module: Any
    shape: Shape


class Tensor:
    """What is known of a tensor."""

    __slots__ = (
        "dtype", "fed", "fields", "maker", "shape", "story", "strides", "values", "work",
    )  # fmt: skip

    def __init__(
        self,
        shape: Sequence[int],
        dtype: str = "float",
        *,
        strides: tuple[int, ...] | None = None,
        fields: Fields | None = None,
        values: list[Any] | None = None,
        fed: bool = False,
    ) -> None:
        self.shape = tuple(shape)
        self.dtype = dtype
        """float, int, bool or complex; any where nobody said."""
        self.strides = strides
        """None where the numbers lie one after the other."""
        self.fields = fields if fields is not None else (None,) * len(self.shape)
        self.values = values
        """The numbers in order, where they are known."""
        self.fed = fed
        """Whether it comes from the network's input."""
        self.work = 0
        """The multiply-accumulates that it took."""
        self.story: Story | None = None
        self.maker: Maker | None = None
        """The layer that gave it its sizes."""
        check_size(self.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def like(self, **changes: Any) -> Tensor:
        """Return a tensor of this shape, made from this one."""
        new = Tensor(
            self.shape,
            changes.get("dtype", self.dtype),
            strides=self.strides,
            fields=self.fields,
            values=changes.get("values"),
            fed=self.fed,
        )
        new.story, new.maker = self.story, self.maker
        return new

    def worked_out(self, **changes: Any) -> Tensor:
        """Return what an operation on every number alone makes of this tensor."""
        new = self.like(**changes)
        new.strides = iterated_strides(self.shape, (self,))
        return new

    def mixed(self, *axes: int) -> Tensor:
        """Return itself, of which a position along these axes sees what no window says."""
        self.fields = tuple(None if at in axes else each for at, each in enumerate(self.fields))
        return self

    def __repr__(self) -> str:
        return f"tensor of {text.shape(per_sample(self.shape))}"


def as_number(tensor: Tensor) -> Any:
    """Return the one number of a tensor, as .item() does."""
    if tensor.values is not None and len(tensor.values) == 1:
        return tensor.values[0]
    return Unknown("it hangs on the values of a tensor")


class Parameter(Tensor):
    """A tensor that a module learns."""

    __slots__ = ("requires_grad",)

    def __init__(self, shape: Sequence[int], requires_grad: bool = True) -> None:
        super().__init__(shape)
        self.requires_grad = requires_grad


def check_size(shape: Shape) -> None:
    """Raise where a tensor is larger than any that there is."""
    if len(shape) > MOST_AXES or prod(map(int, shape)) > MOST:
        sizes = text.shape(per_sample(shape[:MOST_AXES]))
        raise too_large(f"a tensor of {sizes}")


def shown(shape: Sequence[int]) -> str:
    """Return a whole shape as people read it: batch × 3 × 32 × 32."""
    return " × ".join(map(size_text, shape)) or "a single number"


def same(first: int, second: int) -> bool:
    """Return whether two sizes are the same, for every batch."""
    if isinstance(first, Batch) and isinstance(second, Batch):
        return first.each == second.each
    if isinstance(first, Batch) or isinstance(second, Batch):
        batch = first if isinstance(first, Batch) else second
        return bool(getattr(batch, "samples", 0)) and int(first) == int(second)
    return first == second


def is_open(size: Any) -> bool:
    """Return whether a size hangs on a batch of which nobody said how large it is."""
    return isinstance(size, Batch) and not size.samples


def definite(name: str, size: int) -> int:
    """Return a size as a plain number; refuse where it hangs on the batch."""
    if is_open(size):
        raise NotUnderstood(f"{name} hangs on how many samples there are, which --batch says")
    return int(size)


def merged(name: str, sizes: Sequence[int]) -> int:
    """Return how many numbers several axes hold together."""
    if sum(map(is_open, sizes)) > 1:
        raise NotUnderstood(f"{name} makes one size of two that hang on the batch")
    return prod(sizes)


def added(name: str, sizes: Sequence[int]) -> int:
    """Return how long several parts of one axis are together."""
    total: int = 0
    for size in sizes:
        if is_open(size) is not is_open(total) and total and size:
            raise NotUnderstood(f"{name} adds a fixed size to one that hangs on the batch")
        total = size + total
    return total


def is_one(size: int) -> bool:
    """Return whether a size is 1, for every batch."""
    return same(size, 1)


def same_shape(first: Sequence[int], second: Sequence[int]) -> bool:
    """Return whether two shapes are the same, for every batch."""
    return len(first) == len(second) and all(map(same, first, second))


# ---------------------------------------------------------------------------------------------
# Strides
# ---------------------------------------------------------------------------------------------


def extent(size: int) -> int:
    """Return a size as strides count it."""
    if isinstance(size, Batch) and not size.samples:
        return size.each * ANY_BATCH
    return int(size)


def packed(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the strides of numbers that lie one after the other."""
    strides = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(extent(size), 1)
    return tuple(reversed(strides))


def strides_of(tensor: Tensor) -> tuple[int, ...]:
    """Return how far apart a tensor's neighbours lie on every axis."""
    return packed(tensor.shape) if tensor.strides is None else tensor.strides


def laid(shape: Sequence[int], strides: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return strides; None where they are those of numbers that lie one after the other."""
    plain = packed(shape)
    if all(a == b or is_one(size) for size, a, b in zip(shape, strides, plain, strict=True)):
        return None
    return strides


def ordered(shape: Sequence[int], order: Sequence[int]) -> tuple[int, ...] | None:
    """Return strides without holes, the axes in this order from the innermost in memory."""
    strides = [0] * len(shape)
    step = 1
    for axis in order:
        strides[axis] = step
        step *= max(extent(shape[axis]), 1)
    return laid(shape, tuple(strides))


def channels_last(tensor: Tensor, shape: Sequence[int]) -> tuple[int, ...] | None:
    """Return the strides of a result that keeps its channels last if a tensor has them so.

    Source: `is_channels_last_strides_2d` of PyTorch's c10/core/MemoryFormat.
    """
    if tensor.strides is None or len(shape) != tensor.ndim or tensor.ndim not in (3, 4, 5):
        return None
    order = [1, *range(tensor.ndim - 1, 1, -1), 0]
    least = 0
    for axis in order:
        step = tensor.strides[axis]
        if step < max(least, axis == 1) or (axis == 0 and least == tensor.strides[1]):
            return None
        least = step * max(extent(tensor.shape[axis]), 1)
    return ordered(shape, order)


def iterated_strides(shape: Sequence[int], tensors: Sequence[Tensor]) -> tuple[int, ...] | None:
    """Return the strides of what an operation on numbers in the same places makes of tensors.

    Source: `reorder_dimensions` of PyTorch's ATen/TensorIterator.
    """
    if all(tensor.strides is None for tensor in tensors if tensor.ndim == len(shape)):
        return None
    ndim = len(shape)
    rows = []
    for tensor in tensors:
        lead = ndim - tensor.ndim
        steps = [
            0 if is_one(old) and not is_one(new) else step
            for old, new, step in zip(tensor.shape, shape[lead:], strides_of(tensor), strict=True)
        ]
        rows.append([0] * lead + steps)
    order = list(range(ndim))[::-1]
    for start in range(1, ndim):
        moving = start
        for place in range(start - 1, -1, -1):
            comes = _comes_first(rows, shape, order[place], order[moving])
            if comes > 0:
                order[place], order[moving] = order[moving], order[place]
                moving = place
            elif comes < 0:
                break
    return ordered(shape, order)


def _comes_first(rows: Any, shape: Sequence[int], one: int, other: int) -> int:
    """Return whether an axis lies further out in memory than another: 1, -1, or 0 where either."""
    for strides in rows:
        first, second = strides[one], strides[other]
        if not first or not second:
            continue
        if first != second:
            return 1 if first > second else -1
        if extent(shape[one]) > extent(shape[other]):
            return 1
    return 0


def viewed_strides(tensor: Tensor, shape: Sequence[int]) -> tuple[tuple[int, ...] | None, bool]:
    """Return the strides of a view, and whether there is one without copying.

    Source: `computeStride` of PyTorch's ATen/TensorUtils.
    """
    if tensor.strides is None:
        return None, True
    old = [(extent(n), s) for n, s in zip(tensor.shape, tensor.strides, strict=True)]
    new = [extent(size) for size in shape]
    strides = [0] * len(new)
    at = len(new) - 1
    base = old[-1][1] if old else 1
    chunk, taken = 1, 1
    for axis in range(len(old) - 1, -1, -1):
        chunk *= old[axis][0]
        starts = axis == 0 or (old[axis - 1][0] != 1 and old[axis - 1][1] != chunk * base)
        if not starts:
            continue
        while at >= 0 and (taken < chunk or new[at] == 1):
            strides[at] = taken * base
            taken *= new[at]
            at -= 1
        if taken != chunk:
            return None, False
        if axis > 0:
            base = old[axis - 1][1]
            chunk = taken = 1
    if at != -1:
        return None, False
    return laid(shape, tuple(strides)), True


# ---------------------------------------------------------------------------------------------
# Sizes
# ---------------------------------------------------------------------------------------------


def axis_of(name: str, axis: Any, ndim: int, of: Sequence[int]) -> int:
    """Return which axis is meant, counted from the front."""
    if isinstance(axis, bool) or not isinstance(axis, int):
        raise Raised(f"{name}: {axis!r} is no dimension, whole numbers are", "TypeError")
    most = max(ndim, 1)
    if not -most <= axis < most:
        raise Raised(
            f"{name}: there is no dimension {axis} in {shown(of)}, which has {-most} to {most - 1}",
            "IndexError",
        )
    return int(axis) % most


def numbers(shape: Sequence[int]) -> tuple[int, int]:
    """Return how many numbers a shape holds for each sample, and how often the batch is in it."""
    amount, batches = 1, 0
    for size in shape:
        amount *= size.each if isinstance(size, Batch) else size
        batches += isinstance(size, Batch)
    return amount, batches


def a_batch(shape: Sequence[int]) -> Batch | None:
    """Return a size of the batch, if there is one."""
    return next((size for size in shape if isinstance(size, Batch)), None)


def filled_in(name: str, shape: Sequence[int], wanted: Sequence[int]) -> Shape:
    """Return the sizes asked for, with a -1 worked out; raise where the numbers aren't as many."""
    sizes = [as_size(name, size) for size in wanted]
    if sizes.count(-1) > 1:
        raise Raised(f"{name}: only one size can be -1, not in {tuple(sizes)}")
    if any(size < -1 for size in sizes):
        raise Raised(f"{name}: sizes are not negative, in {tuple(sizes)}")
    amount, batches = numbers(shape)
    known = [size for size in sizes if size != -1 or isinstance(size, Batch)]
    taken, taken_batches = numbers(known)
    if len(known) == len(sizes):
        if (amount, batches) != (taken, taken_batches) and not (
            _explicit(shape, sizes) and prod(map(int, shape)) == prod(map(int, sizes))
        ):
            raise _not_as_many(name, shape, sizes)
        return tuple(sizes)
    batch = a_batch((*shape, *sizes))
    rest: int | None = None
    if taken and amount % taken == 0 and batches - taken_batches in (0, 1):
        rest = amount // taken
        if batches > taken_batches and batch is not None:
            rest = Batch(rest, batch.samples)
    elif _explicit(shape, sizes):
        whole, part = prod(map(int, shape)), prod(map(int, known))
        rest = whole // part if part and whole % part == 0 else None
    if rest is None:
        raise _not_as_many(name, shape, sizes)
    at = next(at for at, size in enumerate(sizes) if size == -1 and not isinstance(size, Batch))
    return (*sizes[:at], rest, *sizes[at + 1 :])


def _explicit(*shapes: Sequence[int]) -> bool:
    """Return whether the batch is a number that somebody gave."""
    return any(bool(b.samples) for b in map(a_batch, shapes) if b is not None) or not any(
        map(a_batch, shapes)
    )


def _not_as_many(name: str, shape: Sequence[int], sizes: Sequence[int]) -> Raised:
    each = per_sample(tuple(shape))
    return Raised(
        f"{name}({', '.join(map(size_text, sizes))}) doesn't fit {shown(shape)}, "
        f"which holds {prod(each):,} numbers"
        + (" per sample" if shape and isinstance(shape[0], Batch) else "")
    )


def as_size(name: str, size: Any) -> int:
    """Return a size, which is a whole number."""
    if isinstance(size, Tensor) and size.values is not None and len(size.values) == 1:
        size = size.values[0]
    if isinstance(size, bool) or not isinstance(size, int):
        raise Raised(f"{name}: {size!r} is no size, whole numbers are", "TypeError")
    if abs(size) > MOST:
        raise too_large(f"{name}: a size of {size:,}")
    return size


def broadcast(name: str, *shapes: Shape) -> Shape:
    """Return the shape that several become together, as PyTorch broadcasts them."""
    result: list[int] = []
    ndim = max(map(len, shapes))
    for axis in range(-ndim, 0):
        size: int = 1
        for shape in shapes:
            if -axis > len(shape) or is_one(shape[axis]):
                continue
            if is_one(size):
                size = shape[axis]
            elif not same(size, shape[axis]):
                listed = " and ".join(shown(each) for each in shapes)
                raise Raised(
                    f"{name}: {listed} don't fit together, since {size_text(size)} and "
                    f"{size_text(shape[axis])} differ in dimension {ndim + axis}"
                )
        result.append(size)
    return tuple(result)


def joined_fields(shape: Shape, tensors: Sequence[Tensor]) -> Fields:
    """Return what the positions of a result see that is worked out from several tensors."""
    fields: list[Field | None] = []
    for axis in range(-len(shape), 0):
        seen: Field | None = None
        for at, tensor in enumerate(tensors):
            there = -axis <= tensor.ndim
            field = tensor.fields[axis] if there else None
            if not tensor.fed:
                continue  # a constant sees nothing
            if field is None or (is_one(tensor.shape[axis]) and not is_one(shape[axis])):
                seen = None
                break
            if seen is None and at == first_fed(tensors):
                seen = field
            else:
                seen = seen.joined(field) if seen is not None else None
                if seen is None:
                    break
        fields.append(seen)
    return tuple(fields)


def first_fed(tensors: Sequence[Tensor]) -> int:
    """Return which tensor is the first that comes from the input."""
    return next((at for at, tensor in enumerate(tensors) if tensor.fed), 0)


DTYPES = ("bool", "int", "any", "float", "complex")


def promoted(operands: Sequence[Any]) -> str:
    """Return the kind of numbers that several tensors and plain numbers make together."""
    kinds = [each.dtype if isinstance(each, Tensor) else type(each).__name__ for each in operands]
    known = [kind for kind in kinds if kind in DTYPES]
    return max(known, key=DTYPES.index) if known else "float"


def with_point(kind: str) -> str:
    """Return the kind of numbers that functions make which give no whole ones."""
    return "float" if kind in ("bool", "int") else kind


def elementwise(name: str, *tensors: Tensor, dtype: str | None = None) -> Tensor:
    """Return what an operation on numbers in the same places makes of tensors."""
    if len(tensors) == 1:
        return tensors[0].worked_out(dtype=dtype or tensors[0].dtype)
    shape = broadcast(name, *(tensor.shape for tensor in tensors))
    whole = [t for t in tensors if same_shape(t.shape, shape)]
    result = Tensor(
        shape,
        dtype or promoted(tensors),
        strides=iterated_strides(shape, tensors),
        fields=joined_fields(shape, tensors),
        fed=any(tensor.fed for tensor in tensors),
    )
    result.story = next((t.story for t in whole if t.story is not None), None)
    return result
