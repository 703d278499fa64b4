"""What goes into a forward: shapes, given one by one or by name, and settings of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import MethodType
from typing import TYPE_CHECKING, NamedTuple, Union

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Shape
from convcalc.network.answer.rows import INPUT
from convcalc.network.answer.tree import kept, named_children
from convcalc.network.configuration import argument, configured
from convcalc.network.torch.batch import Samples
from convcalc.network.torch.containers import Sequential
from convcalc.network.torch.dtypes import ANY, COMPLEX64, DTYPES, FLOAT32, INT64
from convcalc.network.torch.fields import Field
from convcalc.network.torch.functions.layered import inputs_of
from convcalc.network.torch.gradients.contexts import Within
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.functions import Function
from convcalc.reading.values import MISSING

if TYPE_CHECKING:
    from convcalc.network.torch.module import Module
    from convcalc.reading.files import Project


@dataclass(frozen=True)
class Input:
    """One input of a network: the shape of one sample, unless it is the `whole` shape.

    `name` is that of an argument of the forward, or of an entry of one (`batch.image`); without it
    the next argument is meant. `dtype` is the name of one of KINDS; without it the network takes
    the numbers for what it needs.
    """

    shape: Shape
    name: str | None = None
    dtype: str | None = None
    whole: bool = False

    @property
    def axes(self) -> int:
        """How many axes of it have receptive fields: all behind the channels."""
        return 0 if self.whole else max(len(self.shape) - 1, 0)

    def tensor(self, batch: int, *, seen: bool) -> Tensor:
        """Return it as a tensor; `seen` says whether receptive fields are told of it."""
        shape = self.shape if self.whole else (Samples(1, batch), *self.shape)
        fields: tuple[Field | None, ...] = (None,) * len(shape)
        if seen and self.axes:
            fields = (None, None, *(Field(axis, 0, 0, 1) for axis in range(self.axes)))
        return Tensor(shape, DTYPES[self.dtype] if self.dtype else ANY, fields=fields, fed=True)


KINDS = tuple(
    each
    for each in dict.fromkeys(DTYPES.values())
    if each.kind in ("bool", "int") or each in (FLOAT32, COMPLEX64)
)
"""The kinds of numbers that an input may be said to have.

Those of the other floats are a network's as a whole, whose layers take no others.
"""


def kind_of(name: str) -> str:
    """Return torch's own name of a kind of numbers, one of KINDS; raise ConvcalcError for none."""
    if name not in DTYPES:
        near = text.nearest(name, DTYPES)
        hint = f"{near} is the nearest" if near else "int64 and float32 are some"
        raise ConvcalcError(f"{name or 'nothing'} is none of torch's kinds of numbers, {hint}")
    if DTYPES[name] not in KINDS:
        raise ConvcalcError(
            f"{name} would be the kind of all of a network's numbers, --dtype says that; "
            "of a single input whole numbers, bool, float32 and complex64 are known"
        )
    return DTYPES[name].name


Entries = dict[str, Union[Input, "Entries"]]
"""The inputs of a dict or a list, by their names."""


