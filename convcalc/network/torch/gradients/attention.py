"""What attention keeps: by the fused kernel of a CPU where there is one for it, else step by step.

Source: `use_flash_attention_cpp` of PyTorch's ATen/native/transformers/sdp_utils_cpp, and
`_scaled_dot_product_attention_math` of ATen/native/transformers/attention, 2.13.
"""

from __future__ import annotations

from convcalc.layers.base import volume
from convcalc.network.torch.dtypes import BOOL
from convcalc.network.torch.gradients.rules import memory, needs
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import is_one, same, same_shape
from convcalc.network.torch.strides import strides_of
from convcalc.network.torch.tensor import Tensor
from convcalc.network.torch.watch import WATCHER


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


def _attended(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: object = None, dropout_p: object = 0.0,
    enable_gqa: object = False,
) -> Tensor:  # fmt: skip
    """Take the steps; the fused kernel is one, whose backward makes all of the gradients."""
    if not is_flash(query, key, value, attn_mask, dropout_p):
        return _step_by_step(query, key, value, attn_mask, dropout_p, bool(enable_gqa))
    made = query.like()
    kept = [query.storage, key.storage, value.storage, made.storage]
    kept.append(memory(query.shape[:3], query.dtype))
    if isinstance(attn_mask, Tensor):
        plain = attn_mask.dtype is BOOL
        kept.append(memory(attn_mask.shape, query.dtype) if plain else attn_mask.storage)
    WATCHER.get().keeps(kept)
    WATCHER.get().works_back(4 * volume((*query.shape, key.shape[-2])))
    return made


OF_ATTENTION = Steps(_attended)


def _step_by_step(query: Tensor, key: Tensor, value: Tensor, mask: object, dropout: object,
                  grouped: bool) -> Tensor:  # fmt: skip
    """Work out scores from scaled queries and keys, and what they weigh.

    A grouped key or value is repeated for every head of the query.
    """
    if grouped:
        times = [int(query.shape[-3]) // int(each.shape[-3]) for each in (key, value)]
        key, value = (
            do("repeat_interleave", each, count, -3) if count > 1 else each
            for each, count in zip((key, value), times, strict=True)
        )
    scaled = do("mul", do("transpose", key, -2, -1), 0.5)
    scores = do("matmul", do("mul", query, 0.5), scaled)
    if isinstance(mask, Tensor):
        scores = do("add", scores, mask if mask.dtype.has_point else Tensor(mask.shape))
    weighing = do("softmax", scores, -1)
    if dropout:
        weighing = do("mul", weighing, Tensor(weighing.shape, weighing.dtype))  # the noise
    return do("matmul", weighing, value)
