"""What layers keep that PyTorch makes of other operations: the same steps, on tensors like theirs.

Source: torch/nn/functional and ATen/native/RNN of PyTorch 2.13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

from convcalc.layers.attention import MultiheadAttention
from convcalc.layers.base import Shape, volume
from convcalc.layers.normalisation import RMSNorm
from convcalc.layers.recurrent import RNNBase
from convcalc.network.torch.dtypes import FLOAT32
from convcalc.network.torch.functions.registry import FUNCTIONAL, TORCH
from convcalc.network.torch.gradients.products import Laid, laid_out, merged, reshaped
from convcalc.network.torch.gradients.rules import (
    BACKWARD,
    COMPOSED,
    Call,
    copy_of,
    memory,
    needs,
)
from convcalc.network.torch.gradients.steps import composed, do
from convcalc.network.torch.gradients.storage import Storage
from convcalc.network.torch.tensor import Kept, Tensor


def linear(input: Tensor, weight: object, bias: object = None) -> Tensor:
    """Return what an affine map makes of a tensor."""
    made = FUNCTIONAL["linear"](input, weight, bias)
    assert isinstance(made, Tensor)
    return made


# ---------------------------------------------------------------------------------------------
# Attention
# ---------------------------------------------------------------------------------------------


def _attention(call: Call) -> list[Storage] | None:
    """Return what multi-head attention keeps, as `multi_head_attention_forward` works it out."""
    layer = call.layer
    assert isinstance(layer, MultiheadAttention)
    names = ("query", "key", "value", "key_padding_mask", "need_weights", "attn_mask",
             "average_attn_weights", "is_causal")  # fmt: skip
    given = {**dict(zip(names, call.arguments, strict=False)), **call.named}
    return composed(lambda: _attended(layer, call, given))


def _attended(layer: MultiheadAttention, call: Call, given: dict[str, object]) -> Tensor:
    query, key, value = call.inputs[:3]
    same, heads, weights = (query is key, key is value), layer.num_heads, call.weights
    batched = query.ndim == 3
    query, key, value = _with_steps_first(
        (query, key, value), same, turned=batched and layer.batch_first, batched=batched
    )
    steps, batch, size = query.shape
    made = _projected(layer, weights, (query, key, value), (query is key, key is value))
    masked = _mask(given.get("attn_mask"), given.get("key_padding_mask"), batch * heads)
    if weights.get("bias_k") is not None:
        for at, name in ((1, "bias_k"), (2, "bias_v")):
            more = do("repeat", weights[name], 1, batch, 1)  # type: ignore[arg-type]
            made[at] = _cat([made[at], more], 0)
    query, key, value = (
        do("transpose", do("view", each, each.shape[0], batch * heads, size // heads), 0, 1)
        for each in made
    )
    if layer.add_zero_attn:
        key, value = (
            _cat([each, Tensor((each.shape[0], 1, each.shape[2]), each.dtype)], 1)
            for each in (key, value)
        )
    dropout = layer.dropout if call.training else 0.0
    if given.get("need_weights", True):
        scaled = do("mul", query, 1.0)
        scores = do("bmm", scaled, do("transpose", key, -2, -1))
        weighed = do("softmax", do("add", scores, masked) if masked is not None else scores, -1)
        if dropout:
            weighed = FUNCTIONAL["dropout"](weighed, dropout)  # type: ignore[assignment]
        found = do("contiguous", do("transpose", do("bmm", weighed, value), 0, 1))
    else:
        hinted = bool(given.get("is_causal")) and given.get("key_padding_mask") is None
        if masked is not None and not hinted:
            masked = do("view", masked, batch, heads, -1, key.shape[1]) if masked.ndim == 3 else (
                do("unsqueeze", do("unsqueeze", masked, 0), 0)
            )  # fmt: skip
        query, key, value = (
            do("view", each, batch, heads, each.shape[1], each.shape[2])
            for each in (query, key, value)
        )
        attended = FUNCTIONAL["scaled_dot_product_attention"](
            query, key, value, None if hinted else masked, dropout
        )
        assert isinstance(attended, Tensor)
        found = do("contiguous", do("permute", attended, 2, 0, 1, 3))
    rows = do("view", found, steps * batch, size)
    return linear(rows, weights["out_proj.weight"])


def _cat(tensors: list[Tensor], dim: int) -> Tensor:
    made = TORCH["cat"](tensors, dim)
    assert isinstance(made, Tensor)
    return made


def _with_steps_first(
    tensors: tuple[Tensor, Tensor, Tensor], same: tuple[bool, bool], *, turned: bool, batched: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Return query, key and value with their steps first, those that are the same one once."""
    if batched and not turned:
        return tensors

    def lay(each: Tensor) -> Tensor:
        return do("transpose", each, 1, 0) if batched else do("unsqueeze", each, 1)

    query, key, value = tensors
    if same == (True, True) and batched:
        one = lay(query)
        return one, one, one
    laid = lay(query), lay(key)
    return (*laid, laid[1] if same[1] and batched else lay(value))


