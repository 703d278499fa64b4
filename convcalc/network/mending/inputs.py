"""Other inputs with which a network fits: the sizes nearest to those that were given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import prod

from convcalc.layers.base import Batch, Shape
from convcalc.network.answer.remedies import RESHAPES
from convcalc.network.answer.tree import kept
from convcalc.network.mending.calls import moved, orders
from convcalc.network.mending.fault import Fault, is_batch
from convcalc.network.mending.layers import TAKES, arguments_of, gives
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import is_stated

FURTHEST = 32
"""How far from the given size others are looked for, one by one."""
LARGEST = 1024
"""The largest size that is tried."""

CHANNELS = ("in_channels", "num_features", "num_channels")
"""The arguments of layers that say how many channels come, whatever the sizes behind them."""

Inputs = tuple[Shape, ...]
Fits = Callable[[Inputs], bool]


def is_at_fault(fault: Fault) -> bool:
    """Return whether it is rather the input than the network that doesn't fit: by its sizes."""
    module = fault.told.module
    if is_stated(fault.error):
        return True
    if module is not None:
        layer = kept(module).layer
        if layer is None or not fault.tensors:
            return False
        shape, given = fault.tensors[0].shape, arguments_of(module)
        channels = [given[name] for name in CHANNELS if name in given]
        if channels:
            return channels[0] in shape[1:2] and len(shape) > 2
        return not any(name in given for name in TAKES)
    maps = [each for each in fault.tensors if each.ndim > 2]
    return len(maps) > 1 and any(
        each.ndim == maps[0].ndim and each.shape[2:] != maps[0].shape[2:]
        and each.shape[1:2] != () for each in maps[1:]
    )  # fmt: skip


def other_tensors(fault: Fault, given: Inputs) -> Iterator[Inputs]:
    """Yield the inputs of which one is what the call that doesn't fit would take in its place."""
    tensors = list(fault.tensors)
    module = fault.told.module
    arguments = fault.reading.arguments
    for at, fed in enumerate(arguments.tensors if arguments is not None else ()):
        if not any(each is fed for each in tensors) or not is_batch((*fed.shape, 1)[0]):
            continue
        if module is not None:
            for shape in taken_by(module, given[at], fed):
                yield _with(given, at, shape)
        for each in tensors:
            if each is not fed and each.shape and isinstance(each.shape[0], Batch):
                if each.shape != fed.shape and not any(
                    isinstance(size, Batch) for size in each.shape[1:]
                ):
                    yield _with(given, at, tuple(map(int, each.shape[1:])))

        sizes = [size for size in fault.told.sizes if isinstance(size, int)]
        if fault.told.operation in RESHAPES and len(sizes) == len(fault.told.sizes):
            wanted = [size for size in sizes if not isinstance(size, Batch) and size != -1]
            if len(given[at]) == 1:
                yield _with(given, at, (prod(wanted),))
    for at, shape in enumerate(given[1:], 1):
        if shape[-1:] == (1,):
            yield _with(given, at, shape[:-1])
        if shape != given[0] and len(shape) == len(given[0]):
            yield _with(given, at, given[0])


def of_the_other_size(fault: Fault, given: Inputs) -> Iterator[Inputs]:
    """Yield the inputs with the other of two sizes in which two tensors differ: a shorter text."""
    if len(fault.tensors) != 2:
        return
    for pair in zip(*(each.shape for each in fault.tensors), strict=False):
        for now, wanted in (pair, pair[::-1]):
            for at, shape in enumerate(given):
                if int(now) in shape and now != wanted and not isinstance(now, Batch):
                    sizes = [int(wanted) if size == now else size for size in shape]
                    yield _with(given, at, tuple(sizes))


def taken_by(module: Module, shape: Shape, fed: Tensor) -> Iterator[Shape]:
    """Yield what a layer would take in the place of an input: its axes moved, or another size."""
    layer = kept(module).layer
    if layer is None:
        return
    for order, _, _ in orders(fed.ndim) if fed.ndim > 2 else ():
        if gives(layer, moved(fed.shape, order)):
            yield tuple(shape[axis - 1] for axis in order[1:])
            return
    sizes = [arguments_of(module).get(name) for name in TAKES]
    wanted = next((size for size in sizes if isinstance(size, int)), None)
    if wanted is not None and prod(shape) == wanted and gives(layer, (fed.shape[0], wanted)):
        yield (wanted,)
        return
    for place in (0, len(shape) - 1) if wanted is not None and shape else ():
        other = (*shape[:place], wanted or 0, *shape[place + 1 :])
        if gives(layer, (fed.shape[0], *other)):
            yield other


def _with(given: Inputs, at: int, shape: Shape) -> Inputs:
    return (*given[:at], shape, *given[at + 1 :])


