"""What might mend tensors that don't fit together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import TypeGuard

from convcalc.layers.base import Batch, per_sample
from convcalc.network.answer.remedies import RESHAPES
from convcalc.network.answer.tree import kept
from convcalc.network.mending import calls, layers, multiples, numbers
from convcalc.network.mending.fault import Candidate, Fault, brackets, is_batch
from convcalc.network.mending.source import Source
from convcalc.network.torch.module import Module
from convcalc.network.torch.sizes import same
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.reader import Step
from convcalc.reading.values import Library

SIGNS: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "@": ast.MatMult, "/": ast.Div,
}  # fmt: skip
GUESSED = 3
"""How far from a misfit a number is that nothing speaks for but that it stands there."""
PRODUCTS = ("@", "torch.matmul", "matmul", "torch.bmm", "bmm", "torch.mm", "mm")


def of_operation(fault: Fault) -> Iterator[Candidate]:
    """Yield what might make tensors fit together, or into a function."""
    name, tensors = fault.told.operation, fault.tensors
    yield from calls.flattening(fault)
    if name in RESHAPES and tensors:
        yield from of_view(fault, tensors[0])
    elif name.rpartition(".")[2] in ("cat", "concat", "concatenate") and len(tensors) > 1:
        yield from of_cat(fault)
    elif name.rpartition(".")[2] == "stack":
        other = next((each for each in tensors if each.shape != tensors[0].shape), None)
        if other is not None:
            yield from resized(fault, tensors[0], other, [])
    elif name.rpartition(".")[2] == "split" and tensors and tensors[0].maker is not None:
        asked = [size for size in fault.told.sizes if isinstance(size, int)]
        yield from layers.of_output(fault, tensors[0].maker.module, sum(asked))
    elif name in PRODUCTS and len(tensors) == 2:
        yield from of_product(fault)
    elif len(tensors) == 2:
        yield from of_two(fault, *tensors)
    yield from of_literals(fault)


def operands(fault: Fault) -> list[tuple[Source, ast.expr]]:
    """Return what a call or an operator that doesn't fit is given, as it stands in the file."""
    name, source, step = fault.told.operation, fault.source, fault.step
    if source is None or step is None:
        return []
    sign = SIGNS.get(name.strip("=") or name)
    if sign is not None:
        nodes = [
            node for node in ast.walk(source.tree)
            if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, sign)
            and node.lineno <= step.line <= (node.end_lineno or 0)
        ]  # fmt: skip
        if len(nodes) != 1:
            return []
        node = nodes[0]
        if isinstance(node, ast.BinOp):
            return [(source, node.left), (source, node.right)]
        return [(source, node.target), (source, node.value)]
    call = fault.call
    if call is None:
        return []
    found = [each for each in call.args if not isinstance(each, ast.Starred)]
    if len(found) and isinstance(found[0], (ast.List, ast.Tuple)):
        found = [*found[0].elts]
    elif (owner := fault.method_of(call)) is not None:
        found = [owner, *found]
    return [(source, each) for each in found]


def instead(
    fault: Fault, place: tuple[Source, ast.expr], form: str, rank: int = 0
) -> Iterator[Candidate]:
    """Yield an operand written otherwise: `{}` in the form stands for what it is now."""
    source, node = place
    words = source.text_of(node)
    if words is not None:
        new = form.format(brackets(node, words) if form.startswith("{}") else words)
        yield from fault.replaced(source, node, new, rank, words=new)


# ---------------------------------------------------------------------------------------------
# View and reshape
# ---------------------------------------------------------------------------------------------