def _projected(layer: MultiheadAttention, weights: object, tensors: tuple[Tensor, ...],
               same: tuple[bool, bool]) -> list[Tensor]:  # fmt: skip
    """Return queries, keys and values: those of one tensor come of one projection."""
    assert isinstance(weights, dict)
    query, key, value = tensors
    whole, size = weights.get("in_proj_weight"), layer.embed_dim
    if not isinstance(whole, Tensor):
        names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
        return [linear(each, weights[name]) for each, name in zip(tensors, names, strict=True)]
    if same == (True, True):
        return _apart(linear(query, whole), 3, size)
    if same[1]:
        first, rest = do("narrow", whole, 0, 0, size), do("narrow", whole, 0, size, 2 * size)
        return [linear(query, first), *_apart(linear(key, rest), 2, size)]
    parts = (do("narrow", whole, 0, at * size, size) for at in range(3))
    return [linear(each, part) for each, part in zip((query, key, value), parts, strict=True)]


def _apart(made: Tensor, parts: int, size: int) -> list[Tensor]:
    """Return the parts of a projection, each laid out by itself in one memory."""
    several = do("unsqueeze", do("unflatten", made, -1, (parts, size)), 0)
    laid = do("contiguous", do("squeeze", do("transpose", several, 0, -2), -2))
    return [do("select", laid, 0, at) for at in range(parts)]


def _mask(mask: object, padding: object, rows: int) -> Tensor | None:
    """Return both masks as one of numbers, as they are added to the scores."""
    found = mask if isinstance(mask, Tensor) else None
    if found is not None and found.dtype.kind == "bool":
        found = Tensor(found.shape, FLOAT32)
    if not isinstance(padding, Tensor):
        return found
    repeated = Tensor((rows, 1, padding.shape[-1]), FLOAT32)
    return repeated if found is None else do("add", found, repeated)


# ---------------------------------------------------------------------------------------------
# Recurrence
# ---------------------------------------------------------------------------------------------


def _recurrent(call: Call) -> Iterator[Kept]:
    """Yield what RNN and GRU keep: of every layer and direction its input, and of every step."""
    layer, input = call.layer, call.inputs[0]
    assert isinstance(layer, RNNBase)
    turned = layer.batch_first and input.ndim == 3
    ways = 2 if layer.bidirectional else 1
    above = (*input.shape[:-1], layer.hidden_size * ways)
    for number in range(layer.num_layers):
        for suffix in ("", "_reverse")[:ways]:
            into, back = (
                needs(call.weights.get(f"weight_{name}_l{number}{suffix}")) for name in ("ih", "hh")
            )
            if into and not number:
                yield _in_rows(input, turned)
            yield from _of_steps(layer, input.shape[:-1], back, 1 if input.ndim == 2 else 0)
        if number and into:
            yield memory(above)
        if number + 1 < layer.num_layers and layer.dropout and call.training:
            yield memory(above)  # the noise


def _in_rows(input: Tensor, turned: bool) -> Kept:
    """Return what comes in as one row after another, its steps first: itself, or a copy."""
    seen = laid_out(input)
    if turned:
        seen = Laid(*((each[1], each[0], *each[2:]) for each in seen))
    return reshaped(input, seen, (merged(seen.shape[:-1]), seen.shape[-1]))


