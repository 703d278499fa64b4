"""A tensor is its shape: which of its sizes is the batch, what it sees of the input, its strides.

Strides are followed since `view` depends on them; values are kept of small constant tensors alone,
from which models take numbers. What its operators and methods do stands in `functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod
from operator import itemgetter
from types import MethodType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from convcalc import text
from convcalc.layers.base import Shape, per_sample
from convcalc.network.torch.dtypes import FLOAT32, DType, of_number, promoted
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.fields import Field, Fields
from convcalc.network.torch.gradients.storage import GRADIENTS, Storage
from convcalc.network.torch.rooms.room import Room
from convcalc.network.torch.sizes import broadcast, check_size, is_one, is_open, same_shape, shown
from convcalc.network.torch.strides import Strides, iterated_strides
from convcalc.reading.exceptions import NotUnderstood, Place
from convcalc.reading.values import Unknown, Value, public

if TYPE_CHECKING:
    from convcalc.network.torch.module import Module

Self = TypeVar("Self", bound="Tensor")
Number = complex
"""A number of a tensor: a truth value, a whole one, one with a point or a complex one."""
MOST_VALUES = 4096
"""The most values that are kept."""
OF_VALUES = "it depends on the values of a tensor"

NOWHERE: frozenset[int] = frozenset()
"""What no row was worked out to make."""

METHODS = Room("m")
"""The methods of tensors by their names, those of Python's operators too."""
ATTRIBUTES = Room("a")
"""The attributes of tensors that are no methods."""
OF_TORCH = frozenset(
    "grad_dtype mH name names output_nr retains_grad volatile _backward_hooks _base _cdata _grad "
    "_grad_fn _post_accumulate_grad_hooks _version".split()
)
"""Attributes that mean something to torch and aren't followed: the others are a program's own."""
NAMES: set[str] = set()
"""The names that PyTorch's tensors have, followed or not."""
SETTERS = Room("e")
"""What sets those that can be set."""


class Story(NamedTuple):
    """Where a tensor's last sizes come from: what was flattened, and where."""

    before: Shape
    place: Place
    verb: str


class Maker(NamedTuple):
    """The layer that gave a tensor its sizes, and what came into it."""

    module: Module
    shape: Shape


def results(*names: str) -> type[tuple[Tensor, ...]]:
    """Return a class of tuples whose parts have names, as torch returns several tensors."""
    parts = {name: property(itemgetter(at)) for at, name in enumerate(names)}
    return public(type("return_types", (tuple,), {"__slots__": (), **parts}))


Pair = results("values", "indices")
"""Values and their places."""


class Grid(Value):
    """Numbers in a shape that aren't a tensor, and that one may be made of."""

    __slots__ = ("numbers", "shape")
    numbers: list[int | float]
    shape: tuple[int, ...]

    @property
    def of_torch(self) -> DType:
        """The kind that torch has for them."""
        raise NotImplementedError


