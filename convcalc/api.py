"""What Python callers get: questions as on the command line, answers as frozen objects.

An answer has the JSON's names as attributes, shapes as tuples; `from`, which is a word of Python's,
is also `from_`. Nothing is printed, and what draws is loaded once an answer is shown.
"""

from __future__ import annotations

import operator
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from convcalc.formulas import LARGEST, ConvcalcError

if TYPE_CHECKING:
    import pathlib

    from convcalc.network.inputs import Input
    from convcalc.output.page import Page

Shape = tuple[int, ...]
Sizes = int | Sequence[int]
"""A shape, or one size."""
Shapes = Shape | tuple["Shapes", ...] | Mapping[str, "Shapes"] | int | float | str | None
"""What goes in or comes out: a shape, those of a tuple or a dict, or what else there is."""
Given = Sizes | tuple[Sizes, str] | Mapping[str, "Given"]
"""An input: a shape, a shape with its kind of numbers, or several by their names."""
Made = TypeVar("Made", bound="_Part")

ONE_AT_A_TIME = threading.Lock()
"""Held while a question is answered, which changes settings of the whole process for a while."""


class _Part:
    """A part of an answer, made from what the JSON has in its place."""

    @classmethod
    def of(cls: type[Made], json: Mapping[str, Any], **more: Any) -> Made:
        """Return it with the JSON's entries as attributes."""
        named = {f"{key}_" if key == "from" else key: _frozen(json[key]) for key in json}
        return cls(**named | more)


def _frozen(value: Any) -> Any:
    """Return a value of the JSON in which nothing can be changed."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(each) for key, each in value.items()})
    return value


class _Answer(_Part):
    """An answer, which can be shown; what is to be shown is asked for then."""

    _page: Callable[[], Page]
    _json: Callable[[], dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Return what `--format json` writes, as Python reads it."""
        from json import dumps, loads

        written: dict[str, Any] = loads(dumps(self._json()))
        return written

    def __str__(self) -> str:
        from convcalc.output.terminal.page import as_text

        return as_text(self._page())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._page().heading}>"

    def _repr_html_(self) -> str:
        from convcalc.output.notebook import fragment

        return fragment(self._page())


# ---------------------------------------------------------------------------------------------
# A whole network
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layer(_Part):
    """One call of a network, or a parameter of its own; None for what isn't known."""

    name: str | None
    layer: str
    line: int | None
    input: Shapes
    output: Shapes
    params: int | None
    macs: int | None
    bytes: int
    receptive_field: Shape | None
    effective_stride: Shape | None
    from_: tuple[int, ...]
    """The layers that it reads, by their numbers from 0; -1 is the network's input."""
    cell: int | None = None
    """The cell of a notebook that the line is in."""
    kept: int | None = None
    """The bytes that it keeps for its backward, where the network is followed in training."""


setattr(Layer, "from", property(operator.attrgetter("from_")))


@dataclass(frozen=True)
class Edit(_Part):
    """Another text for one in a line, where that stands once."""

    file: str
    line: int
    old: str
    new: str
    cell: int | None = None


@dataclass(frozen=True)
class Mend(_Part):
    """What makes a network fit, tried to the end: edits, or other inputs."""

    message: str
    edits: tuple[Edit, ...] = ()
    inputs: tuple[Shape, ...] | None = None
    """A shape per input of the network."""


@dataclass(frozen=True)
class Tried(_Part):
    """Which sizes of the input fit: runs of them, as (first, last, step)."""

    tried: tuple[int, int]
    fit: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Misfit(_Part):
    """Where a network doesn't fit its input, and what would do."""

    file: str | None
    line: int | None
    name: str | None
    layer: str | None
    message: str
    mends: tuple[Mend, ...]
    """What makes it fit, the best first."""
    cell: int | None = None


@dataclass(frozen=True, repr=False)
class Network(_Answer):
    """What `net` answers: every call of a network, and what they add up to."""

    input: Shapes
    output: Shapes
    fits: bool
    complete: bool
    error: Misfit | None
    layers: tuple[Layer, ...]
    total_params: int | None
    trainable_params: int | None
    total_macs: int | None
    bytes: int | None
    input_bytes: int
    output_bytes: int
    batch: int
    dtype: str
    notes: tuple[str, ...]
    _page: Callable[[], Page] = field(repr=False, compare=False)
    _json: Callable[[], dict[str, Any]] = field(repr=False, compare=False)
    sizes: Tried | None = None
    """Which sizes of the input fit, where that was asked."""
    kept_bytes: int | None = None
    """What the forward keeps for the backward; None where that isn't known of every call."""
    gradient_bytes: int | None = None
    optimizer: str | None = None
    optimizer_bytes: int | None = None
    training_bytes: int | None = None
    """What parameters, buffers, gradients, the optimiser's states and what is kept take."""
    largest_batch: int | None = None
    """The largest batch that `fit_in` bytes hold."""


