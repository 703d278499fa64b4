"""What might be put into the call that doesn't fit: axes in another order, one row a sample."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import permutations
from math import prod

from convcalc.layers.base import Batch, Shape
from convcalc.network.answer.trace import FLATTENERS
from convcalc.network.answer.tree import kept, layer_name
from convcalc.network.mending.fault import Candidate, Fault, brackets, is_batch, own_step
from convcalc.network.mending.source import Source

BACK = 3
"""How many calls back a flatten is looked for, which is told of no tensor."""
FLATTENING = ("flatten", "view", "reshape", "ravel")


def given(call: ast.Call) -> list[ast.expr]:
    """Return what a call is given, in order, and what it is given by name."""
    return [*call.args, *(each.value for each in call.keywords)]


def moved(shape: Shape, axes: tuple[int, ...]) -> Shape:
    """Return a shape whose axes are in another order."""
    return tuple(shape[axis] for axis in axes)


def singles(shape: Shape) -> Iterator[tuple[str, Shape]]:
    """Yield a shape without one of its axes of one position, or with one more behind the batch."""
    for axis in range(1, len(shape)):
        if shape[axis] == 1 and not isinstance(shape[axis], Batch):
            yield f".squeeze({axis})", (*shape[:axis], *shape[axis + 1 :])
    yield ".unsqueeze(1)", (*shape[:1], 1, *shape[1:])


def first_of_several(fault: Fault) -> Iterator[Candidate]:
    """Yield the first of what a call is given, where it is given several in the place of one."""
    return first_given(fault, "[0]")


def first_given(fault: Fault, form: str) -> Iterator[Candidate]:
    """Yield the call that doesn't fit with something behind the first of what it is given."""
    source, call = fault.source, fault.call
    subject = given(call)[:1] if call is not None else []
    words = source.text_of(subject[0]) if source is not None and subject else None
    if source is not None and call is not None and words is not None:
        new = f"{brackets(subject[0], words)}{form}"
        yield from fault.candidate(source, call, source.replaced(subject[0], new))


def orders(ndim: int) -> Iterator[tuple[tuple[int, ...], str, str]]:
    """Yield the orders of axes that leave the batch first, how they are written, and the way back.

    The usual ones come first: channels from last to second, and back.
    """
    rest = range(1, ndim)
    usual = [(0, ndim - 1, *range(1, ndim - 1)), (0, *range(2, ndim), 1)]
    pairs = [
        tuple(
            second if axis == first else first if axis == second else axis for axis in range(ndim)
        )
        for first in rest for second in rest if first < second
    ]  # fmt: skip
    others = [(0, *each) for each in permutations(rest)] if ndim < 6 else []
    for order in dict.fromkeys((*usual, *pairs, *others)):
        if order == tuple(range(ndim)):
            continue
        back = tuple(order.index(axis) for axis in range(ndim))
        yield order, written(order), written(back)


def written(order: tuple[int, ...]) -> str:
    """Return the method that puts axes in an order: a transposition where it is one."""
    off = [axis for axis, at in enumerate(order) if axis != at]
    if len(off) == 2:
        return f".transpose({off[0]}, {off[1]})"
    return f".permute({', '.join(map(str, order))})"


def flattening(fault: Fault) -> Iterator[Candidate]:
    """Yield what leaves one row a sample where a line made another number of rows of them."""
    tensors = fault.tensors
    whole = all(is_batch(each.shape[0]) for each in tensors if each.shape and each.fed)
    behind = any(isinstance(size, Batch) for each in tensors for size in each.shape[1:])
    if tensors and whole and not behind:
        return
    places = [each.story.place for each in tensors if each.story is not None]
    split = fault.reading.trace.split
    places += [split[0]] if split is not None else []
    rows = fault.attempt.answer.rows[-BACK:]
    if fault.source is not None:
        lines = [row.line for row in rows if row.layer in FLATTENERS and row.line]
        places += [fault.source.unit.place(line) for line in reversed(lines)]
    for place in dict.fromkeys(places):
        for source, node in fault.nodes_at(place, ast.Call):
            assert isinstance(node, ast.Call)
            yield from _all_numbers(fault, source, node)
            yield from one_row_each(fault, source, node)
    for module, _ in fault.reading.trace.modules():
        step = own_step(kept(module).step)
        where = fault.source_of(step.frame.unit) if step is not None else None
        if layer_name(module) == "Flatten" and step is not None and where is not None:
            if step.node is not None:
                yield from one_row_each(fault, where, step.node)


def _all_numbers(fault: Fault, source: Source, node: ast.Call) -> Iterator[Candidate]:
    """Yield view(-1, N) with all the numbers of a sample for N."""
    name = getattr(node.func, "attr", "")
    last = node.args[-1] if len(node.args) == 2 else None
    came = [
        row.input
        for row in fault.attempt.answer.rows
        if row.layer == name and row.line == node.lineno and isinstance(row.input, tuple)
    ]
    if name not in ("view", "reshape") or not came or last is None:
        return
    if source.text_of(node.args[0]) == "-1" and isinstance(last, (ast.Constant, ast.BinOp)):
        there = prod(came[-1])
        yield from fault.replaced(source, last, str(there))


def one_row_each(fault: Fault, source: Source, node: ast.Call) -> Iterator[Candidate]:
    """Yield how a call that flattens is written so that every sample keeps a row of its own."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name not in (*FLATTENING, "Flatten"):
        return
    function = source.text_of(node.func)
    if name == "Flatten":
        yield from fault.replaced(source, node, f"{function}()")
        return
    owner = fault.method_of(node)
    method = owner is not None
    subject = owner if method else node.args[0] if node.args else None
    words = source.text_of(subject) if subject is not None else None
    if subject is None or words is None:
        return
    named = brackets(subject, words)
    if not method and name == "flatten":
        yield from fault.replaced(source, node, f"{function}({words}, 1)")
    if method and name in ("view", "reshape") and isinstance(subject, (ast.Name, ast.Attribute)):
        yield from fault.replaced(source, node, f"{words}.{name}({words}.size(0), -1)")
    yield from fault.replaced(source, node, f"{named}.flatten(1)")
