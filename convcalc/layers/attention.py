"""Attention.

Source: https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
"""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError, whole
from convcalc.layers.base import (
    Batch,
    Layer,
    Output,
    Reach,
    Shape,
    along_sequence,
    described,
    misfit,
    samples,
)


class MultiheadAttention(Layer):
    """Attention of several heads: what each query takes of the values, by the keys."""

    saves = "composed"
    embed_dim: int
    kdim: int
    vdim: int
    num_heads: int
    head_dim: int
    dropout: float
    batch_first: bool
    add_zero_attn: bool
    _qkv_same_embed_dim: bool
    _bias: bool
    _bias_kv: bool

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        embed_dim = whole("embed_dim", embed_dim, 1)
        num_heads = whole("num_heads", num_heads, 1)
        if embed_dim % num_heads:
            message = f"{embed_dim} is not a multiple of num_heads {num_heads}"
            raise ConvcalcError(message, "embed_dim")
        kdim = embed_dim if kdim is None else whole("kdim", kdim, 1)
        vdim = embed_dim if vdim is None else whole("vdim", vdim, 1)
        self._keep(
            embed_dim=embed_dim,
            kdim=kdim,
            vdim=vdim,
            _qkv_same_embed_dim=kdim == vdim == embed_dim,
            num_heads=num_heads,
            dropout=dropout,
            batch_first=batch_first,
            head_dim=embed_dim // num_heads,
            add_zero_attn=add_zero_attn,
            _bias=bool(bias),
            _bias_kv=bool(add_bias_kv),
        )

    def _check(self, query: Shape, key: Shape, value: Shape) -> None:
        """Raise ConvcalcError where query, key and value don't fit together."""
        if len(query) not in (2, 3) or query[-1] != self.embed_dim:
            axes = ("batch", "sequence") if self.batch_first else ("sequence", "batch")
            raise misfit(text.shape((*axes, self.embed_dim)), query)
        rows = key[:-1]
        fits = len(key) == len(query) and value[:-1] == rows
        if not fits or (key[-1], value[-1]) != (self.kdim, self.vdim):
            raise ConvcalcError(
                f"expects a key of {self.kdim:,} and a value of {self.vdim:,} features for the "
                f"same positions, gets {described(key)} and {described(value)}"
            )
        if self._batch(key) != self._batch(query):
            raise misfit(f"keys for the batch of {described(query)}", key)

    def _batch(self, shape: Shape) -> Shape:
        """Return the batch's size; nothing where there is no batch."""
        return () if len(shape) == 2 else (shape[0 if self.batch_first else 1],)

    def _length(self, shape: Shape) -> int:
        """Return the length of the sequence."""
        return shape[1 if self.batch_first and len(shape) == 3 else 0]

    def output(  # type: ignore[override]  # PyTorch's forward takes three
        self,
        query: Shape,
        key: Shape,
        value: Shape,
        key_padding_mask: Shape | None = None,
        need_weights: bool = True,
        attn_mask: Shape | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> Output:
        """Return what each query takes, and the weights: (b, queries, keys) or None."""
        self._check(query, key, value)
        batch, queries, keys = self._batch(query), self._length(query), self._length(key)
        if key_padding_mask is not None and key_padding_mask != (*batch, keys):
            raise misfit(f"a key_padding_mask of {described((*batch, keys))}", key_padding_mask)
        rows = samples(batch, 0) * self.num_heads
        masks = [(queries, keys), (rows, queries, keys)]
        if attn_mask is not None and attn_mask not in masks:
            either = " or ".join(map(described, masks))
            raise misfit(f"an attn_mask of {either}", attn_mask)
        if is_causal and attn_mask is None:
            raise ConvcalcError("needs an attn_mask, for which it is a hint", "is_causal")
        if not need_weights:
            return [query, None]
        heads = () if average_attn_weights else (self.num_heads,)
        return [query, (*batch, *heads, queries, self._attended(keys))]

    def _attended(self, keys: int) -> int:
        """Return how many keys each query is compared with, those that are added included."""
        return keys + self._bias_kv + bool(self.add_zero_attn)

    def parameters(self) -> dict[str, Shape | None]:
        """Return the weights and biases of the projections in and out."""
        size = self.embed_dim
        same = self._qkv_same_embed_dim
        added = (1, 1, size) if self._bias_kv else None
        bias = self._bias
        return {
            "in_proj_weight": (3 * size, size) if same else None,
            "q_proj_weight": None if same else (size, size),
            "k_proj_weight": None if same else (size, self.kdim),
            "v_proj_weight": None if same else (size, self.vdim),
            "in_proj_bias": (3 * size,) if bias else None,
            "bias_k": added,
            "bias_v": added,
            "out_proj.weight": (size, size),
            "out_proj.bias": (size,) if bias else None,
        }

    def macs(self, *inputs: Any) -> int:
        """Return the four projections, and each query's products with keys and values."""
        query, key, value, *_ = inputs
        self._check(query, key, value)
        queries, keys, size = self._length(query), self._length(key), self.embed_dim
        projections = size * (2 * queries * size + keys * (self.kdim + self.vdim))
        products = 2 * queries * self._attended(keys) * size
        return samples(self._batch(query), 0) * (projections + products)

    def reach(self, input: Shape) -> Reach:
        """Return the batch in place: every query reads all keys."""
        return along_sequence(input, self.batch_first)

    def notes(self, input: Shape) -> list[str]:
        """Return that the samples are taken for a sequence, where they are."""
        if (self.batch_first and len(input) == 3) or not isinstance(input[0], Batch):
            return []
        return [
            "The samples are taken for the positions of one sequence: batch_first=True takes the "
            "batch first."
        ]