class Tensor(Value):
    """What is known of a tensor."""

    __slots__ = (
        "alike", "base", "dtype", "fed", "fields", "held", "learnt", "linked", "maker", "numbers",
        "own", "saved", "shape", "sources", "story", "strides", "version", "work",
    )  # fmt: skip

    apart = False
    """Whether its memory is that of a parameter, which is counted elsewhere."""

    def __init__(
        self,
        shape: Sequence[int],
        dtype: DType = FLOAT32,
        *,
        strides: Strides | None = None,
        fields: Fields | None = None,
        values: list[Number] | None = None,
        fed: bool = False,
    ) -> None:
        self.shape = tuple(shape)
        self.dtype = dtype
        self.strides = strides
        """None where the numbers lie one after the other."""
        self.fields = fields if fields is not None else (None,) * len(self.shape)
        self.held: Storage | None = None
        self.version = 0
        """How often its memory had been written into when its numbers were found."""
        self.values = values
        self.fed = fed
        """Whether it comes from the network's input."""
        self.sources: frozenset[int] = NOWHERE
        """The rows of the network's trace that it was worked out from, by their numbers."""
        self.work = 0
        """The multiply-accumulates that it took."""
        self.saved: Callable[[], Iterable[Kept] | None] | None = None
        """What tells what its layer keeps of it for the backward, until somebody has asked."""
        self.learnt = False
        """Whether it needs a gradient itself, whatever it is a view of."""
        self.linked = True
        """Whether its gradient is handed on: not that of a view made where none are taken."""
        self.base: Tensor | None = None
        """The tensor of which it is a view."""
        self.own: dict[str, object] | None = None
        """The attributes that a program gave it."""
        self.story: Story | None = None
        self.maker: Maker | None = None
        """The layer that gave it its sizes."""
        check_size(self.shape)

    @property
    def values(self) -> list[Number] | None:
        """The numbers in order, where they are known, as long as nobody writes over them."""
        held = self.held
        return self.numbers if held is None or held.written == self.version else None

    @values.setter
    def values(self, values: list[Number] | None) -> None:
        self.numbers = values
        self.every = values[0] if values is not None and len(values) == 1 else None

    @property
    def every(self) -> Number | None:
        """The number that stands in every place, where it is known, however many there are."""
        held = self.held
        return self.alike if held is None or held.written == self.version else None

    @every.setter
    def every(self, value: Number | None) -> None:
        self.alike = value
        self.version = 0 if self.held is None else self.held.written

    def write(self, values: list[Number] | None) -> None:
        """Put numbers into its memory, None where they aren't known: what shares it has others."""
        if self.held is not None:
            self.held.written += 1
        self.values = values

    def change_base(self) -> None:
        """Let what this is a view of come from what this does, too, which has just changed."""
        if self.base is not None:
            self.base.sources |= self.sources

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def storage(self) -> Storage:
        """The memory that its numbers lie in, which views of it share."""
        if self.held is None:
            self.held = Storage(prod(map(int, self.shape)), self.dtype.itemsize)
            self.held.apart = self.apart
        return self.held

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient is needed of it: of a view, whether one is of all that it is of."""
        return self.learnt or (self.base is not None and self.base.learnt)

    @requires_grad.setter
    def requires_grad(self, needed: bool) -> None:
        (self if self.base is None else self.base).learnt = needed

    def viewing(self: Self, other: Tensor, detached: bool = False) -> Self:
        """Return itself, made a view of another tensor: both share their memory.

        It needs a gradient when the other does, also where none are taken, unless it is detached.
        """
        self.held = other.storage
        self.version = self.held.written
        if not detached:
            self.base = other if other.base is None else other.base
            self.linked = GRADIENTS.get()
            self.learnt = self.linked and other.learnt and other.base is not None
        return self

    def like(self, dtype: DType | None = None, values: list[Number] | None = None) -> Tensor:
        """Return a tensor of this shape, made from this one."""
        new = Tensor(
            self.shape, dtype or self.dtype,
            strides=self.strides, fields=self.fields, values=values, fed=self.fed,
        )  # fmt: skip
        new.story, new.maker, new.sources = self.story, self.maker, self.sources
        return new

    def worked_out(self, dtype: DType | None = None, values: list[Number] | None = None) -> Tensor:
        """Return what an operation on every number alone makes of this tensor."""
        new = self.like(dtype, values)
        new.strides = iterated_strides(self.shape, (self,))
        return new

    def mixed(self, *axes: int) -> Tensor:
        """Return itself, of which a position along these axes sees what no window says."""
        self.fields = tuple(None if at in axes else each for at, each in enumerate(self.fields))
        return self

    def become(self, other: Tensor) -> Tensor:
        """Return itself, made what another tensor is; what shared its memory has other numbers."""
        if self.held is not None:
            self.held.written += 1
        for name in Tensor.__slots__:
            if name not in ("base", "learnt", "linked", "own"):
                setattr(self, name, getattr(other, name))
        return self

    def get(self, name: str) -> object:
        """Return an attribute or a method."""
        if self.own is not None and name in self.own:
            return self.own[name]
        if name in ATTRIBUTES:
            value = ATTRIBUTES[name](self)
            if isinstance(value, Tensor):  # .T, .real
                value.sources = self.sources
            return value
        if name in METHODS:
            return MethodType(METHODS[name], self)
        if name in NAMES or name.startswith("__"):
            raise NotUnderstood(f"a tensor's {name} isn't followed")
        hint = text.hint(name, METHODS)
        raise misfit(f"a tensor has no {name}{hint}", AttributeError)

    def put(self, name: str, value: object) -> None:
        """Set an attribute."""
        if name in SETTERS:
            SETTERS[name](self, value)
        elif name in ATTRIBUTES:
            raise misfit(f"a tensor's {name} can't be set", AttributeError)
        elif name in OF_TORCH or name.startswith("__"):
            raise NotUnderstood(f"setting a tensor's {name} isn't followed")
        else:
            self.own = {**(self.own or {}), name: value}

    def delete(self, name: str) -> None:
        """Delete an attribute that the program set."""
        if self.own is None or name not in self.own:
            super().delete(name)
        else:
            del self.own[name]

    def handed_to(self, unknown: Unknown) -> None:
        """Refuse to go where any work may be done, which nobody could count."""
        if self.fed:
            raise unknown.refused()

    def __repr__(self) -> str:
        return f"tensor of {text.shape(per_sample(self.shape))}"

    def __iter__(self) -> Iterator[object]:
        return iter(METHODS["__iter__"](self))  # type: ignore[call-overload,no-any-return]

    def __len__(self) -> int:
        size = METHODS["__len__"](self)
        if is_open(size):
            raise Unknown("len() of it depends on the batch, which --batch says").refused()
        return int(size)  # type: ignore[call-overload,no-any-return]

    def __bool__(self) -> bool:
        found = as_number(self)
        many = any(not is_open(size) and not is_one(size) for size in self.shape)
        if many and isinstance(found, Unknown) and 0 not in self.shape:
            raise misfit(f"the truth of several numbers, {shown(self.shape)}, is ambiguous")
        return bool(found)

    def __int__(self) -> int:
        return int(as_number(self))  # type: ignore[call-overload,no-any-return]

    def __float__(self) -> float:
        return float(as_number(self))  # type: ignore[arg-type]

    def __index__(self) -> int:
        if self.dtype.has_point:
            raise misfit("an index is a whole number, not a tensor of others", TypeError)
        found = as_number(self)
        if isinstance(found, Unknown):
            raise found.refused()
        return int(found)  # type: ignore[call-overload,no-any-return]

    def __contains__(self, value: object) -> bool:
        raise Unknown(OF_VALUES).refused()

    def __getitem__(self, key: object) -> object:
        return METHODS["__getitem__"](self, key)

    def __setitem__(self, key: object, value: object) -> None:
        METHODS["__setitem__"](self, key, value)


class Parameter(Tensor):
    """A tensor that a module learns."""

    __slots__ = ()
    apart = True

    def __init__(self, shape: Sequence[int], requires_grad: bool = True,
                 dtype: DType = FLOAT32) -> None:  # fmt: skip
        super().__init__(shape, dtype)
        self.learnt = requires_grad


Kept = Tensor | Storage
"""What a call keeps for its backward: a tensor's memory, or other memory."""


