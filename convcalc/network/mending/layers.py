"""What might mend a layer that doesn't take what comes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from inspect import signature
from math import prod

from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Batch, Layer, Shape
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.answer.trace import FEATURES
from convcalc.network.answer.tree import kept
from convcalc.network.mending import calls, numbers
from convcalc.network.mending.fault import Candidate, Fault, brackets, is_batch, own_step
from convcalc.network.mending.source import Change, Source
from convcalc.network.torch.module import Module
from convcalc.reading.reader import Step

TAKES = ("in_features", "in_channels", "num_features", "num_channels", "normalized_shape",
         "input_size", "embed_dim", "in1_features", "in2_features", "num_parameters",
         "num_embeddings")  # fmt: skip
"""The arguments of layers that have to be what comes in."""
GIVES = ("out_features", "out_channels", "hidden_size", "embedding_dim", "embed_dim")
"""The arguments of layers that say what comes out."""
MOST_ORDERS = 2
"""How many orders of axes are tried."""
MOST_PADDING = 16
MOST_BACK = 12
"""How many calls back what came is looked for."""


def of_layer(fault: Fault, module: Module) -> Iterator[Candidate]:
    """Yield what might make a layer fit, or what comes before it."""
    layer = kept(module).layer
    if layer is None:
        made = maker(fault, module)
        if made is not None and kept(module).refuses:
            yield from of_arguments(fault, *made)
        return
    if not fault.tensors or isinstance(fault.error, TypeError):
        yield from calls.first_of_several(fault)
    if not fault.tensors:
        return
    shape = fault.tensors[0].shape
    yield from calls.flattening(fault)
    yield from flat(fault, module, layer, shape)
    yield from batch_first(fault, module)
    yield from pair(fault, layer)
    yield from states(fault, module)
    yield from axes(fault, layer, shape)
    yield from of_numbers(fault, module, layer, shape)
    yield from of_axes(fault, module, layer, shape)
    yield from window(fault, module, layer, shape)
    yield from producer(fault, module)


# ---------------------------------------------------------------------------------------------
# What a layer is made of
# ---------------------------------------------------------------------------------------------


def arguments_of(module: Module) -> dict[str, object]:
    """Return what a layer was made of, by name."""
    arguments, named = kept(module).arguments
    if kept(module).layer is None:
        return {}
    try:
        return dict(signature(type(kept(module).layer)).bind(*arguments, **named).arguments)
    except TypeError:
        return dict(named)


def changes(given: Mapping[str, object], shape: Shape) -> Iterator[tuple[str, int]]:
    """Yield the arguments that might be another, and the sizes that they might be."""
    sizes = [size for size in (*shape[-1:], *shape[1:2]) if not isinstance(size, Batch)]
    for name in TAKES:
        for size in dict.fromkeys(sizes):
            if isinstance(given.get(name), int) and given[name] != size:
                yield name, int(size)


def remade(kind: type[Layer], given: Mapping[str, object]) -> Layer | None:
    """Return a layer of other arguments, if there is one."""
    try:
        return kind(**given)
    except (ConvcalcError, TypeError):
        return None


def gives(layer: Layer, *shapes: Shape, wanted: Shape | None = None) -> bool:
    """Return whether a layer takes its inputs, and makes of them what is wanted."""
    try:
        output = layer.output(*shapes)
    except (ConvcalcError, TypeError):
        return False
    return wanted is None or bool(output == wanted)


def flattened(shape: Shape) -> Shape | None:
    """Return the shape after x.flatten(1)."""
    return (shape[0], prod(shape[1:])) if shape and isinstance(shape[0], Batch) else None


def maker(fault: Fault, module: Module) -> tuple[Source, ast.Call, Step] | None:
    """Return the call that made a layer, where it stands in somebody's own file."""
    step = kept(module).step
    own = own_step(step)
    source = fault.source_of(own.frame.unit) if own is not None else None
    if own is None or source is None or own is not step or own.node is None:
        return None
    return source, own.node, own


def argument(node: ast.Call, kind: type[Layer], name: str) -> ast.expr | None:
    """Return what stands for an argument in the call that made a layer, if it stands there."""
    for each in node.keywords:
        if each.arg == name:
            return each.value
    names = list(signature(kind).parameters)
    at = names.index(name) if name in names else len(node.args)
    starred = any(isinstance(each, ast.Starred) for each in node.args)
    return node.args[at] if at < len(node.args) and not starred else None


