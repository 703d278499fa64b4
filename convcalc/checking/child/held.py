"""What an object holds: its parameters and their gradients, found by their shapes and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

DEEPEST = 4
"""Levels of attributes, lists and dictionaries that are looked into."""
MOST_HELD = 500
GRADIENT = re.compile(r"^(d|d_|v_|m_|delta_?|nabla_?)(w|b|k|f|x|weights?|bias|biases|kernels?|"
                      r"filters?)\d*$|grad|veloc|moment|running")  # fmt: skip
WEIGHT = re.compile(r"^(w|k|f|weights?|kernels?|filters?|params?)\d*$")
BIAS = re.compile(r"^(b|bias|biases)\d*$")


@dataclass(frozen=True)
class Held:
    """A value in an object, a list or a dictionary, and how it is called there."""

    names: tuple[str, ...]
    """What leads to it, its own name last."""
    container: Any
    key: Any
    value: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an array, a tensor or nested lists."""
        return shape_of(self.value)

    @property
    def is_gradient(self) -> bool:
        """Whether its name, or one that leads to it, is that of a gradient or another buffer."""
        return any(GRADIENT.search(name) for name in self.names)

    def put(self, value: Any) -> None:
        """Put a value in its place: into a tensor that others share, else instead of it."""
        if hasattr(self.value, "copy_"):
            self.value.data.copy_(value)
        elif isinstance(self.container, (dict, list)):
            self.container[self.key] = value
        else:
            setattr(self.container, self.key, value)


def shape_of(value: Any) -> tuple[int, ...]:
    """Return the shape of an array, a tensor or nested lists, () of anything else."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        try:
            return tuple(int(each) for each in shape)
        except (TypeError, ValueError):
            return ()
    lengths = []
    while isinstance(value, (list, tuple)) and value:
        lengths.append(len(value))
        value = value[0]
    return tuple(lengths)


def all_held(thing: Any) -> list[Held]:
    """Return what an object holds, near things first."""
    found: list[Held] = []
    seen: set[int] = set()
    level: list[tuple[tuple[str, ...], Any]] = [((), thing)]
    for _ in range(DEEPEST):
        below: list[tuple[tuple[str, ...], Any]] = []
        for names, container in level:
            for key, value in _items(container):
                if id(value) in seen or len(found) > MOST_HELD:
                    continue
                named = (*names, str(key).lower().lstrip("_"))
                if hasattr(value, "shape") or isinstance(value, (list, dict)):
                    found.append(Held(named, container, key, value))
                    seen.add(id(value))
                if not hasattr(value, "tolist"):
                    below.append((named, value))
        level = below
    return found


def _items(container: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(container, dict):
        yield from list(container.items())
    elif isinstance(container, list):
        yield from enumerate(container)
    elif hasattr(container, "__dict__") and not isinstance(container, type):
        yield from list(vars(container).items())


def _first(held: Sequence[Held], name: re.Pattern[str]) -> Held | None:
    """Return the one whose own name is known, else the first."""
    return next((each for each in held if name.search(each.names[-1])), next(iter(held), None))


def _bias_shapes(c_out: int) -> tuple[tuple[int, ...], ...]:
    return (c_out,), (c_out, 1), (1, c_out), (c_out, 1, 1), (1, c_out, 1, 1), (1, 1, 1, c_out)


def weight_in(held: Sequence[Held], shape: tuple[int, ...], gradient: bool = False) -> Held | None:
    """Return what has the shape of the weight: as it is, or as a matrix (c_out, k)."""
    flat = shape[0], prod(shape[1:])
    for wanted in (shape, flat, flat[::-1]):
        fitting = [e for e in held if e.shape == wanted and e.is_gradient == gradient]
        if fitting:
            return _first(fitting, WEIGHT)
    return None


def bias_in(held: Sequence[Held], c_out: int, gradient: bool = False) -> Held | None:
    """Return what has the shape of a bias: by its name, or an array without another one."""
    fitting = [
        each
        for each in held
        if each.shape in _bias_shapes(c_out)
        and each.is_gradient == gradient
        and (gradient or BIAS.search(each.names[-1]) or not isinstance(each.value, list))
    ]
    return _first(fitting, BIAS)


def put_weight(
    held: Held,
    tensor: Any,
    shape: tuple[int, ...],
    convert: Callable[..., Any],
    in_columns: bool = False,
) -> bool:
    """Put the weight (nested lists of this shape) where it is held, in the shape that it has.

    Return whether that is a matrix with a column for each kernel; of a square one, `in_columns`
    says it.
    """
    flat = (shape[0], prod(shape[1:]))
    if held.shape == shape:
        held.put(convert(tensor))
        return in_columns
    if flat[0] != flat[1]:
        in_columns = held.shape != flat
    rows = [_flat(kernel) for kernel in tensor]
    held.put(convert([list(row) for row in zip(*rows, strict=True)] if in_columns else rows))
    return in_columns


def put_bias(held: Held, values: Sequence[float], convert: Callable[..., Any]) -> None:
    """Put the bias where it is held, in the shape that it has."""
    held.put(convert(_shaped(list(values), held.shape)))


def _flat(tensor: Any) -> list[float]:
    return [v for each in tensor for v in _flat(each)] if isinstance(tensor, list) else [tensor]


def _shaped(values: list[float], shape: tuple[int, ...]) -> Any:
    if len(shape) <= 1:
        return values
    size = len(values) // shape[0]
    return [_shaped(values[at * size : (at + 1) * size], shape[1:]) for at in range(shape[0])]