def as_number(value: object) -> object:
    """Return the one number of a tensor, as .item() does; any other value as it is."""
    if not isinstance(value, Tensor):
        return value
    if value.values is not None and len(value.values) == 1:
        return value.values[0]
    if any(not is_one(size) for size in value.shape):
        several = f"a tensor of one number is needed, not of {shown(value.shape)}"
        return Unknown(OF_VALUES, misfit(several))
    return Unknown(OF_VALUES)


def is_operand(value: object) -> bool:
    """Return whether an operator of tensors takes a value."""
    return isinstance(value, (Tensor, int, float, complex, Unknown))


BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"
"""Python's operators of two values that tensors have, also in place and the other way round."""
COMPARED = "eq ne lt le gt ge"
UNARY = {"neg": "neg", "pos": "positive", "abs": "abs", "invert": "bitwise_not"}
"""Python's operators of one value, and the methods that do the same."""


def _of_two(name: str) -> Callable[[Tensor, object], object]:
    def operate(self: Tensor, other: object) -> object:
        return METHODS[name](self, other) if is_operand(other) else NotImplemented

    return operate


def _of_one(name: str) -> Callable[[Tensor], object]:
    return lambda self: METHODS[name](self)


for _name in (
    *(f"{way}{each}" for each in BINARY.split() for way in ("", "r", "i")),
    *COMPARED.split(),
):
    setattr(Tensor, f"__{_name}__", _of_two(f"__{_name}__"))
for _name, _method in UNARY.items():
    setattr(Tensor, f"__{_name}__", _of_one(_method))


# ---------------------------------------------------------------------------------------------
# Several tensors together
# ---------------------------------------------------------------------------------------------


def kind_together(operands: Sequence[object]) -> DType:
    """Return the kind of numbers that tensors and plain numbers make together."""
    tensors = [each for each in operands if isinstance(each, Tensor)]
    return promoted(
        [each.dtype for each in tensors if each.shape],
        [each.dtype for each in tensors if not each.shape],
        [of_number(each) for each in operands if isinstance(each, (int, float, complex))],
    )


def joined_fields(shape: Shape, tensors: Sequence[Tensor]) -> Fields:
    """Return what the positions of a result see that is worked out from several tensors."""
    seeing = [tensor for tensor in tensors if tensor.fed]  # a constant sees nothing
    fields: list[Field | None] = []
    for axis in range(-len(shape), 0):
        seen: Field | None = None
        for at, tensor in enumerate(seeing):
            field = tensor.fields[axis] if -axis <= tensor.ndim else None
            if field is None or (is_one(tensor.shape[axis]) and not is_one(shape[axis])):
                seen = None
                break
            seen = field if not at or seen is None else seen.joined(field)
            if seen is None:
                break
        fields.append(seen)
    return tuple(fields)


def elementwise(name: str, *tensors: Tensor, dtype: DType | None = None) -> Tensor:
    """Return what an operation on numbers in the same places makes of tensors."""
    if len(tensors) == 1:
        return tensors[0].worked_out(dtype or tensors[0].dtype)
    shape = broadcast(name, *(tensor.shape for tensor in tensors))
    result = Tensor(
        shape,
        dtype or kind_together(tensors),
        strides=iterated_strides(shape, tensors),
        fields=joined_fields(shape, tensors),
        fed=any(tensor.fed for tensor in tensors),
    )
    whole = [each.story for each in tensors if same_shape(each.shape, shape)]
    result.story = next((story for story in whole if story is not None), None)
    return result