def net(
    target: str | os.PathLike[str] | None = None,
    *inputs: Given,
    layers: str | None = None,
    define: Mapping[str, Any] | None = None,
    train: bool = False,
    sequential: bool = False,
    params_only: bool = False,
    batch: int | None = None,
    dtype: str = "float32",
    optimizer: str | None = None,
    fit_in: int | str | None = None,
    timeout: float = 10.0,
    sizes: bool | tuple[int, int] = False,
    sites: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    depth: int | None = None,
    columns: Sequence[str] = (),
    graph: bool = False,
) -> Network:
    """Follow a whole network, read from its source: net("model.py:Net", (3, 32, 32)).

    `inputs` are the shapes of one sample, channels first, one per argument of the forward, or a
    dict of them by their names; ((64,), "int64") has a kind of numbers. The options are those of
    `convcalc net`; `sizes` asks which sizes of the input fit, of those from the first to the last
    where it has two; `fit_in` is so many bytes, or "24GiB"; `columns` and `graph` are for what is
    shown. Where the network doesn't fit,
    the answer's `error` says so, and what would do. Raises ConvcalcError where the question has no
    meaning, or the model isn't understood.
    """
    if (target is None) == (layers is None):
        raise ConvcalcError("either a file or layers=… is expected")
    if params_only and inputs:
        raise ConvcalcError("an input has no meaning with params_only, which counts without one")
    if not params_only and not inputs:
        raise ConvcalcError("the shape of an input is needed: net('model.py:Net', (3, 32, 32))")
    path = None if target is None else _path(target)
    given = [each for one in inputs for each in _inputs(one)]
    samples = None if batch is None else _size(batch, "batch")
    from convcalc import text
    from convcalc.formulas import BYTES
    from convcalc.network import model
    from convcalc.network.answer.depth import summed
    from convcalc.network.answer.training import USUAL, check_optimizer
    from convcalc.network.sizes import Trying
    from convcalc.output import net as written
    from convcalc.output.page import chosen

    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise ConvcalcError(f"timeout {timeout!r}: a number of seconds above 0 is expected")
    if dtype not in BYTES:
        raise ConvcalcError(f"dtype {dtype!r}: one of {', '.join(BYTES)} is expected")
    for each, name in ((optimizer, "optimizer"), (fit_in, "fit_in")):
        if each is not None and (not train or params_only):
            raise ConvcalcError(f"{name} is about training: train=True says what that takes")
    kind = USUAL if optimizer is None else optimizer
    check_optimizer(kind)
    limit = text.read_memory(fit_in) if isinstance(fit_in, str) else fit_in
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise ConvcalcError(f"fit_in {fit_in!r}: a number of bytes, or '24GiB', is expected")
    asked = None
    if sizes is not False:
        if params_only:
            raise ConvcalcError("sizes has no meaning with params_only, which counts without one")
        asked = Trying() if sizes is True else Trying.between(*sizes)
    with ONE_AT_A_TIME:
        answer = model.answered(
            model.counted
            if params_only
            else lambda reading, root: reading.follow(root, given, samples or 0, dtype, kind),
            path,
            layers,
            defined={name: _plain(value, name) for name, value in (define or {}).items()},
            train=train,
            sequential=sequential,
            seconds=timeout,
            sizes=asked,
            sites=_folders(sites),
            limit=limit,
        )
    if depth is not None:
        answer = summed(answer, _size(depth, "depth", least=0))
    chosen(written.COLUMNS, answer, columns)  # refuses those that aren't there
    json = written.as_json(answer)
    error, fitting = json["error"], json.get("sizes")
    return Network.of(
        json,
        sizes=fitting and Tried.of(fitting),
        error=error and Misfit.of(error, mends=tuple(map(_mend, error["mends"]))),
        layers=tuple(map(Layer.of, json["layers"])),
        _page=partial(written.as_page, answer, tuple(columns), graph),
        _json=partial(written.as_json, answer),
    )


def _mend(json: Mapping[str, Any]) -> Mend:
    """Return a mend, with its edits as objects."""
    return Mend.of(json, edits=tuple(map(Edit.of, json.get("edits", ()))))


def _path(target: object) -> str:
    """Return FILE[:EXPRESSION]; what is no path is refused, with the source of what it is."""
    if isinstance(target, (str, os.PathLike)):
        path = os.fspath(target)
        return path if isinstance(path, str) else os.fsdecode(path)
    import inspect

    cls = target if isinstance(target, type) or inspect.isroutine(target) else type(target)
    try:
        file = inspect.getsourcefile(cls)
    except TypeError:
        file = None
    words = f"net reads source files, and was given {'a class' if cls is target else 'an object'}"
    name = getattr(cls, "__qualname__", "Net")
    if file is None:
        raise ConvcalcError(f"{words}: 'model.py:{name}' would do")
    raise ConvcalcError(f"{words}: '{file}:{name}' is where its source stands")