class Takes(NamedTuple):
    """What a forward takes."""

    called: str
    places: Sequence[str]
    needed: Sequence[str]
    """What has to be given."""
    shown: Sequence[str]
    """What is told of all that; torch's own take much that is rare."""
    by_name: Sequence[str] = ()
    """What is given by name alone."""
    rest: bool = False
    named_rest: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every argument that has a name."""
        return (*self.places, *self.by_name)

    def refused(self, why: str) -> ConvcalcError:
        """Return the refusal of what is given."""
        return ConvcalcError(
            f"{self.called} takes {text.listed(self.shown) if self.shown else 'nothing'}: {why}"
        )

    def other_number(self, given: int) -> ConvcalcError:
        """Return the refusal of another number of inputs."""
        times = text.counted(given, "time")
        return self.refused(f"--in is needed once for each, it is given {times}")

    def path(self, name: str, whole: str | None) -> list[str]:
        """Return which argument a name means, and which entry of it.

        `whole` is the one that holds all inputs, where there may be one.
        """
        first, *rest = name.split(".")
        if first in self.names:
            return [first, *rest]
        if whole is not None:
            return [whole, first, *rest]
        if self.named_rest:
            return [first, *rest]
        near = text.nearest(first, self.names)
        hint = f"{near} is the nearest name" if near else "--in NAME=SHAPE is for one of these"
        raise self.refused(f"there is no {first}, {hint}")


class Arguments:
    """The arguments of a forward, and the inputs among them in its order."""

    def __init__(self, takes: Takes, batch: int, project: Project) -> None:
        self.takes = takes
        self.batch = batch
        self.project = project
        self.values: dict[str, object] = {}
        self.further: list[object] = []
        """What comes behind all arguments that have a name."""
        self.inputs: list[Input] = []
        self.tensors: list[Tensor] = []
        self.taken_for: str | None = None
        """The argument of which names that it doesn't have are taken for entries."""

    @property
    def shapes(self) -> list[Shape]:
        """The shapes that were given."""
        return [each.shape for each in self.inputs]

    @property
    def axes(self) -> int:
        """How many axes of the first input have receptive fields."""
        return self.inputs[0].axes if self.inputs else 0

    def doubts(self) -> Iterator[str]:
        """Yield what else may have been meant, where the network doesn't fit them."""
        names = [str(each.name) for each in self.inputs]
        if self.taken_for is not None:
            yield (
                f"{text.listed(names)} {'is' if len(names) == 1 else 'are'} taken for what the "
                f"argument {self.taken_for} holds: --in {self.taken_for}=… is the argument itself."
            )
        if not self.batch and any(each.whole for each in self.inputs):
            yield "A whole shape may count samples: --batch says how many there are."

    def dtypes(self, dtype: str) -> tuple[str, ...]:
        """Return the kind of numbers of each input.

        Where nobody said of which kind one is, it is of `dtype`, or of int64 where the network used
        it as whole numbers.
        """
        return tuple(
            each.dtype.name if each.dtype is not ANY
            else dtype if each.storage.itemsize == ANY.itemsize else INT64.name
            for each in self.tensors
        )  # fmt: skip

    def bytes(self, dtype: str) -> int:
        """Return the memory of the inputs, for the whole batch."""
        kinds = [DTYPES[each] for each in self.dtypes(dtype)]
        return sum(
            each.storage.numbers * kind.itemsize
            for each, kind in zip(self.tensors, kinds, strict=True)
        )

    def made(self, name: str, given: Input | Entries) -> object:
        """Return an input as a tensor, or several as a list or a dict of them."""
        if isinstance(given, Input):
            tensor = given.tensor(self.batch, seen=not self.inputs)
            tensor.sources = frozenset({INPUT})
            self.inputs.append(given)
            self.tensors.append(tensor)
            return tensor
        values = {each: self.made(f"{name}.{each}", inner) for each, inner in given.items()}
        for whole, value in self.project.defined.items():
            if whole.rpartition(".")[0] == name:
                values.setdefault(whole.rpartition(".")[2], value)
                self.project.used.add(whole)
        if values.keys() == {str(at) for at in range(len(values))}:
            return [values[str(at)] for at in range(len(values))]
        return configured(values, name, "--in {}=…")

    def instead(self, root: Module, shapes: Sequence[Shape], project: Project) -> Arguments:
        """Return the same arguments with inputs of other shapes."""
        others = [replace(each, shape=tuple(shape)) for each, shape in
                  zip(self.inputs, shapes, strict=True)]  # fmt: skip
        return arguments_of(root, others, self.batch, project)

    def call(self, root: Module) -> object:
        """Return what a model makes of them."""
        named = dict(self.values)
        places: list[object] = []
        for name in self.takes.places:
            if name not in named:
                break
            places.append(named.pop(name))
        return root(*places, *self.further, **named)