def _back_through_time(call: Call) -> int:
    """Return the work of the backward: for weights as in the forward, and for what comes in.

    The first step is handed on nothing that needs a gradient.
    """
    layer, input = call.layer, call.inputs[0]
    assert isinstance(layer, RNNBase)
    steps = int(input.shape[1 if layer.batch_first and input.ndim == 3 else 0])
    outer = volume(input.shape[:-1])
    work: int = 0
    for name, weight in call.weights.items():
        if not name.startswith("weight") or not isinstance(weight, Tensor):
            continue
        each = volume(weight.shape) * outer
        work = each * needs(weight) + work
        if name.startswith("weight_ih"):
            work = each * (needs(input) or "_l0" not in name) + work
        else:
            work = volume(weight.shape) * (outer // steps) * (steps - 1) + work
    return work


def _back_of_cell(call: Call) -> int:
    """Return the work of the backward of one step: for weights, its input and what it is handed."""
    samples = volume(call.inputs[0].shape[:-1])
    work: int = 0
    for name, comes in zip(("weight_ih", "weight_hh"), (call.inputs[0], _state(call)), strict=True):
        weight = call.weights.get(name)
        if isinstance(weight, Tensor):
            work = volume(weight.shape) * samples * (needs(weight) + needs(comes)) + work
    return work


def _state(call: Call) -> object:
    """Return what a step is handed by the one before it; None where that is zeros."""
    given = next(iter((*call.arguments[1:], *call.named.values())), None)
    return given[0] if isinstance(given, tuple) else given


def _of_steps(layer: RNNBase, outer: Shape, back: bool, single: int) -> Iterator[Storage]:
    """Yield what the steps of one direction keep: their gates, and what they hand on."""
    each = memory((*outer, layer.hidden_size))
    steps = int(outer[1 if layer.batch_first and not single else 0])
    if layer.mode == "GRU":
        yield Storage(each.numbers * (6 + back), each.itemsize)
    else:
        yield Storage(each.numbers + back * each.numbers // max(steps, 1), each.itemsize)


def _of_cell(call: Call) -> Iterator[Kept]:
    """Yield what one step keeps: its input, what was handed on to it, its gates."""
    inputs, kind = call.inputs, call.layer.name
    state = [tensor for value in (*call.arguments[1:], *call.named.values())
             for tensor in (value if isinstance(value, tuple) else (value,))
             if isinstance(tensor, Tensor)]  # fmt: skip
    result = call.result[0] if isinstance(call.result, tuple) else call.result
    assert isinstance(result, Tensor)
    if needs(call.weights.get("weight_ih")):
        yield inputs[0]
    if state:
        yield from state
    else:
        yield copy_of(result)
    numbers = prod(map(int, result.shape))
    if kind == "RNNCell":
        yield result
    else:
        yield Storage(numbers * (6 if kind == "GRUCell" else 5), 4)


def _rms(call: Call) -> Iterator[Kept]:
    """Yield what a root-mean-square normalisation keeps: its input, the inverse root, and what
    its weight multiplies."""
    layer, input, weight = call.layer, call.inputs[0], call.weights.get("weight")
    assert isinstance(layer, RMSNorm)
    if needs(input):
        yield from (input, memory(input.shape[: -len(layer.normalized_shape)]))
    if needs(weight):
        yield copy_of(input)
    if isinstance(weight, Tensor) and needs(input):
        yield weight


def _bilinear(call: Call) -> Iterator[Kept]:
    """Yield of two inputs and a weight each of which another one's gradient needs, as rows."""
    given = (*call.inputs[:2], call.weights.get("weight"))
    for at, each in enumerate(given):
        if isinstance(each, Tensor) and any(map(needs, given[:at] + given[at + 1 :])):
            yield reshaped(each, laid_out(each), (merged(each.shape[:-1]), each.shape[-1]))


def _as_function(name: str, *settings: str) -> Callable[[Call], list[Storage] | None]:
    """Return the rule of the function that does the same, with the layer's settings."""

    def keeps(call: Call) -> list[Storage] | None:
        given = {each: getattr(call.layer, each) for each in settings}
        return composed(lambda: FUNCTIONAL[name](*call.inputs, **given))

    return keeps


BACKWARD.update(
    {
        "MultiheadAttention": lambda call: 0,  # its steps say it
        "RNN": _back_through_time,
        "GRU": _back_through_time,
        "LSTM": _back_through_time,
        "RNNCell": _back_of_cell,
        "GRUCell": _back_of_cell,
        "LSTMCell": _back_of_cell,
    }
)
COMPOSED.update({
    "MultiheadAttention": _attention, "RNN": _recurrent, "GRU": _recurrent, "RNNCell": _of_cell,
    "GRUCell": _of_cell, "LSTMCell": _of_cell, "RMSNorm": _rms, "Bilinear": _bilinear,
    "CosineSimilarity": _as_function("cosine_similarity", "dim"),
    "PairwiseDistance": _as_function("pairwise_distance"),
})  # fmt: skip