def with_number(
    fault: Fault, module: Module, name: str, wanted: int, rank: int = 0
) -> Iterator[Candidate]:
    """Yield what gives a layer another number for an argument: where the number comes from."""
    made, layer = maker(fault, module), kept(module).layer
    if layer is None:
        return
    if made is None:
        yield from in_text(fault, module, layer, name, wanted, rank)
        return
    source, call, step = made
    value = argument(call, type(layer), name)
    now = arguments_of(module).get(name)
    if value is None:
        kernel = argument(call, type(layer), "kernel_size")
        words = source.text_of(kernel) if kernel is not None else None
        if name == "padding" and words and not isinstance(kernel, ast.Constant):
            half = source.argument_added(call, f"padding={words} // 2")
            yield from fault.candidate(source, call, half, rank=rank)
        if name in signature(type(layer)).parameters and not any(
            each.arg is None for each in call.keywords
        ):
            change = source.argument_added(call, f"{name}={wanted}")
            yield from fault.candidate(source, call, change, rank=rank)
        return
    plain, before = isinstance(value, ast.Constant), now if isinstance(now, int) else None
    for way in numbers.ways(value, step, fault.source_of, wanted, before):
        yield fault.of_way(way, rank)
    if name not in (*TAKES, *GIVES) or (plain and not step_is_within(source, call)):
        return
    for node, where in ((value, step), *numbers.given_for(value, step, fault.source_of)):
        for way in numbers.expressions(node, where, fault.source_of, wanted, before):
            yield fault.of_way(way, rank)
    if not plain:
        yield from fault.replaced(source, value, str(wanted), rank + 1)


def step_is_within(source: Source, node: ast.Call) -> bool:
    """Return whether a call stands in a function that takes more than itself."""
    function = source.around(node, ast.FunctionDef)
    return isinstance(function, ast.FunctionDef) and len(function.args.args) > 1


def in_text(
    fault: Fault, module: Module, layer: Layer, name: str, wanted: int, rank: int
) -> Iterator[Candidate]:
    """Yield the same for a layer that a text shows, in the line that shows it."""
    place, now = kept(module).place, arguments_of(module).get(name)
    printed = fault.printed
    if printed is None or place is None or not isinstance(now, int):
        return
    change = printed.number(place.line, name, now, wanted)
    if change is not None:
        words = [f"{key}={value!r}"
                 for key, value in {**arguments_of(module), name: wanted}.items()]  # fmt: skip
        said = f"nn.{type(layer).__name__}({', '.join(words)})"
        yield Candidate((change,), said, rank=rank)


# ---------------------------------------------------------------------------------------------
# Before the layer
# ---------------------------------------------------------------------------------------------


def axes(fault: Fault, layer: Layer, shape: Shape) -> Iterator[Candidate]:
    """Yield other orders of the axes of what comes, where the layer takes those."""
    source, call = fault.source, fault.call
    subject = calls.given(call)[:1] if call is not None else []
    if source is None or call is None or not subject or len(shape) < 2:
        return
    words = source.text_of(subject[0])
    if words is None:
        return
    for form, other in calls.singles(shape):
        if gives(layer, other):
            new = f"{brackets(subject[0], words)}{form}"
            yield from fault.candidate(source, call, source.replaced(subject[0], new))
    fitting = (
        [each for each in calls.orders(len(shape)) if gives(layer, calls.moved(shape, each[0]))]
        if any(name in TAKES for name in signature(type(layer)).parameters)
        else []
    )
    # What a layer gives that has its channels first has them there: another size is meant.
    in_order = is_channels_first(layer) and comes_channels_first(fault)
    for order, there, back in fitting[:MOST_ORDERS]:
        changed = source.replaced(subject[0], f"{brackets(subject[0], words)}{there}")
        both = changed, source.appended(call, back)
        one = fault.candidate(source, call, changed)
        two = _there_and_back(fault, source, call, *both)
        moved = calls.moved(shape, order)
        keeps = gives(layer, moved, wanted=moved)
        for each in (two, one) if keeps else (one, two):
            for found in each:
                yield replace(found, rank=2) if in_order else found


def is_channels_first(layer: Layer | None) -> bool:
    """Return whether a layer has channels, and axes of space behind them."""
    kind = type(layer).__name__
    return kind[-2:] in ("1d", "2d", "3d") or kind == "GroupNorm"


