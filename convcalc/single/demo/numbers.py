"""The numbers of a walk-through: somebody's own, counted up, or drawn at random from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, count
from math import prod
from typing import Any

from convcalc import formulas, text
from convcalc.formulas import ConvcalcError, Tensor4, nested, nested_shape, shape_of
from convcalc.layers.base import Shape
from convcalc.single.question import LayerQuestion

LARGEST = 4096
"""The most numbers that a tensor of a walk-through may hold."""

AT_A_GLANCE = 100
"""What Y∇ counts up by, so that nobody takes one of its numbers for one of X or W."""


def with_own_numbers(layer: dict[str, Any], x: Any, w: Any) -> LayerQuestion:
    """Return the question that a layer's options ask, with what own numbers say of its shapes.

    X is (b, c, h, w) and W (c_out, c/groups, h_k, w_k), of a transposed convolution
    (c, c_out/groups, h_k, w_k); in 1-D there is no height. Axes that are missing in front are 1;
    a list of numbers alone is 1-D.
    Raises ConvcalcError where own numbers are no full tensor, too many, or not as large as asked.
    """
    given = dict(layer)
    if given.get("input_shape"):
        ndim = len(given["input_shape"]) - 1
    else:
        ndim = 1 if 1 in (_depth(x), _depth(w)) else 2
    ndim = ndim if ndim in (1, 2) else 2  # the walk refuses others
    if x is not None:
        b, *input_shape = nested_shape(_whole("x", x, ndim))
        _agree(given, "x", "input_shape", tuple(input_shape))
        _agree(given, "x", "batch", b)
    if w is not None:
        if given.get("pool"):
            return LayerQuestion(**given)  # which the walk of a pooling refuses
        first, second, *kernel_size = nested_shape(_whole("w", w, ndim))
        _agree(given, "w", "kernel_size", tuple(kernel_size))
        channels, groups = given["input_shape"][0], given.get("groups") or 1
        if given.get("transposed"):
            c_out, c = second * groups, first
            has = f"has kernels for {text.counted(c, 'channel')}"
            split = ""
        else:
            c_out, c = first, second * groups
            has = f"has kernels of {text.counted(second, 'channel')}"
            split = f" in {text.counted(groups, 'group')}" if groups > 1 else ""
        _agree(given, "w", "out_channels", c_out)
        if channels != c:
            raise ConvcalcError(f"{has}, the input has {channels}{split}", "w")
    return LayerQuestion(**given)


def _depth(numbers: Any) -> int:
    depth = 0
    while isinstance(numbers, list) and numbers:
        depth, numbers = depth + 1, numbers[0]
    return depth


def _whole(name: str, numbers: Any, ndim: int) -> Any:
    """Return own numbers nested as deep as a tensor of so many spatial axes.

    Raises ConvcalcError where they can't be.
    """
    _check_numbers(name, numbers)
    depth, most = _depth(numbers), ndim + 2
    if not ndim <= depth <= most:
        example = "[1, 2, 3]" if ndim == 1 else "[[1, 2], [3, 4]]"
        raise ConvcalcError(
            f"is nested {depth} deep: {ndim} to {most} are expected, {example} for example", name
        )
    shape = (1,) * (most - depth) + shape_of(name, numbers, depth)  # whose errors count levels
    for _ in range(most - depth):
        numbers = [numbers]
    if prod(shape) > LARGEST:
        raise ConvcalcError(
            f"holds {text.shape(shape)} = {prod(shape):,} numbers, the limit is {LARGEST:,}", name
        )
    return numbers


def _check_numbers(name: str, numbers: Any) -> None:
    """Raise ConvcalcError where something stands in nested lists that isn't calculated with."""
    expected = "nested lists of numbers are expected, [[1, 2], [3, 4]] for example"
    level, largest = [numbers], formulas.LARGEST
    while level:
        each = level.pop()
        if isinstance(each, list):
            if not each:
                raise ConvcalcError(f"has an empty list: {expected}", name)
            level += each
        elif isinstance(each, bool) or not isinstance(each, (int, float)):
            from json import dumps  # here, since few bring numbers that are none

            raise ConvcalcError(f"has {dumps(each)[:40]}, which is not a number: {expected}", name)
        elif not -largest <= each <= largest:
            raise ConvcalcError(f"takes numbers from {-largest:,} to {largest:,}", name)


def _agree(given: dict[str, Any], name: str, setting: str, own: Any) -> None:
    """Set what own numbers imply; raise ConvcalcError where something else was asked for."""
    asked = given.get(setting)
    if isinstance(own, tuple) and isinstance(asked, tuple) and len(asked) == 1:
        asked = asked * len(own)
    if asked not in (None, own):
        said = [text.typed(each) if isinstance(each, tuple) else each for each in (own, asked)]
        raise ConvcalcError(f"{said[1]}: {name.upper()} itself has {said[0]}", setting)
    given[setting] = own


def tensor(name: str, numbers: Any, ndim: int) -> Tensor4:
    """Return own numbers as a tensor (b, c, h, w): what is 1-D has height 1.

    Raises ConvcalcError where they are no full tensor, or too many.
    """
    whole = _whole(name, numbers, ndim)
    own: Tensor4 = [[[row] for row in sample] for sample in whole] if ndim == 1 else whole
    return own


def gradient(own: Any, ndim: int, shape: Shape, seed: int | None) -> Tensor4:
    """Return Y∇ of Y's shape (b, c_out, h_out, w_out): own numbers, or others.

    Raises ConvcalcError where own numbers are of another shape, which names both.
    """
    if own is None:
        filling: Tensor4 = filled(shape, seed, "Y∇", AT_A_GLANCE)
        return filling
    expected = shape if ndim == 2 else (*shape[:2], *shape[3:])
    said = f"Y∇ has the shape of Y, {text.shape(expected)}"
    try:
        grad = tensor("grad", own, ndim)
    except ConvcalcError as error:
        raise ConvcalcError(f"{error.message}; {said}", "grad") from None
    if nested_shape(grad) != shape:
        given = nested_shape(_whole("grad", own, ndim))
        raise ConvcalcError(f"is {text.shape(given)}: {said}", "grad")
    return grad


def filled(shape: Shape, seed: int | None, name: str, step: int = 1) -> Any:
    """Return nested lists of this shape, filled row by row: counting up, or drawn from a seed."""
    if seed is None:
        values: Iterator[int] = count(step, step)
    else:
        from random import Random  # here, since few walks are random and it takes time to load

        random = Random(f"{seed} {name}")  # so that no tensor depends on the others' sizes
        values = iter(lambda: random.randint(-5, 5), None)
    return nested(shape, values)


def check_printable(question: LayerQuestion, shapes: Mapping[str, Shape]) -> None:
    """Raise ConvcalcError where a tensor has more numbers than a person would read."""
    for name, shape in shapes.items():
        if prod(shape) > LARGEST:
            raise question.about_input(
                f"is too large to print: {name} would be {text.shape(shape)} = {prod(shape):,} "
                f"numbers, the limit is {LARGEST:,}"
            )


def in_digits(*tensors: Tensor4) -> tuple[str, ...]:
    """Return the note on numbers that are shown shorter than they are, where there are some."""
    flat = chain.from_iterable(chain.from_iterable(chain.from_iterable(each)) for each in tensors)
    if any(
        isinstance(value, float) and float(text.entry(value)) != value
        for rows in flat
        for value in rows
    ):
        return ("Numbers are shown to six digits; JSON has them in full.",)
    return ()
