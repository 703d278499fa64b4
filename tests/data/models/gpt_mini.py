"""
A small decoder-only transformer: tokens in, logits of the next token out.
"""
import math
from dataclasses import dataclass, field

import torch
import torch.nn as nn
from torch.nn import functional as F


@dataclass
class GPTConfig:
    block_size: int = 128
    vocab_size: int = 512
    n_layer: int = 4
    n_head: int = 4
    n_embd: int = 128
    dropout: float = 0.0
    bias: bool = True
    fused: bool = False
    notes: list = field(default_factory=list)

    def __post_init__(self):
        assert self.n_embd % self.n_head == 0
        self.head_size = self.n_embd // self.n_head


class Norm(nn.Module):
    """ a layer norm that can do without a bias """

    def __init__(self, ndim, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(ndim))
        self.bias = nn.Parameter(torch.zeros(ndim)) if bias else None

    def forward(self, input):
        return F.layer_norm(input, self.weight.shape, self.weight, self.bias, 1e-5)


class CausalSelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.qkv = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.out = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.drop = nn.Dropout(config.dropout)
        if not config.fused:
            # tokens look back, never ahead
            n = config.block_size
            self.register_buffer("mask", torch.tril(torch.ones(n, n)).view(1, 1, n, n))

    def forward(self, x):
        B, T, C = x.size()
        nh, hs = self.config.n_head, self.config.head_size
        q, k, v  = self.qkv(x).split(self.config.n_embd, dim=2)
        q, k, v = (t.view(B, T, nh, hs).transpose(1, 2) for t in (q, k, v)) # (B, nh, T, hs)
        if self.config.fused:
            p = self.config.dropout if self.training else 0
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=None, dropout_p=p, is_causal=True)
        else:
            att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
            att = att.masked_fill(self.mask[:,:,:T,:T] == 0, float('-inf'))
            att = self.drop(F.softmax(att, dim=-1))
            y = att @ v # (B, nh, T, T) x (B, nh, T, hs)
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.drop(self.out(y))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm1 = Norm(config.n_embd, config.bias)
        self.attn = CausalSelfAttention(config)
        self.norm2 = Norm(config.n_embd, config.bias)
        self.mlp = nn.ModuleDict(dict(
            grow   = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias),
            act    = nn.GELU(),
            shrink = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias),
        ))
        m = self.mlp
        self.feed = lambda x: m.shrink(m.act(m.grow(x)))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        x = x + self.feed(self.norm2(x))
        return x


class GPT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.transformer = nn.ModuleDict(dict(
            tokens = nn.Embedding(config.vocab_size, config.n_embd),
            places = nn.Embedding(config.block_size, config.n_embd),
            drop   = nn.Dropout(config.dropout),
            blocks = nn.ModuleList([Block(config) for _ in range(config.n_layer)]),
            norm   = Norm(config.n_embd, bias=config.bias),
        ))
        self.head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.transformer.tokens.weight = self.head.weight   # tied
        self.apply(self._init)
        for name, p in self.named_parameters():
            if name.endswith('shrink.weight'):
                nn.init.normal_(p, mean=0.0, std=0.02/math.sqrt(2 * config.n_layer))
        print("parameters: %.2fM" % (self.size()/1e6,))

    def size(self):
        return sum(p.numel() for p in self.parameters()) - self.transformer.places.weight.numel()

    def _init(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, idx, targets=None):
        b, t = idx.size()
        assert t <= self.config.block_size, f"{t} tokens, but there is room for {self.config.block_size}"
        pos = torch.arange(0, t, dtype=torch.long, device=idx.device)
        x = self.transformer.tokens(idx) + self.transformer.places(pos)
        x = self.transformer.drop(x)
        for block in self.transformer.blocks:
            x = block(x)
        x = self.transformer.norm(x)
        if targets is None:
            # only the last token matters when text is made
            return self.head(x[:, [-1], :]), None
        logits = self.head(x)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)
        return logits, loss

    @torch.no_grad()
    def generate(self, idx, n, temperature=1.0):
        for _ in range(n):
            logits, _ = self(idx[:, -self.config.block_size:])
            probs = F.softmax(logits[:, -1, :] / temperature, dim=-1)
            idx = torch.cat((idx, torch.multinomial(probs, num_samples=1)), dim=1)
        return idx
