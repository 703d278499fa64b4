"""What attention keeps: by the fused kernel of a CPU where there is one for it, else step by step.

Source: `use_flash_attention_cpp` of PyTorch's ATen/native/transformers/sdp_utils_cpp, and
`_scaled_dot_product_attention_math` of ATen/native/transformers/attention, 2.13.
"""

from __future__ import annotations

from collections.abc import Iterator

from convcalc.network.torch.dtypes import BOOL
from convcalc.network.torch.gradients.products import Laid, merged, reshaped
from convcalc.network.torch.gradients.rules import memory, needs
from convcalc.network.torch.sizes import broadcast, is_one, same, same_shape
from convcalc.network.torch.strides import strides_of
from convcalc.network.torch.tensor import Kept, Tensor


def is_flash(
    query: Tensor, key: Tensor, value: Tensor, mask: object = None, dropout: object = 0.0
) -> bool:
    """Return whether the fused kernel takes these: heads of one size, no dropout, one layout."""
    every = (query, key, value)
    if dropout or needs(mask) or any(each.ndim != 4 for each in every):
        return False
    if any(not same(each.shape[-1], query.shape[-1]) for each in every):
        return False
    if any(strides_of(each)[-1] != 1 and not is_one(each.shape[-1]) for each in every):
        return False
    if not same(key.shape[0], query.shape[0]) or not same_shape(key.shape[:3], value.shape[:3]):
        return False
    if not isinstance(mask, Tensor):
        return True
    lengths = (query.shape[-2], key.shape[-2])
    full = (*query.shape[:2], *lengths) if mask.ndim == 4 else lengths
    return mask.ndim in (2, 4) and all(
        is_one(own) or same(own, wanted) for own, wanted in zip(mask.shape, full, strict=True)
    )


def of_attention(
    result: Tensor, query: Tensor, key: Tensor, value: Tensor, attn_mask: object = None,
    dropout_p: object = 0.0, is_causal: object = False, enable_gqa: object = False,
) -> Iterator[Kept]:  # fmt: skip
    """Yield what attention keeps of query, key and value."""
    del is_causal  # what isn't looked at is kept too
    if is_flash(query, key, value, attn_mask, dropout_p):
        yield from (query, key, value, result, memory(query.shape[:3]))
        if isinstance(attn_mask, Tensor):
            yield memory(attn_mask.shape) if attn_mask.dtype is BOOL else attn_mask
    else:
        yield from _step_by_step(query, key, value, attn_mask, dropout_p, bool(enable_gqa))


def _step_by_step(query: Tensor, key: Tensor, value: Tensor, mask: object, dropout: object,
                  grouped: bool) -> Iterator[Kept]:  # fmt: skip
    """Yield what is kept of scores worked out from scaled queries and keys, and of what they weigh.

    A grouped key or value is repeated for every head of the query.
    """
    front = query.shape[:-2] if grouped else broadcast(
        "attention", *(each.shape[:-2] for each in (query, key, value))
    )  # fmt: skip
    scores = (*front, query.shape[-2], key.shape[-2])
    if needs(key):
        yield memory((*front, *query.shape[-2:]))
    if needs(query):
        yield memory((*front, *key.shape[-2:]))
    if any(map(needs, (query, key, mask))):
        yield memory(scores)  # what the softmax gives
        yield from (memory(scores),) if dropout else ()  # the noise
    if needs(value) and (dropout or not any(map(needs, (query, key, mask)))):
        yield memory(scores)  # what weighs the values
    if any(map(needs, (query, key, mask))):
        shape = (merged(front), *value.shape[-2:])
        if same_shape(front, value.shape[:-2]):
            yield reshaped(value, Laid(value.shape, strides_of(value)), shape)
        else:
            yield memory((*front, *value.shape[-2:]))
