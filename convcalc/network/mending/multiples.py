"""What makes one number a multiple of another: heads that divide a width, and the other way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from convcalc.layers.base import Batch
from convcalc.network.mending import layers, numbers
from convcalc.network.mending.fault import Candidate, Fault
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Tensor

FURTHEST = 4096
"""How far from a number its neighbours are looked at, one by one."""


def near_divisors(number: int, now: int) -> list[int]:
    """Return the divisors of a number next to one that doesn't divide it, the nearest first."""
    top, last = min(now, number) - 1, min(number // 2, now + FURTHEST)
    lower, upper = range(top, max(1, top - FURTHEST), -1), range(now + 1, last + 1)
    below, above = (next((e for e in each if number % e == 0), None) for each in (lower, upper))
    found = [each for each in (below, above) if each is not None]
    return sorted(found, key=lambda each: (abs(each - now), each))


def of_refusal(fault: Fault) -> Iterator[Candidate]:
    """Yield what makes the remainder none that a model's own check refuses."""
    step = fault.step
    if fault.at is None or step is None:
        return
    for source, node in fault.nodes_at(fault.at, ast.Assert, ast.Raise):
        check = node if isinstance(node, ast.Assert) else source.around(node, ast.If)
        for each in ast.walk(check.test) if isinstance(check, (ast.Assert, ast.If)) else ():
            if not isinstance(each, ast.BinOp) or not isinstance(each.op, ast.Mod):
                continue
            whole, part = (numbers.value_of(side, step) for side in (each.left, each.right))
            if not whole or not part or whole % part == 0:
                continue
            for size in near_divisors(whole, part):
                for way in numbers.ways(each.right, step, fault.source_of, size):
                    yield fault.of_way(way, 0)
            for times in sorted((whole // part, whole // part + 1),
                                key=lambda times: abs(times * part - whole)):  # fmt: skip
                for way in numbers.ways(each.left, step, fault.source_of, times * part or part):
                    yield fault.of_way(way, 0)


def of_blocks(fault: Fault, module: Module) -> Iterator[Candidate]:
    """Yield what gives a pixel shuffle channels that its factor's square divides."""
    factor = layers.arguments_of(module).get("upscale_factor")
    tensor = fault.tensors[0] if fault.tensors else None
    if not isinstance(factor, int) or factor < 2 or tensor is None or tensor.ndim < 3:
        return
    channels, square = int(tensor.shape[1]), factor * factor
    for other in range(factor - 1, 1, -1):
        if channels % (other * other) == 0:
            yield from layers.with_number(fault, module, "upscale_factor", other, 0)
    wholes = [channels // square * square, (channels // square + 1) * square]
    if channels % factor == 0:  # the square was forgotten
        wholes.insert(0, channels * factor)
    for whole in filter(None, wholes):
        if tensor.maker is not None:
            yield from layers.of_output(fault, tensor.maker.module, whole)


def of_parts(fault: Fault, tensor: Tensor, sizes: list[ast.expr]) -> Iterator[Candidate]:
    """Yield other numbers of parts into which a view would have the last axis fall."""
    last, step = tensor.shape[-1] if tensor.shape else 0, fault.step
    if step is None or isinstance(last, Batch):
        return
    for node, size in zip(sizes, fault.told.sizes, strict=False):
        if isinstance(size, int) and not isinstance(size, Batch) and size > 1 and last % size:
            for other in near_divisors(int(last), size):
                for way in numbers.ways(node, step, fault.source_of, other):
                    yield fault.of_way(way, 0)