def _folders(
    given: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
) -> list[pathlib.Path]:
    """Return folders in which packages are looked for; raise ConvcalcError where one isn't."""
    import pathlib  # here, since few give any

    several = [given] if isinstance(given, (str, os.PathLike)) else given
    found = [pathlib.Path(each) for each in several]
    for each in found:
        if not each.is_dir():
            raise ConvcalcError(f"sites has {each}: there is no such folder")
    return found


def _inputs(given: Given, name: str = "") -> list[Input]:
    """Return an input, or several by their names."""
    from convcalc.network.inputs import Input, kind_of

    if isinstance(given, Input):
        return [given]
    if isinstance(given, Mapping):
        below = ((f"{name}.{key}" if name else str(key), each) for key, each in given.items())
        return [one for key, each in below for one in _inputs(each, key)]
    if isinstance(given, tuple) and len(given) == 2:
        shape, dtype = given
        if isinstance(dtype, str):
            return [Input(_shape(shape, "an input"), name or None, kind_of(dtype))]
    return [Input(_shape(given, "an input"), name or None)]


def _shape(given: object, what: str) -> Shape:
    """Return a shape in whole numbers above 0."""
    if isinstance(given, str) or not isinstance(given, (Sequence, int)):
        raise ConvcalcError(f"{what} is a shape, (3, 32, 32) for example, not {given!r}")
    return tuple(_size(each, what) for each in (given if isinstance(given, Sequence) else [given]))


def _size(given: object, what: str, least: int = 1) -> int:
    try:
        size = operator.index(given)  # type: ignore[arg-type]
    except TypeError:
        size = -1
    if isinstance(given, bool) or not least <= size <= LARGEST:
        raise ConvcalcError(f"{what} has {given!r}: whole numbers of at least {least} are expected")
    return size


def _plain(value: object, name: str) -> object:
    """Return a value of Python's own; refuse what has code of its own, which is never run."""
    if isinstance(value, Mapping):
        return {key: _plain(each, name) for key, each in value.items()}
    if type(value) in (list, tuple, set):
        return type(value)(_plain(each, name) for each in value)  # type: ignore[call-arg,attr-defined]
    if value is None or type(value) in (bool, int, float, complex, str, bytes):
        return value
    kind = type(value).__name__
    raise ConvcalcError(f"{name} is {kind}: numbers, texts, and lists and dicts of them are taken")


# ---------------------------------------------------------------------------------------------
# Which layers do it
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Solution(_Part):
    """One layer that turns the one shape into the other, and the line that builds it."""

    kernel_size: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    output_padding: Shape
    unread: Shape
    params: int
    code: str


@dataclass(frozen=True, repr=False)
class Solutions(_Answer):
    """What `solve` answers: the first of `total` layers; where none does it, the `reason`."""

    input: Shape
    output: Shape
    transposed: bool
    total: int
    solutions: tuple[Solution, ...]
    notes: tuple[str, ...]
    reason: str
    _page: Callable[[], Page] = field(repr=False, compare=False)
    _json: Callable[[], dict[str, Any]] = field(repr=False, compare=False)


def solve(
    input: Sizes,
    output: Sizes,
    *,
    kernel_size: Sizes | None = None,
    stride: Sizes | None = None,
    padding: Sizes | None = None,
    dilation: Sizes | None = None,
    transposed: bool = False,
    max_kernel_size: int = 32,
    limit: int = 10,
    k: Sizes | None = None,
    s: Sizes | None = None,
    p: Sizes | None = None,
    d: Sizes | None = None,
) -> Solutions:
    """Find the layers that turn one shape into another: solve((3, 32, 32), (16, 16, 16)).

    Shapes are channels first, without the batch; a setting that is given is kept, also by its
    short name: k, s, p, d. Raises ConvcalcError where the question has no meaning; that nothing
    fits is an answer.
    """
    from convcalc.output import solve as written
    from convcalc.single import solve as solver

    def kept(given: Sizes | None, short: Sizes | None, what: str, least: int = 1) -> Shape | None:
        if given is not None and short is not None:
            raise ConvcalcError(f"{what} is given twice, by its short name too")
        given = short if given is None else given
        if given is None:
            return None
        sizes = given if isinstance(given, Sequence) else [given]
        return tuple(_size(each, what, least) for each in sizes)

    answer = solver.solve(
        solver.SolveQuestion(
            input_shape=_shape(input, "the input"),
            output_shape=_shape(output, "the output"),
            kernel_size=kept(kernel_size, k, "kernel_size"),
            stride=kept(stride, s, "stride"),
            padding=kept(padding, p, "padding", least=0),
            dilation=kept(dilation, d, "dilation"),
            transposed=transposed,
            max_kernel_size=_size(max_kernel_size, "max_kernel_size"),
            limit=_size(limit, "limit"),
        )
    )
    json = written.as_json(answer)
    return Solutions.of(
        json,
        solutions=tuple(map(Solution.of, json["solutions"])),
        reason=answer.reason,
        _page=partial(written.as_page, answer),
        _json=partial(written.as_json, answer),
    )