def arguments_of(
    root: Module, inputs: Sequence[Input | Shape], batch: int, project: Project
) -> Arguments:
    """Return the arguments of a model's forward: these inputs, and what was defined of it.

    Raises ConvcalcError where the forward takes others.
    """
    takes = takes_of(root)
    given = [each if isinstance(each, Input) else Input(tuple(each)) for each in inputs]
    slots: Entries = {}
    whole = _whole(takes, given)
    for each in given:
        if each.name is not None:
            _put(slots, takes.path(each.name, whole), each)
    free = [name for name in takes.places if name not in slots]
    one_by_one = [each for each in given if each.name is None]
    further = one_by_one[len(free) :]
    if further and not (takes.rest and len(free) == len(takes.places)):
        raise takes.other_number(len(given))
    slots |= dict(zip(free, one_by_one, strict=False))
    found = Arguments(takes, batch, project)
    found.taken_for = whole
    for name in takes.places:
        _add(found, name, slots, project)
    found.further = [found.made("", each) for each in further]
    for name in dict.fromkeys((*takes.by_name, *slots)):
        if name not in takes.places:
            _add(found, name, slots, project)
    for name in project.defined.keys() - project.used if takes.named_rest else ():
        _add(found, name, {}, project)  # which nothing else is called
    missing = [name for name in takes.needed if name not in found.values]
    if missing and len(one_by_one) == len(found.values):
        raise takes.other_number(len(given))
    if missing:
        verb, them = ("isn't", "it") if len(missing) == 1 else ("aren't", "them")
        raise takes.refused(
            f"{text.listed(missing)} {verb} given, --in {missing[0]}=… or --define "
            f"{missing[0]}=… gives {them}"
        )
    return found


def _whole(takes: Takes, given: Sequence[Input]) -> str | None:
    """Return the argument that is a dict or a list of all the inputs, where it may be one."""
    names = [*takes.needed] or [*takes.places[:1]]
    heads = {None if each.name is None else each.name.partition(".")[0] for each in given}
    return names[0] if len(names) == 1 and not heads & {None, *names} else None


def _put(slots: Entries, path: list[str], given: Input) -> None:
    """Put an input where its path leads."""
    *inner, last = path
    for each in inner:
        entries = slots.setdefault(each, {})
        if isinstance(entries, Input):
            raise ConvcalcError(f"{each} is given as a whole, and {'.'.join(path)} too")
        slots = entries
    if last in slots:
        raise ConvcalcError(f"{'.'.join(path)} is given twice")
    slots[last] = given


def _add(found: Arguments, name: str, slots: Entries, project: Project) -> None:
    """Add an argument: its input, or what was defined of it."""
    value = found.made(name, slots[name]) if name in slots else MISSING
    if not isinstance(value, (Tensor, list)):
        value = argument(project, name, value)
    if value is not MISSING:
        found.values[name] = value


def takes_of(root: Module) -> Takes:
    """Return what the forward of a model takes."""
    own = object.__getattribute__(root, "__dict__")
    forward = own.get("forward", type(root).forward)
    if isinstance(forward, MethodType):
        forward = forward.__func__
    if isinstance(forward, Within):
        forward = forward.function
    if isinstance(forward, Function):
        code, defaults = forward._convcalc_code, forward.__kwdefaults__ or {}
        places = code.places[1:]
        least = len(places) - len(forward.__defaults__ or ())
        needed = (*places[:least], *(each for each in code.by_name if each not in defaults))
        return Takes(
            f"{type(root).__name__}.forward", places, needed, (*places, *code.by_name),
            code.by_name, code.rest is not None, code.named_rest is not None,
        )  # fmt: skip
    first = first_of(root)
    layer = kept(first).layer
    if layer is None and type(first) is not Sequential:
        return Takes(type(first).__name__, (), (), (), rest=True, named_rest=True)
    names, least, open_ended = inputs_of(layer)
    called = f"{'a' if layer is None else 'the'} {type(first).__name__}"
    return Takes(called, names, names[:least], names[:least], rest=open_ended)


def first_of(root: Module) -> Module:
    """Return the first of several layers in a text, to which the inputs go; or the model."""
    if kept(root).layer is None and not type(root).__name__:
        return next((child for _, child in named_children(root)), root)
    return root