def comes_channels_first(fault: Fault) -> bool:
    """Return whether what comes was made by a layer with its channels first."""
    made = fault.tensors[0].maker
    return made is not None and is_channels_first(kept(made.module).layer)


def batch_first(fault: Fault, module: Module) -> Iterator[Candidate]:
    """Yield the other value of batch_first, for a layer that has it."""
    given, made, layer = arguments_of(module), maker(fault, module), kept(module).layer
    if layer is None or made is None or "batch_first" not in signature(type(layer)).parameters:
        return
    source, call, _ = made
    value, other = argument(call, type(layer), "batch_first"), not given.get("batch_first", False)
    if value is not None:
        yield from fault.replaced(source, value, str(other))
    elif not any(each.arg is None for each in call.keywords):
        change = source.argument_added(call, f"batch_first={other}")
        yield from fault.candidate(source, call, change)


def pair(fault: Fault, layer: Layer) -> Iterator[Candidate]:
    """Yield the pair of states that an LSTM takes, of the one that it is given."""
    source, call = fault.source, fault.call
    state = calls.given(call)[1:2] if call is not None and "LSTM" in layer.name else []
    words = source.text_of(state[0]) if source is not None and state else None
    if source is not None and words is not None and not isinstance(state[0], ast.Tuple):
        new = f"({words}, torch.zeros_like({words}))"
        yield from fault.replaced(source, state[0], new)


def states(fault: Fault, module: Module) -> Iterator[Candidate]:
    """Yield what makes the states of a recurrent layer as many as its layers and directions."""
    source, call, step, given = fault.source, fault.call, fault.step, arguments_of(module)
    count, fed = given.get("num_layers", 1), fault.tensors[1:]
    if type(module).__name__ not in ("RNN", "LSTM", "GRU") or not isinstance(count, int):
        return
    if source is None or call is None or step is None or not fed or not fed[0].shape:
        return
    wanted, now = count * (2 if given.get("bidirectional") else 1), int(fed[0].shape[0])
    held = calls.given(call)[1:2]
    form = {2: ".unsqueeze(0)", 3: ".transpose(0, 1)"}.get(fed[0].ndim)
    words = source.text_of(held[0]) if held else None
    if form and words is not None and is_batch(fed[0].shape[0]):
        yield from fault.replaced(source, held[0], f"{brackets(held[0], words)}{form}")
    if held and isinstance(held[0], ast.Tuple):
        held = held[0].elts
    made = [
        value for each in held
        for value in (each, *(found for found, _ in numbers.given_for(each, step, fault.source_of)))
        if isinstance(value, ast.Call) and value.args
    ]  # fmt: skip
    changes = []
    for each in dict.fromkeys(made):
        size = each.args[0].elts[0] if isinstance(each.args[0], ast.Tuple) else each.args[0]
        words = source.text_of(size)
        times = now and wanted % now == 0 and not isinstance(size, ast.Constant)
        new = f"{wanted // now} * {brackets(size, words or '')}" if times else str(wanted)
        changes.append(source.replaced(size, new))
    if wanted != now and made:
        yield from fault.candidate(source, made[0].args[0], *changes)


def _there_and_back(
    fault: Fault, source: Source, call: ast.Call, there: object, back: object
) -> Iterator[Candidate]:
    """Yield what moves axes before a call, and moves them back behind it."""
    if not isinstance(there, Change) or not isinstance(back, Change):
        return
    text = source.text_of(call)
    if text is None:
        return
    start = there.start - source.column(call.lineno, call.col_offset)
    end = there.end - source.column(call.lineno, call.col_offset)
    whole = f"{text[:start]}{there.new}{text[end:]}{back.new}"
    yield from fault.replaced(source, call, whole, words=whole)


def flat(fault: Fault, module: Module, layer: Layer, shape: Shape) -> Iterator[Candidate]:
    """Yield a flatten before a layer of features, where that takes what comes then."""
    row = flattened(shape)
    if len(shape) < 3 or row is None or type(layer).__name__ not in FEATURES:
        return
    for first in range(1, len(shape) - 1 if "Norm1d" not in layer.name else 2):
        if gives(layer, (*shape[:first], prod(shape[first:]))):
            yield from flatten_before(fault, module, first)
            return
    if "Linear" not in layer.name or len(shape) < 4:
        return
    for name, size in changes(arguments_of(module), row):
        other = remade(type(layer), {**arguments_of(module), name: size})
        if other is not None and gives(other, row):
            for one in flatten_before(fault, module):
                for two in with_number(fault, module, name, size):
                    if not _overlap(one, two):
                        yield Candidate(
                            (*one.changes, *two.changes), f"{one.words} and {two.words}",
                        )  # fmt: skip
                        break