def other_sizes(given: Inputs, fits: Fits, small: bool) -> list[Inputs]:
    """Return the inputs nearest to those given that fit, but for the sizes of their last axes.

    `small` says whether they are too small, so that larger ones alone are looked for.
    """
    first = _first(given[0]) if given else 0
    if not given or not (first or (small and given[0])):
        return []
    axes = given[0][first:]
    alike = [at for at, shape in enumerate(given)
             if shape[first:] == axes and len(shape) == len(given[0])]  # fmt: skip

    def of(sizes: Sequence[int]) -> Inputs:
        return tuple(
            (*shape[:first], *sizes) if at in alike else shape for at, shape in enumerate(given)
        )

    if small:
        least = _least(axes, lambda sizes: fits(of(sizes)))
        if least is not None:
            return [of(least)]
    known: dict[int, bool] = {}

    def uniform(size: int) -> bool:
        if size not in known:
            known[size] = fits(of([size] * len(axes)))
        return known[size]

    near = [_neighbours(size, uniform) for size in axes]
    found: list[Inputs] = []
    for choose in (0, 1, 2):
        sizes = [_chosen(each, size, choose) for each, size in zip(near, axes, strict=True)]
        if None in sizes or sizes == list(axes):
            continue
        inputs = of([int(size or 0) for size in sizes])
        if inputs not in found and fits(inputs):
            found.append(inputs)
    return found or [of(sizes) for sizes in _one_axis(axes, lambda sizes: fits(of(sizes)))]


def _first(shape: Shape) -> int:
    """Return the first axis that is looked at: behind that of the channels, if it has others."""
    return 1 if len(shape) > 1 else 0


def named_in(sentence: str, given: Inputs) -> Iterator[Inputs]:
    """Yield the inputs whose sizes are numbers that a model's own refusal names."""
    for size in dict.fromkeys(map(int, re.findall(r"(?<![\w.])\d{1,4}(?![\w.])", sentence))):
        if 0 < size <= LARGEST and given and len(given[0]) > 1:
            axes = given[0][1:]
            if any(each != size for each in axes):
                yield tuple((shape[0], *[size] * len(axes)) if shape[1:] == axes else shape
                            for shape in given)  # fmt: skip


def _chosen(near: tuple[int | None, int | None], size: int, choose: int) -> int | None:
    """Return a size that fits: the nearest (0), the next below (1), the next above (2)."""
    below, above = near
    if below == size:
        return size
    if choose == 0:
        both = [each for each in near if each is not None]
        return min(both, key=lambda each: (abs(each - size), each), default=None)
    return below if choose == 1 else above


def _neighbours(size: int, fits: Callable[[int], bool]) -> tuple[int | None, int | None]:
    """Return the next sizes below and above one that fit, or that size itself."""
    if fits(size):
        return size, size
    below = next((each for each in range(size - 1, max(size - FURTHEST, size // 2, 1) - 1, -1)
                  if fits(each)),
                 None)  # fmt: skip
    above = next((each for each in range(size + 1, min(size + FURTHEST, LARGEST) + 1)
                  if fits(each)), None)  # fmt: skip
    return below, above


def _one_axis(axes: Shape, fits: Callable[[list[int]], bool]) -> Iterator[list[int]]:
    """Yield the sizes of which one alone is another, the nearest below and the nearest above."""
    for at in reversed(range(len(axes))):
        for way in (-1, 1):
            for by in range(1, FURTHEST + 1):
                sizes = [*axes[:at], axes[at] + way * by, *axes[at + 1 :]]
                if 2 * sizes[at] >= axes[at] > 0 and sizes[at] > 0 and fits(sizes):
                    yield sizes
                    break


def _least(axes: Shape, fits: Callable[[list[int]], bool]) -> list[int] | None:
    """Return the least sizes that fit, each no smaller than it is: those that are too small."""
    sizes = [*axes]
    top = max(axes)
    while not fits(sizes):
        top *= 2
        if top > LARGEST:
            return None
        sizes = [max(size, top) for size in axes]
    for at, size in enumerate(axes):
        low, high = size - 1, sizes[at]
        while high - low > 1:
            middle = (low + high) // 2
            if fits([*sizes[:at], middle, *sizes[at + 1 :]]):
                high = middle
            else:
                low = middle
        sizes[at] = high
    return sizes if sizes != [*axes] else None


def is_larger_enough(inputs: Inputs, fits: Fits) -> bool:
    """Return whether larger sizes fit too, as far as some of them tell."""
    first = _first(inputs[0])
    axes = inputs[0][first:]
    others = [[size + by for size in axes] for by in (1, 2, 3)] + [[2 * size for size in axes]]
    return all(
        fits(tuple((*each[:first], *sizes) if each[first:] == axes else each for each in inputs))
        for sizes in others
    )
