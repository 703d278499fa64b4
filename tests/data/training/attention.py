"""Attention in many ways: one memory for queries, keys and values, masks, dropout, rotations."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Fused(nn.Module):
    """A block of a transformer on one projection, with a causal mask and the fused kernel."""

    def __init__(self, size=32, heads=4, causal=True, dropout=0.0):
        super().__init__()
        self.heads, self.causal, self.dropout = heads, causal, dropout
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.qkv, self.out = nn.Linear(size, 3 * size, bias=False), nn.Linear(size, size)
        self.mlp = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).chunk(3, dim=-1)
        q, k, v = (t.view(b, n, self.heads, c // self.heads).transpose(1, 2) for t in (q, k, v))
        y = F.scaled_dot_product_attention(
            q, k, v, dropout_p=self.dropout if self.training else 0.0, is_causal=self.causal
        )
        x = x + self.drop(self.out(y.transpose(1, 2).contiguous().view(b, n, c)))
        return x + self.drop(self.mlp(self.norm2(x)))


class ByHand(nn.Module):
    """Attention by its formula, with a mask in a buffer and dropout, as GPTs have it."""

    def __init__(self, size=32, heads=4, longest=16, dropout=0.1):
        super().__init__()
        self.heads = heads
        self.tokens, self.places = nn.Embedding(50, size), nn.Embedding(longest, size)
        self.attn, self.proj = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.attn_drop, self.drop = nn.Dropout(dropout), nn.Dropout(dropout)
        mask = torch.tril(torch.ones(longest, longest)).view(1, 1, longest, longest)
        self.register_buffer("bias", mask)
        self.norm = nn.LayerNorm(size)
        self.head = nn.Linear(size, 50, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, idx):
        b, t = idx.size()
        x = self.drop(self.tokens(idx) + self.places(torch.arange(0, t)))
        q, k, v = self.attn(x).split(x.size(2), dim=2)
        k = k.view(b, t, self.heads, -1).transpose(1, 2)
        q = q.view(b, t, self.heads, -1).transpose(1, 2)
        v = v.view(b, t, self.heads, -1).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.bias[:, :, :t, :t] == 0, float("-inf"))
        y = self.attn_drop(F.softmax(att, dim=-1)) @ v
        y = y.transpose(1, 2).contiguous().view(b, t, -1)
        return self.head(self.norm(x + self.proj(y)))


class Rotary(nn.Module):
    """Rotated queries and keys, fewer keys than queries, and a gated unit, as LLaMA has them."""

    def __init__(self, size=32, heads=4, groups=2, longest=16):
        super().__init__()
        self.heads, self.groups, self.each = heads, groups, size // heads
        self.wq = nn.Linear(size, size, bias=False)
        self.wk = nn.Linear(size, groups * self.each, bias=False)
        self.wv = nn.Linear(size, groups * self.each, bias=False)
        self.wo = nn.Linear(size, size, bias=False)
        self.norm = nn.RMSNorm(size)
        self.w1, self.w3 = nn.Linear(size, 64, bias=False), nn.Linear(size, 64, bias=False)
        self.w2 = nn.Linear(64, size, bias=False)
        angles = torch.outer(torch.arange(longest).float(), torch.ones(self.each // 2))
        self.register_buffer("cos", torch.cat([angles, angles], -1).cos())
        self.register_buffer("sin", torch.cat([angles, angles], -1).sin())

    def rotate(self, x):
        n = x.shape[2]
        first, second = x.chunk(2, dim=-1)
        turned = torch.cat((-second, first), dim=-1)
        return x * self.cos[:n] + turned * self.sin[:n]

    def forward(self, x):
        b, n, _ = x.shape
        h = self.norm(x)
        q = self.wq(h).view(b, n, self.heads, self.each).transpose(1, 2)
        k = self.wk(h).view(b, n, self.groups, self.each).transpose(1, 2)
        v = self.wv(h).view(b, n, self.groups, self.each).transpose(1, 2)
        q, k = self.rotate(q), self.rotate(k)
        k = k.repeat_interleave(self.heads // self.groups, dim=1)
        v = v.repeat_interleave(self.heads // self.groups, dim=1)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.wo(y.transpose(1, 2).reshape(b, n, -1))
        return x + self.w2(F.silu(self.w1(x)) * self.w3(x))


class Encoder(nn.Module):
    """torch's own encoder and attention, with a padding mask and weights asked for."""

    def __init__(self, size=32):
        super().__init__()
        layer = nn.TransformerEncoderLayer(size, 4, 64, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.cross = nn.MultiheadAttention(size, 4, dropout=0.1, batch_first=True)
        self.query = nn.Parameter(torch.zeros(1, 3, size))

    def forward(self, x):
        padding = torch.zeros(x.shape[0], x.shape[1], dtype=torch.bool)
        x = self.encoder(x, src_key_padding_mask=padding)
        y, weights = self.cross(self.query.expand(x.shape[0], -1, -1), x, x)
        return y.mean(1), weights


MODELS = {
    "Fused()": [[9, 32]],
    "Fused(causal=False)": [[9, 32]],
    "Fused(dropout=0.2)": [[9, 32]],
    "ByHand()": ["9"],
    "ByHand(dropout=0.0)": ["9"],
    "Rotary()": [[9, 32]],
    "Encoder()": [[9, 32]],
}