def _overlap(one: Candidate, two: Candidate) -> bool:
    return any(
        a.path == b.path and a.line == b.line and a.start < b.end and b.start < a.end
        for a in one.changes for b in two.changes
    )  # fmt: skip


def flatten_before(fault: Fault, module: Module, first: int = 1) -> Iterator[Candidate]:
    """Yield a flatten, from an axis on, of what goes into a layer: in its call, or before it."""
    made = maker(fault, module)
    if made is not None:
        where, node, _ = made
        around = where.around(node, ast.Call, ast.List)
        text = where.text_of(node)
        if around is not None and text is not None and _is_in_order(around, node):
            nn = text.rpartition(".")[0].split("(")[0] if "." in text.split("(")[0] else ""
            name = f"Flatten({first if first > 1 else ''})"
            name = f"{text.split('(')[0].rpartition('.')[0]}.{name}" if nn else name
            at = where.column(node.lineno, node.col_offset)
            change = Change(where.path, node.lineno, at, at, f"{name}, ")
            yield from fault.candidate(where, node, change, words=f"{name} before {text}")
    yield from calls.first_given(fault, f".flatten({first})")


def _is_in_order(around: ast.AST, node: ast.AST) -> bool:
    """Return whether a piece is one of the layers that a Sequential or a list is made of."""
    if isinstance(around, ast.List):
        return node in around.elts
    name = getattr(around, "func", None)
    return node in getattr(around, "args", ()) and "Sequential" in (
        getattr(name, "attr", ""), getattr(name, "id", "")
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------
# The layer
# ---------------------------------------------------------------------------------------------


def of_numbers(fault: Fault, module: Module, layer: Layer, shape: Shape) -> Iterator[Candidate]:
    """Yield the numbers of a layer with which it takes what comes."""
    given = arguments_of(module)
    for name, size in changes(given, shape):
        other = remade(type(layer), {**given, name: size})
        several = [each.shape for each in fault.tensors]
        if other is not None and (gives(other, shape) or gives(other, *several)):
            yield from with_number(fault, module, name, size)


def of_axes(fault: Fault, module: Module, layer: Layer, shape: Shape) -> Iterator[Candidate]:
    """Yield the layer of the same kind for another number of axes, where that takes the input."""
    kind, made = type(layer).__name__, maker(fault, module)
    if kind[-2:] not in ("1d", "2d", "3d") or made is None:
        return
    source, node, _ = made
    words = source.text_of(node.func) or ""
    for digit in "123":
        other = f"{kind[:-2]}{digit}d"
        if other == kind or other not in LAYERS or not words.endswith(kind):
            continue
        if len(shape) not in (int(digit) + 2, 2 if digit == "1" else 0):
            continue
        found = remade(LAYERS[other], arguments_of(module))
        if found is not None and gives(found, shape):
            change = source.replaced(node.func, f"{words[: -len(kind)]}{other}")
            yield from fault.candidate(source, node, change)


def window(fault: Fault, module: Module, layer: Layer, shape: Shape) -> Iterator[Candidate]:
    """Yield more padding or a smaller kernel where a window is larger than what comes."""
    given = arguments_of(module)
    parameters = signature(type(layer)).parameters
    if given.get("output_padding"):
        for amount in (0, 1):
            other = remade(type(layer), {**given, "output_padding": amount})
            if other is not None and amount != given["output_padding"] and gives(other, shape):
                yield from with_number(fault, module, "output_padding", amount)
    kernel = getattr(layer, "kernel_size", None)
    if kernel is None or len(shape) < 3:
        return
    if isinstance(given.get("padding", 0), int) and "padding" in parameters:
        for amount in range(1, MOST_PADDING):
            other = remade(type(layer), {**given, "padding": amount})
            if other is not None and amount != given.get("padding") and gives(other, shape):
                yield from with_number(fault, module, "padding", amount)
                break
    if isinstance(given.get("kernel_size"), int):
        for size in range(min(int(given["kernel_size"]), 64) - 1, 0, -1):  # type: ignore[call-overload]
            other = remade(type(layer), {**given, "kernel_size": size})
            if other is not None and gives(other, shape):
                yield from with_number(fault, module, "kernel_size", size, rank=1)
                break


def producer(fault: Fault, module: Module) -> Iterator[Candidate]:
    """Yield what makes the layer before give what this one takes."""
    made = fault.tensors[0].maker
    wanted = next(
        (each for name in TAKES if isinstance(each := arguments_of(module).get(name), int)), None
    )
    if wanted is None:
        return
    if made is not None:
        yield from of_output(fault, made.module, wanted)
    came = {size for size in fault.tensors[0].shape[1:] if not isinstance(size, Batch)}
    named = {name: each for each, name in fault.reading.trace.modules()}
    rows = [row for row in fault.attempt.answer.rows if row.name in named and row.called]
    for row in rows[: -1 - MOST_BACK : -1]:
        before = named[row.name or ""]
        if made is not None and before is made.module:
            continue
        if any(arguments_of(before).get(name) in came for name in GIVES):
            yield from of_output(fault, before, wanted)


def of_output(fault: Fault, module: Module, wanted: int, rank: int = 1) -> Iterator[Candidate]:
    """Yield what makes a layer give another number of channels or features."""
    given = arguments_of(module)
    for name in GIVES:
        if isinstance(given.get(name), int):
            yield from with_number(fault, module, name, wanted, rank)


def settings(
    fault: Fault, module: Module, came: Shape, wanted: Shape, names: Sequence[str], rank: int = 0
) -> Iterator[Candidate]:
    """Yield what makes a layer give a shape: another number for one of these arguments."""
    layer, given = kept(module).layer, arguments_of(module)
    if layer is None:
        return
    for name in names:
        if name not in signature(type(layer)).parameters:
            continue
        for amount in range(9):
            new = remade(type(layer), {**given, name: amount})
            if amount != given.get(name) and new is not None and gives(new, came, wanted=wanted):
                yield from with_number(fault, module, name, amount, rank)
                break


# ---------------------------------------------------------------------------------------------
# The arguments of a call
# ---------------------------------------------------------------------------------------------

MOST_NUMBER = 8192
"""The largest number in whose place others are looked for."""
DIVIDING = ("groups", "num_heads", "num_groups", "heads", "nhead")
"""The arguments that have to divide others, and that no parameter depends on, or few."""
NEAREST = 6
"""How many numbers near to one are tried in its place."""


def of_arguments(fault: Fault, source: Source, call: ast.Call, step: Step) -> Iterator[Candidate]:
    """Yield other whole numbers for those of a call that Python or a layer refuses as it is made.

    Heads, groups and the like have to divide another number of the call.
    """
    for keyword in call.keywords:
        # "same" isn't for every layer: half of the kernel is what it means.
        if isinstance(keyword.value, ast.Constant) and keyword.value.value == "same":
            sizes = [numbers.value_of(node, step) for node in calls.given(call)]
            for size in dict.fromkeys(each for each in sizes if each and each % 2 and each > 1):
                change = source.replaced(keyword.value, str(size // 2))
                yield from fault.candidate(source, keyword.value, change)
    kind = LAYERS.get((source.text_of(call.func) or "").rpartition(".")[2])
    order = list(signature(kind).parameters) if kind is not None else []
    named = [*zip(order or [""] * len(call.args), call.args, strict=False),
             *((each.arg or "", each.value) for each in call.keywords)]  # fmt: skip
    values = {name: (node, numbers.value_of(node, step)) for name, node in named}
    known = {name: value for name, (_, value) in values.items() if value is not None}
    plain = {name: node.value for name, node in named
             if isinstance(node, ast.Constant) and name not in known}  # fmt: skip
    whole = kind if len(known) + len(plain) == len(values) else None
    told = {int(each) for each in re.findall(r"\d+", str(fault.error))} - {0, 1}
    for name in sorted(known, key=lambda name: name not in DIVIDING):
        value, others = known[name], (told | {*known.values()}) - {known[name], 1, 0}
        near = [
            size
            for size in range(1, 2 * value + 1)
            if size != value and any(other % size == 0 or size % other == 0 for other in others)
            and (whole is None or remade(whole, {**known, **plain, name: size}) is not None)
        ] if 0 < value <= MOST_NUMBER else [1, 2, 3] if value == 0 else []  # fmt: skip
        near.sort(key=lambda size: (abs(size - value), size))
        for size in near[:NEAREST]:
            for way in numbers.ways(values[name][0], step, fault.source_of, size, value):
                yield fault.of_way(way, 0)