def of_view(fault: Fault, tensor: Tensor) -> Iterator[Candidate]:
    """Yield the sizes that a view might have, or what makes its tensor hold as many numbers."""
    source, call, step = fault.source, fault.call, fault.step
    if source is None or call is None or step is None:
        return
    owner = fault.method_of(call)
    sizes = list(call.args if owner is not None else call.args[1:])
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = list(sizes[0].elts)
    asked = fault.told.sizes
    there = prod(per_sample(tensor.shape))
    if owner is not None and "isn't possible" in str(fault.error):
        assert isinstance(call.func, ast.Attribute)
        words = source.text_of(call.func)
        if words is not None and words.endswith("view"):
            yield from fault.candidate(
                source, call, source.replaced(call.func, f"{words[:-4]}reshape")
            )
        return
    if len(sizes) == len(asked) > 1:
        subject = call.args[0] if owner is None else owner
        words = source.text_of(subject)
        first = sizes[0]
        fixed = isinstance(asked[0], int) and not isinstance(asked[0], Batch) and asked[0] != -1
        if fixed and is_batch(tensor.shape[0]) and words is not None:
            named = f"{brackets(subject, words)}.size(0)"
            yield from fault.replaced(source, first, named)
        numbered = [each for each in asked[1:] if isinstance(each, int)]
        if len(numbered) == len(asked) - 1 and -1 not in numbered:
            for node, size in zip(sizes[1:], numbered, strict=True):
                rest = prod(numbered) // size if size else 0
                if rest and there % rest == 0 and there // rest != size:
                    for way in numbers.ways(node, step, fault.source_of, there // rest):
                        yield fault.of_way(way, 0)
                    if not isinstance(node, ast.Constant):
                        yield from fault.replaced(source, node, str(there // rest))
        yield from multiples.of_parts(fault, tensor, sizes)
        if len(asked) == 2:
            yield from calls.one_row_each(fault, source, call)
        wanted = prod(numbered) if -1 not in numbered else 0
        if tensor.maker is not None and wanted and wanted != there:
            channels = per_sample(tensor.shape)[:1]
            for count in (wanted, wanted * channels[0] // there if channels else 0):
                if count:
                    yield from layers.of_output(fault, tensor.maker.module, count)
    elif len(sizes) == 1 and asked:
        yield from calls.one_row_each(fault, source, call)


# ---------------------------------------------------------------------------------------------
# Several tensors
# ---------------------------------------------------------------------------------------------


def of_cat(fault: Fault) -> Iterator[Candidate]:
    """Yield what makes feature maps alike before they are put together."""
    tensors = list(fault.tensors)
    places = operands(fault)
    if len(places) != len(tensors):
        places = []
    most = max(tensors, key=lambda each: each.ndim)
    for at, each in enumerate(tensors):
        if each.ndim == most.ndim:
            continue
        if places and each.ndim < most.ndim:
            sizes = ", ".join(["-1"] * each.ndim + [str(int(s)) for s in most.shape[each.ndim :]])
            form = "{}" + "".join("[..., None]" for _ in range(most.ndim - each.ndim))
            yield from instead(fault, places[at], f"{form}.expand({sizes})")
        flat = layers.flattened(most.shape)
        if places and each.ndim == 2 and flat is not None:
            which = tensors.index(most)
            yield from instead(fault, places[which], "{}.flatten(1)")
    if len(tensors) == 2:
        yield from resized(fault, tensors[0], tensors[1], places)


def of_two(fault: Fault, left: Tensor, right: Tensor) -> Iterator[Candidate]:
    """Yield what makes two tensors alike, or lets one be broadcast to the other."""
    places = operands(fault)
    places = places if len(places) == 2 else []
    for at, (one, other) in enumerate(((left, right), (right, left))):
        if one.ndim < other.ndim and places and one.ndim > 1:
            pairs = zip(one.shape, other.shape, strict=False)
            if all(same(a, b) or a == 1 for a, b in pairs):
                form = (
                    "[..., None]"
                    if other.ndim - one.ndim == 1
                    else "[:, :" + ", None" * (other.ndim - one.ndim) + "]"
                )
                yield from instead(fault, places[at], "{}" + form)
        elif one.ndim == other.ndim + 1 and places and one.shape[-1] == 1:
            yield from instead(fault, places[at], "{}.squeeze(-1)")
    for one, other in ((left, right), (right, left)):
        if one.maker is None or one.ndim != other.ndim or one.ndim < 2:
            continue
        if not same(one.shape[1], other.shape[1]):
            yield from layers.of_output(fault, one.maker.module, int(other.shape[1]), rank=0)
        elif one.ndim == 2 or one.shape[-1] != other.shape[-1]:
            yield from layers.of_output(fault, one.maker.module, int(other.shape[-1]), rank=0)
    yield from of_parameter(fault, left, right, places)
    yield from resized(fault, left, right, places)


def of_parameter(
    fault: Fault, left: Tensor, right: Tensor, places: list[tuple[Source, ast.expr]]
) -> Iterator[Candidate]:
    """Yield the sizes of a table of the model's own, such as one of positions, that would fit."""
    for at, (own, other) in enumerate(((left, right), (right, left))):
        if own.fed or own.ndim != other.ndim or not places:
            continue
        source, operand = places[at]
        for name in [each.attr for each in ast.walk(operand) if _is_own(each, fault)]:
            for value in _set_to(name, source.around(operand, ast.ClassDef)):
                yield from _of_table(fault, source, value, own, other)


def _is_own(node: ast.AST, fault: Fault) -> TypeGuard[ast.Attribute]:
    """Return whether a piece of a method is an attribute of the object itself."""
    first = fault.step.frame.first if fault.step is not None else None
    return isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == first


def _set_to(name: str, cls: ast.AST | None) -> Iterator[ast.expr]:
    """Yield what a class sets an attribute to, or registers as its buffer."""
    for each in ast.walk(cls) if cls is not None else ():
        match each:
            case ast.Assign(targets=targets, value=value):
                if any(getattr(target, "attr", "") == name for target in targets):
                    yield value
            case ast.Call(
                func=ast.Attribute(attr="register_buffer"),
                args=[ast.Constant(value=found), value, *_],
            ):
                if found == name:
                    yield value


def _of_table(
    fault: Fault, source: Source, value: ast.expr, own: Tensor, other: Tensor
) -> Iterator[Candidate]:
    step = fault.step
    if step is None:
        return
    values = [value]
    for each in ast.walk(value):
        if isinstance(each, ast.Name):
            values += [found for found, _ in numbers.given_for(each, step, fault.source_of)]
    for call in [each for found in values for each in ast.walk(found)]:
        if not isinstance(call, ast.Call):
            continue
        sizes = call.args
        if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
            sizes = sizes[0].elts
        if not 2 <= len(sizes) <= own.ndim:
            continue
        count = len(sizes)
        for node, now, wanted in zip(
            sizes, own.shape[-count:], other.shape[-count:], strict=True
        ):  # fmt: skip
            words = source.text_of(node)
            if same(now, wanted) or now == 1 or isinstance(wanted, Batch) or words is None:
                continue
            made = _maker_of(fault, call)
            for way in numbers.ways(node, made or step, fault.source_of, int(wanted)):
                yield fault.of_way(way, 0)
            more = int(wanted) - int(now)
            new = (
                str(int(wanted))
                if isinstance(node, ast.Constant)
                else (f"{words} {'+' if more > 0 else '-'} {abs(more)}")
            )
            yield from fault.replaced(source, node, new)


def _maker_of(fault: Fault, call: ast.Call) -> Step | None:
    """Return the call of the method in which an object's table was made."""
    step = fault.step
    owner = step.frame.scope.names.get(step.frame.first or "") if step is not None else None
    made = kept(owner).step if isinstance(owner, Module) else None
    if step is None or made is None:
        return None
    return numbers.entered(made, call, step.frame.unit, fault.source_of)


def resized(
    fault: Fault, left: Tensor, right: Tensor, places: list[tuple[Source, ast.expr]]
) -> Iterator[Candidate]:
    """Yield what gives one of two feature maps the sizes of the other."""
    if left.ndim != right.ndim or left.ndim < 3:
        return
    for one, other in ((left, right), (right, left)):
        if one.maker is not None:
            wanted = (*one.shape[:2], *other.shape[2:])
            came = one.maker.shape
            for rank, name in ((0, "output_padding"), (0, "padding"), (1, "stride"),
                               (2, "kernel_size")):  # fmt: skip
                yield from layers.settings(fault, one.maker.module, came, wanted, (name,), rank)
    yield from windows_before(fault, left, right)
    if len(places) != 2 or left.shape[2:] == right.shape[2:]:
        return
    smaller = 0 if prod(map(int, left.shape[2:])) < prod(map(int, right.shape[2:])) else 1
    small, large = (left, right) if smaller == 0 else (right, left)
    called = functional(fault)
    place, other_place = places[smaller], places[1 - smaller]
    words = other_place[0].text_of(other_place[1])
    if called is not None and words is not None:
        size = f"{brackets(other_place[1], words)}.shape[2:]"
        if isinstance(other_place[1], (ast.Name, ast.Attribute)):
            yield from instead(fault, place, f"{called}.interpolate({{}}, {size})")
    missing = [int(b) - int(a) for a, b in zip(small.shape[2:], large.shape[2:], strict=True)]
    if called is not None and all(0 <= gap <= 8 for gap in missing):
        amounts = ", ".join(f"0, {gap}" for gap in reversed(missing))
        yield from instead(fault, place, f"{called}.pad({{}}, ({amounts}))")


def windows_before(fault: Fault, left: Tensor, right: Tensor) -> Iterator[Candidate]:
    """Yield what makes a window further back give the sizes of the other feature map."""
    named = {name: each for each, name in fault.reading.trace.modules()}
    rows = [row for row in fault.attempt.answer.rows if row.name in named and row.kernel]
    for row in rows[: -1 - layers.MOST_BACK : -1]:
        came, gave = row.input, row.output
        if not isinstance(came, tuple) or not isinstance(gave, tuple):
            continue
        for one, other in ((left, right), (right, left)):
            if gave[1:] == one.shape[2:] and one.shape[2:] != other.shape[2:]:
                first = one.shape[0]
                for name in ("padding", "stride", "kernel_size"):
                    yield from layers.settings(
                        fault, named[row.name or ""], (first, *came),
                        (first, gave[0], *other.shape[2:]), (name,), 1,
                    )  # fmt: skip


def functional(fault: Fault) -> str | None:
    """Return what the file calls torch.nn.functional."""
    names = fault.step.frame.unit.names if fault.step is not None else {}
    found = {name: value for name, value in names.items() if isinstance(value, Library)}
    for name, value in found.items():
        if value.name == "torch.nn.functional":
            return name
    for name, value in found.items():
        if value.name in ("torch.nn", "torch"):
            return f"{name}.functional" if value.name == "torch.nn" else f"{name}.nn.functional"
    return None


def of_product(fault: Fault) -> Iterator[Candidate]:
    """Yield what makes two tensors have a product: one of them with its last axes exchanged."""
    places = operands(fault)
    function = fault.call.func if fault.call is not None else None
    if isinstance(function, ast.Attribute) and function.attr in ("bmm", "mm"):
        source = fault.source
        words = source.text_of(function) if source is not None else None
        if source is not None and words is not None:
            new = f"{words[: -len(function.attr)]}matmul"
            yield from fault.replaced(source, function, new, words=new)
    if len(places) == 2:
        for at in (1, 0):
            yield from instead(fault, places[at], "{}.transpose(-2, -1)")
    left, right = fault.tensors
    if not left.shape or not right.shape:
        return  # a single number has no axis to fit
    for one, wanted in ((right, left.shape[-1]), (left, right.shape[max(-2, -right.ndim)])):
        if one.maker is not None and not isinstance(wanted, Batch):
            yield from layers.of_output(fault, one.maker.module, int(wanted))


# ---------------------------------------------------------------------------------------------
# Any call
# ---------------------------------------------------------------------------------------------


def of_literals(fault: Fault) -> Iterator[Candidate]:
    """Yield other whole numbers in the place of those that stand in the call that doesn't fit."""
    call, source = fault.call, fault.source
    if call is None or source is None:
        return
    sizes = {
        int(size) for each in fault.tensors for size in each.shape if not isinstance(size, Batch)
    }
    most = max((each.ndim for each in fault.tensors), default=0)
    for node in calls.given(call):
        inner = [
            each for each in ast.walk(node)
            if isinstance(each, ast.Constant) and type(each.value) is int
        ]  # fmt: skip
        for each in inner:
            now = each.value
            assert isinstance(now, int)
            near = sorted({*range(most), now + 1, now - 1} if abs(now) <= most else sizes,
                          key=lambda size: (abs(size - now), size))  # fmt: skip
            for size in near:
                if size != now and size >= 0:
                    yield from fault.replaced(source, each, str(size), GUESSED)


def producers(fault: Fault) -> Iterator[Candidate]:
    """Yield the layers that gave the tensors their sizes, with the settings of their neighbours."""
    for tensor in fault.tensors:
        if tensor.maker is not None and kept(tensor.maker.module).layer is not None:
            for other in fault.tensors:
                if other is not tensor and other.ndim == tensor.ndim:
                    yield from layers.settings(
                        fault, tensor.maker.module, tensor.maker.shape, other.shape,
                        ("stride", "padding", "kernel_size", "dilation"), 1,
                    )  # fmt: skip
